//! A source's health: ok → degraded → broken → ok, blocked, stale (ARCHITECTURE, decision 5).

use std::time::Duration;

use monitor_model::{Health, HealthState, Memory, Source, SourceStatus, Timestamp};

/// Whether `id` may be asked again. Cron does not fire to the second, so a twentieth of `every` is forgiven.
pub(crate) fn is_due(memory: &Memory, source: &Source, now: Timestamp) -> bool {
    let slack = (source.every() / 20).min(Duration::from_secs(3600));
    memory.next_due.is_none_or(|due| now.checked_add(slack).map_or(true, |t| t >= due))
}

/// The state after a run that ended with `status`. A 304 never heals a sick source.
pub(crate) fn after(before: &Health, status: SourceStatus, why: Option<String>, tolerate: u32, now: Timestamp) -> Health {
    let failures = if status.is_failure() { before.failures + 1 } else { 0 };
    let state = match status {
        SourceStatus::Blocked => HealthState::Blocked,
        SourceStatus::Broken | SourceStatus::Partial if failures >= tolerate.max(1) => HealthState::Broken,
        SourceStatus::Broken | SourceStatus::Partial => HealthState::Degraded,
        SourceStatus::Stale => HealthState::Stale,
        SourceStatus::NotModified => {
            return match before.state {
                HealthState::Unproven => Health { state: HealthState::Ok, since: Some(now), failures: 0, why: None },
                _ => before.clone(),
            };
        }
        SourceStatus::Ok | SourceStatus::Empty => HealthState::Ok,
        SourceStatus::Skipped | SourceStatus::Login => return before.clone(),
    };
    let since = if state == before.state { before.since.or(Some(now)) } else { Some(now) };
    Health { state, since, failures, why: if state == HealthState::Ok { None } else { why } }
}

/// Whether the source has brought nothing new for longer than it promised.
pub(crate) fn is_stale(memory: &Memory, source: &Source, now: Timestamp) -> bool {
    let Some(fresh) = source.expect.as_ref().and_then(|e| e.fresh) else { return false };
    let Some(last) = memory.last_new.or(memory.first_success) else { return false };
    now.duration_since(last).unsigned_abs() > fresh && now > last
}

/// When something new was last seen. Everything is new on the first run: a source is stale only after it was watched for that long.
pub(crate) fn last_new(memory: &Memory, brought: bool, now: Timestamp) -> Option<Timestamp> {
    if brought || memory.first_success.is_none() { Some(now) } else { memory.last_new }
}

/// Not before this: the longest of `every` and what the source itself asks for.
pub(crate) fn next_due(source: &Source, not_sooner: Option<Duration>, now: Timestamp) -> Option<Timestamp> {
    // A host that asks for years has made a mistake; a month keeps the source alive.
    let asked = not_sooner.unwrap_or_default().min(Duration::from_secs(30 * 86_400));
    now.checked_add(source.every().max(asked)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(t: &str) -> Timestamp {
        t.parse().expect("a time")
    }

    #[test]
    fn a_304_heals_nobody() {
        let now = at("2026-11-21T00:00:00Z");
        let sick = after(&Health::default(), SourceStatus::Broken, Some("no rows".into()), 1, now);
        assert_eq!(sick.state, HealthState::Broken);
        assert_eq!(after(&sick, SourceStatus::NotModified, None, 1, now), sick);
        assert_eq!(after(&sick, SourceStatus::Ok, None, 1, now).state, HealthState::Ok);
    }

    #[test]
    fn broken_only_after_as_many_failures_as_are_tolerated() {
        let now = at("2026-11-21T00:00:00Z");
        let mut h = Health::default();
        let mut states = Vec::new();
        for _ in 0..3 {
            h = after(&h, SourceStatus::Broken, None, 3, now);
            states.push(h.state);
        }
        assert_eq!(states, [HealthState::Degraded, HealthState::Degraded, HealthState::Broken]);
    }

    #[test]
    fn cron_may_be_a_minute_early() {
        let source = Source::default();
        let memory = Memory { next_due: next_due(&source, None, at("2026-11-20T05:17:40Z")), ..Memory::default() };
        assert!(is_due(&memory, &source, at("2026-11-21T05:17:01Z")));
        assert!(!is_due(&memory, &source, at("2026-11-20T23:00:00Z")));
    }
}
