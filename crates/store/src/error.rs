use std::{io, path::PathBuf, time::Duration};

use monitor_model::Timestamp;

/// Why the store did not do what was asked. Every message says what happened, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another run has the store open.
    #[error(
        "the store {} is in use by process {pid} ({command}), for {} s; wait until it has ended, or stop it",
        path.display(), age.as_secs()
    )]
    Locked {
        /// The store folder.
        path: PathBuf,
        /// Who holds it; 0 when the holder has not written its name yet.
        pid: u32,
        /// What it was started as.
        command: String,
        /// Its own time of start.
        since: Option<Timestamp>,
        /// For how long it has held the lock.
        age: Duration,
    },
    /// There is no store.
    #[error("there is no store in {}; run `monitor fetch` or `monitor import` first, or name another with --store", path.display())]
    Absent {
        /// The store folder.
        path: PathBuf,
    },
    /// Less is there than was acknowledged.
    #[error(
        "the store {} has lost something: {had} batches were acknowledged and {have} are there; put the folder `journal` back from a copy, \
         or accept the loss with `monitor store rebuild`", path.display()
    )]
    Lost {
        /// The store folder.
        path: PathBuf,
        /// How many batches `head.json` or the index knows of.
        had: u64,
        /// How many the journal has.
        have: u64,
    },
    /// Something is there and is not what was written.
    #[error("{} is damaged: {what}; run `monitor store verify`, then `monitor store rebuild`", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        what: String,
    },
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A later program wrote it.
    #[error("the store {} has format {format}, this program knows up to {known}; use the newer program", path.display())]
    Newer {
        /// The store folder.
        path: PathBuf,
        /// Its format.
        format: u32,
        /// The newest format known here.
        known: u32,
    },
    /// An edition is never changed.
    #[error("edition “{edition}” is frozen with other contents; make an edition with another name")]
    Frozen {
        /// Its id.
        edition: String,
    },
    /// An import wants an empty store.
    #[error("the store {} already holds {documents} documents; import an export into an empty one (--store DIR)", path.display())]
    NotEmpty {
        /// The store folder.
        path: PathBuf,
        /// What it holds.
        documents: u64,
    },
    /// An export that cannot be read.
    #[error("line {line} of the export: {what}; nothing was imported")]
    Import {
        /// The line, from 1.
        line: u64,
        /// What does not hold.
        what: String,
    },
    /// An earlier write failed half way.
    #[error("the store {} must be opened again: {why}", path.display())]
    Unusable {
        /// The store folder.
        path: PathBuf,
        /// What failed.
        why: String,
    },
}

impl StoreError {
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.into();
        move |source| StoreError::Io { doing, path, source }
    }

    pub(crate) fn damaged(path: impl Into<PathBuf>, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: path.into(), what: what.into() }
    }
}
