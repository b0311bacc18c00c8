use monitor_trends::{Basis, Row, Trends};
use serde::Serialize;

use super::{Labels, WIDTH, label, number, px};
use crate::{DigestError, Templates};

/// At most so many panels fit on a page.
const MOST: usize = 10;

const PANEL: f64 = 300.0;
const GAP: f64 = 48.0;
const TALL: f64 = 84.0;
const STEP: f64 = 140.0;
const TOP: f64 = 60.0;

#[derive(Serialize)]
struct Picture {
    title: String,
    desc: String,
    note: String,
    width: f64,
    height: f64,
    panels: Vec<Panel>,
}

#[derive(Serialize)]
struct Panel {
    x: f64,
    y: f64,
    label: String,
    verdict: String,
    words: String,
    band: String,
    expected: String,
    line: String,
    axis: String,
    ticks: Vec<Tick>,
    dots: Vec<Dot>,
    last: Tick,
}

#[derive(Serialize)]
struct Tick {
    x: f64,
    y: f64,
    class: &'static str,
    label: String,
}

#[derive(Serialize)]
struct Dot {
    x: f64,
    y: f64,
    r: f64,
    /// Beyond what chance allows: filled, so that no colour is needed.
    filled: bool,
    words: String,
}

/// The topics that moved, then the busiest, each with its counts per window, what a level rate lets expect and the range of chance.
///
/// # Errors
/// When the template does not render.
pub fn time_series(templates: &Templates, trends: &Trends, labels: &Labels) -> Result<String, DigestError> {
    let mut rows: Vec<&Row> = trends.topics.iter().filter(|r| watched(r).len() > 1).collect();
    rows.sort_by(|a, b| {
        let key = |r: &Row| (!r.verdict.moved(), std::cmp::Reverse(r.now));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    rows.truncate(MOST);
    let moved: Vec<String> =
        rows.iter().filter(|r| r.verdict.moved()).map(|r| format!("{} {}", label(labels, &r.id, 80), r.verdict)).collect();
    let panels: Vec<Panel> =
        rows.iter().enumerate().map(|(i, r)| panel(r, 8.0 + (i % 2) as f64 * (PANEL + GAP), TOP + (i / 2) as f64 * STEP, labels)).collect();
    let picture = Picture {
        title: format!("New works per {} days, to {}", days(trends), trends.as_of),
        desc: format!(
            "{} panels, one per topic, each with counts from {} to {}. {}",
            panels.len(),
            trends.baseline.from,
            trends.window.to,
            if moved.is_empty() { "No topic moved more than chance explains.".to_owned() } else { format!("Moved: {}.", moved.join("; ")) }
        ),
        note: "Line: works. Dashed: expected at a level rate. Grey: what chance allows (19 of 20). Filled dot: beyond it.".to_owned(),
        width: WIDTH,
        height: px(TOP + panels.len().div_ceil(2).max(1) as f64 * STEP - 8.0),
        panels,
    };
    templates.picture("pictures/series.svg", &picture)
}

/// What holds less than this part of the usual was hardly watched: it says nothing, and a line from it would climb for ever.
const HARDLY: f64 = 0.25;

/// The stretches from the first that was watched well enough.
fn watched(r: &Row) -> &[monitor_trends::Block] {
    let usual = r.history.iter().map(|b| b.expected).fold(0.0, f64::max);
    let first = r.history.iter().position(|b| b.expected >= HARDLY * usual).unwrap_or(0);
    &r.history[first..]
}

/// The length of the window.
fn days(t: &Trends) -> i64 {
    t.window.to.duration_since(t.window.from).as_secs() / 86_400 + 1
}

fn panel(r: &Row, x: f64, y: f64, labels: &Labels) -> Panel {
    let blocks = watched(r);
    let top = blocks.iter().map(|b| b.chance[1].max(b.works as f64)).fold(1.0, f64::max) * 1.08;
    let (first, high) = (22.0, 24.0);
    let across = |i: usize| px(first + i as f64 * (PANEL - first - 26.0) / (blocks.len() - 1) as f64);
    let up = |v: f64| px(high + TALL - v.min(top) / top * TALL);
    let path = |values: &mut dyn Iterator<Item = (usize, f64)>| {
        values.enumerate().map(|(n, (i, v))| format!("{}{} {}", if n == 0 { "M" } else { "L" }, across(i), up(v))).collect::<String>()
    };
    let history = || blocks.iter().enumerate();
    let over = path(&mut history().map(|(i, b)| (i, b.chance[1])));
    let under = path(&mut history().rev().map(|(i, b)| (i, b.chance[0]))).replacen('M', "L", 1);
    let beyond = |b: &monitor_trends::Block| (b.works as f64) < b.chance[0] || b.works as f64 > b.chance[1];
    let growth = match r.slope.filter(|_| r.basis == Some(Basis::Slope)) {
        Some(s) => format!(", {} times a year", number(s.per_year)),
        None => String::new(),
    };
    let weak = if r.basis.is_some() && !r.clear { ", a weak sign" } else { "" };
    let verdict = format!("{}: {} now, {} expected{growth}{weak}", r.verdict, r.now, number(r.expected));
    let last = blocks.len() - 1;
    let name = label(labels, &r.id, 46);
    Panel {
        x: px(x),
        y: px(y),
        words: format!("{name}: {verdict}"),
        label: name,
        verdict,
        band: format!("{over}{under}Z"),
        expected: path(&mut history().map(|(i, b)| (i, b.expected))),
        line: path(&mut history().map(|(i, b)| (i, b.works as f64))),
        axis: format!("M{first} {high}V{}H{}", high + TALL, PANEL - 26.0),
        ticks: vec![
            Tick { x: first - 3.0, y: high + TALL + 3.0, class: "e", label: "0".to_owned() },
            Tick { x: first - 3.0, y: px(up(top / 1.08) + 3.0), class: "e", label: format!("{:.0}", top / 1.08) },
            Tick { x: first, y: high + TALL + 13.0, class: "", label: blocks[0].from.strftime("%Y-%m").to_string() },
            Tick { x: PANEL - 26.0, y: high + TALL + 13.0, class: "e", label: blocks[last].to.strftime("%Y-%m").to_string() },
        ],
        dots: history()
            .map(|(i, b)| Dot {
                x: across(i),
                y: up(b.works as f64),
                r: if beyond(b) { 3.5 } else { 2.0 },
                filled: beyond(b),
                words: format!("{} to {}: {}, {} expected", b.from, b.to, b.works, number(b.expected)),
            })
            .collect(),
        last: Tick { x: px(across(last) + 6.0), y: px(up(blocks[last].works as f64) + 4.0), class: "", label: r.now.to_string() },
    }
}
