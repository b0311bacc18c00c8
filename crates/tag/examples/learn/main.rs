//! Learns `data/weights.toml` from labelled items and tells how well it does on items held out.
//!
//! `cargo run --release -p monitor-tag --example learn -- data/topics.toml LABELS.jsonl,… ENTRIES.jsonl,… [--out data/weights.toml]
//! [--plain ENTRIES.jsonl] [--worst]`
//!
//! Labels: `{key, relevance, axes, topics}`; entries as CONTRACT.md says. `--plain` are unlabelled entries: the share called relevant is
//! printed. The same files always give the same weights: no randomness, folds by a hash of the key.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
};

use monitor_model::{Entry, Relevance};
use monitor_tag::{Tagger, Taxonomy, Text};
use serde::Deserialize;

mod judge;
mod model;
mod solve;

use judge::Score;
use model::{Names, learn};
use solve::Row;

/// The share of one fold is held out in turn.
const FOLDS: u64 = 5;

#[derive(Deserialize)]
struct Label {
    key: String,
    relevance: Relevance,
    axes: BTreeSet<String>,
    topics: BTreeSet<String>,
}

/// A labelled item with what the tagger sees in it.
pub(crate) struct Item {
    entry: Entry,
    /// Which of the label files it is from.
    set: usize,
    pub(crate) relevance: Relevance,
    pub(crate) axes: BTreeSet<String>,
    pub(crate) topics: BTreeSet<String>,
    /// Empty without an AI word: nothing to learn from, never relevant.
    pub(crate) row: Row,
    pub(crate) prior: Vec<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|p| args.get(p + 1));
    let [topics, labels, entries, ..] = args.as_slice() else {
        return Err("usage: learn TOPICS.toml LABELS.jsonl,… ENTRIES.jsonl,… [--out FILE] [--plain ENTRIES.jsonl] [--worst]".into());
    };
    let taxonomy = Taxonomy::parse(&fs::read_to_string(topics)?)?;
    let mut names = Names::default();
    let items = read(labels, entries, &Tagger::new(&taxonomy, None)?, &mut names)?;
    println!("{} items, {} features", items.len(), names.len());
    hold_out(&taxonomy, &items, &names, args.iter().any(|a| a == "--worst"))?;

    let file = learn(&taxonomy, &items.iter().collect::<Vec<_>>(), &names);
    println!("weights: {} lines, {} bytes", file.lines().count(), file.len());
    if let Some(plain) = option("--plain") {
        let learnt = Tagger::new(&taxonomy, Some(&file))?;
        let (mut all, mut relevant) = (0u32, 0u32);
        for line in fs::read_to_string(plain)?.lines() {
            all += 1;
            relevant += u32::from(learnt.tag(&text(&serde_json::from_str(line)?)).relevance == Relevance::Relevant);
        }
        println!("unlabelled entries called relevant: {relevant} of {all} ({:.2} %)", 100.0 * relevant as f32 / all.max(1) as f32);
    }
    if let Some(out) = option("--out") {
        fs::write(out, file)?;
    }
    Ok(())
}

/// Learns on all folds but one and judges on that one, through the tagger itself.
fn hold_out(taxonomy: &Taxonomy, items: &[Item], names: &Names, worst: bool) -> Result<(), Box<dyn Error>> {
    let mut scores: BTreeMap<usize, Score> = BTreeMap::new();
    let mut total = Score::default();
    for fold in 0..FOLDS {
        let (test, train): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|i| hash(i.entry.key.as_deref().unwrap_or_default()) % FOLDS == fold);
        let learnt = Tagger::new(taxonomy, Some(&learn(taxonomy, &train, names)))?;
        for item in test {
            let said = learnt.tag(&text(&item.entry));
            scores.entry(item.set).or_default().add(item, &said);
            total.add(item, &said);
        }
    }
    for (set, score) in &scores {
        println!("held out, file {set}: {}", score.line());
    }
    println!("held out, all:    {}", total.line());
    if worst {
        for (topic, f1, what) in total.worst() {
            println!("  {f1:.2} {topic:32} {what}");
        }
    }
    Ok(())
}

fn text(entry: &Entry) -> Text<'_> {
    Text {
        title: &entry.title,
        summary: entry.summary.as_deref(),
        keywords: &entry.keywords,
        number: entry.number.as_deref(),
        ..Text::default()
    }
}

fn read(labels: &str, entries: &str, tagger: &Tagger, names: &mut Names) -> Result<Vec<Item>, Box<dyn Error>> {
    let mut known: BTreeMap<String, (usize, Label)> = BTreeMap::new();
    for (set, path) in labels.split(',').enumerate() {
        for line in fs::read_to_string(path)?.lines() {
            let label: Label = serde_json::from_str(line)?;
            known.insert(label.key.clone(), (set, label));
        }
    }
    let mut items = Vec::new();
    for path in entries.split(',') {
        for line in fs::read_to_string(path)?.lines() {
            let entry: Entry = serde_json::from_str(line)?;
            let Some((set, label)) = entry.key.as_ref().and_then(|k| known.remove(k)) else { continue };
            let row = tagger.features(&text(&entry)).into_iter().map(|f| (names.number(f.to_string()), f.value)).collect();
            let prior = tagger.prior(&text(&entry));
            items.push(Item { entry, set, relevance: label.relevance, axes: label.axes, topics: label.topics, row, prior });
        }
    }
    Ok(items)
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)) >> 17
}
