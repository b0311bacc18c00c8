use jiff::civil::Date;
use monitor_model::{DocumentKey, StageCode};
use serde::{Deserialize, Serialize};

use super::{Counterpart, DateLine, OptionLine, Ref};

/// The block at the head of a document of the home group, in the order of its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderBlock {
    /// E.g. `2025-2028`.
    pub study_period: String,
    /// The document's number; the secretariat gives it, until then `TDxxx`.
    pub number: String,
    /// E.g. `STUDY GROUP 17`.
    pub group: String,
    /// E.g. `All/17`.
    pub questions: String,
    /// Place and dates of the meeting to which it goes.
    pub meeting: String,
    /// `TD` or `LIAISON STATEMENT`.
    pub kind: String,
    /// A role, not a person.
    pub source: String,
    /// Title.
    pub title: String,
    /// One word.
    pub purpose: String,
    /// A role, not a private address.
    pub contact: String,
    /// Separated by semicolons.
    pub keywords: String,
    /// At most three sentences.
    pub summary: String,
    /// What the group is invited to do.
    pub action: String,
}

/// A draft that may be out before the next plenary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComingLine {
    /// The draft.
    pub item: Ref,
    /// Why it is here: its stage in the body's word, or the date that the body states.
    pub basis: String,
    /// Questions.
    pub questions: Vec<String>,
}

/// An item of the home group with what stands near it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemLine {
    /// The item.
    pub home: Ref,
    /// Its Questions.
    pub questions: Vec<String>,
    /// The nearest elsewhere; empty: none found.
    pub others: Vec<Counterpart>,
    /// How many more there are.
    pub rest: usize,
}

/// A subject that a report looks at apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CornerView {
    /// Its id in `editions.toml`.
    pub id: String,
    /// Its heading.
    pub label: String,
    /// Works in all bodies.
    pub works: usize,
    /// Works that changed in the window.
    pub changed: usize,
    /// By body, the busiest first.
    pub bodies: Vec<CornerBody>,
    /// Bodies that it names and that were not read.
    pub not_read: Vec<String>,
    /// Bodies that it names, that were read, and where none was found.
    pub none_found: Vec<String>,
}

/// One body's works on a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CornerBody {
    /// The body.
    pub body: String,
    /// How many works.
    pub works: usize,
    /// By stage, e.g. `2 published, 1 draft`.
    pub stages: String,
    /// How many of them changed in the window.
    pub changed: usize,
    /// Some of them, changed ones first.
    pub examples: Vec<Ref>,
}

/// Texts on AI that say nothing of its security, on one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BesideView {
    /// Its heading.
    pub label: String,
    /// The texts, by body and reference.
    pub items: Vec<Ref>,
}

/// One of the questions that a report answers, with the answer by rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// 1 to 10.
    pub number: usize,
    /// The question.
    pub question: String,
    /// The answer in one line.
    pub answer: String,
    /// The same in pieces, some of which lead to a document.
    #[serde(default)]
    pub pieces: Vec<Piece>,
    /// Where the documents behind it stand.
    pub section: String,
    /// By which rule it was made.
    #[serde(default)]
    pub rule: String,
}

/// What became of an item of the home group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The item.
    pub document: DocumentKey,
    /// Its number, or its title.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub url: String,
    /// Whether it goes on.
    pub open: bool,
    /// Its dated stages, in order.
    pub steps: Vec<LifeStep>,
}

/// A stage with the day on which it was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeStep {
    /// The day, or the first of what its date covers: where it stands in a picture.
    pub date: Date,
    /// The date as finely as it is known: 2026-03-04 or 2026-03.
    #[serde(default)]
    pub said: String,
    /// The stage.
    pub stage: StageCode,
}

/// A meeting of the home group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingSpan {
    /// What it is called.
    pub title: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// Whether it is a plenary.
    pub plenary: bool,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// Where it leads; empty when nowhere.
    pub url: String,
}

/// What the forms on demand say: a liaison statement's skeleton, a flash note, a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Which option it is about, counted from 1; none when about all.
    pub option: Option<usize>,
    /// Options that it is about.
    pub options: Vec<NoteOption>,
    /// Dates that are near.
    pub urgent: Vec<UrgentLine>,
    /// Under how many days a date is near.
    pub days: i64,
}

/// An option with what a skeleton needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteOption {
    /// Its number among the options, from 1.
    pub number: usize,
    /// The option.
    #[serde(flatten)]
    pub option: OptionLine,
    /// Its documents of the home group.
    pub home: Vec<Ref>,
    /// Its documents elsewhere.
    pub there: Vec<Ref>,
    /// Topics that both sides share.
    pub topics: Vec<String>,
    /// Words that both sides share.
    pub terms: Vec<String>,
    /// What the topics mean, from the taxonomy.
    pub expertise: Vec<String>,
    /// The Questions' titles, where a source gives them.
    pub question_title: String,
    /// Until when an answer is asked for, where a meeting after the approving one is known.
    #[serde(default)]
    pub reply_by: Option<Date>,
}

/// A date that is near.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UrgentLine {
    /// The date.
    #[serde(flatten)]
    pub date: DateLine,
    /// Days left.
    pub days_left: i64,
    /// The document's number and body.
    pub reference: String,
    /// Questions that it may concern.
    pub questions: Vec<String>,
    /// Home items near to it.
    pub near: Vec<DocumentKey>,
    /// The same, named.
    pub near_names: Vec<String>,
}
