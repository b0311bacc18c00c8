//! How many rows the tables of a report may show, so that it stays within three pages before its annexes: measured, not guessed
//! from a number of rows. All formats show the same rows.

use crate::{
    DigestError, Edition, Form, Templates,
    page::{Block, Inline, Table, plain},
};

/// Pages before the annexes.
const PAGES: f64 = 3.0;
/// Points between the margins of a page, top to bottom and left to right.
const HEIGHT: f64 = 745.0;
const WIDTH: f64 = 493.0;
/// A page is never filled to the last line: rows and headings do not break.
const FILLED: f64 = 0.955;
/// Fewer say nothing.
const LEAST: usize = 1;

/// The rows that fit; for other forms those that the edition says.
pub(super) fn rows(edition: &Edition, templates: &Templates) -> Result<Option<usize>, DigestError> {
    let (Form::Td, Some(most)) = (edition.form, edition.rows) else { return Ok(edition.rows) };
    for n in (LEAST + 1..=most).rev() {
        if length(&templates.body(edition, n)?) <= PAGES * HEIGHT * FILLED {
            return Ok(Some(n));
        }
    }
    Ok(Some(LEAST))
}

/// The length of blocks in points, as the document sets them.
fn length(blocks: &[Block]) -> f64 {
    let headings = blocks.iter().filter(|b| matches!(b, Block::Heading { level, .. } if *level <= 2)).count() as f64;
    let mut sum = 0.0;
    for b in blocks {
        sum += match b {
            Block::Heading { level, text } => {
                let (size, before) = [(13.0, 6.0), (10.5, 6.0), (10.0, 4.0), (10.0, 3.0)][(*level as usize).clamp(1, 4) - 1];
                lines(text, size, WIDTH) * leading(size) + before + 2.0
            }
            Block::Paragraph { text, class } => match class.as_str() {
                "soft" | "k" => lines(text, 8.5, WIDTH) * leading(8.5) + 2.0,
                "centre" => lines(text, 11.0, WIDTH) * leading(11.0) + 6.0,
                _ => lines(text, 10.0, WIDTH) * leading(10.0) + 4.0,
            },
            Block::List { .. } => list(b, 1.0),
            Block::Table(t) => table(t) + leading(4.0),
            // The annexes have headings too, six of them with their parts.
            Block::Contents => ((headings + 6.0) / 2.0).ceil() * leading(8.5),
            Block::Pages { .. } => 0.0,
        };
    }
    sum
}

fn list(b: &Block, depth: f64) -> f64 {
    let Block::List { items, .. } = b else { return 0.0 };
    let width = WIDTH - 17.0 * depth;
    let of = |b: &Block| match b {
        Block::List { .. } => list(b, depth + 1.0),
        Block::Paragraph { text, .. } => lines(text, 9.5, width) * leading(9.5) + 1.0,
        _ => 0.0,
    };
    items.iter().flatten().map(of).sum()
}

fn table(t: &Table) -> f64 {
    let columns = t.head.len().max(t.rows.iter().map(|r| r.iter().map(|c| c.span as usize).sum()).max().unwrap_or(0)).max(1);
    let given: u32 = t.widths.iter().sum();
    let width = |at: usize| match t.widths.get(at) {
        Some(w) if t.widths.len() == columns && given > 0 => WIDTH * f64::from(*w) / f64::from(given),
        _ => WIDTH / columns as f64,
    };
    let (size, margins) = if t.class == "b" { (10.0, 1.0) } else { (8.0, 3.0) };
    let mut sum = 0.0;
    if !t.head.is_empty() {
        let tallest = t.head.iter().enumerate().map(|(i, h)| lines(h, size, width(i) - 7.0)).fold(1.0, f64::max);
        sum += tallest * leading(size) + margins;
    }
    for (n, row) in t.rows.iter().enumerate() {
        let mut at = 0;
        let mut tallest = 1.0_f64;
        for c in row {
            let span = (c.span as usize).max(1);
            let room: f64 = (at..at + span).map(width).sum();
            at += span;
            // On the right of a document's head stand its number and its group in large letters.
            let large = if t.class == "b" && c.align == "r" && n < 3 { 1.5 } else { 1.0 };
            tallest = tallest.max(lines(&c.text, size * large, room - 7.0) * large);
        }
        sum += tallest * leading(size) + margins;
    }
    sum
}

/// Points from line to line of Times at a size.
fn leading(size: f64) -> f64 {
    size * 1.15
}

/// How many lines a text takes.
fn lines(text: &[Inline], size: f64, width: f64) -> f64 {
    let parts = text.split(|i| matches!(i, Inline::Break));
    parts.map(|p| broken(&plain(p), size, width)).sum::<f64>().max(1.0)
}

/// Words that are set one after the other, and a longer one cut where the line ends.
fn broken(text: &str, size: f64, width: f64) -> f64 {
    let (mut rows, mut used) = (1.0, 0.0);
    for word in text.split_whitespace() {
        let w: f64 = word.chars().map(advance).sum::<f64>() * size;
        let space = if used > 0.0 { 0.25 * size } else { 0.0 };
        if used + space + w <= width {
            used += space + w;
        } else {
            // A reference with hyphens breaks at them.
            let start = if word.contains(['-', '/']) && used > 0.0 { used } else { 0.0 };
            let whole = if start > 0.0 { start + space + w } else { w };
            let more = (whole / width).ceil().max(1.0);
            rows += if start > 0.0 { more - 1.0 } else { more };
            used = whole - (more - 1.0) * width;
        }
    }
    rows
}

/// The width of a sign of Times, in parts of its size.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ';' | ':' | '\'' | '|' | '!' | '/' | '(' | ')' | '-' => 0.31,
        'm' | 'w' | 'M' | 'W' | '…' | '→' => 0.8,
        'A'..='Z' => 0.68,
        '0'..='9' => 0.5,
        '\u{1100}'..='\u{FFFF}' => 1.0,
        _ => 0.46,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(words: usize) -> Block {
        let text = vec!["security"; words].join(" ");
        Block::Paragraph { text: vec![Inline::Text { text, bold: false, italic: false, small: false }], class: String::new() }
    }

    #[test]
    fn long_titles_leave_fewer_rows_than_short_ones() {
        let templates = Templates::new(std::collections::BTreeMap::new()).expect("our own templates");
        let mut e: Edition = serde_json::from_str(include_str!("../rehearsal.json")).expect("an edition");
        (e.form, e.rows) = (Form::Td, Some(8));
        assert_eq!(rows(&e, &templates).expect("measured"), Some(8), "a short report shows what it may");
        let long = "the security of artificial intelligence in networks and what is built on them ".repeat(3);
        let (first, option, gap, item) = (e.changes[0].clone(), e.options[0].clone(), e.gaps[0].clone(), e.items[0].clone());
        let numbered = |i: usize| format!("{i} {long}");
        e.changes = (0..40)
            .map(|i| crate::Change { title: numbered(i), section: e.sections[i % e.sections.len()].id.clone(), ..first.clone() })
            .collect();
        e.options = (0..6).map(|i| crate::OptionLine { words: numbered(i), ..option.clone() }).collect();
        e.gaps = (0..8).map(|i| crate::GapLine { label: numbered(i), ..gap.clone() }).collect();
        e.items = vec![item; 9];
        let fitted = rows(&e, &templates).expect("measured").expect("a number");
        assert!(fitted < 8, "{fitted}");
        assert!(length(&templates.body(&e, fitted).expect("blocks")) <= PAGES * HEIGHT * FILLED || fitted == LEAST);
        e.form = Form::Mail;
        assert_eq!(rows(&e, &templates).expect("as it says"), Some(8));
    }

    #[test]
    fn a_longer_text_is_longer_and_three_pages_hold_what_they_hold() {
        assert!(length(&[paragraph(10)]) < length(&[paragraph(300)]));
        // Some 13 words of eight letters stand on a line of ten points, some 60 lines on a page.
        let page = length(&[paragraph(13 * 60)]) / HEIGHT;
        assert!((0.8..1.2).contains(&page), "{page}");
        assert_eq!(broken("", 10.0, 100.0), 1.0);
        assert!(broken(&"x".repeat(200), 10.0, 100.0) > 8.0);
    }
}
