use std::io::Write;

use monitor_model::{Document, Weight};

use super::Setup;
use crate::{
    cli::{Key, Report},
    exit::{Exit, Outcome},
    output::{self, plain},
};

/// One document with its whole life.
pub(super) fn run(setup: &Setup, args: &Key) -> Outcome {
    let store = super::open_existing(setup, "show")?;
    let key = super::key_of(setup, &store, &args.key)?;
    let Some(d) = store.document(&key)? else { return Ok(Exit::Usage) };
    let mut out = output::stdout();
    if args.format == Report::Json {
        output::json_pretty(&mut out, &super::contract(setup, &d)?)?;
    } else {
        print(&mut out, &d)?;
        for e in store.events_of(&key)? {
            let e = e?;
            let change = [e.from.as_deref(), e.to.as_deref()].into_iter().flatten().map(plain).collect::<Vec<_>>().join(" → ");
            let date = e.event_date.map_or(String::new(), |w| format!(" ({w})"));
            writeln!(
                out,
                "  seen {}  {:<9} {change}{date}  [{}]{}",
                monitor_model::When::Instant(e.at).first_day(),
                e.kind.as_str(),
                e.source,
                if e.weight() == Weight::Significant { String::new() } else { format!("  ({})", e.weight().as_str()) }
            )?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn print(out: &mut impl Write, d: &Document) -> std::io::Result<()> {
    let line = |out: &mut dyn Write, k: &str, v: &str| if v.is_empty() { Ok(()) } else { writeln!(out, "{k:<12} {}", plain(v)) };
    line(out, "title", &d.title)?;
    line(out, "number", d.number.as_deref().unwrap_or_default())?;
    line(out, "document", d.document.as_str())?;
    line(out, "body", &[Some(d.body.as_str()), d.group.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", "))?;
    if let Some(s) = &d.stage {
        let date = s.date.map_or(String::new(), |w| format!(", {w}"));
        line(out, "stage", format!("{} ({}{date})", s.raw, s.code).trim_start())?;
    }
    line(
        out,
        "published",
        &d.published.map(|w| w.to_string()).or_else(|| d.date_raw.as_ref().map(|r| format!("“{r}” (not read)"))).unwrap_or_default(),
    )?;
    line(out, "url", &d.url)?;
    line(out, "relevance", d.relevance.as_str())?;
    line(out, "axes", &d.axes.iter().map(|a| a.as_str()).collect::<Vec<_>>().join(", "))?;
    line(out, "topics", &d.topics.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", "))?;
    line(out, "ignored", d.ignored.as_deref().unwrap_or_default())?;
    for v in &d.versions {
        let date = v.published.map_or(String::new(), |w| format!(", {w}"));
        line(out, "version", &format!("{}{date}  {}", v.version, v.url))?;
    }
    for s in &d.sightings {
        line(out, "seen at", &format!("{} ({} to {})  {}", s.source, s.first_seen, s.last_seen, s.url))?;
    }
    for r in &d.relations {
        line(out, "relation", &format!("{} {}", r.kind.as_str(), r.document))?;
    }
    if d.work != d.document {
        line(out, "work", d.work.as_str())?;
    }
    line(out, "summary", d.summary.as_deref().unwrap_or_default())?;
    writeln!(out, "life")
}
