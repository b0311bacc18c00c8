use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use monitor_model::{DocumentKey, Timestamp};

use crate::{
    OpenOptions, Store, StoreError,
    db::Db,
    head::{Head, sync_dir},
    index::Index,
    journal::{self, Commit, Journal, NO_HASH},
    line::{Line, OwnedLine, write_line},
    lock::Lock,
    open::{Inner, build_index, head_of, put_index},
};

/// Lines in one batch of an import, a compaction or a salvage.
const LINES: usize = 5000;

/// What a compaction did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Bytes of the store folder before.
    pub before: u64,
    /// Bytes after.
    pub after: u64,
}

/// A journal of another generation that is written beside the one in use.
pub(crate) struct Generation {
    path: PathBuf,
    file: BufWriter<File>,
    batch: u64,
    hash: [u8; 32],
    body: Vec<u8>,
    lines: usize,
    documents: u64,
    events: u64,
    at: Timestamp,
}

impl Generation {
    /// Goes on from the chain of the journal in use.
    fn begin(dir: &Path, generation: u32, batch: u64, hash: [u8; 32], at: Timestamp) -> Result<Generation, StoreError> {
        let path = dir.join("journal").join(format!("{}.{generation}.new", journal::month(at)));
        Journal::create(&path, generation, batch, &hash)?;
        let file = fs::OpenOptions::new().append(true).open(&path).map_err(StoreError::io("open", &path))?;
        let file = BufWriter::with_capacity(1 << 18, file);
        Ok(Generation { path, file, batch, hash, body: Vec::new(), lines: 0, documents: 0, events: 0, at })
    }

    /// Writes a line. Documents with the same key must not come near each other.
    pub(crate) fn add(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        match line {
            Line::Document(d) => {
                self.documents += 1;
                self.events += d.1.len() as u64;
            }
            Line::Event(_) => self.events += 1,
            _ => {}
        }
        write_line(&mut self.body, line).map_err(|e| StoreError::io("write", &self.path)(e.into()))?;
        self.lines += 1;
        if self.lines >= LINES { self.close_batch("") } else { Ok(()) }
    }

    fn close_batch(&mut self, run: &str) -> Result<(), StoreError> {
        if self.lines == 0 {
            return Ok(());
        }
        let commit = Commit {
            batch: self.batch + 1,
            at: self.at,
            run: run.to_owned(),
            source: None,
            documents: self.documents,
            events: self.events,
            bytes: self.body.len() as u64,
        };
        self.hash = Journal::finish(&mut self.body, &commit, &self.hash).map_err(|e| StoreError::io("write", &self.path)(e.into()))?;
        self.file.write_all(&self.body).map_err(StoreError::io("write", &self.path))?;
        self.body.clear();
        (self.lines, self.documents, self.events) = (0, 0, 0);
        self.batch += 1;
        Ok(())
    }

    /// Puts it on disk and makes its index, both still beside the old ones.
    fn finish(mut self, building: &Path) -> Result<PathBuf, StoreError> {
        self.close_batch("")?;
        self.file.flush().and_then(|()| self.file.get_ref().sync_all()).map_err(StoreError::io("write", &self.path))?;
        build_index(building, &Journal::open(std::slice::from_ref(&self.path))?)?;
        Ok(self.path)
    }
}

impl Inner {
    /// Begins the next generation, which goes on with the chain.
    pub(crate) fn next_generation(&self, dir: &Path, at: Timestamp) -> Result<Generation, StoreError> {
        let s = &self.index.state;
        Generation::begin(dir, self.journal.start.generation + 1, s.batch, s.hash, at)
    }

    /// Puts the next generation in the place of this one, if it was filled well; otherwise nothing changes.
    ///
    /// The rename of the journal is the moment at which it counts; what is left undone after it is done by the next opening.
    pub(crate) fn adopt(&mut self, dir: &Path, new: Generation, filled: Result<(), StoreError>) -> Result<(), StoreError> {
        let (path, at, building) = (new.path.clone(), new.at, dir.join("db.building"));
        if let Err(e) = filled.and_then(|()| new.finish(&building)) {
            let _ = fs::remove_file(&path);
            let _ = fs::remove_dir_all(&building);
            return Err(e);
        }
        let done = self.swap(dir, &path, at, &building);
        if let Err(e) = &done {
            self.fault = Some(format!("a replacement stopped half way ({e})"));
        }
        done
    }

    fn swap(&mut self, dir: &Path, new: &Path, at: Timestamp, building: &Path) -> Result<(), StoreError> {
        let old: Vec<PathBuf> = self.journal.files().map(Path::to_owned).collect();
        let path = journal::path_of(dir, self.journal.start.generation + 1, &journal::month(at));
        self.index.db.close();
        fs::rename(new, &path).map_err(StoreError::io("put in place", &path))?;
        sync_dir(&dir.join("journal"))?;
        let _ = fs::remove_dir_all(dir.join("db"));
        put_index(dir, building, &mut Vec::new())?;
        let journal = Journal::open(&[path])?;
        let index = Index::open(Db::open(&dir.join("db"))?, &journal)?;
        head_of(&index).write(dir)?;
        for old in old {
            fs::remove_file(&old).map_err(StoreError::io("remove", &old))?;
        }
        *self = Inner::new(index, journal, self.stop);
        Ok(())
    }
}

impl Store {
    /// Writes the store anew without what was overwritten: old states of documents, old memories, sled's slack. Nothing that
    /// can be asked for is lost, and the journal's chain goes on.
    ///
    /// # Errors
    /// When something cannot be read (nothing is changed then) or written.
    pub fn compact(&self, now: Timestamp) -> Result<Compacted, StoreError> {
        let before = size(&self.dir);
        let mut inner = self.inner();
        if let Some(why) = &inner.fault {
            return Err(StoreError::Unusable { path: self.dir.clone(), why: why.clone() });
        }
        let mut new = inner.next_generation(&self.dir, now)?;
        let filled = inner.each_line(&mut |line| new.add(line));
        inner.adopt(&self.dir, new, filled)?;
        Ok(Compacted { before, after: size(&self.dir) })
    }

    /// Removes what repairs left behind: quarantined snapshots, damaged indexes and journals, half-made files, journals that
    /// a newer one has replaced. Never anything of the store itself. Returns the bytes set free.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn gc(&self) -> Result<u64, StoreError> {
        let inner = self.inner();
        let before = size(&self.dir);
        for file in fs::read_dir(&self.dir).map_err(StoreError::io("read the folder", &self.dir))?.flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            if name == "quarantine" || name == "db.building" || name.starts_with("db.damaged") {
                fs::remove_dir_all(file.path()).map_err(StoreError::io("remove", file.path()))?;
            } else if name == "head.tmp" {
                fs::remove_file(file.path()).map_err(StoreError::io("remove", file.path()))?;
            }
        }
        let journal = self.dir.join("journal");
        for file in fs::read_dir(&journal).map_err(StoreError::io("read the folder", &journal))?.flatten() {
            let path = file.path();
            let half_made = path.extension().is_some_and(|e| e == "tmp" || e == "new" || e == "damaged");
            let replaced = journal::generation_of(&path).is_some_and(|g| g < inner.journal.start.generation);
            if half_made || replaced {
                fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
            }
        }
        Ok(before.saturating_sub(size(&self.dir)))
    }

    /// Makes the index again from the journal, whatever is wrong with the index. A journal that is damaged itself is
    /// saved line by line into a new one. What was lost is accepted, and said in [`Store::notes`].
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::Absent`], or [`StoreError::Lost`] when there is no journal at all.
    pub fn rebuild(dir: &Path, options: &OpenOptions<'_>) -> Result<Store, StoreError> {
        let Some((generation, files)) = journal::newest(dir) else {
            return match Head::read(dir)? {
                Some(h) => Err(StoreError::Lost { path: dir.to_owned(), had: h.batch, have: 0 }),
                None => Err(StoreError::Absent { path: dir.to_owned() }),
            };
        };
        let lock = Lock::take(dir, options.command, options.now, options.wait)?;
        let mut notes = Vec::new();
        let building = dir.join("db.building");
        let (mut journal, mut damage) = match Journal::open(&files) {
            Ok(j) => (Some(j), None),
            Err(StoreError::Damaged { what, .. }) => (None, Some(what)),
            Err(e) => return Err(e),
        };
        if let Some(j) = &mut journal {
            let survey = j.survey()?;
            match survey.rubbish {
                Some(r) if r.torn => {
                    notes.push(format!("cut off {} bytes of a batch that was never finished", j.len - survey.bytes));
                    j.cut(survey.bytes)?;
                }
                other => damage = other.map(|r| r.what),
            }
        }
        let journal = match (journal, damage) {
            (Some(j), None) => {
                build_index(&building, &j)?;
                j
            }
            (j, damage) => {
                notes.push(format!("the journal is damaged: {}", damage.unwrap_or_default()));
                let saved = salvage(dir, &files, generation, j.as_ref(), options.now, &mut notes)?.finish(&building)?;
                let place = journal::path_of(dir, generation + 1, &journal::month(options.now));
                fs::rename(&saved, &place).map_err(StoreError::io("put in place", &place))?;
                for path in &files {
                    let aside = path.with_extension("damaged");
                    fs::rename(path, &aside).map_err(StoreError::io("move away", path))?;
                    notes.push(format!("the damaged journal is kept in {}", aside.display()));
                }
                sync_dir(&dir.join("journal"))?;
                Journal::open(&[place])?
            }
        };
        put_index(dir, &building, &mut notes)?;
        let index = Index::open(Db::open(&dir.join("db"))?, &journal)?;
        let head = head_of(&index);
        if let Some(before) = Head::read(dir).ok().flatten().filter(|h| h.batch > head.batch || h.documents > head.documents) {
            notes.push(format!(
                "accepted a loss: {} documents in batch {} were acknowledged, {} in batch {} are there",
                before.documents, before.batch, head.documents, head.batch
            ));
        }
        head.write(dir)?;
        notes.push(format!("made the index again from the journal: {} documents, {} events", head.documents, head.events));
        let inner = Inner::new(index, journal, options.stop);
        Ok(Store::of(dir, inner, notes, lock))
    }
}

/// Saves every line that can be read into the next generation.
fn salvage(
    dir: &Path,
    files: &[PathBuf],
    generation: u32,
    journal: Option<&Journal>,
    at: Timestamp,
    notes: &mut Vec<String>,
) -> Result<Generation, StoreError> {
    let (batch, hash) = match journal {
        Some(j) => (j.start.batch, j.start_hash().unwrap_or(NO_HASH)),
        None => (0, NO_HASH),
    };
    let mut new = Generation::begin(dir, generation + 1, batch, hash, at)?;
    let mut lost = 0u64;
    for path in files {
        salvage_file(path, &mut new, &mut lost, notes)?;
    }
    notes.push(format!("{lost} lines of the damaged journal could not be read"));
    Ok(new)
}

fn salvage_file(path: &Path, new: &mut Generation, lost: &mut u64, notes: &mut Vec<String>) -> Result<(), StoreError> {
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let mut file = BufReader::with_capacity(1 << 18, file);
    let (mut offset, mut line) = (0u64, Vec::new());
    let mut here: BTreeSet<DocumentKey> = BTreeSet::new();
    loop {
        line.clear();
        let n = file.read_until(b'\n', &mut line).map_err(StoreError::io("read", path))? as u64;
        if n == 0 {
            // A batch that the file breaks off in goes on in no other file.
            return new.close_batch("");
        }
        if let Ok(commit) = journal::commit_of(&line) {
            new.at = commit.at;
            new.close_batch(&commit.run)?;
            here.clear();
        } else if let Some(owned) = serde_json::from_slice::<OwnedLine>(&line).ok().filter(OwnedLine::counts_soberly) {
            if let OwnedLine::Document(life) = &owned
                && !here.insert(life.document.document.clone())
            {
                // Two batches ran into one, because the line between them is gone.
                new.close_batch("")?;
                here = BTreeSet::from([life.document.document.clone()]);
            }
            new.add(&owned.line())?;
        } else if offset > 0 {
            *lost += 1;
            if *lost <= 10 {
                let text = String::from_utf8_lossy(&line[..line.len().min(80)]).trim_end().to_owned();
                notes.push(format!("lost the line at byte {offset} of {}: {text}…", path.display()));
            }
        }
        offset += n;
    }
}

/// Bytes of all files below a folder.
fn size(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files.map(|f| if f.path().is_dir() { size(&f.path()) } else { f.metadata().map_or(0, |m| m.len()) }).sum()
}
