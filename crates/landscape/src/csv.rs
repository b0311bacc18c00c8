use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use monitor_model::{Document, DocumentKey, spreadsheet_line};

use crate::{Landscape, home::question_in};

/// Annex B of the digest.
const HEADER: [&str; 19] = [
    "body",
    "group",
    "reference",
    "title",
    "type",
    "stage as stated",
    "stage",
    "stage date",
    "topics",
    "framing",
    "telecom",
    "question",
    "counterparts",
    "access",
    "language",
    "url",
    "last checked",
    "evidence",
    "document",
];

/// The map as CSV (RFC 4180): one row per document, safe to open in a spreadsheet.
///
/// `documents` are those from which the map was made, any order. Rows are sorted by body in the map's order, then by key.
pub fn landscape_csv(landscape: &Landscape, documents: &[Document]) -> String {
    let placed: BTreeSet<&DocumentKey> = landscape.cells.iter().flat_map(|c| &c.documents).collect();
    let row: BTreeMap<&str, usize> = landscape.bodies.iter().enumerate().map(|(i, b)| (b.as_str(), i)).collect();
    let mut near: BTreeMap<&DocumentKey, Vec<&str>> = BTreeMap::new();
    for c in &landscape.counterparts {
        near.entry(&c.document).or_default().push(c.other.as_str());
        near.entry(&c.other).or_default().push(c.document.as_str());
    }
    let mut rows: Vec<&Document> = documents.iter().filter(|d| placed.contains(&d.document)).collect();
    rows.sort_by_key(|d| (row.get(d.body.as_str()).copied().unwrap_or(usize::MAX), &d.document));
    let mut out = String::new();
    spreadsheet_line(&mut out, HEADER);
    for d in rows {
        let stage_date = d.stage.as_ref().and_then(|s| s.date).or(d.published);
        let topics: Vec<&str> = d.topics.iter().map(|t| t.id.as_str()).collect();
        let axes: Vec<&str> = d.axes.iter().map(|a| a.as_str()).collect();
        let question = d.extra("question").and_then(question_in).or_else(|| d.group.as_deref().and_then(question_in));
        let question = question.or_else(|| d.topics.iter().find_map(|t| landscape.questions.get(&t.id).map(String::as_str)));
        let checked = d.last_checked.to_zoned(TimeZone::UTC).date().to_string();
        spreadsheet_line(
            &mut out,
            [
                d.body.as_str(),
                d.group.as_deref().unwrap_or_default(),
                d.number.as_deref().unwrap_or_default(),
                &d.title,
                &word(d.kind),
                d.stage.as_ref().map_or("", |s| s.raw.as_str()),
                d.stage_code().as_str(),
                &stage_date.map(|w| w.to_string()).unwrap_or_default(),
                &topics.join("; "),
                &axes.join("; "),
                if topics.iter().any(|t| t.starts_with("telecom")) { "yes" } else { "" },
                question.unwrap_or_default(),
                &near.get(&d.document).map(|n| n.join("; ")).unwrap_or_default(),
                &word(d.access),
                d.lang.as_deref().unwrap_or_default(),
                &d.url,
                &checked,
                &word(d.evidence),
                d.document.as_str(),
            ],
        );
    }
    out
}

/// The word by which a plain enum is written in JSON.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}
