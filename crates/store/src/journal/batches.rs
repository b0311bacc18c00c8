//! The batches of a journal read one after the other, each checked against the chain.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
    path::PathBuf,
    vec,
};

use super::{
    COMMIT, Commit, CommitLine, Journal, chain, from_hex,
    segment::{Segment, Start},
};
use crate::StoreError;

/// A batch as it stands in the journal, checked against its hash.
pub(crate) struct Stored {
    pub(crate) offset: u64,
    pub(crate) body: Vec<u8>,
    pub(crate) commit: Commit,
    pub(crate) hash: [u8; 32],
    /// Where the next batch begins.
    pub(crate) end: u64,
}

/// A file that is still to be read.
struct Waiting {
    path: PathBuf,
    start: Start,
    begin: u64,
    first: u64,
}

/// The batches of a journal, one after the other, over all its files.
pub(crate) struct Batches {
    file: BufReader<File>,
    path: PathBuf,
    rest: vec::IntoIter<Waiting>,
    /// Behind the last good batch.
    pub(crate) offset: u64,
    pub(crate) batch: u64,
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

fn open_at(path: &PathBuf, at: u64) -> Result<BufReader<File>, StoreError> {
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let mut file = BufReader::with_capacity(1 << 18, file);
    file.seek(SeekFrom::Start(at)).map_err(StoreError::io("read", path))?;
    Ok(file)
}

impl Journal {
    /// Reads all files through.
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
        // A place where one file ends and the next begins belongs to the first: so the step between them is checked.
        let later = self.segments.iter().skip(1).take_while(|s| s.begin() < offset).count();
        let here = &self.segments[later];
        let waiting = |s: &Segment| Waiting { path: s.path.clone(), start: s.start.clone(), begin: s.begin(), first: s.first };
        let rest: Vec<Waiting> = self.segments[later + 1..].iter().map(waiting).collect();
        let file = open_at(&here.path, here.at(offset))?;
        Ok(Batches { file, path: here.path.clone(), rest: rest.into_iter(), offset, batch, hash, whole: true })
    }
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
                let Some(next) = self.rest.next() else { return Ok(Next::End) };
                if let Err(what) = self.follows(&next) {
                    self.whole = false;
                    return Ok(Next::Rubbish(Rubbish { what, torn: false }));
                }
                self.file = open_at(&next.path, next.first)?;
                self.path = next.path;
                continue;
            }
            if n == 0 || body.last() != Some(&b'\n') {
                self.whole = false;
                // Only the newest file can have a write that was cut short.
                let torn = self.rest.len() == 0;
                return Ok(Next::Rubbish(Rubbish { what: format!("{} ends in the middle of a batch", self.path.display()), torn }));
            }
            if body[begin..].starts_with(COMMIT) {
                let next = self.take(body, begin);
                self.whole = matches!(next, Next::Batch(_));
                return Ok(next);
            }
        }
    }

    /// Whether the next file goes on where this one ends.
    fn follows(&self, next: &Waiting) -> Result<(), String> {
        if next.start.batch == self.batch && next.begin == self.offset && from_hex(&next.start.hash) == Some(self.hash) {
            return Ok(());
        }
        Err(format!(
            "{} ends with batch {} and {} goes on behind batch {}; a file between them, or the end of the first, is missing",
            self.path.display(),
            self.batch,
            next.path.display(),
            next.start.batch
        ))
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
