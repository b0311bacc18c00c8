//! How the documents of a pass belong together and to those in the store: names that changed, posts that name a document, copies,
//! and the works that they make. Looked at once all rows are taken, so that the order of rows does not matter.

use std::collections::{BTreeMap, BTreeSet};

use monitor_identify::Bodies;
use monitor_model::{Document, DocumentKey, Entry, Kind, Known, Relation, RelationKind, SourceId, StageCode, Timestamp, When};
use monitor_store::Store;

use super::{
    ingest::{Overlay, Pending},
    name::Shared,
};

/// A work of more documents than this is not followed further.
const MOST: usize = 256;
/// Documents named by one post that are kept.
const MOST_NAMED: usize = 16;
/// Copies of one document that are linked.
const COPIES: usize = 3;

/// What is to be looked at.
#[derive(Default)]
pub(super) struct Kin {
    /// Documents that are new.
    new: BTreeSet<DocumentKey>,
    /// Documents whose words are new.
    told: BTreeSet<DocumentKey>,
    /// Documents with relations that are new.
    related: BTreeSet<DocumentKey>,
    /// New documents that stand where another stood: old name, new name.
    renames: Vec<(DocumentKey, DocumentKey)>,
    /// Drafts and RFCs whose titles are new.
    titled: BTreeSet<DocumentKey>,
    /// Documents that a relation joined which is gone.
    parted: BTreeSet<DocumentKey>,
}

impl Kin {
    /// Notes what is new in a document.
    pub(super) fn noted(&mut self, before: Option<&Document>, now: &Document) {
        if before.is_none_or(|b| b.title != now.title) && now.title_print().is_some() {
            self.titled.insert(now.document.clone());
        }
        let Some(before) = before else {
            self.new.insert(now.document.clone());
            if !now.is_numbered() || matches!(now.kind, Kind::News | Kind::Paper) {
                self.told.insert(now.document.clone());
            }
            return;
        };
        if before.relations != now.relations {
            self.related.insert(now.document.clone());
            for gone in before.relations.iter().filter(|r| r.kind.ties() && !now.relations.contains(r)) {
                self.parted.extend([now.document.clone(), gone.document.clone()]);
            }
        }
        if before.title != now.title || before.summary != now.summary {
            self.told.insert(now.document.clone());
        }
    }

    /// A new number at the address, or under the source's own key, of a number that the source showed before.
    pub(super) fn renamed(&mut self, now: &Document, entry: &Entry, source: &SourceId, known: &impl Known, shared: &Shared) {
        if !now.is_numbered() {
            return;
        }
        let by_key = entry.source_key.as_deref().and_then(|k| known.by_source_key(source, k));
        let old = by_key.or_else(|| {
            let address = entry.url.as_deref().and_then(monitor_model::url_key)?;
            known.by_url(&address).filter(|_| !shared.addresses.contains(&address))
        });
        if let Some(old) = old.filter(|o| *o != now.document) {
            self.renames.push((old, now.document.clone()));
        }
    }

    /// Documents that got another name, as they now stand: the source shows the new name (`present`), not the old one.
    pub(super) fn becoming(&mut self, source: &SourceId, present: &BTreeSet<String>, known: &impl Known) -> Vec<Document> {
        let mut out = Vec::new();
        for (old, new) in std::mem::take(&mut self.renames) {
            if present.contains(old.as_str()) {
                continue;
            }
            let (Some(mut old), Some(new)) = (known.document(&old), known.document(&new)) else { continue };
            let open = !matches!(old.stage_code(), StageCode::Published | StageCode::Superseded);
            let here = old.sightings.iter().any(|s| s.source == *source);
            if old.is_numbered() && old.body == new.body && open && here && add(&mut old, RelationKind::Becomes, &new.document) {
                self.related.insert(old.document.clone());
                out.push(old);
            }
        }
        out
    }

    /// Lays relations and works over the pending documents; what they touch in the store becomes pending, too.
    pub(super) fn relate(mut self, bodies: &Bodies, store: &Store, pending: &mut Pending) {
        let mut family = Family { store, pending, pointing: BTreeMap::new() };
        for document in family.pending.documents.values() {
            for r in document.relations.iter().filter(|r| r.kind.ties()) {
                family.pointing.entry(r.document.clone()).or_default().insert(document.document.clone());
            }
        }
        // Posts that waited for one of the documents that are new: they may name one work now, or two.
        let mut posts = self.told.clone();
        for key in &self.new {
            posts.extend(family.waiting_for(key));
        }
        for key in &posts {
            match family.mention(bodies, key) {
                Mention::None => {}
                Mention::New => drop(self.related.insert(key.clone())),
                Mention::Gone(other) => self.parted.extend([key.clone(), other]),
            }
        }
        family.copies(&self.told);
        let tied = self.new.union(&self.related).filter(|k| !family.is_alone(k));
        let seeds: Vec<DocumentKey> = tied.chain(&self.parted).cloned().collect();
        for key in &seeds {
            family.former_names(key);
        }
        let seeds: BTreeSet<DocumentKey> = seeds.into_iter().chain(family.going_on(&self.titled)).collect();
        let mut done = BTreeSet::new();
        for key in &seeds {
            if !done.contains(key) {
                family.work(key, &mut done);
            }
        }
    }
}

/// What looking at a post's text brought.
enum Mention {
    None,
    /// It names one work, which is new.
    New,
    /// It named one as far as was known, and names several.
    Gone(DocumentKey),
}

/// The pending documents, the store behind them, and who points at whom.
struct Family<'a> {
    store: &'a Store,
    pending: &'a mut Pending,
    /// Pending documents by the documents at which they point.
    pointing: BTreeMap<DocumentKey, BTreeSet<DocumentKey>>,
}

impl Family<'_> {
    fn get(&self, key: &DocumentKey) -> Option<Document> {
        Overlay { store: self.store, pending: self.pending }.document(key)
    }

    fn put(&mut self, document: Document) {
        for r in document.relations.iter().filter(|r| r.kind.ties()) {
            self.pointing.entry(r.document.clone()).or_default().insert(document.document.clone());
        }
        self.pending.documents.insert(document.document.clone(), document);
    }

    fn pointing_at(&self, key: &DocumentKey) -> BTreeSet<DocumentKey> {
        let mut all: BTreeSet<DocumentKey> = Known::pointing_at(self.store, key).into_iter().collect();
        all.extend(self.pointing.get(key).into_iter().flatten().cloned());
        all
    }

    /// Whether nothing ties the document to another.
    fn is_alone(&self, key: &DocumentKey) -> bool {
        let ties = |d: &Document| d.relations.iter().any(|r| monitor_identify::joins(key, r));
        !self.pending.documents.get(key).is_some_and(ties)
            && !self.pointing.contains_key(key)
            && Known::pointing_at(self.store, key).is_empty()
    }

    /// Stored posts that name a document beside others; they become pending.
    fn waiting_for(&mut self, key: &DocumentKey) -> Vec<DocumentKey> {
        let posts = Known::naming(self.store, key);
        for post in posts.iter().filter_map(|k| self.get(k)).collect::<Vec<_>>() {
            self.pending.documents.entry(post.document.clone()).or_insert(post);
        }
        posts
    }

    /// A post that names one document, or documents of one work, and no other.
    fn mention(&mut self, bodies: &Bodies, key: &DocumentKey) -> Mention {
        let Some(post) = self.pending.documents.get(key).filter(|d| d.kind == Kind::News) else { return Mention::None };
        let had = post.relations.iter().find(|r| r.kind == RelationKind::Mentions).map(|r| r.document.clone());
        let text = [post.title.as_str(), post.summary.as_deref().unwrap_or_default()].join("\n");
        let mut named = monitor_identify::mentions(bodies, &text);
        named.retain(|k| k != key);
        let known: Vec<Document> = named.iter().filter_map(|k| self.get(k)).collect();
        let works: BTreeSet<&DocumentKey> = known.iter().map(|d| &d.work).collect();
        let one = match (works.len(), &known[..], &named[..]) {
            (1, [first, ..], _) => Some(first.document.clone()),
            // nobody has shown it yet: they meet when it comes
            (0, _, [one]) => Some(one.clone()),
            _ => None,
        };
        let several = works.len() > 1;
        let mut post = post.clone();
        // What names several is looked at again when one of them comes.
        let names =
            if named.len() > 1 { named.iter().take(MOST_NAMED).map(|k| k.as_str()).collect::<Vec<_>>().join("; ") } else { String::new() };
        if post.extra(Document::NAMES).unwrap_or_default() != names {
            post.extra.retain(|(k, _)| k != Document::NAMES);
            if !names.is_empty() {
                post.extra.push((Document::NAMES.to_owned(), names));
                post.extra.sort();
            }
        }
        let said = match (had, one) {
            (Some(other), _) if several => {
                post.relations.retain(|r| r.kind != RelationKind::Mentions);
                Mention::Gone(other)
            }
            (None, Some(one)) if add(&mut post, RelationKind::Mentions, &one) => Mention::New,
            _ => Mention::None,
        };
        if self.pending.documents.get(key) != Some(&post) {
            self.put(post);
        }
        said
    }

    /// Links the texts that are new to those that say nearly the same; the later one holds the link.
    fn copies(&mut self, told: &BTreeSet<DocumentKey>) {
        let mut met: BTreeMap<[u8; 9], Vec<DocumentKey>> = BTreeMap::new();
        for key in told {
            let Some(document) = self.pending.documents.get(key) else { continue };
            // Posts and papers go round; deliverables have numbers, and comparing 20,000 of them cost 1.3 ms each.
            if matches!(document.kind, Kind::Document | Kind::WorkItem) {
                continue;
            }
            let Some(print) = document.text_print() else { continue };
            let mut near: BTreeSet<DocumentKey> = Known::alike(self.store, print).into_iter().collect();
            for name in print.names() {
                let list = met.entry(name).or_default();
                near.extend(list.iter().take(MOST).cloned());
                list.push(key.clone());
            }
            let document = document.clone();
            let mut near: Vec<Document> =
                near.iter().filter_map(|k| self.get(k)).filter(|d| monitor_identify::near_copy(&document, d)).collect();
            near.sort_by_cached_key(|d| (monitor_identify::nearness(&document, d), d.first_seen, d.document.clone()));
            for other in near.into_iter().take(COPIES) {
                let Some(document) = self.get(key) else { break };
                let (first, mut later) = if order(&document) < order(&other) { (document, other) } else { (other, document) };
                let links = later.relations.iter().filter(|r| r.kind == RelationKind::NearCopy).count();
                if links < COPIES && add(&mut later, RelationKind::NearCopy, &first.document) {
                    self.put(later);
                }
            }
        }
    }

    /// Drafts whose text goes on under another name that nobody says: each becomes the first that followed it.
    fn going_on(&mut self, titled: &BTreeSet<DocumentKey>) -> Vec<DocumentKey> {
        let mut met: BTreeMap<u64, BTreeSet<DocumentKey>> = BTreeMap::new();
        for print in titled.iter().filter_map(|k| self.pending.documents.get(k)?.title_print()) {
            met.entry(print).or_default();
        }
        for (key, print) in self.pending.documents.values().filter_map(|d| Some((&d.document, d.title_print()?))) {
            if let Some(keys) = met.get_mut(&print) {
                keys.insert(key.clone());
            }
        }
        let mut out = Vec::new();
        for (print, mut keys) in met {
            keys.extend(Known::titled(self.store, print));
            if keys.len() < 2 || keys.len() > MOST_NAMED {
                continue;
            }
            let mut all: Vec<Document> = keys.iter().filter_map(|k| self.get(k)).collect();
            let begun = |d: &Document| d.versions.iter().filter_map(|v| v.published).chain(d.published).min();
            all.sort_by_cached_key(|d| (begun(d), d.document.clone()));
            let said = |old: &Document| {
                let follows = |new: &Document| new.relations.iter().any(|r| r.kind == RelationKind::Formerly && r.document == old.document);
                old.relations.iter().any(|r| r.kind == RelationKind::Becomes) || all.iter().any(follows)
            };
            for old in all.iter().filter(|d| !said(d)) {
                let Some(new) = all.iter().find(|new| monitor_identify::goes_on(old, new)) else { continue };
                // An elder that lies in the store is not written again for what the younger can say.
                let (holder, kind, other) = match self.pending.documents.contains_key(&old.document) {
                    true => (old, RelationKind::Becomes, new),
                    false => (new, RelationKind::Formerly, old),
                };
                if let Some(mut holder) = self.get(&holder.document)
                    && add(&mut holder, kind, &other.document)
                {
                    out.push(holder.document.clone());
                    self.put(holder);
                }
            }
        }
        out
    }

    /// `formerly` on the new name says `becomes` on the old one, whichever of the two came first.
    fn former_names(&mut self, key: &DocumentKey) {
        let Some(mut document) = self.get(key) else { return };
        for r in document.relations.clone().iter().filter(|r| r.kind == RelationKind::Formerly) {
            if let Some(mut old) = self.get(&r.document)
                && add(&mut old, RelationKind::Becomes, key)
            {
                self.put(old);
            }
        }
        let mut changed = false;
        for other in self.pointing_at(key) {
            let formerly = Relation { kind: RelationKind::Formerly, document: key.clone() };
            if self.get(&other).is_some_and(|o| o.relations.contains(&formerly)) {
                changed |= add(&mut document, RelationKind::Becomes, &other);
            }
        }
        if changed {
            self.put(document);
        }
    }

    /// Finds all documents of a work and writes its name on them.
    fn work(&mut self, seed: &DocumentKey, done: &mut BTreeSet<DocumentKey>) {
        let mut members: BTreeMap<DocumentKey, Document> = BTreeMap::new();
        let mut queue = vec![seed.clone()];
        while let Some(key) = queue.pop() {
            if members.contains_key(&key) || members.len() >= MOST {
                continue;
            }
            let Some(document) = self.get(&key) else { continue };
            queue.extend(document.relations.iter().filter(|r| monitor_identify::joins(&key, r)).map(|r| r.document.clone()));
            for other in self.pointing_at(&key) {
                let joined = !members.contains_key(&other)
                    && self
                        .get(&other)
                        .is_some_and(|o| o.relations.iter().any(|r| r.document == key && monitor_identify::joins(&other, r)));
                if joined {
                    queue.push(other);
                }
            }
            members.insert(key, document);
        }
        done.extend(members.keys().cloned());
        let all: Vec<&Document> = members.values().collect();
        let Some(name) = monitor_identify::founder(&all).cloned() else { return };
        for mut document in members.into_values().filter(|d| d.work != name) {
            document.work.clone_from(&name);
            self.put(document);
        }
    }
}

/// Documents in pieces of at most `most`, and no work in two of them: one batch stores all that a new relation joined.
pub(super) fn pieces(mut documents: Vec<Document>, most: usize) -> Vec<Vec<Document>> {
    if documents.len() <= most {
        return vec![documents];
    }
    documents.sort_by(|a, b| (&a.work, &a.document).cmp(&(&b.work, &b.document)));
    let mut out = Vec::new();
    while documents.len() > most {
        let mut at = most;
        while at > 0 && documents[at].work == documents[at - 1].work {
            at -= 1;
        }
        // a work of more than a batch cannot be kept together
        let rest = documents.split_off(if at == 0 { most } else { at });
        out.push(std::mem::replace(&mut documents, rest));
    }
    out.push(documents);
    out
}

/// What came first: by first sight, then by its own date; what has none comes last.
fn order(d: &Document) -> (Timestamp, bool, Option<When>, &DocumentKey) {
    (d.first_seen, d.published.is_none(), d.published, &d.document)
}

/// Adds a relation in its place; false when it is there.
fn add(document: &mut Document, kind: RelationKind, to: &DocumentKey) -> bool {
    let relation = Relation { kind, document: to.clone() };
    match document.relations.binary_search(&relation) {
        Ok(_) => false,
        Err(_) if document.document == *to => false,
        Err(at) => {
            document.relations.insert(at, relation);
            true
        }
    }
}
