use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use monitor_model::{Agent, Payload, Rate, Robots, Source, SourceId, Timestamp, Validators};
use url::Url;

/// What holds for a whole run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who asks.
    pub agent: Agent,
    /// Answers that are worked on at once. Four times as many hosts are waited for at a time, one request each; with 1 there is never
    /// more than one request in the air.
    pub concurrency: usize,
    /// Write every whole exchange into this archive, without cookies and keys; an existing one is continued.
    pub record: Option<PathBuf>,
    /// Answer from these archives and open no socket.
    pub replay: Vec<PathBuf>,
    /// The run's time: the date of everything fetched and recorded, and what the age of a robots.txt is measured from.
    pub now: Timestamp,
    /// In replay, take no record later than this (`--now`); without it the last record of an address is taken.
    pub until: Option<Timestamp>,
    /// After this time nothing more is asked.
    pub deadline: Option<Duration>,
}

impl Options {
    /// A live run of `agent` at `now`, eight hosts at once, with no deadline.
    pub fn new(agent: Agent, now: Timestamp) -> Self {
        Options { agent, concurrency: 8, record: None, replay: Vec::new(), now, until: None, deadline: None }
    }
}

/// One address to get, with all that politeness and safety need to know.
#[derive(Clone, Debug)]
pub struct Request {
    /// For whom.
    pub source: SourceId,
    /// The address.
    pub url: Url,
    /// What the last 200 of this very address said; makes the request conditional.
    pub validators: Option<Validators>,
    /// The same by address, for where a redirect may lead (`Memory::validators`).
    pub others: BTreeMap<String, Validators>,
    /// The rate that the host is asked at, at most.
    pub rate: Rate,
    /// Total time of the exchange with its redirects, retries and back-off; waiting for the host's turn is not in it.
    pub timeout: Duration,
    /// Cap on the decoded body.
    pub max_bytes: u64,
    /// robots.txt rule.
    pub robots: Robots,
    /// Whether loopback and private addresses may be reached.
    pub allow_private: bool,
    /// Extra request headers.
    pub headers: BTreeMap<String, String>,
    /// What is sent along; then it is a POST, which is neither conditional nor repeated of itself.
    pub payload: Option<Payload>,
}

impl Request {
    /// What `source` asks at `url`.
    pub fn of(id: &SourceId, source: &Source, url: Url, validators: Option<Validators>) -> Self {
        Request {
            source: id.clone(),
            url,
            validators,
            others: BTreeMap::new(),
            rate: source.rate(),
            timeout: source.timeout(),
            max_bytes: source.max_bytes(),
            robots: source.robots(),
            allow_private: source.allow_private(),
            headers: source.headers.clone(),
            payload: None,
        }
    }
}
