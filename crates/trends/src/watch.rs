use std::collections::BTreeMap;

use monitor_model::SourceId;
use statrs::function::beta::checked_beta_reg;

use crate::{Input, days};

/// Length of the blocks in which a first fetch is looked at for its past.
const BLOCK: i64 = 90;

/// Days after a last fetch that still count as watched: sources are asked every few days, and dates tell of days before.
const GRACE: i64 = 7;

/// No past is looked at further back (a quarter of a century).
const MOST_BLOCKS: i64 = 100;

/// Blocks by which the past is looked at beyond a block, to tell a pause from its end: two years.
const LOOK_BACK: usize = 8;

/// A past ends where what lies before is thinner by this factor: less may be growth.
const THINNER: usize = 4;

/// What has less than this chance is not taken for wavering.
const CHANCE: f64 = 0.02;

/// From which day on each source shows what happens.
///
/// A source shows what happens from the day it was first read. If its first fetch brought a dated past along, it
/// shows it from as far back as that past is about as dense as what follows: a feed's last twenty items reach back a
/// few weeks, an archive years, and one old pinned item reaches nowhere.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    since: BTreeMap<SourceId, Since>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    /// The day of the first fetch.
    pub(crate) read: i64,
    /// The first day that counts.
    pub(crate) reach: i64,
    /// The day of the last fetch, if it is known.
    pub(crate) until: Option<i64>,
}

impl Since {
    /// The day of the last fetch, if that was too long before `end` to tell of the days until then.
    pub(crate) fn stopped(&self, end: i64) -> Option<i64> {
        self.until.filter(|last| last + 1 + GRACE < end && self.read < end)
    }
}

impl Watch {
    /// Of all works of the store, relevant or not; `last` is the last day that matters.
    pub(crate) fn new(input: &Input<'_>, last: i64) -> Self {
        let mut past: BTreeMap<&SourceId, Vec<i64>> = BTreeMap::new();
        for w in input.works.iter().filter(|w| w.backfill) {
            if let Some(day) = w.when.filter(|d| d.precision() > 0).map(|d| days::number(d.first_day())) {
                past.entry(&w.source).or_default().push(day);
            }
        }
        let since = input.watched_since.iter().map(|(source, at)| {
            let read = days::of(*at);
            let reach = past.get(source).map_or(read, |dates| reach(read.min(last), dates).unwrap_or(read));
            let until = input.watched_until.get(source).map(|at| days::of(*at));
            (source.clone(), Since { read, reach, until })
        });
        Watch { since: since.collect() }
    }

    pub(crate) fn of(&self, source: &SourceId) -> Option<Since> {
        self.since.get(source).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&SourceId, Since)> {
        self.since.iter().map(|(s, d)| (s, *d))
    }
}

/// The oldest date of the run of blocks that ends with `last` and is about as dense throughout; none when the last block is empty.
///
/// Small counts waver and subjects grow: the run ends where the two years before hold less than a quarter of what the newer blocks
/// hold, beyond chance. Ended too early, an archive would lose its past, and with it its present.
fn reach(last: i64, dates: &[i64]) -> Option<i64> {
    let mut blocks: BTreeMap<i64, (usize, i64)> = BTreeMap::new();
    for &day in dates.iter().filter(|d| **d <= last) {
        let block = blocks.entry((last - day) / BLOCK).or_insert((0, day));
        *block = (block.0 + 1, block.1.min(day));
    }
    blocks.get(&0)?;
    let oldest = blocks.keys().next_back().copied().unwrap_or(0).min(MOST_BLOCKS);
    // Works in the newest 0, 1, 2 … blocks.
    let mut sums = vec![0_usize];
    (0..=oldest).for_each(|i| sums.push(sums[sums.len() - 1] + blocks.get(&i).map_or(0, |b| b.0)));
    let end = (1..=oldest).find(|newer| thins(&sums, *newer as usize)).unwrap_or(oldest + 1);
    blocks.range(..end).map(|(_, b)| b.1).min()
}

/// Whether the two years before the `newer` newest blocks hold too few for the same density.
fn thins(sums: &[usize], newer: usize) -> bool {
    let end = (newer + LOOK_BACK).min(sums.len() - 1);
    let (all, older) = (sums[end], end - newer);
    let found = all - sums[newer];
    // Works per block in either part, without the division.
    THINNER * found * newer < sums[newer] * older && at_most(found, all, older as f64 / end as f64) < CHANCE
}

/// P(Y ≤ y) of a binomial count: how many of all works lie in a part by chance.
fn at_most(y: usize, all: usize, part: f64) -> f64 {
    if y >= all {
        return 1.0;
    }
    checked_beta_reg((all - y) as f64, y as f64 + 1.0, 1.0 - part).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_reaches_back_and_a_feed_does_not() {
        let archive: Vec<i64> = (0..100).map(|i| 20_000 - i * 10).collect();
        assert!(reach(20_000, &archive).is_some_and(|d| d < 20_000 - 900), "all but the last, broken block");
        let feed: Vec<i64> = (0..20).map(|i| 20_000 - i).collect();
        assert_eq!(reach(20_000, &feed), Some(20_000 - 19));
        assert_eq!((reach(20_000, &[]), reach(20_200, &feed)), (None, None));
    }

    #[test]
    fn small_counts_that_waver_are_still_one_archive() {
        // By blocks back: 16, 6, 11, 9, 0 works, and so on: ten on average.
        let counts = [16, 6, 11, 9, 4, 12, 14, 10, 8, 13];
        let archive: Vec<i64> = (0_i64..).zip(counts).flat_map(|(block, n)| (0..n).map(move |i| 20_000 - block * 90 - i * 5)).collect();
        assert!(reach(20_000, &archive).is_some_and(|d| d <= 20_000 - 9 * 90));
        // A sparse archive has empty blocks; a long emptiness ends it.
        let sparse: Vec<i64> = [0, 40, 200, 230, 410, 500, 4_000].iter().map(|d| 20_000 - d).collect();
        assert_eq!(reach(20_000, &sparse), Some(20_000 - 500));
    }

    #[test]
    fn an_archive_of_what_grows_keeps_its_past() {
        // Twice as many every year, and the oldest block in part.
        let grown = [80, 67, 57, 48, 40, 34, 28, 24, 20, 17, 4];
        let archive: Vec<i64> = (0_i64..).zip(grown).flat_map(|(block, n)| (0..n).map(move |_| 20_000 - block * 90 - 40)).collect();
        assert!(reach(20_000, &archive).is_some_and(|d| d <= 20_000 - 8 * 90));
    }

    #[test]
    fn a_past_that_thins_out_step_by_step_ends() {
        let counts = [40, 28, 18, 12, 8, 5, 3, 2, 1, 1];
        let list: Vec<i64> = (0_i64..).zip(counts).flat_map(|(block, n)| (0..n).map(move |i| 20_000 - block * 90 - i * 2)).collect();
        assert!(reach(20_000, &list).is_some_and(|d| d > 20_000 - 4 * 90));
    }

    #[test]
    fn an_old_pinned_item_and_a_thinning_past_reach_nowhere() {
        let mut feed: Vec<i64> = (0..20).map(|i| 20_000 - i).collect();
        feed.extend([20_000 - 120, 10_000, 20_400]);
        assert_eq!(reach(20_000, &feed), Some(20_000 - 19), "one item in the block before twenty");
    }
}
