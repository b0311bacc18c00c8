//! The map, and what of the world it can speak for.

use std::collections::BTreeSet;

use jiff::civil::Date;
use monitor_identify::Role;
use monitor_landscape::{Landscape, TopicInfo};
use monitor_model::{Document, Kind, SourceKind};

use super::{Answers, dates, day_of, home};
use crate::exit::Failure;

impl Answers<'_> {
    /// The map.
    pub(crate) fn landscape(&self, as_of: Date) -> Result<Landscape, Failure> {
        let topics: Vec<TopicInfo> =
            self.setup.taxonomy()?.topics().iter().map(|t| TopicInfo { id: t.id.clone(), label: t.label.clone() }).collect();
        let (watched, not_read) = self.reach()?;
        let home = home(self.setup, as_of)?;
        let makes_none = |role: Role| matches!(role, Role::Industry | Role::Research | Role::Vendor);
        let not_sdos: Vec<String> = self.setup.bodies()?.bodies().iter().filter(|b| makes_none(b.role)).map(|b| b.id.clone()).collect();
        Ok(monitor_landscape::landscape(&monitor_landscape::Input {
            as_of,
            documents: &self.about_ai,
            topics: &topics,
            home: &home,
            bodies_watched: &watched,
            not_read: &not_read,
            not_sdos: &not_sdos,
            dates: dates(self.setup, as_of)?,
        }))
    }

    /// Bodies that are watched, and bodies or sources that are declared but were not read.
    fn reach(&self) -> Result<(Vec<String>, Vec<String>), Failure> {
        let sources = self.setup.sources()?;
        let mut watched = BTreeSet::new();
        let mut read: BTreeSet<&str> = self.about_ai.iter().map(|d| d.body.as_str()).collect();
        for (id, s) in &sources.by_id {
            if s.enabled() && s.kind != SourceKind::None {
                watched.insert(s.body.clone());
            }
            if self.memories.get(id).is_some_and(|m| m.last_success.is_some()) {
                read.insert(&s.body);
            }
        }
        let mut not_read = BTreeSet::new();
        for (id, s) in &sources.by_id {
            if self.memories.get(id).is_none_or(|m| m.last_success.is_none()) {
                not_read.insert(if read.contains(s.body.as_str()) { id.0.clone() } else { s.body.clone() });
            }
        }
        Ok((watched.into_iter().collect(), not_read.into_iter().collect()))
    }

    /// Documents of the home group on AI.
    pub(crate) fn home_documents(&self) -> Result<Vec<&Document>, Failure> {
        let home = home(self.setup, day_of(self.setup.now))?;
        Ok(self.about_ai.iter().filter(|d| home.owns(d) && matches!(d.kind, Kind::Document | Kind::WorkItem)).collect())
    }
}
