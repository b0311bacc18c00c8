//! Which documents are one work to a reader: those whose lives are joined, and what one body lists twice under one title.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use monitor_landscape::is_internet_draft;
use monitor_model::{Document, DocumentKey, When};

use super::{
    name,
    twins::{self, Titled},
};

/// A title of fewer signs is a name for many things.
const SHORTEST: usize = 16;

/// An Internet-Draft that comes back under another name does so within so many days.
const RENAMED_DAYS: i32 = 45;

/// What comes out every year under one title is a text of its own each time.
const YEARLY_DAYS: i32 = 300;

/// Entries of a numbered list are known as such from so many on.
const ENTRIES: usize = 3;

/// The work of each document: joined by its life, by one title at one body, as entry of one list, or because two may be one text.
pub(super) fn works<'a>(
    documents: &BTreeMap<&'a DocumentKey, &'a Document>,
    near: &[(&'a Document, &'a Document)],
) -> BTreeMap<&'a DocumentKey, &'a DocumentKey> {
    let mut by_title: BTreeMap<(&str, String), Vec<&Document>> = BTreeMap::new();
    for d in documents.values() {
        let title = name::folded(&name::title(d));
        if title.chars().count() >= SHORTEST {
            by_title.entry((&d.body, title)).or_default().push(d);
        }
    }
    // The first key of a joined work names it; chains end at the smallest.
    let mut joined: BTreeMap<&DocumentKey, &DocumentKey> = BTreeMap::new();
    let mut join = |a: &'a Document, b: &'a Document| {
        let (a, b) = (root(&joined, &a.work), root(&joined, &b.work));
        if a != b {
            joined.insert(a.max(b), a.min(b));
        }
    };
    for list in by_title.values() {
        for (i, a) in list.iter().enumerate() {
            list[..i].iter().filter(|b| is_one(a, b)).for_each(|b| join(a, b));
        }
    }
    near.iter().for_each(|(a, b)| join(a, b));
    for list in lists(documents) {
        list.windows(2).for_each(|pair| join(pair[0], pair[1]));
    }
    documents.values().map(|d| (&d.document, root(&joined, &d.work))).collect()
}

/// Pairs of one body that may be one text and are not one work.
pub(super) fn near<'a>(documents: &BTreeMap<&'a DocumentKey, &'a Document>) -> Vec<(&'a Document, &'a Document)> {
    let mut by_body: BTreeMap<&str, Vec<Titled<'a>>> = BTreeMap::new();
    for titled in documents.values().filter_map(|d| twins::titled(d)) {
        by_body.entry(&titled.document.body).or_default().push(titled);
    }
    let mut out = Vec::new();
    for list in by_body.values() {
        for (i, a) in list.iter().enumerate() {
            let near = list[..i].iter().filter(|b| a.document.work != b.document.work && twins::are_near(a, b));
            out.extend(near.map(|b| (b.document, a.document)));
        }
    }
    out
}

/// An entry of a list: its figures, and the document.
type Entry<'a> = (&'a str, &'a Document);

/// Entries of one numbered list of one body, `ASI01` to `ASI10`, with the text that holds them all, where there is one.
fn lists<'a>(documents: &BTreeMap<&'a DocumentKey, &'a Document>) -> Vec<Vec<&'a Document>> {
    let mut by_list: BTreeMap<(&str, &str, &str), Vec<Entry>> = BTreeMap::new();
    for d in documents.values() {
        if let Some((letters, figures, rest)) = d.number.as_deref().and_then(entry) {
            by_list.entry((&d.body, letters, rest)).or_default().push((figures, d));
        }
    }
    let found = by_list.into_iter().filter_map(|((body, letters, _), entries)| {
        let figures: BTreeSet<&str> = entries.iter().map(|(f, _)| *f).collect();
        if figures.len() < ENTRIES || !figures.contains("01") && !figures.contains("02") {
            return None;
        }
        let first = format!("{letters}01");
        let whole = |d: &&&'a Document| {
            d.body == body && d.number.as_deref().is_none_or(|n| entry(n).is_none()) && {
                let said = [d.number.as_deref().unwrap_or_default(), &d.title].join(" ");
                said.split(|c: char| !c.is_alphanumeric()).any(|w| w == first)
            }
        };
        Some(documents.values().filter(whole).copied().chain(entries.iter().map(|(_, d)| *d)).collect())
    });
    found.collect()
}

/// Whether a document is an entry of a numbered list.
pub(super) fn is_entry(d: &Document) -> bool {
    d.number.as_deref().and_then(entry).is_some()
}

/// `ASI03 (draft)` as letters, figures and the rest: the number of an entry.
fn entry(number: &str) -> Option<(&str, &str, &str)> {
    let letters = number.find(|c: char| !c.is_ascii_uppercase())?;
    let (letters, rest) = number.split_at(letters);
    let figures = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (figures, rest) = rest.split_at(figures);
    let ends = rest.chars().next().is_none_or(|c| matches!(c, ' ' | ':' | '(' | ','));
    ((2..=6).contains(&letters.len()) && figures.len() == 2 && ends).then_some((letters, figures, rest))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_entry_is_letters_and_two_figures() {
        assert_eq!(entry("ASI03 (first public draft)"), Some(("ASI", "03", " (first public draft)")));
        assert_eq!(entry("LLM01:2025"), Some(("LLM", "01", ":2025")));
        for other in ["SP 800-53", "IR8596", "X.1753", "GB45438", "AML.CS0000", "ATLAS", "A01", "LLM01.2", ""] {
            assert_eq!(entry(other), None, "{other}");
        }
    }
}
