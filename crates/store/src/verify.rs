use std::collections::BTreeMap;

use crate::{
    Sketch, Store, StoreError, aliases,
    brief::Brief,
    head::Head,
    index::{Index, PAGE, read_document},
    journal::{Journal, Next},
    open::{Inner, head_of},
    record::LedgerLine,
};

/// How many problems are told; more of them tell nothing new.
const ENOUGH: usize = 100;

/// What a check of the whole store found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verify {
    /// Whether there is no problem.
    pub ok: bool,
    /// How many documents there are.
    pub documents: u64,
    /// How many events.
    pub events: u64,
    /// How many runs wrote them.
    pub runs: u64,
    /// What does not hold, for people.
    pub problems: Vec<String>,
}

impl Store {
    /// Checks everything: the journal's chain against the ledger, every record's checksum, index and records against each
    /// other both ways, the counts, and `head.json`.
    ///
    /// # Errors
    /// When the operating system refuses; damage is no error here but a problem in the answer.
    pub fn verify(&self) -> Result<Verify, StoreError> {
        let mut guard = self.inner();
        let inner = &mut *guard;
        let mut problems = check_index(&inner.index, Some(&inner.journal));
        problems.extend(inner.check_journal()?);
        let now = head_of(&inner.index);
        match Head::read(&self.dir)? {
            Some(h) if h == now => {}
            Some(h) => problems.push(format!(
                "head.json witnesses batch {} with {} documents, the index has {} with {}",
                h.batch, h.documents, now.batch, now.documents
            )),
            None => problems.push("head.json is missing or cannot be read".to_owned()),
        }
        if let Some(why) = &inner.fault {
            problems.push(why.clone());
        }
        let more = problems.len().saturating_sub(ENOUGH);
        problems.truncate(ENOUGH);
        if more > 0 {
            problems.push(format!("and {more} more"));
        }
        let s = &inner.index.state;
        Ok(Verify { ok: problems.is_empty(), documents: u64::from(s.documents), events: s.events, runs: s.runs, problems })
    }
}

impl Inner {
    /// The journal's batches against the ledger.
    fn check_journal(&self) -> Result<Vec<String>, StoreError> {
        let mut problems = Vec::new();
        let mut ledger: BTreeMap<u64, LedgerLine> = match self.index.ledger() {
            Ok(l) => l.into_iter().collect(),
            Err(e) => return Ok(vec![e.to_string()]),
        };
        let mut batches = self.journal.batches(self.journal.first, self.journal.start.batch, self.journal.start_hash()?)?;
        loop {
            match batches.next()? {
                Next::End => break,
                Next::Rubbish(r) => {
                    problems.push(format!("journal {}: {}", self.journal.path.display(), r.what));
                    return Ok(problems);
                }
                Next::Batch(b) => match ledger.remove(&b.commit.batch) {
                    Some(l)
                        if l.hash == b.hash
                            && l.offset == b.offset
                            && l.offset + l.bytes == b.end
                            && l.events == b.commit.events
                            && l.documents == b.commit.documents => {}
                    Some(_) => problems.push(format!("batch {}: the ledger says something else than the journal", b.commit.batch)),
                    None => problems.push(format!("batch {} is in the journal and not in the ledger", b.commit.batch)),
                },
            }
        }
        problems.extend(ledger.keys().map(|n| format!("batch {n} is in the ledger and not in the journal")));
        Ok(problems)
    }
}

/// Checks the index in itself, and against the lines of the journal if one is given.
pub(crate) fn check_index(index: &Index, journal: Option<&Journal>) -> Vec<String> {
    let mut problems = Vec::new();
    let parts =
        [check_counts(index, &mut problems), check_documents(index, journal, &mut problems), check_lines(index, journal, &mut problems)];
    problems.extend(parts.into_iter().filter_map(|p| p.err().map(|e| e.to_string())));
    problems
}

/// Census, ledger and events.
fn check_counts(index: &Index, problems: &mut Vec<String>) -> Result<(), StoreError> {
    let s = &index.state;
    if !index.is_whole()? {
        problems.push("sled has not as many keys as were written".to_owned());
    }
    let ledger = index.ledger()?;
    let gaps = ledger.windows(2).filter(|w| w[1].0 != w[0].0 + 1 || w[1].1.offset != w[0].1.offset + w[0].1.bytes).count();
    if gaps > 0 {
        problems.push(format!("the ledger has {gaps} gaps"));
    }
    if ledger.last().is_some_and(|(n, l)| *n != s.batch || l.hash != s.hash || l.offset + l.bytes != s.bytes) {
        problems.push("the last line of the ledger is not the last batch".to_owned());
    }
    let mut sum = 0;
    for (batch, line) in &ledger {
        let found = index.events_of(*batch)?;
        sum += found.len() as u64;
        if found.len() as u64 != line.events {
            problems.push(format!("batch {batch} has {} events, its ledger line says {}", found.len(), line.events));
        }
        if found.iter().any(|e| e.document.is_some_and(|d| d >= s.documents)) {
            problems.push(format!("batch {batch} has events of a document that is not there"));
        }
    }
    if sum != s.events {
        problems.push(format!("{sum} events are there, {} were written", s.events));
    }
    Ok(())
}

/// Directory, documents and names, both ways.
fn check_documents(index: &Index, journal: Option<&Journal>, problems: &mut Vec<String>) -> Result<(), StoreError> {
    let mut names: Vec<(u64, u32)> = Vec::new();
    for page in 0..index.pages() {
        for ((number, entry), sketch) in (page * PAGE..).zip(index.page(page)?).zip(index.sketches(page)?) {
            let Some(journal) = journal else {
                names.push((aliases::key_name(&entry.key), number));
                continue;
            };
            match read_document(journal, entry.place) {
                Ok(d) if d.document.as_str() != entry.key => problems.push(format!("the entry of {} points to {}", entry.key, d.document)),
                Ok(d) => {
                    if Brief::of(&d) != entry.brief || Sketch::of(&d) != sketch {
                        problems.push(format!("the entry of {} says something else than its line", entry.key));
                    }
                    names.extend(aliases::names(&d).into_iter().map(|n| (n, number)));
                }
                Err(e) => problems.push(format!("{}: {e}", entry.key)),
            }
        }
    }
    names.sort_unstable();
    let indexed = aliases::Aliases::load(&index.db)?.all();
    let missing = names.iter().filter(|n| indexed.binary_search(n).is_err()).count();
    if missing > 0 {
        problems.push(format!("{missing} names of documents are not in the index"));
    }
    let surplus = indexed.iter().filter(|n| names.binary_search(n).is_err()).count();
    if journal.is_some() && surplus > 0 {
        problems.push(format!("{surplus} names in the index belong to no document"));
    }
    Ok(())
}

/// All places beside documents and events.
fn check_lines(index: &Index, journal: Option<&Journal>, problems: &mut Vec<String>) -> Result<(), StoreError> {
    for table in [b"n", b"c", b"r", b"y"] {
        for (_, place) in index.places(table)? {
            if let Some(journal) = journal
                && let Err(e) = journal.line(place)
            {
                problems.push(e.to_string());
            }
        }
    }
    let Some(journal) = journal else { return Ok(()) };
    let mut last = None;
    for e in index.all_events()?.into_iter().filter(|e| e.place.len > 0) {
        // The events of one line stand together.
        if last.replace(e.place) != Some(e.place)
            && let Err(e) = journal.line(e.place)
        {
            problems.push(e.to_string());
        }
    }
    Ok(())
}
