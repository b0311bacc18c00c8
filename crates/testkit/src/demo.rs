//! The demo archives, made from the readable files under `demo/`.
//!
//! Goes in: a manifest (`2026-03-02.toml`: which file answers which address, when, with which headers) and the files.
//! Comes out: a WARC archive, byte for byte the same for the same input. Never: looks at the clock or the network.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use monitor_fetch::warc::Writer;
use serde::Deserialize;

/// The manifests of the two archives, first crawl first.
pub const MANIFESTS: [&str; 2] = ["2026-03-02.toml", "2026-04-20.toml"];

/// The list of events that the second archive must cause after the first.
pub const PLANTED: &str = "PLANTED.toml";

/// What one archive answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// File name of the archive.
    pub archive: String,
    /// In the order of the crawl.
    pub response: Vec<Answer>,
}

/// One recorded answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The address that was asked.
    pub url: String,
    /// When.
    pub at: Timestamp,
    /// The status; 200 when not said.
    #[serde(default = "ok")]
    pub status: u16,
    /// Response headers, in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, as a file in the folder of the manifest.
    pub file: PathBuf,
}

fn ok() -> u16 {
    200
}

/// One event that the second archive must cause.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Planted {
    /// The document's key.
    pub document: String,
    /// `added`, `revised`, `stage` …
    pub kind: String,
    /// The former value.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
    /// The source that shows it.
    pub source: String,
}

/// All that is planted in the second archive.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The sources that must be called broken, with nothing of theirs touched.
    pub broken: Vec<String>,
    /// Documents that changed nothing although their page did, or that came a second time from elsewhere.
    pub silent: Vec<String>,
    /// Every event, and there are no others.
    pub event: Vec<Planted>,
}

/// Why an archive could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A file could not be read or written.
    #[error("{0}: {1}; is the file there, and may it be written?")]
    Io(PathBuf, io::Error),
    /// A TOML file is not as it should be.
    #[error("{0}: {1}")]
    Toml(PathBuf, Box<toml::de::Error>),
}

/// The folder with manifests and files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

/// The folder in which the archives stand.
pub fn archives() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo")
}

/// When each snapshot was made (RFC 3339), and its archive; first crawl first.
///
/// # Errors
/// When a manifest is missing or not as it should be.
pub fn snapshots() -> Result<Vec<(String, PathBuf)>, DemoError> {
    let of = |name: &&str| Ok((format!("{}T06:00:00Z", name.trim_end_matches(".toml")), archives().join(manifest(name)?.archive)));
    MANIFESTS.iter().map(of).collect()
}

/// Reads what is planted.
///
/// # Errors
/// When the file is missing or not as it should be.
pub fn plan() -> Result<Plan, DemoError> {
    toml_file(&folder().join(PLANTED))
}

/// Reads a manifest.
///
/// # Errors
/// When the file is missing or not as it should be.
pub fn manifest(name: &str) -> Result<Manifest, DemoError> {
    toml_file(&folder().join(name))
}

/// Makes one archive in `out` and gives its path.
///
/// # Errors
/// When a file is missing or the archive cannot be written.
pub fn make(manifest: &Manifest, out: &Path) -> Result<PathBuf, DemoError> {
    let path = out.join(&manifest.archive);
    let wrong = |e| DemoError::Io(path.clone(), e);
    let begin = manifest.response.iter().map(|a| a.at).min().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut writer = Writer::create(&path, begin).map_err(wrong)?;
    for answer in &manifest.response {
        let file = folder().join(&answer.file);
        let body = fs::read(&file).map_err(|e| DemoError::Io(file, e))?;
        let headers: Vec<(String, String)> = answer.headers.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        writer.exchange(&answer.url, answer.at, answer.status, &headers, &body).map_err(wrong)?;
    }
    writer.finish().map_err(wrong)?;
    Ok(path)
}

/// Makes all archives in `out` and gives their paths.
///
/// # Errors
/// When a file is missing or an archive cannot be written.
pub fn make_all(out: &Path) -> Result<Vec<PathBuf>, DemoError> {
    MANIFESTS.into_iter().map(|name| make(&manifest(name)?, out)).collect()
}

fn toml_file<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, DemoError> {
    let text = fs::read_to_string(path).map_err(|e| DemoError::Io(path.to_owned(), e))?;
    toml::from_str(&text).map_err(|e| DemoError::Toml(path.to_owned(), Box::new(e)))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_archives_are_those_that_the_files_give() {
        let out = tempfile::tempdir().expect("a folder");
        for path in make_all(out.path()).expect("all files are there") {
            let made = fs::read(&path).expect("the archive");
            let name = path.file_name().expect("a name");
            let kept = fs::read(archives().join(name)).expect("the archive is in data/demo");
            // Which compressor squeezes them depends on what else is built along, and the records' ids on where the
            // squeezed records begin; what is told of the exchanges may not.
            let (made_text, kept_text) = (unpacked(&made), unpacked(&kept));
            let at = made_text.iter().zip(&kept_text).position(|(a, b)| a != b).unwrap_or(made_text.len().min(kept_text.len()));
            let near = String::from_utf8_lossy(&made_text[at.saturating_sub(60)..made_text.len().min(at + 60)]).into_owned();
            assert!(made_text == kept_text, "{name:?} from byte {at}, “{near}”: run `cargo run -p monitor-testkit --example make-demo`");
            assert!(made.len() < 150 << 10, "{name:?}: {} bytes are too many to bundle", made.len());
        }
    }

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut all).expect("gzip");
        let id = |line: &[u8]| line.starts_with(b"WARC-Record-ID:") || line.starts_with(b"WARC-Concurrent-To:");
        all.split_inclusive(|b| *b == b'\n').filter(|line| !id(line)).flatten().copied().collect()
    }

    #[test]
    fn no_file_lies_about_unused() {
        let mut used: BTreeSet<PathBuf> = MANIFESTS.into_iter().map(PathBuf::from).collect();
        used.insert(PLANTED.into());
        for name in MANIFESTS {
            used.extend(manifest(name).expect("a manifest").response.into_iter().map(|a| a.file));
        }
        let mut found = BTreeSet::new();
        let mut todo = vec![folder()];
        while let Some(dir) = todo.pop() {
            for entry in fs::read_dir(&dir).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    todo.push(path);
                } else {
                    found.insert(path.strip_prefix(folder()).expect("within").to_owned());
                }
            }
        }
        assert_eq!(found, used);
    }

    #[test]
    fn a_source_that_an_archive_answers_is_answered_whole() {
        let top = archives().join("../..");
        let further = fs::read_dir(top.join("sources.d")).into_iter().flatten().map(|e| e.expect("an entry").path());
        let mut sources = BTreeMap::new();
        for path in std::iter::once(top.join("sources.toml")).chain(further) {
            let text = fs::read_to_string(&path).expect("sources");
            let file: monitor_model::SourcesFile = toml::from_str(&text).expect("the grammar reads it");
            sources.extend(file.source);
        }
        for name in MANIFESTS {
            let manifest = manifest(name).expect("a manifest");
            let urls: BTreeSet<&str> = manifest.response.iter().map(|a| a.url.as_str()).collect();
            let mut answered = 0;
            for (id, source) in sources.iter().filter(|(_, s)| s.enabled()) {
                let addresses = source.addresses();
                if !addresses.iter().any(|u| urls.contains(u.as_str())) {
                    continue;
                }
                for url in addresses {
                    assert!(urls.contains(url.as_str()), "{name} does not answer {url} of {id}");
                    answered += 1;
                }
            }
            assert!(answered >= 20 && manifest.response.iter().all(|a| a.url.starts_with("https://")));
        }
    }

    #[test]
    fn what_is_planted_is_said_once() {
        let plan = plan().expect("a plan");
        let all: BTreeSet<&Planted> = plan.event.iter().collect();
        assert_eq!(all.len(), plan.event.len());
        assert!(plan.event.len() >= 25 && !plan.broken.is_empty() && !plan.silent.is_empty());
    }
}
