//! The outer face: exit codes, where data and talk go, errors that say what to do.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

fn monitor(dir: &Path, args: &[&str]) -> Output {
    Command::new(monitor_testkit::binary()).current_dir(dir).env("NO_COLOR", "1").args(args).output().expect("monitor runs")
}

fn with_input(dir: &Path, args: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(monitor_testkit::binary())
        .current_dir(dir)
        .args(args)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("monitor runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn stdout(o: &Output) -> String {
    String::from_utf8_lossy(&o.stdout).into_owned()
}

fn stderr(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

fn room() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_usage_error_is_2() {
    let room = room();
    assert_eq!(monitor(room.path(), &["fetsh"]).status.code(), Some(2));
    assert_eq!(monitor(room.path(), &["fetch", "--now", "yesterday"]).status.code(), Some(2));
}

#[test]
fn global_options_stand_before_or_after_the_command() {
    let room = room();
    for args in [["--store", "s", "store", "verify"], ["store", "verify", "--store", "s"]] {
        let o = monitor(room.path(), &args);
        assert_eq!(o.status.code(), Some(2), "there is no store yet: {}", stderr(&o));
        assert!(stderr(&o).contains("monitor fetch"), "it says what makes one: {}", stderr(&o));
    }
}

#[test]
fn init_writes_a_set_that_checks_clean_and_is_not_overwritten() {
    let room = room();
    assert_eq!(monitor(room.path(), &["init", "radar"]).status.code(), Some(0));
    let radar = room.path().join("radar");
    let checked = monitor(&radar, &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    let again = monitor(room.path(), &["init", "radar"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("--force"));
}

#[test]
fn a_typo_in_the_sources_is_named_with_line_column_and_remedy_and_nothing_is_fetched() {
    let room = room();
    let text = "schema = 1\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n[source.x]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"https://example.org/\"\nexpct = {}\n";
    std::fs::write(room.path().join("sources.toml"), text).expect("written");
    for command in ["check", "fetch"] {
        let o = monitor(room.path(), &[command]);
        assert_eq!(o.status.code(), Some(2));
        assert!(stderr(&o).contains("sources.toml:9:1"), "{}", stderr(&o));
        assert!(stderr(&o).contains("did you mean `expect`"), "{}", stderr(&o));
    }
    assert!(!room.path().join("data/store").exists(), "no store was made");
}

#[test]
fn a_bad_selector_is_found_before_anything_is_asked() {
    let room = room();
    let text = "schema = 1\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n[source.x]\nbody = \"ETSI\"\nkind = \"list\"\nurl = \"https://example.org/\"\ncontainer = \"table\"\nitem = \"tr[\"\nfields = { title = \"td | txet\" }\n";
    std::fs::write(room.path().join("sources.toml"), text).expect("written");
    let o = monitor(room.path(), &["check"]);
    assert_eq!(o.status.code(), Some(2));
    let said = stderr(&o);
    assert!(said.contains("sources.toml:10:"), "the selector: {said}");
    assert!(said.contains("sources.toml:11:") && said.contains("text"), "the pipe, at the same time: {said}");
}

#[test]
fn an_unknown_source_is_a_usage_error_with_a_suggestion() {
    let room = room();
    let o = monitor(room.path(), &["fetch", "--source", "ETSY"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(stderr(&o).contains("ETSI"), "{}", stderr(&o));
}

#[test]
fn stateless_commands_answer_line_by_line_and_survive_bad_lines() {
    let room = room();
    let o =
        with_input(room.path(), &["identify"], "ETSI TS 104 223 V1.1.1 (2025-04)\n{\"key\":\"k\",\"number\":\"gibberish ~~\"}\n{broken\n");
    assert_eq!(o.status.code(), Some(0));
    let lines: Vec<Value> = stdout(&o).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["document"], "etsi/ts-104-223");
    assert_eq!(lines[0]["version"], "1.1.1");
    assert!(lines[1]["document"].is_null() && lines[1]["reason"].is_string() && lines[1]["key"] == "k");
    assert!(lines[2]["document"].is_null() && lines[2]["reason"].is_string());

    let title = "Prompt injection attacks against AI agents";
    let o = with_input(room.path(), &["tag"], &format!("{{\"key\":\"t\",\"title\":\"{title}\"}}\nnot json\n"));
    assert_eq!(o.status.code(), Some(0));
    let tags: Value = serde_json::from_str(stdout(&o).lines().next().expect("a line")).expect("JSON");
    assert_eq!(tags["relevance"], "relevant");
    let topic = tags["topics"].as_array().expect("topics").iter().find(|t| t["id"] == "prompt-injection").expect("the topic");
    let e = &topic["evidence"][0];
    let (a, b) = (e["start"].as_u64().expect("start") as usize, e["end"].as_u64().expect("end") as usize);
    assert!(title[a..b].to_lowercase().contains("injection"), "{e}");
    assert!(stderr(&o).contains("line 2"));
}

#[test]
fn import_counts_and_names_rejected_lines() {
    let room = room();
    let entries = "{\"number\":\"ETSI TS 104 223 V1.1.1 (2025-04)\",\"body\":\"ETSI\",\"title\":\"Securing Artificial Intelligence (SAI); Baseline Cyber Security Requirements\",\"source\":\"a\",\"published\":\"2025-04\"}\n{\"nothing\":1}\n{\"title\":\"ETSI TS again\",\"number\":\"ETSI TS 104 223 V1.1.1 (2025-04)\",\"body\":\"ETSI\",\"source\":\"b\"}\n";
    std::fs::write(room.path().join("in.jsonl"), entries).expect("written");
    let o = monitor(room.path(), &["--store", "s", "import", "in.jsonl", "--format", "json"]);
    assert_eq!(o.status.code(), Some(0), "{}", stderr(&o));
    let sums: Value = serde_json::from_str(&stdout(&o)).expect("JSON");
    assert_eq!((&sums["collected"], &sums["rejected"], &sums["documents"]), (&3.into(), &1.into(), &1.into()));
    assert!(stderr(&o).contains("line 2"));
    let listed = monitor(room.path(), &["list", "--store", "s", "--format", "jsonl"]);
    let d: Value = serde_json::from_str(&stdout(&listed)).expect("one document");
    assert_eq!(d["sightings"].as_array().map(Vec::len), Some(2), "one document, seen at two places");
    let verify = monitor(room.path(), &["store", "verify", "--store", "s", "--format", "json"]);
    let v: Value = serde_json::from_str(&stdout(&verify)).expect("JSON");
    assert_eq!((&v["ok"], &v["documents"]), (&true.into(), &1.into()), "{v}");
}

#[test]
fn a_filter_that_names_nothing_is_a_mistake_not_an_empty_answer() {
    let room = room();
    std::fs::write(room.path().join("in.jsonl"), "{\"title\":\"x\",\"url\":\"https://example.org/x\"}\n").expect("written");
    assert_eq!(monitor(room.path(), &["import", "in.jsonl"]).status.code(), Some(0));
    let o = monitor(room.path(), &["list", "--topic", "promt-injection"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(stderr(&o).contains("prompt-injection"));
}

#[test]
fn a_second_run_is_told_who_holds_the_lock() {
    let room = room();
    std::fs::write(room.path().join("in.jsonl"), "{\"title\":\"x\",\"url\":\"https://example.org/x\"}\n").expect("written");
    // The first run waits for its standard input with the lock in hand.
    let mut first = Command::new(monitor_testkit::binary())
        .current_dir(room.path())
        .args(["import", "-"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("monitor runs");
    while !room.path().join("data/store/db").exists() {
        assert!(first.try_wait().expect("a child").is_none(), "the first run ended early");
        std::thread::yield_now();
    }
    let second = monitor(room.path(), &["import", "in.jsonl"]);
    assert_eq!(second.status.code(), Some(7), "{}", stderr(&second));
    assert!(stderr(&second).contains(&first.id().to_string()), "{}", stderr(&second));
    drop(first.stdin.take());
    assert!(first.wait().expect("it ends").success());
}

#[test]
fn an_export_read_into_an_empty_store_exports_the_same_bytes() {
    let room = room();
    let mut entries = String::new();
    for n in 0..200 {
        entries.push_str(&format!(
            "{{\"number\":\"ITU-T X.{}\",\"body\":\"ITU-T\",\"title\":\"Security of AI {n}\",\"published\":\"2026-0{}\"}}\n",
            2000 + n,
            1 + n % 9
        ));
    }
    std::fs::write(room.path().join("in.jsonl"), entries).expect("written");
    let now = ["--now", "2026-11-01T00:00:00Z"];
    for args in [
        vec!["--store", "a", "import", "in.jsonl"],
        vec!["--store", "a", "store", "export", "one.jsonl"],
        vec!["--store", "b", "store", "import", "one.jsonl"],
        vec!["--store", "b", "store", "export", "two.jsonl"],
    ] {
        let o = monitor(room.path(), &[&now[..], &args[..]].concat());
        assert_eq!(o.status.code(), Some(0), "{args:?}: {}", stderr(&o));
    }
    let read = |n: &str| std::fs::read(room.path().join(n)).expect("it is there");
    assert!(read("one.jsonl") == read("two.jsonl"), "the exports differ");
}

#[test]
fn the_example_in_the_grammar_of_sources_checks_clean() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/sources.md")).expect("docs/sources.md");
    let example = docs.split("```toml\n").nth(1).and_then(|t| t.split("```").next()).expect("an example");
    let room = room();
    std::fs::write(room.path().join("sources.toml"), example).expect("written");
    let o = monitor(room.path(), &["check"]);
    assert_eq!(o.status.code(), Some(0), "{}", stderr(&o));
}

#[test]
fn a_title_alone_is_kept_and_merges_with_nobody() {
    let room = room();
    let row = |source: &str| format!("{{\"title\":\"Guidelines\",\"source\":\"{source}\"}}\n");
    std::fs::write(room.path().join("in.jsonl"), row("a") + &row("b") + &row("a")).expect("written");
    let o = monitor(room.path(), &["import", "in.jsonl", "--format", "json"]);
    let sums: Value = serde_json::from_str(&stdout(&o)).expect("JSON");
    assert_eq!((&sums["new"], &sums["known"], &sums["rejected"]), (&2.into(), &1.into(), &0.into()), "{sums}");
}
