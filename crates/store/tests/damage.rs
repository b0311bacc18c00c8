//! Damage on purpose, with what must come of it: the whole store again, or a clear refusal. Never silently less.
#![allow(clippy::unwrap_used)]

mod common;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use common::*;
use monitor_store::{Store, StoreError};

const BATCHES: usize = 30;
/// The month of `at(0)`.
const FIRST: &str = "2026-05.jsonl";
const SECOND: &str = "2026-05.2.jsonl";

/// A closed store of 30 batches, and its export.
fn made() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for n in 0..BATCHES {
        store.commit(&batch(n * 20, 20, n as i64)).unwrap();
    }
    let text = export(&store);
    (dir, text)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for f in fs::read_dir(from).unwrap().flatten() {
        if f.path().is_dir() {
            copy(&f.path(), &to.join(f.file_name()));
        } else {
            fs::copy(f.path(), to.join(f.file_name())).unwrap();
        }
    }
}

/// Harms a copy of the store, opens it and wants everything back, with a note.
fn comes_back_whole(from: &Path, text: &str, name: &str, harm: impl FnOnce(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    copy(from, dir.path());
    harm(dir.path());
    let store = reopen(dir.path()).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(!store.notes().is_empty(), "{name}: a repair is told");
    assert_eq!(export(&store), text, "{name}");
    assert_whole(&store);
    store.gc().unwrap();
    drop(store);
    let store = open(dir.path());
    assert!(store.notes().is_empty(), "{name}: {:?}", store.notes());
    assert_whole(&store);
}

/// Harms a copy of the store and wants it to be refused.
fn is_refused(from: &Path, name: &str, harm: impl FnOnce(&Path)) -> (tempfile::TempDir, StoreError) {
    let dir = tempfile::tempdir().unwrap();
    copy(from, dir.path());
    harm(dir.path());
    match reopen(dir.path()) {
        Err(e) => (dir, e),
        Ok(s) => panic!("{name}: opened with {} documents, {:?}", s.count(), s.notes()),
    }
}

fn cut(path: &Path, keep: impl FnOnce(u64) -> u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    let len = file.metadata().unwrap().len();
    file.set_len(keep(len)).unwrap();
}

fn flip(path: &Path, bit: u64) {
    let mut bytes = fs::read(path).unwrap();
    let at = (bit / 8) as usize % bytes.len();
    bytes[at] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

/// Numbers that look like chance and are always the same.
fn numbers(count: u64) -> impl Iterator<Item = u64> {
    (1..=count).map(|n| u64::from_le_bytes(blake3_of(n)[..8].try_into().unwrap()) >> 8)
}

fn blake3_of(n: u64) -> [u8; 32] {
    *blake3::hash(&n.to_le_bytes()).as_bytes()
}

fn journal(dir: &Path) -> PathBuf {
    dir.join("journal").join(FIRST)
}

fn snapshots(dir: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = fs::read_dir(dir.join("db")).unwrap().flatten().map(|f| f.path()).collect();
    out.retain(|p| p.file_name().unwrap().to_string_lossy().starts_with("snap."));
    out
}

#[test]
fn whatever_happens_to_the_index_it_is_made_again() {
    let (dir, text) = made();
    let from = dir.path();
    assert!(!snapshots(from).is_empty());
    comes_back_whole(from, &text, "the folder is missing", |d| fs::remove_dir_all(d.join("db")).unwrap());
    comes_back_whole(from, &text, "the main file is missing", |d| fs::remove_file(d.join("db/db")).unwrap());
    comes_back_whole(from, &text, "the main file is empty", |d| cut(&d.join("db/db"), |_| 0));
    comes_back_whole(from, &text, "the configuration is rubbish", |d| fs::write(d.join("db/conf"), b"\xff\0rubbish").unwrap());
    comes_back_whole(from, &text, "a snapshot is garbled", |d| snapshots(d).iter().for_each(|p| fs::write(p, b"rubbish").unwrap()));
    comes_back_whole(from, &text, "a snapshot is empty", |d| snapshots(d).iter().for_each(|p| fs::write(p, b"").unwrap()));
    comes_back_whole(from, &text, "a snapshot is half written", |d| {
        fs::write(d.join("db/snap.0000000000000FFF.generating"), b"half").unwrap()
    });
    comes_back_whole(from, &text, "the index is another folder's", |d| {
        let other = tempfile::tempdir().unwrap();
        open(other.path()).commit(&batch(0, 5, 0)).unwrap();
        fs::remove_dir_all(d.join("db")).unwrap();
        copy(&other.path().join("db"), &d.join("db"));
    });
}

#[test]
fn deleted_snapshots_cost_nothing() {
    let (dir, text) = made();
    snapshots(dir.path()).iter().for_each(|p| fs::remove_file(p).unwrap());
    let store = open(dir.path());
    assert_eq!(export(&store), text);
    assert_whole(&store);
}

#[test]
fn a_main_file_that_was_cut_is_noticed() {
    let (dir, text) = made();
    for (n, at) in numbers(12).enumerate() {
        let d = tempfile::tempdir().unwrap();
        copy(dir.path(), d.path());
        cut(&d.path().join("db/db"), |len| at % len);
        let store = reopen(d.path()).unwrap_or_else(|e| panic!("cut {n}: {e}"));
        assert_eq!(export(&store), text, "cut {n}, notes {:?}", store.notes());
        assert_whole(&store);
    }
}

#[test]
fn a_bit_flipped_in_the_index_loses_nothing() {
    let (dir, text) = made();
    for (n, at) in numbers(40).enumerate() {
        let d = tempfile::tempdir().unwrap();
        copy(dir.path(), d.path());
        let len = fs::metadata(d.path().join("db/db")).unwrap().len();
        flip(&d.path().join("db/db"), at % (len * 8));
        let mut store = Some(reopen(d.path()).unwrap_or_else(|e| panic!("flip {n}: {e}")));
        // Damage that opening cannot see is met when it is read, and mended by the next opening.
        if !store.as_ref().is_some_and(|s| s.verify().is_ok_and(|v| v.ok)) {
            drop(store.take());
            store = Some(reopen(d.path()).unwrap_or_else(|e| panic!("flip {n}, again: {e}")));
        }
        let store = store.unwrap();
        assert_eq!(export(&store), text, "flip {n}, notes {:?}", store.notes());
        assert_whole(&store);
    }
}

#[test]
fn a_bit_flipped_in_the_journal_is_told_and_saved_around() {
    let (dir, text) = made();
    for (n, at) in numbers(25).enumerate() {
        let d = tempfile::tempdir().unwrap();
        copy(dir.path(), d.path());
        let len = fs::metadata(journal(d.path())).unwrap().len();
        flip(&journal(d.path()), at % (len * 8));
        match reopen(d.path()) {
            Ok(store) => {
                // The line is of no use to anybody now, or verify says so.
                let v = store.verify().unwrap();
                assert!(!v.ok, "flip {n} is not seen");
                assert_eq!(v.documents, (BATCHES * 20) as u64);
            }
            Err(StoreError::Damaged { .. }) => {}
            Err(e) => panic!("flip {n}: {e}"),
        }
        let store = Store::rebuild(d.path(), &options()).unwrap_or_else(|e| panic!("flip {n}: {e}"));
        assert_whole(&store);
        assert!(store.count() >= (BATCHES * 20 - 1) as u64, "flip {n}: {} documents, {:?}", store.count(), store.notes());
        // The events behind a lost line get other numbers; their order stays.
        let (before, after) = (unnumbered(&text), unnumbered(&export(&store)));
        let same = after.intersection(&before).count();
        assert!(same + 4 >= before.len(), "flip {n}: only {same} lines are the same");
        drop(store);
        assert!(open(d.path()).notes().is_empty());
    }
}

/// The lines of an export without the numbers of events.
fn unnumbered(text: &str) -> BTreeSet<String> {
    let without =
        |line: &str| line.split("\"n\":").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect::<Vec<_>>().join("");
    text.lines().map(without).collect()
}

#[test]
fn a_journal_that_was_cut_is_refused_until_a_person_accepts_it() {
    let (dir, _) = made();
    for (n, at) in numbers(12).enumerate() {
        let harm = |d: &Path| cut(&journal(d), |len| 200 + at % (len - 200));
        let (d, error) = is_refused(dir.path(), &format!("cut {n}"), harm);
        let StoreError::Lost { had, have, .. } = error else { panic!("cut {n}: {error}") };
        assert_eq!(had, BATCHES as u64);
        assert!(have < had);
        // Refused again, until it is accepted.
        assert!(matches!(reopen(d.path()), Err(StoreError::Lost { .. })));
        let store = Store::rebuild(d.path(), &options()).unwrap();
        assert_eq!(store.count(), have * 20);
        assert!(store.notes().iter().any(|n| n.contains("accepted a loss")), "{:?}", store.notes());
        assert_whole(&store);
        drop(store);
        assert!(open(d.path()).notes().is_empty());
    }
}

#[test]
fn losing_journal_and_index_is_never_an_empty_store() {
    let (dir, _) = made();
    let both = |d: &Path| {
        fs::remove_dir_all(d.join("journal")).unwrap();
        fs::remove_dir_all(d.join("db")).unwrap();
    };
    let (d, e) = is_refused(dir.path(), "only head.json is left", both);
    assert!(matches!(e, StoreError::Lost { had: 30, have: 0, .. }), "{e}");
    assert!(matches!(Store::rebuild(d.path(), &options()).err(), Some(StoreError::Lost { .. })));
    let (_, e) = is_refused(dir.path(), "the journal is missing", |d| fs::remove_dir_all(d.join("journal")).unwrap());
    assert!(matches!(e, StoreError::Lost { .. }), "{e}");
    let no_witness = |d: &Path| {
        fs::remove_dir_all(d.join("journal")).unwrap();
        fs::remove_file(d.join("head.json")).unwrap();
    };
    let (_, e) = is_refused(dir.path(), "only the index is left", no_witness);
    assert!(matches!(e, StoreError::Lost { had: 30, have: 0, .. }), "{e}");
    let old = |d: &Path| {
        cut(&journal(d), |len| len / 2);
        fs::remove_dir_all(d.join("db")).unwrap();
    };
    let (_, e) = is_refused(dir.path(), "half a journal without an index", old);
    assert!(matches!(e, StoreError::Lost { .. }), "{e}");
}

#[test]
fn a_missing_or_garbled_witness_is_written_anew() {
    let (dir, text) = made();
    comes_back_whole(dir.path(), &text, "missing", |d| fs::remove_file(d.join("head.json")).unwrap());
    comes_back_whole(dir.path(), &text, "empty", |d| fs::write(d.join("head.json"), "").unwrap());
    comes_back_whole(dir.path(), &text, "no text", |d| fs::write(d.join("head.json"), b"\xff\xfe{").unwrap());
}

#[test]
fn a_batch_that_was_never_finished_is_cut_off() {
    let (dir, text) = made();
    let half = r#"{"document":{"document":"ex/half","body":"EX","#;
    for rubbish in [half.to_owned(), format!("{half}\"x\":1}}}}\n"), "\0".repeat(5000), "{\"commit\":{\"batch\":31".to_owned()] {
        comes_back_whole(dir.path(), &text, &rubbish, |d| {
            let mut bytes = fs::read(journal(d)).unwrap();
            bytes.extend_from_slice(rubbish.as_bytes());
            fs::write(journal(d), bytes).unwrap();
        });
    }
}

#[test]
fn an_old_index_takes_in_what_the_journal_has_more() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit(&batch(0, 20, 0)).unwrap();
    drop(store);
    let old = tempfile::tempdir().unwrap();
    copy(&dir.path().join("db"), old.path());
    let store = open(dir.path());
    store.commit(&batch(20, 20, 1)).unwrap();
    store.commit(&batch(10, 20, 2)).unwrap();
    let text = export(&store);
    drop(store);
    comes_back_whole(dir.path(), &text, "an old index", |d| {
        fs::remove_dir_all(d.join("db")).unwrap();
        copy(old.path(), &d.join("db"));
    });
}

#[test]
fn a_newer_store_is_left_alone() {
    let (dir, _) = made();
    let head = fs::read_to_string(dir.path().join("head.json")).unwrap().replace("\"format\":4", "\"format\":9");
    let (_, e) = is_refused(dir.path(), "head", |d| fs::write(d.join("head.json"), head).unwrap());
    assert!(matches!(e, StoreError::Newer { format: 9, known: 4, .. }), "{e}");
    let text = fs::read_to_string(journal(dir.path())).unwrap().replacen("\"format\":4", "\"format\":9", 1);
    let (_, e) = is_refused(dir.path(), "journal", |d| fs::write(journal(d), text).unwrap());
    assert!(matches!(e, StoreError::Newer { format: 9, known: 4, .. }), "{e}");
}

#[test]
fn what_a_kill_while_creating_leaves_can_be_opened() {
    let leftovers: [&[&str]; 5] = [&[], &["journal"], &["journal", "db"], &["db"], &["db.building", "journal"]];
    for folders in leftovers {
        let dir = tempfile::tempdir().unwrap();
        folders.iter().for_each(|f| fs::create_dir_all(dir.path().join(f)).unwrap());
        fs::write(dir.path().join("lock"), "{\"pid\":").unwrap();
        let store = reopen(dir.path()).unwrap_or_else(|e| panic!("{folders:?}: {e}"));
        store.commit(&batch(0, 3, 0)).unwrap();
        assert_whole(&store);
    }
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("journal")).unwrap();
    fs::write(dir.path().join("journal/2026-05.tmp"), "{\"start\"").unwrap();
    let store = open(dir.path());
    store.commit(&batch(0, 3, 0)).unwrap();
    assert_whole(&store);
}

#[test]
fn a_compaction_that_stopped_anywhere_is_finished_or_forgotten() {
    let (dir, text) = made();
    let done = tempfile::tempdir().unwrap();
    copy(dir.path(), done.path());
    let store = open(done.path());
    store.compact(at(50)).unwrap();
    drop(store);
    let new = done.path().join("journal").join(SECOND);
    // Before the rename: the new files are not looked at.
    let d = tempfile::tempdir().unwrap();
    copy(dir.path(), d.path());
    fs::copy(&new, d.path().join("journal/2026-05.2.new")).unwrap();
    copy(&done.path().join("db"), &d.path().join("db.building"));
    assert_eq!(export(&open(d.path())), text);
    // After it, with the index of before, and without any.
    for with_index in [true, false] {
        comes_back_whole(dir.path(), &text, "after the rename", |d| {
            fs::copy(&new, d.join("journal").join(SECOND)).unwrap();
            if !with_index {
                fs::remove_dir_all(d.join("db")).unwrap();
            }
        });
    }
}
