//! Three things to know, by points that a reader can add up again.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use monitor_landscape::{Counterpart, Relation, is_military};
use monitor_model::{DocumentKey, EvidenceLevel, Kind};

use super::{desk::Desk, name, options, sorts, trends::holds_one, words};
use crate::{Change, Headline, What};

/// Points lost by a title that does not say that it is about AI.
const UNNAMED: u32 = 2;
const HEADLINES: usize = 3;
const PER_BODY: usize = 1;
/// What one person may post fills so many places at most.
const INDIVIDUAL_DRAFTS: usize = 1;
const MAX_WORDS: usize = 25;
/// Points lost by what happened before the window and was seen in it.
const LATE: u32 = 2;
/// Points lost by what one person may post without anybody's consent.
const INDIVIDUAL: u32 = 2;

/// The rules as printed in the method.
pub(super) fn rules(home: &str) -> Vec<String> {
    vec![
        "Points for what happened: published 5, in approval 4, open for comment 4, public draft 3, liaison statement to us 3, new work item 3, new draft 2, other stage change 2, revised 1.".to_owned(),
        format!("Plus 3 if the landscape holds it as counterpart of an item of {home} (same scope, overlaps or cites); plus 2 if it is an item of {home} itself."),
        "Plus 2 while it is open for comment, with a day ahead; plus 1 if one of its topics is rising or new in the trends; minus 2 if its own date lies more than 31 days before the window; minus 2 for an individual Internet-Draft, which anyone may post; minus 2 if its title does not name AI.".to_owned(),
        format!("Only standards, work items, liaison statements to us and policy texts with primary or mirrored evidence, in one of the three framings of AI security or items of {home}; never news, nor what vendors publish, nor an announcement whose time is over; one per body while another body qualifies, and one individual draft at most."),
        "Equal points: the later date first, then body and reference in alphabetical order.".to_owned(),
    ]
}

struct Candidate<'a> {
    change: &'a Change,
    points: u32,
    reckoning: Vec<String>,
    counterpart: Option<&'a Counterpart>,
    /// The item of ours that overlaps it most, even if by words alone.
    nearest: Option<&'a Counterpart>,
}

pub(super) fn headlines(desk: &Desk, changes: &[Change], home_known: bool) -> Vec<Headline> {
    let moved: BTreeSet<&str> = desk
        .input
        .trends
        .topics
        .iter()
        .filter(|r| matches!(r.verdict.as_str(), "rising" | "new") && !holds_one(r))
        .map(|r| r.id.as_str())
        .collect();
    let mut all: Vec<Candidate> = changes.iter().filter_map(|c| candidate(desk, c, &moved)).collect();
    all.sort_by(|a, b| {
        let key = |c: &Candidate| (Reverse(c.points), Reverse(c.change.event_date));
        key(a).cmp(&key(b)).then_with(|| {
            (&a.change.body, &a.change.number, &a.change.document).cmp(&(&b.change.body, &b.change.number, &b.change.document))
        })
    });
    let mut bodies: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut first, mut second): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    let mut individual = 0;
    for c in all {
        individual += usize::from(c.change.status.individual);
        if c.change.status.individual && individual > INDIVIDUAL_DRAFTS {
            continue;
        }
        let n = bodies.entry(&c.change.body).or_default();
        *n += 1;
        if *n <= PER_BODY { first.push(c) } else { second.push(c) }
    }
    first.truncate(HEADLINES);
    let missing = HEADLINES - first.len();
    first.extend(second.into_iter().take(missing));
    first.into_iter().map(|c| headline(desk, c, home_known)).collect()
}

fn candidate<'a>(desk: &Desk<'a>, c: &'a Change, moved: &BTreeSet<&str>) -> Option<Candidate<'a>> {
    let d = desk.documents.get(&c.document)?;
    if c.evidence == EvidenceLevel::Secondary || !matches!(d.kind, Kind::Document | Kind::WorkItem | Kind::Liaison | Kind::Policy) {
        return None;
    }
    // Trust in AI without attacker or defender is another subject.
    if !desk.is_home(d) && !sorts::is_framed(d) && desk.letter(d).is_none() || sorts::is_frame(d) || is_military(d) {
        return None;
    }
    // A call that nobody can answer any more is no news.
    if options::is_over(desk, d) {
        return None;
    }
    // What we sent ourselves is no news to us.
    if desk.letter(d).is_some_and(|l| l.ours) {
        return None;
    }
    let base = match c.what {
        What::Published => 5,
        What::Approval | What::Consultation => 4,
        What::NewWork | What::PublicDraft | What::Letter => 3,
        What::NewDraft | What::Stage | What::New => 2,
        What::Revised => 1,
        _ => return None,
    };
    let mut reckoning = vec![format!("{} {base}", c.what.words())];
    let mut points = base;
    let mut add = |n: u32, why: String| {
        points += n;
        reckoning.push(format!("{why} {n}"));
    };
    // Words alone that two titles share make no headline.
    let near = desk.input.landscape.counterparts.iter().filter(|p| p.relation == Relation::Cites || !p.why.topics.is_empty());
    let is_item = |p: &&Counterpart| desk.documents.get(&p.document).is_some_and(|d| desk.counts(d));
    let near = near.filter(|p| p.relation != Relation::Complements).filter(is_item);
    let overlaps = desk.input.landscape.counterparts.iter().filter(|p| p.is_close()).filter(is_item);
    let nearest = overlaps
        .filter(|p| of_work(desk, c, &p.other) && desk.documents.contains_key(&p.document))
        .max_by(|a, b| a.score.total_cmp(&b.score).then_with(|| b.document.cmp(&a.document)));
    let counterpart = near
        .filter(|p| of_work(desk, c, &p.other) && desk.documents.contains_key(&p.document))
        .max_by(|a, b| a.score.total_cmp(&b.score).then_with(|| b.document.cmp(&a.document)));
    if desk.is_home(d) {
        add(2, format!("item of {}", desk.home_name()));
    } else if let Some(p) = counterpart {
        add(3, format!("counterpart of {}", short_name(desk, p)));
    }
    if c.deadline.is_some() {
        add(2, "open for comment".to_owned());
    }
    if let Some(t) = c.topics.iter().find(|t| moved.contains(t.as_str())) {
        add(1, format!("topic “{}” is moving", desk.label(t.as_str())));
    }
    if c.status.individual {
        points = points.saturating_sub(INDIVIDUAL);
        reckoning.push(format!("individual draft -{INDIVIDUAL}"));
    }
    if !sorts::names_ai(&c.title) {
        points = points.saturating_sub(UNNAMED);
        reckoning.push(format!("title without AI -{UNNAMED}"));
    }
    if c.late {
        points = points.saturating_sub(LATE);
        reckoning.push(format!("older than the window -{LATE}"));
    }
    Some(Candidate { change: c, points, reckoning, counterpart, nearest })
}

fn short_name(desk: &Desk, p: &Counterpart) -> String {
    desk.reference(&p.document).map(|r| r.number.unwrap_or(r.title)).unwrap_or_default()
}

fn headline(desk: &Desk, c: Candidate, home_known: bool) -> Headline {
    let change = c.change;
    Headline {
        document: change.document.clone(),
        title: change.title.clone(),
        number: change.number.clone(),
        body: change.body.clone(),
        url: change.url.clone(),
        what: match (change.what, change.status.raw.as_str()) {
            (w, "") => w.words().to_owned(),
            (w, raw) if raw.eq_ignore_ascii_case(w.words()) => w.words().to_owned(),
            (w, raw) => format!("{}, “{raw}”", w.words()),
        },
        date: change.date.clone(),
        // What a reader must not take it for belongs beside it here, too.
        said: change.status.note.iter().fold(change.said.clone(), |said, note| format!("{said}; {note}")),
        why: at_most(&why(desk, &c, home_known), MAX_WORDS),
        questions: change.questions.clone(),
        points: c.points,
        reckoning: c
            .reckoning
            .join(" + ")
            .replace(" + older", "; older")
            .replace(" + individual", "; individual")
            .replace(" + title without", "; title without"),
    }
}

/// What ties it to the home group, from the landscape or from its topics.
fn why(desk: &Desk, c: &Candidate, home_known: bool) -> String {
    let home = desk.home_name();
    let topics: Vec<String> = c.change.topics.iter().take(2).map(|t| desk.label(t.as_str())).collect();
    if let Some(p) = c.counterpart {
        let shared: Vec<String> = p.why.topics.iter().take(2).map(|t| desk.label(t.as_str())).collect();
        let relation = match p.relation {
            Relation::SameScope => "same scope as",
            Relation::Cites => "cites or is cited by",
            _ => "overlaps with",
        };
        let on = if shared.is_empty() { String::new() } else { format!(": {}", words::list(&shared)) };
        return format!("{relation} {}{on}", short_name(desk, p));
    }
    if desk.documents.get(&c.change.document).is_some_and(|d| desk.is_home(d)) {
        let on = if topics.is_empty() { String::new() } else { format!(": {}", words::list(&topics)) };
        return format!("own item of {home}{on}");
    }
    let Some(topic) = c.change.topics.first() else { return format!("relevant to {}", desk.input.group.name) };
    let label = desk.label(topic.as_str());
    let ours: Vec<String> = desk
        .documents
        .values()
        .filter(|d| desk.is_home(d) && !d.stage_code().is_over() && d.topics.iter().any(|t| t.id == *topic))
        .map(|d| name::number(d).unwrap_or_else(|| name::title(d)))
        .take(2)
        .collect();
    if let Some(p) = c.nearest.filter(|_| ours.is_empty()) {
        return format!("{label}; nearest item of {home}: {}", short_name(desk, p));
    }
    match (ours.is_empty(), home_known) {
        (false, _) => format!("{label}, also the subject of {}", words::list(&ours)),
        (true, true) => format!("{label}: no item of {home} was found on it"),
        (true, false) => label,
    }
}

/// Whether the key is one of the change's work.
fn of_work(desk: &Desk, c: &Change, key: &DocumentKey) -> bool {
    *key == c.document || desk.documents.get(key).is_some_and(|d| *desk.work(d) == c.work)
}

fn at_most(text: &str, words: usize) -> String {
    let all: Vec<&str> = text.split_whitespace().collect();
    if all.len() <= words { all.join(" ") } else { format!("{} …", all[..words - 1].join(" ")) }
}
