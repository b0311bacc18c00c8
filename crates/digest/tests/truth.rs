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
            document("nist/1", "NIST", Some("NIST-2025-0035"), "Request for information", (raw, StageCode::Consultation), "agent-identity");
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
    let (before, annexes) = body.split_once("Annex F: industry").expect("an annex of its own");
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
    assert!(e.trends.note.contains("corpus ends 2026-08-19"), "{}", e.trends.note);
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
