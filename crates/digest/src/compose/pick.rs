//! Which events become lines: one line per work, nothing old sold as new, every event accounted for.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::ToSpan;
use monitor_model::{Document, DocumentKey, Event, EventKind, Kind, RelationKind, StageCode, When};

use super::{
    desk::Desk,
    name, sorts,
    stage::{self, Comment},
    words,
};
use crate::{AlsoReported, Form, LeftOut, What};

/// A body may list a document some weeks after its date; older ones were there before and are only newly shown.
pub(super) const LATE_LISTING_DAYS: i64 = 31;
/// How many of the also-reported are printed.
const ALSO_SHOWN: usize = 40;

/// One event with its document and what it means.
#[derive(Clone, Copy)]
pub(super) struct Happening<'a> {
    pub(super) event: &'a Event,
    pub(super) document: &'a Document,
    pub(super) what: What,
}

/// One work that changed: the happening that makes the line, and the others.
pub(super) struct Pick<'a> {
    pub(super) head: Happening<'a>,
    pub(super) others: Vec<Happening<'a>>,
}

/// The outcome of the selection.
pub(super) struct Picked<'a> {
    pub(super) works: Vec<Pick<'a>>,
    also: Vec<Happening<'a>>,
    pub(super) left_out: LeftOut,
}

enum Place {
    Shown,
    Old,
    Undated,
    Ahead,
}

pub(super) fn pick<'a>(desk: &Desk<'a>) -> Picked<'a> {
    let mut left_out = LeftOut::default();
    let mut by_work: BTreeMap<&DocumentKey, Vec<Happening<'a>>> = BTreeMap::new();
    let mut also = Vec::new();
    for event in desk.input.events {
        let Some(document) = desk.documents.get(&event.document).copied() else {
            left_out.not_relevant += 1;
            continue;
        };
        match place(desk, event) {
            Place::Old => left_out.old_newly_watched += 1,
            Place::Undated => left_out.undated_newly_watched += 1,
            Place::Ahead => left_out.dated_ahead += 1,
            Place::Shown => {
                let happening = Happening { event, document, what: what(desk, event, document) };
                if has_standards_link(desk, document) {
                    by_work.entry(desk.work(document)).or_default().push(happening);
                } else {
                    left_out.also_reported += 1;
                    also.push(happening);
                }
            }
        }
    }
    let works: Vec<Pick> = by_work.into_values().filter_map(head_first).collect();
    left_out.same_work = works.iter().map(|w| w.others.len()).sum();
    Picked { works, also, left_out }
}

/// Whether an event belongs into the window as something that happened in it.
fn place(desk: &Desk, e: &Event) -> Place {
    // Two sources that differ when they are first read changed nothing: such a difference is news by its own date alone.
    if e.kind != EventKind::Added && !e.backfill {
        return Place::Shown;
    }
    // A year alone touches every window of that year and so says nothing.
    let dated = e.event_date.filter(|w| !matches!(w, When::Year(_)));
    let Some(when) = dated else {
        let past_year = e.event_date.is_some_and(|w| w.last_day() < desk.since);
        return match (past_year, e.backfill) {
            (true, _) => Place::Old,
            (_, true) => Place::Undated,
            _ => Place::Shown,
        };
    };
    if e.backfill && when.first_day() > desk.until {
        return Place::Ahead;
    }
    let from = if e.backfill { desk.since } else { desk.since.saturating_sub(LATE_LISTING_DAYS.days()) };
    if when.last_day() < from { Place::Old } else { Place::Shown }
}

/// Whether the event's own date lies so far before the window that it cannot be what happened in it.
pub(super) fn is_stale(desk: &Desk, e: &Event) -> bool {
    e.event_date.is_some_and(|w| w.last_day() < desk.since.saturating_sub(LATE_LISTING_DAYS.days()))
}

/// What an event means to a reader.
fn what(desk: &Desk, e: &Event, d: &Document) -> What {
    // A letter goes out, whatever its list calls the state of it.
    if e.kind == EventKind::Added && desk.letter(d).is_some() {
        return What::Letter;
    }
    let now = stage::code(d, desk.today);
    let then = if e.stage == StageCode::Expired && now == StageCode::Draft && e.kind == EventKind::Added { now } else { e.stage };
    let code = match (then, e.kind) {
        (StageCode::Unknown, EventKind::Added | EventKind::Revised) => now,
        // The document went back since: a line never says more than is so.
        (code, _) if lives(code) && lives(now) && now < code => now,
        // It went on since: what it reached then is over, and the line shows where it stands.
        (code, EventKind::Stage) if lives(code) && lives(now) && now > code => StageCode::Unknown,
        (code, _) => code,
    };
    let reached = |else_: What| match code {
        StageCode::Published => What::Published,
        StageCode::Approval => What::Approval,
        StageCode::Consultation if matches!(stage::comment(d, desk.today), Some(Comment::Open(_))) => What::Consultation,
        // A request for information is no draft of anything.
        StageCode::Consultation if sorts::is_announcement(d) => else_,
        StageCode::Consultation => What::PublicDraft,
        StageCode::NewWork => What::NewWork,
        // Somebody proposes it: no body has taken it up.
        StageCode::Idea => else_,
        StageCode::Superseded => What::Superseded,
        StageCode::Withdrawn => What::Withdrawn,
        StageCode::Expired => What::Expired,
        StageCode::Draft | StageCode::Unknown => else_,
    };
    match e.kind {
        // A row that joins a work programme is a new work item; its status is often nothing at first. Words that no table of
        // the body's stages knows may say anything.
        EventKind::Added if d.kind == Kind::WorkItem && (code == StageCode::Draft || code == StageCode::Unknown && stage::is_silent(d)) => {
            What::NewWork
        }
        // A draft that is first met in a later version went on before we looked.
        EventKind::Added if matches!(code, StageCode::Draft | StageCode::Unknown) && is_later_version(d) => What::Revised,
        EventKind::Added if code == StageCode::Draft => What::NewDraft,
        EventKind::Added => reached(What::New),
        EventKind::Revised => match reached(What::Revised) {
            What::NewWork => What::Revised,
            w => w,
        },
        // Published before and worded anew today: a change of wording, not a publication.
        EventKind::Stage if code == StageCode::Published && e.from.as_deref().is_some_and(|f| desk.means_published(f)) => What::Stage,
        EventKind::Stage => reached(What::Stage),
        EventKind::Title => What::Title,
        EventKind::Date => What::Date,
        EventKind::Back => What::Back,
        EventKind::Withdrawn => What::Withdrawn,
        EventKind::Gone => What::Gone,
    }
}

/// Whether the number is that of an Internet-Draft's second or later version.
fn is_later_version(d: &Document) -> bool {
    let number = d.number.as_deref().unwrap_or_default().trim();
    let version = number.rsplit('-').next().unwrap_or_default();
    number.starts_with("draft-") && version.len() == 2 && version != "00" && version.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a stage is one of a life that goes on.
fn lives(code: StageCode) -> bool {
    code != StageCode::Unknown && !code.is_over()
}

/// News, papers and incidents are lines only when they are tied to a standard: a post by its number, all by a relation or by
/// belonging to a work that has a real document. A paper's number is that of its archive and ties it to nothing; what vendors
/// publish stands apart in any case.
fn has_standards_link(desk: &Desk, d: &'_ Document) -> bool {
    if !desk.is_apart(d) {
        return true;
    }
    let tied = || d.relations.iter().any(|r| r.kind != RelationKind::NearCopy);
    let with_a_text = || desk.work_of(d).iter().any(|o| !desk.is_apart(o));
    let numbered = || d.kind == Kind::News && name::number(d).is_some_and(|n| is_standard(&n));
    !desk.input.vendors.contains(&d.body) && (numbered() || tied() || with_a_text())
}

/// Whether a post's number is that of a standard: words of everyday language stand in none.
fn is_standard(number: &str) -> bool {
    let part = ["draft", "part", "suppl", "supplement", "amd", "rev", "edition"];
    let plain = |w: &str| w.chars().all(char::is_alphabetic) && w.chars().filter(|c| c.is_lowercase()).count() >= 3;
    !number.split_whitespace().any(|w| plain(w) && !part.contains(&w.to_lowercase().as_str()))
}

/// The line of a work: what a document reached last if its life ended, else the furthest it got; primary evidence before copies,
/// what everybody can read before what is for sale.
fn head_first(happenings: Vec<Happening>) -> Option<Pick> {
    let mut last: BTreeMap<&DocumentKey, &Happening> = BTreeMap::new();
    for h in &happenings {
        let held = last.entry(&h.document.document).or_insert(h);
        if (h.event.at, h.what) >= (held.event.at, held.what) {
            *held = h;
        }
    }
    let (at, _) = happenings.iter().enumerate().min_by_key(|(i, h)| {
        let newest = last.get(&h.document.document).is_some_and(|l| std::ptr::eq(*l, *h));
        let overtaken = !newest && last.get(&h.document.document).is_some_and(|l| l.what.is_end());
        (
            overtaken,
            h.what,
            h.document.evidence,
            h.document.access,
            telling(h.event.kind),
            Reverse(h.event.event_date),
            Reverse(h.event.at),
            &h.document.document,
            *i,
        )
    })?;
    let mut others = happenings;
    let head = others.remove(at);
    others.sort_by(|a, b| (a.event.at, &a.event.document, a.what).cmp(&(b.event.at, &b.event.document, b.what)));
    Some(Pick { head, others })
}

/// A change of stage says from what to what; of two that mean the same it goes first.
fn telling(kind: EventKind) -> u8 {
    match kind {
        EventKind::Stage => 0,
        EventKind::Added => 1,
        _ => 2,
    }
}

/// The short list beside the changes.
pub(super) fn also_reported(desk: &Desk, picked: &Picked) -> AlsoReported {
    let mut list: Vec<&Happening> = picked.also.iter().collect();
    list.sort_by(|a, b| {
        // Papers are many: what bodies and vendors tell goes first.
        let key = |h: &Happening| (h.document.kind == Kind::Paper, Reverse(h.event.event_date), Reverse(h.event.at));
        key(a).cmp(&key(b)).then_with(|| a.document.document.cmp(&b.document.document))
    });
    let mut seen = BTreeSet::new();
    list.retain(|h| seen.insert(desk.work(h.document)));
    // Papers stand in no report: they are counted, and the command shows them.
    let papers = desk.input.form == Form::Td;
    let shown: Vec<&&Happening> = list.iter().filter(|h| !papers || h.document.kind != Kind::Paper).take(ALSO_SHOWN).collect();
    AlsoReported {
        items: shown.iter().map(|h| desk.reference_to(h.document)).collect(),
        dates: shown.iter().map(|h| words::date(h.document, h.event, h.what, desk.today)).collect(),
        rest: list.len() - shown.len(),
        command: format!("monitor events {} --kind news --kind paper", desk.window_options()),
    }
}
