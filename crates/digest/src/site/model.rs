//! What all pages share: names, rows, events, who belongs where.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{civil::Date, tz::TimeZone};
use monitor_model::{Document, DocumentKey, Event, EventKind, Kind, TopicId, When};
use serde::Serialize;

use super::{SiteInput, names};
use crate::clean::{clean, clip};

/// A row of a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    /// Path of its page from the site's root.
    pub(super) page: String,
    pub(super) title: String,
    pub(super) lang: Option<String>,
    pub(super) number: Option<String>,
    pub(super) body: String,
    pub(super) group: Option<String>,
    pub(super) kind: &'static str,
    pub(super) stage: String,
    pub(super) code: &'static str,
    /// The body's date, with its precision.
    pub(super) date: String,
    /// Set when the body gives none and the day of the first sight stands there.
    pub(super) seen: bool,
}

/// A row of “what changed”.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Step {
    pub(super) page: Option<String>,
    pub(super) title: String,
    pub(super) number: Option<String>,
    pub(super) body: String,
    pub(super) what: String,
    /// When it happened, in the body's own words; empty when no one says.
    pub(super) date: String,
    /// The day on which it was seen.
    pub(super) seen: String,
    pub(super) source: String,
    pub(super) backfill: bool,
}

/// A name with a page.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) page: String,
}

pub(super) struct Model<'a> {
    pub(super) input: &'a SiteInput<'a>,
    /// By rank.
    pub(super) documents: Vec<&'a Document>,
    /// Events of documents that have a page, newest first.
    pub(super) events: Vec<&'a Event>,
    pub(super) events_of: BTreeMap<&'a DocumentKey, Vec<&'a Event>>,
    pub(super) by_key: BTreeMap<&'a DocumentKey, &'a Document>,
    /// The documents of each work that has more than one.
    pub(super) by_work: BTreeMap<&'a DocumentKey, Vec<&'a Document>>,
    pub(super) topics: BTreeMap<&'a TopicId, &'a str>,
    pub(super) bodies: names::Slugs,
    pub(super) groups: names::Slugs,
    pub(super) questions: names::Slugs,
    pub(super) left_out: usize,
}

/// The date that a list shows, and whether it is only the day of the first sight.
pub(super) fn date_of(d: &Document) -> (Date, Option<When>) {
    let own = d.stage.as_ref().and_then(|s| s.date).or(d.published);
    (own.map_or_else(|| day(d.first_seen), When::first_day), own)
}

pub(super) fn day(t: monitor_model::Timestamp) -> Date {
    t.to_zoned(TimeZone::UTC).date()
}

/// The word for a kind.
pub(super) fn kind(k: Kind) -> &'static str {
    match k {
        Kind::Document => "document",
        Kind::WorkItem => "work item",
        Kind::News => "news",
        Kind::Liaison => "liaison statement",
        Kind::Event => "meeting",
        Kind::Paper => "paper",
        Kind::Incident => "incident",
        Kind::Policy => "policy text",
    }
}

/// Papers, posts, meetings and incidents: findable, but no news of standards.
pub(super) fn is_aside(k: Kind) -> bool {
    matches!(k, Kind::Paper | Kind::News | Kind::Event | Kind::Incident)
}

/// What a group's name is made of, so that two bodies' “SG17” are two groups.
pub(super) fn group_name(d: &Document) -> Option<String> {
    let group = clean(d.group.as_deref()?);
    (!group.is_empty()).then(|| format!("{} {group}", body_name(d)))
}

/// The body as a name that is never empty.
pub(super) fn body_name(d: &Document) -> String {
    let body = clip(&d.body, 60);
    if body.is_empty() { "no body named".to_owned() } else { body }
}

/// What happened, in words.
fn words(e: &Event) -> String {
    let part = |t: &Option<String>| clip(t.as_deref().unwrap_or_default(), 200);
    let (from, to) = (part(&e.from), part(&e.to));
    let change = match (from.is_empty(), to.is_empty()) {
        (false, false) => format!("{from} → {to}"),
        (true, false) => to,
        (false, true) => format!("{from} → nothing"),
        (true, true) => String::new(),
    };
    let head = match e.kind {
        EventKind::Added if e.backfill => "in the list when watching began",
        EventKind::Added => "first seen",
        EventKind::Revised => "new version",
        EventKind::Stage => "stage",
        EventKind::Title => "title",
        EventKind::Date => "date",
        EventKind::Withdrawn => "withdrawn",
        EventKind::Gone => "no longer listed by its source",
        EventKind::Back => "listed again",
    };
    if change.is_empty() || e.kind == EventKind::Added { head.to_owned() } else { format!("{head}: {change}") }
}

impl<'a> Model<'a> {
    pub(super) fn new(input: &'a SiteInput<'a>, documents: Vec<&'a Document>, left_out: usize) -> Model<'a> {
        let by_key: BTreeMap<_, _> = documents.iter().map(|d| (&d.document, *d)).collect();
        let mut events: Vec<&Event> = input.events.iter().filter(|e| by_key.contains_key(&e.document)).collect();
        events.sort_by(|a, b| {
            b.at.cmp(&a.at)
                .then_with(|| b.event_date.cmp(&a.event_date))
                .then_with(|| a.document.cmp(&b.document))
                .then_with(|| a.kind.cmp(&b.kind))
        });
        let mut events_of: BTreeMap<&DocumentKey, Vec<&Event>> = BTreeMap::new();
        for e in &events {
            events_of.entry(&e.document).or_default().push(e);
        }
        let mut by_work: BTreeMap<&DocumentKey, Vec<&Document>> = BTreeMap::new();
        for d in &documents {
            by_work.entry(&d.work).or_default().push(d);
        }
        by_work.retain(|_, list| list.len() > 1);
        let body_names: BTreeSet<String> = documents.iter().map(|d| body_name(d)).collect();
        let group_names: BTreeSet<String> = documents.iter().filter_map(|d| group_name(d)).collect();
        Model {
            input,
            bodies: names::Slugs::new(body_names.iter().map(String::as_str)),
            groups: names::Slugs::new(group_names.iter().map(String::as_str)),
            questions: names::Slugs::new(input.group.questions.iter().map(|q| q.id.as_str())),
            topics: input.topics.iter().map(|t| (&t.id, t.label.as_str())).collect(),
            by_work,
            events,
            events_of,
            by_key,
            documents,
            left_out,
        }
    }

    /// Whether an event belongs to the work of a standards body.
    pub(super) fn is_standards_work(&self, e: &Event) -> bool {
        self.by_key.get(&e.document).is_some_and(|d| !is_aside(d.kind))
    }

    pub(super) fn document_page(&self, key: &DocumentKey) -> Option<String> {
        self.by_key.contains_key(key).then(|| format!("documents/{}.html", names::of_key(key.as_str())))
    }

    pub(super) fn topic_page(&self, id: &TopicId) -> Option<Place> {
        let label = self.topics.get(id)?;
        Some(Place { name: (*label).to_owned(), page: format!("topics/{}.html", names::of_key(id.as_str())) })
    }

    pub(super) fn body_page(&self, name: &str) -> Option<Place> {
        Some(Place { name: name.to_owned(), page: format!("bodies/{}.html", self.bodies.of(name)?) })
    }

    pub(super) fn group_page(&self, d: &Document) -> Option<Place> {
        let name = group_name(d)?;
        Some(Place { page: format!("groups/{}.html", self.groups.of(&name)?), name: clean(d.group.as_deref()?) })
    }

    pub(super) fn question_page(&self, id: &str) -> Option<Place> {
        Some(Place { name: id.to_owned(), page: format!("questions/{}.html", self.questions.of(id)?) })
    }

    /// The Questions that a document concerns.
    pub(super) fn questions_of(&self, d: &Document) -> Vec<String> {
        self.input.group.route(d.topics.iter().map(|t| &t.id))
    }

    pub(super) fn row(&self, d: &Document) -> Row {
        let (first, own) = date_of(d);
        Row {
            page: format!("documents/{}.html", names::of_key(d.document.as_str())),
            title: title(d),
            lang: d.lang.clone(),
            number: d.number.as_deref().map(|n| clip(n, 80)).filter(|n| !n.is_empty()),
            body: body_name(d),
            group: d.group.as_deref().map(|g| clip(g, 80)),
            kind: kind(d.kind),
            stage: stage(d),
            code: d.stage_code().as_str(),
            date: own.map_or_else(|| first.to_string(), short),
            seen: own.is_none(),
        }
    }

    pub(super) fn step(&self, e: &Event) -> Step {
        Step {
            page: self.document_page(&e.document),
            title: if e.title.trim().is_empty() { e.document.0.clone() } else { clip(&e.title, 300) },
            number: e.number.as_deref().map(|n| clip(n, 80)).filter(|n| !n.is_empty()),
            body: clip(&e.body, 60),
            what: words(e),
            date: e.event_date.map(short).unwrap_or_default(),
            seen: day(e.at).to_string(),
            source: e.source.0.clone(),
            backfill: e.backfill,
        }
    }
}

/// A date to the day at most.
pub(super) fn short(w: When) -> String {
    match w {
        When::Instant(t) => day(t).to_string(),
        w => w.to_string(),
    }
}

pub(super) fn title(d: &Document) -> String {
    let title = clip(&d.title, 300);
    if title.is_empty() { d.number.clone().unwrap_or_else(|| d.document.0.clone()) } else { title }
}

/// The body's own word, and the common one beside it where it says more.
pub(super) fn stage(d: &Document) -> String {
    let code = d.stage_code();
    let raw = d.stage.as_ref().map(|s| clip(&s.raw, 100)).unwrap_or_default();
    if raw.is_empty() {
        if code == monitor_model::StageCode::Unknown { String::new() } else { code.as_str().to_owned() }
    } else if code == monitor_model::StageCode::Unknown || raw.eq_ignore_ascii_case(code.as_str()) {
        raw
    } else {
        format!("{raw} ({})", code.as_str())
    }
}
