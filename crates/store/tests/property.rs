//! Whatever a document or an event holds, it comes out as it went in.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use monitor_model::{
    Axis, Document, Event, EventKind, Evidence, EvidenceLevel, Kind, Relation, RelationKind, Relevance, Sighting, Stage, StageCode,
    Timestamp, TopicTag, Version, When,
};
use monitor_store::{Batch, EventRange};
use proptest::{collection::vec, option, prelude::*};

/// Few values, so that equal ones (which are not written) are common, and hostile ones among them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("a".to_owned()), Just("\u{0}\u{202e}\"\\\n{\"commit\":".to_owned()), ".{0,12}"]
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0..4i64, 0..2i32).prop_map(|(s, n)| Timestamp::new(1_780_000_000 + s, n * 5).unwrap())
}

fn when() -> impl Strategy<Value = Option<When>> {
    option::of(
        prop_oneof![Just("2026"), Just("2026-03"), Just("2026-03-04"), Just("2026-03-04T05:06:07Z")].prop_map(|t| t.parse().unwrap()),
    )
}

fn stage() -> impl Strategy<Value = Option<Stage>> {
    option::of((text(), 0..10usize, when()).prop_map(|(raw, code, date)| Stage { raw, code: StageCode::ALL[code], date }))
}

fn version() -> impl Strategy<Value = Version> {
    (text(), text(), stage(), when(), text(), time()).prop_map(|(version, number, stage, published, url, first_seen)| Version {
        version,
        number,
        stage,
        published,
        url,
        first_seen,
    })
}

fn sighting() -> impl Strategy<Value = Sighting> {
    (text(), text(), time(), time(), text(), any::<bool>(), option::of(text()), any::<bool>()).prop_map(
        |(source, url, first_seen, last_seen, hash, present, source_key, secondary)| Sighting {
            source: source.into(),
            url,
            first_seen,
            last_seen,
            hash,
            present,
            source_key,
            evidence: if secondary { EvidenceLevel::Secondary } else { EvidenceLevel::Primary },
        },
    )
}

fn topics() -> impl Strategy<Value = Vec<TopicTag>> {
    let evidence = (text(), 0..9u32).prop_map(|(term, start)| Evidence { term, field: "title".into(), start, end: start + 1 });
    vec((text(), 0.0..1.0f32, vec(evidence, 0..3)).prop_map(|(id, score, evidence)| TopicTag { id: id.into(), score, evidence }), 0..3)
}

prop_compose! {
    fn any_document()(
        key in 0..12usize, body in text(), group in option::of(text()), number in option::of(text()), title in text(), summary in option::of(text()),
        url in text(), stage in stage(), published in when(), seen in (time(), time()), work in text(), version_now in option::of(text()),
        parts in (vec(version(), 0..3), vec(sighting(), 0..3), topics()),
        rest in (option::of(text()), vec(text(), 0..3), 0.0..1.0f32, any::<bool>(), option::of(text()), vec((text(), text()), 0..3), when()),
    ) -> Document {
        let (lang, keywords, score, flag, ignored, extra, deadline) = rest;
        let (versions, sightings, topics) = parts;
        Document {
            body, group, number, title, summary: summary.clone(), url, stage, published, versions, sightings, topics, lang, keywords, score, ignored, extra, deadline,
            kind: if flag { Kind::WorkItem } else { Kind::Document },
            date_raw: summary,
            first_seen: seen.0,
            last_checked: seen.1,
            work: if flag { work.into() } else { format!("ex/{key:05}").into() },
            version: version_now,
            relations: if flag { vec![Relation { kind: RelationKind::PartOf, document: "ex/whole".into() }] } else { Vec::new() },
            relevance: if flag { Relevance::AiOnly } else { Relevance::Neither },
            axes: if flag { vec![Axis::SecuringAi] } else { Vec::new() },
            why: Vec::new(),
            ..document(key, 0)
        }
    }
}

prop_compose! {
    fn any_event()(
        key in 0..16usize, at in time(), kind in 0..8usize, from in option::of(text()), to in option::of(text()), same in any::<bool>(),
        title in text(), number in option::of(text()), source in text(), event_date in when(), topics in vec(text(), 0..2), backfill in any::<bool>(),
    ) -> (bool, Event) {
        let mut e = added(&document(key, 0));
        (e.at, e.kind, e.from, e.to, e.backfill, e.event_date) = (at, EventKind::ALL[kind], from, to, backfill, event_date);
        (e.title, e.number, e.source) = (title, number, source.into());
        e.topics = topics.into_iter().map(Into::into).collect();
        (same, e)
    }
}

/// Batches in which some events say just what their document says.
fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let one = (vec(any_document(), 0..6), vec(any_event(), 0..8)).prop_map(|(documents, events)| {
        let like = |(same, e): (bool, Event)| match documents.iter().rev().find(|d| same && d.document == e.document) {
            Some(d) => Event {
                title: d.title.clone(),
                number: d.number.clone(),
                event_date: d.published,
                at: d.last_checked,
                source: d.sightings.last().map(|s| s.source.clone()).unwrap_or_default(),
                topics: d.topics.iter().map(|t| t.id.clone()).collect(),
                ..e
            },
            None => e,
        };
        Batch { events: events.into_iter().map(like).collect(), documents, run: "r".into(), at: at(1), ..Batch::default() }
    });
    vec(one, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_and_events_come_out_as_they_went_in(batches in batches()) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let mut documents = std::collections::BTreeMap::new();
        let mut events = Vec::new();
        for b in &batches {
            store.commit(b).unwrap();
            documents.extend(b.documents.iter().map(|d| (d.document.clone(), d.clone())));
            events.extend(b.events.iter().cloned());
        }
        events.sort_by_key(|e| e.at);
        prop_assert_eq!(store.documents().unwrap().map(Result::unwrap).collect::<Vec<_>>(), documents.into_values().collect::<Vec<_>>());
        prop_assert_eq!(store.events(EventRange::default()).unwrap().map(Result::unwrap).collect::<Vec<_>>(), events);
        let v = store.verify().unwrap();
        prop_assert!(v.ok, "{:?}", v.problems);

        // The same through an export, through a rebuild and through a compaction.
        let text = export(&store);
        let other = tempfile::tempdir().unwrap();
        let copy = open(other.path());
        copy.import(&mut text.as_bytes(), at(2)).unwrap();
        prop_assert_eq!(export(&copy), text.clone());
        store.compact(at(3)).unwrap();
        prop_assert_eq!(export(&store), text.clone());
        drop(store);
        std::fs::remove_dir_all(dir.path().join("db")).unwrap();
        prop_assert_eq!(export(&open(dir.path())), text);
    }

    #[test]
    fn an_import_of_anything_is_an_answer(lines in vec(prop_oneof![".{0,60}", Just("{\"base\":{\"runs\":18446744073709551615,\"next_event\":18446744073709551615}}".to_owned()), Just("{\"event\":{\"n\":18446744073709551615}}".to_owned())], 0..5)) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let text = lines.join("\n");
        prop_assert!(store.import(&mut text.as_bytes(), at(0)).is_err());
        // With an honest last line it is still no export, or a harmless one.
        let body = text.clone() + "\n";
        let honest = format!("{body}{{\"end\":{{\"count\":{},\"blake3\":\"{}\"}}}}\n", body.lines().count(), blake3::hash(body.as_bytes()));
        let _ = store.import(&mut honest.as_bytes(), at(0));
        prop_assert_eq!(store.count(), 0);
    }
}
