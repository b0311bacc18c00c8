use std::{collections::BTreeMap, vec};

use monitor_model::{Delivery, Document, DocumentKey, Event, FrozenEdition, HostMemory, Memory, SourceId, SourceReport, Timestamp};

use crate::{
    Brief, Decision, Store, StoreError,
    index::read_document,
    line::OwnedLine,
    open::Inner,
    record::{EventEntry, Place},
};

/// Which events: `since <= at < until`; none means without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventRange {
    /// Not before this.
    pub since: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
}

impl Store {
    /// How many documents there are.
    pub fn count(&self) -> u64 {
        u64::from(self.inner().index.state.documents)
    }

    /// The document with this key. A merged document is still found by its own key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        self.inner().document(key)
    }

    /// All documents, by key. One that cannot be read is one error, and the others follow.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn documents(&self) -> Result<Documents<'_>, StoreError> {
        self.documents_where(|_, _| true)
    }

    /// The relevant documents that nobody ignored, by key. The others are not read.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn relevant_documents(&self) -> Result<Documents<'_>, StoreError> {
        self.documents_where(|_, b| b.relevance == monitor_model::Relevance::Relevant && !b.ignored)
    }

    /// The documents that the directory does not rule out, by key. The others are not read.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn documents_where(&self, mut may: impl FnMut(&str, &Brief) -> bool) -> Result<Documents<'_>, StoreError> {
        let inner = self.inner();
        let mut found: Vec<(String, Place)> = Vec::new();
        for page in 0..inner.index.pages() {
            found.extend(inner.index.page(page)?.into_iter().filter(|e| may(&e.key, &e.brief)).map(|e| (e.key, e.place)));
        }
        found.sort_unstable();
        let places: Vec<Place> = found.into_iter().map(|(_, p)| p).collect();
        Ok(Documents { store: self, places: places.into_iter(), words: Vec::new(), line: Vec::new() })
    }

    /// The events in a range, by time and then in the order in which they came. Only these are read.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn events(&self, range: EventRange) -> Result<Events<'_>, StoreError> {
        self.events_where(range, |_, _| true)
    }

    /// The events in a range of documents that the directory does not rule out, in the same order. Only these are read. Events of
    /// documents that are not stored are among them.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn events_where(&self, range: EventRange, may: impl FnMut(&str, &Brief) -> bool) -> Result<Events<'_>, StoreError> {
        let inner = self.inner();
        let from = range.since.map_or(i128::MIN, Timestamp::as_nanosecond);
        let until = range.until.map_or(i128::MAX, Timestamp::as_nanosecond);
        let mut found = Vec::new();
        for (batch, line) in inner.index.ledger()? {
            if line.span.is_some_and(|(first, last)| last >= from && first < until) {
                found.extend(inner.index.events_of(batch)?.into_iter().filter(|e| e.at >= from && e.at < until));
            }
        }
        inner.index.rule_out(&mut found, may)?;
        Ok(Events::new(self, found))
    }

    /// The events of one document, in the same order.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn events_of(&self, key: &DocumentKey) -> Result<Events<'_>, StoreError> {
        let mut inner = self.inner();
        let number = inner.index.find(key.as_str())?.map(|(number, _)| number);
        let mut found = Vec::new();
        for e in inner.index.all_events()? {
            // What came before its document was stored has no number; there is next to none of it.
            if (e.document.is_some() && e.document == number) || (e.document.is_none() && inner.event(&e)?.document == *key) {
                found.push(e);
            }
        }
        Ok(Events::new(self, found))
    }

    /// The documents that hold a relation of any kind to this one, by key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn holders(&self, key: &DocumentKey) -> Result<Vec<DocumentKey>, StoreError> {
        let mut inner = self.inner();
        let mut all = inner.pointing_at(key, true)?;
        all.extend(inner.pointing_at(key, false)?);
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// What is remembered of a source.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn memory(&self, source: &SourceId) -> Result<Option<Memory>, StoreError> {
        self.inner().memory(source)
    }

    /// What is remembered of all sources.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn memories(&self) -> Result<BTreeMap<SourceId, Memory>, StoreError> {
        let inner = self.inner();
        let mut out = BTreeMap::new();
        for (source, mut memory) in inner.bare_memories()? {
            memory.present = inner.index.present(source.as_str())?;
            out.insert(source, memory);
        }
        Ok(out)
    }

    /// What is remembered of all hosts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hosts(&self) -> Result<BTreeMap<String, HostMemory>, StoreError> {
        self.inner().hosts()
    }

    /// The run records of one run, in the order in which they were written.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reports(&self, run: &str) -> Result<Vec<SourceReport>, StoreError> {
        let all = self.inner().all_reports()?;
        Ok(all.into_iter().filter(|(r, _, _)| r == run).map(|(_, _, report)| report).collect())
    }

    /// All run records with the time at which they were stored, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn report_history(&self) -> Result<Vec<(Timestamp, SourceReport)>, StoreError> {
        Ok(self.inner().all_reports()?.into_iter().map(|(_, at, report)| (at, report)).collect())
    }

    /// The run records of the last `n` runs, newest run first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_runs(&self, n: usize) -> Result<Vec<(String, Vec<SourceReport>)>, StoreError> {
        let mut out: Vec<(String, Vec<SourceReport>)> = Vec::new();
        for (run, _, report) in self.inner().all_reports()?.into_iter().rev() {
            if out.last().is_none_or(|(r, _)| *r != run) {
                if out.len() == n {
                    break;
                }
                out.push((run, Vec::new()));
            }
            out.last_mut().into_iter().for_each(|(_, list)| list.push(report.clone()));
        }
        for (_, list) in &mut out {
            list.reverse();
        }
        Ok(out)
    }

    /// The last run record of each source.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_reports(&self) -> Result<BTreeMap<SourceId, SourceReport>, StoreError> {
        let inner = self.inner();
        let places = inner.index.places(b"nq")?;
        places.into_iter().map(|(_, p)| inner.report(p).map(|(_, _, r)| (r.id.clone(), r))).collect()
    }

    /// Everything that people decided, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        self.inner().decisions()
    }

    /// A frozen edition.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn edition(&self, edition: &str) -> Result<Option<FrozenEdition>, StoreError> {
        self.inner().edition(edition)
    }

    /// All frozen editions, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn editions(&self) -> Result<Vec<FrozenEdition>, StoreError> {
        let inner = self.inner();
        inner.index.places(b"nf")?.into_iter().map(|(_, p)| inner.read_edition(p)).collect()
    }

    /// The whole delivery ledger, oldest line first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn deliveries(&self) -> Result<Vec<Delivery>, StoreError> {
        self.inner().deliveries()
    }
}

impl Inner {
    fn unexpected(&self, place: Place) -> StoreError {
        StoreError::damaged(&self.journal.path, format!("the line at byte {} is of another sort than the index says", place.offset))
    }

    /// The line at a place, as it was written.
    pub(crate) fn read(&self, place: Place) -> Result<OwnedLine, StoreError> {
        serde_json::from_slice(&self.journal.line(place)?)
            .map_err(|e| StoreError::damaged(&self.journal.path, format!("the line at byte {} cannot be read ({e})", place.offset)))
    }

    pub(crate) fn document(&mut self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        match self.index.find(key.as_str())? {
            Some((_, entry)) => self.filled(entry.place).map(Some),
            None => Ok(None),
        }
    }

    /// A document with the times that an unchanged run does not write: what a source still shows was seen when it was
    /// last fetched well.
    fn filled(&mut self, place: Place) -> Result<Document, StoreError> {
        let mut d = read_document(&self.journal, place)?;
        let seen = match self.seen.take() {
            Some(seen) => seen,
            None => self.bare_memories()?.into_iter().filter_map(|(s, m)| Some((s, m.last_success?))).collect(),
        };
        for s in d.sightings.iter_mut().filter(|s| s.present) {
            if let Some(at) = seen.get(&s.source) {
                s.last_seen = s.last_seen.max(*at);
                d.last_checked = d.last_checked.max(*at);
            }
        }
        self.seen = Some(seen);
        Ok(d)
    }

    pub(crate) fn event(&self, e: &EventEntry) -> Result<Event, StoreError> {
        match self.read(e.place)? {
            OwnedLine::Document(mut life) if (e.index as usize) < life.events.len() => Ok(life.events.swap_remove(e.index as usize).1),
            OwnedLine::Event(loose) => Ok(loose.event),
            _ => Err(self.unexpected(e.place)),
        }
    }

    /// All memories without the lists of keys shown.
    pub(crate) fn bare_memories(&self) -> Result<BTreeMap<SourceId, Memory>, StoreError> {
        let mut out = BTreeMap::new();
        for (_, place) in self.index.places(b"nm")? {
            let OwnedLine::Memory(line) = self.read(place)? else { return Err(self.unexpected(place)) };
            out.insert(line.source, line.memory);
        }
        Ok(out)
    }

    pub(crate) fn memory(&self, source: &SourceId) -> Result<Option<Memory>, StoreError> {
        let Some(place) = self.index.named(b'm', source.as_str())? else { return Ok(None) };
        let OwnedLine::Memory(line) = self.read(place)? else { return Err(self.unexpected(place)) };
        Ok(Some(Memory { present: self.index.present(source.as_str())?, ..line.memory }))
    }

    pub(crate) fn robots(&self, host: &str) -> Result<Option<(Timestamp, Option<String>)>, StoreError> {
        let Some(place) = self.index.named(b'r', host)? else { return Ok(None) };
        let OwnedLine::Robots(line) = self.read(place)? else { return Err(self.unexpected(place)) };
        Ok(line.robots)
    }

    pub(crate) fn hosts(&self) -> Result<BTreeMap<String, HostMemory>, StoreError> {
        let mut out = BTreeMap::new();
        for (_, place) in self.index.places(b"nh")? {
            let OwnedLine::Host(line) = self.read(place)? else { return Err(self.unexpected(place)) };
            let robots = self.robots(&line.host)?;
            out.insert(line.host, HostMemory { robots, ..line.memory });
        }
        Ok(out)
    }

    fn report(&self, place: Place) -> Result<(String, Timestamp, SourceReport), StoreError> {
        let OwnedLine::Report(line) = self.read(place)? else { return Err(self.unexpected(place)) };
        Ok((line.run, line.at, line.report))
    }

    /// All run records, oldest first.
    pub(crate) fn all_reports(&self) -> Result<Vec<(String, Timestamp, SourceReport)>, StoreError> {
        self.index.places(b"r")?.into_iter().map(|(_, p)| self.report(p)).collect()
    }

    pub(crate) fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        let mut out = Vec::new();
        for (_, place) in self.index.places(b"c")? {
            let OwnedLine::Decision(d) = self.read(place)? else { return Err(self.unexpected(place)) };
            out.push(d);
        }
        Ok(out)
    }

    pub(crate) fn read_edition(&self, place: Place) -> Result<FrozenEdition, StoreError> {
        let OwnedLine::Edition(e) = self.read(place)? else { return Err(self.unexpected(place)) };
        Ok(e)
    }

    pub(crate) fn edition(&self, edition: &str) -> Result<Option<FrozenEdition>, StoreError> {
        self.index.named(b'f', edition)?.map(|p| self.read_edition(p)).transpose()
    }

    fn delivery(&self, place: Place) -> Result<Delivery, StoreError> {
        let OwnedLine::Delivery(d) = self.read(place)? else { return Err(self.unexpected(place)) };
        Ok(d)
    }

    pub(crate) fn deliveries(&self) -> Result<Vec<Delivery>, StoreError> {
        // The key ends with the line's number.
        let mut places: Vec<_> = self.index.places(b"y")?.into_iter().map(|(k, p)| (k[k.len().saturating_sub(8)..].to_vec(), p)).collect();
        places.sort();
        places.into_iter().map(|(_, p)| self.delivery(p)).collect()
    }

    pub(crate) fn last_delivery(&self, edition: &str, channel: &str, recipient: &str) -> Result<Option<Delivery>, StoreError> {
        let places = self.index.places(&crate::index::delivery_key(edition, channel, recipient))?;
        places.last().map(|(_, p)| self.delivery(*p)).transpose()
    }
}

/// Documents, by key.
pub struct Documents<'a> {
    store: &'a Store,
    places: vec::IntoIter<Place>,
    /// What must stand in the line.
    words: Vec<String>,
    line: Vec<u8>,
}

impl Documents<'_> {
    /// Passes over documents in whose stored form one of these words, given in lower case, does not stand. What is left holds them
    /// somewhere, not always in a text.
    pub fn holding(&mut self, words: &[String]) {
        // In JSON some signs are written otherwise; such a word is left to whoever reads the document.
        let plain = |w: &&String| w.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
        self.words = words.iter().filter(plain).cloned().collect();
    }

    /// Whether the line at a place may hold the words. A line that cannot be read may: reading it tells why it cannot.
    fn may_hold(&mut self, place: Place) -> bool {
        if self.words.is_empty() || self.store.inner().journal.read_into(place.offset, u64::from(place.len), &mut self.line).is_err() {
            return true;
        }
        // A question compares without accents (model/src/query/fold.rs): Latin letters that are no ASCII may become some, as do the Kelvin
        // sign, accents of their own, and, in a word that has one, hyphens and apostrophes of print.
        let signs = self.words.iter().any(|w| w.contains(['-', '\'']));
        let odd = self.line.windows(2).any(|w| matches!(w, [0xc3..=0xc9 | 0xcc | 0xcd, _] | [0xe1, 0xb8..=0xbb] | [0xe2, 0x84]))
            || (signs && self.line.windows(3).any(|w| matches!(w, [0xe2, 0x80, 0x90 | 0x91 | 0x99])));
        self.line.make_ascii_lowercase();
        odd || self.words.iter().all(|w| holds(&self.line, w.as_bytes()))
    }
}

/// Whether `word`, which is not empty, stands in `line`.
fn holds(line: &[u8], word: &[u8]) -> bool {
    let Some((first, rest)) = word.split_first() else { return true };
    let mut at = line;
    while let Some(n) = at.iter().position(|b| b == first) {
        at = &at[n + 1..];
        if at.starts_with(rest) {
            return true;
        }
    }
    false
}

impl Iterator for Documents<'_> {
    type Item = Result<Document, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let place = self.places.next()?;
            if self.may_hold(place) {
                return Some(self.store.inner().filled(place));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (if self.words.is_empty() { self.places.len() } else { 0 }, Some(self.places.len()))
    }
}

/// Events, in order.
pub struct Events<'a> {
    store: &'a Store,
    entries: vec::IntoIter<EventEntry>,
}

impl<'a> Events<'a> {
    fn new(store: &'a Store, mut entries: Vec<EventEntry>) -> Self {
        entries.sort_unstable_by_key(|e| (e.at, e.number));
        Events { store, entries: entries.into_iter() }
    }
}

impl Iterator for Events<'_> {
    type Item = Result<Event, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.entries.next()?;
        Some(self.store.inner().event(&entry))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}
