//! Counterparts, gaps, silence and options: what the landscape says, with the documents behind it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use monitor_landscape::{Active, OptionRow, Relation, has_lapsed};
use monitor_model::{Document, DocumentKey};

use super::{
    answers::near_words,
    desk::{Desk, day},
    trends::short,
    words,
};
use crate::{
    ActiveLine, Alone, Contact, Counterpart, CoverageClass, CoverageLine, Form, GapLine, NearItem, OptionLine, Ref, SilentLine, clean::clip,
};

/// Documents that a gap shows per body, and bodies per gap.
const PER_BODY: usize = 2;
const EVIDENCE: usize = 4;
/// Of these so many of each side.
const EACH_SIDE: usize = 2;
/// Bodies that a gap names with their documents.
const GAP_BODIES: usize = 3;
/// Counterparts that an item shows.
const PER_ITEM_MAIL: usize = 3;
const PER_ITEM: usize = 5;
/// Sources that the “searched in” sentence names.
const NAMED: usize = 6;

pub(super) struct Near {
    pub(super) counterparts: Vec<Counterpart>,
    pub(super) near: Vec<NearItem>,
    pub(super) gaps: Vec<GapLine>,
    pub(super) alone: Vec<Alone>,
    pub(super) silent: Vec<SilentLine>,
    pub(super) searched: String,
    pub(super) searched_short: String,
    pub(super) options: Vec<OptionLine>,
}

/// Whether the home group's own pages were looked at: without that nobody can say that it has nothing.
pub(super) fn home_known(desk: &Desk, coverage: &[CoverageLine]) -> bool {
    coverage.iter().any(|c| c.class == CoverageClass::Read && c.body == desk.input.group.body)
        || desk.documents.values().any(|d| desk.is_home(d))
}

pub(super) fn near(desk: &Desk, coverage: &[CoverageLine], home_known: bool) -> Near {
    let land = desk.input.landscape;
    let refs = |keys: &[DocumentKey], n: usize| -> Vec<Ref> { keys.iter().filter_map(|k| desk.reference(k)).take(n).collect() };
    let group = &desk.input.group.group;
    let active = |a: &Active| ActiveLine {
        body: if a.body == desk.input.group.body { format!("{} outside {group}", clip(&a.body, 60)) } else { clip(&a.body, 60) },
        count: a.documents.len(),
        documents: refs(&firm_first(desk, &a.documents), PER_BODY),
    };
    let counterparts = counterparts(desk);
    Near {
        near: by_item(desk, &counterparts),
        counterparts,
        gaps: land
            .gaps
            .iter()
            .filter(|_| home_known)
            .map(|g| {
                // What vendors publish is no standards work.
                let theirs = || g.active_elsewhere.iter().filter(|a| !desk.input.vendors.contains(&a.body));
                let active_elsewhere: Vec<ActiveLine> = theirs().map(active).filter(|a| !a.documents.is_empty()).collect();
                let named = active_elsewhere.iter().take(GAP_BODIES).flat_map(|a| &a.documents).map(|r| &r.document);
                GapLine {
                    topic: g.topic.clone(),
                    label: desk.label(g.topic.as_str()),
                    count: theirs().map(|a| a.documents.len()).sum(),
                    nearest: overlapping(desk, named),
                    active_elsewhere,
                    home: g.home,
                }
            })
            .filter(|g| !g.active_elsewhere.is_empty())
            .collect(),
        alone: land
            .home_alone
            .iter()
            .map(|a| Alone { topic: a.topic.clone(), label: desk.label(a.topic.as_str()), documents: refs(&a.documents, EVIDENCE) })
            .filter(|a| !a.documents.is_empty())
            .collect(),
        silent: land
            .silent
            .iter()
            .filter(|s| desk.documents.get(&s.document).is_some_and(|d| desk.is_home(d)))
            .filter_map(|s| Some(SilentLine { item: desk.reference(&s.document)?, last_moved: s.last_moved, meetings: s.meetings }))
            .collect(),
        searched: searched(desk, coverage, home_known),
        searched_short: searched_short(desk, coverage, home_known),
        options: by_turns(desk, &land.options)
            .into_iter()
            .map(|o| {
                let topic = o.topic.as_ref().map(|t| desk.label(t.as_str()));
                let evidence = evidence(desk, o);
                OptionLine {
                    verb: o.verb.as_str().to_owned(),
                    to: clip(&o.to, 80),
                    question: clip(&o.question, 20),
                    vehicle: clip(&o.vehicle, 60),
                    words: option_words(&o.vehicle, &clip(&o.to, 80), topic.as_deref()),
                    topic,
                    by: o.by,
                    evidence,
                }
            })
            .filter(|o| is_founded(desk, o))
            .collect(),
    }
}

/// Items of ours that overlap one of these documents, or have its scope, or cite it.
fn overlapping<'k>(desk: &Desk, documents: impl Iterator<Item = &'k DocumentKey>) -> Vec<Ref> {
    let works: BTreeSet<&DocumentKey> = documents.filter_map(|k| desk.documents.get(k)).map(|d| desk.work(d)).collect();
    let close = |c: &&monitor_landscape::Counterpart| {
        c.relation != Relation::Complements && desk.documents.get(&c.other).is_some_and(|d| works.contains(desk.work(d)))
    };
    let mut near: Vec<&monitor_landscape::Counterpart> = desk.input.landscape.counterparts.iter().filter(close).collect();
    near.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.document.cmp(&b.document)));
    let mut seen = BTreeSet::new();
    near.into_iter().filter(|c| seen.insert(&c.document)).filter_map(|c| desk.reference(&c.document)).take(EACH_SIDE).collect()
}

/// What an option rests on: the nearest of each side, so that neither hides the other. Rows that wait for approval found nothing.
fn evidence(desk: &Desk, o: &OptionRow) -> Vec<Ref> {
    let known = o.evidence.iter().filter_map(|k| desk.documents.get(k)).filter(|d| !desk.waits(d) && desk.letter(d).is_none());
    let (ours, theirs): (Vec<&Document>, Vec<&Document>) = known.copied().partition(|d| desk.is_home(d));
    let mut theirs: Vec<&Document> = theirs.into_iter().filter(|d| !desk.is_apart(d)).collect();
    theirs.sort_by_key(|d| (words::is_individual(d), has_lapsed(d, desk.today)));
    let more = EVIDENCE - ours.len().min(EACH_SIDE);
    ours.into_iter().take(EACH_SIDE).chain(theirs.into_iter().take(more)).map(|d| desk.reference_to(d)).collect()
}

/// An option without a document behind it would be an opinion; one that goes to somebody needs a document of theirs, and one that
/// asks for a new item none of ours that overlaps what it names.
fn is_founded(desk: &Desk, o: &OptionLine) -> bool {
    let is_ours = |r: &Ref| desk.documents.get(&r.document).is_some_and(|d| desk.is_home(d));
    let to_us = desk.is_us(&o.to);
    match o.vehicle.as_str() {
        "discontinuation check" => !o.evidence.is_empty(),
        "new work item check" => !o.evidence.is_empty() && overlapping(desk, o.evidence.iter().map(|r| &r.document)).is_empty(),
        _ => !to_us && o.evidence.iter().any(|r| !is_ours(r)),
    }
}

/// What the home group wrote first, then standards, then what one person may post: the order is kept within each.
fn firm_first(desk: &Desk, keys: &[DocumentKey]) -> Vec<DocumentKey> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|k| {
        let d = desk.documents.get(k);
        let apart = d.is_none_or(|d| desk.is_apart(d) || desk.letter(d).is_some());
        (d.is_none_or(|d| !desk.is_home(d)), apart, d.is_none_or(|d| words::is_individual(d)))
    });
    keys
}

/// A liaison statement as a line names it. It need not be about AI's security itself.
fn contact(desk: &Desk, key: &DocumentKey) -> Option<Contact> {
    let d = desk.input.documents.iter().find(|d| d.document == *key)?;
    let r = desk.reference_to(d);
    let date = d.published.or(d.stage.as_ref().and_then(|s| s.date)).map(words::when_words).unwrap_or_default();
    Some(Contact { name: r.number.unwrap_or(r.title), date, url: r.url })
}

/// What may be considered, in words that say what, to whom and about what.
fn option_words(vehicle: &str, to: &str, topic: Option<&str>) -> String {
    let on = topic.map(|t| format!(" on {t}")).unwrap_or_default();
    match vehicle {
        "new work item check" => format!("Check whether a new work item is needed{on} (most work: {to})"),
        "discontinuation check" => format!("Check whether the item goes on ({to})"),
        "A.5 reference" => format!("A.5 reference to texts of {to}{on}"),
        "contribution or joint session" => format!("Contribution to, or joint session with, {to}{on}"),
        v => {
            let mut letters = v.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{} to {to}{on}", letters.as_str())
        }
    }
}

fn counterparts(desk: &Desk) -> Vec<Counterpart> {
    desk.input
        .landscape
        .counterparts
        .iter()
        .filter_map(|c| {
            Some(Counterpart {
                home: desk.reference(&c.document)?,
                there: desk.reference(&c.other)?,
                document: c.document.clone(),
                other: c.other.clone(),
                score: short(c.score),
                relation: c.relation.as_str().to_owned(),
                verb: near_words(c.relation.as_str()).to_owned(),
                liaison_named: c.liaison_named,
                contacts: c.liaisons.iter().filter_map(|k| contact(desk, k)).collect(),
                topics: c.why.topics.iter().map(|t| desk.label(t.as_str())).collect(),
                terms: c.why.terms.iter().map(|t| clip(t, 40)).collect(),
            })
        })
        .collect()
}

/// Pairs by home item, the item with the nearest first. A mail shows fewer, and none that shares words but no topic.
fn by_item(desk: &Desk, pairs: &[Counterpart]) -> Vec<NearItem> {
    let mail = desk.input.form == Form::Mail;
    let mut items: Vec<NearItem> = Vec::new();
    for p in pairs {
        let shown = !mail || !p.topics.is_empty() || p.relation == Relation::Cites.as_str();
        let item = match items.iter_mut().position(|i| i.home.document == p.document) {
            Some(at) => &mut items[at],
            None => {
                items.push(NearItem { home: p.home.clone(), others: Vec::new(), rest: 0 });
                let last = items.len() - 1;
                &mut items[last]
            }
        };
        if shown && item.others.len() < if mail { PER_ITEM_MAIL } else { PER_ITEM } { item.others.push(p.clone()) } else { item.rest += 1 }
    }
    items.retain(|i| !i.others.is_empty());
    let best = |i: &NearItem| i.others.iter().map(|o| o.score).fold(0.0, f64::max);
    items.sort_by(|a, b| best(b).total_cmp(&best(a)).then_with(|| a.home.document.cmp(&b.home.document)));
    items
}

/// The first of each kind, then the second of each: six lines should not all propose the same. What rests on drafts of single
/// persons alone comes after what rests on a body's own text.
fn by_turns<'a>(desk: &Desk, options: &'a [OptionRow]) -> Vec<&'a OptionRow> {
    let thin = |o: &OptionRow| {
        let mut others = o.evidence.iter().filter_map(|k| desk.documents.get(k)).filter(|d| !desk.is_home(d)).peekable();
        others.peek().is_some() && others.all(|d| words::is_individual(d))
    };
    let mut sorted: Vec<&OptionRow> = options.iter().collect();
    sorted.sort_by_key(|o| thin(o));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, &OptionRow)> = sorted
        .into_iter()
        .map(|o| {
            let n = seen.entry(&o.vehicle).or_default();
            *n += 1;
            (*n, o)
        })
        .collect();
    turns.sort_by_key(|(n, o)| (*n, thin(o)));
    turns.into_iter().map(|(_, o)| o).collect()
}

/// `searched in … until …`: the sentence that makes “none found” mean something.
fn searched(desk: &Desk, coverage: &[CoverageLine], home_known: bool) -> String {
    let body = &desk.input.group.body;
    let home = desk.home_name();
    let side = |ours: bool| -> (Vec<&CoverageLine>, Option<Date>) {
        let list: Vec<_> = coverage.iter().filter(|c| c.class == CoverageClass::Read && (c.body == *body) == ours).collect();
        let until = list.iter().filter_map(|c| c.last_success).min().map(day);
        (list, until)
    };
    let name = |(list, until): (Vec<&CoverageLine>, Option<Date>)| {
        let mut names: Vec<String> = list.iter().take(NAMED).map(|c| format!("“{}”", c.name)).collect();
        if list.len() > NAMED {
            names.push(words::count(list.len() - NAMED, "other source", "other sources"));
        }
        match until {
            Some(day) => format!("{} until {day}", words::list(&names)),
            None => words::list(&names),
        }
    };
    let (ours, theirs) = (side(true), side(false));
    let ours = match (ours.0.is_empty(), home_known) {
        (false, _) => format!("For {home} searched in {}.", name(ours)),
        (true, true) => format!("For {home} only what others and earlier imports show was looked at: no source of {body} was read."),
        (true, false) => format!("No source of {body} was read, so nothing is said about what {home} has or lacks."),
    };
    let theirs = if theirs.0.is_empty() {
        "No source of another body was read.".to_owned()
    } else {
        format!("Elsewhere searched in {}.", name(theirs))
    };
    format!("{ours} {theirs} “None found” means none found there, not that nobody works on it; “~” joins words taken as near.")
}

/// The same in one line.
fn searched_short(desk: &Desk, coverage: &[CoverageLine], home_known: bool) -> String {
    let read = || coverage.iter().filter(|c| c.class == CoverageClass::Read);
    let ours = read().filter(|c| c.body == desk.input.group.body).count();
    let theirs = read().count() - ours;
    let Some(last) = read().filter_map(|c| c.last_success).max().map(day) else {
        return "No source was read, so nothing is said about what is missing.".to_owned();
    };
    let at_home = match (ours, home_known) {
        (0, false) => format!("no source of {}", desk.input.group.body),
        (0, true) => format!("no source of {}, only what others show of it,", desk.input.group.body),
        (n, _) => format!("{} of {}", words::count(n, "source", "sources"), desk.input.group.body),
    };
    format!(
        "Searched until {last} in {at_home} and {} of other bodies (Annex C): “none found” means none found there, not that nobody works on it.",
        words::count(theirs, "source", "sources"),
    )
}
