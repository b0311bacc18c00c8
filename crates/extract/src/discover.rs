use std::io::Read;

use scraper::{Html, Selector};
use url::Url;

use crate::{charset, depth};

/// The feeds that a page names in `<link rel="alternate">`, in the order of the page, as whole addresses.
///
/// Gives nothing for what is not HTML; reads at most 2 MiB, since the links stand in the head.
pub fn feeds_in(body: &mut dyn Read, address: &str) -> Vec<String> {
    let mut bytes = Vec::new();
    let Ok(base) = Url::parse(address) else { return Vec::new() };
    let Ok(links) = Selector::parse("link[rel~=alternate][href]") else { return Vec::new() };
    if body.take(2 << 20).read_to_end(&mut bytes).is_err() {
        return Vec::new();
    }
    let decoded = charset::decode(&bytes, None);
    let html = Html::parse_document(&depth::flatten(&decoded.text));
    let is_feed = |t: &str| {
        matches!(t.trim().to_ascii_lowercase().as_str(), "application/rss+xml" | "application/atom+xml" | "application/feed+json")
    };
    let mut found: Vec<String> = Vec::new();
    for link in html.select(&links).filter(|l| l.attr("type").is_some_and(is_feed)) {
        let feed = link.attr("href").and_then(|h| base.join(h.trim()).ok()).filter(|u| matches!(u.scheme(), "http" | "https"));
        if let Some(feed) = feed.map(String::from)
            && !found.contains(&feed)
        {
            found.push(feed);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_found_and_other_links_are_not() {
        let page = r#"<html><head><link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="stylesheet" href="x.css">
            <link rel="alternate" type="application/atom+xml" href="javascript:1"><link rel="alternate" hreflang="fr" href="/fr/"></head>"#;
        assert_eq!(feeds_in(&mut page.as_bytes(), "https://example.org/news/"), ["https://example.org/feed/"]);
        assert!(feeds_in(&mut &b"{}"[..], "https://example.org/").is_empty());
    }
}
