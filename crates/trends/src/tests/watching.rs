//! What was watched since when, and until when, is no movement of the world.

use std::collections::BTreeMap;

use monitor_model::{SourceId, When};

use super::history::{AS_OF, Dice, History, at, day, row};
use crate::{Input, Verdict, days, trends};

#[test]
fn started_watching_is_not_started_happening() {
    let (mut h, mut dice) = (History::default(), Dice(5));
    h.stream(&mut dice, "t", 10.0);
    let calm = row(&h.ask(AS_OF), "t").clone();
    // A feed without a past, read since 10 August.
    h.since.insert("feed".into(), at(day("2026-08-10")));
    (0..50).for_each(|i| h.on("t", "feed", day("2026-08-10") + i));
    let t = h.ask(AS_OF);
    assert_eq!((row(&t, "t").now, row(&t, "t").verdict), (calm.now, Verdict::Steady));
    assert_eq!(t.coverage.sources_started_in_window, [SourceId::from("feed")]);
    assert_eq!((t.coverage.excluded_unwatched, t.coverage.excluded_as_backfill), (50, 50));
}

#[test]
fn stopped_watching_is_not_stopped_happening() {
    // A work every other day until the source breaks.
    let ask = |broken: &str, read: &str| {
        let mut h = History::default();
        h.since.insert("list".into(), at(day("2023-01-01")));
        (day("2024-07-01")..=day(broken)).step_by(2).for_each(|d| h.on("t", "list", d));
        let mut input = Input::new(AS_OF.parse().unwrap(), &h.works, &[], h.since.clone());
        input.watched_until = BTreeMap::from([("list".into(), at(day(read)))]);
        trends(&input)
    };
    let read = ask("2026-07-20", "2026-09-28");
    assert_eq!(row(&read, "t").verdict, Verdict::Falling, "it was read, and nothing came");
    assert!(read.coverage.sources_stopped_in_window.is_empty());
    let soon = ask("2026-07-20", "2026-07-20");
    assert!(soon.topics.iter().all(|r| !r.verdict.moved()), "three weeks say nothing of a quarter");
    assert_eq!((soon.coverage.counted, soon.coverage.sources_stopped_in_window.len()), (0, 1));
    let late = ask("2026-08-30", "2026-08-30");
    let r = row(&late, "t");
    assert!((r.expected - r.now as f64).abs() < 2.0 && r.verdict == Verdict::Steady, "two months against two months: {r:?}");
    assert_eq!(late.coverage.sources_stopped_in_window, [SourceId::from("list")]);
}

#[test]
fn a_source_that_brings_its_past_is_counted_by_its_dates() {
    let mut h = History::default();
    h.since.insert("archive".into(), at(day("2026-08-10")));
    for i in 0..150 {
        let date = day("2026-09-28") - 11 * i;
        h.add("t", "archive", Some(When::Day(days::date(date))), date.max(day("2026-08-10")));
    }
    let t = h.ask(AS_OF);
    let r = row(&t, "t");
    assert_eq!((r.now, r.before, r.verdict), (8, 67, Verdict::Steady));
    assert!((r.expected - 8.1).abs() < 0.5, "{}", r.expected);
    assert_eq!(t.coverage.sources_counted_by_their_dates, [SourceId::from("archive")]);
    assert_eq!(t.coverage.excluded_as_backfill, 150 - 8, "met in the window, begun before");
}

#[test]
fn undated_backlog_plans_and_bare_years_are_never_now() {
    let (mut h, mut dice) = (History::default(), Dice(6));
    h.stream(&mut dice, "t", 10.0);
    let calm = row(&h.ask(AS_OF), "t").clone();
    h.since.insert("list".into(), at(day("2026-08-10")));
    for _ in 0..200 {
        h.add("t", "list", None, day("2026-08-10"));
    }
    for _ in 0..20 {
        h.add("t", "main", Some(When::Day("2028-01-15".parse().unwrap())), day("2026-08-15"));
        h.add("t", "main", Some(When::Year(2026)), day("2026-08-15"));
    }
    let t = h.ask(AS_OF);
    assert_eq!((row(&t, "t").now, row(&t, "t").verdict), (calm.now, calm.verdict));
    assert_eq!((t.coverage.excluded_undated, t.coverage.excluded_future, t.coverage.excluded_year_only), (200, 20, 20));
    assert_eq!(t.coverage.excluded_as_backfill, 220, "undated and bare years; plans are no backlog");
}

#[test]
fn a_source_watched_for_half_the_baseline_is_compared_with_that_half() {
    let mut h = History::default();
    h.since.insert("late".into(), at(day("2025-10-01")));
    (day("2025-10-01")..=day(AS_OF)).step_by(3).for_each(|d| h.on("t", "late", d));
    let t = h.ask(AS_OF);
    assert!((20.0..42.0).contains(&row(&t, "t").expected), "{}", row(&t, "t").expected);
    assert_eq!(row(&t, "t").verdict, Verdict::Steady);
    assert_eq!(t.coverage.sources_started_in_baseline, [SourceId::from("late")]);
}

#[test]
fn months_lie_on_one_side_of_the_edge_as_a_whole() {
    let mut h = History::default();
    for m in 1..=9 {
        for _ in 0..4 {
            h.add("t", "main", Some(When::Month(2026, m)), day(&format!("2026-{m:02}-28")));
        }
    }
    assert_eq!(row(&h.ask(AS_OF), "t").now, 12, "July, August and September");
    assert_eq!(row(&h.ask("2026-08-20"), "t").now, 8, "the window begins on 23 May: June and July, August is not seen yet");
}

#[test]
fn the_answer_for_a_past_date_does_not_change_later() {
    let (mut h, mut dice) = (History::default(), Dice(8));
    h.stream(&mut dice, "t", 12.0);
    let all = std::mem::take(&mut h.works);
    h.works = all.iter().filter(|w| w.first_seen <= at(day("2026-03-31"))).cloned().collect();
    let then = h.ask("2026-03-31");
    h.works = all;
    h.since.insert("archive".into(), at(day("2026-08-10")));
    for i in 0..50 {
        h.add("t", "archive", Some(When::Day(days::date(day("2026-03-30") - i))), day("2026-08-10"));
    }
    assert_eq!(h.ask("2026-03-31"), then);
}

#[test]
fn a_store_that_began_later_speaks_by_dates() {
    let mut h = History::default();
    h.since.insert("archive".into(), at(day("2027-05-01")));
    for i in 0..120 {
        h.add("t", "archive", Some(When::Day(days::date(day("2026-10-30") - 10 * i))), day("2027-05-01"));
    }
    let t = h.ask(AS_OF);
    assert_eq!((row(&t, "t").now, row(&t, "t").verdict), (9, Verdict::Steady));
    assert_eq!(t.coverage.sources_counted_by_their_dates, [SourceId::from("archive")]);
}
