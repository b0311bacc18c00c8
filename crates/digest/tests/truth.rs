//! What an edition must never say: more than is so, our own letters as news, a sale as a standard.

mod fixture;

use std::collections::BTreeMap;

use fixture::{World, at, document, empty, full, when};
use monitor_digest::{Edition, Form, Format, Templates, What, render};
use monitor_landscape::{Counterpart, OptionRow, Relation, Verb, Why};
use monitor_model::{Document, EventKind, EvidenceLevel, Kind, Stage, StageCode};

fn text(e: &Edition) -> String {
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    let file = render(e, Format::Txt, &templates).expect("rendered");
    String::from_utf8(file.bytes).expect("UTF-8").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn one(d: Document, kind: EventKind, date: Option<&str>) -> Edition {
    let mut w = empty();
    w.add(d, kind, date);
    w.compose()
}

fn draft(key: &str, number: &str, title: &str, published: &str) -> Document {
    let mut d = document(key, "IETF", Some(number), title, ("Internet-Draft", StageCode::Draft), "agent-identity");
    d.published = published.parse().ok();
    d.evidence = EvidenceLevel::Mirror;
    d
}

#[test]
fn open_for_comment_needs_a_day_ahead() {
    for (raw, deadline, what, said) in [
        ("comment period 2026-01-08 to 2026-03-09, closed", None, What::PublicDraft, "public draft, comment period closed"),
        ("public comments 2026-09-01 to 2026-10-30", None, What::PublicDraft, "public draft, comment period closed"),
        ("draft-public (ipd)", None, What::PublicDraft, "public draft, comment date not stated"),
        ("draft-public (ipd)", Some("2026-10-15"), What::PublicDraft, "public draft, comment period closed"),
        ("draft-public (ipd)", Some("2026-12-01"), What::Consultation, "open for comment"),
        ("open until 2026-12-01", None, What::Consultation, "open for comment"),
    ] {
        let mut d =
            document("nist/1", "NIST", Some("NIST IR 1 ipd"), "A profile for agents", (raw, StageCode::Consultation), "agent-identity");
        d.deadline = deadline.map(when);
        let e = one(d, EventKind::Added, Some("2026-10-09"));
        let c = &e.changes[0];
        assert_eq!(c.what, what, "{raw} {deadline:?}");
        assert!(c.said.starts_with(said), "{}", c.said);
        let open = what == What::Consultation;
        assert_eq!(text(&e).contains("open for comment"), open, "{raw} {deadline:?}");
        assert_eq!(e.deadlines.iter().any(|d| d.kind == "comment"), open);
    }
}

#[test]
fn the_day_beside_expired_is_that_of_the_lapse_and_not_of_the_draft() {
    let mut d = draft("ietf/a", "draft-ni-a2a-01", "Security requirements for agents", "2026-04-10");
    d.stage = Some(Stage { raw: "expired by now unless renewed".into(), code: StageCode::Expired, date: None });
    let mut w = empty();
    w.since = at("2026-04-01T00:00:00Z");
    w.add(d.clone(), EventKind::Added, Some("2026-04-10"));
    let e = w.compose();
    assert_eq!((e.changes[0].what, e.changes[0].date.as_str()), (What::Expired, "expired 2026-10-12 (185 days after 2026-04-10)"));
    // A later list calls it expired; on this day it was not.
    d.published = Some(when("2026-10-05"));
    let e = one(d, EventKind::Added, Some("2026-10-05"));
    let c = &e.changes[0];
    assert!(!c.what.is_end() && c.status.note.as_deref().is_some_and(|n| n.contains("lapses 2027-04-08")), "{c:?}");
    assert!(!c.status.words.contains("expired"), "{}", c.status.words);
}

#[test]
fn a_lapsed_draft_is_marked_whatever_its_list_calls_it() {
    let mut w = empty();
    let mut d = draft("ietf/a", "draft-song-dmsc-00", "Problem statement of agents", "2026-03-02");
    w.form = Form::Map;
    w.documents.push(d.clone());
    let of = |w: &World| w.compose().map.expect("a map").rows[0].item.status.clone();
    assert!(of(&w).lapsed && of(&w).note.is_some_and(|n| n.contains("past its 185 days (2026-09-03)")));
    d.evidence = EvidenceLevel::Primary;
    w.documents = vec![d];
    assert!(!of(&w).lapsed, "the body, read since, says that it is active");
}

#[test]
fn our_own_letter_is_sent_awaited_and_no_news() {
    let mut d = document(
        "ietf/l",
        "IETF",
        Some("liaison/2106"),
        "LS on the progress of the strategy",
        ("Posted", StageCode::Published),
        "agent-identity",
    );
    d.kind = Kind::Liaison;
    d.deadline = Some(when("2026-11-20"));
    d.extra = vec![("from".into(), "ITU-T-SG17".into()), ("to".into(), "IAB, IESG".into())];
    let mut w = empty();
    w.add(d.clone(), EventKind::Added, Some("2026-10-09"));
    let e = w.compose();
    assert!(e.headlines.is_empty());
    assert_eq!((e.changes[0].what, e.changes[0].issuer.as_str()), (What::Letter, "ITU-T-SG17 to IAB, IESG"));
    assert!(e.changes[0].said.contains("sent 2026-10-09"), "{}", e.changes[0].said);
    let line = e.deadlines.iter().find(|x| x.document.is_some()).expect("a date");
    assert_eq!((line.kind.as_str(), line.who.as_str()), ("awaited", "IAB, IESG"));
    w.form = Form::Flash;
    let flash = text(&w.compose());
    assert!(flash.contains("reply of IAB, IESG expected") && !flash.contains("reply due") && !flash.contains("For Q"), "{flash}");
    d.extra = vec![("from".into(), "IAB".into()), ("to".into(), "ITU-T-SG17".into())];
    let e = one(d, EventKind::Added, Some("2026-10-09"));
    assert_eq!(e.deadlines.iter().find(|x| x.document.is_some()).map(|x| x.kind.as_str()), Some("reply"));
    assert_eq!(e.headlines.len(), 1, "a letter to us is news");
}

#[test]
fn vendors_posts_and_incidents_stand_apart() {
    let mut w = empty();
    let mut vendor = document(
        "v/1",
        "Sells Ltd",
        Some("https://sells.example/2026/x/"),
        "Our model finds bugs",
        ("published", StageCode::Published),
        "agent-identity",
    );
    vendor.evidence = EvidenceLevel::Mirror;
    let mut post = document("a/1", "UK AISI", None, "How far behind", ("published", StageCode::Published), "agent-identity");
    post.url = "https://www.aisi.example/blog/how-far".into();
    let mut incident = document("m/1", "MITRE", Some("AML.CS0001"), "Evasion of a detector", ("", StageCode::Unknown), "agent-identity");
    incident.kind = Kind::Incident;
    for d in [vendor, post, incident] {
        w.add(d, EventKind::Added, Some("2026-10-12"));
    }
    let standard =
        document("e/1", "ETSI", Some("ETSI TS 1"), "A standard on agents", ("Published", StageCode::Published), "agent-identity");
    w.add(standard, EventKind::Added, Some("2026-10-12"));
    w.form = Form::Td;
    let e = w.compose();
    assert_eq!(e.changes.iter().map(|c| c.document.as_str()).collect::<Vec<_>>(), ["e/1"]);
    assert_eq!(e.headlines.len(), 1);
    assert_eq!(e.also_reported.items.len(), 3);
    let rows = &e.map.as_ref().expect("a map").rows;
    assert_eq!(rows.iter().filter(|r| r.apart).count(), 3);
    assert!(!rows[0].apart, "standards first");
    assert_eq!(e.also_reported.items.iter().filter(|r| r.number.as_deref().is_some_and(|n| n.contains("://"))).count(), 0);
    let body = text(&e);
    let (before, annexes) = body.split_once("Annex F: liaison statements; industry").expect("an annex of its own");
    let clauses = before.split("Annex A: landscape").next().unwrap_or_default();
    assert!(annexes.contains("Our model finds bugs") && !clauses.contains("Our model finds bugs"));
}

#[test]
fn one_text_that_is_listed_twice_is_one_line_with_both_links() {
    let mut w = empty();
    let title = "OWASP Top 10 for LLM Applications 2026";
    let a = document("o/1", "OWASP", Some("LLM Top 10 2026"), title, ("published", StageCode::Published), "prompt-injection");
    let b = document(
        "o/2",
        "OWASP",
        Some("LLM Top 10 2026 (folder 2026/final)"),
        title,
        ("in repository", StageCode::Unknown),
        "prompt-injection",
    );
    let c = document("o/3", "OWASP", Some("Other 7"), title, ("published", StageCode::Published), "prompt-injection");
    let old = draft("ietf/a", "draft-one-agents-00", "A protocol for trusted agents", "2026-10-05");
    let new = draft("ietf/b", "draft-two-agents-00", "A protocol for trusted agents", "2026-10-20");
    let later = draft("ietf/c", "draft-three-agents-00", "A protocol for trusted agents", "2025-01-20");
    for d in [a, b, c, old, new, later] {
        let date = d.published.map_or("2026-10-12".to_owned(), |w| w.to_string());
        w.add(d, EventKind::Added, Some(&date));
    }
    w.form = Form::Map;
    let e = w.compose();
    let keys: Vec<&str> = e.changes.iter().map(|c| c.document.as_str()).collect();
    assert_eq!(keys.len(), 3, "another number is another text, a draft of last year another draft: {keys:?}");
    let line = e.changes.iter().find(|c| c.document.as_str() == "o/1").expect("the numbered one");
    assert!(line.also_at.iter().any(|x| x.url.ends_with("/o/2")), "{:?}", line.also_at);
    let drafts = e.changes.iter().find(|c| c.body == "IETF").expect("a draft");
    assert!(drafts.also_at.iter().any(|x| x.label.contains("other name")), "{:?}", drafts.also_at);
    let rows = &e.map.as_ref().expect("a map").rows;
    assert_eq!(rows.len(), 4, "{:?}", rows.iter().map(|r| r.item.document.as_str()).collect::<Vec<_>>());
    assert!(rows.iter().any(|r| r.also_at.iter().any(|x| x.url.ends_with("/o/2"))));
}

#[test]
fn a_topic_whose_documents_overlap_an_item_is_no_gap_and_asks_for_no_new_item() {
    let mut w = full();
    w.landscape.counterparts.push(Counterpart {
        document: "itu-t/x.sgtest".into(),
        other: "ietf/draft-test-agent".into(),
        score: 0.5,
        relation: Relation::Overlaps,
        why: Why::default(),
        liaison_named: None,
        liaisons: Vec::new(),
    });
    w.landscape.options = vec![OptionRow {
        verb: Verb::Check,
        to: "IETF".into(),
        question: "Q7/17".into(),
        vehicle: "new work item check".into(),
        topic: Some("agent-identity".into()),
        by: None,
        evidence: vec!["ietf/draft-test-agent".into()],
    }];
    w.form = Form::Td;
    let e = w.compose();
    assert_eq!(e.gaps[0].nearest.first().and_then(|r| r.number.as_deref()), Some("X.sgTest"));
    assert!(e.options.is_empty(), "{:?}", e.options);
    let said = text(&e);
    assert!(said.contains("nearest: X.sgTest") && !said.contains("Work elsewhere, none found at"), "{said}");
    assert!(said.contains("liaison named: not known"), "nobody read a liaison field");
    w.landscape.counterparts.pop();
    assert!(w.compose().gaps[0].nearest.is_empty() && text(&w.compose()).contains("Work elsewhere, none found at"));
}

#[test]
fn an_option_shows_both_sides_and_none_goes_to_nobody() {
    let mut w = full();
    for i in 0..5 {
        let mut d = document(
            &format!("itu-t/x.{i}"),
            "ITU-T",
            Some(&format!("X.{i}")),
            "An item of ours on tests",
            ("under study", StageCode::Draft),
            "prompt-injection",
        );
        d.group = Some("SG17".into());
        w.documents.push(d);
    }
    let ours: Vec<_> = (0..5).map(|i| format!("itu-t/x.{i}").as_str().into()).collect();
    let row = |others: &[&str]| OptionRow {
        verb: Verb::Liaison,
        to: "ETSI TC SAI".into(),
        question: "Q7/17".into(),
        vehicle: "outgoing LS".into(),
        topic: None,
        by: None,
        evidence: ours.iter().cloned().chain(others.iter().map(|k| (*k).into())).collect(),
    };
    w.landscape.options = vec![row(&["etsi/ts-199-001"]), row(&["not/relevant"])];
    let e = w.compose();
    assert_eq!(e.options.len(), 1, "what names no document of theirs is no option");
    let keys: Vec<&str> = e.options[0].evidence.iter().map(|r| r.document.as_str()).collect();
    assert_eq!(keys, ["itu-t/x.0", "itu-t/x.1", "etsi/ts-199-001"]);
}

#[test]
fn what_waits_for_approval_is_not_said_to_be_nothing() {
    let mut w = full();
    w.approved = Some(BTreeMap::new());
    for form in [Form::Mail, Form::Td] {
        w.form = form;
        let e = w.compose();
        let said = text(&e);
        assert!(e.changes.is_empty() && !e.unreviewed.is_empty());
        assert!(said.contains("No reviewed change") && !said.contains("Nothing changed"), "{said}");
        let clauses = said.split("Annex A: landscape").next().unwrap_or_default();
        for c in &e.unreviewed {
            assert!(!e.coming.iter().any(|x| x.item.document == c.document), "{} may be published", c.document);
            assert!(!e.options.iter().any(|o| o.evidence.iter().any(|r| r.document == c.document)), "{} founds an option", c.document);
        }
        if form == Form::Td && e.items.iter().any(|i| i.others.iter().any(|o| o.there.waiting)) {
            assert!(clauses.contains("not reviewed yet"), "{clauses}");
        }
    }
}

#[test]
fn sources_that_were_first_read_after_the_window_say_nothing_of_it() {
    let mut w = full();
    w.events.clear();
    w.coverage.iter_mut().filter(|c| c.first_success.is_some()).for_each(|c| c.first_success = Some(at("2026-11-01T06:00:00Z")));
    let said = text(&w.compose());
    assert!(said.contains("first read on 2026-11-01, after it"), "{said}");
    assert!(said.contains("Health of sources:"));
    assert!(said.contains("X.sgTest"), "what is near is known all the same");
}

#[test]
fn a_ratio_that_could_as_well_be_one_is_no_rise() {
    let mut w = full();
    w.trends.topics[0].interval = Some([0.7, 9.0]);
    let e = w.compose();
    assert!(e.trends.lines.iter().all(|t| t.verdict == "term"));
    assert!(e.trends.note.contains("Not called rising or falling, since their interval holds 1: Agent identity"), "{}", e.trends.note);
}

#[test]
fn nothing_falls_because_a_file_ends() {
    let mut w = empty();
    for day in 1..20 {
        let mut d = document(
            &format!("c/{day}"),
            "ISO",
            Some(&format!("ISO {day}")),
            &format!("Text {day}"),
            ("", StageCode::Unknown),
            "agent-identity",
        );
        d.published = Some(when(&format!("2026-08-{day:02}")));
        d.sightings[0].source = "corpus".into();
        w.documents.push(d);
    }
    let falling = full().trends.topics[0].clone();
    w.trends.topics = vec![monitor_trends::Row { verdict: monitor_trends::Verdict::Falling, interval: Some([0.2, 0.6]), ..falling }];
    let e = w.compose();
    assert!(e.trends.lines.is_empty(), "{:?}", e.trends.lines);
    assert!(e.trends.note.contains("corpus: 2026-08-19"), "{}", e.trends.note);
    w.documents.iter_mut().for_each(|d| d.published = Some(when("2026-10-30")));
    assert_eq!(w.compose().trends.lines.len(), 1);
}

#[test]
fn a_calendar_without_a_date_still_holds_a_component() {
    let mut w = empty();
    w.calendar.meetings.clear();
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    let ics = String::from_utf8(render(&w.compose(), Format::Ics, &templates).expect("rendered").bytes).expect("UTF-8");
    assert!(ics.contains("BEGIN:VTIMEZONE\r\n") && ics.contains("END:VTIMEZONE\r\nEND:VCALENDAR"), "{ics}");
}

#[test]
fn english_stands_first_and_the_source_s_own_title_beside_it() {
    let mut d = document(
        "tc260/1",
        "SAC (China)",
        Some("TC260-001"),
        "人工智能安全标准体系",
        ("published", StageCode::Published),
        "agent-identity",
    );
    d.lang = Some("zh".into());
    d.extra = vec![("title_en".into(), "AI security standards system".into())];
    let e = one(d, EventKind::Added, Some("2026-10-12"));
    assert_eq!(
        (e.changes[0].title.as_str(), e.changes[0].title_also.as_deref()),
        ("AI security standards system", Some("人工智能安全标准体系"))
    );
    assert!(text(&e).contains("AI security standards system [人工智能安全标准体系]"));
}

#[test]
fn a_matrix_says_which_bodies_were_read_in_part_and_vendors_share_a_column() {
    let mut w = full();
    w.form = Form::Map;
    let failed = w.coverage.iter().position(|c| c.body == "ETSI").map(|at| w.coverage[at].clone()).expect("ETSI's source");
    w.coverage.push(monitor_digest::SourceCoverage { id: "etsi-off".into(), enabled: false, ..failed });
    w.landscape.bodies.push("Sells Ltd".into());
    w.documents.push(document(
        "v/1",
        "Sells Ltd",
        None,
        "A text of a vendor on agents",
        ("published", StageCode::Published),
        "agent-identity",
    ));
    w.landscape.cells.push(monitor_landscape::Cell {
        topic: "agent-identity".into(),
        body: "Sells Ltd".into(),
        stages: BTreeMap::from([(StageCode::Published, 1)]),
        home: 0,
        documents: vec!["v/1".into()],
    });
    let e = w.compose();
    let map = e.map.as_ref().expect("a map");
    assert_eq!(map.partly.get("ETSI").map(String::as_str), Some("1 of 2 sources"));
    assert_eq!(map.columns.iter().flatten().last().map(String::as_str), Some("Vendors"));
    assert!(text(&e).contains("Read in part (*): ETSI: 1 of 2 sources"));
}

#[test]
fn a_request_for_information_is_no_draft_and_no_news_when_it_is_over() {
    let closed = ("comment period 2026-10-02 to 2026-10-30, closed", StageCode::Consultation);
    let d = document("nist/1", "NIST", Some("NIST-2025-0035"), "Request for information: agents", closed, "agent-identity");
    let e = one(d, EventKind::Added, Some("2026-10-09"));
    assert_eq!((e.changes[0].what, e.changes[0].status.note.as_deref()), (What::New, None));
    assert!(e.headlines.is_empty() && !text(&e).contains("draft of NIST"));
    let d = document("nist/2", "NIST", None, "AI Agent Standards Initiative", ("launched", StageCode::NewWork), "agent-identity");
    assert_eq!(one(d, EventKind::Added, Some("2026-10-09")).changes[0].status.note, None);
}

#[test]
fn what_leads_to_another_body_or_to_a_home_page_is_hearsay() {
    let mut w = full();
    let at = |key: &str, url: &str| {
        let mut d = document(key, "NIST", Some("NIST IR 7"), "A profile", ("Final", StageCode::Published), "prompt-injection");
        (d.evidence, d.url) = (EvidenceLevel::Mirror, url.into());
        d.sightings[0].url = url.into();
        d
    };
    for (url, want) in [
        ("https://etsi-list.example.org/nist-note", EvidenceLevel::Secondary),
        ("https://doi.org/10.6028/NIST.IR.7", EvidenceLevel::Mirror),
        ("https://csrc.nist.gov/pubs/ir/7/final", EvidenceLevel::Mirror),
        ("https://www.nist.gov/", EvidenceLevel::Secondary),
    ] {
        w.documents.retain(|d| d.document.as_str() != "nist/7");
        w.events.retain(|e| e.document.as_str() != "nist/7");
        w.add(at("nist/7", url), EventKind::Added, Some("2026-10-09"));
        let e = w.compose();
        let c = e.changes.iter().find(|c| c.document.as_str() == "nist/7").expect("a line");
        assert_eq!(c.evidence, want, "{url}");
        assert_eq!(c.unconfirmed.is_some(), want == EvidenceLevel::Secondary, "{url}");
        assert!(want != EvidenceLevel::Secondary || e.headlines.iter().all(|h| h.document != c.document), "{url}");
    }
    // One page of its body among those that were seen is enough, and is the one to follow.
    let mut d = at("nist/8", "https://etsi-list.example.org/nist-note");
    d.sightings.push(monitor_model::Sighting { url: "https://csrc.nist.gov/pubs/ir/8".into(), ..d.sightings[0].clone() });
    w.add(d, EventKind::Added, Some("2026-10-09"));
    let e = w.compose();
    let c = e.changes.iter().find(|c| c.document.as_str() == "nist/8").expect("a line");
    assert_eq!((c.evidence, c.url.as_str()), (EvidenceLevel::Mirror, "https://csrc.nist.gov/pubs/ir/8"));
}

#[test]
fn an_option_rests_on_more_than_hearsay_and_a_group_gets_one() {
    let mut w = full();
    let row = |to: &str, vehicle: &str, evidence: &[&str]| OptionRow {
        verb: Verb::Liaison,
        to: to.into(),
        question: "Q7/17".into(),
        vehicle: vehicle.into(),
        topic: None,
        by: None,
        evidence: evidence.iter().map(|k| (*k).into()).collect(),
    };
    let mut arms = document(
        "ieee/1",
        "IEEE",
        Some("IEEE Std 1"),
        "Decisions in defense applications",
        ("Active", StageCode::Published),
        "prompt-injection",
    );
    arms.url = "https://standards.ieee.org/1".into();
    w.documents.push(arms);
    w.landscape.options = vec![
        row("ETSI TC SAI", "outgoing LS", &["itu-t/x.sgtest", "etsi/ts-199-001"]),
        row("ETSI TC SAI", "A.5 reference", &["itu-t/x.sgtest", "etsi/ts-199-001"]),
        row("ISO/IEC", "outgoing LS", &["itu-t/x.sgtest", "iso/199002"]),
        row("IEEE", "reference", &["itu-t/x.sgtest", "ieee/1"]),
    ];
    let to: Vec<String> = w.compose().options.into_iter().map(|o| o.to).collect();
    assert_eq!(to, ["ETSI TC SAI"]);
}

#[test]
fn news_of_a_work_is_in_the_news_and_no_second_place_of_it() {
    let mut w = full();
    let mut post = document("etsi/blog", "ETSI", None, "ETSI publishes a baseline", ("", StageCode::Unknown), "prompt-injection");
    (post.kind, post.work, post.url) = (Kind::News, "etsi/ts-199-001".into(), "https://etsi-list.example.org/newsroom/1".into());
    w.add(post, EventKind::Added, Some("2026-10-13"));
    let standard = w.documents.iter_mut().find(|d| d.document.as_str() == "etsi/ts-199-001").expect("the standard");
    let seen = monitor_model::Sighting { url: "https://www.example.net/blog/baseline".into(), ..standard.sightings[0].clone() };
    standard.sightings.push(seen);
    let e = w.compose();
    let line = e.changes.iter().find(|c| c.document.as_str() == "etsi/ts-199-001").expect("a line");
    let urls = |list: &[monitor_digest::Also]| list.iter().map(|a| a.url.clone()).collect::<Vec<_>>();
    assert_eq!(urls(&line.in_the_news), ["https://www.example.net/blog/baseline", "https://etsi-list.example.org/newsroom/1"]);
    assert!(urls(&line.also_at).iter().all(|u| !u.contains("newsroom") && !u.contains("blog")), "{:?}", line.also_at);
}

#[test]
fn versions_of_one_text_and_entries_of_one_list_count_once_and_are_not_merged() {
    let mut w = empty();
    let of = |key: &str, number: &str, title: &str| {
        document(key, "OWASP", Some(number), title, ("released", StageCode::Published), "prompt-injection")
    };
    for d in [
        of("o/a", "AICM v1", "Matrix of controls for artificial intelligence"),
        of("o/b", "AICM v1.1", "Matrix of controls for artificial intelligence v1.1"),
        of("o/l", "Agentic Top 10 (ASI01-ASI03)", "Top ten for agents"),
        of("o/1", "ASI01", "Goal hijack"),
        of("o/2", "ASI02", "Misuse of tools"),
        of("o/3", "ASI03", "Abuse of identity"),
        of("o/p", "OG 7-1", "Tests of models of artificial intelligence: Part 1"),
        of("o/r", "OG TR 33.784", "Study of security aspects of networks that learn"),
        of("o/s", "OG TR 33.785", "Study of security aspects of networks that learn, phase 2"),
        of("o/q", "OG 7-2", "Tests of models of artificial intelligence: Part 2"),
    ] {
        w.add(d, EventKind::Added, Some("2026-10-09"));
    }
    w.form = Form::Map;
    let e = w.compose();
    assert_eq!(e.changes.len(), 6, "{:?}", e.changes.iter().map(|c| c.document.as_str()).collect::<Vec<_>>());
    assert!(e.glance.iter().any(|g| g.text.starts_with("6 items changed")));
    let pairs: Vec<_> = e.merge_candidates.iter().map(|m| (m.a.document.as_str(), m.b.document.as_str())).collect();
    assert_eq!(pairs, [("o/a", "o/b")]);
    assert_eq!(e.merge_candidates[0].command, "monitor merge 'o/a' 'o/b'");
    assert_eq!(e.map.expect("a map").rows.len(), 10, "each keeps its row");
}

#[test]
fn terms_of_reference_and_texts_of_questions_are_no_items() {
    let mut w = full();
    for (key, number, title) in
        [("itu-t/q16", "Q16/17", "Security of artificial intelligence"), ("itu-t/tor", "FG-X ToR", "Focus group on identities of agents")]
    {
        let mut d = document(key, "ITU-T", Some(number), title, ("in force", StageCode::Published), "prompt-injection");
        d.group = Some("SG17".into());
        w.documents.push(d);
    }
    for form in [Form::Mail, Form::Td] {
        w.form = form;
        let e = w.compose();
        assert_eq!((e.items.len(), e.paired, e.home_items), (1, 1, 1));
    }
    assert!(text(&w.compose()).contains("counterparts of 1 of 1 item of ITU-T SG17"));
}
