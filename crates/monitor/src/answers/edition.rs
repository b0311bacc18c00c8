//! An edition: what it is asked for and what it is made from.

use std::collections::{BTreeMap, BTreeSet};

use monitor_digest::{Correction, Edition, Form, TopicLabel};
use monitor_identify::Role;
use monitor_model::{Document, DocumentKey, FrozenEdition, Relevance, Timestamp};
use monitor_store::{Brief, Decision, DecisionKind, EventRange};

use super::{Answers, after, day_of, group};
use crate::exit::Failure;

/// The map of `bodies.toml` that names bare stage codes.
const STAGE_CODES: &str = "iso";

/// Which edition is wanted.
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    /// Its name in `editions.toml`.
    pub(crate) edition: &'a str,
    /// Whether only approved rows become lines.
    pub(crate) approval: bool,
    /// Which option a form on demand is about, from 1.
    pub(crate) option: Option<usize>,
    pub(crate) form: Form,
    pub(crate) as_of: Timestamp,
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    /// Keeps a document; filters of `editions.toml`.
    pub(crate) keep: &'a dyn Fn(&Document) -> bool,
}

impl Answers<'_> {
    /// An edition, composed.
    pub(crate) fn edition(&self, wanted: &Wanted<'_>) -> Result<Edition, Failure> {
        let taxonomy = self.setup.taxonomy()?;
        let day = day_of(wanted.as_of);
        // The map and what stands near speak for the day of the edition; only what happened lies in its window.
        let landscape = self.landscape(day)?;
        // What is on AI alone is looked at where it stands close to an item of ours, or where lists of it are printed.
        let near: BTreeSet<&DocumentKey> = landscape.counterparts.iter().filter(|c| c.is_close()).map(|c| &c.other).collect();
        let listed = matches!(wanted.form, Form::Td | Form::Map);
        let on_ai_alone = |d: &&Document| d.relevance == Relevance::AiOnly && d.ignored.is_none() && (listed || near.contains(&d.document));
        let beside = self.about_ai.iter().filter(on_ai_alone);
        let documents: Vec<Document> = self.relevant().chain(beside).filter(|d| (wanted.keep)(d)).cloned().collect();
        let kept: BTreeSet<_> = documents.iter().map(|d| &d.document).collect();
        // A window is half-open, but what was seen at the very moment for which the edition speaks belongs to it.
        let until = if wanted.until == wanted.as_of { after(wanted.until) } else { wanted.until };
        let range = EventRange { since: Some(wanted.since), until: Some(until) };
        let relevant = |_: &str, b: &Brief| b.relevance == Relevance::Relevant && !b.ignored;
        let mut events = self.store.events_where(range, relevant)?.collect::<Result<Vec<_>, _>>()?;
        events.retain(|e| kept.contains(&e.document));
        let topics: Vec<TopicLabel> = taxonomy
            .topics()
            .iter()
            .map(|t| TopicLabel { id: t.id.clone(), label: t.label.clone(), definition: t.definition.clone() })
            .collect();
        let axes: Vec<_> = taxonomy
            .axes()
            .iter()
            .filter_map(|a| Some((monitor_model::Axis::from_word(&a.id)?, a.label.clone(), a.definition.clone())))
            .collect();
        let approved = approvals(&self.store.decisions()?);
        let bodies = self.setup.bodies()?;
        Ok(monitor_digest::compose(&monitor_digest::Input {
            name: wanted.name,
            edition_name: wanted.edition,
            approved: wanted.approval.then_some(&approved),
            option: wanted.option,
            form: wanted.form,
            group: &group(self.setup, day)?,
            as_of: wanted.as_of,
            since: wanted.since,
            until: wanted.until,
            documents: &documents,
            events: &events,
            coverage: &self.coverage()?,
            trends: &self.trends(day, 90, 730)?,
            landscape: &landscape,
            calendar: self.setup.calendar()?,
            topics: &topics,
            axes: &axes,
            corrections: &self.corrections(wanted)?,
            vendors: &bodies.bodies().iter().filter(|b| b.role == Role::Vendor).map(|b| b.id.clone()).collect(),
            stage_names: bodies.maps().get(STAGE_CODES).unwrap_or(&BTreeMap::new()),
            tool_version: env!("CARGO_PKG_VERSION"),
            taxonomy_version: &taxonomy.version,
        }))
    }

    /// What earlier editions of the same name said and is not so any more.
    fn corrections(&self, wanted: &Wanted<'_>) -> Result<Vec<Correction>, Failure> {
        let frozen: Vec<FrozenEdition> =
            self.store.editions()?.into_iter().filter(|e| e.name == wanted.edition && e.as_of < wanted.as_of).collect();
        self.corrections_of(&frozen)
    }

    /// What these editions said and is not so any more.
    pub(crate) fn corrections_of(&self, frozen: &[FrozenEdition]) -> Result<Vec<Correction>, Failure> {
        let mut documents: BTreeMap<DocumentKey, Document> = BTreeMap::new();
        for key in monitor_digest::documents_in(frozen) {
            let known = self.about_ai.binary_search_by(|d| d.document.cmp(&key)).ok().map(|i| self.about_ai[i].clone());
            let Some(d) = known.map_or_else(|| self.store.document(&key), |d| Ok(Some(d)))? else { continue };
            documents.insert(key, d);
        }
        Ok(monitor_digest::corrections(frozen, &documents))
    }
}

/// Until when each document was approved.
pub(crate) fn approvals(decisions: &[Decision]) -> BTreeMap<DocumentKey, Timestamp> {
    let mut approved = BTreeMap::new();
    for d in decisions {
        match &d.what {
            DecisionKind::Approve { until, .. } => {
                let held = approved.entry(d.document.clone()).or_insert(*until);
                *held = (*held).max(*until);
            }
            DecisionKind::Disapprove { .. } => {
                approved.remove(&d.document);
            }
            _ => {}
        }
    }
    approved
}
