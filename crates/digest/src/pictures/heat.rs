use jiff::tz::TimeZone;
use monitor_landscape::{Landscape, Mark};
use monitor_model::{Timestamp, TopicId};
use serde::Serialize;

use super::{Labels, WIDTH, label, px};
use crate::{DigestError, MapCell, MapTopic, MapView, Templates, clean::clip};

/// At most so many bodies fit on a page; the busiest are shown, home always.
const MOST_BODIES: usize = 14;

const LEFT: f64 = 282.0;
const TOP: f64 = 128.0;
const ROW: f64 = 18.0;
/// What a letter of a column's name, set at 55 degrees, takes of the width.
const LEAN: f64 = 3.8;

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

/// What the picture shows, whatever it was counted from.
struct Grid {
    as_of: String,
    bodies: Vec<String>,
    topics: Vec<String>,
    /// By topic, then by body.
    marks: Vec<Vec<Mark>>,
    /// Topics without a work in any body.
    empty: usize,
    /// The home body, when the home group has a column of its own: the body's holds its other groups, too.
    body: Option<String>,
}

/// Works by topic and body: shade and number say the same, hatching and "?" that a body was not read.
///
/// # Errors
/// When the template does not render.
pub fn heat_map(templates: &Templates, map: &Landscape, labels: &Labels) -> Result<String, DigestError> {
    of_map(templates, map, labels, map.as_of.to_string())
}

/// The same for a page that bears no day, so that it stays as it is while nothing changes.
///
/// # Errors
/// When the template does not render.
pub fn heat_map_undated(templates: &Templates, map: &Landscape, labels: &Labels) -> Result<String, DigestError> {
    of_map(templates, map, labels, String::new())
}

fn of_map(templates: &Templates, map: &Landscape, labels: &Labels, as_of: String) -> Result<String, DigestError> {
    let shown = |b: &&String| map.cells.iter().any(|c| c.body == **b) || map.not_read.contains(b);
    let topics: Vec<_> = map.topics.iter().filter(|t| map.cells.iter().any(|c| c.topic == **t)).collect();
    let mut bodies: Vec<String> = map.bodies.iter().filter(shown).cloned().collect();
    let body = map.bodies.first().map(String::as_str).unwrap_or_default();
    let own = !map.home.is_empty() && map.home != body && bodies.iter().any(|b| b == body);
    let home = if own { map.home.as_str() } else { body };
    if own {
        bodies.insert(0, home.to_owned());
    }
    let mark = |topic: &TopicId, b: &String| if own && b == home { map.mark_home(topic) } else { map.mark(topic, b) };
    let grid = Grid {
        as_of,
        topics: topics.iter().map(|t| label(labels, t.as_str(), 80)).collect(),
        marks: topics.iter().map(|t| bodies.iter().map(|b| mark(t, b)).collect()).collect(),
        empty: map.topics.len() - topics.len(),
        body: own.then(|| body.to_owned()),
        bodies,
    };
    draw(templates, &grid, home)
}

/// The same of an edition's map.
pub(crate) fn heat_of(templates: &Templates, map: &MapView, home: &str, as_of: Timestamp) -> Result<String, DigestError> {
    let topics: Vec<&MapTopic> = map.topics.iter().filter(|t| t.works > 0).collect();
    let mark = |c: &MapCell| match c.mark.as_str() {
        "" => Mark::None,
        n => n.parse().map_or(Mark::NotRead, Mark::Works),
    };
    let grid = Grid {
        as_of: as_of.to_zoned(TimeZone::UTC).date().to_string(),
        bodies: map.columns.iter().flatten().cloned().collect(),
        topics: topics.iter().map(|t| t.label.clone()).collect(),
        marks: topics.iter().map(|t| t.cells.iter().map(mark).collect()).collect(),
        empty: map.topics.len() - topics.len(),
        body: None,
    };
    draw(templates, &grid, home)
}

fn draw(templates: &Templates, grid: &Grid, home: &str) -> Result<String, DigestError> {
    let works = |body: usize| -> usize {
        grid.marks.iter().filter_map(|row| if let Some(Mark::Works(n)) = row.get(body) { Some(*n) } else { None }).sum()
    };
    let mut busiest: Vec<usize> = (0..grid.bodies.len()).collect();
    let beside = |b: &usize| grid.body.as_ref() != Some(&grid.bodies[*b]);
    busiest.sort_by_key(|b| (grid.bodies[*b] != home, beside(b), std::cmp::Reverse(works(*b)), &grid.bodies[*b]));
    let left_out = busiest.len().saturating_sub(MOST_BODIES);
    busiest.truncate(MOST_BODIES);
    let width = px((WIDTH - LEFT - 30.0) / busiest.len().max(1) as f64).min(44.0);
    let x = |i: usize| LEFT + i as f64 * width;
    let y = |i: usize| TOP + i as f64 * ROW;
    let mut cells = Vec::new();
    let mut most: Option<(usize, usize, usize)> = None;
    for (r, marks) in grid.marks.iter().enumerate() {
        for (c, body) in busiest.iter().enumerate() {
            let mark = marks.get(*body).copied().unwrap_or(Mark::NotRead);
            let (level, text, said) = match mark {
                Mark::Works(n) => (shade(n), n.to_string(), format!("{n}")),
                Mark::None => (0.0, String::new(), "none found".to_owned()),
                Mark::NotRead => (0.0, "?".to_owned(), "not read".to_owned()),
            };
            if let Mark::Works(n) = mark
                && most.is_none_or(|(held, ..)| n > held)
            {
                most = Some((n, r, *body));
            }
            cells.push(Cell {
                x: px(x(c)),
                y: px(y(r)),
                tx: px(x(c) + width / 2.0),
                ty: px(y(r) + ROW - 5.0),
                level,
                unread: mark == Mark::NotRead,
                bold: matches!(mark, Mark::Works(n) if n >= 10),
                mark: text,
                words: format!("{}, {}: {said}", grid.topics[r], grid.bodies[*body]),
            });
        }
    }
    let on = if grid.as_of.is_empty() { String::new() } else { format!(" on {}", grid.as_of) };
    let mut note = format!("Works{on}; blank: none found; ? and hatched: not read");
    if let Some(body) = &grid.body {
        note.push_str(&format!("; {body}: all its groups"));
    }
    if left_out > 0 {
        note.push_str(&format!("; {left_out} bodies with fewer works are not shown"));
    }
    let columns: Vec<Column> = busiest
        .iter()
        .enumerate()
        .map(|(i, b)| Column {
            x: px(x(i) + width / 2.0 + 2.0),
            y: TOP - 6.0,
            label: clip(&grid.bodies[*b], 18),
            home: grid.bodies[*b] == home,
        })
        .collect();
    // A name leans over what is right of its column: the last ones must not be cut off at the edge.
    let reach = columns.iter().map(|c| c.x + c.label.chars().count() as f64 * LEAN + 6.0).fold(WIDTH, f64::max);
    let most = most.map_or(String::new(), |(n, r, b)| format!(" Most works: {} on {} ({n}).", grid.bodies[b], grid.topics[r]));
    let picture = Picture {
        title: "Who works on what".to_owned(),
        desc: format!(
            "Table of {} topics by {} bodies with the number of works in each cell.{most} {} topics have no work.",
            grid.topics.len(),
            busiest.len(),
            grid.empty
        ),
        note: format!("{note}."),
        width: px(reach),
        height: px(y(grid.topics.len()) + 12.0),
        cell_width: width,
        cell_height: ROW,
        columns,
        rows: grid.topics.iter().enumerate().map(|(i, t)| Row { x: LEFT - 6.0, y: px(y(i) + ROW - 5.0), label: clip(t, 52) }).collect(),
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
