//! Kind `json`: one document with a JSONPath, or JSON Lines, streamed.

use std::io::{BufRead, BufReader, Read};

use monitor_model::{ComplaintStage, Format};
use serde_json::Value;

use crate::{
    Container, Extraction, Page, Recipe,
    charset::decode,
    flood,
    html::take,
    locate::{Found, Locator},
    next,
    notes::shorten,
    path::Path,
    recipe::Place,
    row::{Builder, Row},
};

struct JsonRow<'v>(&'v Value);

impl Row for JsonRow<'_> {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        match locator {
            Locator::Path(p) => Found::Texts(p.texts(self.0)),
            _ => Found::none(),
        }
    }

    fn raw(&self, key: &str) -> Option<Vec<String>> {
        let path = Path::parse(key).ok()?;
        if path.find(self.0).is_empty() { None } else { Some(path.texts(self.0)) }
    }
}

/// One JSON document.
pub(crate) fn document(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let decoded = decode(bytes, page.media_type);
    let text = decoded.text.trim();
    if recipe.format == Format::Json
        && let Some(what) = flood::of_values(text)
    {
        return Extraction::failed(ComplaintStage::Parse, page, what);
    }
    let read = match recipe.format {
        Format::Json => serde_json::from_str(text).map_err(|e| not_json(text, bytes.len(), &e)),
        Format::Yaml if text.is_empty() => Err("the answer is empty".to_owned()),
        Format::Yaml if text.starts_with("<") => Err(format!("this is markup, not YAML ({} bytes)", bytes.len())),
        Format::Yaml => crate::yaml::read(text).map_err(|e| format!("this is not YAML: {e} ({} bytes)", bytes.len())),
    };
    let value: Value = match read {
        Ok(v) => v,
        Err(what) => return Extraction::failed(ComplaintStage::Parse, page, what),
    };
    let mut builder = Builder::new(recipe, page.final_url);
    if let Some(note) = decoded.note {
        builder.notes.add(ComplaintStage::Decode, note, String::new);
    }
    let mut out = Extraction::default();
    let rows = match &recipe.items {
        // The document is the one entry, or the list of them.
        None => spread(vec![&value]),
        Some(path) => {
            let found = path.it.query(&value).all();
            if !is_there(recipe, &value, &found) {
                let keys = match &value {
                    Value::Object(map) => map.keys().take(8).map(String::as_str).collect::<Vec<_>>().join(", "),
                    Value::Array(_) => "a list".to_owned(),
                    other => shorten(&other.to_string()),
                };
                let what = format!("“{}” is not in the document ({} bytes, it holds {keys})", path.text, bytes.len());
                return Extraction { container: Container::Missing, ..Extraction::failed(ComplaintStage::Select, page, what) };
            }
            out.container = Container::Found;
            // `$[*]` of lists in a list gives lists, and each is a row.
            if recipe.parent.is_some() { found } else { spread(found) }
        }
    };
    for (n, row) in rows.into_iter().enumerate() {
        take(&mut builder, &JsonRow(row), n, &mut out);
    }
    let first = |place: &Option<Place>| match place {
        Some(Place::Path(p)) => p.texts(&value).into_iter().next(),
        _ => None,
    };
    out.total = first(&recipe.total).and_then(|t| next::count(&t));
    next::add(recipe, page, builder.base.as_ref(), first(&recipe.next), &mut out);
    out.complaints = builder.complaints(page.url);
    out
}

/// A list that a path leads to stands for its members.
fn spread(found: Vec<&Value>) -> Vec<&Value> {
    found
        .into_iter()
        .flat_map(|v| match v {
            Value::Array(list) => list.iter().collect::<Vec<_>>(),
            v => vec![v],
        })
        .collect()
}

/// A found, empty list is empty; a list that is not there is a failure, and so is an error object in its place.
fn is_there(recipe: &Recipe, value: &Value, found: &[&Value]) -> bool {
    let Some(parent) = &recipe.parent else { return !found.is_empty() };
    let lists = parent.query(value).all();
    lists.iter().any(|l| l.is_array()) || found.iter().any(|v| v.is_object())
}

/// Why a text is no JSON, with the likely reason.
fn not_json(text: &str, bytes: usize, e: &serde_json::Error) -> String {
    if text.is_empty() {
        "the answer is empty".to_owned()
    } else if text.starts_with('<') {
        format!("this is markup, not JSON ({bytes} bytes, begins “{}”)", shorten(&text.chars().take(200).collect::<String>()))
    } else {
        format!("this is not JSON: {e} ({bytes} bytes)")
    }
}

/// JSON Lines: one line in memory at a time.
pub(crate) fn lines(recipe: &Recipe, page: &Page<'_>, body: &mut dyn Read) -> Extraction {
    let mut reader = BufReader::with_capacity(256 << 10, body);
    let mut builder = Builder::new(recipe, page.final_url);
    let mut out = Extraction::default();
    let (mut line, mut n, mut good, mut bad) = (Vec::new(), 0usize, false, 0u64);
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(e) => {
                builder.notes.add(ComplaintStage::Decode, "the body ends early", || format!("after line {n}: {e}"));
                break;
            }
        }
        n += 1;
        let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| n == 1).unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            continue;
        }
        if n == 1 && text.starts_with(b"<") {
            return Extraction::failed(ComplaintStage::Parse, page, "this is markup, not JSON Lines");
        }
        let value = match serde_json::from_slice::<Value>(text) {
            Ok(v) => Ok(v),
            // Broken UTF-8 in one text does not cost the row.
            Err(_) if std::str::from_utf8(text).is_err() => {
                builder.notes.add(ComplaintStage::Decode, "a line is not UTF-8", || format!("line {n}"));
                serde_json::from_str(&String::from_utf8_lossy(text))
            }
            Err(e) => Err(e),
        };
        match value {
            Ok(v) => {
                good = true;
                take(&mut builder, &JsonRow(&v), n - 1, &mut out);
            }
            Err(e) => {
                bad += 1;
                out.rejected += 1;
                builder.notes.add(ComplaintStage::Parse, "a line is not JSON", || format!("line {n}: {e}"));
            }
        }
    }
    if !good {
        let what = if bad == 0 { "the answer is empty".to_owned() } else { format!("none of {bad} lines is JSON") };
        return Extraction { complaints: builder.complaints(page.url), ..Extraction::failed(ComplaintStage::Parse, page, what) };
    }
    next::add(recipe, page, builder.base.as_ref(), None, &mut out);
    out.complaints = builder.complaints(page.url);
    out
}
