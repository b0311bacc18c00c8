//! Coming dates: consultations and replies of documents, meetings and the deadlines counted from them.

use jiff::{ToSpan, civil::Date};
use monitor_model::{Document, DocumentKey, EvidenceLevel, MeetingStatus};

use super::{
    desk::Desk,
    stage::{self, Comment},
    words,
};
use crate::{
    DateLine, Ref,
    clean::{clip, href},
};

/// How many dates of the calendar are looked at.
const CALENDAR: usize = 60;

/// A public draft that is older is hardly open any more.
const OPEN_MONTHS: i64 = 6;
const LISTED_MONTHS: i64 = 18;

/// Who may comment, in the words of the source; never a person.
fn who(d: &Document) -> String {
    let said = ["who", "audience", "open_to"].iter().find_map(|f| d.extra(f)).map(|t| clip(t, 80)).unwrap_or_default();
    if said.contains('@') { String::new() } else { said }
}

fn named<'t>(to: &'t str, body: &'t str) -> &'t str {
    if to.is_empty() { body } else { to }
}

/// What a body put out for comment of late without saying until when.
pub(super) fn without_end(desk: &Desk) -> Vec<Ref> {
    let from = |months: i64| desk.today.saturating_sub(months.months());
    // What the body's own list still shows among its open drafts is open for longer.
    let listed = |d: &Document| d.evidence == EvidenceLevel::Primary && d.sightings.iter().any(|s| s.present);
    let recent = |d: &Document| {
        let since = from(if listed(d) { LISTED_MONTHS } else { OPEN_MONTHS });
        d.stage.as_ref().and_then(|s| s.date).or(d.published).is_some_and(|w| w.last_day() >= since)
    };
    let open = |d: &&&Document| {
        stage::comment(d, desk.today) == Some(Comment::Unstated) && recent(d) && desk.counts(d) && !desk.is_hearsay(d) && !desk.waits(d)
    };
    desk.documents.values().filter(open).map(|d| desk.reference_to(d)).collect()
}

pub(super) fn dates(desk: &Desk) -> (Vec<DateLine>, Option<String>) {
    let calendar = desk.input.calendar;
    let mut all: Vec<DateLine> = Vec::new();
    let mut seen: std::collections::BTreeSet<(&DocumentKey, Date)> = std::collections::BTreeSet::new();
    for d in desk.documents.values() {
        let Some(when) = stage::until(d).filter(|w| w.last_day() >= desk.today) else { continue };
        if !seen.insert((desk.work(d), when.last_day())) {
            continue;
        }
        let r = desk.reference_to(d);
        let letter = desk.letter(d);
        let (kind, who, lead) = match &letter {
            // We asked: others answer.
            Some(l) if l.ours => ("awaited", l.to.clone(), format!("reply of {} expected", named(&l.to, &r.body))),
            Some(_) => ("reply", desk.home_name(), "reply due".to_owned()),
            None => ("comment", who(d), "comments close".to_owned()),
        };
        let name = r.number.map(|n| format!("{} ({n})", r.title)).unwrap_or(r.title);
        all.push(DateLine {
            date: when.last_day(),
            id: String::new(),
            end: None,
            words: words::deadline_words(when),
            what: format!("{lead}: {name}"),
            kind: kind.to_owned(),
            document: Some(d.document.clone()),
            body: r.body.clone(),
            place: String::new(),
            url: r.url,
            basis: match who.as_str() {
                "" => format!("date given by {}; who may answer: not stated, see its page", r.body),
                who => format!("date given by {}; to answer: {who}", r.body),
            },
            who,
            caution: if d.evidence == EvidenceLevel::Secondary { "not confirmed".to_owned() } else { String::new() },
        });
    }
    for x in calendar.upcoming(desk.today, CALENDAR) {
        all.push(DateLine {
            date: x.date,
            id: match &x.rule {
                Some(rule) => format!("{}-{rule}", x.meeting),
                None => x.meeting.clone(),
            },
            end: x.end,
            words: x.end.map_or_else(|| x.date.to_string(), |end| format!("{} to {end}", x.date)),
            what: x.what,
            kind: x.rule.unwrap_or_else(|| "meeting".to_owned()),
            document: None,
            body: x.body,
            who: x.who,
            place: x.place,
            url: x.url.as_deref().and_then(href).unwrap_or_default(),
            basis: x.basis,
            caution: match x.status {
                MeetingStatus::Tbc => "to be confirmed",
                MeetingStatus::Inferred => "inferred",
                _ => "",
            }
            .to_owned(),
        });
    }
    all.sort_by(|a, b| (a.date, &a.kind, &a.what).cmp(&(b.date, &b.kind, &b.what)));
    (all, calendar.silence(desk.today))
}
