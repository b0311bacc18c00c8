// throw-away
use std::io::{BufRead, Write};
use monitor_tag::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let t0 = std::time::Instant::now();
    let tax = Taxonomy::parse(&std::fs::read_to_string("/work/main/data/topics.toml").unwrap()).unwrap();
    for p in tax.problems() { eprintln!("{p}"); }
    let t1 = std::time::Instant::now();
    let w = std::fs::read_to_string(std::env::var("WEIGHTS").unwrap_or("/work/main/data/weights.toml".into())).ok();
    let tagger = Tagger::new(&tax, w.as_deref()).unwrap();
    eprintln!("parse {:?} compile {:?}", t1 - t0, t1.elapsed());
    let entries: Vec<monitor_model::Entry> = std::io::BufReader::new(std::fs::File::open(&a[2]).unwrap()).lines().map(|l| serde_json::from_str(&l.unwrap()).unwrap()).collect();
    let t2 = std::time::Instant::now();
    let tags: Vec<_> = entries.iter().map(|e| tagger.tag(&Text { title: &e.title, summary: e.summary.as_deref(), keywords: &e.keywords, number: e.number.as_deref(), ..Default::default() })).collect();
    eprintln!("{} items in {:?}", entries.len(), t2.elapsed());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (e, t) in entries.iter().zip(tags) {
        writeln!(out, "{}", serde_json::json!({"key": e.key, "relevance": t.relevance, "score": t.score, "axes": t.axes, "topics": t.topics, "evidence": t.evidence, "title": e.title})).unwrap();
    }
}
