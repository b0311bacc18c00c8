//! Exactly once, whatever happens in between.
#![allow(clippy::unwrap_used)]

use std::{cell::RefCell, collections::BTreeMap, fs, path::Path};

use monitor_deliver::{Channel, DeliverError, Ledger, Outcome, deliver, plan};
use monitor_model::{Delivery, DeliveryState, Rendered, Timestamp};

/// A ledger in memory that may be told to die after so many lines.
#[derive(Default)]
struct Memory {
    lines: RefCell<Vec<Delivery>>,
    dies_after: Option<usize>,
}

impl Ledger for Memory {
    fn last(&self, edition: &str, channel: &str, recipient: &str) -> Result<Option<Delivery>, String> {
        let lines = self.lines.borrow();
        Ok(lines.iter().rev().find(|l| l.edition == edition && l.channel == channel && l.recipient == recipient).cloned())
    }
    fn write(&self, line: &Delivery) -> Result<(), String> {
        if self.dies_after.is_some_and(|n| self.lines.borrow().len() >= n) {
            return Err("disk full".to_owned());
        }
        self.lines.borrow_mut().push(line.clone());
        Ok(())
    }
}

impl Memory {
    fn states(&self) -> Vec<DeliveryState> {
        self.lines.borrow().iter().map(|l| l.state).collect()
    }
}

fn at() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

fn files(text: &str) -> Vec<Rendered> {
    ["md", "html"].map(|e| Rendered { name: format!("2026-10.{e}"), media_type: "text/plain".into(), bytes: text.into() }).to_vec()
}

fn contents(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .map(|d| d.map(|e| e.unwrap()).map(|e| (e.file_name().into_string().unwrap(), fs::read_to_string(e.path()).unwrap())).collect())
        .unwrap_or_default()
}

#[test]
fn delivered_once_and_only_once() {
    let dir = tempfile::tempdir().unwrap();
    let channel = Channel::Folder(dir.path().join("out"));
    let ledger = Memory::default();
    assert_eq!(deliver(&files("a"), &channel, "2026-10", &ledger, at(), false).unwrap(), Outcome::Delivered);
    let written = contents(&dir.path().join("out"));
    assert_eq!(written.keys().collect::<Vec<_>>(), ["2026-10.html", "2026-10.md"], "no half files are left");
    fs::remove_file(dir.path().join("out/2026-10.md")).unwrap();
    assert_eq!(deliver(&files("a"), &channel, "2026-10", &ledger, at(), false).unwrap(), Outcome::AlreadyDelivered);
    assert_eq!(contents(&dir.path().join("out")).len(), 1, "what a reader took away does not come back by itself");
    assert_eq!(ledger.states(), [DeliveryState::Started, DeliveryState::Done]);
}

#[test]
fn other_bytes_under_the_same_name_are_an_error_until_resent() {
    let dir = tempfile::tempdir().unwrap();
    let channel = Channel::Folder(dir.path().to_owned());
    let ledger = Memory::default();
    deliver(&files("a"), &channel, "2026-10", &ledger, at(), false).unwrap();
    let refused = deliver(&files("b"), &channel, "2026-10", &ledger, at(), false);
    assert!(matches!(refused, Err(DeliverError::Differs { .. })));
    assert_eq!(contents(dir.path())["2026-10.md"], "a");
    assert_eq!(deliver(&files("b"), &channel, "2026-10", &ledger, at(), true).unwrap(), Outcome::Delivered);
    assert_eq!(contents(dir.path())["2026-10.md"], "b");
}

#[test]
fn another_recipient_or_edition_is_another_delivery() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Memory::default();
    for (folder, edition) in [("a", "2026-10"), ("b", "2026-10"), ("a", "2026-11")] {
        let channel = Channel::Folder(dir.path().join(folder));
        assert_eq!(deliver(&files("x"), &channel, edition, &ledger, at(), false).unwrap(), Outcome::Delivered);
    }
}

#[test]
fn a_refused_delivery_is_neither_lost_nor_repeated_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("out");
    fs::write(&blocked, "a file stands where the folder should be").unwrap();
    let channel = Channel::Folder(blocked.clone());
    let ledger = Memory::default();
    let refused = deliver(&files("a"), &channel, "2026-10", &ledger, at(), false);
    assert!(matches!(refused, Err(DeliverError::Folder { .. })));
    assert_eq!(ledger.states(), [DeliveryState::Started, DeliveryState::Failed]);
    fs::remove_file(&blocked).unwrap();
    assert_eq!(deliver(&files("a"), &channel, "2026-10", &ledger, at(), false).unwrap(), Outcome::Delivered);
}

#[test]
fn a_run_that_died_after_writing_is_finished_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let channel = Channel::Folder(dir.path().to_owned());
    let mut ledger = Memory { dies_after: Some(1), ..Memory::default() };
    assert!(matches!(deliver(&files("a"), &channel, "2026-10", &ledger, at(), false), Err(DeliverError::Ledger(_))));
    assert_eq!(ledger.states(), [DeliveryState::Started]);
    ledger.dies_after = None;
    assert_eq!(deliver(&files("a"), &channel, "2026-10", &ledger, at(), false).unwrap(), Outcome::Delivered);
    assert_eq!(contents(dir.path()).len(), 2);
}

#[test]
fn without_a_ledger_nothing_is_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Memory { dies_after: Some(0), ..Memory::default() };
    let channel = Channel::Folder(dir.path().join("out"));
    assert!(deliver(&files("a"), &channel, "2026-10", &ledger, at(), false).is_err());
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_dry_run_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Memory::default();
    let channel = Channel::Folder(dir.path().join("out"));
    assert_eq!(plan(&files("a"), &channel, "2026-10", &ledger, false).unwrap(), Outcome::Delivered);
    assert!(!dir.path().join("out").exists() && ledger.states().is_empty());
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut bad = files("a");
    bad[1].name = "../escape.html".into();
    let ledger = Memory::default();
    let refused = deliver(&bad, &Channel::Folder(dir.path().join("out")), "2026-10", &ledger, at(), true);
    assert!(matches!(refused, Err(DeliverError::Name(_))));
    assert!(!dir.path().join("out").exists() && !dir.path().join("escape.html").exists());
}
