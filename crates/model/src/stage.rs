use std::fmt;

use serde::{Deserialize, Serialize};

use crate::When;

/// The normalized stages of all bodies. The body's own word always stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageCode {
    /// Nothing that we can map: shown as the body's word.
    #[default]
    Unknown,
    /// Thought of, not yet accepted (ISO 00).
    Idea,
    /// Accepted as new work (ISO 10, a new work item).
    NewWork,
    /// Being written (ISO 20-30, Internet-Draft, under study).
    Draft,
    /// Open for comment (ISO 40, public draft, AAP Last Call).
    Consultation,
    /// In approval or ballot (ISO 50, consented, determined).
    Approval,
    /// In force, published, active.
    Published,
    /// Replaced by a newer one.
    Superseded,
    /// Withdrawn, retired, stopped.
    Withdrawn,
    /// Lapsed without a decision (an expired Internet-Draft).
    Expired,
}

impl StageCode {
    /// All codes, in the order of a document's life.
    pub const ALL: [StageCode; 10] = [
        StageCode::Idea,
        StageCode::NewWork,
        StageCode::Draft,
        StageCode::Consultation,
        StageCode::Approval,
        StageCode::Published,
        StageCode::Superseded,
        StageCode::Withdrawn,
        StageCode::Expired,
        StageCode::Unknown,
    ];

    /// The code as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            StageCode::Unknown => "unknown",
            StageCode::Idea => "idea",
            StageCode::NewWork => "new-work",
            StageCode::Draft => "draft",
            StageCode::Consultation => "consultation",
            StageCode::Approval => "approval",
            StageCode::Published => "published",
            StageCode::Superseded => "superseded",
            StageCode::Withdrawn => "withdrawn",
            StageCode::Expired => "expired",
        }
    }

    /// Whether the document's life has ended.
    pub fn is_over(self) -> bool {
        matches!(self, StageCode::Superseded | StageCode::Withdrawn | StageCode::Expired)
    }

    /// Reads the contract's word.
    pub fn from_word(word: &str) -> Option<StageCode> {
        Self::ALL.into_iter().find(|c| c.as_str() == word)
    }
}

impl fmt::Display for StageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A stage in the body's own words, with the normalized code beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stage {
    /// The body's own word, e.g. `Deliverable published`.
    pub raw: String,
    /// The normalized code.
    pub code: StageCode,
    /// When the stage was reached, if known.
    pub date: Option<When>,
}
