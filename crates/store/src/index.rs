//! What lies in sled: a pure function of the journal, taken in batch by batch. Texts stay in the journal; here are places.
//!
//! | first byte | rest of the key | value |
//! |---|---|---|
//! | `z` | | [`State`] |
//! | `l` | batch | [`LedgerLine`] |
//! | `d` | page | the [`Entry`]s of 32 documents by their number |
//! | `w` | page, piece | the [`Sketch`]es of the same documents |
//! | `x` | level, sequence, piece | names of documents (`aliases.rs`) |
//! | `e` | batch, piece | [`EventEntry`]s |
//! | `n` | sort, name | [`Place`] of the newest line: `m`emory, `h`ost, `r`obots, `q` last report, edition (`f`) |
//! | `p` | source, piece | the keys that a source shows |
//! | `c` `r` `y` | number | [`Place`]s of decisions, reports, deliveries |

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::Document;

use crate::{
    Sketch, StoreError,
    aliases::{self, Aliases},
    brief::Brief,
    db::{Db, Ops},
    form::DocumentLine,
    journal::{Commit, Journal, NO_HASH},
    line::{DocumentOnly, Line},
    record::{Entry, EventEntry, LedgerLine, Place, State, seal, unseal},
};

/// Documents in one page of the directory.
pub(crate) const PAGE: u32 = 32;
/// Events in one value.
const EVENTS: usize = 128;

/// A batch as the index takes it in.
pub(crate) struct Incoming<'a> {
    pub(crate) offset: u64,
    /// With the commit line.
    pub(crate) bytes: u64,
    pub(crate) commit: &'a Commit,
    pub(crate) hash: [u8; 32],
    pub(crate) items: Vec<(Place, Line<'a>)>,
}

/// The index and what of it is kept in memory.
pub(crate) struct Index {
    pub(crate) db: Db,
    pub(crate) state: State,
    aliases: Option<Aliases>,
}

/// What a batch changes, before it is written.
#[derive(Default)]
struct Pending<'a> {
    pages: BTreeMap<u32, (Vec<Entry>, Vec<Sketch>)>,
    taken: BTreeMap<&'a str, u32>,
    new: u32,
    names: Vec<(u64, u32, bool)>,
    events: Vec<EventEntry>,
    present: BTreeMap<&'a str, Vec<String>>,
}

/// A key of two or more parts.
pub(crate) fn key(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// The key of the sketches of a page.
fn sketch_key(page: u32) -> Vec<u8> {
    key(&[b"w", &page.to_be_bytes()])
}

/// The key of a source's list.
pub(crate) fn present_key(source: &str) -> Vec<u8> {
    let len = u16::try_from(source.len()).unwrap_or(u16::MAX).to_be_bytes();
    key(&[b"p", &len, source.as_bytes()])
}

/// The key under which the deliveries of one edition, channel and recipient stand.
pub(crate) fn delivery_key(edition: &str, channel: &str, recipient: &str) -> Vec<u8> {
    let mut h = blake3::Hasher::new();
    for part in [edition, channel, recipient] {
        h.update(&(part.len() as u64).to_be_bytes()).update(part.as_bytes());
    }
    key(&[b"y", &h.finalize().as_bytes()[..16]])
}

impl Index {
    /// Opens the index, or makes an empty one for this journal.
    pub(crate) fn open(db: Db, journal: &Journal) -> Result<Index, StoreError> {
        let state = match db.get(b"z")? {
            Some(bytes) => unseal(&bytes).map_err(|e| db.damaged(e))?,
            None => State {
                format: crate::head::FORMAT,
                generation: journal.start.generation,
                batch: journal.start.batch,
                hash: journal.start_hash()?,
                bytes: journal.first,
                ..State::default()
            },
        };
        Ok(Index { db, state, aliases: None })
    }

    /// Whether sled still has every key that was written.
    pub(crate) fn is_whole(&self) -> Result<bool, StoreError> {
        let mut census = self.db.census()?;
        census.remove(&b'z');
        Ok(census == self.state.keys && (self.state.hash != NO_HASH || self.state.keys.is_empty()))
    }

    pub(crate) fn aliases(&mut self) -> Result<&mut Aliases, StoreError> {
        let aliases = match self.aliases.take() {
            Some(a) => a,
            None => Aliases::load(&self.db)?,
        };
        Ok(self.aliases.insert(aliases))
    }

    /// The entries of a page of the directory.
    pub(crate) fn page(&self, page: u32) -> Result<Vec<Entry>, StoreError> {
        let want = self.state.documents.saturating_sub(page * PAGE).min(PAGE) as usize;
        let entries: Vec<Entry> = match self.db.get(&key(&[b"d", &page.to_be_bytes()]))? {
            Some(bytes) => unseal(&bytes).map_err(|e| self.db.damaged(e))?,
            None => Vec::new(),
        };
        if entries.len() == want { Ok(entries) } else { Err(self.db.damaged(format!("page {page} of the directory is not whole"))) }
    }

    /// The sketches of the documents of a page.
    pub(crate) fn sketches(&self, page: u32) -> Result<Vec<Sketch>, StoreError> {
        let want = self.state.documents.saturating_sub(page * PAGE).min(PAGE) as usize;
        if want == 0 {
            return Ok(Vec::new());
        }
        let bytes = self.db.get_long(&sketch_key(page))?;
        let sketches: Vec<Sketch> =
            postcard::from_bytes(&bytes).map_err(|e| self.db.damaged(format!("sketches of page {page} cannot be read ({e})")))?;
        if sketches.len() == want { Ok(sketches) } else { Err(self.db.damaged(format!("the sketches of page {page} are not whole"))) }
    }

    /// How many pages the directory has.
    pub(crate) fn pages(&self) -> u32 {
        self.state.documents.div_ceil(PAGE)
    }

    /// The entry of a document by its number.
    pub(crate) fn entry(&self, number: u32) -> Result<Entry, StoreError> {
        let mut page = self.page(number / PAGE)?;
        let at = (number % PAGE) as usize;
        if at < page.len() { Ok(page.swap_remove(at)) } else { Err(self.db.damaged(format!("document {number} is not in the directory"))) }
    }

    /// The number and entry of a document by its key.
    pub(crate) fn find(&mut self, document: &str) -> Result<Option<(u32, Entry)>, StoreError> {
        for number in self.aliases()?.find(aliases::key_name(document)) {
            let entry = self.entry(number)?;
            if entry.key == document {
                return Ok(Some((number, entry)));
            }
        }
        Ok(None)
    }

    /// The newest line of a name.
    pub(crate) fn named(&self, sort: u8, name: &str) -> Result<Option<Place>, StoreError> {
        self.place(self.db.get(&key(&[&[b'n', sort], name.as_bytes()]))?.as_deref())
    }

    fn place(&self, bytes: Option<&[u8]>) -> Result<Option<Place>, StoreError> {
        bytes.map(|b| unseal(b).map_err(|e| self.db.damaged(e))).transpose()
    }

    /// All places below a key, in order.
    pub(crate) fn places(&self, prefix: &[u8]) -> Result<Vec<(Vec<u8>, Place)>, StoreError> {
        let pairs = self.db.scan(prefix)?;
        pairs.into_iter().map(|(k, v)| Ok((k, unseal(&v).map_err(|e| self.db.damaged(e))?))).collect()
    }

    /// The keys that a source showed last.
    pub(crate) fn present(&self, source: &str) -> Result<Vec<String>, StoreError> {
        let bytes = self.db.get_long(&present_key(source))?;
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        postcard::from_bytes(&bytes).map_err(|e| self.db.damaged(format!("the list of {source} cannot be read ({e})")))
    }

    /// All batches, in order.
    pub(crate) fn ledger(&self) -> Result<Vec<(u64, LedgerLine)>, StoreError> {
        let pairs = self.db.scan(b"l")?;
        pairs
            .into_iter()
            .map(|(k, v)| {
                let mut eight = [0; 8];
                eight.copy_from_slice(k.get(1..9).ok_or_else(|| self.db.damaged("the ledger has a strange key"))?);
                Ok((u64::from_be_bytes(eight), unseal(&v).map_err(|e| self.db.damaged(e))?))
            })
            .collect()
    }

    /// The events of a batch.
    pub(crate) fn events_of(&self, batch: u64) -> Result<Vec<EventEntry>, StoreError> {
        let mut out = Vec::new();
        for (_, value) in self.db.scan(&key(&[b"e", &batch.to_be_bytes()]))? {
            out.extend(unseal::<Vec<EventEntry>>(&value).map_err(|e| self.db.damaged(e))?);
        }
        Ok(out)
    }

    /// Leaves only events of documents that `may` lets pass.
    pub(crate) fn rule_out(&self, events: &mut Vec<EventEntry>, mut may: impl FnMut(&str, &Brief) -> bool) -> Result<(), StoreError> {
        let wanted: BTreeSet<u32> = events.iter().filter_map(|e| e.document).collect();
        let mut passed = BTreeSet::new();
        let mut here = (u32::MAX, Vec::new());
        for number in wanted {
            if here.0 != number / PAGE {
                here = (number / PAGE, self.page(number / PAGE)?);
            }
            if here.1.get((number % PAGE) as usize).is_some_and(|e| may(&e.key, &e.brief)) {
                passed.insert(number);
            }
        }
        events.retain(|e| e.document.is_none_or(|d| passed.contains(&d)));
        Ok(())
    }

    /// All events, as they stand in the batches.
    pub(crate) fn all_events(&self) -> Result<Vec<EventEntry>, StoreError> {
        let mut out = Vec::new();
        for (_, value) in self.db.scan(b"e")? {
            out.extend(unseal::<Vec<EventEntry>>(&value).map_err(|e| self.db.damaged(e))?);
        }
        Ok(out)
    }

    /// Takes a batch in and says what to write for it. In memory it counts from now on.
    pub(crate) fn plan(&mut self, journal: &Journal, batch: &Incoming<'_>) -> Result<Ops, StoreError> {
        let mut ops = Ops::default();
        let mut pending = Pending::default();
        let mut next_event = self.state.next_event;
        let mut counter = next_event;
        let mut number_of = |n: Option<u64>| {
            let number = n.unwrap_or(counter);
            counter = number.saturating_add(1);
            next_event = next_event.max(counter);
            number
        };
        for (place, item) in &batch.items {
            match item {
                Line::Base(base) => {
                    self.state.runs = self.state.runs.saturating_add(base.runs);
                    // What follows begins where the base says.
                    if let Some(last) = base.next_event.checked_sub(1) {
                        number_of(Some(last));
                    }
                }
                Line::Document(DocumentLine(d, events)) => {
                    let document = self.take_document(journal, &mut pending, *place, d)?;
                    for (index, (n, event)) in (0..).zip(events) {
                        let (number, at) = (number_of(*n), event.at.as_nanosecond());
                        pending.events.push(EventEntry { at, number, document: Some(document), place: *place, index });
                    }
                }
                Line::Event(loose) => {
                    let event = &loose.event;
                    let document = match pending.taken.get(event.document.as_str()) {
                        Some(d) => Some(*d),
                        None => self.find(event.document.as_str())?.map(|(d, _)| d),
                    };
                    let (number, at) = (number_of(loose.n), event.at.as_nanosecond());
                    pending.events.push(EventEntry { at, number, document, place: *place, index: 0 });
                }
                Line::Memory(m) => ops.put(key(&[b"nm", m.source.as_str().as_bytes()]), seal(place)),
                Line::Host(h) => ops.put(key(&[b"nh", h.host.as_bytes()]), seal(place)),
                Line::Robots(r) => ops.put(key(&[b"nr", r.host.as_bytes()]), seal(place)),
                Line::Edition(e) => ops.put(key(&[b"nf", e.edition.as_bytes()]), seal(place)),
                Line::Present(p) => {
                    let before = match pending.present.remove(p.source.as_str()) {
                        Some(list) => list,
                        None => self.present(p.source.as_str())?,
                    };
                    pending.present.insert(p.source.as_str(), p.apply(before));
                }
                Line::Report(r) => {
                    ops.put(key(&[b"nq", r.report.id.as_str().as_bytes()]), seal(place));
                    ops.put(self.next_line(b"r"), seal(place));
                }
                Line::Decision(_) => ops.put(self.next_line(b"c"), seal(place)),
                Line::Delivery(d) => {
                    let line = self.next_line(&delivery_key(&d.edition, &d.channel, &d.recipient));
                    ops.put(line, seal(place));
                }
            }
        }
        for (page, (entries, sketches)) in &pending.pages {
            ops.put(key(&[b"d", &page.to_be_bytes()]), seal(entries));
            self.db.put_long(&mut ops, &sketch_key(*page), &postcard::to_stdvec(sketches).unwrap_or_default())?;
        }
        for (n, piece) in (0u32..).zip(pending.events.chunks(EVENTS)) {
            ops.put(key(&[b"e", &batch.commit.batch.to_be_bytes(), &n.to_be_bytes()]), seal(&piece));
        }
        for (source, list) in &pending.present {
            let bytes = if list.is_empty() { Vec::new() } else { postcard::to_stdvec(list).unwrap_or_default() };
            self.db.put_long(&mut ops, &present_key(source), &bytes)?;
        }
        let mut next_run = self.state.next_alias_run;
        self.aliases()?.add(&pending.names, &mut next_run, &mut ops);

        let s = &mut self.state;
        s.documents += pending.new;
        s.next_alias_run = next_run;
        s.next_event = next_event;
        s.events += pending.events.len() as u64;
        s.batch = batch.commit.batch;
        s.hash = batch.hash;
        s.bytes = batch.offset + batch.bytes;
        if !batch.commit.run.is_empty() && batch.commit.run != s.last_run {
            s.runs += 1;
            s.last_run.clone_from(&batch.commit.run);
        }
        let line = LedgerLine {
            at: batch.commit.at.as_nanosecond(),
            run: batch.commit.run.clone(),
            offset: batch.offset,
            bytes: batch.bytes,
            documents: batch.commit.documents,
            events: pending.events.len() as u64,
            span: pending.events.iter().map(|e| e.at).min().zip(pending.events.iter().map(|e| e.at).max()),
            hash: batch.hash,
        };
        ops.put(key(&[b"l", &batch.commit.batch.to_be_bytes()]), seal(&line));
        Ok(ops)
    }

    /// Writes what [`Index::plan`] planned, all or nothing.
    pub(crate) fn write(&mut self, ops: Ops) -> Result<(), StoreError> {
        let mut keys = std::mem::take(&mut self.state.keys);
        let state = &self.state;
        let done = self.db.apply(ops, &mut keys, |keys| (b"z".to_vec(), seal(&State { keys: keys.clone(), ..state.clone() })));
        self.state.keys = keys;
        done
    }

    fn next_line(&mut self, prefix: &[u8]) -> Vec<u8> {
        let n = self.state.next_line;
        self.state.next_line += 1;
        key(&[prefix, &n.to_be_bytes()])
    }

    /// Puts a document into the directory and plans its names. Returns its number.
    fn take_document<'a>(
        &mut self,
        journal: &Journal,
        pending: &mut Pending<'a>,
        place: Place,
        d: &'a Document,
    ) -> Result<u32, StoreError> {
        let known = match pending.taken.get(d.document.as_str()) {
            Some(_) => {
                return Err(StoreError::damaged(&journal.path, format!("one batch has {} twice", d.document)));
            }
            None => self.find(d.document.as_str())?,
        };
        let names = aliases::names(d);
        let number = match &known {
            Some((number, old)) => {
                let before = aliases::names(&read_document(journal, old.place)?);
                pending.names.extend(before.difference(&names).map(|h| (*h, *number, false)));
                pending.names.extend(names.difference(&before).map(|h| (*h, *number, true)));
                *number
            }
            None => {
                let number = self.state.documents + pending.new;
                pending.new += 1;
                pending.names.extend(names.into_iter().map(|h| (h, number, true)));
                number
            }
        };
        pending.taken.insert(d.document.as_str(), number);
        let entry = Entry { key: d.document.0.clone(), place, brief: Brief::of(d) };
        let page = number / PAGE;
        let found = match pending.pages.remove(&page) {
            Some(p) => p,
            None => (self.page(page)?, self.sketches(page)?),
        };
        let (entries, sketches) = pending.pages.entry(page).or_insert(found);
        let at = (number % PAGE) as usize;
        match (entries.get_mut(at), sketches.get_mut(at)) {
            (Some(old), Some(sketch)) => (*old, *sketch) = (entry, Sketch::of(d)),
            _ => {
                entries.push(entry);
                sketches.push(Sketch::of(d));
            }
        }
        Ok(number)
    }
}

/// The document whose line stands at a place, as it was written.
pub(crate) fn read_document(journal: &Journal, place: Place) -> Result<Document, StoreError> {
    match serde_json::from_slice(&journal.line(place)?) {
        Ok(DocumentOnly::Document(form)) => Ok(form.into_document().0),
        Err(e) => Err(StoreError::damaged(&journal.path, format!("the line at byte {} is no document ({e})", place.offset))),
    }
}
