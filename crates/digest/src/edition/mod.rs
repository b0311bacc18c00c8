//! What an edition holds: all that a template may print.

mod change;
mod coverage;
mod map;
mod near;
mod report;

use std::collections::BTreeMap;

use monitor_model::{DocumentKey, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use change::COMMENTS_CLOSED;
pub use change::{Also, AlsoReported, Change, Matched, Ref, Section, Status, What};
pub(crate) use coverage::IMPORTED;
pub use coverage::{CoverageClass, CoverageLine, LeftOut, Method};
pub use map::{MapCell, MapLink, MapRow, MapTopic, MapView};
pub use near::{
    ActiveLine, Alone, Contact, Counterpart, DateLine, GapLine, MergeCandidate, NearItem, OptionLine, SilentLine, TrendLine, Trends,
};
pub use report::{
    Answer, BesideView, ComingLine, CornerBody, CornerView, HeaderBlock, ItemLine, Life, LifeStep, MeetingSpan, Note, NoteOption, Piece,
    UrgentLine,
};

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
    /// The first and the last day of the window, as printed.
    pub period: String,
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
    /// Public drafts of late of which nobody says until when comments are taken.
    #[serde(default)]
    pub open_without_end: Vec<Ref>,
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
    /// The same in short, for a report's body.
    #[serde(default)]
    pub searched_short: String,
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
    /// Its name in `editions.toml`.
    #[serde(default)]
    pub name: String,
    /// The block at its head, for documents of the home group.
    #[serde(default)]
    pub header: Option<HeaderBlock>,
    /// Drafts that may be out before the next plenary.
    #[serde(default)]
    pub coming: Vec<ComingLine>,
    /// Every item of the home group with what stands near it.
    #[serde(default)]
    pub items: Vec<ItemLine>,
    /// How many of them have something near elsewhere, the same in every form.
    #[serde(default)]
    pub paired: usize,
    /// Pairs that may be one text: counted once, merged by nobody but a person.
    #[serde(default)]
    pub merge_candidates: Vec<MergeCandidate>,
    /// What became of the home group's items in the last months.
    #[serde(default)]
    pub lives: Vec<Life>,
    /// The home group's meetings in the same months and those ahead.
    #[serde(default)]
    pub meetings: Vec<MeetingSpan>,
    /// Subjects looked at apart.
    #[serde(default)]
    pub corners: Vec<CornerView>,
    /// Texts on AI that say nothing of its security, for orientation: counted nowhere.
    #[serde(default)]
    pub beside: Vec<BesideView>,
    /// Whether only approved rows are lines.
    #[serde(default)]
    pub approval: bool,
    /// Changes that nobody approved, where that is asked for: for the annex, never for headlines.
    #[serde(default)]
    pub unreviewed: Vec<Change>,
    /// The questions that a report answers.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What the forms on demand say.
    #[serde(default)]
    pub note: Option<Note>,
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
    /// Both in one phrase.
    #[serde(default)]
    pub said: String,
    /// Why it matters to the home group, at most 25 words, by rule.
    pub why: String,
    /// Questions.
    pub questions: Vec<String>,
    /// The sum by the printed rules.
    pub points: u32,
    /// How the sum came about.
    pub reckoning: String,
}
