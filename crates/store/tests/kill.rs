//! A process that commits in a loop is killed at 25 points of time. What it was told is stored is there, once.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use common::*;
use monitor_store::EventRange;

const SIZE: usize = 25;
const ROLE: &str = "MONITOR_STORE_KILL_TEST";

/// Not a test of its own: the process that is killed. Prints each batch that it was told is stored.
#[test]
fn child() {
    let Ok(dir) = std::env::var(ROLE) else { return };
    let store = open(Path::new(&dir));
    println!("open");
    let first = store.count() as usize / SIZE;
    for n in first..first + 2000 {
        // Every batch also changes what an earlier one wrote.
        let mut b = batch(n * SIZE, SIZE, n as i64);
        if n > 0 {
            let mut d = document((n - 1) * SIZE, n as i64 - 1);
            d.title = format!("changed by {n}");
            b.documents.push(d);
        }
        store.commit(&b).unwrap();
        println!("stored {n}");
    }
}

/// Kills the child after `lines` lines and a while of busy work. Returns the last batch that it was told is stored.
fn kill_after(dir: &Path, lines: usize, spin: u32) -> Option<usize> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture", "--test-threads", "1"])
        .env(ROLE, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut acknowledged = None;
    let mut note = |line: String| {
        if let Some(n) = line.split("stored ").nth(1) {
            acknowledged = Some(n.trim().parse::<usize>().unwrap());
        }
    };
    for line in out.by_ref().filter(|l| l.contains("open") || l.contains("stored")).take(lines) {
        note(line);
    }
    let mut hash = blake3::hash(b"");
    for _ in 0..spin {
        hash = blake3::hash(hash.as_bytes());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    out.for_each(&mut note);
    acknowledged
}

#[test]
fn nothing_that_was_acknowledged_is_lost_and_nothing_is_there_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut most = 0;
    for round in 0..25u32 {
        // The points lie before the opening is through, at its end, and anywhere within commits.
        let acknowledged = kill_after(dir.path(), (round as usize * 3) % 8, (round * 7919) % 9000);
        let store = open(dir.path());
        assert_whole(&store);
        let count = store.count() as usize;
        assert_eq!(count % SIZE, 0, "round {round}: half a batch is there");
        if let Some(n) = acknowledged {
            assert!(count >= (n + 1) * SIZE, "round {round}: batch {n} was acknowledged, {count} documents are there");
        }
        assert!(count >= most, "round {round}: {count} documents after {most}");
        most = count;
        let keys: Vec<String> = store.documents().unwrap().map(|d| d.unwrap().document.0).collect();
        assert_eq!(keys, (0..count).map(|n| format!("ex/{n:05}")).collect::<Vec<_>>());
        assert_eq!(store.events(EventRange::default()).unwrap().count(), count);
        for n in 1..count / SIZE {
            let d = store.document(&format!("ex/{:05}", (n - 1) * SIZE).into()).unwrap().unwrap();
            assert_eq!(d.title, format!("changed by {n}"));
        }
    }
    assert!(most > 25 * SIZE, "the child did its work: {most}");
}

#[test]
fn another_process_is_told_at_once_who_holds_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let out =
        Command::new(std::env::current_exe().unwrap()).args(["child", "--exact", "--nocapture"]).env(ROLE, dir.path()).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout);
    assert!(!out.status.success());
    assert!(said.contains(&format!("pid: {}", std::process::id())), "{said}");
    drop(store);
}
