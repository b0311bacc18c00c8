//! The first screen: at most twelve lines.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::{Timestamp, ToSpan};

use super::{
    desk::{Desk, day},
    words,
};
use crate::{Change, CoverageClass, CoverageLine, DateLine, GlanceLine, Headline, What};

/// Bodies and sources that a line names.
const BODIES: usize = 8;
const SOURCES: usize = 5;
const DATES: usize = 5;

pub(super) fn glance(
    desk: &Desk,
    changes: &[Change],
    headlines: &[Headline],
    dates: &[DateLine],
    silence: Option<&str>,
    coverage: &[CoverageLine],
    unreviewed: usize,
) -> Vec<GlanceLine> {
    let mut lines = Vec::with_capacity(12);
    let mut say = |id: &str, text: String| lines.push(GlanceLine { id: id.to_owned(), text });
    say("period", read_until(desk, coverage));
    say("counts", counts(desk, changes, unreviewed, coverage));
    if !changes.is_empty() {
        say("bodies", bodies(changes));
    }
    for (i, h) in headlines.iter().enumerate() {
        let number = h.number.as_deref().map(|n| format!(" ({n})")).unwrap_or_default();
        say("headline", format!("{}. {}{number}: {}. {}; {}", i + 1, h.title, h.said, h.why, h.questions.join(", ")));
    }
    for d in dates.iter().take(if silence.is_some() { DATES - 1 } else { DATES }) {
        let caution = if d.caution.is_empty() { String::new() } else { format!(" ({})", d.caution) };
        say("date", format!("{}: {}{caution}", d.words, d.what));
    }
    if let Some(silence) = silence {
        say("calendar", silence.to_owned());
    }
    if unreviewed > 0 {
        say(
            "unreviewed",
            format!("{} not reviewed yet: in the annex, not counted above.", words::count(unreviewed, "row was", "rows were")),
        );
    }
    say("unread", unread(coverage));
    say("health", health(coverage));
    lines
}

/// The window in days; one that ends at midnight ends with the day before.
pub(super) fn period(desk: &Desk) -> String {
    let ends = desk.input.until.checked_sub(1.nanosecond()).map_or(desk.until, day).max(desk.since);
    format!("{} to {ends}", desk.since)
}

fn read_until(desk: &Desk, coverage: &[CoverageLine]) -> String {
    let period = period(desk);
    let last = |is: fn(&CoverageLine) -> bool| coverage.iter().filter(|c| is(c)).filter_map(|c| c.last_success).max();
    match last(CoverageLine::is_read) {
        Some(t) => match first_read(coverage).filter(|f| *f > desk.input.since && *f < desk.input.until) {
            // Nobody looked before: of that time only dated rows speak.
            Some(first) if day(first) > desk.since => format!(
                "Events from {period}; sources first read on {}, last on {}: of the days before, only what its list dates is shown.",
                day(first),
                day(t)
            ),
            _ => format!("Events from {period}; sources last read on {}.", day(t)),
        },
        None => match last(CoverageLine::is_imported) {
            Some(t) => {
                let newest = coverage.iter().filter(|c| c.is_imported()).filter_map(|c| c.newest).max();
                let reach = newest.map(|n| format!(", whose newest dated records on AI are of {n}")).unwrap_or_default();
                format!("Events from {period}; files imported until {}{reach}; no source was read.", day(t))
            }
            None => format!("Events from {period}; no source was read."),
        },
    }
}

/// When the first of all sources that were read was read for the first time.
fn first_read(coverage: &[CoverageLine]) -> Option<Timestamp> {
    coverage.iter().filter(|c| c.class == CoverageClass::Read).filter_map(|c| c.first_success).min()
}

/// Whether all that was read was read for the first time after the window: then nobody can say what changed in it.
fn read_later(desk: &Desk, coverage: &[CoverageLine]) -> Option<jiff::civil::Date> {
    first_read(coverage).filter(|first| *first >= desk.input.until).map(day)
}

fn counts(desk: &Desk, changes: &[Change], unreviewed: usize, coverage: &[CoverageLine]) -> String {
    if changes.is_empty() {
        return match (unreviewed, read_later(desk, coverage)) {
            (0, Some(on)) => {
                let what = if coverage.iter().any(CoverageLine::is_read) { "sources were first read" } else { "files were imported" };
                format!("What changed in the period cannot be said: the {what} on {on}, after it.")
            }
            (0, None) if !coverage.iter().any(|c| c.class == CoverageClass::Read) => {
                "What changed in the period cannot be said: nothing was read by then.".to_owned()
            }
            (0, None) => "Nothing changed in the period, as far as the sources below show.".to_owned(),
            _ => "No change in the period was reviewed yet.".to_owned(),
        };
    }
    let firm = |c: &&Change| c.unconfirmed.is_none();
    let of = |f: fn(What) -> bool| changes.iter().filter(firm).filter(|c| f(c.what)).count();
    let parts: Vec<String> = [
        (of(|w| w == What::Published), "published"),
        (of(|w| w == What::Approval), "in approval"),
        (of(|w| w == What::Consultation), "open for comment"),
        (of(|w| w == What::PublicDraft), "put out as a public draft without a day ahead for comments"),
        (of(|w| w == What::Letter), "sent as a liaison statement"),
        (of(|w| matches!(w, What::NewWork | What::NewDraft | What::New)), "new"),
        (of(|w| w == What::Revised), "revised"),
        (of(|w| matches!(w, What::Stage | What::Title | What::Date | What::Back)), "with another stage, title, date or listing"),
        (of(What::is_end), "ended or no longer listed"),
        (changes.iter().filter(|c| !firm(c)).count(), "reported by others and not confirmed"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{n} {word}"))
    .collect();
    let late = match changes.iter().filter(|c| c.late).count() {
        0 => String::new(),
        n => format!(" Dated before the period and seen to change in it: {n}."),
    };
    let individual = match changes.iter().filter(|c| c.status.individual).count() {
        0 => String::new(),
        n => format!(" Individual Internet-Drafts, which anyone may post: {n}."),
    };
    format!("{} changed: {}.{individual}{late}", words::count(changes.len(), "item", "items"), words::list(&parts))
}

fn bodies(changes: &[Change]) -> String {
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    for c in changes {
        *by.entry(&c.body).or_default() += 1;
    }
    let mut list: Vec<(&str, usize)> = by.into_iter().collect();
    list.sort_by_key(|(b, n)| (Reverse(*n), *b));
    let rest: usize = list.iter().skip(BODIES).map(|(_, n)| n).sum();
    let mut parts: Vec<String> = list.iter().take(BODIES).map(|(b, n)| format!("{b} {n}")).collect();
    if rest > 0 {
        parts.push(format!("{} {rest}", words::count(list.len() - BODIES, "other body", "other bodies")));
    }
    format!("By body: {}.", parts.join(", "))
}

/// One line on how the sources do, in every digest: also when all is well.
fn health(coverage: &[CoverageLine]) -> String {
    let of = |class| coverage.iter().filter(move |c| c.class == class);
    let failed = of(CoverageClass::Failed).count();
    let read = || coverage.iter().filter(|c| c.is_read());
    let oldest = read().filter_map(|c| c.last_success.map(|t| (t, &c.name))).min();
    let lead = match (read().count(), failed) {
        (0, 0) => "Health of sources: none was read".to_owned(),
        (read, 0) => format!("Health of sources: all {read} that were tried answered as promised"),
        (read, failed) => format!("Health of sources: {read} answered as promised, {failed} did not"),
    };
    match oldest {
        Some((t, name)) => format!("{lead}; oldest good reading {} ({name}).", day(t)),
        None => format!("{lead}."),
    }
}

fn unread(coverage: &[CoverageLine]) -> String {
    if coverage.is_empty() {
        return "No source is declared.".to_owned();
    }
    let of = |class| coverage.iter().filter(move |c| c.class == class);
    let read = coverage.iter().filter(|c| c.is_read()).count();
    let imported = coverage.iter().filter(|c| c.is_imported()).count();
    let mut parts = Vec::new();
    if imported > 0 {
        parts.push(words::count(imported, "source known from files imported", "sources known from files imported"));
    }
    let failed: Vec<&CoverageLine> = of(CoverageClass::Failed).collect();
    if !failed.is_empty() {
        let mut names: Vec<String> = failed.iter().take(SOURCES).map(|c| format!("{} ({})", c.name, c.status)).collect();
        if failed.len() > SOURCES {
            names.push(format!("{} more", failed.len() - SOURCES));
        }
        parts.push(format!("failed or stale: {}", names.join(", ")));
    }
    let mut not: BTreeMap<&str, usize> = BTreeMap::new();
    for c in of(CoverageClass::NotRead) {
        *not.entry(&c.status).or_default() += 1;
    }
    let mut unread: Vec<(&str, usize)> = not.into_iter().collect();
    unread.sort_by_key(|(status, n)| (Reverse(*n), *status));
    let reasons: Vec<String> = unread
        .iter()
        .map(|(status, n)| match *status {
            "login" => format!("{n} need a login"),
            "off" => format!("{n} switched off"),
            "never read" => format!("{n} not tried yet"),
            status => format!("{n} {status}"),
        })
        .collect();
    if !reasons.is_empty() {
        parts.push(format!("not read: {} ({})", unread.iter().map(|(_, n)| n).sum::<usize>(), reasons.join(", ")));
    }
    let lead = format!("{read} of {} read", words::count(coverage.len() - imported, "source", "sources"));
    if parts.is_empty() { format!("{lead}.") } else { format!("{lead}; {}.", parts.join("; ")) }
}
