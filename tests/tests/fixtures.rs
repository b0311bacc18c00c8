//! Every enabled source reads its fixture (`tests/fixtures/`, form: `docs/sources.md`), offline and at its real addresses.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn monitor(args: &[&str]) -> Output {
    let mut all = vec!["--config", "sources.toml", "--data", "data", "--now", "2026-11-21T06:00:00Z"];
    all.extend(args);
    Command::new(monitor_testkit::binary()).current_dir(top()).env("NO_COLOR", "1").args(all).output().expect("monitor runs")
}

/// The rows and the summary of `test --format jsonl`.
fn test(args: &[&str]) -> (Vec<Value>, Vec<Value>) {
    let o = monitor(&[&["test", "--format", "jsonl"], args].concat());
    let text = String::from_utf8_lossy(&o.stdout).into_owned();
    assert!(!text.is_empty(), "{}", String::from_utf8_lossy(&o.stderr));
    let mut rows: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let last = rows.pop().expect("a summary");
    (rows, last["summary"].as_array().expect("a summary").clone())
}

#[test]
fn every_enabled_source_reads_its_fixture() {
    let (rows, summary) = test(&["--fixtures", "tests/fixtures"]);
    let mut wrong = Vec::new();
    for s in &summary {
        let id = s["source"].as_str().expect("an id");
        if s["status"] == "login" {
            continue;
        }
        if s["status"] != "ok" {
            wrong.push(format!("{id}: {} {}", s["status"], s["complaints"]));
        }
        for row in rows.iter().filter(|r| r["source"] == id) {
            let named = ["number", "source_key", "url"].iter().any(|k| row[*k].is_string());
            if !named || row["title"].as_str().unwrap_or_default().is_empty() && row["number"].is_null() {
                wrong.push(format!("{id}: a row without number or key, or without a title: {row}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} sources do not read their fixtures:\n{}", wrong.len(), wrong.join("\n"));
}
