//! Items opened, texts approved and works withdrawn, by body: a history in several readings, counted by hand.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::{Value, json};

fn monitor(dir: &Path, args: &[&str]) -> String {
    let out = Command::new(monitor_testkit::binary()).current_dir(dir).args(args).output().expect("monitor runs");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The work programme of one body, as its source shows it.
struct Programme {
    body: &'static str,
    rows: BTreeMap<usize, Value>,
}

impl Programme {
    fn new(body: &'static str) -> Self {
        Programme { body, rows: BTreeMap::new() }
    }

    fn add(&mut self, n: usize, stage: &str, registered: Option<&str>) {
        let number = if self.body == "ETSI" { format!("DTS/SAI-{n:05}") } else { format!("ISO/IEC {}", 90_000 + n) };
        self.rows.insert(
            n,
            json!({
                "body": self.body, "kind": "work-item", "number": number, "stage": stage, "published": registered,
                "title": format!("Securing artificial intelligence: prompt injection against language models, case {n}"),
            }),
        );
    }

    fn stage(&mut self, n: usize, stage: &str) {
        self.rows.get_mut(&n).expect("an item")["stage"] = json!(stage);
    }

    fn read(&self, dir: &Path, day: &str) {
        let lines: Vec<String> = self.rows.values().map(Value::to_string).collect();
        std::fs::write(dir.join("rows.jsonl"), lines.join("\n")).expect("written");
        let source = format!("{}-programme", self.body.split('/').next().unwrap_or_default().to_lowercase());
        monitor(dir, &["--now", &format!("{day}T06:00:00Z"), "import", "rows.jsonl", "--source", &source]);
    }
}

/// By happening and body: how many in the window, and before.
fn counts(dir: &Path, as_of: &str) -> BTreeMap<String, (u64, u64)> {
    let text = monitor(dir, &["--now", "2026-11-01T12:00:00Z", "trends", "--as-of", as_of, "--format", "json"]);
    let said: Value = serde_json::from_str(&text).expect("JSON");
    let mut out = BTreeMap::new();
    for moves in said["events"].as_array().expect("events") {
        for row in moves["bodies"].as_array().expect("bodies") {
            let count = |key: &str| row[key].as_f64().unwrap_or_default().round() as u64;
            let name = format!("{} {}", moves["what"].as_str().unwrap_or_default(), row["id"].as_str().unwrap_or_default());
            out.insert(name, (count("now"), count("before")));
        }
    }
    out
}

#[test]
fn what_opened_was_approved_and_withdrawn_is_counted_by_body() {
    let room = tempfile::tempdir().expect("a folder");
    let (mut etsi, mut iso) = (Programme::new("ETSI"), Programme::new("ISO/IEC"));
    // What was there at the first reading is no news: without dates at one body, registered two years ago at the other.
    (1..=10).for_each(|n| etsi.add(n, "Start of work", None));
    (1..=8).for_each(|n| iso.add(n, "20.00", Some(&format!("2024-{n:02}-10"))));
    etsi.read(room.path(), "2025-10-01");
    iso.read(room.path(), "2025-10-01");
    let months = [
        "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10",
    ];
    for (n, month) in (101..).zip(months) {
        // Each month a new item at each: without a date here, registered some days before there.
        etsi.add(n, "Start of work", None);
        iso.add(n, "20.00", Some(&format!("{month}-02")));
        match month {
            "2026-02" => {
                [1, 2].into_iter().for_each(|n| etsi.stage(n, "Publication"));
                iso.stage(1, "60.60");
            }
            "2026-09" => {
                [3, 4].into_iter().for_each(|n| etsi.stage(n, "Stopped"));
                iso.stage(2, "95.99");
            }
            "2026-10" => {
                etsi.stage(5, "Stopped");
                etsi.stage(6, "Publication");
                iso.stage(3, "30.98");
                iso.stage(4, "60.60");
            }
            _ => {}
        }
        etsi.read(room.path(), &format!("{month}-15"));
        iso.read(room.path(), &format!("{month}-15"));
    }
    let want = |rows: [(&str, (u64, u64)); 6]| rows.map(|(name, count)| (name.to_owned(), count)).into_iter().collect::<BTreeMap<_, _>>();
    // The window is 2026-08-04 to 2026-11-01: what was registered on 2 August lies before it, what was first seen on the 15th in it.
    assert_eq!(
        counts(room.path(), "2026-11-01"),
        want([
            ("opened ETSI", (3, 9)),
            ("opened ISO/IEC", (2, 10)),
            ("approved ETSI", (1, 2)),
            ("approved ISO/IEC", (1, 1)),
            ("withdrawn ETSI", (3, 0)),
            ("withdrawn ISO/IEC", (2, 0)),
        ])
    );
    // On the last day of September the works of October were not withdrawn yet.
    let then = counts(room.path(), "2026-09-30");
    assert_eq!((then["withdrawn ETSI"], then["withdrawn ISO/IEC"]), ((2, 0), (1, 0)));
    assert_eq!((then["approved ETSI"].0, then["approved ISO/IEC"].0), (0, 0));
}
