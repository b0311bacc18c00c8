use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use monitor_model::{DocumentKey, SourceId, Timestamp};

use crate::{
    Stop, StoreError,
    db::{self, Db},
    head::Head,
    index::{Incoming, Index},
    journal::{self, Journal, NO_HASH, Next, Rubbish, from_hex, to_hex},
    line::OwnedLine,
    lock::Lock,
    record::Place,
};

/// How to open a store.
#[derive(Clone, Debug)]
pub struct OpenOptions<'a> {
    /// The command line, for whom the lock keeps out.
    pub command: &'a str,
    /// The time now, for the same.
    pub now: Timestamp,
    /// How long to wait for another run to end.
    pub wait: Duration,
    /// Whether to make a store where none is.
    pub create: bool,
    /// Where a test wants it to stop.
    pub stop: Option<Stop>,
}

impl<'a> OpenOptions<'a> {
    /// The usual: waits two seconds, creates.
    pub fn new(command: &'a str, now: Timestamp) -> Self {
        OpenOptions { command, now, wait: Duration::from_secs(2), create: true, stop: None }
    }

    /// For look-ups: an absent store is an error.
    pub fn existing(command: &'a str, now: Timestamp) -> Self {
        OpenOptions { create: false, ..OpenOptions::new(command, now) }
    }
}

/// An open store. It is locked until dropped.
pub struct Store {
    pub(crate) inner: Mutex<Inner>,
    pub(crate) dir: PathBuf,
    notes: Vec<String>,
    // Dropped last: sled must be closed before another may come in.
    _lock: Lock,
}

/// Journal and index, and small things kept in memory once asked for.
pub(crate) struct Inner {
    pub(crate) index: Index,
    pub(crate) journal: Journal,
    /// Last good fetch of each source.
    pub(crate) seen: Option<BTreeMap<SourceId, Timestamp>>,
    /// People's merges.
    pub(crate) merges: Option<BTreeMap<DocumentKey, DocumentKey>>,
    /// A look-up through a trait that cannot fail did fail, or a write stopped half way: nothing is written any more.
    pub(crate) fault: Option<String>,
    /// Where a test wants it to stop.
    pub(crate) stop: Option<Stop>,
    /// Where the lines of a batch are written before they go into the journal: one piece of memory for all batches, since large
    /// pieces that come and go leave holes that small ones then keep open.
    pub(crate) page: Vec<u8>,
}

impl Inner {
    pub(crate) fn new(index: Index, journal: Journal, stop: Option<Stop>) -> Inner {
        Inner { index, journal, seen: None, merges: None, fault: None, stop, page: Vec::new() }
    }
}

impl Store {
    /// Opens the store in a folder, repairs what can be repaired, and says so in [`Store::notes`].
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another run has it, [`StoreError::Absent`] when there is none and none is to be made,
    /// [`StoreError::Lost`] and [`StoreError::Damaged`] when less is there than was acknowledged and the journal cannot
    /// make up for it, [`StoreError::Newer`] for a later program's store.
    pub fn open(dir: &Path, options: &OpenOptions<'_>) -> Result<Store, StoreError> {
        if !options.create && !exists(dir) {
            return Err(StoreError::Absent { path: dir.to_owned() });
        }
        fs::create_dir_all(dir).map_err(StoreError::io("create", dir))?;
        let lock = Lock::take(dir, options.command, options.now, options.wait)?;
        let mut notes = Vec::new();
        let journal = open_journal(dir, options.now, &mut notes)?;
        let mut inner = ladder(dir, journal, &mut notes)?;
        inner.stop = options.stop;
        Ok(Store::of(dir, inner, notes, lock))
    }

    pub(crate) fn of(dir: &Path, inner: Inner, notes: Vec<String>, lock: Lock) -> Store {
        Store { inner: Mutex::new(inner), dir: dir.to_owned(), notes, _lock: lock }
    }

    /// What was repaired on opening, for people.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The store's folder.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether anything of a store lies there.
fn exists(dir: &Path) -> bool {
    dir.join("head.json").exists() || dir.join("db").exists() || journal::newest(dir).is_some()
}

/// The newest journal, or a new one where no store is.
fn open_journal(dir: &Path, now: Timestamp, notes: &mut Vec<String>) -> Result<Journal, StoreError> {
    if let Some((_, files)) = journal::newest(dir) {
        return Journal::open(&files);
    }
    let head = Head::read(dir)?;
    if let Some(head) = head.filter(|h| h.batch > 0) {
        return Err(StoreError::Lost { path: dir.to_owned(), had: head.batch, have: 0 });
    }
    if dir.join("db").exists() {
        // Killed while creating leaves at most an empty index; one that knows of batches has lost its journal.
        if let Ok(Some(state)) = Db::open(&dir.join("db")).and_then(|db| db.get(b"z")) {
            let had = crate::record::unseal::<crate::record::State>(&state).map_or(1, |s| s.batch);
            if had > 0 {
                return Err(StoreError::Lost { path: dir.to_owned(), had, have: 0 });
            }
        }
        notes.push("finished making a store that was left half made".to_owned());
    }
    let folder = dir.join("journal");
    fs::create_dir_all(&folder).map_err(StoreError::io("create", &folder))?;
    Journal::create(&journal::path_of(dir, 1, &journal::month(now)), 1, 0, &NO_HASH)
}

/// What is known to have been acknowledged.
#[derive(Clone, Copy, Default)]
struct Witness {
    batch: u64,
    bytes: u64,
    /// Whether `head.json` is there.
    head: bool,
}

impl Witness {
    fn of(head: Option<&Head>, journal: &Journal) -> Witness {
        head.map_or(Witness::default(), |h| Witness {
            batch: h.batch,
            // Lengths compare within one generation only.
            bytes: if h.generation == journal.start.generation { h.bytes } else { 0 },
            head: true,
        })
    }

    /// Whether a journal that is good up to `batch`, with this behind it, may be taken as it is.
    fn accepts(self, dir: &Path, journal: &Journal, batch: u64, rubbish: Option<&Rubbish>) -> Result<(), StoreError> {
        match rubbish {
            Some(r) if batch < self.batch && journal.len >= self.bytes => Err(StoreError::damaged(&journal.path, &r.what)),
            _ if batch < self.batch => Err(StoreError::Lost { path: dir.to_owned(), had: self.batch, have: batch }),
            // A whole commit line that does not fit is cut off only if the witness says that nobody was told of it.
            Some(r) if !r.torn && !self.head => Err(StoreError::damaged(&journal.path, &r.what)),
            _ => Ok(()),
        }
    }
}

/// Opens the index; what does not open or does not agree is made again from the journal.
fn ladder(dir: &Path, mut journal: Journal, notes: &mut Vec<String>) -> Result<Inner, StoreError> {
    let path = dir.join("db");
    let head = Head::read(dir)?;
    let witness = Witness::of(head.as_ref(), &journal);
    let quarantine = dir.join("quarantine");
    let _ = fs::remove_dir_all(dir.join("db.building"));
    let moved = db::quarantine_snapshots(&path, &quarantine, true)?;
    if moved > 0 {
        notes.push(format!("moved {moved} half-written sled snapshots to {}", quarantine.display()));
    }
    let mut opened = if path.exists() { try_index(&path, &journal)? } else { Err("the folder db is missing".to_owned()) };
    if let Err(why) = &opened
        && db::quarantine_snapshots(&path, &quarantine, false)? > 0
    {
        let note = format!("sled opened without its snapshots ({why}); they are in {}", quarantine.display());
        opened = try_index(&path, &journal)?;
        if opened.is_ok() {
            notes.push(note);
        }
    }
    let index = match opened {
        Ok(index) => index,
        Err(why) => {
            let index = make_index(dir, &mut journal, witness, notes)?;
            if journal.len > journal.first {
                notes.push(format!("made the index again from the journal: {why}"));
            }
            index
        }
    };
    finish(dir, journal, index, head, notes)
}

/// Opens the index and looks whether it is whole and belongs to this journal. A refusal of the system is no damage: it is an
/// error, and nothing is made again.
fn try_index(path: &Path, journal: &Journal) -> Result<Result<Index, String>, StoreError> {
    // sled would only say that it cannot be opened.
    let file = path.join("db");
    if let Err(e) = fs::OpenOptions::new().read(true).write(true).open(&file)
        && e.kind() != std::io::ErrorKind::NotFound
    {
        return Err(StoreError::io("open", &file)(e));
    }
    match look_at_index(path, journal) {
        Ok(found) => Ok(found),
        Err(e) if e.is_of_the_system() => Err(e),
        Err(e) => Ok(Err(e.to_string())),
    }
}

fn look_at_index(path: &Path, journal: &Journal) -> Result<Result<Index, String>, StoreError> {
    let index = Db::open(path).and_then(|db| Index::open(db, journal))?;
    if index.state.format != crate::head::FORMAT {
        return Ok(Err(format!("it has format {}", index.state.format)));
    }
    if !index.is_whole()? {
        return Ok(Err("sled has lost some of its keys".to_owned()));
    }
    if index.state.generation != journal.start.generation {
        return Ok(Err("it belongs to another journal".to_owned()));
    }
    if db::suspect(path).exists()
        && let Some(first) = crate::verify::check_index(&index, None).into_iter().next()
    {
        return Ok(Err(first));
    }
    Ok(Ok(index))
}

/// Takes in what the journal has and the index has not, compares with the witness, and writes a new one.
fn finish(dir: &Path, mut journal: Journal, mut index: Index, head: Option<Head>, notes: &mut Vec<String>) -> Result<Inner, StoreError> {
    let mut witness = Witness::of(head.as_ref(), &journal);
    witness.batch = witness.batch.max(index.state.batch);
    witness.bytes = witness.bytes.max(index.state.bytes);
    if !ends_there(&index, &journal)? {
        drop(index);
        index = make_index(dir, &mut journal, witness, notes)?;
        notes.push("made the index again from the journal: the two disagreed about the last batch".to_owned());
    }
    let before = index.state.batch;
    let rubbish = replay(&mut index, &journal)?;
    if index.state.batch > before {
        notes.push(format!("took {} batches from the journal into the index", index.state.batch - before));
    }
    witness.accepts(dir, &journal, index.state.batch, rubbish.as_ref())?;
    if rubbish.is_some() {
        cut(&mut journal, index.state.bytes, notes)?;
    }
    let now = head_of(&index);
    if let Some(h) = &head
        && (h.batch, h.generation) == (now.batch, now.generation)
        && h.hash != now.hash
    {
        return Err(StoreError::damaged(dir.join("head.json"), "it names another last batch than the journal"));
    }
    if head.as_ref() != Some(&now) {
        if head.is_none() && now.batch > 0 {
            notes.push("head.json was missing or could not be read; written anew from the journal".to_owned());
        }
        now.write(dir)?;
    }
    let _ = fs::remove_file(db::suspect(&dir.join("db")));
    Ok(Inner::new(index, journal, None))
}

fn cut(journal: &mut Journal, bytes: u64, notes: &mut Vec<String>) -> Result<(), StoreError> {
    notes.push(format!("cut off {} bytes of a batch that was never finished", journal.len - bytes));
    journal.cut(bytes)
}

/// Whether the journal has, where the index ends, the commit line with the index's hash.
fn ends_there(index: &Index, journal: &Journal) -> Result<bool, StoreError> {
    let s = &index.state;
    if s.batch == journal.start.batch {
        return Ok(s.bytes == journal.first && from_hex(&journal.start.hash) == Some(s.hash));
    }
    let tail = format!(",\"hash\":\"{}\"}}\n", to_hex(&s.hash));
    match s.bytes.checked_sub(tail.len() as u64) {
        Some(at) if s.bytes <= journal.len => Ok(journal.bytes(at, tail.len() as u64)? == tail.as_bytes()),
        _ => Ok(false),
    }
}

/// The witness for what the index has now.
pub(crate) fn head_of(index: &Index) -> Head {
    let s = &index.state;
    Head {
        format: s.format,
        generation: s.generation,
        batch: s.batch,
        documents: u64::from(s.documents),
        events: s.events,
        bytes: s.bytes,
        hash: to_hex(&s.hash),
    }
}

/// Takes into the index what the journal has behind it. Returns what is wrong with the journal's end, if anything.
pub(crate) fn replay(index: &mut Index, journal: &Journal) -> Result<Option<Rubbish>, StoreError> {
    let mut batches = journal.batches(index.state.bytes, index.state.batch, index.state.hash)?;
    loop {
        let stored = match batches.next()? {
            Next::Batch(b) => b,
            Next::End => return Ok(None),
            Next::Rubbish(r) => return Ok(Some(r)),
        };
        let mut lines = Vec::new();
        let mut offset = stored.offset;
        for bytes in stored.body.split_inclusive(|b| *b == b'\n') {
            let line: OwnedLine = serde_json::from_slice(bytes)
                .map_err(|e| StoreError::damaged(&journal.path, format!("the line at byte {offset} cannot be read ({e})")))?;
            let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            lines.push((Place { offset, len, crc: crc32fast::hash(bytes) }, line));
            offset += bytes.len() as u64;
        }
        let incoming = Incoming {
            offset: stored.offset,
            bytes: stored.end - stored.offset,
            commit: &stored.commit,
            hash: stored.hash,
            items: lines.iter().map(|(p, l)| (*p, l.line())).collect(),
        };
        let ops = index.plan(journal, &incoming)?;
        index.write(ops)?;
    }
}

/// Makes the index anew from the journal, beside the old one, and puts it in its place when it is complete.
fn make_index(dir: &Path, journal: &mut Journal, witness: Witness, notes: &mut Vec<String>) -> Result<Index, StoreError> {
    // Nothing that was acknowledged may fall out: where it would, a person must decide (`store rebuild`).
    let survey = journal.survey()?;
    witness.accepts(dir, journal, survey.batch, survey.rubbish.as_ref())?;
    if survey.rubbish.is_some() {
        cut(journal, survey.bytes, notes)?;
    }
    let building = dir.join("db.building");
    build_index(&building, journal)?;
    put_index(dir, &building, notes)?;
    Index::open(Db::open(&dir.join("db"))?, journal)
}

/// Makes the index of a journal in a new folder.
pub(crate) fn build_index(folder: &Path, journal: &Journal) -> Result<(), StoreError> {
    let _ = fs::remove_dir_all(folder);
    let mut index = Index::open(Db::open(folder)?, journal)?;
    // The state alone, so that an index without batches is one too.
    index.write(db::Ops::default())?;
    match replay(&mut index, journal)? {
        None => Ok(()),
        Some(r) => Err(StoreError::damaged(&journal.path, r.what)),
    }
}

/// Puts a new index in the place of the old one, which is kept aside.
pub(crate) fn put_index(dir: &Path, building: &Path, notes: &mut Vec<String>) -> Result<(), StoreError> {
    let path = dir.join("db");
    if path.exists() {
        let aside = free_name(dir, "db.damaged");
        fs::rename(&path, &aside).map_err(StoreError::io("move away", &path))?;
        notes.push(format!("the old index is kept in {} (`monitor store gc` removes it)", aside.display()));
    }
    fs::rename(building, &path).map_err(StoreError::io("put in place", &path))?;
    let _ = fs::remove_file(db::suspect(&path));
    crate::head::sync_dir(dir)
}

/// `stem`, `stem.2`, … : the first that is free.
fn free_name(dir: &Path, stem: &str) -> PathBuf {
    let first = dir.join(stem);
    if !first.exists() {
        return first;
    }
    (2u32..).map(|n| dir.join(format!("{stem}.{n}"))).find(|p| !p.exists()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use monitor_model::{Known, SourceId};

    use super::*;
    use crate::{Batch, Decision, DecisionKind};

    /// The index of an older program lacks names that this one asks for: it must not be taken for whole.
    #[test]
    fn an_index_of_an_older_format_is_made_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let options = OpenOptions { command: "test", now: Timestamp::UNIX_EPOCH, wait: Duration::ZERO, create: true, stop: None };
        let decision =
            Decision { at: Timestamp::UNIX_EPOCH, document: "a".into(), what: DecisionKind::Merge { into: "b".into() }, by: String::new() };
        let store = Store::open(dir.path(), &options).expect("a store");
        store.commit(&Batch { decisions: vec![decision], ..Batch::default() }).expect("stored");
        {
            let mut inner = store.inner();
            inner.index.state.format = 1;
            inner.index.write(db::Ops::default()).expect("written");
        }
        drop(store);
        let store = Store::open(dir.path(), &options).expect("a store");
        assert!(store.notes().iter().any(|n| n.contains("made the index again")), "{:?}", store.notes());
        assert_eq!(Known::merged(&store, &"a".into()), "b".into());
        assert_eq!(Known::by_source_key(&store, &SourceId::from("s"), "x"), None);
        drop(store);
        assert!(Store::open(dir.path(), &options).expect("a store").notes().is_empty());
    }
}
