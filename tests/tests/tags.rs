//! The topic editor's loop and the facets, through the program.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

fn monitor(room: &Path, args: &[&str]) -> (String, String, Option<i32>) {
    let mut full = vec!["--store", "store", "--now", "2026-09-01T09:00:00Z"];
    full.extend(args);
    let out = Command::new(monitor_testkit::binary()).current_dir(room).args(full).output().expect("monitor runs");
    (String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned(), out.status.code())
}

fn write(room: &Path, name: &str, rows: &[Value]) {
    fs::write(room.join(name), rows.iter().map(|r| format!("{r}\n")).collect::<String>()).expect("a file");
}

fn entry(key: &str, title: &str) -> Value {
    json!({"key": key, "body": "3GPP", "number": key, "title": title, "url": format!("https://example.org/{key}"), "source": "test", "kind": "document"})
}

#[test]
fn tags_are_scored_against_labels() {
    let room = tempfile::tempdir().expect("a folder");
    write(room.path(), "e.jsonl", &[entry("a", "Prompt injection in AI agents"), entry("b", "Determination of moisture in cereal grains")]);
    let label = |key: &str, relevance: &str, topics: &[&str]| json!({"key": key, "relevance": relevance, "axes": [], "topics": topics});
    write(room.path(), "l.jsonl", &[label("a", "relevant", &["prompt-injection"]), label("b", "neither", &[]), label("c", "neither", &[])]);
    let (out, err, code) = monitor(room.path(), &["tag", "e.jsonl", "--score", "l.jsonl"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("    2 items  relevance 1.000 (1.000/1.000)"), "{out}");
    assert!(err.contains("1 labels have no entry with their key, the first: c"), "{err}");
    fs::write(room.path().join("l.jsonl"), "{\"key\": 3}\n").expect("a file");
    let (_, err, code) = monitor(room.path(), &["tag", "e.jsonl", "--score", "l.jsonl"]);
    assert!(code != Some(0) && err.contains("l.jsonl, line 1: not a label"), "{err}");
}

#[test]
fn use_cases_are_carried_on_documents_and_the_map() {
    let room = tempfile::tempdir().expect("a folder");
    let title = "Security of AI for network planning and network optimization in 5G against data poisoning";
    write(room.path(), "e.jsonl", &[entry("3GPP TR 28.999", title), entry("3GPP TR 28.998", "Charging for data connectivity")]);
    let (_, err, code) = monitor(room.path(), &["import", "e.jsonl", "--source", "test"]);
    assert_eq!(code, Some(0), "{err}");
    let (out, ..) = monitor(room.path(), &["list", "--format", "jsonl"]);
    let rows: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let cases = |v: &Value| v["use_cases"].as_array().into_iter().flatten().map(|c| c["id"].clone()).collect::<Vec<_>>();
    let found: Vec<Vec<Value>> = rows.iter().map(cases).collect();
    assert!(found.contains(&vec![json!("network-optimisation"), json!("network-planning")]) && found.contains(&vec![]), "{out}");
    let (out, ..) = monitor(room.path(), &["landscape", "--format", "json"]);
    let map: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(map["use_cases"]["network-planning"].as_array().map(Vec::len), Some(1), "{}", map["use_cases"]);
    assert_eq!(map["use_cases"]["network-as-a-service"], json!([]));
    let (out, ..) = monitor(room.path(), &["explain", "3GPP TR 28.999"]);
    assert!(out.contains("use case network-planning") && out.contains("[network planning]"), "{out}");
}

#[test]
fn a_title_that_says_nothing_takes_the_tags_of_what_it_replaces_or_amends() {
    let room = tempfile::tempdir().expect("a folder");
    let row = |body: &str, number: &str, title: &str, extra: Value| {
        json!({"body": body, "number": number, "title": title, "url": format!("https://example.org/{}", number.replace(' ', "-")),
               "source": "test", "kind": "document", "extra": extra})
    };
    let base = row("ISO", "ISO/IEC 27999:2024", "Security of AI systems against data poisoning", json!({}));
    let amendment = row("ISO", "ISO/IEC 27999:2024/Amd 1:2026", "Editorial changes", json!({}));
    let successor = row("IETF", "RFC 9998", "New edition", json!({"obsoletes": "RFC 9997"}));
    let old = row("IETF", "RFC 9997", "Prompt injection in AI agents", json!({}));
    let part = row("IETF", "RFC 9996", "Bananas", json!({"obsoletes": "RFC 9998"}));
    // The amendment comes before its base, and RFC 9996 replaces what has no tags but borrowed ones.
    write(room.path(), "e.jsonl", &[amendment, base, successor, old, part]);
    let (_, err, code) = monitor(room.path(), &["import", "e.jsonl", "--source", "test"]);
    assert_eq!(code, Some(0), "{err}");
    let rows = |store: &Path| -> std::collections::BTreeMap<String, Value> {
        let (out, ..) = monitor(store, &["list", "--format", "jsonl"]);
        let all = out.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON"));
        all.map(|d| (d["title"].as_str().unwrap_or_default().to_owned(), d)).collect()
    };
    let found = rows(room.path());
    let topics = |title: &str| found[title]["topics"].as_array().cloned().unwrap_or_default();
    assert_eq!(topics("Editorial changes"), topics("Security of AI systems against data poisoning"));
    assert!(topics("Editorial changes").contains(&json!("data-poisoning")));
    assert!(topics("New edition").contains(&json!("prompt-injection")));
    assert_eq!(found["Bananas"]["relevance"], json!("neither"), "tags do not travel on");
    let (out, ..) = monitor(room.path(), &["explain", "RFC 9998"]);
    assert!(out.contains("supersedes RFC 9997: Prompt injection in AI agents") && out.contains("in the relation"), "{out}");
    let (_, err, code) = monitor(room.path(), &["retag"]);
    assert!(code == Some(0) && err.contains("0 documents got other tags"), "{err}");
    // A person's word holds against it, and is one that what replaces the document can take over.
    monitor(room.path(), &["correct", "RFC 9998", "-prompt-injection", "+agent-identity", "--reason", "read it"]);
    let (_, err, _) = monitor(room.path(), &["retag"]);
    assert!(err.contains("0 documents got other tags"), "it was taken over at once: {err}");
    let (out, ..) = monitor(room.path(), &["list", "--topic", "agent-identity", "--format", "jsonl"]);
    assert!(out.lines().count() == 2 && out.contains("New edition") && out.contains("Bananas"), "{out}");
}

#[test]
fn tags_that_were_taken_over_follow_when_the_other_document_changes() {
    let room = tempfile::tempdir().expect("a folder");
    let row = |number: &str, title: &str, extra: Value| {
        json!({"body": "IETF", "number": number, "title": title, "url": format!("https://example.org/{}", number.replace(' ', "-")),
               "source": "test", "kind": "document", "extra": extra})
    };
    let import = |name: &str, rows: &[Value]| {
        write(room.path(), name, rows);
        let (_, err, code) = monitor(room.path(), &["import", name, "--source", "test"]);
        assert_eq!(code, Some(0), "{err}");
    };
    let topics = || {
        let (out, ..) = monitor(room.path(), &["show", "RFC 9998", "--format", "json"]);
        let d: Value = serde_json::from_str(&out).expect("JSON");
        d["topics"].as_array().into_iter().flatten().map(|t| t.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    // What replaces comes before what it replaces is known, and each time in a batch of its own.
    import("1.jsonl", &[row("RFC 9998", "New edition", json!({"obsoletes": "RFC 9997"}))]);
    assert_eq!(topics(), Vec::<String>::new());
    import("2.jsonl", &[row("RFC 9997", "Prompt injection in AI agents", json!({}))]);
    assert!(topics().contains(&"prompt-injection".to_owned()), "{:?}", topics());
    import("3.jsonl", &[row("RFC 9997", "Data poisoning of AI training data", json!({}))]);
    assert_eq!(topics(), ["data-poisoning"]);
    let (_, err, _) = monitor(room.path(), &["correct", "RFC 9997", "+agent-identity", "-data-poisoning", "--reason", "read it"]);
    assert!(err.contains("1 documents that take their tags from it follow"), "{err}");
    assert_eq!(topics(), ["agent-identity"]);
    let (_, err, _) = monitor(room.path(), &["retag"]);
    assert!(err.contains("0 documents got other tags"), "{err}");
    import("4.jsonl", &[row("RFC 9997", "Moisture in cereal grains", json!({}))]);
    monitor(room.path(), &["correct", "RFC 9997", "-agent-identity", "--reason", "not so"]);
    assert_eq!(topics(), Vec::<String>::new());
    let (_, err, _) = monitor(room.path(), &["retag"]);
    assert!(err.contains("0 documents got other tags"), "{err}");
}

#[test]
fn corrections_survive_a_retag_and_are_exported() {
    let room = tempfile::tempdir().expect("a folder");
    write(room.path(), "e.jsonl", &[entry("3GPP TR 28.999", "Prompt injection in AI agents")]);
    monitor(room.path(), &["import", "e.jsonl", "--source", "test"]);
    let correct = ["correct", "3GPP TR 28.999", "+agent-identity", "-prompt-injection", "--reason", "section 5"];
    let (_, err, code) = monitor(room.path(), &correct);
    assert_eq!(code, Some(0), "{err}");
    let (_, err, code) = monitor(room.path(), &["retag"]);
    assert!(code == Some(0) && err.contains("0 documents got other tags"), "{err}");
    let (out, ..) = monitor(room.path(), &["list", "--topic", "agent-identity", "--format", "jsonl"]);
    assert!(out.lines().count() == 1 && !out.contains("\"id\":\"prompt-injection\""), "{out}");
    let (_, err, code) = monitor(room.path(), &["store", "export", "out.jsonl"]);
    assert_eq!(code, Some(0), "{err}");
    let text = fs::read_to_string(room.path().join("out.jsonl")).expect("an export");
    assert!(text.contains("section 5") && text.contains("agent-identity"), "the correction with its reason is in the export");
}

#[test]
fn notes_on_terms_have_lines_and_stop_nothing() {
    let room = tempfile::tempdir().expect("a folder");
    let (out, err, code) = monitor(room.path(), &["check", "--terms"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.lines().all(|l| l.starts_with("topics.toml (embedded):") || l.contains("topics.toml:")), "{out}");
    assert!(!out.contains("is dead"), "{out}");
}
