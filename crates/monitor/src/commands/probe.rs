use std::{collections::BTreeMap, io::Write};

use monitor_extract::{Container, Page, extract};
use monitor_fetch::{Outcome as Answer, Request};
use monitor_model::{Expect, Field, Source, SourceId, SourceKind};

use super::{Setup, fetch};
use crate::{
    cli::{Fetch, Probe},
    exit::{Exit, Failure, Outcome},
    output,
};

/// One request: guesses the kind and prints a ready block with a measured contract.
pub(super) fn run(setup: &Setup, args: &Probe) -> Outcome {
    let url = url::Url::parse(&args.url).map_err(|e| Failure::usage(format!("“{}” is not an address: {e}", args.url)))?;
    let asked = Fetch { replay: args.replay.clone(), ..Fetch::default() };
    let fetcher = fetch::fetcher(setup, &asked, BTreeMap::new())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let source = Source { allow_private: Some(args.allow_private), ..Source::default() }.settle(&setup.sources()?.defaults);
    let fetched = runtime.block_on(fetcher.get(Request::of(&SourceId::from("probe"), &source, url.clone(), None)));
    let body = match fetched.outcome {
        Answer::Fresh(body) => body,
        Answer::Blocked(why) | Answer::Failed(why) => {
            return Err(Failure { exit: Exit::AllFailed, error: anyhow::anyhow!("{}: {}", why.url, why.what) });
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
        body.media_type.as_deref().unwrap_or("no content type")
    )?;
    let mut found = false;
    for kind in [SourceKind::Feed, SourceKind::Dir, SourceKind::Json, SourceKind::Csv, SourceKind::Page] {
        let trial = trial(kind, &args.url);
        let Ok(recipe) = monitor_extract::compile(&trial, &BTreeMap::new()) else { continue };
        let page = Page { url: url.as_str(), final_url: fetched.final_url.as_str(), media_type: body.media_type.as_deref(), depth: 0 };
        let x = extract(&recipe, &page, &mut *body.reader()?);
        if x.failed.is_some() || (x.entries.is_empty() && x.container != Container::Found) {
            continue;
        }
        block(&mut out, &url, kind, x.entries.len())?;
        for e in x.entries.iter().take(3) {
            writeln!(out, "#   {}  {}", e.published.map(|d| d.to_string()).unwrap_or_default(), output::plain(&e.title))?;
        }
        found = true;
        break;
    }
    for feed in monitor_extract::feeds_in(&mut *body.reader()?, fetched.final_url.as_str()) {
        writeln!(out, "# a feed is named there: monitor probe {feed}")?;
    }
    out.flush()?;
    if !found {
        return Err(Failure {
            exit: Exit::Contract,
            error: anyhow::anyhow!("no kind fits; write a `list` or `page` by hand (docs in sources.toml) and try it with `monitor test`"),
        });
    }
    Ok(Exit::Done)
}

/// A declaration with which a kind can be tried on an unknown page.
fn trial(kind: SourceKind, url: &str) -> Source {
    let mut fields = BTreeMap::new();
    if kind == SourceKind::Page {
        fields.insert("title".to_owned(), Field::Locator("title".to_owned()));
    }
    if kind == SourceKind::Dir {
        fields.insert("title".to_owned(), Field::Locator("name".to_owned()));
    }
    if kind == SourceKind::Json {
        fields.insert("title".to_owned(), Field::Locator("title".to_owned()));
    }
    if kind == SourceKind::Csv {
        fields.insert("title".to_owned(), Field::Locator("Title".to_owned()));
    }
    let items = (kind == SourceKind::Json).then(|| "$[*]".to_owned());
    Source { body: "?".to_owned(), kind, url: Some(url.to_owned()), items, fields, expect: Some(Expect::default()), ..Source::default() }
}

/// About 0.8 and 2 times of what was seen.
fn block(out: &mut impl Write, url: &url::Url, kind: SourceKind, rows: usize) -> std::io::Result<()> {
    let host = url.host_str().unwrap_or("source").trim_start_matches("www.");
    let id: String = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let kind_word = output::word(kind);
    writeln!(out, "[source.{id}]")?;
    writeln!(out, "body = \"…\"                       # the body as its own people write it")?;
    writeln!(out, "kind = \"{kind_word}\"")?;
    writeln!(out, "url = \"{url}\"")?;
    match kind {
        SourceKind::Page => {
            writeln!(out, "fields = {{ title = \"title\" }}      # locators: see docs; label(\"…\") for label/value tables")?
        }
        SourceKind::Json => writeln!(out, "items = \"$[*]\"\nfields = {{ title = \"title\" }}")?,
        SourceKind::Csv => writeln!(out, "fields = {{ title = \"Title\" }}")?,
        SourceKind::Dir => writeln!(out, "match = [\"*\"]\nfields = {{ title = \"name\", date = \"mtime\" }}")?,
        _ => {}
    }
    if kind != SourceKind::Page {
        writeln!(out, "expect = {{ min_items = {}, max_items = {} }}   # measured: {rows} rows", rows * 8 / 10, (rows * 2).max(10))?;
    }
    Ok(())
}
