//! What is planted in made-up histories, and how often it must be found.

use std::collections::BTreeMap;

use super::history::{AS_OF, Dice, History, day, row};
use crate::Verdict;

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

/// Works came ever more often until the window that is asked, which was low.
#[test]
fn one_low_window_of_what_grows_is_a_trough_and_no_fall() {
    let mut h = History::default();
    let end = day(AS_OF);
    for (block, works) in [12, 52, 48, 40, 32, 20, 12, 6, 4].into_iter().enumerate() {
        (0..works).for_each(|i| h.on("t", "main", end - block as i64 * 90 - i * 89 / works));
    }
    let r = row(&h.ask(AS_OF), "t").clone();
    assert!(r.slope.is_some_and(|s| s.per_year > 1.0) && r.p.is_some_and(|p| p < 0.1), "{r:?}");
    assert_eq!(r.verdict, Verdict::Steady, "{r:?}");
}

/// Three works where eight were usual are chance in one of seven that did not move, and now and then what doubled. None at all is neither.
#[test]
fn a_low_window_on_a_thin_baseline_is_no_fall() {
    for (works, verdict) in [(3, Verdict::Steady), (0, Verdict::Falling)] {
        let mut h = History::default();
        let end = day(AS_OF);
        (0..works).for_each(|i| h.on("t", "main", end - i * 20));
        (1..=8).for_each(|block| (0..8).for_each(|i| h.on("t", "main", end - block * 90 - i * 11)));
        let r = row(&h.ask(AS_OF), "t").clone();
        assert!(r.p.is_some_and(|p| p < 0.16) && r.now < r.before / 16, "{r:?}");
        assert_eq!(r.verdict, verdict, "{r:?}");
    }
}

/// The floors of what is promised: of planted rises and falls among topics that do not move, this part is called.
#[test]
fn planted_movements_are_found_as_often_as_promised() {
    let planted: [(&str, f64, f64); 8] = [
        ("doubled", 15.0, 2.0),
        ("twice", 30.0, 2.0),
        ("tripled", 8.0, 3.0),
        ("thrice", 20.0, 3.0),
        ("five", 5.0, 5.0),
        ("half", 30.0, 0.5),
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
    assert!(of(&["half", "quarter", "gone"]) >= 80, "{found:?}");
    assert!(slow * 100 >= 50 * seeds as usize, "{slow} of {seeds} slow rises");
    assert!(
        wrong == 0 && alarms * 20 <= still,
        "{found:?}, {slow} slow, {wrong} in the wrong direction, {alarms} of {still} that did not move"
    );
}
