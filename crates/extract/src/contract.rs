use std::collections::BTreeMap;

use monitor_model::{Entry, Expect};

use crate::Extraction;

/// What all pages of a source gave together, as far as its contract asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries.
    pub rows: u64,
    /// Entries in which a field is filled.
    pub filled: BTreeMap<String, u64>,
    /// `csv`: the header of the last page.
    pub columns: Vec<String>,
}

impl Tally {
    /// Adds a page.
    pub fn add(&mut self, page: &Extraction) {
        for e in &page.entries {
            self.add_entry(e);
        }
        if !page.columns.is_empty() {
            self.columns.clone_from(&page.columns);
        }
    }

    /// Adds an entry.
    pub fn add_entry(&mut self, e: &Entry) {
        self.rows += 1;
        for name in Entry::FIELDS.into_iter().chain(e.extra.keys().map(String::as_str)) {
            if e.field(name).is_some() {
                match self.filled.get_mut(name) {
                    Some(rows) => *rows += 1,
                    None => drop(self.filled.insert(name.to_owned(), 1)),
                }
            }
        }
    }

    /// The share of entries in which a field is filled; 1 when there are none.
    pub fn fill(&self, field: &str) -> f64 {
        let name = if field == "date" { "published" } else { field };
        if self.rows == 0 {
            return 1.0;
        }
        *self.filled.get(name).unwrap_or(&0) as f64 / self.rows as f64
    }
}

/// Whether a clause of the contract holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Ok,
    /// It does not.
    Broken,
}

impl Verdict {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Broken => "broken",
        }
    }
}

/// Judges what a source gave: one line per clause (`min_items`, `max_items`, `fill.<field>`, `columns`) with its explanation.
///
/// `fresh` needs memory and is judged elsewhere.
pub fn contract(expect: &Expect, tally: &Tally) -> Vec<(String, Verdict, String)> {
    let mut out = Vec::new();
    let mut clause = |name: String, holds: bool, why: String| out.push((name, if holds { Verdict::Ok } else { Verdict::Broken }, why));
    if let Some(min) = expect.min_items {
        clause("min_items".into(), tally.rows >= min, format!("{} rows, at least {min} expected", tally.rows));
    }
    if let Some(max) = expect.max_items {
        clause("max_items".into(), tally.rows <= max, format!("{} rows, at most {max} expected", tally.rows));
    }
    for (field, share) in &expect.fill {
        let got = tally.fill(field);
        // 0.95 of 20 rows is 19 rows, whatever the floating point says.
        let holds = got + 1e-9 >= *share;
        clause(
            format!("fill.{field}"),
            holds,
            format!("{field} is filled in {:.0} % of the rows, at least {:.0} % expected", got * 100.0, share * 100.0),
        );
    }
    if !expect.columns.is_empty() {
        let missing: Vec<&str> = expect.columns.iter().filter(|c| !tally.columns.contains(c)).map(String::as_str).collect();
        let why = if missing.is_empty() { "all columns are there".to_owned() } else { format!("columns missing: {}", missing.join(", ")) };
        clause("columns".into(), missing.is_empty(), why);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_is_judged() {
        let expect = Expect {
            min_items: Some(2),
            max_items: Some(2),
            fill: [("title".to_owned(), 1.0), ("date".to_owned(), 0.5)].into(),
            columns: vec!["A".into(), "B".into()],
            ..Expect::default()
        };
        let mut tally = Tally { columns: vec!["A".into()], ..Tally::default() };
        for (title, date) in [("x", Some("2026")), ("y", None), ("", None)] {
            tally.add_entry(&Entry { title: title.into(), published: date.and_then(|d| d.parse().ok()), ..Entry::default() });
        }
        let words: Vec<String> = contract(&expect, &tally).iter().map(|(n, v, _)| format!("{n}:{}", v.as_str())).collect();
        assert_eq!(words, ["min_items:ok", "max_items:broken", "fill.date:broken", "fill.title:broken", "columns:broken"]);
    }
}
