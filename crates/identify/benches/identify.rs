//! What naming a document costs. `cargo bench -p monitor-identify`.
#![allow(clippy::unwrap_used, missing_docs)]

use divan::{Bencher, counter::ItemsCount};
use monitor_identify::{Bodies, identify};
use monitor_model::Entry;

const NUMBERS: [(&str, &str); 8] = [
    ("ITU-T", "Rec. ITU-T X.1285 (2025-04)"),
    ("ETSI", "ETSI TS 104 223 V1.1.1 (2025-04)"),
    ("3GPP", "3GPP TR 33.784 V19.1.0"),
    ("ISO/IEC", "ISO/IEC DIS 27090"),
    ("IETF", "draft-ietf-lamps-pq-composite-sigs-07"),
    ("NIST", "NIST SP 800-218A ipd"),
    ("IEEE", "IEEE P2986.1/D6"),
    ("OASIS", "CoSAI, a paper without a number"),
];

fn main() {
    divan::main();
}

#[divan::bench]
fn numbers_of_eight_bodies(bencher: Bencher<'_, '_>) {
    let bodies = Bodies::parse(include_str!("../../../data/bodies.toml")).unwrap();
    let entry = |(body, number): (&str, &str)| Entry {
        body: body.into(),
        number: Some(number.into()),
        title: "An item".into(),
        url: Some("https://example.org/i/7".into()),
        ..Entry::default()
    };
    let entries = NUMBERS.map(entry);
    bencher
        .counter(ItemsCount::new(entries.len()))
        .bench_local(|| entries.iter().filter(|e| identify(&bodies, e).document.is_some()).count());
}

#[divan::bench]
fn read_the_bodies(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| Bodies::parse(include_str!("../../../data/bodies.toml")).is_ok());
}
