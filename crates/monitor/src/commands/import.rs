use std::{collections::BTreeMap, time::Instant};

use monitor_model::{Counts, Entry, EvidenceLevel, Houses, Memory, Source, SourceId, SourceReport, SourceStatus};
use monitor_store::Batch;
use serde_json::json;

use super::{Setup, identify};
use crate::{
    cli::{Import, Report},
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
    pipeline::{self, BATCH, ingest},
    progress,
};

/// Entries as JSON Lines, through the same identify → tag → store as fetched rows.
pub(super) fn run(setup: &Setup, args: &Import) -> Outcome {
    let started = Instant::now();
    let mut lines = identify::lines(&args.file)?;
    let (bodies, tagger) = (setup.bodies()?, setup.tagger()?);
    let store = super::open(setup, "import")?;
    let declared = setup.sources().map(|s| s.by_id.clone()).unwrap_or_default();
    let (houses, corrections) = (Houses::new(&declared), ingest::corrections(&store.decisions()?));
    let steps = ingest::Steps { bodies, houses, tagger, store: &store, corrections };
    let run = pipeline::run_id(setup.now);
    let bar = progress::bar(None, "entries", setup.quiet);
    let mut first = BTreeMap::new();
    // Of each source, over all blocks: how many rows it has in the file, and what became of them.
    let mut totals: BTreeMap<SourceId, Counts> = BTreeMap::new();
    let mut sums = Counts::default();
    let mut number = 0_u64;
    loop {
        // A block at a time, so that memory does not grow with the file.
        let mut block: BTreeMap<SourceId, Vec<(Entry, blake3::Hash)>> = BTreeMap::new();
        let mut taken = 0;
        for line in lines.by_ref() {
            let line = line?;
            number += 1;
            if line.trim().is_empty() {
                continue;
            }
            match serde_json::from_str::<Entry>(&line) {
                Ok(entry) if entry.has_name() => {
                    let source = SourceId(entry.source.clone().filter(|s| !s.trim().is_empty()).unwrap_or_else(|| args.source.clone()));
                    // The line is the body that the row was read from.
                    block.entry(source).or_default().push((entry, blake3::hash(line.trim().as_bytes())));
                    taken += 1;
                }
                Ok(_) => reject(&mut sums, number, "it has neither title nor number"),
                Err(e) => reject(&mut sums, number, &format!("not an entry: {e}")),
            }
            if taken == BATCH {
                break;
            }
        }
        if block.is_empty() {
            break;
        }
        for (id, mut entries) in block {
            ingest::newest_first(&mut entries, |(entry, _)| entry);
            let known = declared.get(&id).cloned();
            // What a file says is a copy of what a body said: it decides nothing that the body's own pages show.
            let copy = Source { evidence: Some(EvidenceLevel::Mirror), ..Source::default() };
            let source = known.unwrap_or_else(|| copy.settle(&monitor_model::Defaults::default()));
            let memory = store.memory(&id)?.unwrap_or_default();
            let backfill = *first.entry(id.clone()).or_insert(memory.first_success.is_none());
            let mut pass = ingest::Pass::new(&steps, &id, &source, setup.now, backfill);
            pass.look_over(entries.iter().map(|(entry, _)| entry));
            for (entry, hash) in &entries {
                pass.take(entry, &hash.to_hex(), &args.file, None);
            }
            bar.inc(entries.len() as u64);
            for c in &pass.complaints {
                tell!("{}: {} (×{})", c.url, c.what, c.count);
            }
            sums.add(&pass.counts);
            let total = totals.entry(id.clone()).or_default();
            total.add(&pass.counts);
            let memory = Memory {
                last_asked: Some(setup.now),
                last_success: Some(setup.now),
                last_new: if pass.counts.new > 0 { Some(setup.now) } else { memory.last_new },
                last_status: Some(SourceStatus::Ok),
                last_collected: total.collected,
                ..memory
            };
            let report = SourceReport { id: id.clone(), body: source.body.clone(), counts: *total, ..SourceReport::default() };
            let events = std::mem::take(&mut pass.events);
            store.commit(&Batch {
                source: Some(id.clone()),
                run: run.clone(),
                at: setup.now,
                documents: pass.drain(),
                events,
                memory: Some((id, memory)),
                report: Some(report),
                ..Batch::default()
            })?;
        }
    }
    // Only now is a source's past complete: what an import that was killed left out is old as well when it comes.
    for id in first.iter().filter(|(_, new)| **new).map(|(id, _)| id) {
        let memory = Memory { first_success: Some(setup.now), ..store.memory(id)?.unwrap_or_default() };
        store.commit(&Batch {
            source: Some(id.clone()),
            run: run.clone(),
            at: setup.now,
            memory: Some((id.clone(), memory)),
            ..Batch::default()
        })?;
    }
    bar.finish_and_clear();
    if sums.collected == 0 && sums.rejected == 0 && !setup.quiet {
        tell!("{} holds no entry", args.file);
    }
    let documents = store.count();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match args.format {
        Report::Json => output::json_line(
            &mut output::stdout(),
            &json!({"collected": sums.collected, "new": sums.new, "revised": sums.revised, "known": sums.known,
                    "rejected": sums.rejected, "events": sums.events, "documents": documents, "ms": ms}),
        )?,
        Report::Human if !setup.quiet => tell!(
            "{} rows: {} new, {} revised, {} known, {} rejected; {documents} documents stored",
            sums.collected,
            sums.new,
            sums.revised,
            sums.known,
            sums.rejected
        ),
        Report::Human => {}
    }
    if sums.rejected > 0 && sums.rejected == sums.collected {
        return Err(Failure::coded(
            Code::Input,
            format!(
                "no line of {} could be taken: write one JSON object a line, each with a title or a number (docs/reference.md, “JSON”)",
                args.file
            ),
        ));
    }
    Ok(Exit::Done)
}

fn reject(sums: &mut Counts, line: u64, why: &str) {
    sums.collected += 1;
    sums.rejected += 1;
    tell!("line {line}: {why}");
}
