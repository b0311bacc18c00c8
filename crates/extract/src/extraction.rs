use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use monitor_model::{Complaint, ComplaintStage, Entry};

/// The page that is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The address that was asked.
    pub url: &'a str,
    /// Where the answer came from, after redirects.
    pub final_url: &'a str,
    /// `Content-Type` as sent.
    pub media_type: Option<&'a str>,
    /// `dir`: how many segments of `enter` led here.
    pub depth: usize,
}

/// Hours and days (UTC) at which a feed asks not to be read (`skipHours`, `skipDays`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quiet {
    /// Bit n: the hour n.
    pub hours: u32,
    /// Bit n: the day n of the week, Monday being 0.
    pub days: u8,
}

impl Quiet {
    /// What both ask for.
    pub fn and(self, other: Quiet) -> Quiet {
        Quiet { hours: self.hours | other.hours, days: self.days | other.days }
    }

    /// The first moment at or after `t` that is not quiet; `t` itself when there is none at all.
    pub fn open_at(self, t: Timestamp) -> Timestamp {
        const ALL_HOURS: u32 = (1 << 24) - 1;
        if self == Quiet::default() || self.hours & ALL_HOURS == ALL_HOURS || self.days & 127 == 127 {
            return t;
        }
        let is_quiet = |t: Timestamp| {
            let z = t.to_zoned(TimeZone::UTC);
            let (hour, day) = (u32::from(z.hour().unsigned_abs()), u32::from(z.weekday().to_monday_zero_offset().unsigned_abs()));
            self.hours >> hour & 1 == 1 || self.days >> day & 1 == 1
        };
        let mut open = t;
        while is_quiet(open) {
            let into = open.as_second().rem_euclid(3600);
            match open.checked_add(SignedDuration::from_secs(3600 - into)) {
                Ok(next) => open = next,
                Err(_) => return t,
            }
        }
        open
    }
}

/// A further page to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its address.
    pub url: String,
    /// `dir`: how many segments of `enter` lead there.
    pub depth: usize,
}

/// Whether the node in which the rows stand was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Container {
    /// It was found; it may be empty.
    Found,
    /// It was not: the page has changed or is another one.
    Missing,
    /// The recipe names none.
    #[default]
    NotAsked,
}

/// What a page gave. `collected` is [`Extraction::collected`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// The rows, in the order of the page.
    pub entries: Vec<Entry>,
    /// Rows that could not be taken; complaints say why.
    pub rejected: u64,
    /// Rows beyond a declared limit.
    pub dropped: u64,
    /// Rows that `where` did not want; not part of `collected`.
    pub filtered: u64,
    /// What a person should know.
    pub complaints: Vec<Complaint>,
    /// Further pages, and folders to enter.
    pub next: Vec<Next>,
    /// Where older rows of a list that shows the newest only stand, newest first: for when these share nothing with what is known
    /// (RFC 5005; folders beyond `latest`).
    pub older: Vec<Next>,
    /// Whether the rows' node was there.
    pub container: Container,
    /// How many rows the source says it has in all.
    pub total: Option<u64>,
    /// Why the page as a whole could not be read; then there are no entries.
    pub failed: Option<Complaint>,
    /// It failed because the page asks for a login first.
    pub login: bool,
    /// How long the feed asks to be left alone.
    pub ttl: Option<Duration>,
    /// When the feed asks not to be read.
    pub quiet: Quiet,
    /// `csv`: the header, for the contract.
    pub columns: Vec<String>,
}

impl Extraction {
    /// Rows taken and rows rejected.
    pub fn collected(&self) -> u64 {
        self.entries.len() as u64 + self.rejected
    }

    pub(crate) fn failed(stage: ComplaintStage, page: &Page<'_>, what: impl Into<String>) -> Self {
        Extraction { failed: Some(Complaint::new(stage, page.url, what)), ..Extraction::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_and_days_are_stepped_over() {
        let at = |t: &str| t.parse::<Timestamp>().expect("a time");
        // 21 November 2026 is a Saturday.
        let weekend = Quiet { hours: 0b111, days: 0b110_0000 };
        for (from, to) in [
            ("2026-11-21T08:30:00Z", "2026-11-23T03:00:00Z"),
            ("2026-11-23T01:59:59Z", "2026-11-23T03:00:00Z"),
            ("2026-11-23T03:30:10Z", "2026-11-23T03:30:10Z"),
        ] {
            assert_eq!(weekend.open_at(at(from)), at(to), "{from}");
        }
        let t = at("2026-11-21T08:30:00Z");
        for never in [Quiet { hours: u32::MAX, days: 0 }, Quiet { hours: 0, days: 127 }, Quiet::default()] {
            assert_eq!(never.open_at(t), t, "who is never open is asked all the same");
        }
    }
}
