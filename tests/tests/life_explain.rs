//! `explain` tells the whole story of a document.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Room {
        Room(tempfile::tempdir().expect("a folder"))
    }

    fn monitor(&self, args: &[&str]) -> String {
        let out = Command::new(monitor_testkit::binary()).current_dir(self.path()).args(args).output().expect("monitor runs");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn import(&self, day: &str, source: &str, rows: &[Value]) {
        let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
        std::fs::write(self.path().join("rows.jsonl"), lines.join("\n")).expect("written");
        self.monitor(&["--now", &format!("{day}T06:00:00Z"), "import", "rows.jsonl", "--source", source]);
    }

    fn explain(&self, key: &str) -> Value {
        serde_json::from_str(&self.monitor(&["explain", key, "--format", "json"])).expect("JSON")
    }
}

#[test]
fn the_whole_story_in_both_forms() {
    let room = Room::new();
    let title = "Baseline cyber security requirements for AI models against prompt injection";
    room.import(
        "2026-09-01",
        "etsi",
        &[
            json!({"body": "ETSI", "number": "ETSI TS 104 223 V1.1.1 (2025-04)", "title": title, "published": "2025-04", "url": "https://example.org/ts"}),
            json!({"body": "ETSI", "number": "ETSI EN 304 223 V2.1.1 (2025-12)", "title": title, "published": "2025-12", "url": "https://example.org/en"}),
            json!({"body": "ETSI", "number": "ETSI TS 199 999", "title": "A twin by hand about prompt injection", "published": "2025-12"}),
        ],
    );
    room.import(
        "2026-09-02",
        "shop",
        &[json!({"body": "ETSI", "number": "EN 304 223", "title": title, "url": "https://example.net/shop"})],
    );
    room.monitor(&["--now", "2026-09-03T00:00:00Z", "correct", "--reason", "section 5", "etsi/en-304-223", "+agent-identity"]);
    room.monitor(&["--now", "2026-09-03T00:00:00Z", "merge", "etsi/ts-199-999", "etsi/en-304-223"]);
    room.monitor(&["--now", "2026-09-04T00:00:00Z", "digest", "--form", "mail", "--since", "2026-08-15", "--out", "out"]);

    let story = room.explain("ETSI EN 304 223");
    assert_eq!(story["identity"]["rule"], "number");
    assert_eq!(story["identity"]["merged_from"], json!(["etsi/ts-199-999"]));
    assert_eq!(story["sightings"].as_array().map(Vec::len), Some(2), "{}", story["sightings"]);
    assert_eq!(story["pointing_here"], json!([{"kind": "becomes", "document": "etsi/ts-104-223"}]));
    assert_eq!(story["work"], json!({"name": "etsi/ts-104-223", "others": ["etsi/ts-104-223"]}));
    let spans: Vec<&Value> =
        story["topics"].as_array().expect("topics").iter().flat_map(|t| t["evidence"].as_array().expect("evidence")).collect();
    assert!(spans.iter().any(|e| e["term"].is_string() && e["end"].as_u64() > e["start"].as_u64()), "{spans:?}");
    assert_eq!(story["decisions"].as_array().map(Vec::len), Some(2), "{}", story["decisions"]);

    let text = room.monitor(&["explain", "etsi/en-304-223"]);
    for part in [
        "known by its number: ",
        "rows for etsi/ts-199-999 come here",
        "shop since 2026-09-02",
        "https://example.net/shop",
        "etsi/ts-104-223 becomes this",
        "one work, named etsi/ts-104-223",
        "prompt injection",
        "given agent-identity: section 5",
        "etsi/ts-199-999 merged into etsi/en-304-223",
    ] {
        assert!(text.contains(part), "“{part}” is missing:\n{text}");
    }
}

#[test]
fn editions_that_named_it_are_listed() {
    let room = Room::new();
    room.import("2026-09-01", "first", &[json!({"body": "ETSI", "number": "ETSI TS 199 998", "title": "Nothing of interest"})]);
    let item = |n: u8| json!({"body": "ETSI", "number": format!("ETSI TS 199 99{n}"), "title": "Defences of AI agents against prompt injection", "url": "https://example.org/x", "published": "2026-09-02", "stage": "Published"});
    room.import("2026-09-02", "first", &[item(1)]);
    assert_eq!(room.explain("etsi/ts-199-991")["editions"], json!([]));
    assert!(room.monitor(&["explain", "etsi/ts-199-991"]).contains("In no edition yet"));
    // `run` freezes the editions of editions.toml that are due
    std::fs::write(
        room.path().join("sources.toml"),
        "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[source.none]\nbody = \"ETSI\"\nkind = \"none\"\n",
    )
    .expect("written");
    for day in ["2026-09-10", "2026-10-05"] {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(room.path())
            .args(["--now", &format!("{day}T06:00:00Z"), "run"])
            .output()
            .expect("monitor runs");
        assert!(out.status.code().is_some_and(|c| c != 101), "{}", String::from_utf8_lossy(&out.stderr));
    }
    let story = room.explain("etsi/ts-199-991");
    let editions = story["editions"].as_array().expect("editions");
    assert!(!editions.is_empty(), "{story}");
    assert!(editions.iter().all(|e| e["parts"].as_array().is_some_and(|p| !p.is_empty())), "{editions:?}");
    assert!(room.monitor(&["explain", "etsi/ts-199-991"]).contains("\nEditions\n"));
}

#[test]
fn the_rule_of_identity_is_named() {
    let room = Room::new();
    room.import(
        "2026-09-01",
        "s",
        &[
            json!({"source": "s", "source_key": "k-1", "title": "Known by the key of its source"}),
            json!({"title": "Known by its address", "url": "https://example.org/a"}),
            json!({"title": "One of two", "url": "https://example.org/shared"}),
            json!({"title": "Two of two", "url": "https://example.org/shared"}),
        ],
    );
    let text = room.monitor(&["list", "--format", "jsonl"]);
    let rule = |title: &str| {
        let d = text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")).find(|d| d["title"] == title).expect("the document");
        room.explain(d["document"].as_str().expect("a key"))["identity"]["rule"].clone()
    };
    assert_eq!(rule("Known by the key of its source"), "source-key");
    assert_eq!(rule("Known by its address"), "address");
    assert_eq!(rule("Two of two"), "shared-address");
}
