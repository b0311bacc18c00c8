//! The pipeline on one screen: fetch → extract (`crawl`, `collect`, `desk`) → identify → tag (`ingest`) → store (`keep`).

pub(crate) mod ask;
pub(crate) mod collect;
mod crawl;
pub(crate) mod desk;
pub(crate) mod detail;
pub(crate) mod health;
pub(crate) mod ingest;
pub(crate) mod inherit;
mod keep;
mod kin;
mod name;
mod relink;
mod words;

use std::{collections::BTreeMap, num::NonZero, thread::available_parallelism};

use anyhow::Context;
use monitor_fetch::Fetcher;
use monitor_model::{Houses, RunReport, SourceId, SourceKind, SourceReport, SourceStatus, Timestamp};
use monitor_store::{Batch, Store};
use tokio::sync::mpsc;

use self::{
    collect::{Job, Room, Tools},
    crawl::{Delivered, crawl},
    desk::Desk,
    ingest::{Steps, corrections},
    keep::Keeper,
};
use crate::{config::Setup, progress};

/// At most so many documents in one atomic batch (ARCHITECTURE, decision 8).
pub(crate) const BATCH: usize = 5_000;

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
    let houses = Houses::new(&setup.sources()?.by_id);
    let steps = Steps { bodies: setup.bodies()?, houses, tagger: setup.tagger()?, store, corrections: corrections(&store.decisions()?) };
    let (jobs, mut reports) = jobs(setup, store, plan)?;
    let progress = progress::Run::new(jobs.iter().map(|j| j.host.as_str()), setup.quiet);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the network runtime cannot be started")?;
    // The network on one thread, identify → tag → store on this one, parsing on as many as there are processors beside it: while a body
    // is read or a batch is written, other hosts go on being asked.
    let (desk, pile) = Desk::new();
    let tools = Tools {
        fetcher,
        desk: desk.clone(),
        bodies: steps.bodies,
        known: Some(store),
        tagger: Some(steps.tagger),
        room: (!fetcher.is_replay()).then(Room::new),
    };
    let mut keeper = Keeper::new(&steps, fetcher, &run, started);
    let stored = std::thread::scope(|scope| {
        let (send, mut receive) = mpsc::unbounded_channel::<Delivered<'_>>();
        // This thread and the network's take a processor between them; one more parser would only take memory.
        for _ in 0..available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1) {
            scope.spawn(|| pile.work());
        }
        let (jobs, progress) = (&jobs, &progress);
        let crawler = scope.spawn(move || runtime.block_on(crawl(&tools, jobs, progress, send)));
        let mut kept = anyhow::Ok(());
        while let Some(Delivered { job, collected, stored }) = receive.blocking_recv() {
            match keeper.keep(job, collected, &desk) {
                Ok(report) => {
                    progress.done(&job.host, &report);
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
        // Nobody takes any more: the crawl ends with what it has under way, and the desk when nobody brings it anything.
        drop((receive, desk));
        crawler.join().map_err(|_| anyhow::anyhow!("the crawl broke off; this is a fault of monitor, please report it"))?;
        kept
    });
    progress.finish();
    // Also after a failure: the next run must know when each host was asked last.
    let hosts =
        store.commit(&Batch { run: run.clone(), at: started, hosts: fetcher.changed_hosts().into_iter().collect(), ..Batch::default() });
    stored?;
    hosts?;
    Ok(RunReport { run, started, finished: fetcher.now(), sources: reports.into_values().collect() })
}

/// The id of a run: when it started.
pub(crate) fn run_id(started: Timestamp) -> String {
    started.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// What is to be asked, and what is said of the sources that are not.
fn jobs<'a>(setup: &'a Setup, store: &Store, plan: &'a Plan) -> anyhow::Result<(Vec<Job<'a>>, BTreeMap<SourceId, SourceReport>)> {
    let (sources, recipes) = (setup.sources()?, setup.recipes()?);
    let mut jobs = Vec::new();
    let mut reports: BTreeMap<SourceId, SourceReport> = BTreeMap::new();
    for id in &plan.ids {
        let Some(source) = sources.by_id.get(id) else { continue };
        let memory = store.memory(id)?.unwrap_or_default();
        let resting = if source.kind == SourceKind::None {
            Some(SourceStatus::Login)
        } else if !source.enabled() || !(plan.force || health::is_due(&memory, source, setup.now)) {
            Some(SourceStatus::Skipped)
        } else {
            None
        };
        match (resting, recipes.get(id)) {
            (None, Some(recipe)) => jobs.push(Job::new(id, source, recipe, memory)),
            (status, _) => {
                let status = status.unwrap_or(SourceStatus::Skipped);
                let next_due = memory.next_due.filter(|_| source.enabled());
                let report = SourceReport { id: id.clone(), body: source.body.clone(), status, next_due, ..SourceReport::default() };
                reports.insert(id.clone(), report);
            }
        }
    }
    Ok((jobs, reports))
}
