use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{DocumentKey, Event, HostMemory, Memory};

use crate::{
    Batch, Receipt, Store, StoreError,
    form::{DocumentLine, Numbered},
    index::Incoming,
    journal::{Commit, Journal},
    line::{HostLine, Line, Loose, MemoryLine, PresentLine, ReportLine, RobotsLine, write_line},
    open::{Inner, head_of},
    record::Place,
    stop::{Point, Stop},
};

/// A buffer larger than this is not kept for the next batch.
const PAGE: usize = 1 << 20;

impl Store {
    /// Stores a batch, all or nothing. When this returns, it is on disk: in the journal, in the index, and witnessed.
    ///
    /// # Errors
    /// [`StoreError::Frozen`] when an edition would change; [`StoreError::Io`] when the disk refuses (nothing is stored,
    /// or the batch is in the journal and taken in when the store is opened again); [`StoreError::Unusable`] after such.
    pub fn commit(&self, batch: &Batch) -> Result<Receipt, StoreError> {
        let mut guard = self.inner();
        let inner = &mut *guard;
        if let Some(why) = &inner.fault {
            return Err(StoreError::Unusable { path: self.dir.clone(), why: why.clone() });
        }
        if batch.is_empty() {
            return Ok(Receipt { batch: inner.index.state.batch, documents: 0, events: 0 });
        }
        inner.refuse_thawed(batch)?;
        let done = inner.write_batch(batch);
        match &done {
            // In memory the batch may half count already: only a fresh look at the disk is safe now.
            Err(e) => inner.fault = Some(format!("a write failed ({e})")),
            Ok(_) => {
                if let Err(e) = head_of(&inner.index).write(&self.dir) {
                    inner.fault = Some(format!("a write failed ({e})"));
                    return Err(e);
                }
                if batch.memory.is_some() {
                    inner.seen = None;
                }
                if !batch.decisions.is_empty() {
                    inner.merges = None;
                }
            }
        }
        done
    }
}

impl Inner {
    /// Refuses editions that exist with other contents.
    fn refuse_thawed(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut new: BTreeMap<&str, &str> = BTreeMap::new();
        for e in &batch.editions {
            let known = self.edition(&e.edition)?;
            let known = known.as_ref().map(|k| k.hash.as_str()).or_else(|| new.get(e.edition.as_str()).copied());
            if known.is_some_and(|hash| hash != e.hash) {
                return Err(StoreError::Frozen { edition: e.edition.clone() });
            }
            new.insert(&e.edition, &e.hash);
        }
        Ok(())
    }

    fn write_batch(&mut self, batch: &Batch) -> Result<Receipt, StoreError> {
        let parts = self.parts(batch)?;
        let unwritable = |e: serde_json::Error| StoreError::damaged(&self.journal.path, format!("a line cannot be written ({e})"));
        let mut draft = Draft { offset: self.journal.len, body: std::mem::take(&mut self.page), items: Vec::new() };
        draft.fill(batch, &parts, self.index.state.next_event).map_err(unwritable)?;
        let documents = draft.items.iter().filter(|(_, line)| matches!(line, Line::Document(_))).count() as u64;
        let commit = Commit {
            batch: self.index.state.batch + 1,
            at: batch.at,
            run: batch.run.clone(),
            source: batch.source.clone(),
            documents,
            events: batch.events.len() as u64,
            bytes: draft.body.len() as u64,
        };
        let Draft { mut body, items, offset } = draft;
        let before = (self.index.state.batch, self.index.state.hash);
        let hash = Journal::finish(&mut body, &commit, &self.index.state.hash).map_err(unwritable)?;
        let incoming = Incoming { offset, bytes: body.len() as u64, commit: &commit, hash, items };
        // Planned before anything is written, so that what cannot be taken in is never in the journal.
        let ops = self.index.plan(&self.journal, &incoming)?;
        Stop::reached(self.stop, Point::Begin, commit.batch);
        self.journal.turn(batch.at, before.0, &before.1)?;
        self.journal.append(&body)?;
        Stop::reached(self.stop, Point::Journal, commit.batch);
        self.index.write(ops)?;
        Stop::reached(self.stop, Point::Index, commit.batch);
        if body.capacity() <= PAGE {
            body.clear();
            self.page = body;
        }
        Ok(Receipt { batch: commit.batch, documents, events: commit.events })
    }

    /// The lines beside documents and editions. What did not change has none.
    fn parts(&self, batch: &Batch) -> Result<Parts, StoreError> {
        let mut parts = Parts::default();
        if let Some((source, m)) = &batch.memory {
            parts.present = PresentLine::between(source, &self.index.present(source.as_str())?, &m.present);
            let memory = Memory { present: Vec::new(), ..m.clone() };
            parts.memory = Some(MemoryLine { source: source.clone(), memory });
        }
        for (host, m) in &batch.hosts {
            if self.robots(host)? != m.robots {
                parts.robots.push(RobotsLine { host: host.clone(), robots: m.robots.clone() });
            }
            parts.hosts.push(HostLine { host: host.clone(), memory: HostMemory { robots: None, ..m.clone() } });
        }
        parts.report = batch.report.clone().map(|report| ReportLine { run: batch.run.clone(), at: batch.at, report });
        let here: BTreeSet<&DocumentKey> = batch.documents.iter().map(|d| &d.document).collect();
        let numbered = (self.index.state.next_event..).zip(&batch.events);
        for (n, event) in numbered.filter(|(_, e)| !here.contains(&e.document)) {
            parts.loose.push(Loose { n: Some(n), event: event.clone() });
        }
        Ok(parts)
    }
}

/// The lines of a batch that are not simply its members.
#[derive(Default)]
struct Parts {
    memory: Option<MemoryLine>,
    present: Option<PresentLine>,
    hosts: Vec<HostLine>,
    robots: Vec<RobotsLine>,
    report: Option<ReportLine>,
    loose: Vec<Loose>,
}

/// Lines in the making.
struct Draft<'a> {
    offset: u64,
    body: Vec<u8>,
    items: Vec<(Place, Line<'a>)>,
}

impl<'a> Draft<'a> {
    fn add(&mut self, line: Line<'a>) -> Result<(), serde_json::Error> {
        let begin = self.body.len();
        write_line(&mut self.body, &line)?;
        let bytes = &self.body[begin..];
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.items.push((Place { offset: self.offset + begin as u64, len, crc: crc32fast::hash(bytes) }, line));
        Ok(())
    }

    /// Writes the lines of a batch. `next` is the number of its first event.
    fn fill(&mut self, batch: &'a Batch, parts: &'a Parts, next: u64) -> Result<(), serde_json::Error> {
        let last: BTreeMap<&DocumentKey, usize> = batch.documents.iter().enumerate().map(|(n, d)| (&d.document, n)).collect();
        let mut events: BTreeMap<&DocumentKey, Vec<(u64, &Event)>> = BTreeMap::new();
        for (number, event) in (next..).zip(&batch.events) {
            events.entry(&event.document).or_default().push((number, event));
        }
        // A number is written only where it is not the next one.
        let mut counter = next;
        for (n, d) in batch.documents.iter().enumerate() {
            if last.get(&d.document) != Some(&n) {
                continue;
            }
            let mut own: Vec<Numbered<&Event>> = Vec::new();
            for (number, event) in events.remove(&d.document).unwrap_or_default() {
                own.push(((number != counter).then_some(number), event));
                counter = number + 1;
            }
            self.add(Line::Document(DocumentLine(d, own)))?;
        }
        parts.loose.iter().try_for_each(|l| self.add(Line::Event(l)))?;
        parts.present.iter().try_for_each(|l| self.add(Line::Present(l)))?;
        parts.memory.iter().try_for_each(|l| self.add(Line::Memory(l)))?;
        parts.robots.iter().try_for_each(|l| self.add(Line::Robots(l)))?;
        parts.hosts.iter().try_for_each(|l| self.add(Line::Host(l)))?;
        batch.decisions.iter().try_for_each(|l| self.add(Line::Decision(l)))?;
        batch.editions.iter().try_for_each(|l| self.add(Line::Edition(l)))?;
        batch.deliveries.iter().try_for_each(|l| self.add(Line::Delivery(l)))?;
        parts.report.iter().try_for_each(|l| self.add(Line::Report(l)))
    }
}
