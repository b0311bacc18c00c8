//! What can happen to a store folder, through the command line: each time a clear message with the command that repairs it, and the
//! repair works. Never an empty store, never a crash. (`crates/store/tests/damage.rs` harms the files bit by bit.)
#![cfg(unix)]

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

/// Nobody: a user that is not the one who made the store.
const NOBODY: u32 = 65_534;

fn monitor(room: &Path) -> Command {
    let mut c = Command::new(monitor_testkit::binary());
    c.current_dir(room).args(["-q", "--store", "store", "--now", "2026-08-02T06:00:00Z"]);
    c
}

fn run(room: &Path, args: &[&str]) -> Output {
    monitor(room).args(args).output().expect("monitor runs")
}

fn said(out: &Output) -> String {
    // A message may be wrapped for the terminal.
    String::from_utf8_lossy(&out.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn list(room: &Path) -> String {
    let out = run(room, &["list", "--format", "jsonl"]);
    assert!(out.status.success(), "{}", said(&out));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn is_whole(room: &Path) {
    let out = run(room, &["store", "verify", "--format", "json"]);
    let verify: Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
    assert_eq!(verify["ok"], true, "{verify} {}", said(&out));
}

fn rows() -> String {
    let row = |n: usize| {
        json!({"source": format!("s{}", n % 12), "number": format!("RFC {}", 2000 + n), "title": format!("A title of its own, {n}"),
               "summary": "Words that take some room in a file. ".repeat(100)})
    };
    (0..600).map(|n| row(n).to_string() + "\n").collect()
}

/// A room with a store of 600 documents in 12 batches and more, and what `list` says of it.
fn room() -> (tempfile::TempDir, String) {
    let room = tempfile::tempdir().expect("a folder");
    fs::write(room.path().join("rows.jsonl"), rows()).expect("written");
    let out = run(room.path(), &["import", "rows.jsonl"]);
    assert!(out.status.success(), "{}", said(&out));
    let text = list(room.path());
    assert_eq!(text.lines().count(), 600);
    (room, text)
}

/// The command fails in good order: exit code 1, a message with all these words, no crash.
fn refused(out: &Output, words: &[&str]) {
    let said = said(out);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(out.stdout.is_empty(), "an answer beside an error: {said}");
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
    for word in words {
        assert!(said.contains(word), "“{word}” is not in: {said}");
    }
}

fn journal(room: &Path) -> PathBuf {
    room.join("store/journal/2026-08.jsonl")
}

#[test]
fn a_journal_that_was_cut_is_refused_and_rebuilt() {
    let (room, text) = room();
    let file = fs::OpenOptions::new().write(true).open(journal(room.path())).expect("the journal");
    file.set_len(file.metadata().expect("a length").len() / 2).expect("cut");
    for command in ["list", "doctor", "trends"] {
        refused(&run(room.path(), &[command]), &["has lost something", "monitor store rebuild"]);
    }
    assert!(run(room.path(), &["store", "rebuild"]).status.success());
    is_whole(room.path());
    let left = list(room.path());
    assert!(left.lines().count() >= 200 && left.lines().all(|l| text.contains(l)), "{} documents are left", left.lines().count());
}

#[test]
fn a_flipped_bit_is_told_and_costs_one_line_at_most() {
    let (room, text) = room();
    let mut bytes = fs::read(journal(room.path())).expect("the journal");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(journal(room.path()), bytes).expect("written");
    let verify = run(room.path(), &["store", "verify"]);
    assert_eq!(verify.status.code(), Some(1));
    assert!(said(&verify).contains("monitor store rebuild"), "{}", said(&verify));
    assert!(run(room.path(), &["store", "rebuild"]).status.success());
    is_whole(room.path());
    let left = list(room.path());
    assert!(left.lines().count() >= 599, "{} documents are left", left.lines().count());
    assert!(left.lines().filter(|l| !text.contains(l)).count() <= 1);
}

#[test]
fn whatever_is_wrong_with_the_index_nothing_is_missing() {
    let (room, text) = room();
    let db = room.path().join("store/db");
    let snapshots = |harm: &dyn Fn(&Path)| {
        for f in fs::read_dir(&db).expect("the index").flatten() {
            if f.file_name().to_string_lossy().starts_with("snap.") {
                harm(&f.path());
            }
        }
    };
    snapshots(&|p| fs::remove_file(p).expect("removed"));
    assert_eq!(list(room.path()), text, "without snapshots");
    snapshots(&|p| fs::write(p, b"no snapshot").expect("written"));
    assert_eq!(list(room.path()), text, "garbled snapshots");
    let file = db.join("db");
    let len = fs::metadata(&file).expect("the index").len();
    fs::OpenOptions::new().write(true).open(&file).expect("the index").set_len(len / 3).expect("cut");
    assert_eq!(list(room.path()), text, "a third of the index");
    fs::remove_dir_all(&db).expect("removed");
    assert_eq!(list(room.path()), text, "no index");
    is_whole(room.path());
}

fn each_file(path: &Path, f: &dyn Fn(&Path)) {
    f(path);
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.path().is_dir() { each_file(&entry.path(), f) } else { f(&entry.path()) }
    }
}

/// Runs the program as a user who may read everything and write nothing. Under another user than root we are that user.
fn as_reader(room: &Path, args: &[&str]) -> Output {
    let program = room.join("monitor");
    if !program.exists() && fs::hard_link(monitor_testkit::binary(), &program).is_err() {
        fs::copy(monitor_testkit::binary(), &program).expect("copied");
    }
    let mut c = Command::new(&program);
    c.current_dir(room).args(["-q", "--store", "store"]).args(args);
    if fs::metadata(room).expect("the room").uid() == 0 {
        c.uid(NOBODY).gid(NOBODY);
    }
    c.output().expect("monitor runs")
}

#[test]
fn a_store_that_may_not_be_written_says_who_must_do_what() {
    let (room, text) = room();
    let store = room.path().join("store");
    let root = fs::metadata(&store).expect("the store").uid() == 0;
    fs::set_permissions(room.path(), fs::Permissions::from_mode(0o755)).expect("readable");
    let before = fs::read(store.join("head.json")).expect("the witness");
    let read_only = |path: &Path| {
        let mode = if path.is_dir() { 0o555 } else { 0o444 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    };
    each_file(&store, &read_only);
    for args in [&["list"][..], &["import", "rows.jsonl"], &["store", "verify"], &["store", "rebuild"], &["digest"]] {
        refused(&as_reader(room.path(), args), &["may not", "chmod -R u+rwX", "--store"]);
    }
    // All but one folder given back: a refusal is no damage, and nothing is made again behind the owner's back.
    let mine = |path: &Path| {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
        if root {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("an owner");
        }
    };
    for folder in ["journal", "db"] {
        each_file(&store, &mine);
        let locked = store.join(folder);
        each_file(&locked, &|p| {
            read_only(p);
            if root {
                chown(p, Some(0), Some(0)).expect("an owner");
            }
        });
        refused(&as_reader(room.path(), &["list"]), &["may not", "chmod -R u+rwX"]);
        assert!(!store.join("quarantine").exists() && !store.join("db.damaged").exists(), "{folder}");
    }
    assert_eq!(fs::read(store.join("head.json")).expect("the witness"), before);
    // What the message says.
    each_file(&store, &mine);
    let out = as_reader(room.path(), &["list", "--format", "jsonl"]);
    assert!(out.status.success(), "{}", said(&out));
    assert_eq!(String::from_utf8_lossy(&out.stdout), text);
}

/// `import` under a limit of file sizes, in blocks of 512 bytes: to a program it is a disk without room.
fn import_in(room: &Path, blocks: u32) -> Output {
    Command::new("sh")
        .current_dir(room)
        .args(["-c", &format!("ulimit -f {blocks}; exec \"$@\""), "sh"])
        .arg(monitor_testkit::binary())
        .args(["-q", "--store", "store", "--now", "2026-08-02T06:00:00Z", "import", "rows.jsonl"])
        .output()
        .expect("a shell")
}

#[test]
fn without_room_a_command_says_so_and_may_be_repeated() {
    let (whole, text) = room();
    let most = fs::metadata(journal(whole.path())).expect("the journal").len() / 512;
    let room = tempfile::tempdir().expect("a folder");
    fs::write(room.path().join("rows.jsonl"), rows()).expect("written");
    let (mut stored, mut refusals) = (0, 0);
    for share in [0, 1, 10, 25, 40, 60, 80, 95] {
        let out = import_in(room.path(), u32::try_from(most * share / 100).expect("a number"));
        // sled's file is the larger one at first, the journal later.
        if out.status.success() {
            continue;
        }
        refused(&out, &["no room", "repeat the command", "store verify"]);
        refusals += 1;
        if room.path().join("store/head.json").exists() {
            is_whole(room.path());
            let here = list(room.path());
            assert!(here.lines().all(|l| text.contains(l)), "nothing but whole documents");
            assert!(here.lines().count() >= stored, "{share} %: what was acknowledged is there");
            stored = here.lines().count();
        }
    }
    assert!(refusals >= 5 && stored > 0, "{refusals} refusals, {stored} documents stored between them");
    let out = run(room.path(), &["import", "rows.jsonl"]);
    assert!(out.status.success(), "{}", said(&out));
    assert_eq!(list(room.path()), text, "the repair is to repeat it");
    is_whole(room.path());
}

#[test]
fn a_store_of_a_newer_program_is_left_alone_and_a_wrong_head_is_rebuilt() {
    let (room, text) = room();
    let head = room.path().join("store/head.json");
    let old = fs::read_to_string(&head).expect("the witness");
    let mut newer: Value = serde_json::from_str(&old).expect("JSON");
    newer["format"] = json!(99);
    fs::write(&head, newer.to_string()).expect("written");
    refused(&run(room.path(), &["list"]), &["format 99", "newer program", "monitor store rebuild"]);
    assert!(run(room.path(), &["store", "rebuild"]).status.success());
    assert_eq!(list(room.path()), text);
    is_whole(room.path());
    // A journal of a newer program may hold what this one cannot read: no command of this one touches it.
    let bytes = fs::read_to_string(journal(room.path())).expect("the journal");
    let format = bytes.split("\"format\":").nth(1).and_then(|t| t.split(',').next()).expect("a format").to_owned();
    fs::write(journal(room.path()), bytes.replacen(&format!("\"format\":{format}"), "\"format\":99", 1)).expect("written");
    for args in [&["list"][..], &["store", "rebuild"]] {
        refused(&run(room.path(), args), &["format 99", "newer program", "store export"]);
    }
    fs::write(journal(room.path()), bytes).expect("written");
    assert_eq!(list(room.path()), text);
    // An index of a newer program is made again: the journal is the truth.
    fs::write(room.path().join("store/db/conf"), b"another sled").expect("written");
    assert_eq!(list(room.path()), text);
}
