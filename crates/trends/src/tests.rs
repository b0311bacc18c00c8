#![allow(clippy::unwrap_used)]

mod history;
mod planted;
mod terms;
mod watching;

use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Event, EventKind, SourceId, StageCode, Timestamp, TopicId, When};
use proptest::prelude::*;

use self::history::{AS_OF, History, at, day, row};
use crate::{Happening, Input, Verdict, Work, days, trends, trends_csv};

#[test]
fn what_bodies_do_is_counted_by_its_own_date() {
    let mut h = History::default();
    for i in 0..90 {
        let begun = day("2024-01-05") + i * 11;
        let w = h.add("t", "main", Some(When::Day(days::date(begun))), begun);
        (w.item, w.withdrawn) = (true, (i >= 60 && i % 3 == 0).then(|| When::Day(days::date(day("2026-08-01") + i / 3))));
    }
    let t = h.ask(AS_OF);
    let bodies = |what: Happening| &t.events.iter().find(|m| m.what == what).unwrap().bodies;
    assert_eq!((bodies(Happening::Withdrawn)[0].id.as_str(), bodies(Happening::Withdrawn)[0].now), ("IETF", 10));
    assert_eq!(bodies(Happening::Withdrawn)[0].verdict, Verdict::New, "{:?}", bodies(Happening::Withdrawn)[0]);
    assert_eq!(bodies(Happening::Opened)[0].verdict, Verdict::Steady);
    assert!(bodies(Happening::Approved).is_empty());
    assert_eq!(t.stages.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["new-work", "withdrawn"]);
}

#[test]
fn a_step_that_the_body_does_not_date_is_dated_by_what_was_seen() {
    let mut h = History::default();
    (0..30).for_each(|i| h.on("t", "main", day("2024-08-01") + i * 25));
    let event = |i: usize, backfill: bool| Event {
        at: at(day("2026-08-15")),
        document: h.works[i].document.clone(),
        body: "IETF".into(),
        kind: EventKind::Stage,
        from: None,
        to: Some("RFC".into()),
        stage: StageCode::Published,
        source: "main".into(),
        event_date: None,
        first_seen: h.works[i].first_seen,
        title: String::new(),
        number: None,
        url: String::new(),
        topics: Vec::new(),
        axes: Vec::new(),
        relevance: monitor_model::Relevance::Relevant,
        backfill,
    };
    let events = [event(0, false), event(1, false), event(2, true)];
    let mut input = Input::new(AS_OF.parse().unwrap(), &h.works, &[], h.since.clone());
    input.events = &events;
    let t = trends(&input);
    assert_eq!(t.stages[0].now, 2, "what was there at the first fetch happened at any time before: {:?}", t.stages);
}

#[test]
fn csv_has_a_row_for_everything_and_no_formula() {
    let mut h = History::default();
    (0..40).for_each(|i| h.on("=cmd()", "main", day("2024-08-01") + i * 20));
    let csv = trends_csv(&h.ask(AS_OF));
    let columns = csv.lines().next().unwrap().split(',').count();
    assert!(csv.contains("topic,\"'=cmd()\",steady,"), "{csv}");
    assert!(csv.lines().all(|l| l.split(',').count() == columns), "no comma in any cell here: {csv}");
    assert!(csv.lines().any(|l| l.starts_with("2026-09-30,body,IETF,")));
}

#[test]
fn few_works_are_no_statement() {
    let mut h = History::default();
    (0..3).for_each(|i| h.on("t", "main", day("2026-08-01") + i));
    let t = h.ask(AS_OF);
    assert_eq!((row(&t, "t").verdict, row(&t, "t").p, row(&t, "t").now), (Verdict::TooFew, None, 3));
    assert_eq!((row(&t, "never").verdict, row(&t, "never").now), (Verdict::TooFew, 0), "every topic asked gets a row");
}

#[test]
fn finished_works_are_counted_by_the_date_of_publication() {
    let mut h = History::default();
    for i in 0..40 {
        let begun = day("2024-01-01") + i * 20;
        let w = h.add("t", "main", Some(When::Day(days::date(begun))), begun);
        w.finished = Some(When::Day(days::date(begun + 300)));
    }
    for (as_of, from) in [(AS_OF, "2026-07-03"), ("2026-12-31", "2026-10-03")] {
        let t = h.ask(as_of);
        let there = (0..40).filter(|i| (day(from)..=day(as_of)).contains(&(day("2024-01-01") + i * 20 + 300))).count();
        assert_eq!((t.stages[0].id.as_str(), t.stages[0].now), ("published", there), "{:?}", t.stages);
        assert!(there > 3 && row(&t, "t").now == 0, "none of them began then");
    }
}

#[test]
fn the_contract_keys_are_there_and_the_window_is_ninety_days() {
    let t = serde_json::to_value(History::default().ask(AS_OF)).unwrap();
    assert_eq!(
        (t["as_of"].as_str(), t["window"]["from"].as_str(), t["window"]["to"].as_str()),
        (Some(AS_OF), Some("2026-07-03"), Some(AS_OF))
    );
    assert_eq!((t["baseline"]["from"].as_str(), t["baseline"]["to"].as_str()), (Some("2024-07-03"), Some("2026-07-02")));
    for key in ["id", "now", "expected", "ratio", "interval", "p", "q", "verdict", "documents"] {
        assert!(t["topics"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(t["topics"][0]["verdict"], "too-few");
    assert!(t["coverage"].get("sources_started_in_window").is_some() && t["coverage"].get("excluded_as_backfill").is_some());
}

fn any_work() -> impl Strategy<Value = Work> {
    let when = prop_oneof![
        Just(None),
        (1990_i16..2035).prop_map(|y| Some(When::Year(y))),
        (2023_i16..2028, 1_i8..13).prop_map(|(y, m)| Some(When::Month(y, m))),
        (19_300_i64..20_900).prop_map(|d| Some(When::Day(days::date(d)))),
    ];
    (0_u32..200, 0_u8..4, 0_u8..4, when, 19_300_i64..20_900, any::<bool>(), any::<bool>(), ".{0,30}").prop_map(
        |(key, source, topic, when, seen, backfill, relevant, title)| Work {
            document: format!("w/{key}").as_str().into(),
            body: format!("B{}", source % 3),
            source: format!("s{source}").as_str().into(),
            topics: vec![format!("t{topic}").as_str().into()],
            axes: vec![monitor_model::Axis::SecuringAi],
            stage: StageCode::Draft,
            summary: title.clone(),
            title,
            when,
            finished: when,
            withdrawn: when,
            item: relevant,
            first_seen: at(seen),
            backfill,
            relevant,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_answer_is_consistent_and_independent_of_order(
        mut works in proptest::collection::vec(any_work(), 0..150),
        since in proptest::collection::vec(19_300_i64..20_900, 3),
        window in -3_i64..400,
        baseline in -3_i64..1500,
    ) {
        works.sort_by(|a, b| a.document.cmp(&b.document));
        works.dedup_by(|a, b| a.document == b.document);
        let since: BTreeMap<SourceId, Timestamp> = since.iter().enumerate().map(|(i, d)| (format!("s{i}").as_str().into(), at(*d))).collect();
        let topics: Vec<TopicId> = vec!["t0".into(), "t9".into()];
        let as_of: Date = AS_OF.parse().unwrap();
        let mut input = Input::new(as_of, &works, &topics, since.clone());
        (input.window_days, input.baseline_days) = (window, baseline);
        let t = trends(&input);
        for r in t.topics.iter().chain(&t.axes).chain(&t.bodies).chain(&t.stages) {
            prop_assert_eq!(r.now, r.documents.len());
            prop_assert!(r.expected.is_finite() && r.expected >= 0.0);
            prop_assert_eq!(r.p.is_some(), r.q.is_some());
            if let (Some(p), Some(q)) = (r.p, r.q) {
                prop_assert!(p > 0.0 && p <= q && q <= 1.0);
            }
            if let (Some(ratio), Some([low, high])) = (r.ratio, r.interval) {
                prop_assert!(0.0 <= low && low <= ratio && ratio <= high && high.is_finite());
            }
        }
        let relevant = works.iter().filter(|w| w.relevant).count();
        let in_bodies: usize = t.bodies.iter().map(|r| r.now + r.before).sum();
        prop_assert_eq!(t.coverage.counted, in_bodies, "each counted work has one body");
        prop_assert!(t.coverage.counted + t.coverage.excluded_undated + t.coverage.excluded_future <= relevant);
        let mut turned = works.clone();
        turned.reverse();
        let mut input = Input::new(as_of, &turned, &topics, since);
        (input.window_days, input.baseline_days) = (window, baseline);
        prop_assert_eq!(t, trends(&input));
    }
}
