//! fetch → extract for one source: its pages, one after the other, until its paging ends.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use monitor_extract::{Container, Next, Recipe, Tally, Verdict};
use monitor_fetch::{Body, Fetcher, Outcome, Request};
use monitor_identify::Bodies;
use monitor_model::{
    Complaint, ComplaintStage, Counts, Entry, HealthState, Memory, Method, Source, SourceId, SourceKind, SourceStatus, StopRule, Tagging,
    Validators, Wishes,
};
use monitor_store::Store;
use monitor_tag::Tagger;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use super::{
    ask::{self, Post},
    desk::{Desk, Read, Sheet, Shown},
    detail, words,
};

/// One source that is to be asked.
pub(crate) struct Job<'a> {
    pub(crate) id: &'a SourceId,
    pub(crate) source: &'a Source,
    pub(crate) recipe: &'a Recipe,
    pub(crate) memory: Memory,
    /// Of the first address; empty when it has none.
    pub(crate) host: String,
}

impl<'a> Job<'a> {
    pub(crate) fn new(id: &'a SourceId, source: &'a Source, recipe: &'a Recipe, memory: Memory) -> Job<'a> {
        let host = source.addresses().first().and_then(|u| url::Url::parse(u).ok()).and_then(|u| u.host_str().map(str::to_owned));
        Job { id, source, recipe, memory, host: host.unwrap_or_default() }
    }
}

/// What it is collected with.
pub(crate) struct Tools<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) desk: Desk<'a>,
    /// Whose words for stages are known.
    pub(crate) bodies: &'a Bodies,
    /// Where it is looked up what the source showed before.
    pub(crate) known: Option<&'a Store>,
    /// Tags what a first fetch brings.
    pub(crate) tagger: Option<&'a Tagger>,
    /// How much more may be taken into memory.
    pub(crate) room: Option<Room>,
}

/// Memory for bodies that are fetched and not stored yet.
#[derive(Clone)]
pub(crate) struct Room(Arc<Semaphore>);

/// So many KiB.
const ROOM: u32 = 1 << 10;

impl Room {
    pub(crate) fn new() -> Room {
        Room(Arc::new(Semaphore::new(ROOM as usize)))
    }

    /// Waits until there is room for a body: the network may not run away from the store.
    async fn take(&self, body: &Body) -> Option<OwnedSemaphorePermit> {
        let wanted = u32::try_from(body.len >> 10).unwrap_or(ROOM).clamp(1, ROOM);
        Arc::clone(&self.0).acquire_many_owned(wanted).await.ok()
    }
}

/// One page's rows with the hash of the body they were read from.
pub(crate) struct Rows {
    pub(crate) page: String,
    pub(crate) hash: String,
    pub(crate) entries: Vec<Entry>,
    /// One for each entry, or none.
    pub(crate) tags: Vec<Tagging>,
}

/// What a source gave.
pub(crate) struct Collected {
    pub(crate) id: SourceId,
    pub(crate) status: SourceStatus,
    pub(crate) counts: Counts,
    pub(crate) complaints: Vec<Complaint>,
    pub(crate) rows: Vec<Rows>,
    /// Validators of the pages that were read anew, by address.
    pub(crate) validators: BTreeMap<String, Validators>,
    /// The details of the rows that it shows, by the names that they have among `validators`.
    pub(crate) details: BTreeSet<String>,
    /// Whether every page was read anew, so that what is missing is missing.
    pub(crate) whole: bool,
    /// The contract's verdicts: key, held or not, explanation.
    pub(crate) contract: Vec<(String, bool, String)>,
    /// The source itself asks not to be asked sooner.
    pub(crate) not_sooner: Option<Duration>,
    /// What a feed asks of its readers.
    pub(crate) wishes: Wishes,
    /// Rows could have been known, and none was: some may have come and gone in between.
    pub(crate) gap: bool,
    /// The run's time was up before all was asked: that says nothing about the source.
    pub(crate) cut: bool,
    /// Addresses that failed.
    pub(crate) failed: Vec<String>,
    pub(crate) ms: u64,
    /// Its share of the memory.
    _room: Option<OwnedSemaphorePermit>,
}

impl Collected {
    /// Nothing yet.
    fn begin(id: &SourceId) -> Collected {
        Collected {
            id: id.clone(),
            status: SourceStatus::Ok,
            counts: Counts::default(),
            complaints: Vec::new(),
            rows: Vec::new(),
            validators: BTreeMap::new(),
            details: BTreeSet::new(),
            whole: true,
            contract: Vec::new(),
            not_sooner: None,
            wishes: Wishes::default(),
            gap: false,
            cut: false,
            failed: Vec::new(),
            ms: 0,
            _room: None,
        }
    }

    /// Nothing, for this reason.
    pub(crate) fn broken(id: &SourceId, why: Complaint) -> Collected {
        Collected { status: SourceStatus::Broken, complaints: vec![why], whole: false, ..Collected::begin(id) }
    }
}

/// So many older pages are followed when a list of the newest shares no row with what is known.
const OLDER_PAGES: usize = 10;

/// A page still to be asked.
struct Wanted {
    url: String,
    depth: usize,
    /// What is sent along.
    post: Option<Post>,
}

impl Wanted {
    fn get(url: String, depth: usize) -> Wanted {
        Wanted { url, depth, post: None }
    }
}

/// Fetches and extracts one source of which nothing is known, for `test`.
pub(crate) async fn try_out(fetcher: &Fetcher, bodies: &Bodies, id: &SourceId, source: &Source, recipe: &Recipe) -> Collected {
    let job = Job::new(id, source, recipe, Memory::default());
    let tools = Tools { fetcher, desk: Desk::Here, bodies, known: None, tagger: None, room: None };
    collect(&tools, &job).await
}

/// Fetches and extracts one source.
pub(crate) async fn collect<'a>(tools: &Tools<'a>, job: &'a Job<'a>) -> Collected {
    let Job { id, source, recipe, memory, .. } = job;
    let fetcher = tools.fetcher;
    let started = fetcher.now();
    let mut c = Collected::begin(id);
    let mut spent = Duration::ZERO;
    let mut failures: Vec<Complaint> = Vec::new();
    let (mut blocked, mut login) = (false, false);
    let mut queue: VecDeque<Wanted> = VecDeque::new();
    for url in source.addresses() {
        let found = match (source.method, &source.newest, &source.form_from) {
            (Method::Get, None, _) => {
                queue.push_back(Wanted::get(url, 0));
                continue;
            }
            (Method::Post, _, None) => {
                queue.push_back(Wanted { url, depth: 0, post: Some(Post::first(None)) });
                continue;
            }
            (Method::Get, Some(pattern), _) => ask::newest(tools, id, source, pattern, &url).await.map(|url| Wanted::get(url, 0)),
            (Method::Post, _, Some(css)) => {
                ask::form(tools, id, source, css, &url).await.map(|(url, post)| Wanted { url, depth: 0, post: Some(post) })
            }
        };
        spent += found.spent;
        c.counts.requests += found.requests;
        c.counts.bytes += found.bytes;
        blocked |= found.blocked;
        match found.what {
            Ok(wanted) => queue.push_back(wanted),
            Err(why) => failures.push(*why),
        }
    }
    let firsts = queue.len();
    let most = source.page.as_ref().map_or(usize::MAX, |p| (p.max.max(1) as usize).saturating_mul(firsts.max(1)));
    let mut asked = BTreeSet::new();
    let mut read = 0_usize;
    let mut unchanged = 0_usize;
    let mut tally = Tally::default();
    let mut container_missing = true;
    let rule = source.page.as_ref().map(|p| p.stop);
    // Whether a row was there at the last fetch, if there was one. Older pages are for when none was.
    let compares = tools.known.is_some() && source.kind != SourceKind::Page && !memory.present.is_empty();
    let (mut rows, mut shared) = (false, false);
    let mut older: VecDeque<Next> = VecDeque::new();
    let mut dug = 0_usize;
    // A 304 would not show that a sick source is well again.
    let sick = matches!(memory.last_status, Some(SourceStatus::Broken | SourceStatus::Blocked | SourceStatus::Login))
        && !matches!(memory.health.state, HealthState::Ok);
    loop {
        if queue.is_empty() && compares && read > 0 && !shared && unchanged == 0 && dug < OLDER_PAGES {
            dug += 1;
            queue.extend(older.pop_front().map(|n| Wanted::get(n.url, n.depth)));
        }
        let Some(wanted) = queue.pop_front() else { break };
        let payload = wanted.post.as_ref().and_then(|p| p.payload(source));
        if !asked.insert((wanted.url.clone(), payload.clone())) {
            continue;
        }
        if spent >= source.budget() {
            let what = format!(
                "not asked, nor {} more pages: the source has used up its time ({:?}, `budget`) after {} pages",
                queue.len(),
                source.budget(),
                asked.len() - 1
            );
            failures.push(Complaint::new(ComplaintStage::Http, &wanted.url, what));
            break;
        }
        if asked.len() > most {
            let what = format!("stopped after {most} pages (`page.max`); more were offered");
            Complaint::new(ComplaintStage::Validate, &wanted.url, what).add_to(&mut c.complaints);
            c.whole = false;
            break;
        }
        let url = match Url::parse(&wanted.url) {
            Ok(u) => u,
            Err(e) => {
                failures.push(Complaint::new(ComplaintStage::Select, &wanted.url, format!("not an address: {e}")));
                continue;
            }
        };
        let mut request = Request::of(id, source, url, None);
        if payload.is_some() {
            request.payload = payload;
        } else if !sick {
            request.validators = memory.validators.get(&wanted.url).cloned();
            request.others.clone_from(&memory.validators);
        }
        let fetched = fetcher.get(request).await;
        spent += fetched.spent;
        c.counts.requests += fetched.requests;
        c.counts.conditional += u64::from(fetched.conditional);
        c.counts.bytes += fetched.bytes;
        for note in fetched.notes {
            note.add_to(&mut c.complaints);
        }
        c.not_sooner = c.not_sooner.max(fetched.fresh_for).max(fetched.retry_after);
        match fetched.outcome {
            Outcome::Unchanged => {
                c.counts.not_modified += 1;
                unchanged += 1;
                c.whole = false;
                // Later pages cannot be read out of a body that was not sent: ask those of last time again.
                if wanted.depth == 0 && asked.len() == firsts && source.page.is_some() {
                    let before = memory.validators.keys().filter(|u| !u.starts_with(detail::PREFIX));
                    queue.extend(before.filter(|u| !asked.contains(&((*u).clone(), None))).map(|u| Wanted::get(u.clone(), 1)));
                }
            }
            Outcome::Blocked(why) => {
                blocked = true;
                failures.push(why);
                c.failed.push(wanted.url);
            }
            Outcome::Failed(why) => {
                failures.push(why);
                c.failed.push(wanted.url);
            }
            Outcome::NotAsked(mut why) => {
                if !queue.is_empty() {
                    why.what.push_str(&format!(", nor {} more pages", queue.len()));
                }
                failures.push(why);
                c.cut = true;
                break;
            }
            Outcome::Fresh(body) => {
                if c._room.is_none()
                    && let Some(room) = &tools.room
                {
                    c._room = room.take(&body).await;
                }
                let hash = body.hash.clone();
                let sheet = Sheet {
                    recipe,
                    url: wanted.url.clone(),
                    final_url: fetched.final_url.to_string(),
                    depth: wanted.depth,
                    body,
                    shown: tools.known.filter(|_| compares && (!shared || rule == Some(StopRule::Overlap))).map(|store| Shown {
                        id,
                        source,
                        memory,
                        bodies: tools.bodies,
                        store,
                        all: rule == Some(StopRule::Overlap),
                    }),
                    // What a detail adds to a row is tagged with it.
                    tagger: tools.tagger.filter(|_| memory.first_success.is_none() && source.detail.is_none()),
                };
                let Read { extraction: x, tags, shares, all_known } = tools.desk.read(sheet).await;
                tally.add(&x);
                for complaint in x.complaints {
                    complaint.add_to(&mut c.complaints);
                }
                if let Some(why) = x.failed {
                    login |= x.login;
                    failures.push(why);
                    c.failed.push(wanted.url);
                    continue;
                }
                read += 1;
                c.counts.rejected += x.rejected;
                c.counts.dropped += x.dropped;
                c.counts.collected += x.entries.len() as u64 + x.rejected;
                c.wishes = Wishes {
                    ttl: c.wishes.ttl.max(x.ttl.unwrap_or_default().as_secs()),
                    hours: c.wishes.hours | x.quiet.hours,
                    days: c.wishes.days | x.quiet.days,
                };
                if x.container != Container::Missing {
                    container_missing = false;
                }
                rows |= !x.entries.is_empty();
                shared |= shares;
                // Folders: the oldest of the newest come first when the newest hold nothing that is known.
                older.extend(x.older);
                let stop = match rule {
                    None => false,
                    Some(StopRule::Empty) => x.entries.is_empty(),
                    Some(StopRule::Overlap) => all_known,
                    Some(StopRule::Total) => x.total.is_some_and(|t| c.counts.collected >= t) || x.entries.is_empty(),
                };
                if rule == Some(StopRule::Overlap) {
                    c.whole = false;
                }
                // Validators belong to the address that answered; a redirect has none of its own.
                let answered = if fetched.url == fetched.final_url { wanted.url.clone() } else { fetched.final_url.to_string() };
                if wanted.post.is_none() {
                    c.validators.insert(answered, fetched.validators);
                }
                let none_here = x.entries.is_empty() && x.rejected == 0;
                let mut entries = x.entries;
                for entry in entries.iter_mut().filter(|e| e.url.is_none()) {
                    // Without an address the source's own key is all there is to know it by, and a key is one of its source.
                    entry.source = Some(id.to_string());
                }
                c.rows.push(Rows { page: wanted.url.clone(), hash, entries, tags });
                if !stop {
                    queue.extend(x.next.into_iter().map(|n| Wanted::get(n.url, n.depth)));
                    // Where pages are counted by a field of the form, the next is the same form with the next number.
                    if let Some(post) = wanted.post.and_then(|p| p.next(source)).filter(|_| !none_here) {
                        queue.push_back(Wanted { url: wanted.url, depth: wanted.depth, post: Some(post) });
                    }
                }
            }
        }
    }
    c.status = if !failures.is_empty() && read == 0 && unchanged == 0 {
        match (c.cut && failures.len() == 1, login, blocked) {
            (true, ..) => SourceStatus::Skipped,
            (_, true, _) => SourceStatus::Login,
            (.., true) => SourceStatus::Blocked,
            _ => SourceStatus::Broken,
        }
    } else if !failures.is_empty() {
        SourceStatus::Partial
    } else if read == 0 {
        SourceStatus::NotModified
    } else if c.rows.iter().all(|r| r.entries.is_empty()) && c.counts.rejected == 0 && !container_missing {
        SourceStatus::Empty
    } else {
        SourceStatus::Ok
    };
    if !failures.is_empty() {
        c.whole = false;
    }
    for why in failures {
        why.add_to(&mut c.complaints);
    }
    if read > 0 && unchanged == 0 && c.status != SourceStatus::Partial {
        judge(&mut c, source, recipe, &tally);
    }
    detail::follow(tools, job, spent, &mut c).await;
    words::unsorted(tools.bodies, source, &mut c);
    words::unnamed(source, &mut c);
    c.gap = compares && rows && !shared && unchanged == 0 && source.gone_after.is_none();
    c.ms = fetcher.now().duration_since(started).as_millis().try_into().unwrap_or(0);
    c
}

/// Holds what was read against `expect`. A broken contract breaks the source.
fn judge(c: &mut Collected, source: &Source, recipe: &Recipe, tally: &Tally) {
    let Some(expect) = &source.expect else { return };
    for (key, verdict, explanation) in monitor_extract::contract(&detail::of_rows(expect, recipe), tally) {
        let held = verdict == Verdict::Ok;
        if !held {
            let url = source.url.clone().unwrap_or_default();
            let what = format!("contract broken: {}: {}", key, explanation);
            Complaint::new(ComplaintStage::Validate, url, what).add_to(&mut c.complaints);
            c.status = SourceStatus::Broken;
        }
        c.contract.push((key, held, explanation));
    }
}
