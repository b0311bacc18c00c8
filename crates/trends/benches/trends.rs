//! What an answer costs: eight years of 5,000 works on 40 topics. `cargo bench -p monitor-trends`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;

use divan::{Bencher, counter::ItemsCount};
use jiff::civil::Date;
use monitor_model::{SourceId, StageCode, Timestamp, TopicId, When};
use monitor_trends::{Input, Work, trends};

const WORKS: i64 = 5_000;
const TOPICS: i64 = 40;

fn main() {
    divan::main();
}

fn work(n: i64) -> Work {
    // Evenly over eight years, and each topic over all of them.
    let day: Date = "2018-09-01".parse::<Date>().unwrap() + jiff::Span::new().days(n * 2922 / WORKS);
    let topic = TopicId::from(format!("topic-{}", n * 7 % TOPICS).as_str());
    Work {
        document: format!("etsi/{n}").as_str().into(),
        body: ["ETSI", "IETF", "ITU-T"][(n % 3) as usize].to_owned(),
        source: "list".into(),
        topics: vec![topic],
        axes: Vec::new(),
        stage: StageCode::Published,
        title: format!("Item {n} on agents of kind {} in networks", n % 97),
        summary: "How an agent proves to another who it is, and what happens when it cannot.".to_owned(),
        when: Some(When::Day(day)),
        finished: None,
        withdrawn: None,
        item: false,
        first_seen: Timestamp::UNIX_EPOCH,
        backfill: true,
        relevant: true,
    }
}

#[divan::bench(sample_count = 20)]
fn all_questions_at_once(bencher: Bencher<'_, '_>) {
    let works: Vec<Work> = (0..WORKS).map(work).collect();
    let topics: Vec<TopicId> = (0..TOPICS).map(|n| TopicId::from(format!("topic-{n}").as_str())).collect();
    let since = BTreeMap::from([(SourceId::from("list"), Timestamp::UNIX_EPOCH)]);
    let input = Input::new("2026-09-01".parse().unwrap(), &works, &topics, since);
    bencher.counter(ItemsCount::new(works.len())).bench_local(|| trends(&input).topics.len());
}
