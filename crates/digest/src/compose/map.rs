//! The landscape as a matrix and its rows.

use std::collections::{BTreeMap, BTreeSet};

use monitor_landscape::{Cell, Mark};
use monitor_model::{Document, DocumentKey, Kind, RelationKind, StageCode};

use super::{
    desk::{Desk, day},
    name, same, words,
};
use crate::{Also, CoverageClass, CoverageLine, MapCell, MapLink, MapRow, MapTopic, MapView, clean::clip};

/// Bodies side by side that fit on A4.
const COLUMNS: usize = 8;

/// So many other rows at most are named beside a row.
const RELATED: usize = 4;

/// What vendors and laboratories publish stands in one column, at the end.
const VENDORS: &str = "Vendors";

/// The kind of a row that is a letter between groups, whatever its source calls it.
const LETTER: &str = "liaison";

/// One column: its name and the bodies in it.
struct Column<'a> {
    name: String,
    bodies: Vec<&'a str>,
}

pub(super) fn map(desk: &Desk, coverage: &[CoverageLine]) -> MapView {
    let land = desk.input.landscape;
    let (rows, links) = rows(desk);
    let (found, empty): (Vec<&String>, Vec<&String>) = land.bodies.iter().partition(|b| land.cells.iter().any(|c| c.body == **b));
    let (vendors, found): (Vec<&String>, Vec<&String>) = found.into_iter().partition(|b| desk.input.vendors.contains(*b));
    let mut columns: Vec<Column> = found.iter().map(|b| Column { name: clip(b, 60), bodies: vec![b.as_str()] }).collect();
    if !vendors.is_empty() {
        columns.push(Column { name: VENDORS.to_owned(), bodies: vendors.iter().map(|b| b.as_str()).collect() });
    }
    // A body whose sources all fail now was not read for this edition, whatever an earlier fetch brought.
    let failed = |body: &str| {
        let mut of = coverage.iter().filter(|c| c.body == body).peekable();
        of.peek().is_some() && of.all(|c| c.class != CoverageClass::Read)
    };
    // Bodies alone: the sources of those that were read in part stand in the coverage.
    let is_source = |n: &String| coverage.iter().any(|c| c.id.as_str() == n.as_str());
    let why = |body: &str| match coverage.iter().any(|c| c.body == body && c.class == CoverageClass::Failed) {
        true => "the last fetch failed",
        false => "imported alone",
    };
    let not_read = land
        .not_read
        .iter()
        .filter(|n| !is_source(n))
        .map(|n| clip(n, 60))
        .chain(empty.iter().filter(|b| !land.not_read.contains(b) && failed(b)).map(|b| format!("{} ({})", clip(b, 60), why(b))))
        .collect();
    let topics: Vec<MapTopic> = land
        .topics
        .iter()
        .map(|t| {
            let of_topic: Vec<&Cell> = land.cells.iter().filter(|c| c.topic == *t).collect();
            let cells: Vec<MapCell> = columns
                .iter()
                .map(|column| {
                    let parts: Vec<&Cell> = of_topic.iter().copied().filter(|c| column.bodies.contains(&c.body.as_str())).collect();
                    let not_read = || column.bodies.iter().all(|b| matches!(land.mark(t, b), Mark::NotRead));
                    cell(desk, column, &parts, not_read(), &links)
                })
                .collect();
            let works = cells.iter().map(|c| c.works).sum();
            MapTopic { id: t.clone(), label: desk.label(t.as_str()), works, cells }
        })
        .collect();
    MapView {
        partly: columns.iter().flat_map(|c| &c.bodies).filter_map(|b| Some((clip(b, 60), partly(coverage, b)?))).collect(),
        none_found: empty.iter().filter(|b| !land.not_read.contains(b) && !failed(b)).map(|b| clip(b, 60)).collect(),
        width: COLUMNS,
        columns: columns.chunks(COLUMNS).map(|c| c.iter().map(|c| c.name.clone()).collect()).collect(),
        topics,
        not_read,
        rows,
    }
}

/// `2 of 5 sources`, where some of a body's sources were read and some not: a blank of it says less. What is known of a body
/// although none of its sources was read came from a file.
fn partly(coverage: &[CoverageLine], body: &str) -> Option<String> {
    let of: Vec<&CoverageLine> = coverage.iter().filter(|c| c.body == body).collect();
    let read = of.iter().filter(|c| c.class == CoverageClass::Read).count();
    match read {
        0 => Some("imported".to_owned()),
        n => (n < of.len()).then(|| format!("{n} of {}", words::count(of.len(), "source", "sources"))),
    }
}

/// One cell: standards work alone, except in the column of vendors.
fn cell(desk: &Desk, column: &Column, parts: &[&Cell], not_read: bool, links: &BTreeMap<&DocumentKey, MapLink>) -> MapCell {
    let mut stages: BTreeMap<StageCode, usize> = BTreeMap::new();
    let mut documents = Vec::new();
    for c in parts {
        for (stage, n) in &c.stages {
            *stages.entry(*stage).or_default() += n;
        }
        let known = |k: &&DocumentKey| desk.documents.get(k).copied();
        // A group's terms of reference are no item of it, and yet the sign that it works there: a blank would deny it.
        let aside = |d: &Document| !desk.input.vendors.contains(&d.body) && (desk.is_apart(d) || desk.letter(d).is_some());
        // A work counts as set aside when all of it that stands here is, and what a reader takes for one counts once.
        let mut works: BTreeMap<&DocumentKey, Vec<&Document>> = BTreeMap::new();
        c.documents.iter().filter_map(|k| known(&k)).for_each(|d| works.entry(&d.work).or_default().push(d));
        let mut counted = BTreeSet::new();
        for list in works.values().filter(|l| l.iter().all(|d| aside(d)) || !counted.insert(desk.work(l[0]))) {
            let code = list.iter().map(|d| d.stage_code()).find(|s| stages.get(s).is_some_and(|n| *n > 0));
            if let Some(n) = code.and_then(|s| stages.get_mut(&s)) {
                *n -= 1;
            }
        }
        documents.extend(c.documents.iter().filter(|k| known(k).is_none_or(|d| !aside(d))));
    }
    stages.retain(|_, n| *n > 0);
    let works: usize = stages.values().sum();
    let mut seen = BTreeSet::new();
    MapCell {
        body: column.name.clone(),
        mark: match works {
            0 if not_read => "?".to_owned(),
            0 => String::new(),
            n => n.to_string(),
        },
        stages: stages.iter().map(|(s, n)| format!("{n} {}", stage_word(*s))).collect::<Vec<_>>().join(", "),
        works,
        documents: documents.into_iter().filter_map(|k| links.get(k).cloned()).filter(|l| seen.insert(l.anchor.clone())).collect(),
    }
}

fn stage_word(s: StageCode) -> &'static str {
    match s {
        StageCode::Unknown => "with no stage stated",
        StageCode::Consultation => "put out for comment",
        s => s.as_str(),
    }
}

/// The rows, and to which of them each document leads: what one body lists twice is one row with both addresses.
fn rows<'a>(desk: &Desk<'a>) -> (Vec<MapRow>, BTreeMap<&'a DocumentKey, MapLink>) {
    let mut near: BTreeMap<&DocumentKey, Vec<&DocumentKey>> = BTreeMap::new();
    for c in &desk.input.landscape.counterparts {
        near.entry(&c.document).or_default().push(&c.other);
        near.entry(&c.other).or_default().push(&c.document);
    }
    let apart = |d: &Document| desk.is_apart(d) || desk.letter(d).is_some();
    let mut all: Vec<(&Document, Vec<&Document>)> = desk.works.values().flat_map(|work| once(desk, work)).collect();
    all.sort_by(|(a, _), (b, _)| {
        // What stands apart comes last, before it drafts that anyone may post: a table that is cut off is cut there.
        let key = |d: &Document| (apart(d), !desk.is_home(d), words::is_individual(d));
        (key(a), &a.body, &a.number, &a.title, &a.document).cmp(&(key(b), &b.body, &b.number, &b.title, &b.document))
    });
    let mut links = BTreeMap::new();
    let mut out = Vec::with_capacity(all.len());
    for (i, (d, twins)) in all.into_iter().enumerate() {
        let (questions, _) = desk.questions(d);
        let date = d.stage.as_ref().and_then(|s| s.date).or(d.published);
        let row = MapRow {
            item: desk.reference_to(d),
            anchor: format!("d{}", i + 1),
            kind: match desk.letter(d) {
                Some(_) => LETTER.to_owned(),
                None => serde_json::to_value(d.kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
            },
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
            hash: d.sightings.iter().filter(|s| !s.hash.is_empty()).max_by_key(|s| s.last_seen).map(|s| s.hash.clone()).unwrap_or_default(),
            related: Vec::new(),
            also_at: twins.iter().map(|o| twin(desk, o)).filter(|a| a.url != desk.address(d)).collect(),
            apart: apart(d),
        };
        let called = row.item.number.clone().unwrap_or_else(|| clip(&row.item.title, 60));
        for k in twins.iter().chain([&d]).map(|x| &x.document) {
            links.insert(k, MapLink { document: d.document.clone(), name: called.clone(), anchor: row.anchor.clone() });
        }
        out.push(row);
    }
    relate(desk, &mut out, &links);
    (out, links)
}

/// Says of each row how it belongs with others: by what a body or an import tells, else by standing in one work.
fn relate(desk: &Desk, rows: &mut [MapRow], links: &BTreeMap<&DocumentKey, MapLink>) {
    let mut told: BTreeMap<&DocumentKey, Vec<(&'static str, &DocumentKey)>> = BTreeMap::new();
    for d in desk.documents.values() {
        for r in &d.relations {
            let Some((there, back)) = relation_words(r.kind) else { continue };
            told.entry(&d.document).or_default().push((there, &r.document));
            told.entry(&r.document).or_default().push((back, &d.document));
        }
    }
    for row in rows {
        let key = row.item.document.clone();
        let mut seen = BTreeSet::from([row.anchor.clone()]);
        let works = desk.documents.get(&key).map(|d| desk.work_of(d)).unwrap_or_default();
        let in_work = works.iter().map(|d| ("of one work with", &d.document));
        for (words, other) in told.get(&key).into_iter().flatten().copied().chain(in_work) {
            let Some(link) = links.get(other).filter(|l| seen.insert(l.anchor.clone())) else { continue };
            let url = desk.documents.get(other).map(|d| desk.address(d)).unwrap_or_default();
            row.related.push(Also { label: format!("{words} {}", link.name), url });
        }
        row.related.truncate(RELATED);
    }
}

/// A relation as a row tells it, and as the other row does.
fn relation_words(kind: RelationKind) -> Option<(&'static str, &'static str)> {
    match kind {
        RelationKind::Supersedes => Some(("replaces", "replaced by")),
        RelationKind::RevisionOf => Some(("revises", "revised by")),
        RelationKind::SameAs => Some(("same text as", "same text as")),
        RelationKind::Becomes => Some(("became", "formerly")),
        RelationKind::Formerly => Some(("formerly", "became")),
        RelationKind::Adopts => Some(("adopts", "adopted by")),
        RelationKind::PartOf | RelationKind::Mirrors | RelationKind::Mentions | RelationKind::NearCopy => None,
    }
}

fn twin(desk: &Desk, d: &Document) -> Also {
    let r = desk.reference_to(d);
    let source = d.sightings.first().map(|s| desk.source_name(&s.source));
    Also { label: r.number.or(source).unwrap_or(r.body), url: r.url }
}

/// The documents of a work, each text once with its twins: the one with a number and the latest stage speaks.
fn once<'a>(desk: &Desk, work: &[&'a Document]) -> Vec<(&'a Document, Vec<&'a Document>)> {
    // News and papers are no part of a landscape of standards.
    let mut list: Vec<&Document> = work.iter().copied().filter(|d| !matches!(d.kind, Kind::News | Kind::Paper)).collect();
    list.sort_by_key(|d| {
        let firm = (desk.is_hearsay(d), name::number(d).is_none(), d.stage_code() == StageCode::Unknown);
        (firm, std::cmp::Reverse(d.published), &d.document)
    });
    let mut out: Vec<(&Document, Vec<&Document>)> = Vec::new();
    for d in list {
        let title = name::folded(&name::title(d));
        let is_twin = |(o, _): &&mut (&Document, Vec<&Document>)| {
            // A post under the title of a text is no second place of it.
            o.body == d.body && desk.is_apart(o) == desk.is_apart(d) && name::folded(&name::title(o)) == title && same::is_one(o, d)
        };
        match out.iter_mut().find(is_twin) {
            Some((_, twins)) => twins.push(d),
            None => out.push((d, Vec::new())),
        }
    }
    out
}
