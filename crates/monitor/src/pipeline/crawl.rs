//! The network's side of a run: hosts side by side, the sources of one host in turn.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::{mpsc, oneshot};

use super::collect::{Collected, Job, Tools, collect};
use crate::progress::Run;

/// So many sources of one host are under way at once: while one is read, the next is already waiting for the host's pace.
const WIDTH: usize = 2;

/// What the crawl hands over.
pub(crate) struct Delivered<'a> {
    pub(crate) job: &'a Job<'a>,
    pub(crate) collected: Collected,
    /// Told when it is on disk.
    pub(crate) stored: oneshot::Sender<()>,
}

/// Collects all jobs. A replay has no hosts to spare: one after the other, in order.
pub(crate) async fn crawl<'a>(tools: &Tools<'a>, jobs: &'a [Job<'a>], progress: &Run, send: mpsc::UnboundedSender<Delivered<'a>>) {
    let replay = tools.fetcher.is_replay();
    let mut hosts: BTreeMap<&str, Vec<&'a Job<'a>>> = BTreeMap::new();
    for job in jobs {
        hosts.entry(if replay { "" } else { job.host.as_str() }).or_default().push(job);
    }
    let width = if replay { 1 } else { WIDTH };
    let mut lanes: FuturesUnordered<_> = hosts.into_values().map(|jobs| lane(tools, jobs, width, progress, send.clone())).collect();
    while lanes.next().await.is_some() {}
}

/// The sources of one host.
async fn lane<'a>(tools: &Tools<'a>, jobs: Vec<&'a Job<'a>>, width: usize, progress: &Run, send: mpsc::UnboundedSender<Delivered<'a>>) {
    let mut under_way = FuturesUnordered::new();
    for job in jobs {
        if under_way.len() >= width && under_way.next().await == Some(false) {
            return;
        }
        under_way.push(one(tools, job, progress, &send));
    }
    while under_way.next().await.is_some() {}
}

/// One source; false when nobody takes it any more.
async fn one<'a>(tools: &Tools<'a>, job: &'a Job<'a>, progress: &Run, send: &mpsc::UnboundedSender<Delivered<'a>>) -> bool {
    progress.asking(&job.host, job.id.as_str());
    let collected = collect(tools, job).await;
    let (stored, done) = oneshot::channel();
    if send.send(Delivered { job, collected, stored }).is_err() {
        return false;
    }
    // In a replay the next source must find what this one stored, or two replays would not be the same.
    !tools.fetcher.is_replay() || done.await.is_ok()
}
