//! What the forms on demand say.

use std::collections::BTreeSet;

use jiff::civil::Date;
use monitor_model::{DocumentKey, MeetingStatus};

use super::desk::Desk;
use crate::{Counterpart, DateLine, Form, Note, NoteOption, OptionLine, UrgentLine, clean::clip};

/// A flash note is about what closes in fewer days.
pub(super) const NEAR_DAYS: i64 = 30;
/// Options that a call without a number is about.
const OPTIONS: usize = 6;

pub(super) fn note(desk: &Desk, options: &[OptionLine], pairs: &[Counterpart], dates: &[DateLine]) -> Option<Note> {
    let chosen: Vec<(usize, &OptionLine)> = match (desk.input.form, desk.input.option) {
        (Form::Ls | Form::Call, Some(n)) => options.iter().enumerate().filter(|(i, _)| i + 1 == n).collect(),
        // The first that asks for a liaison.
        (Form::Ls, None) => options.iter().enumerate().filter(|(_, o)| o.verb == "liaison").take(1).collect(),
        (Form::Call, None) => options.iter().enumerate().take(OPTIONS).collect(),
        (Form::Flash, _) => Vec::new(),
        _ => return None,
    };
    let options = chosen.into_iter().map(|(i, o)| option(desk, i + 1, o, pairs)).collect();
    Some(Note { option: desk.input.option, options, urgent: urgent(desk, pairs, dates), days: NEAR_DAYS })
}

/// Words that every text of the field has: no common ground to write about.
const OF_ALL: [&str; 7] = ["security", "secure", "artificial intelligence", "requirement", "guideline", "framework", "standard"];

fn option(desk: &Desk, number: usize, o: &OptionLine, pairs: &[Counterpart]) -> NoteOption {
    let (home, there): (Vec<_>, Vec<_>) =
        o.evidence.iter().cloned().partition(|r| desk.documents.get(&r.document).is_some_and(|d| desk.is_home(d)));
    let keys: BTreeSet<&DocumentKey> = o.evidence.iter().map(|r| &r.document).collect();
    let (mut topics, mut terms): (Vec<String>, Vec<String>) = (o.topic.iter().cloned().collect(), Vec::new());
    for p in pairs.iter().filter(|p| keys.contains(&p.document) && keys.contains(&p.other)) {
        topics.extend(p.topics.iter().cloned());
        // Joined words and the shortest say nothing in a letter.
        terms.extend(p.terms.iter().filter(|t| !t.contains('~') && t.chars().count() > 2 && !OF_ALL.contains(&t.as_str())).cloned());
    }
    let mut seen = BTreeSet::new();
    topics.retain(|t| seen.insert(t.clone()));
    let mut seen = BTreeSet::new();
    terms.retain(|t| seen.insert(t.clone()));
    terms.truncate(8);
    let expertise = desk
        .input
        .topics
        .iter()
        .filter(|t| topics.iter().any(|name| *name == desk.label(t.id.as_str())))
        .map(|t| clip(if t.definition.is_empty() { t.label.clone() } else { format!("{}: {}", t.label, t.definition) }.as_str(), 300))
        .collect();
    let question_title = desk.input.group.questions.iter().find(|q| q.id == o.question).map(|q| clip(&q.title, 120)).unwrap_or_default();
    let reply_by = o.by.filter(|_| o.vehicle == "outgoing LS").and_then(|by| reply_by(desk, by));
    NoteOption { number, option: o.clone(), home, there, topics, terms, expertise, question_title, reply_by }
}

/// Until when an answer is asked for: it must be in before the meeting that follows the one which approves the letter.
fn reply_by(desk: &Desk, approved: Date) -> Option<Date> {
    let sure = |m: MeetingStatus| !matches!(m, MeetingStatus::Tbc | MeetingStatus::Inferred);
    let due = desk.input.calendar.upcoming(approved, usize::MAX).into_iter();
    due.filter(|d| d.rule.as_deref() == Some("liaison") && d.date > approved && sure(d.status)).map(|d| d.date).min()
}

fn urgent(desk: &Desk, pairs: &[Counterpart], dates: &[DateLine]) -> Vec<UrgentLine> {
    let left = |d: Date| i64::from((d - desk.today).get_days());
    dates
        .iter()
        .filter(|d| matches!(d.kind.as_str(), "comment" | "reply" | "awaited") && (0..NEAR_DAYS).contains(&left(d.date)))
        .map(|d| {
            let document = d.document.as_ref().and_then(|k| desk.documents.get(k));
            let near: Vec<DocumentKey> =
                pairs.iter().filter(|p| Some(&p.other) == d.document.as_ref()).map(|p| p.document.clone()).take(3).collect();
            UrgentLine {
                days_left: left(d.date),
                reference: document.map(|x| desk.reference_to(x)).map(|r| r.number.unwrap_or(r.body)).unwrap_or_default(),
                // An answer that we wait for is nobody's work here.
                questions: document.filter(|_| d.kind != "awaited").map(|x| desk.questions(x).0).unwrap_or_default(),
                near_names: near.iter().filter_map(|k| desk.reference(k)).map(|r| r.number.unwrap_or(r.title)).collect(),
                near,
                date: d.clone(),
            }
        })
        .collect()
}
