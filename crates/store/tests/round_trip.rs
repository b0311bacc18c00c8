//! What goes in comes out: documents, events, memories, decisions, editions, exports.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use common::*;
use monitor_model::{
    Delivery, DeliveryState, DocumentKey, EventKind, FrozenEdition, HostMemory, Known, Ledger, Memory, Recipient, Relevance, SourceId,
    TopicTag, Validators, url_key,
};
use monitor_store::{Batch, Decision, DecisionKind, EventRange, Store, StoreError};

#[test]
fn a_batch_is_there_after_closing_and_opening() {
    let dir = tempfile::tempdir().unwrap();
    let b = batch(0, 100, 10);
    let store = open(dir.path());
    let receipt = store.commit(&b).unwrap();
    assert_eq!((receipt.batch, receipt.documents, receipt.events), (1, 100, 100));
    drop(store);
    let store = open(dir.path());
    assert!(store.notes().is_empty(), "{:?}", store.notes());
    assert_eq!(store.count(), 100);
    let all: Vec<_> = store.documents().unwrap().map(Result::unwrap).collect();
    assert_eq!(all, b.documents);
    let events: Vec<_> = store.events(EventRange::default()).unwrap().map(Result::unwrap).collect();
    assert_eq!(events, b.events);
    assert_eq!(store.memory(&"s".into()).unwrap(), Some(b.memory.clone().unwrap().1));
    assert_eq!(store.reports("run-10").unwrap(), vec![b.report.unwrap()]);
    assert_whole(&store);
}

#[test]
fn a_revision_replaces_the_state_and_keeps_the_events() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit(&batch(0, 40, 0)).unwrap();
    let mut d = store.document(&"ex/00007".into()).unwrap().unwrap();
    d.title = "Another title".into();
    d.url = "https://example.org/moved/7".into();
    d.sightings[0].url = d.url.clone();
    d.last_checked = at(50);
    let mut e = added(&d);
    e.kind = EventKind::Title;
    e.from = Some("Title of document 7".into());
    e.topics = vec!["data-poisoning".into()];
    store.commit(&Batch { at: at(50), documents: vec![d.clone()], events: vec![e.clone()], ..Batch::default() }).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.document(&d.document).unwrap().unwrap().title, "Another title");
    let own: Vec<_> = store.events_of(&d.document).unwrap().map(Result::unwrap).collect();
    assert_eq!(own.len(), 2);
    assert_eq!(own[1], e);
    assert_eq!(own[0].title, "Title of document 7", "an event keeps what was true then");
    // The old address is still the version's; the new one leads here too.
    assert_eq!(store.by_url(&url_key("http://www.example.org/moved/7/").unwrap()), Some(d.document.clone()));
    assert_eq!(store.by_url(&url_key("https://example.org/standards/7").unwrap()), Some(d.document.clone()));
    assert_eq!(store.by_source_key(&"s".into(), "row-7"), Some(d.document.clone()));
    assert_eq!(store.by_source_key(&"other".into(), "row-7"), None);
    assert_whole(&store);
}

#[test]
fn names_that_a_document_loses_lead_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit(&batch(0, 3, 0)).unwrap();
    let mut d = document(1, 0);
    d.sightings[0].source_key = Some("other".into());
    d.url = "https://example.org/elsewhere".into();
    d.versions.clear();
    d.sightings[0].url.clone_from(&d.url);
    store.commit(&Batch { documents: vec![d.clone()], ..Batch::default() }).unwrap();
    assert_eq!(store.by_source_key(&"s".into(), "row-1"), None);
    assert_eq!(store.by_source_key(&"s".into(), "other"), Some(d.document.clone()));
    assert_eq!(store.by_url(&url_key("https://example.org/standards/1").unwrap()), None);
    assert_whole(&store);
}

#[test]
fn an_address_that_many_share_names_none_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut b = batch(0, 60, 0);
    for d in &mut b.documents {
        d.url = "https://example.org/list".into();
    }
    store.commit(&b).unwrap();
    let key = url_key("https://example.org/list").unwrap();
    assert_eq!(store.by_url(&key), None);
    let mut own = document(99, 0);
    own.document = key.clone();
    own.url = "https://example.org/list".into();
    store.commit(&Batch { documents: vec![own], ..Batch::default() }).unwrap();
    assert_eq!(store.by_url(&key), Some(key.clone()), "but the document that has it as its key is meant");
    assert_whole(&store);
}

#[test]
fn what_a_source_still_shows_was_seen_at_its_last_good_fetch() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut b = batch(0, 2, 0);
    b.documents[1].sightings[0].present = false;
    store.commit(&b).unwrap();
    let journal = std::fs::metadata(dir.path().join("journal/2026-05.jsonl")).unwrap().len();
    let memory = Memory { last_success: Some(at(900)), ..b.memory.clone().unwrap().1 };
    store.commit(&Batch { at: at(900), memory: Some(("s".into(), memory)), ..Batch::default() }).unwrap();
    let grown = std::fs::metadata(dir.path().join("journal/2026-05.jsonl")).unwrap().len() - journal;
    assert!(grown < 1000, "an unchanged run writes {grown} bytes");
    let shown = store.document(&"ex/00000".into()).unwrap().unwrap();
    assert_eq!((shown.sightings[0].last_seen, shown.last_checked), (at(900), at(900)));
    let gone = store.document(&"ex/00001".into()).unwrap().unwrap();
    assert_eq!((gone.sightings[0].last_seen, gone.last_checked), (at(0), at(0)));
    assert_whole(&store);
}

#[test]
fn events_come_by_time_and_only_those_in_range() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    // Batches out of order, one of them with two times in it, and an event whose document is not stored.
    store.commit(&batch(10, 3, 500)).unwrap();
    let mut b = batch(20, 3, 100);
    b.events[2].at = at(700);
    let mut stray = b.events[0].clone();
    stray.document = "ex/unknown".into();
    stray.at = at(100);
    b.events.push(stray);
    store.commit(&b).unwrap();
    store.commit(&batch(30, 1, 500)).unwrap();
    let keys = |since: Option<i64>, until: Option<i64>| -> Vec<String> {
        let range = EventRange { since: since.map(at), until: until.map(at) };
        store.events(range).unwrap().map(|e| e.unwrap().document.0).collect()
    };
    let all = ["ex/00020", "ex/00021", "ex/unknown", "ex/00010", "ex/00011", "ex/00012", "ex/00030", "ex/00022"];
    assert_eq!(keys(None, None), all);
    assert_eq!(keys(Some(500), Some(700)), all[3..7]);
    assert_eq!(keys(Some(700), None), all[7..]);
    assert_eq!(keys(None, Some(100)), Vec::<String>::new());
    // The document that an early event spoke of may be stored later.
    let mut late = document(77, 800);
    late.document = "ex/unknown".into();
    store.commit(&Batch { documents: vec![late], ..Batch::default() }).unwrap();
    assert_eq!(store.events_of(&"ex/unknown".into()).unwrap().count(), 1);
    assert_whole(&store);
}

#[test]
fn a_digest_reads_the_relevant_documents_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut b = batch(0, 90, 0);
    for d in b.documents.iter_mut().step_by(30) {
        d.relevance = Relevance::Relevant;
        d.topics = vec![TopicTag { id: "prompt-injection".into(), score: 0.5, evidence: Vec::new() }];
    }
    b.documents[30].ignored = Some("an advertisement".into());
    store.commit(&b).unwrap();
    let keys: Vec<String> = store.relevant_documents().unwrap().map(|d| d.unwrap().document.0).collect();
    assert_eq!(keys, ["ex/00000", "ex/00060"]);
    assert_eq!(store.documents_where(|_, brief| brief.may_have_topic("prompt-injection")).unwrap().count(), 3);
    assert_eq!(store.documents_where(|_, brief| brief.may_be_of("etsi")).unwrap().count(), 30);
    assert_eq!(store.documents_where(|_, brief| brief.may_be_from("t")).unwrap().count(), 0);
}

#[test]
fn lists_and_robots_are_written_when_they_change() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let keys: Vec<String> = (0..3000).map(|n| format!("key-{n:05}")).collect();
    let mut memory = Memory { present: keys, last_success: Some(at(1)), ..Memory::default() };
    memory.validators.insert("https://example.org/".into(), Validators { etag: Some("W/\"1\"".into()), ..Validators::default() });
    let robots = Some((at(1), Some("User-agent: *\nDisallow: /private\n".repeat(200))));
    let mut host = HostMemory { robots, last_asked: Some(at(1)), ..HostMemory::default() };
    let write = |memory: &Memory, host: &HostMemory| {
        let before = std::fs::metadata(dir.path().join("journal/2026-05.jsonl")).map_or(0, |m| m.len());
        let hosts = vec![("example.org".to_owned(), host.clone())];
        store.commit(&Batch { memory: Some(("s".into(), memory.clone())), hosts, ..Batch::default() }).unwrap();
        assert_eq!(store.memories().unwrap(), BTreeMap::from([(SourceId::from("s"), memory.clone())]));
        assert_eq!(store.hosts().unwrap(), BTreeMap::from([("example.org".to_owned(), host.clone())]));
        std::fs::metadata(dir.path().join("journal/2026-05.jsonl")).unwrap().len() - before
    };
    assert!(write(&memory, &host) > 30_000);
    host.last_asked = Some(at(2));
    assert!(write(&memory, &host) < 1500);
    memory.present.remove(17);
    memory.present.push("key-99999".into());
    assert!(write(&memory, &host) < 1500);
    memory.present.clear();
    write(&memory, &host);
    memory.present = vec!["b".into(), "a".into(), "b".into()];
    write(&memory, &host);
    memory.present = vec!["c".into()];
    host.robots = Some((at(9), None));
    write(&memory, &host);
    assert_whole(&store);
}

#[test]
fn decisions_send_keys_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let decide = |document: &str, what: DecisionKind| {
        let d = Decision { at: at(1), document: document.into(), what, by: "officer".into() };
        store.commit(&Batch { decisions: vec![d], ..Batch::default() }).unwrap();
    };
    let merge = |into: &str| DecisionKind::Merge { into: into.into() };
    let merged = |key: &str| Known::merged(&store, &key.into()).0;
    decide("a", merge("b"));
    decide("b", merge("c"));
    assert_eq!((merged("a"), merged("c"), merged("x")), ("c".into(), "c".into(), "x".into()));
    decide("c", merge("a"));
    assert_eq!(merged("a"), "a", "a ring ends where it began");
    decide("b", DecisionKind::Split);
    assert_eq!(merged("a"), "b");
    decide("d", DecisionKind::Correct { add: vec!["t".into()], remove: Vec::new(), reason: "read it".into() });
    decide("e", DecisionKind::Ignore { reason: "an advertisement".into() });
    assert_eq!(store.decisions().unwrap().len(), 6);
}

#[test]
fn an_edition_is_never_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let edition = FrozenEdition {
        schema: FrozenEdition::SCHEMA,
        edition: "2026-10-mail".into(),
        name: "mail".into(),
        form: "mail".into(),
        window: "month".into(),
        formats: vec!["md".into()],
        recipients: vec![Recipient { channel: "folder".into(), to: "monthly".into() }],
        approval: false,
        as_of: at(0),
        since: at(0),
        until: at(1),
        json: "{}".into(),
        hash: "h1".into(),
    };
    let freeze = |e: &FrozenEdition| store.commit(&Batch { editions: vec![e.clone()], ..Batch::default() });
    freeze(&edition).unwrap();
    freeze(&edition).unwrap();
    let other = FrozenEdition { hash: "h2".into(), ..edition.clone() };
    assert!(matches!(freeze(&other), Err(StoreError::Frozen { .. })));
    assert_eq!(store.edition("2026-10-mail").unwrap(), Some(edition.clone()));
    assert_eq!(store.editions().unwrap(), vec![edition]);
    freeze(&FrozenEdition { edition: "2026-11-mail".into(), ..other }).unwrap();
}

#[test]
fn the_ledger_tells_the_last_line_of_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let line = |recipient: &str, state| Delivery {
        edition: "e".into(),
        channel: "mail".into(),
        recipient: recipient.into(),
        state,
        at: at(0),
        hash: String::new(),
        note: String::new(),
        attempts: 0,
        code: None,
        retry_at: None,
    };
    assert_eq!(store.last("e", "mail", "a@example.org"), Ok(None));
    for state in [DeliveryState::Sending, DeliveryState::Refused, DeliveryState::Sending, DeliveryState::Delivered] {
        store.write(&line("a@example.org", state)).unwrap();
        store.write(&line("b@example.org", DeliveryState::Sending)).unwrap();
        assert_eq!(store.last("e", "mail", "a@example.org").unwrap().unwrap().state, state);
    }
    assert_eq!(store.deliveries().unwrap().len(), 8);
    assert_eq!(store.last("e", "ma", "ila@example.org"), Ok(None));
}

/// A store in which everything occurs.
fn full(dir: &std::path::Path) -> Store {
    let store = open(dir);
    let mut b = batch(0, 50, 0);
    b.hosts = vec![("example.org".into(), HostMemory { robots: Some((at(0), Some("x".into()))), ..HostMemory::default() })];
    store.commit(&b).unwrap();
    let mut d = document(3, 0);
    d.title = "New \u{202e} title \u{0} \"quoted\"".into();
    d.last_checked = at(9);
    let mut e = added(&d);
    e.kind = EventKind::Title;
    e.number = None;
    let mut stray = e.clone();
    stray.document = "no/where".into();
    let decision =
        Decision { at: at(1), document: d.document.clone(), what: DecisionKind::Ignore { reason: "no".into() }, by: "me".into() };
    store
        .commit(&Batch {
            at: at(9),
            run: "run-9".into(),
            documents: vec![d],
            events: vec![stray, e],
            decisions: vec![decision],
            ..Batch::default()
        })
        .unwrap();
    let delivery = |note: &str| Delivery {
        edition: "e".into(),
        channel: "mail".into(),
        recipient: "r".into(),
        state: DeliveryState::Delivered,
        at: at(1),
        hash: String::new(),
        note: note.into(),
        attempts: 0,
        code: None,
        retry_at: None,
    };
    store.write(&delivery("z")).unwrap();
    store.write(&delivery("a")).unwrap();
    store
}

#[test]
fn an_export_of_an_import_is_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let text = export(&full(one.path()));
    let store = open(two.path());
    let lines = store.import(&mut text.as_bytes(), at(99)).unwrap();
    assert_eq!(lines + 1, text.lines().count() as u64);
    assert_eq!(export(&store), text);
    assert_eq!(store.verify().unwrap().runs, 2);
    assert_whole(&store);
    drop(store);
    let store = open(two.path());
    assert!(store.notes().is_empty(), "{:?}", store.notes());
    assert_eq!(export(&store), text);
    // It goes on like any other store.
    store.commit(&batch(60, 2, 100)).unwrap();
    assert_whole(&store);
    assert!(matches!(store.import(&mut text.as_bytes(), at(99)), Err(StoreError::NotEmpty { .. })));
}

#[test]
fn a_changed_or_cut_export_is_refused_whole() {
    let dir = tempfile::tempdir().unwrap();
    let text = export(&full(dir.path()));
    let target = tempfile::tempdir().unwrap();
    let store = open(target.path());
    let no_end = &text[..text.trim_end().rfind('\n').unwrap() + 1];
    let doubled = text.replacen("{\"document\":", "{\"document\":{}}\n{\"document\":", 1);
    let behind = format!("{text}{{}}\n");
    for bad in ["", &text[..text.len() / 2], no_end, &text.replace("document 8\"", "document 9\""), &doubled, &behind, "\0\u{fffd}"] {
        let refused = store.import(&mut bad.as_bytes(), at(0));
        assert!(matches!(refused, Err(StoreError::Import { .. })), "{refused:?}");
        assert_eq!(store.count(), 0);
    }
    store.import(&mut text.as_bytes(), at(0)).unwrap();
    assert_eq!(export(&store), text);
}

#[test]
fn compacting_keeps_everything_that_can_be_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let store = full(dir.path());
    for n in 0..20 {
        let documents = (0..50).map(|d| document(d, n)).collect();
        store.commit(&Batch { documents, ..Batch::default() }).unwrap();
    }
    let text = export(&store);
    let batch_before = store.commit(&Batch::default()).unwrap().batch;
    let done = store.compact(at(100)).unwrap();
    assert!(done.after < done.before, "{done:?}");
    assert_eq!(export(&store), text);
    assert_whole(&store);
    drop(store);
    let store = open(dir.path());
    assert!(store.notes().is_empty(), "{:?}", store.notes());
    assert_eq!(export(&store), text);
    assert!(store.commit(&batch(60, 1, 1)).unwrap().batch > batch_before, "the chain goes on");
    assert_whole(&store);
}

#[test]
fn an_absent_store_is_not_made_for_a_question() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("none");
    let options = monitor_store::OpenOptions { create: false, ..options() };
    let error = Store::open(&path, &options).err().unwrap();
    assert!(matches!(error, StoreError::Absent { .. }));
    assert!(error.to_string().contains("monitor fetch"), "{error}");
    assert!(!path.exists());
}

#[test]
fn the_second_opener_is_told_who_holds_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    match reopen(dir.path()) {
        Err(StoreError::Locked { pid, command, since, age, .. }) => {
            assert_eq!(pid, std::process::id());
            assert!(command.starts_with("test"), "{command}");
            assert_eq!(since, Some(at(0)));
            assert!(age.as_secs() < 600);
        }
        other => panic!("{:?}", other.map(|_| ())),
    }
    drop(store);
    open(dir.path());
}

#[test]
fn documents_twice_in_a_batch_count_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut second = document(1, 0);
    second.title = "last".into();
    let receipt = store.commit(&Batch { documents: vec![document(1, 0), document(2, 0), second], ..Batch::default() }).unwrap();
    assert_eq!(receipt.documents, 2);
    assert_eq!(store.document(&"ex/00001".into()).unwrap().unwrap().title, "last");
    assert_eq!(store.document(&DocumentKey::from("ex/none")).unwrap(), None);
    assert_whole(&store);
}

/// A file a month; the batches go on from one to the next, and every question is answered over all of them.
#[test]
fn the_journal_has_a_file_for_each_month() {
    let dir = tempfile::tempdir().unwrap();
    let month = 31 * 86_400;
    let store = open(dir.path());
    for n in 0..5 {
        store.commit(&batch(n as usize * 10, 10, n * month)).unwrap();
        // A clock that goes back does not go back to an older file.
        store.commit(&batch(n as usize * 10 + 1, 3, n * month - month)).unwrap();
    }
    assert_whole(&store);
    let text = export(&store);
    drop(store);
    let files = || -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(dir.path().join("journal")).unwrap().flatten().map(|f| f.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(files(), ["2026-05.jsonl", "2026-06.jsonl", "2026-07.jsonl", "2026-08.jsonl", "2026-09.jsonl"]);
    // Without its index it is made again from all files.
    std::fs::remove_dir_all(dir.path().join("db")).unwrap();
    let store = open(dir.path());
    assert!(!store.notes().is_empty());
    assert_eq!(export(&store), text);
    assert_whole(&store);
    drop(store);
    // A file in the middle that is missing is told, and so is one that was cut; nothing is taken for less than it was.
    for harm in ["missing", "cut"] {
        let copy = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(copy.path().join("journal")).unwrap();
        std::fs::copy(dir.path().join("head.json"), copy.path().join("head.json")).unwrap();
        for name in files() {
            let to = copy.path().join("journal").join(&name);
            std::fs::copy(dir.path().join("journal").join(&name), &to).unwrap();
            if name.contains("-07") && harm == "missing" {
                std::fs::remove_file(&to).unwrap();
            } else if name.contains("-07") {
                let file = std::fs::OpenOptions::new().write(true).open(&to).unwrap();
                file.set_len(file.metadata().unwrap().len() / 2).unwrap();
            }
        }
        let error = reopen(copy.path()).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("monitor store rebuild"), "{harm}: {error}");
        let store = monitor_store::Store::rebuild(copy.path(), &options()).unwrap();
        assert_whole(&store);
        assert!((40..50).contains(&store.count()), "{harm}: {} documents", store.count());
    }
    // A compaction writes one file of the next generation.
    let store = open(dir.path());
    store.compact(at(5 * month)).unwrap();
    assert_eq!(files(), ["2026-10.2.jsonl"]);
    store.commit(&batch(100, 2, 7 * month)).unwrap();
    assert_eq!(files(), ["2026-10.2.jsonl", "2026-12.2.jsonl"]);
    assert_whole(&store);
    let text = export(&store);
    drop(store);
    assert_eq!(export(&open(dir.path())), text);
}

/// A store of the program before: one file with a number for its name. It is read, and goes on in files of months.
#[test]
fn a_journal_of_the_older_form_is_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.commit(&batch(0, 10, 0)).unwrap();
    let text = export(&store);
    drop(store);
    let (new, old) = (dir.path().join("journal/2026-05.jsonl"), dir.path().join("journal/000001.jsonl"));
    let lines = std::fs::read_to_string(&new).unwrap().replacen("\"format\":4", "\"format\":2", 1);
    std::fs::remove_file(&new).unwrap();
    std::fs::write(&old, lines).unwrap();
    std::fs::remove_dir_all(dir.path().join("db")).unwrap();
    let head = std::fs::read_to_string(dir.path().join("head.json")).unwrap().replace("\"format\":4", "\"format\":2");
    std::fs::write(dir.path().join("head.json"), head).unwrap();
    let store = open(dir.path());
    assert_eq!(export(&store), text);
    store.commit(&batch(20, 10, 60)).unwrap();
    assert!(old.exists() && new.exists());
    assert_whole(&store);
    let text = export(&store);
    drop(store);
    let store = open(dir.path());
    assert!(store.notes().is_empty(), "{:?}", store.notes());
    assert_eq!((export(&store), store.count()), (text, 20));
    store.compact(at(90)).unwrap();
    assert!(!old.exists() && !new.exists());
    assert_eq!(store.count(), 20);
}

#[test]
fn a_search_passes_over_what_cannot_hold_the_words() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut b = batch(0, 40, 0);
    b.documents[3].title = "Poisoning of “Training” data \"quoted\"".into();
    b.documents[4].title = "poisonous".into();
    b.documents[5].title = "\u{212a}elvin sign".into();
    store.commit(&b).unwrap();
    let found = |words: &[&str]| -> Vec<String> {
        let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        let mut documents = store.documents().unwrap();
        documents.holding(&words);
        documents.map(|d| d.unwrap().title).filter(|t| words.iter().all(|w| t.to_lowercase().contains(w.as_str()))).collect()
    };
    assert_eq!(found(&["poison"]).len(), 2);
    assert_eq!(found(&["poison", "data"]).len(), 1);
    assert_eq!(found(&["\"quoted\""]).len(), 1);
    assert_eq!(found(&["“training”"]).len(), 1);
    assert_eq!(found(&["kelvin"]).len(), 1);
    assert_eq!(found(&["title of document 1"]).len(), 11);
    assert!(found(&["nowhere"]).is_empty());
    let mut none = store.documents().unwrap();
    none.holding(&["nowhere".to_owned()]);
    assert_eq!(none.size_hint(), (0, Some(40)));
    assert_eq!(none.count(), 1, "only the Kelvin sign, which lower case makes a k, is left to the reader");
}
