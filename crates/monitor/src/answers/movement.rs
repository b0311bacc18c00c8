//! What rises and falls, from works, taxonomy and what was watched.

use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Document, Event, Kind, SourceId, SourceKind, StageCode, Timestamp, TopicId};
use monitor_trends::Trends;

use super::{Answers, watched_since};
use crate::exit::Failure;

impl Answers<'_> {
    /// What rises and falls.
    pub(crate) fn trends(&self, as_of: Date, window_days: i64, baseline_days: i64) -> Result<Trends, Failure> {
        let taxonomy = self.setup.taxonomy()?;
        let topics: Vec<TopicId> = taxonomy.topics().iter().map(|t| t.id.clone()).collect();
        let terms: Vec<String> =
            taxonomy.topics().iter().flat_map(|t| t.strong.iter().chain(&t.weak)).chain(&taxonomy.vocabulary.ai.strong).cloned().collect();
        let mut input = monitor_trends::Input::new(as_of, &self.works, &topics, watched_since(&self.memories));
        input.window_days = window_days;
        input.baseline_days = baseline_days;
        input.known_terms = &terms;
        input.terms_of = taxonomy.topics().iter().map(|t| (t.id.clone(), t.strong.iter().chain(&t.weak).cloned().collect())).collect();
        let events = self.undated_steps()?;
        input.events = &events;
        input.watched_until = self.watched_until()?;
        Ok(monitor_trends::trends(&input))
    }

    /// When each fetched source was last read. A file that was imported says nothing of when its source was looked at.
    fn watched_until(&self) -> Result<BTreeMap<SourceId, Timestamp>, Failure> {
        let declared = &self.setup.sources()?.by_id;
        let fetched = self.memories.iter().filter(|(id, _)| declared.get(*id).is_some_and(|s| s.enabled() && s.kind != SourceKind::None));
        Ok(fetched.filter_map(|(id, m)| Some((id.clone(), m.last_success?))).collect())
    }

    /// Changes of stage of documents whose body does not date them: what we saw happen is then the only date.
    fn undated_steps(&self) -> Result<Vec<Event>, Failure> {
        let undated = |d: &&Document| match d.stage_code() {
            // A work item's own date is that on which it was registered.
            StageCode::Published => {
                (d.published.is_none() || d.kind == Kind::WorkItem) && d.stage.as_ref().is_some_and(|s| s.date.is_none())
            }
            StageCode::Withdrawn => d.stage.as_ref().is_some_and(|s| s.date.is_none()),
            _ => false,
        };
        let mut out = Vec::new();
        for d in self.relevant().filter(undated) {
            for e in self.store.events_of(&d.document)? {
                out.push(e?);
            }
        }
        Ok(out)
    }
}
