//! What sort of thing a document is to somebody who looks for standards, whatever kind its source gave it.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use monitor_model::{Document, EvidenceLevel, Kind, StageCode, When};

/// After so many days an Internet-Draft lapses unless it is renewed (RFC 2026 says six months).
const LAPSE_DAYS: i64 = 185;

/// Names that stand where a group should and say that it is news.
const NEWSROOMS: [&str; 7] = ["blog", "blogs", "news", "newsroom", "press", "insights", "latest news"];

/// Words that a body puts into the stage of what is no text of a standard.
const NO_STAGES: [&str; 11] = [
    "news",
    "group page",
    "committee page",
    "blog",
    "blog post",
    "press release",
    "announcement",
    "meeting summary",
    "event",
    "newsletter",
    "research note",
];

/// Parts of an address under which bodies put their news.
const NEWS_PATHS: [&str; 9] = ["blog", "blogs", "news", "newsroom", "press", "press-releases", "latest-news", "news-events", "newsletter"];

/// Whether a document only tells of work: news, a post, a meeting and its summary. None is an item of a work programme.
pub fn is_notice(d: &Document) -> bool {
    if matches!(d.kind, Kind::News | Kind::Event) {
        return true;
    }
    // What its source files as a work item is one, wherever its page lies.
    if d.kind == Kind::WorkItem {
        return false;
    }
    let group = d.group.as_deref().unwrap_or_default().trim().to_lowercase();
    let stage = d.stage.as_ref().map(|s| s.raw.trim().to_lowercase()).unwrap_or_default();
    NEWSROOMS.contains(&group.as_str())
        || NO_STAGES.contains(&stage.as_str())
        || is_summary(&d.title)
        || is_talk(&d.title)
        || is_own_news(d)
}

/// A post, a talk or a briefing that says so in its name.
fn is_talk(title: &str) -> bool {
    let title = title.to_lowercase();
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words.any(|w| matches!(w, "blog" | "podcast" | "webinar" | "newsletter"))
        || ["ceo briefing", "press release", "tech talk"].iter().any(|w| title.contains(w))
}

/// "Executive Summary: Meeting of SG17, Geneva, …": of a meeting, not of a subject.
fn is_summary(title: &str) -> bool {
    let title = title.to_lowercase();
    let start = |w: &str| title.starts_with(w);
    let of_meeting = ["meeting", "plenary", "content week"].iter().any(|w| title.contains(w));
    of_meeting && (start("executive summary") || start("summary of") || start("meeting summary") || start("minutes of"))
}

/// Whether its address lies among its own body's news. Where somebody else tells of it, the page is news and the document is not.
fn is_own_news(d: &Document) -> bool {
    if d.evidence == EvidenceLevel::Secondary {
        return false;
    }
    let host = d.url.split_once("://").map_or(d.url.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase();
    let own = d.body.split(|c: char| !c.is_alphanumeric()).any(|w| w.len() >= 3 && host.contains(&w.to_lowercase()));
    own && is_news_address(&d.url)
}

/// Whether an address lies among news and posts, whoever's they are.
pub fn is_news_address(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let mut parts = rest.split(['/', '?', '#']);
    let host = parts.next().unwrap_or_default().to_lowercase();
    let part = |p: &str| NEWS_PATHS.contains(&p) || p.contains("research-note");
    ["blog.", "blogs.", "news."].iter().any(|h| host.starts_with(h)) || parts.any(|p| part(&p.to_lowercase()))
}

/// Whether it is a letter between groups and no work of either.
pub fn is_liaison(d: &Document) -> bool {
    let group = d.group.as_deref().unwrap_or_default();
    d.kind == Kind::Liaison || group.contains("->") || group.contains('→') || d.url.contains("/liaison/") && says_liaison(d)
}

fn says_liaison(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default().to_lowercase();
    number.contains("liaison") || d.title.starts_with("LS ")
}

/// Whether it is an Internet-Draft.
pub fn is_internet_draft(d: &Document) -> bool {
    d.number.as_deref().unwrap_or_default().trim().to_ascii_lowercase().starts_with("draft-")
}

/// Whether it is a person's own Internet-Draft: what a group took over is named for it, `draft-ietf-…`.
pub fn is_individual_draft(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    is_internet_draft(d) && !matches!(number.split('-').nth(1), Some("ietf" | "irtf" | "iab"))
}

/// Words by which a text says that nobody has to follow it.
const REPORTS: [&str; 5] = ["technical report", "technical paper", "supplement", "terms of reference", "implementers"];

/// Whether a text at home binds nobody: a report, a paper, a supplement. Its list of sources is no normative reference.
pub(crate) fn is_report(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default();
    // `XSTR.sem-AIA`, `TR.se-ai`, `TP.x`: before the point stands what it is.
    let sort = number.split(['.', '-', ' ']).next().unwrap_or_default();
    let stage = d.stage.as_ref().map_or("", |s| s.raw.as_str());
    let said = |text: &str| REPORTS.iter().any(|w| text.to_lowercase().contains(w));
    sort.ends_with("STR") || matches!(sort, "TR" | "TP") || d.extra("type").is_some_and(said) || said(stage) || said(number)
}

/// The day after which an Internet-Draft lapses unless it is renewed, as far as its own day is known.
pub fn lapses_on(d: &Document) -> Option<Date> {
    if !is_internet_draft(d) {
        return None;
    }
    let newest = d.published.or(d.stage.as_ref().and_then(|s| s.date))?;
    // A month or a year alone does not say when.
    let day = matches!(newest, When::Day(_) | When::Instant(_)).then(|| newest.last_day())?;
    day.checked_add(LAPSE_DAYS.days()).ok()
}

/// Whether an Internet-Draft went past its 185 days by `today`, and no primary source that was read later says that it lives.
pub fn has_lapsed(d: &Document, today: Date) -> bool {
    let code = d.stage_code();
    if !matches!(code, StageCode::Unknown | StageCode::Draft | StageCode::NewWork | StageCode::Idea) {
        return false;
    }
    let checked = d.last_checked.to_zoned(TimeZone::UTC).date();
    lapses_on(d).is_some_and(|on| {
        let lives = d.evidence == EvidenceLevel::Primary && code == StageCode::Draft && checked > on;
        on < today && !lives
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{at, doc, staged};

    #[test]
    fn what_tells_of_work_is_no_work() {
        let post = |group: &str, title: &str, url: &str, stage: &str| {
            let mut d = doc("k", "ITU-T ETSI OpenSSF", group, title, &[]);
            d.url = url.into();
            d.stage.as_mut().expect("a stage").raw = stage.into();
            d
        };
        for (group, title, url, stage) in [
            (
                "SG17",
                "Executive Summary: Meeting of SG17, Geneva, 22-30 January 2019",
                "https://itu.int/a/1901-summary.aspx",
                "Meeting summary",
            ),
            ("SG17", "Executive Summary: SG17 \"Security\" Content Week (Geneva)", "https://itu.int/a", ""),
            ("Security", "CEO Briefing – Impact of frontier models", "https://www.gsma.com/x", "published"),
            ("Security", "Mobile Telecom Security Landscape Blog: May 24", "https://gsma.com/x", ""),
            ("blog", "How Far Behind", "https://www.aisi.gov.uk/x", "published"),
            ("ISG SAI", "ETSI's Securing AI group becomes a committee", "https://www.etsi.org/newsroom/news/2288-etsi", ""),
            ("", "A recap", "https://openssf.org/blog/2026/04/08/recap/", "blog"),
            ("", "x", "https://blog.etsi.org/a", ""),
        ] {
            assert!(is_notice(&post(group, title, url, stage)), "{title}");
        }
        for (group, title, url, stage) in [
            ("SG17 Q7/17", "Security requirements", "https://www.itu.int/ITU-T/workprog/wp_item.aspx?isn=23939", "under study"),
            ("SG17", "Executive summary of AI security", "https://itu.int/x", ""),
            ("", "Told by others", "https://news.example.net/news/23896", "new work item agreed"),
            ("", "Newsroom ontology", "https://example.org/newsletters-format", "news agency format"),
        ] {
            assert!(!is_notice(&post(group, title, url, stage)), "{title}");
        }
    }

    #[test]
    fn a_report_is_known_by_its_number_its_type_or_its_stage() {
        let d = |number: &str, stage: &str, kind: Option<&str>| {
            let mut d = doc("k", "ITU-T", "SG17 Q7/17", "t", &[]);
            d.number = Some(number.into());
            d.stage.as_mut().expect("a stage").raw = stage.into();
            d.extra = kind.map(|k| ("type".to_owned(), k.to_owned())).into_iter().collect();
            d
        };
        for (number, stage, kind) in [
            ("XSTR.sem-AIA", "under study", None),
            ("TR.se-ai (now XSTR.se-AI)", "", None),
            ("X.sup-ai", "under study", Some("Supplement")),
            ("QSTR-AI4CDD", "", None),
            ("X.ab", "under study; Agreement; Technical report", None),
        ] {
            assert!(is_report(&d(number, stage, kind)), "{number}");
        }
        for (number, stage, kind) in [("X.sgGenAI", "under study; TAP; Recommendation", None), ("X.1", "draft", Some("Recommendation"))] {
            assert!(!is_report(&d(number, stage, kind)), "{number}");
        }
        assert!(is_individual_draft(&d("draft-song-x-00", "", None)));
        assert!(!is_individual_draft(&d("draft-ietf-x-00", "", None)) && !is_individual_draft(&d("RFC 9000", "", None)));
    }

    #[test]
    fn a_letter_between_groups_is_known_by_its_kind_or_its_arrow() {
        let mut d = doc("k", "IETF", "SG17 -> IETF IAB/IESG", "LS on the progress", &[]);
        assert!(is_liaison(&d));
        d.group = Some("WIMSE".into());
        assert!(!is_liaison(&d));
        d.number = Some("IETF liaison 2106".into());
        d.url = "https://datatracker.ietf.org/liaison/2106/".into();
        assert!(is_liaison(&d));
    }

    #[test]
    fn a_draft_lapses_unless_a_primary_source_that_was_read_later_says_that_it_lives() {
        let today: Date = "2026-10-31".parse().expect("a day");
        let mut d = staged(doc("k", "IETF", "individual", "t", &[]), StageCode::Draft, "2026-03-02");
        d.number = Some("draft-song-x-00".into());
        d.evidence = EvidenceLevel::Mirror;
        assert_eq!(lapses_on(&d).map(|x| x.to_string()).as_deref(), Some("2026-09-03"));
        assert!(has_lapsed(&d, today));
        assert!(!has_lapsed(&d, "2026-09-03".parse().expect("a day")), "its last day is its own");
        d.evidence = EvidenceLevel::Primary;
        d.last_checked = at("2026-10-01");
        assert!(!has_lapsed(&d, today), "the body says that it is active");
        d.last_checked = at("2026-08-01");
        assert!(has_lapsed(&d, today), "read before it lapsed");
        d.published = "2026-03".parse().ok();
        assert!(!has_lapsed(&d, today), "a month has no day to count from");
    }
}
