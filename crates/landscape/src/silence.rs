use std::cmp::Reverse;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use monitor_model::{Document, Kind, When};

use crate::{Input, Silence, pick::Item};

/// A.1 1.4.7: two meetings without contributions allow an item to be discontinued.
const MEETINGS: usize = 2;

/// Open home items that did not move over two meetings, as far as they were read after these.
pub(crate) fn silent(input: &Input<'_>, items: &[Item<'_>]) -> Vec<Silence> {
    let mut held: Vec<Date> = input.dates.meetings_held.iter().copied().filter(|d| *d <= input.as_of).collect();
    held.sort_unstable();
    held.dedup();
    // Of what has no steps there is nothing to discontinue.
    let found = items.iter().filter(|i| i.home && i.open() && i.staged()).map(|item| {
        let last_moved = item.documents.iter().flat_map(|d| movements(d)).map(|day| day.min(input.as_of)).max();
        // Nothing is known of what happened before we looked.
        let since = last_moved.or_else(|| item.documents.iter().map(|d| day(d.first_seen)).min());
        // A meeting after which nobody read the item may well have moved it.
        let read = item.documents.iter().map(|d| day(d.last_checked)).max();
        let passed = |m: &&Date| since.is_some_and(|s| **m > s) && read.is_some_and(|r| **m < r);
        Silence { document: item.face.document.clone(), last_moved, meetings: held.iter().filter(passed).count() }
    });
    let mut silent: Vec<Silence> = found.filter(|s| s.meetings >= MEETINGS).collect();
    silent.sort_by(|a, b| (Reverse(a.meetings), a.last_moved, &a.document).cmp(&(Reverse(b.meetings), b.last_moved, &b.document)));
    silent
}

/// The days on which a document moved: steps, versions, what its page calls its last update. That a work item was registered, or that we saw
/// it for the first time, is no movement; nor are the versions that were there from the start, but for their own dates.
fn movements(d: &Document) -> impl Iterator<Item = Date> {
    let dated = d.versions.iter().flat_map(|v| [v.published, v.stage.as_ref().and_then(|s| s.date)]);
    let own = [d.published.filter(|_| d.kind != Kind::WorkItem), d.stage.as_ref().and_then(|s| s.date)];
    let registered = d.published.filter(|_| d.kind == Kind::WorkItem);
    let updated = d.extra("updated").and_then(|t| t.trim().parse::<When>().ok());
    let seen = d.versions.iter().map(|v| v.first_seen).filter(|t| *t > d.first_seen).map(day);
    dated.chain(own).flatten().filter(move |w| Some(*w) != registered).chain(updated).map(When::last_day).chain(seen)
}

fn day(t: Timestamp) -> Date {
    t.to_zoned(TimeZone::UTC).date()
}
