use std::collections::BTreeMap;

use monitor_model::SourceId;

use crate::{Work, days};

/// Length of the blocks in which a first fetch is looked at for its past.
const BLOCK: i64 = 90;

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
}

impl Watch {
    /// `works` are all works of the store, relevant or not; `until` is the last day that matters.
    pub(crate) fn new(watched_since: &BTreeMap<SourceId, monitor_model::Timestamp>, works: &[Work], until: i64) -> Self {
        let mut past: BTreeMap<&SourceId, Vec<i64>> = BTreeMap::new();
        for w in works.iter().filter(|w| w.backfill) {
            if let Some(day) = w.when.filter(|d| d.precision() > 0).map(|d| days::number(d.first_day())) {
                past.entry(&w.source).or_default().push(day);
            }
        }
        let since = watched_since.iter().map(|(source, at)| {
            let read = days::of(*at);
            let reach = past.get(source).map_or(read, |dates| reach(read.min(until), dates).unwrap_or(read));
            (source.clone(), Since { read, reach })
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

/// The oldest date of the unbroken run of blocks that ends with `last`; none when the last block is empty.
fn reach(last: i64, dates: &[i64]) -> Option<i64> {
    let mut blocks: BTreeMap<i64, (usize, i64)> = BTreeMap::new();
    for &day in dates.iter().filter(|d| **d <= last) {
        let block = blocks.entry((last - day) / BLOCK).or_insert((0, day));
        *block = (block.0 + 1, block.1.min(day));
    }
    let (mut reached, mut sum) = (None, 0);
    for i in 0.. {
        let Some(&(n, oldest)) = blocks.get(&i) else { break };
        if (2 * n as i64) * i < sum {
            break;
        }
        (reached, sum) = (Some(oldest), sum + n as i64);
    }
    reached
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
    fn an_old_pinned_item_and_a_thinning_past_reach_nowhere() {
        let mut feed: Vec<i64> = (0..20).map(|i| 20_000 - i).collect();
        feed.extend([20_000 - 120, 10_000, 20_400]);
        assert_eq!(reach(20_000, &feed), Some(20_000 - 19), "one item in the block before twenty");
    }
}
