//! A document and what is shown of it.
#![allow(dead_code)]

use monitor_identify::{Bodies, Life, Seen, identify, see};
use monitor_model::{Document, Entry, Event, EventKind, Houses, Relevance, Source, SourceId, Tagging, Timestamp};

pub(crate) fn bodies() -> &'static Bodies {
    static BODIES: std::sync::OnceLock<Bodies> = std::sync::OnceLock::new();
    BODIES.get_or_init(|| Bodies::parse(include_str!("../../../../data/bodies.toml")).expect("data/bodies.toml is read"))
}

pub(crate) fn day(n: u32) -> Timestamp {
    format!("2026-{:02}-{:02}T06:00:00Z", 1 + n / 28, 1 + n % 28).parse().expect("a time")
}

pub(crate) fn source(body: &str) -> Source {
    Source { body: body.into(), ..Source::default() }
}

/// A row in the form of the contract.
pub(crate) fn row(json: &str) -> Entry {
    serde_json::from_str(json).expect("an entry")
}

pub(crate) struct World {
    pub(crate) doc: Option<Document>,
    pub(crate) events: Vec<Event>,
}

impl World {
    pub(crate) fn new() -> World {
        World { doc: None, events: Vec::new() }
    }

    pub(crate) fn show(&mut self, at: u32, name: &str, source: &Source, entry: &Entry) -> Life {
        let id = identify(bodies(), entry);
        let key = id.document.clone().expect("the row has a number");
        let tagging = Tagging { relevance: Relevance::Relevant, ..Tagging::default() };
        let name = SourceId::from(name);
        let houses = Houses::default();
        let (tagging, at, backfill) = (&tagging, day(at), at == 0);
        let seen = Seen { entry, id: &id, key: &key, source_id: &name, source, houses: &houses, tagging, at, hash: "ab", backfill };
        let life = see(self.doc.as_ref(), &seen, bodies());
        self.doc = Some(life.document.clone());
        self.events.extend(life.events.clone());
        life
    }

    pub(crate) fn doc(&self) -> &Document {
        self.doc.as_ref().expect("seen")
    }

    pub(crate) fn kinds(&self) -> Vec<EventKind> {
        self.events.iter().map(|e| e.kind).collect()
    }
}
