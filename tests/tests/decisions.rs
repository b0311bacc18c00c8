//! What people decide: it holds against later rows, is exported with the store, and can be taken back.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Room {
        Room(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn ok(&self, store: &str, args: &[&str]) -> String {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(self.path())
            .args(["--store", store, "-q"])
            .args(args)
            .output()
            .expect("monitor runs");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// One row of each source on one day.
    fn rows(&self, store: &str, day: &str) {
        for (source, number, title) in
            [("a", "ETSI GR SAI 902", "Data supply chain"), ("b", "ETSI TR 199 948", "Data supply chain security")]
        {
            let row = json!({"body": "ETSI", "number": number, "title": title, "url": format!("https://example.org/{source}")});
            std::fs::write(self.path().join("rows.jsonl"), format!("{row}\n")).expect("written");
            self.ok(store, &["--now", &format!("{day}T00:00:00Z"), "import", "rows.jsonl", "--source", source]);
        }
    }

    fn show(&self, store: &str, key: &str) -> Value {
        serde_json::from_str(&self.ok(store, &["show", key, "--format", "json"])).expect("JSON")
    }

    /// Sources that showed a document, each with the day of its last sight.
    fn sightings(&self, store: &str, key: &str) -> Vec<String> {
        let d = self.show(store, key);
        d["sightings"].as_array().expect("sightings").iter().map(|s| s["source"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn listed(&self, store: &str) -> Vec<String> {
        let text = self.ok(store, &["list", "--format", "jsonl"]);
        text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")["document"].as_str().expect("a key").to_owned()).collect()
    }
}

const A: &str = "etsi/gr-sai-902";
const B: &str = "etsi/tr-199-948";

#[test]
fn a_merge_holds_and_is_taken_back_whole() {
    let room = Room::new();
    room.rows("s", "2026-03-01");
    room.ok("s", &["--now", "2026-03-02T00:00:00Z", "merge", "ETSI GR SAI 902", B, "--reason", "the same text"]);
    assert_eq!(room.sightings("s", B), ["b", "a"]);
    // what comes for A is known for B
    room.rows("s", "2026-03-03");
    assert_eq!(room.sightings("s", B), ["b", "a"]);
    let events = room.ok("s", &["events", "--since", "2026-03-02", "--format", "jsonl"]);
    assert!(!events.contains("\"kind\":\"added\""), "{events}");
    // it goes with the store
    room.ok("s", &["store", "export", "all.jsonl"]);
    room.ok("t", &["store", "import", "all.jsonl"]);
    room.rows("t", "2026-03-04");
    assert_eq!(room.sightings("t", B), ["b", "a"]);
    // taken back by its number as printed: each has its own again, and later rows go where they went before
    room.ok("s", &["--now", "2026-03-05T00:00:00Z", "split", "ETSI GR SAI 902"]);
    assert_eq!((room.sightings("s", A), room.sightings("s", B)), (vec!["a".to_owned()], vec!["b".to_owned()]));
    room.rows("s", "2026-03-06");
    assert_eq!((room.sightings("s", A), room.sightings("s", B)), (vec!["a".to_owned()], vec!["b".to_owned()]));
    assert_eq!(room.show("s", A)["title"], "Data supply chain");
    room.ok("s", &["store", "verify"]);
}

#[test]
fn what_is_ignored_stays_so() {
    let room = Room::new();
    room.rows("s", "2026-03-01");
    room.ok("s", &["--now", "2026-03-02T00:00:00Z", "ignore", A, "--reason", "no standards link"]);
    room.rows("s", "2026-03-03");
    assert_eq!(room.show("s", A)["ignored"], "no standards link");
    room.ok("s", &["store", "export", "all.jsonl"]);
    room.ok("t", &["store", "import", "all.jsonl"]);
    assert_eq!(room.show("t", A)["ignored"], "no standards link");
    assert!(room.listed("t").contains(&B.to_owned()));
}
