use std::{collections::BTreeMap, fs, io::Write, path::Path};

use monitor_model::{Entry, Tagging};
use monitor_tag::{Label, Score, UseCaseTag};
use serde::Serialize;

use super::{Setup, identify};
use crate::{
    cli::TagArgs,
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
    pipeline::ingest::text_of,
};

#[derive(Serialize)]
struct Line<'a> {
    key: Option<&'a str>,
    #[serde(flatten)]
    tagging: Tagging,
    /// The telecom use cases, when there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    use_cases: Vec<UseCaseTag>,
}

/// Entries in, tags out. A line that is no entry is named on stderr and costs one line.
pub(super) fn run(setup: &Setup, args: &TagArgs) -> Outcome {
    let tagger = setup.tagger()?;
    let mut labels = args.score.as_deref().map(read).transpose()?;
    let mut score = Score::default();
    let mut out = output::stdout();
    for (number, line) in identify::lines(&args.file)?.enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let entry = match serde_json::from_str::<Entry>(&line) {
            Ok(entry) => entry,
            Err(e) => {
                tell!("line {}: not an entry: {e}", number + 1);
                continue;
            }
        };
        let text = text_of(&entry);
        match &mut labels {
            Some(labels) => {
                if let Some(label) = entry.key.as_ref().and_then(|k| labels.remove(k)) {
                    score.add(&label, &tagger.tag(&text));
                }
            }
            None => {
                let tagging = tagger.tag(&text);
                let use_cases = if tagging.score > 0.0 { tagger.use_cases(&text) } else { Vec::new() };
                output::json_line(&mut out, &Line { key: entry.key.as_deref(), tagging, use_cases })?;
            }
        }
    }
    if let Some(left) = labels {
        writeln!(out, "{}", score.line())?;
        for (topic, f1, what) in score.worst() {
            writeln!(out, "  {f1:.2} {topic:32} {what}")?;
        }
        if !left.is_empty() {
            tell!("{} labels have no entry with their key, the first: {}", left.len(), left.keys().next().map_or("", String::as_str));
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// Labels by key.
fn read(path: &Path) -> Result<BTreeMap<String, Label>, Failure> {
    let text = fs::read_to_string(path).map_err(|e| Failure::coded(Code::Input, format!("{}: {e}", path.display())))?;
    let mut out = BTreeMap::new();
    for (at, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let label: Label = serde_json::from_str(line).map_err(|e| {
            Failure::coded(
                Code::Input,
                format!("{}, line {}: not a label: {e}; a label is {{key, relevance, axes, topics}}", path.display(), at + 1),
            )
        })?;
        out.insert(label.key.clone(), label);
    }
    Ok(out)
}
