//! Which documents are one work to a reader: those whose lives are joined, and what one body lists twice under one title.

use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_landscape::is_internet_draft;
use monitor_model::{Document, DocumentKey, When};

use super::name;

/// A title of fewer signs is a name for many things.
const SHORTEST: usize = 16;

/// An Internet-Draft that comes back under another name does so within so many days.
const RENAMED_DAYS: i32 = 45;

/// What comes out every year under one title is a text of its own each time.
const YEARLY_DAYS: i32 = 300;

/// The work of each document.
pub(super) fn works<'a>(documents: &BTreeMap<&'a DocumentKey, &'a Document>) -> BTreeMap<&'a DocumentKey, &'a DocumentKey> {
    let mut by_title: BTreeMap<(&str, String), Vec<&Document>> = BTreeMap::new();
    for d in documents.values() {
        let title = name::folded(&name::title(d));
        if title.chars().count() >= SHORTEST {
            by_title.entry((&d.body, title)).or_default().push(d);
        }
    }
    // The first key of a joined work names it; chains end at the smallest.
    let mut joined: BTreeMap<&DocumentKey, &DocumentKey> = BTreeMap::new();
    for list in by_title.values() {
        for (i, a) in list.iter().enumerate() {
            for b in &list[..i] {
                if a.work != b.work && is_one(a, b) {
                    let (a, b) = (root(&joined, &a.work), root(&joined, &b.work));
                    if a != b {
                        joined.insert(a.max(b), a.min(b));
                    }
                }
            }
        }
    }
    documents.values().map(|d| (&d.document, root(&joined, &d.work))).collect()
}

fn root<'a>(joined: &BTreeMap<&'a DocumentKey, &'a DocumentKey>, key: &'a DocumentKey) -> &'a DocumentKey {
    let mut at = key;
    while let Some(next) = joined.get(at) {
        at = next;
    }
    at
}

/// Two documents of one body and title: a draft under a new name, or a text that a second list knows without its number.
pub(super) fn is_one(a: &Document, b: &Document) -> bool {
    match (is_internet_draft(a), is_internet_draft(b)) {
        (true, true) => match (day(a), day(b)) {
            (Some(x), Some(y)) => (x - y).get_days().abs() <= RENAMED_DAYS,
            _ => false,
        },
        (false, false) => is_one_text(a, b),
        _ => false,
    }
}

/// Whether two documents of one body and title are one text: they differ in kind from parts and editions, whose numbers differ.
fn is_one_text(a: &Document, b: &Document) -> bool {
    let number = |d: &Document| name::number(d).map(|n| n.to_lowercase());
    a.kind == b.kind
        && match (number(a), number(b)) {
            (Some(x), Some(y)) => begins(&x, &y) || begins(&y, &x),
            _ => match (day(a), day(b)) {
                (Some(x), Some(y)) => (x - y).get_days().abs() <= YEARLY_DAYS,
                _ => true,
            },
        }
}

/// Whether a number is the other with a note behind it; `800-53` is not `800-5`.
fn begins(long: &str, short: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

fn day(d: &Document) -> Option<Date> {
    let w = d.published.or(d.stage.as_ref().and_then(|s| s.date))?;
    matches!(w, When::Day(_) | When::Instant(_)).then(|| w.last_day())
}
