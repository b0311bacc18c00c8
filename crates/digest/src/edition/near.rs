use jiff::civil::Date;
use monitor_model::{DocumentKey, TopicId};
use serde::{Deserialize, Serialize};

use super::Ref;

/// One coming date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateLine {
    /// The first or only day (UTC).
    pub date: Date,
    /// Its name: the calendar's meeting and rule, empty for a document's.
    #[serde(default)]
    pub id: String,
    /// The last day, for what takes several.
    #[serde(default)]
    pub end: Option<Date>,
    /// As printed: with its precision, last day or time.
    pub words: String,
    /// What is due or begins.
    pub what: String,
    /// `comment`, `reply`, `awaited` (an answer that others owe us), `meeting` or the calendar rule's id.
    pub kind: String,
    /// The document, for a consultation or a liaison.
    pub document: Option<DocumentKey>,
    /// Who meets or asks.
    pub body: String,
    /// Who may answer, as a group or a role; empty when not stated.
    #[serde(default)]
    pub who: String,
    /// Where; empty when not known.
    pub place: String,
    /// A page about it; empty when there is none.
    pub url: String,
    /// Where the date comes from.
    pub basis: String,
    /// `to be confirmed` and the like; empty when announced.
    pub caution: String,
}

/// A home item and what stands near it elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counterpart {
    /// The home item's key, as in the contract.
    pub document: DocumentKey,
    /// The other's key, as in the contract.
    pub other: DocumentKey,
    /// 0 to 1, by the rules of the landscape.
    pub score: f64,
    /// `same-scope`, `overlaps`, `complements` or `cites`.
    pub relation: String,
    /// The same as a verb: `has the same scope as`.
    #[serde(default)]
    pub verb: String,
    /// Whether the home item's liaison field names the other body; none where no such field was read.
    #[serde(default)]
    pub liaison_named: Option<bool>,
    /// The newest liaison statements between the two groups that are public, as far as read.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Names of the topics that they share.
    pub topics: Vec<String>,
    /// The words that they share.
    pub terms: Vec<String>,
    /// The home item.
    pub home: Ref,
    /// The other.
    pub there: Ref,
}

/// A liaison statement between two groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its number, or its title.
    pub name: String,
    /// Its date; empty when not given.
    pub date: String,
    /// Where it stands.
    pub url: String,
}

/// A home item with its nearest counterparts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NearItem {
    /// The home item.
    pub home: Ref,
    /// The nearest.
    pub others: Vec<Counterpart>,
    /// How many more there are.
    pub rest: usize,
}

/// One body's work on a topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActiveLine {
    /// The body.
    pub body: String,
    /// How many works.
    pub count: usize,
    /// How many of them are drafts that anyone may post.
    #[serde(default)]
    pub individual: usize,
    /// How many a body stands behind and are about the security of AI or AI in security: by these a gap is ranked.
    #[serde(default)]
    pub firm: usize,
    /// Some of them, what a body stands behind first.
    pub documents: Vec<Ref>,
}

/// A topic with work elsewhere and none found at home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapLine {
    /// The topic.
    pub topic: TopicId,
    /// Its name.
    pub label: String,
    /// Works elsewhere.
    pub count: usize,
    /// How many of them are drafts that anyone may post.
    #[serde(default)]
    pub individual: usize,
    /// Who works on it.
    pub active_elsewhere: Vec<ActiveLine>,
    /// Always 0.
    pub home: usize,
    /// Items of ours that overlap the documents above although none is on the topic: then it is no gap.
    #[serde(default)]
    pub nearest: Vec<Ref>,
}

/// A topic with work at home and none found elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// The topic.
    pub topic: TopicId,
    /// Its name.
    pub label: String,
    /// The home documents.
    pub documents: Vec<Ref>,
}

/// A home item without movement over two meetings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SilentLine {
    /// The item.
    pub item: Ref,
    /// When it last moved, if known.
    pub last_moved: Option<Date>,
    /// Meetings since.
    pub meetings: usize,
}

/// One option, for consideration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionLine {
    /// `liaison`, `reference`, `contribution` or `check`.
    #[serde(rename = "do")]
    pub verb: String,
    /// The body or group concerned.
    pub to: String,
    /// The Question.
    pub question: String,
    /// What carries it.
    pub vehicle: String,
    /// The option in words: what, to whom, about what.
    #[serde(default)]
    pub words: String,
    /// The topic's name, where it is about one.
    pub topic: Option<String>,
    /// Latest useful date.
    pub by: Option<Date>,
    /// What it rests on.
    pub evidence: Vec<Ref>,
}

/// What rises and falls: the contract's object, and the lines that an edition prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trends {
    /// As counted.
    #[serde(flatten)]
    pub counted: monitor_trends::Trends,
    /// Those that moved, for readers.
    pub lines: Vec<TrendLine>,
    /// Said about the counts.
    pub note: String,
}

/// One topic that moved, or a term that emerges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendLine {
    /// Topic id or term.
    pub id: String,
    /// For readers.
    pub label: String,
    /// `rising`, `falling`, `new` or `term`.
    pub verdict: String,
    /// Works in the window.
    pub now: usize,
    /// As the counts say it, with their uncertainty.
    pub words: String,
    /// The counts of the windows before and of this one, oldest first; empty where they are not counted.
    #[serde(default)]
    pub history: Vec<usize>,
    /// Some of the works.
    pub documents: Vec<Ref>,
}

/// Two documents of one body that may be one text under two names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergeCandidate {
    /// The one.
    pub a: Ref,
    /// The other.
    pub b: Ref,
    /// Makes them one, if a person finds that they are.
    pub command: String,
}
