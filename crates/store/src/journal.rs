//! The journal: one JSON Lines file that says all. A batch is its lines and a commit line with the chain's hash.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use monitor_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    head::{FORMAT, sync_dir},
    record::Place,
};

/// The hash before the first batch.
pub(crate) const NO_HASH: [u8; 32] = [0; 32];

const COMMIT: &[u8] = b"{\"commit\":";

/// The first line of a journal file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) format: u32,
    pub(crate) generation: u32,
    /// The batch and the hash that the chain goes on from: those of the generation before, or zero.
    pub(crate) batch: u64,
    pub(crate) hash: String,
}

#[derive(Serialize, Deserialize)]
struct StartLine {
    start: Start,
}

/// What a commit line says of its batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Commit {
    pub(crate) batch: u64,
    pub(crate) at: Timestamp,
    pub(crate) run: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) source: Option<monitor_model::SourceId>,
    pub(crate) documents: u64,
    pub(crate) events: u64,
    /// Bytes of the batch's lines, the commit line not counted.
    pub(crate) bytes: u64,
}

#[derive(Deserialize)]
struct CommitLine {
    commit: Commit,
    hash: String,
}

/// A batch as it stands in the journal, checked against its hash.
pub(crate) struct Stored {
    pub(crate) offset: u64,
    pub(crate) body: Vec<u8>,
    pub(crate) commit: Commit,
    pub(crate) hash: [u8; 32],
    /// Where the next batch begins.
    pub(crate) end: u64,
}

/// An open journal file.
pub(crate) struct Journal {
    file: File,
    pub(crate) path: PathBuf,
    pub(crate) start: Start,
    /// Length of the start line.
    pub(crate) first: u64,
    pub(crate) len: u64,
}

/// The hash of a batch: of the one before, its lines, and its commit line up to the hash.
fn chain(before: &[u8; 32], body: &[u8], commit: &[u8]) -> [u8; 32] {
    let mut h = blake3::Hasher::new();
    h.update(before).update(body).update(commit);
    *h.finalize().as_bytes()
}

/// The bytes of a hash in hex.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    blake3::Hash::from_hex(text).ok().map(|h| *h.as_bytes())
}

/// A hash in hex.
pub(crate) fn to_hex(hash: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}

/// The journal files of a store folder by generation, newest last.
pub(crate) fn generations(dir: &Path) -> Vec<(u32, PathBuf)> {
    let mut out: Vec<(u32, PathBuf)> = fs::read_dir(dir.join("journal"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|f| Some((f.file_name().to_str()?.strip_suffix(".jsonl")?.parse().ok()?, f.path())))
        .collect();
    out.sort();
    out
}

/// The commit line, unchecked.
pub(crate) fn commit_of(line: &[u8]) -> Result<Commit, serde_json::Error> {
    serde_json::from_slice::<CommitLine>(line).map(|l| l.commit)
}

/// Where the journal of a generation lies.
pub(crate) fn path_of(dir: &Path, generation: u32) -> PathBuf {
    dir.join("journal").join(format!("{generation:06}.jsonl"))
}

impl Journal {
    /// Makes a new file that holds only its start line, on disk when this returns.
    pub(crate) fn create(path: &Path, generation: u32, batch: u64, hash: &[u8; 32]) -> Result<Journal, StoreError> {
        let start = Start { format: FORMAT, generation, batch, hash: to_hex(hash) };
        let line = serde_json::to_string(&StartLine { start: start.clone() }).unwrap_or_default() + "\n";
        // By way of another name, so that a journal without a whole start line never exists.
        crate::head::replace_file(path, line.as_bytes())?;
        if let Some(above) = path.parent().and_then(Path::parent) {
            sync_dir(above)?;
        }
        Journal::open(path)
    }

    /// Opens an existing file and reads its start line.
    pub(crate) fn open(path: &Path) -> Result<Journal, StoreError> {
        let file = OpenOptions::new().read(true).append(true).open(path).map_err(StoreError::io("open", path))?;
        let len = file.metadata().map_err(StoreError::io("look at", path))?.len();
        let mut line = Vec::new();
        BufReader::new(&file).take(4096).read_until(b'\n', &mut line).map_err(StoreError::io("read", path))?;
        let format = serde_json::from_slice::<serde_json::Value>(&line).ok().and_then(|v| v["start"]["format"].as_u64());
        if let Some(f) = format.filter(|f| *f > u64::from(FORMAT)) {
            return Err(StoreError::Newer { path: path.to_owned(), format: u32::try_from(f).unwrap_or(u32::MAX), known: FORMAT });
        }
        let start: StartLine =
            serde_json::from_slice(&line).map_err(|e| StoreError::damaged(path, format!("its first line cannot be read ({e})")))?;
        Ok(Journal { file, path: path.to_owned(), start: start.start, first: line.len() as u64, len })
    }

    /// The hash that the chain goes on from at the start of the file.
    pub(crate) fn start_hash(&self) -> Result<[u8; 32], StoreError> {
        from_hex(&self.start.hash).ok_or_else(|| StoreError::damaged(&self.path, "its first line has no hash"))
    }

    /// Finishes a batch: puts the commit line behind the lines in `body`. Returns the chain's new hash.
    pub(crate) fn finish(body: &mut Vec<u8>, commit: &Commit, before: &[u8; 32]) -> Result<[u8; 32], serde_json::Error> {
        let mut line = COMMIT.to_vec();
        serde_json::to_writer(&mut line, commit)?;
        let hash = chain(before, body, &line);
        body.extend_from_slice(&line);
        body.extend_from_slice(format!(",\"hash\":\"{}\"}}\n", to_hex(&hash)).as_bytes());
        Ok(hash)
    }

    /// Appends finished batches; they are on disk when this returns. On failure the file is as it was.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let wrote = self.file.write_all(bytes).and_then(|()| self.file.sync_data());
        if let Err(e) = wrote {
            let _ = self.file.set_len(self.len);
            return Err(StoreError::io("append to", &self.path)(e));
        }
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Cuts off what stands behind `len`.
    pub(crate) fn cut(&mut self, len: u64) -> Result<(), StoreError> {
        self.file.set_len(len).and_then(|()| self.file.sync_all()).map_err(StoreError::io("cut", &self.path))?;
        self.len = len;
        Ok(())
    }

    /// Bytes `offset..offset + len`.
    pub(crate) fn bytes(&self, offset: u64, len: u64) -> Result<Vec<u8>, StoreError> {
        // A length that comes out of a damaged record must not become an allocation.
        if offset.checked_add(len).is_none_or(|end| end > self.len) {
            return Err(StoreError::damaged(&self.path, format!("it ends before byte {}", offset.saturating_add(len))));
        }
        let mut out = vec![0; usize::try_from(len).unwrap_or_default()];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(&mut out)).map_err(StoreError::io("read", &self.path))?;
        Ok(out)
    }

    /// The line at a place, checked.
    pub(crate) fn line(&self, place: Place) -> Result<Vec<u8>, StoreError> {
        let bytes = self.bytes(place.offset, u64::from(place.len))?;
        if crc32fast::hash(&bytes) == place.crc {
            Ok(bytes)
        } else {
            Err(StoreError::damaged(&self.path, format!("the line at byte {} does not match its checksum", place.offset)))
        }
    }

    /// Reads the whole file through.
    pub(crate) fn survey(&self) -> Result<Survey, StoreError> {
        let mut batches = self.batches(self.first, self.start.batch, self.start_hash()?)?;
        loop {
            let rubbish = match batches.next()? {
                Next::Batch(_) => continue,
                Next::End => None,
                Next::Rubbish(r) => Some(r),
            };
            return Ok(Survey { batch: batches.batch, bytes: batches.offset, rubbish });
        }
    }

    /// Reads batches from `offset`, where the chain has `hash` and the last batch was `batch`.
    pub(crate) fn batches(&self, offset: u64, batch: u64, hash: [u8; 32]) -> Result<Batches, StoreError> {
        let file = File::open(&self.path).map_err(StoreError::io("open", &self.path))?;
        let mut file = BufReader::with_capacity(1 << 18, file);
        file.seek(SeekFrom::Start(offset)).map_err(StoreError::io("read", &self.path))?;
        Ok(Batches { file, path: self.path.clone(), offset, batch, hash, whole: true })
    }
}

/// The batches of a journal, one after the other.
pub(crate) struct Batches {
    file: BufReader<File>,
    path: PathBuf,
    /// Behind the last good batch.
    pub(crate) offset: u64,
    batch: u64,
    hash: [u8; 32],
    whole: bool,
}

/// What follows in a journal.
pub(crate) enum Next {
    /// A batch.
    Batch(Stored),
    /// Nothing.
    End,
    /// Bytes that are no whole batch: a write that was cut short, or damage.
    Rubbish(Rubbish),
}

/// Bytes that are no whole batch.
#[derive(Clone, Debug)]
pub(crate) struct Rubbish {
    pub(crate) what: String,
    /// No commit line follows: so looks a write that was cut short.
    pub(crate) torn: bool,
}

/// What a journal holds, read through once.
pub(crate) struct Survey {
    /// The last good batch, and where it ends.
    pub(crate) batch: u64,
    pub(crate) bytes: u64,
    pub(crate) rubbish: Option<Rubbish>,
}

impl Batches {
    /// The next batch. After rubbish there is nothing more.
    pub(crate) fn next(&mut self) -> Result<Next, StoreError> {
        if !self.whole {
            return Ok(Next::End);
        }
        let mut body = Vec::new();
        loop {
            let begin = body.len();
            let n = self.file.read_until(b'\n', &mut body).map_err(StoreError::io("read", &self.path))?;
            if n == 0 && begin == 0 {
                return Ok(Next::End);
            }
            if n == 0 || body.last() != Some(&b'\n') {
                self.whole = false;
                return Ok(Next::Rubbish(Rubbish { what: "it ends in the middle of a batch".to_owned(), torn: true }));
            }
            if body[begin..].starts_with(COMMIT) {
                let next = self.take(body, begin);
                self.whole = matches!(next, Next::Batch(_));
                return Ok(next);
            }
        }
    }

    fn take(&mut self, mut body: Vec<u8>, begin: usize) -> Next {
        let Some(line) = serde_json::from_slice::<CommitLine>(&body[begin..]).ok() else {
            let what = format!("the commit line at byte {} cannot be read", self.offset + begin as u64);
            return Next::Rubbish(Rubbish { what, torn: false });
        };
        // `,"hash":"` and 64 digits, `"}` and the line feed.
        let named = body.len() - (9 + 64 + 3).min(body.len() - begin);
        let hash = chain(&self.hash, &body[..begin], &body[begin..named]);
        if from_hex(&line.hash) != Some(hash) || line.commit.batch != self.batch + 1 || line.commit.bytes != begin as u64 {
            let what = format!("batch {} at byte {} does not match its hash", self.batch + 1, self.offset);
            return Next::Rubbish(Rubbish { what, torn: false });
        }
        let end = self.offset + body.len() as u64;
        body.truncate(begin);
        let stored = Stored { offset: self.offset, body, commit: line.commit, hash, end };
        self.offset = end;
        self.batch += 1;
        self.hash = hash;
        Next::Batch(stored)
    }
}
