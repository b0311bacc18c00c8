//! An answer for a day in the past is what would have been said on that day, whatever became known later.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

fn monitor(dir: &Path, args: &[&str]) -> String {
    let out = Command::new(monitor_testkit::binary()).current_dir(dir).args(args).output().expect("monitor runs");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn import(dir: &Path, day: &str, source: &str, rows: &[Value]) {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    std::fs::write(dir.join("rows.jsonl"), lines.join("\n")).expect("written");
    monitor(dir, &["--now", &format!("{day}T06:00:00Z"), "import", "rows.jsonl", "--source", source]);
}

/// Trends and landscape for a day, asked on another.
fn said(dir: &Path, now: &str, as_of: &str) -> [Value; 2] {
    ["trends", "landscape"].map(|command| {
        let text = monitor(dir, &["--now", &format!("{now}T20:00:00Z"), command, "--as-of", as_of, "--format", "json"]);
        serde_json::from_str(&text).expect("JSON")
    })
}

fn draft(n: usize, revision: usize, day: &str) -> Value {
    json!({
        "body": "IETF", "kind": "document", "number": format!("draft-test-agents-{n}-{revision:02}"),
        "title": format!("Prompt injection against artificial intelligence agents, case {n}"),
        "summary": "An attack on large language models by prompt injection.", "stage": "I-D Exists", "published": day,
    })
}

/// What is known by the end of March, in the order in which it became known.
fn until_march(dir: &Path) {
    let old: Vec<Value> = (0..36).map(|n| draft(n, 0, &format!("2024-{:02}-{:02}", 1 + n / 3, 3 + n % 25))).collect();
    import(dir, "2024-01-02", "drafts", &[draft(99, 0, "2023-12-20")]);
    import(dir, "2025-01-03", "drafts", &old);
    let fresh: Vec<Value> = (40..52).map(|n| draft(n, 0, &format!("2026-0{}-{:02}", 1 + n % 3, 3 + n % 20))).collect();
    import(dir, "2026-03-28", "drafts", &fresh);
    let home = json!({
        "body": "ITU-T", "group": "SG17 Q16/17", "kind": "work-item", "number": "X.sgTest", "stage": "under study", "published": "2025-06-10",
        "title": "Security requirements against prompt injection for artificial intelligence agents",
    });
    let etsi = json!({
        "body": "ETSI", "group": "TC SAI", "number": "ETSI TS 104 901 V1.1.1 (2025-09)", "stage": "published", "published": "2025-09",
        "title": "Securing Artificial Intelligence (SAI); Prompt injection and artificial intelligence agents: security requirements",
    });
    import(dir, "2026-03-29", "programmes", &[home, etsi]);
}

/// What became known later: new works, later versions, other stages and titles, and older texts found late. (A former abstract is not kept.)
fn after_march(dir: &Path) {
    let mut rows: Vec<Value> = (60..80).map(|n| draft(n, 0, &format!("2026-0{}-{:02}", 4 + n % 2, 2 + n % 20))).collect();
    rows.extend((40..46).map(|n| draft(n, 1, "2026-05-11")));
    rows.extend((80..90).map(|n| draft(n, 0, "2026-03-05")));
    let mut renamed = draft(47, 0, "2026-03-10");
    renamed["title"] = json!("Gardening");
    rows.push(renamed);
    import(dir, "2026-05-20", "drafts", &rows);
    let home = json!({
        "body": "ITU-T", "group": "SG17 Q16/17", "kind": "work-item", "number": "X.sgTest", "stage": "consented", "published": "2026-05-18",
        "title": "Security requirements against prompt injection for artificial intelligence agents",
    });
    let etsi = json!({
        "body": "ETSI", "group": "TC SAI", "number": "ETSI TS 104 901 V1.2.1 (2026-05)", "stage": "published", "published": "2026-05",
        "title": "Securing Artificial Intelligence (SAI); Prompt injection and artificial intelligence agents: security requirements",
    });
    let iso = json!({
        "body": "ISO/IEC", "group": "JTC 1/SC 27", "number": "ISO/IEC CD 99901", "stage": "30.20", "published": "2026-05-02",
        "title": "Security requirements against prompt injection in artificial intelligence systems",
    });
    import(dir, "2026-05-21", "programmes", &[home, etsi, iso]);
}

#[test]
fn the_past_is_told_as_it_was_known_then() {
    let room = tempfile::tempdir().expect("a folder");
    until_march(room.path());
    let then = said(room.path(), "2026-03-31", "2026-03-31");
    let rows = then[0]["topics"].as_array().expect("topics");
    let topic = rows.iter().find(|t| t["id"] == "prompt-injection").expect("asked");
    assert_eq!((topic["now"].as_u64(), topic["before"].as_u64()), (Some(12), Some(36)), "{topic}");
    assert!(then[1]["counterparts"].as_array().is_some_and(|c| !c.is_empty()), "the home item has neighbours");
    // The item's page names Q16/17, which was set up in May.
    assert!(then[1]["options"].as_array().is_some_and(|o| !o.is_empty()), "{}", then[1]);
    assert!(!then[1].to_string().contains("Q16/17"), "{}", then[1]);

    after_march(room.path());
    let [trends, landscape] = said(room.path(), "2026-06-01", "2026-03-31");
    assert_eq!(trends, then[0]);
    assert_eq!(landscape, then[1]);
    let now = said(room.path(), "2026-06-01", "2026-05-31");
    assert_ne!(now[0]["topics"], then[0]["topics"], "and today's answer is another");
    assert_ne!(now[1]["cells"], then[1]["cells"]);
    assert!(now[1].to_string().contains("Q16/17"), "{}", now[1]);
}

#[test]
fn the_rows_of_the_map_are_those_of_a_store_that_stopped_then() {
    let room = tempfile::tempdir().expect("a folder");
    until_march(room.path());
    let rows =
        |now: &str| monitor(room.path(), &["--now", &format!("{now}T20:00:00Z"), "landscape", "--as-of", "2026-04-10", "--format", "csv"]);
    let then = rows("2026-04-10");
    assert!(then.lines().any(|l| l.contains("X.sgTest") && l.contains("2026-03-29")), "with the day of the last reading: {then}");
    after_march(room.path());
    assert_eq!(rows("2026-06-01"), then);
}

#[test]
fn a_store_that_began_later_says_what_its_sources_tell_of_that_time() {
    let room = tempfile::tempdir().expect("a folder");
    let rows: Vec<Value> = (0..40).map(|n| draft(n, 0, &format!("2025-{:02}-{:02}", 1 + n % 12, 1 + n % 28))).collect();
    import(room.path(), "2026-06-01", "drafts", &rows);
    let [trends, landscape] = said(room.path(), "2026-06-01", "2025-12-31");
    let counted = trends["coverage"]["counted"].as_u64().unwrap_or_default();
    assert!(counted > 30, "{}", trends["coverage"]);
    assert!(landscape["cells"].as_array().is_some_and(|c| !c.is_empty()));
}

/// Dates that are given or made finer later, first stages and titles that were only a number are no news; the past does not know them.
#[test]
fn what_was_filled_in_later_without_an_event_is_not_known_before() {
    let room = tempfile::tempdir().expect("a folder");
    let title = "Security requirements against prompt injection for artificial intelligence agents";
    let home =
        json!({"body": "ITU-T", "group": "SG17 Q7/17", "kind": "work-item", "number": "X.sgTest", "title": title, "stage": "under study"});
    let etsi = |number: &str, more: Value| {
        let mut row =
            json!({"body": "ETSI", "group": "TC SAI", "number": format!("ETSI TS 104 {number}"), "title": format!("{title}, {number}")});
        row.as_object_mut().expect("a row").extend(more.as_object().expect("fields").clone());
        row
    };
    let rfc = json!({"body": "IETF", "number": "RFC 9999", "title": title, "published": "2026"});
    let before = [
        home,
        etsi("901", json!({"published": "2025"})),
        etsi("902", json!({})),
        etsi("903", json!({"published": "2025-11"})),
        rfc.clone(),
    ];
    import(room.path(), "2026-03-29", "programmes", &before);
    let said_then = said(room.path(), "2026-04-10", "2026-04-10");
    let rows =
        |now: &str| monitor(room.path(), &["--now", &format!("{now}T20:00:00Z"), "landscape", "--as-of", "2026-04-10", "--format", "csv"]);
    let then = rows("2026-04-10");
    let mut stated = rfc;
    stated["stage"] = json!("HISTORIC");
    stated["published"] = json!("2026-02");
    let after = [
        etsi("901", json!({"published": "2025-03", "stage": "published"})),
        etsi("902", json!({"published": "2026-02-03", "stage": "published"})),
        etsi("903", json!({"published": "2025-11-20"})),
        stated,
    ];
    import(room.path(), "2026-05-20", "programmes", &after);
    import(room.path(), "2026-05-21", "others", &[etsi("901", json!({"published": "2025-03-07"}))]);
    assert_eq!(rows("2026-06-01"), then);
    assert_eq!(said(room.path(), "2026-06-01", "2026-04-10"), said_then);
    let now = monitor(room.path(), &["--now", "2026-06-01T20:00:00Z", "landscape", "--format", "csv"]);
    assert!(now.contains("2026-02-03") && !then.contains("2026-02-03"), "{now}");
    let kinds = monitor(room.path(), &["events", "--format", "jsonl"]);
    assert!(kinds.lines().all(|l| l.contains("\"kind\":\"added\"")), "none of it is news: {kinds}");
}
