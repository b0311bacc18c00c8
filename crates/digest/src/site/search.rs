//! The search: an index as a script, because a page opened from a disk may not read files by any other way.

use minijinja::context;
use serde_json::json;

use super::{
    SiteTemplates,
    model::{Model, body_name},
    names,
    pages::{Files, frame},
};
use crate::DigestError;

pub(super) fn all(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let topic_ids: Vec<&str> = m.input.topics.iter().map(|t| t.id.as_str()).collect();
    let labels: Vec<String> = m.input.topics.iter().map(|t| t.label.clone()).collect();
    let mut bodies: Vec<String> = m.documents.iter().map(|d| body_name(d)).collect();
    bodies.sort();
    bodies.dedup();
    let mut rows: Vec<(jiff::civil::Date, serde_json::Value)> = m
        .documents
        .iter()
        .map(|d| {
            let r = m.row(d);
            let topics: Vec<usize> = d.topics.iter().filter_map(|t| topic_ids.iter().position(|x| *x == t.id.as_str())).collect();
            let body = bodies.binary_search(&r.body).unwrap_or_default();
            let row = json!([
                names::of_key(d.document.as_str()),
                crate::clean::clean(r.number.as_deref().unwrap_or_default()),
                r.title,
                body,
                r.code,
                r.date,
                topics,
                r.kind,
                r.lang.unwrap_or_default(),
                d.keywords.iter().take(8).map(|k| crate::clean::clip(k, 40)).collect::<Vec<_>>().join(" "),
                u8::from(r.seen),
            ]);
            (super::model::date_of(d).0, row)
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1[0].as_str().cmp(&b.1[0].as_str())));
    let mut script = String::from("window.monitorIndex={\"topics\":");
    script.push_str(&js(&json!(labels)));
    script.push_str(",\"bodies\":");
    script.push_str(&js(&json!(bodies)));
    script.push_str(",\"rows\":[\n");
    for (i, (_, row)) in rows.iter().enumerate() {
        script.push_str(&js(row));
        script.push_str(if i + 1 < rows.len() { ",\n" } else { "\n" });
    }
    script.push_str("]};\n");
    files.insert("search-index.js".to_owned(), script.into_bytes());
    files.insert("search.js".to_owned(), templates.plain("search.js"));
    let stages: Vec<&str> = monitor_model::StageCode::ALL.iter().map(|s| s.as_str()).collect();
    let more = context! { bodies, topics => labels, stages, count => rows.len(), left_out => m.left_out };
    files.insert("search.html".to_owned(), templates.page("search.html", frame(m, "search.html", more))?);
    Ok(())
}

/// JSON that may stand in a script, wherever it is put.
fn js(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
