//! What a source declares as `identity` says which rows are one document, from one fetch to the next.

use std::{collections::BTreeSet, path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::{Value, json};

struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new(url: &str, identity: &str) -> Room {
        let room = Room { dir: tempfile::tempdir().expect("a folder") };
        room.declare(url, identity);
        room
    }

    fn declare(&self, url: &str, identity: &str) {
        let text = format!(
            "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n\
             [source.s]\nbody = \"ETSI\"\nkind = \"json\"\nurl = \"{url}\"\nitems = \"$[*]\"\n{identity}\n\
             fields = {{ title = \"t\", number = \"n\", url = \"u\", source_key = \"k\", date = \"d\", question = \"q\" }}\n"
        );
        std::fs::write(self.path().join("sources.toml"), text).expect("written");
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn monitor(&self, args: &[&str]) -> String {
        let out = Command::new(monitor_testkit::binary()).current_dir(self.path()).args(args).output().expect("monitor runs");
        assert!(out.status.code().is_some_and(|c| c <= 1), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// The report of the only source.
    fn fetch(&self, day: &str) -> Value {
        let text = self.monitor(&["--now", &format!("{day}T06:00:00Z"), "fetch", "--force", "--format", "json"]);
        serde_json::from_str::<Value>(&text).expect("JSON")["sources"][0].clone()
    }

    fn stored(&self) -> Vec<Value> {
        let text = self.monitor(&["list", "--format", "jsonl"]);
        text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")).collect()
    }

    fn keys(&self) -> BTreeSet<String> {
        self.stored().iter().map(|d| d["document"].as_str().expect("a key").to_owned()).collect()
    }

    fn titles_and_addresses(&self) -> Vec<(String, String)> {
        let text = |d: &Value, key: &str| d[key].as_str().unwrap_or_default().to_owned();
        self.stored().iter().map(|d| (text(d, "title"), text(d, "url"))).collect()
    }
}

fn rows(rows: &[Value]) -> Route {
    Route::page(Value::from(rows.to_vec()).to_string()).header("content-type", "application/json")
}

/// What two fetches on two days leave: the keys, and the second report.
fn two(identity: &str, first: &[Value], second: &[Value]) -> (BTreeSet<String>, Value) {
    let server = Server::start([("/rows", rows(first).then(rows(second)))]);
    let room = Room::new(&server.url("/rows"), identity);
    assert_eq!(room.fetch("2026-10-20")["status"], "ok");
    let report = room.fetch("2026-10-21");
    (room.keys(), report)
}

/// Row number `n` of a list whose rows have nothing in common.
fn row(n: usize) -> Value {
    json!({
        "t": format!("Requirements, volume {n}"), "n": format!("ETSI TS 104 {}", 100 + n), "u": format!("https://example.org/{n}"), "k": format!("k{n}"),
        "d": format!("2026-10-{n:02}"), "q": format!("Q{n}/17"),
    })
}

/// Seven rows; on the second day each has changed in one of its fields. What is declared says how many are new.
#[test]
fn the_declared_fields_say_whether_a_row_is_the_one_of_yesterday() {
    let changes =
        [("t", "Other words"), ("n", "ETSI TS 104 999"), ("u", "https://example.org/z"), ("k", "z"), ("d", "2026-09-30"), ("q", "Q99/17")];
    let first: Vec<Value> = (1..=changes.len()).map(row).collect();
    let mut second = first.clone();
    for (changed, (field, value)) in second.iter_mut().zip(changes) {
        changed[field] = json!(value);
    }
    let (wanted, server): (Vec<(&str, &str)>, Server) = (
        // declared, and the fields whose change makes another document
        vec![
            ("", "n"),
            ("identity = [\"number\"]", "n"),
            ("identity = [\"url\"]", "u"),
            ("identity = [\"source_key\"]", "k"),
            ("identity = [\"question\"]", "q"),
            ("identity = [\"title\", \"date\"]", "t d"),
            ("identity = [\"url\", \"question\"]", "u q"),
            ("identity = [\"number\", \"source_key\"]", "n"),
        ],
        Server::start([("/first", rows(&first)), ("/second", rows(&second))]),
    );
    for (identity, deciding) in wanted {
        let room = Room::new(&server.url("/first"), identity);
        assert_eq!(room.fetch("2026-10-20")["new"], first.len(), "{identity}");
        room.declare(&server.url("/second"), identity);
        let report = room.fetch("2026-10-21");
        let new: Vec<&str> = deciding.split(' ').collect();
        assert_eq!(report["new"], new.len(), "{identity}: {report}");
        let stored = room.titles_and_addresses();
        for ((field, value), n) in changes.iter().zip(1..) {
            // a row that is another document leaves the one of yesterday as it was
            let there = stored.iter().filter(|(t, u)| t.ends_with(&format!("volume {n}")) || u.ends_with(&format!("/{n}"))).count();
            let wanted = 1 + usize::from(new.contains(field));
            assert_eq!(there, wanted, "{identity}: {field} = {value}: {stored:?}");
        }
    }
}

#[test]
fn a_number_that_nobody_reads_names_a_row_that_moved() {
    let row = |n: &str, u: &str, t: &str| json!({"n": n, "u": format!("https://example.org/{u}"), "t": t});
    let first = [row("Paper 7 of us", "a", "A"), row("Paper 8 of us", "b", "B")];
    let second = [row("Paper 7 of us", "c", "A, revised"), row("Paper 8 of us", "b", "B"), row("Paper 9 of us", "b", "B")];
    let (keys, report) = two("identity = [\"number\"]", &first, &second);
    assert_eq!((keys.len(), &report["new"], &report["revised"]), (3, &json!(1), &json!(1)), "{keys:?} {report}");
}

#[test]
fn the_key_of_the_source_tells_rows_of_one_address_apart() {
    let row = |k: &str, t: &str| json!({"k": k, "t": t, "u": "https://example.org/all"});
    let (keys, report) = two(
        "identity = [\"source_key\"]",
        &[row("1", "Weekly report"), row("2", "Weekly report")],
        &[row("1", "Weekly report, corrected"), row("2", "Weekly report")],
    );
    assert_eq!((keys.len(), &report["new"], &report["revised"]), (2, &json!(0), &json!(1)), "{keys:?} {report}");
    // the address alone would have made one of the two
    let (keys, _) = two("identity = [\"url\"]", &[row("1", "Weekly report"), row("2", "Weekly report")], &[row("1", "Weekly report")]);
    assert_eq!(keys.len(), 1, "{keys:?}");
}

#[test]
fn a_reading_that_contradicts_its_declaration_loses_nothing_and_says_so() {
    let row = |k: &str, t: &str| json!({"k": k, "t": t, "u": "https://example.org/all"});
    for (identity, first) in [
        ("identity = [\"url\"]", [row("1", "One"), row("2", "Two"), row("3", "Three")]),
        ("identity = [\"source_key\"]", [row("x", "One"), row("x", "Two"), row("x", "Three")]),
    ] {
        let (keys, report) = two(identity, &first, &first);
        assert_eq!((keys.len(), &report["new"], &report["revised"]), (3, &json!(0), &json!(0)), "{identity} {keys:?} {report}");
        let complaints = report["complaints"].to_string();
        assert!(complaints.contains("tells them apart by title"), "{identity}: {complaints}");
    }
}

#[test]
fn rows_that_were_there_are_known_by_what_is_declared_and_paging_stops_there() {
    let row = |day: u8| json!({"t": "Charter changed", "u": "https://example.org/group", "d": format!("2026-10-{day:02}")});
    let first: Vec<Value> = (1..4).map(row).collect();
    let second: Vec<Value> = (4..7).map(row).collect();
    // all link to the page of the group: by the address they would all be known
    let (keys, report) =
        two("identity = [\"title\", \"date\"]\npage = { param = \"p\", start = 1, max = 2, stop = \"overlap\" }", &first, &second);
    assert_eq!(keys.len(), 6, "{keys:?} {report}");
    assert!(!report["complaints"].to_string().contains("told apart by what else"), "{report}");
}
