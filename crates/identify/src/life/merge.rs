//! What a row changes in a document, and which of it is news.
use monitor_model::{Access, Document, Entry, Event, EventKind, EvidenceLevel, Sighting, Stage, Verdict, When};

use super::{
    Life, Seen, event,
    facts::lay_facts,
    fields::{Move, lead},
    happened,
    kind::kind_of,
    row::{Place, Row, goes_back, insert, is_archived, place, read, version},
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

/// The stage that the number alone tells by a rule of its body: in no words, since nobody stated it.
fn certain(seen: &Seen<'_>) -> Option<Stage> {
    seen.id.certain.map(|code| Stage { raw: String::new(), code, date: None })
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
        kind: e.kind.or(seen.source.item_kind).unwrap_or_else(|| kind_of(seen, row.stage.as_ref().map(|s| s.code))),
        number: row.number.clone(),
        title: row.title.clone(),
        summary: given(e.summary.as_deref()).map(|s| s.into_owned()),
        url: row.url.clone(),
        stage: row.stage.clone().or_else(|| certain(seen)),
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
    // what a worse source says is kept as a sighting and fills gaps, but decides nothing while a better one shows the document
    let rank = seen.rank(&known.body, &row.url);
    let shown = match known.sightings.as_slice() {
        // most rows are what their source showed before
        [s] if s.present && s.source == *seen.source_id && s.url == row.url => Some((s.evidence, rank.1)),
        all => all.iter().filter(|s| s.present).map(|s| seen.rank_of(known, s)).min(),
    };
    let best = shown.unwrap_or((known.evidence, rank.1));
    let (decides, better) = (rank <= best, rank < best);
    let place = match place(known, &row, seen) {
        Place::Current if !better && is_archived(known, &row, seen) => Place::Older,
        place => place,
    };
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
    if row.stage.is_none() && doc.stage.is_none() {
        doc.stage = certain(seen);
    }
    let lead = lead(seen, &doc);
    let merge = Merge { seen, bodies, at, lead, better, row };
    if !decides {
        merge.fill(&mut doc, place);
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
        let leads_away = rank.1 && merge.row.url != doc.sightings[i].url && merge.seen.rank_of(&doc, &doc.sightings[i]) < rank;
        let s = &mut doc.sightings[i];
        seen.hash.clone_into(&mut s.hash);
        s.last_seen = seen.at;
        if !merge.row.url.is_empty() && !leads_away {
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

/// A row on its way into a known document.
pub(super) struct Merge<'a> {
    pub(super) seen: &'a Seen<'a>,
    bodies: &'a Bodies,
    /// The sighting of its source, if there is one.
    pub(super) at: Option<usize>,
    /// The sighting whose word counts most.
    pub(super) lead: Option<usize>,
    /// Its source stands nearer to the body than any that showed the document.
    pub(super) better: bool,
    pub(super) row: Row,
}

impl Merge<'_> {
    pub(super) fn entry(&self) -> &Entry {
        self.seen.entry
    }

    pub(super) fn event(&self, doc: &Document, kind: EventKind) -> Event {
        event(doc, kind, self.seen.source_id, self.seen.at, self.seen.backfill)
    }

    /// What nobody has said yet.
    fn fill(&self, doc: &mut Document, place: Place) {
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
        // hearsay fills no stage and no date: it may alert, never decide; nor does an earlier version speak for the latest
        if self.seen.level() != EvidenceLevel::Secondary && place != Place::Older {
            if doc.stage.as_ref().is_none_or(|s| s.raw.is_empty())
                && let Some(stage) = &self.row.stage
            {
                self.set_stage(doc, stage);
            }
            if doc.published.is_none() && self.row.published.is_some() {
                doc.published = self.row.published;
                doc.note_former("date", self.seen.at, "");
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
        let Some(l) = self.row.label.as_deref().filter(|l| doc.version.as_deref() != Some(*l)) else { return };
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
            if doc.stage.as_ref().is_none_or(|s| s.raw.is_empty()) {
                self.set_stage(doc, stage);
            } else if self.owns(doc, "stage") && !goes_back(doc, &self.row) {
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

    /// Fields that are kept and never reported.
    fn rest(&self, doc: &mut Document, decides: bool) {
        if !decides {
            self.fill(doc, Place::Current);
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
