//! Declared date forms, strftime-like: `%d/%m/%Y`, `%B %Y`, `%Y%m%d`. The precision is that of the form.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::Offset,
};
use monitor_model::When;

use crate::{
    dates::{Unread, epoch, sane, two_digits, wild},
    months::{is_weekday, month},
};

/// One compiled form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateForm(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    DayName,
    Hour,
    Hour12,
    Minute,
    Second,
    Half,
    Offset,
    ZoneName,
    Epoch,
    /// Milliseconds since 1970.
    Millis,
    Blank,
    Literal(char),
}

impl DateForm {
    /// Reads a form; the error names the byte and what is wrong.
    pub(crate) fn compile(text: &str) -> Result<DateForm, (usize, String)> {
        let mut parts = Vec::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_whitespace() {
                if parts.last() != Some(&Part::Blank) {
                    parts.push(Part::Blank);
                }
                continue;
            }
            if c != '%' {
                parts.push(Part::Literal(c));
                continue;
            }
            let mut spec = chars.next().map(|(_, c)| c);
            if matches!(spec, Some('-' | '_' | '0')) {
                spec = chars.next().map(|(_, c)| c); // padding: any is read
            }
            match spec {
                Some('Y' | 'G') => parts.push(Part::Year),
                Some('y') => parts.push(Part::ShortYear),
                Some('m') => parts.push(Part::Month),
                Some('b' | 'B' | 'h') => parts.push(Part::MonthName),
                Some('d' | 'e') => parts.push(Part::Day),
                Some('a' | 'A') => parts.push(Part::DayName),
                Some('H' | 'k') => parts.push(Part::Hour),
                Some('I' | 'l') => parts.push(Part::Hour12),
                Some('M') => parts.push(Part::Minute),
                Some('S') => parts.push(Part::Second),
                Some('p' | 'P') => parts.push(Part::Half),
                Some('z') => parts.push(Part::Offset),
                Some('Z') => parts.push(Part::ZoneName),
                Some('s') => parts.push(Part::Epoch),
                Some('Q') => parts.push(Part::Millis),
                Some('F') => parts.extend([Part::Year, Part::Literal('-'), Part::Month, Part::Literal('-'), Part::Day]),
                Some('D') => parts.extend([Part::Month, Part::Literal('/'), Part::Day, Part::Literal('/'), Part::ShortYear]),
                Some('T') => parts.extend([Part::Hour, Part::Literal(':'), Part::Minute, Part::Literal(':'), Part::Second]),
                Some('R') => parts.extend([Part::Hour, Part::Literal(':'), Part::Minute]),
                Some('n' | 't') => parts.push(Part::Blank),
                Some('%') => parts.push(Part::Literal('%')),
                other => {
                    let what = other.map_or_else(|| "nothing stands after %".to_owned(), |c| format!("%{c} is not known"));
                    return Err((at, format!("{what}; known are %Y %y %m %B %b %d %e %A %a %H %I %M %S %p %z %Z %s %Q %F %D %T %R")));
                }
            }
        }
        Ok(DateForm(parts))
    }

    /// Whether it says of which year it speaks.
    pub(crate) fn has_year(&self) -> bool {
        self.0.iter().any(|p| matches!(p, Part::Year | Part::ShortYear | Part::Epoch | Part::Millis))
    }

    /// Reads the text from its start; gives the date and what is left.
    fn read<'t>(&self, text: &'t str) -> Option<(When, &'t str)> {
        let mut rest = text;
        let (mut year, mut mon, mut day) = (None, None, None);
        let (mut hour, mut minute, mut second, mut pm, mut offset) = (None, 0, 0, None, None);
        for part in &self.0 {
            match part {
                Part::Blank => rest = rest.trim_start(),
                Part::Literal(c) => {
                    let first = rest.chars().next()?;
                    if first != *c && !first.to_lowercase().eq(c.to_lowercase()) {
                        return None;
                    }
                    rest = &rest[first.len_utf8()..];
                }
                Part::Year => year = Some(number(&mut rest, 4, 4)?),
                Part::ShortYear => year = Some(two_digits(number(&mut rest, 2, 2)?)),
                Part::Month => mon = Some(number(&mut rest, 1, 2)?),
                Part::Day => day = Some(number(&mut rest, 1, 2)?),
                Part::MonthName => {
                    let word = name(&mut rest);
                    mon = Some(i64::from(month(word)?));
                }
                Part::DayName => {
                    let word = name(&mut rest);
                    if !is_weekday(word) {
                        return None;
                    }
                }
                Part::Hour | Part::Hour12 => hour = Some(number(&mut rest, 1, 2)?),
                Part::Minute => minute = number(&mut rest, 1, 2)?,
                Part::Second => second = number(&mut rest, 1, 2)?,
                Part::Half => {
                    pm = Some(match name(&mut rest).to_ascii_lowercase().as_str() {
                        "am" => false,
                        "pm" => true,
                        _ => return None,
                    });
                }
                Part::ZoneName | Part::Offset => {
                    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | ':'))).unwrap_or(rest.len());
                    let (zone, left) = rest.split_at(end);
                    // The table of zones is the wild one's.
                    let When::Instant(noon) = wild(&format!("2000-01-01T12:00:00 {zone}")).ok()? else { return None };
                    offset = i32::try_from(946_728_000 - noon.as_second()).ok();
                    rest = left;
                }
                Part::Epoch | Part::Millis => {
                    let sign = rest.strip_prefix('-');
                    rest = sign.unwrap_or(rest);
                    let n = number(&mut rest, 1, 15)?;
                    let n = if *part == Part::Millis { n / 1000 } else { n };
                    return Some((epoch(if sign.is_some() { -n } else { n })?, rest));
                }
            }
        }
        let year = i16::try_from(year?).ok()?;
        let when = match (mon, day) {
            (None, None) => When::Year(year),
            (Some(m), None) if (1..=12).contains(&m) => When::Month(year, m as i8),
            (Some(m), Some(d)) => {
                let date = Date::new(year, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()?;
                // As in the wild: `…T10:15:30` without a zone is a machine's UTC.
                let machine = offset.is_none() && self.0.contains(&Part::Literal('T')) && (hour, minute, second) != (Some(0), 0, 0);
                match (hour, if machine { Some(0) } else { offset }) {
                    (Some(h), Some(o)) => {
                        let h = pm.map_or(h, |pm| h % 12 + if pm { 12 } else { 0 });
                        let time =
                            Time::new(i8::try_from(h).ok()?, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()?;
                        When::Instant(Offset::from_seconds(o).ok()?.to_timestamp(DateTime::from_parts(date, time)).ok()?)
                    }
                    _ => When::Day(date),
                }
            }
            _ => return None,
        };
        Some((when, rest))
    }
}

fn number(rest: &mut &str, least: usize, most: usize) -> Option<i64> {
    let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if n < least {
        return None;
    }
    let (digits, left) = rest.split_at(n);
    *rest = left;
    digits.parse().ok()
}

/// A name with its final dot.
fn name<'t>(rest: &mut &'t str) -> &'t str {
    let end = rest.find(|c: char| !c.is_alphabetic() && !matches!(c, '\u{301}' | '\u{302}' | '\u{308}')).unwrap_or(rest.len());
    let (word, left) = rest.split_at(end);
    *rest = left.strip_prefix('.').unwrap_or(left);
    word
}

/// The first form that fits the whole text; else the first that fits its beginning, where more text follows after a blank, a
/// comma or a bracket (`Jun 30 2000 12:00AM` for `%b %e %Y`).
pub(crate) fn read_forms(forms: &[DateForm], text: &str) -> Result<When, Unread> {
    let text = text.trim();
    let mut begun = None;
    for form in forms {
        if let Some((when, rest)) = form.read(text) {
            let rest = rest.trim_start_matches('.');
            if rest.trim().is_empty() {
                return sane(when);
            }
            let mut after = rest.chars();
            let border = match after.next() {
                Some(c) if c.is_whitespace() || matches!(c, ',' | ';' | '(' | '|') => true,
                Some('T' | 't') => after.next().is_some_and(|c| c.is_ascii_digit()),
                _ => false,
            };
            if border && begun.is_none() {
                begun = Some(when);
            }
        }
    }
    sane(begun.ok_or(Unread::Form)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_forms() {
        for (form, text, want) in [
            ("%d/%m/%Y", "21/06/2024", "2024-06-21"),
            ("%d/%m/%Y", "1/6/2024", "2024-06-01"),
            ("%m/%Y", "08/2021", "2021-08"),
            ("%Y", "2023", "2023"),
            ("%Y%m%d", "20210128", "2021-01-28"),
            ("%B %Y", "August 1987", "1987-08"),
            ("%b %e %Y", "Jun 30 2000 12:00AM", "2000-06-30"),
            ("%b %e %Y", "Jun  3 2000 12:00AM", "2000-06-03"),
            ("%d %b %Y", "14 Apr 2000", "2000-04-14"),
            ("%d %b %Y", "14 April 2000", "2000-04-14"),
            ("%d %B %Y", "5 août 2026", "2026-08-05"),
            ("%d. %B %Y", "5. März 2026", "2026-03-05"),
            ("%B %d, %Y", "May 5, 2026", "2026-05-05"),
            ("%Y-%m-%d", "2024-10-08T00:00:00", "2024-10-08"),
            ("%Y-%m-%dT%H:%M:%S%z", "2024-10-08T01:00:00+02:00", "2024-10-07T23:00:00Z"),
            ("%Y-%m-%d %H:%M:%S", "2024-10-08 01:00:00", "2024-10-08"),
            ("%Y-%m-%dT%H:%M:%S", "2024-10-08T01:00:00", "2024-10-08T01:00:00Z"),
            ("%Y-%m-%dT%H:%M:%S", "2024-10-08T00:00:00", "2024-10-08"),
            ("%d-%b-%y", "05-May-26", "2026-05-05"),
            ("%s", "1656460800", "2022-06-29T00:00:00Z"),
            ("%Q", "1656460800000", "2022-06-29T00:00:00Z"),
            ("%a, %d %b %Y %H:%M:%S %Z", "Tue, 05 May 2026 10:15:30 CEST", "2026-05-05T08:15:30Z"),
            ("%m/%d/%Y %I:%M %p", "3/26/2019  4:49 PM", "2019-03-26"),
        ] {
            let compiled = DateForm::compile(form).expect("a form");
            assert_eq!(read_forms(&[compiled], text).map(|w| w.to_string()).as_deref(), Ok(want), "{form} on {text}");
        }
    }

    #[test]
    fn forms_that_do_not_fit() {
        for (form, text) in [
            ("%Y-%m", "2009"),
            ("%Y", "2009-12"),
            ("%Y", "20091201"),
            ("%d/%m/%Y", "2024-06-21"),
            ("%d/%m/%Y", "31/02/2024"),
            ("%d %b", "5 May"),
            ("%Y-%m-%d", "1900-01-01"),
            ("%B %Y", "Smarch 2026"),
            ("%Y", ""),
        ] {
            let compiled = DateForm::compile(form).expect("a form");
            assert!(read_forms(&[compiled], text).is_err(), "{form} on {text}");
        }
        assert!(DateForm::compile("%Y-%J").is_err_and(|(at, _)| at == 3));
        assert!(DateForm::compile("%").is_err());
    }

    #[test]
    fn the_whole_is_better_than_a_beginning() {
        let forms = [DateForm::compile("%B %Y").expect("a form"), DateForm::compile("%B %Y, %d").expect("a form")];
        assert_eq!(read_forms(&forms, "May 2026, 7").map(|w| w.to_string()).as_deref(), Ok("2026-05-07"));
    }
}
