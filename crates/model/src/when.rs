use std::{cmp::Ordering, fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date with the precision that the source gave: `2026`, `2026-06`, `2026-06-01` or an RFC 3339 instant.
///
/// A month is never turned into its first day (user-asks 6 and 7): comparisons use the first day, ranges the whole period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A year alone.
    Year(i16),
    /// A year and a month (1-12).
    Month(i16, i8),
    /// A civil day without a time of day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

/// Why a text is not a [`When`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a date of the form YYYY, YYYY-MM, YYYY-MM-DD or RFC 3339")]
pub struct WhenError(pub String);

impl When {
    /// The first civil day (UTC) that this covers.
    pub fn first_day(self) -> Date {
        match self {
            When::Year(y) => Date::new(y, 1, 1).unwrap_or(Date::MIN),
            When::Month(y, m) => Date::new(y, m, 1).unwrap_or(Date::MIN),
            When::Day(d) => d,
            When::Instant(t) => t.to_zoned(TimeZone::UTC).date(),
        }
    }

    /// The last civil day (UTC) that this covers.
    pub fn last_day(self) -> Date {
        match self {
            When::Year(y) => Date::new(y, 12, 31).unwrap_or(Date::MAX),
            When::Month(..) => self.first_day().last_of_month(),
            When::Day(_) | When::Instant(_) => self.first_day(),
        }
    }

    /// Whether some part of this lies within `from..=until`.
    pub fn touches(self, from: Date, until: Date) -> bool {
        self.first_day() <= until && self.last_day() >= from
    }

    /// The instant at which this begins, for ordering only.
    pub fn start(self) -> Timestamp {
        match self {
            When::Instant(t) => t,
            _ => self.first_day().to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |z| z.timestamp()),
        }
    }

    /// 0 year, 1 month, 2 day, 3 instant.
    pub fn precision(self) -> u8 {
        match self {
            When::Year(_) => 0,
            When::Month(..) => 1,
            When::Day(_) => 2,
            When::Instant(_) => 3,
        }
    }
}

impl Ord for When {
    fn cmp(&self, other: &Self) -> Ordering {
        self.start().cmp(&other.start()).then(self.precision().cmp(&other.precision()))
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Year(y) => write!(f, "{y:04}"),
            When::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            When::Day(d) => write!(f, "{d}"),
            When::Instant(t) => write!(f, "{t}"),
        }
    }
}

impl FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<Self, WhenError> {
        let bad = || WhenError(text.to_owned());
        let t = text.trim();
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        match t.len() {
            4 if digits(t) => Ok(When::Year(t.parse().map_err(|_| bad())?)),
            7 if t.as_bytes()[4] == b'-' && digits(&t[..4]) && digits(&t[5..]) => {
                let m: i8 = t[5..].parse().map_err(|_| bad())?;
                if (1..=12).contains(&m) { Ok(When::Month(t[..4].parse().map_err(|_| bad())?, m)) } else { Err(bad()) }
            }
            10 => t.parse::<Date>().map(When::Day).map_err(|_| bad()),
            n if n > 10 => t.parse::<Timestamp>().map(When::Instant).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_kept_both_ways() {
        for text in ["2026", "2026-06", "2026-06-30", "2026-06-30T12:00:05Z"] {
            assert_eq!(text.parse::<When>().map(|w| w.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "26", "2026-13", "2025-02-29", "20é6-01", "June 2026", "2026-06-30 12:00"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_touches_every_window_that_cuts_it() {
        let june: When = "2026-06".parse().expect("a month");
        let day = |t: &str| t.parse::<Date>().expect("a day");
        assert!(june.touches(day("2026-06-30"), day("2026-07-30")));
        assert!(!june.touches(day("2026-07-01"), day("2026-07-30")));
    }
}
