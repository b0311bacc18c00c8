//! Instants and the days that people mean by them.

use jiff::{civil::Date, tz::TimeZone};
use monitor_model::{Timestamp, When};

/// The civil day (UTC) of an instant.
pub(crate) fn day_of(t: Timestamp) -> Date {
    t.to_zoned(TimeZone::UTC).date()
}

/// The instant after `t`, for half-open windows that must hold `t`.
pub(crate) fn after(t: Timestamp) -> Timestamp {
    t.checked_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX)
}

/// The last instant of the period that `w` names.
pub(crate) fn end_of(w: When) -> Timestamp {
    match w {
        When::Instant(t) => t,
        w => w
            .last_day()
            .tomorrow()
            .ok()
            .and_then(|d| When::Day(d).start().checked_sub(jiff::SignedDuration::from_nanos(1)).ok())
            .unwrap_or(Timestamp::MAX),
    }
}
