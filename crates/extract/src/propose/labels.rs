//! A draft for a page about one thing: by its labels, else by what ids and meta elements name.

use std::collections::BTreeMap;

use monitor_model::{Field, Source, SourceKind};
use scraper::Html;

use super::{
    columns::pipes_of,
    page::{first, is_furniture, is_plain, select, text_of},
    words,
};
use crate::{
    locate::{after_label, trim_label},
    text::{Reading, collapse, node_text},
};

/// Cells that are looked at.
const CELLS: usize = 1_500;

/// One draft of a page that is a table of labels and values.
pub(super) fn labels(html: &Html, plain: &Source) -> Source {
    let root = html.root_element();
    let mut best: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut note = |field: &str, rank: usize, locator: String| {
        if best.get(field).is_none_or(|(r, _)| rank < *r) {
            best.insert(field.to_owned(), (rank, locator));
        }
    };
    for cell in select(root, "th, td, dt").into_iter().take(CELLS).filter(|c| !is_furniture(*c)) {
        let text = text_of(cell);
        let label = trim_label(&text);
        let is_label = matches!(cell.value().name(), "th" | "dt") || text.ends_with(':');
        if !is_label || label.len() > 60 || label.contains(['"', '|']) || words::meaning(&label).is_none() {
            continue;
        }
        // Beside a header stands another header.
        let beside = |c: &&scraper::ElementRef<'_>| matches!(c.value().name(), "td" | "dd");
        let Some(value) = after_label(root, &label).first().filter(beside).map(|c| text_of(*c)).filter(|v| !v.is_empty()) else { continue };
        for field in ["number", "title", "date", "deadline", "stage", "version", "summary", "group"] {
            if let (Some(rank), Some(pipes)) = (words::rank(field, &label, true), pipes_of(field, std::slice::from_ref(&value), true)) {
                // `Title` is the title of the thing, `Series title` that of another.
                let other = if field == "title" && label.contains(' ') { 1_200 } else { 0 };
                note(field, other + rank, format!("label(\"{label}\"){pipes}"));
            }
        }
    }
    // Ids are given by people who know what stands there.
    for e in select(root, "[id]").into_iter().take(CELLS).filter(|e| !is_furniture(*e)) {
        let Some(id) = e.value().id().filter(|i| is_plain(i)) else { continue };
        if matches!(e.value().name(), "form" | "input" | "select" | "button" | "ul" | "ol" | "table" | "iframe" | "script" | "style" | "a")
        {
            continue;
        }
        note_named(&format!("#{id}"), id, &text_of(e), 500, &mut note);
    }
    for e in select(root, "[class]").into_iter().take(CELLS * 2).filter(|e| !is_furniture(*e)) {
        for class in e.value().classes().filter(|c| is_plain(c)) {
            if words::meaning(class).is_some() && first(root, &format!(".{class}")).is_some_and(|f| f.id() == e.id()) {
                note_named(&format!(".{class}"), class, &text_of(e), 800, &mut note);
            }
        }
    }
    if let Some(body) = first(root, "body") {
        for (label, value) in written(&node_text(body, &Reading { limit: 200_000, ..Reading::default() })) {
            for field in ["number", "date", "deadline", "stage", "version"] {
                if let (Some(rank), Some(pipes)) = (words::rank(field, &label, true), pipes_of(field, std::slice::from_ref(&value), true)) {
                    note(field, 1_000 + rank, format!("body | regex((?m)^\\s*{label}\\s*:\\s*(\\S.*?)\\s*$){pipes}"));
                }
            }
        }
    }
    for e in select(root, "meta[name][content], meta[property][content]").into_iter().take(200) {
        let (key, name) = if let Some(n) = e.attr("name") { ("name", n) } else { ("property", e.attr("property").unwrap_or_default()) };
        let value = e.attr("content").unwrap_or_default().trim().to_owned();
        if value.is_empty() || name.contains(['"', '|']) || name.contains("viewport") {
            continue;
        }
        let locator = format!("meta[{key}=\"{name}\"]@content");
        match name.to_lowercase().as_str() {
            "description" => note("summary", 2_000, locator),
            "og:title" => note("title", 3_000, locator),
            lower => {
                for field in ["number", "date", "stage"] {
                    if let (Some(rank), true, Some(pipes)) =
                        (words::rank(field, lower, true), value.len() <= 60, pipes_of(field, std::slice::from_ref(&value), true))
                    {
                        note(field, 1_500 + rank, format!("{locator}{pipes}"));
                    }
                }
            }
        }
    }
    if let Some(h1) = first(root, "h1").map(text_of).filter(|t| !t.is_empty()) {
        // A heading that is a number alone names nothing.
        let number = h1.len() <= 40 && words::are_numbers(&[h1.clone(), String::new()]);
        note("title", if number { 3_500 } else { 2_500 }, "h1".to_owned());
        if number {
            note("number", 2_000, "h1 | docnum".to_owned());
        }
    }
    note("title", 4_000, "head > title".to_owned());
    let fields = best.into_iter().map(|(k, (_, l))| (k, Field::Locator(l))).collect();
    Source { kind: SourceKind::Page, fields, url: plain.url.clone(), body: plain.body.clone(), ..Source::default() }
}

/// A field that an id or a class names: by the text, or by what stands behind a label in it (`Status : Published`).
fn note_named(css: &str, word: &str, value: &str, base: usize, note: &mut impl FnMut(&str, usize, String)) {
    if value.is_empty() || value.len() > 400 {
        return;
    }
    let inner =
        value.split_once(':').filter(|(l, v)| l.len() <= 40 && words::meaning(l).is_some() && !v.trim().is_empty()).map(|(_, v)| v.trim());
    for field in ["number", "title", "date", "deadline", "stage", "version"] {
        let Some(mut rank) = words::rank(field, word, true) else { continue };
        // Titles of windows, entries and boxes are those of parts of the page.
        let part = ["page", "modal", "entry", "site", "label", "block", "section", "box", "card", "widget", "panel", "tab"];
        if field == "title" && (css.starts_with('.') || part.iter().any(|p| word.to_lowercase().contains(p))) {
            rank += if word == "title" { 0 } else { 2_600 };
        }
        let text = inner.unwrap_or(value).to_owned();
        let short = text.len() <= if field == "title" { 300 } else { 60 };
        if let (true, Some(pipes)) = (short, pipes_of(field, std::slice::from_ref(&text), true)) {
            let cut = if inner.is_some() { " | regex((?s):\\s*(.+))" } else { "" };
            note(field, base + rank, format!("{css}{cut}{pipes}"));
        }
    }
}

/// Lines that say what they hold: `Status: In force`.
fn written(text: &str) -> Vec<(String, String)> {
    let Ok(line) = regex::Regex::new(r"(?m)^\s*([A-Z][A-Za-z]+(?: [A-Za-z]+){0,3})\s*:\s*(\S.{0,120}?)\s*$") else { return Vec::new() };
    line.captures_iter(text).take(300).map(|c| (c[1].to_owned(), collapse(&c[2]))).filter(|(l, _)| words::meaning(l).is_some()).collect()
}
