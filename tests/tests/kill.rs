//! A run that is killed loses nothing and, run again, stores nothing twice.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn archive(day: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../data/demo/{day}.warc.gz"))
}

fn fetch(store: &Path) -> Command {
    let mut c = Command::new(monitor_testkit::binary());
    c.current_dir(store.parent().expect("a room"))
        .args(["-q", "--now", "2026-03-02T06:00:00Z", "--store"])
        .arg(store)
        .args(["fetch", "--replay"])
        .arg(archive("2026-03-02"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    c
}

fn print(store: &Path, what: &str) -> String {
    let o =
        Command::new(monitor_testkit::binary()).args(["--store"]).arg(store).args([what, "--format", "jsonl"]).output().expect("it runs");
    assert!(o.status.success(), "{}", String::from_utf8_lossy(&o.stderr));
    let mut lines: Vec<String> = String::from_utf8_lossy(&o.stdout).lines().map(str::to_owned).collect();
    // Which source was stored first differs after a kill; what was stored does not.
    lines.sort();
    lines.join("\n")
}

fn journal_bytes(store: &Path) -> u64 {
    let Ok(dir) = std::fs::read_dir(store.join("journal")) else { return 0 };
    dir.filter_map(|e| e.ok()?.metadata().ok()).map(|m| m.len()).sum()
}

#[test]
fn a_killed_fetch_loses_nothing_and_stores_nothing_twice() {
    let room = tempfile::tempdir().expect("a folder");
    let whole = room.path().join("whole");
    assert!(fetch(&whole).status().expect("it runs").success());
    let (documents, events) = (print(&whole, "list"), print(&whole, "events"));
    let full = journal_bytes(&whole);
    assert!(events.lines().count() > 100 && full > 0);
    for tenth in [0, 1, 2, 4, 6, 8, 9] {
        let store = room.path().join(format!("killed-{tenth}"));
        let mut child = fetch(&store).spawn().expect("it runs");
        while journal_bytes(&store) < full * tenth / 10 + u64::from(tenth > 0) && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        assert!(fetch(&store).status().expect("it runs").success(), "after a kill at {tenth}/10");
        assert_eq!(print(&store, "list"), documents, "documents after a kill at {tenth}/10");
        assert_eq!(print(&store, "events"), events, "events after a kill at {tenth}/10");
        let verify =
            Command::new(monitor_testkit::binary()).arg("--store").arg(&store).args(["store", "verify"]).status().expect("it runs");
        assert!(verify.success(), "the store is whole after a kill at {tenth}/10");
    }
}
