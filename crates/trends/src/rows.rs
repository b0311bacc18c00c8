use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    Basis, Block, Row, Verdict, Work,
    count::{Counts, Expectation, adaptive_q},
    days,
    place::{Placed, Places, Side, Why},
    slope::{Leaning, slope},
};

/// Fewer works in window and baseline together: no statement.
const LEAST_WORKS: usize = 4;

/// Fewer works in the window cannot rise or be new: two works and a slip of the tagger are no movement.
const LEAST_NOW: usize = 4;

/// The share of false alarms among what is said to move that is accepted (Benjamini-Hochberg). A radar that stays silent
/// until it is sure comes late: on made-up histories this calls 2 to 3 % of the topics that did not move.
const LEVEL: f64 = 0.25;

/// The same for slopes, which are asked beside the window.
const LEVEL_SLOPE: f64 = 0.12;

/// What grows by so much a year over the whole time does not fall by one low window.
const LEANS_UP: f64 = 1.12;

/// However much else moves, a window that chance explains this well did not rise, or fall.
const MOST_P: f64 = 0.1;
const MOST_P_FALL: f64 = 0.15;

/// A slope is asked beside the window, so that it must speak more clearly.
const MOST_P_SLOPE: f64 = 0.02;

/// What leans up must still be above what the baseline lets expect: growth that has ended is no rise.
const STILL: f64 = 1.1;

/// At this share of false alarms a sign is clear.
const CLEAR: f64 = 0.05;

/// Counts under one heading.
#[derive(Debug)]
pub(crate) struct Tally<'p, 'a> {
    now: Vec<&'p Placed<'a>>,
    before: usize,
    expected: Expectation,
    /// By stratum, for the slope.
    leaning: BTreeMap<usize, Leaning>,
    /// Works by window back.
    blocks: Vec<usize>,
    /// Works of the baseline by stratum.
    earlier: BTreeMap<usize, usize>,
    /// A work that began before the window is known, counted or not.
    older: bool,
}

impl<'p, 'a> Tally<'p, 'a> {
    fn new(places: &Places<'a>) -> Self {
        Tally {
            now: Vec::new(),
            before: 0,
            expected: Expectation::prior(places.usual_weight()),
            leaning: BTreeMap::new(),
            blocks: Vec::new(),
            earlier: BTreeMap::new(),
            older: false,
        }
    }

    fn add(&mut self, places: &Places<'a>, p: &'p Placed<'a>) {
        if let Some((block, time)) = places.at(p) {
            let l = self.leaning.entry(p.stratum).or_default();
            (l.n, l.times) = (l.n + 1.0, l.times + time);
            if self.blocks.len() <= block {
                self.blocks.resize(block + 1, 0);
            }
            self.blocks[block] += 1;
        }
        match p.side {
            Side::Now => self.now.push(p),
            Side::Before => {
                self.before += 1;
                *self.earlier.entry(p.stratum).or_default() += 1;
                self.expected.add(1.0, places.strata[p.stratum].weight);
                self.older = true;
            }
            Side::Out(Why::Undated | Why::YearOnly | Why::Future) => {
                self.older |= days::of(p.work.first_seen) < places.frame.from;
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
pub(crate) fn rows(places: &Places<'_>, tallies: BTreeMap<&str, Tally<'_, '_>>, size: f64) -> Vec<Row> {
    tallies.into_iter().map(|(id, t)| row(places, id, t, size)).collect()
}

fn row(places: &Places<'_>, id: &str, mut t: Tally<'_, '_>, size: f64) -> Row {
    let now = t.now.len();
    t.now.sort_by_key(|p| (Reverse(p.day), &p.work.document));
    let asked = now + t.before >= LEAST_WORKS;
    let ratio = (asked && t.before > 0).then(|| now as f64 / t.expected.mean());
    let parts: Vec<_> = t.leaning.iter().map(|(at, l)| (places.strata[*at].bins.as_slice(), *l)).collect();
    Row {
        id: id.to_owned(),
        now,
        before: t.before,
        expected: t.expected.mean(),
        ratio,
        interval: ratio.map(|_| t.expected.interval(now, size)),
        p: asked.then(|| t.expected.predict(1.0, size).p(now)),
        q: None,
        slope: ratio.and_then(|_| slope(&parts, places.blocks(), size)),
        // What it would be if the counts spoke; `judge` decides whether they do.
        verdict: match (asked, now as f64 > t.expected.mean()) {
            (false, _) => Verdict::TooFew,
            (true, false) => Verdict::Falling,
            (true, true) if now < LEAST_NOW => Verdict::Steady,
            (true, true) if t.older => Verdict::Rising,
            (true, true) => Verdict::New,
        },
        basis: None,
        clear: false,
        history: if asked { history(places, &t, size) } else { Vec::new() },
        documents: t.now.iter().map(|p| p.work.document.clone()).collect(),
    }
}

/// The stretches of the window's length that were watched, with what the baseline's rate lets expect in each.
fn history(places: &Places<'_>, t: &Tally<'_, '_>, size: f64) -> Vec<Block> {
    let (frame, mut expected) = (places.frame, Vec::new());
    for (at, n) in &t.earlier {
        let bins = &places.strata[*at].bins;
        let before: f64 = bins.iter().filter(|b| b.block > 0).map(|b| b.weight).sum();
        for b in bins.iter().filter(|_| before > 0.0) {
            if expected.len() <= b.block {
                expected.resize(b.block + 1, 0.0);
            }
            expected[b.block] += *n as f64 * b.weight / before;
        }
    }
    let blocks = expected.into_iter().enumerate().filter(|(_, e)| *e > 0.0).map(|(i, expected)| {
        let from = frame.from - i as i64 * frame.window();
        Block {
            from: days::date(from.max(frame.base)),
            to: days::date(from + frame.window() - 1),
            works: t.blocks.get(i).copied().unwrap_or(0),
            expected,
            chance: Counts::new(expected, size).range(),
        }
    });
    let mut out: Vec<Block> = blocks.collect();
    out.reverse();
    out
}

/// Corrects for all that was asked, in all lists together, and takes back what chance explains.
///
/// Windows and slopes are two questions, each corrected for all rows: in a quarter in which many topics leap and none grows, the
/// leaps must not vouch for the growth.
pub(crate) fn judge(lists: &mut [&mut Vec<Row>]) {
    let mut rows: Vec<&mut Row> = lists.iter_mut().flat_map(|l| l.iter_mut()).filter(|r| r.p.is_some()).collect();
    let mut windows = adaptive_q(&rows.iter().filter_map(|r| r.p).collect::<Vec<f64>>()).into_iter();
    let mut slopes = adaptive_q(&rows.iter().filter_map(|r| r.slope.map(|s| s.p)).collect::<Vec<f64>>()).into_iter();
    rows.iter_mut().for_each(|r| r.q = windows.next());
    rows.iter_mut().filter_map(|r| r.slope.as_mut()).for_each(|s| s.q = slopes.next());
    rows.into_iter().for_each(decide);
}

/// The verdict of one row that has its `q`.
fn decide(row: &mut Row) {
    let Some((p, q)) = row.p.zip(row.q) else { return };
    let falls = row.verdict == Verdict::Falling;
    // What leans up over the whole time, this window included, had one low window: that is a trough and no fall.
    let against = falls && row.slope.is_some_and(|s| s.per_year > LEANS_UP);
    if q < LEVEL && p < (if falls { MOST_P_FALL } else { MOST_P }) && !against {
        row.basis = row.verdict.moved().then_some(Basis::Window);
        row.clear = row.basis.is_some() && q < CLEAR;
        return;
    }
    // A slow fall is not said: the newest works are the ones that are not all known yet.
    let leans = row.slope.filter(|s| s.per_year > 1.0 && s.p < MOST_P_SLOPE && s.q.is_some_and(|q| q < LEVEL_SLOPE));
    let still = row.now >= LEAST_NOW && row.now as f64 > STILL * row.expected;
    (row.verdict, row.basis) = match leans.filter(|_| still) {
        Some(_) => (Verdict::Rising, Some(Basis::Slope)),
        None => (Verdict::Steady, None),
    };
    row.clear = row.basis.is_some() && leans.is_some_and(|s| s.q.is_some_and(|q| q < CLEAR));
}
