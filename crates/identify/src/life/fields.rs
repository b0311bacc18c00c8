//! Fields that are tracked: which source decides one, and what its change says.
use monitor_model::{Document, Event, EventKind, Stage, StageCode, When};

use super::{Seen, merge::Merge, text::differ};

/// What a change of stage goes with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// The same version.
    Same,
    /// A version that the body counts: `revised` reports it.
    Counted,
    /// A step of one edition (`DIS` to `FDIS`): only the stage reports it.
    Stage,
}

/// The letters of a stage's words: `v0.5 draft` and `v0.6 draft` say the same.
fn letters(raw: &str) -> String {
    raw.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

impl Merge<'_> {
    /// Whether this source decides a field: the one that gave it does, the first good source by default.
    pub(super) fn owns(&self, doc: &Document, field: &str) -> bool {
        if self.better {
            return true;
        }
        let Some(at) = self.at else { return false };
        match self.owner(doc, field) {
            Some(i) if doc.sightings[i].present => i == at,
            _ => true,
        }
    }

    /// Takes a field over from the source that gave it before.
    pub(super) fn take(&self, doc: &mut Document, field: &str) {
        let name = format!("{field}.source");
        let lead = self.lead.is_some_and(|i| doc.sightings[i].source == *self.seen.source_id);
        doc.extra.retain(|(k, _)| *k != name);
        if !lead {
            doc.extra.push((name, self.seen.source_id.0.clone()));
            doc.extra.sort();
        }
    }

    /// The sighting of the source that gave a field.
    fn owner(&self, doc: &Document, field: &str) -> Option<usize> {
        let name = format!("{field}.source");
        match doc.extra.iter().find(|(k, _)| *k == name) {
            Some((_, source)) => doc.sightings.iter().position(|s| s.source.as_str() == source),
            None => self.lead,
        }
    }

    pub(super) fn title(&self, doc: &mut Document, events: &mut Vec<Event>) {
        if self.row.title.is_empty() || !differ(&self.row.title, &doc.title) {
            return;
        }
        let was_number = doc.number.as_deref() == Some(doc.title.as_str());
        let old = std::mem::replace(&mut doc.title, self.row.title.clone());
        if self.seen.source.tracks("title") && !was_number {
            let mut e = self.event(doc, EventKind::Title);
            e.from = Some(old);
            e.to = Some(self.row.title.clone());
            e.event_date = self.row.published.filter(|p| doc.published != Some(*p));
            events.push(e);
        } else {
            doc.note_former("title", self.seen.at, &old);
        }
        doc.tag(self.seen.tagging.clone());
        self.take(doc, "title");
    }

    /// The stage becomes that of the row, whose source answers for it from now on. Where nobody had stated one before, that is noted;
    /// what the number alone tells is noted by its code.
    pub(super) fn set_stage(&self, doc: &mut Document, stage: &Stage) {
        let was = doc.stage.as_ref().map(|s| (s.raw.is_empty(), s.code.as_str()));
        match was {
            None => doc.note_former("stage", self.seen.at, ""),
            Some((true, code)) => doc.note_former("stage", self.seen.at, code),
            Some((false, _)) => {}
        }
        doc.stage = Some(stage.clone());
        self.take(doc, "stage");
    }

    pub(super) fn stage(&self, doc: &mut Document, stage: &Stage, events: &mut Vec<Event>, by: Move) {
        let old = doc.stage.clone();
        let changed = old.as_ref().is_none_or(|o| differ(&o.raw, &stage.raw));
        if !changed {
            // the word is the same: a date that was missing is filled, one that moved is corrected
            if let (Some(now), Some(date)) = (&mut doc.stage, stage.date) {
                now.date = Some(date);
                now.code = stage.code;
            }
            return;
        }
        self.set_stage(doc, stage);
        // a first stage word is no news, neither after a stage that nobody stated, nor is the same stage of a version that `revised`
        // reports: its words, figures and dates apart
        let Some(old) = old.filter(|o| !o.raw.is_empty()) else { return };
        let same_stage = old.code == stage.code && letters(&old.raw) == letters(&stage.raw);
        if !self.seen.source.tracks("stage") || (by == Move::Counted && same_stage) {
            return;
        }
        let kind = if stage.code == StageCode::Withdrawn { EventKind::Withdrawn } else { EventKind::Stage };
        let mut e = self.event(doc, kind);
        e.from = Some(old.raw);
        e.to = Some(stage.raw.clone());
        e.event_date = stage.date.or_else(|| self.row.published.filter(|p| by != Move::Same || doc.published != Some(*p)));
        events.push(e);
    }

    pub(super) fn date(&self, doc: &mut Document, events: &mut Vec<Event>) {
        let Some(new) = self.row.published else { return };
        let silent = |doc: &mut Document, old: Option<When>| {
            doc.note_former("date", self.seen.at, &old.map(|w| w.to_string()).unwrap_or_default());
        };
        let Some(old) = doc.published else {
            doc.published = Some(new);
            silent(doc, None);
            doc.date_raw = None;
            self.take(doc, "date");
            return;
        };
        if old == new || !self.owns(doc, "date") {
            return;
        }
        if new.touches(old.first_day(), old.last_day()) {
            // the same date with more or less of it: the finer one stays
            if new.precision() > old.precision() {
                doc.published = Some(new);
                silent(doc, Some(old));
            }
            return;
        }
        doc.published = Some(new);
        if self.seen.source.tracks("date") && !events.iter().any(|e| matches!(e.kind, EventKind::Stage | EventKind::Withdrawn)) {
            let mut e = self.event(doc, EventKind::Date);
            e.from = Some(old.to_string());
            e.to = Some(new.to_string());
            e.event_date = Some(new);
            events.push(e);
        } else {
            silent(doc, Some(old));
        }
    }

    /// Further times that are tracked: a deadline, and fields that begin with a year (`timing`, `finish`). A first value is no news.
    pub(super) fn times(&self, doc: &Document, events: &mut Vec<Event>) {
        let e = self.entry();
        let mut moved = |name: &str, old: String, new: String| {
            if old != new && self.seen.source.tracks(name) {
                let mut event = self.event(doc, EventKind::Date);
                let shown = name.replace(['_', '-'], " ");
                (event.from, event.to) = (Some(format!("{shown} {old}")), Some(format!("{shown} {new}")));
                events.push(event);
            }
        };
        if let (Some(old), Some(new)) = (doc.deadline, e.deadline) {
            moved("deadline", old.to_string(), new.to_string());
        }
        for (name, new) in &e.extra {
            if let Some(old) = doc.extra(name).filter(|old| is_time(old) && is_time(new)) {
                moved(name, old.to_owned(), new.clone());
            }
        }
    }
}

/// Whether a text begins with a year: `2027-Q4 (Medium priority)`.
fn is_time(text: &str) -> bool {
    let year = text.trim_start().get(..4).and_then(|y| y.parse::<u16>().ok());
    year.is_some_and(|y| (1900..2200).contains(&y)) && !text.trim_start()[4..].starts_with(|c: char| c.is_alphanumeric())
}

/// The first present sighting of those whose word counts most.
pub(super) fn lead(seen: &Seen<'_>, doc: &Document) -> Option<usize> {
    if let [only] = doc.sightings.as_slice() {
        return only.present.then_some(0);
    }
    let present = doc.sightings.iter().enumerate().filter(|(_, s)| s.present);
    // of equals the first
    present.min_by_key(|(_, s)| seen.rank_of(doc, s)).map(|(i, _)| i)
}
