//! Rows that tell of one document and do not agree: which of them is the later, and whose word counts.

mod world;

use monitor_model::{EventKind, EvidenceLevel, Source};
use world::{World, row, source};

/// Stage word, date and title after rows were shown in order, each list on a day of its own.
fn after(body: &str, lists: &[&[&str]]) -> (String, String, World) {
    let mut w = World::new();
    for (day, list) in (0..).zip(lists) {
        list.iter().for_each(|json| drop(w.show(day, "list", &source(body), &row(json))));
    }
    (w.doc().stage.as_ref().map(|s| s.raw.clone()).unwrap_or_default(), w.doc().title.clone(), w)
}

#[test]
fn an_older_record_of_an_edition_takes_no_stage_back() {
    let dated = r#"{"body":"ISO","number":"ISO/IEC 9999:2025","title":"T","stage":"60.60","published":"2025-02","url":"https://www.iso.org/standard/83613.html"}"#;
    let bare = r#"{"body":"ISO","number":"ISO/IEC 9999","title":"T","stage":"60.00","published":"2025-02","url":"https://www.iso.org/standard/83613.html"}"#;
    for list in [[dated, bare], [bare, dated]] {
        let (stage, _, w) = after("ISO", &[&list, &list]);
        assert_eq!(stage, "60.60");
        assert!(w.kinds().iter().filter(|k| **k == EventKind::Stage).count() <= 1, "{:?}", w.kinds());
        assert_eq!(w.doc().versions.last().and_then(|v| v.stage.as_ref()).map(|s| s.raw.as_str()), Some("60.60"));
    }
    // a review goes round, and the next edition begins anew
    let (review, begun, next) =
        (bare.replace("60.00", "90.93"), bare.replace("60.00", "90.20"), bare.replace("2025-02", "2029-01").replace("83613", "99001"));
    assert_eq!(after("ISO", &[&[bare], &[&review], &[&begun]]).0, "90.20");
    assert_eq!(after("ISO", &[&[&review], &[bare]]).0, "90.93");
    assert_eq!(after("ISO", &[&[&review], &[&next]]).0, "60.00");
}

#[test]
fn the_draft_of_an_edition_that_just_came_out_is_not_the_next() {
    let edition = |year: u16| {
        format!(
            r#"{{"body":"ISO/IEC","number":"ISO/IEC TS 9999-2:{year}","title":"T","stage":"PUBLISHED","published":"{year}-11-03","url":"https://webstore.iec.ch/publication/110279"}}"#
        )
    };
    let draft = |stage: &str| {
        format!(
            r#"{{"body":"ISO","number":"ISO/IEC DTS 9999-2","title":"T","stage":"{stage}","url":"https://www.iso.org/standard/84127.html"}}"#
        )
    };
    // rows are shown in January 2026
    let shown = |rows: [String; 2]| after("ISO", &[&rows.each_ref().map(String::as_str)]).0;
    for stage in ["50.00", "40.60"] {
        assert_eq!(shown([edition(2025), draft(stage)]), "PUBLISHED");
        assert_eq!(shown([draft(stage), edition(2025)]), "PUBLISHED");
    }
    assert_eq!(shown([edition(2025), draft("20.00")]), "20.00", "a revision may begin at once");
    assert_eq!(shown([edition(2019), draft("50.00")]), "50.00");
}

#[test]
fn a_first_issue_that_names_no_version_does_not_speak_for_the_latest() {
    let latest = r#"{"body":"NIST","number":"NIST SP 800-53 Rev. 5","title":"Security and Privacy Controls","stage":"final/active","published":"2020-12-10"}"#;
    let second = r#"{"body":"NIST","number":"NIST SP 800-53 Rev. 1","title":"Recommended Controls","stage":"final/withdrawn","published":"2006-12-19"}"#;
    let first =
        r#"{"body":"NIST","number":"NIST SP 800-53","title":"Recommended Controls","stage":"final/withdrawn","published":"2005-02-28"}"#;
    for list in [[latest, second, first], [latest, first, second], [first, second, latest]] {
        let (stage, title, w) = after("NIST", &[&list, &list]);
        assert_eq!((stage.as_str(), title.as_str()), ("final/active", "Security and Privacy Controls"));
        assert_eq!(w.doc().published.map(|p| p.to_string()).as_deref(), Some("2020-12-10"));
    }
    // one of the same days, or without a date, is the one in force
    let now = r#"{"body":"NIST","number":"NIST SP 800-53","title":"Security and Privacy Controls for All","published":"2020-09-23"}"#;
    assert_eq!(after("NIST", &[&[latest], &[now]]).1, "Security and Privacy Controls for All");
    let undated = r#"{"body":"NIST","number":"NIST SP 800-53","title":"Security and Privacy Controls for All"}"#;
    assert_eq!(after("NIST", &[&[latest, second], &[undated]]).1, "Security and Privacy Controls for All");
}

#[test]
fn of_two_records_of_one_edition_the_later_speaks() {
    let last = r#"{"body":"NIST","number":"NIST SP 800-53 Rev. 5","title":"T","stage":"final/active","published":"2020-12-10","url":"https://csrc.nist.gov/rev-5/final"}"#;
    let archived = r#"{"body":"NIST","number":"NIST SP 800-53 Rev. 5","title":"T","stage":"final/withdrawn","published":"2020-09-23","url":"https://csrc.nist.gov/rev-5/archive/2020-09-23"}"#;
    for list in [[last, archived], [archived, last]] {
        let (stage, _, w) = after("NIST", &[&list, &list, &list]);
        assert_eq!(stage, "final/active");
        assert_eq!(w.doc().published.map(|p| p.to_string()).as_deref(), Some("2020-12-10"));
        assert_eq!(w.doc().versions.last().and_then(|v| v.stage.as_ref()).map(|s| s.raw.as_str()), Some("final/active"));
        assert!(w.kinds().len() <= 2, "they do not chase each other: {:?}", w.kinds());
    }
    // a date that the list puts right is its own
    let corrected = last.replace("2020-12-10", "2020-11-10");
    let (_, _, w) = after("NIST", &[&[last], &[&corrected]]);
    assert_eq!(w.doc().published.map(|p| p.to_string()).as_deref(), Some("2020-11-10"));
    // and one that is withdrawn stays so
    let withdrawn = last.replace("final/active", "final/withdrawn");
    assert_eq!(after("NIST", &[&[last, archived], &[&withdrawn, archived]]).0, "final/withdrawn");
}

#[test]
fn the_date_in_the_words_of_a_stage_is_its_date() {
    let date = |stage: &str| {
        let (_, _, w) = after("ETSI", &[&[&format!(r#"{{"body":"ETSI","number":"ETSI TS 104 223","title":"T","stage":"{stage}"}}"#)]]);
        w.doc().stage.as_ref().and_then(|s| s.date).map(|d| d.to_string()).unwrap_or_default()
    };
    assert_eq!(date("draft TS (as of 2025-06-02 snapshot)"), "2025-06-02");
    assert_eq!(date("CD Amd 2 (as of 2025-06)"), "2025-06");
    assert_eq!(date("published 2025-07-11"), "2025-07-11");
    assert_eq!(date("online since 2025-07"), "2025-07");
    for none in [
        "expires 2026-12-31",
        "under study; timing 2027-12",
        "comment period 2026-01-08 to 2026-03-09, closed",
        "stage 40 reached, version 3, 2025-01-02",
        "adopted 2024",
        "2026-02-02",
        "draft 2025/06",
        "",
    ] {
        assert_eq!(date(none), "", "{none}");
    }
}

/// A file that was imported: a copy, from nowhere that is declared.
fn copy() -> Source {
    Source { evidence: Some(EvidenceLevel::Mirror), ..Source::default() }
}

#[test]
fn a_page_of_somebody_else_does_not_speak_for_the_body() {
    let own = row(
        r#"{"body":"NIST","number":"NIST AI 100-1","title":"Artificial Intelligence Risk Management Framework","stage":"final","published":"2023-01-26","url":"https://doi.org/10.6028/NIST.AI.100-1"}"#,
    );
    let post = row(
        r#"{"body":"NIST","number":"NIST AI 100-1","title":"AI RMF, explained","stage":"published 2023-01; under revision","published":"2023-02-01","summary":"As told.","url":"https://blog.example/nist-ai"}"#,
    );
    // in whichever order, of two files or of one
    for (names, first, second) in
        [(["a", "b"], &own, &post), (["a", "b"], &post, &own), (["a", "a"], &own, &post), (["a", "a"], &post, &own)]
    {
        let mut w = World::new();
        for day in 0..3 {
            w.show(day, names[0], &copy(), first);
            w.show(day, names[1], &copy(), second);
        }
        let d = w.doc();
        assert_eq!((d.title.as_str(), d.url.as_str()), (own.title.as_str(), own.url.as_deref().unwrap_or_default()), "{names:?}");
        assert_eq!(d.stage.as_ref().map(|s| s.raw.as_str()), Some("final"));
        assert_eq!(d.published.map(|p| p.to_string()).as_deref(), Some("2023-01-26"));
        assert_eq!(d.summary.as_deref(), Some("As told."), "it fills what nobody said");
        assert!(w.kinds().iter().filter(|k| **k == EventKind::Title).count() <= 1, "{:?}", w.kinds());
        assert!(names[0] == names[1] || d.sightings.iter().any(|s| s.url.contains("blog.example")), "who told is kept");
    }
    // where nobody else shows it, what is told moves it
    let mut w = World::new();
    w.show(0, "a", &copy(), &post);
    let later = row(r#"{"body":"NIST","number":"NIST AI 100-1","title":"AI RMF, revised","url":"https://blog.example/nist-ai"}"#);
    w.show(1, "a", &copy(), &later);
    assert_eq!(w.doc().title, "AI RMF, revised");
}

#[test]
fn an_earlier_version_of_a_worse_source_fills_no_stage_of_the_latest() {
    let latest = r#"{"body":"IETF","number":"draft-a-agents-05","title":"T","published":"2025-05-12","url":"https://datatracker.ietf.org/doc/html/draft-a-agents-05"}"#;
    let earlier = r#"{"body":"IETF","number":"draft-a-agents-03","title":"T","stage":"individual Internet-Draft; dated 2024-10-21 (expired)","published":"2024-10-21","url":"https://mirror.example/draft-a-agents-03.txt"}"#;
    let mut w = World::new();
    w.show(0, "list", &source("IETF"), &row(latest));
    w.show(1, "import", &Source { evidence: Some(EvidenceLevel::Mirror), ..source("IETF") }, &row(earlier));
    assert!(w.doc().stage.is_none(), "{:?}", w.doc().stage);
    assert_eq!(w.doc().published.map(|p| p.to_string()).as_deref(), Some("2025-05-12"));
}
