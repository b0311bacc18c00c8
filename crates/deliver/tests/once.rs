//! Exactly once into a folder, whatever happens in between.
#![allow(clippy::unwrap_used)]

mod common;

use std::{collections::BTreeMap, fs, path::Path};

use common::{Memory, at, files, mail};
use monitor_deliver::{Channel, Consignment, DeliverError, Order, Outcome, Plan, deliver, plan};
use monitor_model::DeliveryState;

fn contents(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .map(|d| d.map(|e| e.unwrap()).map(|e| (e.file_name().into_string().unwrap(), fs::read_to_string(e.path()).unwrap())).collect())
        .unwrap_or_default()
}

fn go(c: &Consignment, channel: &Channel, ledger: &Memory, order: Order) -> Result<Outcome, DeliverError> {
    deliver(c, channel, ledger, at(), order).map(|mut r| r.remove(0).outcome)
}

#[test]
fn delivered_once_and_only_once() {
    let dir = tempfile::tempdir().unwrap();
    let channel = Channel::Folder(dir.path().join("out"));
    let ledger = Memory::default();
    assert!(matches!(go(&files("a"), &channel, &ledger, Order::Timer).unwrap(), Outcome::Delivered { .. }));
    let written = contents(&dir.path().join("out"));
    assert_eq!(written.keys().collect::<Vec<_>>(), ["2026-10.html", "2026-10.md"], "no half files are left");
    fs::remove_file(dir.path().join("out/2026-10.md")).unwrap();
    assert_eq!(go(&files("a"), &channel, &ledger, Order::Person).unwrap(), Outcome::AlreadyDelivered);
    assert_eq!(contents(&dir.path().join("out")).len(), 1, "what a reader took away does not come back by itself");
    assert_eq!(ledger.states(), [DeliveryState::Sending, DeliveryState::Delivered]);
}

#[test]
fn other_bytes_under_the_same_name_are_an_error_until_resent() {
    let dir = tempfile::tempdir().unwrap();
    let channel = Channel::Folder(dir.path().to_owned());
    let ledger = Memory::default();
    go(&files("a"), &channel, &ledger, Order::Timer).unwrap();
    assert!(matches!(go(&files("b"), &channel, &ledger, Order::Person), Err(DeliverError::Differs { .. })));
    assert_eq!(contents(dir.path())["2026-10.md"], "a");
    assert!(go(&files("b"), &channel, &ledger, Order::Again).unwrap().is_done());
    assert_eq!(contents(dir.path())["2026-10.md"], "b");
}

#[test]
fn another_recipient_or_edition_is_another_delivery() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Memory::default();
    for (folder, edition) in [("a", "2026-10"), ("b", "2026-10"), ("a", "2026-11")] {
        let c = Consignment { edition: edition.into(), ..files("x") };
        assert!(matches!(go(&c, &Channel::Folder(dir.path().join(folder)), &ledger, Order::Timer).unwrap(), Outcome::Delivered { .. }));
    }
}

#[test]
fn a_refused_delivery_is_neither_lost_nor_repeated_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("out");
    fs::write(&blocked, "a file stands where the folder should be").unwrap();
    let channel = Channel::Folder(blocked.clone());
    let ledger = Memory::default();
    assert!(matches!(go(&files("a"), &channel, &ledger, Order::Timer).unwrap(), Outcome::Failed { .. }));
    assert_eq!(ledger.states(), [DeliveryState::Sending, DeliveryState::Refused]);
    fs::remove_file(&blocked).unwrap();
    assert!(go(&files("a"), &channel, &ledger, Order::Timer).unwrap().is_done());
}

#[test]
fn a_run_that_died_after_writing_is_finished_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let channel = Channel::Folder(dir.path().to_owned());
    let mut ledger = Memory { dies_after: Some(1), ..Memory::default() };
    assert!(matches!(go(&files("a"), &channel, &ledger, Order::Timer), Err(DeliverError::Ledger(_))));
    assert_eq!(ledger.states(), [DeliveryState::Sending]);
    ledger.dies_after = None;
    assert!(go(&files("a"), &channel, &ledger, Order::Timer).unwrap().is_done());
    assert_eq!(contents(dir.path()).len(), 2);
}

#[test]
fn without_a_ledger_nothing_is_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Memory { dies_after: Some(0), ..Memory::default() };
    let channel = Channel::Folder(dir.path().join("out"));
    assert!(go(&files("a"), &channel, &ledger, Order::Timer).is_err());
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_dry_run_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Memory::default();
    let channel = Channel::Folder(dir.path().join("out"));
    let planned = plan(&files("a"), &channel, &ledger, at(), Order::Person).unwrap();
    assert_eq!((planned[0].1.clone(), planned[0].2), (Plan::Send, 2));
    assert!(!dir.path().join("out").exists() && ledger.states().is_empty());
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut bad = files("a");
    bad.files[1].name = "../escape.html".into();
    let ledger = Memory::default();
    let refused = go(&bad, &Channel::Folder(dir.path().join("out")), &ledger, Order::Again);
    assert!(matches!(refused, Err(DeliverError::Name(_))));
    assert!(!dir.path().join("out").exists() && !dir.path().join("escape.html").exists());
}

#[test]
fn eml_files_are_one_per_recipient_and_the_same_bytes_again() {
    let dir = tempfile::tempdir().unwrap();
    let to = ["a@one.example", "Bücher <b@bücher.example>"].map(|t| t.parse().unwrap()).to_vec();
    let channel = Channel::Eml(dir.path().join("out"), to);
    let ledger = Memory::default();
    assert!(deliver(&mail(), &channel, &ledger, at(), Order::Timer).unwrap().iter().all(|r| r.outcome.is_done()));
    let first = contents(&dir.path().join("out"));
    assert_eq!(first.keys().collect::<Vec<_>>(), ["2026-10.a@one.example.eml", "2026-10.b@xn--bcher-kva.example.eml"]);
    let later = "2027-01-01T00:00:00Z".parse().unwrap();
    deliver(&mail(), &channel, &ledger, later, Order::Again).unwrap();
    assert_eq!(contents(&dir.path().join("out")), first, "the clock of the sending is nowhere in it");
    let id = |t: &String| t.lines().find(|l| l.starts_with("Message-ID:")).unwrap().to_owned();
    let ids: Vec<String> = first.values().map(id).collect();
    assert_ne!(ids[0], ids[1], "one recipient's message is not another's");
}
