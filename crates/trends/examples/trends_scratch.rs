#![allow(missing_docs)]
use std::collections::BTreeMap;
use std::io::BufRead;
use monitor_trends::*;
fn main() {
    let mut lines = std::io::stdin().lock().lines();
    let head: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let works: Vec<Work> = lines.map(|l| {
        let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
        let s = |k: &str| v[k].as_str().unwrap_or("").to_owned();
        Work { document: s("document").into(), body: s("body"), source: s("source").into(), topics: v["topics"].as_array().unwrap().iter().map(|t| t.as_str().unwrap().into()).collect(),
            axes: vec![], stage: Default::default(), title: s("title"), summary: s("summary"), when: v["when"].as_str().and_then(|t| t.parse().ok()),
            finished: None, first_seen: s("first_seen").parse().unwrap(), backfill: v["backfill"].as_bool().unwrap(), relevant: v["relevant"].as_bool().unwrap() }
    }).collect();
    let topics: Vec<monitor_model::TopicId> = head["topics"].as_array().unwrap().iter().map(|t| t.as_str().unwrap().into()).collect();
    let known: Vec<String> = head["known"].as_array().unwrap().iter().map(|t| t.as_str().unwrap().into()).collect();
    let watched: BTreeMap<_, _> = head["watched"].as_object().unwrap().iter().map(|(k, v)| (k.as_str().into(), v.as_str().unwrap().parse().unwrap())).collect();
    for a in head["as_of"].as_array().unwrap() {
        let mut i = Input::new(a.as_str().unwrap().parse().unwrap(), &works, &topics, watched.clone());
        i.known_terms = &known;
        if let Some(b) = head["baseline"].as_i64() { i.baseline_days = b; }
        println!("{}", serde_json::to_string(&trends(&i)).unwrap());
    }
}
