//! What may be considered, from the landscape: each line rests on documents of both sides, never on hearsay alone.

use std::collections::{BTreeMap, BTreeSet};

use monitor_landscape::{OptionRow, has_lapsed, is_military};
use monitor_model::{Document, EvidenceLevel, StageCode};

use super::{
    desk::Desk,
    name,
    near::overlapping,
    sorts,
    stage::{self, Comment},
    words,
};
use crate::{GapLine, OptionLine, Ref, SilentLine, clean::clip};

/// Documents that an option shows.
const EVIDENCE: usize = 4;
/// Of these so many of each side.
const EACH_SIDE: usize = 2;
/// The option that follows from a gap.
const NEW_ITEM: &str = "new work item check";
/// The option that follows from silence.
const GOES_ON: &str = "discontinuation check";

pub(super) fn options(desk: &Desk, gaps: &[GapLine], silent: &[SilentLine]) -> Vec<OptionLine> {
    // A topic is no gap where an item of ours is near, nor is what is not about security.
    let is_gap = |topic: &Option<String>| {
        let mut open = gaps.iter().filter(|g| g.nearest.is_empty() && g.active_elsewhere.iter().any(|a| a.firm > 0));
        topic.as_ref().is_some_and(|t| open.any(|g| g.label == *t))
    };
    // What only a file tells may have moved since.
    let is_silent = |o: &OptionLine| o.evidence.iter().any(|r| silent.iter().any(|s| s.item.document == r.document));
    let mut targets = BTreeSet::new();
    by_turns(desk, &desk.input.landscape.options, gaps)
        .into_iter()
        .map(|o| option(desk, o))
        .filter(|o| is_founded(desk, o) && (o.vehicle != NEW_ITEM || is_gap(&o.topic)) && (o.vehicle != GOES_ON || is_silent(o)))
        .filter(|o| targets.insert(target(o)))
        .collect()
}

/// An option as a line shows it.
fn option(desk: &Desk, o: &OptionRow) -> OptionLine {
    let topic = o.topic.as_ref().map(|t| desk.label(t.as_str()));
    OptionLine {
        verb: o.verb.as_str().to_owned(),
        to: clip(&o.to, 80),
        question: clip(&o.question, 20),
        vehicle: clip(&o.vehicle, 60),
        words: option_words(&o.vehicle, &clip(&o.to, 80), topic.as_deref()),
        topic,
        by: o.by,
        evidence: evidence(desk, o),
    }
}

/// The first of each kind, then the second of each: six lines should not all propose the same. What rests on drafts of single
/// persons alone comes after what rests on a body's own text.
fn by_turns<'a>(desk: &Desk, options: &'a [OptionRow], gaps: &[GapLine]) -> Vec<&'a OptionRow> {
    let thin = |o: &OptionRow| {
        let mut others = o.evidence.iter().filter_map(|k| desk.documents.get(k)).filter(|d| !desk.is_home(d)).peekable();
        // Without a number and a stage nobody can refer to it yet.
        let vague = |d: &Document| d.stage_code() == StageCode::Unknown && name::number(d).is_none();
        others.peek().is_some() && others.all(|d| words::is_individual(d) || desk.is_hearsay(d) || !desk.counts(d) || vague(d))
    };
    let mut sorted: Vec<&OptionRow> = options.iter().collect();
    // Checks of new items in the order of the gaps, all others in their own.
    let rank = |o: &OptionRow| {
        let of_gap = o.topic.as_ref().filter(|_| o.vehicle == NEW_ITEM).and_then(|t| gaps.iter().position(|g| g.topic == *t));
        of_gap.unwrap_or(0)
    };
    sorted.sort_by_key(|o| (thin(o), rank(o)));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, &OptionRow)> = sorted
        .into_iter()
        .map(|o| {
            let n = seen.entry(&o.vehicle).or_default();
            *n += 1;
            (*n, o)
        })
        .collect();
    turns.sort_by_key(|(n, o)| (thin(o), *n));
    turns.into_iter().map(|(_, o)| o).collect()
}

/// Whom an option is about: a body or group is proposed one thing at a time, a topic is looked at once.
fn target(o: &OptionLine) -> String {
    match &o.topic {
        Some(topic) if o.verb == "check" => format!("topic {topic}"),
        _ => o.to.to_lowercase(),
    }
}

/// What an option rests on: the nearest of each side, so that neither hides the other, hearsay last. Rows that wait for approval
/// found nothing, nor does what is no work.
fn evidence(desk: &Desk, o: &OptionRow) -> Vec<Ref> {
    let known = o.evidence.iter().filter_map(|k| desk.documents.get(k)).filter(|d| !desk.waits(d) && desk.letter(d).is_none());
    let (mut ours, theirs): (Vec<&Document>, Vec<&Document>) = known.copied().partition(|d| desk.is_home(d));
    let mut theirs: Vec<&Document> = theirs.into_iter().filter(|d| desk.counts(d) && !is_military(d) && !is_over(desk, d)).collect();
    ours.retain(|d| desk.counts(d));
    ours.sort_by_key(|d| desk.is_hearsay(d));
    theirs.sort_by_key(|d| (desk.is_hearsay(d), words::is_individual(d), !sorts::is_framed(d), has_lapsed(d, desk.today)));
    let mut seen = BTreeSet::new();
    theirs.retain(|d| seen.insert(desk.work(d)));
    let more = EVIDENCE - ours.len().min(EACH_SIDE);
    ours.into_iter().take(EACH_SIDE).chain(theirs.into_iter().take(more)).map(|d| desk.reference_to(d)).collect()
}

/// Whether it asked for answers that nobody can give any more.
pub(super) fn is_over(desk: &Desk, d: &Document) -> bool {
    sorts::is_announcement(d) && matches!(stage::comment(d, desk.today), Some(Comment::Closed))
}

/// An option without a document behind it would be an opinion, and hearsay alone is no document; one that goes to somebody needs
/// one of theirs and one of ours, and one that asks for a new item none of ours that overlaps what it names.
fn is_founded(desk: &Desk, o: &OptionLine) -> bool {
    let is_ours = |r: &Ref| desk.documents.get(&r.document).is_some_and(|d| desk.is_home(d));
    let firm = |ours: bool| o.evidence.iter().any(|r| is_ours(r) == ours && r.evidence != EvidenceLevel::Secondary);
    match o.vehicle.as_str() {
        GOES_ON => firm(true),
        NEW_ITEM => firm(false) && overlapping(desk, o.evidence.iter().map(|r| &r.document)).is_empty(),
        _ => !desk.is_us(&o.to) && firm(false) && (firm(true) || o.topic.is_some() && !o.evidence.iter().any(is_ours)),
    }
}

/// What may be considered, in words that say what, to whom and about what.
fn option_words(vehicle: &str, to: &str, topic: Option<&str>) -> String {
    let on = topic.map(|t| format!(" on {t}")).unwrap_or_default();
    // Where no source names a group, the text is all that is known.
    if let Some((body, text)) = to.split_once(" (group of ").and_then(|(b, t)| Some((b, t.strip_suffix(" not known)")?))) {
        let lead = if vehicle == "reference" { "Reference to" } else { "Outgoing LS on" };
        return format!("{lead} {text} of {body}, whose group is not known");
    }
    match vehicle {
        NEW_ITEM => format!("Check whether a new work item is needed{on}"),
        GOES_ON => format!("Check whether the item goes on ({to})"),
        "A.5 reference" => format!("A.5 reference to texts of {to}{on}"),
        "reference" => format!("Informative reference to texts of {to}{on}"),
        "contribution or joint session" => format!("Contribution to, or joint session with, {to}{on}"),
        v => {
            let mut letters = v.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{} to {to}{on}", letters.as_str())
        }
    }
}
