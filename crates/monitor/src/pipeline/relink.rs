//! A site that changes all its addresses or guids: its rows seem new, and are what it showed before.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Document, DocumentKey, Entry, Known};

use super::name::Namer;

/// Fewer rows than this are no mass.
const LEAST: usize = 5;

/// The keys that rows would get, and the documents that they are: when at least four of five rows seem new, and at least half of
/// these bear title and date of a document that the last good fetch showed (`shown`) and this one does not.
pub(super) fn moved(namer: &Namer<'_>, entries: &[&Entry], shown: &[String], known: &impl Known) -> BTreeMap<DocumentKey, DocumentKey> {
    let none = BTreeMap::new();
    if shown.is_empty() || entries.len() < LEAST {
        return none;
    }
    let mut new: BTreeMap<DocumentKey, &Entry> = BTreeMap::new();
    let mut here = BTreeSet::new();
    let mut old = 0_usize;
    for entry in entries {
        let (_, Some(key)) = namer.name(entry, known) else { continue };
        if key.is_numbered() || known.document(&key).is_some() {
            old += 1;
            here.insert(key);
        } else {
            new.insert(key, entry);
        }
    }
    if new.len() < LEAST || new.len() * 5 < (new.len() + old) * 4 {
        return none;
    }
    let left = shown.iter().map(|k| DocumentKey(k.clone())).filter(|k| !k.is_numbered() && !here.contains(k));
    let mut by_title: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    for document in left.filter_map(|k| known.document(&k)) {
        by_title.entry(fold(&document.title)).or_default().push(document);
    }
    let mut pairs = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (key, entry) in &new {
        let same = by_title.get(&fold(&entry.title)).map(Vec::as_slice).unwrap_or_default();
        let mut same = same.iter().filter(|d| same_date(d, entry));
        // two that fit are none: nobody can say which of them it is
        if let (Some(document), None) = (same.next(), same.next())
            && taken.insert(document.document.clone())
        {
            pairs.insert(key.clone(), document.document.clone());
        }
    }
    if pairs.len() * 2 < new.len() { none } else { pairs }
}

/// Lays the new address and the new key of its source over a document. `read` is the key that the row would have got.
pub(super) fn patch(document: &mut Document, namer: &Namer<'_>, entry: &Entry, read: &DocumentKey) {
    let Some(sighting) = document.sightings.iter_mut().find(|s| s.source == *namer.id) else { return };
    let url = entry.url.as_deref().unwrap_or_default().trim();
    let bare = monitor_model::url_key(url).is_some_and(|k| k == *read);
    // a row without a key of its own, or that shares its address with others, is found again by the key that it would have had
    let own = namer.own_key(entry).map(str::to_owned);
    sighting.source_key = own.or_else(|| if bare { entry.source_key.clone() } else { Some(read.0.clone()) });
    if !url.is_empty() {
        let former = std::mem::replace(&mut sighting.url, url.to_owned());
        if document.url == former {
            url.clone_into(&mut document.url);
        }
    }
}

/// Equal dates, where both have one.
fn same_date(d: &Document, e: &Entry) -> bool {
    match (d.published, e.published) {
        (Some(a), Some(b)) => a.touches(b.first_day(), b.last_day()),
        _ => true,
    }
}

fn fold(title: &str) -> String {
    title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
