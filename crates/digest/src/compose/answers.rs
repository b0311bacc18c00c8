//! The ten questions that a report answers, each by rule from what stands elsewhere in it.

use super::words::{count, list};
use crate::{Answer, CoverageClass, Edition, What};

const NAMED: usize = 3;

/// One line each; what has no document behind it says so.
pub(super) fn answers(e: &Edition) -> Vec<Answer> {
    let name = |n: &Option<String>, title: &str| n.clone().unwrap_or_else(|| title.to_owned());
    let some = |names: Vec<String>, none: &str| {
        let rest = names.len().saturating_sub(NAMED);
        let mut shown: Vec<String> = names.into_iter().take(NAMED).collect();
        if rest > 0 {
            shown.push(format!("{rest} more"));
        }
        if shown.is_empty() { none.to_owned() } else { format!("{}.", list(&shown)) }
    };
    let searched = "none found in the sources read.";
    let of = |what: &[What]| -> Vec<String> {
        e.changes.iter().filter(|c| what.contains(&c.what)).map(|c| format!("{} ({})", name(&c.number, &c.title), c.body)).collect()
    };
    let corner = |id: &str| {
        e.corners.iter().find(|c| c.id == id).map(|c| {
            let bodies = c.bodies.iter().map(|b| format!("{} ({})", b.body, b.stages)).collect();
            some(bodies, searched)
        })
    };
    let open: Vec<String> =
        e.deadlines.iter().filter(|d| matches!(d.kind.as_str(), "comment" | "reply")).map(|d| format!("{}: {}", d.words, d.what)).collect();
    let with: Vec<&crate::ItemLine> = e.items.iter().filter(|i| !i.others.is_empty()).collect();
    let pairs: Vec<String> = with
        .iter()
        .filter_map(|i| {
            let o = i.others.first()?;
            Some(format!("{} – {} ({})", name(&i.home.number, &i.home.title), name(&o.there.number, &o.there.title), o.relation))
        })
        .collect();
    let liaisons: Vec<String> = e
        .options
        .iter()
        .filter(|o| o.verb == "liaison")
        .map(|o| format!("{} from {}{}", o.to, o.question, o.by.map(|d| format!(" by {d}")).unwrap_or_default()))
        .collect();
    let unconfirmed = e.changes.iter().filter(|c| c.unconfirmed.is_some()).count();
    let failed = e.coverage.iter().filter(|c| c.class == CoverageClass::Failed).count();
    let unread = e.coverage.iter().filter(|c| c.class == CoverageClass::NotRead).count();
    let oldest = e.coverage.iter().filter(|c| c.class == CoverageClass::Read).filter_map(|c| c.last_success).min();
    let gaps: Vec<String> = e.gaps.iter().map(|g| g.label.clone()).collect();
    let alone: Vec<String> = e.alone.iter().map(|a| a.label.clone()).collect();
    let row = |number: usize, question: &str, answer: String, section: &str| Answer {
        number,
        question: question.to_owned(),
        answer,
        section: section.to_owned(),
    };
    vec![
        row(
            1,
            "What three things come first?",
            some(e.headlines.iter().map(|h| format!("{} ({}): {}", name(&h.number, &h.title), h.body, h.what)).collect(), searched),
            "1",
        ),
        row(2, "What was published or approved, and where?", some(of(&[What::Published]), searched), "2"),
        row(
            3,
            "Which drafts may be out before the next plenary?",
            some(e.coming.iter().map(|c| format!("{} ({})", name(&c.item.number, &c.item.title), c.item.body)).collect(), searched),
            "2",
        ),
        row(
            4,
            &format!("Where can {} comment or must reply?", e.group.home),
            some(open, "no open consultation or reply is known in the sources read."),
            "3",
        ),
        row(
            5,
            "Who else works on each item?",
            format!(
                "{} of {} a counterpart in what was read: {}",
                with.len(),
                count(e.items.len(), "item has", "items have"),
                some(pairs, "none found.")
            ),
            "4",
        ),
        row(
            6,
            "Who works on AI agents, at which stage?",
            corner("agents").unwrap_or_else(|| "not asked in editions.toml.".to_owned()),
            "7",
        ),
        row(
            7,
            "Where is work elsewhere and none at home, and the reverse?",
            format!("Elsewhere only: {} At home only: {}", some(gaps, searched), some(alone, searched)),
            "5",
        ),
        row(8, "To whom should a liaison go, from which Question?", some(liaisons, "no liaison follows from the documents found."), "6"),
        row(9, "What concerns operators?", corner("telecom").unwrap_or_else(|| "not asked in editions.toml.".to_owned()), "7"),
        row(
            10,
            "What was not checked, is unconfirmed, was wrong?",
            format!(
                "{} failed or stale, {unread} not read; {} unconfirmed; {} to earlier issues; the oldest reading among those that succeeded is of {}.",
                count(failed, "source", "sources"),
                count(unconfirmed, "line", "lines"),
                count(e.corrections.len(), "correction", "corrections"),
                oldest.map_or_else(|| "no date".to_owned(), |t| super::desk::day(t).to_string()),
            ),
            "8, Annex C",
        ),
    ]
}
