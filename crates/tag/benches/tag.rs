//! What a tag costs, and making the tagger ready. `cargo bench -p monitor-tag`.
#![allow(clippy::unwrap_used, missing_docs)]

use divan::{Bencher, counter::ItemsCount};
use monitor_tag::{Tagger, Taxonomy, Text};

const TITLES: [&str; 5] = [
    "Security requirements for agents that act on behalf of a person",
    "Prompt injection: measures for providers of large language models",
    "Amendment 1 to the interface of a digital radio receiver",
    "Anomaly detection by machine learning in core networks",
    "人工智能系统安全评估指南",
];

fn main() {
    divan::main();
}

fn tagger() -> Tagger {
    let taxonomy = Taxonomy::parse(include_str!("../../../data/topics.toml")).unwrap();
    Tagger::new(&taxonomy, Some(include_str!("../../../data/weights.toml"))).unwrap()
}

#[divan::bench]
fn titles_with_a_scope(bencher: Bencher<'_, '_>) {
    let tagger = tagger();
    let scope =
        "The document describes threats to systems and networks, what they have in common, and how operators may meet them. ".repeat(6);
    let texts = TITLES.map(|title| Text { title, summary: Some(&scope), body: Some("ITU-T"), ..Text::default() });
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| texts.iter().map(|t| tagger.tag(t).topics.len()).sum::<usize>());
}

#[divan::bench]
fn titles_alone(bencher: Bencher<'_, '_>) {
    let tagger = tagger();
    let texts = TITLES.map(|title| Text { title, body: Some("ITU-T"), ..Text::default() });
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| texts.iter().map(|t| tagger.tag(t).topics.len()).sum::<usize>());
}

#[divan::bench(sample_count = 20)]
fn make_the_tagger(bencher: Bencher<'_, '_>) {
    bencher.bench_local(tagger);
}
