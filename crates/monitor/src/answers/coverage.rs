//! Which sources there are and what is known of each.

use std::collections::BTreeMap;

use monitor_digest::SourceCoverage;
use monitor_model::{Memory, Robots, SourceId, SourceReport};

use crate::{config::Setup, exit::Failure};

/// Every declared source with what is known of it; sources that only an import named come last.
pub(crate) fn coverage(
    setup: &Setup,
    memories: &BTreeMap<SourceId, Memory>,
    reports: &BTreeMap<SourceId, SourceReport>,
) -> Result<Vec<SourceCoverage>, Failure> {
    let sources = setup.sources()?;
    let mut rows = Vec::new();
    for (id, s) in &sources.by_id {
        let m = memories.get(id).cloned().unwrap_or_default();
        rows.push(SourceCoverage {
            id: id.clone(),
            name: s.name.clone().unwrap_or_else(|| id.0.clone()),
            body: s.body.clone(),
            kind: s.kind,
            url: s.addresses().into_iter().next().unwrap_or_default(),
            enabled: s.enabled(),
            status: m.last_status,
            unproven: m.first_success.is_none(),
            health: m.health,
            last_success: m.last_success,
            last_new: m.last_new,
            first_success: m.first_success,
            collected: m.last_collected,
            complaints: reports.get(id).map(|r| r.complaints.clone()).unwrap_or_default(),
            robots_exception: match s.robots() {
                Robots::Ignore { why } => Some(why),
                Robots::Obey => None,
            },
            note: s.note.clone(),
            access: s.access,
        });
    }
    for (id, m) in memories.iter().filter(|(id, _)| !sources.by_id.contains_key(*id)) {
        rows.push(SourceCoverage {
            id: id.clone(),
            name: format!("{id} (imported)"),
            enabled: true,
            status: m.last_status,
            health: m.health.clone(),
            last_success: m.last_success,
            last_new: m.last_new,
            first_success: m.first_success,
            collected: m.last_collected,
            note: Some("taken from a file by `monitor import`; nobody fetches it".to_owned()),
            ..SourceCoverage::default()
        });
    }
    Ok(rows)
}
