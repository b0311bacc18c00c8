//! Where a document stands, in its body's words, and what a reader must not take it for. Never more than is so on the day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_landscape::{has_lapsed, is_internet_draft, lapses_on};
use monitor_model::{Document, EvidenceLevel, StageCode, When};

use super::{sorts, words};
use crate::{
    Status,
    clean::{clip, clip_words},
    edition::COMMENTS_CLOSED,
};

/// How long a stage's own words may be.
const RAW: usize = 110;
/// The same, whole, in files for programs.
const STATED: usize = 600;

/// Whether somebody may still comment on a public draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comment {
    /// Until then.
    Open(When),
    /// Not any more.
    Closed,
    /// Nobody says until when.
    Unstated,
}

/// For a document that its body put out for comment: whether it is still open on `today`.
pub(super) fn comment(d: &Document, today: Date) -> Option<Comment> {
    if d.stage_code() != StageCode::Consultation {
        return None;
    }
    let raw = d.stage.as_ref().map(|s| s.raw.to_lowercase()).unwrap_or_default();
    let closed = raw.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "closed" | "ended" | "over"));
    Some(match until(d) {
        _ if closed => Comment::Closed,
        Some(w) if w.last_day() >= today => Comment::Open(w),
        Some(_) => Comment::Closed,
        None => Comment::Unstated,
    })
}

/// The day until which comments are taken: the document's own field, or what the words of its stage say.
pub(super) fn until(d: &Document) -> Option<When> {
    let raw = d.stage.as_ref().filter(|s| s.code == StageCode::Consultation).map(|s| s.raw.as_str());
    d.deadline.or_else(|| raw.and_then(end_in))
}

/// The date after “to”, “until”, “by” or “deadline”: a date alone may be that of the beginning.
fn end_in(raw: &str) -> Option<When> {
    let words: Vec<&str> =
        raw.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | ':')).filter(|w| !w.is_empty()).collect();
    let ends = ["to", "until", "till", "by", "deadline", "closes", "close"];
    let day = |w: &str| w.parse::<Date>().ok().map(When::Day);
    words.windows(2).rev().find_map(|w| ends.contains(&w[0].to_lowercase().as_str()).then(|| day(w[1])).flatten())
}

/// The stage as it is on `today`: a draft that a later list calls expired had not lapsed before its day.
pub(super) fn code(d: &Document, today: Date) -> StageCode {
    match d.stage_code() {
        StageCode::Expired if is_alive_yet(d, today) => StageCode::Draft,
        // Who asks for a session proposes work: no body has taken it up (RFC 5434).
        StageCode::NewWork if d.number.as_deref().is_some_and(|n| n.trim().to_lowercase().starts_with("bofreq-")) => StageCode::Idea,
        StageCode::Unknown if is_published_by_number(d) => StageCode::Published,
        // Its name alone says that it is a draft (RFC 2026, 2.2).
        StageCode::Unknown if is_internet_draft(d) => StageCode::Draft,
        code => code,
    }
}

/// Whether the number alone says that the text is out: ETSI gives a version from V1.1.1 on together with a month to deliverables that
/// it publishes (ETSI Drafting Rules, EDR, clause on the title page); drafts bear V0.y.z, and those in approval end in 0.
fn is_published_by_number(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default();
    let version = number.split_whitespace().find_map(|w| w.strip_prefix('V')).unwrap_or_default();
    let parts: Vec<u32> = version.split('.').map_while(|p| p.parse().ok()).collect();
    let month = number.trim_end().strip_suffix(')').and_then(|n| n.rsplit_once('(')).map(|(_, m)| m);
    let dated = month.is_some_and(|m| m.len() == 7 && m.parse::<When>().is_ok());
    d.body == "ETSI" && is_silent(d) && dated && matches!(parts[..], [major, _, minor] if major >= 1 && minor >= 1)
}

/// Whether nobody said anything of the document's stage.
pub(super) fn is_silent(d: &Document) -> bool {
    d.stage.as_ref().is_none_or(|s| s.raw.trim().is_empty())
}

fn is_alive_yet(d: &Document, today: Date) -> bool {
    let dated = d.stage.as_ref().is_some_and(|s| s.date.is_some() && s.date != d.published);
    d.stage_code() == StageCode::Expired && d.evidence != EvidenceLevel::Primary && !dated && lapses_on(d).is_some_and(|on| on >= today)
}

/// When an Internet-Draft lapsed, if that can be said: a published day is not the day on which it expired.
pub(super) fn lapsed_on(d: &Document, today: Date) -> Option<Date> {
    lapses_on(d).filter(|on| *on <= today)
}

/// The document's stage in its body's word, ours beside it, and what a reader must not take it for.
pub(super) fn status(d: &Document, today: Date, names: &BTreeMap<String, String>) -> Status {
    let code = code(d, today);
    // What it will be called later is not its word of today.
    let stated = d.stage.as_ref().filter(|_| !is_alive_yet(d, today)).map(|s| s.raw.as_str()).unwrap_or_default();
    let (raw, notes) = noteless(stated);
    let raw = clip_words(&raw, RAW);
    let comment = comment(d, today);
    let words = match comment {
        Some(c) => comment_words(&raw, c),
        // Its name says so, and nobody stated more.
        None if raw.is_empty() && is_internet_draft(d) && code == StageCode::Draft => "Internet-Draft".to_owned(),
        None => stage_words(&raw, code, names),
    };
    let lapsed = has_lapsed(d, today);
    // What nobody can comment on any more is not out for comment, whatever its stage was called.
    let code = match comment {
        Some(Comment::Closed) if sorts::is_announcement(d) => StageCode::Unknown,
        Some(Comment::Closed) => StageCode::Draft,
        _ => code,
    };
    let noted = (!notes.is_empty()).then(|| format!("noted with it: {}", clip_words(&notes.join("; "), RAW)));
    let note = caution(d, code, lapsed, today).into_iter().chain(noted).reduce(|a, b| format!("{a}; {b}"));
    Status { words, note, individual: words::is_individual(d), lapsed, stated: clip(stated, STATED), raw, code }
}

/// What stands where a collector's note was left out.
const LEFT_OUT: &str = "…";

/// The body's words without what whoever collected them noted among them (that a field was blank, or when it was looked at), and these
/// notes. Where something was left out stands a mark.
fn noteless(raw: &str) -> (String, Vec<String>) {
    let is_note = |part: &str| {
        let part = part.to_lowercase();
        ["not seen", "blank", "as seen", "snapshot", "not shown", "not given", "in the identifier"].iter().any(|w| part.contains(w))
    };
    if !is_note(raw) {
        return (raw.trim().to_owned(), Vec::new());
    }
    let (before, bracket) = raw.split_once('(').map_or((raw, ""), |(a, b)| (a, b.trim_end().trim_end_matches(')')));
    let parts = |text: &str| text.split(';').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect::<Vec<String>>();
    let kept = |text: &str| {
        let mut list: Vec<String> = parts(text).into_iter().map(|p| if is_note(&p) { LEFT_OUT.to_owned() } else { p }).collect();
        list.dedup();
        match list.iter().any(|p| p != LEFT_OUT) {
            true => list.join("; ").replace(&format!("; {LEFT_OUT}"), &format!(" {LEFT_OUT}")),
            false => String::new(),
        }
    };
    let notes = parts(before).into_iter().chain(parts(bracket)).filter(|p| is_note(p)).collect();
    let (said, aside) = (kept(before), kept(bracket));
    let text = match (said.is_empty(), aside.is_empty()) {
        (true, _) => String::new(),
        (false, false) => format!("{said} ({aside})"),
        (false, true) if bracket.is_empty() || said.ends_with(LEFT_OUT) => said,
        (false, true) => format!("{said} {LEFT_OUT}"),
    };
    (text, notes)
}

fn caution(d: &Document, code: StageCode, lapsed: bool, today: Date) -> Option<String> {
    if is_internet_draft(d) {
        let number = d.number.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
        let expired = if code == StageCode::Expired { "expired " } else { "" };
        let life = match lapses_on(d) {
            Some(on) if lapsed => format!(", past its 185 days ({on}) unless renewed"),
            Some(on) if is_alive_yet(d, today) => format!(", lapses {on} unless renewed"),
            _ => String::new(),
        };
        let kind = match number.split('-').nth(1) {
            Some("ietf") => "working-group Internet-Draft, not yet an RFC",
            Some("irtf") => "IRTF research-group Internet-Draft, not an IETF standard",
            Some("iab") => "IAB Internet-Draft, not an IETF standard",
            _ => "individual Internet-Draft, not an IETF standard",
        };
        return Some(format!("{expired}{kind}{life}"));
    }
    let body = d.body.to_ascii_uppercase();
    if body.starts_with("NIST")
        && !sorts::is_announcement(d)
        && matches!(code, StageCode::Draft | StageCode::Consultation | StageCode::Idea | StageCode::NewWork)
    {
        return Some("draft of NIST, not final".to_owned());
    }
    None
}

/// A public draft: open only with a day ahead.
fn comment_words(raw: &str, c: Comment) -> String {
    let said = match c {
        Comment::Open(w) => format!("open for comment until {}", words::deadline_words(w)),
        Comment::Closed if raw.to_lowercase().contains("closed") => return format!("“{raw}”"),
        Comment::Closed => COMMENTS_CLOSED.to_owned(),
        Comment::Unstated => "public draft, comment date not stated".to_owned(),
    };
    if raw.is_empty() { format!("({said})") } else { format!("“{raw}” ({said})") }
}

/// `“FDIS” (approval)`, or what to say when the body states no stage. A bare code gets its body's name for it.
fn stage_words(raw: &str, code: StageCode, names: &BTreeMap<String, String>) -> String {
    let named = names.get(raw.trim()).map(|n| n.trim_start_matches(raw.trim()).trim()).filter(|n| !n.is_empty());
    match (raw.is_empty(), code, named) {
        (_, _, Some(name)) => format!("“{raw}” ({name})"),
        (true, StageCode::Unknown, _) => "stage not stated".to_owned(),
        (true, code, _) => format!("({code})"),
        (false, StageCode::Unknown, _) => format!("“{raw}”"),
        // “Deliverable published” says it itself.
        (false, code, _) if raw.to_lowercase().contains(code.as_str()) => format!("“{raw}”"),
        (false, code, _) => format!("“{raw}” ({code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_comment_period_is_found_in_the_words_of_a_stage() {
        for (raw, want) in [
            ("comment period 2026-01-08 to 2026-03-09, closed", Some("2026-03-09")),
            ("public comments 2025-01-26 to 2025-02-21", Some("2025-02-21")),
            ("open until 2026-12-01", Some("2026-12-01")),
            ("working-draft consultation launched 2025-12-09", None),
            ("public enquiry (stage 40) since Oct 2025", None),
            ("", None),
        ] {
            assert_eq!(end_in(raw).map(|w| w.to_string()).as_deref(), want, "{raw}");
        }
    }

    #[test]
    fn a_collector_s_note_is_no_stage() {
        for (raw, want, noted) in [
            ("in work programme; status field blank; Agreement", "in work programme …; Agreement", "status field blank"),
            ("(status blank on the page)", "", "status blank on the page"),
            (
                "Internet-Draft (individual I-D; latest revision in snapshot of 2026-08-22)",
                "Internet-Draft (individual I-D …)",
                "latest revision in snapshot of 2026-08-22",
            ),
            (
                "in repository under 2026/final as of 2026-07-16; release announcement not seen",
                "in repository under 2026/final as of 2026-07-16 …",
                "release announcement not seen",
            ),
            ("Stable draft (2026-01)", "Stable draft (2026-01)", ""),
            ("published (version and month are in the identifier)", "published …", "version and month are in the identifier"),
            ("", "", ""),
        ] {
            let (text, notes) = noteless(raw);
            assert_eq!((text.as_str(), notes.join("|").as_str()), (want, noted), "{raw}");
        }
    }

    #[test]
    fn a_number_of_etsi_says_when_the_text_is_out() {
        let of = |body: &str, number: &str| {
            let mut d = super::super::made::document(body);
            d.number = Some(number.into());
            code(&d, "2026-11-01".parse().expect("a day"))
        };
        assert_eq!(of("ETSI", "ETSI TR 103 858 V1.1.1 (2026-03)"), StageCode::Published);
        for (body, number) in [
            ("ETSI", "ETSI EN 304 223 V2.1.0 (2025-09)"),
            ("ETSI", "ETSI TS 104 223 V0.0.4 (2025-01)"),
            ("ETSI", "ETSI TS 104 223 V1.1.1"),
            ("ETSI", "ETSI GR SAI 001"),
            ("3GPP", "3GPP TR 33.785 V1.1.1 (2026-03)"),
        ] {
            assert_eq!(of(body, number), StageCode::Unknown, "{number}");
        }
    }

    #[test]
    fn a_bare_code_gets_its_name() {
        let names = BTreeMap::from([("50.20".to_owned(), "50.20 FDIS ballot initiated: 8 weeks".to_owned())]);
        assert_eq!(stage_words("50.20", StageCode::Approval, &names), "“50.20” (FDIS ballot initiated: 8 weeks)");
        assert_eq!(stage_words("FDIS", StageCode::Approval, &names), "“FDIS” (approval)");
        assert_eq!(stage_words("", StageCode::Unknown, &names), "stage not stated");
    }
}
