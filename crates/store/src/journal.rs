//! The journal: JSON Lines files that say all. A batch is its lines and a commit line with the chain's hash.

mod batches;
mod segment;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use monitor_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{StoreError, head::FORMAT, record::Place};

use self::segment::Segment;
pub(crate) use self::{
    batches::{Next, Rubbish},
    segment::{Start, generation_of, month, newest, path_of},
};

/// The hash before the first batch.
pub(crate) const NO_HASH: [u8; 32] = [0; 32];

const COMMIT: &[u8] = b"{\"commit\":";

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

/// An open journal: all files of its generation.
pub(crate) struct Journal {
    /// Oldest first; never empty.
    segments: Vec<Segment>,
    /// The newest file.
    pub(crate) path: PathBuf,
    /// Of the first file.
    pub(crate) start: Start,
    /// Length of the first start line: where the first batch begins.
    pub(crate) first: u64,
    /// Where the last batch ends, counted over all files.
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

/// The commit line, unchecked.
pub(crate) fn commit_of(line: &[u8]) -> Result<Commit, serde_json::Error> {
    serde_json::from_slice::<CommitLine>(line).map(|l| l.commit)
}

impl Journal {
    /// Makes the first file of a generation that holds only its start line, on disk when this returns.
    pub(crate) fn create(path: &Path, generation: u32, batch: u64, hash: &[u8; 32]) -> Result<Journal, StoreError> {
        let start = Start { format: FORMAT, generation, batch, hash: to_hex(hash), offset: 0 };
        Ok(Journal::of(Segment::create(path, &start)?, Vec::new()))
    }

    /// Opens the files of a generation, oldest first.
    pub(crate) fn open(files: &[PathBuf]) -> Result<Journal, StoreError> {
        let mut segments = files.iter().map(|f| Segment::open(f)).collect::<Result<Vec<_>, _>>()?;
        // What is left of a file whose batch was never begun may share its month with an older name: the chain orders them.
        segments.sort_by_key(|s| (s.start.offset, s.start.batch));
        let mut segments = segments.into_iter();
        let Some(first) = segments.next() else {
            return Err(StoreError::damaged("journal", "it has no file"));
        };
        if first.start.offset > 0 {
            let what =
                format!("its beginning, {} batches before this file, is missing; put the older files back from a copy", first.start.batch);
            return Err(StoreError::damaged(&first.path, what));
        }
        Ok(Journal::of(first, segments.collect()))
    }

    fn of(first: Segment, later: Vec<Segment>) -> Journal {
        let (start, begin) = (first.start.clone(), first.first);
        let mut segments = vec![first];
        segments.extend(later);
        let mut journal = Journal { segments, path: PathBuf::new(), start, first: begin, len: 0 };
        journal.measure();
        journal
    }

    /// Notes what the newest file is and where it ends.
    fn measure(&mut self) {
        if let Some(last) = self.segments.last() {
            self.path.clone_from(&last.path);
            self.len = last.end();
        }
    }

    /// All files, oldest first.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.segments.iter().map(|s| s.path.as_path())
    }

    /// The hash that the chain goes on from at the start of the generation.
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

    /// Begins the file of a later month, if `at` lies in one. `batch` and `hash` are those of the last batch.
    pub(crate) fn turn(&mut self, at: Timestamp, batch: u64, hash: &[u8; 32]) -> Result<(), StoreError> {
        let now = month(at);
        let Some(last) = self.segments.last() else { return Ok(()) };
        if last.month().is_some_and(|m| now <= m) {
            return Ok(());
        }
        let generation = self.start.generation;
        let name = path_of(self.path.parent().and_then(Path::parent).unwrap_or(Path::new("")), generation, &now);
        let start = Start { format: FORMAT, generation, batch, hash: to_hex(hash), offset: self.len };
        self.segments.push(Segment::create(&name, &start)?);
        self.measure();
        Ok(())
    }

    /// Appends finished batches; they are on disk when this returns. On failure the file is as it was.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(last) = self.segments.last_mut() else { return Ok(()) };
        let wrote = last.file.write_all(bytes).and_then(|()| last.file.sync_data());
        if let Err(e) = wrote {
            let _ = last.file.set_len(last.size);
            return Err(StoreError::io("append to", &last.path)(e));
        }
        last.size += bytes.len() as u64;
        self.measure();
        Ok(())
    }

    /// Cuts off what stands behind `len`. Later files, which then hang in the air, are set aside.
    pub(crate) fn cut(&mut self, len: u64) -> Result<(), StoreError> {
        while self.segments.len() > 1
            && let Some(last) = self.segments.pop_if(|s| s.begin() > len)
        {
            let aside = last.path.with_extension("damaged");
            std::fs::rename(&last.path, &aside).map_err(StoreError::io("move away", &last.path))?;
        }
        if let Some(last) = self.segments.last_mut() {
            last.size = last.at(len);
            last.file.set_len(last.size).and_then(|()| last.file.sync_all()).map_err(StoreError::io("cut", &last.path))?;
        }
        self.measure();
        Ok(())
    }

    /// Bytes `offset..offset + len`, all in one file.
    pub(crate) fn bytes(&self, offset: u64, len: u64) -> Result<Vec<u8>, StoreError> {
        let mut out = Vec::new();
        self.read_into(offset, len, &mut out)?;
        Ok(out)
    }

    /// The same into a buffer, whose contents are replaced.
    pub(crate) fn read_into(&self, offset: u64, len: u64, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let later = self.segments.iter().skip(1).take_while(|s| s.begin() <= offset).count();
        let here = &self.segments[later];
        // A length that comes out of a damaged record must not become an allocation.
        if offset.checked_add(len).is_none_or(|end| end > here.end()) {
            return Err(StoreError::damaged(&here.path, format!("it ends before byte {}", offset.saturating_add(len))));
        }
        out.clear();
        out.resize(usize::try_from(len).unwrap_or_default(), 0);
        read_at(&here.file, here.at(offset), out).map_err(StoreError::io("read", &here.path))
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
}

#[cfg(unix)]
fn read_at(file: &std::fs::File, at: u64, out: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, at)
}

#[cfg(not(unix))]
fn read_at(mut file: &std::fs::File, at: u64, out: &mut [u8]) -> io::Result<()> {
    use std::io::{Read, Seek};
    file.seek(io::SeekFrom::Start(at))?;
    file.read_exact(out)
}
