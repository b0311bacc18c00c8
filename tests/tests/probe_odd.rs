//! Pages that nobody has seen before, each odd in its own way: from `probe` to a test that passes by the guide alone (docs/sources.md,
//! “From an address to a source, in ten minutes”): probe, save, check, test, fixture, test of the fixture.

mod probing;

use std::time::{Duration, Instant};

use monitor_testkit::server::{Route, Server};
use probing::Room;
use serde_json::Value;

impl Room {
    /// The steps of the guide. `page` is saved as the fixture, as a person would write it.
    fn adopt(&self, url: &str, page: &str, ext: &str) -> (String, Vec<Value>) {
        let block = self.probe(url);
        self.save(&block);
        let rows = self.test(&block, &["test", "--source", "some-list", "--format", "jsonl"]);
        std::fs::write(self.path().join(format!("tests/fixtures/some-list.{ext}")), page).expect("written");
        let fixtures = ["test", "--fixtures", "tests/fixtures", "--source", "some-list", "--format", "jsonl"];
        self.test(&block, &[&fixtures[..], &["--accept"]].concat());
        assert_eq!(self.test(&block, &fixtures).is_empty(), rows.is_empty(), "{block}");
        (block, rows)
    }

    /// The rows; the source must be ok and nothing complained of.
    fn test(&self, block: &str, args: &[&str]) -> Vec<Value> {
        let tested = self.run(args);
        let text = String::from_utf8_lossy(&tested.stdout).into_owned();
        assert!(tested.status.success(), "{block}\n{text}\n{}", String::from_utf8_lossy(&tested.stderr));
        let mut rows: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
        let summary = rows.pop().expect("a summary")["summary"][0].clone();
        assert_eq!(
            (summary["status"].as_str(), summary["complaints"].as_array().map(Vec::len)),
            (Some("ok"), Some(0)),
            "{block}\n{summary}"
        );
        rows
    }
}

fn html(body: &str) -> String {
    format!("<!DOCTYPE html><html><head><title>Some SDO</title></head><body><h1>Publications</h1>{body}</body></html>")
}

fn page(text: &str) -> Route {
    Route::page(text.to_owned()).header("content-type", "text/html; charset=utf-8")
}

/// Some fields of each row.
fn of<'r>(rows: &'r [Value], names: &[&str]) -> Vec<Vec<&'r str>> {
    rows.iter().map(|r| names.iter().map(|n| r[*n].as_str().unwrap_or_default()).collect()).collect()
}

#[test]
fn a_table_whose_first_cell_spans_rows() {
    let text = html(
        "<table id=\"t\"><tr><th>Year</th><th>Reference</th><th>Title</th><th>Date</th><th>Status</th></tr>
         <tr><td rowspan=\"3\">2026</td><td>SDO 31</td><td><a href=\"/31\">Logs of agents</a></td><td>3.XI.2026</td><td>Draft</td></tr>
         <tr><td>SDO 30</td><td><a href=\"/30\">Signing of models</a></td><td>28.IX.2026</td><td>Published</td></tr>
         <tr><td>SDO 29</td><td><a href=\"/29\">Inventories of data sets</a></td><td>1.II.2026</td><td>Published</td></tr>
         <tr><td rowspan=\"2\">2025</td><td>SDO 28</td><td><a href=\"/28\">Evaluation of guards</a></td><td>30.XII.2025</td><td>Published</td></tr>
         <tr><td>SDO 27</td><td><a href=\"/27\">Terms for agents</a></td><td>4.V.2025</td><td>Withdrawn</td></tr></table>",
    );
    let server = Server::start([("/list", page(&text))]);
    let room = Room::new();
    let (block, rows) = room.adopt(&server.url("/list"), &text, "html");
    assert_eq!(
        of(&rows, &["number", "title", "published", "stage"]),
        [
            ["SDO 31", "Logs of agents", "2026-11-03", "Draft"],
            ["SDO 30", "Signing of models", "2026-09-28", "Published"],
            ["SDO 29", "Inventories of data sets", "2026-02-01", "Published"],
            ["SDO 28", "Evaluation of guards", "2025-12-30", "Published"],
            ["SDO 27", "Terms for agents", "2025-05-04", "Withdrawn"],
        ],
        "{block}"
    );
    assert_eq!(rows[1]["url"], server.url("/30"), "{block}");
}

#[test]
fn pages_that_only_a_link_to_the_next_joins() {
    let item = |n: u32| {
        format!(
            "<li class=\"pub\"><a href=\"/p/{n}\">Guidance on the supply of models, volume {n}</a> <time datetime=\"2026-{:02}-05\">{n} weeks ago</time></li>",
            13 - n
        )
    };
    let list = |from: u32, more: &str| html(&format!("<ul class=\"pubs\">{}</ul>{more}", (from..from + 4).map(item).collect::<String>()));
    let first = list(1, "<a class=\"more\" rel=\"next\" href=\"/list/older/a8f3\">Older</a>");
    let server = Server::start([
        ("/list", page(&first)),
        ("/list/older/a8f3", page(&list(5, "<a class=\"more\" rel=\"next\" href=\"/list/older/77c0\">Older</a>"))),
        ("/list/older/77c0", page(&list(9, ""))),
    ]);
    let room = Room::new();
    let block = room.probe(&server.url("/list"));
    assert!(block.contains("page = { next = "), "{block}");
    std::fs::write(room.path().join("sources.d/some-sdo.toml"), &block).expect("written");
    let rows = room.test(&block, &["test", "--source", "some-list", "--format", "jsonl"]);
    assert_eq!(rows.len(), 12, "{block}");
    assert_eq!(of(&rows[..1], &["title", "published"]), [["Guidance on the supply of models, volume 1", "2026-12-05"]], "{block}");
}

#[test]
fn cards_in_another_language_with_its_own_dates() {
    for (dates, lang) in [
        (["3 novembre 2026", "28 août 2026", "1er février 2026", "12 mai 2025"], "fr"),
        (["3. November 2026", "28. August 2026", "1. Februar 2026", "12. Mai 2025"], "de"),
        (["3 de noviembre de 2026", "28 de agosto de 2026", "1 de febrero de 2026", "12 de mayo de 2025"], "es"),
        (["2026年11月3日", "2026年8月28日", "2026年2月1日", "2025年5月12日"], "zh"),
        (["3 ноября 2026 г.", "28 августа 2026 г.", "1 февраля 2026 г.", "12 мая 2025 г."], "ru"),
        (["3.XI.2026", "28.VIII.2026", "1.II.2026", "12.V.2025"], "pl"),
    ] {
        let card = |n: usize| {
            format!(
                "<article class=\"carte\"><h3><a href=\"/pub/{n}\">Sécurité des agents, partie {n}</a></h3><p class=\"meta\">{}</p><p>Un texte assez long qui dit de quoi il s'agit dans la partie {n}.</p></article>",
                dates[n]
            )
        };
        let text = html(&format!("<main lang=\"{lang}\">{}</main>", (0..4).map(card).collect::<String>()));
        let server = Server::start([("/actualites", page(&text))]);
        let room = Room::new();
        let (block, rows) = room.adopt(&server.url("/actualites"), &text, "html");
        let got: Vec<&str> = rows.iter().filter_map(|r| r["published"].as_str()).collect();
        assert_eq!(got, ["2026-11-03", "2026-08-28", "2026-02-01", "2025-05-12"], "{lang}\n{block}");
        assert_eq!(rows[1]["title"], "Sécurité des agents, partie 1", "{block}");
    }
}

#[test]
fn a_list_of_definitions() {
    let text = html(
        "<dl class=\"docs\"><dt><a href=\"/31\">SDO 31: Logs of agents</a></dt><dd>Draft of 3 November 2026</dd>
         <dt><a href=\"/30\">SDO 30: Signing of models</a></dt><dd>Published on 28 September 2026</dd>
         <dt><a href=\"/29\">SDO 29: Inventories of data sets</a></dt><dd>Published on 1 February 2026</dd>
         <dt><a href=\"/28\">SDO 28: Evaluation of guards</a></dt><dd>Published on 30 December 2025</dd></dl>",
    );
    let server = Server::start([("/docs", page(&text))]);
    let room = Room::new();
    let (block, rows) = room.adopt(&server.url("/docs"), &text, "html");
    assert_eq!(rows.len(), 4, "{block}");
    assert_eq!(rows[1]["url"], server.url("/30"), "{block}");
    assert!(rows[1]["title"].as_str().is_some_and(|t| t.contains("Signing of models")), "{block}");
    assert_eq!(rows[1]["published"], "2026-09-28", "{block}");
}

#[test]
fn a_feed_that_only_a_header_announces() {
    let text = html("<p>Nothing on this page repeats, since a script fills it.</p>");
    let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title><item><title>Call for testers of guards</title><link>https://example.org/1</link><guid>1</guid><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>";
    let server = Server::start([
        (
            "/news",
            page(&text).header(
                "link",
                "</style.css>; rel=preload, </feeds/all?x=1,2>; rel=\"alternate\"; type=\"application/rss+xml\"; title=\"All, of it\"",
            ),
        ),
        ("/feeds/all?x=1,2", Route::page(rss).header("content-type", "application/rss+xml")),
    ]);
    let room = Room::new();
    let probed = room.run(&["probe", "--allow-private", "--body", "Some SDO", &server.url("/news")]);
    let said = String::from_utf8_lossy(&probed.stdout).into_owned();
    let feed = server.url("/feeds/all?x=1,2");
    assert!(said.contains(&format!("a feed is named there: monitor probe {feed}")), "{said}");
    let (block, rows) = room.adopt(&feed, rss, "xml");
    assert_eq!(of(&rows, &["title", "published"]), [["Call for testers of guards", "2026-11-03T10:00:00Z"]], "{block}");
}

#[test]
fn a_json_list_with_seconds_and_nested_names() {
    let hit = |n: u64| {
        format!(
            "{{\"id\":\"a{n}\",\"attributes\":{{\"docRef\":\"SDO {n}\",\"heading\":{{\"en\":\"Attestation of agents, part {n}\"}},\"publishedAt\":{},\"state\":\"{}\",\"href\":\"https://example.org/{n}\"}}}}",
            1_793_664_000 + n * 86_400,
            if n.is_multiple_of(2) { "Draft" } else { "Published" }
        )
    };
    let text = format!("{{\"meta\":{{\"count\":6}},\"data\":{{\"results\":[{}]}}}}", (1..7).map(hit).collect::<Vec<_>>().join(","));
    let server = Server::start([("/api/documents", Route::page(text.clone()).header("content-type", "application/json"))]);
    let room = Room::new();
    let (block, rows) = room.adopt(&server.url("/api/documents"), &text, "json");
    assert_eq!(rows.len(), 6, "{block}");
    assert_eq!(
        of(&rows[..1], &["number", "title", "stage", "url"]),
        [["SDO 1", "Attestation of agents, part 1", "Published", "https://example.org/1"]],
        "{block}"
    );
    assert!(rows[0]["published"].as_str().is_some_and(|p| p.starts_with("2026-11-0")), "{block}");
}

/// A site that we have never seen: table, pages, odd dates. The limit is what a slow machine needs, and a ten-thousandth of what
/// a person has: what is measured is that no step waits for anything but the page.
#[test]
fn from_an_address_to_a_passing_test_in_far_less_than_ten_minutes() {
    let begun = Instant::now();
    let row = |n: u32| {
        format!(
            "<tr><td>{}.{}.2026</td><td><a href=\"/get?no={n}\">SDO-R {n}</a></td><td>Requirements for the guarding of agents, part {n}</td></tr>",
            n + 12,
            ["I", "VI", "IX", "XI"][n as usize % 4]
        )
    };
    let list = |from: u32, more: &str| {
        html(&format!(
            "<table><thead><tr><th>Issued</th><th>Document</th><th>Subject</th></tr></thead><tbody>{}</tbody></table>{more}",
            (from..from + 5).map(row).collect::<String>()
        ))
    };
    let first = list(1, "<p><b>1</b> <a href=\"/all?p=2\">2</a></p>");
    let server = Server::start([
        ("/all", page(&first)),
        ("/all?p=2", page(&list(6, ""))),
        ("/all?p=3", page(&list(0, "").replace("<tr><td>", "<!--").replace("</td></tr>", "-->"))),
    ]);
    let room = Room::new();
    let block = room.probe(&server.url("/all"));
    std::fs::write(room.path().join("sources.d/some-sdo.toml"), &block).expect("written");
    assert!(room.run(&["check"]).status.success(), "{block}");
    let rows = room.test(&block, &["test", "--source", "some-list", "--format", "jsonl"]);
    assert_eq!(rows.len(), 10, "{block}");
    assert_eq!(
        of(&rows[..2], &["number", "title", "published"]),
        [
            ["SDO-R 1", "Requirements for the guarding of agents, part 1", "2026-06-13"],
            ["SDO-R 2", "Requirements for the guarding of agents, part 2", "2026-09-14"]
        ],
        "{block}"
    );
    assert!(begun.elapsed() < Duration::from_secs(600));
}
