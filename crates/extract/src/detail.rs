//! The second request for a row: where it goes, what it read, and what it fills.

use std::io::Read;

use monitor_model::Entry;

use crate::{Extraction, Page, Recipe, extract, recipe::Piece};

/// Where the detail of a row stands; none when the source has no details, or the row lacks what the address is made of.
pub fn detail_address(recipe: &Recipe, row: &Entry) -> Option<String> {
    let detail = recipe.detail.as_ref()?;
    let mut out = String::new();
    for piece in &detail.url {
        match piece {
            Piece::Text(t) => out.push_str(t),
            Piece::Name { name, optional } => match value(row, name) {
                Some(v) => out.push_str(&v),
                None if *optional => {}
                None => return None,
            },
        }
    }
    Some(out).filter(|u| u.starts_with("http://") || u.starts_with("https://"))
}

/// The names of the fields that a detail fills and a row does not.
pub fn detail_fields(recipe: &Recipe) -> Vec<&str> {
    let Some(detail) = &recipe.detail else { return Vec::new() };
    let of_row = |name: &str| recipe.fields.iter().any(|f| f.name == name);
    detail.recipe.fields.iter().map(|f| f.name.as_str()).filter(|n| !of_row(n)).collect()
}

/// Reads a detail and fills the row with it. A detail that cannot be read leaves the row as it is.
pub fn detail(recipe: &Recipe, page: &Page<'_>, body: &mut dyn Read, row: &mut Entry) -> Extraction {
    let Some(detail) = &recipe.detail else { return Extraction::default() };
    let mut x = extract(&detail.recipe, page, body);
    if x.failed.is_none() && x.entries.is_empty() {
        let what = "nothing of the detail is on its page: it has changed, or this is another page";
        x = Extraction { complaints: x.complaints, ..Extraction::failed(monitor_model::ComplaintStage::Select, page, what) };
    }
    if x.failed.is_none()
        && let Some(read) = x.entries.first()
    {
        for field in &detail.recipe.fields {
            fill(row, read, &field.name);
        }
    }
    x
}

fn fill(row: &mut Entry, read: &Entry, name: &str) {
    let take = |to: &mut Option<String>, from: &Option<String>| {
        if from.is_some() {
            to.clone_from(from);
        }
    };
    match name {
        "title" if !read.title.is_empty() => row.title.clone_from(&read.title),
        "title" => {}
        "number" => take(&mut row.number, &read.number),
        "summary" => take(&mut row.summary, &read.summary),
        "url" => take(&mut row.url, &read.url),
        "stage" => take(&mut row.stage, &read.stage),
        "version" => take(&mut row.version, &read.version),
        "lang" => take(&mut row.lang, &read.lang),
        "group" => take(&mut row.group, &read.group),
        "source_key" => take(&mut row.source_key, &read.source_key),
        "published" if read.published.is_some() || read.date_raw.is_some() => {
            row.published = read.published;
            row.date_raw.clone_from(&read.date_raw);
        }
        "stage_date" if read.stage_date.is_some() => row.stage_date = read.stage_date,
        "deadline" if read.deadline.is_some() => row.deadline = read.deadline,
        "keywords" if !read.keywords.is_empty() => row.keywords.clone_from(&read.keywords),
        "kind" if read.kind.is_some() => row.kind = read.kind,
        "body" if !read.body.is_empty() => row.body.clone_from(&read.body),
        _ => {}
    }
    for name in [name.to_owned(), format!("{name}_raw")] {
        if let Some(text) = read.extra.get(&name) {
            row.extra.insert(name, text.clone());
        }
    }
}

fn value(row: &Entry, name: &str) -> Option<String> {
    let text = match name {
        "url" => row.url.clone(),
        "number" => row.number.clone(),
        "title" => Some(row.title.clone()).filter(|t| !t.is_empty()),
        "source_key" => row.source_key.clone(),
        "stage" => row.stage.clone(),
        "version" => row.version.clone(),
        "group" => row.group.clone(),
        "lang" => row.lang.clone(),
        "summary" => row.summary.clone(),
        "body" => Some(row.body.clone()),
        "date" | "published" => row.published.map(|d| d.to_string()),
        other => row.extra.get(other).cloned(),
    };
    text.filter(|t| !t.trim().is_empty())
}
