//! fetch → extract for one source: its pages, one after the other, until its paging ends.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use monitor_extract::{Container, Extraction, Page, Recipe, Tally, Verdict, extract};
use monitor_fetch::{Body, Fetcher, Outcome, Request};
use monitor_model::{Complaint, ComplaintStage, Counts, Entry, Memory, Method, Source, SourceId, SourceStatus, StopRule, Validators};
use url::Url;

use super::{
    ask::{self, Post},
    detail,
};

/// One page's rows with the hash of the body they were read from.
pub(crate) struct Rows {
    pub(crate) page: String,
    pub(crate) hash: String,
    pub(crate) entries: Vec<Entry>,
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
    /// Whether every page was read anew, so that what is missing is missing.
    pub(crate) whole: bool,
    /// The contract's verdicts: key, held or not, explanation.
    pub(crate) contract: Vec<(String, bool, String)>,
    /// The source itself asks not to be asked sooner.
    pub(crate) not_sooner: Option<Duration>,
    pub(crate) ms: u64,
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
            whole: true,
            contract: Vec::new(),
            not_sooner: None,
            ms: 0,
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

/// Asks whether a row is known, for `stop = "overlap"`.
pub(crate) type IsKnown<'a> = dyn Fn(&Entry) -> bool + Send + Sync + 'a;

/// Fetches and extracts one source.
pub(crate) async fn collect(
    fetcher: &Fetcher,
    id: &SourceId,
    source: &Source,
    recipe: &Recipe,
    memory: &Memory,
    is_known: &IsKnown<'_>,
) -> Collected {
    let started = fetcher.now();
    let mut c = Collected::begin(id);
    let mut failures: Vec<Complaint> = Vec::new();
    let mut blocked = false;
    let mut queue: VecDeque<Wanted> = VecDeque::new();
    for url in source.addresses() {
        match (source.method, &source.form_from) {
            (Method::Get, _) => queue.push_back(Wanted::get(url, 0)),
            (Method::Post, None) => queue.push_back(Wanted { url, depth: 0, post: Some(Post::first(None)) }),
            (Method::Post, Some(css)) => {
                let found = ask::form(fetcher, id, source, css, &url).await;
                c.counts.requests += found.requests;
                c.counts.bytes += found.bytes;
                blocked |= found.blocked;
                match found.form {
                    Ok((url, post)) => queue.push_back(Wanted { url, depth: 0, post: Some(post) }),
                    Err(why) => failures.push(*why),
                }
            }
        }
    }
    let firsts = queue.len();
    let most = source.page.as_ref().map_or(usize::MAX, |p| (p.max.max(1) as usize).saturating_mul(firsts.max(1)));
    let mut asked = BTreeSet::new();
    let mut read = 0_usize;
    let mut unchanged = 0_usize;
    let mut tally = Tally::default();
    let mut container_missing = true;
    // Whether a row could be known at all, and whether one is.
    let (mut could_know, mut shared) = (false, false);
    while let Some(wanted) = queue.pop_front() {
        let payload = wanted.post.as_ref().and_then(|p| p.payload(source));
        if !asked.insert((wanted.url.clone(), payload.clone())) {
            continue;
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
        let mut request = Request::of(id, source, url, memory.validators.get(&wanted.url).cloned());
        request.others.clone_from(&memory.validators);
        if payload.is_some() {
            (request.payload, request.validators) = (payload, None);
            request.others.clear();
        }
        let fetched = fetcher.get(request).await;
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
            }
            Outcome::Failed(why) => failures.push(why),
            Outcome::Fresh(body) => {
                let page = PageOf { url: wanted.url.clone(), final_url: fetched.final_url.to_string(), depth: wanted.depth };
                let x = read_page(recipe, &page, &body).await;
                tally.add(&x);
                for complaint in x.complaints {
                    complaint.add_to(&mut c.complaints);
                }
                if let Some(why) = x.failed {
                    blocked |= x.login;
                    failures.push(why);
                    continue;
                }
                read += 1;
                c.counts.rejected += x.rejected;
                c.counts.dropped += x.dropped;
                c.counts.collected += x.entries.len() as u64 + x.rejected;
                c.not_sooner = c.not_sooner.max(x.ttl);
                if x.container != Container::Missing {
                    container_missing = false;
                }
                let reaches = x.entries.iter().any(is_known);
                could_know |= x.entries.iter().any(|e| e.url.is_some() || e.source_key.is_some());
                shared |= reaches;
                if !reaches && memory.first_success.is_some() && c.rows.len() < OLDER_PAGES {
                    queue.extend(x.older.into_iter().map(|n| Wanted::get(n.url, n.depth)));
                }
                let stop = match source.page.as_ref().map(|p| p.stop) {
                    None => false,
                    Some(StopRule::Empty) => x.entries.is_empty(),
                    Some(StopRule::Overlap) => !x.entries.is_empty() && x.entries.iter().all(is_known),
                    Some(StopRule::Total) => x.total.is_some_and(|t| c.counts.collected >= t) || x.entries.is_empty(),
                };
                if source.page.as_ref().is_some_and(|p| p.stop == StopRule::Overlap) {
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
                c.rows.push(Rows { page: page.url, hash: body.hash.clone(), entries });
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
        if blocked { SourceStatus::Blocked } else { SourceStatus::Broken }
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
    detail::follow(fetcher, id, source, recipe, memory, &mut c).await;
    let until_known = source.page.as_ref().is_some_and(|p| p.stop == StopRule::Overlap);
    if until_known && could_know && !shared && unchanged == 0 && memory.first_success.is_some() {
        let what = format!(
            "possible gap: no row of {} pages was known, so rows in between may have been missed; ask more often, or raise `page.max`",
            c.rows.len()
        );
        Complaint::new(ComplaintStage::Validate, source.url.clone().unwrap_or_default(), what).add_to(&mut c.complaints);
    }
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

struct PageOf {
    url: String,
    final_url: String,
    depth: usize,
}

/// Parsing is work for a thread of its own: the reactor must go on waiting for other hosts.
async fn read_page(recipe: &Recipe, page: &PageOf, body: &Body) -> Extraction {
    tokio::task::block_in_place(|| {
        let shape = Page { url: &page.url, final_url: &page.final_url, media_type: body.media_type.as_deref(), depth: page.depth };
        match body.reader() {
            Ok(mut reader) => extract(recipe, &shape, &mut *reader),
            Err(e) => {
                let what = format!("the body kept aside cannot be read again: {e}; is the temporary folder full?");
                Extraction { failed: Some(Complaint::new(ComplaintStage::Decode, &page.url, what)), ..Extraction::default() }
            }
        }
    })
}
