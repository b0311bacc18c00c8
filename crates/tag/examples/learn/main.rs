//! Learns `data/weights.tsv` from labelled items and says how well it does by cross-validation.
//!
//! `cargo run --release -p monitor-tag --example learn -- data/topics.toml LABELS.jsonl,… ENTRIES.jsonl,… [--out data/weights.tsv] [--plain ENTRIES.jsonl]`
//!
//! Labels: `{key, relevance, axes, topics}`; entries as CONTRACT.md says. `--plain` are unlabelled entries: the share called relevant is
//! printed. The same files always give the same weights: no randomness, folds by a hash of the key.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    error::Error,
    fmt::Write,
    fs,
};

use monitor_model::{Axis, Entry, Relevance};
use monitor_tag::{Tagger, Taxonomy, Text, decisions};
use serde::Deserialize;

mod judge;
mod solve;

use judge::Score;
use solve::{Row, Task, solve};

#[derive(Deserialize)]
struct Label {
    key: String,
    relevance: Relevance,
    axes: BTreeSet<String>,
    topics: BTreeSet<String>,
}

pub(crate) struct Item {
    entry: Entry,
    set: usize,
    pub(crate) relevance: Relevance,
    pub(crate) axes: BTreeSet<String>,
    pub(crate) topics: BTreeSet<String>,
    /// Feature names (by number) and values; empty without an AI word.
    row: Row,
    prior: Vec<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|p| args.get(p + 1));
    let [topics, labels, entries, ..] = args.as_slice() else {
        return Err("usage: learn TOPICS.toml LABELS.jsonl,… ENTRIES.jsonl,… [--out FILE] [--plain ENTRIES.jsonl] [--folds 5]".into());
    };
    let taxonomy = Taxonomy::parse(&fs::read_to_string(topics)?)?;
    let tagger = Tagger::new(&taxonomy, None)?;
    let mut names = Names::default();
    let items = read(labels, entries, &tagger, &mut names)?;
    println!("{} items, {} features", items.len(), names.all.len());
    let folds: u64 = option("--folds").map_or(Ok(5), |f| f.parse())?;
    let mut scores: BTreeMap<usize, Score> = BTreeMap::new();
    let mut total = Score::default();
    for fold in 0..folds {
        let (test, train): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|i| hash(i.entry.key.as_deref().unwrap_or_default()) % folds == fold);
        let learnt = Tagger::new(&taxonomy, Some(&learn(&taxonomy, &train, &names)))?;
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
    if args.iter().any(|a| a == "--worst") {
        for (topic, f1, what) in total.worst() {
            println!("  {f1:.2} {topic:32} {what}");
        }
    }
    if option("--out").is_some() || option("--plain").is_some() {
        let file = learn(&taxonomy, &items.iter().collect::<Vec<_>>(), &names);
        println!("weights: {} lines, {} bytes", file.lines().count(), file.len());
        if let Some(plain) = option("--plain") {
            let learnt = Tagger::new(&taxonomy, Some(&file))?;
            let (mut n, mut relevant) = (0u32, 0u32);
            for line in fs::read_to_string(plain)?.lines() {
                n += 1;
                relevant += u32::from(learnt.tag(&text(&serde_json::from_str(line)?)).relevance == Relevance::Relevant);
            }
            println!("unlabelled entries called relevant: {relevant} of {n} ({:.2} %)", 100.0 * relevant as f32 / n.max(1) as f32);
        }
        if let Some(out) = option("--out") {
            fs::write(out, file)?;
        }
    }
    Ok(())
}

/// Feature names in the order in which they were met.
#[derive(Default)]
struct Names {
    all: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: String) -> u32 {
        *self.numbers.entry(name).or_insert_with_key(|name| {
            self.all.push(name.clone());
            (self.all.len() - 1) as u32
        })
    }
}

fn text(entry: &Entry) -> Text<'_> {
    Text {
        title: &entry.title,
        summary: entry.summary.as_deref(),
        keywords: &entry.keywords,
        lang: entry.lang.as_deref(),
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

fn env(name: &str, default: f32) -> f32 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// The file of weights learnt from these items.
fn learn(taxonomy: &Taxonomy, items: &[&Item], names: &Names) -> String {
    let items: Vec<&&Item> = items.iter().filter(|i| !i.row.is_empty()).collect();
    let min_df = env("MIN_DF", 3.0) as u32;
    let mut df: Vec<u32> = vec![0; names.all.len()];
    items.iter().for_each(|i| i.row.iter().for_each(|(j, _)| df[*j as usize] += 1));
    let kept: Vec<u32> = (0..names.all.len() as u32).filter(|j| df[*j as usize] >= min_df).collect();
    let mut number = vec![u32::MAX; names.all.len()];
    kept.iter().enumerate().for_each(|(new, old)| number[*old as usize] = new as u32);
    let rows: Vec<Row> = items.iter().map(|i| i.row.iter().filter(|(j, _)| number[*j as usize] != u32::MAX).map(|(j, x)| (number[*j as usize], *x)).collect()).collect();
    let idf_power = env("IDF", 1.0);
    let spread: Vec<f32> = kept
        .iter()
        .map(|j| {
            let name = &names.all[*j as usize];
            let idf = ((items.len() as f32 / df[*j as usize] as f32).ln() / 4.0).max(0.05).powf(idf_power);
            let pair = name.split('\t').nth(1).is_some_and(|n| n.contains(' '));
            match name.split('\t').next() {
                Some("text") => idf * if pair { env("S_PAIR", 1.0) } else { 1.0 },
                Some("title") => idf * env("S_TITLE", 1.0),
                Some("rule") => env("S_RULE", 0.5),
                _ => env("S_TOPIC", 0.5),
            }
        })
        .collect();

    let kept_df: Vec<u32> = kept.iter().map(|j| df[*j as usize]).collect();
    let all = decisions(taxonomy);
    let jobs: Vec<usize> = (0..all.len()).collect();
    let solved: Vec<(Vec<f32>, f32)> = std::thread::scope(|scope| {
        let half: Vec<_> = [0, 1]
            .map(|part| {
                let (jobs, all, rows, items, spread, df) = (&jobs, &all, &rows, &items, &spread, &kept_df);
                scope.spawn(move || jobs.iter().filter(|d| *d % 2 == part).map(|d| one(*d, &all[*d], items, rows, spread, df)).collect::<Vec<_>>())
            })
            .into_iter()
            .map(|t| t.join().unwrap_or_default())
            .collect();
        let mut halves = half.into_iter().map(Vec::into_iter).collect::<Vec<_>>();
        jobs.iter().filter_map(|d| halves[d % 2].next()).collect()
    });
    write(&all, &kept, names, &solved)
}

fn one(decision: usize, name: &str, items: &[&&Item], rows: &[Row], spread: &[f32], df: &[u32]) -> (Vec<f32>, f32) {
    let kind = match decision {
        0 => "REL",
        1 | 2 => "HALF",
        _ if Axis::from_word(name).is_some() => "AXIS",
        _ => "TOPIC",
    };
    let truth = |i: &Item| match kind {
        "REL" => i.relevance == Relevance::Relevant,
        "HALF" if decision == 1 => matches!(i.relevance, Relevance::Relevant | Relevance::AiOnly),
        "HALF" => matches!(i.relevance, Relevance::Relevant | Relevance::SecurityOnly),
        "AXIS" => i.axes.contains(name),
        _ => i.topics.contains(name),
    };
    // Axes and topics are only asked of relevant items; the others say little about them.
    let other = if matches!(kind, "AXIS" | "TOPIC") { env("OTHER", 0.3) } else { 1.0 };
    let chosen: Vec<usize> = (0..items.len()).filter(|i| other > 0.0 || items[*i].relevance == Relevance::Relevant).collect();
    let dev = env("DEV", 1.0);
    let task = Task {
        rows: &chosen.iter().map(|i| &rows[*i]).collect::<Vec<_>>(),
        truth: chosen.iter().map(|i| truth(items[*i])).collect(),
        offsets: chosen.iter().map(|i| items[*i].prior[decision] * env(&format!("{kind}_PRIOR"), 1.0)).collect(),
        counts: chosen.iter().map(|i| (if items[*i].relevance == Relevance::Relevant { 1.0 } else { other }) * if items[*i].set == 0 { dev } else { 1.0 }).collect(),
        spread,
        ridge: env(&format!("{kind}_RIDGE"), 0.3),
        lasso: env(&format!("{kind}_LASSO"), 0.0),
        rounds: env("ROUNDS", 120.0) as usize,
    };
    let (w, _) = solve(&task);
    // The strongest features are kept and weighed again without the others, so that the file stays small.
    let mut order: Vec<usize> = (0..w.len()).collect();
    let weight = |j: usize| w[j].abs() * (df[j] as f32).sqrt();
    order.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
    let mut narrow = vec![0.0; spread.len()];
    order.iter().take(env(&format!("{kind}_KEEP"), 400.0) as usize).for_each(|j| narrow[*j] = spread[*j]);
    let shift = if kind == "TOPIC" && env("TUNE", 0.0) > 0.0 { tune(&task) } else { env(&format!("{kind}_SHIFT"), 0.0) };
    let (w, b) = solve(&Task { spread: &narrow, ridge: task.ridge * env("REFIT", 1.0), ..task });
    (w, b + shift)
}

/// Where to put the threshold of a topic: the best F1 on items that the weights have not seen, near to where the other topics have it.
fn tune(task: &Task<'_>) -> f32 {
    let inner = 4;
    let usual = env("TOPIC_SHIFT", 1.2);
    let mut unseen: Vec<(f32, bool)> = Vec::new();
    for part in 0..inner {
        let train: Vec<usize> = (0..task.rows.len()).filter(|i| i % inner != part).collect();
        let (w, b) = solve(&Task {
            rows: &train.iter().map(|i| task.rows[*i]).collect::<Vec<_>>(),
            truth: train.iter().map(|i| task.truth[*i]).collect(),
            offsets: train.iter().map(|i| task.offsets[*i]).collect(),
            counts: train.iter().map(|i| task.counts[*i]).collect(),
            rounds: task.rounds / 2,
            ..*task
        });
        for i in (0..task.rows.len()).filter(|i| i % inner == part && task.counts[*i] >= 1.0) {
            let z = b + task.offsets[i] + task.rows[i].iter().map(|(j, x)| w[*j as usize] * x).sum::<f32>();
            unseen.push((z, task.truth[i]));
        }
    }
    let score = |shift: f32| {
        let (mut hit, mut wrong) = (0.0f32, 0.0f32);
        for (z, truth) in &unseen {
            match (z + shift > 0.0, truth) {
                (true, true) => hit += 1.0,
                (said, truth) if said != *truth => wrong += 1.0,
                _ => {}
            }
        }
        2.0 * hit / (2.0 * hit + wrong).max(1.0) - env("TUNE", 0.0) * (shift - usual).abs()
    };
    let grid = (0..=40).map(|g| usual + (g as f32 - 20.0) * 0.1);
    grid.max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(usual)
}

fn write(all: &[String], kept: &[u32], names: &Names, solved: &[(Vec<f32>, f32)]) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (new, old) in kept.iter().enumerate() {
        let mut cells: Vec<(f32, String)> = Vec::new();
        for (decision, (w, _)) in all.iter().zip(solved) {
            let v = (w[new] * 100.0).round() / 100.0;
            if v.abs() >= env("PRUNE", 0.05) {
                cells.push((v, format!("{decision}={v}")));
            }
        }
        if !cells.is_empty() {
            lines.push((names.all[*old as usize].clone(), cells.into_iter().map(|c| c.1).collect::<Vec<_>>().join(" ")));
        }
    }
    lines.sort();
    let mut out = String::from("# Learnt by crates/tag/examples/learn from labelled items; do not edit by hand.\n# zone, word or rule, decision=weight …\n");
    let bias: Vec<String> = all.iter().zip(solved).map(|(d, (_, b))| format!("{d}={:.2}", b)).collect();
    let _ = writeln!(out, "bias\t-\t{}", bias.join(" "));
    for (name, cells) in lines {
        let _ = writeln!(out, "{name}\t{cells}");
    }
    out
}
