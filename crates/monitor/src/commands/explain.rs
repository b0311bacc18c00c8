use std::io::Write;

use monitor_model::{Document, Evidence};
use serde_json::json;

use super::Setup;
use crate::{
    cli::{Key, Report},
    exit::{Exit, Outcome},
    output::{self, plain},
};

/// Why a document has its tags: each with the term and the words of the text that it met.
pub(super) fn run(setup: &Setup, args: &Key) -> Outcome {
    let store = super::open_existing(setup, "explain")?;
    let key = super::key_of(setup, &store, &args.key)?;
    let Some(d) = store.document(&key)? else { return Ok(Exit::Usage) };
    let mut out = output::stdout();
    if args.format == Report::Json {
        output::json_pretty(
            &mut out,
            &json!({"document": d.document, "relevance": d.relevance, "score": d.score, "axes": d.axes, "why": d.why, "topics": d.topics}),
        )?;
    } else {
        writeln!(out, "{}", plain(&d.title))?;
        writeln!(out, "{} (score {:.2})", d.relevance.as_str(), d.score)?;
        for e in &d.why {
            writeln!(out, "  {}", shown(&d, e))?;
        }
        let labels = setup.taxonomy()?;
        for t in &d.topics {
            let label = labels.topics().iter().find(|x| x.id == t.id).map_or("", |x| x.label.as_str());
            writeln!(out, "{} — {label} (score {:.2})", t.id, t.score)?;
            for e in &t.evidence {
                writeln!(out, "  {}", shown(&d, e))?;
            }
        }
        if d.topics.is_empty() {
            writeln!(out, "no topic: no term of data/topics.toml stands in its title, summary or keywords")?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// `“poisoned training data” in the summary: … with [poisoned training data] as …`
fn shown(d: &Document, e: &Evidence) -> String {
    let joined;
    let field = match e.field.as_str() {
        "title" => d.title.as_str(),
        "summary" => d.summary.as_deref().unwrap_or_default(),
        _ => {
            joined = d.keywords.join(" ");
            joined.as_str()
        }
    };
    let (start, end) = (e.start as usize, e.end as usize);
    let Some(hit) = field.get(start..end).filter(|h| !h.is_empty()) else { return format!("“{}” in the {}", plain(&e.term), e.field) };
    let before: String = field[..start].chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = field[end..].chars().take(30).collect();
    format!("“{}” in the {}: …{}[{}]{}…", plain(&e.term), e.field, plain(&before), plain(hit), plain(&after))
}
