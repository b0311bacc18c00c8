//! CSV of the rows of the map, or of the changes; a cell cannot become a formula.

use crate::{Edition, Status, clean::clean, edition::COMMENTS_CLOSED};

pub(super) fn render(edition: &Edition) -> Vec<u8> {
    // The mark by which spreadsheets know UTF-8.
    let mut out = String::from("\u{feff}");
    match &edition.map {
        Some(map) => {
            line(
                &mut out,
                &[
                    "body",
                    "group",
                    "reference",
                    "title",
                    "title_other_language",
                    "kind",
                    "stage_as_stated",
                    "stage",
                    "stage_note",
                    "stage_date",
                    "topics",
                    "framings",
                    "questions",
                    "counterparts",
                    "access",
                    "language",
                    "url",
                    "last_checked",
                    "evidence",
                    "document",
                    "snapshot",
                    "related",
                ],
            );
            for r in &map.rows {
                let i = &r.item;
                line(
                    &mut out,
                    &[
                        &i.body,
                        i.group.as_deref().unwrap_or_default(),
                        i.number.as_deref().unwrap_or_default(),
                        &i.title,
                        i.title_also.as_deref().unwrap_or_default(),
                        &r.kind,
                        &i.status.stated,
                        i.status.code.as_str(),
                        note(&i.status),
                        &r.date,
                        &r.topics.join("; "),
                        &r.framings.join("; "),
                        &r.questions.join("; "),
                        &r.counterparts.join("; "),
                        &word(&i.access),
                        i.lang.as_deref().unwrap_or_default(),
                        &i.url,
                        &r.last_checked,
                        &word(&r.item.evidence),
                        i.document.as_str(),
                        &r.hash,
                        &r.related.iter().map(|a| a.label.as_str()).collect::<Vec<_>>().join("; "),
                    ],
                );
            }
        }
        None => {
            line(
                &mut out,
                &[
                    "what",
                    "body",
                    "group",
                    "reference",
                    "title",
                    "title_other_language",
                    "stage_from",
                    "stage_as_stated",
                    "stage",
                    "stage_note",
                    "date",
                    "questions",
                    "section",
                    "why",
                    "access",
                    "language",
                    "url",
                    "source",
                    "hash",
                    "first_seen",
                    "last_checked",
                    "evidence",
                    "document",
                ],
            );
            for c in &edition.changes {
                line(
                    &mut out,
                    &[
                        &c.what_words,
                        &c.body,
                        c.group.as_deref().unwrap_or_default(),
                        c.number.as_deref().unwrap_or_default(),
                        &c.title,
                        c.title_also.as_deref().unwrap_or_default(),
                        c.status_from.as_deref().unwrap_or_default(),
                        &c.status.stated,
                        c.status.code.as_str(),
                        note(&c.status),
                        &c.date,
                        &c.questions.join("; "),
                        &c.section,
                        &c.why,
                        &word(&c.access),
                        c.lang.as_deref().unwrap_or_default(),
                        &c.url,
                        c.source.as_str(),
                        &c.hash,
                        &c.first_seen.to_string(),
                        &c.last_checked.to_string(),
                        &word(&c.evidence),
                        c.document.as_str(),
                    ],
                );
            }
        }
    }
    out.into_bytes()
}

/// The word that JSON has for a value.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn line(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|c| cell(c)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// In quotes where it must be; what a spreadsheet would compute becomes text.
fn cell(text: &str) -> String {
    let text = clean(text);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if text.contains(['"', ',', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// What is to be known of a stage beside its code; that nobody can comment any more stands in the words alone.
fn note(status: &Status) -> &str {
    status.note.as_deref().unwrap_or_else(|| if status.words.contains(COMMENTS_CLOSED) { COMMENTS_CLOSED } else { "" })
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_cell_is_a_formula_or_two_cells() {
        for (hostile, want) in [
            ("=HYPERLINK(\"http://e\",\"x\")", "\"'=HYPERLINK(\"\"http://e\"\",\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'=1"),
            ("a,b", "\"a,b\""),
            ("one\r\ntwo", "one two"),
            ("plain", "plain"),
        ] {
            assert_eq!(super::cell(hostile), want, "{hostile:?}");
        }
    }
}
