//! The landscape as a matrix and its rows.

use std::collections::BTreeMap;

use monitor_landscape::Mark;
use monitor_model::{Document, DocumentKey, Kind, SourceId};

use super::{
    desk::{Desk, day},
    words,
};
use crate::{CoverageClass, CoverageLine, MapCell, MapLink, MapRow, MapTopic, MapView, clean::clip};

/// Bodies side by side that fit on A4.
const COLUMNS: usize = 8;

pub(super) fn map(desk: &Desk, coverage: &[CoverageLine]) -> MapView {
    let land = desk.input.landscape;
    let rows = rows(desk);
    let links: BTreeMap<&DocumentKey, MapLink> = rows
        .iter()
        .map(|r| {
            let name = r.item.number.clone().unwrap_or_else(|| clip(&r.item.title, 60));
            (&r.item.document, MapLink { document: r.item.document.clone(), name, anchor: r.anchor.clone() })
        })
        .collect();
    let (columns, empty): (Vec<&String>, Vec<&String>) = land.bodies.iter().partition(|b| land.cells.iter().any(|c| c.body == **b));
    // A body whose sources all fail now was not read for this edition, whatever an earlier fetch brought.
    let failed = |body: &str| {
        let mut of = coverage.iter().filter(|c| c.body == body).peekable();
        of.peek().is_some() && of.all(|c| c.class != CoverageClass::Read)
    };
    let not_read = land
        .not_read
        .iter()
        .map(|n| desk.source_name(&SourceId::from(n.as_str())))
        .chain(empty.iter().filter(|b| !land.not_read.contains(b) && failed(b)).map(|b| format!("{} (the last fetch failed)", clip(b, 60))))
        .collect();
    let cells: BTreeMap<_, _> = land.cells.iter().map(|c| ((&c.topic, c.body.as_str()), c)).collect();
    let topics = land
        .topics
        .iter()
        .map(|t| {
            let cells: Vec<MapCell> = columns
                .iter()
                .map(|&body| {
                    let cell = cells.get(&(t, body.as_str()));
                    let mark = match cell {
                        Some(c) => Mark::Works(c.works()),
                        None => land.mark(t, body),
                    };
                    MapCell {
                        body: clip(body, 60),
                        mark: match mark {
                            Mark::Works(n) => n.to_string(),
                            Mark::None => String::new(),
                            Mark::NotRead => "?".to_owned(),
                        },
                        stages: cell
                            .map(|c| c.stages.iter().map(|(s, n)| format!("{n} {s}")).collect::<Vec<_>>().join(", "))
                            .unwrap_or_default(),
                        documents: cell.iter().flat_map(|c| &c.documents).filter_map(|k| links.get(k).cloned()).collect(),
                    }
                })
                .collect();
            let works = land.cells.iter().filter(|c| c.topic == *t).map(|c| c.works()).sum();
            MapTopic { id: t.clone(), label: desk.label(t.as_str()), works, cells }
        })
        .collect();
    MapView {
        none_found: empty.iter().filter(|b| !land.not_read.contains(b) && !failed(b)).map(|b| clip(b, 60)).collect(),
        width: COLUMNS,
        columns: columns.chunks(COLUMNS).map(|c| c.iter().map(|b| clip(b, 60)).collect()).collect(),
        topics,
        not_read,
        rows,
    }
}

fn rows(desk: &Desk) -> Vec<MapRow> {
    let mut near: BTreeMap<&DocumentKey, Vec<&DocumentKey>> = BTreeMap::new();
    for c in &desk.input.landscape.counterparts {
        near.entry(&c.document).or_default().push(&c.other);
        near.entry(&c.other).or_default().push(&c.document);
    }
    // News and papers are no part of a landscape of standards.
    let mut all: Vec<&Document> = desk.documents.values().copied().filter(|d| !matches!(d.kind, Kind::News | Kind::Paper)).collect();
    all.sort_by(|a, b| {
        // Drafts that anyone may post come last: a table that is cut off is cut there.
        let key = |d: &Document| (!desk.is_home(d), words::is_individual(d));
        (key(a), &a.body, &a.number, &a.title, &a.document).cmp(&(key(b), &b.body, &b.number, &b.title, &b.document))
    });
    all.into_iter()
        .enumerate()
        .map(|(i, d)| {
            let (questions, _) = desk.questions(d);
            let date = d.stage.as_ref().and_then(|s| s.date).or(d.published);
            MapRow {
                item: desk.reference_to(d),
                anchor: format!("d{}", i + 1),
                kind: serde_json::to_value(d.kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
                date: date.map(words::when_words).unwrap_or_default(),
                topics: d.topics.iter().map(|t| desk.label(t.id.as_str())).collect(),
                framings: d.axes.iter().map(|a| desk.label(a.as_str())).collect(),
                questions,
                counterparts: near
                    .get(&d.document)
                    .into_iter()
                    .flatten()
                    .filter_map(|k| desk.reference(k))
                    .map(|r| r.number.unwrap_or(r.title))
                    .take(5)
                    .collect(),
                last_checked: day(d.last_checked).to_string(),
            }
        })
        .collect()
}
