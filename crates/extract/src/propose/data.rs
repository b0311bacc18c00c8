//! Drafts for JSON and CSV: where the rows stand, and what their keys mean.

use std::collections::BTreeMap;

use monitor_model::{Field, Source};
use serde_json::Value;

use super::{separated, words};

/// Rows that are looked at.
const ROWS: usize = 50;

/// One draft for the longest list of objects.
pub(super) fn json(text: &str, plain: &Source) -> Vec<Source> {
    let first_lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(3).collect();
    let each_line = first_lines.len() >= 2 && first_lines.iter().all(|l| serde_json::from_str::<Value>(l).is_ok_and(|v| v.is_object()));
    if each_line {
        let rows: Vec<Value> = text.lines().take(ROWS).filter_map(|l| serde_json::from_str(l).ok()).collect();
        return vec![Source { lines: true, fields: of_rows(&rows.iter().collect::<Vec<_>>()), ..plain.clone() }];
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let mut found: Option<(String, &Vec<Value>)> = None;
    longest(&value, "$", 0, &mut found);
    let next = ["meta.next", "_links.next.href", "next", "links.next", "next_page_url"]
        .into_iter()
        .find(|p| crate::path::Path::parse(p).is_ok_and(|p| !p.texts(&value).is_empty()));
    let page = next.map(|n| monitor_model::Pages { next: Some(n.to_owned()), max: 20, ..Default::default() });
    match found {
        Some((path, list)) => {
            let rows: Vec<&Value> = list.iter().take(ROWS).collect();
            vec![Source { items: Some(format!("{path}[*]")), fields: of_rows(&rows), page, ..plain.clone() }]
        }
        None if value.is_object() => vec![Source { items: Some("$".to_owned()), fields: of_rows(&[&value]), ..plain.clone() }],
        None => Vec::new(),
    }
}

fn longest<'v>(value: &'v Value, path: &str, depth: usize, found: &mut Option<(String, &'v Vec<Value>)>) {
    match value {
        Value::Array(list) => {
            let objects = list.iter().filter(|v| v.is_object()).count();
            if objects * 2 > list.len() && found.as_ref().is_none_or(|(_, l)| list.len() > l.len()) {
                *found = Some((path.to_owned(), list));
            }
        }
        Value::Object(map) if depth < 4 => {
            for (k, v) in map {
                let plain = k.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !k.starts_with(|c: char| c.is_ascii_digit());
                let step = if plain { format!("{path}.{k}") } else { format!("{path}['{}']", k.replace('\'', "\\'")) };
                longest(v, &step, depth + 1, found);
            }
        }
        _ => {}
    }
}

/// The fields of rows, by what their keys mean.
fn of_rows(rows: &[&Value]) -> BTreeMap<String, Field> {
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for row in rows {
        let Value::Object(map) = row else { continue };
        for (k, v) in map {
            match v {
                // Texts in several languages, most often.
                Value::Object(inner) => {
                    for (k2, v2) in inner.iter().filter(|(_, v)| v.is_string()) {
                        note(&mut keys, &mut order, format!("{}.{}", quoted(k), quoted(k2)), v2);
                    }
                }
                v => note(&mut keys, &mut order, quoted(k), v),
            }
        }
    }
    let columns: Vec<(String, String, Vec<String>)> = order
        .into_iter()
        .filter_map(|k| {
            let texts = keys.remove(&k)?;
            Some((k.split('.').next().unwrap_or_default().trim_matches('"').to_owned(), k, texts))
        })
        .collect();
    choose(&columns)
}

fn note(keys: &mut BTreeMap<String, Vec<String>>, order: &mut Vec<String>, key: String, value: &Value) {
    let text = match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        _ => return,
    };
    if !keys.contains_key(&key) {
        order.push(key.clone());
    }
    keys.entry(key).or_default().push(text);
}

fn quoted(key: &str) -> String {
    if key.contains(['.', '[', ']', '|', '"']) { format!("\"{key}\"") } else { key.to_owned() }
}

/// One field for each meaning, out of columns: word, locator, texts.
pub(super) fn choose(columns: &[(String, String, Vec<String>)]) -> BTreeMap<String, Field> {
    let mut out: BTreeMap<String, Field> = BTreeMap::new();
    for (word, locator, texts) in columns {
        let is_url = texts.iter().filter(|t| t.starts_with("http://") || t.starts_with("https://") || t.starts_with('/')).count() * 10
            >= texts.len() * 7;
        if is_url && !texts.is_empty() {
            out.entry("url".to_owned()).or_insert_with(|| Field::Locator(format!("{locator} | absolute")));
            continue;
        }
        let Some(field) = words::meaning(word) else { continue };
        let text = match field {
            "date" | "deadline" => match words::date_pipes(texts) {
                Some(pipes) => format!("{locator}{pipes}"),
                None => continue,
            },
            "number" => format!("{locator} | docnum"),
            "summary" | "title" => format!("{locator} | text"),
            _ => locator.clone(),
        };
        out.entry(field.to_owned()).or_insert(Field::Locator(text));
    }
    // What no word says the texts may say.
    let used = |out: &BTreeMap<String, Field>, l: &str| {
        out.values().any(|f| matches!(f, Field::Locator(t) if t == l || t.starts_with(&format!("{l} |"))))
    };
    if !out.contains_key("number")
        && let Some((_, l, _)) = columns.iter().find(|(_, l, t)| !used(&out, l) && words::are_numbers(t))
    {
        out.insert("number".to_owned(), Field::Locator(format!("{l} | docnum")));
    }
    if !out.contains_key("date")
        && let Some((l, p)) = columns.iter().filter(|(_, l, _)| !used(&out, l)).find_map(|(_, l, t)| Some((l, words::date_pipes(t)?)))
    {
        out.insert("date".to_owned(), Field::Locator(format!("{l}{p}")));
    }
    if !out.contains_key("title") {
        let length = |t: &[String]| t.iter().map(|t| t.len().min(200)).sum::<usize>() / t.len().max(1);
        if let Some((_, l, _)) = columns.iter().filter(|(_, l, t)| !used(&out, l) && length(t) >= 8).max_by_key(|(_, _, t)| length(t)) {
            out.insert("title".to_owned(), Field::Locator(format!("{l} | text")));
        }
    }
    if !out.contains_key("stage")
        && let Some((_, l, _)) = columns.iter().find(|(_, l, t)| !used(&out, l) && words::are_stages(t))
    {
        out.insert("stage".to_owned(), Field::Locator(l.clone()));
    }
    out
}

/// One draft, when the first line is a header.
pub(super) fn csv(text: &str, plain: &Source) -> Option<Source> {
    let head = text.lines().find(|l| !l.trim().is_empty())?;
    let delimiter = [',', ';', '\t', '|'].into_iter().max_by_key(|d| head.matches(*d).count()).filter(|d| head.contains(*d))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(u8::try_from(delimiter).ok()?).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().ok()?.iter().map(|h| crate::text::collapse(h.trim_start_matches('\u{feff}'))).collect();
    let mut columns: Vec<(String, String, Vec<String>)> = header.iter().map(|h| (h.clone(), format!("\"{h}\""), Vec::new())).collect();
    for record in reader.records().take(ROWS).filter_map(Result::ok) {
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            column.2.push(cell.to_owned());
        }
    }
    Some(Source { csv: separated(delimiter), fields: choose(&columns), ..plain.clone() })
}
