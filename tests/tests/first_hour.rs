//! A stranger's first hour, under replay: a starter set for any group, its check, a first fetch that tells how far it is, a first edition.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use monitor_testkit::demo::snapshots;
use serde_json::Value;

fn monitor(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(monitor_testkit::binary());
    command.current_dir(dir).env("NO_COLOR", "1").env_remove("COLUMNS").args(args).stdin(Stdio::null());
    command.output().expect("monitor runs")
}

fn stderr(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

/// The archives of the demo, first and second.
fn archives() -> [String; 2] {
    let all: Vec<(_, PathBuf)> = snapshots().expect("the demo").into_iter().collect();
    [all[0].1.display().to_string(), all[1].1.display().to_string()]
}

#[test]
fn a_starter_set_for_any_group_checks_clean_and_gets_to_a_first_edition() {
    let [first, second] = archives();
    for (home, units) in [("ETSI TC SAI", "TC SAI"), ("NIST", "NIST"), ("ISO/IEC JTC 1/SC 42", "JTC 1/SC 42")] {
        let room = tempfile::tempdir().expect("a folder");
        let o = monitor(room.path(), &["init", "radar", "--home", home, "--contact", "radar@example.net", "--title", "Our radar"]);
        assert_eq!(o.status.code(), Some(0), "{home}: {}", stderr(&o));
        assert!(stderr(&o).contains(&format!("for {home}")) && stderr(&o).ends_with("next: cd radar && monitor check\n"), "{}", stderr(&o));
        let radar = room.path().join("radar");
        let o = monitor(&radar, &["check"]);
        assert_eq!(o.status.code(), Some(0), "{home}: {}", stderr(&o));
        let last = stderr(&o).lines().last().unwrap_or_default().to_owned();
        assert!(last.starts_with("next: monitor test --source "), "{home}: {last}");
        assert!(!stderr(&o).contains("no contact"), "{home}: {}", stderr(&o));
        let o = monitor(&radar, &["--now", "2026-03-02T06:00:00Z", "fetch", "--replay", &first]);
        assert_eq!(o.status.code(), Some(0), "{home}: {}", stderr(&o));
        // One source of the second snapshot is broken on purpose.
        let o = monitor(&radar, &["--now", "2026-04-20T06:00:00Z", "run", "--replay", &second]);
        assert_eq!(o.status.code(), Some(3), "{home}: {}", stderr(&o));
        assert!(stderr(&o).contains("2026-03-monthly: made"), "{home}: {}", stderr(&o));
        let o = monitor(&radar, &["--now", "2026-04-20T06:00:00Z", "digest", "--edition", "report", "--format", "md,html", "--out", "out"]);
        assert_eq!(o.status.code(), Some(0), "{home}: {}", stderr(&o));
        let pages: Vec<String> = fs::read_dir(radar.join("out"))
            .expect("written")
            .map(|e| fs::read_to_string(e.expect("a file").path()).expect("text"))
            .collect();
        for page in &pages {
            assert!(page.contains("Our radar"), "{home}: the title stands in it");
            assert!(page.contains(units), "{home}: lines say whom they concern");
            assert!(!page.contains("TELECOMMUNICATION UNION") && !page.contains("for CG-AISEC"), "{home}: it is not the shipped group's");
        }
        let o = monitor(&radar, &["check"]);
        assert!(stderr(&o).lines().last().is_some_and(|l| l.starts_with("next: monitor run")), "{home}: {}", stderr(&o));
    }
}

#[test]
fn where_all_is_well_quiet_says_nothing_at_all() {
    let room = tempfile::tempdir().expect("a folder");
    let [first, second] = archives();
    let quiet = |args: &[&str]| {
        let o = monitor(room.path(), &[&["-q"], args].concat());
        (o.status.code(), format!("{}{}", String::from_utf8_lossy(&o.stdout), stderr(&o)))
    };
    assert_eq!(quiet(&["init", "."]), (Some(0), String::new()));
    assert_eq!(quiet(&["check"]), (Some(0), String::new()));
    let now = |day: &str| format!("2026-{day}T06:00:00Z");
    assert_eq!(quiet(&["--now", &now("03-02"), "fetch", "--replay", &first]), (Some(0), String::new()));
    assert_eq!(quiet(&["--now", &now("03-03"), "run", "--replay", &first]), (Some(0), String::new()));
    assert_eq!(quiet(&["--now", &now("03-03"), "send", "--due"]), (Some(0), String::new()));
    // Trouble is said, once: the second time it is no news.
    let (code, said) = quiet(&["--now", &now("04-20"), "fetch", "--replay", &second]);
    assert!(code == Some(3) && said.lines().count() > 0, "{said}");
    let (code, again) = quiet(&["--now", &now("04-20"), "fetch", "--replay", &second]);
    assert_eq!((code, again), (Some(3), String::new()));
}

#[test]
fn progress_has_its_counts_by_host_and_by_source_and_only_where_it_was_asked_for() {
    let [first, _] = archives();
    let room = tempfile::tempdir().expect("a folder");
    let fetch = |store: &str, more: &[&str]| {
        let args = ["--store", store, "--now", "2026-03-02T06:00:00Z"];
        let o = monitor(room.path(), &[&args, more, &["fetch", "--replay", &first]].concat());
        assert_eq!(o.status.code(), Some(0), "{}", stderr(&o));
        stderr(&o)
    };
    let progress = |said: &str| said.lines().filter(|l| l.split(' ').nth(1) == Some("of")).map(str::to_owned).collect::<Vec<_>>();
    assert!(progress(&fetch("a", &[])).is_empty(), "nobody sits there");
    let lines = progress(&fetch("b", &["--progress", "lines"]));
    let total = lines.len();
    assert!(total > 10, "{lines:?}");
    for (n, line) in lines.iter().enumerate() {
        assert!(line.starts_with(&format!("{} of {total}: ", n + 1)), "{line}");
        let host = line.rsplit_once('(').map(|(_, h)| h.trim_end_matches(')')).unwrap_or_default();
        assert!(host.contains('.') && host.contains(" of "), "the host with its counts: {line}");
        assert!(line.contains(" rows, ") && line.contains(" new "), "{line}");
        assert!(!line.contains('\u{1b}') && !line.contains('\r'), "{line:?}");
    }
    let objects: Vec<Value> =
        fetch("c", &["--log-format", "json"]).lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect();
    let of = |event: &str| objects.iter().filter(|o| o["event"] == event).collect::<Vec<_>>();
    assert_eq!((of("asking").len(), of("source").len()), (total, total));
    let last = of("source")[total - 1].clone();
    assert_eq!((&last["done"], &last["of"]), (&total.into(), &total.into()), "{last}");
    assert!(of("source").iter().all(|o| o["host_done"].as_u64() <= o["host_of"].as_u64() && o["status"].is_string()));
    assert!(of("report").len() >= total && of("run").len() == 1 && of("run")[0]["totals"]["new"].as_u64() > Some(0));
    assert!(fetch("d", &["-q", "--log-format", "json"]).is_empty());
}
