//! identify → tag → store for what one source gave.

use std::collections::BTreeSet;

use anyhow::Context;
use monitor_fetch::Fetcher;
use monitor_model::{Complaint, ComplaintStage, Memory, Source, SourceReport, SourceStatus, Timestamp, When, Wishes};
use monitor_store::Batch;

use super::{
    BATCH,
    collect::{Collected, Job, Rows},
    desk::Desk,
    health,
    ingest::{self, Pass, Steps},
    kin,
};

/// What was learnt of the hosts is written so often while a run goes on.
const HOSTS_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

/// Stores one source after the other.
pub(super) struct Keeper<'a> {
    steps: &'a Steps<'a>,
    fetcher: &'a Fetcher,
    run: &'a str,
    at: Timestamp,
    /// When the hosts were last written.
    hosts: Timestamp,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(steps: &'a Steps<'a>, fetcher: &'a Fetcher, run: &'a str, at: Timestamp) -> Keeper<'a> {
        Keeper { steps, fetcher, run, at, hosts: fetcher.now() }
    }

    /// Takes what a source gave. A source that failed changes its health and nothing else.
    /// Its rows, once taken, go back to the desk at which they were read.
    pub(super) fn keep(&mut self, job: &Job<'_>, mut c: Collected, desk: &Desk<'_>) -> anyhow::Result<SourceReport> {
        let (id, source, at) = (job.id, job.source, self.at);
        let mut memory = job.memory.clone();
        let mut batches: Vec<Batch> = Vec::new();
        let mut last = self.batch(job);
        // Nobody asked it: nothing is known of it that was not known before.
        let asked = c.status != SourceStatus::Skipped;
        if asked {
            memory.last_asked = Some(at);
        }
        if matches!(c.status, SourceStatus::Ok | SourceStatus::Empty | SourceStatus::Partial) {
            let rows = std::mem::take(&mut c.rows);
            batches = self.rows(job, &mut memory, &mut c, &rows, &mut last);
            desk.discard(rows);
        } else if c.status == SourceStatus::NotModified {
            memory.last_success = Some(at);
        } else {
            // Nothing of it was stored, so nothing of it was taken: the sums must say so.
            c.counts.rejected = c.counts.collected;
        }
        if matches!(c.status, SourceStatus::Ok | SourceStatus::Empty | SourceStatus::NotModified) && health::is_stale(&memory, source, at) {
            c.status = SourceStatus::Stale;
            let what = format!(
                "nothing new since {}",
                memory.last_new.map_or_else(|| "the first fetch".to_owned(), |t| When::Instant(t).first_day().to_string())
            );
            complain(source, what).add_to(&mut c.complaints);
        }
        if asked {
            memory.last_status = Some(c.status);
        }
        // A 304 says that nothing changed, the wishes included.
        let read_whole = matches!(c.status, SourceStatus::Ok | SourceStatus::Empty) && c.counts.not_modified == 0;
        if read_whole || c.wishes != Wishes::default() {
            memory.wishes = c.wishes;
        }
        // A run that was cut short says nothing of the source, and it stays due.
        if !c.cut {
            let why = c.complaints.last().map(|w| w.what.clone());
            memory.health = health::after(&memory.health, c.status, why, source.tolerate(), at);
            memory.next_due = health::next_due(source, &memory.wishes, c.not_sooner, at);
        }
        let report = SourceReport {
            id: id.clone(),
            body: source.body.clone(),
            status: c.status,
            counts: c.counts,
            complaints: c.complaints,
            ms: c.ms,
            next_due: memory.next_due,
            transition: health::transition(&job.memory.health, &memory.health),
        };
        last.memory = Some((id.clone(), memory));
        last.report = Some(report.clone());
        // Not with every source: a host's memory holds its robots.txt.
        let now = self.fetcher.now();
        if now.duration_since(self.hosts) >= HOSTS_EVERY {
            self.hosts = now;
            last.hosts = self.fetcher.changed_hosts().into_iter().collect();
        }
        batches.push(last);
        for batch in &batches {
            self.steps.store.commit(batch).with_context(|| format!("storing what {id} gave"))?;
        }
        Ok(report)
    }

    fn batch(&self, job: &Job<'_>) -> Batch {
        Batch { source: Some(job.id.clone()), run: self.run.to_owned(), at: self.at, ..Batch::default() }
    }

    /// Rows become documents and events: all but the last batch, which is `last`.
    fn rows(&self, job: &Job<'_>, memory: &mut Memory, c: &mut Collected, collected: &[Rows], last: &mut Batch) -> Vec<Batch> {
        let (id, source, at) = (job.id, job.source, self.at);
        let mut pass = Pass::new(self.steps, id, source, at, memory.first_success.is_none());
        let mut rows: Vec<_> =
            collected.iter().flat_map(|r| r.entries.iter().enumerate().map(move |(n, e)| (e, r, r.tags.get(n)))).collect();
        ingest::newest_first(&mut rows, |(e, ..)| e);
        pass.look_over(rows.iter().map(|(e, ..)| *e));
        // What stands on a page that was not sent again is not missing.
        if c.counts.not_modified == 0 {
            pass.relink(&rows.iter().map(|(e, ..)| *e).collect::<Vec<_>>(), &memory.present);
        }
        for (entry, from, tags) in rows {
            pass.take(entry, &from.hash, &from.page, tags);
        }
        // A site that changed all its addresses has been recognised by now.
        if c.gap && !memory.present.iter().any(|k| pass.present.contains(k)) {
            let what = "possible gap: no row is shared with the last fetch, so rows in between may have been missed; ask more often, or raise `page.max`";
            complain(source, what.to_owned()).add_to(&mut pass.complaints);
        }
        leave(&mut pass, memory, source, c.whole);
        memory.last_new = health::last_new(memory, pass.counts.new + pass.counts.revised > 0, at);
        if c.status != SourceStatus::Partial {
            memory.last_success = Some(at);
            memory.first_success = memory.first_success.or(Some(at));
            memory.last_collected = c.counts.collected;
        }
        let before = std::mem::take(&mut memory.present);
        memory.present = if c.whole {
            pass.present.iter().cloned().collect()
        } else {
            before.into_iter().chain(pass.present.iter().cloned()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        if c.whole && c.status == SourceStatus::Ok {
            // Pages and details to which nothing leads any more are forgotten.
            memory.validators.retain(|k, _| c.validators.contains_key(k) || c.details.contains(k));
        }
        memory.validators.extend(std::mem::take(&mut c.validators));
        // A 304 would not show that a page that failed is well again.
        for failed in &c.failed {
            memory.validators.remove(failed);
        }
        let p = pass.counts;
        c.counts.new = p.new;
        c.counts.revised = p.revised;
        c.counts.known = p.known;
        c.counts.rejected += p.rejected;
        c.counts.events = p.events;
        for complaint in std::mem::take(&mut pass.complaints) {
            complaint.add_to(&mut c.complaints);
        }
        let mut events = std::mem::take(&mut pass.events);
        let mut pieces = kin::pieces(pass.drain(), BATCH);
        last.documents = pieces.pop().unwrap_or_default();
        let mut batches = Vec::new();
        for documents in pieces {
            let here: BTreeSet<_> = documents.iter().map(|d| d.document.clone()).collect();
            let (now, later): (Vec<_>, Vec<_>) = events.into_iter().partition(|e| here.contains(&e.document));
            events = later;
            batches.push(Batch { documents, events: now, ..self.batch(job) });
        }
        last.events = events;
        batches
    }
}

fn complain(source: &Source, what: String) -> Complaint {
    Complaint::new(ComplaintStage::Validate, source.url.clone().unwrap_or_default(), what)
}

/// Rows that left a list: after `gone_after` good fetches their document is gone, if the source says so at all.
fn leave(pass: &mut Pass<'_>, memory: &mut Memory, source: &Source, whole: bool) {
    if !whole {
        return;
    }
    let Some(last_good) = memory.last_success else { return };
    let left: Vec<String> = memory.present.iter().filter(|k| !pass.present.contains(*k)).cloned().collect();
    memory.missing.retain(|k, _| !pass.present.contains(k));
    match source.gone_after {
        None => pass.leave(left, last_good, false),
        Some(after) => {
            for key in left {
                memory.missing.entry(key).or_insert(0);
            }
            let mut gone = Vec::new();
            for (key, times) in &mut memory.missing {
                *times += 1;
                if *times == after.max(1) {
                    gone.push(key.clone());
                }
            }
            pass.leave(gone, last_good, true);
        }
    }
}
