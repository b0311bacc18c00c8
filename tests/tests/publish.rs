//! `monitor publish`: a site whose links lead somewhere, written again only where something changed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

use monitor_testkit::{demo::snapshots, links};

fn monitor(room: &Path, now: &str, args: &[&str]) -> Output {
    Command::new(monitor_testkit::binary())
        .current_dir(room)
        .env("NO_COLOR", "1")
        .args(["-q", "--now", now])
        .args(args)
        .output()
        .expect("monitor runs")
}

fn run(room: &Path, now: &str, archive: &Path) {
    let o = monitor(room, now, &["run", "--replay", &archive.display().to_string()]);
    assert!(matches!(o.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&o.stderr));
}

fn publish(room: &Path, now: &str) -> PathBuf {
    let o = monitor(room, now, &["publish", "--out", "site"]);
    assert_eq!(o.status.code(), Some(0), "{}", String::from_utf8_lossy(&o.stderr));
    room.join("site")
}

fn times(dir: &Path) -> BTreeMap<String, SystemTime> {
    links::read(dir).into_keys().map(|p| (p.clone(), std::fs::metadata(dir.join(&p)).and_then(|m| m.modified()).expect("a time"))).collect()
}

#[test]
fn a_site_is_whole_and_only_what_changed_is_written_again() {
    let room = tempfile::tempdir().expect("a folder");
    let snapshots = snapshots().expect("manifests");
    run(room.path(), "2026-03-02T06:00:00Z", &snapshots[0].1);
    let site = publish(room.path(), "2026-03-02T07:00:00Z");
    let first = links::read(&site);
    assert_eq!(links::faults(&first), Vec::<String>::new());
    let before = times(&site);
    publish(room.path(), "2026-03-02T07:00:00Z");
    assert_eq!(times(&site), before, "nothing changed, nothing is written");
    publish(room.path(), "2026-03-03T07:00:00Z");
    let rewritten: Vec<String> = times(&site).into_iter().filter(|(p, t)| before.get(p) != Some(t)).map(|(p, _)| p).collect();
    assert!(rewritten.iter().all(|p| p == "sources.html"), "a day later only the page of sources speaks for another day: {rewritten:?}");

    run(room.path(), "2026-04-20T06:00:00Z", &snapshots[1].1);
    publish(room.path(), "2026-04-20T07:00:00Z");
    let second = links::read(&site);
    assert_eq!(links::faults(&second), Vec::<String>::new());
    let same = second.iter().filter(|(p, b)| p.starts_with("documents/") && first.get(*p) == Some(b)).count();
    assert!(same > 0, "documents without news keep their bytes");
    assert!(second.keys().any(|p| p.starts_with("editions/") && p.contains("2026-03-monthly")), "the edition of March is in the archive");
    assert!(String::from_utf8_lossy(&second["index.xml"]).contains("<entry>"));

    // A document that a person took out has no page any more.
    let page = second.keys().find(|p| p.starts_with("documents/etsi~") && p.ends_with(".html")).expect("a document of ETSI").clone();
    let key = page.trim_start_matches("documents/").trim_end_matches(".html").replace('~', "/");
    let ignored = monitor(room.path(), "2026-04-20T08:00:00Z", &["ignore", &key, "--reason", "test"]);
    assert_eq!(ignored.status.code(), Some(0), "{}", String::from_utf8_lossy(&ignored.stderr));
    publish(room.path(), "2026-04-20T08:00:00Z");
    let third = links::read(&site);
    assert!(!third.contains_key(&page) && links::faults(&third).is_empty(), "no stale page, and no link to it");
}

#[test]
fn what_somebody_else_put_there_is_not_overwritten() {
    let room = tempfile::tempdir().expect("a folder");
    std::fs::write(room.path().join("in.jsonl"), "{\"title\":\"x\",\"url\":\"https://example.org/x\"}\n").expect("written");
    assert!(monitor(room.path(), "2026-03-02T06:00:00Z", &["import", "in.jsonl"]).status.success());
    std::fs::create_dir(room.path().join("site")).expect("made");
    std::fs::write(room.path().join("site/index.html"), "mine").expect("written");
    let o = monitor(room.path(), "2026-03-02T06:00:00Z", &["publish", "--out", "site"]);
    assert_eq!(o.status.code(), Some(2), "{}", String::from_utf8_lossy(&o.stderr));
    assert_eq!(std::fs::read_to_string(room.path().join("site/index.html")).expect("there"), "mine");
    let bad = monitor(room.path(), "2026-03-02T06:00:00Z", &["publish", "--url", "ftp://x/"]);
    assert_eq!(bad.status.code(), Some(2));
}
