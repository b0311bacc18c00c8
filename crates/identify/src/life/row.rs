//! A row in the words of a document, and where it stands among the document's versions.
use std::cmp::Ordering;

use monitor_model::{Document, Stage, StageCode, Version, When};

use super::{Seen, happened, text::given};
use crate::{
    Bodies,
    address::edition_address,
    order::{compare, label},
};

/// A row in the words of a document.
pub(super) struct Row {
    pub(super) label: Option<String>,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) stage: Option<Stage>,
    pub(super) published: Option<When>,
    pub(super) url: String,
}

pub(super) fn read(seen: &Seen<'_>, body: &str, bodies: &Bodies) -> Row {
    let e = seen.entry;
    let raw = given(e.stage.as_deref()).map(|s| s.into_owned()).or_else(|| given(seen.id.stage.as_deref()).map(|s| s.into_owned()));
    Row {
        label: label(seen.id).or_else(|| given(e.version.as_deref()).map(|v| v.into_owned())),
        // an address is where it stands, not what it is called
        number: given(e.number.as_deref()).filter(|n| !n.contains("://")).map(|n| n.into_owned()).or_else(|| seen.id.normal.clone()),
        title: e.title.trim().to_owned(),
        stage: raw.map(|raw| Stage { code: bodies.stage(body, &raw), date: e.stage_date.or_else(|| said_on(&raw)), raw }),
        published: e.published,
        url: e.url.as_deref().unwrap_or_default().trim().to_owned(),
    }
}

/// The date that stands in the words of a stage: `published 2025-07-11`, `CD (as of 2025-06-02)`. What will be, or has several dates,
/// tells none.
fn said_on(raw: &str) -> Option<When> {
    const LONGEST: usize = 80;
    /// Words before a date that is not that of the stage.
    const AHEAD: [&str; 10] = ["by", "deadline", "due", "ends", "expected", "expires", "planned", "target", "timing", "until"];
    if raw.len() > LONGEST || !raw.contains("20") {
        return None;
    }
    let mut words = raw.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')).filter(|w| !w.is_empty());
    let mut before: Vec<&str> = Vec::new();
    let date: When = words.by_ref().find_map(|w| {
        w.parse().ok().filter(|d: &When| d.precision() > 0).or_else(|| {
            before.push(w);
            None
        })
    })?;
    let as_of = matches!(before.as_slice(), [.., a, b] if a.eq_ignore_ascii_case("as") && b.eq_ignore_ascii_case("of"));
    let numbers = |w: &str| w.bytes().any(|b| b.is_ascii_digit());
    let plain = before.iter().all(|w| !numbers(w) && !AHEAD.iter().any(|a| w.eq_ignore_ascii_case(a)));
    let alone = !words.any(numbers);
    (alone && (as_of || (plain && !before.is_empty() && before.len() <= 4))).then_some(date)
}

pub(super) fn version(row: &Row, label: &str, seen: &Seen<'_>) -> Version {
    Version {
        version: label.to_owned(),
        number: row.number.clone().unwrap_or_default(),
        stage: row.stage.clone(),
        published: row.published,
        url: row.url.clone(),
        first_seen: seen.at,
    }
}

/// Where a row stands against what is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A version that nobody had seen, later than the current one.
    Newer,
    /// The current version, or a row that does not say its version.
    Current,
    /// An earlier one.
    Older,
}

pub(super) fn place(doc: &Document, row: &Row, seen: &Seen<'_>) -> Place {
    let Some(new) = row.label.as_deref() else { return unversioned(doc, row) };
    let Some(now) = doc.version.as_deref() else { return Place::Current };
    if new == now {
        return Place::Current;
    }
    match compare(new, now) {
        Some(Ordering::Greater) => Place::Newer,
        Some(Ordering::Equal) => Place::Current,
        Some(Ordering::Less) => Place::Older,
        None if let Some(place) = one_edition(doc, row) => place,
        // what was overtaken once stays overtaken, else two rows of one list would chase each other
        None if doc.versions.iter().any(|v| v.version == new) => Place::Older,
        None => undated(doc, row, seen),
    }
}

/// A row that names no version is of the current one, unless its date is that of an earlier issue: before another version that came
/// before the current, or more than a year before the current.
fn unversioned(doc: &Document, row: &Row) -> Place {
    let (Some(current), Some(new)) = (doc.version.as_deref(), row.published.map(When::last_day)) else { return Place::Current };
    let later = |of: Option<When>| of.is_some_and(|w| w.first_day() > new);
    let overtaken = later(doc.published)
        && (doc.published.is_some_and(|now| i32::from(now.first_day().year()) > i32::from(new.year()) + 1)
            || doc.versions.iter().any(|v| v.version != current && later(v.published)));
    if overtaken { Place::Older } else { Place::Current }
}

/// Whether a stage of ISO's count goes back among those of one publication: `60.00` after `60.60`, `60.60` after a review at `90.93`.
/// Then the record is an older one of the same edition, by its address or its date.
pub(super) fn goes_back(doc: &Document, row: &Row) -> bool {
    let (Some(old), Some(new)) = (&doc.stage, &row.stage) else { return false };
    if !new.raw.starts_with("60.") || !is_counted(&old.raw) || !is_counted(&new.raw) || new.raw >= old.raw {
        return false;
    }
    let dated = |w: When| doc.published.is_some_and(|now| now.touches(w.first_day(), w.last_day()));
    row.published.map_or_else(|| edition_address(&row.url).is_some_and(|a| edition_address(&doc.url) == Some(a)), dated)
}

/// `60.60`: a stage and sub-stage by ISO's harmonized codes.
fn is_counted(raw: &str) -> bool {
    matches!(raw.as_bytes(), [a, b, b'.', c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()))
}

/// Whether a list that keeps the former issues of one edition under one number, each at an address of its own, shows an earlier one: the
/// one that is dated last speaks for it.
pub(super) fn is_archived(doc: &Document, row: &Row, seen: &Seen<'_>) -> bool {
    let Some(own) = doc.sightings.iter().find(|s| s.source == *seen.source_id && s.present) else { return false };
    let (Some(new), Some(now)) = (row.published, doc.published) else { return false };
    let elsewhere = !row.url.is_empty() && !own.url.is_empty() && row.url != own.url;
    elsewhere && new.last_day() < now.first_day() && doc.document.is_numbered() && row.number == doc.number
}

fn is_draft(label: &str) -> bool {
    !label.starts_with(|c: char| c.is_ascii_digit())
}

/// A draft and a dated edition at the one address of a project: the edition came of the draft. Those of the next stand at another.
fn one_edition(doc: &Document, row: &Row) -> Option<Place> {
    let here = edition_address(&row.url)?;
    let at_it = |url: &str| edition_address(url).as_ref() == Some(&here);
    let current = doc.version.as_deref()?;
    match (is_draft(row.label.as_deref()?), is_draft(current)) {
        (true, false) if doc.versions.iter().any(|v| at_it(&v.url)) || doc.sightings.iter().any(|s| at_it(&s.url)) => Some(Place::Older),
        (false, true) if doc.versions.iter().any(|v| v.version == current && at_it(&v.url)) => Some(Place::Newer),
        _ => None,
    }
}

/// An undated draft beside a dated edition: the dates decide; without them a draft is the next edition's.
fn undated(doc: &Document, row: &Row, seen: &Seen<'_>) -> Place {
    let known = doc.stage.as_ref().and_then(|s| s.date).or(doc.published);
    if let (Some(new), Some(now)) = (happened(seen.entry), known)
        && new.first_day() != now.first_day()
    {
        return if new.first_day() > now.first_day() { Place::Newer } else { Place::Older };
    }
    let over = row.stage.as_ref().is_some_and(|s| s.code.is_over() || (is_late(s.code) && is_fresh(doc, seen)));
    let year = |label: &str| label.get(..4).and_then(|y| y.parse::<i16>().ok());
    if row.label.as_deref().is_some_and(is_draft) {
        return if over { Place::Older } else { Place::Newer };
    }
    // a dated edition after a draft: it was published, unless its year is long past
    let now = seen.at.to_zoned(jiff::tz::TimeZone::UTC).year();
    if row.label.as_deref().and_then(year).is_some_and(|y| y + 1 >= now) { Place::Newer } else { Place::Older }
}

/// Whether a draft is so far that the work on it began years ago.
fn is_late(code: StageCode) -> bool {
    matches!(code, StageCode::Consultation | StageCode::Approval)
}

/// Whether the current edition came out so lately that the next one cannot be far.
fn is_fresh(doc: &Document, seen: &Seen<'_>) -> bool {
    const MONTHS: i32 = 18;
    let months = |d: jiff::civil::Date| i32::from(d.year()) * 12 + i32::from(d.month());
    let now = seen.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    doc.published.is_some_and(|p| months(now) - months(p.first_day()) < MONTHS)
}

/// Puts a version where its label belongs: before the first that is later.
pub(super) fn insert(versions: &mut Vec<Version>, new: Version) {
    if let Some(old) = versions.iter_mut().find(|v| v.version == new.version) {
        let first_seen = old.first_seen;
        *old = Version { first_seen, ..new };
        return;
    }
    let at = versions.iter().position(|v| compare(&v.version, &new.version) == Some(Ordering::Greater)).unwrap_or(versions.len());
    versions.insert(at, new);
}
