//! Wild dates: our own reading of what pages and feeds write, with the precision that they give.
//!
//! Nothing is guessed: a time without a zone leaves the civil day (but a machine's `2026-05-05T10:15:30` is UTC), a text that has a part nobody knows is not a date, day-first
//! is read except where the text itself says otherwise (AM/PM, a second number above 12).

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};
use monitor_model::When;

use crate::{
    months::{is_weekday, month, roman},
    zones::{Tok, zone},
};

/// Why a text gives no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Nobody knows this form.
    Form,
    /// A date that databases write for “none” (1900-01-01, 0001-01-01, 1970-01-01), or outside 1850-2200.
    Range,
}

/// Reads a date of any known form.
pub(crate) fn wild(text: &str) -> Result<When, Unread> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return Err(Unread::Form);
    }
    sane(read(text).ok_or(Unread::Form)?)
}

/// Refuses what cannot be the date of a document.
pub(crate) fn sane(when: When) -> Result<When, Unread> {
    let day = when.first_day();
    let null = when.precision() >= 2 && matches!((day.year(), day.month(), day.day()), (1 | 1900 | 1970, 1, 1));
    if null || !(1850..=2200).contains(&day.year()) { Err(Unread::Range) } else { Ok(when) }
}

fn read(text: &str) -> Option<When> {
    if let Some(cjk) = cjk(text) {
        return cjk;
    }
    let mut toks = tokens(text)?;
    if let [Tok::Num(n, digits)] = toks[..] {
        return single(n, digits);
    }
    drop_words(&mut toks);
    let clock = take_clock(&mut toks)?;
    let us = clock.as_ref().is_some_and(|c| c.twelve);
    match civil(&toks, us)? {
        When::Day(day) => match clock {
            Some(Clock { time, day_over, offset: Some(offset), .. }) => {
                let day = if day_over { day.tomorrow().ok()? } else { day };
                let at = DateTime::from_parts(day, time);
                Some(When::Instant(offset.to_timestamp(at).ok()?))
            }
            _ => Some(When::Day(day)),
        },
        // A clock beside a month is not a date.
        other if clock.is_none() => Some(other),
        _ => None,
    }
}

/// `20260505`, `202605`, `2026`, `20260505101500`, seconds or milliseconds since 1970.
fn single(n: i64, digits: usize) -> Option<When> {
    let ymd = |n: i64| Date::new((n / 10_000) as i16, ((n / 100) % 100) as i8, (n % 100) as i8).ok();
    match digits {
        4 => Some(When::Year(n as i16)),
        6 if (1..=12).contains(&(n % 100)) => Some(When::Month((n / 100) as i16, (n % 100) as i8)),
        8 => ymd(n).map(When::Day),
        14 => ymd(n / 1_000_000).map(When::Day),
        10 => epoch(n),
        13 => epoch(n / 1000),
        _ => None,
    }
}

/// Seconds since 1970.
pub(crate) fn epoch(seconds: i64) -> Option<When> {
    Timestamp::from_second(seconds).ok().map(When::Instant)
}

/// `2026年5月5日`, `2026년 5월 5일`, with or without a day. Outer none: not of this form.
fn cjk(text: &str) -> Option<Option<When>> {
    if !text.contains(['年', '년']) {
        return None;
    }
    let mut found: [Option<i64>; 3] = [None; 3];
    let mut number = String::new();
    for c in text.chars() {
        let c = plain_digit(c);
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let place = match c {
            '年' | '년' => 0,
            '月' | '월' => 1,
            '日' | '일' | '号' => 2,
            _ => continue,
        };
        found[place] = number.parse().ok();
        number.clear();
    }
    let number = |i: usize| found[i].and_then(|n| i16::try_from(n).ok());
    let small = |i: usize| found[i].and_then(|n| i8::try_from(n).ok());
    Some(match (number(0), small(1), small(2)) {
        (Some(y), Some(m), Some(d)) => Date::new(y, m, d).ok().map(When::Day),
        (Some(y), Some(m), None) if (1..=12).contains(&m) => Some(When::Month(y, m)),
        (Some(y), None, None) => Some(When::Year(y)),
        _ => None,
    })
}

fn plain_digit(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (c as u32 - 0xff10) as u8),
        // Arabic, and Persian
        '\u{660}'..='\u{669}' => char::from(b'0' + (c as u32 - 0x660) as u8),
        '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (c as u32 - 0x6f0) as u8),
        c => c,
    }
}

fn tokens(text: &str) -> Option<Vec<Tok>> {
    let mut out = Vec::new();
    let mut chars = text.chars().map(plain_digit).peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            let mut n = i64::from(c as u32 - 48);
            let mut digits = 1;
            while let Some(d) = chars.next_if(char::is_ascii_digit) {
                n = n.checked_mul(10)?.checked_add(i64::from(d as u32 - 48))?;
                digits += 1;
            }
            out.push(Tok::Num(n, digits));
        } else if c.is_alphabetic() || c == '\u{301}' {
            let mut word: String = c.to_lowercase().collect();
            while let Some(l) = chars.next_if(|l| l.is_alphabetic() || matches!(l, '\u{301}' | '\u{302}' | '\u{308}')) {
                word.extend(l.to_lowercase());
            }
            out.push(Tok::Word(word));
        } else {
            out.push(Tok::Sep(match c {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                c if c.is_whitespace() || c == '\u{200b}' => ' ',
                c => c,
            }));
        }
    }
    out.dedup_by(|a, b| *a == Tok::Sep(' ') && *b == Tok::Sep(' '));
    Some(out)
}

/// Days of the week, ordinal endings, articles, and a label in front say nothing about the date.
fn drop_words(toks: &mut Vec<Tok>) {
    let filler = |w: &str| {
        is_weekday(w)
            || matches!(
                w,
                "st" | "nd"
                    | "rd"
                    | "th"
                    | "er"
                    | "ère"
                    | "º"
                    | "ª"
                    | "de"
                    | "del"
                    | "of"
                    | "the"
                    | "le"
                    | "den"
                    | "am"
                    | "on"
                    | "at"
                    | "um"
                    | "uhr"
                    | "à"
                    | "published"
                    | "updated"
                    | "approved"
                    | "posted"
                    | "last"
                    | "date"
                    | "publication"
                    | "du"
                    | "г"
                    | "года"
                    | "di"
                    | "il"
            )
    };
    let keep: Vec<bool> = toks
        .iter()
        .enumerate()
        .map(|(i, t)| match t {
            // `am` is German before a date and the first half of the day after a clock.
            Tok::Word(w) if w == "am" => toks[..i].iter().any(|t| matches!(t, Tok::Num(..))),
            Tok::Word(w) => !filler(w),
            _ => true,
        })
        .collect();
    let mut i = 0;
    toks.retain(|_| {
        i += 1;
        keep[i - 1]
    });
}

struct Clock {
    time: Time,
    /// 24:00, the end of the day.
    day_over: bool,
    /// Written with AM or PM: an American text.
    twelve: bool,
    offset: Option<Offset>,
}

/// Takes the time of day and its zone out of the tokens. Outer none: what stands there cannot be a time.
fn take_clock(toks: &mut Vec<Tok>) -> Option<Option<Clock>> {
    let Some(at) =
        (0..toks.len()).find(|i| matches!(toks[*i..], [Tok::Num(_, 1..=2), Tok::Sep(':'), Tok::Num(_, 2), ..]) || is_h_clock(&toks[*i..]))
    else {
        return Some(None);
    };
    let num = |i: usize| match toks.get(i) {
        Some(Tok::Num(n, _)) => Some(*n),
        _ => None,
    };
    let (mut hour, minute, mut second) = (num(at)?, num(at + 2)?, 0);
    let mut end = at + 3;
    if toks.get(end) == Some(&Tok::Sep(':')) {
        second = num(end + 1)?;
        end += 2;
        if matches!(toks.get(end), Some(Tok::Sep('.' | ','))) && matches!(toks.get(end + 1), Some(Tok::Num(..))) {
            end += 2;
        }
    }
    let mut twelve = false;
    let skip = |end: usize| end + usize::from(toks.get(end) == Some(&Tok::Sep(' ')));
    let half = skip(end);
    let (pm, after) = match toks.get(half) {
        Some(Tok::Word(w)) if w == "am" => (Some(false), half + 1),
        Some(Tok::Word(w)) if w == "pm" => (Some(true), half + 1),
        Some(Tok::Word(w)) if w == "a" || w == "p" => match toks.get(half + 1..half + 4) {
            Some([Tok::Sep('.'), Tok::Word(m), Tok::Sep('.')]) if m == "m" => (Some(w == "p"), half + 4),
            _ => (None, end),
        },
        _ => (None, end),
    };
    if let Some(pm) = pm {
        if !(1..=12).contains(&hour) {
            return None;
        }
        twelve = true;
        end = after;
        hour = hour % 12 + if pm { 12 } else { 0 };
    }
    let (offset, end) = zone(toks, skip(end)).map_or((None, end), |(o, e)| (Some(o), e));
    let day_over = hour == 24 && minute == 0 && second == 0;
    let time = Time::new(
        if day_over { 0 } else { i8::try_from(hour).ok()? },
        i8::try_from(minute).ok()?,
        i8::try_from(second.min(if second == 60 { 59 } else { second })).ok()?,
        0,
    )
    .ok()?;
    // `2026-05-05T10:00`: the T goes with the time.
    let from = match at.checked_sub(1).map(|i| &toks[i]) {
        Some(Tok::Word(t)) if t == "t" => at - 1,
        _ => at,
    };
    toks.splice(from..end, [Tok::Sep(' ')]);
    // A machine that writes `2026-05-05T10:15:30` and no zone means UTC (datatracker does); midnight is only a day.
    let bare = from < at && offset.is_none() && (time != Time::midnight());
    let offset = if bare { Some(Offset::UTC) } else { offset.flatten() };
    Some(Some(Clock { time, day_over, twelve, offset }))
}

/// `10h15`
fn is_h_clock(toks: &[Tok]) -> bool {
    matches!(toks, [Tok::Num(_, 1..=2), Tok::Word(h), Tok::Num(_, 2), ..] if h == "h")
}

/// The date among what is left.
fn civil(toks: &[Tok], us: bool) -> Option<When> {
    if let Some(date) = with_roman(toks) {
        return Some(date);
    }
    let mut nums: Vec<(i64, usize)> = Vec::new();
    let mut named: Option<(i8, usize)> = None;
    let mut seps: Vec<char> = Vec::new();
    for t in toks {
        match t {
            Tok::Num(n, d) => nums.push((*n, *d)),
            Tok::Word(w) => {
                if named.is_some() {
                    return None;
                }
                named = Some((month(w)?, nums.len()));
            }
            Tok::Sep(c @ ('/' | '-' | '.')) => seps.push(*c),
            // Whatever else stands there (blanks, commas, the colon of a label) separates.
            Tok::Sep(' ' | ',' | ':' | '\'' | '\u{2019}' | ';') => {}
            Tok::Sep(_) => return None,
        }
    }
    if let Some((month, before)) = named {
        return with_name(month, before, &nums);
    }
    match nums[..] {
        [(y, 4), (m, 1..=2), (d, 1..=2)] => day(y, m, d),
        [(a, 1..=2), (b, 1..=2), (y, 4)] if !seps.is_empty() => ordered(a, b, y, us),
        [(a, 1..=2), (b, 1..=2), (y, 2)] if seps.first().is_some_and(|s| *s != '-') => ordered(a, b, two_digits(y), us),
        [(m, 1..=2), (y, 4)] | [(y, 4), (m, 1..=2)] if !seps.is_empty() && (1..=12).contains(&m) => Some(When::Month(y as i16, m as i8)),
        [(y, 4)] => Some(When::Year(y as i16)),
        [(n, 8)] => single(n, 8),
        _ => None,
    }
}

/// `3.XI.2026`, `3 XI 2026`, `3/XI/2026`
fn with_roman(toks: &[Tok]) -> Option<When> {
    let said: Vec<&Tok> = toks.iter().filter(|t| !matches!(t, Tok::Sep(' '))).collect();
    let (d, word, y) = match said[..] {
        [Tok::Num(d, 1..=2), Tok::Sep(a @ ('.' | '/' | '-')), Tok::Word(w), Tok::Sep(b), Tok::Num(y, 4)] if a == b => (d, w, y),
        [Tok::Num(d, 1..=2), Tok::Word(w), Tok::Num(y, 4)] => (d, w, y),
        _ => return None,
    };
    day(*y, i64::from(roman(word)?), *d)
}

/// `before` numbers stand before the month's name.
fn with_name(month: i8, before: usize, nums: &[(i64, usize)]) -> Option<When> {
    let month = i64::from(month);
    match (before, nums) {
        (1, [(d, 1..=2), (y, 4)]) | (0, [(d, 1..=2), (y, 4)]) | (1 | 2, [(y, 4), (d, 1..=2)]) => day(*y, month, *d),
        (1, [(d, 1..=2), (y, 2)]) | (0, [(d, 1..=2), (y, 2)]) => day(two_digits(*y), month, *d),
        (0 | 1, [(y, 4)]) => Some(When::Month(*y as i16, month as i8)),
        _ => None,
    }
}

fn ordered(a: i64, b: i64, y: i64, us: bool) -> Option<When> {
    if us || (b > 12 && a <= 12) { day(y, a, b).or_else(|| day(y, b, a)) } else { day(y, b, a) }
}

fn day(y: i64, m: i64, d: i64) -> Option<When> {
    Date::new(i16::try_from(y).ok()?, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok().map(When::Day)
}

/// POSIX: 69-99 are of the last century.
pub(crate) fn two_digits(y: i64) -> i64 {
    if y >= 69 { 1900 + y } else { 2000 + y }
}

#[cfg(test)]
mod tests;
