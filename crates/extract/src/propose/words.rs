//! What words of headers, keys and class names mean, and how dates are written.

use regex::Regex;

use crate::{dates::wild, text::collapse};

/// A field that a word may mean, with the words; the first that fits is taken.
const MEANINGS: [(&str, &[&str]); 8] = [
    ("deadline", &["deadline", "due date", "comments due", "comment period", "closing date", "closes"]),
    ("version", &["version", "revision", "edition", "rev"]),
    ("stage", &["status", "stage", "state", "phase", "decision", "étape", "estado", "état"]),
    (
        "date",
        &[
            "date",
            "published",
            "publication",
            "updated",
            "modified",
            "approved",
            "issued",
            "posted",
            "released",
            "created",
            "time",
            "timing",
            "fecha",
            "datum",
        ],
    ),
    (
        "number",
        &[
            "number",
            "reference",
            "ref",
            "no",
            "nr",
            "numéro",
            "número",
            "identifier",
            "docid",
            "document id",
            "doc id",
            "designation",
            "deliverable",
            "work item",
            "standard",
            "spec",
            "acronym",
            "tdoc",
            "document",
            "id",
        ],
    ),
    ("summary", &["abstract", "summary", "description", "scope", "excerpt"]),
    ("group", &["group", "committee", "working group", "technical body", "wg", "question"]),
    ("title", &["title", "name", "subject", "heading", "headline", "titre", "título", "titel", "topic"]),
];

/// The field that a header, a key or a class name most likely means.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    let mut spaced = String::new();
    let mut lower_before = false;
    for c in word.chars() {
        // `publicationDate` is two words.
        if c.is_uppercase() && lower_before {
            spaced.push(' ');
        }
        lower_before = c.is_lowercase();
        if c.is_alphanumeric() { spaced.extend(c.to_lowercase()) } else { spaced.push(' ') }
    }
    let spaced = collapse(&spaced);
    if spaced.is_empty() || spaced.len() > 60 {
        return None;
    }
    let words: Vec<&str> = spaced.split(' ').collect();
    let has = |meant: &&str| match meant.split_once(' ') {
        Some(_) => spaced.contains(meant),
        None => words.contains(meant),
    };
    // Titles are named plainly, and stand in words of other things (`document title`).
    if words.contains(&"title") || words.contains(&"titre") {
        return Some("title");
    }
    MEANINGS.iter().find(|(_, list)| list.iter().any(&has)).map(|(field, _)| *field)
}

/// The pipes that read most of these texts as dates; none when they are no dates.
pub(super) fn date_pipes(texts: &[String]) -> Option<String> {
    let texts: Vec<String> = texts.iter().map(|t| collapse(t)).filter(|t| !t.is_empty()).collect();
    if texts.is_empty() {
        return None;
    }
    let most = |n: usize| n * 10 >= texts.len() * 7;
    let whole = texts.iter().filter(|t| wild(t).is_ok() && !is_number(t)).count();
    if most(whole) {
        // `13/06/2026` can only be day first, `06/13/2026` only month first; where neither occurs, day first is read.
        let month_first = texts.iter().any(|t| second_is_large(t));
        return Some(if month_first { " | date(%m/%d/%Y)".to_owned() } else { " | date".to_owned() });
    }
    for inner in [
        r"\d{4}-\d\d-\d\d",
        r"\d{1,2}(?:st|nd|rd|th)? \p{L}+,? \d{4}",
        r"\p{L}+ \d{1,2}(?:st|nd|rd|th)?, \d{4}",
        r"\d{1,2}[./]\d{1,2}[./]\d{4}",
        r"\p{L}+ \d{4}",
        r"\d\d/\d{4}",
    ] {
        let Ok(re) = Regex::new(&format!("({inner})")) else { continue };
        let hidden = texts.iter().filter(|t| re.find(t).is_some_and(|m| wild(m.as_str()).is_ok())).count();
        if most(hidden) {
            return Some(format!(" | regex({inner}) | date"));
        }
    }
    None
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && !matches!(text.len(), 8 | 10 | 13)
}

fn second_is_large(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    matches!(parts[..], [a, b, _] if a.parse::<u8>().is_ok_and(|a| a <= 12) && b.parse::<u8>().is_ok_and(|b| b > 12))
}

/// Whether these texts look like numbers of documents: letters and digits, short, and each another.
pub(super) fn are_numbers(texts: &[String]) -> bool {
    let texts: Vec<&str> = texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()).collect();
    let like = |t: &&&str| {
        t.len() <= 40
            && t.chars().any(|c| c.is_ascii_digit())
            && t.chars().any(char::is_alphabetic)
            && t.split(' ').count() <= 5
            && wild(t).is_err()
    };
    let distinct: std::collections::BTreeSet<&&str> = texts.iter().collect();
    texts.len() >= 2 && texts.iter().filter(like).count() * 10 >= texts.len() * 8 && distinct.len() * 10 >= texts.len() * 9
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
