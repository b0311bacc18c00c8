//! What is learnt, how freely, and the file that comes of it.
//!
//! The constants were chosen by the figures of the held-out folds, few and round, so that they do not fit the labels themselves.

use std::{collections::HashMap, fmt::Write};

use monitor_model::{Axis, Relevance};
use monitor_tag::{Taxonomy, decisions};

use crate::{
    Item,
    solve::{Row, Task, solve},
};

/// A feature in fewer items says nothing.
const SEEN_AT_LEAST: u32 = 3;
/// How strongly weights are pulled to what the rules say.
const RIDGE: f32 = 0.3;
/// Findings of the rules are many for one text: each may move less than a word.
const RULE_SPREAD: f32 = 0.5;
/// How much rarer words may move more.
const RARITY: f32 = 0.6;
/// What an item that is not relevant counts for axes and topics.
const OTHER: f32 = 0.3;
/// Smaller weights (in hundredths) are left out.
const SMALLEST: i32 = 4;
const ROUNDS: usize = 120;

/// What sort of decision it is: how many features it keeps, and what is added to it so that recall meets precision.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Relevant,
    Half,
    Axis,
    Topic,
}

impl Sort {
    fn keep(self) -> usize {
        match self {
            Sort::Relevant => 6000,
            Sort::Half => 2000,
            Sort::Axis => 6000,
            Sort::Topic => 2500,
        }
    }

    fn shift(self) -> f32 {
        match self {
            Sort::Relevant => 0.35,
            Sort::Half => 0.0,
            Sort::Axis => 0.2,
            Sort::Topic => 0.9,
        }
    }
}

/// Feature names in the order in which they were met.
#[derive(Default)]
pub(crate) struct Names {
    all: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    pub(crate) fn number(&mut self, name: String) -> u32 {
        *self.numbers.entry(name).or_insert_with_key(|name| {
            self.all.push(name.clone());
            (self.all.len() - 1) as u32
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }
}

/// Items in the form in which all decisions are learnt.
struct Table<'a> {
    items: Vec<&'a Item>,
    rows: Vec<Row>,
    /// The names of the columns, how many items have each, and how freely its weight may move.
    names: Vec<&'a str>,
    seen: Vec<u32>,
    spread: Vec<f32>,
}

impl<'a> Table<'a> {
    fn new(items: &[&'a Item], names: &'a Names) -> Table<'a> {
        let items: Vec<&Item> = items.iter().copied().filter(|i| !i.row.is_empty()).collect();
        let mut seen: Vec<u32> = vec![0; names.len()];
        items.iter().for_each(|i| i.row.iter().for_each(|(j, _)| seen[*j as usize] += 1));
        let kept: Vec<usize> = (0..names.len()).filter(|j| seen[*j] >= SEEN_AT_LEAST).collect();
        let mut column = vec![None; names.len()];
        kept.iter().zip(0u32..).for_each(|(old, new)| column[*old] = Some(new));
        let rows = items.iter().map(|i| i.row.iter().filter_map(|(j, x)| Some((column[*j as usize]?, *x))).collect()).collect();
        let spread = kept.iter().map(|j| {
            let rarity = ((items.len() as f32 / seen[*j] as f32).ln() / 4.0).max(0.05).powf(RARITY);
            if names.all[*j].starts_with('t') && !names.all[*j].starts_with("topic") { rarity } else { RULE_SPREAD }
        });
        Table {
            rows,
            spread: spread.collect(),
            names: kept.iter().map(|j| names.all[*j].as_str()).collect(),
            seen: kept.iter().map(|j| seen[*j]).collect(),
            items,
        }
    }

    fn learn(&self, decision: usize, name: &str) -> (Vec<f32>, f32) {
        let sort = match decision {
            0 => Sort::Relevant,
            1 | 2 => Sort::Half,
            _ if Axis::from_word(name).is_some() => Sort::Axis,
            _ => Sort::Topic,
        };
        let truth = |i: &&Item| match (sort, decision) {
            (Sort::Relevant, _) => i.label.relevance == Relevance::Relevant,
            (Sort::Half, 1) => matches!(i.label.relevance, Relevance::Relevant | Relevance::AiOnly),
            (Sort::Half, _) => matches!(i.label.relevance, Relevance::Relevant | Relevance::SecurityOnly),
            (Sort::Axis, _) => i.label.axes.contains(name),
            (Sort::Topic, _) => i.label.topics.contains(name),
        };
        // Axes and topics are only asked of relevant items; the others say little about them, and no text teaches a topic that it cannot have.
        let topic = decision.checked_sub(decisions_before_topics()).map(|t| t as u16);
        let asked = |i: &&Item| {
            if topic.is_some_and(|t| i.barred.contains(&t)) && i.label.topics.contains(name) {
                return 0.0;
            }
            i.weight * if matches!(sort, Sort::Axis | Sort::Topic) && i.label.relevance != Relevance::Relevant { OTHER } else { 1.0 }
        };
        let task = Task {
            rows: &self.rows,
            truth: self.items.iter().map(truth).collect(),
            offsets: self.items.iter().map(|i| i.prior[decision]).collect(),
            counts: self.items.iter().map(asked).collect(),
            spread: &self.spread,
            ridge: RIDGE,
            rounds: ROUNDS,
        };
        let (w, _) = solve(&task);
        // The strongest features are kept and weighed again without the others, so that the file stays small.
        let mut order: Vec<usize> = (0..w.len()).collect();
        let strength = |j: usize| w[j].abs() * (self.seen[j] as f32).sqrt();
        order.sort_by(|a, b| strength(*b).total_cmp(&strength(*a)).then(a.cmp(b)));
        let mut narrow = vec![0.0; w.len()];
        order.iter().take(sort.keep()).for_each(|j| narrow[*j] = self.spread[*j]);
        let (w, bias) = solve(&Task { spread: &narrow, ..task });
        (w, bias + sort.shift())
    }
}

/// `relevant`, `ai`, `security` and the axes stand before the topics.
const fn decisions_before_topics() -> usize {
    3 + Axis::ALL.len()
}

/// The file of weights learnt from these items.
pub(crate) fn learn(taxonomy: &Taxonomy, items: &[&Item], names: &Names) -> String {
    let all = decisions(taxonomy);
    let table = Table::new(items, names);
    let numbered: Vec<(usize, &str)> = all.iter().map(String::as_str).enumerate().collect();
    let learnt: Vec<(Vec<f32>, f32)> = std::thread::scope(|scope| {
        let size = numbered.len().div_ceil(std::thread::available_parallelism().map_or(1, usize::from));
        let parts: Vec<_> =
            numbered.chunks(size).map(|part| scope.spawn(|| part.iter().map(|(d, n)| table.learn(*d, n)).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|t| t.join().expect("a learner does not panic")).collect()
    });
    write(&all, &table, &learnt)
}

fn write(all: &[String], table: &Table<'_>, learnt: &[(Vec<f32>, f32)]) -> String {
    let hundredths = |v: f32| (v * 100.0).round() as i32;
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (column, name) in table.names.iter().enumerate() {
        let cells: Vec<String> = learnt
            .iter()
            .enumerate()
            .map(|(d, (w, _))| (d, hundredths(w[column])))
            .filter(|(_, v)| v.abs() >= SMALLEST)
            .map(|(d, v)| format!("{d}={v}"))
            .collect();
        if !cells.is_empty() {
            lines.push((name, cells.join(" ")));
        }
    }
    lines.sort();
    let mut out = String::from(
        "# Learnt from labelled items by crates/tag/examples/learn; not to be edited by hand. crates/tag/src/weights.rs tells the form.\n\n\
         # What the numbers below stand for.\n[decision]\n",
    );
    for (number, decision) in all.iter().enumerate() {
        let _ = writeln!(out, "\"{number}\" = \"{decision}\"");
    }
    let bias: Vec<String> = learnt.iter().enumerate().map(|(d, (_, b))| format!("{d}={}", hundredths(*b))).collect();
    let _ = writeln!(out, "\n# What speaks for (or against) which decision, in hundredths.\n[bias]\n\"all\" = \"{}\"", bias.join(" "));
    let mut table = "";
    for (name, cells) in lines {
        let (zone, name) = name.split_once('\t').unwrap_or((name, ""));
        if zone != table {
            let _ = writeln!(out, "\n[{zone}]");
            table = zone;
        }
        let _ = writeln!(out, "\"{name}\" = \"{cells}\"");
    }
    out
}
