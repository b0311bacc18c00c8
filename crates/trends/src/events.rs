//! What happened to works, by body: items opened, texts approved, works withdrawn.

use std::collections::BTreeMap;

use monitor_model::{DocumentKey, EventKind, StageCode, When};

use crate::{
    Happening, Input, Moves, Row, days,
    place::{Places, Step},
    rows,
};

/// The three happenings whose past is as well known as their present. A draft's stages are overwritten by what follows, so
/// that the past would always look empty of them.
const ALL: [Happening; 3] = [Happening::Opened, Happening::Approved, Happening::Withdrawn];

/// When steps happened of which the body gives no date but which we saw: by document, for approval and withdrawal.
pub(crate) type Seen<'a> = BTreeMap<(&'a DocumentKey, Happening), When>;

/// Reads the changes of stage that were seen to happen. What was there at a source's first fetch happened at any time before.
pub(crate) fn seen<'a>(input: &Input<'a>) -> Seen<'a> {
    let mut out = Seen::new();
    for e in input.events.iter().filter(|e| !e.backfill && matches!(e.kind, EventKind::Stage | EventKind::Withdrawn)) {
        let what = match e.stage {
            StageCode::Published => Happening::Approved,
            StageCode::Withdrawn => Happening::Withdrawn,
            _ => continue,
        };
        let when = e.event_date.unwrap_or(When::Day(days::date(days::of(e.at))));
        let first = out.entry((&e.document, what)).or_insert(when);
        *first = when.min(*first);
    }
    out
}

/// Rows per stage and rows per happening and body, without `q` and verdict.
pub(crate) fn rows(input: &Input<'_>, size: f64) -> (Vec<Row>, Vec<Moves>) {
    let seen = seen(input);
    let (mut stages, mut moves) = (Vec::new(), Vec::new());
    for what in ALL {
        let places = Places::new(input, Step::Happened(what, &seen));
        let code = match what {
            Happening::Opened => StageCode::NewWork,
            Happening::Approved => StageCode::Published,
            Happening::Withdrawn => StageCode::Withdrawn,
        };
        stages.extend(rows::rows(&places, rows::tally(&places, [], |_, ids| ids.push(code.as_str())), size));
        let bodies = rows::rows(&places, rows::tally(&places, [], |w, ids| ids.push(&w.body)), size);
        moves.push(Moves { what, bodies });
    }
    stages.sort_by(|a, b| a.id.cmp(&b.id));
    (stages, moves)
}
