//! How good a draft is: many rows in which much is filled are better than few, or than many names without more.

use std::collections::BTreeSet;

use monitor_model::{Entry, SourceKind};

use super::Proposal;

/// What a link says that leads to every row alike.
const EMPTY_WORDS: [&str; 10] =
    ["learn more", "read more", "more", "details", "view", "download", "add to cart", "here", "english", "view details"];

pub(super) fn worth(p: &Proposal) -> f64 {
    let share = |name: &str| p.fill.get(name).copied().unwrap_or_default();
    if p.source.kind == SourceKind::Page || p.source.items.as_deref() == Some("$") {
        let strong =
            ["number", "date", "stage", "version", "deadline", "group"].iter().filter(|f| p.source.fields.contains_key(**f)).count();
        return 0.9 * strong as f64 - 0.5 + if p.source.fields.contains_key("summary") { 0.2 } else { 0.0 };
    }
    let n = p.entries.len() as f64;
    let title = named(&p.entries);
    let numbers = distinct(p.entries.iter().filter_map(|e| e.number.as_deref()));
    let urls = distinct(p.entries.iter().filter_map(|e| e.url.as_deref()));
    let quality = title
        + 0.8 * share("url") * urls
        + 1.5 * share("date")
        + 1.5 * share("number") * numbers
        + 0.8 * share("stage")
        + 0.4 * share("summary")
        + 0.2 * (share("version") + share("group"));
    // Rows without any name at all speak against what selects them.
    let taken = n / (n + p.rejected as f64);
    quality * taken * n / (n + 4.0)
}

/// How well the rows are named: by titles of some length that differ.
fn named(entries: &[Entry]) -> f64 {
    let titles: Vec<&str> = entries.iter().map(|e| e.title.as_str()).filter(|t| !t.is_empty()).collect();
    if titles.is_empty() {
        return 0.0;
    }
    let good = titles.iter().filter(|t| t.chars().count() >= 6 && !EMPTY_WORDS.contains(&t.to_lowercase().as_str())).count() as f64;
    let mean = titles.iter().map(|t| t.chars().count().min(80)).sum::<usize>() as f64 / titles.len() as f64;
    let long = titles.iter().filter(|t| t.chars().count() > 600).count() as f64 / titles.len() as f64;
    good / entries.len() as f64 * distinct(titles.iter().copied()) * (mean / 30.0).min(1.0) * (1.0 - long)
}

fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> f64 {
    let (mut all, mut seen) = (0_usize, BTreeSet::new());
    for t in texts {
        all += 1;
        seen.insert(t);
    }
    if all == 0 { 0.0 } else { seen.len() as f64 / all as f64 }
}
