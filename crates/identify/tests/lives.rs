//! The life of a document: versions, stages, sources that agree and disagree, and what is no news.

mod world;

use monitor_identify::gone;
use monitor_model::{Entry, EventKind, EvidenceLevel, Relevance, Source, StageCode, Verdict};
use proptest::prelude::*;
use world::{World, day, row, source};

#[test]
fn a_post_is_news_though_nobody_says_so() {
    let kind = |json: &str| {
        let mut w = World::new();
        w.show(0, "list", &source("ETSI"), &row(json));
        (w.doc().kind.as_str(), w.doc().number.clone())
    };
    assert_eq!(kind(r#"{"body":"UK AISI","title":"A look at agents","url":"https://aisi.example/blog/a-look"}"#), ("news", None));
    assert_eq!(kind(r#"{"body":"CSA","group":"Blog","title":"A look","url":"https://csa.example/a/7"}"#), ("news", None));
    // a number of its body, or somebody's word, is more than the address says
    let numbered =
        r#"{"body":"ETSI","number":"ETSI TS 104 223 V1.1.1 (2025-04)","title":"Baseline","url":"https://etsi.example/newsroom/ts"}"#;
    assert_eq!(kind(numbered).0, "document");
    assert_eq!(kind(r#"{"body":"CSA","kind":"policy","title":"A look","url":"https://csa.example/blog/7"}"#).0, "policy");
    // what is told to be under way is work, whoever tells it; a post is out
    let told = |stage: &str| format!(r#"{{"body":"ITU-T","title":"Agents","stage":"{stage}","url":"https://x.example/news/2"}}"#);
    assert_eq!(kind(&told("new work item agreed")).0, "document");
    assert_eq!(kind(&told("published")).0, "news");
    // an address is no number
    let address = r#"{"body":"OWASP","number":"https://genai.example/?p=5","title":"A list","url":"https://genai.example/?p=5"}"#;
    assert_eq!(kind(address), ("document", None));
}

#[test]
fn a_number_that_is_given_on_publication_tells_the_stage_and_nobody_stated_it() {
    let stage = |w: &World| w.doc().stage.as_ref().map(|s| (s.code, s.raw.clone()));
    let bare = row(r#"{"body":"IETF","number":"RFC 10036","title":"Agents"}"#);
    let stated = row(r#"{"body":"IETF","number":"RFC 10036","title":"Agents","stage":"HISTORIC"}"#);
    let tracked = Source { track: Some(vec!["stage".into()]), ..source("IETF") };
    let mut w = World::new();
    w.show(0, "list", &tracked, &bare);
    assert_eq!(stage(&w), Some((StageCode::Published, String::new())));
    // the first that somebody states goes before it and is no news; who states nothing takes nothing away
    w.show(1, "list", &tracked, &stated);
    w.show(2, "list", &tracked, &bare);
    assert_eq!(stage(&w), Some((StageCode::Superseded, "HISTORIC".to_owned())));
    assert_eq!(w.kinds(), [EventKind::Added]);
    // a document that was seen before the rule was there gets it with its next row
    w.doc.as_mut().expect("seen").stage = None;
    w.show(3, "list", &tracked, &bare);
    assert_eq!(w.doc().stage_code(), StageCode::Published);
    // numbers that drafts have too tell nothing
    for number in ["draft-ni-wimse-ai-agent-identity-02", "ETSI TS 104 223 V1.1.1 (2025-04)", "3GPP TS 33.501"] {
        let mut w = World::new();
        w.show(0, "list", &source(""), &row(&format!(r#"{{"body":"","number":"{number}","title":"T"}}"#)));
        assert_eq!(stage(&w), None, "{number}");
    }
}

#[test]
fn a_first_row_is_added_with_the_bodys_own_date() {
    let mut w = World::new();
    let life = w.show(
        0,
        "etsi",
        &source("ETSI"),
        &row(r#"{"body":"ETSI","number":"ETSI TS 104 223 V1.1.1 (2025-04)","title":"Baseline","stage":"Published","published":"2025-04"}"#),
    );
    assert_eq!(life.verdict, Verdict::New);
    let e = &life.events[0];
    assert_eq!(
        (e.kind, e.event_date.map(|d| d.to_string()).as_deref(), e.backfill, e.stage),
        (EventKind::Added, Some("2025-04"), true, StageCode::Published)
    );
    let d = w.doc();
    assert_eq!(
        (d.document.as_str(), d.version.as_deref(), d.versions.len(), d.work.as_str()),
        ("etsi/ts-104-223", Some("1.1.1"), 1, "etsi/ts-104-223")
    );
    assert_eq!(d.relevance, Relevance::Relevant);
}

#[test]
fn the_same_row_changes_nothing_at_all() {
    let mut w = World::new();
    let e = row(
        r#"{"body":"IETF","number":"draft-a-b-03","title":"A B","stage":"Active","summary":"S","extra":{"liaison":"SG13"},"keywords":["x"]}"#,
    );
    w.show(0, "dt", &source("IETF"), &e);
    let before = w.doc().clone();
    for n in 1..5 {
        let life = w.show(n, "dt", &source("IETF"), &e);
        assert_eq!(life.verdict, Verdict::Same);
        assert_eq!(life.document, before);
    }
    assert_eq!(w.events.len(), 1);
}

#[test]
fn a_banner_or_a_comma_of_typography_is_no_news() {
    let mut w = World::new();
    w.show(
        0,
        "dt",
        &source("IETF"),
        &row(r#"{"body":"IETF","number":"draft-a-b-03","title":"Agent Identity - A Framework","stage":"Active"}"#),
    );
    let life = w.show(
        1,
        "dt",
        &source("IETF"),
        &row(r#"{"body":"IETF","number":"draft-a-b-03","title":"agent  identity – a framework.","stage":"  active "}"#),
    );
    assert_eq!((life.verdict, life.events.len()), (Verdict::Same, 0));
    assert_eq!(w.doc().title, "Agent Identity - A Framework");
}

#[test]
fn twenty_revisions_of_a_draft_are_twenty_versions_of_one_document() {
    let (mut w, s) = (World::new(), source("IETF"));
    for n in 0..20 {
        w.show(
            n,
            "dt",
            &s,
            &row(&format!(r#"{{"body":"IETF","number":"draft-a-b-{n:02}","title":"A B","published":"2026-01-{:02}"}}"#, n + 1)),
        );
    }
    assert_eq!(w.doc().versions.len(), 20);
    assert_eq!(w.doc().version.as_deref(), Some("19"));
    assert_eq!(w.kinds().iter().filter(|k| **k == EventKind::Revised).count(), 19);
    assert_eq!((w.events[19].from.as_deref(), w.events[19].to.as_deref()), (Some("18"), Some("19")));
    assert_eq!(w.events[19].event_date.map(|d| d.to_string()).as_deref(), Some("2026-01-20"));
}

#[test]
fn all_editions_in_one_list_are_one_addition() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
        let (mut w, s) = (World::new(), source("ETSI"));
        for n in order {
            w.show(
                0,
                "etsi",
                &s,
                &row(&format!(
                    r#"{{"body":"ETSI","number":"ETSI TS 104 223 V1.{n}.1 (2025-0{n})","title":"Title {n}","published":"2025-0{n}"}}"#
                )),
            );
        }
        assert_eq!(w.kinds(), [EventKind::Added]);
        assert_eq!((w.doc().version.as_deref(), w.doc().title.as_str()), (Some("1.3.1"), "Title 3"));
        assert_eq!(w.doc().versions.iter().map(|v| v.version.as_str()).collect::<Vec<_>>(), ["1.1.1", "1.2.1", "1.3.1"]);
        // and the next run of the same list is no news, whatever its order
        let before = w.doc().clone();
        for n in order {
            w.show(
                1,
                "etsi",
                &s,
                &row(&format!(
                    r#"{{"body":"ETSI","number":"ETSI TS 104 223 V1.{n}.1 (2025-0{n})","title":"Title {n}","published":"2025-0{n}"}}"#
                )),
            );
        }
        assert_eq!(w.kinds(), [EventKind::Added]);
        assert_eq!(*w.doc(), before);
    }
}

#[test]
fn a_late_old_version_never_overwrites_newer_state() {
    let (mut w, s) = (World::new(), source("ETSI"));
    w.show(
        0,
        "etsi",
        &s,
        &row(r#"{"body":"ETSI","number":"ETSI TS 104 223 V1.10.1","title":"New title","stage":"Published","published":"2026-01"}"#),
    );
    let life = w.show(1, "etsi", &s, &row(r#"{"body":"ETSI","number":"ETSI TS 104 223 V1.9.1","title":"Old title","stage":"Historical","published":"2024-01","summary":"old"}"#));
    assert_eq!((life.verdict, life.events.len()), (Verdict::Same, 0));
    let d = w.doc();
    assert_eq!(
        (d.title.as_str(), d.version.as_deref(), d.stage_code(), d.summary.as_deref()),
        ("New title", Some("1.10.1"), StageCode::Published, None)
    );
    assert_eq!(d.versions.iter().map(|v| v.version.as_str()).collect::<Vec<_>>(), ["1.9.1", "1.10.1"]);
}

#[test]
fn a_mirrors_copy_of_an_old_version_moves_no_date() {
    let mut w = World::new();
    let draft = |revision: &str, published: &str| {
        row(&format!(r#"{{"body":"IETF","number":"draft-test-agents-{revision}","title":"Agents","published":"{published}"}}"#))
    };
    w.show(0, "drafts", &source("IETF"), &draft("00", "2025-01"));
    w.show(9, "drafts", &source("IETF"), &draft("01", "2025-06-02"));
    w.show(20, "mirror", &source("IETF"), &draft("00", "2025-12-24"));
    let dates = |w: &World| w.doc().versions.iter().map(|v| v.published.map(|p| p.to_string()).unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(dates(&w), ["2025-01", "2025-06-02"], "the day on which the mirror took its copy");
    w.show(21, "drafts", &source("IETF"), &draft("00", "2025-01-17"));
    assert_eq!(dates(&w), ["2025-01-17", "2025-06-02"], "the finer date of the two that agree");
}

#[test]
fn a_stage_moves_in_the_bodys_words_with_its_own_date() {
    let (mut w, s) = (World::new(), source("ISO/IEC"));
    w.show(0, "iso", &s, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC DIS 27090","title":"T","stage":"40.60 Close of voting"}"#));
    w.show(1, "iso", &s, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC FDIS 27090","title":"T","stage":"50.00 Final text received or FDIS registered for formal approval","stage_date":"2026-03-12"}"#));
    w.show(2, "iso", &s, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090:2026","title":"T","stage":"60.60 International Standard published","stage_date":"2026-09-01"}"#));
    w.show(
        3,
        "iso",
        &s,
        &row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090:2026","title":"T","stage":"95.99 Withdrawal of International Standard"}"#),
    );
    assert_eq!(w.kinds(), [EventKind::Added, EventKind::Stage, EventKind::Stage, EventKind::Withdrawn]);
    let e = &w.events[1];
    assert_eq!(
        (e.from.as_deref(), e.stage, e.event_date.map(|d| d.to_string()).as_deref()),
        (Some("40.60 Close of voting"), StageCode::Approval, Some("2026-03-12"))
    );
    assert_eq!(w.events[3].stage, StageCode::Withdrawn);
    assert_eq!(w.doc().versions.len(), 3);
}

#[test]
fn drafts_of_nist_move_by_stage_and_revisions_are_revised() {
    let (mut w, s) = (World::new(), source("NIST"));
    for (n, number) in
        ["NIST SP 800-53 Rev. 4", "NIST SP 800-53 Rev. 5 ipd", "NIST SP 800-53 Rev. 5 2pd", "NIST SP 800-53 Rev. 5"].iter().enumerate()
    {
        let stage = if number.ends_with("pd") { "" } else { r#","stage":"final""# };
        w.show(n as u32, "csrc", &s, &row(&format!(r#"{{"body":"NIST","number":"{number}","title":"Controls"{stage}}}"#)));
    }
    assert_eq!(w.kinds(), [EventKind::Added, EventKind::Revised, EventKind::Stage, EventKind::Stage, EventKind::Stage]);
    assert_eq!(w.doc().version.as_deref(), Some("Rev. 5"));
}

#[test]
fn a_list_with_an_edition_in_force_and_the_next_draft_does_not_swing() {
    for flip in [false, true] {
        let (mut w, s) = (World::new(), source("ISO"));
        let mut rows = vec![
            row(
                r#"{"body":"ISO","number":"ISO 9001:2015","title":"QMS","stage":"90.92 International Standard to be revised","published":"2015-09"}"#,
            ),
            row(r#"{"body":"ISO","number":"ISO/DIS 9001","title":"QMS","stage":"40.60 Close of voting"}"#),
        ];
        if flip {
            rows.reverse();
        }
        for n in 0..4 {
            for r in &rows {
                w.show(n, "iso", &s, r);
            }
        }
        assert_eq!(w.kinds(), [EventKind::Added], "flip {flip}");
        assert_eq!(w.doc().version.as_deref(), Some("DIS"), "the next edition is what moves");
    }
}

#[test]
fn times_that_a_source_tracks_are_news_when_they_move() {
    let row_of = |timing: &str, deadline: &str, people: &str| {
        row(&format!(
            r#"{{"body":"ITU-T","number":"X.sup-agents","title":"T","stage":"Under study","deadline":"{deadline}","extra":{{"timing":"{timing}","liaison":"{people}"}}}}"#
        ))
    };
    let tracking = Source { track: Some(["timing", "deadline", "liaison"].map(str::to_owned).into()), ..source("ITU-T") };
    let quiet = Source { volatile: vec!["timing".to_owned()], ..source("ITU-T") };
    for (s, wanted) in [
        (&tracking, vec![("timing 2027-Q1", "timing 2027-Q4 (High)"), ("deadline 2026-12-01", "deadline 2026-12-24")]),
        (&quiet, vec![]),
        (&source("ITU-T"), vec![]),
    ] {
        let mut w = World::new();
        w.show(0, "wp", s, &row_of("-", "2026-12-01", "SG13"));
        w.show(1, "wp", s, &row_of("2027-Q1", "2026-12-01", "SG13"));
        assert_eq!(w.kinds(), [EventKind::Added], "a first time is no news");
        for day in 2..5 {
            w.show(day, "wp", s, &row_of("2027-Q4 (High)", "2026-12-24", "SG13, SG20"));
        }
        let mut moved: Vec<(&str, &str)> =
            w.events[1..].iter().map(|e| (e.from.as_deref().unwrap_or_default(), e.to.as_deref().unwrap_or_default())).collect();
        moved.sort_by_key(|m| std::cmp::Reverse(*m));
        assert_eq!(moved, wanted);
        assert!(w.events[1..].iter().all(|e| e.kind == EventKind::Date));
    }
}

/// ISO's register has a row for each stage that a project went through, all at the address of the project, the drafts without a date.
#[test]
fn the_drafts_that_an_edition_came_of_do_not_follow_it() {
    let project = "https://www.iso.org/standard/81088.html";
    let rows = [
        format!(r#"{{"body":"ISO","number":"ISO/IEC 5259-1:2024","title":"T","stage":"60.60","published":"2024-07","url":"{project}"}}"#),
        r#"{"body":"IEC","number":"ISO/IEC 5259-1:2024","title":"T","stage":"PUBLISHED","published":"2024-07-02","url":"https://webstore.iec.ch/publication/96735"}"#.to_owned(),
        format!(r#"{{"body":"ISO","number":"ISO/IEC DIS 5259-1","title":"T","stage":"40.99","url":"{project}"}}"#),
        format!(r#"{{"body":"ISO","number":"ISO/IEC FDIS 5259-1","title":"T","stage":"50.20","url":"{project}"}}"#),
    ];
    // in any order, and from day to day
    for order in [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0], [0, 2, 1, 3]] {
        let (mut w, iso) = (World::new(), source("ISO"));
        for n in 0..3 {
            for at in order {
                w.show(n, if at == 1 { "iec" } else { "register" }, &iso, &row(&rows[at]));
            }
        }
        let d = w.doc();
        assert_eq!((d.version.as_deref(), d.stage_code()), (Some("2024"), StageCode::Published), "{order:?}: {:?}", d.versions);
        assert!(!w.kinds().contains(&EventKind::Title) && w.kinds().len() <= 3, "{order:?}: {:?}", w.kinds());
    }
    // the next edition has a project, and so an address, of its own
    let (mut w, iso) = (World::new(), source("ISO"));
    w.show(0, "register", &iso, &row(&rows[0]));
    let next =
        r#"{"body":"ISO","number":"ISO/IEC DIS 5259-1","title":"T","stage":"40.20","url":"https://www.iso.org/standard/91234.html"}"#;
    w.show(1, "register", &iso, &row(next));
    assert_eq!((w.doc().version.as_deref(), w.doc().stage_code()), (Some("DIS"), StageCode::Consultation));
}

#[test]
fn a_secondary_source_never_decides() {
    let (mut w, iso) = (World::new(), source("ISO/IEC"));
    let blog = Source { evidence: Some(EvidenceLevel::Secondary), ..source("") };
    w.show(0, "iso", &iso, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC DIS 27090","title":"T","stage":"40.60"}"#));
    let life = w.show(
        1,
        "blog",
        &blog,
        &row(r#"{"body":"ISO/IEC","number":"ISO/IEC FDIS 27090","title":"Blog's title","stage":"50.00","published":"2025-07"}"#),
    );
    assert_eq!((life.verdict, life.events.len()), (Verdict::OtherSighting, 0));
    let life = w.show(2, "blog", &blog, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090:2026","title":"Blog's title","stage":"60.60"}"#));
    assert_eq!((life.verdict, life.events.len()), (Verdict::Same, 0));
    let d = w.doc();
    assert_eq!(
        (d.title.as_str(), d.stage.as_ref().map(|s| s.raw.as_str()), d.version.as_deref(), d.published),
        ("T", Some("40.60"), Some("DIS"), None)
    );
    assert_eq!((d.evidence, d.sightings.len()), (EvidenceLevel::Primary, 2));
}

#[test]
fn a_better_source_corrects_hearsay_and_says_so() {
    let (mut w, iso) = (World::new(), source("ISO/IEC"));
    let blog = Source { evidence: Some(EvidenceLevel::Secondary), ..source("") };
    w.show(0, "blog", &blog, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090","title":"T","stage":"50.00"}"#));
    assert_eq!(w.doc().evidence, EvidenceLevel::Secondary);
    let life = w.show(1, "iso", &iso, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090","title":"T","stage":"40.60"}"#));
    assert_eq!(life.events.iter().map(|e| e.kind).collect::<Vec<_>>(), [EventKind::Stage]);
    assert_eq!((w.doc().evidence, w.doc().stage_code()), (EvidenceLevel::Primary, StageCode::Consultation));
    let life = w.show(2, "blog", &blog, &row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090","title":"T","stage":"50.00"}"#));
    assert_eq!(life.verdict, Verdict::Same);
}

#[test]
fn two_sources_of_one_rank_do_not_chase_each_other() {
    let (mut w, s) = (World::new(), source("ISO/IEC"));
    let a = row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090","title":"A title","stage":"40.60","published":"2025-01-01"}"#);
    let b = row(r#"{"body":"ISO/IEC","number":"ISO/IEC 27090","title":"Another wording","stage":"50.20","published":"2026-01-01"}"#);
    for n in 0..6 {
        w.show(n, "open-data", &s, &a);
        w.show(n, "rss", &s, &b);
    }
    assert_eq!(w.kinds(), [EventKind::Added]);
    assert_eq!(w.doc().stage.as_ref().map(|s| s.raw.as_str()), Some("40.60"));
}

#[test]
fn a_field_that_only_the_second_source_gives_is_its_own() {
    let (mut w, s) = (World::new(), source("ITU-T"));
    let list = row(r#"{"body":"ITU-T","number":"X.sgGenAI","title":"Guidelines"}"#);
    w.show(0, "list", &s, &list);
    let life = w.show(0, "detail", &s, &row(r#"{"body":"ITU-T","number":"X.sgGenAI","title":"Guidelines","stage":"Under study"}"#));
    assert_eq!(life.verdict, Verdict::OtherSighting);
    w.show(1, "list", &s, &list);
    let life = w.show(1, "detail", &s, &row(r#"{"body":"ITU-T","number":"X.sgGenAI","title":"Guidelines","stage":"Determined"}"#));
    assert_eq!(
        life.events.iter().map(|e| (e.kind, e.from.clone(), e.to.clone())).collect::<Vec<_>>(),
        [(EventKind::Stage, Some("Under study".into()), Some("Determined".into()))]
    );
}

#[test]
fn what_a_row_leaves_out_is_not_forgotten() {
    let (mut w, s) = (World::new(), source("ITU-T"));
    w.show(0, "wp", &s, &row(r#"{"body":"ITU-T","group":"SG17 Q7/17","number":"X.sg-eAI","title":"T","summary":"Scope","stage":"Under study","published":"2025-09-22","url":"https://x.org/1","keywords":["k"],"extra":{"liaison":"SG13"}}"#));
    let life = w.show(1, "wp", &s, &row(r#"{"body":"ITU-T","number":"X.sg-eAI","title":""}"#));
    assert_eq!(life.verdict, Verdict::Same);
    let d = w.doc();
    assert_eq!(
        (d.group.as_deref(), d.summary.as_deref(), d.url.as_str(), d.extra("liaison")),
        (Some("SG17 Q7/17"), Some("Scope"), "https://x.org/1", Some("SG13"))
    );
    assert!(d.stage.is_some() && d.published.is_some() && !d.keywords.is_empty());
}

#[test]
fn only_tracked_fields_are_news() {
    let s = Source { track: Some(vec!["stage".into()]), ..source("ITU-T") };
    let mut w = World::new();
    w.show(0, "wp", &s, &row(r#"{"body":"ITU-T","number":"X.abc","title":"One","stage":"Under study","published":"2025-01-01"}"#));
    w.show(
        1,
        "wp",
        &s,
        &row(r#"{"body":"ITU-T","number":"X.abc","title":"Quite another","stage":"Under study","published":"2026-06-01"}"#),
    );
    assert_eq!(w.kinds(), [EventKind::Added]);
    assert_eq!(w.doc().title, "Quite another", "kept, not reported");
}

#[test]
fn title_and_date_changes_are_told() {
    let (mut w, s) = (World::new(), source("ITU-T"));
    w.show(0, "wp", &s, &row(r#"{"body":"ITU-T","number":"X.abc","title":"One","published":"2025-06"}"#));
    w.show(1, "wp", &s, &row(r#"{"body":"ITU-T","number":"X.abc","title":"One","published":"2025-06-14"}"#));
    assert_eq!(w.kinds(), [EventKind::Added], "a finer date is the same date");
    assert_eq!(w.doc().published.map(|p| p.to_string()).as_deref(), Some("2025-06-14"));
    w.show(2, "wp", &s, &row(r#"{"body":"ITU-T","number":"X.abc","title":"Two","published":"2026-02-01"}"#));
    assert_eq!(w.kinds(), [EventKind::Added, EventKind::Title, EventKind::Date]);
    assert_eq!((w.events[1].from.as_deref(), w.events[1].to.as_deref()), (Some("One"), Some("Two")));
}

#[test]
fn gone_and_back() {
    let (mut w, s) = (World::new(), source("NIST"));
    let e = row(r#"{"body":"NIST","number":"NIST IR 8596 iprd","title":"Profile"}"#);
    w.show(0, "csrc", &s, &e);
    let (after, event) = gone(w.doc(), &"csrc".into(), day(3)).expect("it was there");
    assert_eq!((event.kind, after.sightings[0].present), (EventKind::Gone, false));
    assert!(gone(&after, &"csrc".into(), day(4)).is_none(), "gone once");
    assert!(gone(&after, &"other".into(), day(4)).is_none());
    w.doc = Some(after);
    let life = w.show(5, "csrc", &s, &e);
    assert_eq!(life.events.iter().map(|e| e.kind).collect::<Vec<_>>(), [EventKind::Back]);
    assert!(w.doc().sightings[0].present);
    assert_eq!(w.show(6, "csrc", &s, &e).verdict, Verdict::Same);
}

#[test]
fn a_version_apart_from_the_number_counts() {
    let (mut w, s) = (World::new(), source("3GPP"));
    for (n, v) in ["0.9.0", "18.0.0", "18.0.1", "0.9.0"].iter().enumerate() {
        w.show(n as u32, "csv", &s, &row(&format!(r#"{{"body":"3GPP","number":"33.898","title":"T","version":"{v}"}}"#)));
    }
    assert_eq!(w.kinds(), [EventKind::Added, EventKind::Revised, EventKind::Revised]);
    assert_eq!(w.doc().versions.iter().map(|v| v.version.as_str()).collect::<Vec<_>>(), ["0.9.0", "18.0.0", "18.0.1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Any order of arrival leaves the newest version current and all versions in order; a second pass is silence.
    #[test]
    fn order_of_arrival_does_not_matter(order in Just((0u32..12).collect::<Vec<_>>()).prop_shuffle(), spread in prop::collection::vec(0u32..6, 12)) {
        let (mut w, s) = (World::new(), source("IETF"));
        let rows: Vec<Entry> = (0..12).map(|n| row(&format!(r#"{{"body":"IETF","number":"draft-a-b-{n:02}","title":"Title {n}"}}"#))).collect();
        let mut at = 0;
        for (n, step) in order.iter().zip(&spread) {
            at += step;
            w.show(at, "dt", &s, &rows[*n as usize]);
        }
        prop_assert_eq!(w.doc().version.as_deref(), Some("11"));
        prop_assert_eq!(w.doc().title.as_str(), "Title 11");
        let got: Vec<String> = w.doc().versions.iter().map(|v| v.version.clone()).collect();
        prop_assert_eq!(got, (0..12).map(|n| format!("{n:02}")).collect::<Vec<_>>());
        let (before, count) = (w.doc().clone(), w.events.len());
        for n in &order {
            w.show(at + 1, "dt", &s, &rows[*n as usize]);
        }
        prop_assert_eq!(w.doc(), &before);
        prop_assert_eq!(w.events.len(), count);
    }
}

#[test]
fn a_new_version_at_another_stage_of_one_code_says_both() {
    let version = |v: &str, stage: &str| {
        row(&format!(
            r#"{{"body":"ETSI","number":"ETSI TS 104 999 V{v}","title":"Agents","stage":"{stage}","url":"https://etsi.example/9"}}"#
        ))
    };
    let mut w = World::new();
    w.show(0, "list", &source("ETSI"), &version("0.0.5", "Early draft V0.0.5"));
    w.show(1, "list", &source("ETSI"), &version("0.0.6", "Early draft V0.0.6"));
    assert_eq!(w.kinds(), [EventKind::Added, EventKind::Revised], "the figures alone moved");
    w.show(2, "list", &source("ETSI"), &version("0.0.7", "Stable draft"));
    assert_eq!(w.kinds()[2..], [EventKind::Revised, EventKind::Stage]);
    let stage = w.events.last().expect("the stage");
    assert_eq!((stage.from.as_deref(), stage.to.as_deref()), (Some("Early draft V0.0.6"), Some("Stable draft")));
}
