//! Atom (RFC 4287): one entry per event, so that a second change of a document is a second entry.

use jiff::Timestamp;

use super::html::escape;
use crate::{Change, Edition};

/// The authority of our ids: a name that nobody else mints under (RFC 4151).
const AUTHORITY: &str = "tag:monitor.invalid,2026";

pub(super) fn render(edition: &Edition) -> Vec<u8> {
    let updated = edition.changes.iter().map(|c| c.at).max().unwrap_or(edition.as_of);
    let title = format!("{}, {}", edition.group.title, edition.period);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <id>{AUTHORITY}:edition/{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
         <generator version=\"{}\">monitor</generator>\n",
        part(&edition.edition),
        xml(&title),
        at(updated),
        xml(&edition.group.source_line),
        xml(&edition.method.tool),
    );
    for c in &edition.changes {
        entry(&mut out, c);
    }
    out.push_str("</feed>\n");
    out.into_bytes()
}

fn entry(out: &mut String, c: &Change) {
    let number = c.number.as_deref().map(|n| format!(" ({n})")).unwrap_or_default();
    out.push_str(&format!(
        "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<published>{}</published>\n",
        id(c),
        xml(&format!("{}: {}{number}", c.what_words, c.title)),
        at(c.at),
        at(c.at),
    ));
    if !c.url.is_empty() {
        out.push_str(&format!("<link rel=\"alternate\" href=\"{}\"/>\n", xml(&c.url)));
    }
    for (scheme, term) in c.topics.iter().map(|t| ("topic", t.as_str())).chain(c.questions.iter().map(|q| ("question", q.as_str()))) {
        out.push_str(&format!("<category scheme=\"{AUTHORITY}:{scheme}\" term=\"{}\"/>\n", xml(term)));
    }
    let from = c.status_from.as_deref().map(|f| format!("“{f}” → ")).unwrap_or_default();
    let note = c.status.note.as_deref().map(|n| format!("; {n}")).unwrap_or_default();
    let unconfirmed = c.unconfirmed.as_deref().map(|u| format!("; {u}")).unwrap_or_default();
    out.push_str(&format!(
        "<summary>{}</summary>\n<author><name>{}</name></author>\n</entry>\n",
        xml(&format!("{}: {from}{}{note}{unconfirmed}; {}. For {}.", c.issuer, c.status.words, c.date, c.questions.join(", "))),
        xml(&c.body),
    ));
}

/// Stable: the document, what happened, and the instant at which it was seen.
fn id(c: &Change) -> String {
    format!("{AUTHORITY}:event/{}/{}/{}", part(c.document.as_str()), c.kind.as_str(), c.at.as_second())
}

fn at(t: Timestamp) -> String {
    t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn xml(text: &str) -> String {
    escape(text).chars().filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}

/// What may stand in a tag URI as it is; the rest is percent-encoded.
fn part(text: &str) -> String {
    let mut out = String::new();
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}
