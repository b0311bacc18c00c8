//! How the documents of an answer part by body, topic, stage, kind and year.

use std::{collections::BTreeMap, io::Write};

use monitor_model::{Document, When};
use serde_json::{Map, Value, json};

use crate::{
    cli::Rows,
    exit::{Exit, Outcome},
    output,
};

/// Rows of one facet that a table shows.
const SHOWN: usize = 12;

/// Counts, facet by facet.
#[derive(Default)]
pub(super) struct Facets {
    documents: usize,
    by: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

impl Facets {
    pub(super) fn add(&mut self, d: &Document) {
        self.documents += 1;
        self.one("body", &d.body);
        self.one("kind", d.kind.as_str());
        self.one("stage", d.stage_code().as_str());
        self.one("relevance", d.relevance.as_str());
        for t in &d.topics {
            self.one("topic", t.id.as_str());
        }
        let day = d.published.unwrap_or(When::Instant(d.first_seen)).first_day();
        self.one("year", &format!("{:04}", day.year()));
    }

    fn one(&mut self, facet: &'static str, value: &str) {
        *self.by.entry(facet).or_default().entry(value.to_owned()).or_default() += 1;
    }

    /// The values of a facet: years newest first, all else most frequent first.
    fn sorted(&self, facet: &str) -> Vec<(&str, usize)> {
        let mut rows: Vec<(&str, usize)> = self.by.get(facet).into_iter().flatten().map(|(v, n)| (v.as_str(), *n)).collect();
        if facet == "year" {
            rows.reverse();
        } else {
            rows.sort_by_key(|(v, n)| (std::cmp::Reverse(*n), *v));
        }
        rows
    }

    pub(super) fn print(&self, format: Rows) -> Outcome {
        let mut out = output::stdout();
        match format {
            Rows::Json | Rows::Jsonl => {
                let facets: Map<String, Value> = self
                    .by
                    .keys()
                    .map(|f| {
                        let rows: Vec<Value> = self.sorted(f).into_iter().map(|(v, n)| json!({"value": v, "documents": n})).collect();
                        ((*f).to_owned(), Value::Array(rows))
                    })
                    .collect();
                output::json_line(&mut out, &json!({"documents": self.documents, "facets": facets}))?;
            }
            Rows::Csv => {
                output::csv_row(&mut out, &["facet", "value", "documents"].map(str::to_owned))?;
                for facet in self.by.keys() {
                    for (value, n) in self.sorted(facet) {
                        output::csv_row(&mut out, &[(*facet).to_owned(), value.to_owned(), n.to_string()])?;
                    }
                }
            }
            Rows::Table => {
                let mut rows = Vec::new();
                for facet in self.by.keys() {
                    let all = self.sorted(facet);
                    rows.extend(all.iter().take(SHOWN).map(|(v, n)| vec![(*facet).to_owned(), (*v).to_owned(), n.to_string()]));
                    if all.len() > SHOWN {
                        rows.push(vec![(*facet).to_owned(), format!("and {} more", all.len() - SHOWN), String::new()]);
                    }
                }
                output::table(&mut out, &["facet", "value", "documents"], rows)?;
            }
        }
        out.flush()?;
        Ok(Exit::Done)
    }
}
