use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use monitor_landscape::{Home, Relation, is_home_item_on_ai, is_notice, is_of_a_trade};
use monitor_model::{Document, DocumentKey, EvidenceLevel, Kind, Relevance, SourceId, StageCode, Timestamp, When};

use super::{
    hosts::{Hosts, Standing, is_search},
    letter::{Letter, letter},
    name, same, sorts, stage, words,
};
use crate::{
    Input, Ref, Status,
    clean::{clip, href},
};

/// The source of imported rows that name none.
const UNNAMED: &str = "import";

/// The input with everything looked up that lines ask for again and again.
pub(super) struct Desk<'a> {
    pub(super) input: &'a Input<'a>,
    /// Relevant documents that nobody set aside, and what overlaps an item of ours although it is on AI alone.
    pub(super) documents: BTreeMap<&'a DocumentKey, &'a Document>,
    /// The same by work.
    pub(super) works: BTreeMap<&'a DocumentKey, Vec<&'a Document>>,
    work_of: BTreeMap<&'a DocumentKey, &'a DocumentKey>,
    /// Pairs that may be one text: counted once, merged by nobody but a person.
    pub(super) near: Vec<(&'a Document, &'a Document)>,
    /// Works with a change in the window that nobody approved, where that is asked for.
    pub(super) waiting: BTreeSet<&'a DocumentKey>,
    /// Names of topics and framings.
    pub(super) labels: BTreeMap<&'a str, String>,
    sources: BTreeMap<&'a str, &'a str>,
    home: Home,
    /// The bodies' own words that mean “published” somewhere in this edition.
    published_words: BTreeSet<&'a str>,
    hosts: Hosts,
    /// Documents that stand near an item of the home group.
    counterparts: BTreeSet<&'a DocumentKey>,
    pub(super) since: Date,
    pub(super) until: Date,
    pub(super) today: Date,
}

pub(super) fn day(t: Timestamp) -> Date {
    t.to_zoned(TimeZone::UTC).date()
}

impl<'a> Desk<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let mut documents = BTreeMap::new();
        let mut works: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let counterparts: BTreeSet<&DocumentKey> = input.landscape.counterparts.iter().filter(|c| c.is_close()).map(|c| &c.other).collect();
        let home = input.group.home();
        // What is on AI alone is a counterpart, and nothing else; trust in AI in one trade is another subject.
        let belongs = |d: &&Document| {
            (d.relevance == Relevance::Relevant && (home.owns(d) || !is_of_a_trade(d)))
                || d.relevance == Relevance::AiOnly && counterparts.contains(&d.document)
                || is_home_item_on_ai(&home, d)
        };
        for d in input.documents.iter().filter(|d| d.ignored.is_none()).filter(belongs) {
            documents.insert(&d.document, d);
        }
        let near = same::near(&documents);
        let work_of = same::works(&documents, &near);
        for d in documents.values() {
            works.entry(work_of[&d.document]).or_default().push(*d);
        }
        for list in works.values_mut() {
            list.sort_by(|a, b| a.document.cmp(&b.document));
        }
        let topics = input.topics.iter().map(|t| (t.id.as_str(), clip(&t.label, 80)));
        let axes = input.axes.iter().map(|(a, label, _)| (a.as_str(), clip(label, 80)));
        Desk {
            documents,
            works,
            work_of,
            near,
            waiting: BTreeSet::new(),
            labels: topics.chain(axes).collect(),
            sources: input.coverage.iter().map(|c| (c.id.as_str(), c.name.as_str())).collect(),
            home,
            published_words: input
                .documents
                .iter()
                .flat_map(|d| d.stage.iter().chain(d.versions.iter().filter_map(|v| v.stage.as_ref())))
                .filter(|s| s.code == StageCode::Published)
                .map(|s| s.raw.trim())
                .collect(),
            hosts: Hosts::new(input.coverage.iter().map(|c| (c.body.as_str(), c.url.as_str()))),
            counterparts,
            since: day(input.since),
            until: day(input.until),
            today: day(input.as_of),
            input,
        }
    }

    /// The name of a topic or framing, or its id when the taxonomy does not know it.
    pub(super) fn label(&self, id: &str) -> String {
        self.labels.get(id).cloned().unwrap_or_else(|| clip(id, 60))
    }

    /// The name of a source.
    pub(super) fn source_name(&self, id: &SourceId) -> String {
        match self.sources.get(id.as_str()) {
            // Rows of a file that names no source.
            Some(_) if id.as_str() == UNNAMED => "a file that was imported".to_owned(),
            Some(name) if !name.trim().is_empty() => clip(name, 80),
            _ => clip(id.as_str(), 80),
        }
    }

    pub(super) fn home_name(&self) -> String {
        format!("{} {}", self.input.group.body, self.input.group.group).trim().to_owned()
    }

    /// The work to which a document belongs. What one body lists twice under one title is one.
    pub(super) fn work(&self, d: &'a Document) -> &'a DocumentKey {
        self.work_of.get(&d.document).copied().unwrap_or(&d.work)
    }

    /// The same for a document that lives elsewhere: its key alone is needed.
    pub(super) fn work_key<'d>(&'d self, d: &'d Document) -> &'d DocumentKey {
        self.work_of.get(&d.document).copied().unwrap_or(&d.work)
    }

    /// All documents of a document's work.
    pub(super) fn work_of(&self, d: &Document) -> &[&'a Document] {
        self.work_of.get(&d.document).and_then(|w| self.works.get(*w)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether two documents may be one text that nobody merged.
    pub(super) fn may_be(&self, a: &Document, b: &Document) -> bool {
        let pair = |x: &Document, y: &Document| x.document == a.document && y.document == b.document;
        self.near.iter().any(|(x, y)| pair(x, y) || pair(y, x))
    }

    /// Whether a work waits for approval.
    pub(super) fn waits(&self, d: &Document) -> bool {
        self.work_of.get(&d.document).is_some_and(|w| self.waiting.contains(*w))
    }

    /// What is no standards work: news of it, incidents, and whatever vendors publish.
    pub(super) fn is_apart(&self, d: &Document) -> bool {
        self.input.vendors.contains(&d.body) || matches!(d.kind, Kind::Incident | Kind::News | Kind::Paper) || is_notice(d)
    }

    /// Whether it is work that is counted: no news, no letter, no text that only says what a group is to do.
    pub(super) fn counts(&self, d: &Document) -> bool {
        !self.is_apart(d) && self.letter(d).is_none() && !sorts::is_frame(d)
    }

    /// The sides of a liaison statement.
    pub(super) fn letter(&self, d: &Document) -> Option<Letter> {
        letter(&self.home, d)
    }

    /// Whether an address is that of our own group.
    pub(super) fn is_us(&self, to: &str) -> bool {
        self.home.is_named_in(to)
    }

    /// Where a document stands today.
    pub(super) fn status(&self, d: &Document) -> Status {
        stage::status(d, self.today, self.input.stage_names)
    }

    /// Whether the document is the home group's own.
    pub(super) fn is_home(&self, d: &Document) -> bool {
        self.home.owns(d) && !is_notice(d)
    }

    /// Whether a stage of this word is a published one, as far as this edition shows.
    pub(super) fn means_published(&self, raw: &str) -> bool {
        self.published_words.contains(raw.trim()) || raw.trim_start().get(..7).is_some_and(|w| w.eq_ignore_ascii_case("publish"))
    }

    /// Whether the document stands near an item of the home group.
    pub(super) fn is_counterpart(&self, key: &DocumentKey) -> bool {
        self.counterparts.contains(key)
    }

    pub(super) fn reference(&self, key: &DocumentKey) -> Option<Ref> {
        self.documents.get(key).map(|d| self.reference_to(d))
    }

    pub(super) fn reference_to(&self, d: &Document) -> Ref {
        let (title, lang, title_also) = words::titles(d);
        Ref {
            document: d.document.clone(),
            issuer: self.letter(d).and_then(|l| l.issuer()).unwrap_or_else(|| words::issuer(d)),
            body: clip(&d.body, 60),
            group: d.group.as_deref().map(|g| clip(g, 80)).filter(|g| !g.is_empty() && !g.eq_ignore_ascii_case(&d.body)),
            number: name::number(d),
            title,
            title_also,
            url: self.address(d),
            status: self.status(d),
            access: d.access,
            lang,
            evidence: self.evidence(d),
            reported_by: self.reported_by(d),
            waiting: self.waits(d),
        }
    }

    /// Where a reader finds it: a page of its body, if one was seen.
    pub(super) fn address(&self, d: &Document) -> String {
        // What a search gave is no page of anything: tomorrow it shows something else.
        let (address, standing) = self.hosts.best(d);
        href(address).filter(|a| standing != Standing::Home || !is_search(a)).unwrap_or_default()
    }

    /// How near to the body the evidence stands: a copy of its data that leads to somebody else's page, or nowhere, is hearsay, and
    /// so is whatever leads to a home page. What the body's own list said stays what the body said.
    pub(super) fn evidence(&self, d: &Document) -> EvidenceLevel {
        match (d.evidence, self.hosts.best(d).1) {
            (EvidenceLevel::Mirror, Standing::Foreign | Standing::None) | (_, Standing::Home) => EvidenceLevel::Secondary,
            (e, _) => e,
        }
    }

    /// Whether nothing better than hearsay speaks for it.
    pub(super) fn is_hearsay(&self, d: &Document) -> bool {
        self.evidence(d) == EvidenceLevel::Secondary
    }

    /// Who says so, where it is not the body itself: the host of the page, or the source.
    pub(super) fn reported_by(&self, d: &Document) -> String {
        let source = || d.sightings.first().map(|s| self.source_name(&s.source));
        let somebody = || "somebody else".to_owned();
        match (d.evidence, self.evidence(d)) {
            // A declared source of this kind has a name.
            (EvidenceLevel::Secondary, _) => source().or_else(|| self.hosts.foreign(d)).unwrap_or_else(somebody),
            (_, EvidenceLevel::Secondary) => self.hosts.foreign(d).or_else(source).unwrap_or_else(somebody),
            _ => String::new(),
        }
    }

    /// Questions for a document, and whether its own page names them.
    pub(super) fn questions(&self, d: &Document) -> (Vec<String>, bool) {
        if self.is_home(d)
            && let Some(q) = words::named_question(d)
        {
            return (vec![q], true);
        }
        let mut routed = self.input.group.route(d.topics.iter().map(|t| &t.id));
        // The Question that writes the item next to it comes first.
        let near = self.input.landscape.counterparts.iter().filter(|c| c.other == d.document && c.relation != Relation::Complements);
        let item = near.max_by(|a, b| a.score.total_cmp(&b.score).then_with(|| b.document.cmp(&a.document)));
        if let Some(home) = item.and_then(|c| self.documents.get(&c.document)).filter(|h| h.document != d.document)
            && let Some(q) = words::named_question(home)
        {
            routed.retain(|r| *r != q);
            routed.insert(0, q);
        }
        routed.truncate(3);
        (routed, false)
    }

    /// The days of the window as options of a command.
    pub(super) fn window_options(&self) -> String {
        format!("--since {} --until {}", first_instant(self.input.since), last_instant(self.input.until))
    }
}

/// A window that begins with a day is written as the day.
fn first_instant(t: Timestamp) -> String {
    if When::Day(day(t)).start() == t { day(t).to_string() } else { t.to_string() }
}

/// A window that ends with a day is written as the day.
fn last_instant(t: Timestamp) -> String {
    let next = t.checked_add(1.nanosecond()).unwrap_or(t);
    if When::Day(day(next)).start() == next { day(t).to_string() } else { t.to_string() }
}
