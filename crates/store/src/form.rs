//! Documents and events as lines of the journal: plain JSON that says everything once.
//!
//! What is absent has its usual value (`kind` document, `access` free …) or, in versions, sightings and events, the same
//! value as the document around them; what differs from it is written, as `null` if it is none.

use monitor_model::{
    Access, Axis, Document, DocumentKey, Event, EventKind, Evidence, EvidenceLevel, Kind, Relation, Relevance, Sighting, SourceId, Stage,
    StageCode, Timestamp, TopicId, TopicTag, Version, When,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// An event with its number, which is written only where it is not the next one.
pub(crate) type Numbered<E> = (Option<u64>, E);

/// A document with what happened to it, to be written.
pub(crate) struct DocumentLine<'a>(pub(crate) &'a Document, pub(crate) Vec<Numbered<&'a Event>>);

struct StageLine<'a>(&'a Stage);
struct VersionLine<'a>(&'a Document, &'a Version);
struct SightingLine<'a>(&'a Document, &'a Sighting);
struct AttachedEvent<'a>(&'a Document, Numbered<&'a Event>);

/// Writes `name` unless `value` is none.
fn maybe<M: SerializeMap, T: Serialize>(m: &mut M, name: &'static str, value: &Option<T>) -> Result<(), M::Error> {
    value.as_ref().map_or(Ok(()), |v| m.serialize_entry(name, v))
}

/// Writes `name` unless `value` is `usual`.
fn unless<M: SerializeMap, T: Serialize + PartialEq + ?Sized>(m: &mut M, name: &'static str, value: &T, usual: &T) -> Result<(), M::Error> {
    if value == usual { Ok(()) } else { m.serialize_entry(name, value) }
}

/// Writes `name` unless the list is empty.
fn list<M: SerializeMap, T: Serialize>(m: &mut M, name: &'static str, value: &[T]) -> Result<(), M::Error> {
    if value.is_empty() { Ok(()) } else { m.serialize_entry(name, value) }
}

impl Serialize for DocumentLine<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let DocumentLine(d, events) = self;
        let d: &Document = d;
        let mut m = s.serialize_map(None)?;
        m.serialize_entry("document", &d.document)?;
        m.serialize_entry("body", &d.body)?;
        maybe(&mut m, "group", &d.group)?;
        unless(&mut m, "kind", &d.kind, &Kind::Document)?;
        maybe(&mut m, "number", &d.number)?;
        m.serialize_entry("title", &d.title)?;
        maybe(&mut m, "summary", &d.summary)?;
        m.serialize_entry("url", &d.url)?;
        maybe(&mut m, "stage", &d.stage.as_ref().map(StageLine))?;
        maybe(&mut m, "published", &d.published)?;
        maybe(&mut m, "date_raw", &d.date_raw)?;
        maybe(&mut m, "deadline", &d.deadline)?;
        m.serialize_entry("first_seen", &d.first_seen)?;
        unless(&mut m, "last_checked", &d.last_checked, &d.first_seen)?;
        unless(&mut m, "work", &d.work, &d.document)?;
        maybe(&mut m, "version", &d.version)?;
        let versions: Vec<_> = d.versions.iter().map(|v| VersionLine(d, v)).collect();
        list(&mut m, "versions", &versions)?;
        unless(&mut m, "access", &d.access, &Access::Free)?;
        unless(&mut m, "evidence", &d.evidence, &EvidenceLevel::Primary)?;
        maybe(&mut m, "lang", &d.lang)?;
        list(&mut m, "keywords", &d.keywords)?;
        let sightings: Vec<_> = d.sightings.iter().map(|v| SightingLine(d, v)).collect();
        list(&mut m, "sightings", &sightings)?;
        list(&mut m, "relations", &d.relations)?;
        unless(&mut m, "relevance", &d.relevance, &Relevance::Neither)?;
        unless(&mut m, "score", &d.score, &0.0)?;
        list(&mut m, "axes", &d.axes)?;
        list(&mut m, "topics", &d.topics)?;
        list(&mut m, "why", &d.why)?;
        maybe(&mut m, "ignored", &d.ignored)?;
        list(&mut m, "extra", &d.extra)?;
        let events: Vec<_> = events.iter().map(|e| AttachedEvent(d, *e)).collect();
        list(&mut m, "events", &events)?;
        m.end()
    }
}

impl Serialize for StageLine<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut m = s.serialize_map(None)?;
        m.serialize_entry("raw", &self.0.raw)?;
        m.serialize_entry("code", &self.0.code)?;
        maybe(&mut m, "date", &self.0.date)?;
        m.end()
    }
}

impl Serialize for VersionLine<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let VersionLine(d, v) = *self;
        let mut m = s.serialize_map(None)?;
        unless(&mut m, "version", v.version.as_str(), d.version.as_deref().unwrap_or_default())?;
        unless(&mut m, "number", v.number.as_str(), d.number.as_deref().unwrap_or_default())?;
        if v.stage != d.stage {
            m.serialize_entry("stage", &v.stage.as_ref().map(StageLine))?;
        }
        unless(&mut m, "published", &v.published, &d.published)?;
        unless(&mut m, "url", &v.url, &d.url)?;
        unless(&mut m, "first_seen", &v.first_seen, &d.first_seen)?;
        m.end()
    }
}

impl Serialize for SightingLine<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let SightingLine(d, v) = *self;
        let mut m = s.serialize_map(None)?;
        m.serialize_entry("source", &v.source)?;
        unless(&mut m, "url", &v.url, &d.url)?;
        unless(&mut m, "first_seen", &v.first_seen, &d.first_seen)?;
        unless(&mut m, "last_seen", &v.last_seen, &v.first_seen)?;
        unless(&mut m, "hash", v.hash.as_str(), "")?;
        unless(&mut m, "present", &v.present, &true)?;
        maybe(&mut m, "source_key", &v.source_key)?;
        unless(&mut m, "evidence", &v.evidence, &d.evidence)?;
        m.end()
    }
}

impl Serialize for AttachedEvent<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let AttachedEvent(d, (number, e)) = *self;
        let mut m = s.serialize_map(None)?;
        maybe(&mut m, "n", &number)?;
        unless(&mut m, "at", &e.at, &d.last_checked)?;
        m.serialize_entry("kind", &e.kind)?;
        maybe(&mut m, "from", &e.from)?;
        maybe(&mut m, "to", &e.to)?;
        unless(&mut m, "body", &e.body, &d.body)?;
        unless(&mut m, "stage", &e.stage, &d.stage_code())?;
        unless(&mut m, "source", e.source.as_str(), usual_source(d))?;
        unless(&mut m, "event_date", &e.event_date, &d.published)?;
        unless(&mut m, "first_seen", &e.first_seen, &d.first_seen)?;
        unless(&mut m, "title", &e.title, &d.title)?;
        unless(&mut m, "number", &e.number, &d.number)?;
        unless(&mut m, "url", &e.url, &d.url)?;
        if !e.topics.iter().eq(d.topics.iter().map(|t| &t.id)) {
            m.serialize_entry("topics", &e.topics)?;
        }
        unless(&mut m, "axes", &e.axes, &d.axes)?;
        unless(&mut m, "relevance", &e.relevance, &d.relevance)?;
        unless(&mut m, "backfill", &e.backfill, &false)?;
        m.end()
    }
}

/// The source that an event comes from unless it says otherwise: the one that was added last.
fn usual_source(d: &Document) -> &str {
    d.sightings.last().map(|s| s.source.as_str()).unwrap_or_default()
}

/// A document as read. `E` is what becomes of its events: [`AttachedForm`], or nothing when nobody asks for them.
#[derive(Deserialize)]
pub(crate) struct DocumentForm<E> {
    document: DocumentKey,
    body: String,
    group: Option<String>,
    #[serde(default)]
    kind: Kind,
    number: Option<String>,
    title: String,
    summary: Option<String>,
    url: String,
    stage: Option<Stage>,
    published: Option<When>,
    date_raw: Option<String>,
    deadline: Option<When>,
    first_seen: Timestamp,
    last_checked: Option<Timestamp>,
    work: Option<DocumentKey>,
    version: Option<String>,
    #[serde(default)]
    versions: Vec<VersionForm>,
    #[serde(default)]
    access: Access,
    #[serde(default)]
    evidence: EvidenceLevel,
    lang: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    sightings: Vec<SightingForm>,
    #[serde(default)]
    relations: Vec<Relation>,
    #[serde(default)]
    relevance: Relevance,
    #[serde(default)]
    score: f32,
    #[serde(default)]
    axes: Vec<Axis>,
    #[serde(default)]
    topics: Vec<TopicTag>,
    #[serde(default)]
    why: Vec<Evidence>,
    ignored: Option<String>,
    #[serde(default)]
    extra: Vec<(String, String)>,
    #[serde(default = "Vec::new")]
    pub(crate) events: Vec<E>,
}

#[derive(Deserialize)]
struct VersionForm {
    version: Option<String>,
    number: Option<String>,
    #[serde(default, deserialize_with = "given")]
    stage: Option<Option<Stage>>,
    #[serde(default, deserialize_with = "given")]
    published: Option<Option<When>>,
    url: Option<String>,
    first_seen: Option<Timestamp>,
}

#[derive(Deserialize)]
struct SightingForm {
    source: SourceId,
    url: Option<String>,
    first_seen: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    #[serde(default)]
    hash: String,
    present: Option<bool>,
    source_key: Option<String>,
    evidence: Option<EvidenceLevel>,
}

/// An event in the line of its document, as read.
#[derive(Deserialize)]
pub(crate) struct AttachedForm {
    n: Option<u64>,
    at: Option<Timestamp>,
    kind: EventKind,
    from: Option<String>,
    to: Option<String>,
    body: Option<String>,
    stage: Option<StageCode>,
    source: Option<SourceId>,
    #[serde(default, deserialize_with = "given")]
    event_date: Option<Option<When>>,
    first_seen: Option<Timestamp>,
    title: Option<String>,
    #[serde(default, deserialize_with = "given")]
    number: Option<Option<String>>,
    url: Option<String>,
    topics: Option<Vec<TopicId>>,
    axes: Option<Vec<Axis>>,
    relevance: Option<Relevance>,
    #[serde(default)]
    backfill: bool,
}

/// Tells a `null` that is written from a field that is absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

impl<E> DocumentForm<E> {
    /// The document, and its events as they were read.
    pub(crate) fn into_document(self) -> (Document, Vec<E>) {
        let first_seen = self.first_seen;
        let evidence = self.evidence;
        let versions = self.versions.into_iter().map(|v| Version {
            version: v.version.unwrap_or_else(|| self.version.clone().unwrap_or_default()),
            number: v.number.unwrap_or_else(|| self.number.clone().unwrap_or_default()),
            stage: v.stage.unwrap_or_else(|| self.stage.clone()),
            published: v.published.unwrap_or(self.published),
            url: v.url.unwrap_or_else(|| self.url.clone()),
            first_seen: v.first_seen.unwrap_or(first_seen),
        });
        let sightings = self.sightings.into_iter().map(|v| {
            let first = v.first_seen.unwrap_or(first_seen);
            Sighting {
                source: v.source,
                url: v.url.unwrap_or_else(|| self.url.clone()),
                first_seen: first,
                last_seen: v.last_seen.unwrap_or(first),
                hash: v.hash,
                present: v.present.unwrap_or(true),
                source_key: v.source_key,
                evidence: v.evidence.unwrap_or(evidence),
            }
        });
        let (versions, sightings) = (versions.collect(), sightings.collect());
        let document = Document {
            work: self.work.unwrap_or_else(|| self.document.clone()),
            document: self.document,
            body: self.body,
            group: self.group,
            kind: self.kind,
            number: self.number,
            title: self.title,
            summary: self.summary,
            url: self.url,
            stage: self.stage,
            published: self.published,
            date_raw: self.date_raw,
            deadline: self.deadline,
            first_seen,
            last_checked: self.last_checked.unwrap_or(first_seen),
            version: self.version,
            versions,
            access: self.access,
            evidence,
            lang: self.lang,
            keywords: self.keywords,
            sightings,
            relations: self.relations,
            relevance: self.relevance,
            score: self.score,
            axes: self.axes,
            topics: self.topics,
            why: self.why,
            ignored: self.ignored,
            extra: self.extra,
        };
        (document, self.events)
    }
}

impl AttachedForm {
    /// The event, completed from the document in whose line it stands.
    pub(crate) fn into_event(self, d: &Document) -> Numbered<Event> {
        let event = Event {
            at: self.at.unwrap_or(d.last_checked),
            document: d.document.clone(),
            body: self.body.unwrap_or_else(|| d.body.clone()),
            kind: self.kind,
            from: self.from,
            to: self.to,
            stage: self.stage.unwrap_or(d.stage_code()),
            source: self.source.unwrap_or_else(|| usual_source(d).into()),
            event_date: self.event_date.unwrap_or(d.published),
            first_seen: self.first_seen.unwrap_or(d.first_seen),
            title: self.title.unwrap_or_else(|| d.title.clone()),
            number: self.number.unwrap_or_else(|| d.number.clone()),
            url: self.url.unwrap_or_else(|| d.url.clone()),
            topics: self.topics.unwrap_or_else(|| d.topics.iter().map(|t| t.id.clone()).collect()),
            axes: self.axes.unwrap_or_else(|| d.axes.clone()),
            relevance: self.relevance.unwrap_or(d.relevance),
            backfill: self.backfill,
        };
        (self.n, event)
    }
}
