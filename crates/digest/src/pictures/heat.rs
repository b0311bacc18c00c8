use std::collections::BTreeMap;

use monitor_landscape::{Landscape, Mark};
use serde::Serialize;

use super::{Labels, WIDTH, label, px};
use crate::{DigestError, Templates, clean::clip};

/// At most so many bodies fit on a page; the busiest are shown, home always.
const MOST_BODIES: usize = 14;

const LEFT: f64 = 282.0;
const TOP: f64 = 128.0;
const ROW: f64 = 18.0;

#[derive(Serialize)]
struct Picture {
    title: String,
    desc: String,
    note: String,
    width: f64,
    height: f64,
    cell_width: f64,
    cell_height: f64,
    columns: Vec<Column>,
    rows: Vec<Row>,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Column {
    x: f64,
    y: f64,
    label: String,
    home: bool,
}

#[derive(Serialize)]
struct Row {
    x: f64,
    y: f64,
    label: String,
}

#[derive(Serialize)]
struct Cell {
    x: f64,
    y: f64,
    tx: f64,
    ty: f64,
    /// Opacity of the shade; 0 is none.
    level: f64,
    unread: bool,
    bold: bool,
    mark: String,
    words: String,
}

/// Works by topic and body: shade and number say the same, hatching and "?" that a body was not read.
///
/// # Errors
/// When the template does not render.
pub fn heat_map(templates: &Templates, map: &Landscape, labels: &Labels) -> Result<String, DigestError> {
    let mut works: BTreeMap<&str, usize> = BTreeMap::new();
    for c in &map.cells {
        *works.entry(&c.body).or_default() += c.works();
    }
    let body = map.bodies.first().map(String::as_str).unwrap_or_default();
    // The home group has a column of its own beside its body's, which holds the other groups too.
    let own = !map.home.is_empty() && map.home != body;
    let mut busiest: Vec<&str> =
        map.bodies.iter().map(String::as_str).filter(|b| works.contains_key(b) || map.not_read.iter().any(|n| n == b)).collect();
    busiest.sort_by_key(|b| (*b != body, std::cmp::Reverse(works.get(b).copied().unwrap_or(0)), *b));
    let room = MOST_BODIES - usize::from(own);
    let left_out = busiest.len().saturating_sub(room);
    busiest.truncate(room);
    let home = if own { map.home.as_str() } else { body };
    if own && busiest.first() == Some(&body) {
        busiest.insert(0, home);
    }
    let width = px((WIDTH - LEFT - 30.0) / busiest.len().max(1) as f64).min(44.0);
    let x = |i: usize| LEFT + i as f64 * width;
    let topics: Vec<_> = map.topics.iter().filter(|t| map.cells.iter().any(|c| c.topic == **t)).collect();
    let empty = map.topics.len() - topics.len();
    let y = |i: usize| TOP + i as f64 * ROW;
    let mut cells = Vec::new();
    for (r, topic) in topics.iter().enumerate() {
        for (c, body) in busiest.iter().enumerate() {
            let mark = if own && *body == home { map.mark_home(topic) } else { map.mark(topic, body) };
            let (level, text, said) = match mark {
                Mark::Works(n) => (shade(n), n.to_string(), format!("{n}")),
                Mark::None => (0.0, String::new(), "none found".to_owned()),
                Mark::NotRead => (0.0, "?".to_owned(), "not read".to_owned()),
            };
            cells.push(Cell {
                x: px(x(c)),
                y: px(y(r)),
                tx: px(x(c) + width / 2.0),
                ty: px(y(r) + ROW - 5.0),
                level,
                unread: mark == Mark::NotRead,
                bold: matches!(mark, Mark::Works(n) if n >= 10),
                mark: text,
                words: format!("{}, {body}: {said}", label(labels, topic.as_str(), 80)),
            });
        }
    }
    let mut note = format!("Works on {}; blank: none found; ? and hatched: not read", map.as_of);
    if own {
        note.push_str(&format!("; {body}: all its groups"));
    }
    if left_out > 0 {
        note.push_str(&format!("; {left_out} bodies with fewer works are not shown"));
    }
    let most = map.cells.iter().max_by_key(|c| (c.works(), std::cmp::Reverse((&c.topic, &c.body))));
    let most =
        most.map_or(String::new(), |c| format!(" Most works: {} on {} ({}).", c.body, label(labels, c.topic.as_str(), 80), c.works()));
    let picture = Picture {
        title: "Who works on what".to_owned(),
        desc: format!(
            "Table of {} topics by {} bodies with the number of works in each cell.{most} {empty} topics have no work.",
            topics.len(),
            busiest.len()
        ),
        note: format!("{note}."),
        width: WIDTH,
        height: px(y(topics.len()) + 12.0),
        cell_width: width,
        cell_height: ROW,
        columns: busiest
            .iter()
            .enumerate()
            .map(|(i, b)| Column { x: px(x(i) + width / 2.0 + 2.0), y: TOP - 6.0, label: clip(b, 18), home: *b == home })
            .collect(),
        rows: topics
            .iter()
            .enumerate()
            .map(|(i, t)| Row { x: LEFT - 6.0, y: px(y(i) + ROW - 5.0), label: label(labels, t.as_str(), 52) })
            .collect(),
        cells,
    };
    templates.picture("pictures/heat.svg", &picture)
}

/// Five steps, light enough that a number on them is read in print and on a dark page.
fn shade(works: usize) -> f64 {
    match works {
        0 => 0.0,
        1 => 0.06,
        2..=4 => 0.13,
        5..=9 => 0.2,
        10..=24 => 0.28,
        _ => 0.36,
    }
}
