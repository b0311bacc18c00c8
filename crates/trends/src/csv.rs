use monitor_model::spreadsheet_line;

use crate::{Row, Trends};

const HEADER: [&str; 20] = [
    "as of",
    "what",
    "id",
    "verdict",
    "basis",
    "clear",
    "now",
    "before",
    "expected",
    "ratio",
    "ratio low",
    "ratio high",
    "p",
    "q",
    "growth per year",
    "growth low",
    "growth high",
    "growth p",
    "first seen",
    "documents",
];

/// The answer as CSV (RFC 4180), one row per topic, axis, body, stage, event and term, safe to open in a spreadsheet.
pub fn trends_csv(trends: &Trends) -> String {
    let mut out = String::new();
    spreadsheet_line(&mut out, HEADER);
    for (what, rows) in [("topic", &trends.topics), ("axis", &trends.axes), ("body", &trends.bodies), ("stage", &trends.stages)] {
        rows.iter().for_each(|r| row(&mut out, trends, what, r));
    }
    for moves in &trends.events {
        moves.bodies.iter().for_each(|r| row(&mut out, trends, moves.what.as_str(), r));
    }
    for t in &trends.terms {
        let what = t.topic.as_ref().map_or_else(|| "term".to_owned(), |topic| format!("term of {topic}"));
        let mut cells = vec![String::new(); HEADER.len()];
        cells[..3].clone_from_slice(&[trends.as_of.to_string(), what, t.term.clone()]);
        (cells[6], cells[7], cells[8]) = (t.now.to_string(), t.before.to_string(), number(t.expected));
        (cells[13], cells[18]) = (number(t.q), t.first_seen.map(|d| d.to_string()).unwrap_or_default());
        cells[19] = t.documents.iter().map(|d| d.as_str()).collect::<Vec<_>>().join("; ");
        spreadsheet_line(&mut out, cells.iter().map(String::as_str));
    }
    out
}

fn row(out: &mut String, trends: &Trends, what: &str, r: &Row) {
    let maybe = |x: Option<f64>| x.map(number).unwrap_or_default();
    let basis = match r.basis {
        None => "",
        Some(crate::Basis::Window) => "window",
        Some(crate::Basis::Slope) => "slope",
    };
    let documents = r.documents.iter().map(|d| d.as_str()).collect::<Vec<_>>().join("; ");
    let cells = [
        trends.as_of.to_string(),
        what.to_owned(),
        r.id.clone(),
        r.verdict.to_string(),
        basis.to_owned(),
        if r.clear { "yes" } else { "" }.to_owned(),
        r.now.to_string(),
        r.before.to_string(),
        number(r.expected),
        maybe(r.ratio),
        maybe(r.interval.map(|i| i[0])),
        maybe(r.interval.map(|i| i[1])),
        maybe(r.p),
        maybe(r.q),
        maybe(r.slope.map(|s| s.per_year)),
        maybe(r.slope.map(|s| s.interval[0])),
        maybe(r.slope.map(|s| s.interval[1])),
        maybe(r.slope.map(|s| s.p)),
        String::new(),
        documents,
    ];
    spreadsheet_line(out, cells.iter().map(String::as_str));
}

/// Five significant digits, as few as tell it.
fn number(x: f64) -> String {
    format!("{x:.4e}").parse::<f64>().map(|x| x.to_string()).unwrap_or_default()
}
