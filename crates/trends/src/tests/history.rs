//! Made-up histories for the tests, with noise that is the same every time.

use std::collections::BTreeMap;

use monitor_model::{SourceId, StageCode, Timestamp, TopicId, When};

use crate::{Input, Row, Trends, Work, days, trends};

/// Deterministic noise for made-up histories (xorshift64*).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn poisson(&mut self, mean: f64) -> usize {
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            (product, n) = (product * self.unit(), n + 1);
        }
        n
    }

    /// Gamma of shape 5 and mean 1: a month's luck; three months together have a shape of 15.
    pub(super) fn luck(&mut self) -> f64 {
        (0..5).map(|_| -self.unit().max(1e-300).ln() / 5.0).sum()
    }
}

pub(super) fn day(text: &str) -> i64 {
    days::number(text.parse().unwrap())
}

pub(super) fn at(day: i64) -> Timestamp {
    format!("{}T12:00:00Z", days::date(day)).parse().unwrap()
}

pub(super) const AS_OF: &str = "2026-09-30";

/// A history that is filled work by work; every source is watched since 2023 unless said otherwise.
#[derive(Default)]
pub(super) struct History {
    pub(super) works: Vec<Work>,
    pub(super) since: BTreeMap<SourceId, Timestamp>,
}

impl History {
    pub(super) fn add(&mut self, topic: &str, source: &str, when: Option<When>, seen: i64) -> &mut Work {
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

    pub(super) fn on(&mut self, topic: &str, source: &str, date: i64) {
        self.add(topic, source, Some(When::Day(days::date(date))), date);
    }

    /// `rate` works per quarter since June 2023, with monthly luck.
    pub(super) fn stream(&mut self, dice: &mut Dice, topic: &str, rate: f64) {
        self.turning(dice, topic, rate, 1.0);
    }

    /// The same, times `factor` in the last window.
    pub(super) fn turning(&mut self, dice: &mut Dice, topic: &str, rate: f64, factor: f64) {
        let turn = day("2026-07-03");
        self.shaped(dice, topic, rate, |d| if d >= turn { factor } else { 1.0 });
    }

    /// The same, times what `shape` gives for a day.
    pub(super) fn shaped(&mut self, dice: &mut Dice, topic: &str, rate: f64, shape: impl Fn(i64) -> f64) {
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

    pub(super) fn ask(&self, as_of: &str) -> Trends {
        let topics: Vec<TopicId> = vec!["never".into()];
        trends(&Input::new(as_of.parse().unwrap(), &self.works, &topics, self.since.clone()))
    }
}

pub(super) fn row<'t>(t: &'t Trends, id: &str) -> &'t Row {
    t.topics.iter().find(|r| r.id == id).unwrap()
}
