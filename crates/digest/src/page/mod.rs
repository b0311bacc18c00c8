//! A rendered page as blocks: what every writer but the web page's works from.
//!
//! One template per form makes the page in a small HTML; Markdown, plain text, mail and DOCX are written from its blocks, so that all
//! of them say the same words. What stands in `<head>`, `<nav>`, `<style>`, `<svg>` and `<figure>` is for browsers alone.

mod parse;

pub(crate) use parse::parse;

/// A part of a page, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// A heading of level 1 to 4.
    Heading { level: u8, text: Vec<Inline> },
    /// Running text.
    Paragraph { text: Vec<Inline>, class: String },
    /// A list; an item holds paragraphs and further lists.
    List { ordered: bool, items: Vec<Vec<Block>> },
    /// A table.
    Table(Table),
    /// Here stands the table of contents, where the format has one.
    Contents,
    /// What follows stands on pages of this kind.
    Pages { landscape: bool },
}

/// A piece of running text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Inline {
    /// Text.
    Text { text: String, bold: bool, italic: bool, small: bool },
    /// Something to type.
    Code(String),
    /// Text that leads to an address.
    Link { text: String, href: String, bold: bool },
    /// A new line.
    Break,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// `c` for cards, `m` for a matrix, `b` for a block without lines.
    pub(crate) class: String,
    /// What it shows.
    pub(crate) caption: Vec<Inline>,
    /// Shares of the width in percent, if given.
    pub(crate) widths: Vec<u32>,
    /// The names of the columns.
    pub(crate) head: Vec<Vec<Inline>>,
    /// The rows.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// What stands in it.
    pub(crate) text: Vec<Inline>,
    /// What to call it where there are no columns.
    pub(crate) label: Option<String>,
    /// How many columns it takes.
    pub(crate) span: u32,
    /// Whether it names its row.
    pub(crate) header: bool,
    /// `r` for right, `m` for the middle.
    pub(crate) align: String,
}

/// The words of a text, links and all, in one line.
pub(crate) fn plain(text: &[Inline]) -> String {
    let mut out = String::new();
    for i in text {
        match i {
            Inline::Text { text, .. } | Inline::Link { text, .. } | Inline::Code(text) => out.push_str(text),
            Inline::Break => out.push(' '),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
