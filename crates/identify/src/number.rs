use monitor_model::Identified;

use crate::{
    Bodies,
    clean::{clean, former},
};

/// Longer texts are no numbers; a cap keeps hostile input cheap.
const LONGEST: usize = 240;

/// Words before a number that say nothing about whose number it is.
const NOISE: [&str; 9] =
    ["FINAL DRAFT ", "DRAFT NEW ", "DRAFT REVISED ", "DRAFT ", "PREPUBLISHED ", "RECOMMENDATION ", "REC. ", "NEW ", "REVISED "];

/// Reads a document number. `body` is what the source says; a body that the number itself names goes first.
///
/// What cannot be read gives `document: None` and a reason.
pub fn identify(bodies: &Bodies, body: Option<&str>, number: &str) -> Identified {
    let text = if number.len() <= LONGEST * 4 { clean(number) } else { "".into() };
    if text.is_empty() || text.len() > LONGEST {
        let why = if number.trim().is_empty() { "no number" } else { "too long for a document number" };
        return Identified { reason: Some(why.to_owned()), ..Identified::default() };
    }
    let given = body.map(|b| bodies.candidates(b)).unwrap_or_default();
    if let Some(found) = read(bodies, given, &text) {
        return found;
    }
    // `XSTR.AISec (ex TR.AISec)` is known by its name of today, `DTS/SAI-0027 (TS 104 158-2)` by the number in brackets
    let (now, was) = former(&text);
    if was.is_some()
        && let Some(found) = read(bodies, given, now)
    {
        return found;
    }
    // `X.509 | ISO/IEC 9594-8` is one text under two numbers: known by that of the body that shows it
    if text.contains('|') {
        let whose: Vec<&str> = given.iter().map(|&i| bodies.at(i).id.as_str()).collect();
        let mut twins = text.split('|').take(4).filter_map(|piece| read(bodies, given, piece.trim())).collect::<Vec<_>>();
        let own = twins.iter().position(|t| t.body.as_deref().is_some_and(|b| whose.contains(&b))).unwrap_or(0);
        if own < twins.len() {
            return twins.swap_remove(own);
        }
    }
    if let Some((head, rest)) = text.split_once(" (")
        && let Some(inner) = rest.strip_suffix(')')
    {
        // a work item is known by the number that it got; `RFC 9334 (BCP 240)` is known by its own
        let own = read(bodies, given, head);
        let provisional = own.as_ref().is_none_or(is_work_item);
        let by_note = if provisional && inner.contains(' ') { read(bodies, given, inner) } else { None };
        if let Some(found) = by_note.or(own) {
            return found;
        }
    }
    let whose = given.first().map_or_else(|| body.unwrap_or("any body").to_owned(), |&i| bodies.at(i).id.clone());
    Identified { reason: Some(format!("no number table of {whose} reads “{text}”")), ..Identified::default() }
}

/// Reads a number that says little without the group that its source names: `TD 1234` of SG17.
pub(crate) fn of_group(bodies: &Bodies, body: &str, group: &str, number: &str) -> Option<Identified> {
    if number.len() > LONGEST || group.len() > LONGEST {
        return None;
    }
    let text = format!("{}-{}", clean(group), clean(number));
    let of = bodies.candidates(body);
    of.iter().find_map(|&i| {
        let body = bodies.at(i);
        body.tables.iter().filter(|t| t.grouped).find_map(|t| t.read(&text, &body.id, &body.slug))
    })
}

fn is_work_item(found: &Identified) -> bool {
    let last = found.document.as_ref().and_then(|d| d.as_str().rsplit_once('/')).map_or("", |(_, last)| last);
    last.starts_with("wi-") || last.starts_with("isn-")
}

fn read(bodies: &Bodies, given: &[usize], text: &str) -> Option<Identified> {
    announced(bodies, text, 3)
        .or_else(|| given.iter().find_map(|&i| by_body(bodies, i, text)))
        .or_else(|| denoised(text).and_then(|rest| given.iter().find_map(|&i| by_body(bodies, i, rest))))
        .or_else(|| open(bodies, text))
}

/// The number names its body: `ETSI TS …`, `ISO/IEC …`, `draft-…`.
fn announced(bodies: &Bodies, text: &str, depth: u8) -> Option<Identified> {
    for word in bodies.announces() {
        let Some(rest) = strip_word(text, &word.word) else { continue };
        let rest = if word.cut { rest.trim_start_matches([' ', ':', '.', '-', '_']) } else { text };
        if let Some(found) = by_body(bodies, word.body, rest) {
            return Some(found);
        }
        if word.cut
            && let Some(found) = denoised(rest).and_then(|r| by_body(bodies, word.body, r))
        {
            return Some(found);
        }
    }
    if depth == 0 {
        return None;
    }
    announced(bodies, denoised(text)?, depth - 1)
}

fn denoised(text: &str) -> Option<&str> {
    NOISE.iter().find_map(|w| text.get(..w.len()).filter(|h| h.eq_ignore_ascii_case(w)).map(|_| text[w.len()..].trim_start()))
}

/// The text after the word, if the word stands there whole.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.as_bytes().get(..word.len())?;
    if !head.eq_ignore_ascii_case(word.as_bytes()) {
        return None;
    }
    let rest = text.get(word.len()..)?;
    let whole = !word.ends_with(|c: char| c.is_ascii_alphanumeric()) || !rest.starts_with(|c: char| c.is_alphanumeric());
    // `ECMA262`, `RFC9999`, `NISTIR8278`: digits may follow at once
    (whole || (word.ends_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with(|c: char| c.is_ascii_digit()))).then_some(rest)
}

fn by_body(bodies: &Bodies, index: usize, text: &str) -> Option<Identified> {
    let body = bodies.at(index);
    body.tables.iter().find_map(|t| t.read(text, &body.id, &body.slug))
}

/// Forms that nobody else uses.
fn open(bodies: &Bodies, text: &str) -> Option<Identified> {
    bodies
        .bodies()
        .iter()
        .flat_map(|b| b.tables.iter().filter(|t| t.open).map(move |t| (b, t)))
        .find_map(|(b, t)| t.read(text, &b.id, &b.slug))
}
