//! Which document goes by which name: hashes of keys, addresses, source keys, of what its relations point at and of what its text
//! says, in sorted runs that are merged as they grow.
//!
//! A commit writes one small run; eight runs of a level become one of the next. So a batch costs what it is long, and a
//! question costs a few binary searches, whatever the store holds.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Document, SourceId, url_key};

use crate::{
    StoreError,
    db::{Db, Ops, piece_key},
    record::{seal_bytes, unseal_bytes},
};

/// Runs of one level before they are merged.
const FAN: usize = 8;
/// Hash (8 bytes) and document number (4 bytes, the top bit says that the name was taken away).
const WIDTH: usize = 12;
const GONE: u32 = 1 << 31;
/// How many documents of one name are told at most; what so many share (the address of a list) names none of them.
pub(crate) const MANY: usize = 16;
/// How many are told where all are wanted; beyond it an answer costs more than it says.
pub(crate) const MOST: usize = 256;
/// Bytes in one sled value.
const PIECE: usize = 340 * WIDTH;

/// One sorted run.
struct Run {
    level: u8,
    sequence: u64,
    pieces: usize,
    bytes: Vec<u8>,
    /// Eight bits for each entry, those set that some entry falls on: most runs do not have what is looked for, and say so at once.
    falls: Vec<u64>,
}

/// All runs, oldest first.
#[derive(Default)]
pub(crate) struct Aliases {
    runs: Vec<Run>,
}

/// The name of a document's key.
pub(crate) fn key_name(key: &str) -> u64 {
    name(b'k', &[key])
}

/// The name of a canonical address, by its [`url_key`].
pub(crate) fn url_name(url_key: &str) -> u64 {
    name(b'u', &[url_key])
}

/// The name that a source has for a document.
pub(crate) fn source_name(source: &SourceId, key: &str) -> u64 {
    name(b's', &[source.as_str(), key])
}

/// The name under which all documents stand that have a relation to this key: those that tie, and the others.
pub(crate) fn relation_name(key: &str, ties: bool) -> u64 {
    name(if ties { b'r' } else { b'q' }, &[key])
}

/// The name under which all documents stand whose text names this key beside others.
pub(crate) fn naming_name(key: &str) -> u64 {
    name(b'n', &[key])
}

/// One of the names under which similar texts meet.
pub(crate) fn print_name(of_print: &[u8]) -> u64 {
    name(b'p', &[of_print])
}

/// The name under which documents of one title meet that may go on under another name.
pub(crate) fn title_name(print: u64) -> u64 {
    name(b't', &[&print.to_be_bytes()])
}

fn name<P: AsRef<[u8]> + ?Sized>(sort: u8, parts: &[&P]) -> u64 {
    // In one piece: the state for many pieces is larger than most names.
    let mut whole = Vec::with_capacity(1 + parts.iter().map(|p| p.as_ref().len() + 8).sum::<usize>());
    whole.push(sort);
    for part in parts.iter().map(|p| p.as_ref()) {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(&whole).as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The canonical addresses of a document, as url keys.
pub(crate) fn url_keys(d: &Document) -> BTreeSet<String> {
    let raw: BTreeSet<&str> = [d.url.as_str()]
        .into_iter()
        .chain(d.versions.iter().map(|v| v.url.as_str()))
        .chain(d.sightings.iter().map(|s| s.url.as_str()))
        .collect();
    raw.into_iter().filter_map(url_key).map(|k| k.0).collect()
}

/// All names of a document. A pure function of its state.
pub(crate) fn names(d: &Document) -> BTreeSet<u64> {
    let mut out: BTreeSet<u64> = url_keys(d).iter().map(|k| url_name(k)).collect();
    out.insert(key_name(d.document.as_str()));
    out.extend(d.sightings.iter().filter_map(|s| s.source_key.as_ref().map(|k| source_name(&s.source, k))));
    out.extend(d.relations.iter().map(|r| relation_name(r.document.as_str(), r.kind.ties())));
    out.extend(d.names_documents().map(naming_name));
    out.extend(d.text_print().iter().flat_map(|p| p.names()).map(|n| print_name(&n)));
    out.extend(d.title_print().map(title_name));
    out
}

fn entry(bytes: &[u8], n: usize) -> (u64, u32) {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes.as_chunks::<WIDTH>().0[n];
    (u64::from_be_bytes([a, b, c, d, e, f, g, h]), u32::from_be_bytes([i, j, k, l]))
}

fn push(bytes: &mut Vec<u8>, hash: u64, number: u32) {
    bytes.extend_from_slice(&hash.to_be_bytes());
    bytes.extend_from_slice(&number.to_be_bytes());
}

impl Run {
    fn new(level: u8, sequence: u64, pieces: usize, bytes: Vec<u8>) -> Run {
        let mut run = Run { level, sequence, pieces, falls: vec![0; (bytes.len() / WIDTH).div_ceil(8)], bytes };
        for n in 0..run.len() {
            let (word, bit) = run.fall(entry(&run.bytes, n).0);
            run.falls[word] |= bit;
        }
        run
    }

    /// Where a hash falls: hashes are spread evenly, so its share of all hashes is its share of the bits.
    fn fall(&self, hash: u64) -> (usize, u64) {
        let bit = (u128::from(hash) * (self.falls.len() as u128 * 64)) >> 64;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    /// Whether there can be an entry with this hash.
    fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.fall(hash);
        self.falls.get(word).is_some_and(|w| w & bit != 0)
    }

    fn len(&self) -> usize {
        self.bytes.len() / WIDTH
    }

    /// The entries with this hash.
    fn find(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if entry(&self.bytes, middle).0 < hash { low = middle + 1 } else { high = middle }
        }
        (low..self.len()).map(|n| entry(&self.bytes, n)).take_while(move |(h, _)| *h == hash).map(|(_, d)| d)
    }

    fn key(&self) -> Vec<u8> {
        let mut key = vec![b'x', self.level];
        key.extend_from_slice(&self.sequence.to_be_bytes());
        key
    }
}

/// Merges runs, oldest first: the newest word on a pair counts. `last` drops what was taken away.
fn merge(runs: &[Run], last: bool) -> Vec<u8> {
    // What each run has next, as a number that sorts as the pair does; at its end a number that no pair is.
    let head = |run: &Run, n: usize| {
        if n < run.len() { (u128::from(entry(&run.bytes, n).0) << 32) | u128::from(entry(&run.bytes, n).1 & !GONE) } else { u128::MAX }
    };
    let mut at: Vec<(u128, usize)> = runs.iter().map(|run| (head(run, 0), 0)).collect();
    let mut out = Vec::with_capacity(runs.iter().map(|r| r.bytes.len()).sum());
    loop {
        // At most FAN + 1 runs: looking at each head is as quick as a heap.
        let least = at.iter().fold(u128::MAX, |least, (head, _)| least.min(*head));
        if least == u128::MAX {
            return out;
        }
        let mut number = 0;
        // The newest of equals is met last.
        for (run, (next, n)) in runs.iter().zip(&mut at).filter(|(_, (next, _))| *next == least) {
            number = entry(&run.bytes, *n).1;
            *n += 1;
            *next = head(run, *n);
        }
        if number & GONE == 0 || !last {
            push(&mut out, (least >> 32) as u64, number);
        }
    }
}

impl Aliases {
    /// Reads all runs.
    pub(crate) fn load(db: &Db) -> Result<Aliases, StoreError> {
        let mut runs: Vec<Run> = Vec::new();
        for (key, value) in db.scan(b"x")? {
            let (Some(level), Some(sequence)) = (key.get(1), key.get(2..10)) else {
                return Err(db.damaged("a run of names has a strange key"));
            };
            let mut eight = [0; 8];
            eight.copy_from_slice(sequence);
            let (level, sequence) = (*level, u64::from_be_bytes(eight));
            let bytes = unseal_bytes(&value).map_err(|e| db.damaged(e))?;
            match runs.last_mut() {
                Some(r) if r.level == level && r.sequence == sequence => {
                    r.bytes.extend_from_slice(bytes);
                    r.pieces += 1;
                }
                _ => runs.push(Run { level, sequence, pieces: 1, bytes: bytes.to_vec(), falls: Vec::new() }),
            }
        }
        if runs.iter().any(|r| r.bytes.len() % WIDTH != 0) {
            return Err(db.damaged("a run of names has a strange length"));
        }
        runs.sort_by_key(|r| r.sequence);
        Ok(Aliases { runs: runs.into_iter().map(|r| Run::new(r.level, r.sequence, r.pieces, r.bytes)).collect() })
    }

    /// The documents that go by this name now, by number, at most [`MANY`]. Hashes may collide: ask the document itself.
    pub(crate) fn find(&self, hash: u64) -> Vec<u32> {
        self.find_most(hash, MANY)
    }

    /// The same, at most `most` of them.
    pub(crate) fn find_most(&self, hash: u64, most: usize) -> Vec<u32> {
        let mut seen = BTreeMap::new();
        for number in self.runs.iter().rev().filter(|r| r.may_have(hash)).flat_map(|r| r.find(hash)) {
            seen.entry(number & !GONE).or_insert(number & GONE == 0);
            if seen.len() > MANY * most {
                break;
            }
        }
        seen.into_iter().filter(|(_, live)| *live).map(|(document, _)| document).take(most).collect()
    }

    /// Every pair of name and document, in order.
    pub(crate) fn all(&self) -> Vec<(u64, u32)> {
        let bytes = merge(&self.runs, true);
        (0..bytes.len() / WIDTH).map(|n| entry(&bytes, n)).collect()
    }

    /// Takes in what a batch adds and takes away, and plans the writes. `next` is the number of the next run.
    pub(crate) fn add(&mut self, changes: &[(u64, u32, bool)], next: &mut u64, ops: &mut Ops) {
        if changes.is_empty() {
            return;
        }
        let mut sorted: Vec<(u64, u32)> = changes.iter().map(|(h, d, live)| (*h, if *live { *d } else { d | GONE })).collect();
        sorted.sort_unstable_by_key(|(h, d)| (*h, d & !GONE));
        let mut bytes = Vec::with_capacity(sorted.len() * WIDTH);
        for (hash, number) in sorted {
            push(&mut bytes, hash, number);
        }
        let mut new = Run::new(0, *next, 0, bytes);
        *next += 1;
        loop {
            let from = self.runs.iter().position(|r| r.level <= new.level).unwrap_or(self.runs.len());
            if self.runs.len() - from + 1 < FAN || new.level == u8::MAX {
                break;
            }
            let level = new.level;
            self.runs.push(new);
            let merged = self.runs.split_off(from);
            for run in merged.iter().filter(|r| r.pieces > 0) {
                for n in 0..run.pieces {
                    ops.remove(piece_key(&run.key(), n));
                }
            }
            let bytes = merge(&merged, self.runs.is_empty());
            new = Run::new(level + 1, *next, 0, bytes);
            *next += 1;
        }
        for (n, piece) in new.bytes.chunks(PIECE).enumerate() {
            ops.put(piece_key(&new.key(), n), seal_bytes(piece));
            new.pieces += 1;
        }
        if !new.bytes.is_empty() {
            self.runs.push(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_of_a_name_do_not_run_into_each_other() {
        assert_ne!(source_name(&"ab".into(), "c"), source_name(&"a".into(), "bc"));
        assert_ne!(key_name("a"), url_name("a"));
    }

    proptest! {
        /// Runs, merges and tombstones are a set in the end, in memory and on disk.
        #[test]
        fn runs_are_a_set(batches in proptest::collection::vec(proptest::collection::btree_map((0..9u64, 0..4u32), any::<bool>(), 0..12), 0..150)) {
            let dir = tempfile::tempdir().expect("a folder");
            let db = Db::open(dir.path()).expect("a key space");
            let (mut aliases, mut next, mut keys) = (Aliases::default(), 0, std::collections::BTreeMap::new());
            let mut truth: BTreeSet<(u64, u32)> = BTreeSet::new();
            for batch in batches {
                let mut ops = Ops::default();
                let changes: Vec<_> = batch.into_iter().map(|((h, d), live)| (h, d, live)).collect();
                for (h, d, live) in &changes {
                    if *live { truth.insert((*h, *d)); } else { truth.remove(&(*h, *d)); }
                }
                aliases.add(&changes, &mut next, &mut ops);
                db.apply(ops, &mut keys, |_| (b"z".to_vec(), Vec::new())).expect("a write");
            }
            prop_assert!(aliases.runs.len() < FAN * 4, "{} runs", aliases.runs.len());
            for aliases in [aliases, Aliases::load(&db).expect("the runs")] {
                prop_assert_eq!(aliases.all(), truth.iter().copied().collect::<Vec<_>>());
                for hash in 0..9 {
                    let want: Vec<u32> = truth.iter().filter(|(h, _)| *h == hash).map(|(_, d)| *d).collect();
                    prop_assert_eq!(aliases.find(hash), want);
                }
            }
        }
    }
}
