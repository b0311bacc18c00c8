//! What the store costs: committing, scanning, sketches, searching, opening. `cargo bench -p monitor-store`.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{batch, open};
use divan::{Bencher, counter::ItemsCount};

const MANY: usize = 20_000;

fn main() {
    divan::main();
}

/// A store of 20,000 documents in batches of 1,000.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for n in 0..MANY / 1000 {
        store.commit(&batch(n * 1000, 1000, n as i64)).unwrap();
    }
    dir
}

#[divan::bench(sample_count = 20)]
fn commit_a_thousand_new_documents(bencher: Bencher<'_, '_>) {
    let dir = filled();
    let store = open(dir.path());
    let mut next = MANY;
    bencher
        .counter(ItemsCount::new(1000_u32))
        .with_inputs(|| {
            next += 1000;
            batch(next, 1000, next as i64)
        })
        .bench_local_values(|b| store.commit(&b).unwrap());
}

#[divan::bench(sample_count = 20)]
fn open_and_close(bencher: Bencher<'_, '_>) {
    let dir = filled();
    bencher.bench_local(|| open(dir.path()).count());
}

#[divan::bench(sample_count = 10)]
fn read_every_document(bencher: Bencher<'_, '_>) {
    let dir = filled();
    let store = open(dir.path());
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| store.documents().unwrap().filter(|d| d.is_ok()).count());
}

#[divan::bench(sample_count = 10)]
fn look_at_every_sketch(bencher: Bencher<'_, '_>) {
    let dir = filled();
    let store = open(dir.path());
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        let mut n = 0;
        store.each_sketch(|key, _, sketch| n += sketch.work(key).len()).unwrap();
        n
    });
}

#[divan::bench(sample_count = 10)]
fn search_for_a_word_that_is_nowhere(bencher: Bencher<'_, '_>) {
    let dir = filled();
    let store = open(dir.path());
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        let mut documents = store.documents().unwrap();
        documents.holding(&["nowhere".to_owned()]);
        documents.count()
    });
}
