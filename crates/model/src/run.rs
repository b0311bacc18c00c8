use serde::{Deserialize, Serialize};

use crate::{SourceId, Timestamp, Transition};

/// How a source's run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceStatus {
    /// Fetched, extracted, within its contract.
    #[default]
    Ok,
    /// The host says that nothing changed.
    NotModified,
    /// The list was found and is empty.
    Empty,
    /// Some pages failed; what was read is stored.
    Partial,
    /// The host, a challenge page or robots.txt refuses us.
    Blocked,
    /// It failed, or its contract is broken; nothing of it was stored.
    Broken,
    /// It answers, but nothing new for longer than `expect.fresh`.
    Stale,
    /// Not due, or switched off.
    Skipped,
    /// It wants a login: declared so and watched by nobody, or a watched source whose page is a login page.
    Login,
}

impl SourceStatus {
    /// Whether this counts as a failure of a source that was asked (see [`SourceReport::is_failure`]).
    pub fn is_failure(self) -> bool {
        self == SourceStatus::Partial || self.is_lost()
    }

    /// Whether nothing at all was got of a source that was asked.
    pub fn is_lost(self) -> bool {
        matches!(self, SourceStatus::Blocked | SourceStatus::Broken | SourceStatus::Login)
    }

    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            SourceStatus::Ok => "ok",
            SourceStatus::NotModified => "not-modified",
            SourceStatus::Empty => "empty",
            SourceStatus::Partial => "partial",
            SourceStatus::Blocked => "blocked",
            SourceStatus::Broken => "broken",
            SourceStatus::Stale => "stale",
            SourceStatus::Skipped => "skipped",
            SourceStatus::Login => "login",
        }
    }
}

/// Where something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComplaintStage {
    /// The name could not be resolved, or resolves to a place that is not allowed.
    Dns,
    /// The encrypted connection failed.
    Tls,
    /// Connection, status, time-out, size, robots.
    Http,
    /// Charset or compression.
    Decode,
    /// The bytes are not of the kind that was declared.
    Parse,
    /// A locator found nothing.
    Select,
    /// A row or a contract did not hold.
    Validate,
}

/// Something that a person should know; equal ones are counted, not repeated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Complaint {
    /// Where.
    pub stage: ComplaintStage,
    /// The address concerned.
    pub url: String,
    /// What, and what to do.
    pub what: String,
    /// How often.
    pub count: u64,
}

impl Complaint {
    /// One complaint.
    pub fn new(stage: ComplaintStage, url: impl Into<String>, what: impl Into<String>) -> Self {
        Complaint { stage, url: url.into(), what: what.into(), count: 1 }
    }

    /// Adds `self` to `list`, counting up an equal one.
    pub fn add_to(self, list: &mut Vec<Complaint>) {
        match list.iter_mut().find(|c| c.stage == self.stage && c.url == self.url && c.what == self.what) {
            Some(c) => c.count += self.count,
            None => list.push(self),
        }
    }
}

/// What was collected: `collected = new + revised + known + rejected` always holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Requests sent (or answered from an archive).
    pub requests: u64,
    /// Requests that carried a validator.
    pub conditional: u64,
    /// Answers 304.
    pub not_modified: u64,
    /// Decoded bytes read.
    pub bytes: u64,
    /// Rows.
    pub collected: u64,
    /// Rows about a document that nobody had seen.
    pub new: u64,
    /// Rows in which something tracked changed.
    pub revised: u64,
    /// Rows that said what is known.
    pub known: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Rows beyond a declared limit.
    pub dropped: u64,
    /// Events made.
    pub events: u64,
}

impl Counts {
    /// Adds `other`, field by field.
    pub fn add(&mut self, other: &Counts) {
        self.requests += other.requests;
        self.conditional += other.conditional;
        self.not_modified += other.not_modified;
        self.bytes += other.bytes;
        self.collected += other.collected;
        self.new += other.new;
        self.revised += other.revised;
        self.known += other.known;
        self.rejected += other.rejected;
        self.dropped += other.dropped;
        self.events += other.events;
    }
}

/// One source's part of a run, in the form of the contract (`fetch --format json`; there the counts stand flat).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceReport {
    /// The source.
    pub id: SourceId,
    /// Its body.
    pub body: String,
    /// How it ended.
    pub status: SourceStatus,
    /// What was collected.
    pub counts: Counts,
    /// In the order in which they came up.
    pub complaints: Vec<Complaint>,
    /// Elapsed milliseconds.
    pub ms: u64,
    /// When it is due again.
    pub next_due: Option<Timestamp>,
    /// The change of its health that this run brought, if it brought one.
    #[serde(default)]
    pub transition: Option<Transition>,
}

impl SourceReport {
    /// Whether it was asked, or should have been: a source that nobody watches is `login` without a complaint, one that was not due
    /// is skipped without one.
    pub fn was_wanted(&self) -> bool {
        !matches!(self.status, SourceStatus::Login | SourceStatus::Skipped) || !self.complaints.is_empty()
    }

    /// Whether it was wanted and failed, or was never asked because the time was up.
    pub fn is_failure(&self) -> bool {
        self.was_wanted() && (self.status.is_failure() || self.status == SourceStatus::Skipped)
    }
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// Its id: the time at which it started.
    pub run: String,
    /// Start.
    pub started: Timestamp,
    /// End.
    pub finished: Timestamp,
    /// By source id.
    pub sources: Vec<SourceReport>,
}

impl RunReport {
    /// The sums over all sources.
    pub fn totals(&self) -> Counts {
        let mut sum = Counts::default();
        for s in &self.sources {
            sum.add(&s.counts);
        }
        sum
    }
}
