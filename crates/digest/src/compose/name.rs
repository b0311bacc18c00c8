//! What a document is called: its reference, if it has one, and its title without what a collector noted in it.

use monitor_landscape::is_internet_draft;
use monitor_model::{Document, EvidenceLevel};

use crate::clean::{clip, clip_words};

/// How many characters of a title a line shows.
const TITLE: usize = 240;

/// A file's name has so many hyphens at least before it is taken for one.
const SLUG_HYPHENS: usize = 3;

/// Words that say what sort of text it is: a number of these alone is none.
const SORTS: [&str; 12] =
    ["white", "paper", "whitepaper", "guide", "joint", "report", "blog", "note", "draft", "guidance", "page", "concept"];

/// The document's reference. An address, a file's name, a key of a database or the beginning of the title is none: then the title
/// stands for it.
pub(super) fn number(d: &Document) -> Option<String> {
    let number = d.number.as_deref().map(|n| clip(n, 80)).filter(|n| !n.is_empty())?;
    (!is_no_reference(&number, d)).then(|| in_words(&number))
}

fn is_no_reference(number: &str, d: &Document) -> bool {
    let lower = number.to_lowercase();
    let digits = lower.bytes().any(|b| b.is_ascii_digit());
    let address = lower.contains("://") || lower.starts_with("www.") || number.ends_with('…');
    let key = lower.contains(":proj:") || lower.contains("not seen") || lower.starts_with("news ");
    let plain = lower == number && lower.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let series = is_internet_draft(d) || lower.starts_with("bofreq-") || lower.starts_with("charter-");
    let slug = plain && !series && lower.matches('-').count() >= SLUG_HYPHENS;
    let title = d.title.trim().to_lowercase();
    let of_title = title == lower || (!digits && title.starts_with(&lower));
    let sort = |w: &str| SORTS.contains(&w);
    let of_sort = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(sort);
    address || key || slug || of_title || of_sort
}

/// `3GPP TR 33.785:REL-20/0.2.0` is what a database calls version 0.2.0.
fn in_words(number: &str) -> String {
    let Some((base, rest)) = number.split_once(":REL-") else { return once(number) };
    match rest.split_once('/') {
        Some((_, version)) if version.split('.').count() == 3 => format!("{base} V{version}"),
        _ => number.to_owned(),
    }
}

/// `NIST AI NIST AI 100-2` says its series twice.
fn once(number: &str) -> String {
    let words: Vec<&str> = number.split_whitespace().collect();
    let twice = (1..=words.len() / 2).rev().find(|n| words[..*n] == words[*n..2 * n]);
    twice.map_or_else(|| number.to_owned(), |n| words[n..].join(" "))
}

/// Whether nobody saw its title: of what it is about its number alone tells.
pub(super) fn is_untitled(d: &Document) -> bool {
    let title = d.title.trim().to_lowercase();
    title.is_empty() || title.starts_with("(title not seen") || d.number.as_deref().is_some_and(|n| n.trim().to_lowercase() == title)
}

/// The title; a document without one is called by its number.
pub(super) fn title(d: &Document) -> String {
    let t = clip_words(noteless(&d.title, d.evidence), TITLE);
    if !t.is_empty() && !is_untitled(d) {
        return t;
    }
    d.number.as_deref().map(|n| clip(n, 80)).filter(|n| !n.is_empty()).unwrap_or_else(|| "(no title given)".to_owned())
}

/// The title without a last bracket in which whoever collected it noted something: that a name was not seen, or, where nobody
/// but others told of it, who takes part.
fn noteless(title: &str, evidence: EvidenceLevel) -> &str {
    let whole = title.trim();
    let Some((before, note)) = whole.strip_suffix(')').and_then(|t| t.rsplit_once('(')) else { return whole };
    let said = note.to_lowercase();
    let unseen = said.contains("not seen") || said.contains("as seen") || said.contains("as given by") || said.contains("title cut");
    let list = evidence == EvidenceLevel::Secondary && note.contains([',', ';']);
    // Names alone, three at least, are those of who takes part.
    let parts: Vec<&str> = note.split(',').map(str::trim).collect();
    let is_name = |p: &&str| p.chars().next().is_some_and(char::is_uppercase) && !p.bytes().any(|b| b.is_ascii_digit());
    let names = parts.len() >= 3 && parts.iter().all(is_name);
    if (unseen || list || names) && !before.trim().is_empty() { before.trim() } else { whole }
}

/// A title as two sources that mean the same text would both write it.
pub(super) fn folded(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(240).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(number: &str, title: &str) -> Document {
        Document { number: Some(number.into()), title: title.into(), ..super::super::made::document("B") }
    }

    #[test]
    fn what_is_no_reference_is_not_printed_as_one() {
        for bad in [
            "https://www.aisi.gov.uk/blog/how-our-new-control…",
            "risks-and-controls-for-the-ai-supply-chain-v1",
            "cenelec:proj:79708",
            "(acronym not seen) Trusted Requirements",
            "news 2309",
            "white paper",
            "A Guide",
            "A Guide to Human Rights",
        ] {
            assert_eq!(number(&document(bad, "A Guide to Human Rights")), None, "{bad}");
        }
        for (good, want) in [
            ("draft-ni-a2a-ai-agent-security-requirements-01", "draft-ni-a2a-ai-agent-security-requirements-01"),
            ("bofreq-farrel-catalist-04", "bofreq-farrel-catalist-04"),
            ("3GPP TR 33.785:REL-20/0.2.0", "3GPP TR 33.785 V0.2.0"),
            ("X.srm-AIphs", "X.srm-AIphs"),
            ("ISO/IEC 27090", "ISO/IEC 27090"),
            ("cg/agent-identity", "cg/agent-identity"),
            ("NIST AI NIST AI 100-2e2023", "NIST AI 100-2e2023"),
        ] {
            assert_eq!(number(&document(good, "A title")).as_deref(), Some(want));
        }
    }

    #[test]
    fn a_collector_s_note_is_no_part_of_a_title() {
        let of = |title, evidence| noteless(title, evidence).to_owned();
        assert_eq!(of("Trusted requirements (Ant Group, CAICT, China Telecom)", EvidenceLevel::Secondary), "Trusted requirements");
        assert_eq!(of("Focus group on identities (full name not seen in excerpt)", EvidenceLevel::Mirror), "Focus group on identities");
        assert_eq!(
            of("Artificial Intelligence (AI) security (Question text, period 2025)", EvidenceLevel::Mirror),
            "Artificial Intelligence (AI) security (Question text, period 2025)"
        );
        assert_eq!(of("(a, b)", EvidenceLevel::Secondary), "(a, b)");
        assert_eq!(of("Trusted requirements (Ant Group, CAICT, China Telecom)", EvidenceLevel::Mirror), "Trusted requirements");
        assert_eq!(of("A matrix (18 domains, 243 objectives, more)", EvidenceLevel::Mirror), "A matrix (18 domains, 243 objectives, more)");
    }
}
