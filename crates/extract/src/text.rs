//! Plain text out of what pages give: white space, hidden characters, HTML.

use scraper::{ElementRef, Node, Selector};

use crate::seek::{sign, words};
pub(crate) use crate::strip::html_to_text;

/// Characters that no title needs: bidirectional overrides and embeddings, soft hyphens, joiners that only steer line breaks.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}')
}

/// White space, what looks like none and is some, and the separators of old control sets (word processors leave them in pages).
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{1c}'..='\u{1f}')
}

/// One line: white space (U+00A0 and U+200B included) collapses, control and hidden characters go.
pub(crate) fn collapse(text: &str) -> String {
    let bytes = text.as_bytes();
    // most text is printable ASCII with single spaces: that goes over in one piece
    let mut at = words(bytes);
    let mut out = String::with_capacity(text.len().min(1 << 20));
    out.push_str(&text[..at]);
    let mut gap = false;
    while at < bytes.len() {
        let run = words(&bytes[at..]);
        if run > 0 {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push_str(&text[at..at + run]);
            at += run;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        at += c.len_utf8();
        if is_blank(c) {
            gap = true;
        } else if !c.is_control() && !is_hidden(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// The clean-up of a document number: white space, and every hyphen that is not `-`.
pub(crate) fn docnum(text: &str) -> String {
    collapse(text)
        .chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
            '\u{ff0f}' | '\u{2044}' => '/',
            c => c,
        })
        .collect()
}

/// Elements round which text never touches.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "caption"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
    )
}

/// Elements whose text nobody reads.
pub(crate) fn is_silent(name: &str) -> bool {
    matches!(name, "script" | "style" | "template" | "noscript" | "iframe" | "noembed" | "noframes" | "svg" | "math")
}

/// Where only a short text is wanted, so many nodes are looked at: a tower of empty cells is not read once per cell.
const NODES_MAX: usize = 300;

/// How much of an element's text is wanted.
#[derive(Default)]
pub(crate) struct Reading<'s> {
    /// Only the text nodes that are its own children.
    pub(crate) own: bool,
    /// Without the descendants that these match.
    pub(crate) without: Vec<&'s Selector>,
    /// Stop after so many bytes (0: never).
    pub(crate) limit: usize,
}

/// The text of an element as written: not collapsed; line feeds stand where `br` and blocks are. Never recurses.
pub(crate) fn node_text(element: ElementRef<'_>, how: &Reading<'_>) -> String {
    let mut out = String::new();
    if how.own {
        for child in element.children() {
            match child.value() {
                Node::Text(t) => out.push_str(t),
                Node::Element(_) => out.push('\n'),
                _ => {}
            }
        }
        return out;
    }
    let root = *element;
    let mut at = root;
    let mut seen = 0usize;
    'walk: loop {
        seen += 1;
        let mut enter = true;
        match at.value() {
            Node::Text(t) => out.push_str(t),
            Node::Element(e) => {
                if is_block(e.name()) {
                    out.push('\n');
                }
                enter = at.id() == root.id()
                    || !(is_silent(e.name()) || ElementRef::wrap(at).is_some_and(|r| how.without.iter().any(|s| s.matches(&r))));
            }
            _ => {}
        }
        if how.limit > 0 && (out.len() > how.limit || seen > NODES_MAX) {
            break;
        }
        if enter && let Some(child) = at.first_child() {
            at = child;
            continue;
        }
        loop {
            if at.value().as_element().is_some_and(|e| is_block(e.name())) {
                out.push('\n');
            }
            if at.id() == root.id() {
                break 'walk;
            }
            if let Some(next) = at.next_sibling() {
                at = next;
                continue 'walk;
            }
            match at.parent() {
                Some(up) => at = up,
                None => break 'walk,
            }
        }
    }
    out
}

/// Whether a text holds markup: a tag that HTML knows, or a character reference.
pub(crate) fn looks_like_html(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(i) = sign(&bytes[from..]).map(|i| from + i) {
        from = i + 1;
        let rest = &text[from..];
        if bytes[i] == b'&' {
            let end = rest.bytes().take(32).position(|b| b == b';').unwrap_or(0);
            let name = &rest.as_bytes()[..end];
            let number = name.first() == Some(&b'#') && name.len() > 1;
            if number || (name.len() > 1 && name.iter().all(u8::is_ascii_alphanumeric) && !name[0].is_ascii_digit()) {
                return true;
            }
            continue;
        }
        if rest.starts_with("!--") || rest.starts_with("![CDATA[") {
            return true;
        }
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let len = name.bytes().take(16).take_while(u8::is_ascii_alphanumeric).count();
        let follows = name.as_bytes().get(len).copied().unwrap_or(0);
        if len > 0 && matches!(follows, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r') && is_tag(&name[..len].to_ascii_lowercase()) {
            // `a <b and c` is arithmetic: a tag is closed.
            if name[len..].bytes().take(512).any(|b| b == b'>') {
                return true;
            }
        }
    }
    false
}

pub(crate) fn is_tag(name: &str) -> bool {
    is_block(name)
        || is_silent(name)
        || matches!(
            name,
            "a" | "abbr"
                | "acronym"
                | "audio"
                | "b"
                | "bdi"
                | "bdo"
                | "big"
                | "button"
                | "center"
                | "cite"
                | "code"
                | "data"
                | "del"
                | "dfn"
                | "em"
                | "embed"
                | "font"
                | "html"
                | "i"
                | "img"
                | "input"
                | "ins"
                | "kbd"
                | "label"
                | "link"
                | "mark"
                | "meta"
                | "object"
                | "param"
                | "picture"
                | "q"
                | "s"
                | "samp"
                | "small"
                | "source"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "time"
                | "tt"
                | "u"
                | "var"
                | "video"
                | "wbr"
        )
}

/// Plain text of a value that may or may not hold markup.
pub(crate) fn maybe_html(text: &str) -> String {
    if looks_like_html(text) { html_to_text(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_text_in_one_piece_collapses_as_one_character_after_the_other(text in "( |[a-c]|é|\u{a0}|\u{0}|\n|\u{200b}|\u{202e}|-){0,40}") {
            let mut want = String::new();
            for word in text.split(is_blank) {
                let word: String = word.chars().filter(|c| !c.is_control() && !is_hidden(*c)).collect();
                if !word.is_empty() {
                    want = if want.is_empty() { word } else { format!("{want} {word}") };
                }
            }
            proptest::prop_assert_eq!(collapse(&text), want);
        }
    }

    #[test]
    fn white_space_and_hidden_characters() {
        for (text, want) in [
            ("  a\u{a0}\u{200b} b\r\n\tc ", "a b c"),
            ("a\u{0}b\u{7}c", "abc"),
            ("evil\u{202e}txt", "eviltxt"),
            ("AI\u{ad}Sec", "AISec"),
            ("\u{feff}BOM", "BOM"),
            ("ITU\u{1e}T L.1300", "ITU T L.1300"),
            ("", ""),
            ("\u{3000}規格\u{3000}", "規格"),
        ] {
            assert_eq!(collapse(text), want, "{text:?}");
        }
        assert_eq!(docnum("S3\u{2011}251200 "), "S3-251200");
        assert_eq!(docnum("ISO/IEC\u{a0}27090:2025"), "ISO/IEC 27090:2025");
    }

    #[test]
    fn arithmetic_is_not_markup() {
        for text in ["a < b and c > d", "x<y>z", "R&D", "AT&T; more", "a <b and c", "1 <2", "Q&A; why", "if a<b"] {
            assert!(!looks_like_html(text), "{text}");
        }
        for text in ["<p>x", "a<br/>b", "&nbsp;", "&#160;", "<!-- c -->", "</div>", "AT&amp;T"] {
            assert!(looks_like_html(text), "{text}");
        }
    }
}
