use std::time::Duration;

use monitor_model::{Complaint, ComplaintStage, Timestamp, Validators};
use url::Url;

use crate::Body;

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A 200 with a body.
    Fresh(Body),
    /// The host says that nothing changed since the validators that we sent.
    Unchanged,
    /// The host, a challenge page or robots.txt refuses us.
    Blocked(Complaint),
    /// It did not work.
    Failed(Complaint),
    /// Nothing was asked, because the run's time was up; nothing is known of it that was not known before.
    NotAsked(Complaint),
}

/// The answer to a [`Request`](crate::Request).
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The address that was asked.
    pub url: Url,
    /// Where the redirects ended.
    pub final_url: Url,
    /// The run's time.
    pub at: Timestamp,
    /// The last status, if any answer came.
    pub status: Option<u16>,
    /// The header `Link` of the last answer.
    pub link: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether a validator was sent.
    pub conditional: bool,
    /// Of this 200, verbatim, to be kept under `final_url` (and under `url`, if they are the same); after a 304 those that were sent.
    pub validators: Validators,
    /// How long the host calls this answer fresh (Cache-Control, Expires), at most a month.
    pub fresh_for: Option<Duration>,
    /// How long the host wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Time that the exchange took, with retries and back-off but without waiting for the host's pace.
    pub spent: Duration,
    /// Decoded bytes read.
    pub bytes: u64,
    /// Requests sent or answered from an archive, with redirects and retries; robots.txt is the host's and not counted.
    /// Zero when another request of this run got the same address and its answer was shared.
    pub requests: u64,
    /// What a person should know though it did not fail.
    pub notes: Vec<Complaint>,
}

impl Fetched {
    pub(crate) fn begin(url: &Url, at: Timestamp) -> Self {
        Fetched {
            url: url.clone(),
            final_url: url.clone(),
            at,
            status: None,
            link: None,
            outcome: Outcome::Unchanged,
            conditional: false,
            validators: Validators::default(),
            fresh_for: None,
            retry_after: None,
            spent: Duration::ZERO,
            bytes: 0,
            requests: 0,
            notes: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, stage: ComplaintStage, what: impl Into<String>) {
        Complaint::new(stage, self.final_url.as_str(), what).add_to(&mut self.notes);
    }

    /// The same answer for somebody else in this run: nothing was sent for it.
    pub(crate) fn shared(mut self) -> Self {
        self.requests = 0;
        self.spent = Duration::ZERO;
        self.bytes = 0;
        self.conditional = false;
        self
    }
}
