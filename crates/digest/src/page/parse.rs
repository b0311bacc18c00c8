//! The small HTML of our templates to blocks.

use super::{Block, Cell, Inline, Table};

/// A template wrote something that is not our small HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) String);

enum Token<'a> {
    Open { name: &'a str, attributes: Vec<(&'a str, String)> },
    Close(&'a str),
    Text(String),
}

/// Elements whose content only a browser shows.
const SKIPPED: [&str; 8] = ["head", "nav", "style", "script", "svg", "figure", "title", "form"];
/// Elements that have no end.
const VOID: [&str; 5] = ["br", "meta", "link", "hr", "img"];

/// Cuts a page into tags and text. A `<` that begins no tag is a fault: crawled text is escaped before it comes here.
fn tokens(page: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut out = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            out.push(Token::Text(unescape(&rest[..at])));
        }
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.find("-->").map(|e| &after[e + 3..]).ok_or_else(|| Fault("a comment does not end".to_owned()))?;
            continue;
        }
        let end = end_of_tag(rest).ok_or_else(|| Fault(format!("a tag does not end: <{}", head(rest))))?;
        let tag = rest[..end].trim_end_matches('/').trim();
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) => out.push(Token::Close(name.trim())),
            None => {
                let (name, attributes) = tag.split_at(tag.find(char::is_whitespace).unwrap_or(tag.len()));
                if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    return Err(Fault(format!("<{} is no tag", head(tag))));
                }
                out.push(Token::Open { name, attributes: read_attributes(attributes) });
            }
        }
    }
    if !rest.is_empty() {
        out.push(Token::Text(unescape(rest)));
    }
    Ok(out)
}

fn head(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The `>` that ends a tag, those in quotes left out.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in text.bytes().enumerate() {
        match (b, quote) {
            (b'"' | b'\'', None) => quote = Some(b),
            (b, Some(q)) if b == q => quote = None,
            (b'>', None) => return Some(i),
            _ => {}
        }
    }
    None
}

fn read_attributes(text: &str) -> Vec<(&str, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            match after.chars().next() {
                Some(q @ ('"' | '\'')) => {
                    let body = &after[1..];
                    let end = body.find(q).unwrap_or(body.len());
                    value = unescape(&body[..end]);
                    rest = body.get(end + 1..).unwrap_or_default();
                }
                _ => {
                    let end = after.find(char::is_whitespace).unwrap_or(after.len());
                    value = unescape(&after[..end]);
                    rest = &after[end..];
                }
            }
        }
        if name.is_empty() {
            break;
        }
        out.push((name, value));
        rest = rest.trim_start();
    }
    out
}

/// Entities to the signs that they stand for; what is none stays.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.as_bytes().iter().take(10).position(|b| *b == b';');
        let sign = end.and_then(|e| match &rest[1..e] {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            number => {
                let number = number.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code).filter(|c| !c.is_control())
            }
        });
        match (sign, end) {
            (Some(c), Some(e)) => {
                out.push(c);
                rest = &rest[e + 1..];
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

/// What is being built, innermost last.
enum Frame {
    List { ordered: bool, items: Vec<Vec<Block>> },
    Item(Vec<Block>),
    Table { table: Table, in_head: bool },
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    frames: Vec<Frame>,
    /// The running text that is being collected.
    text: Vec<Inline>,
    /// The class of the paragraph that is open.
    class: String,
    bold: usize,
    italic: usize,
    small: usize,
    /// One entry per open `<span>`: whether it is small.
    spans: Vec<bool>,
    link: Option<(String, String)>,
    code: Option<String>,
    cell: Option<Cell>,
    row: Vec<Cell>,
    sections: Vec<bool>,
    unseen: bool,
}

/// Reads a page.
pub(crate) fn parse(page: &str) -> Result<Vec<Block>, Fault> {
    let mut r = Reader::default();
    let mut skipping: Vec<&str> = Vec::new();
    for token in tokens(page)? {
        match token {
            Token::Open { name, .. } if !skipping.is_empty() => {
                if !VOID.contains(&name) {
                    skipping.push(name);
                }
            }
            Token::Close(name) if !skipping.is_empty() => {
                // What a browser would forgive is forgiven here too.
                if let Some(at) = skipping.iter().rposition(|n| *n == name) {
                    skipping.truncate(at);
                }
            }
            Token::Text(_) if !skipping.is_empty() => {}
            Token::Open { name, .. } if SKIPPED.contains(&name) => skipping.push(name),
            Token::Open { attributes, .. } if has_class(&attributes, "web") => {
                return Err(Fault("class “web” may stand on nav, figure and svg alone".to_owned()));
            }
            Token::Open { name, attributes } => r.open(name, &attributes)?,
            Token::Close(name) => r.close(name)?,
            Token::Text(text) => r.say(&text),
        }
    }
    r.end_paragraph();
    if !r.frames.is_empty() {
        return Err(Fault("a list or a table does not end".to_owned()));
    }
    Ok(r.blocks)
}

fn attribute<'a>(attributes: &'a [(&str, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
}

fn has_class(attributes: &[(&str, String)], class: &str) -> bool {
    attribute(attributes, "class").is_some_and(|c| c.split_whitespace().any(|c| c == class))
}

impl Reader {
    fn say(&mut self, text: &str) {
        if let Some((label, _)) = &mut self.link {
            label.push_str(text);
            return;
        }
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        // In a table or list that is open, but in no cell or item, there is only white space.
        let nowhere = matches!(self.frames.last(), Some(Frame::List { .. })) || (self.in_table() && self.cell.is_none());
        if nowhere && text.trim().is_empty() {
            return;
        }
        let folded = fold(text, self.text.last());
        if folded.is_empty() {
            return;
        }
        self.text.push(Inline::Text { text: folded, bold: self.bold > 0, italic: self.italic > 0, small: self.small > 0 });
    }

    fn in_table(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Table { .. }))
    }

    fn push(&mut self, block: Block) {
        match self.frames.last_mut() {
            Some(Frame::Item(blocks)) => blocks.push(block),
            _ => self.blocks.push(block),
        }
    }

    fn take_text(&mut self) -> Vec<Inline> {
        let mut text = std::mem::take(&mut self.text);
        while matches!(text.last(), Some(Inline::Break)) {
            text.pop();
        }
        while matches!(text.first(), Some(Inline::Break)) {
            text.remove(0);
        }
        if let Some(Inline::Text { text, .. }) = text.first_mut() {
            *text = text.trim_start().to_owned();
        }
        if let Some(Inline::Text { text, .. }) = text.last_mut() {
            *text = text.trim_end().to_owned();
        }
        text.retain(|i| !matches!(i, Inline::Text { text, .. } if text.is_empty()));
        text
    }

    fn end_paragraph(&mut self) {
        if self.in_table() {
            return;
        }
        let text = self.take_text();
        let class = std::mem::take(&mut self.class);
        if !text.is_empty() {
            self.push(Block::Paragraph { text, class });
        }
    }

    fn open(&mut self, name: &str, attributes: &[(&str, String)]) -> Result<(), Fault> {
        match name {
            "html" | "body" | "main" | "header" | "footer" | "div" | "bdi" | "thead" | "tbody" | "article" => {}
            "section" => {
                self.end_paragraph();
                let landscape = has_class(attributes, "landscape");
                if landscape {
                    self.push(Block::Pages { landscape: true });
                }
                self.sections.push(landscape);
            }
            "toc" => {
                self.end_paragraph();
                self.push(Block::Contents);
            }
            "h1" | "h2" | "h3" | "h4" => self.end_paragraph(),
            "p" => {
                self.end_paragraph();
                self.class = attribute(attributes, "class").unwrap_or_default().to_owned();
            }
            "ul" | "ol" => {
                self.end_paragraph();
                self.frames.push(Frame::List { ordered: name == "ol", items: Vec::new() });
            }
            "li" => {
                if !matches!(self.frames.last(), Some(Frame::List { .. })) {
                    return Err(Fault("<li> stands outside a list".to_owned()));
                }
                self.frames.push(Frame::Item(Vec::new()));
            }
            "table" => {
                self.end_paragraph();
                let class = attribute(attributes, "class").unwrap_or_default().to_owned();
                let widths =
                    attribute(attributes, "data-w").unwrap_or_default().split_whitespace().filter_map(|w| w.parse().ok()).collect();
                self.frames.push(Frame::Table { table: Table { class, widths, ..Table::default() }, in_head: false });
            }
            "caption" | "tr" => {
                self.text.clear();
                self.unseen = name == "caption" && has_class(attributes, "h");
            }
            "th" | "td" => {
                self.text.clear();
                self.cell = Some(Cell {
                    label: attribute(attributes, "data-l").map(str::to_owned),
                    span: attribute(attributes, "colspan").and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, 60),
                    header: name == "th",
                    align: attribute(attributes, "data-a").unwrap_or_default().to_owned(),
                    ..Cell::default()
                });
                if let Some(Frame::Table { table, in_head }) = self.frames.last_mut() {
                    *in_head = attribute(attributes, "scope") == Some("col");
                    if let (true, Some(w)) = (*in_head, attribute(attributes, "style").and_then(width)) {
                        table.widths.push(w);
                    }
                }
            }
            "b" | "strong" => self.bold += 1,
            "i" | "em" => self.italic += 1,
            "span" => {
                let small = has_class(attributes, "s");
                self.spans.push(small);
                if small {
                    self.small += 1;
                    if !self.text.is_empty() {
                        self.text.push(Inline::Break);
                    }
                }
            }
            "a" => self.link = Some((String::new(), attribute(attributes, "href").unwrap_or_default().to_owned())),
            "code" => self.code = Some(String::new()),
            "br" => self.text.push(Inline::Break),
            other => return Err(Fault(format!("<{other}> is not known to the writers of Markdown, text, mail and DOCX"))),
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Fault> {
        match name {
            "h1" | "h2" | "h3" | "h4" => {
                let level = name.as_bytes()[1] - b'0';
                let text = self.take_text();
                if !text.is_empty() {
                    self.push(Block::Heading { level, text });
                }
            }
            "p" => self.end_paragraph(),
            "section" => {
                self.end_paragraph();
                if self.sections.pop() == Some(true) {
                    self.push(Block::Pages { landscape: false });
                }
            }
            "li" => {
                self.end_paragraph();
                let Some(Frame::Item(item)) = self.frames.pop() else { return Err(Fault("</li> ends nothing".to_owned())) };
                if let Some(Frame::List { items, .. }) = self.frames.last_mut() {
                    items.push(item);
                }
            }
            "ul" | "ol" => {
                let Some(Frame::List { ordered, items }) = self.frames.pop() else { return Err(Fault(format!("</{name}> ends nothing"))) };
                if !items.is_empty() {
                    self.push(Block::List { ordered, items });
                }
            }
            "caption" => {
                let caption = self.take_text();
                // A caption for those alone who hear the page.
                if let (Some(Frame::Table { table, .. }), false) = (self.frames.last_mut(), self.unseen) {
                    table.caption = caption;
                }
            }
            "th" | "td" => {
                let text = self.take_text();
                if let Some(cell) = self.cell.take() {
                    self.row.push(Cell { text, ..cell });
                }
            }
            "tr" => {
                let row = std::mem::take(&mut self.row);
                let Some(Frame::Table { table, in_head }) = self.frames.last_mut() else {
                    return Err(Fault("</tr> stands outside a table".to_owned()));
                };
                if *in_head && table.head.is_empty() && table.rows.is_empty() {
                    table.head = row.into_iter().map(|c| c.text).collect();
                } else if !row.is_empty() {
                    table.rows.push(row);
                }
            }
            "table" => {
                let Some(Frame::Table { table, .. }) = self.frames.pop() else { return Err(Fault("</table> ends nothing".to_owned())) };
                self.push(Block::Table(table));
            }
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "i" | "em" => self.italic = self.italic.saturating_sub(1),
            "span" if self.spans.pop() == Some(true) => {
                self.small = self.small.saturating_sub(1);
            }
            "a" => {
                if let Some((text, href)) = self.link.take() {
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    // A place on the same page is a link in a browser alone.
                    match crate::clean::href(&href) {
                        Some(href) => self.text.push(Inline::Link { text, href, bold: self.bold > 0 }),
                        None => self.say(&text),
                    }
                }
            }
            "code" => {
                if let Some(code) = self.code.take() {
                    self.text.push(Inline::Code(code));
                }
            }
            "div" | "main" | "body" | "header" | "footer" | "article" => self.end_paragraph(),
            _ => {}
        }
        Ok(())
    }
}

/// `width:36%`.
fn width(style: &str) -> Option<u32> {
    style.split_once("width:")?.1.split('%').next()?.trim().parse().ok()
}

/// White space as one space; none at the start of a line.
fn fold(text: &str, before: Option<&Inline>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = match before {
        None | Some(Inline::Break) => true,
        Some(Inline::Text { text, .. }) => text.ends_with(' '),
        _ => false,
    };
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{a0}' {
            if !space {
                out.push(' ');
            }
            space = true;
        } else {
            out.push(c);
            space = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::plain;

    #[test]
    fn a_page_becomes_blocks() {
        let blocks = parse(
            "<!doctype html><html><head><title>x</title><style>a{}</style></head><body><nav><a href=\"#a\">skip</a></nav>\
             <h2 id=\"a\">What &amp; why</h2>\n<p class=\"soft\">One <b>two</b>\n three <a href=\"https://e.org/?a=1&amp;b\">x &lt;y&gt;</a>.</p>\
             <ul><li>a<ul><li>b</li></ul></li></ul>\
             <table class=\"c\"><caption>C</caption><thead><tr><th scope=\"col\" style=\"width:30%\">H</th></tr></thead>\
             <tbody><tr><th scope=\"row\">r<span class=\"s\">small</span></th></tr></tbody></table></body></html>",
        )
        .expect("our HTML");
        assert_eq!(blocks.len(), 4, "{blocks:?}");
        assert!(matches!(&blocks[0], Block::Heading { level: 2, text } if plain(text) == "What & why"));
        assert!(matches!(&blocks[1], Block::Paragraph { text, class } if plain(text) == "One two three x <y>." && class == "soft"));
        let Block::List { items, .. } = &blocks[2] else { panic!("{blocks:?}") };
        assert!(matches!(items[0][1], Block::List { .. }));
        let Block::Table(t) = &blocks[3] else { panic!("{blocks:?}") };
        assert_eq!((t.widths.as_slice(), t.head.len(), t.rows.len()), (&[30][..], 1, 1));
        assert!(t.rows[0][0].text.contains(&Inline::Break));
    }

    #[test]
    fn what_is_no_small_html_is_a_fault() {
        for bad in ["<p>a < b</p>", "<blink>x</blink>", "<li>x</li>", "<ul><li>x", "<!-- x", "<a href=\"x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse("").expect("nothing").is_empty());
        assert_eq!(unescape("&amp;lt; &#x202e; &#0; &bogus; & &#38;"), "&lt; \u{202e} &#0; &bogus; & &");
    }
}
