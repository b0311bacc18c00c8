//! From an [`Input`] to an [`Edition`]: all selection and ranking, no rendering.

mod changes;
mod coverage;
mod dates;
mod desk;
mod glance;
mod headlines;
mod map;
mod method;
mod near;
mod pick;
mod trends;
mod words;

use crate::{Edition, Form, GroupLine, Input, clean::clip};
use desk::Desk;

/// Rows that a table of the mail form prints; more would not be read, and a mail above 100 KB is clipped.
const MAIL_ROWS: usize = 12;

/// Makes the edition. The same input gives the same edition.
pub fn compose(input: &Input<'_>) -> Edition {
    let desk = Desk::new(input);
    let picked = pick::pick(&desk);
    let changes = changes::changes(&desk, &picked);
    let sections = changes::sections(&desk, &changes);
    let coverage = coverage::coverage(&desk, &changes);
    let home_known = near::home_known(&desk, &coverage);
    let headlines = headlines::headlines(&desk, &changes, home_known);
    let (deadlines, calendar_note) = dates::dates(&desk);
    let glance = glance::glance(&desk, &changes, &headlines, &deadlines, calendar_note.as_deref(), &coverage);
    let near = near::near(&desk, &coverage, home_known);
    let method = method::method(&desk, &picked, changes.len(), &coverage);
    Edition {
        edition: clip(input.name, 80),
        form: input.form,
        as_of: input.as_of,
        since: input.since,
        until: input.until,
        period: glance::period(&desk),
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
        deadlines,
        calendar_note,
        counterparts: near.counterparts,
        near: near.near,
        home_items: desk.documents.values().filter(|d| desk.is_home(d)).count(),
        home_known,
        gaps: near.gaps,
        alone: near.alone,
        silent: near.silent,
        searched: near.searched,
        options: near.options,
        trends: trends::trends(&desk),
        map: (input.form == Form::Map).then(|| map::map(&desk, &coverage)),
        coverage,
        corrections: input.corrections.to_vec(),
        method,
        labels: desk.labels.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
        rows: (input.form == Form::Mail).then_some(MAIL_ROWS),
        changes,
    }
}
