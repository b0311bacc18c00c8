//! Phrases that are named, and those that are not.

use std::collections::BTreeMap;

use super::history::{AS_OF, Dice, History, at, day};
use crate::{Input, days, trends};

#[test]
fn a_known_term_is_named_when_it_outruns_its_topic() {
    let (mut h, mut dice) = (History::default(), Dice(21));
    for i in 0..6 {
        h.stream(&mut dice, &format!("t{i}"), 20.0);
    }
    h.turning(&mut dice, "agents", 20.0, 3.0);
    let mut n = 0;
    for w in &mut h.works {
        let agents = w.topics[0].as_str() == "agents";
        n += usize::from(agents);
        let new = w.first_seen >= at(day("2026-07-03"));
        // "agent skill" is nearly all new; "agent security" rises no faster than the topic does.
        w.title = match (agents, new) {
            (true, true) if n % 2 == 0 => "Agent skills and agent security",
            (true, false) if n % 40 == 0 => "Agent skills",
            (true, _) if n % 2 == 0 => "On agent security",
            _ => "Quiet gardens",
        }
        .into();
    }
    let known = ["agent skill".to_owned(), "agent security".to_owned()];
    let mut input = Input::new(AS_OF.parse().unwrap(), &h.works, &[], h.since.clone());
    input.known_terms = &known;
    input.terms_of = BTreeMap::from([("agents".into(), known.to_vec())]);
    let t = trends(&input);
    let named: Vec<_> = t.terms.iter().map(|t| (t.term.as_str(), t.topic.as_ref().map(|t| t.as_str()))).collect();
    assert_eq!(named, [("agent skill", Some("agents"))]);
}

#[test]
fn emerging_phrases_are_named_and_old_or_known_ones_are_not() {
    let (mut h, mut dice) = (History::default(), Dice(9));
    for i in 0..10 {
        h.stream(&mut dice, &format!("t{i}"), 20.0);
    }
    for (i, w) in h.works.iter_mut().enumerate() {
        w.title = format!("Rules for quiet gardens, part {i}");
        if w.first_seen >= at(day("2026-07-03")) {
            // Nine works name a new thing, all name a thing that the taxonomy knows.
            w.summary = if i % 20 == 0 { "A cobalt escrow for prompt injection." } else { "On prompt injection." }.into();
        }
    }
    let topics = [];
    let known = ["Prompt injections".to_owned()];
    let mut input = Input::new(AS_OF.parse().unwrap(), &h.works, &topics, h.since.clone());
    input.known_terms = &known;
    let t = trends(&input);
    let names: Vec<&str> = t.terms.iter().map(|t| t.term.as_str()).collect();
    assert_eq!(names, ["cobalt escrow"], "{:?}", t.terms);
    assert_eq!(t.terms[0].now, t.terms[0].documents.len());
    assert!(t.terms[0].first_seen.unwrap() >= days::date(day("2026-07-03")));
}

#[test]
fn one_author_of_many_texts_is_one_voice() {
    let (mut h, mut dice) = (History::default(), Dice(11));
    for i in 0..10 {
        h.stream(&mut dice, &format!("t{i}"), 20.0);
    }
    let mut n = 0;
    for w in h.works.iter_mut().filter(|w| w.first_seen >= at(day("2026-07-03"))) {
        n += 1;
        (w.document, w.summary) = match n % 12 {
            0 => (format!("ietf/draft-busy-part-{n}").as_str().into(), "The watchtower lattice.".to_owned()),
            1 => (format!("ietf/draft-author{n}-part").as_str().into(), "The cobalt escrow.".to_owned()),
            _ => (w.document.clone(), String::new()),
        };
    }
    assert!(n > 80, "{n} works, seven or more with either phrase");
    let names: Vec<String> = h.ask(AS_OF).terms.into_iter().map(|t| t.term).collect();
    assert_eq!(names, ["cobalt escrow"]);
}
