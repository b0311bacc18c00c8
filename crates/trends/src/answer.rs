use std::fmt;

use jiff::civil::Date;
use monitor_model::{DocumentKey, SourceId, TopicId};
use serde::{Deserialize, Serialize};

/// A run of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// What the counts say, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// More than chance explains.
    Rising,
    /// Less than chance explains.
    Falling,
    /// Nothing that chance does not explain.
    Steady,
    /// More than chance explains, and no earlier work is known.
    New,
    /// Too few works for any statement.
    #[default]
    TooFew,
}

impl Verdict {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Rising => "rising",
            Verdict::Falling => "falling",
            Verdict::Steady => "steady",
            Verdict::New => "new",
            Verdict::TooFew => "too-few",
        }
    }

    /// Whether it says that something moved.
    pub fn moved(self) -> bool {
        matches!(self, Verdict::Rising | Verdict::Falling | Verdict::New)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Growth over baseline and window together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slope {
    /// By which factor the rate grows in a year.
    pub per_year: f64,
    /// The factors that the counts do not contradict at the 5 % level.
    pub interval: [f64; 2],
    /// Two-sided, against a level rate.
    pub p: f64,
    /// Benjamini-Hochberg (adaptive) over all slopes that were asked; never below `p`.
    pub q: Option<f64>,
}

/// What a verdict of movement rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The window against the baseline.
    Window,
    /// The growth over both together.
    Slope,
}

/// One stretch as long as the window, for pictures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Works that began in it.
    pub works: usize,
    /// How many a level rate lets expect, by season and by what was watched.
    pub expected: f64,
    /// Between these, nineteen of twenty such stretches lie by chance.
    pub chance: [f64; 2],
}

/// One line: a topic, an axis, a body or a stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// The topic's id, the axis, the body or the stage code.
    pub id: String,
    /// Works that began in the window.
    pub now: usize,
    /// Works of the baseline that the expectation rests on.
    pub before: usize,
    /// How many the window would hold if nothing had changed.
    pub expected: f64,
    /// `now / expected`; none when the baseline holds nothing to divide by.
    pub ratio: Option<f64>,
    /// The ratios that the counts do not contradict at the 5 % level; none as for `ratio`.
    pub interval: Option<[f64; 2]>,
    /// Two-sided; none when there are too few works to ask.
    pub p: Option<f64>,
    /// Benjamini-Hochberg over all rows that were asked, adaptive to how many of them move (Storey); never below `p`.
    pub q: Option<f64>,
    /// Growth over baseline and window; none when there is too little to lean.
    pub slope: Option<Slope>,
    /// In one word.
    pub verdict: Verdict,
    /// What the verdict rests on; none when nothing moved.
    pub basis: Option<Basis>,
    /// Whether it would stand at a share of false alarms of 5 %; else it is a weak sign.
    pub clear: bool,
    /// Baseline and window in stretches of the window's length, the oldest first; the last is the window.
    pub history: Vec<Block>,
    /// The works of the window, newest first: exactly `now` of them.
    pub documents: Vec<DocumentKey>,
}

/// A phrase that is used more than before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Term {
    /// The phrase in lower case.
    pub term: String,
    /// None: the taxonomy does not know it, a candidate. Else the topic that names it: within that topic, this is what moves.
    pub topic: Option<TopicId>,
    /// Works of the window that use it.
    pub now: usize,
    /// Works of the baseline that use it.
    pub before: usize,
    /// How many the window would hold if its share of all works (of its topic's works, where it has one) had not changed.
    pub expected: f64,
    /// The first day of the earliest dated work that uses it.
    pub first_seen: Option<Date>,
    /// Benjamini-Hochberg over all phrases that were asked.
    pub q: f64,
    /// The works of the window that use it, newest first.
    pub documents: Vec<DocumentKey>,
}

/// What can happen to a work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// A work item was opened.
    #[default]
    Opened,
    /// Approved and published by its body.
    Approved,
    /// Withdrawn or cancelled by its body.
    Withdrawn,
}

impl Happening {
    /// The word as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Happening::Opened => "opened",
            Happening::Approved => "approved",
            Happening::Withdrawn => "withdrawn",
        }
    }
}

/// What happened, by body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moves {
    /// What happened.
    pub what: Happening,
    /// Every body to which it happened.
    pub bodies: Vec<Row>,
}

/// What was left out and why. No work is lost silently.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Relevant works that the answer rests on (window and baseline).
    pub counted: usize,
    /// Sources first read in the window: that they show something is not news.
    pub sources_started_in_window: Vec<SourceId>,
    /// Sources first read within the baseline: compared with the part that was watched only.
    pub sources_started_in_baseline: Vec<SourceId>,
    /// Sources first read in window or baseline (or later, if nothing was watched then) that brought a dated past along and are counted
    /// by these dates.
    pub sources_counted_by_their_dates: Vec<SourceId>,
    /// Sources last read before the window ended: what they would have shown since is not missing from the world, only from us.
    pub sources_stopped_in_window: Vec<SourceId>,
    /// Works first met in the window that did not begin in it as far as anybody knows: dated or undated backlog, sources not watched before.
    pub excluded_as_backfill: usize,
    /// Works without a date of their own (or with a later version's date only): never "now".
    pub excluded_undated: usize,
    /// Works whose date is known to the year only: cannot be placed in a window.
    pub excluded_year_only: usize,
    /// Works dated after the day they were first seen or after `as_of`: plans, not events.
    pub excluded_future: usize,
    /// Works of sources that were not watched long enough before the window to say what is usual, or not long enough in it.
    pub excluded_unwatched: usize,
}

/// The whole answer, in the form of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trends {
    /// The last day of the window.
    pub as_of: Date,
    /// "Now".
    pub window: Span,
    /// "Before".
    pub baseline: Span,
    /// Every topic that was asked, in the order of ids.
    pub topics: Vec<Row>,
    /// Every axis that has a work.
    pub axes: Vec<Row>,
    /// Every body that has a work.
    pub bodies: Vec<Row>,
    /// Works that reached a stage in the window: `new-work`, `published`, `withdrawn`, which can be compared over time.
    pub stages: Vec<Row>,
    /// New work items, approvals and withdrawals, by body.
    #[serde(default)]
    pub events: Vec<Moves>,
    /// Best evidence first.
    pub terms: Vec<Term>,
    /// What was left out.
    pub coverage: Coverage,
}
