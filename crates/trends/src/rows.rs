use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    Row, Verdict, Work,
    count::{Expectation, q_values},
    place::{Placed, Places, Side, Why},
};

/// Fewer works in window and baseline together: no statement.
const LEAST_WORKS: usize = 5;

/// Fewer works in the window cannot rise or be new: two works and two slips of the tagger are no movement.
const LEAST_NOW: usize = 5;

/// The share of false alarms among what is said to move that is accepted (Benjamini-Hochberg). On made-up histories this
/// calls 2 % of the topics that did not move, and 5 in 6 of those that tripled from eight or more a quarter (0.1: 3 in 4).
pub(crate) const LEVEL: f64 = 0.15;

/// Counts under one heading.
#[derive(Debug)]
pub(crate) struct Tally<'p, 'a> {
    now: Vec<&'p Placed<'a>>,
    before: usize,
    expected: Expectation,
    /// A work that began before the window is known, counted or not.
    older: bool,
}

impl<'p, 'a> Tally<'p, 'a> {
    fn new(places: &Places<'a>) -> Self {
        Tally { now: Vec::new(), before: 0, expected: Expectation::prior(places.usual_weight()), older: false }
    }

    fn add(&mut self, places: &Places<'a>, p: &'p Placed<'a>) {
        match p.side {
            Side::Now => self.now.push(p),
            Side::Before => {
                self.before += 1;
                self.expected.add(1.0, places.strata[p.stratum].weight);
                self.older = true;
            }
            Side::Out(Why::Undated | Why::YearOnly | Why::Future) => {
                self.older |= crate::days::of(p.work.first_seen) < places.frame.from;
            }
            Side::Out(Why::Unwatched | Why::Outside) => self.older |= p.day.is_some_and(|d| d < places.frame.from),
        }
    }
}

/// Tallies works under the headings that `of` gives; `listed` headings are there even if empty.
pub(crate) fn tally<'p, 'a, I: IntoIterator<Item = &'p str>>(
    places: &'p Places<'a>,
    listed: I,
    of: impl Fn(&'p Work, &mut Vec<&'p str>),
) -> BTreeMap<&'p str, Tally<'p, 'a>> {
    let mut out: BTreeMap<&str, Tally<'p, 'a>> = listed.into_iter().map(|id| (id, Tally::new(places))).collect();
    let mut ids = Vec::new();
    for p in places.relevant() {
        ids.clear();
        of(p.work, &mut ids);
        for id in &ids {
            out.entry(id).or_insert_with(|| Tally::new(places)).add(places, p);
        }
    }
    out
}

/// Turns tallies into rows that have no `q` and no verdict yet.
pub(crate) fn rows(tallies: BTreeMap<&str, Tally<'_, '_>>, size: f64) -> Vec<Row> {
    tallies.into_iter().map(|(id, t)| row(id, t, size)).collect()
}

fn row(id: &str, mut t: Tally<'_, '_>, size: f64) -> Row {
    let now = t.now.len();
    t.now.sort_by_key(|p| (Reverse(p.day), &p.work.document));
    let asked = now + t.before >= LEAST_WORKS;
    let ratio = (asked && t.before > 0).then(|| now as f64 / t.expected.mean());
    Row {
        id: id.to_owned(),
        now,
        before: t.before,
        expected: t.expected.mean(),
        ratio,
        interval: ratio.map(|_| t.expected.interval(now, size)),
        p: asked.then(|| t.expected.predict(1.0, size).p(now)),
        q: None,
        // What it would be if the counts spoke; `judge` decides whether they do.
        verdict: match (asked, now as f64 > t.expected.mean()) {
            (false, _) => Verdict::TooFew,
            (true, false) => Verdict::Falling,
            (true, true) if now < LEAST_NOW => Verdict::Steady,
            (true, true) if t.older => Verdict::Rising,
            (true, true) => Verdict::New,
        },
        documents: t.now.iter().map(|p| p.work.document.clone()).collect(),
    }
}

/// Corrects for all that was asked, in all lists together, and takes back what chance explains.
pub(crate) fn judge(lists: &mut [&mut Vec<Row>]) {
    let mut asked: Vec<&mut Row> = lists.iter_mut().flat_map(|l| l.iter_mut()).filter(|r| r.p.is_some()).collect();
    let p: Vec<f64> = asked.iter().filter_map(|r| r.p).collect();
    for (row, q) in asked.iter_mut().zip(q_values(&p)) {
        row.q = Some(q);
        if q >= LEVEL {
            row.verdict = Verdict::Steady;
        }
    }
}
