use std::time::Duration;

use jiff::{
    Timestamp,
    civil::DateTime,
    fmt::{rfc2822, strtime},
    tz::TimeZone,
};

use crate::clock::until;

/// Nobody is believed who calls an answer fresh for longer, or we would never ask again.
const FRESH_AT_MOST: Duration = Duration::from_secs(31 * 24 * 3600);

/// The header fields of an answer, in order, each byte of a value as one character so that nothing is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Headers(pub(crate) Vec<(String, String)>);

impl Headers {
    /// The first value of a field, in any case; empty ones count as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, v)| k.eq_ignore_ascii_case(name) && !v.trim().is_empty()).map(|(_, v)| v.as_str())
    }

    /// Every value of a field.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(k, v)| k.eq_ignore_ascii_case(name) && !v.trim().is_empty()).map(|(_, v)| v.as_str())
    }

    /// How long the host wants to be left alone: seconds or a date, which is taken against the host's own clock.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let value = self.get("retry-after")?.trim();
        if value.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
        }
        Some(until(self.date().unwrap_or(now), http_date(value)?))
    }

    /// How long the answer is called fresh: the longer of `max-age` and `Expires`.
    pub(crate) fn fresh_for(&self, now: Timestamp) -> Option<Duration> {
        let (mut age, mut never) = (None, false);
        for directive in self.all("cache-control").flat_map(|v| v.split(',')) {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "max-age" => age = age.max(value.trim().trim_matches('"').parse().ok().map(Duration::from_secs)),
                "no-cache" | "no-store" => never = true,
                _ => {}
            }
        }
        if never {
            return None;
        }
        let expires = self.get("expires").and_then(http_date).map(|e| until(self.date().unwrap_or(now), e));
        age.max(expires).filter(|d| !d.is_zero()).map(|d| d.min(FRESH_AT_MOST))
    }

    fn date(&self) -> Option<Timestamp> {
        self.get("date").and_then(http_date)
    }
}

/// Reads the three forms of a date in HTTP (RFC 9110, section 5.6.7).
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let usual = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(t) = usual.parse_timestamp(text) {
        return Some(t);
    }
    // RFC 850 and asctime; the names of the days carry nothing.
    let bare = text.split_once(", ").map_or(text, |(_, rest)| rest);
    ["%d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"].iter().find_map(|form| {
        let civil: DateTime = strtime::parse(form, bare).ok()?.to_datetime().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&str, &str)]) -> Headers {
        Headers(list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    fn now() -> Timestamp {
        "2026-11-21T08:00:00Z".parse().expect("a time")
    }

    #[test]
    fn dates_in_all_three_forms() {
        let want: Timestamp = "1994-11-06T08:49:37Z".parse().expect("a time");
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Mon, 06 Nov 1994 08:49:37 GMT"]
        {
            assert_eq!(http_date(text), Some(want), "{text}");
        }
        for text in ["", "0", "-1", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "\u{0}\u{202e}"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn retry_after_in_both_forms() {
        for (list, seconds) in [
            (vec![("Retry-After", "120")], Some(120)),
            (vec![("retry-after", " 0 ")], Some(0)),
            (vec![("Retry-After", "99999999999999999999999")], Some(u64::MAX)),
            (vec![("Retry-After", "Sat, 21 Nov 2026 08:02:00 GMT")], Some(120)),
            (vec![("Retry-After", "Sat, 21 Nov 2026 07:00:00 GMT")], Some(0)),
            (vec![("Retry-After", "Sun, 01 Mar 2020 00:01:00 GMT"), ("Date", "Sun, 01 Mar 2020 00:00:00 GMT")], Some(60)),
            (vec![("Retry-After", "-5")], None),
            (vec![("Retry-After", "in a while")], None),
            (vec![("Retry-After", "")], None),
        ] {
            assert_eq!(headers(&list).retry_after(now()), seconds.map(Duration::from_secs), "{list:?}");
        }
    }

    #[test]
    fn freshness_is_the_longer_of_two_and_bounded() {
        for (list, seconds) in [
            (vec![("Cache-Control", "public, max-age=600")], Some(600)),
            (vec![("Cache-Control", "Max-Age=\"600\""), ("Expires", "Sat, 21 Nov 2026 09:00:00 GMT")], Some(3600)),
            (vec![("Cache-Control", "max-age=99999999999")], Some(31 * 24 * 3600)),
            (vec![("Cache-Control", "no-cache, max-age=600")], None),
            (vec![("Cache-Control", "max-age=0"), ("Expires", "0")], None),
            (vec![("Cache-Control", "max-age=-1, max-age=x, ,=,")], None),
            (vec![], None),
        ] {
            assert_eq!(headers(&list).fresh_for(now()), seconds.map(Duration::from_secs), "{list:?}");
        }
    }
}
