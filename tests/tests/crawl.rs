//! The whole program against a server on this machine: politeness, conditional requests, contracts, partial failure.

use std::{path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>New work on prompt injection in AI agents</title><link>https://example.org/1</link><guid>1</guid><pubDate>Mon, 05 Oct 2026 10:00:00 GMT</pubDate></item>
<item><title>Second item</title><link>https://example.org/2</link><guid>2</guid><pubDate>Mon, 05 Oct 2026 10:00:00 GMT</pubDate></item>
</channel></rss>"#;

struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new(sources: &str) -> Room {
        let dir = tempfile::tempdir().expect("a folder");
        let head = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n";
        std::fs::write(dir.path().join("sources.toml"), format!("{head}{sources}")).expect("written");
        Room { dir }
    }

    fn fetch(&self, now: &str, more: &[&str]) -> (i32, Value) {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(self.dir.path())
            .args(["--now", now, "fetch", "--format", "json"])
            .args(more)
            .output()
            .expect("monitor runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let report = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", String::from_utf8_lossy(&out.stderr)));
        (out.status.code().expect("a code"), report)
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }
}

fn source<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["sources"].as_array().expect("sources").iter().find(|s| s["id"] == id).expect("the source")
}

fn feed() -> Route {
    Route::page(FEED).header("content-type", "application/rss+xml")
}

fn feed_source(id: &str, url: &str) -> String {
    format!("[source.{id}]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"{url}\"\nexpect = {{ min_items = 1 }}\n")
}

#[test]
fn an_unchanged_feed_costs_one_conditional_request_and_no_event() {
    let server = Server::start([("/feed", feed().header("etag", "W/\"a1\""))]);
    let room = Room::new(&feed_source("news", &server.url("/feed")));
    let (code, first) = room.fetch("2026-10-06T00:00:00Z", &[]);
    assert_eq!(code, 0, "{first}");
    let s = source(&first, "news");
    assert_eq!((&s["status"], &s["collected"], &s["new"], &s["events"]), (&"ok".into(), &2.into(), &2.into(), &2.into()));

    let (code, early) = room.fetch("2026-10-06T01:00:00Z", &[]);
    assert_eq!((code, &source(&early, "news")["status"]), (0, &"skipped".into()), "every = 24h");

    let (code, second) = room.fetch("2026-10-07T00:00:00Z", &[]);
    let s = source(&second, "news");
    assert_eq!(code, 0);
    assert_eq!(
        (&s["status"], &s["conditional"], &s["not_modified"], &s["events"]),
        (&"not-modified".into(), &1.into(), &1.into(), &0.into()),
        "{s}"
    );
    let asked = server.log();
    let last = asked.iter().rfind(|r| r.path == "/feed").expect("it was asked");
    assert_eq!(last.headers.get("if-none-match").map(String::as_str), Some("W/\"a1\""), "the validator goes back byte for byte");
    assert!(last.headers.get("user-agent").is_some_and(|a| a.contains("aisec-monitor") && a.contains("https://example.org/bot")));
    assert_eq!(server.hits("/feed"), 2);
}

#[test]
fn one_bad_source_costs_one_source() {
    let server = Server::start([
        ("/feed", feed()),
        ("/gone", Route::page("<html><title>Welcome</title><p>Our new site</p></html>").header("content-type", "text/html")),
    ]);
    let sources = feed_source("good", &server.url("/feed")) + &feed_source("bad", &server.url("/gone"));
    let room = Room::new(&sources);
    let (code, report) = room.fetch("2026-10-06T00:00:00Z", &[]);
    assert_eq!(code, 3, "partial");
    assert_eq!(source(&report, "good")["new"], 2);
    let bad = source(&report, "bad");
    assert_eq!(bad["status"], "broken");
    assert_eq!(bad["complaints"][0]["stage"], "parse", "{bad}");
    let (code, _) = room.fetch("2026-10-06T00:00:00Z", &["--source", "bad", "--force"]);
    assert_eq!(code, 4, "all selected sources failed");
}

#[test]
fn a_broken_contract_leaves_the_store_as_it_was() {
    let server = Server::start([("/feed", feed())]);
    let wants_more = feed_source("news", &server.url("/feed")).replace("min_items = 1", "min_items = 50");
    let room = Room::new(&wants_more);
    let (code, report) = room.fetch("2026-10-06T00:00:00Z", &["--strict"]);
    assert_eq!(code, 5, "{report}");
    let s = source(&report, "news");
    assert_eq!(
        (&s["status"], &s["collected"], &s["rejected"], &s["new"]),
        (&"broken".into(), &2.into(), &2.into(), &0.into()),
        "the sums hold"
    );
    let list =
        Command::new(monitor_testkit::binary()).current_dir(room.path()).args(["list", "--format", "jsonl"]).output().expect("it runs");
    assert!(list.stdout.is_empty(), "nothing of it was stored");
}

#[test]
fn robots_txt_is_obeyed_and_the_refusal_is_named() {
    let server = Server::start([
        ("/robots.txt", Route::page("User-agent: aisec-monitor\nDisallow: /feed\n").header("content-type", "text/plain")),
        ("/feed", feed()),
    ]);
    let room = Room::new(&feed_source("news", &server.url("/feed")));
    let (code, report) = room.fetch("2026-10-06T00:00:00Z", &[]);
    assert_eq!(code, 4);
    let s = source(&report, "news");
    assert_eq!(s["status"], "blocked");
    assert!(s["complaints"][0]["what"].as_str().is_some_and(|w| w.contains("robots")), "{s}");
    assert_eq!(server.hits("/feed"), 0, "it was not asked");
}

#[test]
fn loopback_is_refused_unless_the_source_allows_it() {
    let server = Server::start([("/feed", feed())]);
    let guarded = feed_source("news", &server.url("/feed")) + "allow_private = false\n";
    let room = Room::new(&guarded);
    let (code, _) = room.fetch("2026-10-06T00:00:00Z", &[]);
    assert_eq!(code, 4);
    assert!(server.log().is_empty(), "no request reached it");
}

#[test]
fn what_was_recorded_replays_to_the_same_documents_without_the_network() {
    let server = Server::start([("/feed", feed())]);
    let room = Room::new(&feed_source("news", &server.url("/feed")));
    let (code, live) = room.fetch("2026-10-06T00:00:00Z", &["--record", "day.warc.gz"]);
    assert_eq!(code, 0);
    let hits = server.hits("/feed");
    let (code, replayed) = room.fetch("2026-10-06T00:00:00Z", &["--replay", "day.warc.gz", "--store", "other"]);
    assert_eq!(code, 0, "{replayed}");
    assert_eq!(source(&replayed, "news")["new"], source(&live, "news")["new"]);
    assert_eq!(server.hits("/feed"), hits, "nobody was asked");
    let list = |store: &str| {
        let o = Command::new(monitor_testkit::binary())
            .current_dir(room.path())
            .args(["--store", store, "list", "--format", "jsonl"])
            .output()
            .expect("it runs");
        String::from_utf8(o.stdout).expect("UTF-8")
    };
    assert_eq!(list("other"), list("data/store"));
}
