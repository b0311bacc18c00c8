//! The sentences that are made by rule: stages, dates, reasons. None of them says more than its document.

use jiff::civil::Date;
pub(super) use monitor_landscape::is_individual_draft as is_individual;
use monitor_landscape::is_internet_draft;
use monitor_model::{Document, Event, EventKind, When};

use super::{
    desk::{Desk, day},
    stage,
};
use crate::{Matched, Status, What, clean::clip};

/// How many characters of a title in another language a line shows.
const TITLE: usize = 240;

/// The title in English with the source's own beside it, where a source gives both: the name, its language, the other one.
pub(crate) fn titles(d: &Document) -> (String, Option<String>, Option<String>) {
    let main = super::name::title(d);
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

/// The Question that a document's own page names.
pub(super) fn named_question(d: &Document) -> Option<String> {
    [d.extra("question"), d.group.as_deref()].into_iter().flatten().find_map(question)
}

/// `Q16/17` out of `16/17`, `Q16/17`, `SG17 Q16/17` …
pub(super) fn question(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').find_map(|word| {
        let (q, group) = word.trim_start_matches(['Q', 'q']).split_once('/')?;
        let number = |t: &str| !t.is_empty() && t.len() <= 3 && t.bytes().all(|b| b.is_ascii_digit());
        (number(q) && number(group)).then(|| format!("Q{q}/{group}"))
    })
}

/// What happened, the body's word for it where that is another, and when: `published 2026-10-12 (“60.60”)`.
pub(super) fn said(what: What, status: &Status, date: &str) -> String {
    // A public draft says whether anybody takes comments on it still.
    let words = match what {
        What::PublicDraft if status.words.contains("not stated") => "public draft, comment date not stated",
        What::PublicDraft => "public draft, comment period closed",
        what => what.words(),
    };
    let raw = status.raw.as_str();
    // The name of a bare code stands beside it.
    let named = status.words.strip_prefix(&format!("“{raw}” (")).filter(|_| raw.starts_with(|c: char| c.is_ascii_digit()));
    let raw = match named.and_then(|n| n.strip_suffix(')')) {
        _ if raw.is_empty() || raw.eq_ignore_ascii_case(words) || raw.eq_ignore_ascii_case(date) => String::new(),
        Some(name) if what != What::PublicDraft => format!(" (“{raw}”: {name})"),
        _ => format!(" (“{raw}”)"),
    };
    match date {
        "" => format!("{words}{raw}"),
        date if date.starts_with(words) => format!("{date}{raw}"),
        date => format!("{words}{raw}, {date}"),
    }
}

/// Which date this is.
pub(super) fn date(d: &Document, e: &Event, what: What, today: Date) -> String {
    let body = clip(&d.body, 60);
    // The day that a list gives beside an expired draft is mostly that of its last version.
    if what == What::Expired && is_internet_draft(d) && (e.event_date.is_none() || e.event_date == d.published) {
        return match (stage::lapsed_on(d, today), d.published) {
            (Some(on), Some(published)) => format!("expired {on} (185 days after {})", when_words(published)),
            // We saw it happen, and no draft of that day can have lapsed yet: it is the day of the step.
            (None, _) if e.kind == EventKind::Stage && e.event_date.is_some() => {
                format!("expired {}", e.event_date.map(when_words).unwrap_or_default())
            }
            _ => "expired, date not given".to_owned(),
        };
    }
    let Some(when) = e.event_date else {
        return match e.kind {
            EventKind::Added => format!("first seen {}; {body} gives no date", day(e.first_seen)),
            _ => format!("change seen {}; {body} gives no date", day(e.at)),
        };
    };
    let at_stage = d.stage.as_ref().and_then(|s| s.date) == Some(when);
    // Somebody looked on that day: when the stage was reached nobody says.
    let looked = d.stage.as_ref().is_some_and(|s| s.raw.to_lowercase().contains(&format!("as of {}", when_words(when))));
    let word = match what {
        _ if looked => "as of",
        What::Published => "published",
        What::Withdrawn => "withdrawn",
        What::Expired => "expired",
        What::Letter => "sent",
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
