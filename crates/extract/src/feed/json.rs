//! JSON Feed, as it should be and as it comes.

use serde_json::{Map, Value};

use super::{Feed, Item, plain};
use crate::text::collapse;

/// Reads a JSON Feed. `strict` is asked first, and believed if it loses no item.
pub(super) fn parse(text: &str, strict: impl FnOnce() -> Result<Feed, String>) -> Result<Feed, String> {
    if let Some(what) = crate::flood::of_values(text) {
        return Err(what);
    }
    // What follows the first value is passed over.
    let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
    let value = match first {
        Some(Ok(v)) => v,
        Some(Err(e)) => return Err(format!("JSON that cannot be read: {e}")),
        None => return Err("no JSON".to_owned()),
    };
    let is_feed = value.get("version").and_then(Value::as_str).is_some_and(|v| v.contains("jsonfeed"))
        || ["title", "home_page_url", "feed_url"].iter().any(|k| value.get(k).is_some_and(Value::is_string));
    let Some(items) = value.get("items").and_then(Value::as_array).filter(|_| is_feed) else {
        return Err("JSON, but no JSON Feed: it has no list “items”, or no title and no version".to_owned());
    };
    match strict() {
        Ok(feed) if feed.items.len() == items.len() => Ok(feed),
        _ => Ok(Feed {
            items: items.iter().filter_map(Value::as_object).map(item).collect(),
            lost: items.iter().filter(|i| !i.is_object()).count() as u64,
            language: value.get("language").and_then(Value::as_str).map(str::to_owned),
            next: value.get("next_url").and_then(Value::as_str).map(str::to_owned),
            mended: vec!["it is no JSON Feed of a known version"],
            ..Feed::default()
        }),
    }
}

fn item(map: &Map<String, Value>) -> Item {
    // Ids are numbers where they should be texts.
    let text = |key: &str| match map.get(key)? {
        Value::String(s) => Some(collapse(s)).filter(|t| !t.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    };
    let names = |v: &Value| v.get("name").and_then(Value::as_str).map(collapse);
    let html = |key: &str| map.get(key).and_then(Value::as_str).map(|t| plain(t, true)).filter(|t| !t.is_empty());
    Item {
        title: text("title").map(|t| plain(&t, false)).unwrap_or_default(),
        link: text("url").or_else(|| text("external_url")),
        id: text("id").unwrap_or_default(),
        published: text("date_published"),
        updated: text("date_modified"),
        summary: text("summary"),
        content: text("content_text").or_else(|| html("content_html")),
        authors: map
            .get("authors")
            .and_then(Value::as_array)
            .map(|a| a.iter().filter_map(names).collect())
            .or_else(|| map.get("author").and_then(names).map(|n| vec![n]))
            .unwrap_or_default(),
        categories: map
            .get("tags")
            .and_then(Value::as_array)
            .map(|t| t.iter().filter_map(Value::as_str).map(collapse).collect())
            .unwrap_or_default(),
        ..Item::default()
    }
}
