//! Drafts for tables: by their header, and by what stands in their cells.

use monitor_model::{Field, Source};
use scraper::{ElementRef, Html};

use super::{
    columns::{Column, choose},
    page::{first, is_furniture, select, text_of, unique},
    paging::paging,
    words,
};

/// Tables that are looked at.
const TABLES: usize = 40;
/// Rows of each that are looked at.
const ROWS: usize = 60;
/// Rows among which a header is looked for.
const HEADER_WITHIN: usize = 5;

type Row<'a> = (ElementRef<'a>, Vec<ElementRef<'a>>);
/// A selector of rows, and which rows it selects.
type Choice<'f> = (String, &'f dyn Fn(&Row<'_>) -> bool);

/// One draft for each table that has rows.
pub(super) fn tables(html: &Html, address: &str, plain: &Source) -> Vec<Source> {
    let root = html.root_element();
    let page = paging(root, address);
    let tables: Vec<ElementRef<'_>> = select(root, "table").into_iter().filter(|t| !is_furniture(*t)).take(TABLES).collect();
    tables
        .into_iter()
        .filter_map(|t| draft(root, t).map(|d| Source { url: plain.url.clone(), body: plain.body.clone(), page: page.clone(), ..d }))
        .collect()
}

/// The rows of a table itself, without those of tables in its cells.
fn own_rows(table: ElementRef<'_>) -> Vec<Row<'_>> {
    let rows = select(table, ":scope > tr, :scope > thead > tr, :scope > tbody > tr, :scope > tfoot > tr").into_iter().take(ROWS);
    rows.map(|r| (r, r.child_elements().filter(|c| matches!(c.value().name(), "td" | "th")).collect())).collect()
}

fn draft(root: ElementRef<'_>, table: ElementRef<'_>) -> Option<Source> {
    let nested = first(table, "table").is_some();
    let rows = own_rows(table);
    let head = header(&rows);
    let width = match head {
        Some(n) => rows[n].1.len(),
        // The width that most rows have.
        None => rows.iter().map(|(_, r)| r.len()).filter(|n| *n > 1).max_by_key(|n| rows.iter().filter(|(_, r)| r.len() == *n).count())?,
    };
    // Where a cell stands for several rows, these lack it: their cells are counted from the end.
    let spans = rows.iter().any(|(_, r)| r.iter().take(2).any(|c| c.value().attr("rowspan").is_some_and(|n| n.trim() != "1")));
    let least = if spans { width.saturating_sub(2).max(2) } else { width };
    let is_body = |(n, (_, r)): &(usize, &Row<'_>)| {
        // A header may stand again between the rows.
        head.is_none_or(|h| *n > h && !speaks(r))
            && (least..=width).contains(&r.len())
            && r.iter().any(|c| c.value().name() == "td" && !text_of(*c).is_empty())
    };
    let body: Vec<&Row<'_>> = rows.iter().enumerate().filter(is_body).map(|(_, r)| r).collect();
    // A table of a few cells, each with half a page, lays out others.
    let long = body.iter().filter(|(r, _)| text_of(*r).len() > 1_500).count();
    if width < 2 || body.len() < 2 || long * 2 > body.len() {
        return None;
    }
    let scope = if nested { "> " } else { "" };
    let columns: Vec<Column> = (0..width)
        .map(|i| {
            let word = head.map(|h| text_of(rows[h].1[i])).unwrap_or_default();
            // A row may begin with a `th`.
            let tag = if body.iter().all(|(_, r)| cell(r, i, width).is_none_or(|c| c.value().name() == "td")) { "td" } else { "" };
            let locator =
                if spans { format!("{scope}{tag}:nth-last-child({})", width - i) } else { format!("{scope}{tag}:nth-child({})", i + 1) };
            Column { word, locator, texts: body.iter().map(|(_, r)| cell(r, i, width).map(text_of).unwrap_or_default()).collect() }
        })
        .collect();
    let mut fields = choose(&columns);
    let linked =
        |i: usize| body.iter().filter(|(_, r)| cell(r, i, width).is_some_and(|c| link(c).is_some())).count() * 10 >= body.len() * 6;
    // The link of the title, else that of the number, else any.
    let of_field = |name: &str| {
        let Some(Field::Locator(l)) = fields.get(name) else { return None };
        columns.iter().position(|c| l == &c.locator || l.starts_with(&format!("{} |", c.locator)))
    };
    let order = of_field("title").into_iter().chain(of_field("number")).chain(0..width);
    if let Some(i) = order.into_iter().find(|i| linked(*i)) {
        fields.insert("url".to_owned(), Field::Locator(format!("{} a@href | absolute", columns[i].locator)));
    }
    let item = item(&rows, &body, least, nested);
    Some(Source {
        kind: monitor_model::SourceKind::List,
        container: Some(unique(root, table)?),
        item: Some(item),
        fields,
        ..Source::default()
    })
}

/// The cell of a column; rows that lack the first columns are counted from the end.
fn cell<'a>(row: &[ElementRef<'a>], column: usize, width: usize) -> Option<ElementRef<'a>> {
    column.checked_sub(width - row.len().min(width)).and_then(|i| row.get(i)).copied()
}

fn link(cell: ElementRef<'_>) -> Option<&str> {
    first(cell, "a[href]").and_then(|a| a.attr("href")).filter(|h| !h.starts_with('#') && !h.starts_with("javascript:"))
}

/// Which row is the header: one of `th` alone, else the first whose cells say what they are.
fn header(rows: &[Row<'_>]) -> Option<usize> {
    let within = || rows.iter().enumerate().take(HEADER_WITHIN).filter(|(_, (_, r))| r.len() > 1);
    let all_th = within().filter(|(_, (_, r))| r.iter().all(|c| c.value().name() == "th")).max_by_key(|(n, (_, r))| (r.len(), *n));
    all_th.or_else(|| within().find(|(_, (_, r))| speaks(r))).map(|(n, _)| n)
}

/// Whether the cells of a row say what stands below them.
fn speaks(cells: &[ElementRef<'_>]) -> bool {
    let texts: Vec<String> = cells.iter().map(|c| text_of(*c)).collect();
    let meant = texts.iter().filter(|t| t.len() <= 40 && words::meaning(t).is_some()).count();
    meant >= 2 && meant * 2 >= texts.iter().filter(|t| !t.is_empty()).count()
}

/// The shortest selector of the rows that leaves out the header and rows of other widths.
fn item(rows: &[Row<'_>], body: &[&Row<'_>], width: usize, nested: bool) -> String {
    let (tr, cell) = if nested { ("> tbody > tr", "> ") } else { ("tr", "") };
    let is_body = |row: &Row<'_>| body.iter().any(|(b, _)| b.id() == row.0.id());
    let has = |inner: &str| format!("{tr}:has({cell}{inner})");
    let td = |row: &Row<'_>| row.1.iter().any(|c| c.value().name() == "td");
    let tests: [Choice<'_>; 4] = [
        (has("td"), &td),
        (has(&format!("td:nth-child({width})")), &|r| r.1.get(width - 1).is_some_and(|c| c.value().name() == "td")),
        (has("td a[href]"), &|r| r.1.iter().any(|c| c.value().name() == "td" && first(*c, "a[href]").is_some())),
        (has(&format!("td:nth-child({width}):not(:empty)")), &|r| r.1.get(width - 1).is_some_and(|c| c.value().name() == "td")),
    ];
    for (css, fits) in &tests {
        let wrong = rows.iter().filter(|r| fits(r) != is_body(r)).count();
        // A row of another width between the others costs nothing but itself.
        if wrong == 0 {
            return css.clone();
        }
    }
    // The header is one of the rows: what stands behind it.
    let before = rows.iter().position(is_body).unwrap_or(0);
    let (parent, at) = (rows[before].0.parent().map(|p| p.id()), rows[before].0);
    let behind = at.prev_siblings().filter_map(ElementRef::wrap).count();
    let whole = rows.iter().all(|(r, _)| r.parent().map(|p| p.id()) == parent);
    if behind > 0 && whole {
        return format!("{tr}:nth-child(n+{}):has({cell}td:nth-child({width}))", behind + 1);
    }
    tests[1].0.clone()
}
