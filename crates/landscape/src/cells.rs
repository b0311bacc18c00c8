use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use monitor_model::TopicId;

use crate::{Active, Alone, Cell, Gap, Input, has_lapsed, pick::Item};

/// The cells, in the order of columns and rows.
pub(crate) fn cells(input: &Input<'_>, bodies: &[String], items: &[Item<'_>]) -> Vec<Cell> {
    let column: BTreeMap<&str, usize> = input.topics.iter().enumerate().map(|(i, t)| (t.id.as_str(), i)).collect();
    let row: BTreeMap<&str, usize> = bodies.iter().enumerate().map(|(i, b)| (b.as_str(), i)).collect();
    let mut cells: BTreeMap<(usize, usize), Cell> = BTreeMap::new();
    for item in items {
        let Some(&r) = row.get(item.face.body.as_str()) else { continue };
        let mut columns: Vec<usize> = item.topics().filter_map(|t| column.get(t).copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        for c in columns {
            let cell = cells.entry((c, r)).or_insert_with(|| Cell {
                topic: input.topics[c].id.clone(),
                body: bodies[r].clone(),
                stages: BTreeMap::new(),
                home: 0,
                documents: Vec::new(),
            });
            *cell.stages.entry(item.face.stage_code()).or_default() += 1;
            cell.home += usize::from(item.home);
            cell.documents.extend(item.keys());
        }
    }
    let mut cells: Vec<Cell> = cells.into_values().collect();
    for cell in &mut cells {
        cell.documents.sort();
        cell.documents.dedup();
    }
    cells
}

/// Rows: home first, then every body that was found or is watched, in alphabetical order.
pub(crate) fn bodies(input: &Input<'_>, items: &[Item<'_>]) -> Vec<String> {
    let home = input.home.body.as_str();
    let found = items.iter().filter(|i| i.topics().next().is_some()).map(|i| i.face.body.as_str());
    let mut names: Vec<&str> =
        found.chain(input.bodies_watched.iter().map(String::as_str)).filter(|b| *b != home && !b.is_empty()).collect();
    names.sort_by_key(|b| (b.to_lowercase(), *b));
    names.dedup();
    let first = (!home.is_empty()).then_some(home);
    first.into_iter().chain(names).map(str::to_owned).collect()
}

/// Who has living work on a topic, at home and elsewhere. A draft that lapsed and news of work are none.
fn workers<'i, 'a>(items: &'i [Item<'a>], topic: &str, as_of: Date) -> (Vec<&'i Item<'a>>, Vec<&'i Item<'a>>) {
    let works = |i: &&Item<'a>| i.alive() && !i.notice && (i.home || !has_lapsed(i.face, as_of));
    items.iter().filter(works).filter(|i| i.topics().any(|t| t == topic)).partition(|i| i.home)
}

/// Topics with living work on one side only, as far as both were read. `sent`: topics of which the home group wrote to others.
pub(crate) fn one_sided(input: &Input<'_>, items: &[Item<'_>], sent: &BTreeSet<&str>) -> (Vec<Gap>, Vec<Alone>) {
    let (mut gaps, mut alone) = (Vec::new(), Vec::new());
    // Of a home that was not read nobody can say that it has nothing.
    let home_read = !input.not_read.contains(&input.home.body);
    for topic in input.topics {
        let topic: &TopicId = &topic.id;
        let (home, elsewhere) = workers(items, topic.as_str(), input.as_of);
        if home.is_empty() && !elsewhere.is_empty() && home_read && !sent.contains(topic.as_str()) {
            let mut by_body: BTreeMap<&str, Active> = BTreeMap::new();
            for i in &elsewhere {
                let body = i.face.body.as_str();
                let active = by_body.entry(body).or_insert_with(|| Active { body: body.to_owned(), documents: Vec::new() });
                active.documents.push(i.face.document.clone());
            }
            let mut active_elsewhere: Vec<Active> = by_body.into_values().collect();
            active_elsewhere.iter_mut().for_each(|a| a.documents.sort());
            active_elsewhere.sort_by_key(|a| std::cmp::Reverse(a.documents.len()));
            gaps.push(Gap { topic: topic.clone(), active_elsewhere, home: 0 });
        } else if elsewhere.is_empty() && !home.is_empty() {
            let mut documents: Vec<_> = home.iter().map(|i| i.face.document.clone()).collect();
            documents.sort();
            alone.push(Alone { topic: topic.clone(), documents });
        }
    }
    // A stable sort: equals stay in the order of columns.
    gaps.sort_by_key(|g| std::cmp::Reverse(g.active_elsewhere.iter().map(|a| a.documents.len()).sum::<usize>()));
    (gaps, alone)
}
