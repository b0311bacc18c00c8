//! Kinds `json` and `csv`.

use crate::common::{complaints, run, run_bytes};
use monitor_extract::{Container, Tally, Verdict, contract};
use monitor_model::ComplaintStage;

const JSON: &str = r#"
body = "ISO"
kind = "json"
url = "https://example.org/"
items = "$.standards[*]"
[fields]
number = "docRef"
title = "title.translations.en"
stage = "stage | map(iso)"
summary = "scope | text"
url = { template = "https://example.org/standard/{csnumber}.html" }
keywords = "codes"
date = "date | date(%Y-%m)"
"#;

#[test]
fn items_of_a_document() {
    let e = run(
        JSON,
        "\u{feff}{\"standards\":[
          {\"docRef\":\"ISO 1\",\"title\":{\"translations\":{\"en\":\" A \\n title \"}},\"stage\":6060,\"csnumber\":77374,\"codes\":[\"a\",\"b\"],
           \"scope\":\"<p>R&amp;D <b>scope</b></p><script>x</script>\",\"date\":\"2026-05\"},
          {\"docRef\":\"ISO 2\",\"title\":null,\"stage\":\"30.20\",\"date\":null},
          {\"title\":{\"translations\":{}}}, \"text\"]}",
    );
    assert_eq!((e.entries.len(), e.rejected, e.container), (2, 2, Container::Found));
    let first = &e.entries[0];
    assert_eq!((first.title.as_str(), first.stage.as_deref()), ("A title", Some("International Standard published")));
    assert_eq!(first.url.as_deref(), Some("https://example.org/standard/77374.html"));
    assert_eq!((first.keywords.len(), first.summary.as_deref()), (2, Some("R&D scope")));
    assert_eq!(first.published.map(|d| d.to_string()).as_deref(), Some("2026-05"));
    let second = &e.entries[1];
    assert_eq!((second.title.as_str(), second.stage.as_deref(), second.url.as_deref()), ("", Some("CD study"), None));
    assert!(complaints(&e).iter().any(|c| c.contains("its template has nothing to put in; first: {csnumber} ×3")), "{:?}", complaints(&e));
}

#[test]
fn empty_missing_and_wrong_documents() {
    let empty = run(JSON, "{\"standards\":[]}");
    assert_eq!((empty.failed.as_ref(), empty.collected(), empty.container), (None, 0, Container::Found));
    for (body, stage) in [
        ("{\"error\":\"no\"}", ComplaintStage::Select),
        ("{\"standards\":null}", ComplaintStage::Select),
        ("[]", ComplaintStage::Select),
        ("", ComplaintStage::Parse),
        ("<html>blocked", ComplaintStage::Parse),
        ("{\"standards\":[", ComplaintStage::Parse),
    ] {
        assert_eq!(run(JSON, body).failed.map(|c| c.stage), Some(stage), "{body}");
    }
    let deep = "[".repeat(200_000);
    assert!(run(JSON, &deep).failed.is_some());
    let list = JSON.replace("$.standards[*]", "$[*]");
    assert!(run(&list, "{\"error\":{}, \"code\":500}").entries.is_empty());
    assert!(run(&list, "{\"message\":\"no\", \"code\":500}").failed.is_some(), "an error object is not a list");
    assert_eq!(run(&list, "[]").failed, None);
    let one = JSON.replace("$.standards[*]", "$");
    assert_eq!(run(&one, "{\"docRef\":\"ISO 9\"}").entries.len(), 1);
}

#[test]
fn pages_of_an_interface() {
    let toml = JSON.replace("[fields]", "page = { next = \"meta.next\", total = \"meta.total\", max = 9, stop = \"total\" }\n[fields]");
    let e = run(&toml, "{\"standards\":[{\"docRef\":\"ISO 1\"}],\"meta\":{\"next\":\"/api?offset=100\",\"total\":250}}");
    assert_eq!((e.next[0].url.as_str(), e.total), ("https://example.org/api?offset=100", Some(250)));
    let e = run(&toml, "{\"standards\":[{\"docRef\":\"ISO 1\"}],\"meta\":{\"next\":null}}");
    assert!(e.next.is_empty());
}

const LINES: &str = r#"
body = "ISO"
kind = "json"
lines = true
url = "https://example.org/"
where = 'owner.name in ["SC 42", "SC 27"] and not (status == "gone")'
[fields]
number = "ref | docnum"
title = "title.en"
"#;

#[test]
fn lines_are_streamed_and_bad_ones_counted() {
    let mut body =
        "\u{feff}{\"ref\":\"ISO 1\",\"owner\":{\"name\":\"SC 42\"}}\r\n\n{\"ref\":\"ISO 2\",\"owner\":{\"name\":\"SC 1\"}}\n{broken\n"
            .to_owned();
    body.push_str("{\"ref\":\"ISO 3\",\"owner\":{\"name\":\"SC 27\"},\"status\":\"gone\"}\n{\"owner\":{\"name\":\"SC 27\"}}\n");
    let mut bytes = body.into_bytes();
    bytes.extend(b"{\"ref\":\"ISO \xe9\",\"owner\":{\"name\":\"SC 27\"}}\n{also broken");
    let e = run_bytes(LINES, None, &bytes);
    assert_eq!((e.entries.len(), e.rejected, e.filtered), (2, 3, 2));
    let all = complaints(&e).join("\n");
    assert!(all.contains("a line is not JSON; first: line 4: key must be a string at line 1 column 2 ×2"), "{all}");
    assert!(all.contains("a line is not UTF-8; first: line 7 ×1"), "{all}");
    assert!(run(LINES, "").failed.is_some());
    assert!(run(LINES, "<html>\n").failed.is_some());
    assert!(run(LINES, "x\ny\n").failed.is_some_and(|c| c.what.contains("none of 2")));
}

const CSV: &str = r#"
body = "3GPP"
kind = "csv"
url = "https://example.org/specs.csv"
csv = { delimiter = ";", bom = true }
where = '"Responsible Primary" in ["S3", "S5"]'
fields = { number = "Spec number | docnum", title = "Title", version = "Version", date = "Date | date(%b %e %Y)", url = { template = "https://example.org/{Spec number}" } }
expect = { columns = ["Spec number", "Release"], min_items = 2 }
"#;

const SPECS: &str = "\u{feff}Spec number; Title ;Version;Date;Responsible Primary\r\n33.501;\"Security; 5G\nsystem\";18.0.1;Jun  3 2024 12:00AM;S3\r\n\
33.502;x;1;Jun 30 2000 12:00AM;S2\r\n33.503;short\r\n33.504;y;1;never;S5;;\r\n\r\n33.505;y;1;;S5;more\r\n";

#[test]
fn tables_by_their_header() {
    let e = run(CSV, SPECS);
    assert_eq!((e.entries.len(), e.rejected, e.filtered), (2, 2, 1));
    let first = &e.entries[0];
    assert_eq!(
        (first.number.as_deref(), first.title.as_str(), first.version.as_deref()),
        (Some("33.501"), "Security; 5G system", Some("18.0.1"))
    );
    assert_eq!(first.published.map(|d| d.to_string()).as_deref(), Some("2024-06-03"));
    assert_eq!(first.url.as_deref(), Some("https://example.org/33.501"));
    assert_eq!(e.entries[1].date_raw.as_deref(), Some("never"));
    assert!(complaints(&e).iter().any(|c| c.contains("line 5 has 2, the header 5 ×2")), "{:?}", complaints(&e));
    let mut tally = Tally::default();
    tally.add(&e);
    let clauses = contract(crate::common::recipe(CSV).expect(), &tally);
    assert_eq!((clauses[0].1, clauses[1].1), (Verdict::Ok, Verdict::Broken));
    assert!(clauses[1].2.contains("Release"));
}

#[test]
fn what_is_no_table() {
    for body in ["", "<!DOCTYPE html><p>x", "a,b,c\n1,2,3\n"] {
        assert!(run(CSV, body).failed.is_some(), "{body}");
    }
    let header = run(CSV, "Spec number;Title;Version;Date;Responsible Primary\n");
    assert_eq!((header.failed.as_ref(), header.collected(), header.container), (None, 0, Container::Found));
    let latin = run_bytes(CSV, None, b"Spec number;Title;Version;Date;Responsible Primary\n1;S\xe9curit\xe9 des r\xe9seaux;1;;S3\n");
    assert_eq!(latin.entries[0].title, "Sécurité des réseaux");
}
