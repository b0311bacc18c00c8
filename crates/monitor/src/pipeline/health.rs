//! A source's health: ok → degraded → broken → ok, blocked, login, stale (ARCHITECTURE, decision 5).

use std::time::Duration;

use monitor_extract::Quiet;
use monitor_model::{Health, HealthState, Memory, Source, SourceStatus, Timestamp, Transition, Wishes};

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
        SourceStatus::Login => HealthState::Login,
        SourceStatus::Broken | SourceStatus::Partial if failures >= tolerate.max(1) => HealthState::Broken,
        SourceStatus::Broken | SourceStatus::Partial => HealthState::Degraded,
        SourceStatus::Stale => HealthState::Stale,
        SourceStatus::NotModified => match before.state {
            // Stale is what the time makes of a source that answers: when `expect.fresh` grew, it is so no more.
            HealthState::Unproven | HealthState::Stale => HealthState::Ok,
            _ => return before.clone(),
        },
        SourceStatus::Ok | SourceStatus::Empty => HealthState::Ok,
        SourceStatus::Skipped => return before.clone(),
    };
    let changed = state != before.state;
    Health {
        state,
        since: if changed { Some(now) } else { before.since.or(Some(now)) },
        failures,
        why: if state == HealthState::Ok { None } else { why },
        was: if changed { Some(before.state) } else { before.was },
    }
}

/// What is to be told of a change, once. That a source answers for the first time is no news.
pub(crate) fn transition(before: &Health, after: &Health) -> Option<Transition> {
    let first = (before.state, after.state) == (HealthState::Unproven, HealthState::Ok);
    (before.state != after.state && !first).then(|| Transition {
        from: before.state,
        to: after.state,
        since: before.since,
        why: after.why.clone(),
    })
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

/// Not before this: the longest of `every` and what the source itself asks for, outside the hours that it wants for itself.
pub(crate) fn next_due(source: &Source, wishes: &Wishes, not_sooner: Option<Duration>, now: Timestamp) -> Option<Timestamp> {
    // A host that asks for years has made a mistake; a month keeps the source alive.
    let asked = not_sooner.unwrap_or_default().max(Duration::from_secs(wishes.ttl)).min(Duration::from_secs(30 * 86_400));
    now.checked_add(source.every().max(asked)).ok().map(|t| Quiet { hours: wishes.hours, days: wishes.days }.open_at(t))
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
    fn each_change_is_told_once() {
        let now = at("2026-11-21T00:00:00Z");
        let mut h = Health::default();
        let mut told = Vec::new();
        for status in [
            SourceStatus::Ok,
            SourceStatus::Ok,
            SourceStatus::Broken,
            SourceStatus::NotModified,
            SourceStatus::Broken,
            SourceStatus::Broken,
            SourceStatus::Blocked,
            SourceStatus::Blocked,
            SourceStatus::Login,
            SourceStatus::NotModified,
            SourceStatus::Ok,
            SourceStatus::Stale,
            SourceStatus::Stale,
            SourceStatus::NotModified,
        ] {
            let next = after(&h, status, Some(status.as_str().to_owned()), 2, now);
            told.extend(transition(&h, &next).map(|t| format!("{}→{}", t.from.as_str(), t.to.as_str())));
            h = next;
        }
        assert_eq!(
            told,
            ["ok→degraded", "degraded→broken", "broken→blocked", "blocked→login", "login→ok", "ok→stale", "stale→ok"],
            "a first good fetch is no news, and a 304 heals neither a broken source nor a locked one"
        );
        assert_eq!((h.state, h.was), (HealthState::Ok, Some(HealthState::Stale)));
    }

    #[test]
    fn the_longest_wish_counts_and_quiet_hours_are_kept() {
        let source = Source::default();
        let due = |wishes: &Wishes, asked: Option<u64>| {
            next_due(&source, wishes, asked.map(Duration::from_secs), at("2026-11-20T05:00:00Z")).expect("a time").to_string()
        };
        let none = Wishes::default();
        assert_eq!(due(&none, None), "2026-11-21T05:00:00Z", "every = 24h");
        assert_eq!(due(&none, Some(60)), "2026-11-21T05:00:00Z");
        assert_eq!(due(&none, Some(2 * 86_400)), "2026-11-22T05:00:00Z", "max-age, Expires or Retry-After");
        assert_eq!(due(&Wishes { ttl: 3 * 86_400, ..none }, Some(2 * 86_400)), "2026-11-23T05:00:00Z");
        assert_eq!(due(&Wishes { days: 0b110_0000, ..none }, None), "2026-11-23T00:00:00Z", "not at the weekend");
        assert_eq!(due(&Wishes { hours: 1 << 5, ..none }, None), "2026-11-21T06:00:00Z");
        assert_eq!(due(&none, Some(u64::MAX)), "2026-12-20T05:00:00Z", "a month at most");
    }

    #[test]
    fn cron_may_be_a_minute_early() {
        let source = Source::default();
        let memory = Memory { next_due: next_due(&source, &Wishes::default(), None, at("2026-11-20T05:17:40Z")), ..Memory::default() };
        assert!(is_due(&memory, &source, at("2026-11-21T05:17:01Z")));
        assert!(!is_due(&memory, &source, at("2026-11-20T23:00:00Z")));
    }
}
