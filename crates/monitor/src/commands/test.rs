use std::{collections::BTreeMap, io::Write};

use monitor_extract::Recipe;
use monitor_model::{Complaint, ComplaintStage, Expect, Source, SourceId, SourceKind, SourceStatus};
use serde_json::{Value, json};

use super::{Setup, fetch};
use crate::{
    cli::{Fetch, Lines, Test},
    exit::{Exit, Failure, Outcome},
    fixtures::Fixtures,
    output,
    pipeline::collect::{Collected, try_out},
};

/// Shows what sources yield. Needs no store and writes none.
pub(super) fn run(setup: &Setup, args: &Test) -> Outcome {
    let sources = setup.sources()?;
    let recipes = setup.recipes()?;
    let ids = sources.select(&args.source)?;
    let asked = Fetch { source: args.source.clone(), replay: args.replay.clone(), ..Fetch::default() };
    let fixtures = args.fixtures.as_deref().map(Fixtures::open).transpose().map_err(|e| Failure { exit: Exit::Usage, error: e })?;
    let fetcher = if fixtures.is_none() { Some(fetch::fetcher(setup, &asked, BTreeMap::new())?) } else { None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut out = output::stdout();
    let mut summary = Vec::new();
    let (mut failed, mut tried) = (0, 0);
    let mut troubles = Vec::new();
    for id in &ids {
        let (Some(source), Some(recipe)) = (sources.by_id.get(id), recipes.get(id)) else { continue };
        if source.kind == SourceKind::None {
            summary
                .push(json!({"source": id, "status": SourceStatus::Login, "collected": 0, "rejected": 0, "complaints": [], "expect": {}}));
            continue;
        }
        let c = match (&fixtures, &fetcher) {
            // What is switched off has a fixture or has none.
            (Some(_), _) if !source.enabled() && args.source.is_empty() => continue,
            (Some(f), _) => try_fixture(setup, &runtime, f, id, source, recipe, args.accept)?,
            (None, Some(fetcher)) => runtime.block_on(try_out(fetcher, setup.bodies()?, id, source, recipe)),
            (None, None) => continue,
        };
        tried += 1;
        troubles.push((c.status, c.complaints.clone()));
        failed += usize::from(c.status.is_failure());
        match args.format {
            Lines::Jsonl => rows_json(&mut out, &c)?,
            Lines::Human => rows_human(&mut out, &c)?,
        }
        let expect: BTreeMap<&str, &str> =
            c.contract.iter().map(|(k, held, _)| (k.as_str(), if *held { "ok" } else { "broken" })).collect();
        summary.push(json!({
            "source": id, "status": c.status, "collected": c.counts.collected, "rejected": c.counts.rejected, "dropped": c.counts.dropped,
            "requests": c.counts.requests, "bytes": c.counts.bytes, "complaints": c.complaints, "expect": expect, "fill": fill(&c),
        }));
    }
    match args.format {
        Lines::Jsonl => output::json_line(&mut out, &json!({"summary": summary}))?,
        Lines::Human => summary_human(&mut out, &summary)?,
    }
    out.flush()?;
    if failed > 0 && failed == tried {
        fetch::unreached(setup, troubles.iter().map(|(s, c)| (*s, c.as_slice())))?;
    }
    Ok(match (failed, tried) {
        (0, _) => Exit::Done,
        (f, t) if f == t => Exit::AllFailed,
        _ => Exit::Partial,
    })
}

/// One source against its fixture: as many rows as are declared, every field met, `fill` held, and no complaint that is not on purpose.
/// How many rows a good day has, and how fresh they are, a fixture cannot say.
fn try_fixture(
    setup: &Setup,
    runtime: &tokio::runtime::Runtime,
    fixtures: &Fixtures,
    id: &SourceId,
    source: &Source,
    recipe: &Recipe,
    accept: bool,
) -> Result<Collected, Failure> {
    let room = tempfile::tempdir()?;
    let archive = room.path().join("fixture.warc.gz");
    let broken = |what: String| {
        let url = source.url.clone().unwrap_or_default();
        Collected::broken(id, Complaint::new(ComplaintStage::Validate, url, what))
    };
    if let Err(e) = fixtures.archive(id, source, &archive, setup.now) {
        return Ok(broken(format!("{e:#}")));
    }
    let fetcher = fetch::fetcher(setup, &Fetch { replay: vec![archive], ..Fetch::default() }, BTreeMap::new())?;
    let expect = source.expect.clone().map(|e| Expect { min_items: None, max_items: None, fresh: None, ..e });
    let source = Source { expect, ..source.clone() };
    let mut c = runtime.block_on(try_out(&fetcher, setup.bodies()?, id, &source, recipe));
    let said = fixtures.of(id);
    let complaints: u64 = c.complaints.iter().map(|w| w.count).sum();
    let what = match said.rows {
        Some(n) if n != c.counts.collected => Some(format!("{} rows were read of a fixture that holds {n}", c.counts.collected)),
        None if accept => {
            fixtures.accept(id, c.counts.collected)?;
            None
        }
        None => {
            Some(format!("how many rows does the fixture hold? say it in index.toml: [{id}] rows = {} (or --accept)", c.counts.collected))
        }
        Some(_) => None,
    };
    if what.is_some() || complaints != said.complaints {
        c.status = SourceStatus::Broken;
    }
    if let Some(what) = what {
        Complaint::new(ComplaintStage::Validate, source.url.clone().unwrap_or_default(), what).add_to(&mut c.complaints);
    }
    Ok(c)
}

fn rows_json(out: &mut impl Write, c: &Collected) -> Result<(), Failure> {
    for entry in c.rows.iter().flat_map(|r| &r.entries) {
        let mut v = serde_json::to_value(entry)?;
        if let Value::Object(o) = &mut v {
            o.insert("source".to_owned(), json!(c.id));
            // The last line alone has the key `summary`: scripts know it by that. `import` and `tag` take `abstract` for it.
            if let Some(text) = o.shift_remove("summary") {
                o.insert("abstract".to_owned(), text);
            }
        }
        output::json_line(out, &v)?;
    }
    Ok(())
}

fn rows_human(out: &mut impl Write, c: &Collected) -> Result<(), Failure> {
    let rows = c.rows.iter().flat_map(|r| &r.entries).map(|e| {
        let date = e.published.map(|d| d.to_string()).or_else(|| e.date_raw.as_ref().map(|r| format!("“{r}”?"))).unwrap_or_default();
        vec![
            c.id.0.clone(),
            date,
            e.stage.clone().unwrap_or_default(),
            e.number.clone().unwrap_or_default(),
            e.title.clone(),
            e.url.clone().unwrap_or_default(),
        ]
    });
    output::table(out, &["source", "date", "stage", "number", "title", "url"], rows.collect())?;
    Ok(())
}

/// The share of rows in which each field is filled.
fn fill(c: &Collected) -> BTreeMap<String, f64> {
    let mut filled: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = 0_usize;
    for e in c.rows.iter().flat_map(|r| &r.entries) {
        rows += 1;
        if let Ok(Value::Object(o)) = serde_json::to_value(e) {
            for (k, v) in o {
                if !v.is_null() && v != "" {
                    *filled.entry(k).or_default() += 1;
                }
            }
        }
    }
    filled.into_iter().map(|(k, n)| (k, (n as f64 * 100.0 / rows.max(1) as f64).round() / 100.0)).collect()
}

fn summary_human(out: &mut impl Write, summary: &[Value]) -> std::io::Result<()> {
    for s in summary {
        let text = |k: &str| s[k].as_str().unwrap_or_default().to_owned();
        writeln!(out, "{}: {}, {} rows, {} rejected", text("source"), text("status"), s["collected"], s["rejected"])?;
        if let Some(fill) = s["fill"].as_object() {
            let parts: Vec<String> = fill
                .iter()
                .filter(|(k, _)| *k != "source")
                .map(|(k, v)| format!("{k} {:.0} %", v.as_f64().unwrap_or_default() * 100.0))
                .collect();
            writeln!(out, "  filled: {}", parts.join(", "))?;
        }
        for (k, v) in s["expect"].as_object().into_iter().flatten() {
            writeln!(out, "  expect {k}: {}", v.as_str().unwrap_or_default())?;
        }
        for w in s["complaints"].as_array().into_iter().flatten() {
            let field = |k: &str| output::plain(w[k].as_str().unwrap_or_default());
            writeln!(out, "  {}: {} (×{})  {}", field("stage"), field("what"), w["count"], field("url"))?;
        }
    }
    Ok(())
}
