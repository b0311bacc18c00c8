use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

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
    /// This user may not read or write it.
    #[error("this user may not {doing} {} ({source}); nothing was changed: {}; --store names another store", path.display(), allow(source, path))]
    Denied {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk, the quota or the limit of file sizes is used up.
    #[error(
        "no room to {doing} {} ({source}); what was acknowledged is safe, the rest was not stored: make room (disk, quota, `ulimit -f`), \
         repeat the command, and see by `monitor store verify` that the store is whole", path.display()
    )]
    Full {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
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
    #[error(
        "{} has format {format}, this program knows up to {known}; use the newer program that wrote it (its `monitor store export FILE` and \
         this one's `monitor --store DIR store import FILE` take the store back), or, if only head.json was changed, run `monitor store rebuild`",
        path.display()
    )]
    Newer {
        /// The store folder, or its file.
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

/// What lets this user in. No right helps where the file system takes nothing.
fn allow(why: &io::Error, path: &Path) -> String {
    if why.kind() == ErrorKind::ReadOnlyFilesystem {
        return "the file system is mounted to be read only: copy the folder to another one and name the copy".to_owned();
    }
    format!("run `chmod -R u+rwX {0}` as its owner (or `chown -R` it to this user), then repeat the command", folder_of(path).display())
}

/// The store folder in which a file lies, or the file itself.
fn folder_of(path: &Path) -> &Path {
    let inner = ["db", "db.building", "journal", "quarantine"];
    let own = ["lock", "head.json", "head.tmp", "db", "journal"];
    let name = |p: &Path| p.file_name().and_then(|n| n.to_str()).map(str::to_owned).unwrap_or_default();
    match path.parent() {
        Some(above) if inner.contains(&name(above).as_str()) => above.parent().unwrap_or(above),
        Some(above) if own.contains(&name(path).as_str()) => above,
        _ => path,
    }
}

impl StoreError {
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.into();
        move |source| match source.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::Denied { doing, path, source },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => StoreError::Full { doing, path, source },
            _ => StoreError::Io { doing, path, source },
        }
    }

    /// Whether the system is in the way: what lies on the disk may be whole, and nothing must be repaired.
    pub(crate) fn is_of_the_system(&self) -> bool {
        matches!(self, StoreError::Denied { .. } | StoreError::Full { .. } | StoreError::Io { .. })
    }

    pub(crate) fn damaged(path: impl Into<PathBuf>, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: path.into(), what: what.into() }
    }
}
