//! Time zones as dates name them: offsets, and names that have one meaning.

use jiff::tz::Offset;

use crate::months::month;

/// A piece of a date's text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tok {
    /// A number, how many digits it was written with.
    Num(i64, usize),
    Word(String),
    Sep(char),
}

/// The zone that begins at `i`: its offset (none when nobody can say, as for IST), and where it ends.
pub(crate) fn zone(toks: &[Tok], i: usize) -> Option<(Option<Offset>, usize)> {
    let (base, mut end) = match toks.get(i) {
        Some(Tok::Sep('(')) => {
            // “(CEST)”
            let Some(Tok::Word(w)) = toks.get(i + 1) else { return None };
            let close = (toks.get(i + 2) == Some(&Tok::Sep(')'))).then_some(i + 3)?;
            return Some((named(w), close));
        }
        Some(Tok::Word(w)) if month(w).is_none() => (Some(w), i + 1),
        _ => (None, i),
    };
    if base.is_none_or(|w| matches!(w.as_str(), "gmt" | "utc" | "ut"))
        && let Some(Tok::Sep(sign @ ('+' | '-'))) = toks.get(end)
        && let Some(Tok::Num(n, digits)) = toks.get(end + 1)
    {
        let (hours, minutes, stop) = match (digits, toks.get(end + 2), toks.get(end + 3)) {
            (4, ..) => (n / 100, n % 100, end + 2),
            (1 | 2, Some(Tok::Sep(':')), Some(Tok::Num(m, 2))) => (*n, *m, end + 4),
            (1 | 2, ..) => (*n, 0, end + 2),
            _ => return None,
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        let offset = Offset::from_seconds(if *sign == '-' { -seconds } else { seconds }).ok();
        return Some((offset, comment_end(toks, stop)));
    }
    let word = base?;
    let offset = named(word);
    // An unknown word is a zone only when it is short: the civil day is still sure.
    if offset.is_none() && word.len() > 5 {
        return None;
    }
    end = comment_end(toks, end);
    Some((offset, end))
}

/// Skips “(Coordinated Universal Time)” after an offset.
fn comment_end(toks: &[Tok], end: usize) -> usize {
    let open = end + usize::from(toks.get(end) == Some(&Tok::Sep(' ')));
    if toks.get(open) != Some(&Tok::Sep('(')) {
        return end;
    }
    toks[open..].iter().position(|t| *t == Tok::Sep(')')).map_or(end, |n| open + n + 1)
}

/// Zones that have one meaning only, and those that RFC 2822 fixes. IST and the like have several: none.
fn named(word: &str) -> Option<Offset> {
    let minutes = match word {
        "z" | "utc" | "ut" | "gmt" | "wet" => 0,
        "est" | "cdt" => -300,
        "edt" => -240,
        "cst" | "mdt" => -360,
        "mst" | "pdt" => -420,
        "pst" | "akdt" => -480,
        "akst" => -540,
        "hst" => -600,
        "bst" | "west" | "cet" | "mez" => 60,
        "cest" | "mesz" | "eet" | "cat" | "sast" => 120,
        "eest" | "msk" | "trt" | "eat" => 180,
        "gst" => 240,
        "pkt" => 300,
        "ict" | "wib" => 420,
        "hkt" | "sgt" | "awst" | "myt" | "pht" => 480,
        "jst" | "kst" => 540,
        "acst" => 570,
        "aest" => 600,
        "aedt" => 660,
        "nzst" => 720,
        "nzdt" => 780,
        "brt" | "art" => -180,
        _ => return None,
    };
    Offset::from_seconds(minutes * 60).ok()
}
