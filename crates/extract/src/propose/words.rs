//! What words of headers, keys and class names mean, and how dates are written.

use regex::Regex;

use crate::{dates::wild, text::collapse};

/// Words for each field, the best first; `?` in front marks those that may as well mean something else.
const MEANINGS: [(&str, &str); 9] = [
    ("deadline", "deadline, due date, comments due, comment period, closing date, closes, respond by, comments until, expires"),
    (
        "number",
        "number, docnumber, docnum, reference, ref, designation, docref, identifier, doc id, document id, document no, standard no, no, nr, num, numéro, número, \
         doc number, tdoc, symbol, acronym, citation, ?standard, ?spec, ?specification, ?recommendation, ?rec, ?deliverable, ?work item, \
         ?document, ?doc, ?draft, ?code, ?name, ?title, ?id",
    ),
    ("title", "title, titre, título, titel, headline, subject, heading, ?name, ?topic, ?document, ?standard, ?recommendation, ?item"),
    (
        "date",
        "published, publication, pub date, pubdate, issued, approved, approval, posted, released, release, date, fecha, datum, created, submitted, \
         updated, modified, modification, revised, ?time, ?timing, ?when, ?day",
    ),
    ("stage", "status, stage, state, phase, étape, estado, état, decision, maturity, ?substage"),
    ("version", "version, revision, edition, rev, ed, ver, release"),
    ("summary", "abstract, summary, description, scope, excerpt, teaser, résumé, ?body, ?text, ?content"),
    (
        "group",
        "group, committee, working group, technical body, technical committee, wg, tc, study group, question, organisation, organization",
    ),
    ("lang", "lang, language"),
];

/// A header, key or class as words: `publicationDate` is two.
fn spaced(word: &str) -> String {
    let mut out = String::new();
    let mut lower_before = false;
    for c in word.chars() {
        if c.is_uppercase() && lower_before {
            out.push(' ');
        }
        lower_before = c.is_lowercase();
        if c.is_alphanumeric() { out.extend(c.to_lowercase()) } else { out.push(' ') }
    }
    collapse(&out)
}

/// How well a header, a key or a class name means a field, 0 being the best; none when it does not. Only some words are `certain`.
pub(super) fn rank(field: &str, word: &str, certain: bool) -> Option<usize> {
    let spaced = spaced(word);
    if spaced.is_empty() || spaced.len() > 60 {
        return None;
    }
    let words: Vec<&str> = spaced.split(' ').collect();
    let has =
        |meant: &str| if meant.contains(' ') { format!(" {spaced} ").contains(&format!(" {meant} ")) } else { words.contains(&meant) };
    let (_, list) = MEANINGS.iter().find(|(f, _)| *f == field)?;
    // Titles are named plainly, and stand in words of other things (`document title`).
    if field != "title" && certain && ["title", "titre", "titel", "título"].into_iter().any(has) {
        return None;
    }
    let at = list.split(',').map(str::trim).position(|meant| match meant.strip_prefix('?') {
        Some(perhaps) => !certain && has(perhaps),
        None => has(meant),
    })?;
    // A word alone says more than the same word among others.
    Some(at * 10 + words.len().min(9))
}

/// The field that a header, a key or a class name most likely means.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    MEANINGS.iter().map(|(f, _)| *f).find(|f| rank(f, word, true).is_some())
}

/// How well a column of addresses is that of the rows; none when they are pictures, or the same everywhere.
pub(super) fn rank_of_address(word: &str, texts: &[String]) -> Option<usize> {
    let picture = |t: &&String| [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico"].iter().any(|e| t.to_lowercase().ends_with(e));
    if texts.iter().filter(picture).count() * 2 > texts.len() || !differ(texts, 0.6) {
        return None;
    }
    let spaced = spaced(word);
    let words: Vec<&str> = spaced.split(' ').collect();
    let rank = ["permalink", "html", "url", "link", "uri", "href", "page", "web", "handle", "doi"].iter().position(|w| words.contains(w));
    // A path that nobody calls an address may be anything.
    let whole = texts.iter().filter(|t| t.starts_with("http")).count() * 2 > texts.len();
    rank.or(Some(20).filter(|_| whole))
}

/// Whether at least this share of the texts is unlike all others.
pub(super) fn differ(texts: &[String], share: f64) -> bool {
    let distinct: std::collections::BTreeSet<&String> = texts.iter().collect();
    texts.len() < 3 || distinct.len() as f64 >= share * texts.len() as f64
}

/// Whether these are counts and places in a list, not words.
pub(super) fn are_counts(texts: &[String]) -> bool {
    texts.iter().filter(|t| t.chars().all(|c| c.is_ascii_digit())).count() * 10 >= texts.len() * 8
}

/// The pipes that read most of these texts as dates; none when they are no dates.
pub(super) fn date_pipes(texts: &[String]) -> Option<String> {
    let texts: Vec<String> = texts.iter().map(|t| collapse(t)).filter(|t| !t.is_empty()).collect();
    if texts.is_empty() {
        return None;
    }
    let most = |n: usize| n * 10 >= texts.len() * 7;
    let whole = texts.iter().filter(|t| wild(t).is_ok() && !is_number(t)).count();
    let plain = || {
        // `13/06/2026` can only be day first, `06/13/2026` only month first; where neither occurs, day first is read.
        format!(" | {}", form(texts.iter().map(String::as_str)))
    };
    if whole == texts.len() {
        return Some(plain());
    }
    for inner in [
        r"\d{4}-\d\d-\d\d",
        r"\d{1,2}(?:st|nd|rd|th)? \p{L}+,? \d{4}",
        r"\d{1,2}[./-][IVX]{1,4}[./-]\d{4}",
        r"\p{L}+ \d{1,2}(?:st|nd|rd|th)?, \d{4}",
        r"\d{1,2}[./]\d{1,2}[./]\d{4}",
        r"\d{4}[/.]\d{1,2}[/.]\d{1,2}",
        r"\d{4}年\d{1,2}月\d{1,2}日",
        r"\p{L}+ \d{4}",
        r"\d\d/\d{4}",
        r"\d{4}-\d\d",
    ] {
        let Ok(re) = Regex::new(&format!("({inner})")) else { continue };
        let hidden: Vec<&str> = texts.iter().filter_map(|t| re.find(t).map(|m| m.as_str()).filter(|m| wild(m).is_ok())).collect();
        // A text that is a date as a whole may have words around it in the next row.
        if most(hidden.len()) && hidden.len() > whole {
            return Some(format!(" | regex({inner}) | {}", form(hidden.into_iter())));
        }
    }
    most(whole).then(plain)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && !matches!(text.len(), 8 | 10 | 13)
}

/// `date`, or the form of dates that a reader would take for others: month first, as the numbers themselves show.
fn form<'t>(texts: impl Iterator<Item = &'t str>) -> &'static str {
    for text in texts {
        let date = text.split(' ').next().unwrap_or_default();
        if let [a, b, y] = date.split('/').collect::<Vec<_>>()[..]
            && a.parse::<u8>().is_ok_and(|a| (1..=12).contains(&a))
            && b.parse::<u8>().is_ok_and(|b| b > 12)
        {
            return if y.len() == 2 { "date(%m/%d/%y)" } else { "date(%m/%d/%Y)" };
        }
    }
    "date"
}

/// Whether these texts look like numbers of documents: letters and digits, short, and each another.
pub(super) fn are_numbers(texts: &[String]) -> bool {
    let rows = texts.len();
    let texts: Vec<&str> = texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()).collect();
    let like = |t: &&&str| {
        t.len() <= 40
            && t.chars().any(|c| c.is_ascii_digit())
            && t.chars().any(char::is_alphabetic)
            && t.split(' ').count() <= 5
            && wild(t).is_err()
            && !is_size(t)
            && !is_relative(t)
    };
    let distinct: std::collections::BTreeSet<&&str> = texts.iter().collect();
    rows >= 2 && !texts.is_empty() && texts.iter().filter(like).count() * 10 >= texts.len() * 8 && distinct.len() * 10 >= texts.len() * 9
}

/// `3 weeks ago`, `il y a 3 jours`, `vor 3 Tagen`, `hace 3 días`
fn is_relative(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.ends_with(" ago") || ["il y a ", "vor ", "hace "].iter().any(|w| lower.starts_with(w))
}

/// `45056 bytes`, `1.2 MB`, `12 pages`
fn is_size(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\'' | '\u{a0}')).to_lowercase();
    unit.len() < text.len()
        && matches!(
            unit.trim_end_matches('.'),
            "b" | "bytes" | "k" | "kb" | "kib" | "m" | "mb" | "mib" | "gb" | "p" | "pp" | "page" | "pages"
        )
}

/// Whether these texts look like words of a stage: few, short, repeated.
pub(super) fn are_stages(texts: &[String]) -> bool {
    let texts: Vec<&str> = texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()).collect();
    let distinct: std::collections::BTreeSet<&&str> = texts.iter().collect();
    texts.len() >= 4 && distinct.len() * 2 <= texts.len() && texts.iter().all(|t| t.len() <= 40 && t.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_keys_are_understood() {
        for (word, want) in [
            ("Document No.", Some("number")),
            ("Reference", Some("number")),
            ("publicationDate", Some("date")),
            ("Last update", None),
            ("Current Status", Some("stage")),
            ("Subject / Title", Some("title")),
            ("Document title", Some("title")),
            ("standard__title", Some("title")),
            ("post-date", Some("date")),
            ("Comments due", Some("deadline")),
            ("Size", None),
            ("", None),
        ] {
            assert_eq!(meaning(word), want, "{word}");
        }
        assert!(rank("number", "Recommendation", true).is_none() && rank("number", "Recommendation", false).is_some());
        assert!(rank("date", "Published", true) < rank("date", "Last modified", true));
        assert!(rank("title", "Title", true) < rank("title", "Title of the group", true));
    }

    #[test]
    fn the_form_of_dates_is_found() {
        let pipes = |list: &[&str]| date_pipes(&list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(pipes(&["2026-05-05", "2026-06-01"]).as_deref(), Some(" | date"));
        assert_eq!(pipes(&["06/13/2026", "07/01/2026"]).as_deref(), Some(" | date(%m/%d/%Y)"));
        assert_eq!(
            pipes(&["No. 7 of 29 Jun 2022 (closed)", "No. 8 of 1 July 2023 (open)"]).as_deref(),
            Some(r" | regex(\d{1,2}(?:st|nd|rd|th)? \p{L}+,? \d{4}) | date")
        );
        assert_eq!(pipes(&["Report", "Standard"]), None);
        assert_eq!(pipes(&["1", "2", "3"]), None);
    }
}
