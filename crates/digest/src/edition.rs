use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Access, Axis, DocumentKey, EventKind, EvidenceLevel, Relevance, SourceId, StageCode, Timestamp, TopicId, When};
use serde::{Deserialize, Serialize};

use crate::{Correction, Form};

/// One edition: what the contract calls `digest --format json`, and all that a template may print.
///
/// Crawled text in it is already one line, without control or direction-changing characters, and bounded; it is still not escaped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    /// Its id, e.g. `2026-10-monthly`.
    pub edition: String,
    /// What it looks like.
    pub form: Form,
    /// The instant for which it speaks.
    pub as_of: Timestamp,
    /// Start of its window.
    pub since: Timestamp,
    /// End of its window.
    pub until: Timestamp,
    /// Whose it is.
    pub group: GroupLine,
    /// At most twelve lines that say it all.
    pub glance: Vec<GlanceLine>,
    /// At most three.
    pub headlines: Vec<Headline>,
    /// The parts of `changes`, in order.
    pub sections: Vec<Section>,
    /// One per work, in the order in which they are printed.
    pub changes: Vec<Change>,
    /// News and papers without a standards link.
    pub also_reported: AlsoReported,
    /// Coming dates, earliest first.
    pub deadlines: Vec<DateLine>,
    /// Said when the calendar has no plenary ahead.
    pub calendar_note: Option<String>,
    /// What stands near the home group's items elsewhere: all pairs.
    pub counterparts: Vec<Counterpart>,
    /// The same by home item, the nearest first, as printed.
    pub near: Vec<NearItem>,
    /// How many items of the home group are known; without one nothing can stand near.
    pub home_items: usize,
    /// Whether the home group's own pages were looked at; without that a gap says nothing.
    pub home_known: bool,
    /// Topics with work elsewhere and none found at home.
    pub gaps: Vec<GapLine>,
    /// Topics with work at home and none found elsewhere.
    pub alone: Vec<Alone>,
    /// Home items without movement over two meetings.
    pub silent: Vec<SilentLine>,
    /// Where gaps, counterparts and silence were searched, until when.
    pub searched: String,
    /// For consideration.
    pub options: Vec<OptionLine>,
    /// What rises and falls.
    pub trends: Trends,
    /// The matrix and its rows; only in the map form.
    pub map: Option<MapView>,
    /// Every source with its status, failures first.
    pub coverage: Vec<CoverageLine>,
    /// What earlier editions got wrong; empty is printed as “None”.
    pub corrections: Vec<Correction>,
    /// How it was made.
    pub method: Method,
    /// Names of the topics and framings that occur.
    pub labels: BTreeMap<String, String>,
    /// Rows that a table prints at most; none: all. What is beyond is counted and the command that lists it is printed.
    pub rows: Option<usize>,
}

/// Whose edition it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    /// The group.
    pub name: String,
    /// Its body and study group, e.g. `ITU-T SG17`.
    pub home: String,
    /// The source line.
    pub source_line: String,
    /// What the digest is called.
    pub title: String,
    /// Where everything goes that no Question claims.
    pub default_question: String,
}

/// One line of the first screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlanceLine {
    /// `period`, `counts`, `bodies`, `headline`, `date`, `unread` …
    pub id: String,
    /// The line.
    pub text: String,
}

/// A document as a line refers to it: name first, then reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ref {
    /// Its key.
    pub document: DocumentKey,
    /// The body.
    pub body: String,
    /// Committee or group.
    pub group: Option<String>,
    /// The number.
    pub number: Option<String>,
    /// The title.
    pub title: String,
    /// The primary address; empty when it is no web address.
    pub url: String,
    /// Its stage.
    pub status: Status,
    /// Whether a reader can get it.
    pub access: Access,
    /// Language of the title.
    pub lang: Option<String>,
}

/// A stage: the body's word, ours, and what a reader must not take it for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The body's own word; empty when the source does not state a stage.
    pub raw: String,
    /// The normalized code.
    pub code: StageCode,
    /// Both as printed: `“FDIS” (approval)`, or `stage not stated`.
    pub words: String,
    /// E.g. `individual Internet-Draft, not an IETF standard`.
    pub note: Option<String>,
}

/// What happened, in the order in which a section prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Published.
    Published,
    /// In approval or ballot.
    Approval,
    /// Open for comment.
    Consultation,
    /// New work.
    NewWork,
    /// A draft that was not known.
    NewDraft,
    /// New, without a stage that we can map.
    New,
    /// A draft went on.
    Revised,
    /// Another stage.
    Stage,
    /// Another title.
    Title,
    /// Another date.
    Date,
    /// Listed again.
    Back,
    /// Replaced by a newer text.
    Superseded,
    /// Withdrawn by its body.
    Withdrawn,
    /// Lapsed.
    Expired,
    /// No longer listed; the body has not said why.
    Gone,
}

impl What {
    /// As a reader sees it.
    pub fn words(self) -> &'static str {
        match self {
            What::Published => "published",
            What::Approval => "in approval",
            What::Consultation => "open for comment",
            What::NewWork => "new work item",
            What::NewDraft => "new draft",
            What::New => "new",
            What::Revised => "draft revised",
            What::Stage => "stage changed",
            What::Title => "title changed",
            What::Date => "date changed",
            What::Back => "listed again",
            What::Superseded => "superseded",
            What::Withdrawn => "withdrawn",
            What::Expired => "expired",
            What::Gone => "no longer listed",
        }
    }

    /// Whether it ends a life: these stand in a group of their own.
    pub fn is_end(self) -> bool {
        matches!(self, What::Superseded | What::Withdrawn | What::Expired | What::Gone)
    }
}

/// A part of the changes: one framing, or what ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The framing's id, `unframed`, or `ended`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What stands in it.
    pub definition: String,
    /// How many changes.
    pub count: usize,
    /// Lists all of them.
    pub command: String,
}

/// A term of the document that led to a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The taxonomy's term.
    pub term: String,
    /// `title`, `summary` or `keywords`.
    pub field: String,
    /// The topic; none when it only says that the item is relevant.
    pub topic: Option<TopicId>,
}

/// Another place or number of the same work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    /// What it is called.
    pub label: String,
    /// Where.
    pub url: String,
}

/// One work that changed: the contract's event with what a reader needs to judge it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When we saw it.
    pub at: Timestamp,
    /// Whose life.
    pub document: DocumentKey,
    /// The work.
    pub work: DocumentKey,
    /// The body.
    pub body: String,
    /// Committee or group.
    pub group: Option<String>,
    /// What changed.
    pub kind: EventKind,
    /// The former value.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
    /// The normalized code now.
    pub stage: StageCode,
    /// Which source showed it.
    pub source: SourceId,
    /// When it happened in the body's own words.
    pub event_date: Option<When>,
    /// When the document was first seen.
    pub first_seen: Timestamp,
    /// The name.
    pub title: String,
    /// The reference.
    pub number: Option<String>,
    /// The primary address; empty when it is no web address.
    pub url: String,
    /// Topics.
    pub topics: Vec<TopicId>,
    /// Framings.
    pub axes: Vec<Axis>,
    /// Always `relevant`.
    pub relevance: Relevance,
    /// The section in which it stands.
    pub section: String,
    /// What happened.
    pub what: What,
    /// The same in words.
    pub what_words: String,
    /// The stage now.
    pub status: Status,
    /// The stage before, in the body's word, for a change of stage.
    pub status_from: Option<String>,
    /// Which date this is, e.g. `published 2026-10-12`.
    pub date: String,
    /// Questions that it may concern.
    pub questions: Vec<String>,
    /// Whether the body's own page names the Question; otherwise it is routed by our table.
    pub question_named: bool,
    /// Why you see it.
    pub why: String,
    /// The terms behind `why`.
    pub matched: Vec<Matched>,
    /// How near to the body the evidence stands.
    pub evidence: EvidenceLevel,
    /// `reported by …, not confirmed`.
    pub unconfirmed: Option<String>,
    /// Whether a reader can get the text.
    pub access: Access,
    /// Language of the title.
    pub lang: Option<String>,
    /// Other places and numbers of the same work.
    pub also_at: Vec<Also>,
    /// What else happened to it in the window.
    pub also_changed: Vec<String>,
    /// blake3 (hex) of the body from which the row was read.
    pub hash: String,
    /// When the row was last compared with its source.
    pub last_checked: Timestamp,
    /// Last compared more than 60 days before `as_of`.
    pub aged: bool,
    /// Until when somebody may comment, if still ahead.
    pub deadline: Option<When>,
}

/// One of the three things to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// The change behind it.
    pub document: DocumentKey,
    /// The name.
    pub title: String,
    /// The reference.
    pub number: Option<String>,
    /// The body.
    pub body: String,
    /// The primary address.
    pub url: String,
    /// What happened, with the body's word.
    pub what: String,
    /// Which date this is.
    pub date: String,
    /// Why it matters to the home group, at most 25 words, by rule.
    pub why: String,
    /// Questions.
    pub questions: Vec<String>,
    /// The sum by the printed rules.
    pub points: u32,
    /// How the sum came about.
    pub reckoning: String,
}

/// News and papers without a standards link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlsoReported {
    /// The newest.
    pub items: Vec<Ref>,
    /// Date words of the items, in the same order.
    pub dates: Vec<String>,
    /// How many more.
    pub rest: usize,
    /// Lists all of them.
    pub command: String,
}

/// One coming date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateLine {
    /// The first or only day (UTC).
    pub date: Date,
    /// As printed: with its precision, last day or time.
    pub words: String,
    /// What is due or begins.
    pub what: String,
    /// `comment`, `reply`, `meeting` or the calendar rule's id.
    pub kind: String,
    /// The document, for a consultation or a liaison.
    pub document: Option<DocumentKey>,
    /// Who meets or asks.
    pub body: String,
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
    /// Whether the home item's liaison field names the other body.
    pub liaison_named: bool,
    /// Names of the topics that they share.
    pub topics: Vec<String>,
    /// The words that they share.
    pub terms: Vec<String>,
    /// The home item.
    pub home: Ref,
    /// The other.
    pub there: Ref,
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
    /// How many documents.
    pub count: usize,
    /// Some of them.
    pub documents: Vec<Ref>,
}

/// A topic with work elsewhere and none found at home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapLine {
    /// The topic.
    pub topic: TopicId,
    /// Its name.
    pub label: String,
    /// Documents elsewhere.
    pub count: usize,
    /// Who works on it.
    pub active_elsewhere: Vec<ActiveLine>,
    /// Always 0.
    pub home: usize,
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
    /// Some of the works.
    pub documents: Vec<Ref>,
}

/// The matrix and its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapView {
    /// Bodies that have a work, in groups that fit on a page.
    pub columns: Vec<Vec<String>>,
    /// How many bodies are in a full group.
    pub width: usize,
    /// Bodies that were read and have no work on any topic.
    pub none_found: Vec<String>,
    /// One per topic.
    pub topics: Vec<MapTopic>,
    /// Bodies or sources that were not read.
    pub not_read: Vec<String>,
    /// All documents.
    pub rows: Vec<MapRow>,
}

/// One row of the matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapTopic {
    /// The topic.
    pub id: TopicId,
    /// Its name.
    pub label: String,
    /// Works in all bodies.
    pub works: usize,
    /// One per body that has a column, in their order.
    pub cells: Vec<MapCell>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapCell {
    /// The body.
    pub body: String,
    /// A number, blank for “none found”, `?` for “not read”.
    pub mark: String,
    /// By stage, e.g. `2 published, 1 draft`.
    pub stages: String,
    /// The documents behind it.
    pub documents: Vec<MapLink>,
}

/// A document as a cell points to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapLink {
    /// Its key.
    pub document: DocumentKey,
    /// Its number, or its title.
    pub name: String,
    /// The row's name inside the page.
    pub anchor: String,
}

/// One row of annex B.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapRow {
    /// The document.
    #[serde(flatten)]
    pub item: Ref,
    /// A name for links inside the page.
    pub anchor: String,
    /// What sort of thing it is.
    pub kind: String,
    /// When the stage was reached, or the date that the body gives.
    pub date: String,
    /// Names of its topics.
    pub topics: Vec<String>,
    /// Names of its framings.
    pub framings: Vec<String>,
    /// Questions.
    pub questions: Vec<String>,
    /// Numbers of its counterparts.
    pub counterparts: Vec<String>,
    /// Day of the last comparison with its source.
    pub last_checked: String,
    /// How near to the body the evidence stands.
    pub evidence: EvidenceLevel,
}

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
    /// Changes of this edition that it showed.
    pub changes: usize,
    /// What went wrong, why robots.txt is not asked, why it is off.
    pub remarks: Vec<String>,
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
