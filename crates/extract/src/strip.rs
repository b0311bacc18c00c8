//! Pieces of HTML (summaries, scopes, titles of feeds) to plain text.

use std::borrow::Cow;

use scraper::Html;

use crate::{
    seek::sign,
    text::{Reading, collapse, is_block, is_silent, is_tag, node_text},
};

/// The plain text of a piece of HTML, collapsed: script and style dropped, character references decoded once.
pub(crate) fn html_to_text(html: &str) -> String {
    if sign(html.as_bytes()).is_none() {
        return collapse(html);
    }
    match quick(html) {
        Some(text) => collapse(&text),
        None => thorough(html),
    }
}

/// What the HTML standard makes of it.
fn thorough(html: &str) -> String {
    if crate::flood::of_tags(html).is_some() {
        // Not worth a tree: what stands between the tags is enough.
        let pieces: Vec<&str> =
            html.split('<').enumerate().map(|(n, p)| if n == 0 { p } else { p.split_once('>').map_or("", |(_, t)| t) }).collect();
        return collapse(&pieces.join(" "));
    }
    let html = unswallowed(html);
    let fragment = Html::parse_fragment(&crate::depth::flatten(&html));
    collapse(&node_text(fragment.root_element(), &Reading::default()))
}

/// Paragraphs, lists, emphasis, links and common references, without building a tree; none for everything else.
fn quick(html: &str) -> Option<String> {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(i) = sign(rest.as_bytes()) {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        if rest.starts_with('&') {
            let end = rest.bytes().take(10).position(|b| b == b';')?;
            out.push(match &rest[1..end] {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                number => {
                    let code: u32 = number.strip_prefix('#')?.parse().ok()?;
                    // 128-159 mean windows-1252: that is known elsewhere.
                    char::from_u32(code).filter(|c| !c.is_control())?
                }
            });
            rest = &rest[end + 1..];
            continue;
        }
        let tag = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
        let len = tag.bytes().take(12).take_while(u8::is_ascii_alphanumeric).count();
        let name = tag[..len].to_ascii_lowercase();
        let plain = is_tag(&name) && !is_silent(&name) && !matches!(tag.as_bytes().get(len), Some(b'-' | b':' | b'_'));
        // Tables, forms and whole pages have rules of their own for what may stand where.
        let own_rules = matches!(
            name.as_str(),
            "body"
                | "button"
                | "caption"
                | "form"
                | "head"
                | "html"
                | "noembed"
                | "object"
                | "option"
                | "select"
                | "table"
                | "tbody"
                | "td"
                | "tfoot"
                | "th"
                | "thead"
                | "title"
                | "tr"
                | "link"
                | "meta"
                | "pre"
        );
        if !plain || own_rules {
            return None;
        }
        let end = rest.find('>')?;
        if rest[..end].contains(['"', '\'']) && rest[..end].bytes().filter(|b| matches!(b, b'"' | b'\'')).count() % 2 == 1 {
            return None;
        }
        if is_block(&name) {
            out.push('\n');
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// An element whose content is no HTML swallows everything behind it when it is never closed (a title that speaks of `<script>`):
/// then its bracket is an ordinary character.
fn unswallowed(html: &str) -> Cow<'_, str> {
    let lower = html.to_ascii_lowercase();
    let mut out = Cow::Borrowed(html);
    for name in [
        "script",
        "style",
        "textarea",
        "title",
        "xmp",
        "iframe",
        "noembed",
        "noframes",
        "plaintext",
        "noscript",
        "template",
        "select",
        "svg",
        "math",
    ] {
        let open = format!("<{name}");
        let last = lower.rfind(&open);
        if let Some(last) = last
            && !lower[last..].contains(&format!("</{name}"))
        {
            // Same length before and after lower-casing, so places stay; replaced from the whole text in any case.
            out = Cow::Owned(replace_open(&out, &open));
        }
    }
    out
}

fn replace_open(text: &str, open: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut done = String::with_capacity(text.len() + 16);
    let mut from = 0;
    while let Some(i) = lower[from..].find(open).map(|n| from + n) {
        done.push_str(&text[from..i]);
        done.push_str("&lt;");
        from = i + 1;
    }
    done.push_str(&text[from..]);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text_once() {
        for (html, want) in [
            ("<p>One</p><p>two <b>three</b></p>", "One two three"),
            ("a<br>b", "a b"),
            ("x<script>alert(1)</script>y<style>p{}</style>", "xy"),
            ("AT&amp;T &amp;lt;b&amp;gt;", "AT&T &lt;b&gt;"),
            ("&eacute;t&eacute; &#8217;", "été ’"),
            ("<a href='javascript:x'>link", "link"),
            ("<<<>>>", "<<<>>>"),
            ("un<b>broken</b>", "unbroken"),
        ] {
            assert_eq!(html_to_text(html), want, "{html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_quick_way_gives_what_the_standard_gives(
            html in "(<p>|</p>|<b>|</b>|<br/>|<a href='x'>|<a href=\"y>z\">|</a>|<li>|<ul>|</ul>|<div class=a>|</div>|<h1>|</h1>|&amp;|&lt;|&nbsp;|&#8217;|&#x41;|&copy|<|[a-z é]){0,25}"
        ) {
            if let Some(text) = quick(&html) {
                // A stray end tag of a block may part words here and not there.
                proptest::prop_assert_eq!(collapse(&text).replace(' ', ""), thorough(&html).replace(' ', ""));
            }
        }
    }
}
