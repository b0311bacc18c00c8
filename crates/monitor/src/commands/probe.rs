use std::{collections::BTreeMap, io::Write};

use monitor_extract::{Page, Proposal, propose};
use monitor_fetch::{Outcome as Answer, Request};
use monitor_model::{Source, SourceId, SourceKind};

use super::{Setup, fetch};
use crate::{
    block::{block, id_of, slug},
    cli::{Fetch, Probe},
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
};

/// So many rows are shown of what was read.
const SHOWN: usize = 5;

/// One request: guesses kind, selectors and fields, and prints a ready block with a measured contract.
pub(super) fn run(setup: &Setup, args: &Probe) -> Outcome {
    let url = url::Url::parse(&args.url).map_err(|e| Failure::coded(Code::Value, format!("“{}” is not an address: {e}", args.url)))?;
    let asked = Fetch { replay: args.replay.clone(), ..Fetch::default() };
    let fetcher = fetch::fetcher(setup, &asked, BTreeMap::new())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let source = Source { allow_private: Some(args.allow_private), ..Source::default() }.settle(&setup.sources()?.defaults);
    let fetched = runtime.block_on(fetcher.get(Request::of(&SourceId::from("probe"), &source, url.clone(), None)));
    let body = match fetched.outcome {
        Answer::Fresh(body) => body,
        Answer::Blocked(why) | Answer::Failed(why) | Answer::NotAsked(why) => {
            let what = why
                .what
                .replace("allow_private = true on the source permits it (intranet, tests)", "use --allow-private if it is one of yours");
            return Err(Failure::coded(Code::Fetch, format!("{}: {what}", why.url)));
        }
        Answer::Unchanged => {
            return Err(Failure { exit: Exit::Internal, error: anyhow::anyhow!("the host answered 304 to a first request") });
        }
    };
    let mut out = output::stdout();
    writeln!(
        out,
        "# {} {}, {} bytes, {}",
        fetched.final_url,
        fetched.status.unwrap_or_default(),
        body.len,
        output::plain(body.media_type.as_deref().unwrap_or("no content type"))
    )?;
    let mut bytes = Vec::new();
    body.reader()?.read_to_end(&mut bytes)?;
    let page = Page { url: url.as_str(), final_url: fetched.final_url.as_str(), media_type: body.media_type.as_deref(), depth: 0 };
    let proposals = propose(&page, &bytes);
    let id = args.id.clone().map_or_else(|| id_of(&url), |i| slug(&i));
    // The name of the host, until a person says how the body writes itself.
    let host = url.host_str().unwrap_or("?").trim_start_matches("www.").to_owned();
    let named = args.body.clone();
    if let Some(best) = proposals.first() {
        let best = Proposal { source: Source { allow_private: args.allow_private.then_some(true), ..best.source.clone() }, ..best.clone() };
        show(&mut out, &id, &best, named.as_deref().unwrap_or(&host), named.is_none())?;
        if let Some(other) = proposals.get(1).filter(|p| p.entries.len() >= 2) {
            let (rows, s) = (other.entries.len(), &other.source);
            let place = s.container.as_deref().or(s.items.as_deref()).unwrap_or_default();
            writeln!(out, "# another way: {rows} rows in {place}, item = {}", crate::block::text(s.item.as_deref().unwrap_or_default()))?;
        }
    }
    let mut feeds = monitor_extract::feeds_in(&mut &*bytes, fetched.final_url.as_str());
    let announced = fetched.link.as_deref().map(|l| monitor_extract::feeds_announced(l, fetched.final_url.as_str())).unwrap_or_default();
    feeds.extend(announced.into_iter().filter(|f| !feeds.contains(f)).collect::<Vec<_>>());
    for feed in feeds {
        writeln!(out, "# a feed is named there: monitor probe {feed}")?;
    }
    out.flush()?;
    if proposals.is_empty() {
        return Err(Failure {
            exit: Exit::Contract,
            error: anyhow::anyhow!(
                "nothing on the page repeats and nothing is labelled (does a script fill it? then look for the address that the script asks); write the block by hand by docs/sources.md and try it with `monitor test`"
            ),
        });
    }
    Ok(Exit::Done)
}

fn show(out: &mut impl Write, id: &str, p: &Proposal, body: &str, guessed: bool) -> std::io::Result<()> {
    let source = Source { body: body.to_owned(), ..p.source.clone() };
    let text = block(id, &source);
    let note = if guessed { "   # as its own people write it: see [[body]] in data/bodies.toml" } else { "" };
    let mut lines = text.lines();
    for line in lines.by_ref() {
        let more = match line {
            l if l.starts_with("body = ") => note.to_owned(),
            l if l.starts_with("expect = ") => format!("   # measured: {} rows", p.entries.len()),
            l if l.starts_with("page = ") => "   # as the page links to its next".to_owned(),
            _ => String::new(),
        };
        writeln!(out, "{}{more}", output::plain(line))?;
    }
    for e in p.entries.iter().take(SHOWN) {
        let parts = [
            e.number.clone(),
            e.published.map(|d| d.to_string()).or_else(|| e.date_raw.clone().map(|r| format!("“{r}”?"))),
            e.stage.clone(),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        writeln!(out, "#   {}  {}", output::plain(&parts.join("  ")), output::plain(&e.title))?;
    }
    if source.kind == SourceKind::List || source.kind == SourceKind::Json || source.kind == SourceKind::Csv {
        let missing: Vec<&str> = ["number", "date", "stage"].into_iter().filter(|f| !source.fields.contains_key(*f)).collect();
        if !missing.is_empty() {
            writeln!(out, "# not found: {}", missing.join(", "))?;
        }
    }
    writeln!(out, "# next: save it as sources.d/{}.toml, then: monitor check; monitor test --source {id}", slug(body))
}
