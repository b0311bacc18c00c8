#![allow(clippy::unwrap_used)]
use monitor_model::{Document, Kind, Relevance, StageCode};
use proptest::prelude::*;

use crate::{
    Dates, Home, Input, Mark, Relation, Verb, landscape, landscape_csv,
    made::{at, doc, home, input, staged, topics},
};

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

/// A small world: two home items, neighbours near and far.
fn world() -> Vec<Document> {
    let mut agent = doc("itu/x-ag", "ITU-T", "SG17 Q7/17", "Security evaluation methods for AI agents", &["agents", "testing"]);
    agent.extra = vec![("liaison".into(), "ISO/IEC JTC 1/SC 27, SC 42".into())];
    let mut cites = doc("oasis/cosai", "OASIS", "CoSAI", "Gardening", &["fraud"]);
    cites.summary = Some("This follows ITU-T X.9999 in all.".into());
    let mut fraud = doc("itu/x-9999", "ITU-T", "SG17 Q4/17", "Countering voice fraud", &["fraud"]);
    fraud.number = Some("ITU-T X.9999 (06/2026)".into());
    vec![
        agent,
        fraud,
        cites,
        staged(
            doc("etsi/tr-1", "ETSI", "TC SAI", "Security testing of AI agents", &["agents", "testing"]),
            StageCode::Published,
            "2025-02",
        ),
        doc("iso/2", "ISO/IEC", "JTC 1/SC 42", "Testing of AI agents", &["agents", "testing"]),
        doc("ietf/3", "IETF", "WIMSE", "Workload identity for agents", &["agents"]),
        doc("itu/y-4", "ITU-T", "SG13 Q17/13", "Requirements of agents as a service", &["agents"]),
        doc("ietf/5", "IETF", "individual", "Watermarks in pictures", &["deepfake"]),
        staged(doc("etsi/6", "ETSI", "TC SAI", "Withdrawn testing of AI agents", &["agents", "testing"]), StageCode::Withdrawn, "2024"),
    ]
}

const TOPICS: [&str; 5] = ["agents", "testing", "fraud", "deepfake", "empty"];

#[test]
fn counterparts_are_ranked_and_lie_outside_the_home_group() {
    let (docs, t, h) = (world(), topics(&TOPICS), home());
    let l = landscape(&input(&docs, &t, &h));
    let of = |key: &str| l.counterparts.iter().filter(|c| c.document.as_str() == key).collect::<Vec<_>>();
    let near = of("itu/x-ag");
    let order: Vec<&str> = near.iter().map(|c| c.other.as_str()).collect();
    assert_eq!(order, ["etsi/tr-1", "iso/2", "ietf/3", "itu/y-4"], "no home item, no withdrawn one, none without a common word or topic");
    assert_eq!(near[0].relation, Relation::SameScope);
    assert!(near[0].why.terms.contains(&"evaluation ~ testing".to_owned()), "{:?}", near[0].why);
    assert_eq!(near[0].why.topics.iter().map(|t| t.as_str()).collect::<Vec<_>>(), ["agents", "testing"]);
    assert_eq!(near.iter().map(|c| c.liaison_named).collect::<Vec<_>>(), [Some(false), Some(true), Some(false), Some(false)]);
    assert!(of("itu/x-9999").iter().all(|c| c.liaison_named.is_none()), "nobody read a liaison field of it");
    let cited = of("itu/x-9999");
    assert_eq!((cited[0].other.as_str(), cited[0].relation), ("oasis/cosai", Relation::Cites));
}

#[test]
fn at_most_five_counterparts_one_per_work() {
    let mut docs = vec![doc("itu/a", "ITU-T", "SG17", "Security of agents", &["agents"])];
    for i in 0..8 {
        docs.push(doc(&format!("ietf/{i}"), "IETF", "X", "Security of agents", &["agents"]));
    }
    let mut twin = doc("ietf/0-later", "IETF", "X", "Security of agents", &["agents"]);
    twin.work = "ietf/0".into();
    docs.push(staged(twin, StageCode::Published, "2026-02"));
    let (t, h) = (topics(&["agents"]), home());
    let l = landscape(&input(&docs, &t, &h));
    let others: Vec<&str> = l.counterparts.iter().map(|c| c.other.as_str()).collect();
    assert_eq!(others, ["ietf/0-later", "ietf/1", "ietf/2", "ietf/3", "ietf/4"], "the newest of a work speaks for it");
}

#[test]
fn a_busy_body_does_not_hide_the_others() {
    let mut docs = vec![doc("itu/a", "ITU-T", "SG17", "Security guideline for generative AI services", &["genai"])];
    for i in 0..6 {
        docs.push(doc(&format!("3gpp/{i}"), "3GPP", "SA3", "Generative AI services security study", &["genai"]));
    }
    docs.push(doc("etsi/base", "ETSI", "TC SAI", "Baseline security requirements for AI systems", &["lifecycle"]));
    docs.push(doc("iso/terms", "ISO/IEC", "JTC 1/SC 42", "Concepts of generative AI", &[]));
    docs.iter_mut().for_each(|d| d.axes = vec![monitor_model::Axis::SecuringAi]);
    docs[8].relevance = Relevance::AiOnly;
    let (t, h) = (topics(&["genai", "lifecycle"]), home());
    let l = landscape(&input(&docs, &t, &h));
    let others: Vec<&str> = l.counterparts.iter().map(|c| c.other.as_str()).collect();
    assert_eq!(others.len(), 5);
    assert!(others.contains(&"etsi/base"), "a baseline for all AI is not hidden by six studies of one committee: {others:?}");
    assert!(!others.contains(&"iso/terms"), "terms that are not of security share hardly a word: {others:?}");
}

#[test]
fn a_work_counts_once_in_a_cell_and_shows_all_its_documents() {
    let mut report = staged(doc("etsi/gr-1", "ETSI", "ISG SAI", "Ontology", &["agents"]), StageCode::Superseded, "2022-01");
    report.work = "etsi/gr-1".into();
    let mut spec = staged(doc("etsi/tr-2", "ETSI", "TC SAI", "Ontology", &["agents"]), StageCode::Published, "2025-01");
    spec.work = "etsi/gr-1".into();
    let mut news = doc("etsi/news", "ETSI", "", "Agents!", &["agents"]);
    news.kind = Kind::News;
    let mut ignored = doc("etsi/no", "ETSI", "", "Agents", &["agents"]);
    ignored.ignored = Some("no".into());
    let mut plain = doc("etsi/plain", "ETSI", "", "Agents", &[]);
    plain.relevance = Relevance::Neither;
    let docs = [report, spec, news, ignored, plain];
    let (t, h) = (topics(&["agents"]), home());
    let l = landscape(&input(&docs, &t, &h));
    assert_eq!(l.cells.len(), 1);
    assert_eq!(serde_json::to_value(&l.cells[0].stages).unwrap(), serde_json::json!({"published": 1}));
    assert_eq!(l.cells[0].documents.iter().map(|d| d.as_str()).collect::<Vec<_>>(), ["etsi/gr-1", "etsi/tr-2"]);
}

#[test]
fn gaps_and_their_reverse_speak_of_living_work() {
    let (mut docs, t, h) = (world(), topics(&TOPICS), home());
    docs.retain(|d| d.document.as_str() != "oasis/cosai");
    let l = landscape(&input(&docs, &t, &h));
    let gaps: Vec<(&str, usize)> = l.gaps.iter().map(|g| (g.topic.as_str(), g.home)).collect();
    assert_eq!(gaps, [("deepfake", 0)]);
    assert_eq!(l.gaps[0].active_elsewhere[0].body, "IETF");
    assert_eq!(l.home_alone.iter().map(|a| a.topic.as_str()).collect::<Vec<_>>(), ["fraud"]);
    docs.iter_mut().filter(|d| d.document.as_str() == "itu/x-9999").for_each(|d| *d = staged(d.clone(), StageCode::Withdrawn, "2026"));
    assert!(landscape(&input(&docs, &t, &h)).home_alone.is_empty(), "what is withdrawn is nobody's work");
}

#[test]
fn what_was_not_read_is_a_question_mark_and_not_none() {
    let (docs, t, h) = (world(), topics(&TOPICS), home());
    let (watched, not_read) = (["3GPP".to_owned(), "W3C".to_owned()], ["W3C".to_owned()]);
    let mut i = input(&docs, &t, &h);
    (i.bodies_watched, i.not_read) = (&watched, &not_read);
    let l = landscape(&i);
    assert_eq!(l.bodies, ["ITU-T", "3GPP", "ETSI", "IETF", "ISO/IEC", "OASIS", "W3C"]);
    let mark = |body| l.mark(&"agents".into(), body);
    assert_eq!((mark("3GPP"), mark("W3C"), mark("IETF")), (Mark::None, Mark::NotRead, Mark::Works(1)));
    assert_eq!(l.not_read, ["W3C"]);
    assert!(!l.gaps.is_empty());
    let home_not_read = ["ITU-T".to_owned()];
    i.not_read = &home_not_read;
    assert!(landscape(&i).gaps.is_empty(), "of a home that was not read nobody knows what it lacks");
}

#[test]
fn words_of_the_field_are_no_common_ground() {
    let title = "Security guidelines for AI systems";
    let other = |key: &str, topics: &[&str]| doc(key, "ETSI", "TC SAI", title, topics);
    let docs = [doc("itu/a", "ITU-T", "SG17", title, &["agents"]), other("etsi/a", &["agents"]), other("etsi/b", &["deepfake"])];
    let (t, h) = (topics(&TOPICS), home());
    let l = landscape(&input(&docs, &t, &h));
    let relation = |key: &str| l.counterparts.iter().find(|c| c.other.as_str() == key).map(|c| c.relation);
    assert!(matches!(relation("etsi/a"), Some(Relation::SameScope | Relation::Overlaps)), "{:?}", l.counterparts);
    assert!(!matches!(relation("etsi/b"), Some(Relation::Overlaps)), "{:?}", l.counterparts);
}

#[test]
fn silence_is_counted_in_meetings() {
    let (mut docs, t, h) = (world(), topics(&TOPICS), home());
    docs.truncate(2);
    docs[0].published = "2025-11-20".parse().ok();
    docs[1].published = "2026-05".parse().ok();
    let mut i = input(&docs, &t, &h);
    i.dates = Dates { meetings_held: vec![day("2026-09-01"), day("2026-04-08"), day("2025-04-01"), day("2027-01-01")], ..Dates::default() };
    let l = landscape(&i);
    let silent: Vec<(&str, usize)> = l.silent.iter().map(|s| (s.document.as_str(), s.meetings)).collect();
    assert_eq!(silent, [("itu/x-ag", 2)], "one meeting since May is not silence; a meeting to come does not count");
    assert_eq!(l.silent[0].last_moved, Some(day("2025-11-20")));
    assert!(l.options.iter().any(|o| o.vehicle == "discontinuation check" && o.question == "Q7/17"));
    docs[0].published = None;
    let mut i = input(&docs, &t, &h);
    i.dates.meetings_held = vec![day("2025-12-01"), day("2026-04-08")];
    assert!(landscape(&i).silent.is_empty(), "what we have watched for one meeting may have moved before");
}

#[test]
fn silent_is_only_what_was_read_after_the_second_meeting() {
    let (mut docs, t, h) = (world(), topics(&TOPICS), home());
    docs.truncate(1);
    docs[0].published = "2025-11-20".parse().ok();
    let meetings = |docs: &[Document]| {
        let mut i = input(docs, &t, &h);
        i.dates.meetings_held = vec![day("2025-12-03"), day("2026-06-01")];
        landscape(&i).silent.first().map(|s| (s.meetings, s.last_moved.map(|d| d.to_string())))
    };
    assert_eq!(meetings(&docs), Some((2, Some("2025-11-20".into()))));
    docs[0].last_checked = at("2026-06-01");
    assert_eq!(meetings(&docs), None, "the meeting began on the day of the last reading");
    docs[0].last_checked = at("2026-11-01");
    docs[0].extra = vec![("updated".into(), "2026-06-08".into())];
    assert_eq!(meetings(&docs), None, "its page says that it was updated");
    // A work item's own date is that of its registration.
    docs[0].extra.clear();
    docs[0].kind = Kind::WorkItem;
    docs[0].first_seen = at("2026-05-01");
    assert_eq!(meetings(&docs), None, "nobody knows what happened before it was first seen");
    docs[0].first_seen = at("2025-11-25");
    assert_eq!(meetings(&docs), Some((2, None)), "registered, and never moved while it was watched");
}

#[test]
fn options_name_verb_target_question_and_a_date_ahead() {
    let (mut docs, t, h) = (world(), topics(&TOPICS), home());
    docs[5] = staged(
        doc("ietf/3", "IETF", "WIMSE", "Security evaluation of AI agents", &["agents", "testing"]),
        StageCode::Consultation,
        "2026-09",
    );
    docs[5].deadline = "2026-11-10".parse().ok();
    let mut i = input(&docs, &t, &h);
    i.dates = Dates { liaison: Some(day("2026-11-27")), contribution: Some(day("2026-10-01")), ..Dates::default() };
    let l = landscape(&i);
    let all: Vec<(Verb, &str, &str, Option<String>)> =
        l.options.iter().map(|o| (o.verb, o.to.as_str(), o.question.as_str(), o.by.map(|d| d.to_string()))).collect();
    assert_eq!(all[0], (Verb::Liaison, "IETF WIMSE", "Q7/17", Some("2026-11-10".into())), "a deadline comes first: {all:?}");
    assert!(all.contains(&(Verb::Reference, "ETSI TC SAI", "Q7/17", None)), "the contribution date is past: {all:?}");
    assert!(all.contains(&(Verb::Contribution, "ISO/IEC JTC 1/SC 42", "Q7/17", None)), "a liaison is named already: {all:?}");
    assert_eq!(l.options[0].evidence[0].as_str(), "itu/x-ag", "the home item first");
    let json = serde_json::to_value(&l.options[0]).unwrap();
    for key in ["do", "to", "question", "by", "evidence"] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

#[test]
fn a_recommendation_refers_by_a5_to_what_makes_standards_alone() {
    let (t, h, none) = (topics(&["agents"]), home(), vec!["ETSI".to_owned()]);
    let mut ours = doc("itu/x-ag", "ITU-T", "SG17 Q7/17", "Security of AI agents", &["agents"]);
    ours.number = Some("X.sgAgent".into());
    let mut theirs = staged(doc("etsi/1", "ETSI", "TC SAI", "Security of AI agents", &["agents"]), StageCode::Published, "2026-05-01");
    theirs.number = Some("ETSI TS 104 999".into());
    let docs = [ours, theirs];
    let vehicle = |i: &Input<'_>| landscape(i).options.iter().map(|o| o.vehicle.clone()).collect::<Vec<_>>();
    let i = input(&docs, &t, &h);
    assert_eq!(vehicle(&i), ["A.5 reference"]);
    assert_eq!(vehicle(&Input { not_sdos: &none, ..i }), ["reference"]);
}

#[test]
fn what_we_wrote_of_is_no_gap_of_ours() {
    let (t, h) = (topics(&["agents"]), home());
    let theirs = doc("etsi/1", "ETSI", "TC SAI", "Security of AI agents", &["agents"]);
    let other = doc("itu/x", "ITU-T", "SG17 Q7/17", "Telebiometrics", &[]);
    let mut letter = doc("l", "IETF", "", "LS on the progress of our work on agents", &["agents"]);
    letter.kind = Kind::Liaison;
    letter.extra = vec![("from".into(), "ITU-T-SG-17".into()), ("to".into(), "IAB".into())];
    let gaps = |docs: &[Document]| landscape(&input(docs, &t, &h)).gaps.len();
    assert_eq!(gaps(&[theirs.clone(), other.clone()]), 1);
    assert_eq!(gaps(&[theirs.clone(), other.clone(), letter.clone()]), 0);
    letter.extra = vec![("from".into(), "IAB".into()), ("to".into(), "ITU-T-SG-17".into())];
    assert_eq!(gaps(&[theirs, other, letter]), 1, "what others wrote to us is work of theirs");
}

#[test]
fn csv_is_safe_for_spreadsheets_and_complete() {
    let mut docs = world();
    docs[3].title = "=HYPERLINK(\"http://evil\",\"x\"), \"quoted\"\nline".into();
    docs[4].title = " -2+3".into();
    docs[5].title = "＝cmd".into();
    let (t, h) = (topics(&TOPICS), home());
    let l = landscape(&input(&docs, &t, &h));
    let csv = landscape_csv(&l, &docs);
    assert!(csv.contains(r#","'=HYPERLINK(""http://evil"",""x""), ""quoted"""#), "{csv}");
    assert!(csv.contains("\"' -2+3\"") && csv.contains("\"'＝cmd\""), "{csv}");
    let first: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    assert_eq!(first.len(), 19);
    assert!(csv.contains("ITU-T,SG17 Q7/17,,Security evaluation methods for AI agents,document,under study,draft,"));
    assert_eq!(csv.matches("\r\n").count(), docs.len() + 1);
}

#[test]
fn the_contract_keys_are_there() {
    let (docs, t, h) = (world(), topics(&TOPICS), home());
    let json = serde_json::to_value(landscape(&input(&docs, &t, &h))).unwrap();
    for key in ["as_of", "bodies", "topics", "cells", "not_read", "counterparts", "gaps", "options"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["cells"][0]["stages"], serde_json::json!({"draft": 2}), "{}", json["cells"][0]);
    assert_eq!(json["counterparts"][0]["relation"], "cites");
}

#[test]
fn nothing_gives_an_empty_map() {
    let h = Home::default();
    let l = landscape(&input(&[], &[], &h));
    assert!(l.cells.is_empty() && l.counterparts.is_empty() && l.options.is_empty() && l.bodies.is_empty());
    assert_eq!(landscape_csv(&l, &[]).lines().count(), 1);
}

fn any_documents() -> impl Strategy<Value = Vec<Document>> {
    let body = prop_oneof![Just("ITU-T"), Just("ETSI"), Just("IETF"), Just("")];
    let one = (
        0_u8..12,
        0_u8..6,
        body,
        prop_oneof![Just("SG17"), Just("SG13"), Just("")],
        ".{0,40}",
        proptest::sample::subsequence(TOPICS.to_vec(), 0..4),
        0_usize..10,
    );
    proptest::collection::vec(one, 0..25).prop_map(|rows| {
        let mut docs: Vec<Document> = rows
            .into_iter()
            .map(|(key, work, body, group, title, topics, stage)| {
                let mut d = staged(doc(&format!("k{key}"), body, group, &title, &topics), StageCode::ALL[stage], "2026-03");
                d.work = format!("w{work}").as_str().into();
                d.number = Some(title);
                d
            })
            .collect();
        docs.sort_by(|a, b| a.document.cmp(&b.document));
        docs.dedup_by(|a, b| a.document == b.document);
        docs
    })
}

proptest! {
    #[test]
    fn the_map_is_whole_stable_and_within_bounds(docs in any_documents()) {
        let (t, h) = (topics(&TOPICS), home());
        let l = landscape(&input(&docs, &t, &h));
        let mut turned = docs.clone();
        turned.reverse();
        prop_assert_eq!(&l, &landscape(&input(&turned, &t, &h)), "the order of documents does not matter");
        for c in &l.cells {
            prop_assert!(c.works() >= 1 && c.works() <= c.documents.len());
        }
        let placed: std::collections::BTreeSet<_> = l.cells.iter().flat_map(|c| &c.documents).collect();
        for d in docs.iter().filter(|d| !d.topics.is_empty() && !d.body.is_empty()) {
            prop_assert!(placed.contains(&d.document));
        }
        for c in &l.counterparts {
            prop_assert!((0.0..=1.0).contains(&c.score));
            let find = |k: &monitor_model::DocumentKey| docs.iter().find(|d| d.document == *k).unwrap();
            prop_assert!(h.owns(find(&c.document)) && !h.owns(find(&c.other)));
        }
        landscape_csv(&l, &docs);
    }
}

#[test]
fn a_meeting_s_summary_is_no_item_and_is_never_to_be_discontinued() {
    let mut docs = world();
    let mut summary =
        doc("itu/1901", "ITU-T", "SG17", "Executive Summary: Meeting of SG17 on agents and testing, Geneva", &["agents", "testing"]);
    summary.published = "2019-01-30".parse().ok();
    summary.stage.as_mut().unwrap().raw = "Meeting summary".into();
    let mut post = doc("uk/blog", "UK AISI", "blog", "Security testing of AI agents", &["agents", "testing", "deepfake"]);
    post.url = "https://www.aisi.gov.uk/blog/testing".into();
    let mut terms = doc("itu/fg", "ITU-T", "SG17", "Terms of reference on agents", &["agents"]);
    (terms.stage, terms.published) = (None, "2019-01-30".parse().ok());
    docs.extend([summary, post, terms]);
    let (t, h) = (topics(&TOPICS), home());
    let mut i = input(&docs, &t, &h);
    i.dates.meetings_held = vec![day("2025-12-01"), day("2026-04-08"), day("2026-09-01")];
    let l = landscape(&i);
    let named = |key: &str| l.counterparts.iter().any(|c| c.document.as_str() == key || c.other.as_str() == key);
    assert!(!named("itu/1901") && !named("uk/blog"));
    assert!(l.silent.iter().all(|s| !matches!(s.document.as_str(), "itu/1901" | "itu/fg")), "{:?}", l.silent);
    let gap = l.gaps.iter().find(|g| g.topic.as_str() == "deepfake").unwrap();
    assert!(gap.active_elsewhere.iter().all(|a| a.body != "UK AISI"), "a post is no work");
}

#[test]
fn a_lapsed_draft_makes_no_gap() {
    let mut docs = world();
    docs[7] = staged(docs[7].clone(), StageCode::Unknown, "2026-01-02");
    docs[7].number = Some("draft-x-watermarks-00".into());
    let (t, h) = (topics(&TOPICS), home());
    assert!(landscape(&input(&docs, &t, &h)).gaps.iter().all(|g| g.topic.as_str() != "deepfake"));
}

#[test]
fn an_option_names_the_nearest_first_and_never_our_own_body_without_a_group() {
    let mut docs = world();
    let mut rec =
        staged(doc("itu/f748", "ITU-T", "", "Security evaluation of AI agents", &["agents", "testing"]), StageCode::Published, "2025-12");
    (rec.group, rec.number) = (None, Some("F.748.66 (12/2025)".into()));
    docs.push(rec);
    docs.push(doc("etsi/0-far", "ETSI", "TC SAI", "Agents as a service", &["agents"]));
    docs.push(staged(
        doc("etsi/0-next", "ETSI", "TC SAI", "Evaluation of AI agents in all", &["agents", "testing"]),
        StageCode::Published,
        "2024",
    ));
    let (t, h) = (topics(&TOPICS), home());
    let l = landscape(&input(&docs, &t, &h));
    assert!(l.options.iter().all(|o| o.to != "ITU-T"), "{:?}", l.options);
    assert!(l.options.iter().any(|o| o.to == "ITU-T (group of F.748.66 (12/2025) not known)"));
    let etsi = l.options.iter().find(|o| o.to == "ETSI TC SAI" && o.verb == Verb::Reference).unwrap();
    let score = |k: &monitor_model::DocumentKey| l.counterparts.iter().filter(|c| c.other == *k).map(|c| c.score).fold(0.0, f64::max);
    let others: Vec<f64> = etsi.evidence[1..].iter().map(score).collect();
    assert!(others.len() > 1 && others.windows(2).all(|w| w[0] >= w[1]), "{others:?}");
}
