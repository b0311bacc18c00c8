//! From an address to a source: what `probe` prints is taken by `check` and `test` as it stands, over sites of our own.

mod probing;

use monitor_testkit::server::{Route, Server};
use probing::Room;
use serde_json::Value;

impl Room {
    /// Probes, saves the block as it is printed, checks and tests it.
    fn adopt(&self, url: &str) -> (String, Vec<Value>, Value) {
        let block = self.probe(url);
        self.save(&block);
        let tested = self.run(&["test", "--source", "some-list", "--format", "jsonl"]);
        let text = String::from_utf8_lossy(&tested.stdout).into_owned();
        assert!(tested.status.success(), "{block}\n{text}");
        let mut rows: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
        let summary = rows.pop().expect("a summary")["summary"][0].clone();
        (block, rows, summary)
    }
}

fn html(body: &str) -> Route {
    Route::page(format!("<!DOCTYPE html><html><head><title>Some SDO</title></head><body>{body}</body></html>"))
        .header("content-type", "text/html")
}

#[test]
fn a_table_with_pages_becomes_a_source_that_passes() {
    let row = |n: u32| {
        format!(
            "<tr><td><a href=\"/doc/{n}\">SDO-TR {n:03}</a><td>Requirements for the testing of models, part {n}<td>06/{:02}/2026<td>{}</tr>",
            n + 12,
            if n.is_multiple_of(2) { "Draft" } else { "Published" }
        )
    };
    let page = |from: u32, more: &str| {
        let rows: String = (from..from + 6).map(row).collect();
        html(&format!(
            "<nav><ul><li><a href=\"/a\">About the organisation</a><li><a href=\"/b\">Members and partners</a><li><a href=\"/c\">Contact and press</a></ul></nav>
             <table class=\"docs\"><tr><td><b>Reference</b><td><b>Title</b><td><b>Date</b><td><b>Status</b></tr>{rows}</table>{more}"
        ))
    };
    let links = "<div class=\"pages\"><a href=\"/list?page=2\">2</a></div>";
    let server = Server::start([
        ("/list", page(1, links)),
        ("/list?page=2", page(7, "")),
        ("/list?page=3", html("<table class=\"docs\"><tr><td>Reference<td>Title</table>")),
    ]);
    let room = Room::new();
    let (block, rows, summary) = room.adopt(&server.url("/list"));
    assert_eq!((summary["status"].as_str(), rows.len()), (Some("ok"), 12), "{block}\n{summary}");
    assert_eq!(
        (rows[0]["number"].as_str(), rows[0]["published"].as_str(), rows[0]["stage"].as_str()),
        (Some("SDO-TR 001"), Some("2026-06-13"), Some("Published")),
        "{block}"
    );
    assert_eq!(rows[0]["url"], server.url("/doc/1"), "{block}");
    assert!(rows[0]["title"].as_str().is_some_and(|t| t.starts_with("Requirements for the testing")), "{block}");
    assert!(block.contains("page = { param = \"page\", start = 1"), "{block}");
}

#[test]
fn cards_with_feeds_become_a_source_and_the_feed_is_named() {
    let card = |n: u32| {
        format!(
            "<div class=\"col\"><div class=\"card news-card\"><img src=\"/i{n}.png\"><h3 class=\"card__title\"><a href=\"/news/{n}\">Something new about agents, number {n}</a></h3>
             <p class=\"card__date\">{n} November 2026</p><p class=\"card__teaser\">A longer text that says what it is about and who has written it, in the words of number {n}.</p><a class=\"more\" href=\"/news/{n}\">Read more</a></div></div>"
        )
    };
    let cards: String = (1..8).map(card).collect();
    let body = format!(
        "<main><div class=\"row\">{cards}</div></main><footer><ul><li><a href=1>Imprint of the site</a><li><a href=2>Privacy of the site</a><li><a href=3>Cookies of the site</a></ul></footer><a href=\"/news/rss.xml\">RSS</a>"
    );
    let server = Server::start([("/news", html(&body))]);
    let room = Room::new();
    let (block, rows, _) = room.adopt(&server.url("/news"));
    assert_eq!(rows.len(), 7, "{block}");
    assert_eq!(
        (rows[2]["title"].as_str(), rows[2]["published"].as_str(), rows[2]["url"].as_str()),
        (Some("Something new about agents, number 3"), Some("2026-11-03"), Some(server.url("/news/3").as_str())),
        "{block}"
    );
    assert!(rows[2]["abstract"].as_str().is_some_and(|t| t.starts_with("A longer text")), "{block}");
    assert!(block.contains(&format!("monitor probe {}", server.url("/news/rss.xml"))), "{block}");
}

#[test]
fn a_word_for_a_stage_that_nobody_sorted_is_a_complaint_and_stays() {
    let rows: String = (1..6).map(|n| format!("<tr><td>SDO {n}.1<td>Title of the document {n}<td>Vetted by the elders</tr>")).collect();
    let server = Server::start([("/list", html(&format!("<table><tr><th>Number<th>Title<th>Status</tr>{rows}</table>")))]);
    let room = Room::new();
    let (_, rows, summary) = room.adopt(&server.url("/list"));
    assert_eq!(rows[0]["stage"], "Vetted by the elders");
    let said = summary["complaints"].as_array().expect("complaints");
    assert!(said.len() == 1 && said[0]["count"] == 5, "{summary}");
    assert!(said[0]["what"].as_str().is_some_and(|w| w.contains("“Vetted by the elders”") && w.contains("bodies.toml")), "{summary}");
}

#[test]
fn what_is_exported_as_opml_is_taken_again() {
    let room = Room::new();
    let feeds = "[source.one]\nbody = \"A & B\"\nkind = \"feed\"\nname = \"One <feed>\"\nhome = \"https://example.org/news?x=1&y=2\"\nurl = \"https://example.org/one?a=1&b=2\"\n[source.two]\nbody = \"C\"\nkind = \"feed\"\nurl = \"https://example.org/two\"\n";
    std::fs::write(room.path().join("sources.d/x.toml"), feeds).expect("written");
    let list = room.run(&["export-opml"]);
    assert!(list.status.success());
    std::fs::write(room.path().join("feeds.opml"), &list.stdout).expect("written");
    let again = room.run(&["import-opml", "feeds.opml"]);
    assert!(again.stdout.is_empty(), "all of them are known: {}", String::from_utf8_lossy(&again.stdout));
    std::fs::remove_file(room.path().join("sources.d/x.toml")).expect("removed");
    let again = room.run(&["import-opml", "feeds.opml"]);
    let blocks = String::from_utf8_lossy(&again.stdout).into_owned();
    std::fs::write(room.path().join("sources.d/y.toml"), &blocks).expect("written");
    let checked = room.run(&["check"]);
    assert!(checked.status.success(), "{blocks}\n{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(room.run(&["export-opml"]).stdout, list.stdout, "{blocks}");
}
