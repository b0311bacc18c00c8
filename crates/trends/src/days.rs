use jiff::{Span as Period, Timestamp, civil::Date, tz::TimeZone};

/// The longest span that is accepted, in days (two centuries): keeps arithmetic on hostile arguments within the calendar.
const LONGEST: i64 = 73_000;

/// Days since 1970-01-01, so that spans are plain subtraction.
pub(crate) fn number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_secs() / 86_400
}

/// The date of a day number.
pub(crate) fn date(number: i64) -> Date {
    let reach = number.clamp(-LONGEST * 10, LONGEST * 10);
    Date::constant(1970, 1, 1).saturating_add(Period::new().days(reach))
}

/// The civil day (UTC) of an instant.
pub(crate) fn of(at: Timestamp) -> i64 {
    number(at.to_zoned(TimeZone::UTC).date())
}

/// 0 to 11.
pub(crate) fn month(number: i64) -> usize {
    usize::try_from(date(number).month() - 1).unwrap_or(0)
}

/// "Before" is `base..from`, "now" is `from..end` (ends excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) base: i64,
    pub(crate) from: i64,
    pub(crate) end: i64,
}

impl Frame {
    pub(crate) fn new(as_of: Date, window: i64, baseline: i64) -> Self {
        let end = number(as_of) + 1;
        let from = end - window.clamp(1, LONGEST);
        Frame { base: from - baseline.clamp(1, LONGEST), from, end }
    }

    pub(crate) fn window(&self) -> i64 {
        self.end - self.from
    }

    /// The same frame for dates that are known to the month only: its inner edges move to the nearest month's edge, so
    /// that every month lies on one side as a whole.
    pub(crate) fn by_months(&self) -> Self {
        Frame { base: nearest_month(self.base), from: nearest_month(self.from), end: self.end }
    }
}

/// The first day of this month or of the next, whichever is nearer.
fn nearest_month(day: i64) -> i64 {
    let d = date(day);
    let first = number(d.first_of_month());
    let next = number(d.last_of_month()) + 1;
    if day - first < next - day { first } else { next }
}

/// The first day of the month of `day`.
pub(crate) fn first_of_month(day: i64) -> i64 {
    number(date(day).first_of_month())
}

/// The first day of a month that is not before `day`.
pub(crate) fn next_month(day: i64) -> i64 {
    let d = date(day);
    if d.day() == 1 { day } else { number(d.last_of_month()) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        number(text.parse().expect("a date"))
    }

    #[test]
    fn numbers_and_dates_are_the_same_thing() {
        for text in ["1970-01-01", "1969-12-31", "2024-02-29", "2026-09-30"] {
            assert_eq!(date(day(text)).to_string(), text);
        }
        assert_eq!(day("1970-01-02"), 1);
    }

    #[test]
    fn a_window_of_ninety_days_ends_with_the_date_asked() {
        let f = Frame::new("2026-09-30".parse().expect("a date"), 90, 730);
        assert_eq!((date(f.from).to_string(), f.end - f.from, f.from - f.base), ("2026-07-03".to_owned(), 90, 730));
    }

    #[test]
    fn a_month_lies_on_one_side() {
        let f = Frame::new("2026-11-14".parse().expect("a date"), 90, 730).by_months();
        assert_eq!(date(f.from).to_string(), "2026-09-01", "16 August is nearer to September");
        assert_eq!(next_month(day("2026-01-31")), day("2026-02-01"));
        assert_eq!(next_month(day("2026-02-01")), day("2026-02-01"));
    }

    #[test]
    fn absurd_arguments_stay_in_the_calendar() {
        let f = Frame::new(Date::MIN, i64::MAX, i64::MAX);
        assert!(date(f.base) <= date(f.end));
        assert!(Frame::new(Date::MAX, -5, -5).window() == 1);
    }
}
