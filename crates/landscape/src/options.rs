use std::{cmp::Reverse, collections::BTreeMap};

use jiff::civil::Date;
use monitor_model::{Document, DocumentKey, StageCode, TopicId};

use crate::{
    Counterpart, Gap, Input, OptionRow, Relation, Silence, Verb, is_individual_draft,
    pick::{Item, address, question},
    sort::is_report,
};

/// A gap with fewer works elsewhere is nothing to act on yet.
const LEAST_WORKS: usize = 2;

/// What a person's own draft counts towards a gap: a sign of interest, hardly somebody's work.
const INDIVIDUAL: f64 = 0.2;

/// An option while it is collected: what it is about, and how much speaks for it.
#[derive(Default)]
struct Draft {
    /// With how near each is.
    home: BTreeMap<DocumentKey, f64>,
    others: BTreeMap<DocumentKey, f64>,
    by: Option<Date>,
    strength: f64,
}

/// Keeps how near a document is at its best.
fn note(list: &mut BTreeMap<DocumentKey, f64>, key: &DocumentKey, score: f64) {
    let held = list.entry(key.clone()).or_insert(score);
    *held = held.max(score);
}

/// The nearest first.
fn nearest(list: BTreeMap<DocumentKey, f64>) -> impl Iterator<Item = DocumentKey> {
    let mut list: Vec<(DocumentKey, f64)> = list.into_iter().collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list.into_iter().map(|(key, _)| key)
}

/// Whether an item is to be a Recommendation, `X.abc`: reports and supplements refer to others for information alone.
fn takes_rules(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default().trim().trim_start_matches("ITU-T ");
    let mut letters = number.chars();
    letters.next().is_some_and(|c| c.is_ascii_uppercase()) && letters.next() == Some('.') && !informs(d) && !is_report(d)
}

/// Whether a text has a number by which a Recommendation can refer to it.
fn is_numbered(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default();
    // The name of a file has figures, too.
    number.bytes().any(|b| b.is_ascii_digit()) && number.bytes().any(|b| b.is_ascii_uppercase())
}

/// Whether a text informs and rules nothing: a report, a supplement, a paper, as its number or its title says.
fn informs(d: &Document) -> bool {
    let said = [d.number.as_deref().unwrap_or_default(), &d.title].join(" ").to_lowercase();
    let series = ["tr", "gr", "tp", "xstr", "suppl", "supplement"];
    d.number.as_deref().unwrap_or_default().to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| series.contains(&w))
        || ["technical report", "white paper", "whitepaper", "concept paper", "supplement on"].iter().any(|w| said.contains(w))
}

type Key = (Verb, String, String, &'static str, Option<TopicId>);

/// What people may consider, by urgency, then by strength. Nothing is cut off; a digest shows the first few.
pub(crate) fn options(
    input: &Input<'_>,
    items: &[Item<'_>],
    counterparts: &[Counterpart],
    gaps: &[Gap],
    silent: &[Silence],
) -> Vec<OptionRow> {
    let by_key: BTreeMap<&DocumentKey, &Item<'_>> = items.iter().flat_map(|i| i.documents.iter().map(move |d| (&d.document, i))).collect();
    let ahead = |d: Option<Date>| d.filter(|d| *d >= input.as_of);
    let (liaison, contribution) = (ahead(input.dates.liaison), ahead(input.dates.contribution));
    let plenary = ahead(input.dates.plenary);
    let mut drafts: BTreeMap<Key, Draft> = BTreeMap::new();

    for c in counterparts.iter().filter(|c| c.relation != Relation::Complements) {
        let (Some(home), Some(other)) = (by_key.get(&c.document), by_key.get(&c.other)) else { continue };
        if !home.open() {
            continue;
        }
        let deadline = ahead(other.face.deadline.map(|w| w.last_day()));
        let (verb, vehicle, by) = match other.face.stage_code() {
            // A group that writes no text refers to none.
            StageCode::Published if !home.staged() => continue,
            // Rec. ITU-T A.5 is for texts of other organizations that a Recommendation refers to as its own.
            StageCode::Published
                if other.face.body != input.home.body
                    && !input.not_sdos.contains(&other.face.body)
                    && takes_rules(home.face)
                    && is_numbered(other.face)
                    && !informs(other.face) =>
            {
                (Verb::Reference, "A.5 reference", contribution)
            }
            StageCode::Published => (Verb::Reference, "reference", contribution),
            StageCode::Consultation if deadline.is_some() => (Verb::Liaison, "outgoing LS with comments", deadline),
            _ if c.liaison_named == Some(true) => (Verb::Contribution, "contribution or joint session", contribution),
            _ => (Verb::Liaison, "outgoing LS", liaison.or(plenary)),
        };
        let draft = drafts.entry((verb, address(input.home, other.face), question(input.home, home), vehicle, None)).or_default();
        note(&mut draft.home, &c.document, c.score);
        note(&mut draft.others, &c.other, c.score);
        draft.by = draft.by.into_iter().chain(by).min();
        draft.strength += c.score;
    }
    for gap in gaps {
        let works: usize = gap.active_elsewhere.iter().map(|a| a.documents.len()).sum();
        let Some(first) = gap.active_elsewhere.first().filter(|_| works >= LEAST_WORKS) else { continue };
        let to = first.documents.first().and_then(|d| by_key.get(d)).map_or_else(|| first.body.clone(), |i| i.face.body.clone());
        let question = input.home.question_of.get(&gap.topic).unwrap_or(&input.home.default_question).clone();
        let draft = drafts.entry((Verb::Check, to, question, "new work item check", Some(gap.topic.clone()))).or_default();
        gap.active_elsewhere.iter().flat_map(|a| &a.documents).for_each(|d| note(&mut draft.others, d, 0.0));
        draft.by = contribution;
        let weight = |d: &&Item<'_>| if is_individual_draft(d.face) { INDIVIDUAL } else { 1.0 };
        let found = gap.active_elsewhere.iter().flat_map(|a| &a.documents).filter_map(|d| by_key.get(d).copied());
        draft.strength = found.map(|i| weight(&i)).sum::<f64>().max(1.0).ln();
    }
    for s in silent {
        let Some(item) = by_key.get(&s.document) else { continue };
        let draft = drafts
            .entry((Verb::Check, address(input.home, item.face), question(input.home, item), "discontinuation check", None))
            .or_default();
        note(&mut draft.home, &s.document, 0.0);
        draft.by = contribution;
        draft.strength += 0.3;
    }

    let mut rows: Vec<(Key, Draft)> = drafts.into_iter().collect();
    let urgent = |(key, draft): &(Key, Draft)| Reverse(key.3 == "outgoing LS with comments" && draft.by.is_some());
    rows.sort_by(|a, b| urgent(a).cmp(&urgent(b)).then(b.1.strength.total_cmp(&a.1.strength)).then_with(|| a.0.cmp(&b.0)));
    let option = |((verb, to, question, vehicle, topic), draft): (Key, Draft)| OptionRow {
        verb,
        to,
        question,
        vehicle: vehicle.to_owned(),
        topic,
        by: draft.by,
        evidence: nearest(draft.home).chain(nearest(draft.others)).collect(),
    };
    rows.into_iter().map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::doc;

    #[test]
    fn reports_refer_for_information_and_recommendations_to_what_rules() {
        let of = |number: &str, title: &str| Document { number: Some(number.into()), ..doc("k", "b", "", title, &[]) };
        for number in ["X.sgGenAI", "X.1753", "ITU-T X.1457 (12/2025)"] {
            assert!(takes_rules(&of(number, "Security guidelines")), "{number}");
        }
        for number in ["XSTR.sem-AIA", "TR.se-ai", "X Suppl. 37", "X.Suppl.37", "FG-TIDA ToR", ""] {
            assert!(!takes_rules(&of(number, "Security evaluation")), "{number}");
        }
        for (number, title) in
            [("ETSI TR 104 066", "Testing"), ("ETSI GR SAI 004", "Problem"), ("MCP", "A white paper on tools"), ("3GPP TR 33.784", "Study")]
        {
            assert!(informs(&of(number, title)), "{number}");
        }
        for number in ["ETSI EN 304 223", "ETSI TS 104 223", "ISO/IEC 27090", "NIST AI 100-2"] {
            assert!(!informs(&of(number, "Requirements")), "{number}");
        }
    }
}
