#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Event, EventKind, SourceId, StageCode, Timestamp, TopicId, When};
use proptest::prelude::*;

use crate::{Happening, Input, Row, Trends, Verdict, Work, days, trends, trends_csv};

/// Deterministic noise for made-up histories (xorshift64*).
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn poisson(&mut self, mean: f64) -> usize {
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            (product, n) = (product * self.unit(), n + 1);
        }
        n
    }

    /// Gamma of shape 5 and mean 1: a month's luck; three months together have a shape of 15.
    fn luck(&mut self) -> f64 {
        (0..5).map(|_| -self.unit().max(1e-300).ln() / 5.0).sum()
    }
}

fn day(text: &str) -> i64 {
    days::number(text.parse().unwrap())
}

fn at(day: i64) -> Timestamp {
    format!("{}T12:00:00Z", days::date(day)).parse().unwrap()
}

const AS_OF: &str = "2026-09-30";

/// A history that is filled work by work; every source is watched since 2023 unless said otherwise.
#[derive(Default)]
struct History {
    works: Vec<Work>,
    since: BTreeMap<SourceId, Timestamp>,
}

impl History {
    fn add(&mut self, topic: &str, source: &str, when: Option<When>, seen: i64) -> &mut Work {
        let since = *self.since.entry(source.into()).or_insert_with(|| at(day("2023-01-01")));
        self.works.push(Work {
            document: format!("w/{:06}", self.works.len()).into(),
            body: "IETF".into(),
            source: source.into(),
            topics: vec![topic.into()],
            axes: Vec::new(),
            stage: StageCode::Draft,
            title: String::new(),
            summary: String::new(),
            when,
            finished: None,
            withdrawn: None,
            item: false,
            first_seen: at(seen),
            backfill: at(seen) <= since,
            relevant: true,
        });
        self.works.last_mut().unwrap()
    }

    fn on(&mut self, topic: &str, source: &str, date: i64) {
        self.add(topic, source, Some(When::Day(days::date(date))), date);
    }

    /// `rate` works per quarter since June 2023, with monthly luck.
    fn stream(&mut self, dice: &mut Dice, topic: &str, rate: f64) {
        self.turning(dice, topic, rate, 1.0);
    }

    /// The same, times `factor` in the last window.
    fn turning(&mut self, dice: &mut Dice, topic: &str, rate: f64, factor: f64) {
        let turn = day("2026-07-03");
        self.shaped(dice, topic, rate, |d| if d >= turn { factor } else { 1.0 });
    }

    /// The same, times what `shape` gives for a day.
    fn shaped(&mut self, dice: &mut Dice, topic: &str, rate: f64, shape: impl Fn(i64) -> f64) {
        let (mut d, end) = (day("2023-06-01"), day(AS_OF) + 1);
        while d < end {
            let luck = dice.luck();
            for one in d..(d + 30).min(end) {
                for _ in 0..dice.poisson(rate / 91.0 * luck * shape(one)) {
                    self.on(topic, "main", one);
                }
            }
            d += 30;
        }
    }

    fn ask(&self, as_of: &str) -> Trends {
        let topics: Vec<TopicId> = vec!["never".into()];
        trends(&Input::new(as_of.parse().unwrap(), &self.works, &topics, self.since.clone()))
    }
}

fn row<'t>(t: &'t Trends, id: &str) -> &'t Row {
    t.topics.iter().find(|r| r.id == id).unwrap()
}

#[test]
fn topics_that_do_not_move_are_left_alone() {
    let (mut cells, mut alarms, mut small, mut covered, mut asked) = (0, 0, 0, 0, 0);
    for seed in 1..=8_u64 {
        let (mut h, mut dice) = (History::default(), Dice(seed * 0x9E37_79B9));
        for (i, rate) in [1.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0].iter().cycle().take(40).enumerate() {
            h.stream(&mut dice, &format!("t{i:02}"), *rate);
        }
        for as_of in ["2026-03-31", "2026-09-30"] {
            for r in h.ask(as_of).topics.iter().filter(|r| r.p.is_some()) {
                cells += 1;
                alarms += usize::from(r.verdict.moved());
                if let Some([low, high]) = r.interval.filter(|_| r.expected > 4.0) {
                    asked += 1;
                    small += usize::from(r.p.unwrap() < 0.05);
                    covered += usize::from(low <= 1.0 && 1.0 <= high);
                }
            }
        }
    }
    assert!(cells > 500 && alarms * 25 <= cells, "{alarms} of {cells}: at most one in twenty-five");
    assert!(small * 100 <= asked * 9, "p < 0.05 in {small} of {asked}");
    assert!(covered * 100 >= asked * 91, "the interval holds 1 in {covered} of {asked}");
}

#[test]
fn what_moves_is_found_with_its_direction() {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 1..=10_u64 {
        let (mut h, mut dice) = (History::default(), Dice(seed * 77_777));
        for i in 0..30 {
            h.stream(&mut dice, &format!("t{i:02}"), 10.0);
        }
        for (topic, rate, factor) in [("up", 8.0, 5.0), ("tripled", 20.0, 3.0), ("down", 20.0, 0.0)] {
            h.turning(&mut dice, topic, rate, factor);
        }
        (0..12).for_each(|i| h.on("newcomer", "main", day("2026-07-10") + 6 * i));
        let t = h.ask(AS_OF);
        for (topic, verdict) in
            [("up", Verdict::Rising), ("tripled", Verdict::Rising), ("down", Verdict::Falling), ("newcomer", Verdict::New)]
        {
            *said.entry(topic).or_default() += usize::from(row(&t, topic).verdict == verdict);
            assert_eq!(row(&t, topic).ratio.is_none(), topic == "newcomer", "nothing before, nothing to divide by");
        }
    }
    assert_eq!(said, BTreeMap::from([("down", 10), ("newcomer", 10), ("tripled", said["tripled"]), ("up", 10)]));
    assert!(said["tripled"] >= 9, "{said:?}");
}

/// The floors of what is promised: of planted rises and falls among topics that do not move, this part is called.
#[test]
fn planted_movements_are_found_as_often_as_promised() {
    let planted: [(&str, f64, f64); 7] = [
        ("doubled", 15.0, 2.0),
        ("twice", 30.0, 2.0),
        ("tripled", 8.0, 3.0),
        ("thrice", 20.0, 3.0),
        ("five", 5.0, 5.0),
        ("quarter", 20.0, 0.25),
        ("gone", 10.0, 0.0),
    ];
    let (mut found, mut slow, mut wrong, mut alarms, mut still) = (BTreeMap::<&str, usize>::new(), 0, 0, 0, 0);
    let seeds = 24;
    let end = day(AS_OF);
    for seed in 1..=seeds {
        let (mut h, mut dice) = (History::default(), Dice(seed * 0xDEAD_BEEF + 17));
        for (i, rate) in [1.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0].iter().cycle().take(21).enumerate() {
            h.stream(&mut dice, &format!("calm{i:02}"), *rate);
        }
        for (topic, rate, factor) in planted {
            h.turning(&mut dice, topic, rate, factor);
        }
        h.shaped(&mut dice, "slow", 20.0, |d| 2.0_f64.powf((d - end) as f64 / 365.25));
        for r in &h.ask(AS_OF).topics {
            let up = matches!(r.verdict, Verdict::Rising | Verdict::New);
            match (planted.iter().find(|p| p.0 == r.id), r.id.as_str()) {
                (Some((id, _, factor)), _) => {
                    *found.entry(id).or_default() += usize::from(r.verdict.moved() && up == (*factor > 1.0));
                    wrong += usize::from(r.verdict.moved() && up != (*factor > 1.0));
                }
                (None, "slow") => slow += usize::from(up),
                (None, _) => (alarms, still) = (alarms + usize::from(r.verdict.moved()), still + 1),
            }
            assert_eq!(r.basis.is_some(), r.verdict.moved(), "{r:?}");
        }
        // Before anything moved, too, nothing may be said to move.
        for r in h.ask("2026-03-31").topics.iter().filter(|r| r.id != "slow") {
            (alarms, still) = (alarms + usize::from(r.verdict.moved()), still + 1);
        }
    }
    let of = |ids: &[&str]| ids.iter().map(|id| found[id]).sum::<usize>() * 100 / (ids.len() * seeds as usize);
    assert!(of(&["doubled", "twice"]) >= 50, "{found:?}");
    assert!(of(&["tripled", "thrice"]) >= 78, "{found:?}");
    assert!(of(&["five"]) >= 90 && of(&["quarter", "gone"]) >= 90, "{found:?}");
    assert!(slow * 100 >= 50 * seeds as usize, "{slow} of {seeds} slow rises");
    assert!(
        wrong == 0 && alarms * 20 <= still,
        "{found:?}, {slow} slow, {wrong} in the wrong direction, {alarms} of {still} that did not move"
    );
}

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
fn a_known_term_is_named_when_it_outruns_its_topic() {
    let (mut h, mut dice) = (History::default(), Dice(21));
    for i in 0..6 {
        h.stream(&mut dice, &format!("t{i}"), 20.0);
    }
    h.turning(&mut dice, "agents", 20.0, 3.0);
    let mut n = 0;
    for w in &mut h.works {
        let agents = w.topics[0].as_str() == "agents";
        n += usize::from(agents);
        let new = w.first_seen >= at(day("2026-07-03"));
        // "agent skill" is nearly all new; "agent security" rises no faster than the topic does.
        w.title = match (agents, new) {
            (true, true) if n % 2 == 0 => "Agent skills and agent security",
            (true, false) if n % 40 == 0 => "Agent skills",
            (true, _) if n % 2 == 0 => "On agent security",
            _ => "Quiet gardens",
        }
        .into();
    }
    let known = ["agent skill".to_owned(), "agent security".to_owned()];
    let mut input = Input::new(AS_OF.parse().unwrap(), &h.works, &[], h.since.clone());
    input.known_terms = &known;
    input.terms_of = BTreeMap::from([("agents".into(), known.to_vec())]);
    let t = trends(&input);
    let named: Vec<_> = t.terms.iter().map(|t| (t.term.as_str(), t.topic.as_ref().map(|t| t.as_str()))).collect();
    assert_eq!(named, [("agent skill", Some("agents"))]);
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
fn few_works_are_no_statement() {
    let mut h = History::default();
    (0..3).for_each(|i| h.on("t", "main", day("2026-08-01") + i));
    let t = h.ask(AS_OF);
    assert_eq!((row(&t, "t").verdict, row(&t, "t").p, row(&t, "t").now), (Verdict::TooFew, None, 3));
    assert_eq!((row(&t, "never").verdict, row(&t, "never").now), (Verdict::TooFew, 0), "every topic asked gets a row");
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
fn emerging_phrases_are_named_and_old_or_known_ones_are_not() {
    let (mut h, mut dice) = (History::default(), Dice(9));
    for i in 0..10 {
        h.stream(&mut dice, &format!("t{i}"), 20.0);
    }
    for (i, w) in h.works.iter_mut().enumerate() {
        w.title = format!("Rules for quiet gardens, part {i}");
        if w.first_seen >= at(day("2026-07-03")) {
            // Nine works name a new thing, all name a thing that the taxonomy knows.
            w.summary = if i % 20 == 0 { "A cobalt escrow for prompt injection." } else { "On prompt injection." }.into();
        }
    }
    let topics = [];
    let known = ["Prompt injections".to_owned()];
    let mut input = Input::new(AS_OF.parse().unwrap(), &h.works, &topics, h.since.clone());
    input.known_terms = &known;
    let t = trends(&input);
    let names: Vec<&str> = t.terms.iter().map(|t| t.term.as_str()).collect();
    assert_eq!(names, ["cobalt escrow"], "{:?}", t.terms);
    assert_eq!(t.terms[0].now, t.terms[0].documents.len());
    assert!(t.terms[0].first_seen.unwrap() >= days::date(day("2026-07-03")));
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
