use std::path::PathBuf;

use monitor_model::Rendered;

use crate::{Address, Letter, Server};

/// Where an edition goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Channel {
    /// Its files into a folder.
    Folder(PathBuf),
    /// One `.eml` file per recipient into a folder.
    Eml(PathBuf, Vec<Address>),
    /// One message per recipient to a mail server.
    Smtp(Box<Server>, Vec<Address>),
}

impl Channel {
    /// The channel's name in the ledger.
    pub fn name(&self) -> &'static str {
        match self {
            Channel::Folder(_) => "folder",
            Channel::Eml(..) => "eml",
            Channel::Smtp(..) => "smtp",
        }
    }

    /// The recipients in the ledger, each once, in the order of the configuration.
    pub fn recipients(&self) -> Vec<String> {
        let mut keys = match self {
            Channel::Folder(path) => vec![path.to_string_lossy().into_owned()],
            Channel::Eml(_, to) | Channel::Smtp(_, to) => to.iter().map(Address::key).collect(),
        };
        let mut seen = std::collections::BTreeSet::new();
        keys.retain(|k| seen.insert(k.clone()));
        keys
    }

    /// Whether handing over the same bytes a second time is the same as once.
    pub(crate) fn is_idempotent(&self) -> bool {
        !matches!(self, Channel::Smtp(..))
    }

    /// The address behind a key of the ledger.
    pub(crate) fn address(&self, key: &str) -> Option<&Address> {
        match self {
            Channel::Folder(_) => None,
            Channel::Eml(_, to) | Channel::Smtp(_, to) => to.iter().find(|a| a.key() == key),
        }
    }
}

/// What one edition hands over.
#[derive(Clone, Debug)]
pub struct Consignment {
    /// The edition's id.
    pub edition: String,
    /// The files, for folders.
    pub files: Vec<Rendered>,
    /// The letter, for mail; none when the edition goes to folders only.
    pub letter: Option<Letter>,
}
