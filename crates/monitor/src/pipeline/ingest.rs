//! identify → tag → life: the rows of one source become documents and events.

use std::collections::{BTreeMap, BTreeSet};

use monitor_identify::{Bodies, Seen, life};
use monitor_model::{
    Complaint, ComplaintStage, Counts, Document, DocumentKey, Entry, Event, Houses, Known, RelationKind, Relevance, Source, SourceId,
    Tagging, TextPrint, Timestamp, Verdict,
};
use monitor_store::{Decision, DecisionKind, Store};
use monitor_tag::{Tagger, Text};

use super::{
    inherit,
    kin::Kin,
    name::{Namer, Shared},
    relink,
};

/// What all sources of a run share.
pub(crate) struct Steps<'a> {
    pub(crate) bodies: &'a Bodies,
    pub(crate) houses: Houses,
    pub(crate) tagger: &'a Tagger,
    pub(crate) store: &'a Store,
    pub(crate) corrections: Corrections,
}

/// Hand corrections of tags, by document.
pub(crate) type Corrections = BTreeMap<DocumentKey, Vec<DecisionKind>>;

/// The corrections among all decisions.
pub(crate) fn corrections(decisions: &[Decision]) -> Corrections {
    let mut by = Corrections::new();
    for d in decisions.iter().filter(|d| matches!(d.what, DecisionKind::Correct { .. })) {
        by.entry(d.document.clone()).or_default().push(d.what.clone());
    }
    by
}

/// One source's rows on their way into one or more batches.
pub(crate) struct Pass<'a> {
    steps: &'a Steps<'a>,
    id: &'a SourceId,
    source: &'a Source,
    at: Timestamp,
    /// The first good fetch of the source: what it shows may be old.
    backfill: bool,
    pending: Pending,
    pub(crate) events: Vec<Event>,
    pub(crate) counts: Counts,
    pub(crate) complaints: Vec<Complaint>,
    /// Keys of the documents that the source shows.
    pub(crate) present: BTreeSet<String>,
    /// What several rows have under different titles.
    shared: Shared,
    /// Rows whose site changed its addresses, and the documents that they are.
    relinked: BTreeMap<DocumentKey, DocumentKey>,
    /// What is to be looked at once all rows are taken.
    kin: Kin,
    /// Documents that got other tags than they had: what took its tags from them follows.
    retold: Vec<DocumentKey>,
}

/// Documents that this pass made or changed, before they are stored.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) documents: BTreeMap<DocumentKey, Document>,
    by_source_key: BTreeMap<String, DocumentKey>,
    by_url: BTreeMap<DocumentKey, DocumentKey>,
}

/// The store with the pending documents laid over it.
pub(super) struct Overlay<'a> {
    pub(super) store: &'a Store,
    pub(super) pending: &'a Pending,
}

impl Known for Overlay<'_> {
    fn document(&self, key: &DocumentKey) -> Option<Document> {
        self.pending.documents.get(key).cloned().or_else(|| Known::document(self.store, key))
    }
    fn by_source_key(&self, source: &SourceId, key: &str) -> Option<DocumentKey> {
        self.pending.by_source_key.get(key).cloned().or_else(|| Known::by_source_key(self.store, source, key))
    }
    fn by_url(&self, url_key: &DocumentKey) -> Option<DocumentKey> {
        self.pending.by_url.get(url_key).cloned().or_else(|| Known::by_url(self.store, url_key))
    }
    fn pointing_at(&self, key: &DocumentKey) -> Vec<DocumentKey> {
        Known::pointing_at(self.store, key)
    }
    fn naming(&self, key: &DocumentKey) -> Vec<DocumentKey> {
        Known::naming(self.store, key)
    }
    fn alike(&self, print: TextPrint) -> Vec<DocumentKey> {
        Known::alike(self.store, print)
    }
    fn titled(&self, print: u64) -> Vec<DocumentKey> {
        Known::titled(self.store, print)
    }
    fn merged(&self, key: &DocumentKey) -> DocumentKey {
        Known::merged(self.store, key)
    }
}

impl<'a> Pass<'a> {
    pub(crate) fn new(steps: &'a Steps<'a>, id: &'a SourceId, source: &'a Source, at: Timestamp, backfill: bool) -> Self {
        Pass {
            steps,
            id,
            source,
            at,
            backfill,
            pending: Pending::default(),
            events: Vec::new(),
            counts: Counts::default(),
            complaints: Vec::new(),
            present: BTreeSet::new(),
            shared: Shared::default(),
            relinked: BTreeMap::new(),
            kin: Kin::default(),
            retold: Vec::new(),
        }
    }

    /// Looks over all rows before the first is taken: which addresses and which keys of the source stand for more than one document?
    pub(crate) fn look_over<'e>(&mut self, entries: impl IntoIterator<Item = &'e Entry>) {
        self.shared = Shared::of(entries);
        let url = self.source.url.clone().unwrap_or_default();
        for what in self.shared.against(self.source) {
            Complaint::new(ComplaintStage::Validate, &url, what).add_to(&mut self.complaints);
        }
    }

    /// Looks whether the site changed its addresses: whether most rows seem new, and are what the last good fetch showed.
    pub(crate) fn relink(&mut self, entries: &[&Entry], shown: &[String]) {
        let known = Overlay { store: self.steps.store, pending: &self.pending };
        let namer = Namer { bodies: self.steps.bodies, id: self.id, source: self.source, shared: &self.shared };
        self.relinked = relink::moved(&namer, entries, shown, &known);
        if !self.relinked.is_empty() {
            let what = format!("{} rows re-linked: the site changed its addresses", self.relinked.len());
            let url = self.source.url.clone().unwrap_or_default();
            Complaint::new(ComplaintStage::Validate, url, what).add_to(&mut self.complaints);
        }
    }

    /// Takes one row. `hash` is that of the body it was read from, `page` its address; `tags` are those that were made beforehand.
    pub(crate) fn take(&mut self, entry: &Entry, hash: &str, page: &str, tags: Option<&Tagging>) {
        self.counts.collected += 1;
        let known = Overlay { store: self.steps.store, pending: &self.pending };
        let namer = Namer { bodies: self.steps.bodies, id: self.id, source: self.source, shared: &self.shared };
        let (id, key) = namer.name(entry, &known);
        let Some(mut key) = key else {
            self.counts.rejected += 1;
            let why = id.reason.as_deref().unwrap_or("it has neither number, key nor address");
            Complaint::new(ComplaintStage::Validate, page, format!("row not taken: {why}")).add_to(&mut self.complaints);
            return;
        };
        let mut moved = None;
        if let Some(document) = self.relinked.get(&key) {
            moved = Some(std::mem::replace(&mut key, document.clone()));
        }
        let mut before = known.document(&key);
        let mut reappeared = false;
        if self.source.gone_after.is_none()
            && let Some(s) = before.as_mut().and_then(|d| d.sightings.iter_mut().find(|s| s.source == *self.id && !s.present))
        {
            // A list that shows only the newest lets rows come and go; that is no event.
            s.present = true;
            reappeared = true;
        }
        let (tagging, anew) = self.tagging(&key, entry, before.as_ref(), tags);
        let mut life = life::see(
            before.as_ref(),
            &Seen {
                entry,
                id: &id,
                key: &key,
                source_id: self.id,
                source: self.source,
                houses: &self.steps.houses,
                tagging: &tagging,
                at: self.at,
                hash,
                backfill: self.backfill,
            },
            self.steps.bodies,
        );
        match life.verdict {
            Verdict::New => self.counts.new += 1,
            Verdict::Revised => self.counts.revised += 1,
            Verdict::Same | Verdict::OtherSighting => self.counts.known += 1,
        }
        if let Some(read) = moved {
            relink::patch(&mut life.document, &namer, entry, &read);
        }
        if before.is_none() && !self.backfill {
            self.kin.renamed(&life.document, entry, self.id, &known, &self.shared);
        }
        self.kin.noted(before.as_ref(), &life.document);
        // A row that adds to a document or changes it is tagged by itself first; what counts is the whole, unless that is just the row.
        if let Some(before) = &before
            && text_of_document(before) != text_of_document(&life.document)
        {
            let whole = text_of_document(&life.document);
            let tagging = if anew && whole.says(&text_of(entry)) {
                tagging
            } else {
                correct(self.steps.tagger.tag(&whole), &key, &self.steps.corrections, self.steps.tagger)
            };
            life.document.tag(tagging);
        }
        let told = |d: &Document| (d.relevance == Relevance::Relevant).then(|| d.topics.clone());
        if before.as_ref().and_then(told) != told(&life.document) {
            self.retold.push(key.clone());
        }
        self.present.insert(key.0.clone());
        self.counts.events += life.events.len() as u64;
        self.events.extend(life.events);
        if reappeared || before.as_ref() != Some(&life.document) {
            self.put(life.document);
        }
    }

    fn put(&mut self, document: Document) {
        for s in document.sightings.iter().filter(|s| s.source == *self.id) {
            if let Some(k) = &s.source_key {
                self.pending.by_source_key.insert(k.clone(), document.document.clone());
            }
        }
        if let Some(u) = monitor_model::url_key(&document.url) {
            self.pending.by_url.entry(u).or_insert_with(|| document.document.clone());
        }
        self.pending.documents.insert(document.document.clone(), document);
    }

    /// Tags, and whether they are of this row: not when its text is the one that was tagged before.
    fn tagging(&self, key: &DocumentKey, entry: &Entry, before: Option<&Document>, tags: Option<&Tagging>) -> (Tagging, bool) {
        if let Some(d) = before
            && d.title == entry.title
            && (entry.summary.is_none() || entry.summary == d.summary)
            && (entry.keywords.is_empty() || entry.keywords == d.keywords)
        {
            let had =
                Tagging { relevance: d.relevance, score: d.score, axes: d.axes.clone(), topics: d.topics.clone(), evidence: d.why.clone() };
            return (had, false);
        }
        let tagging = tags.cloned().unwrap_or_else(|| self.steps.tagger.tag(&text_of(entry)));
        (correct(tagging, key, &self.steps.corrections, self.steps.tagger), true)
    }

    /// What the source no longer shows. `last_good` is its last good fetch before this one.
    pub(crate) fn leave(&mut self, keys: impl IntoIterator<Item = String>, last_good: Timestamp, gone: bool) {
        self.rename();
        for key in keys {
            let key = DocumentKey(key);
            let known = Overlay { store: self.steps.store, pending: &self.pending };
            let Some(mut document) = known.document(&key) else { continue };
            // what goes on under another name is not gone
            let goes_on = document.relations.iter().any(|r| r.kind == RelationKind::Becomes && self.present.contains(r.document.as_str()));
            if gone && !goes_on {
                if let Some((document, event)) = life::gone(&document, self.id, self.at) {
                    self.events.push(event);
                    self.counts.events += 1;
                    self.put(document);
                }
            } else if let Some(s) = document.sightings.iter_mut().find(|s| s.source == *self.id && s.present) {
                s.present = false;
                s.last_seen = last_good;
                self.put(document);
            }
        }
    }

    /// Rows that changed their number: the old name became the new one.
    fn rename(&mut self) {
        for document in self.kin.becoming(self.id, &self.present, &Overlay { store: self.steps.store, pending: &self.pending }) {
            self.put(document);
        }
    }

    /// Documents whose titles say nothing get the tags of those that they replace, revise or adopt.
    fn inherit(&mut self) {
        let known = Overlay { store: self.steps.store, pending: &self.pending };
        let waiting = known.pending.documents.values().filter(|d| inherit::may(d));
        let tagged: Vec<(DocumentKey, Tagging)> = waiting
            .map(|d| (d.document.clone(), inherit::tagging(self.steps.tagger, &self.steps.corrections, d, |k| known.document(k))))
            .filter(|(_, t)| t.relevance == Relevance::Relevant)
            .collect();
        for (key, tagging) in tagged {
            if let Some(document) = self.pending.documents.get_mut(&key) {
                document.tag(tagging);
            }
        }
        let retold = std::mem::take(&mut self.retold);
        let known = Overlay { store: self.steps.store, pending: &self.pending };
        // What cannot be read now is laid by the next `retag`.
        let followers = inherit::followers(self.steps.tagger, &self.steps.corrections, self.steps.store, &retold, |k| known.document(k));
        for document in followers.unwrap_or_default() {
            self.pending.documents.insert(document.document.clone(), document);
        }
    }

    /// Takes out all documents that wait, in key order, related to each other and to those in the store.
    pub(crate) fn drain(&mut self) -> Vec<Document> {
        self.rename();
        let kin = std::mem::take(&mut self.kin);
        kin.relate(self.steps.bodies, self.steps.store, &mut self.pending);
        self.inherit();
        let pending = std::mem::take(&mut self.pending);
        pending.documents.into_values().collect()
    }
}

/// Documents that changed outside a pass, each as it was and as it is: lays relations and works over them and those that they
/// touch in the store. Returns all that is to be stored.
pub(crate) fn relate_anew(bodies: &Bodies, store: &Store, changed: Vec<(Document, Document)>) -> Vec<Document> {
    let (mut kin, mut pending) = (Kin::default(), Pending::default());
    for (before, now) in changed {
        kin.noted(Some(&before), &now);
        pending.documents.insert(now.document.clone(), now);
    }
    kin.relate(bodies, store, &mut pending);
    pending.documents.into_values().collect()
}

/// Where a list shows several editions of one document, the newest speaks for it first: the event that announces the document then
/// bears its current name and stage. Rows of one date keep their order.
pub(crate) fn newest_first<T>(rows: &mut [T], entry: impl Fn(&T) -> &Entry) {
    rows.sort_by_key(|r| std::cmp::Reverse(entry(r).published));
}

/// The text that is tagged.
pub(crate) fn text_of(entry: &Entry) -> Text<'_> {
    Text {
        title: &entry.title,
        summary: entry.summary.as_deref(),
        keywords: &entry.keywords,
        lang: entry.lang.as_deref(),
        body: Some(entry.body.as_str()).filter(|b| !b.is_empty()),
        group: entry.group.as_deref(),
        number: entry.number.as_deref(),
        kind: entry.kind,
    }
}

/// The same of a stored document.
pub(crate) fn text_of_document(d: &Document) -> Text<'_> {
    Text {
        title: &d.title,
        summary: d.summary.as_deref(),
        keywords: &d.keywords,
        lang: d.lang.as_deref(),
        body: Some(d.body.as_str()).filter(|b| !b.is_empty()),
        group: d.group.as_deref(),
        number: d.number.as_deref(),
        kind: Some(d.kind),
    }
}

/// Lays a person's corrections over what the tagger says.
pub(crate) fn correct(mut tagging: Tagging, key: &DocumentKey, corrections: &Corrections, tagger: &Tagger) -> Tagging {
    for what in corrections.get(key).into_iter().flatten() {
        let DecisionKind::Correct { add, remove, reason } = what else { continue };
        tagging.topics.retain(|t| !remove.contains(&t.id) && !add.contains(&t.id));
        for id in add {
            let evidence =
                vec![monitor_model::Evidence { term: format!("by hand: {reason}"), field: "title".to_owned(), start: 0, end: 0 }];
            tagging.topics.insert(0, monitor_model::TopicTag { id: id.clone(), score: 1.0, evidence });
            tagging.relevance = monitor_model::Relevance::Relevant;
            tagging.axes.extend(tagger.taxonomy().topic(id.as_str()).and_then(|t| monitor_model::Axis::from_word(t.axes.first()?)));
        }
        tagging.axes.sort();
        tagging.axes.dedup();
    }
    tagging
}
