use std::path::PathBuf;

/// Why an edition did not reach a recipient.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliverError {
    /// The same edition was delivered with other bytes.
    #[error("edition {edition} was delivered to {recipient} with other contents: an edition is frozen, make a new one or use --resend")]
    Differs {
        /// The edition.
        edition: String,
        /// To whom.
        recipient: String,
    },
    /// A file name that leads elsewhere.
    #[error("“{0}” is not a plain file name: nothing was delivered")]
    Name(String),
    /// The folder or a file in it cannot be written.
    #[error("{}: cannot be written ({why}): make it writable and send again, nothing is sent twice", path.display())]
    Folder {
        /// Which path.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// No letter can be made of the edition.
    #[error("no letter can be made of edition {edition}: {why}")]
    Letter {
        /// The edition.
        edition: String,
        /// What is missing or wrong.
        why: String,
    },
    /// The ledger cannot be read or written; without it nothing is handed over.
    #[error("the ledger of deliveries: {0}")]
    Ledger(String),
    /// A person decided about a delivery that is not there.
    #[error("the ledger has no line for {recipient} of edition {edition}: `monitor send --status` lists them")]
    NoLine {
        /// The edition.
        edition: String,
        /// To whom.
        recipient: String,
    },
}
