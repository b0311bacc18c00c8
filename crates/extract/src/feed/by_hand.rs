//! One item without a parser: the elements that matter, by their names alone, whatever the format and the namespace.

use super::{Item, plain, scan};
use crate::text::collapse;

/// Prefixes whose `title`, `link` or `author` are about something else than the item.
const ASIDE: [&str; 6] = ["media", "itunes", "image", "podcast", "georss", "source"];

/// Reads an item that no parser takes. What has no title is an item all the same.
pub(super) fn item(xml: &str) -> Item {
    let mut item = Item::default();
    let (mut guid_is_link, mut aside) = (false, Item::default());
    let about = scan::own_attr(xml, "about").map(|a| collapse(&a)).filter(|a| !a.is_empty());
    for child in scan::children(xml) {
        let text = || Some(plain(&child.text(), false)).filter(|t| !t.is_empty());
        let line = || Some(collapse(&child.text())).filter(|t| !t.is_empty());
        let prefix = child.name.split_once(':').map_or("", |(p, _)| p);
        let into = if ASIDE.iter().any(|a| a.eq_ignore_ascii_case(prefix)) { &mut aside } else { &mut item };
        match child.local().to_ascii_lowercase().as_str() {
            "title" if into.title.is_empty() => into.title = text().unwrap_or_default(),
            "link" | "url" if into.link.is_none() => {
                let rel = child.attr("rel");
                let href = child.attr("href").map(|h| collapse(&h)).filter(|h| !h.is_empty()).or_else(line);
                if rel.as_deref() == Some("enclosure") {
                    into.enclosures.extend(href);
                } else if rel.is_none_or(|r| r == "alternate") {
                    into.link = href;
                }
            }
            "guid" | "id" | "identifier" if into.id.is_empty() => {
                into.id = line().unwrap_or_default();
                guid_is_link |= child.attr("ispermalink").or_else(|| child.attr("isPermaLink")).is_none_or(|p| p != "false");
            }
            "pubdate" | "published" | "issued" | "date" | "created" if into.published.is_none() => into.published = line(),
            "updated" | "modified" | "lastbuilddate" if into.updated.is_none() => into.updated = line(),
            "description" | "summary" | "abstract" | "subtitle" if into.summary.is_none() => into.summary = text(),
            "encoded" | "content" | "body" | "fullitem" if into.content.is_none() => into.content = text(),
            "author" | "creator" | "contributor" => into.authors.extend(text()),
            "category" | "subject" | "keywords" => into.categories.extend(child.attr("term").or_else(line)),
            "enclosure" => into.enclosures.extend(child.attr("url").map(|u| collapse(&u))),
            _ => {}
        }
    }
    let is_address = |t: &str| t.starts_with("http://") || t.starts_with("https://");
    if item.link.is_none() {
        item.link = about.clone().filter(|a| is_address(a)).or_else(|| Some(item.id.clone()).filter(|i| guid_is_link && is_address(i)));
    }
    if item.id.is_empty() {
        item.id = about.unwrap_or_default();
    }
    if item.title.is_empty() {
        item.title = aside.title;
    }
    item.summary = item.summary.or(aside.summary);
    if item.authors.is_empty() {
        item.authors = aside.authors;
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_found_by_its_name() {
        let xml = r#"<a:Entry rdf:about="http://e.org/about"><media:title>aside</media:title><A:Title>R &amp;amp; D</A:Title><link rel="self" href="/self"/>
            <link href="/page"/><dc:creator>Ada</dc:creator><category term="ai"/><issued>2026-05-05</issued><content:encoded><![CDATA[<p>Text]]></content:encoded>
            <enclosure url="http://e.org/a.mp3"/></a:Entry>"#;
        let i = item(xml);
        assert_eq!((i.title.as_str(), i.link.as_deref(), i.id.as_str()), ("R & D", Some("/page"), "http://e.org/about"));
        assert_eq!(
            (i.authors, i.categories, i.enclosures),
            (vec!["Ada".to_owned()], vec!["ai".to_owned()], vec!["http://e.org/a.mp3".to_owned()])
        );
        assert_eq!((i.published.as_deref(), i.content.as_deref(), i.summary), (Some("2026-05-05"), Some("Text"), None));
        assert_eq!(item("<item/>"), Item::default());
        assert_eq!(item("<item><media:title>only</media:title></item>").title, "only");
        assert_eq!(item("<item><guid>http://e.org/1</guid></item>").link.as_deref(), Some("http://e.org/1"));
        assert_eq!(item("<item><guid isPermaLink='false'>http://e.org/1</guid></item>").link, None);
    }
}
