//! How a command ended, as scripts see it.

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

impl Failure {
    /// A usage or configuration error.
    pub(crate) fn usage(message: impl std::fmt::Display) -> Failure {
        Failure { exit: Exit::Usage, error: anyhow::anyhow!("{message}") }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Failure {
        let error = error.into();
        let exit = match error.downcast_ref::<monitor_store::StoreError>() {
            Some(monitor_store::StoreError::Locked { .. }) => Exit::Locked,
            _ if error.downcast_ref::<crate::config::ConfigError>().is_some() => Exit::Usage,
            _ => Exit::Internal,
        };
        Failure { exit, error }
    }
}

/// What every command gives back.
pub(crate) type Outcome = Result<Exit, Failure>;
