//! A row in the words of a document, and where it stands among the document's versions.
use std::cmp::Ordering;

use monitor_model::{Document, Stage, Version, When};

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
        stage: raw.map(|raw| Stage { code: bodies.stage(body, &raw), raw, date: e.stage_date }),
        published: e.published,
        url: e.url.as_deref().unwrap_or_default().trim().to_owned(),
    }
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
    let Some(new) = row.label.as_deref() else { return Place::Current };
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
    let over = row.stage.as_ref().is_some_and(|s| s.code.is_over());
    let year = |label: &str| label.get(..4).and_then(|y| y.parse::<i16>().ok());
    if row.label.as_deref().is_some_and(is_draft) {
        return if over { Place::Older } else { Place::Newer };
    }
    // a dated edition after a draft: it was published, unless its year is long past
    let now = seen.at.to_zoned(jiff::tz::TimeZone::UTC).year();
    if row.label.as_deref().and_then(year).is_some_and(|y| y + 1 >= now) { Place::Newer } else { Place::Older }
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
