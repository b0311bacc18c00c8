use std::{io, path::PathBuf};

/// Why a [`Fetcher`](crate::Fetcher) could not be made. What goes wrong later is an [`Outcome`](crate::Outcome).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The agent cannot be written into a header.
    #[error("agent “{agent}” cannot be sent as User-Agent: use printable ASCII in [agent] name and contact")]
    Agent {
        /// The header as it would be.
        agent: String,
    },
    /// An archive to answer from could not be read.
    #[error("archive {path} cannot be read: {source}")]
    Archive {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An archive to answer from holds nothing.
    #[error("archive {path} holds no response record: is it a WARC file (.warc or .warc.gz)?")]
    EmptyArchive {
        /// The file.
        path: PathBuf,
    },
    /// The archive to record into could not be opened.
    #[error("cannot record into {path}: {source}")]
    Record {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Recording and replaying at once.
    #[error("--record and --replay exclude each other: what is replayed is in an archive already")]
    RecordInReplay,
}
