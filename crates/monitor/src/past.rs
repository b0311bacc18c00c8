//! The store as it stood: documents and memories wound back to an instant, for an edition that speaks for the past.

use std::collections::BTreeMap;

use monitor_model::{
    Document, DocumentKey, Event, EventKind, Health, HealthState, Memory, SourceId, SourceReport, SourceStatus, Stage, StageCode,
    Timestamp, TopicTag, When,
};
use monitor_store::{EventRange, Store};

use crate::{answers::after, exit::Failure};

/// What was told after an instant, and what of the time before is needed to wind documents back to it.
pub(crate) struct Later<'a> {
    as_of: Timestamp,
    events: BTreeMap<DocumentKey, Vec<Event>>,
    /// What was last told of each of these documents, and the last date that its body gave by then.
    told: BTreeMap<DocumentKey, Event>,
    dated: BTreeMap<DocumentKey, When>,
    /// Whether a stage changed: only then must a body's word for the former one be understood.
    asks: bool,
    /// A body's words and what they mean, as events and as documents have them: an event keeps the former word alone.
    heard: BTreeMap<(String, String), StageCode>,
    seen: BTreeMap<(String, String), StageCode>,
    code_of: &'a dyn Fn(&str, &str) -> StageCode,
}

impl<'a> Later<'a> {
    /// Reads what came after `as_of` of the documents that were `there`.
    pub(crate) fn read(
        store: &Store,
        as_of: Timestamp,
        there: impl Fn(&str) -> bool,
        code_of: &'a dyn Fn(&str, &str) -> StageCode,
    ) -> Result<Later<'a>, Failure> {
        let mut later = Later {
            as_of,
            events: BTreeMap::new(),
            told: BTreeMap::new(),
            dated: BTreeMap::new(),
            asks: false,
            heard: BTreeMap::new(),
            seen: BTreeMap::new(),
            code_of,
        };
        for e in store.events_where(EventRange { since: Some(after(as_of)), until: None }, |key, _| there(key))? {
            let e = e?;
            later.asks |= matches!(e.kind, EventKind::Stage | EventKind::Withdrawn);
            later.events.entry(e.document.clone()).or_default().push(e);
        }
        if later.events.is_empty() {
            return Ok(later);
        }
        let before = EventRange { since: None, until: Some(after(as_of)) };
        for e in store.events_where(before, |key, _| later.asks || later.events.contains_key(key))? {
            let e = e?;
            if let (EventKind::Stage, Some(to)) = (e.kind, &e.to) {
                later.heard.insert((e.body.clone(), to.clone()), e.stage);
            }
            if later.events.contains_key(&e.document) {
                later.dated.extend(e.event_date.map(|day| (e.document.clone(), day)));
                later.told.insert(e.document.clone(), e);
            }
        }
        Ok(later)
    }

    /// Whether something was told of the document later.
    pub(crate) fn touches(&self, document: &str) -> bool {
        self.events.contains_key(document)
    }

    /// Learns a body's words from a document as it stands. All are to be looked at before the first that something [touches](Self::touches)
    /// is wound back.
    pub(crate) fn learn(&mut self, d: &Document) {
        if !self.asks {
            return;
        }
        for s in d.stage.iter().chain(d.versions.iter().filter_map(|v| v.stage.as_ref())) {
            self.seen.entry((d.body.clone(), s.raw.clone())).or_insert(s.code);
        }
    }

    /// Winds a document back that was there.
    pub(crate) fn wind(&mut self, d: &mut Document) {
        let as_of = self.as_of;
        let later = self.events.get(&d.document).map(Vec::as_slice).unwrap_or_default();
        later.iter().rev().for_each(|e| self.undo(d, e));
        d.versions.retain(|v| v.first_seen <= as_of);
        if let Some(v) = d.versions.last()
            && later.iter().any(|e| e.kind == EventKind::Revised)
        {
            d.version = Some(v.version.clone());
            d.number = Some(v.number.clone()).filter(|n| !n.is_empty()).or(d.number.take());
            d.published = v.published.or(d.published);
            d.url = if v.url.is_empty() { std::mem::take(&mut d.url) } else { v.url.clone() };
            d.stage = v.stage.clone().or(d.stage.take());
        }
        if let Some(then) = self.told.remove(&d.document) {
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
                d.published = self.dated.remove(&d.document).or(d.published);
            }
            (d.title, d.number, d.url) = (then.title, then.number, then.url);
        }
        self.unsay(d);
        d.sightings.retain(|s| s.first_seen <= as_of);
        d.sightings.iter_mut().for_each(|s| s.last_seen = s.last_seen.min(as_of));
        d.last_checked = d.last_checked.min(as_of);
    }

    /// Takes back what was given, made finer or worded anew without an event. Where an event told of the field before that, it knows
    /// better.
    fn unsay(&self, d: &mut Document) {
        let told = self.events.get(&d.document).map(Vec::as_slice).unwrap_or_default();
        let silent = |field: &str, kinds: &[EventKind]| {
            let (at, was) = d.former(field, self.as_of)?;
            let sooner = told.iter().any(|e| e.at < at && kinds.contains(&e.kind));
            (!sooner).then(|| was.to_owned())
        };
        let date = silent("date", &[EventKind::Date, EventKind::Revised]);
        let title = silent("title", &[EventKind::Title, EventKind::Revised]);
        let stage = silent("stage", &[EventKind::Stage, EventKind::Withdrawn, EventKind::Revised]);
        if let Some(was) = date {
            d.published = was.parse().ok();
        }
        if let Some(was) = title {
            d.title = was;
        }
        if let Some(was) = stage {
            d.stage = StageCode::from_word(&was).map(|code| Stage { raw: String::new(), code, date: None });
        }
    }

    /// Takes one event back.
    fn undo(&self, d: &mut Document, e: &Event) {
        match e.kind {
            EventKind::Title => d.title = e.from.clone().unwrap_or_else(|| std::mem::take(&mut d.title)),
            EventKind::Stage | EventKind::Withdrawn => {
                d.stage = e.from.clone().map(|raw| {
                    let word = (d.body.clone(), raw);
                    let code = self.heard.get(&word).or_else(|| self.seen.get(&word)).copied();
                    Stage { code: code.unwrap_or_else(|| (self.code_of)(&d.body, &word.1)), raw: word.1, date: None }
                });
            }
            EventKind::Date => d.published = e.from.as_deref().and_then(|t| t.parse::<When>().ok()).or(d.published),
            EventKind::Gone => d.sightings.iter_mut().filter(|s| s.source == e.source).for_each(|s| s.present = true),
            EventKind::Back => d.sightings.iter_mut().filter(|s| s.source == e.source).for_each(|s| s.present = false),
            _ => {}
        }
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
