//! From cleaned text to items: as a whole if it is well formed, else item by item.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use feed_rs::{
    model::{Entry, FeedType, Text},
    parser::Builder,
};

use super::{Feed, Item, by_hand, clean, json, manners, plain, scan};
use crate::{flood, text::collapse};

/// Reads a decoded feed.
pub(super) fn parse(text: &str, url: &str, ext: &[&str]) -> Result<Feed, String> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.starts_with('{') {
        return json::parse(start, || whole(start, url));
    }
    let clean::Cleaned { xml, mended } = clean::clean(text);
    // What a parser that expects one format passes over in silence is counted by one that expects none.
    let spans = scan::items(&xml);
    if spans.len() > flood::ITEMS {
        return Err(format!("it has more than {} items", flood::ITEMS));
    }
    if spans.is_empty() && scan::is_other_rdf(&xml) {
        return Err("it is RDF that speaks of something else".to_owned());
    }
    let mut feed = match whole(&xml, url) {
        Ok(f) if f.items.len() >= spans.len() => f,
        Ok(f) => {
            let found = piecewise(&xml, url, &spans, "its items stand where they should not")?;
            Feed { ttl: f.ttl, language: f.language, next: f.next, ..found }
        }
        Err(why) => piecewise(&xml, url, &spans, &why)?,
    };
    feed.mended.splice(0..0, mended);
    let manners = manners::read(&xml, &spans);
    feed.ttl = feed.ttl.max(manners.ttl);
    feed.quiet = manners.quiet;
    if !ext.is_empty() {
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
            Some((SystemTime::UNIX_EPOCH + Duration::from_secs(all.len() as u64 - 1)).into())
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
fn piecewise(xml: &str, url: &str, spans: &[scan::Span], why: &str) -> Result<Feed, String> {
    let (root, name) = scan::root(xml).ok_or("no element in it")?;
    if !scan::is_root(name) {
        return Err(format!("its root is <{name}>"));
    }
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    if spans.is_empty() {
        // A channel without items is an empty feed; a lone item that is none is nothing.
        let empty = matches!(local.as_str(), "rss" | "feed" | "rdf" | "channel") && xml.trim_end().ends_with('>') && has_end(xml, name);
        return if empty { Ok(Feed { mended: vec!["it has no items"], ..Feed::default() }) } else { Err(why.to_owned()) };
    }
    let (before, after) = if local == "rss" { ("<channel>", "</channel>") } else { ("", "") };
    let wrap = |items: &str| format!("{root}{before}{items}{after}</{name}>");
    let mut feed = Feed { mended: vec!["it was read item by item"], ..Feed::default() };
    let whole_ones = || spans.iter().filter(|s| s.whole);
    let cut = spans.len() as u64 - whole_ones().count() as u64;
    // A root that is an item itself has nothing round it.
    let can_wrap = matches!(local.as_str(), "rss" | "feed" | "rdf") && !root.ends_with("/>");
    if can_wrap {
        let all: String = whole_ones().map(|s| &xml[s.start..s.end]).collect();
        if let Ok(good) = whole(&wrap(&all), url)
            && good.items.len() == whole_ones().count()
        {
            return Ok(Feed { lost: cut, mended: vec!["it is cut off or damaged outside its items"], ..good });
        }
    }
    for span in whole_ones() {
        let text = &xml[span.start..span.end];
        // A root of many kilobytes before each of many items would cost the square of the feed.
        let parsed = if can_wrap && root.len() < ROOT_MAX { whole(&wrap(text), url).ok() } else { None };
        let item = parsed.and_then(|f| f.items.into_iter().next()).unwrap_or_else(|| by_hand::item(text));
        feed.items.push(item);
    }
    feed.lost = cut;
    if feed.items.is_empty() { Err(why.to_owned()) } else { Ok(feed) }
}

/// Whether the root's end is there, or it is one that has none.
fn has_end(xml: &str, name: &str) -> bool {
    let end = format!("</{name}");
    xml.rfind("</").is_some_and(|i| xml[i..].len() >= end.len() && xml[i..].get(..end.len()).is_some_and(|e| e.eq_ignore_ascii_case(&end)))
        || scan::root(xml).is_some_and(|(root, _)| root.ends_with("/>"))
}
