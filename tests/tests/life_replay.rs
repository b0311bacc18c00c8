//! The two demo snapshots, replayed forwards, each twice, or killed and resumed: the same documents and the same events.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use monitor_testkit::demo::snapshots;
use serde_json::Value;

fn command(room: &Path, args: &[&str]) -> Command {
    let mut c = Command::new(monitor_testkit::binary());
    c.current_dir(room).args(["--store", "store"]).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    c
}

fn replay(room: &Path, now: &str, archive: &Path) -> Command {
    command(room, &["--now", now, "fetch", "--replay", &archive.display().to_string(), "--format", "json"])
}

fn fetch(room: &Path, now: &str, archive: &Path) {
    let out = replay(room, now, archive).output().expect("monitor runs");
    // 3: one source of the second snapshot is broken on purpose
    assert!(matches!(out.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&out.stderr));
}

/// All documents by key, all events in order.
fn told(room: &Path) -> (Vec<Value>, Vec<Value>) {
    let lines = |args: &[&str]| -> Vec<Value> {
        let out = command(room, args).output().expect("monitor runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
    };
    let verify = lines(&["store", "verify", "--format", "json"]);
    assert_eq!(verify[0]["ok"], true, "{verify:?}");
    (lines(&["list", "--format", "jsonl"]), lines(&["events", "--format", "jsonl"]))
}

fn same(a: &(Vec<Value>, Vec<Value>), b: &(Vec<Value>, Vec<Value>), how: &str) {
    for (x, y) in a.0.iter().zip(&b.0) {
        assert_eq!(x, y, "{how}");
    }
    assert_eq!(a.0.len(), b.0.len(), "{how}: documents");
    for (x, y) in a.1.iter().zip(&b.1) {
        assert_eq!(x, y, "{how}");
    }
    assert_eq!(a.1.len(), b.1.len(), "{how}: events");
}

#[test]
fn forwards_each_twice_or_killed_and_resumed_it_is_one_story() {
    let snapshots = snapshots().expect("manifests");
    let forwards = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    for (now, archive) in &snapshots {
        fetch(forwards.path(), now, archive);
    }
    let usual = started.elapsed() / 2;
    let want = told(forwards.path());
    assert!(want.0.len() >= 150 && want.1.len() > want.0.len(), "{} documents, {} events", want.0.len(), want.1.len());

    let twice = tempfile::tempdir().expect("a folder");
    for (now, archive) in &snapshots {
        fetch(twice.path(), now, archive);
        fetch(twice.path(), now, archive);
    }
    same(&told(twice.path()), &want, "each twice");

    // killed at ten moments of each run, from its first milliseconds to its end
    let killed = tempfile::tempdir().expect("a folder");
    let mut ended = 0;
    for (now, archive) in &snapshots {
        for n in 1..=10 {
            let mut child = replay(killed.path(), now, archive).spawn().expect("monitor runs");
            let patience = Instant::now() + usual.mul_f64(f64::from(n) / 10.0).min(Duration::from_secs(5));
            while Instant::now() < patience && child.try_wait().expect("a state").is_none() {
                thread::yield_now();
            }
            ended += u32::from(child.try_wait().expect("a state").is_some());
            let _ = child.kill();
            let _ = child.wait();
        }
        fetch(killed.path(), now, archive);
    }
    assert!(ended < 20, "some were killed");
    same(&told(killed.path()), &want, "killed and resumed");
}

#[test]
fn what_belongs_together_in_the_demo_is_one_work() {
    let room = tempfile::tempdir().expect("a folder");
    for (now, archive) in &snapshots().expect("manifests") {
        fetch(room.path(), now, archive);
    }
    let (documents, _) = told(room.path());
    let work = |key: &str| documents.iter().find(|d| d["document"] == key).map(|d| d["work"].as_str().unwrap_or_default().to_owned());
    for d in &documents {
        let named = d["work"].as_str().expect("a work");
        assert_eq!(work(named).as_deref(), Some(named), "{}: a work is named after a document that is in it", d["document"]);
    }
    let joined = documents.iter().filter(|d| d["work"] != d["document"]).count();
    assert!(joined > 0, "the demo has twins and successors");
}
