//! What a row changes in a document, and which of it is news.
use monitor_model::{
    Access, Document, DocumentKey, Entry, Event, EventKind, EvidenceLevel, Kind, Sighting, SourceId, Stage, StageCode, Verdict, When,
};

use super::{
    Life, Seen, event,
    facts::lay_facts,
    happened,
    row::{Place, Row, insert, place, read, version},
    text::{differ, given},
};
use crate::{Bodies, order::split};

fn sighting(seen: &Seen<'_>, url: &str) -> Sighting {
    Sighting {
        source: seen.source_id.clone(),
        url: url.to_owned(),
        first_seen: seen.at,
        last_seen: seen.at,
        hash: seen.hash.to_owned(),
        present: true,
        source_key: seen.entry.source_key.clone(),
        evidence: seen.level(),
    }
}

/// What a row is that nobody says it of: without a number, an address among posts or press releases makes it news.
fn kind_of(seen: &Seen<'_>) -> Kind {
    const POSTS: [&str; 9] = ["blog", "blogs", "news", "newsroom", "post", "posts", "press", "press-release", "press-releases"];
    if seen.id.document.as_ref().is_some_and(DocumentKey::is_numbered) {
        return Kind::Document;
    }
    let among = |word: &str| POSTS.iter().any(|p| word.eq_ignore_ascii_case(p));
    let address = seen.entry.url.as_deref().and_then(|u| url::Url::parse(u).ok());
    let stands_there = || address.as_ref().and_then(url::Url::path_segments).is_some_and(|mut parts| parts.any(among));
    if seen.entry.group.as_deref().is_some_and(among) || stands_there() { Kind::News } else { Kind::Document }
}

/// Nobody had seen the document.
pub(super) fn first(seen: &Seen<'_>, bodies: &Bodies) -> Life {
    let e = seen.entry;
    let said = [e.body.as_str(), seen.source.body.as_str()].into_iter().find(|b| !b.trim().is_empty()).unwrap_or_default();
    let stated = || bodies.canonical_body(said).to_owned();
    let body = match &seen.id.body {
        // The paper of a body does not become arXiv's because it lies there.
        Some(b) if !said.is_empty() && bodies.body(b).is_some_and(|b| b.repository) => stated(),
        Some(b) => b.clone(),
        None => stated(),
    };
    let row = read(seen, &body, bodies);
    let group = e.group.as_deref().or(seen.source.group.as_deref()).map(|g| bodies.canonical_group(&body, g).to_owned());
    let access = seen.source.access.map(Access::from).or_else(|| bodies.body(&body).map(|b| b.access)).unwrap_or_default();
    let mut document = Document {
        document: seen.key.clone(),
        body,
        group,
        kind: e.kind.or(seen.source.item_kind).unwrap_or_else(|| kind_of(seen)),
        number: row.number.clone(),
        title: row.title.clone(),
        summary: given(e.summary.as_deref()).map(|s| s.into_owned()),
        url: row.url.clone(),
        stage: row.stage.clone(),
        published: row.published,
        date_raw: e.date_raw.clone(),
        deadline: e.deadline,
        first_seen: seen.at,
        last_checked: seen.at,
        work: seen.key.clone(),
        version: row.label.clone(),
        versions: row.label.iter().map(|l| version(&row, l, seen)).collect(),
        access,
        evidence: seen.level(),
        lang: e.lang.clone().or_else(|| seen.source.lang.clone()),
        keywords: e.keywords.clone(),
        sightings: vec![sighting(seen, &row.url)],
        relations: Vec::new(),
        relevance: seen.tagging.relevance,
        score: 0.0,
        axes: Vec::new(),
        topics: Vec::new(),
        why: Vec::new(),
        ignored: None,
        extra: e.extra.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
    };
    if document.title.is_empty() {
        document.title = document.number.clone().unwrap_or_default();
    }
    document.relations = crate::relations(bodies, e, seen.id);
    lay_facts(&mut document, bodies);
    document.tag(seen.tagging.clone());
    let mut added = event(&document, EventKind::Added, seen.source_id, seen.at, seen.backfill);
    added.to = document.number.clone().or_else(|| Some(document.title.clone()));
    added.event_date = happened(e);
    Life { document, events: vec![added], verdict: Verdict::New }
}

/// The document is known.
pub(super) fn again(known: &Document, seen: &Seen<'_>, bodies: &Bodies) -> Life {
    let mut doc = known.clone();
    lay_facts(&mut doc, bodies);
    let row = read(seen, &known.body, bodies);
    let mut events = Vec::new();
    let at = doc.sightings.iter().position(|s| s.source == *seen.source_id);
    let level = seen.level();
    // what a worse source says is kept as a sighting and fills gaps, but decides nothing while a better one shows the document
    let best = known.sightings.iter().filter(|s| s.present).map(|s| s.evidence).min().unwrap_or(known.evidence);
    let decides = level <= best;
    let better = level < best;
    let place = place(known, &row, seen);
    match at {
        Some(i) => {
            let s = &mut doc.sightings[i];
            if !s.present {
                s.present = true;
                s.last_seen = seen.at;
                seen.hash.clone_into(&mut s.hash);
                events.push(event(&doc, EventKind::Back, seen.source_id, seen.at, seen.backfill));
            }
        }
        None => doc.sightings.push(sighting(seen, &row.url)),
    }
    doc.evidence = doc.sightings.iter().map(|s| s.evidence).min().unwrap_or_default();
    let merge = Merge { seen, bodies, at, better, row };
    if !decides {
        merge.fill(&mut doc);
    } else {
        match place {
            Place::Older => merge.older(&mut doc),
            Place::Newer => merge.newer(&mut doc, &mut events),
            Place::Current => merge.current(&mut doc, &mut events),
        }
    }
    if doc != *known
        && let Some(i) = at
        && place != Place::Older
    {
        let s = &mut doc.sightings[i];
        seen.hash.clone_into(&mut s.hash);
        s.last_seen = seen.at;
        if !merge.row.url.is_empty() {
            s.url.clone_from(&merge.row.url);
        }
    }
    let verdict = match (events.is_empty(), at) {
        (false, _) => Verdict::Revised,
        (true, None) => Verdict::OtherSighting,
        (true, Some(_)) => Verdict::Same,
    };
    // events carry the tags as they stand after the change
    for e in &mut events {
        e.title.clone_from(&doc.title);
        e.number.clone_from(&doc.number);
        e.url.clone_from(&doc.url);
        e.topics = doc.topics.iter().map(|t| t.id.clone()).collect();
        e.axes.clone_from(&doc.axes);
        e.relevance = doc.relevance;
        e.stage = doc.stage_code();
    }
    Life { document: doc, events, verdict }
}

/// What a change of stage goes with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    /// The same version.
    Same,
    /// A version that the body counts: `revised` reports it.
    Counted,
    /// A step of one edition (`DIS` to `FDIS`): only the stage reports it.
    Stage,
}

struct Merge<'a> {
    seen: &'a Seen<'a>,
    bodies: &'a Bodies,
    at: Option<usize>,
    better: bool,
    row: Row,
}

impl Merge<'_> {
    fn entry(&self) -> &Entry {
        self.seen.entry
    }

    fn event(&self, doc: &Document, kind: EventKind) -> Event {
        event(doc, kind, self.seen.source_id, self.seen.at, self.seen.backfill)
    }

    /// Whether this source decides a field: the one that gave it does, the first good source by default.
    fn owns(&self, doc: &Document, field: &str) -> bool {
        if self.better {
            return true;
        }
        let Some(at) = self.at else { return false };
        match owner(doc, field) {
            Some(i) if doc.sightings[i].present => i == at,
            _ => true,
        }
    }

    /// Takes a field over from the source that gave it before.
    fn take(&self, doc: &mut Document, field: &str) {
        let name = format!("{field}.source");
        let lead = lead(doc).is_some_and(|i| doc.sightings[i].source == *self.seen.source_id);
        doc.extra.retain(|(k, _)| *k != name);
        if !lead {
            doc.extra.push((name, self.seen.source_id.0.clone()));
            doc.extra.sort();
        }
    }

    /// What nobody has said yet.
    fn fill(&self, doc: &mut Document) {
        let e = self.entry();
        let retag = doc.summary.is_none() && e.summary.is_some();
        if doc.summary.is_none() {
            doc.summary = given(e.summary.as_deref()).map(|s| s.into_owned());
        }
        if doc.group.is_none() {
            doc.group = e.group.as_deref().map(|g| self.bodies.canonical_group(&doc.body, g).to_owned());
        }
        if doc.url.is_empty() {
            doc.url.clone_from(&self.row.url);
        }
        if doc.keywords.is_empty() {
            doc.keywords.clone_from(&e.keywords);
        }
        if doc.lang.is_none() {
            doc.lang = e.lang.clone().or_else(|| self.seen.source.lang.clone());
        }
        // hearsay fills no stage and no date: it may alert, never decide
        if self.seen.level() != EvidenceLevel::Secondary {
            if doc.stage.is_none() && self.row.stage.is_some() {
                doc.stage.clone_from(&self.row.stage);
                self.take(doc, "stage");
            }
            if doc.published.is_none() && self.row.published.is_some() {
                doc.published = self.row.published;
                self.take(doc, "date");
            }
            if doc.deadline.is_none() {
                doc.deadline = e.deadline;
            }
        }
        for (k, v) in &e.extra {
            if doc.extra(k).is_none() {
                doc.extra.push((k.clone(), v.clone()));
                doc.extra.sort();
            }
        }
        if retag && self.seen.tagging.relevance != doc.relevance {
            doc.tag(self.seen.tagging.clone());
        }
    }

    /// An earlier version: it joins the list, or its own line there is brought up to date; nothing else moves.
    fn older(&self, doc: &mut Document) {
        let Some(l) = self.row.label.as_deref() else { return };
        match doc.versions.iter_mut().find(|v| v.version == l) {
            Some(v) => {
                if let Some(stage) = &self.row.stage {
                    let date = stage.date.or(v.stage.as_ref().and_then(|s| s.date));
                    v.stage = Some(Stage { date, ..stage.clone() });
                }
                // What came before the newest version did not come out again: a mirror's later date is that of its copy.
                if let Some(new) = self.row.published {
                    let better = |old: When| match new.touches(old.first_day(), old.last_day()) {
                        true => new.precision() > old.precision(),
                        false => new.first_day() < old.first_day(),
                    };
                    if v.published.is_none_or(better) {
                        v.published = Some(new);
                    }
                }
                if v.url.is_empty() {
                    v.url.clone_from(&self.row.url);
                }
            }
            None => insert(&mut doc.versions, version(&self.row, l, self.seen)),
        }
    }

    /// A later version: the current fields become its own.
    fn newer(&self, doc: &mut Document, events: &mut Vec<Event>) {
        let Some(l) = self.row.label.as_deref() else { return };
        let old = doc.version.clone().unwrap_or_default();
        // all rows of one run are one addition: the newest of them is simply how the document was found
        let same_run = doc.first_seen == self.seen.at;
        let ((was, _), (is, _)) = (split(&old), split(l));
        // an undated draft that gets its year is the same edition: its stage says so
        let counted = was != is && (is.is_empty() || !was.is_empty());
        insert(&mut doc.versions, version(&self.row, l, self.seen));
        doc.version = Some(l.to_owned());
        let mut quiet = Vec::new();
        let to = if same_run { &mut quiet } else { &mut *events };
        if counted && self.seen.source.tracks("version") {
            let mut e = self.event(doc, EventKind::Revised);
            e.from = Some(old.clone()).filter(|o| !o.is_empty());
            e.to = Some(l.to_owned());
            e.event_date = self.row.published.or(self.entry().stage_date);
            to.push(e);
        }
        match &self.row.stage {
            Some(stage) => self.stage(doc, stage, to, if counted { Move::Counted } else { Move::Stage }),
            // a new version says nothing of its stage: that of the former one is not its own
            None if doc.stage.as_ref().is_some_and(|s| s.code.is_over()) => doc.stage = None,
            None => {}
        }
        self.title(doc, to);
        if let Some(p) = self.row.published {
            doc.published = Some(p);
            self.take(doc, "date");
        }
        self.rest(doc, true);
    }

    /// The current version.
    fn current(&self, doc: &mut Document, events: &mut Vec<Event>) {
        if doc.version.is_none()
            && let Some(l) = self.row.label.as_deref()
        {
            doc.version = Some(l.to_owned());
            insert(&mut doc.versions, version(&self.row, l, self.seen));
        }
        if let Some(stage) = &self.row.stage {
            if doc.stage.is_none() {
                doc.stage = Some(stage.clone());
                self.take(doc, "stage");
            } else if self.owns(doc, "stage") {
                self.stage(doc, stage, events, Move::Same);
            }
        }
        if self.owns(doc, "title") {
            self.title(doc, events);
        }
        self.date(doc, events);
        let decides = self.owns(doc, "text");
        if decides && doc.first_seen != self.seen.at {
            self.times(doc, events);
        }
        self.rest(doc, decides);
        if let Some(now) = doc.version.clone()
            && let Some(v) = doc.versions.iter_mut().find(|v| v.version == now)
        {
            v.stage.clone_from(&doc.stage);
            v.published = doc.published.or(v.published);
        }
    }

    fn title(&self, doc: &mut Document, events: &mut Vec<Event>) {
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
        }
        doc.tag(self.seen.tagging.clone());
        self.take(doc, "title");
    }

    fn stage(&self, doc: &mut Document, stage: &Stage, events: &mut Vec<Event>, by: Move) {
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
        doc.stage = Some(stage.clone());
        self.take(doc, "stage");
        // a first stage word is no news, nor is the same stage of a version that `revised` reports
        let Some(old) = old else { return };
        if !self.seen.source.tracks("stage") || (by == Move::Counted && old.code == stage.code && stage.code != StageCode::Unknown) {
            return;
        }
        let kind = if stage.code == StageCode::Withdrawn { EventKind::Withdrawn } else { EventKind::Stage };
        let mut e = self.event(doc, kind);
        e.from = Some(old.raw);
        e.to = Some(stage.raw.clone());
        e.event_date = stage.date.or_else(|| self.row.published.filter(|p| by != Move::Same || doc.published != Some(*p)));
        events.push(e);
    }

    fn date(&self, doc: &mut Document, events: &mut Vec<Event>) {
        let Some(new) = self.row.published else { return };
        let Some(old) = doc.published else {
            doc.published = Some(new);
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
        }
    }

    /// Further times that are tracked: a deadline, and fields that begin with a year (`timing`, `finish`). A first value is no news.
    fn times(&self, doc: &Document, events: &mut Vec<Event>) {
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

    /// Fields that are kept and never reported.
    fn rest(&self, doc: &mut Document, decides: bool) {
        if !decides {
            self.fill(doc);
            return;
        }
        let e = self.entry();
        if let Some(summary) = given(e.summary.as_deref())
            && doc.summary.as_deref().is_none_or(|s| differ(s, &summary))
        {
            doc.summary = Some(summary.into_owned());
            doc.tag(self.seen.tagging.clone());
        }
        if let Some(n) = &self.row.number {
            doc.number = Some(n.clone());
        }
        if !self.row.url.is_empty() {
            doc.url.clone_from(&self.row.url);
        }
        if let Some(group) = &e.group {
            doc.group = Some(self.bodies.canonical_group(&doc.body, group).to_owned());
        }
        if let Some(kind) = e.kind {
            doc.kind = kind;
        }
        if e.deadline.is_some() {
            doc.deadline = e.deadline;
        }
        if e.lang.is_some() {
            doc.lang.clone_from(&e.lang);
        }
        if !e.keywords.is_empty() {
            doc.keywords.clone_from(&e.keywords);
        }
        if e.date_raw.is_some() && self.row.published.is_none() && doc.published.is_none() {
            doc.date_raw.clone_from(&e.date_raw);
        }
        for (k, v) in &e.extra {
            match doc.extra.iter_mut().find(|(name, _)| name == k) {
                Some(slot) => slot.1.clone_from(v),
                None => doc.extra.push((k.clone(), v.clone())),
            }
        }
        doc.extra.sort();
        if let Some(a) = self.seen.source.access {
            doc.access = a.into();
        }
        let more = crate::relations(self.bodies, e, self.seen.id);
        for r in more {
            if !doc.relations.contains(&r) {
                doc.relations.push(r);
                doc.relations.sort();
            }
        }
    }
}

/// Whether a text begins with a year: `2027-Q4 (Medium priority)`.
fn is_time(text: &str) -> bool {
    let year = text.trim_start().get(..4).and_then(|y| y.parse::<u16>().ok());
    year.is_some_and(|y| (1900..2200).contains(&y)) && !text.trim_start()[4..].starts_with(|c: char| c.is_alphanumeric())
}

/// The first present sighting of the best evidence.
fn lead(doc: &Document) -> Option<usize> {
    let best = doc.sightings.iter().filter(|s| s.present).map(|s| s.evidence).min()?;
    doc.sightings.iter().position(|s| s.present && s.evidence == best)
}

/// The sighting of the source that gave a field.
fn owner(doc: &Document, field: &str) -> Option<usize> {
    let name = format!("{field}.source");
    match doc.extra.iter().find(|(k, _)| *k == name) {
        Some((_, source)) => doc.sightings.iter().position(|s| s.source == SourceId(source.clone())),
        None => lead(doc),
    }
}
