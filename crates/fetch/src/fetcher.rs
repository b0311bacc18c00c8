use std::{
    collections::{BTreeMap, VecDeque},
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
};

use monitor_model::{Complaint, HostMemory, Payload, Robots, Timestamp};
use tokio::sync::{OnceCell, Semaphore};
use url::Url;

use crate::{
    Clock, FetchError, Fetched, Options, Outcome, Request,
    body::Spool,
    clock::later,
    host::{Air, Host},
    live::{Answer, Ask, Wire},
    warc::{Archive, Writer, record},
};

/// A host that is waited for costs next to nothing: so many times `concurrency` hosts may have a request each in the air, or a few
/// slow hosts would hold up all others.
const IN_THE_AIR: usize = 4;

/// Bodies up to this weight are kept for others that ask the same address in this run, most of them on disk.
const SHELF: u64 = 64 << 20;

/// Gets addresses politely; one for a whole run, shared by cloning.
#[derive(Clone)]
pub struct Fetcher(Arc<Inner>);

struct Inner {
    options: Options,
    air: Air,
    transport: Transport,
    record: Option<Arc<Mutex<Writer>>>,
    hosts: Mutex<BTreeMap<String, Arc<Host>>>,
    shelf: Mutex<Shelf>,
}

/// Where answers come from.
pub(crate) enum Transport {
    Wire(Wire),
    Archive(Arc<Archive>),
}

/// What was got in this run: nothing is asked twice.
#[derive(Default)]
struct Shelf {
    answers: BTreeMap<Key, Arc<OnceCell<(Terms, Fetched)>>>,
    /// Oldest first, with what each weighs.
    order: VecDeque<(Key, u64)>,
    weight: u64,
    spool: Spool,
}

/// Address, header fields, what was sent along, and the terms when the common answer would not do.
type Key = (Url, BTreeMap<String, String>, Option<Payload>, Option<String>);

/// What else an answer depends on.
type Terms = (bool, Robots, u64);

impl Fetcher {
    /// A fetcher for one run. `hosts` is what [`hosts`](Fetcher::hosts) gave after the last run.
    ///
    /// # Errors
    /// When an archive cannot be read or written, or the agent cannot be sent.
    pub fn new(options: Options, hosts: BTreeMap<String, HostMemory>, clock: Arc<dyn Clock>) -> Result<Fetcher, FetchError> {
        let transport = if options.replay.is_empty() {
            Transport::Wire(Wire::new(&options.agent)?)
        } else if options.record.is_some() {
            return Err(FetchError::RecordInReplay);
        } else {
            Transport::Archive(Arc::new(Archive::open(&options.replay)?))
        };
        let record = match &options.record {
            Some(path) => {
                let writer = Writer::append(path, options.now).map_err(|source| FetchError::Record { path: path.clone(), source })?;
                Some(Arc::new(Mutex::new(writer)))
            }
            None => None,
        };
        let air = Air {
            places: Semaphore::new(match options.concurrency {
                // One at a time is meant as it stands.
                0 | 1 => 1,
                n => n.saturating_mul(IN_THE_AIR).min(Semaphore::MAX_PERMITS),
            }),
            end: options.deadline.map(|d| later(clock.now(), d)),
            clock,
        };
        let hosts = Mutex::new(hosts.into_iter().map(|(key, memory)| (key, Arc::new(Host::new(memory)))).collect());
        Ok(Fetcher(Arc::new(Inner { options, air, transport, record, hosts, shelf: Mutex::default() })))
    }

    /// Gets one address. Never fails but in its [`Outcome`]. The same address is asked once in a run.
    pub async fn get(&self, request: Request) -> Fetched {
        let terms = (request.allow_private, request.robots.clone(), request.max_bytes);
        let narrow = format!("{terms:?} {:?}", request.validators);
        let mut asked = request.url.clone();
        asked.set_fragment(None);
        let mut last = None;
        for narrow in [None, Some(narrow)] {
            let key = (asked.clone(), request.headers.clone(), request.payload.clone(), narrow);
            let cell = Arc::clone(self.shelf().answers.entry(key.clone()).or_default());
            let mut ours = false;
            let (their_terms, answer) = cell
                .get_or_init(|| async {
                    ours = true;
                    let mut answer = self.journey(&request).await;
                    if let Outcome::Fresh(body) = &mut answer.outcome {
                        // What waits to be read, or for others that ask the same, does so on disk.
                        *body = body.set_aside(&mut self.shelf().spool);
                    }
                    (terms.clone(), answer)
                })
                .await;
            if ours {
                self.shelf().put(key, answer);
                return answer.clone();
            }
            let fits = match &answer.outcome {
                Outcome::Fresh(body) => {
                    body.len <= request.max_bytes && (request.allow_private, &request.robots) == (their_terms.0, &their_terms.1)
                }
                Outcome::Unchanged => request.validators.as_ref() == Some(&answer.validators),
                Outcome::Blocked(_) | Outcome::Failed(_) | Outcome::NotAsked(_) => *their_terms == terms,
            };
            let mut shared = answer.clone().shared();
            shared.url = request.url.clone();
            if fits {
                return shared;
            }
            last = Some(shared);
        }
        // Under its own terms an answer always fits, so this is not reached; asking anew would be right as well.
        match last {
            Some(answer) => answer,
            None => self.journey(&request).await,
        }
    }

    /// What to keep of the hosts for the next run.
    pub fn hosts(&self) -> BTreeMap<String, HostMemory> {
        self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(key, host)| (key.clone(), host.memory())).collect()
    }

    /// Of these only what changed since this was last asked.
    pub fn changed_hosts(&self) -> BTreeMap<String, HostMemory> {
        let hosts = self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.iter().filter_map(|(key, host)| Some((key.clone(), host.changed()?))).collect()
    }

    /// What is wrong with the archives that are replayed.
    pub fn complaints(&self) -> &[Complaint] {
        match &self.0.transport {
            Transport::Wire(_) => &[],
            Transport::Archive(archive) => archive.complaints(),
        }
    }

    /// Whether answers come from archives.
    pub fn is_replay(&self) -> bool {
        matches!(self.0.transport, Transport::Archive(_))
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn air(&self) -> &Air {
        &self.0.air
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// The time now, by the fetcher's clock.
    pub fn now(&self) -> Timestamp {
        self.0.air.clock.now()
    }

    pub(crate) fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(Host::key(url)).or_insert_with(|| Arc::new(Host::new(HostMemory::default()))))
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether exchanges are written into an archive.
    pub(crate) fn is_recording(&self) -> bool {
        self.0.record.is_some()
    }

    /// Writes an exchange into the archive, if there is one. `truncated` says why the answer ends early, if it does.
    pub(crate) async fn record(&self, ask: &Ask<'_>, answer: &Answer, truncated: Option<&'static str>) -> io::Result<()> {
        let Some(writer) = &self.0.record else { return Ok(()) };
        let writer = Arc::clone(writer);
        let (at, agent) = (self.options().now, self.options().agent.header());
        let (url, asked, payload, answer) = (ask.url.clone(), ask.headers.clone(), ask.payload.cloned(), answer.clone());
        // Compressing a large body takes time that the other hosts should not lose.
        let written = tokio::task::spawn_blocking(move || {
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            record(&mut writer, &url, at, &agent, &asked, payload.as_ref(), &answer, truncated)
        });
        written.await.unwrap_or_else(|e| Err(io::Error::other(e)))
    }
}

impl Shelf {
    fn put(&mut self, key: Key, answer: &Fetched) {
        let weight = if let Outcome::Fresh(body) = &answer.outcome { body.weight() } else { 0 };
        self.weight += weight;
        self.order.push_back((key, weight));
        while self.weight > SHELF
            && let Some((oldest, weight)) = self.order.pop_front()
        {
            self.weight -= weight;
            self.answers.remove(&oldest);
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("options", &self.0.options).finish_non_exhaustive()
    }
}
