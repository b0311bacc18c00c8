//! Texts on AI that say nothing of its security: who looks for a term, a roadmap or an agent protocol finds them, and no count holds them.

use std::collections::BTreeSet;

use jiff::ToSpan;
use monitor_landscape::{has_lapsed, is_individual_draft, is_liaison, is_notice, names_a_trade, plain_words};
use monitor_model::{Document, Kind, Relevance, When};

use super::{desk::Desk, sorts};
use crate::{Beside, BesideView};

/// What is older orients nobody.
const YEARS: i64 = 8;

pub(super) fn beside(desk: &Desk) -> Vec<BesideView> {
    let lists = &desk.input.group.beside;
    let mut taken: BTreeSet<&str> = desk.documents.values().map(|d| d.work.as_str()).collect();
    let mut found: Vec<(usize, &Document)> = Vec::new();
    for d in desk.input.documents.iter().filter(|d| is_beside(desk, d)) {
        let Some(list) = lists.iter().position(|l| takes(l, d)) else { continue };
        if taken.insert(d.work.as_str()) {
            found.push((list, d));
        }
    }
    found.sort_by(|(_, a), (_, b)| (&a.body, &a.number, &a.title, &a.document).cmp(&(&b.body, &b.number, &b.title, &b.document)));
    let of = |at: usize| found.iter().filter(|(list, _)| *list == at).map(|(_, d)| desk.reference_to(d)).collect();
    let views = lists.iter().enumerate().map(|(at, list)| BesideView { label: list.label.clone(), items: of(at) });
    views.filter(|v| !v.items.is_empty()).collect()
}

/// Whether it is living work of a body on AI alone: a text that any number of people stand behind, of our years, of no trade.
fn is_beside(desk: &Desk, d: &Document) -> bool {
    let dates = || [d.published, d.stage.as_ref().and_then(|s| s.date)].into_iter().flatten().map(When::last_day);
    let from = desk.today.saturating_sub(YEARS.years());
    d.relevance == Relevance::AiOnly
        && d.ignored.is_none()
        && matches!(d.kind, Kind::Document | Kind::WorkItem | Kind::Policy)
        && !d.stage_code().is_over()
        && !desk.input.vendors.contains(&d.body)
        && !(is_notice(d) || is_liaison(d) || is_individual_draft(d) || has_lapsed(d, desk.today))
        && sorts::is_shown(d)
        && dates().max().is_none_or(|newest| newest >= from)
        && sorts::names_ai(&d.title)
        && !names_a_trade(&d.title)
}

fn takes(list: &Beside, d: &Document) -> bool {
    let title = plain_words([d.title.as_str()]);
    list.bodies.contains(&d.body) || list.words.iter().map(|w| plain_words([w.as_str()])).any(|w| w.len() > 2 && title.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_met_whole_and_bodies_by_name() {
        let d = |body: &str, title: &str| Document { title: title.into(), ..super::super::made::document(body) };
        let list = Beside { label: "x".into(), words: vec!["AI agent".into(), "life cycle".into()], bodies: vec!["3GPP".into()] };
        for (body, title) in [("ITU-T", "Protocols for AI-agent collaboration"), ("ISO", "AI system life cycle"), ("3GPP", "AI/ML phase 2")]
        {
            assert!(takes(&list, &d(body, title)), "{title}");
        }
        for (body, title) in [("ITU-T", "AI agentless networks"), ("ISO", "Life cycles"), ("IEEE", "AI/ML")] {
            assert!(!takes(&list, &d(body, title)), "{title}");
        }
        assert!(!takes(&Beside { words: vec!["-".into()], ..Beside::default() }, &d("ISO", "a - b")));
    }
}
