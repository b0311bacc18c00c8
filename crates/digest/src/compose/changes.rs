//! The lines of “what changed” and the sections in which they stand.

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::ToSpan;
use monitor_landscape::{is_internet_draft, is_news_address};
use monitor_model::{Axis, Document, DocumentKey, Event, EventKind, EvidenceLevel, canonical_url};

use super::{
    desk::{Desk, day},
    name,
    pick::{Happening, Pick, Picked, is_stale},
    same, sorts, stage, words,
};
use crate::{
    Also, Change, Section, Status, What,
    clean::{clip, href},
};

/// A row that was not compared with its source for longer is marked.
const AGED_AFTER_DAYS: i64 = 60;
/// Other places, and other happenings, that a line shows.
const ALSO: usize = 4;

const ENDED: &str = "ended";
const UNFRAMED: &str = "unframed";

/// The lines, and those that nobody approved where that is asked for.
pub(super) fn changes(desk: &Desk, picked: &Picked) -> (Vec<Change>, Vec<Change>) {
    let (shown, unseen): (Vec<&Pick>, Vec<&Pick>) = picked.works.iter().partition(|p| is_approved(desk, p));
    (ordered(desk, &shown), ordered(desk, &unseen))
}

/// Whether somebody saw all that happened to a work in the window, where that is asked for.
fn is_approved(desk: &Desk, p: &Pick) -> bool {
    desk.input.approved.is_none_or(|seen| {
        std::iter::once(&p.head).chain(&p.others).all(|h| seen.get(&h.document.document).is_some_and(|until| *until >= h.event.at))
    })
}

/// Works with a change that waits for approval.
pub(super) fn waiting<'a>(desk: &Desk<'a>, picked: &Picked<'a>) -> BTreeSet<&'a DocumentKey> {
    picked.works.iter().filter(|p| !is_approved(desk, p)).map(|p| desk.work(p.head.document)).collect()
}

/// Whether two Internet-Drafts bear one name, versions apart.
fn same_draft(a: &Document, b: &Document) -> bool {
    let base =
        |d: &Document| d.number.as_deref().map(|n| n.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-').to_lowercase());
    base(a) == base(b)
}

fn ordered(desk: &Desk, picks: &[&Pick]) -> Vec<Change> {
    let mut all: Vec<Change> = picks.iter().map(|p| change(desk, p)).collect();
    let first = |c: &Change| {
        let section = section_ids().position(|s| s == c.section);
        (
            section,
            // What anyone may post comes after what a group took up; of it, what names its subject comes first.
            c.status.individual,
            c.status.individual && !sorts::names_ai(&c.title),
            // Hearsay may alert, and comes after what somebody confirmed.
            c.evidence == EvidenceLevel::Secondary,
            c.what,
            !desk.is_counterpart(&c.document),
            c.number.is_none(),
            Reverse(c.event_date),
        )
    };
    all.sort_by(|a, b| first(a).cmp(&first(b)).then_with(|| (&a.body, &a.number, &a.document).cmp(&(&b.body, &b.number, &b.document))));
    all
}

fn section_ids() -> impl Iterator<Item = &'static str> {
    Axis::ALL.iter().map(|a| a.as_str()).chain([UNFRAMED, ENDED])
}

fn change(desk: &Desk, pick: &Pick) -> Change {
    let Happening { event: e, document: d, what } = pick.head;
    let r = desk.reference_to(d);
    let matched = words::matched(d);
    let (questions, question_named) = desk.questions(d);
    let section = match (what.is_end(), Axis::ALL.iter().find(|a| d.axes.contains(a))) {
        (true, _) => ENDED,
        (_, Some(axis)) => axis.as_str(),
        _ => UNFRAMED,
    };
    let text = |t: &Option<String>| t.as_deref().map(|t| clip(t, 240)).filter(|t| !t.is_empty());
    let date = match is_stale(desk, e) {
        true => format!("{}; change seen {}", words::date(d, e, what, desk.today), day(e.at)),
        false => words::date(d, e, what, desk.today),
    };
    let sighting = d.sightings.iter().find(|s| s.source == e.source).or(d.sightings.first());
    Change {
        at: e.at,
        document: d.document.clone(),
        work: desk.work(d).clone(),
        body: r.body,
        group: r.group,
        issuer: r.issuer,
        kind: e.kind,
        from: text(&e.from),
        to: text(&e.to),
        stage: if e.kind == EventKind::Stage { e.stage } else { d.stage_code() },
        source: e.source.clone(),
        event_date: e.event_date,
        first_seen: e.first_seen,
        title: r.title,
        title_also: r.title_also,
        number: r.number,
        url: r.url,
        topics: d.topics.iter().map(|t| t.id.clone()).collect(),
        axes: d.axes.clone(),
        relevance: d.relevance,
        section: section.to_owned(),
        what,
        what_words: what.words().to_owned(),
        status: r.status,
        status_from: (e.kind == EventKind::Stage).then(|| text(&e.from)).flatten(),
        moved: moved(e, what, &desk.status(d)),
        said: words::said(what, &desk.status(d), &date),
        date,
        late: is_stale(desk, e),
        questions,
        question_named,
        why: words::why(desk, &matched),
        matched,
        evidence: r.evidence,
        unconfirmed: words::unconfirmed(&r.reported_by, &d.body),
        reported_by: r.reported_by,
        access: r.access,
        lang: r.lang,
        also_at: also_at(desk, pick),
        in_the_news: in_the_news(desk, pick),
        also_changed: also_changed(pick),
        hash: sighting.map(|s| s.hash.clone()).unwrap_or_default(),
        last_checked: d.last_checked,
        aged: day(d.last_checked) < desk.today.saturating_sub(AGED_AFTER_DAYS.days()),
        deadline: stage::until(d).filter(|w| w.last_day() >= desk.today),
    }
}

/// From what to what, in the body's own words. The common word for the stage stands beside it only where it says more.
fn moved(e: &Event, what: What, status: &Status) -> String {
    let part = |t: &Option<String>| t.as_deref().map(|t| clip(t, 120)).filter(|t| !t.is_empty());
    match (e.kind, part(&e.from), part(&e.to)) {
        (EventKind::Stage, Some(from), _) => format!("“{from}” → {}", status.words),
        (EventKind::Title, Some(from), Some(to)) => format!("title: “{from}” → “{to}”"),
        (EventKind::Date, Some(from), Some(to)) => format!("date: {from} → {to}"),
        (EventKind::Revised, Some(from), Some(to)) => format!("{}: {from} → {to}", what.words()),
        _ => words::said(what, status, ""),
    }
}

/// Other sources that show the document, and the other documents of its work. What only tells of it stands under `in_the_news`.
fn also_at(desk: &Desk, pick: &Pick) -> Vec<Also> {
    let d = pick.head.document;
    let mut seen = BTreeSet::from([canonical_url(&desk.address(d))]);
    let mut all = Vec::new();
    for s in d.sightings.iter().filter(|s| !is_news_address(&s.url)) {
        if seen.insert(canonical_url(&s.url)) {
            all.push(Also { label: desk.source_name(&s.source), url: href(&s.url).unwrap_or_default() });
        }
    }
    // The entries of a list stand in it.
    let others = desk.work_of(d).iter().filter(|o| o.document != d.document && !desk.is_apart(o) && !same::is_entry(o));
    for o in others {
        let r = desk.reference_to(o);
        if seen.insert(canonical_url(&r.url)) || o.number.is_some() {
            let called = r.number.unwrap_or(r.title);
            let renamed = is_internet_draft(o) && is_internet_draft(d) && !same_draft(o, d);
            let label = match renamed {
                true => format!("{called} (the draft's other name)"),
                false if desk.may_be(d, o) => format!("{called} (may be the same text, not merged)"),
                false => called,
            };
            all.push(Also { label, url: r.url });
        }
    }
    at_most(all, d)
}

/// Posts and news of the work: no copy of it.
fn in_the_news(desk: &Desk, pick: &Pick) -> Vec<Also> {
    let d = pick.head.document;
    let mut seen = BTreeSet::from([canonical_url(&desk.address(d))]);
    let mut all = Vec::new();
    for s in d.sightings.iter().filter(|s| is_news_address(&s.url)) {
        if seen.insert(canonical_url(&s.url)) {
            all.push(Also { label: desk.source_name(&s.source), url: href(&s.url).unwrap_or_default() });
        }
    }
    for o in desk.work_of(d).iter().filter(|o| o.document != d.document && desk.is_apart(o)) {
        let r = desk.reference_to(o);
        if seen.insert(canonical_url(&r.url)) {
            all.push(Also { label: r.title, url: r.url });
        }
    }
    at_most(all, d)
}

fn at_most(mut all: Vec<Also>, d: &Document) -> Vec<Also> {
    let rest = all.len().saturating_sub(ALSO);
    all.truncate(ALSO);
    if rest > 0 {
        all.push(Also { label: format!("{rest} more (monitor show {})", clip(d.document.as_str(), 80)), url: String::new() });
    }
    all
}

/// What else happened to the work in the window, document by document.
fn also_changed(pick: &Pick) -> Vec<String> {
    let head = pick.head.document;
    let mut all: Vec<(&Document, Vec<String>)> = Vec::new();
    for h in &pick.others {
        let phrase = phrase(h.event, h.what);
        match all.iter_mut().find(|(d, _)| d.document == h.document.document) {
            Some((_, phrases)) if phrases.contains(&phrase) => {}
            Some((_, phrases)) => phrases.push(phrase),
            None => all.push((h.document, vec![phrase])),
        }
    }
    let rest: usize = all.iter().skip(ALSO).map(|(_, p)| p.len()).sum();
    let mut lines: Vec<String> = all
        .into_iter()
        .take(ALSO)
        .map(|(d, mut phrases)| {
            let more = phrases.len().saturating_sub(ALSO);
            phrases.truncate(ALSO);
            if more > 0 {
                phrases.push(format!("{more} more"));
            }
            let said = phrases.join(", ");
            if d.document == head.document {
                return said;
            }
            let name = name::number(d).unwrap_or_else(|| name::title(d));
            format!("{}: {said}", clip(&name, 80))
        })
        .collect();
    if rest > 0 {
        lines.push(format!("{rest} more (monitor show {})", clip(head.document.as_str(), 80)));
    }
    lines
}

fn phrase(e: &Event, what: What) -> String {
    let short = |t: &Option<String>| t.as_deref().map(|t| clip(t, 80)).filter(|t| !t.is_empty());
    let dated = e.event_date.map(|w| format!(", {}", words::when_words(w))).unwrap_or_default();
    match (e.kind, short(&e.from), short(&e.to)) {
        (EventKind::Title | EventKind::Date | EventKind::Stage, Some(a), Some(b)) => {
            format!("{} from “{a}” to “{b}”{dated}", kind_words(e.kind))
        }
        (EventKind::Revised, Some(a), Some(b)) => format!("{} from {a} to {b}{dated}", what.words()),
        (EventKind::Revised, _, Some(b)) => format!("{} to {b}{dated}", what.words()),
        _ => format!("{}{dated}", what.words()),
    }
}

fn kind_words(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Title => "title changed",
        EventKind::Date => "date changed",
        _ => "stage changed",
    }
}

/// The sections that hold something, in order.
pub(super) fn sections(desk: &Desk, changes: &[Change]) -> Vec<Section> {
    section_ids()
        .map(|id| {
            let axis = desk.input.axes.iter().find(|(a, ..)| a.as_str() == id);
            let (label, definition) = match (id, axis) {
                (ENDED, _) => ("Ended or no longer listed".to_owned(), "Superseded, withdrawn, expired, or taken off its list.".to_owned()),
                (UNFRAMED, _) => ("Without a framing".to_owned(), "Relevant, but none of the framings could be shown.".to_owned()),
                (_, Some((_, label, definition))) => (clip(label, 80), clip(definition, 300)),
                (id, None) => (id.to_owned(), String::new()),
            };
            let filter = if Axis::from_word(id).is_some() { format!(" --axis {id}") } else { String::new() };
            Section {
                id: id.to_owned(),
                label,
                definition,
                count: changes.iter().filter(|c| c.section == id).count(),
                command: format!("monitor events {}{filter}", desk.window_options()),
            }
        })
        .filter(|s| s.count > 0)
        .collect()
}
