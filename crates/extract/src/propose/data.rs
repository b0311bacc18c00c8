//! Drafts for JSON, YAML, CSV, XML and workbooks: where the rows stand, and what their keys mean.

use std::collections::BTreeMap;

use monitor_model::{Field, Format, Pages, SheetOptions, Source, SourceKind};
use serde_json::Value;
use url::Url;

use super::{
    columns::{Column, choose},
    separated,
};
use crate::elements::{ROOT, Tree};

/// Rows that are looked at.
const ROWS: usize = 50;
/// Objects within objects that are looked at.
const DEPTH: usize = 4;

/// Drafts for JSON: one for the longest list of objects, else the document itself.
pub(super) fn json(text: &str, plain: &Source) -> Vec<Source> {
    let plain = Source { kind: SourceKind::Json, ..plain.clone() };
    let first_lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(3).collect();
    let each_line = first_lines.len() >= 2 && first_lines.iter().all(|l| serde_json::from_str::<Value>(l).is_ok_and(|v| v.is_object()));
    if each_line {
        let rows: Vec<Value> = text.lines().take(ROWS).filter_map(|l| serde_json::from_str(l).ok()).collect();
        return vec![Source { lines: true, fields: of_rows(&rows.iter().collect::<Vec<_>>()), ..plain }];
    }
    serde_json::from_str::<Value>(text).map(|value| of_value(&value, &plain)).unwrap_or_default()
}

/// The same for YAML.
pub(super) fn yaml(text: &str, plain: &Source) -> Vec<Source> {
    let plain = Source { kind: SourceKind::Json, format: Format::Yaml, ..plain.clone() };
    match crate::yaml::read(text) {
        Ok(value) if value.is_object() || value.is_array() => of_value(&value, &plain),
        _ => Vec::new(),
    }
}

fn of_value(value: &Value, plain: &Source) -> Vec<Source> {
    let mut lists: Vec<(String, Vec<&Value>)> = Vec::new();
    walk(value, "$", 0, &mut lists);
    lists.sort_by_key(|(_, l)| std::cmp::Reverse(l.len()));
    let next = ["meta.next", "_links.next.href", "next", "links.next", "next_page_url", "nextLink", "paging.next", "pagination.next"];
    let next = next.into_iter().find(|p| crate::path::Path::parse(p).is_ok_and(|p| !p.texts(value).is_empty()));
    let page = next.map(|n| Pages { next: Some(n.to_owned()), max: 20, ..Pages::default() });
    let mut out: Vec<Source> = lists
        .into_iter()
        .take(4)
        .map(|(path, rows)| {
            let page = page.clone().or_else(|| by_parameter(plain.url.as_deref().unwrap_or_default(), rows.len()));
            let rows: Vec<&Value> = rows.into_iter().take(ROWS).collect();
            Source { items: Some(path), fields: of_rows(&rows), page, ..plain.clone() }
        })
        .collect();
    if value.is_object() {
        let fields = of_rows(&[value]);
        if !fields.is_empty() {
            out.push(Source { items: Some("$".to_owned()), fields, ..plain.clone() });
        }
    }
    out
}

/// An address that says which page or row it begins with goes on by it.
fn by_parameter(url: &str, rows: usize) -> Option<Pages> {
    let url = Url::parse(url).ok()?;
    let (param, start) = url.query_pairs().find_map(|(k, v)| {
        let counts = ["page", "offset", "start", "skip", "pageindex"].iter().any(|w| k.eq_ignore_ascii_case(w));
        v.parse::<i64>().ok().filter(|_| counts).map(|n| (k.into_owned(), n))
    })?;
    let of_rows = !param.to_lowercase().starts_with("page");
    let step = if of_rows { i64::try_from(rows).ok().filter(|n| *n > 1) } else { None };
    Some(Pages { param: Some(param), start, step, max: 20, ..Pages::default() })
}

/// Lists of objects, by their JSONPath.
fn walk<'v>(value: &'v Value, path: &str, depth: usize, found: &mut Vec<(String, Vec<&'v Value>)>) {
    match value {
        Value::Array(list) => {
            let objects: Vec<&Value> = list.iter().filter(|v| v.is_object()).collect();
            if objects.len() * 2 > list.len() {
                found.push((format!("{path}[*]"), objects));
            }
        }
        Value::Object(map) if depth < DEPTH => {
            // Rows by their key: `{"CVE-1": {…}, "CVE-2": {…}}`.
            let keyed = map.values().filter(|v| v.as_object().is_some_and(|o| o.len() >= 2)).count();
            if keyed >= 4 && keyed == map.len() {
                found.push((format!("{path}.*"), map.values().collect()));
                return;
            }
            for (k, v) in map {
                let plain = k.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !k.starts_with(|c: char| c.is_ascii_digit());
                let step = if plain { format!("{path}.{k}") } else { format!("{path}['{}']", k.replace('\'', "\\'")) };
                walk(v, &step, depth + 1, found);
            }
        }
        _ => {}
    }
}

/// The fields of rows, by what their keys mean.
fn of_rows(rows: &[&Value]) -> BTreeMap<String, Field> {
    let mut order: Vec<(String, String)> = Vec::new();
    for row in rows {
        keys(row, "", "", 0, &mut order);
    }
    let read = |locator: &str, row: &Value| {
        crate::path::Path::parse(locator).map(|p| p.texts(row).into_iter().next().unwrap_or_default()).unwrap_or_default()
    };
    let columns: Vec<Column> = order
        .into_iter()
        .take(200)
        .map(|(word, locator)| Column { texts: rows.iter().map(|r| read(&locator, r)).collect(), word, locator })
        .collect();
    choose(&columns)
}

/// Paths to the texts and numbers of a row, each with the words of its keys.
fn keys(value: &Value, path: &str, word: &str, depth: usize, out: &mut Vec<(String, String)>) {
    let Value::Object(map) = value else { return };
    // Texts in several languages: English, or the first.
    let languages = map.len() >= 2 && map.keys().all(|k| k.len() == 2 && k.bytes().all(|b| b.is_ascii_lowercase()));
    for (n, (k, v)) in map.iter().enumerate() {
        if k.contains(['.', '[', ']', '|', '"'])
            || languages && map.contains_key("en") && k != "en"
            || languages && !map.contains_key("en") && n > 0
        {
            continue;
        }
        let inner = if path.is_empty() { k.clone() } else { format!("{path}.{k}") };
        // What a key stands in says as much as the key, but for languages and the like.
        let said = if languages || matches!(k.as_str(), "en" | "value" | "text" | "rendered" | "translations" | "content") {
            word.to_owned()
        } else {
            k.clone()
        };
        match v {
            Value::String(_) | Value::Number(_) if !out.iter().any(|(_, l)| *l == inner) => out.push((said, inner)),
            Value::Object(_) if depth < DEPTH => keys(v, &inner, &said, depth + 1, out),
            // `title: [{content: …}]`
            Value::Array(list) if depth < DEPTH => {
                let content = list
                    .first()
                    .and_then(Value::as_object)
                    .and_then(|o| ["content", "value", "text"].into_iter().find(|c| o.get(*c).is_some_and(Value::is_string)));
                if let Some(c) = content {
                    out.push((said, format!("{inner}.{c}")));
                }
            }
            _ => {}
        }
    }
}

/// One draft, when the first line is a header.
pub(super) fn csv(text: &str, plain: &Source) -> Option<Source> {
    // A line of its own may say the delimiter; the reader passes it over.
    let says = |l: &&str| l.trim_start_matches('\u{feff}').get(..4).is_some_and(|s| s.eq_ignore_ascii_case("sep=")) && l.len() <= 9;
    let head = text.lines().find(|l| !l.trim().is_empty() && !says(l))?;
    let text = &text[head.as_ptr() as usize - text.as_ptr() as usize..];
    let delimiter = [',', ';', '\t', '|'].into_iter().max_by_key(|d| head.matches(*d).count()).filter(|d| head.contains(*d))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(u8::try_from(delimiter).ok()?).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().ok()?.iter().map(|h| crate::text::collapse(h.trim_start_matches('\u{feff}'))).collect();
    let mut columns: Vec<Column> =
        header.iter().map(|h| Column { word: h.clone(), locator: format!("\"{h}\""), texts: Vec::new() }).collect();
    for record in reader.records().take(ROWS).filter_map(Result::ok) {
        for (n, column) in columns.iter_mut().enumerate() {
            column.texts.push(record.get(n).unwrap_or_default().to_owned());
        }
    }
    // A quote in a name would end it.
    columns.retain(|c| !c.word.is_empty() && !c.word.contains(['"', '|']));
    Some(Source { kind: SourceKind::Csv, csv: separated(delimiter), fields: choose(&columns), ..plain.clone() })
}

/// One draft for each kind of element that repeats and holds others.
pub(super) fn xml(text: &str, plain: &Source) -> Vec<Source> {
    let Ok(tree) = Tree::parse(text) else { return Vec::new() };
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut open: Vec<(usize, String, usize)> = tree.children(ROOT).map(|n| (n, tree.name(n).to_owned(), 0)).collect();
    let mut seen = 0;
    while let Some((node, path, depth)) = open.pop() {
        seen += 1;
        if seen > 200_000 || depth > 6 {
            continue;
        }
        if tree.children(node).count() >= 2 || tree.attributes(node).count() >= 2 {
            kinds.entry(path.clone()).or_default().push(node);
        }
        open.extend(tree.children(node).map(|n| (n, format!("{path}/{}", tree.name(n)), depth + 1)));
    }
    let mut kinds: Vec<(String, Vec<usize>)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(path, nodes)| (std::cmp::Reverse(nodes.len()), path.len()));
    kinds.into_iter().take(4).filter_map(|(path, nodes)| element_draft(&tree, &path, &nodes, plain)).collect()
}

fn element_draft(tree: &Tree, path: &str, nodes: &[usize], plain: &Source) -> Option<Source> {
    let mut order: Vec<(String, String)> = Vec::new();
    let mut note = |word: &str, locator: String| {
        if !order.iter().any(|(_, l)| *l == locator) {
            order.push((word.to_owned(), locator));
        }
    };
    for node in nodes.iter().take(8) {
        tree.attributes(*node).for_each(|(k, _)| note(k, format!("@{k}")));
        for kid in tree.children(*node) {
            let name = tree.name(kid);
            note(name, name.to_owned());
            tree.attributes(kid).for_each(|(k, _)| note(if k == "href" { "link" } else { name }, format!("{name}@{k}")));
            tree.children(kid).for_each(|k| note(tree.name(k), format!("{name}/{}", tree.name(k))));
        }
    }
    let rows: Vec<usize> = nodes.iter().rev().take(ROWS).copied().collect();
    let mut columns = Vec::new();
    for (word, locator) in order.into_iter().take(100) {
        let at = crate::elements::ElementPath::parse(&locator).ok()?;
        let texts = rows.iter().map(|n| tree.texts(*n, &at).into_iter().next().unwrap_or_default()).collect();
        columns.push(Column { word, locator, texts });
    }
    let fields = choose(&columns);
    (!fields.is_empty()).then(|| Source { kind: SourceKind::Xml, item: Some(path.to_owned()), fields, ..plain.clone() })
}

/// One draft for each sheet of a workbook that has a header.
pub(super) fn sheets(bytes: &[u8], plain: &Source) -> Vec<Source> {
    let mut out = Vec::new();
    for (n, (name, rows)) in crate::sheet::glance(bytes, ROWS + 20).into_iter().take(10).enumerate() {
        // The header is the fullest of the first rows whose cells are words.
        let words =
            |r: &&(u32, BTreeMap<u32, String>)| r.1.values().filter(|t| t.chars().any(char::is_alphabetic) && t.len() <= 60).count();
        let Some((at, header)) = rows.iter().take(20).max_by_key(|r| (words(r), std::cmp::Reverse(r.0))) else { continue };
        if header.len() < 2 {
            continue;
        }
        let columns: Vec<Column> = header
            .iter()
            .filter(|(_, h)| !h.contains(['"', '|']))
            .map(|(i, h)| Column {
                word: h.clone(),
                locator: format!("\"{h}\""),
                texts: rows.iter().filter(|(r, _)| r > at).map(|(_, cells)| cells.get(i).cloned().unwrap_or_default()).collect(),
            })
            .collect();
        let xlsx = SheetOptions { sheet: Some(name).filter(|_| n > 0), header: Some(at + 1).filter(|h| *h > 1) };
        out.push(Source { kind: SourceKind::Xlsx, xlsx, fields: choose(&columns), ..plain.clone() });
    }
    out
}
