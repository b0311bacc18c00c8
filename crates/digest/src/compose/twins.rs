//! What may be one text under two names at one body: a version beside the next, a paper beside the page of its project.
//!
//! Nobody merges them but a person (`monitor merge`); until then a reader counts them once.

use std::collections::BTreeSet;

use monitor_landscape::is_internet_draft;
use monitor_model::{Document, Kind};

use super::{name, sorts};

/// A shorter title's words are found in the longer one's, all but so many in a hundred.
const SHARED: usize = 80;
/// The shorter title has so many words at least, and so many in a hundred of the longer one's where no number ties the two.
const FEWEST: usize = 4;
const SIZE: usize = 70;

/// Words that say what sort of text it is, not what it is about.
const SORTS: [&str; 24] = [
    "concept",
    "paper",
    "page",
    "project",
    "draft",
    "initial",
    "preliminary",
    "public",
    "final",
    "version",
    "white",
    "report",
    "guide",
    "guidance",
    "outline",
    "annotated",
    "note",
    "overview",
    "the",
    "of",
    "for",
    "and",
    "a",
    "in",
];

/// A document with the words of its title, made once for many comparisons.
pub(super) struct Titled<'a> {
    pub(super) document: &'a Document,
    words: BTreeSet<String>,
    number: Option<String>,
}

/// None for what is never compared: drafts that anyone may post have names of their own, and letters and news are no texts.
pub(super) fn titled(d: &Document) -> Option<Titled<'_>> {
    let text = matches!(d.kind, Kind::Document | Kind::WorkItem | Kind::Policy);
    if !text || is_internet_draft(d) || sorts::is_frame(d) {
        return None;
    }
    let title = without_brackets(&name::title(d)).to_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric() && c != '.').map(|w| w.trim_matches('.'));
    let words: BTreeSet<String> = words.filter(|w| !w.is_empty() && !is_version(w) && !SORTS.contains(w)).map(str::to_owned).collect();
    Some(Titled { document: d, words, number: name::number(d).map(|n| versionless(&n)) })
}

/// Whether two documents of one body may be one.
pub(super) fn are_near(a: &Titled, b: &Titled) -> bool {
    let (short, long) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    let shared = short.words.intersection(&long.words).count();
    if short.words.len() < FEWEST || shared * 100 < SHARED * short.words.len() {
        return false;
    }
    // Parts and years differ in a figure.
    let figures = |t: &Titled| t.words.iter().filter(|w| w.bytes().any(|b| b.is_ascii_digit())).cloned().collect::<BTreeSet<_>>();
    let (few, many) = (figures(short), figures(long));
    if !few.is_subset(&many) && !many.is_subset(&few) {
        return false;
    }
    match (&a.number, &b.number) {
        (Some(x), Some(y)) => is_within(x, y) || is_within(y, x),
        _ => short.words.len() * 100 >= SIZE * long.words.len(),
    }
}

/// Whether a number is the other, or the other's with words behind it: never a part, an amendment or a supplement.
fn is_within(long: &str, short: &str) -> bool {
    let Some(rest) = long.strip_prefix(short) else { return false };
    let more = ["amd", "amendment", "cor", "corrigendum", "suppl", "supplement", "addendum", "annex", "part"];
    let mut words = rest.split(|c: char| !c.is_alphanumeric());
    (rest.is_empty() || rest.starts_with([' ', '('])) && words.all(|w| !more.contains(&w) && !w.bytes().any(|b| b.is_ascii_digit()))
}

/// A number in small letters without what names a version: `AICM v1.1` is `aicm`.
fn versionless(number: &str) -> String {
    let lower = number.to_lowercase();
    // Figures alone are the number itself.
    let named = |w: &str| is_version(w.trim_matches(|c: char| !c.is_alphanumeric())) && w.trim_start_matches('(').starts_with('v');
    let words = lower.split_whitespace().filter(|w| !named(w));
    words.collect::<Vec<_>>().join(" ")
}

/// `v1`, `v1.1`, `1.0`: figures with points, or behind a v.
fn is_version(word: &str) -> bool {
    let figures = word.strip_prefix('v').unwrap_or(word);
    let plain = !figures.is_empty() && figures.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    plain && (figures.len() < word.len() || figures.contains('.'))
}

fn without_brackets(title: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}
