//! Which documents go by a name: a key that a person merged, a source's own key, an address, what points at or is like another.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{DocumentKey, SourceId, TextPrint};

use crate::{DecisionKind, StoreError, aliases, index::read_document, open::Inner};

impl Inner {
    /// Where people's merges send keys: the last word on each.
    pub(crate) fn merges(&mut self) -> Result<&BTreeMap<DocumentKey, DocumentKey>, StoreError> {
        let merges = match self.merges.take() {
            Some(m) => m,
            None => {
                let mut m = BTreeMap::new();
                for d in self.decisions()? {
                    match d.what {
                        DecisionKind::Merge { into } => drop(m.insert(d.document, into)),
                        DecisionKind::Split => drop(m.remove(&d.document)),
                        DecisionKind::Ignore { .. }
                        | DecisionKind::Correct { .. }
                        | DecisionKind::Approve { .. }
                        | DecisionKind::Disapprove { .. } => {}
                    }
                }
                m
            }
        };
        Ok(self.merges.insert(merges))
    }

    /// Where merges send this key in the end. A ring of merges ends where it began.
    pub(crate) fn merged(&mut self, key: &DocumentKey) -> Result<DocumentKey, StoreError> {
        let merges = self.merges()?;
        let (mut at, mut seen) = (key, BTreeSet::new());
        while let Some(next) = merges.get(at).filter(|_| seen.insert(at)) {
            at = next;
        }
        Ok(at.clone())
    }

    /// The document that a source knows by this key: the first that was stored, if there are several.
    pub(crate) fn by_source_key(&mut self, source: &SourceId, key: &str) -> Result<Option<DocumentKey>, StoreError> {
        for number in self.index.aliases()?.find(aliases::source_name(source, key)) {
            let d = read_document(&self.journal, self.index.entry(number)?.place)?;
            if d.sightings.iter().any(|s| s.source == *source && s.source_key.as_deref() == Some(key)) {
                return Ok(Some(d.document));
            }
        }
        Ok(None)
    }

    /// The document at this canonical address: the one whose key it is, else the only one whose main address it is, else
    /// the only one that has it at all. An address that several documents share names none of them.
    pub(crate) fn by_url(&mut self, url_key: &DocumentKey) -> Result<Option<DocumentKey>, StoreError> {
        let (mut main, mut any) = (Vec::new(), Vec::new());
        if self.index.find(url_key.as_str())?.is_some() {
            return Ok(Some(url_key.clone()));
        }
        let candidates = self.index.aliases()?.find(aliases::url_name(url_key.as_str()));
        if candidates.len() >= aliases::MANY {
            return Ok(None);
        }
        for number in candidates {
            let d = read_document(&self.journal, self.index.entry(number)?.place)?;
            if monitor_model::url_key(&d.url).as_ref() == Some(url_key) {
                main.push(d.document);
            } else if aliases::url_keys(&d).contains(url_key.as_str()) {
                any.push(d.document);
            }
        }
        let only = |mut list: Vec<DocumentKey>| if list.len() == 1 { list.pop() } else { None };
        Ok(if main.is_empty() { only(any) } else { only(main) })
    }

    /// The documents that hold a relation to this key that ties, or one that does not, by key.
    pub(crate) fn pointing_at(&mut self, key: &DocumentKey, ties: bool) -> Result<Vec<DocumentKey>, StoreError> {
        let mut out = Vec::new();
        for number in self.index.aliases()?.find_most(aliases::relation_name(key.as_str(), ties), aliases::MOST) {
            let d = read_document(&self.journal, self.index.entry(number)?.place)?;
            if d.relations.iter().any(|r| r.document == *key && r.kind.ties() == ties) {
                out.push(d.document);
            }
        }
        out.sort();
        Ok(out)
    }

    /// The documents whose text names this key beside others, by key.
    pub(crate) fn naming(&mut self, key: &DocumentKey) -> Result<Vec<DocumentKey>, StoreError> {
        let mut out = Vec::new();
        for number in self.index.aliases()?.find_most(aliases::naming_name(key.as_str()), aliases::MOST) {
            let d = read_document(&self.journal, self.index.entry(number)?.place)?;
            if d.names_documents().any(|k| k == key.as_str()) {
                out.push(d.document);
            }
        }
        out.sort();
        Ok(out)
    }

    /// The documents whose title has this print, by key. What many share is no name.
    pub(crate) fn titled(&mut self, print: u64) -> Result<Vec<DocumentKey>, StoreError> {
        let numbers = self.index.aliases()?.find(aliases::title_name(print));
        if numbers.len() >= aliases::MANY {
            return Ok(Vec::new());
        }
        let mut out: Vec<DocumentKey> =
            numbers.into_iter().map(|n| Ok(DocumentKey(self.index.entry(n)?.key))).collect::<Result<_, StoreError>>()?;
        out.sort();
        Ok(out)
    }

    /// The documents that share a band of this print, or its title, by key.
    pub(crate) fn alike(&mut self, print: TextPrint) -> Result<Vec<DocumentKey>, StoreError> {
        let names = print.names();
        let mut numbers = BTreeSet::new();
        for name in &names {
            numbers.extend(self.index.aliases()?.find_most(aliases::print_name(name), aliases::MOST));
        }
        let mut out = Vec::new();
        for number in numbers {
            let d = read_document(&self.journal, self.index.entry(number)?.place)?;
            if d.text_print().is_some_and(|p| p.names().iter().zip(&names).any(|(a, b)| a == b)) {
                out.push(d.document);
            }
        }
        out.sort();
        Ok(out)
    }
}
