//! What an edition costs: choosing and writing it, in each format. `cargo bench -p monitor-digest`.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use std::collections::BTreeMap;

use divan::Bencher;
use fixture::full;
use monitor_digest::{Format, Templates, render};

fn main() {
    divan::main();
}

#[divan::bench]
fn compose(bencher: Bencher<'_, '_>) {
    let world = full();
    bencher.bench_local(|| world.compose());
}

#[divan::bench(args = [Format::Md, Format::Html, Format::Docx, Format::Json])]
fn write(bencher: Bencher<'_, '_>, format: &Format) {
    let (edition, templates) = (full().compose(), Templates::new(BTreeMap::new()).unwrap());
    bencher.bench_local(|| render(&edition, *format, &templates).unwrap().bytes.len());
}
