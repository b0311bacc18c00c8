//! Locators: where in an item a field's text stands.

use scraper::{ElementRef, Selector};

use crate::{
    elements::ElementPath,
    grammar::unquote,
    mistake::{Mistake, did_you_mean},
    path::Path,
    text::{Reading, collapse, node_text},
};

/// What a locator met.
pub(crate) enum Found<'a> {
    Nodes(Vec<ElementRef<'a>>),
    Texts(Vec<String>),
}

impl Found<'_> {
    /// Whether a short text is, or holds, a link by which somebody is written or called to.
    pub(crate) fn leads_to_somebody(&self) -> bool {
        let Found::Nodes(nodes) = self else { return false };
        let is_short = |n: &ElementRef<'_>| node_text(*n, &Reading { limit: 200, ..Reading::default() }).len() <= 160;
        let leads = |e: ElementRef<'_>| {
            e.attr("href").is_some_and(|h| {
                let h = h.trim_start();
                ["mailto:", "tel:"].iter().any(|s| h.get(..s.len()).is_some_and(|start| start.eq_ignore_ascii_case(s)))
            })
        };
        nodes.first().is_some_and(|n| n.descendent_elements().any(leads) && is_short(n))
    }

    pub(crate) fn none() -> Self {
        Found::Texts(Vec::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Found::Nodes(n) => n.is_empty(),
            Found::Texts(t) => t.is_empty(),
        }
    }
}

/// A CSS locator: elements, or an attribute of them. Without a selector it is the item itself.
#[derive(Clone, Debug)]
pub(crate) struct Css {
    pub(crate) select: Option<Selector>,
    pub(crate) attr: Option<String>,
    /// It is met beside the item, behind it: `+ dd`.
    pub(crate) beside: bool,
}

/// A compiled locator.
#[derive(Clone, Debug)]
pub(crate) enum Locator {
    /// HTML.
    Css(Css),
    /// HTML: the cell after this label, and what is in it.
    Label(String, Css),
    /// JSON.
    Path(Path),
    /// XML.
    Element(ElementPath),
    /// CSV and XLSX: a column.
    Column(String),
    /// `feed`, `dir`: one of a closed set of words.
    Word(&'static str),
    /// `feed`: an element by its qualified name.
    Ext(String),
}

/// Words that a `dir` row knows.
pub(crate) const DIR_WORDS: [&str; 5] = ["name", "mtime", "size", "href", "url"];

/// Words that a feed item knows.
pub(crate) const FEED_WORDS: [&str; 10] =
    ["title", "link", "id", "published", "updated", "summary", "content", "author", "categories", "enclosure"];

/// Reads a CSS selector; a leading combinator is taken from the item.
pub(crate) fn selector(key: &str, css: &str, at: usize) -> Result<Selector, Mistake> {
    let scoped = if css.starts_with(['>', '+', '~']) { format!(":scope {css}") } else { css.to_owned() };
    Selector::parse(&scoped).map_err(|e| Mistake::new(key, format!("“{css}” is not a CSS selector: {e}")).at(at))
}

/// Reads `css`, `css@attr`, `@attr`.
pub(crate) fn css(key: &str, text: &str) -> Result<Css, Mistake> {
    let (select, attr) = match attribute_at(text) {
        Some(at) => {
            let name = text[at + 1..].trim();
            if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')) {
                return Err(Mistake::new(key, "after “@” the name of an attribute is expected").at(at));
            }
            (text[..at].trim(), Some(name.to_ascii_lowercase()))
        }
        None => (text.trim(), None),
    };
    let select = if matches!(select, "" | "." | ":scope") { None } else { Some(selector(key, select, 0)?) };
    Ok(Css { select, attr, beside: text.trim_start().starts_with(['+', '~']) })
}

/// The last `@` that is not within brackets or quotes.
fn attribute_at(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut last) = (0usize, None, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, '@') if depth == 0 => last = Some(i),
            _ => {}
        }
    }
    last
}

/// Reads an HTML locator.
pub(crate) fn html(key: &str, text: &str) -> Result<Locator, Mistake> {
    let Some(rest) = text.strip_prefix("label").map(str::trim_start).filter(|r| r.starts_with('(')) else {
        return css(key, text).map(Locator::Css);
    };
    let open = text.len() - rest.len();
    let end = label_end(rest).ok_or_else(|| Mistake::new(key, "the bracket of label( is never closed").at(open))?;
    let label = trim_label(&collapse(&unquote(&rest[1..end])));
    if label.is_empty() {
        return Err(Mistake::new(key, "label needs the text of a cell").at(open).hint(Some("write label(\"Approval date\")".into())));
    }
    Ok(Locator::Label(label, css(key, rest[end + 1..].trim())?))
}

/// The bracket that closes `("…")`.
fn label_end(rest: &str) -> Option<usize> {
    let inner = rest[1..].trim_start();
    let skipped = rest.len() - inner.len();
    match inner.chars().next() {
        Some(q @ ('"' | '\'')) => {
            let quote = inner[1..].find(q)? + 1 + skipped;
            rest[quote + 1..].find(')').filter(|n| rest[quote + 1..quote + 1 + n].trim().is_empty()).map(|n| quote + 1 + n)
        }
        _ => rest.find(')'),
    }
}

/// Reads a locator that is one of a closed set of words.
pub(crate) fn word(key: &str, text: &str, known: &'static [&'static str]) -> Result<Locator, Mistake> {
    if let Some(ext) = text.strip_prefix("ext(").and_then(|r| r.strip_suffix(')'))
        && known.contains(&"enclosure")
    {
        return Ok(Locator::Ext(unquote(ext)));
    }
    match known.iter().find(|k| k.eq_ignore_ascii_case(text)) {
        Some(k) => Ok(Locator::Word(k)),
        None => Err(Mistake::new(key, format!("“{text}” is not a locator here"))
            .at(0)
            .hint(did_you_mean(text, known.iter().copied()).or_else(|| Some(format!("locators are {}", known.join(", ")))))),
    }
}

/// Without the colon that ends it.
pub(crate) fn trim_label(text: &str) -> String {
    text.trim_end_matches(|c: char| c == ':' || c == '：' || c.is_whitespace()).to_owned()
}

impl Css {
    /// What it meets in the item; the item itself if it fits and nothing in it does.
    pub(crate) fn find<'a>(&self, item: ElementRef<'a>) -> Found<'a> {
        let nodes = match &self.select {
            None => vec![item],
            Some(s) if self.beside => beside(item, s),
            Some(s) => {
                let inside: Vec<ElementRef<'a>> = item.select(s).collect();
                if inside.is_empty() && s.matches(&item) { vec![item] } else { inside }
            }
        };
        match &self.attr {
            None => Found::Nodes(nodes),
            Some(a) => Found::Texts(nodes.iter().filter_map(|n| n.attr(a).map(str::to_owned)).collect()),
        }
    }
}

/// Siblings behind an item that are looked at.
const SIBLINGS: usize = 200;

/// What stands behind an item, in its siblings.
fn beside<'a>(item: ElementRef<'a>, select: &Selector) -> Vec<ElementRef<'a>> {
    let behind = item.next_siblings().filter_map(ElementRef::wrap).take(SIBLINGS);
    behind.flat_map(|s| s.descendent_elements()).filter(|e| select.matches_with_scope(e, Some(item))).collect()
}

/// Cells that are too long to be a label.
const LABEL_MAX: usize = 300;

/// The cells that stand after a label.
pub(crate) fn after_label<'a>(item: ElementRef<'a>, label: &str) -> Vec<ElementRef<'a>> {
    let mut fits: Vec<ElementRef<'a>> = Vec::new();
    let mut near: Vec<ElementRef<'a>> = Vec::new();
    for cell in item.descendent_elements().filter(|e| matches!(e.value().name(), "th" | "td" | "dt")) {
        let raw = node_text(cell, &Reading { limit: LABEL_MAX, ..Reading::default() });
        if raw.len() > LABEL_MAX {
            continue;
        }
        let text = trim_label(&collapse(&raw));
        // A cell that holds only the table with the label says the same: the inner one is meant.
        let list = if text == label {
            &mut fits
        } else if text.to_lowercase() == label.to_lowercase() {
            &mut near
        } else {
            continue;
        };
        if let Some(last) = list.last()
            && cell.ancestors().take(50).any(|a| a.id() == last.id())
        {
            list.pop();
        }
        list.push(cell);
    }
    fits.into_iter().chain(near).map(cells_after).find(|cells| !cells.is_empty()).unwrap_or_default()
}

/// `td`s behind a `th` or `td` (the nearest that says something), the `dd`s of a `dt`.
fn cells_after(label: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let list = label.value().name() == "dt";
    let mut out = Vec::new();
    for next in label.next_siblings().filter_map(ElementRef::wrap) {
        match next.value().name() {
            "dd" if list => out.push(next),
            "td" | "th" if !list => {
                let text = collapse(&node_text(next, &Reading { limit: 8, ..Reading::default() }));
                if matches!(text.as_str(), ":" | "：") {
                    continue;
                }
                return vec![next];
            }
            _ if list => break,
            _ => {}
        }
    }
    out
}
