use std::io::Read;

use scraper::{Html, Selector};
use url::Url;

use crate::{charset, depth};

/// So many feeds of one page are named.
const FEEDS: usize = 20;

/// The feeds that a page names in `<link rel="alternate">`, then those to which its text links, as whole addresses.
///
/// Gives nothing for what is not HTML; reads at most 2 MiB.
pub fn feeds_in(body: &mut dyn Read, address: &str) -> Vec<String> {
    let mut bytes = Vec::new();
    let Ok(base) = Url::parse(address) else { return Vec::new() };
    let Ok(links) = Selector::parse("link[rel~=alternate][href]") else { return Vec::new() };
    let Ok(anchors) = Selector::parse("a[href]") else { return Vec::new() };
    if body.take(2 << 20).read_to_end(&mut bytes).is_err() {
        return Vec::new();
    }
    let decoded = charset::decode(&bytes, None);
    let html = Html::parse_document(&depth::flatten(&decoded.text));
    let mut found: Vec<String> = Vec::new();
    let named = html.select(&links).filter(|l| l.attr("type").is_some_and(is_feed));
    let linked = html.select(&anchors).filter(|a| a.attr("type").is_some_and(is_feed) || a.attr("href").is_some_and(ends_as_feed));
    for link in named.chain(linked).take(200) {
        let feed = link.attr("href").and_then(|h| base.join(h.trim()).ok()).filter(|u| matches!(u.scheme(), "http" | "https"));
        if let Some(feed) = feed.map(String::from)
            && !found.contains(&feed)
            && found.len() < FEEDS
        {
            found.push(feed);
        }
    }
    found
}

/// The feeds that the header `Link` (RFC 8288) of an answer announces, as whole addresses.
pub fn feeds_announced(header: &str, address: &str) -> Vec<String> {
    let Ok(base) = Url::parse(address) else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    let mut rest = header;
    while let Some((at, after)) = rest.split_once('<').and_then(|(_, r)| r.split_once('>')) {
        let (parameters, more) = parameters(after);
        rest = more;
        let said = |name: &str, fits: &dyn Fn(&str) -> bool| parameters.iter().any(|(k, v)| k.eq_ignore_ascii_case(name) && fits(v));
        let named = said("rel", &|v| v.split_whitespace().any(|w| w.eq_ignore_ascii_case("alternate"))) && said("type", &is_feed);
        let feed = base.join(at.trim()).ok().filter(|u| named && matches!(u.scheme(), "http" | "https"));
        if let Some(feed) = feed.map(String::from)
            && !found.contains(&feed)
            && found.len() < FEEDS
        {
            found.push(feed);
        }
    }
    found
}

/// `; name=value; name="value"`, up to the comma behind which the next link stands, and what stands behind it.
fn parameters(text: &str) -> (Vec<(String, String)>, &str) {
    let (mut out, mut part, mut quoted) = (Vec::new(), String::new(), false);
    let mut keep = |part: &mut String| {
        if let Some((k, v)) = std::mem::take(part).split_once('=') {
            out.push((k.trim().to_owned(), v.trim().to_owned()));
        }
    };
    let mut end = text.len();
    for (i, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => keep(&mut part),
            ',' if !quoted => {
                end = i + 1;
                break;
            }
            c => part.push(c),
        }
    }
    keep(&mut part);
    (out, &text[end..])
}

/// Whether a media type is that of a feed.
fn is_feed(t: &str) -> bool {
    let bare = t.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(bare.as_str(), "application/rss+xml" | "application/atom+xml" | "application/feed+json")
}

/// Whether an address ends as those of feeds do.
fn ends_as_feed(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let query = href.to_lowercase();
    matches!(last, "feed" | "rss" | "atom" | "rss.xml" | "atom.xml" | "feed.xml" | "index.rdf" | "feed.json")
        || last.ends_with(".rss")
        || last.ends_with(".atom")
        || query.contains("type=rss")
        || query.contains("format=rss")
        || query.contains("format=atom")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_announced_by_a_header() {
        let header = r#"</a.css>; rel=preload, </f?x=1,2>; rel="x alternate"; type="application/rss+xml"; title="All, of <it>", <b>; type=application/atom+xml; REL=alternate, <javascript:1>; rel=alternate; type=application/rss+xml, <c>; rel=alternate; type=text/html"#;
        assert_eq!(feeds_announced(header, "https://e.org/n/"), ["https://e.org/f?x=1,2", "https://e.org/n/b"]);
        for odd in ["", "<", "<>", "<x", "<x>;rel=alternate;type", "<x>;\"", ">;<"] {
            assert!(feeds_announced(odd, "https://e.org/").is_empty(), "{odd}");
        }
    }

    #[test]
    fn feeds_are_found_and_other_links_are_not() {
        let page = r#"<html><head><link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="stylesheet" href="x.css">
            <link rel="alternate" type="application/atom+xml" href="javascript:1"><link rel="alternate" hreflang="fr" href="/fr/"></head>"#;
        assert_eq!(feeds_in(&mut page.as_bytes(), "https://example.org/news/"), ["https://example.org/feed/"]);
        let text = r#"<p><a href="/about">About</a> <a href="/news/rss.xml">RSS</a> <a href="list?format=atom">Atom</a> <a href="/feedback">x</a>"#;
        assert_eq!(
            feeds_in(&mut text.as_bytes(), "https://example.org/"),
            ["https://example.org/news/rss.xml", "https://example.org/list?format=atom"]
        );
        assert!(feeds_in(&mut &b"{}"[..], "https://example.org/").is_empty());
    }
}
