use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, Reference},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use jiff::Timestamp;
use monitor_model::HostMemory;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use crate::{
    Clock,
    clock::{later, until},
    obey::Standing,
};

/// Our own back-off begins here, doubles with every refusal …
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
/// … and never grows beyond this: a host that refuses is asked again some day.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(6 * 3600);
/// Nor is a Retry-After beyond this believed.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);
/// Fewer 403 in a row concern the pages, not the host.
const REPEATED: u32 = 2;
/// A host that leaves so many pages in a row without any answer is left alone for the rest of the run: it may cost the run no more.
const SILENT: u32 = 4;

/// What hosts share: the clock, the places in the air and the end of the run.
#[derive(Debug)]
pub(crate) struct Air {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) places: Semaphore,
    pub(crate) end: Option<Timestamp>,
}

/// One host: its limiter, its back-off, when it was last asked, what its robots.txt says.
pub(crate) struct Host {
    /// Held while a request is in flight, and while waiting for the right moment to send it.
    turn: tokio::sync::Mutex<()>,
    /// Held while robots.txt is fetched, so that it is fetched once and before everything else.
    pub(crate) robots: tokio::sync::Mutex<Option<Standing>>,
    state: Mutex<State>,
}

struct State {
    memory: HostMemory,
    /// The slowest rate that any request asked for, and its limiter. Guards the run; `memory.last_asked` guards across runs.
    limiter: Option<(Duration, Limiter)>,
    /// robots.txt's Crawl-delay.
    crawl_delay: Option<Duration>,
    /// The last thing asked was robots.txt.
    after_robots: bool,
    /// Connections in a row that could not be made.
    unreachable: u32,
    /// Pages in a row that got no answer.
    silent: u32,
    /// Something of `memory` changed since it was last told.
    changed: bool,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Duration>>;

/// Our clock as the limiter wants it.
#[derive(Clone, Debug)]
struct Ticks(Arc<dyn Clock>);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        until(Timestamp::UNIX_EPOCH, self.0.now())
    }
}

/// Why a host is not asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Late {
    /// It asked for patience, or we back off, until then; that is longer than the request can wait.
    Held(Timestamp),
    /// Its Crawl-delay is longer than the request can wait.
    CrawlDelay(Duration),
    /// It gave no answer so often in a row that this run asks it nothing more.
    Silent(u32),
    /// The run's time is up.
    Deadline,
}

/// The right to send one request now; the host is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    /// How long the host made us wait beyond its pace.
    pub(crate) held: Duration,
    _turn: tokio::sync::MutexGuard<'a, ()>,
    _place: Option<SemaphorePermit<'a>>,
}

impl Host {
    pub(crate) fn new(memory: HostMemory) -> Self {
        Host {
            turn: tokio::sync::Mutex::new(()),
            robots: tokio::sync::Mutex::new(None),
            state: Mutex::new(State {
                memory,
                limiter: None,
                crawl_delay: None,
                after_robots: false,
                unreachable: 0,
                silent: 0,
                changed: false,
            }),
        }
    }

    /// Under which name a host is remembered: without the scheme, because http and https are one machine to be polite to.
    pub(crate) fn key(url: &Url) -> String {
        let name = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to keep for the next run.
    pub(crate) fn memory(&self) -> HostMemory {
        self.state().memory.clone()
    }

    /// The same if anything of it changed since this was last asked.
    pub(crate) fn changed(&self) -> Option<HostMemory> {
        let mut state = self.state();
        std::mem::take(&mut state.changed).then(|| state.memory.clone())
    }

    /// Waits until the host may be asked: nothing else is in flight there, `spacing` and Crawl-delay have passed since the last
    /// request, of this run or an earlier one, and it does not want to be left alone for longer than `patience`.
    pub(crate) async fn turn<'a>(&'a self, air: &'a Air, spacing: Duration, patience: Duration, robots: bool) -> Result<Turn<'a>, Late> {
        let turn = self.turn.lock().await;
        let mut held = Duration::ZERO;
        loop {
            let now = air.clock.now();
            if air.end.is_some_and(|end| now >= end) {
                return Err(Late::Deadline);
            }
            let (wait, of_it_held) = {
                let mut state = self.state();
                if state.silent >= SILENT {
                    return Err(Late::Silent(state.silent));
                }
                state.wait(now, spacing, patience.saturating_sub(held))?
            };
            if !wait.is_zero() {
                if air.end.is_some_and(|end| later(now, wait) >= end) {
                    return Err(Late::Deadline);
                }
                held += of_it_held;
                air.clock.sleep(wait).await;
                continue;
            }
            // Not earlier: a place in the air is not kept while waiting for the pace.
            let place = air.places.acquire().await.ok();
            let checked = self.state().check(&air.clock, spacing, robots);
            match checked {
                Ok(()) => return Ok(Turn { held, _turn: turn, _place: place }),
                Err(wait) => {
                    drop(place);
                    air.clock.sleep(wait).await;
                }
            }
        }
    }

    /// The host answered and does not refuse us.
    pub(crate) fn fine(&self) {
        let mut state = self.state();
        state.unreachable = 0;
        state.silent = 0;
        state.changed |= state.memory.refusals > 0 || state.memory.not_before.is_some();
        state.memory.refusals = 0;
        state.memory.not_before = None;
    }

    /// The host answered, which is all that can be said.
    pub(crate) fn reached(&self) {
        let mut state = self.state();
        (state.unreachable, state.silent) = (0, 0);
    }

    /// A page got no answer, however often it was tried.
    pub(crate) fn silent(&self) {
        self.state().silent += 1;
    }

    /// The host refuses us: it is left alone for as long as it says, or for our own, growing time. Gives how long that is.
    pub(crate) fn refused(&self, now: Timestamp, status: u16, retry_after: Option<Duration>) -> Option<Duration> {
        let mut state = self.state();
        (state.unreachable, state.silent) = (0, 0);
        state.changed = true;
        state.memory.refusals = state.memory.refusals.saturating_add(1);
        let said = retry_after.filter(|d| !d.is_zero());
        if !matches!(status, 429 | 503) && said.is_none() && state.memory.refusals < REPEATED {
            return None;
        }
        let doublings = (state.memory.refusals - 1).min(20);
        let own = (FIRST_BACK_OFF * 2u32.pow(doublings)).min(LONGEST_BACK_OFF);
        let wait = said.map_or(own, |d| d.min(LONGEST_RETRY_AFTER));
        state.memory.not_before = Some(later(now, wait));
        Some(wait)
    }

    /// No connection could be made. Gives how often in a row.
    pub(crate) fn unreachable(&self) -> u32 {
        let mut state = self.state();
        state.unreachable += 1;
        state.unreachable
    }

    /// How often in a row it refused us.
    pub(crate) fn refusals(&self) -> u32 {
        self.state().memory.refusals
    }

    /// The robots.txt read earlier, and when.
    pub(crate) fn stored_robots(&self) -> Option<(Timestamp, Option<String>)> {
        self.state().memory.robots.clone()
    }

    /// Keeps a robots.txt for later runs.
    pub(crate) fn store_robots(&self, at: Timestamp, text: Option<String>) {
        let mut state = self.state();
        state.memory.robots = Some((at, text));
        state.changed = true;
    }

    /// Crawl-delay is a floor on the spacing.
    pub(crate) fn slow_to(&self, crawl_delay: Option<Duration>) {
        self.state().crawl_delay = crawl_delay;
    }
}

impl State {
    /// How long to wait before asking, and how much of that is the host's wish to be left alone.
    fn wait(&mut self, now: Timestamp, spacing: Duration, patience: Duration) -> Result<(Duration, Duration), Late> {
        // Time may have been set back since the last run (`--now`): that costs one spacing, not years.
        self.memory.last_asked = self.memory.last_asked.map(|last| last.min(now));
        let held = self.memory.not_before.map_or(Duration::ZERO, |t| until(now, t));
        if held > patience {
            return Err(Late::Held(later(now, held)));
        }
        let own = self.limiter.as_ref().map_or(spacing, |(slowest, _)| spacing.max(*slowest));
        let mut spacing = own.max(self.crawl_delay.unwrap_or_default());
        // Else a host with a day-long Crawl-delay would have its robots.txt read every day and never a page.
        if spacing > own.max(patience) && self.after_robots {
            spacing = own;
        }
        let pace = self.memory.last_asked.map_or(Duration::ZERO, |last| until(now, later(last, spacing)));
        if pace > own.max(patience) {
            return Err(Late::CrawlDelay(spacing));
        }
        Ok((pace.max(held), held.saturating_sub(pace)))
    }

    /// Takes the limiter's leave to send now; else how long it wants us to wait.
    fn check(&mut self, clock: &Arc<dyn Clock>, spacing: Duration, robots: bool) -> Result<(), Duration> {
        if self.limiter.as_ref().is_none_or(|(slowest, _)| spacing > *slowest)
            && let Some(quota) = Quota::with_period(spacing)
        {
            let one = std::num::NonZeroU32::MIN;
            self.limiter = Some((spacing, RateLimiter::direct_with_clock(quota.allow_burst(one), Ticks(Arc::clone(clock)))));
        }
        if let Some((_, limiter)) = &self.limiter
            && let Err(not_yet) = limiter.check()
        {
            let now = Ticks(Arc::clone(clock)).now();
            return Err(not_yet.earliest_possible().duration_since(now).into());
        }
        self.memory.last_asked = Some(clock.now());
        self.changed = true;
        self.after_robots = robots;
        Ok(())
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("memory", &self.state().memory).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TestClock;

    const SECOND: Duration = Duration::from_secs(1);

    fn start() -> Timestamp {
        "2026-11-21T08:00:00Z".parse().expect("a time")
    }

    fn air(clock: &Arc<TestClock>) -> Air {
        Air { clock: Arc::clone(clock) as Arc<dyn Clock>, places: Semaphore::new(8), end: None }
    }

    #[tokio::test]
    async fn requests_are_spaced_by_the_rate_and_the_slowest_rate_counts() {
        let clock = Arc::new(TestClock::new(start()));
        let (air, host) = (air(&clock), Host::new(HostMemory::default()));
        for spacing in [5, 5, 1, 20] {
            host.turn(&air, SECOND * spacing, SECOND * 60, false).await.expect("a turn");
        }
        assert_eq!(clock.slept(), [SECOND * 5, SECOND * 5, SECOND * 20]);
    }

    #[tokio::test]
    async fn the_pace_holds_across_runs() {
        let clock = Arc::new(TestClock::new(start()));
        let last_asked = Some(later(start(), Duration::ZERO) - jiff::SignedDuration::from_secs(1));
        let (air, host) = (air(&clock), Host::new(HostMemory { last_asked, ..HostMemory::default() }));
        host.turn(&air, SECOND * 5, SECOND * 60, false).await.expect("a turn");
        assert_eq!(clock.slept(), [SECOND * 4]);
    }

    #[tokio::test]
    async fn a_clock_that_was_set_back_costs_one_spacing() {
        let clock = Arc::new(TestClock::new(start()));
        let last_asked = Some(later(start(), SECOND * 86_400));
        let (air, host) = (air(&clock), Host::new(HostMemory { last_asked, ..HostMemory::default() }));
        host.turn(&air, SECOND * 5, SECOND * 60, false).await.expect("a turn");
        assert_eq!(clock.slept(), [SECOND * 5]);
    }

    #[tokio::test]
    async fn a_host_that_wants_peace_gets_it_and_nobody_stalls() {
        let clock = Arc::new(TestClock::new(start()));
        let (air, host) = (air(&clock), Host::new(HostMemory::default()));
        assert_eq!(host.refused(start(), 429, Some(SECOND * 3600)), Some(SECOND * 3600));
        let late = host.turn(&air, SECOND, SECOND * 60, false).await.err();
        assert_eq!(late, Some(Late::Held(later(start(), SECOND * 3600))));
        assert!(clock.slept().is_empty());
        host.fine();
        assert_eq!(host.refused(start(), 503, Some(Duration::ZERO)), Some(SECOND), "nought is no answer");
        let turn = host.turn(&air, SECOND / 2, SECOND * 60, false).await.expect("a turn");
        assert_eq!((turn.held, clock.slept()), (SECOND, vec![SECOND]));
    }

    #[test]
    fn back_off_doubles_to_a_ceiling_and_one_403_concerns_a_page() {
        let host = Host::new(HostMemory::default());
        assert_eq!(host.refused(start(), 403, None), None);
        assert_eq!(host.refused(start(), 403, None), Some(SECOND * 2));
        assert_eq!(host.refused(start(), 429, None), Some(SECOND * 4));
        let longest = (0..100).filter_map(|_| host.refused(start(), 503, None)).max();
        assert_eq!(longest, Some(LONGEST_BACK_OFF));
        assert_eq!(host.refused(start(), 429, Some(Duration::MAX)), Some(LONGEST_RETRY_AFTER));
        host.fine();
        assert_eq!((host.memory().refusals, host.memory().not_before), (0, None));
    }

    #[tokio::test]
    async fn a_crawl_delay_is_a_floor_and_an_endless_one_no_stall() {
        let clock = Arc::new(TestClock::new(start()));
        let (air, host) = (air(&clock), Host::new(HostMemory::default()));
        host.turn(&air, SECOND, SECOND * 60, true).await.expect("robots.txt");
        host.slow_to(Some(SECOND * 10));
        host.turn(&air, SECOND, SECOND * 60, false).await.expect("a page");
        assert_eq!(clock.slept(), [SECOND * 10]);
        let host = Host::new(HostMemory::default());
        host.turn(&air, SECOND, SECOND * 60, true).await.expect("robots.txt");
        host.slow_to(Some(SECOND * 86_400));
        host.turn(&air, SECOND, SECOND * 60, false).await.expect("one page a day");
        let late = host.turn(&air, SECOND, SECOND * 60, false).await.err();
        assert_eq!(late, Some(Late::CrawlDelay(SECOND * 86_400)));
    }

    #[tokio::test]
    async fn no_turn_after_the_end_of_the_run() {
        let clock = Arc::new(TestClock::new(start()));
        let air = Air { end: Some(later(start(), SECOND * 7)), ..air(&clock) };
        let host = Host::new(HostMemory::default());
        for _ in 0..2 {
            host.turn(&air, SECOND * 5, SECOND * 60, false).await.expect("a turn");
        }
        assert_eq!(host.turn(&air, SECOND * 5, SECOND * 60, false).await.err(), Some(Late::Deadline));
        assert_eq!(clock.slept(), [SECOND * 5]);
    }

    #[test]
    fn hosts_are_told_apart_by_name_and_port() {
        let key = |u: &str| Host::key(&Url::parse(u).expect("an address"));
        assert_eq!(key("https://WWW.example.org:443/a"), "www.example.org");
        assert_eq!(key("http://www.example.org/"), "www.example.org");
        assert_eq!(key("http://127.0.0.1:8080/"), "127.0.0.1:8080");
        assert_eq!(key("http://[::1]/"), "[::1]");
    }
}
