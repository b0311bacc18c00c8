//! What frozen editions said and is not so any more.
//!
//! A draft that went on is news and stands under “what changed”. A correction is a statement about the past that turned out otherwise:
//! an item that should not have been listed, a date or a title put right, a stage taken back, a report that was confirmed.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Document, DocumentKey, FrozenEdition, Relevance, StageCode, When};
use serde::Deserialize;

use crate::{
    Correction,
    clean::{clip, href},
};

/// Editions that are looked back at.
const BACK: usize = 24;

/// What is read of a frozen edition; one of another age may lack any of it.
#[derive(Deserialize)]
struct Printed {
    #[serde(default)]
    changes: Vec<Line>,
    #[serde(default)]
    corrections: Vec<Correction>,
}

#[derive(Deserialize)]
struct Line {
    document: DocumentKey,
    #[serde(default)]
    title: String,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    what: String,
    #[serde(default)]
    event_date: Option<When>,
    #[serde(default)]
    status: Stage,
    #[serde(default)]
    unconfirmed: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stage {
    raw: String,
    code: StageCode,
    words: String,
}

/// The documents of whose lines these editions consist.
pub fn documents_in(frozen: &[FrozenEdition]) -> BTreeSet<DocumentKey> {
    let printed = frozen.iter().filter_map(|f| serde_json::from_str::<Printed>(&f.json).ok());
    printed.flat_map(|p| p.changes.into_iter().map(|l| l.document)).collect()
}

/// Compares what the editions said with the documents of today, the oldest edition first. `documents` holds all that the store
/// knows of the lines, set aside or not. What an edition has corrected already is not corrected again.
pub fn corrections(frozen: &[FrozenEdition], documents: &BTreeMap<DocumentKey, Document>) -> Vec<Correction> {
    let mut said: BTreeSet<(String, String, String)> = BTreeSet::new();
    let mut newest: Vec<&FrozenEdition> = frozen.iter().collect();
    newest.sort_by(|a, b| (a.as_of, &a.edition).cmp(&(b.as_of, &b.edition)));
    let from = newest.len().saturating_sub(BACK);
    let printed: Vec<(&FrozenEdition, Printed)> =
        newest[from..].iter().filter_map(|f| Some((*f, serde_json::from_str(&f.json).ok()?))).collect();
    for (_, p) in &printed {
        said.extend(
            p.corrections.iter().map(|c| (c.document.as_ref().map(|d| d.0.clone()).unwrap_or_default(), c.old.clone(), c.new.clone())),
        );
    }
    let mut out: Vec<Correction> = Vec::new();
    for (f, p) in &printed {
        for line in &p.changes {
            for (old, new) in differences(line, documents.get(&line.document)) {
                let known = (line.document.0.clone(), old.clone(), new.clone());
                if !said.insert(known) {
                    continue;
                }
                let name = line.number.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| line.title.clone());
                out.push(Correction {
                    edition: f.edition.clone(),
                    item: clip(&name, 120),
                    old: clip(&old, 200),
                    new: clip(&new, 200),
                    url: documents.get(&line.document).and_then(|d| href(&d.url)),
                    document: Some(line.document.clone()),
                });
            }
        }
    }
    out
}

/// What a line said, and what is so.
fn differences(line: &Line, now: Option<&Document>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let Some(d) = now else {
        out.push(("listed".to_owned(), "no longer known under this number".to_owned()));
        return out;
    };
    if let Some(reason) = &d.ignored {
        out.push(("listed".to_owned(), format!("should not have been listed: {reason}")));
        return out;
    }
    if d.relevance != Relevance::Relevant {
        out.push(("listed".to_owned(), "should not have been listed: AI and security do not touch in it".to_owned()));
        return out;
    }
    let (title, _, also) = crate::compose::titles(d);
    if !line.title.is_empty() && title != line.title && also.as_deref() != Some(line.title.as_str()) {
        out.push((format!("title “{}”", line.title), format!("title “{title}”")));
    }
    let code = d.stage_code();
    let raw = d.stage.as_ref().map(|s| clip(&s.raw, 100)).unwrap_or_default();
    let ended = matches!(line.what.as_str(), "gone" | "withdrawn" | "expired" | "superseded");
    let taken_back = lived(code) && (lived(line.status.code) && code < line.status.code);
    if taken_back || (ended && line.status.code.is_over() && lived(code)) {
        out.push((format!("stage {}", line.status.words), format!("stage “{raw}” ({code})")));
    }
    let date = d.stage.as_ref().and_then(|s| s.date).or(d.published);
    if let (Some(old), Some(new)) = (line.event_date, date)
        && (raw == line.status.raw || line.status.raw.is_empty())
        && !overlap(old, new)
        && !ended
    {
        out.push((format!("dated {}", words(old)), format!("dated {}", words(new))));
    }
    if line.unconfirmed.is_some() && d.evidence == monitor_model::EvidenceLevel::Primary {
        out.push(("not confirmed".to_owned(), "confirmed by its body".to_owned()));
    }
    out
}

fn lived(code: StageCode) -> bool {
    !code.is_over() && code != StageCode::Unknown
}

/// Whether one date is the other said less exactly.
fn overlap(a: When, b: When) -> bool {
    a.first_day() <= b.last_day() && b.first_day() <= a.last_day()
}

fn words(w: When) -> String {
    match w {
        When::Instant(_) => w.first_day().to_string(),
        w => w.to_string(),
    }
}
