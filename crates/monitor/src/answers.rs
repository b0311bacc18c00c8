//! What is asked of the store: trends, landscape, coverage, an edition. Reads; decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{civil::Date, tz::TimeZone};
use monitor_digest::{Correction, Edition, Form, GroupInfo, Question, SourceCoverage, TopicLabel};
use monitor_identify::Role;
use monitor_landscape::{Dates, Home, Landscape, TopicInfo};
use monitor_model::{
    Document, DocumentKey, Event, FrozenEdition, Kind, Memory, Relevance, Robots, SourceId, SourceKind, SourceReport, StageCode, Timestamp,
    TopicId, When,
};
use monitor_store::{Brief, Decision, DecisionKind, EventRange, Store};
use monitor_trends::{Trends, Work, works};

use crate::{config::Setup, exit::Failure, past};

/// What all questions about one store share, read once.
pub(crate) struct Answers<'a> {
    setup: &'a Setup,
    store: &'a Store,
    memories: BTreeMap<SourceId, Memory>,
    reports: BTreeMap<SourceId, SourceReport>,
    /// About AI and not ignored, in key order: also what is not about its security may be a counterpart of an item of ours.
    about_ai: Vec<Document>,
    works: Vec<Work>,
}

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

impl<'a> Answers<'a> {
    pub(crate) fn new(setup: &'a Setup, store: &'a Store) -> Result<Self, Failure> {
        Self::at(setup, store, Timestamp::MAX)
    }

    /// The same for a day that a person asks about: what was known then, and where nothing was watched yet, what its sources tell of that
    /// time.
    pub(crate) fn of_day(setup: &'a Setup, store: &'a Store, as_of: Timestamp) -> Result<Self, Failure> {
        let watched = store.memories()?.values().any(|m| m.first_success.is_some_and(|t| t <= as_of));
        Self::at(setup, store, if watched { as_of } else { Timestamp::MAX })
    }

    /// The same for an instant: when the store has seen more since, what came later is not looked at.
    pub(crate) fn at(setup: &'a Setup, store: &'a Store, as_of: Timestamp) -> Result<Self, Failure> {
        let memories = store.memories()?;
        if memories.values().filter_map(|m| m.last_asked.max(m.last_success)).all(|t| t <= as_of) {
            let (works, about_ai) = read(store, &watched_since(&memories))?;
            return Ok(Answers { setup, store, reports: store.last_reports()?, memories, about_ai, works });
        }
        let (memories, reports) = past::memories(memories, &store.report_history()?, as_of);
        let mut documents = Vec::new();
        for d in store.documents()? {
            let d = d?;
            if d.ignored.is_none() {
                documents.push(d);
            }
        }
        let bodies = setup.bodies()?;
        documents = past::documents(store, documents, as_of, &|body, raw| bodies.stage(body, raw))?;
        let works = works(&documents, &watched_since(&memories));
        documents.retain(|d| matches!(d.relevance, Relevance::Relevant | Relevance::AiOnly));
        Ok(Answers { setup, store, memories, reports, about_ai: in_order(documents), works })
    }

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
            StageCode::Published => d.published.is_none() && d.stage.as_ref().is_some_and(|s| s.date.is_none()),
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

    /// The map.
    pub(crate) fn landscape(&self, as_of: Date) -> Result<Landscape, Failure> {
        let topics: Vec<TopicInfo> =
            self.setup.taxonomy()?.topics().iter().map(|t| TopicInfo { id: t.id.clone(), label: t.label.clone() }).collect();
        let (watched, not_read) = self.reach()?;
        let home = home(self.setup, as_of)?;
        Ok(monitor_landscape::landscape(&monitor_landscape::Input {
            as_of,
            documents: &self.about_ai,
            topics: &topics,
            home: &home,
            bodies_watched: &watched,
            not_read: &not_read,
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

    /// Every declared source with what is known of it; sources that only an import named come last.
    pub(crate) fn coverage(&self) -> Result<Vec<SourceCoverage>, Failure> {
        coverage(self.setup, &self.memories, &self.reports)
    }

    /// An edition, composed.
    pub(crate) fn edition(&self, wanted: &Wanted<'_>) -> Result<Edition, Failure> {
        let taxonomy = self.setup.taxonomy()?;
        let day = day_of(wanted.as_of);
        // The map and what stands near speak for the day of the edition; only what happened lies in its window.
        let documents: Vec<Document> = self.relevant().filter(|d| (wanted.keep)(d)).cloned().collect();
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
            landscape: &self.landscape(day)?,
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

    /// The names of topics.
    pub(crate) fn labels(&self) -> Result<monitor_digest::pictures::Labels, Failure> {
        Ok(self.setup.taxonomy()?.topics().iter().map(|t| (t.id.clone(), t.label.clone())).collect())
    }

    /// Documents of the home group on AI.
    pub(crate) fn home_documents(&self) -> Result<Vec<&Document>, Failure> {
        let home = home(self.setup, day_of(self.setup.now))?;
        Ok(self.about_ai.iter().filter(|d| home.owns(d) && matches!(d.kind, Kind::Document | Kind::WorkItem)).collect())
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

    /// The documents of the map.
    pub(crate) fn documents(&self) -> &[Document] {
        &self.about_ai
    }

    fn relevant(&self) -> impl Iterator<Item = &Document> {
        self.about_ai.iter().filter(|d| d.relevance == Relevance::Relevant)
    }
}

/// All works, and the documents about AI in key order. Only what the answers show is read whole: of works that are not relevant
/// only the dates count, and the directory has them.
fn read(store: &Store, since: &BTreeMap<SourceId, Timestamp>) -> Result<(Vec<Work>, Vec<Document>), Failure> {
    let is_work = |b: &Brief| !b.ignored && !matches!(b.kind, Kind::News | Kind::Event | Kind::Liaison);
    let is_about_ai = |b: &Brief| !b.ignored && matches!(b.relevance, Relevance::Relevant | Relevance::AiOnly);
    // Which works hold a relevant document, and which are made of several.
    let (mut relevant, mut joined) = (BTreeSet::new(), BTreeSet::new());
    store.each_sketch(|key, brief, sketch| {
        let work = sketch.work(key);
        if is_work(brief) && brief.relevance == Relevance::Relevant {
            relevant.insert(work.to_owned());
        }
        if is_work(brief) && work != key {
            joined.insert(work.to_owned());
        }
    })?;
    let mut all: Vec<Work> = Vec::new();
    let mut bare: Vec<Document> = Vec::new();
    let mut whole: BTreeSet<String> = BTreeSet::new();
    store.each_sketch(|key, brief, sketch| {
        let (work, counts) = (sketch.work(key), is_work(brief));
        if counts && relevant.contains(work) {
            whole.insert(key.to_owned());
        } else if counts && joined.contains(work) {
            bare.push(sketch.into_document(key, brief));
        } else if counts {
            all.extend(works(&[sketch.into_document(key, brief)], since));
        }
    })?;
    all.extend(works(&in_order(bare), since));
    let (mut about_ai, mut members) = (Vec::new(), Vec::new());
    for d in store.documents_where(|key, brief| is_about_ai(brief) || whole.contains(key))? {
        let d = d?;
        if whole.contains(d.document.as_str()) { members.push(d) } else { about_ai.push(d) }
    }
    all.extend(works(&members, since));
    all.sort_by(|a, b| a.document.cmp(&b.document));
    about_ai.extend(members.into_iter().filter(|d| d.ignored.is_none() && matches!(d.relevance, Relevance::Relevant | Relevance::AiOnly)));
    Ok((all, in_order(about_ai)))
}

fn in_order(mut documents: Vec<Document>) -> Vec<Document> {
    documents.sort_by(|a, b| a.document.cmp(&b.document));
    documents
}

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

/// The civil day (UTC) of an instant.
pub(crate) fn day_of(t: Timestamp) -> Date {
    t.to_zoned(TimeZone::UTC).date()
}

/// The instant after `t`, for half-open windows that must hold `t`.
pub(crate) fn after(t: Timestamp) -> Timestamp {
    t.checked_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX)
}

/// The last instant of the period that `w` names.
pub(crate) fn end_of(w: When) -> Timestamp {
    match w {
        When::Instant(t) => t,
        w => w
            .last_day()
            .tomorrow()
            .ok()
            .and_then(|d| When::Day(d).start().checked_sub(jiff::SignedDuration::from_nanos(1)).ok())
            .unwrap_or(Timestamp::MAX),
    }
}

fn watched_since(memories: &BTreeMap<SourceId, Memory>) -> BTreeMap<SourceId, Timestamp> {
    memories.iter().filter_map(|(id, m)| Some((id.clone(), m.first_success?))).collect()
}

/// The home group of `bodies.toml` as the landscape wants it.
fn home(setup: &Setup, on: Date) -> Result<Home, Failure> {
    Ok(group(setup, on)?.home())
}

/// The reader's names from `editions.toml`, body, group and Questions from `bodies.toml`: each truth stands once.
pub(crate) fn group(setup: &Setup, on: Date) -> Result<GroupInfo, Failure> {
    let mut group = setup.editions()?.group.clone();
    // Questions come and go: an answer for a past day speaks of the Questions of that day.
    let home = setup.bodies()?.home().on(on);
    group.body = home.body.clone();
    group.group = home.group.clone();
    group.default_question = home.question.clone();
    group.questions = home
        .questions
        .iter()
        .map(|q| Question {
            id: q.id.clone(),
            title: q.title.clone(),
            topics: home.routing.iter().filter(|(_, to)| to.first() == Some(&q.id)).map(|(t, _)| TopicId(t.clone())).collect(),
            source: String::new(),
        })
        .collect();
    Ok(group)
}

/// The next dates and the meetings held, for options and silence.
fn dates(setup: &Setup, as_of: Date) -> Result<Dates, Failure> {
    let calendar = setup.calendar()?;
    let upcoming = calendar.upcoming(as_of, usize::MAX);
    let by_rule = |rule: &str| upcoming.iter().find(|d| d.rule.as_deref() == Some(rule)).map(|d| d.date);
    let plenary = calendar.next_plenary(as_of).map(|m| m.start);
    Ok(Dates {
        liaison: by_rule("liaison").or(plenary),
        contribution: by_rule("contribution"),
        plenary,
        meetings_held: calendar
            .meetings
            .iter()
            .filter(|m| m.body.is_none() && m.end <= as_of && m.kind == monitor_model::MeetingKind::Plenary)
            .map(|m| m.start)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use monitor_model::{Relevance, Sighting, TopicTag};
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
        let (have, about_ai) = read(&store, &since).expect("an answer");
        let want = works(&full, &since);
        assert!(want.iter().any(|w| w.relevant) && want.iter().any(|w| !w.relevant) && want.len() < full.len());
        assert_eq!(have.len(), want.len());
        for (have, want) in have.iter().zip(&want) {
            // Of what is not relevant nobody asks for words and tags.
            let mut bare = want.clone();
            if !want.relevant {
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
