use std::io::{BufRead, Write};

use monitor_model::{DocumentKey, Event, Timestamp};

use crate::{
    Store, StoreError,
    form::{DocumentLine, Numbered},
    line::{Base, HostLine, Line, Loose, MemoryLine, OwnedLine, PresentLine, ReportLine, RobotsLine, write_line},
    open::Inner,
    record::EventEntry,
};

/// The longest line that an import reads.
const LONGEST: u64 = 256 << 20;

/// The last line of an export.
#[derive(serde::Serialize, serde::Deserialize)]
struct Trailer {
    end: End,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct End {
    /// Lines before this one.
    count: u64,
    /// blake3 (hex) of these lines.
    blake3: String,
}

impl Store {
    /// Writes everything as sorted JSON Lines with a trailer. The same state gives the same bytes. Returns the lines written.
    ///
    /// # Errors
    /// When the store cannot be read or the writer refuses.
    pub fn export(&self, writer: &mut dyn Write) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        let mut hash = blake3::Hasher::new();
        let mut count = 0;
        let mut bytes = Vec::new();
        inner.each_line(&mut |line| {
            bytes.clear();
            write_line(&mut bytes, line).map_err(|e| StoreError::io("write", "the export")(e.into()))?;
            hash.update(&bytes);
            count += 1;
            writer.write_all(&bytes).map_err(StoreError::io("write", "the export"))
        })?;
        let end = End { count, blake3: hash.finalize().to_hex().to_string() };
        let text = serde_json::to_string(&Trailer { end }).unwrap_or_default() + "\n";
        writer.write_all(text.as_bytes()).and_then(|()| writer.flush()).map_err(StoreError::io("write", "the export"))?;
        Ok(count)
    }

    /// Takes an export into this store, which must be empty: all of it or nothing. Returns the lines read.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`]; [`StoreError::Import`] with the line that is wrong or when the end is missing.
    pub fn import(&self, reader: &mut dyn BufRead, now: Timestamp) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        if inner.index.state.batch > 0 {
            return Err(StoreError::NotEmpty { path: self.dir.clone(), documents: u64::from(inner.index.state.documents) });
        }
        let mut new = inner.next_generation(&self.dir, now)?;
        let filled = read_export(reader, &mut |line| new.add(line));
        let count = *filled.as_ref().unwrap_or(&0);
        inner.adopt(&self.dir, new, filled.map(|_| ()))?;
        Ok(count)
    }
}

/// Reads an export to its end and checks it. Returns the lines read.
fn read_export(reader: &mut dyn BufRead, put: &mut Put<'_>) -> Result<u64, StoreError> {
    let mut hash = blake3::Hasher::new();
    let mut count = 0;
    let mut end: Option<End> = None;
    let mut before: Option<DocumentKey> = None;
    let mut text = Vec::new();
    loop {
        let wrong = |what: &str| StoreError::Import { line: count + 1, what: what.to_owned() };
        text.clear();
        let n = std::io::Read::take(&mut *reader, LONGEST).read_until(b'\n', &mut text).map_err(StoreError::io("read", "the export"))?;
        match (n, &end) {
            (0, Some(e)) if e.count == count && e.blake3 == hash.finalize().to_hex().as_str() => return Ok(count),
            (0, Some(_)) => return Err(wrong("the lines are not those that the last line counts; the file was changed or cut")),
            (0, None) => return Err(wrong("the export ends before its last line, which counts the others")),
            (_, Some(_)) => return Err(wrong("something stands behind the last line")),
            (_, None) => {}
        }
        if let Ok(trailer) = serde_json::from_slice::<Trailer>(&text) {
            end = Some(trailer.end);
            continue;
        }
        hash.update(&text);
        let line: OwnedLine = serde_json::from_slice(&text).map_err(|e| wrong(&e.to_string()))?;
        if !line.counts_soberly() {
            return Err(wrong("a number is too large to be one of ours"));
        }
        if let OwnedLine::Document(life) = &line {
            let key = &life.document.document;
            if before.as_ref().is_some_and(|b| b >= key) {
                return Err(wrong("the documents are not sorted by key, or one comes twice"));
            }
            before = Some(key.clone());
        }
        put(&line.line())?;
        count += 1;
    }
}

/// Takes lines, one after the other.
type Put<'a> = dyn FnMut(&Line<'_>) -> Result<(), StoreError> + 'a;

impl Inner {
    /// All lines that make this state, sorted by sort and key, one after the other.
    pub(crate) fn each_line(&mut self, add: &mut Put<'_>) -> Result<(), StoreError> {
        let s = &self.index.state;
        add(&Line::Base(&Base { runs: s.runs, next_event: s.next_event }))?;
        self.decisions()?.iter().try_for_each(|d| add(&Line::Decision(d)))?;
        self.deliveries()?.iter().try_for_each(|d| add(&Line::Delivery(d)))?;
        let loose = self.each_document(add)?;
        for (_, place) in self.index.places(b"nf")? {
            add(&Line::Edition(&self.read_edition(place)?))?;
        }
        for (n, event) in loose {
            add(&Line::Event(&Loose { n: Some(n), event }))?;
        }
        let hosts = self.hosts()?;
        for (host, memory) in &hosts {
            let memory = monitor_model::HostMemory { robots: None, ..memory.clone() };
            add(&Line::Host(&HostLine { host: host.clone(), memory }))?;
        }
        let memories = self.bare_memories()?;
        for (source, memory) in &memories {
            add(&Line::Memory(&MemoryLine { source: source.clone(), memory: memory.clone() }))?;
        }
        for source in memories.keys() {
            if let Some(all) = Some(self.index.present(source.as_str())?).filter(|l| !l.is_empty()) {
                add(&Line::Present(&PresentLine { source: source.clone(), all: Some(all), add: Vec::new(), remove: Vec::new() }))?;
            }
        }
        for (run, at, report) in self.all_reports()? {
            add(&Line::Report(&ReportLine { run, at, report }))?;
        }
        for (host, memory) in hosts {
            if memory.robots.is_some() {
                add(&Line::Robots(&RobotsLine { host, robots: memory.robots }))?;
            }
        }
        Ok(())
    }

    /// Every document with all its events, by key. Returns the events of documents that are not stored, in order.
    fn each_document(&mut self, add: &mut Put<'_>) -> Result<Vec<(u64, Event)>, StoreError> {
        let mut events = self.index.all_events()?;
        let mut loose = Vec::new();
        for e in events.iter_mut().filter(|e| e.document.is_none()) {
            // The document may have been stored later.
            let event = self.event(e)?;
            match self.index.find(event.document.as_str())? {
                Some((number, _)) => e.document = Some(number),
                None => loose.push((e.at, e.number, event)),
            }
        }
        loose.sort_by_key(|(at, n, _)| (*at, *n));
        events.retain(|e| e.document.is_some());
        events.sort_unstable_by_key(|e| (e.document, e.number));

        let mut entries = Vec::new();
        for page in 0..self.index.pages() {
            let first = page * crate::index::PAGE;
            entries.extend((first..).zip(self.index.page(page)?).map(|(number, e)| (e.key, number, e.place)));
        }
        entries.sort_unstable();
        for (_, number, place) in entries {
            let OwnedLine::Document(life) = self.read(place)? else {
                return Err(StoreError::damaged(&self.journal.path, format!("the line at byte {} is no document", place.offset)));
            };
            let from = events.partition_point(|e| e.document < Some(number));
            let own: Vec<EventEntry> = events[from..].iter().take_while(|e| e.document == Some(number)).copied().collect();
            let mut read: Vec<(u64, Event)> = Vec::with_capacity(own.len());
            for e in &own {
                let here = (e.place == place).then(|| life.events.get(e.index as usize).map(|(_, event)| event.clone())).flatten();
                read.push((e.number, here.map_or_else(|| self.event(e), Ok)?));
            }
            let numbered: Vec<Numbered<&Event>> = read.iter().map(|(n, e)| (Some(*n), e)).collect();
            add(&Line::Document(DocumentLine(&life.document, numbered)))?;
        }
        Ok(loose.into_iter().map(|(_, n, e)| (n, e)).collect())
    }
}
