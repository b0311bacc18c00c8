//! What the tests share: an agent, a time, a request that may reach loopback.
#![allow(dead_code, unreachable_pub, reason = "each test file is a crate that uses a part")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use monitor_fetch::{Fetched, Fetcher, Options, Outcome, Request, TestClock};
use monitor_model::{Agent, Complaint, HostMemory, Rate, Robots, SourceId, Timestamp, Validators};
use monitor_testkit::server::Server;
use url::Url;

pub const SECOND: Duration = Duration::from_secs(1);

pub fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().expect("a time")
}

pub fn options() -> Options {
    Options::new(Agent { name: "aisec-monitor".to_owned(), contact: "https://example.org/monitor".to_owned() }, now())
}

/// No robots.txt, loopback allowed, 1/1s.
pub fn request(url: &str) -> Request {
    Request {
        source: SourceId::from("test"),
        url: Url::parse(url).expect("an address"),
        validators: None,
        others: BTreeMap::new(),
        rate: Rate { requests: 1, period: SECOND },
        timeout: SECOND * 60,
        max_bytes: 1 << 20,
        robots: Robots::Ignore { why: "a test".to_owned() },
        allow_private: true,
        headers: BTreeMap::new(),
        payload: None,
    }
}

pub fn obedient(url: &str) -> Request {
    Request { robots: Robots::Obey, ..request(url) }
}

pub struct Run {
    pub clock: Arc<TestClock>,
    pub fetcher: Fetcher,
}

pub fn run() -> Run {
    run_with(options(), BTreeMap::new())
}

pub fn run_with(options: Options, hosts: BTreeMap<String, HostMemory>) -> Run {
    let clock = Arc::new(TestClock::new(options.now));
    let fetcher = Fetcher::new(options, hosts, clock.clone()).expect("a fetcher");
    Run { clock, fetcher }
}

pub fn memory(fetcher: &Fetcher, server: &Server) -> HostMemory {
    fetcher.hosts().remove(&server.address().to_string()).expect("the host is remembered")
}

/// The text of a fresh body.
pub fn text(fetched: &Fetched) -> String {
    match &fetched.outcome {
        Outcome::Fresh(body) => String::from_utf8(body.load().expect("reads").into_owned()).expect("text"),
        other => panic!("not fresh: {other:?}"),
    }
}

pub fn blocked(fetched: &Fetched) -> &Complaint {
    match &fetched.outcome {
        Outcome::Blocked(why) => why,
        other => panic!("not blocked: {other:?}"),
    }
}

pub fn failed(fetched: &Fetched) -> &Complaint {
    match &fetched.outcome {
        Outcome::Failed(why) => why,
        other => panic!("not failed: {other:?}"),
    }
}

pub fn etag(tag: &str) -> Option<Validators> {
    Some(Validators { etag: Some(tag.to_owned()), ..Validators::default() })
}
