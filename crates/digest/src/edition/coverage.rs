use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{SourceId, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether a source speaks for this edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageClass {
    /// Tried and failed, or silent for too long.
    Failed,
    /// Read.
    Read,
    /// Not read: needs a login, switched off, or never tried.
    NotRead,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoverageLine {
    /// Its id.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Its body.
    pub body: String,
    /// Its address; empty when it is no web address.
    pub url: String,
    /// Whether it speaks for this edition.
    pub class: CoverageClass,
    /// `ok`, `not-modified`, `blocked` … or `never read`, `off`, `login`.
    pub status: String,
    /// The status in words.
    pub words: String,
    /// The last good fetch.
    pub last_success: Option<Timestamp>,
    /// The last fetch that brought something new.
    pub last_new: Option<Timestamp>,
    /// The first good fetch.
    pub first_success: Option<Timestamp>,
    /// Rows of the last good fetch.
    pub collected: u64,
    /// Of a file: the day of its newest dated record on AI, which tells how far it reaches.
    #[serde(default)]
    pub newest: Option<Date>,
    /// Changes of this edition that it showed.
    pub changes: usize,
    /// What went wrong, why robots.txt is not asked, why it is off.
    pub remarks: Vec<String>,
}

/// The status of a file that somebody imported.
pub(crate) const IMPORTED: &str = "imported";

impl CoverageLine {
    /// Whether it is a file that somebody imported: it was taken in once, and nobody reads its source.
    pub fn is_imported(&self) -> bool {
        self.class == CoverageClass::Read && self.status == IMPORTED
    }

    /// Whether it was read at its source.
    pub fn is_read(&self) -> bool {
        self.class == CoverageClass::Read && !self.is_imported()
    }
}

/// How the edition was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// The program's version.
    pub tool: String,
    /// The taxonomy's version.
    pub taxonomy: String,
    /// Makes the same edition again.
    pub command: String,
    /// The ranking rules, as applied.
    pub ranking: Vec<String>,
    /// The selection rules, as applied.
    pub selection: Vec<String>,
    /// Events of the window.
    pub events: usize,
    /// Works shown.
    pub works: usize,
    /// Events that are not shown, by reason: with those shown they add up to `events`.
    pub left_out: LeftOut,
    /// Sources by class.
    pub sources: BTreeMap<String, usize>,
    /// Routing is a proposal.
    pub routing: String,
}

/// Events that are not lines of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The document is not relevant, was set aside by a person, or is not in the store any more.
    pub not_relevant: usize,
    /// Seen for the first time, but its own date lies before the window.
    pub old_newly_watched: usize,
    /// In the first fetch of its source and without a day or month of its own.
    pub undated_newly_watched: usize,
    /// In the first fetch of its source and dated after the window.
    pub dated_ahead: usize,
    /// A further event of a work that has a line.
    pub same_work: usize,
    /// News and papers without a standards link.
    pub also_reported: usize,
}
