//! Editions as people use them: approval before lines, corrections once, a past that stays the past, notes on demand.

use std::{
    path::Path,
    process::{Command, Output},
};

use monitor_testkit::demo::snapshots;
use serde_json::Value;

const FIRST: &str = "2026-03-02T06:00:00Z";
const SECOND: &str = "2026-04-20T06:00:00Z";

fn monitor(room: &Path, args: &[&str]) -> Output {
    Command::new(monitor_testkit::binary()).current_dir(room).args(["--store", "store"]).args(args).output().expect("monitor runs")
}

fn good(room: &Path, args: &[&str]) -> String {
    let out = monitor(room, args);
    assert_eq!(out.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

fn json(room: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&good(room, args)).expect("JSON")
}

fn fetch(room: &Path, at: usize) {
    let all = snapshots().expect("manifests");
    let (now, archive) = &all[at];
    // The demo holds one broken source on purpose: exit 3.
    let out = monitor(room, &["-q", "--now", now, "fetch", "--replay", &archive.display().to_string()]);
    assert!(matches!(out.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&out.stderr));
}

fn list<'a>(v: &'a Value, key: &str) -> &'a Vec<Value> {
    v[key].as_array().unwrap_or_else(|| panic!("{key} is a list"))
}

#[test]
fn an_edition_that_speaks_for_the_past_sees_the_past() {
    let room = tempfile::tempdir().expect("a folder");
    fetch(room.path(), 0);
    let ask = ["--now", SECOND, "digest", "--form", "td", "--since", "2026-01-01", "--until", FIRST, "--format", "json"];
    let then = good(room.path(), &ask);
    fetch(room.path(), 1);
    let now = good(room.path(), &ask);
    let (a, b): (Value, Value) = (serde_json::from_str(&then).expect("JSON"), serde_json::from_str(&now).expect("JSON"));
    for key in ["glance", "headlines", "deadlines", "items", "corners", "gaps", "coming", "near", "options"] {
        assert_eq!(a[key], b[key], "{key}");
    }
    // The snapshot's hash is of the last reading: the store keeps no older one.
    let lines = |e: &Value| -> Vec<String> {
        list(e, "changes")
            .iter()
            .map(|c| format!("{} {} {} {} {}", c["document"], c["what_words"], c["status"], c["number"], c["title"]))
            .collect()
    };
    assert_eq!(lines(&a), lines(&b));
}

#[test]
fn what_nobody_approved_is_no_line_and_no_headline() {
    let room = tempfile::tempdir().expect("a folder");
    let data = room.path().join("data");
    std::fs::create_dir_all(&data).expect("made");
    let ours = include_str!("../../data/editions.toml");
    std::fs::write(data.join("editions.toml"), ours.replace("approval = false", "approval = true ")).expect("written");
    fetch(room.path(), 0);
    fetch(room.path(), 1);
    let ask = ["--now", SECOND, "digest", "--edition", "plenary", "--window", "40d", "--format", "json"];
    let before = json(room.path(), &ask);
    assert!(list(&before, "changes").is_empty() && list(&before, "headlines").is_empty());
    let waiting = list(&before, "unreviewed").len();
    assert!(waiting >= 15, "{waiting} rows wait");

    let review = ["--now", SECOND, "review", "--edition", "plenary", "--window", "40d", "--format", "jsonl"];
    let rows: Vec<Value> = good(room.path(), &review).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(rows.len(), waiting);
    for r in &rows {
        assert!(["url", "hash", "why", "date", "source"].iter().all(|k| r[*k].as_str().is_some_and(|t| !t.is_empty())), "{r}");
    }
    good(room.path(), &["--now", SECOND, "approve", "etsi/ts-104-158-1", "--reason", "read the page"]);
    let after = json(room.path(), &ask);
    let shown: Vec<&str> = list(&after, "changes").iter().filter_map(|c| c["document"].as_str()).collect();
    assert_eq!(shown, ["etsi/ts-104-158-1"]);
    assert_eq!(list(&after, "headlines").len(), 1);
    assert_eq!(list(&after, "unreviewed").len(), waiting - 1);
    // The approval is in the journal, and so in an export.
    let export = good(room.path(), &["store", "export", "-"]);
    assert!(export.lines().any(|l| l.contains("approve") && l.contains("etsi/ts-104-158-1")), "exported");
    good(room.path(), &["--now", SECOND, "approve", "etsi/ts-104-158-1", "--withdraw", "--reason", "wrong"]);
    assert!(list(&json(room.path(), &ask), "changes").is_empty());
}

#[test]
fn a_wrong_line_is_corrected_once() {
    let room = tempfile::tempdir().expect("a folder");
    fetch(room.path(), 0);
    fetch(room.path(), 1);
    let first = json(room.path(), &["--now", SECOND, "digest", "--edition", "monthly", "--window", "40d", "--format", "json"]);
    let wrong = list(&first, "changes")[0]["document"].as_str().expect("a key").to_owned();
    good(room.path(), &["--now", "2026-04-21T06:00:00Z", "ignore", &wrong, "--reason", "not about security"]);
    let said = |day: &str| {
        let e = json(room.path(), &["--now", day, "digest", "--edition", "monthly", "--window", "since-last", "--format", "json"]);
        assert_eq!(e["since"].as_str().map(|t| &t[..10]), Some(if day < "2026-04-25" { "2026-04-20" } else { "2026-04-24" }));
        list(&e, "corrections").clone()
    };
    let listed = json(room.path(), &["corrections", "--edition", "monthly", "--format", "json"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    let second = said("2026-04-24T06:00:00Z");
    assert_eq!(second.len(), 1, "{second:?}");
    assert!(second[0]["new"].as_str().is_some_and(|n| n.contains("not about security")) && second[0]["document"] == wrong.as_str());
    assert!(said("2026-04-28T06:00:00Z").is_empty(), "said once");
}

#[test]
fn notes_are_made_on_demand_and_not_frozen() {
    let room = tempfile::tempdir().expect("a folder");
    fetch(room.path(), 0);
    fetch(room.path(), 1);
    let of = |args: &[&str]| good(room.path(), &[&["--now", SECOND, "digest", "--form"], args].concat());
    let ls = of(&["ls", "--format", "txt"]);
    for word in
        ["LIAISON STATEMENT", "QUESTIONS:", "SOURCE:", "TITLE:", "FOR ACTION TO:", "APPROVAL:", "DEADLINE:", "CONTACT:", "Attachments:"]
    {
        assert!(ls.contains(word), "{word} is missing in {ls}");
    }
    assert!(of(&["call", "--option", "1", "--format", "txt"]).contains("What expertise"));
    assert!(of(&["flash", "--format", "txt"]).contains("within 30 days"));
    assert_eq!(monitor(room.path(), &["--now", SECOND, "digest", "--form", "ls", "--option", "999"]).status.code(), Some(2));
    assert_eq!(json(room.path(), &["corrections", "--format", "json"]), serde_json::json!([]), "nothing was frozen");
}

#[test]
fn a_template_that_asks_for_what_is_not_there_fails_in_check() {
    let room = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(room.path().join("templates")).expect("made");
    std::fs::write(room.path().join("templates/_corrections.html"), "<p>\n{{ correctionz }}</p>\n").expect("written");
    let out = monitor(room.path(), &["check"]);
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("_corrections.html:2:4: "), "{said}");

    // A picture of the user's own is tried too.
    std::fs::remove_file(room.path().join("templates/_corrections.html")).expect("removed");
    std::fs::create_dir_all(room.path().join("templates/pictures")).expect("made");
    std::fs::write(room.path().join("templates/pictures/heat.svg"), "<svg>\n\n{{ titel }}</svg>\n").expect("written");
    let out = monitor(room.path(), &["check"]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.code() == Some(2) && said.contains("templates/pictures/heat.svg:3:4: "), "{said}");
}
