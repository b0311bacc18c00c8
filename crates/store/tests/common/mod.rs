//! Made-up documents and stores for the tests.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]

use std::{path::Path, time::Duration};

use monitor_model::{
    Document, DocumentKey, Event, EventKind, Kind, Memory, Sighting, SourceId, SourceReport, Stage, StageCode, Timestamp, Version,
};
use monitor_store::{Batch, OpenOptions, Store, StoreError};

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).expect("a time")
}

pub fn options() -> OpenOptions<'static> {
    OpenOptions { command: "test", now: at(0), wait: Duration::ZERO, create: true, stop: None }
}

pub fn open(dir: &Path) -> Store {
    Store::open(dir, &options()).expect("the store opens")
}

pub fn reopen(dir: &Path) -> Result<Store, StoreError> {
    Store::open(dir, &options())
}

/// The n-th document as source `s` shows it at `second`.
pub fn document(n: usize, second: i64) -> Document {
    let url = format!("https://example.org/standards/{n}");
    let stage = Some(Stage { raw: "Published".into(), code: StageCode::Published, date: None });
    let number = format!("EX {n}");
    Document {
        document: DocumentKey(format!("ex/{n:05}")),
        body: if n.is_multiple_of(3) { "ETSI".into() } else { "ISO".into() },
        group: None,
        kind: Kind::Document,
        number: Some(number.clone()),
        title: format!("Title of document {n}"),
        summary: Some("A summary that is long enough to have a few bits to flip. ".repeat(3)),
        url: url.clone(),
        stage: stage.clone(),
        published: Some("2026-03".parse().expect("a month")),
        date_raw: None,
        deadline: None,
        first_seen: at(second),
        last_checked: at(second),
        work: DocumentKey(format!("ex/{n:05}")),
        version: Some("1".into()),
        versions: vec![Version {
            version: "1".into(),
            number,
            stage,
            published: Some("2026-03".parse().expect("a month")),
            url: url.clone(),
            first_seen: at(second),
        }],
        access: Default::default(),
        evidence: Default::default(),
        lang: Some("en".into()),
        keywords: vec!["one".into(), "two".into()],
        sightings: vec![Sighting {
            source: SourceId::from("s"),
            url,
            first_seen: at(second),
            last_seen: at(second),
            hash: "ab".repeat(32),
            present: true,
            source_key: Some(format!("row-{n}")),
            evidence: Default::default(),
        }],
        relations: Vec::new(),
        relevance: Default::default(),
        score: 0.25,
        axes: Vec::new(),
        topics: Vec::new(),
        why: Vec::new(),
        ignored: None,
        extra: vec![("question".into(), "Q15".into())],
    }
}

pub fn added(d: &Document) -> Event {
    Event {
        at: d.last_checked,
        document: d.document.clone(),
        body: d.body.clone(),
        kind: EventKind::Added,
        from: None,
        to: None,
        stage: d.stage_code(),
        source: d.sightings[0].source.clone(),
        event_date: d.published,
        first_seen: d.first_seen,
        title: d.title.clone(),
        number: d.number.clone(),
        url: d.url.clone(),
        topics: Vec::new(),
        axes: Vec::new(),
        relevance: d.relevance,
        backfill: false,
    }
}

/// A batch of `count` new documents from `first` on.
pub fn batch(first: usize, count: usize, second: i64) -> Batch {
    let documents: Vec<Document> = (first..first + count).map(|n| document(n, second)).collect();
    let source = SourceId::from("s");
    let memory =
        Memory { last_success: Some(at(second)), present: documents.iter().map(|d| d.document.0.clone()).collect(), ..Memory::default() };
    Batch {
        source: Some(source.clone()),
        run: format!("run-{second}"),
        at: at(second),
        events: documents.iter().map(added).collect(),
        documents,
        memory: Some((source.clone(), memory)),
        report: Some(SourceReport { id: source, body: "EX".into(), ..SourceReport::default() }),
        ..Batch::default()
    }
}

pub fn export(store: &Store) -> String {
    let mut out = Vec::new();
    store.export(&mut out).expect("the store exports");
    String::from_utf8(out).expect("text")
}

pub fn assert_whole(store: &Store) {
    let v = store.verify().expect("a check");
    assert!(v.ok, "{:#?}", v.problems);
}
