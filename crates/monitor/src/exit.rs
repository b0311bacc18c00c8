//! How a command ended, as scripts see it.

use monitor_store::StoreError;

use crate::{code::Code, config::advice};

/// The exit codes of the contract. Nothing else is ever returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well.
    Done = 0,
    /// Internal error, or the store cannot be used.
    Internal = 1,
    /// Usage or configuration error; nothing was fetched.
    Usage = 2,
    /// A selected source failed; the others are stored.
    Partial = 3,
    /// All selected sources failed; the store is as it was.
    AllFailed = 4,
    /// A contract is broken or a source is stale (`--strict`).
    Contract = 5,
    /// An edition is rendered but a delivery failed.
    Delivery = 6,
    /// Another run holds the lock.
    Locked = 7,
    /// Something new (`--exit-new`).
    New = 10,
}

/// An error that knows its exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) error: anyhow::Error,
}

/// An error whose code is known where it is made.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Coded {
    code: Code,
    message: String,
    help: Option<String>,
}

impl Failure {
    /// What was typed cannot be done in this way.
    pub(crate) fn usage(message: impl std::fmt::Display) -> Failure {
        Failure::coded(Code::Asked, message)
    }

    /// An error of this kind.
    pub(crate) fn coded(code: Code, message: impl std::fmt::Display) -> Failure {
        let said = message.to_string();
        let (message, help) = advice(&said);
        Failure { exit: code.exit(), error: Coded { code, message: message.to_owned(), help }.into() }
    }

    /// What this path leads to cannot be written.
    pub(crate) fn unwritable(path: impl AsRef<std::path::Path>, why: &std::io::Error) -> Failure {
        let code = if no_room(why) { Code::Full } else { Code::Output };
        Failure::coded(code, format!("{} cannot be written: {why}", path.as_ref().display()))
    }

    /// What to do.
    pub(crate) fn remedy(&self) -> &str {
        self.error.downcast_ref::<Coded>().and_then(|c| c.help.as_deref()).unwrap_or(self.code().remedy())
    }

    /// The code under which the reference explains it.
    pub(crate) fn code(&self) -> Code {
        if let Some(coded) = self.error.downcast_ref::<Coded>() {
            return coded.code;
        }
        if let Some(store) = self.error.downcast_ref::<StoreError>() {
            return of_store(store);
        }
        match self.exit {
            Exit::Usage if self.error.downcast_ref::<monitor_fetch::FetchError>().is_some() => Code::Archive,
            Exit::Usage => Code::Asked,
            Exit::AllFailed | Exit::Partial => Code::Fetch,
            Exit::Contract => Code::NoList,
            Exit::Delivery => Code::Delivery,
            Exit::Locked => Code::Locked,
            // the system's own words are no fault inside
            Exit::Internal => match self.error.chain().find_map(|e| e.downcast_ref::<std::io::Error>()) {
                Some(e) if no_room(e) => Code::Full,
                Some(_) => Code::System,
                None => Code::Internal,
            },
            Exit::Done | Exit::New => Code::Internal,
        }
    }
}

fn no_room(e: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(e.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

fn of_store(error: &StoreError) -> Code {
    match error {
        StoreError::Locked { .. } => Code::Locked,
        StoreError::Absent { .. } => Code::NoStore,
        StoreError::Lost { .. } => Code::Lost,
        StoreError::Damaged { .. } | StoreError::Unusable { .. } => Code::Damaged,
        StoreError::Denied { .. } => Code::Denied,
        StoreError::Full { .. } => Code::Full,
        StoreError::Newer { .. } => Code::Newer,
        StoreError::Frozen { .. } => Code::Frozen,
        StoreError::NotEmpty { .. } => Code::NotEmpty,
        StoreError::Import { .. } => Code::Export,
        _ => Code::System,
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        let error = error.into();
        let exit = match error.downcast_ref::<StoreError>() {
            Some(store) => of_store(store).exit(),
            _ if error.downcast_ref::<crate::config::ConfigError>().is_some() => Exit::Usage,
            _ => Exit::Internal,
        };
        Failure { exit, error }
    }
}

/// What every command gives back.
pub(crate) type Outcome = Result<Exit, Failure>;
