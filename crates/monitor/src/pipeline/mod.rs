//! The pipeline on one screen: fetch → extract (`collect`) → identify → tag (`ingest`) → store (`store_source`).

pub(crate) mod ask;
pub(crate) mod collect;
pub(crate) mod detail;
pub(crate) mod health;
pub(crate) mod ingest;
mod kin;
mod relink;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use monitor_extract::Recipe;
use monitor_fetch::Fetcher;
use monitor_model::{
    Complaint, ComplaintStage, Entry, Known, Memory, RunReport, Source, SourceId, SourceKind, SourceReport, SourceStatus, Timestamp, When,
};
use monitor_store::{Batch, Store};
use tokio::sync::{mpsc, oneshot};

use self::{
    collect::{Collected, collect},
    ingest::{Pass, Steps, corrections},
};
use crate::{config::Setup, progress};

/// At most so many documents in one atomic batch (ARCHITECTURE, decision 8).
pub(crate) const BATCH: usize = 5_000;

/// One source that this run will ask.
struct Job {
    id: SourceId,
    source: Source,
    recipe: Recipe,
    memory: Memory,
}

/// What the crawl hands over.
struct Delivered {
    job: Job,
    collected: Collected,
    /// Told when it is on disk.
    stored: oneshot::Sender<()>,
}

/// What a run is asked to do.
pub(crate) struct Plan {
    pub(crate) ids: Vec<SourceId>,
    /// Ask even what is not due.
    pub(crate) force: bool,
}

/// Runs the sources of `plan` and stores each as soon as it is collected.
pub(crate) fn run(setup: &Setup, store: &Store, fetcher: &Fetcher, plan: &Plan) -> anyhow::Result<RunReport> {
    let started = setup.now;
    let run = run_id(started);
    let sources = setup.sources()?;
    let recipes = setup.recipes()?;
    let steps = Steps { bodies: setup.bodies()?, tagger: setup.tagger()?, store, corrections: corrections(&store.decisions()?) };
    let mut jobs = Vec::new();
    let mut reports: BTreeMap<SourceId, SourceReport> = BTreeMap::new();
    for id in &plan.ids {
        let Some(source) = sources.by_id.get(id) else { continue };
        let memory = store.memory(id)?.unwrap_or_default();
        let resting = if source.kind == SourceKind::None {
            Some(SourceStatus::Login)
        } else if !source.enabled() || !(plan.force || health::is_due(&memory, source, started)) {
            Some(SourceStatus::Skipped)
        } else {
            None
        };
        match (resting, recipes.get(id)) {
            (None, Some(recipe)) => jobs.push(Job { id: id.clone(), source: source.clone(), recipe: recipe.clone(), memory }),
            (status, _) => {
                let status = status.unwrap_or(SourceStatus::Skipped);
                let next_due = memory.next_due.filter(|_| source.enabled());
                reports.insert(
                    id.clone(),
                    SourceReport { id: id.clone(), body: source.body.clone(), status, next_due, ..SourceReport::default() },
                );
            }
        }
    }
    let bar = progress::bar(Some(jobs.len() as u64), "sources", setup.quiet);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the network runtime cannot be started")?;
    // The network on one thread, identify → tag → store on this one: while a batch is written, other hosts go on being asked.
    let stored = std::thread::scope(|scope| {
        let (send, mut receive) = mpsc::channel::<Delivered>(4);
        let crawler = scope.spawn(|| runtime.block_on(crawl(fetcher, store, jobs, send)));
        let mut kept = anyhow::Ok(());
        while let Some(Delivered { job, collected, stored }) = receive.blocking_recv() {
            match store_source(&steps, fetcher, &run, started, &job, collected) {
                Ok(report) => {
                    bar.inc(1);
                    bar.set_message(format!("{}: {}, {} new", report.id, report.status.as_str(), report.counts.new));
                    reports.insert(report.id.clone(), report);
                    // Whoever waits for it may have gone.
                    let _ = stored.send(());
                }
                Err(e) => {
                    kept = Err(e);
                    break;
                }
            }
        }
        // Nobody takes any more: the crawl ends with what it has under way.
        drop(receive);
        crawler.join().map_err(|_| anyhow::anyhow!("the crawl broke off; this is a fault of monitor, please report it"))?;
        kept
    });
    bar.finish_and_clear();
    stored?;
    let hosts = fetcher.hosts().into_iter().collect();
    store.commit(&Batch { run: run.clone(), at: started, hosts, ..Batch::default() })?;
    Ok(RunReport { run, started, finished: fetcher.now(), sources: reports.into_values().collect() })
}

/// The id of a run: when it started.
pub(crate) fn run_id(started: Timestamp) -> String {
    started.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Hosts side by side, the sources of one host one after the other. A replay has no hosts to spare: one after the other, in order.
async fn crawl(fetcher: &Fetcher, store: &Store, jobs: Vec<Job>, send: mpsc::Sender<Delivered>) {
    let mut hosts: BTreeMap<String, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        let host = job.source.addresses().first().and_then(|u| url::Url::parse(u).ok()).and_then(|u| u.host_str().map(str::to_owned));
        let lane = if fetcher.is_replay() { String::new() } else { host.unwrap_or_default() };
        hosts.entry(lane).or_default().push(job);
    }
    let lanes = hosts.into_values().map(|jobs| {
        let send = send.clone();
        async move {
            for job in jobs {
                let is_known = |entry: &Entry| known_row(store, &job.id, entry);
                let collected = collect(fetcher, &job.id, &job.source, &job.recipe, &job.memory, &is_known).await;
                let (stored, done) = oneshot::channel();
                if send.send(Delivered { job, collected, stored }).await.is_err() {
                    return;
                }
                // In a replay the next source must find what this one stored, or two replays would not be the same.
                if fetcher.is_replay() && done.await.is_err() {
                    return;
                }
            }
        }
    });
    let lanes: Vec<_> = lanes.collect();
    drop(send);
    futures_join(lanes).await;
}

/// Drives all lanes at once on this task; `fetch` bounds how many hosts are asked at a time.
async fn futures_join<F: Future<Output = ()>>(lanes: Vec<F>) {
    let mut lanes: Vec<_> = lanes.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        lanes.retain_mut(|lane| lane.as_mut().poll(cx).is_pending());
        if lanes.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Whether a row was seen before: by the source's own key, else by address.
fn known_row(store: &Store, source: &SourceId, entry: &Entry) -> bool {
    let by_key = entry.source_key.as_deref().and_then(|k| Known::by_source_key(store, source, k));
    by_key.or_else(|| entry.url.as_deref().and_then(monitor_model::url_key).and_then(|u| Known::by_url(store, &u))).is_some()
}

/// identify → tag → store for what one source gave. A source that failed changes its health and nothing else.
fn store_source(
    steps: &Steps<'_>,
    fetcher: &Fetcher,
    run: &str,
    at: Timestamp,
    job: &Job,
    mut c: Collected,
) -> anyhow::Result<SourceReport> {
    let (id, source) = (&job.id, &job.source);
    let mut memory = job.memory.clone();
    memory.last_asked = Some(at);
    let good = matches!(c.status, SourceStatus::Ok | SourceStatus::Empty | SourceStatus::Partial);
    let mut batches: Vec<Batch> = Vec::new();
    let mut last = Batch { source: Some(id.clone()), run: run.to_owned(), at, ..Batch::default() };
    if good {
        let mut pass = Pass::new(steps, id, source, at, memory.first_success.is_none());
        let mut rows: Vec<_> = c.rows.iter().flat_map(|r| r.entries.iter().map(move |e| (e, r))).collect();
        ingest::newest_first(&mut rows, |(e, _)| e);
        pass.look_over(rows.iter().map(|(e, _)| *e));
        // What stands on a page that was not sent again is not missing.
        if c.counts.not_modified == 0 {
            pass.relink(&rows.iter().map(|(e, _)| *e).collect::<Vec<_>>(), &memory.present);
        }
        for (entry, from) in rows {
            pass.take(entry, &from.hash, &from.page);
        }
        let gap = overlap_gap(&memory, source, &pass.present);
        if let Some(what) = gap {
            Complaint::new(ComplaintStage::Validate, source.url.clone().unwrap_or_default(), what).add_to(&mut pass.complaints);
        }
        leave(&mut pass, &mut memory, source, c.whole);
        memory.last_new = health::last_new(&memory, pass.counts.new + pass.counts.revised > 0, at);
        if c.status != SourceStatus::Partial {
            memory.last_success = Some(at);
            memory.first_success = memory.first_success.or(Some(at));
            memory.last_collected = c.counts.collected;
        }
        memory.present = if c.whole {
            pass.present.iter().cloned().collect()
        } else {
            memory.present.iter().cloned().chain(pass.present.iter().cloned()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        memory.validators.extend(std::mem::take(&mut c.validators));
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
        let documents = pieces.pop().unwrap_or_default();
        for documents in pieces {
            let here: BTreeSet<_> = documents.iter().map(|d| d.document.clone()).collect();
            let (now, later): (Vec<_>, Vec<_>) = events.into_iter().partition(|e| here.contains(&e.document));
            events = later;
            batches.push(Batch { source: Some(id.clone()), run: run.to_owned(), at, documents, events: now, ..Batch::default() });
        }
        last.documents = documents;
        last.events = events;
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
        Complaint::new(ComplaintStage::Validate, source.url.clone().unwrap_or_default(), what).add_to(&mut c.complaints);
    }
    memory.last_status = Some(c.status);
    let why = c.complaints.last().map(|w| w.what.clone());
    memory.health = health::after(&memory.health, c.status, why, source.tolerate(), at);
    memory.next_due = health::next_due(source, c.not_sooner, at);
    let report = SourceReport {
        id: id.clone(),
        body: source.body.clone(),
        status: c.status,
        counts: c.counts,
        complaints: c.complaints,
        ms: c.ms,
        next_due: memory.next_due,
    };
    last.memory = Some((id.clone(), memory));
    last.report = Some(report.clone());
    last.hosts = fetcher.hosts().into_iter().collect();
    batches.push(last);
    for batch in &batches {
        steps.store.commit(batch).with_context(|| format!("storing what {id} gave"))?;
    }
    Ok(report)
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

/// A list of the newest that shares no row with the last fetch may have lost some in between (user-asks 3).
fn overlap_gap(memory: &Memory, source: &Source, present: &BTreeSet<String>) -> Option<String> {
    let windowed = source.kind == SourceKind::Feed;
    let shares = memory.present.iter().any(|k| present.contains(k));
    (windowed && !present.is_empty() && !memory.present.is_empty() && !shares)
        .then(|| "possible gap: no row is shared with the last fetch, so rows in between may have been missed; ask more often".to_owned())
}
