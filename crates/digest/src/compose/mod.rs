//! From an [`Input`] to an [`Edition`]: all selection and ranking, no rendering.

mod answers;
mod beside;
mod changes;
mod coverage;
mod dates;
mod desk;
mod glance;
mod headlines;
mod hosts;
mod letter;
#[cfg(test)]
mod made;
mod map;
mod method;
mod name;
mod near;
mod note;
mod options;
mod pick;
mod report;
mod same;
mod sorts;
mod stage;
mod trends;
mod twins;
mod words;

use crate::{Edition, Form, GroupLine, Input, clean::clip};
use desk::Desk;
pub(crate) use words::titles;

/// Rows that a table of the mail form prints; more would not be read, and a mail above 100 KB is clipped.
const MAIL_ROWS: usize = 12;

/// Rows that a table in the body of a report prints at most: as many of them as three pages hold.
const TD_ROWS: usize = 8;

/// Makes the edition. The same input gives the same edition.
pub fn compose(input: &Input<'_>) -> Edition {
    let mut desk = Desk::new(input);
    let picked = pick::pick(&desk);
    desk.waiting = changes::waiting(&desk, &picked);
    let desk = desk;
    let (changes, unreviewed) = changes::changes(&desk, &picked);
    let sections = changes::sections(&desk, &changes);
    let coverage = coverage::coverage(&desk, &changes);
    let home_known = near::home_known(&desk, &coverage);
    let headlines = headlines::headlines(&desk, &changes, home_known);
    let (deadlines, calendar_note) = dates::dates(&desk);
    let glance = glance::glance(&desk, &changes, &headlines, &deadlines, calendar_note.as_deref(), &coverage, unreviewed.len());
    let near = near::near(&desk, &coverage, home_known);
    let method = method::method(&desk, &picked, changes.len(), &coverage);
    let period = glance::period(&desk);
    let items = report::items(&desk, &near.near);
    let paired = report::paired(&desk, &items, &near.counterparts);
    let mut edition = Edition {
        edition: clip(input.name, 80),
        form: input.form,
        as_of: input.as_of,
        since: input.since,
        until: input.until,
        name: clip(input.edition_name, 60),
        header: report::header(&desk, &changes, &coverage, (paired, items.len()), &period),
        period,
        coming: report::coming(&desk),
        lives: report::lives(&desk),
        meetings: crate::pictures::spans(input.calendar, desk.today),
        corners: report::corners(&desk, &changes, &coverage),
        beside: match input.form {
            Form::Td | Form::Map => beside::beside(&desk),
            _ => Vec::new(),
        },
        items,
        paired,
        merge_candidates: near::merge_candidates(&desk),
        approval: input.approved.is_some(),
        unreviewed,
        answers: Vec::new(),
        note: note::note(&desk, &near.options, &near.counterparts, &deadlines),
        group: GroupLine {
            name: input.group.name.clone(),
            home: desk.home_name(),
            source_line: input.group.source_line.clone(),
            title: input.group.title.clone(),
            default_question: input.group.default_question.clone(),
        },
        glance,
        headlines,
        sections,
        also_reported: pick::also_reported(&desk, &picked),
        open_without_end: dates::without_end(&desk),
        deadlines,
        calendar_note,
        counterparts: near.counterparts,
        near: near.near,
        home_items: desk.documents.values().filter(|d| desk.is_home(d) && desk.counts(d)).count(),
        home_known,
        gaps: near.gaps,
        alone: near.alone,
        silent: near.silent,
        searched: near.searched,
        searched_short: near.searched_short,
        options: near.options,
        trends: trends::trends(&desk),
        map: matches!(input.form, Form::Map | Form::Td).then(|| map::map(&desk, &coverage)),
        coverage,
        corrections: input.corrections.to_vec(),
        method,
        labels: desk.labels.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
        rows: match input.form {
            Form::Mail => Some(MAIL_ROWS),
            Form::Td => Some(TD_ROWS),
            _ => None,
        },
        changes,
    };
    edition.answers = answers::answers(&edition);
    edition
}
