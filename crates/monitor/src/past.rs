//! The store as it stood: documents and memories wound back to an instant, for an edition that speaks for the past.

use std::collections::BTreeMap;

use monitor_model::{
    Document, DocumentKey, Event, EventKind, Health, HealthState, Memory, SourceId, SourceReport, SourceStatus, Stage, StageCode,
    Timestamp, TopicTag, When,
};
use monitor_store::{EventRange, Store};

use crate::{answers::after, exit::Failure};

/// Winds documents back to `as_of`: what came later is not there, what changed later is as it was.
pub(crate) fn documents(
    store: &Store,
    mut all: Vec<Document>,
    as_of: Timestamp,
    code_of: &dyn Fn(&str, &str) -> StageCode,
) -> Result<Vec<Document>, Failure> {
    let later = EventRange { since: Some(after(as_of)), until: None };
    let mut events: BTreeMap<DocumentKey, Vec<Event>> = BTreeMap::new();
    for e in store.events(later)? {
        let e = e?;
        events.entry(e.document.clone()).or_default().push(e);
    }
    all.retain(|d| d.first_seen <= as_of);
    // A body's words and what they mean, as far as the store shows: an event keeps the former word alone.
    let mut codes: BTreeMap<(String, String), StageCode> = BTreeMap::new();
    for d in &all {
        for s in d.stage.iter().chain(d.versions.iter().filter_map(|v| v.stage.as_ref())) {
            codes.entry((d.body.clone(), s.raw.clone())).or_insert(s.code);
        }
    }
    // What was last told of each document, and the last date that its body gave by then.
    let mut told: BTreeMap<DocumentKey, Event> = BTreeMap::new();
    let mut dated: BTreeMap<DocumentKey, When> = BTreeMap::new();
    if !events.is_empty() {
        for e in store.events(EventRange { since: None, until: Some(after(as_of)) })? {
            let e = e?;
            if let (EventKind::Stage, Some(to)) = (e.kind, &e.to) {
                codes.insert((e.body.clone(), to.clone()), e.stage);
            }
            if events.contains_key(&e.document) {
                dated.extend(e.event_date.map(|day| (e.document.clone(), day)));
                told.insert(e.document.clone(), e);
            }
        }
    }
    for d in &mut all {
        if let Some(list) = events.get(&d.document) {
            list.iter().rev().for_each(|e| undo(d, e, &codes, code_of));
        }
        d.versions.retain(|v| v.first_seen <= as_of);
        if let Some(v) = d.versions.last()
            && events.get(&d.document).is_some_and(|l| l.iter().any(|e| e.kind == EventKind::Revised))
        {
            d.version = Some(v.version.clone());
            d.number = Some(v.number.clone()).filter(|n| !n.is_empty()).or(d.number.take());
            d.published = v.published.or(d.published);
            d.url = if v.url.is_empty() { std::mem::take(&mut d.url) } else { v.url.clone() };
            d.stage = v.stage.clone().or(d.stage.take());
        }
        if let Some(then) = told.remove(&d.document) {
            let later = events.get(&d.document).map(Vec::as_slice).unwrap_or_default();
            // Another title is tagged otherwise; what was found in the former one is told by its event.
            if later.iter().any(|e| e.kind == EventKind::Title) {
                (d.relevance, d.axes) = (then.relevance, then.axes);
                let mut now = std::mem::take(&mut d.topics);
                d.topics = then
                    .topics
                    .into_iter()
                    .map(|id| match now.iter().position(|t| t.id == id) {
                        Some(at) => now.swap_remove(at),
                        None => TopicTag { id, score: 1.0, evidence: Vec::new() },
                    })
                    .collect();
            }
            // A date that came with a later step was not the document's date yet.
            if d.published.is_some() && later.iter().any(|e| e.event_date == d.published) {
                d.published = dated.remove(&d.document).or(d.published);
            }
            (d.title, d.number, d.url) = (then.title, then.number, then.url);
        }
        d.sightings.retain(|s| s.first_seen <= as_of);
        d.sightings.iter_mut().for_each(|s| s.last_seen = s.last_seen.min(as_of));
        d.last_checked = d.last_checked.min(as_of);
    }
    Ok(all)
}

/// Takes one event back.
fn undo(d: &mut Document, e: &Event, codes: &BTreeMap<(String, String), StageCode>, code_of: &dyn Fn(&str, &str) -> StageCode) {
    match e.kind {
        EventKind::Title => d.title = e.from.clone().unwrap_or_else(|| std::mem::take(&mut d.title)),
        EventKind::Stage | EventKind::Withdrawn => {
            d.stage = e.from.clone().map(|raw| {
                let code = codes.get(&(d.body.clone(), raw.clone())).copied().unwrap_or_else(|| code_of(&d.body, &raw));
                Stage { raw, code, date: None }
            });
        }
        EventKind::Date => d.published = e.from.as_deref().and_then(|t| t.parse::<When>().ok()).or(d.published),
        EventKind::Gone => d.sightings.iter_mut().filter(|s| s.source == e.source).for_each(|s| s.present = true),
        EventKind::Back => d.sightings.iter_mut().filter(|s| s.source == e.source).for_each(|s| s.present = false),
        _ => {}
    }
}

/// What was known of the sources at `as_of`, from the records of the runs until then.
pub(crate) fn memories(
    now: BTreeMap<SourceId, Memory>,
    history: &[(Timestamp, SourceReport)],
    as_of: Timestamp,
) -> (BTreeMap<SourceId, Memory>, BTreeMap<SourceId, SourceReport>) {
    let mut last: BTreeMap<SourceId, SourceReport> = BTreeMap::new();
    let mut then: BTreeMap<SourceId, Memory> = BTreeMap::new();
    for (at, r) in history.iter().filter(|(at, _)| *at <= as_of) {
        let m = then.entry(r.id.clone()).or_default();
        if r.status != SourceStatus::Skipped {
            m.last_status = Some(r.status);
            m.last_asked = Some(*at);
        }
        let good = matches!(r.status, SourceStatus::Ok | SourceStatus::NotModified | SourceStatus::Empty | SourceStatus::Stale);
        if good {
            m.first_success = m.first_success.or(Some(*at));
            m.last_success = Some(*at);
            if r.counts.collected > 0 {
                m.last_collected = r.counts.collected;
            }
        }
        // What a first good fetch shows is new to us, though others may have brought it.
        if r.counts.new + r.counts.revised > 0 || (good && m.last_new.is_none() && r.counts.collected > 0) {
            m.last_new = Some(*at);
        }
        m.health = Health {
            state: match r.status {
                SourceStatus::Blocked => HealthState::Blocked,
                SourceStatus::Broken | SourceStatus::Partial => HealthState::Degraded,
                SourceStatus::Stale => HealthState::Stale,
                SourceStatus::Skipped | SourceStatus::Login => m.health.state,
                _ => HealthState::Ok,
            },
            ..m.health.clone()
        };
        last.insert(r.id.clone(), r.clone());
    }
    // What no run tells of, an import, counts from when it first brought something.
    for (id, m) in now {
        if !then.contains_key(&id) && m.first_success.is_some_and(|f| f <= as_of) {
            let clip = |t: Option<Timestamp>| t.map(|t| t.min(as_of));
            then.insert(id, Memory { last_success: clip(m.last_success), last_new: clip(m.last_new), last_asked: clip(m.last_asked), ..m });
        }
    }
    (then, last)
}
