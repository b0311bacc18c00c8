//! A guard against pages that are nested for the sake of it: every step of an HTML parser and of a selector may climb the
//! whole depth, so a page of 100,000 nested elements would cost the square of its size.

use std::borrow::Cow;

/// Deeper than any page that a person wrote; browsers stop at 512.
const MAX: usize = 500;

/// How far up an end tag may look for its start.
const REACH: usize = 100;

/// Elements without content.
const VOID: [&str; 16] =
    ["area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "source", "track", "wbr"];

/// Elements whose content is text, whatever it looks like.
const OPAQUE: [&str; 4] = ["script", "style", "textarea", "title"];

/// Behind the end tag of an opaque element.
fn closing(bytes: &[u8], from: usize, name: &str) -> Option<usize> {
    let mut i = from;
    while let Some(at) = bytes[i..].iter().position(|b| *b == b'<').map(|n| i + n) {
        let tag = &bytes[at + 1..];
        if tag.first() == Some(&b'/') && tag.len() > name.len() && tag[1..=name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return Some(at + 2 + name.len());
        }
        i = at + 1;
    }
    None
}

/// What an opening tag ends without saying so: everything above the nearest of these.
fn implied_end(name: &str) -> &'static [&'static str] {
    match name {
        "tr" => &["table", "tbody", "thead", "tfoot"],
        "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => &["table"],
        "td" | "th" => &["tr", "table"],
        "li" => &["ul", "ol", "menu"],
        "dt" | "dd" => &["dl"],
        "option" | "optgroup" => &["select", "datalist"],
        "p" => &["td", "th", "li", "dd", "div", "section", "article", "main", "body", "blockquote", "form", "table"],
        _ => &[],
    }
}

/// Text as it is, or without the tags that stand deeper than [`MAX`]; linear in its length.
pub(crate) fn flatten(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut out: Option<String> = None;
    let mut stack: Vec<&str> = Vec::new();
    let (mut over, mut kept, mut i) = (0usize, 0usize, 0usize);
    while let Some(open) = bytes[i..].iter().position(|b| *b == b'<').map(|n| i + n) {
        if bytes[open..].starts_with(b"<!--") {
            i = html[open..].find("-->").map_or(bytes.len(), |n| open + n);
            continue;
        }
        let close = bytes.get(open + 1) == Some(&b'/');
        let from = open + 1 + usize::from(close);
        i = from;
        let len = bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-' || **b == b':').count();
        if len == 0 || !bytes[from].is_ascii_alphabetic() {
            continue;
        }
        let name = &html[from..from + len];
        let end = bytes[from..].iter().position(|b| *b == b'>').map_or(bytes.len(), |n| from + n + 1);
        i = end;
        if VOID.iter().any(|v| v.eq_ignore_ascii_case(name)) {
            continue;
        }
        if !close && OPAQUE.iter().any(|o| o.eq_ignore_ascii_case(name)) {
            // What looks like a tag in a script is none. Without an end, all the rest is script.
            i = closing(bytes, end, name).unwrap_or(bytes.len());
            continue;
        }
        let reach = stack.len().saturating_sub(REACH);
        if close {
            if over > 0 {
                over -= 1;
                cut(html, &mut out, &mut kept, open, end);
            } else if let Some(n) = stack[reach..].iter().rposition(|s| s.eq_ignore_ascii_case(name)) {
                stack.truncate(reach + n);
            }
            continue;
        }
        let ends = implied_end(&name.to_ascii_lowercase());
        if !ends.is_empty()
            && over == 0
            && let Some(n) = stack[reach..].iter().rposition(|s| ends.iter().any(|e| e.eq_ignore_ascii_case(s)))
        {
            stack.truncate(reach + n + 1);
        }
        if stack.len() >= MAX {
            over += 1;
            cut(html, &mut out, &mut kept, open, end);
        } else {
            stack.push(name);
        }
    }
    match out {
        None => Cow::Borrowed(html),
        Some(mut text) => {
            text.push_str(&html[kept..]);
            Cow::Owned(text)
        }
    }
}

fn cut(html: &str, out: &mut Option<String>, kept: &mut usize, open: usize, end: usize) {
    let text = out.get_or_insert_with(String::new);
    text.push_str(&html[*kept..open]);
    text.push(' ');
    *kept = end;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_not_touched() {
        let rows = "<tr><td><font color=red>one<td><p>two<p>three</tr>".repeat(2_000);
        let items = "<li>one<p>two".repeat(2_000);
        let scripts = format!("<script>{}</script><!-- {} --><p>x", "'<div>' + ".repeat(2_000), "<div>".repeat(2_000));
        for page in [scripts, format!("<table>{rows}</table>"), format!("<ul>{items}</ul>"), "a < b <".to_owned()] {
            assert!(matches!(flatten(&page), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn towers_are_cut_and_their_text_stays() {
        let n = 200_000;
        let page = "<div>".repeat(n) + "text" + &"</div>".repeat(n);
        let flat = flatten(&page);
        assert_eq!(flat.matches("<div>").count(), MAX);
        assert_eq!(flat.matches("</div>").count(), MAX);
        assert!(flat.contains("text"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<|>|/|a|é|div|td|table| ){0,60}") {
            let _ = flatten(&text);
        }
    }
}
