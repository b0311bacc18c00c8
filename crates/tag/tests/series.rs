//! Works from the title alone: series, committees and telecom use cases, shown with what says so.

use monitor_model::Relevance;
use monitor_tag::{Tagger, Taxonomy, Text};

fn tagger() -> Tagger {
    let taxonomy = Taxonomy::parse(include_str!("../../../data/topics.toml")).expect("well formed");
    Tagger::new(&taxonomy, Some(include_str!("../../../data/weights.toml"))).expect("well formed")
}

#[test]
fn a_series_speaks_for_a_title_that_says_nothing() {
    let tagger = tagger();
    let text = Text { title: "Minor changes", number: Some("ATLAS v4.9.1"), body: Some("MITRE"), ..Text::default() };
    let said = tagger.tag(&text);
    assert_eq!(said.relevance, Relevance::Relevant);
    assert_eq!(said.topics[0].id.as_str(), "ai-threat-modelling");
    let e = &said.topics[0].evidence[0];
    assert_eq!((e.field.as_str(), e.start, &"ATLAS v4.9.1"[e.start as usize..e.end as usize]), ("number", 0, "ATLAS v4"));
    for (number, body) in [(Some("ATLAS v4.9.1"), Some("CERN")), (Some("See ATLAS v4.9.1"), Some("MITRE")), (None, Some("MITRE"))] {
        let said = tagger.tag(&Text { number, body, ..text });
        assert_eq!(said.relevance, Relevance::Neither, "{number:?} {body:?}");
    }
}

#[test]
fn a_committee_opens_the_gate_and_is_shown_as_the_group() {
    let tagger = tagger();
    let text =
        Text { title: "Problem statement", body: Some("ETSI"), group: Some("Securing Artificial Intelligence TC"), ..Text::default() };
    let said = tagger.tag(&text);
    assert_eq!(said.relevance, Relevance::Relevant, "{said:?}");
    assert_eq!(said.evidence[0].field, "group");
    // Any other committee is no evidence, whatever its name holds.
    let other = tagger.tag(&Text { group: Some("Prompt injection and AI security study group"), ..text });
    assert_eq!(other.relevance, Relevance::Neither);
    let about_ai = tagger.tag(&Text { title: "Data formats", body: Some("ISO"), group: Some("ISO/IEC JTC 1/SC 42"), ..Text::default() });
    assert_ne!(about_ai.relevance, Relevance::Relevant);
}

#[test]
fn use_cases_are_a_facet_with_evidence() {
    let tagger = tagger();
    let cases = |title| tagger.use_cases(&Text { title, ..Text::default() });
    let ids = |title| cases(title).into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(ids("Machine learning for network planning and network optimization in 5G"), ["network-optimisation", "network-planning"]);
    assert_eq!(ids("AI in mobile networks: anomaly detection and incident response"), ["automated-security-operations"]);
    assert_eq!(ids("Network as a service with AI agents"), ["network-as-a-service"]);
    assert!(ids("Network planning without learning machines").is_empty(), "not about AI");
    assert!(ids("AI for planning of school timetables").is_empty(), "no telecom word near");
    let shown = cases("AI for network planning");
    assert_eq!((shown[0].evidence[0].term.as_str(), shown[0].evidence[0].start), ("network planning", 7));
}

#[test]
fn no_strong_term_of_ours_is_dead() {
    assert_eq!(tagger().dead_terms(), Vec::new());
}
