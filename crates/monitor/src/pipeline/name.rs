//! Which document a row is about: by its number, by what its source declares (`identity`), and by what is known already.

use std::collections::{BTreeMap, BTreeSet};

use monitor_identify::{Bodies, identify_row};
use monitor_model::{DocumentKey, Entry, Identified, Known, Source, SourceId, SourceKind, hex16, url_key};

/// Addresses and keys of the source that several rows of one reading give under different titles: there they are no names.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) addresses: BTreeSet<DocumentKey>,
    keys: BTreeSet<String>,
}

impl Shared {
    pub(super) fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Shared {
        let mut shared = Shared::default();
        let mut titles: BTreeMap<DocumentKey, &str> = BTreeMap::new();
        let mut by_key: BTreeMap<&str, &str> = BTreeMap::new();
        for e in entries {
            if let Some(own) = e.source_key.as_deref()
                && *by_key.entry(own).or_insert(&e.title) != e.title
            {
                shared.keys.insert(own.to_owned());
            }
            let Some(address) = e.url.as_deref().and_then(url_key) else { continue };
            if *titles.entry(address.clone()).or_insert(&e.title) != e.title {
                shared.addresses.insert(address);
            }
        }
        shared
    }

    /// Where a reading contradicts what its source declares.
    pub(super) fn against(&self, source: &Source) -> Vec<String> {
        let [only] = source.identity.as_slice() else { return Vec::new() };
        let (count, what) = match only.as_str() {
            "url" => (self.addresses.len(), "addresses"),
            "source_key" => (self.keys.len(), "keys of the source"),
            _ => return Vec::new(),
        };
        if count == 0 {
            return Vec::new();
        }
        vec![format!(
            "{count} {what} stand for rows of different titles, so `identity = [\"{only}\"]` tells them apart by title: name the fields that do"
        )]
    }
}

/// Names the rows of one source.
#[derive(Clone, Copy)]
pub(super) struct Namer<'a> {
    pub(super) bodies: &'a Bodies,
    pub(super) id: &'a SourceId,
    pub(super) source: &'a Source,
    pub(super) shared: &'a Shared,
}

impl Namer<'_> {
    /// What the row says of its document, and the document; none when there is nothing by which to know it.
    pub(super) fn name(&self, entry: &Entry, known: &impl Known) -> (Identified, Option<DocumentKey>) {
        let id = identify_row(self.bodies, self.id, &self.source.identity, entry);
        let key = self.resolve(&id, entry, known);
        (id, key.map(|k| known.merged(&k)))
    }

    /// Whether a field may say which document a row is: when nothing is declared, each may.
    pub(super) fn by(&self, field: &str) -> bool {
        self.source.identity.is_empty() || self.source.identity.iter().any(|f| f == field)
    }

    /// Whether the source's own key names a row.
    pub(super) fn own_key<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        // the key of a file is its path
        let names = self.by("source_key") || self.source.kind == SourceKind::Dir;
        entry.source_key.as_deref().filter(|k| names && !self.shared.keys.contains(*k))
    }

    /// Number, else what is declared, else the source's own key, else the canonical address (ARCHITECTURE, decisions 1 and 2). An
    /// address that stands for several documents is told apart by a number that nobody could read, else by the title.
    fn resolve(&self, id: &Identified, entry: &Entry, known: &impl Known) -> Option<DocumentKey> {
        let Some(read) = id.document.as_ref() else {
            // Nothing but a title, or a number that nobody reads: it is this source's row of that name, and never anybody else's.
            let name = [entry.number.as_deref().unwrap_or_default(), &entry.title].join("\n").trim().to_lowercase();
            let key = DocumentKey(format!("source/{}/{}", self.id, hex16(name.as_bytes())));
            return (!name.is_empty()).then(|| known.by_source_key(self.id, key.as_str()).unwrap_or(key));
        };
        if read.is_numbered() {
            return Some(read.clone());
        }
        if let Some(own) = self.own_key(entry).and_then(|k| known.by_source_key(self.id, k)) {
            return Some(own);
        }
        if !read.as_str().starts_with("url/") {
            // a row that was re-linked is known by the key that it would have had
            return Some(known.by_source_key(self.id, read.as_str()).unwrap_or_else(|| read.clone()));
        }
        let number = entry.number.as_deref().map(str::trim).filter(|n| !n.is_empty() && self.by("number"));
        let told_apart = || {
            let text = number.unwrap_or(&entry.title).to_lowercase();
            DocumentKey([read.as_str(), "/", &hex16(text.as_bytes())[..8]].concat())
        };
        // a number that nobody reads tells rows apart: nobody needs to look who stands there
        let there = if number.is_none() { known.by_url(read).and_then(|k| known.document(&k)) } else { None };
        if let Some(own) = self.declared_key(entry)
            && there
                .as_ref()
                .is_some_and(|d| d.sightings.iter().any(|s| s.source == *self.id && s.source_key.as_deref().is_some_and(|k| k != own)))
        {
            // one address and another key: the source says that it is another document
            let apart = monitor_identify::named(self.id, own);
            return Some(known.by_source_key(self.id, apart.as_str()).unwrap_or(apart));
        }
        let same_title = there.as_ref().is_some_and(|d| d.title == entry.title);
        // one page, and another anchor with another title: another row
        let beside = there.as_ref().is_some_and(|d| !same_title && anchor(&d.url) != entry.url.as_deref().and_then(anchor));
        Some(match there {
            // the row that stood alone at its address stays who it was when others come to stand beside it
            Some(d) if same_title && d.document == *read => d.document,
            _ if number.is_some() || beside || self.shared.addresses.contains(read) || known.document(&told_apart()).is_some() => {
                let apart = told_apart();
                known.by_source_key(self.id, apart.as_str()).unwrap_or(apart)
            }
            there => there.map_or_else(|| read.clone(), |d| d.document),
        })
    }

    /// The source's own key, where the source declares that it alone says which document a row is.
    fn declared_key<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        self.own_key(entry)
            .filter(|_| self.source.identity.iter().all(|f| f == "source_key" || f == "number") && !self.source.identity.is_empty())
    }
}

/// What stands behind the `#` of an address.
fn anchor(url: &str) -> Option<&str> {
    url.split_once('#').map(|(_, a)| a).filter(|a| !a.is_empty())
}
