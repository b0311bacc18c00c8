use std::path::PathBuf;

use monitor_model::{Delivery, DeliveryState, Ledger, Rendered, Timestamp};

use crate::{folder, hash::hash};

/// Where an edition goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Channel {
    /// Into a folder.
    Folder(PathBuf),
}

impl Channel {
    /// The channel's name in the ledger.
    pub fn name(&self) -> &'static str {
        match self {
            Channel::Folder(_) => "folder",
        }
    }

    /// The recipient in the ledger.
    pub fn recipient(&self) -> String {
        match self {
            Channel::Folder(path) => path.to_string_lossy().into_owned(),
        }
    }
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Handed over now; from [`plan`], the dry run: would be.
    Delivered,
    /// These bytes were handed over before.
    AlreadyDelivered,
}

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
    /// The ledger cannot be read or written; without it nothing is handed over.
    #[error("the ledger of deliveries: {0}")]
    Ledger(String),
}

/// The dry run: what [`deliver`] would do, by the ledger. Neither files nor ledger are touched.
///
/// A `started` line without an end means that a run died in between: a folder is written again, since writing the same bytes into
/// the same files twice is writing them once.
///
/// # Errors
/// When the ledger cannot be read, or the edition was delivered with other bytes.
pub fn plan(files: &[Rendered], channel: &Channel, edition: &str, ledger: &dyn Ledger, resend: bool) -> Result<Outcome, DeliverError> {
    files.iter().try_for_each(|f| folder::check_name(&f.name))?;
    let recipient = channel.recipient();
    let last = ledger.last(edition, channel.name(), &recipient).map_err(DeliverError::Ledger)?;
    match last {
        _ if resend => Ok(Outcome::Delivered),
        Some(line) if line.state == DeliveryState::Done && line.hash == hash(files) => Ok(Outcome::AlreadyDelivered),
        Some(line) if line.state == DeliveryState::Done => Err(DeliverError::Differs { edition: edition.to_owned(), recipient }),
        _ => Ok(Outcome::Delivered),
    }
}

/// Delivers the files of `edition` through `channel`, once.
///
/// # Errors
/// When the ledger cannot be used, the channel refuses (the ledger then says `failed` and the call may be repeated), or the edition
/// was delivered with other bytes and nobody asked to `resend`.
pub fn deliver(
    files: &[Rendered],
    channel: &Channel,
    edition: &str,
    ledger: &dyn Ledger,
    at: Timestamp,
    resend: bool,
) -> Result<Outcome, DeliverError> {
    let planned = plan(files, channel, edition, ledger, resend)?;
    if planned == Outcome::AlreadyDelivered {
        return Ok(planned);
    }
    let line = |state, note: String| Delivery {
        edition: edition.to_owned(),
        channel: channel.name().to_owned(),
        recipient: channel.recipient(),
        state,
        at,
        hash: hash(files),
        note,
    };
    let record = |state, note: String| ledger.write(&line(state, note)).map_err(DeliverError::Ledger);
    record(DeliveryState::Started, String::new())?;
    let handed = match channel {
        Channel::Folder(path) => folder::write(files, path),
    };
    match handed {
        Ok(()) => {
            record(DeliveryState::Done, format!("{} files", files.len()))?;
            Ok(Outcome::Delivered)
        }
        Err(e) => {
            record(DeliveryState::Failed, e.to_string())?;
            Err(e)
        }
    }
}
