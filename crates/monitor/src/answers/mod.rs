//! What is asked of the store: trends, landscape, coverage, an edition. Reads; decides nothing.

mod coverage;
mod days;
mod edition;
mod home;
mod map;
mod movement;
mod read;

use std::collections::BTreeMap;

use monitor_digest::SourceCoverage;
use monitor_model::{Document, Memory, Relevance, SourceId, SourceReport, Timestamp};
use monitor_store::Store;
use monitor_trends::Work;

pub(crate) use self::{
    coverage::coverage,
    days::{after, day_of, end_of},
    edition::Wanted,
    home::group,
};
use self::{
    home::{dates, home, without_later_questions},
    read::{read, read_past},
};
use crate::{config::Setup, exit::Failure, past};

/// What all questions about one store share, read once.
pub(crate) struct Answers<'a> {
    setup: &'a Setup,
    store: &'a Store,
    memories: BTreeMap<SourceId, Memory>,
    reports: BTreeMap<SourceId, SourceReport>,
    /// About AI and not ignored, in key order: also what is not about its security may be a counterpart of an item of ours.
    about_ai: Vec<Document>,
    works: Vec<Work>,
}

impl<'a> Answers<'a> {
    pub(crate) fn new(setup: &'a Setup, store: &'a Store) -> Result<Self, Failure> {
        Self::at(setup, store, Timestamp::MAX)
    }

    /// The same for a day that a person asks about: what was known then, and where nothing was watched yet, what its sources tell of that
    /// time.
    pub(crate) fn of_day(setup: &'a Setup, store: &'a Store, as_of: Timestamp) -> Result<Self, Failure> {
        let watched = store.memories()?.values().any(|m| m.first_success.is_some_and(|t| t <= as_of));
        Self::known(setup, store, if watched { as_of } else { Timestamp::MAX })?.on(as_of)
    }

    /// The same for an instant: when the store has seen more since, what came later is not looked at.
    pub(crate) fn at(setup: &'a Setup, store: &'a Store, as_of: Timestamp) -> Result<Self, Failure> {
        Self::known(setup, store, as_of)?.on(as_of)
    }

    /// No document names a Question that was set up after the day.
    fn on(mut self, as_of: Timestamp) -> Result<Self, Failure> {
        without_later_questions(self.setup, day_of(as_of), &mut self.about_ai)?;
        Ok(self)
    }

    /// What the store knew at an instant.
    fn known(setup: &'a Setup, store: &'a Store, as_of: Timestamp) -> Result<Self, Failure> {
        let memories = store.memories()?;
        if memories.values().filter_map(|m| m.last_asked.max(m.last_success)).all(|t| t <= as_of) {
            let (works, about_ai) = read(store, &watched_since(&memories))?;
            return Ok(Answers { setup, store, reports: store.last_reports()?, memories, about_ai, works });
        }
        let (memories, reports) = past::memories(memories, &store.report_history()?, as_of);
        let bodies = setup.bodies()?;
        let (works, mut about_ai) = read_past(store, &watched_since(&memories), as_of, &|body, raw| bodies.stage(body, raw))?;
        read_until_then(&mut about_ai, &memories);
        Ok(Answers { setup, store, memories, reports, about_ai, works })
    }

    /// Every declared source with what is known of it; sources that only an import named come last.
    pub(crate) fn coverage(&self) -> Result<Vec<SourceCoverage>, Failure> {
        coverage(self.setup, &self.memories, &self.reports)
    }

    /// The names of topics.
    pub(crate) fn labels(&self) -> Result<monitor_digest::pictures::Labels, Failure> {
        Ok(self.setup.taxonomy()?.topics().iter().map(|t| (t.id.clone(), t.label.clone())).collect())
    }

    /// The documents of the map.
    pub(crate) fn documents(&self) -> &[Document] {
        &self.about_ai
    }

    fn relevant(&self) -> impl Iterator<Item = &Document> {
        self.about_ai.iter().filter(|d| d.relevance == Relevance::Relevant)
    }
}

/// A document was last looked at when its source was last read by then, not on the day that is asked about.
fn read_until_then(documents: &mut [Document], memories: &BTreeMap<SourceId, Memory>) {
    for d in documents {
        for s in &mut d.sightings {
            if let Some(read) = memories.get(&s.source).and_then(|m| m.last_success) {
                s.last_seen = s.last_seen.min(read).max(s.first_seen);
            }
        }
        d.last_checked = d.sightings.iter().map(|s| s.last_seen).max().unwrap_or(d.last_checked).min(d.last_checked);
    }
}

fn watched_since(memories: &BTreeMap<SourceId, Memory>) -> BTreeMap<SourceId, Timestamp> {
    memories.iter().filter_map(|(id, m)| Some((id.clone(), m.first_success?))).collect()
}
