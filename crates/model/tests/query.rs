//! Questions as people type them: what they take, what is wrong with them, where their words stand.

use monitor_model::{
    Access, Axis, Document, DocumentKey, EvidenceLevel, Kind, Query, QueryError, QueryField, Relevance, Timestamp, TopicTag,
};

fn document() -> Document {
    Document {
        document: DocumentKey("ietf/draft-ni-wimse-ai-agent-identity".into()),
        body: "IETF".into(),
        group: Some("WIMSE".into()),
        kind: Kind::Document,
        number: Some("draft-ni-wimse-ai-agent-identity-02".into()),
        title: "Workload Identity for AI Agents".into(),
        summary: Some("Credentials for agents that act for people. A trust registry names who vouches for whom.".into()),
        published: Some("2026-03-12".parse().expect("a date")),
        first_seen: "2026-03-14T00:00:00Z".parse::<Timestamp>().expect("an instant"),
        relevance: Relevance::Relevant,
        axes: vec![Axis::from_word("securing-ai").expect("an axis")],
        topics: vec![TopicTag { id: "agent-identity".into(), score: 0.9, evidence: Vec::new() }],
        url: "https://datatracker.ietf.org/doc/draft-ni-wimse-ai-agent-identity/".into(),
        stage: None,
        date_raw: None,
        deadline: None,
        last_checked: "2026-03-14T00:00:00Z".parse().expect("an instant"),
        work: DocumentKey("ietf/draft-ni-wimse-ai-agent-identity".into()),
        version: Some("02".into()),
        versions: Vec::new(),
        access: Access::Free,
        evidence: EvidenceLevel::Primary,
        lang: Some("en".into()),
        keywords: Vec::new(),
        sightings: Vec::new(),
        relations: Vec::new(),
        score: 0.9,
        why: Vec::new(),
        ignored: None,
        extra: Vec::new(),
    }
}

fn takes(query: &str) -> bool {
    Query::parse(query).unwrap_or_else(|e| panic!("{query}: {e}")).takes(&document())
}

#[test]
fn what_a_question_takes() {
    for yes in [
        "",
        "agent identity",
        "AGENT",
        "\"trust registry\"",
        "“trust registry”",
        "title:workload",
        "title:\"identity for ai agents\"",
        "number:wimse",
        "body:ietf",
        "body:etsi,ietf",
        "body:\"IETF\"",
        "group:wim",
        "topic:agent-identity agents",
        "axis:securing-ai",
        "kind:document",
        "relevance:relevant",
        "since:2026-03",
        "since:2026-03-12 until:2026-03-12",
        "until:2026",
        "-body:etsi",
        "-quantum agents",
        "-\"registry of trust\"",
        "agents - identity",
        "number:draft-ni -kind:news",
        "quantum OR agents",
        "agents AND identity",
        "NOT quantum agents",
        "agent* identity,",
        "(AI Agents)",
        "«trust registry»",
        "Workload: identity",
        "Idéntity for ágents",
    ] {
        assert!(takes(yes), "{yes}");
    }
    for no in [
        "gent",
        "\"trust regist\"",
        "title:credentials",
        "body:etsi",
        "body:iet",
        "-body:ietf",
        "topic:data-poisoning",
        "since:2026-04",
        "until:2026-03-11",
        "-agents",
        "quantum agents",
        "kind:news,paper",
        "lang:fr",
        "quantum OR lattice",
        "NOT agents",
        "https://example.org/agents",
        "ISO/IEC 42001:2023",
    ] {
        assert!(!takes(no), "{no}");
    }
}

#[test]
fn a_mistake_says_what_to_write() {
    let error = |q: &str| Query::parse(q).expect_err(q);
    assert_eq!(error("\"trust registry"), QueryError::Open("trust registry".into()));
    assert!(error("topics:x").to_string().contains("did you mean “topic:”?"), "{}", error("topics:x"));
    assert!(error("arXiv:2602.22562").to_string().contains("quotes"));
    assert!(error("status:draft").to_string().contains("did you mean “stage:”?"));
    assert!(error("published:2026").to_string().contains("did you mean “since:”?"));
    for or in ["OR agents", "agents OR", "agents OR OR x", "agents OR body:ietf", "agents OR -x", "body:ietf OR agents"] {
        assert_eq!(error(or), QueryError::Or, "{or}");
    }
    assert_eq!(error("since:2026-05 until:2026-01"), QueryError::Backwards);
    assert_eq!(error("topic:"), QueryError::Nothing("topic:".into()));
    assert_eq!(error("topic: x"), QueryError::Nothing("topic:".into()));
    assert_eq!(error("since:yesterday"), QueryError::Date("yesterday".into()));
    assert_eq!(error("-since:2026"), QueryError::NotDate);
    assert_eq!(error(&"x".repeat(3_000)), QueryError::Long);
}

#[test]
fn words_and_values_are_told() {
    let q = Query::parse("agents -news \"Trust Registry\" topic:a,b topic:c title:Workload").expect("a question");
    assert_eq!(q.words(), ["agents", "trust", "registry", "workload"]);
    assert_eq!(q.values(QueryField::Topic).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(!q.is_empty() && Query::parse("  ").expect("nothing").is_empty());
}

#[test]
fn the_number_goes_before_the_title_and_the_title_before_the_summary() {
    let of = |number: &str, title: &str, summary: &str, kind: Kind| Document {
        number: Some(number.into()),
        title: title.into(),
        summary: Some(summary.into()),
        kind,
        ..document()
    };
    let order = |query: &str, list: &[Document]| {
        let q = Query::parse(query).expect("a question");
        assert!(list.iter().all(|d| q.takes(d)), "{query}");
        let ranks: Vec<u32> = list.iter().map(|d| q.rank(d)).collect();
        assert!(ranks.windows(2).all(|w| w[0] > w[1]), "{query}: {ranks:?}");
    };
    order(
        "33.501",
        &[
            of("3GPP TS 33.501", "Security architecture", "", Kind::Document),
            of("ETSI TS 133 501", "Security architecture (3GPP TS 33.501)", "", Kind::Document),
            of("3GPP TS 33.841", "Quantum", "Beyond TS 33.501.", Kind::Document),
            of("2506.09418", "Open RAN", "Aligned with TS 33.501.", Kind::Paper),
        ],
    );
    order(
        "agent identity",
        &[
            of("a", "Agent identity", "", Kind::Document),
            of("b", "Identity of an agent", "", Kind::Document),
            of("c", "Agents and their identity", "", Kind::Document),
            of("d", "Agents", "Of their identity.", Kind::Document),
            of("e", "Networks", "An agent has an identity.", Kind::Paper),
        ],
    );
    assert_eq!(Query::parse("body:ietf").expect("a question").rank(&document()), 0);
}

#[test]
fn each_word_can_be_asked_for_alone() {
    let q = Query::parse("agents \"trust registry\" body:etsi x OR y -z").expect("a question");
    let apart = q.apart();
    assert_eq!(apart.iter().map(|(said, _)| said.as_str()).collect::<Vec<_>>(), ["agents", "trust registry", "x OR y"]);
    assert_eq!(apart.iter().map(|(_, alone)| alone.takes(&document())).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn a_snippet_shows_the_words_where_most_of_them_stand() {
    let q = Query::parse("agents registry").expect("a question");
    let s = q.snippet(&document()).expect("they stand somewhere");
    assert_eq!(s.field, "summary");
    let marked: Vec<&str> = s.hits.iter().map(|(a, b)| &s.text[*a..*b]).collect();
    assert_eq!(marked, ["agents", "registry"]);
    assert!(Query::parse("body:ietf").expect("a question").snippet(&document()).is_none());
    // far behind: cut on both sides, between words, with every hit still in its place
    let mut long = document();
    long.summary = Some(format!("{} the Ünïcode needle stands here {}", "wörter ".repeat(60), "und mehr ".repeat(60)));
    let s = Query::parse("needle").expect("a question").snippet(&long).expect("it stands there");
    assert!(s.text.starts_with('…') && s.text.ends_with('…') && s.text.len() < 400, "{}", s.text);
    assert_eq!(s.hits.iter().map(|(a, b)| &s.text[*a..*b]).collect::<Vec<_>>(), ["needle"]);
}

proptest::proptest! {
    #[test]
    fn no_question_and_no_text_breaks_it(query in "[-\"“:, a-zöİK智]{0,40}", text in "[ a-zöİK智…]{0,400}") {
        if let Ok(q) = Query::parse(&query) {
            let d = Document { title: text, ..document() };
            let took = q.takes(&d);
            if let Some(s) = q.snippet(&d) {
                for (a, b) in &s.hits {
                    assert!(s.text.get(*a..*b).is_some_and(|h| !h.is_empty()), "{s:?}");
                }
            }
            let _ = took;
        }
    }
}
