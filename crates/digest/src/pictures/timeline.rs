use jiff::{Span, civil::Date};
use monitor_model::{Calendar, Document, MeetingKind, StageCode};
use serde::Serialize;

use super::{WIDTH, px};
use crate::{DigestError, Templates, clean::clip};

/// At most so many items fit on a page: those that moved last.
const MOST: usize = 26;

/// So many months back and ahead of the date for which it speaks.
const BACK: i32 = 15;
const AHEAD: i32 = 9;

const NAMES: f64 = 150.0;
const TOP: f64 = 128.0;
/// Names of meetings stand so far apart.
const APART: f64 = 15.0;
const ROW: f64 = 20.0;

#[derive(Serialize)]
struct Picture {
    title: String,
    desc: String,
    note: String,
    width: f64,
    height: f64,
    names: f64,
    top: f64,
    bottom: f64,
    today: f64,
    as_of: String,
    months: Vec<Month>,
    meetings: Vec<Band>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Month {
    x: f64,
    label: String,
}

#[derive(Serialize)]
struct Band {
    x: f64,
    tx: f64,
    width: f64,
    label: String,
    words: String,
}

#[derive(Serialize)]
struct Row {
    y: f64,
    ty: f64,
    label: String,
    words: String,
    /// From the first step shown to the last, or to the date for which it speaks where the item is open.
    span: String,
    /// An arrow where the item began before the picture does.
    before: &'static str,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    x: f64,
    letter: &'static str,
}

/// Steps of the given documents' lives (the home group's) between its meetings. Letters name the stages.
///
/// # Errors
/// When the template does not render.
pub fn timeline(templates: &Templates, documents: &[&Document], calendar: &Calendar, as_of: Date) -> Result<String, DigestError> {
    let from = as_of.saturating_sub(Span::new().months(BACK)).first_of_month();
    let until = as_of.saturating_add(Span::new().months(AHEAD)).last_of_month();
    let days = |a: Date, b: Date| (b.duration_since(a).as_secs() / 86_400) as f64;
    let across = |d: Date| px(NAMES + 16.0 + days(from, d.clamp(from, until)) / days(from, until) * (WIDTH - NAMES - 32.0));
    let mut items: Vec<(Date, &Document, Steps)> = documents
        .iter()
        .filter_map(|d| steps(d, as_of).last().map(|(day, _)| *day).zip(Some(*d)).map(|(day, d)| (day, d, steps(d, as_of))))
        .collect();
    items.retain(|(last, ..)| *last >= from);
    items.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.document.cmp(&b.1.document)));
    let left_out = items.len().saturating_sub(MOST);
    items.truncate(MOST);
    let rows: Vec<Row> = items
        .iter()
        .enumerate()
        .map(|(i, (last, d, steps))| {
            let y = TOP + 14.0 + i as f64 * ROW;
            let shown: Vec<&(Date, StageCode)> = steps.iter().filter(|(day, _)| *day >= from).collect();
            let began_before = steps.first().is_some_and(|(day, _)| *day < from);
            let code = d.stage_code();
            let open = !code.is_over() && code != StageCode::Published;
            let start = if began_before { from } else { shown.first().map_or(*last, |(day, _)| *day) };
            let end = if open { as_of } else { *last };
            let said: Vec<String> = steps.iter().map(|(day, code)| format!("{} {day}", code.as_str())).collect();
            let name = clip(d.number.as_deref().unwrap_or(&d.title), 24);
            Row {
                y: px(y),
                ty: px(y + 4.0),
                words: format!("{name}, {}: {}", clip(&d.title, 100), said.join(", ")),
                label: name,
                span: if start < end { format!("M{} {}H{}", across(start), px(y), across(end)) } else { String::new() },
                before: if began_before { "←" } else { "" },
                steps: shown.iter().map(|(day, code)| Step { x: across(*day), letter: letter(*code) }).collect(),
            }
        })
        .collect();
    let mut months = Vec::new();
    let mut month = from;
    while month < until && months.len() < 60 {
        let quarter = month.month() % 3 == 1;
        months.push(Month { x: across(month), label: if quarter { month.strftime("%Y-%m").to_string() } else { String::new() } });
        month = month.saturating_add(Span::new().months(1));
    }
    let mut held: Vec<_> = calendar.meetings.iter().filter(|m| m.body.is_none() && m.end >= from && m.start <= until).collect();
    // Plenaries get their names first; of others only those that find room. All are drawn, and named in their titles.
    held.sort_by_key(|m| (m.kind != MeetingKind::Plenary, m.start, &m.id));
    let mut meetings: Vec<Band> = Vec::new();
    for m in held {
        let plenary = m.kind == MeetingKind::Plenary;
        let name = m.title.clone().unwrap_or_else(|| if plenary { "plenary".to_owned() } else { "meeting".to_owned() });
        let (a, b) = (across(m.start), across(m.end));
        let tx = px((a + b) / 2.0);
        let room = plenary || meetings.iter().all(|o| o.label.is_empty() || (o.tx - tx).abs() >= APART);
        let day = m.start.strftime("%m-%d");
        meetings.push(Band {
            x: a,
            tx,
            width: px((b - a).max(2.0)),
            label: if room { format!("{} {day}", clip(if plenary { "plenary" } else { &name }, 18)) } else { String::new() },
            words: format!("{name}, {} to {}", m.start, m.end),
        });
    }
    let bottom = px(TOP + rows.len().max(1) as f64 * ROW + 8.0);
    let more = if left_out > 0 { format!(" {left_out} further items moved earlier.") } else { String::new() };
    let picture = Picture {
        title: format!("Stages and meetings, {}", calendar.home),
        desc: format!("{} items and {} meetings between {from} and {until}.{more}", rows.len(), meetings.len()),
        note: format!(
            "N new work, D draft, C consultation, A approval, P published, X withdrawn or superseded, • another stage; bars: meetings.{more}"
        ),
        width: WIDTH,
        height: px(bottom + 38.0),
        names: NAMES,
        top: TOP,
        bottom,
        today: across(as_of),
        as_of: as_of.to_string(),
        months,
        meetings,
        rows,
    };
    templates.picture("pictures/timeline.svg", &picture)
}

/// What became of a document, in order.
type Steps = Vec<(Date, StageCode)>;

/// The dated steps of a document's life up to a date, in order; of equal stages in a row the first.
fn steps(d: &Document, as_of: Date) -> Vec<(Date, StageCode)> {
    let of = |stage: &Option<monitor_model::Stage>, published: Option<monitor_model::When>| {
        let code = stage.as_ref().map(|s| s.code).unwrap_or_default();
        stage.as_ref().and_then(|s| s.date).or(published).map(|w| (w.first_day(), code))
    };
    let versions = d.versions.iter().filter_map(|v| of(&v.stage, v.published));
    let mut all: Vec<(Date, StageCode)> = versions.chain(of(&d.stage, d.published)).filter(|(day, _)| *day <= as_of).collect();
    all.sort_unstable();
    all.dedup();
    let mut out: Vec<(Date, StageCode)> = Vec::new();
    for step in all {
        if out.last().is_none_or(|(_, code)| *code != step.1) {
            out.push(step);
        }
    }
    out
}

fn letter(code: StageCode) -> &'static str {
    match code {
        StageCode::Idea | StageCode::NewWork => "N",
        StageCode::Draft => "D",
        StageCode::Consultation => "C",
        StageCode::Approval => "A",
        StageCode::Published => "P",
        StageCode::Superseded | StageCode::Withdrawn | StageCode::Expired => "X",
        StageCode::Unknown => "•",
    }
}
