//! The files of a journal: `2026-11.jsonl`, `2026-12.jsonl` … one a month, in one chain and one count of bytes.
//!
//! A compaction or an import writes a new generation, whose files bear its number (`2026-12.2.jsonl`); the newest generation
//! counts. Older programs wrote one file for each generation (`000001.jsonl`); it is read as the first file of its generation.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use monitor_model::{Timestamp, When};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    head::{FORMAT, sync_dir},
};

/// The first line of a journal file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) format: u32,
    pub(crate) generation: u32,
    /// The batch and the hash that the chain goes on from: those of the file before, of the generation before, or zero.
    pub(crate) batch: u64,
    pub(crate) hash: String,
    /// Where in the generation its first batch begins; 0 in the generation's first file.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) offset: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[derive(Serialize, Deserialize)]
struct StartLine {
    start: Start,
}

/// One file of a journal.
pub(crate) struct Segment {
    pub(crate) file: File,
    pub(crate) path: PathBuf,
    pub(crate) start: Start,
    /// Length of its start line.
    pub(crate) first: u64,
    /// Bytes of the file.
    pub(crate) size: u64,
}

/// A month as file names have it, `2026-11`.
pub(crate) fn month(at: Timestamp) -> String {
    let day = When::Instant(at).first_day();
    format!("{:04}-{:02}", day.year().max(0), day.month())
}

/// The generation and the month that the name of a file says; no month in the names of older programs.
fn read_name(name: &str) -> Option<(u32, Option<String>)> {
    let stem = name.strip_suffix(".jsonl")?;
    if let Ok(generation) = stem.parse() {
        return Some((generation, None));
    }
    let (month, generation) = match stem.split_once('.') {
        Some((m, g)) => (m, g.parse().ok()?),
        None => (stem, 1),
    };
    let (y, m) = month.split_once('-')?;
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    (digits(y, 4) && digits(m, 2)).then(|| (generation, Some(month.to_owned())))
}

/// The generation of a journal file; none for other files.
pub(crate) fn generation_of(path: &Path) -> Option<u32> {
    read_name(path.file_name()?.to_str()?).map(|(g, _)| g)
}

/// The files of the newest generation of a store folder, oldest file first.
pub(crate) fn newest(dir: &Path) -> Option<(u32, Vec<PathBuf>)> {
    let mut all: BTreeMap<u32, Vec<(Option<String>, PathBuf)>> = BTreeMap::new();
    for f in fs::read_dir(dir.join("journal")).into_iter().flatten().flatten() {
        if let Some((generation, month)) = f.file_name().to_str().and_then(read_name) {
            all.entry(generation).or_default().push((month, f.path()));
        }
    }
    let (generation, mut files) = all.pop_last()?;
    files.sort();
    Some((generation, files.into_iter().map(|(_, path)| path).collect()))
}

/// Where the file of a generation and month lies.
pub(crate) fn path_of(dir: &Path, generation: u32, month: &str) -> PathBuf {
    let name = if generation == 1 { format!("{month}.jsonl") } else { format!("{month}.{generation}.jsonl") };
    dir.join("journal").join(name)
}

impl Segment {
    /// Makes a new file that holds only its start line, on disk when this returns.
    pub(crate) fn create(path: &Path, start: &Start) -> Result<Segment, StoreError> {
        let line = serde_json::to_string(&StartLine { start: start.clone() }).unwrap_or_default() + "\n";
        // By way of another name, so that a journal without a whole start line never exists.
        crate::head::replace_file(path, line.as_bytes())?;
        if let Some(above) = path.parent().and_then(Path::parent) {
            sync_dir(above)?;
        }
        Segment::open(path)
    }

    /// Opens an existing file and reads its start line.
    pub(crate) fn open(path: &Path) -> Result<Segment, StoreError> {
        let file = OpenOptions::new().read(true).append(true).open(path).map_err(StoreError::io("open", path))?;
        let size = file.metadata().map_err(StoreError::io("look at", path))?.len();
        let mut line = Vec::new();
        BufReader::new(&file).take(4096).read_until(b'\n', &mut line).map_err(StoreError::io("read", path))?;
        let format = serde_json::from_slice::<serde_json::Value>(&line).ok().and_then(|v| v["start"]["format"].as_u64());
        if let Some(f) = format.filter(|f| *f > u64::from(FORMAT)) {
            return Err(StoreError::Newer { path: path.to_owned(), format: u32::try_from(f).unwrap_or(u32::MAX), known: FORMAT });
        }
        let start: StartLine =
            serde_json::from_slice(&line).map_err(|e| StoreError::damaged(path, format!("its first line cannot be read ({e})")))?;
        Ok(Segment { file, path: path.to_owned(), start: start.start, first: line.len() as u64, size })
    }

    /// Where in the generation its batches begin. The start lines of later files do not count.
    pub(crate) fn begin(&self) -> u64 {
        if self.start.offset == 0 { self.first } else { self.start.offset }
    }

    /// Where in the generation it ends.
    pub(crate) fn end(&self) -> u64 {
        self.begin() + self.size.saturating_sub(self.first)
    }

    /// Where in the file a place of the generation lies.
    pub(crate) fn at(&self, offset: u64) -> u64 {
        (offset + self.first).saturating_sub(self.begin())
    }

    /// The month in its name.
    pub(crate) fn month(&self) -> Option<String> {
        read_name(self.path.file_name()?.to_str()?)?.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        for (name, want) in [
            ("2026-11.jsonl", Some((1, Some("2026-11")))),
            ("2026-11.7.jsonl", Some((7, Some("2026-11")))),
            ("000003.jsonl", Some((3, None))),
            ("2026-11.jsonl.gz", None),
            ("2026-11.damaged", None),
            ("notes.jsonl", None),
            ("2026-1.jsonl", None),
        ] {
            assert_eq!(read_name(name), want.map(|(g, m)| (g, m.map(str::to_owned))), "{name}");
        }
        let at = "2026-12-31T23:59:59Z".parse().expect("a time");
        for generation in [1, 2, 40] {
            let path = path_of(Path::new("s"), generation, &month(at));
            assert_eq!(generation_of(&path), Some(generation), "{}", path.display());
        }
    }
}
