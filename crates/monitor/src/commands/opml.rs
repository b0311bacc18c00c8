use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
};

use monitor_model::{Kind, Source, SourceKind};

use super::Setup;
use crate::{
    block::{block, slug},
    cli::ImportOpml,
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
};

/// So many bytes of a list are read.
const MOST: u64 = 16 << 20;

/// A block for each feed of a list that is not among the sources yet.
pub(super) fn import(setup: &Setup, args: &ImportOpml) -> Outcome {
    let mut bytes = Vec::new();
    let name = args.file.display().to_string();
    let read = if name == "-" {
        std::io::stdin().take(MOST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(&args.file).and_then(|f| f.take(MOST).read_to_end(&mut bytes))
    };
    read.map_err(|e| Failure::coded(Code::Input, format!("{name} cannot be read: {e}")))?;
    let (feeds, bad) = monitor_extract::opml(&bytes).map_err(|e| Failure::coded(Code::Input, format!("{name}: {e}")))?;
    let sources = setup.sources()?;
    let known: BTreeSet<String> =
        sources.by_id.values().flat_map(Source::addresses).filter_map(|u| monitor_model::url_key(&u)).map(|k| k.0).collect();
    let mut ids: BTreeSet<String> = sources.by_id.keys().map(|id| id.0.clone()).collect();
    let mut out = output::stdout();
    let (mut written, mut there) = (0, 0);
    let mut seen = known;
    for feed in feeds {
        if !monitor_model::url_key(&feed.url).is_some_and(|k| seen.insert(k.0)) {
            there += 1;
            continue;
        }
        let host =
            url::Url::parse(&feed.url).ok().and_then(|u| u.host_str().map(|h| h.trim_start_matches("www.").to_owned())).unwrap_or_default();
        let title = if feed.title.is_empty() { host.clone() } else { feed.title };
        let stem = slug(&title);
        let id = (1..).map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") }).find(|i| !ids.contains(i)).unwrap_or(stem);
        ids.insert(id.clone());
        let folders = if feed.folders.is_empty() { String::new() } else { format!(", folder {}", feed.folders.join(" / ")) };
        let source = Source {
            // Nobody but a person knows whose feed it is: the innermost folder names it more often than the host does.
            body: feed.folders.last().cloned().unwrap_or(host),
            name: Some(title),
            kind: SourceKind::Feed,
            item_kind: Some(Kind::News),
            home: feed.home,
            url: Some(feed.url),
            note: Some(format!("From {name}{folders}; not tried yet.")),
            ..Source::default()
        };
        writeln!(out, "{}", block(&id, &source))?;
        written += 1;
    }
    out.flush()?;
    for what in &bad {
        tell!("not taken: {}", output::plain(what));
    }
    if !setup.quiet {
        tell!(
            "{written} {} written, {there} already among the sources, {} not taken",
            if written == 1 { "feed" } else { "feeds" },
            bad.len()
        );
        tell!("next: save it as sources.d/….toml, put the right `body` into each, then monitor check");
    }
    Ok(Exit::Done)
}

/// A feed by its name, its address, and where a person reads about it.
type Feed<'s> = (&'s str, String, Option<&'s str>);

/// The feeds among the sources, in a folder for each body.
pub(super) fn export(setup: &Setup) -> Outcome {
    let mut bodies: BTreeMap<&str, Vec<Feed<'_>>> = BTreeMap::new();
    let sources = setup.sources()?;
    for (id, source) in sources.by_id.iter().filter(|(_, s)| s.kind == SourceKind::Feed && s.enabled()) {
        for url in source.addresses() {
            bodies.entry(&source.body).or_default().push((source.name.as_deref().unwrap_or(id.as_str()), url, source.home.as_deref()));
        }
    }
    let mut out = output::stdout();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<opml version=\"2.0\">\n<head><title>{}: feeds</title></head>\n<body>", escaped(&sources.agent.name))?;
    for (body, feeds) in bodies {
        writeln!(out, "<outline text=\"{0}\" title=\"{0}\">", escaped(body))?;
        for (name, url, home) in feeds {
            let home = home.map_or(String::new(), |h| format!(" htmlUrl=\"{}\"", escaped(h)));
            writeln!(out, "<outline type=\"rss\" text=\"{0}\" title=\"{0}\" xmlUrl=\"{1}\"{home}/>", escaped(name), escaped(&url))?;
        }
        writeln!(out, "</outline>")?;
    }
    writeln!(out, "</body>\n</opml>")?;
    out.flush()?;
    Ok(Exit::Done)
}

fn escaped(text: &str) -> String {
    output::plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
