//! Drafts that go on under another name without anybody saying so: one that a group adopts, one that moves to another group, one that
//! is published. A title alone never joins: the names, the dates or the abstract must say the same.

use jiff::{ToSpan, civil::Date};
use monitor_model::{Document, When};

/// Last words of names that half of all drafts share.
const COMMON: [&str; 24] = [
    "arch",
    "architecture",
    "bis",
    "considerations",
    "draft",
    "extension",
    "extensions",
    "framework",
    "guidelines",
    "info",
    "issues",
    "mib",
    "model",
    "overview",
    "problem",
    "protocol",
    "reqs",
    "requirements",
    "security",
    "spec",
    "statement",
    "terminology",
    "usecases",
    "yang",
];
/// Streams and groups that are no authors.
const STREAMS: [&str; 2] = ["ietf", "irtf"];
/// How long a name may rest before its text goes on under another.
const REST: i32 = 3;
/// Letters and digits of an abstract that are compared; shorter ones say little.
const ABSTRACT: usize = 300;
const SHORT: usize = 60;

/// Whether the text of a draft goes on in the other document: the titles are the same, the other began when the draft ended, and
/// the end of both names is the same (`draft-wood-key-consistency` → `draft-ietf-privacypass-key-consistency`), or, for an RFC, the
/// abstract.
pub fn goes_on(old: &Document, new: &Document) -> bool {
    let Some(name) = old.document.as_str().strip_prefix("ietf/draft-") else { return false };
    let same = old.document != new.document && old.title_print().is_some() && old.title_print() == new.title_print();
    let (Some((begun, ended)), Some((next, _))) = (span(old), span(new)) else { return false };
    if !same || next > ended.saturating_add(REST.years()) {
        return false;
    }
    match new.document.as_str().strip_prefix("ietf/draft-") {
        // a month is all that an RFC says of its date
        None => new.published.is_some_and(|p| p.last_day() >= ended) && same_abstract(old, new),
        Some(later) => begun < next && ended <= next.saturating_add(1.months()) && same_end(name, later),
    }
}

/// The first and the last day that versions of it bear.
fn span(d: &Document) -> Option<(Date, Date)> {
    let days = || d.versions.iter().filter_map(|v| v.published).chain(d.published).map(When::first_day);
    Some((days().min()?, days().max()?))
}

/// An individual draft and one of a group, or of the same author, with names that end alike. Two people who write under one title may
/// be two.
fn same_end(old: &str, new: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split('-').collect(), new.split('-').collect());
    let ([author, tail @ ..], [first, rest @ ..]) = (a.as_slice(), b.as_slice()) else { return false };
    if STREAMS.contains(author) {
        return false;
    }
    let adopted = STREAMS.contains(first);
    let rest = if adopted { rest.get(1..).unwrap_or_default() } else { rest };
    let shared = tail.iter().rev().zip(rest.iter().rev()).take_while(|(x, y)| x == y).map(|(x, _)| *x);
    let telling = shared.filter(|w| w.len() > 1 && !COMMON.contains(w)).count() > 0;
    telling && (adopted || author == first)
}

/// Whether both have an abstract and the abstracts begin alike.
fn same_abstract(a: &Document, b: &Document) -> bool {
    let letters = |d: &Document| -> String {
        let text = d.summary.as_deref().unwrap_or_default();
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(ABSTRACT).collect()
    };
    let (x, y) = (letters(a), letters(b));
    x.len() >= SHORT && x == y
}
