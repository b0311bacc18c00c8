//! Learns `data/weights.toml` from labelled items and tells how well it does on items held out.
//!
//! `cargo run --release -p monitor-tag --example learn -- data/topics.toml LABELS.jsonl[=WEIGHT],… ENTRIES.jsonl,… [--out data/weights.toml]
//! [--plain ENTRIES.jsonl] [--worst] [--wrong N]`
//!
//! Labels: `{key, relevance, axes, topics}`, each file with what an item of it counts (1 without); entries as CONTRACT.md says.
//! `--plain` are unlabelled entries: the share called relevant is printed. `--wrong N` lists N held-out items of the first file that came
//! out wrong. The same files always give the same weights: no randomness, folds by a hash of the key without its version, so that one
//! version of a draft never helps to judge another.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
};

use monitor_model::{Entry, Relevance};
use monitor_tag::{Label, Score, Tagger, Taxonomy, Text};

mod model;
mod solve;

use model::{Names, learn};
use solve::Row;

/// The share of one fold is held out in turn.
const FOLDS: u64 = 5;

/// A labelled item with what the tagger sees in it.
pub(crate) struct Item {
    entry: Entry,
    /// Which of the label files it is from.
    set: usize,
    /// What it counts when weights are learnt.
    pub(crate) weight: f32,
    pub(crate) label: Label,
    /// Empty without an AI word: nothing to learn from, never relevant.
    pub(crate) row: Row,
    pub(crate) prior: Vec<f32>,
    /// Topics that it cannot have, by number.
    pub(crate) barred: Vec<u16>,
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
    let wrong = option("--wrong").map_or(Ok(0), |n| n.parse())?;
    if !args.iter().any(|a| a == "--no-folds") {
        hold_out(&taxonomy, &items, &names, args.iter().any(|a| a == "--worst"), wrong)?;
    }

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
fn hold_out(taxonomy: &Taxonomy, items: &[Item], names: &Names, worst: bool, mut wrong: usize) -> Result<(), Box<dyn Error>> {
    let mut scores: BTreeMap<usize, Score> = BTreeMap::new();
    let mut total = Score::default();
    for fold in 0..FOLDS {
        let (test, train): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|i| hash(family(i.entry.key.as_deref().unwrap_or_default())) % FOLDS == fold);
        let learnt = Tagger::new(taxonomy, Some(&learn(taxonomy, &train, names)))?;
        for item in test {
            let said = learnt.tag(&text(&item.entry));
            scores.entry(item.set).or_default().add(&item.label, &said);
            let topics: BTreeSet<String> = said.topics.iter().map(|t| t.id.to_string()).collect();
            if wrong > 0 && item.set == 0 && (item.label.relevance != said.relevance || item.label.topics != topics) {
                wrong -= 1;
                println!(
                    "{} {:?} | {} {topics:?} | {}",
                    item.label.relevance.as_str(),
                    item.label.topics,
                    said.relevance.as_str(),
                    item.entry.title
                );
            }
            total.add(&item.label, &said);
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
        body: Some(entry.body.as_str()).filter(|b| !b.is_empty()),
        ..Text::default()
    }
}

fn read(labels: &str, entries: &str, tagger: &Tagger, names: &mut Names) -> Result<Vec<Item>, Box<dyn Error>> {
    let mut known: BTreeMap<String, (usize, f32, Label)> = BTreeMap::new();
    for (set, path) in labels.split(',').enumerate() {
        let (path, weight) = path.split_once('=').map_or(Ok((path, 1.0)), |(p, w)| w.parse().map(|w| (p, w)))?;
        for line in fs::read_to_string(path)?.lines() {
            let label: Label = serde_json::from_str(line)?;
            known.insert(label.key.clone(), (set, weight, label));
        }
    }
    let mut items = Vec::new();
    for path in entries.split(',') {
        for line in fs::read_to_string(path)?.lines() {
            let entry: Entry = serde_json::from_str(line)?;
            let Some((set, weight, label)) = entry.key.as_ref().and_then(|k| known.remove(k)) else { continue };
            let row = tagger.features(&text(&entry)).into_iter().map(|f| (names.number(f.to_string()), f.value)).collect();
            let prior = tagger.prior(&text(&entry));
            let barred = tagger.barred(&text(&entry));
            items.push(Item { entry, set, weight, label, row, prior, barred });
        }
    }
    Ok(items)
}

/// A key without the version of an Internet-Draft or a 3GPP release: all versions of one work go into one fold.
fn family(key: &str) -> &str {
    let key = key.split("_REL-").next().unwrap_or(key);
    match key.rsplit_once('-') {
        Some((head, tail)) if tail.len() == 2 && tail.bytes().all(|b| b.is_ascii_digit()) => head,
        _ => key,
    }
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)) >> 17
}
