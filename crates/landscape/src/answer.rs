use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{DocumentKey, StageCode, TopicId};
use serde::{Deserialize, Serialize};

/// What one body has on one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The column.
    pub topic: TopicId,
    /// The row.
    pub body: String,
    /// Works by the normalized stage of their newest document here; their sum is the number of works.
    pub stages: BTreeMap<StageCode, usize>,
    /// How many of these works are the home group's own: its body holds other groups as well.
    #[serde(default)]
    pub home: usize,
    /// All documents of these works, sorted.
    pub documents: Vec<DocumentKey>,
}

impl Cell {
    /// How many works.
    pub fn works(&self) -> usize {
        self.stages.values().sum()
    }
}

/// What a table prints in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// So many works.
    Works(usize),
    /// Read, none found.
    None,
    /// Not read: "?".
    NotRead,
}

/// How a counterpart stands to the home item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// One of the two names the other's number.
    Cites,
    /// The same subject and the same words.
    SameScope,
    /// Shared topics and words.
    Overlaps,
    /// A neighbouring subject.
    Complements,
}

impl Relation {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Cites => "cites",
            Relation::SameScope => "same-scope",
            Relation::Overlaps => "overlaps",
            Relation::Complements => "complements",
        }
    }
}

/// What the two have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Shared topics.
    pub topics: Vec<TopicId>,
    /// Shared words, the rarest first.
    pub terms: Vec<String>,
}

/// A document elsewhere that is near to a home item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counterpart {
    /// The home item.
    pub document: DocumentKey,
    /// The document elsewhere.
    pub other: DocumentKey,
    /// 0 to 1.
    pub score: f64,
    /// How it stands to the home item.
    pub relation: Relation,
    /// What they share.
    pub why: Why,
    /// Whether the home item's liaison field names the other's body or group; none where no such field was read.
    #[serde(default)]
    pub liaison_named: Option<bool>,
    /// Liaison statements on AI that have passed between the home group and the other's, the newest first.
    #[serde(default)]
    pub liaisons: Vec<DocumentKey>,
}

/// What complements an item at home as closely as this stands beside it, even if it is on AI alone.
const CLOSE: f64 = 0.4;

impl Counterpart {
    /// Whether the document elsewhere stands beside the item at home for an edition: it overlaps with it, or complements it closely.
    pub fn is_close(&self) -> bool {
        self.relation != Relation::Complements || self.score >= CLOSE
    }
}

/// One body's work on a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Active {
    /// The body.
    pub body: String,
    /// Its documents that are alive, sorted.
    pub documents: Vec<DocumentKey>,
}

/// A topic with work elsewhere and none found at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The topic.
    pub topic: TopicId,
    /// Who works on it.
    pub active_elsewhere: Vec<Active>,
    /// Works found at home: 0.
    pub home: usize,
}

/// A topic with work at home and none found elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alone {
    /// The topic.
    pub topic: TopicId,
    /// The home documents.
    pub documents: Vec<DocumentKey>,
}

/// A home item without movement over two meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// The item.
    pub document: DocumentKey,
    /// When it last moved, if known.
    pub last_moved: Option<Date>,
    /// The meetings that passed since.
    pub meetings: usize,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Send a liaison statement.
    Liaison,
    /// Refer to a finished text (A.5).
    Reference,
    /// Write a contribution.
    Contribution,
    /// Look whether an item is needed, or still alive.
    Check,
}

impl Verb {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Liaison => "liaison",
            Verb::Reference => "reference",
            Verb::Contribution => "contribution",
            Verb::Check => "check",
        }
    }
}

/// One option, for consideration by people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionRow {
    /// The verb.
    #[serde(rename = "do")]
    pub verb: Verb,
    /// The body (and group) that it concerns.
    pub to: String,
    /// The Question it would come from.
    pub question: String,
    /// What carries it: `outgoing LS`, `A.5 reference`, `reference` (for information, or within the home body), `contribution`, `new work item check`, `discontinuation check`.
    pub vehicle: String,
    /// The topic, where the option is about a topic.
    pub topic: Option<TopicId>,
    /// Latest useful date; none when no date is known.
    pub by: Option<Date>,
    /// The documents that it rests on: home items first, then the others, each side's nearest first.
    pub evidence: Vec<DocumentKey>,
}

/// The whole map, in the form of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landscape {
    /// The date for which it speaks.
    pub as_of: Date,
    /// Body and group at home, `ITU-T SG17`.
    #[serde(default)]
    pub home: String,
    /// Rows: home first, then the others in alphabetical order.
    pub bodies: Vec<String>,
    /// Columns, in the taxonomy's order.
    pub topics: Vec<TopicId>,
    /// By topic in column order, then body in row order; empty cells are left out.
    pub cells: Vec<Cell>,
    /// Which Question a topic concerns, as configured.
    pub questions: BTreeMap<TopicId, String>,
    /// Bodies or sources that were not read.
    pub not_read: Vec<String>,
    /// By home item, best first, at most five each.
    pub counterparts: Vec<Counterpart>,
    /// Topics with work elsewhere and none at home, the busiest first.
    pub gaps: Vec<Gap>,
    /// The reverse.
    pub home_alone: Vec<Alone>,
    /// Home items without movement over two meetings, the longest silent first.
    pub silent: Vec<Silence>,
    /// For consideration.
    pub options: Vec<OptionRow>,
}

impl Landscape {
    /// What a table prints for this topic in a row of the home group's own.
    pub fn mark_home(&self, topic: &TopicId) -> Mark {
        let Some(body) = self.bodies.first() else { return Mark::None };
        match self.cells.iter().find(|c| c.topic == *topic && c.body == *body) {
            Some(cell) if cell.home > 0 => Mark::Works(cell.home),
            Some(_) => Mark::None,
            None => self.mark(topic, body),
        }
    }

    /// What a table prints for this topic and body.
    pub fn mark(&self, topic: &TopicId, body: &str) -> Mark {
        if let Some(cell) = self.cells.iter().find(|c| c.topic == *topic && c.body == body) {
            return Mark::Works(cell.works());
        }
        if self.not_read.iter().any(|n| n == body) { Mark::NotRead } else { Mark::None }
    }
}
