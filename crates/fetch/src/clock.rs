use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

/// A wait, boxed so that [`Clock`] can be a trait object.
pub type Pause<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Where time comes from: politeness is tested without waiting.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now. Never runs backwards.
    fn now(&self) -> Timestamp;
    /// Waits because we must: pacing, back-off.
    fn sleep(&self, time: Duration) -> Pause<'_>;
    /// A timer that runs beside input and output: total time-outs.
    fn limit(&self, time: Duration) -> Pause<'_>;
}

/// The machine's clock, anchored once so that it never runs backwards.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
    at: Timestamp,
}

impl SystemClock {
    /// The time of day.
    pub fn new() -> Self {
        Self::starting(Timestamp::now())
    }

    /// Runs from `at` (`--now`) at the machine's speed.
    pub fn starting(at: Timestamp) -> Self {
        SystemClock { start: Instant::now(), at }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        later(self.at, self.start.elapsed())
    }

    fn sleep(&self, time: Duration) -> Pause<'_> {
        Box::pin(wait(time))
    }

    fn limit(&self, time: Duration) -> Pause<'_> {
        Box::pin(wait(time))
    }
}

/// A clock for tests: a sleep ends at once and moves the time on. A [`limit`](Clock::limit) takes its real time, because the
/// input and output beside it are real, unless the clock is [`hurried`](TestClock::hurried).
#[derive(Debug)]
pub struct TestClock {
    state: Mutex<(Timestamp, Vec<Duration>)>,
    speed: u32,
}

impl TestClock {
    /// A clock that stands at `at`.
    pub fn new(at: Timestamp) -> Self {
        TestClock { state: Mutex::new((at, Vec::new())), speed: 1 }
    }

    /// A clock whose limits run a thousand times as fast as they say: for tests of time-outs.
    pub fn hurried(at: Timestamp) -> Self {
        TestClock { speed: 1000, ..TestClock::new(at) }
    }

    /// Moves the time on.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = later(state.0, time);
    }

    /// Every sleep so far, in order.
    pub fn slept(&self) -> Vec<Duration> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn sleep(&self, time: Duration) -> Pause<'_> {
        let end = later(self.now(), time);
        Box::pin(async move {
            // Others that sleep at the same moment sleep beside us, not after us.
            tokio::task::yield_now().await;
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.0 = state.0.max(end);
            state.1.push(time);
        })
    }

    fn limit(&self, time: Duration) -> Pause<'_> {
        Box::pin(async move {
            wait(time / self.speed).await;
            self.advance(time);
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that all waits go through")]
async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

/// `t + time`, at most the end of time.
pub(crate) fn later(t: Timestamp, time: Duration) -> Timestamp {
    SignedDuration::try_from(time).ok().and_then(|d| t.checked_add(d).ok()).unwrap_or(Timestamp::MAX)
}

/// How long from `from` until `to`; zero when it has passed.
pub(crate) fn until(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_neither_wrap_nor_panic() {
        assert_eq!(later(Timestamp::UNIX_EPOCH, Duration::MAX), Timestamp::MAX);
        assert_eq!(until(Timestamp::MAX, Timestamp::MIN), Duration::ZERO);
        assert!(until(Timestamp::MIN, Timestamp::MAX) > Duration::from_secs(1 << 33));
    }

    #[tokio::test]
    async fn sleeps_at_the_same_moment_overlap() {
        let clock = TestClock::new(Timestamp::UNIX_EPOCH);
        let (a, b) = (clock.sleep(Duration::from_secs(5)), clock.sleep(Duration::from_secs(3)));
        futures_util::future::join(a, b).await;
        assert_eq!(until(Timestamp::UNIX_EPOCH, clock.now()), Duration::from_secs(5));
        assert_eq!(clock.slept().len(), 2);
    }
}
