//! The sentences that are made by rule: stages, dates, reasons. None of them says more than its document.

use jiff::{ToSpan, civil::Date};
use monitor_model::{Document, Event, EventKind, StageCode, When};

use super::desk::{Desk, day};
use crate::{Matched, Status, What, clean::clip};

/// After so many days an Internet-Draft lapses unless it is renewed.
const LAPSE_DAYS: i64 = 185;

/// How many characters of a title a line shows.
const TITLE: usize = 240;

pub(super) fn number(number: Option<&str>) -> Option<String> {
    number.map(|n| clip(n, 80)).filter(|n| !n.is_empty())
}

/// The title; a document without one is called by its number.
pub(super) fn title(title: &str, number: Option<&str>) -> String {
    let t = clip(title, TITLE);
    if !t.is_empty() {
        return t;
    }
    number.map(|n| clip(n, 80)).filter(|n| !n.is_empty()).unwrap_or_else(|| "(no title given)".to_owned())
}

/// The title in English with the source's own beside it, where a source gives both: the name, its language, the other one.
pub(crate) fn titles(d: &Document) -> (String, Option<String>, Option<String>) {
    let main = title(&d.title, d.number.as_deref());
    let code = d.lang.as_deref().and_then(lang);
    let find = |names: &[&str]| names.iter().find_map(|n| d.extra(n)).map(|t| clip(t, TITLE)).filter(|t| !t.is_empty() && *t != main);
    let foreign = code.as_deref().is_some_and(|l| !l.starts_with("en"));
    if foreign && let Some(english) = find(&["title_en", "title-en", "english_title"]) {
        return (english, Some("en".to_owned()), Some(main));
    }
    let own = find(&[
        "title_original",
        "title-original",
        "original_title",
        "title_zh",
        "title_ko",
        "title_ja",
        "title_fr",
        "title_de",
        "title_es",
        "title_ru",
    ]);
    (main, code, own)
}

/// Whether a number is that of a person's own Internet-Draft.
pub(super) fn is_individual(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    number.starts_with("draft-") && !matches!(number.split('-').nth(1), Some("ietf" | "irtf" | "iab"))
}

/// Who issues it, from the body to its group, each said once.
pub(super) fn issuer(d: &Document) -> String {
    let body = clip(&d.body, 60);
    match d.group.as_deref().map(|g| clip(g, 80)).filter(|g| !g.is_empty()) {
        Some(group) if group.to_lowercase().starts_with(&body.to_lowercase()) => group,
        Some(group) if !body.to_lowercase().ends_with(&group.to_lowercase()) => format!("{body}, {group}"),
        _ => body,
    }
}

/// A language code that may stand in an attribute.
pub(super) fn lang(code: &str) -> Option<String> {
    let ok = (2..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    ok.then(|| code.to_ascii_lowercase())
}

/// `Q16/17` out of `16/17`, `Q16/17`, `SG17 Q16/17` …
pub(super) fn question(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').find_map(|word| {
        let (q, group) = word.trim_start_matches(['Q', 'q']).split_once('/')?;
        let number = |t: &str| !t.is_empty() && t.len() <= 3 && t.bytes().all(|b| b.is_ascii_digit());
        (number(q) && number(group)).then(|| format!("Q{q}/{group}"))
    })
}

/// The document's stage in its body's word, ours beside it, and what a reader must not take it for.
pub(super) fn status(d: &Document, today: Date) -> Status {
    let raw = d.stage.as_ref().map(|s| clip(&s.raw, 100)).unwrap_or_default();
    let code = d.stage_code();
    Status { words: stage_words(&raw, code), note: caution(d, code, today), individual: is_individual(d), raw, code }
}

fn caution(d: &Document, code: StageCode, today: Date) -> Option<String> {
    let number = d.number.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    if number.starts_with("draft-") {
        let expired = if code == StageCode::Expired { "expired " } else { "" };
        // A draft lapses after 185 days (RFC 2026 says six months); a source that states no stage does not say whether it did.
        let newest = d.published.or(d.stage.as_ref().and_then(|s| s.date)).filter(|w| !matches!(w, When::Year(_)));
        let past = code == StageCode::Unknown && newest.is_some_and(|w| w.last_day() < today.saturating_sub(LAPSE_DAYS.days()));
        let past = if past { ", past its 185 days" } else { "" };
        let kind = match number.split('-').nth(1) {
            Some("ietf") => format!("{expired}working-group Internet-Draft, not yet an RFC"),
            Some("irtf") => format!("{expired}IRTF research-group Internet-Draft, not an IETF standard"),
            Some("iab") => format!("{expired}IAB Internet-Draft, not an IETF standard"),
            _ => format!("{expired}individual Internet-Draft, not an IETF standard"),
        };
        return Some(format!("{kind}{past}"));
    }
    let body = d.body.to_ascii_uppercase();
    if body.starts_with("NIST") && matches!(code, StageCode::Draft | StageCode::Consultation | StageCode::Idea | StageCode::NewWork) {
        return Some("draft of NIST, not final".to_owned());
    }
    None
}

/// `“FDIS” (approval)`, or what to say when the body states no stage.
fn stage_words(raw: &str, code: StageCode) -> String {
    match (raw.is_empty(), code) {
        (true, StageCode::Unknown) => "stage not stated".to_owned(),
        (true, code) => format!("({code})"),
        (false, StageCode::Unknown) => format!("“{raw}”"),
        // “Deliverable published” says it itself.
        (false, code) if says(raw, code.as_str()) => format!("“{raw}”"),
        (false, code) => format!("“{raw}” ({code})"),
    }
}

/// Whether a text has a word in it, whatever its case.
fn says(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(&word.to_lowercase())
}

/// What happened, the body's word for it where that is another, and when: `published 2026-10-12 (“60.60”)`.
pub(super) fn said(what: What, raw: &str, date: &str) -> String {
    let words = what.words();
    let raw = if raw.is_empty() || raw.eq_ignore_ascii_case(words) || raw.eq_ignore_ascii_case(date) {
        String::new()
    } else {
        format!(" (“{raw}”)")
    };
    match date {
        "" => format!("{words}{raw}"),
        date if date.starts_with(words) => format!("{date}{raw}"),
        date => format!("{words}{raw}, {date}"),
    }
}

/// Which date this is.
pub(super) fn date(d: &Document, e: &Event, what: What) -> String {
    let body = clip(&d.body, 60);
    let Some(when) = e.event_date else {
        return match e.kind {
            EventKind::Added => format!("first seen {}; {body} gives no date", day(e.first_seen)),
            _ => format!("change seen {}; {body} gives no date", day(e.at)),
        };
    };
    let at_stage = d.stage.as_ref().and_then(|s| s.date) == Some(when);
    let word = match what {
        What::Published => "published",
        What::Withdrawn => "withdrawn",
        What::Expired => "expired",
        What::Superseded | What::Gone => "dated",
        _ if e.kind == EventKind::Stage || at_stage => "stage reached",
        _ => "dated",
    };
    format!("{word} {}", when_words(when))
}

pub(super) fn when_words(w: When) -> String {
    match w {
        When::Instant(t) => day(t).to_string(),
        w => w.to_string(),
    }
}

/// A deadline as printed: an instant keeps its time, a day has no time zone unless the body gave one.
pub(super) fn deadline_words(w: When) -> String {
    match w {
        When::Instant(t) => format!("{} {} UTC", day(t), t.strftime("%H:%M")),
        w => w.to_string(),
    }
}

/// The terms that made the document relevant, one for each of its first topics: the tagger names the best one first.
pub(super) fn matched(d: &Document) -> Vec<Matched> {
    let rank = |field: &str| match field {
        "title" => 0,
        "summary" => 1,
        _ => 2,
    };
    let best =
        |list: &[monitor_model::Evidence]| list.iter().min_by_key(|e| rank(&e.field)).map(|e| (clip(&e.term, 60), clip(&e.field, 20)));
    let mut found: Vec<Matched> = d
        .topics
        .iter()
        .filter_map(|t| best(&t.evidence).map(|(term, field)| Matched { term, field, topic: Some(t.id.clone()) }))
        .take(3)
        .collect();
    if found.is_empty() {
        found = d.why.iter().take(2).map(|e| Matched { term: clip(&e.term, 60), field: clip(&e.field, 20), topic: None }).collect();
    }
    found
}

/// Why a reader sees the line.
pub(super) fn why(desk: &Desk, matched: &[Matched]) -> String {
    if matched.is_empty() {
        return "judged relevant by a person or by its source; no term recorded".to_owned();
    }
    let parts: Vec<String> = matched
        .iter()
        .take(2)
        .map(|m| {
            let field = if m.field.is_empty() { "text" } else { &m.field };
            match &m.topic {
                Some(t) => format!("“{}” in the {field} → {}", m.term, desk.label(t.as_str())),
                None => format!("“{}” in the {field}", m.term),
            }
        })
        .collect();
    format!("matched {}", parts.join("; "))
}

/// `reported by …, not confirmed` for what no primary source shows.
pub(super) fn unconfirmed(reported_by: &str, body: &str) -> Option<String> {
    (!reported_by.is_empty()).then(|| format!("reported by {reported_by}, not confirmed by {}", clip(body, 60)))
}

/// A number with its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
