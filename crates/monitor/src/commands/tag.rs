use std::io::Write;

use monitor_model::{Entry, Tagging};
use serde::Serialize;

use super::{Setup, identify};
use crate::{
    cli::Stateless,
    exit::{Exit, Outcome},
    output,
    pipeline::ingest::text_of,
};

#[derive(Serialize)]
struct Line<'a> {
    key: Option<&'a str>,
    #[serde(flatten)]
    tagging: Tagging,
}

/// Entries in, tags out. A line that is no entry is named on stderr and costs one line.
pub(super) fn run(setup: &Setup, args: &Stateless) -> Outcome {
    let tagger = setup.tagger()?;
    let mut out = output::stdout();
    for (number, line) in identify::lines(&args.file)?.enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Entry>(&line) {
            Ok(entry) => output::json_line(&mut out, &Line { key: entry.key.as_deref(), tagging: tagger.tag(&text_of(&entry)) })?,
            Err(e) => eprintln!("line {}: not an entry: {e}", number + 1),
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
