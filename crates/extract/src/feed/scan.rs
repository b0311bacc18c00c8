//! A small look into cleaned XML without a parser: where items stand, and what their children hold. For feeds that no parser
//! takes as a whole, and for elements that the feed model does not know.

use crate::seek::seek;

/// Where an item stands in the text; not whole when the feed is cut off within it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) whole: bool,
}

/// A tag: `name` as written, `attrs` the rest of it.
struct Tag<'x> {
    start: usize,
    end: usize,
    name: &'x str,
    attrs: &'x str,
    close: bool,
    alone: bool,
}

/// The next tag at or after `from`; CDATA and comments are skipped.
fn next_tag(xml: &str, mut from: usize) -> Option<Tag<'_>> {
    loop {
        let start = from + seek(xml.as_bytes().get(from..)?, |b| b == b'<')?;
        let rest = &xml[start..];
        let named = || !matches!(rest.as_bytes().get(1), Some(b'!' | b'?'));
        let skip = |open: &str, end: &str| rest.starts_with(open).then(|| rest.find(end).map_or(xml.len(), |n| start + n + end.len()));
        if !named()
            && let Some(after) =
                skip("<![CDATA[", "]]>").or_else(|| skip("<!--", "-->")).or_else(|| skip("<?", "?>")).or_else(|| skip("<!", ">"))
        {
            from = after;
            continue;
        }
        let end = start + tag_end(rest)?;
        let inner = &xml[start + 1..end - 1];
        let (close, inner) = match inner.strip_prefix('/') {
            Some(i) => (true, i),
            None => (false, inner),
        };
        let (alone, inner) = match inner.strip_suffix('/') {
            Some(i) => (true, i),
            None => (false, inner),
        };
        let cut = inner.find(char::is_whitespace).unwrap_or(inner.len());
        return Some(Tag { start, end, name: &inner[..cut], attrs: &inner[cut..], close, alone });
    }
}

/// Behind the `>` that ends the tag; quotes may hold one.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in rest.bytes().enumerate() {
        match (quote, b) {
            (Some(q), b) if b == q => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'>') => return Some(i + 1),
            _ => {}
        }
    }
    None
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Names that the root of a feed has, in any case and behind any prefix.
const ROOTS: [&str; 6] = ["rss", "rdf", "feed", "channel", "entry", "item"];

/// So many tags may stand before the root: warnings of the host's own program, most often.
const BEFORE_ROOT: usize = 50;

/// The root's opening tag and its name: the first tag that can be a feed's, else the first of all.
pub(super) fn root(xml: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for n in 0..BEFORE_ROOT {
        let Some(tag) = next_tag(xml, at) else { break };
        at = tag.end;
        if ["html", "head", "body"].iter().any(|h| tag.name.eq_ignore_ascii_case(h)) {
            break;
        }
        // An item that is not the first tag is an item of something else.
        let item = ["item", "entry"].iter().any(|i| local(tag.name).eq_ignore_ascii_case(i));
        if !tag.close && is_root(tag.name) && (n == 0 || !item) {
            return Some((&xml[tag.start..tag.end], tag.name));
        }
    }
    next_tag(xml, 0).map(|t| (&xml[t.start..t.end], t.name))
}

/// Whether it is RDF in which nothing of a feed's namespaces is named: what has no items then is no empty feed.
pub(super) fn is_other_rdf(xml: &str) -> bool {
    let Some((_, name)) = root(xml).filter(|(_, n)| local(n).eq_ignore_ascii_case("rdf")) else { return false };
    let head = xml[..xml.floor_char_boundary(64 << 10)].to_lowercase();
    !name.is_empty() && !FEED_SPACES.iter().any(|space| head.contains(space))
}

/// Whether an element of this name can be a feed's root.
pub(super) fn is_root(name: &str) -> bool {
    ROOTS.iter().any(|r| local(name).eq_ignore_ascii_case(r))
}

/// Namespaces in which `item` and `entry` mean what they mean in a feed (lower case, a part of each): those of all versions of
/// RSS and Atom, drafts included.
const FEED_SPACES: [&str; 15] = [
    "w3.org/2005/atom",
    "purl.org/atom/ns",
    "purl.org/rss/1.0/",
    "purl.org/net/rss1.1",
    "my.netscape.com/rdf/simple",
    "channel.netscape.com/rdf/simple",
    "backend.userland.com/rss",
    "blogs.law.harvard.edu/tech/rss",
    "cyber.law.harvard.edu/rss",
    "rssboard.org",
    "purl.org/echo",
    "purl.org/pie",
    "example.com/necho",
    "example.com/newformat",
    "uri/of/echo/namespace",
];

/// Which prefixes stand for a feed's own namespace.
#[derive(Default)]
struct Prefixes<'x>(std::collections::BTreeMap<&'x str, bool>);

impl<'x> Prefixes<'x> {
    fn declare(&mut self, attrs: &'x str) {
        for part in attrs.split("xmlns:").skip(1) {
            let Some((prefix, rest)) = part.split_once('=') else { continue };
            let value = rest.trim_start();
            let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            let space = value[1..].split(quote).next().unwrap_or_default().to_ascii_lowercase();
            // The modules of RSS 1.0 have addresses below its own.
            let module = space.contains("/modules/") && !space.contains("/modules/rss091");
            let own = !module && FEED_SPACES.iter().any(|f| space.contains(f));
            if self.0.len() < 200 {
                self.0.insert(prefix.trim(), own);
            }
        }
    }

    fn is_item(&self, name: &str) -> bool {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let word = local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry");
        word && (prefix.is_empty() || self.0.get(prefix).copied().unwrap_or(matches!(prefix, "rss" | "atom")))
    }
}

/// Every item or entry, in order.
pub(super) fn items(xml: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    let mut at = 0;
    let mut prefixes = Prefixes::default();
    while let Some(tag) = next_tag(xml, at) {
        if out.len() > crate::flood::ITEMS {
            return out;
        }
        at = tag.end;
        if tag.attrs.contains("xmlns:") {
            prefixes.declare(tag.attrs);
        }
        match (&open, tag.close) {
            (None, false) if prefixes.is_item(tag.name) => {
                if tag.alone {
                    out.push(Span { start: tag.start, end: tag.end, whole: true });
                } else {
                    open = Some((tag.start, tag.name));
                }
            }
            (Some((start, name)), true) if tag.name.eq_ignore_ascii_case(name) => {
                out.push(Span { start: *start, end: tag.end, whole: true });
                open = None;
            }
            // The last one was never closed: it ends where the next begins.
            (Some((start, name)), false) if tag.name.eq_ignore_ascii_case(name) && !tag.alone => {
                out.push(Span { start: *start, end: tag.start, whole: true });
                open = Some((tag.start, tag.name));
            }
            _ => {}
        }
    }
    if let Some((start, _)) = open {
        out.push(Span { start, end: xml.len(), whole: false });
    }
    out
}

/// A child element of an item.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Child<'x> {
    pub(super) name: &'x str,
    attrs: &'x str,
    inner: &'x str,
}

impl Child<'_> {
    /// The name without its prefix.
    pub(super) fn local(&self) -> &str {
        local(self.name)
    }

    /// The text, with references decoded once; markup inside stays.
    pub(super) fn text(&self) -> String {
        let inner = self.inner.trim();
        if inner.contains("<![CDATA[") {
            return inner.replace("<![CDATA[", "").replace("]]>", "");
        }
        unescape(inner)
    }

    /// An attribute.
    pub(super) fn attr(&self, name: &str) -> Option<String> {
        attribute(self.attrs, name)
    }
}

/// An attribute of the tag with which `element` begins.
pub(super) fn own_attr(element: &str, name: &str) -> Option<String> {
    next_tag(element, 0).and_then(|t| attribute(t.attrs, name))
}

fn attribute(attrs: &str, name: &str) -> Option<String> {
    let mut rest = attrs;
    while let Some(eq) = rest.find('=') {
        let key = rest[..eq].trim();
        let value = rest[eq + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = value[1..].find(quote)?;
        if key == name || local(key) == name {
            return Some(unescape(&value[1..=end]));
        }
        rest = &value[end + 2..];
    }
    None
}

/// The five references of XML and numeric ones.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find('&') {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        let end = rest.bytes().take(12).position(|b| b == b';').unwrap_or(0);
        let c = match &rest[..end.max(1)] {
            "&amp" => Some('&'),
            "&lt" => Some('<'),
            "&gt" => Some('>'),
            "&quot" => Some('"'),
            "&apos" => Some('\''),
            r => r
                .strip_prefix("&#")
                .and_then(|n| match n.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => n.parse().ok(),
                })
                .and_then(char::from_u32),
        };
        match c {
            Some(c) if end > 0 => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The children of an item, whether it is well formed or not.
pub(super) fn children(item: &str) -> Vec<Child<'_>> {
    let mut out: Vec<Child<'_>> = Vec::new();
    let Some(first) = next_tag(item, 0) else { return out };
    let mut at = first.end;
    let mut open: Option<(&str, &str, usize, usize)> = None;
    while let Some(tag) = next_tag(item, at) {
        at = tag.end;
        match &mut open {
            None if tag.close => {}
            None if tag.alone => out.push(Child { name: tag.name, attrs: tag.attrs, inner: "" }),
            None => open = Some((tag.name, tag.attrs, tag.end, 0)),
            Some((name, attrs, from, depth)) if tag.name.eq_ignore_ascii_case(name) => {
                if !tag.close {
                    *depth += usize::from(!tag.alone);
                } else if *depth > 0 {
                    *depth -= 1;
                } else {
                    out.push(Child { name, attrs, inner: &item[*from..tag.start] });
                    open = None;
                }
            }
            Some(_) => {}
        }
    }
    out
}

/// The elements that hold text alone, anywhere in `xml`: their names without prefix, and their texts.
pub(super) fn texts(xml: &str) -> Vec<(&str, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut open: Option<Tag<'_>> = None;
    while let Some(tag) = next_tag(xml, at) {
        at = tag.end;
        if let Some(before) = &open
            && tag.close
            && tag.name.eq_ignore_ascii_case(before.name)
        {
            out.push((local(before.name), unescape(&xml[before.end..tag.start])));
        }
        open = (!tag.close && !tag.alone).then_some(tag);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_their_children() {
        let xml = r#"<rss><channel><title>t</title><item><title>a &amp; b</title><dc:creator>x</dc:creator></item><item/><item>
            <title><![CDATA[</item> inside]]></title><media:content url="u>v"><media:title>deep</media:title></media:content></item><item><title>cut"#;
        let spans = items(xml);
        assert_eq!(spans.iter().map(|s| s.whole).collect::<Vec<_>>(), [true, true, true, false]);
        let text = |i: usize| children(&xml[spans[i].start..spans[i].end]);
        assert_eq!(text(0)[0].text(), "a & b");
        assert_eq!((text(0)[1].name, text(0)[1].local()), ("dc:creator", "creator"));
        assert_eq!(text(2)[0].text(), "</item> inside");
        assert_eq!(text(2)[1].attr("url").as_deref(), Some("u>v"));
        assert_eq!(text(3).len(), 0);
        assert_eq!(root(xml).map(|r| r.1), Some("rss"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<|>|/|item|title|\"|=|&|;|é|#x|<!\\[CDATA\\[|\\]\\]>| ){0,40}") {
            for s in items(&text) {
                for c in children(&text[s.start..s.end]) {
                    let _ = (c.text(), c.attr("a"));
                }
            }
            let _ = root(&text);
        }
    }
}
