//! A row of a source merged into the life of its document.
use monitor_model::{
    Document, DocumentKey, Entry, Event, EventKind, EvidenceLevel, Houses, Identified, Sighting, Source, SourceId, Tagging, Timestamp,
    Verdict, When,
};

use crate::Bodies;

mod facts;
mod fields;
mod kind;
mod merge;
mod row;
mod text;

pub use facts::lay_facts;

/// A row as it was read, and all that one must know to judge it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The row.
    pub entry: &'a Entry,
    /// What its number says.
    pub id: &'a Identified,
    /// The document, after a person's merges.
    pub key: &'a DocumentKey,
    /// Which source showed it.
    pub source_id: &'a SourceId,
    /// That source: what it tracks, how near it stands to the body.
    pub source: &'a Source,
    /// Whose pages lie where, by the declared sources.
    pub houses: &'a Houses,
    /// What the tagger says of the row.
    pub tagging: &'a Tagging,
    /// When.
    pub at: Timestamp,
    /// blake3 (hex) of the body from which the row was read.
    pub hash: &'a str,
    /// Whether this is the first good fetch of the source.
    pub backfill: bool,
}

/// How near to the body a word stands, and whether somebody else says it: the lower decides.
type Rank = (EvidenceLevel, bool);

impl Seen<'_> {
    fn level(&self) -> EvidenceLevel {
        self.source.evidence.unwrap_or_default()
    }

    /// How much the row's word counts beside what others showed of a document of `body`.
    fn rank(&self, body: &str, address: &str) -> Rank {
        (self.level(), !self.houses.speaks(self.source_id, body, address))
    }

    /// How much the word of a source counts that showed the document.
    fn rank_of(&self, document: &Document, sighting: &Sighting) -> Rank {
        (sighting.evidence, !self.houses.speaks(&sighting.source, &document.body, &sighting.url))
    }
}

/// The document after the row, and what the row changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// The document as it now stands.
    pub document: Document,
    /// Typed events, in the order `back`, `revised`, `stage` or `withdrawn`, `title`, `date`.
    pub events: Vec<Event>,
    /// New, same, revised or another sighting.
    pub verdict: Verdict,
}

/// Merges a row into what is known of its document.
///
/// A row of an older version never changes the current state, a source of lower evidence never overrides a better one, nor a page
/// of somebody else the body's own, a source raises events only for fields that it gives and tracks, and what a row leaves out is not forgotten.
pub fn see(known: Option<&Document>, seen: &Seen<'_>, bodies: &Bodies) -> Life {
    match known {
        None => merge::first(seen, bodies),
        Some(known) => merge::again(known, seen, bodies),
    }
}

/// The source no longer shows the document. None when it did not show it before.
pub fn gone(known: &Document, source: &SourceId, at: Timestamp) -> Option<(Document, Event)> {
    let mut document = known.clone();
    let sighting = document.sightings.iter_mut().find(|s| s.source == *source && s.present)?;
    sighting.present = false;
    let event = event(&document, EventKind::Gone, source, at, false);
    Some((document, event))
}

/// An event with everything that stands beside it as of now.
fn event(doc: &Document, kind: EventKind, source: &SourceId, at: Timestamp, backfill: bool) -> Event {
    Event {
        at,
        document: doc.document.clone(),
        body: doc.body.clone(),
        kind,
        from: None,
        to: None,
        stage: doc.stage_code(),
        source: source.clone(),
        event_date: None,
        first_seen: doc.first_seen,
        title: doc.title.clone(),
        number: doc.number.clone(),
        url: doc.url.clone(),
        topics: doc.topics.iter().map(|t| t.id.clone()).collect(),
        axes: doc.axes.clone(),
        relevance: doc.relevance,
        backfill,
    }
}

/// The date on which it happened in the body's own words.
fn happened(entry: &Entry) -> Option<When> {
    entry.stage_date.or(entry.published)
}
