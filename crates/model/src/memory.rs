use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{SourceStatus, Timestamp};

/// What the last 200 of an address said of itself, verbatim (user-asks 20).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, byte for byte.
    pub etag: Option<String>,
    /// `Last-Modified`, byte for byte.
    pub last_modified: Option<String>,
    /// blake3 (hex) of the decoded body.
    pub hash: Option<String>,
}

/// The states of a source's health.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HealthState {
    /// Never fetched yet.
    #[default]
    Unproven,
    /// The last fetch was good.
    Ok,
    /// Failed, but fewer times in a row than `tolerate`.
    Degraded,
    /// Failed `tolerate` times in a row, or its contract is broken.
    Broken,
    /// The host refuses us.
    Blocked,
    /// Answers, but nothing new within `expect.fresh`.
    Stale,
    /// Shows a login page instead of what is wanted.
    Login,
}

impl HealthState {
    /// The word as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            HealthState::Unproven => "unproven",
            HealthState::Ok => "ok",
            HealthState::Degraded => "degraded",
            HealthState::Broken => "broken",
            HealthState::Blocked => "blocked",
            HealthState::Stale => "stale",
            HealthState::Login => "login",
        }
    }

    /// Whether somebody should look after the source.
    pub fn is_sick(self) -> bool {
        matches!(self, HealthState::Broken | HealthState::Blocked | HealthState::Stale | HealthState::Login)
    }
}

/// A source's health and its last change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The state now.
    pub state: HealthState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// The last complaint, for people.
    pub why: Option<String>,
    /// The state before this one; none as long as it never changed.
    #[serde(default)]
    pub was: Option<HealthState>,
}

/// A change of a source's health: it is told once, in the record of the run that brought it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The state before.
    pub from: HealthState,
    /// The state now.
    pub to: HealthState,
    /// Since when it had been in the state before.
    pub since: Option<Timestamp>,
    /// The complaint that brought it, for people.
    pub why: Option<String>,
}

/// What we remember of a source between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// By the address that was asked.
    pub validators: BTreeMap<String, Validators>,
    /// When it was last asked.
    pub last_asked: Option<Timestamp>,
    /// The first good fetch: before it we were not watching.
    pub first_success: Option<Timestamp>,
    /// The last good fetch, a 304 included.
    pub last_success: Option<Timestamp>,
    /// The last fetch that brought something new.
    pub last_new: Option<Timestamp>,
    /// Not before this.
    pub next_due: Option<Timestamp>,
    /// How the last run ended.
    pub last_status: Option<SourceStatus>,
    /// How many rows the last good fetch collected.
    pub last_collected: u64,
    /// Health.
    pub health: Health,
    /// Keys shown by the last good fetch, sorted: what lets us see that one is gone, or that a list does not overlap.
    pub present: Vec<String>,
    /// Keys that were shown once and are missing now, with the number of good fetches since.
    pub missing: BTreeMap<String, u32>,
    /// What it asked of its readers when it was last read.
    #[serde(default)]
    pub wishes: Wishes,
}

/// How often, and when not, a feed wants to be read; it holds also while the host answers 304.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// `ttl`, in seconds; 0 for none.
    pub ttl: u64,
    /// `skipHours`: bit n is the hour n (UTC).
    pub hours: u32,
    /// `skipDays`: bit n is the day n of the week, Monday being 0.
    pub days: u8,
}

/// What we remember of a host between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostMemory {
    /// When a request was last sent.
    pub last_asked: Option<Timestamp>,
    /// Not before this: Retry-After or our own back-off.
    pub not_before: Option<Timestamp>,
    /// Refusals in a row.
    pub refusals: u32,
    /// robots.txt as read, and when. `None` inside means that there is none (4xx).
    pub robots: Option<(Timestamp, Option<String>)>,
}
