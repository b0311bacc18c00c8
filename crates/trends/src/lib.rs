//! Dated counts to what rises and falls, with uncertainty.
//!
//! Goes in: works (one per life, see [`works()`]), the date for which to speak, since when each source is watched.
//! Comes out: [`Trends`]: per topic, axis, body and stage the count now, what was expected from the baseline, their ratio
//! with its interval, p, q and a verdict; terms that are not in the taxonomy and emerge; what was left out and why.
//!
//! Never: reads the clock, counts a crawl date as an event, takes "started watching" for "started happening".

mod answer;
mod count;
mod csv;
mod days;
mod events;
mod fold;
mod input;
mod noise;
mod phrases;
mod place;
mod rows;
mod season;
mod slope;
mod terms;
mod watch;

#[cfg(test)]
mod tests;

pub use answer::{Basis, Block, Coverage, Happening, Moves, Row, Slope, Span, Term, Trends, Verdict};
pub use csv::trends_csv;
pub use fold::{watched_since, works};
pub use input::{Input, Work};

use monitor_model::TopicId;

use crate::{
    days::Frame,
    place::{Places, Side, Step, Why},
};

/// Answers what rises, falls or is new in the window that ends with `input.as_of`.
pub fn trends(input: &Input<'_>) -> Trends {
    let places = Places::new(input, Step::Begun);
    let size = noise::size(&places);
    let listed = input.topics.iter().map(TopicId::as_str);
    let row = |tallies| rows::rows(&places, tallies, size);
    let mut topics = row(rows::tally(&places, listed, |w, ids| ids.extend(w.topics.iter().map(TopicId::as_str))));
    let mut axes = row(rows::tally(&places, [], |w, ids| ids.extend(w.axes.iter().map(|a| a.as_str()))));
    let mut bodies = row(rows::tally(&places, [], |w, ids| ids.push(&w.body)));
    let (mut stages, mut events) = events::rows(input, size);
    let mut lists = vec![&mut topics, &mut axes, &mut bodies, &mut stages];
    lists.extend(events.iter_mut().map(|m| &mut m.bodies));
    rows::judge(&mut lists);
    let Frame { base, from, end } = places.frame;
    Trends {
        as_of: input.as_of,
        window: Span { from: days::date(from), to: days::date(end - 1) },
        baseline: Span { from: days::date(base), to: days::date(from - 1) },
        topics,
        axes,
        bodies,
        stages,
        events,
        terms: terms::terms(&places, input.known_terms, &input.terms_of, size),
        coverage: coverage(&places),
    }
}

fn coverage(places: &Places<'_>) -> Coverage {
    let Frame { base, from, end } = places.frame;
    let mut c = Coverage::default();
    for (source, since) in places.watch.iter().filter(|(_, s)| s.read >= base && (s.read < end || !places.watched_then)) {
        match since.read {
            read if read < from => c.sources_started_in_baseline.push(source.clone()),
            read if read < end => c.sources_started_in_window.push(source.clone()),
            _ => {}
        }
        if from - since.reach >= places.frame.window() && since.reach < since.read {
            c.sources_counted_by_their_dates.push(source.clone());
        }
    }
    let stopped = places.watch.iter().filter(|(_, s)| s.stopped(end).is_some());
    c.sources_stopped_in_window = stopped.map(|(source, _)| source.clone()).collect();
    for p in places.relevant() {
        let met_now = days::of(p.work.first_seen) >= from;
        match p.side {
            Side::Now | Side::Before => c.counted += 1,
            Side::Out(Why::Undated) => c.excluded_undated += 1,
            Side::Out(Why::YearOnly) => c.excluded_year_only += 1,
            Side::Out(Why::Future) => c.excluded_future += 1,
            Side::Out(Why::Unwatched) => c.excluded_unwatched += 1,
            Side::Out(Why::Outside) => {}
        }
        c.excluded_as_backfill += usize::from(met_now && !matches!(p.side, Side::Now | Side::Out(Why::Future)));
    }
    c
}
