use std::cmp::Reverse;

use jiff::{civil::Date, tz::TimeZone};
use monitor_model::{Kind, StageCode};

use crate::{
    Input, Silence,
    pick::{Item, dates},
};

/// A.1 1.4.7: two meetings without contributions allow an item to be discontinued.
const MEETINGS: usize = 2;

/// Open home items that did not move over two meetings.
pub(crate) fn silent(input: &Input<'_>, items: &[Item<'_>]) -> Vec<Silence> {
    let mut held: Vec<Date> = input.dates.meetings_held.iter().copied().filter(|d| *d <= input.as_of).collect();
    held.sort_unstable();
    held.dedup();
    // A group or its terms of reference have no stage: there is nothing to discontinue.
    let staged = |i: &Item<'_>| i.documents.iter().any(|d| d.kind == Kind::WorkItem || d.stage_code() != StageCode::Unknown);
    let found = items.iter().filter(|i| i.home && i.open() && staged(i)).map(|item| {
        let last_moved = item.documents.iter().flat_map(|d| dates(d)).map(|w| w.last_day().min(input.as_of)).max();
        // A version that we saw come is a movement, whatever it says of itself; what was there from the start says
        // nothing of its past, so that silence is counted from the first sight.
        let seen = item.documents.iter().flat_map(|d| d.versions.iter().skip(1).map(|v| v.first_seen)).max();
        let first = item.documents.iter().map(|d| d.first_seen).min();
        let day = |t: jiff::Timestamp| t.to_zoned(TimeZone::UTC).date();
        let since = last_moved.max(seen.map(day)).or(first.map(day));
        let meetings = since.map_or(0, |s| held.iter().filter(|m| **m > s).count());
        Silence { document: item.face.document.clone(), last_moved, meetings }
    });
    let mut silent: Vec<Silence> = found.filter(|s| s.meetings >= MEETINGS).collect();
    silent.sort_by(|a, b| (Reverse(a.meetings), a.last_moved, &a.document).cmp(&(Reverse(b.meetings), b.last_moved, &b.document)));
    silent
}
