//! `monitor run`, as cron calls it: what is due is fetched, what is due is made, and nothing is made or delivered twice.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use monitor_testkit::demo::snapshots;

fn archive(n: usize) -> PathBuf {
    snapshots().expect("manifests").swap_remove(n).1
}

fn run(room: &Path, now: &str, archive: &Path) -> Output {
    Command::new(monitor_testkit::binary())
        .current_dir(room)
        .args(["-q", "--now", now, "run", "--replay"])
        .arg(archive)
        .output()
        .expect("monitor runs")
}

fn editions(room: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![room.join("data/editions")];
    while let Some(dir) = folders.pop() {
        for e in std::fs::read_dir(&dir).into_iter().flatten().filter_map(Result::ok) {
            if e.path().is_dir() { folders.push(e.path()) } else { found.push(e.file_name().to_string_lossy().into_owned()) }
        }
    }
    found.sort();
    found
}

#[test]
fn an_edition_is_made_once_when_its_month_has_closed() {
    let room = tempfile::tempdir().expect("a folder");
    // The watch begins in March: February is nobody's month.
    let first = run(room.path(), "2026-03-02T06:00:00Z", &archive(0));
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(first.stdout.is_empty() && first.stderr.is_empty(), "quiet when all is well: {}", String::from_utf8_lossy(&first.stderr));
    assert_eq!(editions(room.path()), Vec::<String>::new());

    let april = run(room.path(), "2026-04-20T06:00:00Z", &archive(1));
    assert_eq!(april.status.code(), Some(3), "one source of the second snapshot is broken");
    assert!(String::from_utf8_lossy(&april.stderr).contains("oasis-standards"), "cron mails the trouble");
    let made = editions(room.path());
    assert!(made.iter().any(|f| f == "2026-03-monthly.html") && made.iter().any(|f| f == "2026-03-monthly.txt"), "{made:?}");

    let page = |name: &str| {
        let path = room.path().join("data/editions/monthly").join(name);
        (std::fs::read(&path).expect("it is there"), std::fs::metadata(&path).expect("it is there").modified().expect("a time"))
    };
    let before = page("2026-03-monthly.html");
    run(room.path(), "2026-04-21T06:00:00Z", &archive(1));
    assert_eq!(editions(room.path()), made, "no second edition of the month");
    assert!(page("2026-03-monthly.html") == before, "and the first is not written again");
}

#[test]
fn a_run_that_found_something_says_so_by_its_exit_code_alone() {
    let room = tempfile::tempdir().expect("a folder");
    let ask = |now: &str| {
        let mut c = Command::new(monitor_testkit::binary());
        c.current_dir(room.path())
            .args(["-q", "--now", now, "run", "--exit-new", "--replay"])
            .arg(archive(0))
            .output()
            .expect("monitor runs")
    };
    for (now, code) in [("2026-03-02T06:00:00Z", 10), ("2026-03-03T06:00:00Z", 0)] {
        let out = ask(now);
        assert_eq!(out.status.code(), Some(code), "{}", String::from_utf8_lossy(&out.stderr));
        assert!(out.stdout.is_empty() && out.stderr.is_empty(), "quiet when all is well");
    }
}
