//! What all answers stand on, read without reading everything whole.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Document, Kind, Relevance, SourceId, StageCode, Timestamp};
use monitor_store::{Brief, Sketch, Store};
use monitor_trends::{Work, works};

use crate::{exit::Failure, past::Later};

/// All works, and the documents about AI in key order. Only what the answers show is read whole: of works that are not relevant
/// only the dates count, and the directory has them.
pub(crate) fn read(store: &Store, since: &BTreeMap<SourceId, Timestamp>) -> Result<(Vec<Work>, Vec<Document>), Failure> {
    let counts = |b: &Brief| !b.ignored && is_work(b.kind);
    let mut heaps = Heaps::new(store, since, |_, b| counts(b).then_some(b.relevance == Relevance::Relevant))?;
    let mut whole: BTreeSet<String> = BTreeSet::new();
    store.each_sketch(|key, brief, sketch| {
        if counts(brief) && heaps.relevant.contains(sketch.work(key)) {
            whole.insert(key.to_owned());
        } else if counts(brief) {
            heaps.count(sketch.into_document(key, brief));
        }
    })?;
    for d in store.documents_where(|key, b| whole.contains(key) || (!b.ignored && is_about_ai(b.relevance)))? {
        heaps.show(d?);
    }
    Ok(heaps.end())
}

/// The same as it stood at `as_of`. Each document is wound back as it is read, and of it only that is kept for which the answers ask.
pub(crate) fn read_past(
    store: &Store,
    since: &BTreeMap<SourceId, Timestamp>,
    as_of: Timestamp,
    code_of: &dyn Fn(&str, &str) -> StageCode,
) -> Result<(Vec<Work>, Vec<Document>), Failure> {
    let mut there: BTreeSet<String> = BTreeSet::new();
    store.each_sketch(|key, brief, sketch| {
        if !brief.ignored && sketch.first_seen() <= as_of {
            there.insert(key.to_owned());
        }
    })?;
    let mut later = Later::read(store, as_of, |key| there.contains(key), code_of)?;
    // What changed since may have been relevant then.
    let mut heaps = Heaps::new(store, since, |key, b| {
        (is_work(b.kind) && there.contains(key)).then(|| b.relevance == Relevance::Relevant || later.touches(key))
    })?;
    let mut changed = Vec::new();
    for d in store.documents_where(|key, _| there.contains(key))? {
        let mut d = d?;
        later.learn(&d);
        if later.touches(d.document.as_str()) {
            changed.push(d);
        } else {
            later.wind(&mut d);
            heaps.take(d);
        }
    }
    for mut d in changed {
        later.wind(&mut d);
        heaps.take(d);
    }
    Ok(heaps.end())
}

fn is_work(kind: Kind) -> bool {
    !matches!(kind, Kind::News | Kind::Event | Kind::Liaison)
}

fn is_about_ai(relevance: Relevance) -> bool {
    matches!(relevance, Relevance::Relevant | Relevance::AiOnly)
}

/// What is read, sorted by what is asked of it.
struct Heaps<'a> {
    since: &'a BTreeMap<SourceId, Timestamp>,
    /// Works that may be relevant.
    relevant: BTreeSet<String>,
    /// Works of several documents.
    joined: BTreeSet<String>,
    all: Vec<Work>,
    /// Documents without their words, of works of several.
    bare: Vec<Document>,
    /// Whole documents of relevant works.
    members: Vec<Document>,
    /// Others about AI.
    about_ai: Vec<Document>,
}

impl<'a> Heaps<'a> {
    /// Looks over all documents before the first is read. `counts` says whether one counts as a work, and then whether it may be relevant.
    fn new(
        store: &Store,
        since: &'a BTreeMap<SourceId, Timestamp>,
        counts: impl Fn(&str, &Brief) -> Option<bool>,
    ) -> Result<Heaps<'a>, Failure> {
        let (mut relevant, mut joined) = (BTreeSet::new(), BTreeSet::new());
        store.each_sketch(|key, brief, sketch| {
            let (Some(may), work) = (counts(key, brief), sketch.work(key)) else { return };
            if may {
                relevant.insert(work.to_owned());
            }
            if work != key {
                joined.insert(work.to_owned());
            }
        })?;
        Ok(Heaps { since, relevant, joined, all: Vec::new(), bare: Vec::new(), members: Vec::new(), about_ai: Vec::new() })
    }

    /// A document of which only the dates count.
    fn count(&mut self, bare: Document) {
        if self.joined.contains(bare.work.as_str()) {
            self.bare.push(bare);
        } else {
            self.all.extend(works(&[bare], self.since));
        }
    }

    /// A whole document that an answer may show.
    fn show(&mut self, d: Document) {
        if is_work(d.kind) && self.relevant.contains(d.work.as_str()) {
            self.members.push(d);
        } else if is_about_ai(d.relevance) {
            self.about_ai.push(d);
        }
    }

    /// A whole document of which nothing has counted yet.
    fn take(&mut self, d: Document) {
        if is_work(d.kind) && !self.relevant.contains(d.work.as_str()) {
            self.count(Sketch::bare(&d));
        }
        self.show(d);
    }

    fn end(mut self) -> (Vec<Work>, Vec<Document>) {
        self.all.extend(works(&in_order(self.bare), self.since));
        let members = in_order(self.members);
        self.all.extend(works(&members, self.since));
        self.all.sort_by(|a, b| a.document.cmp(&b.document));
        self.about_ai.extend(members.into_iter().filter(|d| is_about_ai(d.relevance)));
        (self.all, in_order(self.about_ai))
    }
}

pub(crate) fn in_order(mut documents: Vec<Document>) -> Vec<Document> {
    documents.sort_by(|a, b| a.document.cmp(&b.document));
    documents
}

#[cfg(test)]
mod tests {
    use monitor_model::{Event, EventKind, Sighting, TopicId, TopicTag, When};
    use monitor_store::{Batch, OpenOptions};

    use super::*;

    /// Documents of all sorts: relevant, not relevant, ignored, news, works of several members of which one is relevant.
    fn documents() -> Vec<Document> {
        let at = |n: usize| Timestamp::from_second(1_780_000_000 + 86_400 * n as i64).expect("a time");
        let date = |n: usize| format!("2025-{:02}-{:02}", 1 + n % 12, 1 + n % 28).parse::<When>().ok();
        let sighting = |n: usize, source: &str| Sighting {
            source: source.into(),
            url: format!("https://example.org/{n}"),
            first_seen: at(n % 90),
            last_seen: at(n % 90),
            hash: String::new(),
            present: true,
            source_key: None,
            evidence: Default::default(),
        };
        let mut out = Vec::new();
        for n in 0..400 {
            let key = format!("ex/{n:04}");
            let topic = TopicTag { id: TopicId("data-poisoning".into()), score: 1.0, evidence: Vec::new() };
            let stage = monitor_model::Stage { raw: "Published".into(), code: monitor_model::StageCode::Published, date: date(n + 3) };
            let mut d = monitor_model::Document {
                document: key.as_str().into(),
                body: ["ETSI", "ISO", "IETF"][n % 3].into(),
                group: None,
                kind: if n % 11 == 0 { Kind::News } else { Kind::Document },
                number: Some(format!("draft-x-{n}-0{}", n % 3)),
                title: format!("Words of {n}"),
                summary: Some("Words that nobody counts.".into()),
                url: format!("https://example.org/{n}"),
                stage: (n % 4 > 0).then_some(stage.clone()),
                published: date(n),
                date_raw: None,
                deadline: None,
                first_seen: at(n % 90),
                last_checked: at(n % 90),
                work: if n % 9 == 8 { format!("ex/{:04}", n - 1) } else { key.clone() }.as_str().into(),
                version: None,
                versions: Vec::new(),
                access: Default::default(),
                evidence: Default::default(),
                lang: None,
                keywords: Vec::new(),
                sightings: vec![sighting(n, ["a", "b"][n % 2]), sighting(n, "mirror")],
                relations: Vec::new(),
                relevance: [Relevance::Relevant, Relevance::AiOnly, Relevance::Neither, Relevance::SecurityOnly][n / 3 % 4],
                score: 0.5,
                axes: Vec::new(),
                topics: vec![topic],
                why: Vec::new(),
                ignored: (n % 17 == 0).then(|| "no".to_owned()),
                extra: Vec::new(),
            };
            let version = |n: usize, number: String| monitor_model::Version {
                version: String::new(),
                number,
                stage: Some(stage.clone()),
                published: date(n + 5),
                url: d.url.clone(),
                first_seen: d.first_seen,
            };
            d.versions = vec![version(n, format!("draft-x-{n}-0{}", n % 2)), version(n + 1, d.number.clone().unwrap_or_default())];
            out.push(d);
        }
        out
    }

    #[test]
    fn what_is_read_for_an_answer_is_what_reading_everything_gives() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::open(dir.path(), &OpenOptions::new("test", Timestamp::UNIX_EPOCH)).expect("a store");
        for piece in documents().chunks(70) {
            store.commit(&Batch { documents: piece.to_vec(), ..Batch::default() }).expect("stored");
        }
        let since: BTreeMap<SourceId, Timestamp> =
            [("a", 1_780_000_000), ("mirror", 1_783_000_000)].map(|(s, t)| (s.into(), Timestamp::from_second(t).expect("a time"))).into();
        let full: Vec<Document> =
            store.documents().expect("documents").map(|d| d.expect("a document")).filter(|d| d.ignored.is_none()).collect();
        same(read(&store, &since).expect("an answer"), &full, &since);
    }

    /// Some documents change after the day for which the answer speaks: titles with their tags, stages, dates, further versions.
    #[test]
    fn what_is_wound_back_while_it_is_read_is_what_winding_everything_back_gives() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::open(dir.path(), &OpenOptions::new("test", Timestamp::UNIX_EPOCH)).expect("a store");
        let at = |days: i64| Timestamp::from_second(1_780_000_000 + 86_400 * days).expect("a time");
        let as_of = at(60);
        let event = |d: &Document, kind: EventKind, at: Timestamp| Event {
            at,
            document: d.document.clone(),
            body: d.body.clone(),
            kind,
            from: None,
            to: None,
            stage: d.stage_code(),
            source: "a".into(),
            event_date: d.published,
            first_seen: d.first_seen,
            title: d.title.clone(),
            number: d.number.clone(),
            url: d.url.clone(),
            topics: d.topics.iter().map(|t| t.id.clone()).collect(),
            axes: Vec::new(),
            relevance: d.relevance,
            backfill: false,
        };
        let mut all = documents();
        let added: Vec<Event> = all.iter().map(|d| event(d, EventKind::Added, d.first_seen)).collect();
        for (documents, events) in all.chunks(70).zip(added.chunks(70)) {
            store.commit(&Batch { documents: documents.to_vec(), events: events.to_vec(), ..Batch::default() }).expect("stored");
        }
        let mut events = Vec::new();
        for (n, d) in all.iter_mut().enumerate().filter(|(n, d)| n % 5 == 0 && d.first_seen <= as_of) {
            let mut e = match n % 4 {
                0 => event(d, EventKind::Title, at(70)),
                1 => event(d, EventKind::Stage, at(71)),
                2 => event(d, EventKind::Date, at(72)),
                _ => event(d, EventKind::Revised, at(73)),
            };
            match e.kind {
                EventKind::Title => {
                    e.from = Some(std::mem::replace(&mut d.title, format!("Other words of {n}")));
                    d.relevance = Relevance::SecurityOnly;
                }
                EventKind::Stage => {
                    e.from = Some("Published".to_owned());
                    d.stage = Some(monitor_model::Stage { raw: "Draft".into(), code: monitor_model::StageCode::Draft, date: None });
                }
                EventKind::Date => {
                    e.from = Some("2024-02-02".to_owned());
                    d.published = "2026-09-09".parse().ok();
                }
                _ => {
                    let first_seen = at(73);
                    let further = monitor_model::Version { number: "x-9".into(), first_seen, ..d.versions[1].clone() };
                    d.versions.push(further);
                    d.number = Some("x-9".to_owned());
                }
            }
            events.push(e);
        }
        assert!(events.len() > 40);
        let documents = all.iter().filter(|d| events.iter().any(|e| e.document == d.document)).cloned().collect();
        store.commit(&Batch { documents, events, ..Batch::default() }).expect("stored");
        let since: BTreeMap<SourceId, Timestamp> = [("a".into(), at(0)), ("mirror".into(), at(30))].into();
        let code = |_: &str, _: &str| monitor_model::StageCode::Unknown;
        let mut later = Later::read(&store, as_of, |_| true, &code).expect("events");
        let mut full: Vec<Document> = store.documents().expect("documents").map(|d| d.expect("a document")).collect();
        full.retain(|d| d.ignored.is_none() && d.first_seen <= as_of);
        full.iter().for_each(|d| later.learn(d));
        full.iter_mut().for_each(|d| later.wind(d));
        assert!(full.iter().all(|d| !d.title.starts_with("Other") && d.number.as_deref() != Some("x-9")));
        same(read_past(&store, &since, as_of, &code).expect("an answer"), &full, &since);
    }

    /// What was read is what these documents, which are all there are, give.
    fn same((have, about_ai): (Vec<Work>, Vec<Document>), full: &[Document], since: &BTreeMap<SourceId, Timestamp>) {
        let want = works(full, since);
        assert!(want.iter().any(|w| w.relevant) && want.iter().any(|w| !w.relevant) && want.len() < full.len());
        assert_eq!(have.len(), want.len());
        for (have, want) in have.iter().zip(&want) {
            // Of what is not relevant nobody asks for words and tags.
            let mut bare = want.clone();
            if have.title.is_empty() && !want.relevant {
                (bare.title, bare.summary, bare.topics, bare.axes) = (String::new(), String::new(), Vec::new(), Vec::new());
            }
            assert_eq!(*have, bare);
        }
        let about: Vec<&Document> = full.iter().filter(|d| matches!(d.relevance, Relevance::Relevant | Relevance::AiOnly)).collect();
        assert!(about.len() > 50 && about_ai.iter().eq(about));
        let topics = [TopicId("data-poisoning".into())];
        let as_of = "2026-06-30".parse().expect("a day");
        let answer = |works: &[Work]| monitor_trends::trends(&monitor_trends::Input::new(as_of, works, &topics, since.clone()));
        assert_eq!(serde_json::to_string(&answer(&have)).expect("JSON"), serde_json::to_string(&answer(&want)).expect("JSON"));
    }
}
