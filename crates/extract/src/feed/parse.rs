//! From cleaned text to items: as a whole if it is well formed, else item by item.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use feed_rs::{
    model::{Entry, FeedType, Text},
    parser::Builder,
};

use super::{Feed, Item, clean, plain, scan};
use crate::text::collapse;

/// Reads a decoded feed.
pub(super) fn parse(text: &str, url: &str, ext: &[&str]) -> Result<Feed, String> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.starts_with('{') {
        return whole(start, url);
    }
    let clean::Cleaned { xml, mended } = clean::clean(text);
    let mut feed = match whole(&xml, url) {
        Ok(f) => f,
        Err(why) => piecewise(&xml, url, &why)?,
    };
    feed.mended.splice(0..0, mended);
    if !ext.is_empty() {
        let spans = scan::items(&xml);
        let kept: Vec<_> = spans.iter().filter(|s| s.whole).collect();
        // The same items in the same order, or none of it is sure.
        if kept.len() == feed.items.len() {
            for (item, span) in feed.items.iter_mut().zip(kept) {
                extend(item, &xml[span.start..span.end], ext);
            }
        } else {
            feed.mended.push("further elements could not be matched to their items");
        }
    }
    Ok(feed)
}

/// Fills `ext(ns:name)` and `ext(ns:name@attr)`.
fn extend(item: &mut Item, xml: &str, ext: &[&str]) {
    let children = scan::children(xml);
    for name in ext {
        let (element, attr) = match name.split_once('@') {
            Some((e, a)) => (e.trim(), Some(a.trim())),
            None => (name.trim(), None),
        };
        let texts = children
            .iter()
            .filter(|c| c.name == element || (!element.contains(':') && c.local() == element))
            .filter_map(|c| match attr {
                Some(a) => c.attr(a),
                None => Some(plain(&c.text(), false)),
            })
            .filter(|t| !t.is_empty())
            .collect();
        item.ext.insert((*name).to_owned(), texts);
    }
}

/// The whole document through feed-rs.
fn whole(xml: &str, url: &str) -> Result<Feed, String> {
    // Every date gets a number instead of a reading: the texts are kept and read by our own table.
    let dates: Arc<Mutex<Vec<String>>> = Arc::default();
    let sink = Arc::clone(&dates);
    let parser = Builder::new()
        .base_uri(Some(url))
        .id_generator(|_, _, _| String::new())
        .sanitize_content(false)
        .timestamp_parser(move |text| {
            let mut all = sink.lock().ok()?;
            all.push(collapse(text));
            let ticket = jiff::Timestamp::from_second(i64::try_from(all.len()).ok()? - 1).ok()?;
            ticket.to_string().parse().ok()
        })
        .build();
    let parsed = parser.parse(xml.as_bytes()).map_err(|e| e.to_string())?;
    let dates = dates.lock().map(|d| d.clone()).unwrap_or_default();
    let date = |ticket: Option<i64>| ticket.and_then(|n| dates.get(usize::try_from(n).ok()?).cloned()).filter(|t| !t.is_empty());
    let atom = parsed.feed_type == FeedType::Atom;
    let next = parsed.links.iter().find(|l| l.rel.as_deref() == Some("next")).map(|l| l.href.clone());
    let items = parsed
        .entries
        .into_iter()
        .map(|e| {
            let published = date(e.published.map(|d| d.timestamp()));
            let updated = date(e.updated.map(|d| d.timestamp()));
            item(e, atom, published, updated)
        })
        .collect();
    Ok(Feed {
        items,
        ttl: parsed.ttl.map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        language: parsed.language,
        next,
        ..Feed::default()
    })
}

fn item(e: Entry, atom: bool, published: Option<String>, updated: Option<String>) -> Item {
    let text = |t: Text| {
        let html = t.content_type.subty().as_str() != "plain";
        // Atom says what is HTML; elsewhere nobody knows, and the text itself must tell.
        if atom && !html { collapse(&t.content) } else { plain(&t.content, false) }
    };
    let link = link(&e).or_else(|| e.id.trim().starts_with("http").then(|| e.id.trim().to_owned()));
    Item {
        title: e.title.map(text).unwrap_or_default(),
        link,
        id: e.id,
        published,
        updated,
        summary: e.summary.map(text).filter(|t| !t.is_empty()),
        content: e.content.and_then(|c| c.body).map(|b| plain(&b, false)).filter(|t| !t.is_empty()),
        authors: e.authors.into_iter().filter_map(|p| p.name.or(p.email)).map(|n| collapse(&n)).filter(|n| !n.is_empty()).collect(),
        categories: e.categories.into_iter().map(|c| collapse(&c.label.unwrap_or(c.term))).filter(|c| !c.is_empty()).collect(),
        enclosures: e.media.into_iter().flat_map(|m| m.content).filter_map(|c| c.url).map(String::from).collect(),
        ..Item::default()
    }
}

/// The address for people: `alternate` or without a relation, HTML before other types.
fn link(e: &Entry) -> Option<String> {
    let fits =
        |l: &&feed_rs::model::Link| l.rel.as_deref().is_none_or(|r| r == "alternate") && l.target.is_none() && !l.href.trim().is_empty();
    let html = e.links.iter().filter(fits).find(|l| l.media_type.as_deref().is_none_or(|m| m.contains("html")));
    html.or_else(|| e.links.iter().find(fits)).map(|l| l.href.trim().to_owned())
}

/// Longer roots are not repeated before each item.
const ROOT_MAX: usize = 16 << 10;

/// Item by item: what one of them has wrong costs that one only.
fn piecewise(xml: &str, url: &str, why: &str) -> Result<Feed, String> {
    let (root, name) = scan::root(xml).ok_or("no element in it")?;
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    if !matches!(local.as_str(), "rss" | "feed" | "rdf") {
        return Err(format!("its root is <{name}>"));
    }
    let (before, after) = if local == "rss" { ("<channel>", "</channel>") } else { ("", "") };
    let wrap = |items: &str| format!("{root}{before}{items}{after}</{name}>");
    let spans = scan::items(xml);
    if spans.is_empty() {
        return Err(why.to_owned());
    }
    let mut feed = Feed { mended: vec!["it was read item by item"], ..Feed::default() };
    let all: String = spans.iter().filter(|s| s.whole).map(|s| &xml[s.start..s.end]).collect();
    let cut = spans.iter().filter(|s| !s.whole).count() as u64;
    if let Ok(good) = whole(&wrap(&all), url) {
        return Ok(Feed { lost: cut, mended: vec!["it is cut off or damaged outside its items"], ..good });
    }
    for span in spans.iter().filter(|s| s.whole) {
        let text = &xml[span.start..span.end];
        // A root of many kilobytes before each of many items would cost the square of the feed.
        let parsed = if root.len() < ROOT_MAX { whole(&wrap(text), url).ok() } else { None };
        match parsed.and_then(|f| f.items.into_iter().next()).or_else(|| by_hand(text)) {
            Some(item) => feed.items.push(item),
            None => feed.lost += 1,
        }
    }
    feed.lost += cut;
    if feed.items.is_empty() { Err(why.to_owned()) } else { Ok(feed) }
}

/// The few elements that matter, out of an item that no parser takes.
fn by_hand(xml: &str) -> Option<Item> {
    let mut item = Item::default();
    for child in scan::children(xml) {
        let text = || plain(&child.text(), false);
        match child.local() {
            "title" if item.title.is_empty() => item.title = text(),
            "link" if item.link.is_none() => {
                let href = child.attr("href").unwrap_or_else(|| child.text());
                item.link = Some(href.trim().to_owned()).filter(|l| l.starts_with("http"));
            }
            "guid" | "id" if item.id.is_empty() => item.id = collapse(&child.text()),
            "pubDate" | "published" | "date" if item.published.is_none() => item.published = Some(collapse(&child.text())),
            "updated" => item.updated = Some(collapse(&child.text())),
            "description" | "summary" if item.summary.is_none() => item.summary = Some(text()).filter(|t| !t.is_empty()),
            _ => {}
        }
    }
    if item.title.is_empty() && item.link.is_none() { None } else { Some(item) }
}
