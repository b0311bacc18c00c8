//! Which events become lines, in which order, and that none is lost.

mod fixture;

use fixture::{World, at, document, empty, event, full, tie, when};
use monitor_digest::{CoverageClass, Edition, Form, What};
use monitor_model::{Axis, DocumentKey, EventKind, EvidenceLevel, Kind, Relevance, StageCode};

fn shown(e: &Edition) -> Vec<&str> {
    e.changes.iter().map(|c| c.document.as_str()).collect()
}

fn standard(key: &str, code: StageCode) -> monitor_model::Document {
    document(key, "ETSI", Some(key), key, ("the body's word", code), "prompt-injection")
}

fn adds_up(w: &World, e: &Edition) {
    let l = e.method.left_out;
    let all =
        e.changes.len() + l.not_relevant + l.old_newly_watched + l.undated_newly_watched + l.dated_ahead + l.same_work + l.also_reported;
    assert_eq!(all, w.events.len(), "every event is a line or counted: {l:?}");
    assert_eq!(e.method.events, w.events.len());
}

#[test]
fn old_documents_are_not_sold_as_new() {
    for (date, backfill, is_shown) in [
        (Some("2026-10-12"), false, true),
        (Some("2026-10-12"), true, true),
        (Some("2026-10"), true, true),
        (Some("2026-09-20"), false, true),  // listed some days late
        (Some("2026-09-20"), true, false),  // it was there before we looked
        (Some("2024-03-01"), false, false), // an old one, newly shown
        (Some("2024-03-01"), true, false),
        (Some("2026"), true, false), // a year alone says nothing about October
        (Some("2026"), false, true),
        (Some("2019"), false, false),
        (None, true, false),
        (None, false, true),
        (Some("2027-05-01"), true, false),
    ] {
        let mut w = empty();
        w.add(standard("a", StageCode::Published), EventKind::Added, date).backfill = backfill;
        let e = w.compose();
        assert_eq!(!e.changes.is_empty(), is_shown, "{date:?} backfill {backfill}");
        adds_up(&w, &e);
    }
}

#[test]
fn a_change_of_stage_is_shown_whatever_its_date_and_says_so() {
    let mut w = empty();
    w.add(standard("a", StageCode::Published), EventKind::Stage, Some("2025-01-01")).from = Some("On Approval".into());
    let e = w.compose();
    assert_eq!((shown(&e), e.changes[0].what), (vec!["a"], What::Published));
    assert_eq!(e.changes[0].date, "published 2025-01-01; change seen 2026-10-12");
    assert!(e.glance[1].text.ends_with("Dated before the period and seen to change in it: 1."));
    assert_eq!(e.headlines[0].points, 1, "published 5, older than the window -2, a title without AI -2");
}

#[test]
fn what_differs_when_sources_are_first_read_is_no_change() {
    for (date, is_shown) in [(Some("2026-10-12"), true), (Some("2024-03-01"), false), (Some("2026"), false), (None, false)] {
        for kind in [EventKind::Stage, EventKind::Title, EventKind::Date, EventKind::Revised] {
            let mut w = empty();
            let e = w.add(standard("a", StageCode::Published), kind, date);
            (e.backfill, e.from, e.to) = (true, Some("60.00".into()), Some("40.99".into()));
            let e = w.compose();
            assert_eq!(!e.changes.is_empty(), is_shown, "{kind:?} {date:?}");
            adds_up(&w, &e);
        }
    }
}

#[test]
fn a_draft_that_is_first_met_in_a_later_version_is_no_new_draft() {
    for (number, code, what) in [
        ("draft-ietf-x-05", StageCode::Unknown, What::Revised),
        ("draft-ietf-x-05", StageCode::Draft, What::Revised),
        ("draft-ietf-x-00", StageCode::Draft, What::NewDraft),
        ("draft-ietf-x-00", StageCode::Unknown, What::NewDraft),
        ("draft-ietf-x", StageCode::Draft, What::NewDraft),
        ("TS 104 223-05", StageCode::Draft, What::NewDraft),
    ] {
        let mut w = empty();
        let mut d = standard("a", code);
        d.number = Some(number.into());
        w.add(d, EventKind::Added, Some("2026-10-12"));
        assert_eq!(w.compose().changes[0].what, what, "{number} {code:?}");
    }
}

#[test]
fn a_line_never_says_more_than_is_so() {
    for (reached, now, what) in [
        (StageCode::Published, StageCode::Draft, What::Stage),
        (StageCode::Published, StageCode::Approval, What::Approval),
        (StageCode::Consultation, StageCode::Published, What::Stage),
        (StageCode::Approval, StageCode::Unknown, What::Approval),
        (StageCode::Published, StageCode::Published, What::Published),
    ] {
        let mut w = empty();
        let e = w.add(standard("a", now), EventKind::Stage, Some("2026-10-12"));
        (e.stage, e.from) = (reached, Some("before".into()));
        assert_eq!(w.compose().changes[0].what, what, "{reached:?} {now:?}");
    }
}

#[test]
fn a_copy_that_leads_to_somebody_elses_page_is_hearsay() {
    for (url, evidence, by) in [
        ("https://blog.example.net/etsi-news", EvidenceLevel::Mirror, Some("blog.example.net")),
        ("https://www.blog.example.net/x", EvidenceLevel::Mirror, Some("blog.example.net")),
        ("https://portal.example.org/etsi/1", EvidenceLevel::Mirror, None), // a declared source's house
        ("https://www.etsi.test/deliver/1", EvidenceLevel::Mirror, None),   // the body's own name
        ("https://www.cyber.gov.test/1", EvidenceLevel::Mirror, Some("cyber.gov.test")), // ETSI is no government
        ("", EvidenceLevel::Mirror, Some("ETSI list")),                     // nobody can look it up
        ("https://blog.example.net/etsi-news", EvidenceLevel::Primary, None), // its declaration says so
    ] {
        let mut w = full();
        w.events.clear();
        let mut d = standard("test/said", StageCode::Published);
        (d.url, d.evidence) = (url.to_owned(), evidence);
        d.sightings[0].url = url.to_owned();
        w.add(d, EventKind::Added, Some("2026-10-12"));
        let e = w.compose();
        let line = &e.changes[0];
        assert_eq!(line.unconfirmed.as_deref(), by.map(|b| format!("reported by {b}, not confirmed by ETSI")).as_deref(), "{url}");
        assert_eq!(e.headlines.is_empty(), by.is_some(), "{url}: hearsay is no headline");
        assert_eq!(line.evidence == EvidenceLevel::Secondary, by.is_some());
    }
}

#[test]
fn an_english_title_has_that_of_its_source_beside_it() {
    for (lang, extra, want) in [
        (Some("zh"), ("title_en", "Security test of AI"), ("Security test of AI", Some("en"), Some("人工智能安全测试"))),
        (Some("zh"), ("other", "x"), ("人工智能安全测试", Some("zh"), None)),
        (Some("zh"), ("title_en", "人工智能安全测试"), ("人工智能安全测试", Some("zh"), None)),
        (Some("en"), ("title_zh", "安全"), ("人工智能安全测试", Some("en"), Some("安全"))),
    ] {
        let mut w = empty();
        let mut d = standard("a", StageCode::Published);
        (d.title, d.lang) = ("人工智能安全测试".into(), lang.map(str::to_owned));
        d.extra = vec![(extra.0.into(), extra.1.into())];
        w.add(d, EventKind::Added, Some("2026-10-12"));
        let line = &w.compose().changes[0];
        assert_eq!((line.title.as_str(), line.lang.as_deref(), line.title_also.as_deref()), want, "{lang:?} {extra:?}");
    }
}

#[test]
fn each_of_the_ten_questions_is_answered_with_a_link_or_a_rule() {
    let mut w = full();
    w.form = monitor_digest::Form::Td;
    let e = w.compose();
    assert_eq!(e.answers.iter().map(|a| a.number).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    for a in &e.answers {
        assert_eq!(a.answer, a.pieces.iter().map(|p| p.text.as_str()).collect::<String>());
        let linked = a.pieces.iter().any(|p| p.url.starts_with("https://"));
        assert!(!a.rule.is_empty() && !a.section.is_empty() && a.answer.ends_with('.'), "{a:?}");
        // The ninth has nothing behind it in this world, the tenth counts.
        assert_eq!(linked, a.number < 9, "{a:?}");
    }
    let none = World { form: monitor_digest::Form::Td, ..empty() }.compose();
    assert!(none.answers.iter().all(|a| !a.rule.is_empty() && a.pieces.iter().all(|p| p.url.is_empty())));
    assert!(none.answers[0].answer.contains("None found in the sources read"));
}

#[test]
fn what_was_published_before_is_not_published_again() {
    for from in ["Published March 2023", "the body's word"] {
        let mut w = empty();
        w.add(standard("a", StageCode::Published), EventKind::Stage, Some("2026-10-05")).from = Some(from.into());
        assert_eq!(w.compose().changes[0].what, What::Stage, "{from}");
    }
}

#[test]
fn a_paper_is_not_tied_to_a_standard_by_its_own_number() {
    let mut w = empty();
    let mut d = standard("arxiv/2610.00001", StageCode::Unknown);
    (d.kind, d.number) = (Kind::Paper, Some("2610.00001v2".into()));
    w.add(d, EventKind::Revised, Some("2026-10-05"));
    let e = w.compose();
    assert!(e.changes.is_empty());
    assert_eq!(e.also_reported.items.len(), 1);
    adds_up(&w, &e);
}

#[test]
fn a_body_whose_sources_fail_is_not_read_and_nothing_found() {
    let mut w = full();
    w.form = monitor_digest::Form::Map;
    w.landscape.cells.retain(|c| c.body != "ISO/IEC");
    let map = w.compose().map.expect("a map");
    assert!(!map.none_found.contains(&"ISO/IEC".to_owned()));
    assert!(map.not_read.contains(&"ISO/IEC (the last fetch failed)".to_owned()), "{:?}", map.not_read);
    assert!(map.none_found.contains(&"OASIS".to_owned()));
}

#[test]
fn one_line_per_work() {
    let w = full();
    let e = w.compose();
    let works: std::collections::BTreeSet<&DocumentKey> = e.changes.iter().map(|c| &c.work).collect();
    assert_eq!(works.len(), e.changes.len());
    let twin = e.changes.iter().find(|c| c.work.as_str() == "etsi/ts-199-001").expect("the work");
    assert_eq!(twin.document.as_str(), "etsi/ts-199-001", "what everybody can read goes before what is for sale");
    let also: Vec<&str> = twin.also_at.iter().map(|a| a.label.as_str()).collect();
    assert_eq!(also, ["relaton", "ISO/IEC 199001"]);
    assert!(twin.also_changed.iter().any(|c| c.contains("title changed from “Old name”")), "{:?}", twin.also_changed);
    adds_up(&w, &e);
}

#[test]
fn a_draft_that_became_a_standard_is_the_standard() {
    let mut w = empty();
    let mut draft = standard("draft", StageCode::Expired);
    draft.work = "draft".into();
    w.add(draft, EventKind::Stage, Some("2026-10-10"));
    let mut rfc = standard("rfc", StageCode::Published);
    rfc.work = "draft".into();
    w.add(rfc, EventKind::Added, Some("2026-10-09"));
    let e = w.compose();
    assert_eq!((shown(&e), e.changes[0].what), (vec!["rfc"], What::Published));
}

#[test]
fn a_document_that_was_published_and_then_withdrawn_is_withdrawn() {
    let mut w = empty();
    let d = standard("a", StageCode::Withdrawn);
    let published = monitor_model::Event {
        stage: StageCode::Published,
        at: at("2026-10-05T00:00:00Z"),
        ..event(&d, EventKind::Stage, Some("2026-10-05"))
    };
    w.add(d, EventKind::Withdrawn, Some("2026-10-20"));
    w.events.insert(0, published);
    let e = w.compose();
    assert_eq!((e.changes.len(), e.changes[0].what, e.changes[0].section.as_str()), (1, What::Withdrawn, "ended"));
}

#[test]
fn news_need_a_standards_link() {
    let mut w = empty();
    for (key, number, tied) in
        [("a", None, false), ("b", Some("ETSI TS 1"), false), ("c", None, true), ("d", Some("Tech recap 2026-04"), false)]
    {
        let mut d = standard(key, StageCode::Unknown);
        d.kind = Kind::News;
        d.number = number.map(str::to_owned);
        if tied {
            tie(&mut d, "etsi/ts-1");
        }
        w.add(d, EventKind::Added, Some("2026-10-02"));
    }
    let e = w.compose();
    assert_eq!(shown(&e).len(), 2);
    assert_eq!(e.also_reported.items.iter().map(|r| r.document.as_str()).collect::<Vec<_>>(), ["a", "d"]);
    adds_up(&w, &e);
}

#[test]
fn the_also_reported_are_capped_with_a_count() {
    let mut w = empty();
    for i in 0..47 {
        let mut d = standard(&format!("n{i:02}"), StageCode::Unknown);
        (d.kind, d.number) = (Kind::Paper, None);
        w.add(d, EventKind::Added, Some("2026-10-02"));
    }
    let e = w.compose();
    assert_eq!((e.also_reported.items.len(), e.also_reported.rest), (40, 7));
    assert!(e.also_reported.command.starts_with("monitor events --since 2026-10-01"));
}

#[test]
fn what_is_not_relevant_or_set_aside_is_counted_not_shown() {
    let mut w = empty();
    let mut other = standard("a", StageCode::Published);
    other.relevance = Relevance::AiOnly;
    w.add(other, EventKind::Stage, None);
    let mut aside = standard("b", StageCode::Published);
    aside.ignored = Some("duplicate of c".into());
    w.add(aside, EventKind::Stage, None);
    w.events.push(event(&standard("gone from the store", StageCode::Published), EventKind::Stage, None));
    let e = w.compose();
    assert!(e.changes.is_empty());
    assert_eq!(e.method.left_out.not_relevant, 3);
    adds_up(&w, &e);
}

#[test]
fn order_is_published_approval_consultation_new_work_draft_and_ends_last() {
    let mut w = empty();
    for (key, code, kind) in [
        ("withdrawn", StageCode::Withdrawn, EventKind::Withdrawn),
        ("revised", StageCode::Draft, EventKind::Revised),
        ("new", StageCode::NewWork, EventKind::Added),
        ("comment", StageCode::Consultation, EventKind::Stage),
        ("ballot", StageCode::Approval, EventKind::Stage),
        ("out", StageCode::Published, EventKind::Stage),
    ] {
        w.add(standard(key, code), kind, Some("2026-10-05"));
    }
    let mut other = standard("later framing", StageCode::Published);
    other.axes = vec![Axis::AiForSecurity];
    w.add(other, EventKind::Stage, Some("2026-10-05"));
    let e = w.compose();
    assert_eq!(shown(&e), ["out", "ballot", "comment", "new", "revised", "later framing", "withdrawn"]);
    assert_eq!(
        e.sections.iter().map(|s| (s.id.as_str(), s.count)).collect::<Vec<_>>(),
        [("securing-ai", 5), ("ai-for-security", 1), ("ended", 1)]
    );
}

#[test]
fn secondary_evidence_may_alert_and_never_leads() {
    let mut w = empty();
    let mut d = standard("a", StageCode::Approval);
    d.evidence = EvidenceLevel::Secondary;
    w.add(d, EventKind::Stage, Some("2026-10-05"));
    let e = w.compose();
    assert_eq!(e.changes[0].unconfirmed.as_deref(), Some("reported by etsi-list, not confirmed by ETSI"));
    assert!(e.headlines.is_empty());
}

#[test]
fn what_is_on_ai_alone_stands_beside_the_subject_and_is_counted_nowhere() {
    let mut w = full();
    w.form = Form::Td;
    let mut trade = w.documents.iter().find(|d| d.document.as_str() == "itu-t/f.test").expect("the text on agents").clone();
    trade.document = "itu-t/f.trade".into();
    trade.work = trade.document.clone();
    trade.title = "AI agents for hospitals and medical records".into();
    let mut over = trade.clone();
    over.document = "itu-t/f.over".into();
    over.work = over.document.clone();
    over.title = "AI agents of old".into();
    over.stage = Some(monitor_model::Stage { raw: "Superseded".into(), code: StageCode::Superseded, date: None });
    w.documents.extend([trade, over]);
    let e = w.compose();
    let names: Vec<&str> = e.beside.iter().flat_map(|b| &b.items).map(|r| r.document.as_str()).collect();
    assert_eq!(names, ["itu-t/f.test"], "one trade's text and what is superseded are left out");
    assert!(e.map.expect("a map").rows.iter().all(|r| r.item.document.as_str() != "itu-t/f.test"));
    assert!(e.changes.iter().all(|c| c.document.as_str() != "itu-t/f.test"));
    w.form = Form::Mail;
    assert!(w.compose().beside.is_empty(), "one screen has no room for it");
}

#[test]
fn headlines_are_three_by_points_and_one_per_body() {
    let e = full().compose();
    let h: Vec<(&str, u32)> = e.headlines.iter().map(|h| (h.document.as_str(), h.points)).collect();
    assert_eq!(h[0], ("etsi/ts-199-001", 8), "published 5 and counterpart of X.sgTest 3");
    assert_eq!(h.len(), 3);
    for h in &e.headlines {
        let sum: i64 = h.reckoning.split([' ', ';']).filter_map(|w| w.parse::<i64>().ok()).sum();
        assert_eq!(sum, i64::from(h.points), "a reader can add it up: {}", h.reckoning);
        assert!(h.why.split_whitespace().count() <= 25, "{}", h.why);
    }
    assert!(e.headlines[0].why.contains("X.sgTest"));
}

#[test]
fn an_internet_draft_is_never_a_standard() {
    for (number, code, want) in [
        ("draft-test-agent-03", StageCode::Draft, "individual Internet-Draft, not an IETF standard"),
        ("draft-test-agent-03", StageCode::Expired, "expired individual Internet-Draft, not an IETF standard"),
        ("draft-ietf-wimse-arch-01", StageCode::Draft, "working-group Internet-Draft, not yet an RFC"),
        ("draft-irtf-cfrg-x-01", StageCode::Draft, "IRTF research-group Internet-Draft, not an IETF standard"),
    ] {
        let mut w = empty();
        w.add(document("d", "IETF", Some(number), "T", ("I-D Exists", code), "agent-identity"), EventKind::Revised, Some("2026-10-02"));
        let e = w.compose();
        assert_eq!(e.changes[0].status.note.as_deref(), Some(want));
    }
}

#[test]
fn every_line_says_why_which_date_and_for_whom() {
    let e = full().compose();
    for c in &e.changes {
        assert!(c.why.starts_with("matched “test term” in the title → "), "{}", c.why);
        assert!(!c.date.is_empty() && !c.questions.is_empty() && !c.url.is_empty() && !c.hash.is_empty());
        assert!(c.axes.is_empty() || e.labels.contains_key(c.axes[0].as_str()));
    }
    let by = |k: &str| e.changes.iter().find(|c| c.document.as_str() == k).expect("shown");
    assert_eq!(by("etsi/ts-199-001").date, "published 2026-10-12");
    assert_eq!(by("iso/199002").date, "change seen 2026-10-30; ISO/IEC gives no date");
    assert_eq!(by("ietf/draft-test-agent").questions, ["Q7/17"]);
}

#[test]
fn an_items_own_question_goes_before_our_table() {
    let mut w = empty();
    let mut d = standard("itu-t/x", StageCode::Draft);
    (d.body, d.group) = ("ITU-T".into(), Some("SG17 Q2/17".into()));
    w.add(d, EventKind::Revised, None);
    let c = &w.compose().changes[0];
    assert_eq!((c.questions.as_slice(), c.question_named), (["Q2/17".to_owned()].as_slice(), true));
}

#[test]
fn dates_ahead_only_and_sorted() {
    let mut w = empty();
    for (key, date) in [("past", "2026-10-31"), ("late", "2026-12-24"), ("soon", "2026-11-02T17:00:00Z"), ("month", "2026-11")] {
        let mut d = standard(key, StageCode::Consultation);
        d.deadline = Some(when(date));
        w.documents.push(d);
    }
    let e = w.compose();
    let words: Vec<&str> = e.deadlines.iter().map(|d| d.words.as_str()).collect();
    assert_eq!(words, ["2026-11-02 17:00 UTC", "2026-11", "2026-12-24"]);
    assert!(e.calendar_note.is_some_and(|n| n.contains("No ITU-T SG17 plenary after 2026-06-10")));
}

#[test]
fn counted_deadlines_carry_rule_and_source() {
    let mut w = empty();
    w.as_of = at("2026-03-31T00:00:00Z");
    let e = w.compose();
    assert_eq!(e.calendar_note, None);
    let report = e.deadlines.iter().find(|d| d.kind == "cg-report").expect("the report's deadline");
    assert_eq!(report.date.to_string(), "2026-05-01");
    assert!(report.basis.contains("1 month before 2026-06-01") && report.basis.contains("terms of reference"), "{}", report.basis);
}

#[test]
fn coverage_lists_every_source_and_never_read_is_not_nothing_new() {
    let e = full().compose();
    assert_eq!(e.coverage.len(), 5);
    assert_eq!(e.coverage[0].class, CoverageClass::Failed);
    let cta = e.coverage.iter().find(|c| c.body == "CTA").expect("listed");
    assert_eq!((cta.class, cta.status.as_str()), (CoverageClass::NotRead, "never read"));
    assert!(cta.remarks.iter().any(|r| r.starts_with("robots.txt is not asked: the body asked us to")));
    assert_eq!(
        e.glance.iter().find(|g| g.id == "unread").map(|g| g.text.as_str()),
        Some("2 of 5 sources read; failed or stale: ISO/IEC list (blocked); not read: 2 (1 need a login, 1 not tried yet).")
    );
    assert!(e.glance.len() <= 12);
}

#[test]
fn without_a_look_at_home_no_gap_is_claimed() {
    let mut w = full();
    w.coverage.retain(|c| c.body != "ITU-T");
    w.documents.retain(|d| d.body != "ITU-T");
    let e = w.compose();
    assert!(e.gaps.is_empty());
    assert!(e.searched.contains("No source of ITU-T was read"), "{}", e.searched);
    assert!(e.headlines.iter().all(|h| !h.why.contains("no item of")));
}

#[test]
fn an_empty_month_is_said_to_be_empty() {
    let e = empty().compose();
    assert!(e.changes.is_empty() && e.headlines.is_empty() && e.sections.is_empty());
    assert_eq!(e.glance[0].text, "Events from 2026-10-01 to 2026-10-31; no source was read.");
}
