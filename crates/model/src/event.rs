use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Axis, DocumentKey, Relevance, SourceId, StageCode, Timestamp, TopicId, When};

/// What changed in a document's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Seen for the first time.
    Added,
    /// A new version, edition or draft revision.
    Revised,
    /// The stage changed.
    Stage,
    /// The title changed.
    Title,
    /// The declared date changed.
    Date,
    /// The body withdrew it.
    Withdrawn,
    /// No longer shown by a source that used to show all.
    Gone,
    /// Shown again.
    Back,
}

impl EventKind {
    /// All kinds, in contract order.
    pub const ALL: [EventKind; 8] = [
        EventKind::Added,
        EventKind::Revised,
        EventKind::Stage,
        EventKind::Title,
        EventKind::Date,
        EventKind::Withdrawn,
        EventKind::Gone,
        EventKind::Back,
    ];

    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::Added => "added",
            EventKind::Revised => "revised",
            EventKind::Stage => "stage",
            EventKind::Title => "title",
            EventKind::Date => "date",
            EventKind::Withdrawn => "withdrawn",
            EventKind::Gone => "gone",
            EventKind::Back => "back",
        }
    }
}

/// One change. What is printed beside it (title, topics) is as it stood when it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When we saw it.
    pub at: Timestamp,
    /// Whose life.
    pub document: DocumentKey,
    /// The body.
    pub body: String,
    /// What changed.
    pub kind: EventKind,
    /// The former value; none for `added`.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
    /// For `stage` and `withdrawn`: the normalized code now.
    pub stage: StageCode,
    /// Which source showed it.
    pub source: SourceId,
    /// When it happened in the body's own words: a stage date or a publication date, never the date of the crawl.
    pub event_date: Option<When>,
    /// When the document was first seen.
    pub first_seen: Timestamp,
    /// Title then.
    pub title: String,
    /// Number then.
    pub number: Option<String>,
    /// Primary address then.
    pub url: String,
    /// Topics then.
    pub topics: Vec<TopicId>,
    /// Axes then.
    pub axes: Vec<Axis>,
    /// Relevance then.
    pub relevance: Relevance,
    /// Seen in the first good fetch of its source: it may have happened long before.
    pub backfill: bool,
}

impl Event {
    /// The event in the form of the contract.
    pub fn contract(&self) -> Value {
        json!({
            "at": self.at, "document": self.document, "body": self.body, "kind": self.kind, "from": self.from, "to": self.to,
            "stage": self.stage, "source": self.source, "event_date": self.event_date, "first_seen": self.first_seen,
            "title": self.title, "number": self.number, "url": self.url, "topics": self.topics, "axes": self.axes,
            "relevance": self.relevance, "backfill": self.backfill,
        })
    }
}
