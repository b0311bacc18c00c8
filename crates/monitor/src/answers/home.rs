//! Who asks, and when its meetings are.

use jiff::civil::Date;
use monitor_digest::{GroupInfo, Question};
use monitor_landscape::{Dates, Home};
use monitor_model::{Document, Meeting, MeetingKind, MeetingStatus, TopicId};

use crate::{config::Setup, exit::Failure};

/// The home group of `bodies.toml` as the landscape wants it.
pub(crate) fn home(setup: &Setup, on: Date) -> Result<Home, Failure> {
    Ok(group(setup, on)?.home())
}

/// The reader's names from `editions.toml`, body, group and Questions from `bodies.toml`: each truth stands once.
pub(crate) fn group(setup: &Setup, on: Date) -> Result<GroupInfo, Failure> {
    let mut group = setup.editions()?.group.clone();
    // Questions come and go: an answer for a past day speaks of the Questions of that day.
    let home = setup.bodies()?.home().on(on);
    group.body = home.body.clone();
    group.group = home.group.clone();
    group.default_question = home.question.clone();
    group.questions = home
        .questions
        .iter()
        .map(|q| Question {
            id: q.id.clone(),
            title: q.title.clone(),
            topics: home.routing.iter().filter(|(_, to)| to.first() == Some(&q.id)).map(|(t, _)| TopicId(t.clone())).collect(),
            source: String::new(),
        })
        .collect();
    Ok(group)
}

/// Takes from our documents the name of a Question that did not exist on a day: their pages name the Question of today. Whose subject it
/// was then is told by its topics.
pub(crate) fn without_later_questions(setup: &Setup, day: Date, documents: &mut [Document]) -> Result<(), Failure> {
    let home = setup.bodies()?.home();
    let later: Vec<&str> = home.moves.iter().filter(|m| day < m.since).map(|m| m.question.trim_start_matches('Q')).collect();
    if later.is_empty() {
        return Ok(());
    }
    let names = |word: &str| later.contains(&word.trim_matches([',', ';', '(', ')']).trim_start_matches(['Q', 'q']));
    for d in documents.iter_mut().filter(|d| d.body == home.body) {
        if let Some(group) = d.group.as_deref().filter(|g| g.split_whitespace().any(names)) {
            let kept: Vec<&str> = group.split_whitespace().filter(|w| !names(w)).collect();
            // A group named by its Question alone is still ours.
            d.group = Some(if kept.is_empty() { home.group.clone() } else { kept.join(" ") });
        }
        d.extra.retain(|(name, value)| name != "question" || !value.split_whitespace().any(names));
    }
    Ok(())
}

/// The next dates and the meetings held, for options and silence.
pub(crate) fn dates(setup: &Setup, as_of: Date) -> Result<Dates, Failure> {
    let calendar = setup.calendar()?;
    let upcoming = calendar.upcoming(as_of, usize::MAX);
    let by_rule = |rule: &str| upcoming.iter().find(|d| d.rule.as_deref() == Some(rule)).map(|d| d.date);
    let plenary = calendar.next_plenary(as_of).map(|m| m.start);
    // A liaison statement goes out when a study group or a working party that meets has approved it (Rec. ITU-T A.1, 1.5).
    let approves = |m: &&Meeting| {
        m.body.as_deref().is_none_or(|b| b == calendar.home)
            && m.end >= as_of
            && matches!(m.kind, MeetingKind::Plenary | MeetingKind::Wp | MeetingKind::ContentWeek)
            && !matches!(m.status, MeetingStatus::Cancelled | MeetingStatus::Tbc | MeetingStatus::Inferred)
    };
    Ok(Dates {
        liaison: calendar.meetings.iter().filter(approves).map(|m| m.end).min(),
        contribution: by_rule("contribution"),
        plenary,
        meetings_held: calendar
            .meetings
            .iter()
            .filter(|m| m.body.is_none() && m.end <= as_of && m.kind == MeetingKind::Plenary)
            // What was called off, or what only we take for likely, gave no item a chance to move.
            .filter(|m| !matches!(m.status, MeetingStatus::Cancelled | MeetingStatus::Tbc | MeetingStatus::Inferred))
            .map(|m| m.start)
            .collect(),
    })
}
