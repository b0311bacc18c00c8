//! The bundled archives through the whole program: the planted events and no others, and a digest that keeps its promises.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use monitor_testkit::demo::{plan, snapshots};
use serde_json::Value;

fn monitor(room: &Path, args: &[&str]) -> Output {
    let mut full = vec!["--store", "store"];
    full.extend(args);
    Command::new(monitor_testkit::binary()).current_dir(room).args(full).output().expect("monitor runs")
}

fn fetch(room: &Path, now: &str, archive: &Path, more: &[&str]) -> Value {
    let archive = archive.display().to_string();
    let mut args = vec!["--now", now, "fetch", "--replay", &archive, "--format", "json"];
    args.extend(more);
    let out = monitor(room, &args);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)))
}

fn lines(out: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&out.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

fn events(room: &Path, since: &str) -> Vec<Value> {
    lines(&monitor(room, &["events", "--since", since, "--format", "jsonl"]))
}

fn text<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap_or_default()
}

#[test]
fn the_second_snapshot_gives_exactly_the_planted_events() {
    let room = tempfile::tempdir().expect("a folder");
    let [(first_day, first), (second_day, second)] = &snapshots().expect("manifests")[..] else { panic!("two snapshots") };
    let plan = plan().expect("PLANTED.toml");

    let one = fetch(room.path(), first_day, first, &[]);
    assert!(one["totals"]["collected"].as_u64().is_some_and(|n| n >= 150), "at least 150 entries: {}", one["totals"]);
    let watched = one["sources"].as_array().expect("sources").iter().filter(|s| s["requests"].as_u64() > Some(0)).count();
    assert!(watched >= 12, "{watched} sources");
    for s in one["sources"].as_array().expect("sources") {
        let n = |k: &str| s[k].as_u64().expect("a count");
        assert_eq!(n("collected"), n("new") + n("revised") + n("known") + n("rejected"), "{s}");
    }

    let again = fetch(room.path(), first_day, first, &[]);
    assert_eq!((again["totals"]["new"].as_u64(), again["totals"]["events"].as_u64()), (Some(0), Some(0)), "the same snapshot again");

    let before: Vec<Value> = lines(&monitor(room.path(), &["list", "--format", "jsonl"]));
    let two = fetch(room.path(), second_day, second, &[]);
    let key = |doc: &str, kind: &str, from: &str, to: &str, source: &str| format!("{doc} {kind} [{from}] → [{to}] by {source}");
    let seen: BTreeSet<String> = events(room.path(), second_day)
        .iter()
        .map(|e| key(text(e, "document"), text(e, "kind"), text(e, "from"), text(e, "to"), text(e, "source")))
        .collect();
    let planned: BTreeSet<String> = plan
        .event
        .iter()
        .map(|p| key(&p.document, &p.kind, p.from.as_deref().unwrap_or_default(), p.to.as_deref().unwrap_or_default(), &p.source))
        .collect();
    let missing: Vec<_> = planned.difference(&seen).collect();
    let surplus: Vec<_> = seen.difference(&planned).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}\nnot planned: {surplus:#?}");

    let broken: Vec<&str> =
        two["sources"].as_array().expect("sources").iter().filter(|s| s["status"] == "broken").map(|s| text(s, "id")).collect();
    assert_eq!(broken, plan.broken, "the broken source");
    // Nothing of a broken source is touched.
    let after: Vec<Value> = lines(&monitor(room.path(), &["list", "--format", "jsonl"]));
    let of_broken = |docs: &[Value]| {
        docs.iter()
            .filter(|d| d["sightings"].as_array().is_some_and(|s| s.len() == 1 && plan.broken.contains(&text(&s[0], "source").to_owned())))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(of_broken(&before), of_broken(&after));
    for silent in &plan.silent {
        assert!(after.iter().any(|d| text(d, "document") == silent), "{silent} is stored");
        assert!(!seen.iter().any(|e| e.starts_with(&format!("{silent} "))), "{silent} changed nothing");
    }

    let again = fetch(room.path(), second_day, second, &["--force"]);
    assert_eq!((again["totals"]["new"].as_u64(), again["totals"]["events"].as_u64()), (Some(0), Some(0)), "the second snapshot again");
    let verify = monitor(room.path(), &["store", "verify"]);
    assert_eq!(verify.status.code(), Some(0), "{}", String::from_utf8_lossy(&verify.stdout));
}

#[test]
fn one_body_alone_can_be_fetched() {
    let room = tempfile::tempdir().expect("a folder");
    let (day, archive) = &snapshots().expect("manifests")[0];
    let report = fetch(room.path(), day, archive, &["--source", "etsi"]);
    let sources = report["sources"].as_array().expect("sources");
    assert!(!sources.is_empty() && sources.iter().all(|s| s["body"] == "ETSI"), "{report}");
    assert!(report["totals"]["new"].as_u64() > Some(10));
}

#[test]
fn the_demo_gives_a_digest_and_a_map_that_are_self_contained_and_the_same_each_time() {
    let room = tempfile::tempdir().expect("a folder");
    let demo = |out: &str| {
        let o =
            Command::new(monitor_testkit::binary()).current_dir(room.path()).args(["demo", "--out", out]).output().expect("monitor runs");
        assert_eq!(o.status.code(), Some(0), "{}", String::from_utf8_lossy(&o.stderr));
        let files: Vec<PathBuf> = String::from_utf8_lossy(&o.stdout).lines().map(|l| room.path().join(l)).collect();
        files
            .iter()
            .map(|f| {
                (
                    f.extension().and_then(|e| e.to_str()).unwrap_or_default().to_owned(),
                    String::from_utf8_lossy(&std::fs::read(f).expect("it is there")).into_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    let one = demo("one");
    assert_eq!(one.len(), 27, "three editions in nine formats");
    assert!(one == demo("two"), "the same store and date give the same bytes");
    for (kind, text) in &one {
        match kind.as_str() {
            "docx" => assert!(text.starts_with("PK") && text.contains("word/document.xml"), "a package"),
            "csv" => assert!(text.lines().count() > 20 && !text.lines().any(|l| l.starts_with(['=', '+', '@'])), "rows"),
            "atom" => assert!(text.contains("<id>tag:") && text.matches("<entry>").count() >= 15, "an entry for each change"),
            "ics" => assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.lines().all(|l| l.len() <= 75), "folded lines"),
            "html" => {
                assert!(text.starts_with("<!doctype html>") || text.starts_with("<!DOCTYPE html>"));
                assert!(
                    !text.contains("<script") && !text.contains(" src=") && !text.contains("@import") && !text.contains("url("),
                    "no outside request"
                );
            }
            "txt" => {
                let long = text.lines().find(|l| l.chars().count() > 76 && !l.trim_start().starts_with("http"));
                assert!(long.is_none(), "76 columns: {long:?}");
            }
            "json" => {
                let edition: Value = serde_json::from_str(text).expect("JSON");
                for key in [
                    "edition",
                    "form",
                    "as_of",
                    "since",
                    "glance",
                    "changes",
                    "deadlines",
                    "counterparts",
                    "gaps",
                    "trends",
                    "coverage",
                    "corrections",
                    "method",
                ] {
                    assert!(!edition[key].is_null(), "the contract's key {key}");
                }
                let coverage = edition["coverage"].as_array().expect("coverage");
                assert!(coverage.iter().any(|c| text_of(c).contains("broken")), "the broken source is named");
                if edition["form"] == "mail" {
                    let changes = edition["changes"].as_array().expect("changes");
                    assert!(changes.len() >= 15, "{} changes", changes.len());
                }
            }
            _ => assert!(text.contains("Coverage") || text.contains("sources read"), "{kind} says what was read"),
        }
    }
}

fn text_of(v: &Value) -> String {
    v.to_string()
}
