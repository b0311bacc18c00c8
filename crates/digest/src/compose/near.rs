//! Counterparts, gaps, silence and options: what the landscape says, with the documents behind it.

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::civil::Date;
use monitor_landscape::{Active, Relation, is_military};
use monitor_model::{Document, DocumentKey, EvidenceLevel};

use super::{
    answers::near_words,
    desk::{Desk, day},
    options, sorts,
    trends::short,
    words,
};
use crate::{
    ActiveLine, Alone, Contact, Counterpart, CoverageClass, CoverageLine, Form, GapLine, MergeCandidate, NearItem, OptionLine, Ref,
    SilentLine, clean::clip,
};

/// Documents that a gap shows per body.
const PER_BODY: usize = 2;
/// Documents of a topic on which only we work.
const ALONE: usize = 4;
/// Items of ours that stand nearest to a gap.
const NEAREST: usize = 2;
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
    let active = |a: &Active| {
        let works = works(desk, &a.documents);
        ActiveLine {
            body: if a.body == desk.input.group.body { format!("{} outside {group}", clip(&a.body, 60)) } else { clip(&a.body, 60) },
            count: works.len(),
            individual: works.iter().filter(|d| words::is_individual(d)).count(),
            firm: works.iter().filter(|d| !words::is_individual(d) && !desk.is_hearsay(d) && sorts::is_framed(d)).count(),
            documents: works.iter().take(PER_BODY).map(|d| desk.reference_to(d)).collect(),
        }
    };
    let counterparts = counterparts(desk);
    let gaps = gaps(desk, home_known, active);
    let silent: Vec<SilentLine> = land
        .silent
        .iter()
        .filter(|s| desk.documents.get(&s.document).is_some_and(|d| desk.is_home(d) && is_watched(d, coverage)))
        .filter_map(|s| Some(SilentLine { item: desk.reference(&s.document)?, last_moved: s.last_moved, meetings: s.meetings }))
        .collect();
    let options = options::options(desk, &gaps, &silent);
    Near {
        near: by_item(desk, &counterparts),
        counterparts,
        gaps,
        alone: land
            .home_alone
            .iter()
            .map(|a| Alone { topic: a.topic.clone(), label: desk.label(a.topic.as_str()), documents: refs(&a.documents, ALONE) })
            .filter(|a| !a.documents.is_empty())
            .collect(),
        silent,
        searched: searched(desk, coverage, home_known),
        searched_short: searched_short(desk, coverage, home_known),
        options,
    }
}

/// Whether a source that is read shows it: of what only a file told nobody can say that it did not move since.
fn is_watched(d: &Document, coverage: &[CoverageLine]) -> bool {
    d.sightings.iter().any(|s| coverage.iter().any(|c| c.id == s.source && c.is_read()))
}

/// Topics with work elsewhere alone, those with most work of bodies first: what anyone may post comes after it.
fn gaps(desk: &Desk, home_known: bool, active: impl Fn(&Active) -> ActiveLine) -> Vec<GapLine> {
    let line = |g: &monitor_landscape::Gap| {
        // What vendors publish is no standards work.
        let theirs = g.active_elsewhere.iter().filter(|a| !desk.input.vendors.contains(&a.body));
        let mut active_elsewhere: Vec<ActiveLine> = theirs.map(&active).filter(|a| !a.documents.is_empty()).collect();
        active_elsewhere.sort_by_key(|a| (Reverse(a.firm), Reverse(a.count - a.individual), Reverse(a.count)));
        let named = active_elsewhere.iter().take(GAP_BODIES).flat_map(|a| &a.documents).map(|r| &r.document);
        GapLine {
            topic: g.topic.clone(),
            label: desk.label(g.topic.as_str()),
            count: active_elsewhere.iter().map(|a| a.count).sum(),
            individual: active_elsewhere.iter().map(|a| a.individual).sum(),
            nearest: overlapping(desk, named),
            active_elsewhere,
            home: g.home,
        }
    };
    let found = desk.input.landscape.gaps.iter().filter(|_| home_known).map(line);
    let mut gaps: Vec<GapLine> = found.filter(|g| !g.active_elsewhere.is_empty()).collect();
    let firm = |g: &GapLine| g.active_elsewhere.iter().map(|a| a.firm).sum::<usize>();
    gaps.sort_by_key(|g| (Reverse(firm(g)), Reverse(g.count - g.individual), Reverse(g.count)));
    gaps
}

/// The works of some documents, each by one of them, the firm ones first.
fn works<'a>(desk: &Desk<'a>, keys: &[DocumentKey]) -> Vec<&'a Document> {
    let mut seen = BTreeSet::new();
    let known = firm_first(desk, keys).into_iter().filter_map(|k| desk.documents.get(&k).copied());
    known.filter(|d| desk.input.vendors.contains(&d.body) || desk.counts(d)).filter(|d| seen.insert(desk.work(d))).collect()
}

/// Items of ours that overlap one of these documents, have its scope, cite it, or complement it closely.
pub(super) fn overlapping<'k>(desk: &Desk, documents: impl Iterator<Item = &'k DocumentKey>) -> Vec<Ref> {
    let works: BTreeSet<&DocumentKey> = documents.filter_map(|k| desk.documents.get(k)).map(|d| desk.work(d)).collect();
    let close =
        |c: &&monitor_landscape::Counterpart| c.is_close() && desk.documents.get(&c.other).is_some_and(|d| works.contains(desk.work(d)));
    let mut near: Vec<&monitor_landscape::Counterpart> = desk.input.landscape.counterparts.iter().filter(close).collect();
    near.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.document.cmp(&b.document)));
    let mut seen = BTreeSet::new();
    near.into_iter().filter(|c| seen.insert(&c.document)).filter_map(|c| desk.reference(&c.document)).take(NEAREST).collect()
}

/// What the home group wrote first, then standards, then what one person may post: the order is kept within each.
fn firm_first(desk: &Desk, keys: &[DocumentKey]) -> Vec<DocumentKey> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|k| {
        let d = desk.documents.get(k);
        let apart = d.is_none_or(|d| !desk.counts(d) || is_military(d));
        let hearsay = d.is_none_or(|d| desk.is_hearsay(d));
        (d.is_none_or(|d| !desk.is_home(d)), apart, hearsay, d.is_none_or(|d| words::is_individual(d)))
    });
    keys
}

/// Pairs that may be one text, for a person to look at.
pub(super) fn merge_candidates(desk: &Desk) -> Vec<MergeCandidate> {
    let quoted = |d: &Document| format!("'{}'", d.document.as_str().replace('\'', "'\\''"));
    let pair = |(a, b): &(&Document, &Document)| MergeCandidate {
        a: desk.reference_to(a),
        b: desk.reference_to(b),
        command: format!("monitor merge {} {}", quoted(a), quoted(b)),
    };
    desk.near.iter().map(pair).collect()
}

/// A liaison statement as a line names it. It need not be about AI's security itself.
fn contact(desk: &Desk, key: &DocumentKey) -> Option<Contact> {
    let d = desk.input.documents.iter().find(|d| d.document == *key)?;
    let r = desk.reference_to(d);
    let date = d.published.or(d.stage.as_ref().and_then(|s| s.date)).map(words::when_words).unwrap_or_default();
    Some(Contact { name: r.number.unwrap_or(r.title), date, url: r.url })
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
    // What lapsed is hardly a counterpart any more; what one person posts stands behind what a body wrote, and what others tell of,
    // unless it has our very scope, behind what its body shows.
    let told = |o: &Counterpart| o.there.evidence == EvidenceLevel::Secondary && o.relation != Relation::SameScope.as_str();
    items.iter_mut().for_each(|i| i.others.sort_by_key(|o| (o.there.status.lapsed, o.there.status.individual, told(o))));
    let best = |i: &NearItem| i.others.iter().map(|o| o.score).fold(0.0, f64::max);
    items.sort_by(|a, b| best(b).total_cmp(&best(a)).then_with(|| a.home.document.cmp(&b.home.document)));
    items
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
    let imported = read().filter(|c| c.is_imported()).count();
    let theirs = read().count() - ours - imported;
    let Some(last) = read().filter_map(|c| c.last_success).max().map(day) else {
        return "No source was read, so nothing is said about what is missing.".to_owned();
    };
    let body = &desk.input.group.body;
    let not_at_home = match (ours, home_known) {
        (0, false) => format!("; no source of {body} was read"),
        (0, true) => format!("; no source of {body} itself was read"),
        _ => String::new(),
    };
    let mut places = Vec::new();
    if ours > 0 {
        places.push(format!("{} of {body}", words::count(ours, "source", "sources")));
    }
    if theirs > 0 || ours + imported == 0 {
        places.push(format!("{} of other bodies", words::count(theirs, "source", "sources")));
    }
    if imported > 0 {
        places.push(words::count(imported, "source known from imported files", "sources known from imported files"));
    }
    format!(
        "Searched until {last} in {} (Annex C){not_at_home}. “None found” means none found there, not that nobody works on it.",
        words::list(&places)
    )
}
