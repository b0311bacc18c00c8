//! Coming dates: consultations and replies of documents, meetings and the deadlines counted from them.

use jiff::civil::Date;
use monitor_model::{DocumentKey, Kind, MeetingStatus};

use super::{desk::Desk, words};
use crate::{DateLine, clean::href};

/// How many dates of the calendar are looked at.
const CALENDAR: usize = 60;

pub(super) fn dates(desk: &Desk) -> (Vec<DateLine>, Option<String>) {
    let calendar = desk.input.calendar;
    let mut all: Vec<DateLine> = Vec::new();
    let mut seen: std::collections::BTreeSet<(&DocumentKey, Date)> = std::collections::BTreeSet::new();
    for d in desk.documents.values() {
        let Some(when) = d.deadline.filter(|w| w.last_day() >= desk.today) else { continue };
        if !seen.insert((&d.work, when.last_day())) {
            continue;
        }
        let r = desk.reference_to(d);
        let reply = d.kind == Kind::Liaison;
        let name = r.number.map(|n| format!("{} ({n})", r.title)).unwrap_or(r.title);
        all.push(DateLine {
            date: when.last_day(),
            id: String::new(),
            end: None,
            words: words::deadline_words(when),
            what: format!("{}: {name}", if reply { "reply due" } else { "comments close" }),
            kind: if reply { "reply" } else { "comment" }.to_owned(),
            document: Some(d.document.clone()),
            body: r.body.clone(),
            place: String::new(),
            url: r.url,
            basis: format!("date given by {}; who may answer: see the page", r.body),
            caution: if d.evidence == monitor_model::EvidenceLevel::Secondary { "not confirmed".to_owned() } else { String::new() },
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
