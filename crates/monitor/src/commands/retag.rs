use std::{collections::BTreeMap, io::Write};

use monitor_store::Batch;
use serde_json::json;

use super::Setup;
use crate::{
    cli::{Lines, Retag},
    exit::{Exit, Outcome},
    output,
    pipeline::{self, BATCH, ingest, inherit},
    progress,
};

/// Tags every document anew and prints what differs. Hand corrections stay.
pub(super) fn run(setup: &Setup, args: &Retag) -> Outcome {
    let store = super::open_existing(setup, "retag")?;
    let tagger = setup.tagger()?;
    let corrections = ingest::corrections(&store.decisions()?);
    let bar = progress::bar(Some(store.count()), "documents", setup.quiet);
    let mut out = output::stdout();
    let bodies = setup.bodies()?;
    let mut changed = Vec::new();
    // Documents of which `[[relation]]` says something else than it did.
    let mut facts = 0_u64;
    let mut count = 0_u64;
    let mut totals: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for d in store.documents()? {
        let d = d?;
        bar.inc(1);
        let mut new = d.clone();
        facts += u64::from(monitor_identify::lay_facts(&mut new, bodies));
        new.tag(inherit::tagging(tagger, &corrections, &new, |key| store.document(key).ok().flatten()));
        if new == d {
            continue;
        }
        let ids = |d: &monitor_model::Document| d.topics.iter().map(|t| t.id.0.clone()).collect::<Vec<_>>();
        let (was, is) = (ids(&d), ids(&new));
        if was != is || d.relevance != new.relevance || d.axes != new.axes {
            count += 1;
            let gone: Vec<_> = was.iter().filter(|t| !is.contains(t)).collect();
            let come: Vec<_> = is.iter().filter(|t| !was.contains(t)).collect();
            come.iter().for_each(|t| totals.entry((*t).clone()).or_default().0 += 1);
            gone.iter().for_each(|t| totals.entry((*t).clone()).or_default().1 += 1);
            let relevant = |d: &monitor_model::Document| d.relevance == monitor_model::Relevance::Relevant;
            match (relevant(&d), relevant(&new)) {
                (false, true) => totals.entry("relevant".to_owned()).or_default().0 += 1,
                (true, false) => totals.entry("relevant".to_owned()).or_default().1 += 1,
                _ => {}
            }
            match args.format {
                Lines::Jsonl => output::json_line(
                    &mut out,
                    &json!({"document": d.document, "relevance": [d.relevance, new.relevance], "axes": [d.axes, new.axes], "added": come, "removed": gone, "title": d.title}),
                )?,
                Lines::Human => {
                    let mut parts = Vec::new();
                    if d.relevance != new.relevance {
                        parts.push(format!("{} → {}", d.relevance.as_str(), new.relevance.as_str()));
                    }
                    parts.extend(come.iter().map(|t| format!("+{t}")));
                    parts.extend(gone.iter().map(|t| format!("-{t}")));
                    writeln!(out, "{}  {}  {}", d.document, parts.join(" "), output::plain(&d.title))?;
                }
            }
        }
        changed.push((d, new));
    }
    bar.finish_and_clear();
    out.flush()?;
    if !args.dry_run {
        let changed =
            if facts > 0 { ingest::relate_anew(bodies, &store, changed) } else { changed.into_iter().map(|(_, new)| new).collect() };
        for documents in changed.chunks(BATCH) {
            store.commit(&Batch { run: pipeline::run_id(setup.now), at: setup.now, documents: documents.to_vec(), ..Batch::default() })?;
        }
    }
    if !setup.quiet {
        for (what, (more, less)) in &totals {
            tell!("  {what}: +{more} -{less}");
        }
        let would = if args.dry_run { "would get" } else { "got" };
        tell!("{count} documents {would} other tags");
        if facts > 0 {
            tell!("{facts} documents {would} other relations, as bodies.toml says");
        }
    }
    Ok(Exit::Done)
}
