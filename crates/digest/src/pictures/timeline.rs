use jiff::{Span, civil::Date};
use monitor_model::{Calendar, Document, MeetingKind, StageCode};
use serde::Serialize;

use super::{WIDTH, px};
use crate::{DigestError, Life, LifeStep, MeetingSpan, Templates, clean::clip};

/// At most so many items fit on a page: those that moved last.
const MOST: usize = 26;

/// So many months back and ahead of the date for which it speaks.
const BACK: i32 = 15;
const AHEAD: i32 = 9;

const NAMES: f64 = 150.0;
const TOP: f64 = 146.0;
/// Names of meetings stand so far apart.
const APART: f64 = 18.0;
/// The name of a month takes so much room.
const MONTH: f64 = 48.0;
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
    timeline_of(templates, &lives(documents, as_of), &spans(calendar, as_of), &calendar.home, as_of)
}

/// The months that a picture for `as_of` shows.
fn window(as_of: Date) -> (Date, Date) {
    (as_of.saturating_sub(Span::new().months(BACK)).first_of_month(), as_of.saturating_add(Span::new().months(AHEAD)).last_of_month())
}

/// What became of each document that moved in the months shown, the last moved first.
pub(crate) fn lives(documents: &[&Document], as_of: Date) -> Vec<Life> {
    let (from, _) = window(as_of);
    let mut all: Vec<Life> = documents
        .iter()
        .map(|d| {
            let code = d.stage_code();
            Life {
                document: d.document.clone(),
                name: clip(d.number.as_deref().unwrap_or(&d.title), 80),
                title: clip(&d.title, 240),
                url: crate::clean::href(&d.url).unwrap_or_default(),
                open: !code.is_over() && code != StageCode::Published,
                steps: steps(d, as_of),
            }
        })
        .filter(|l| l.steps.last().is_some_and(|s| s.date >= from))
        .collect();
    all.sort_by(|a, b| {
        let last = |l: &Life| l.steps.last().map(|s| s.date);
        last(b).cmp(&last(a)).then_with(|| a.document.cmp(&b.document))
    });
    all
}

/// The home group's meetings in the months shown.
pub(crate) fn spans(calendar: &Calendar, as_of: Date) -> Vec<MeetingSpan> {
    let (from, until) = window(as_of);
    let mut held: Vec<_> = calendar.meetings.iter().filter(|m| m.body.is_none() && m.end >= from && m.start <= until).collect();
    // Plenaries get their names first; of others only those that find room. All are drawn, and named in their titles.
    held.sort_by_key(|m| (m.kind != MeetingKind::Plenary, m.start, &m.id));
    held.into_iter()
        .map(|m| {
            let plenary = m.kind == MeetingKind::Plenary;
            let title = m.title.clone().unwrap_or_else(|| if plenary { "plenary".to_owned() } else { "meeting".to_owned() });
            MeetingSpan { title: clip(&title, 120), start: m.start, end: m.end, plenary }
        })
        .collect()
}

/// The picture of lives that stand in an edition.
pub(crate) fn timeline_of(
    templates: &Templates,
    lives: &[Life],
    held: &[MeetingSpan],
    home: &str,
    as_of: Date,
) -> Result<String, DigestError> {
    let (from, until) = window(as_of);
    let days = |a: Date, b: Date| (b.duration_since(a).as_secs() / 86_400) as f64;
    let across = |d: Date| px(NAMES + 16.0 + days(from, d.clamp(from, until)) / days(from, until) * (WIDTH - NAMES - 32.0));
    let left_out = lives.len().saturating_sub(MOST);
    let rows: Vec<Row> = lives
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(i, l)| {
            let y = TOP + 14.0 + i as f64 * ROW;
            let last = l.steps.last().map_or(as_of, |s| s.date);
            let shown: Vec<&LifeStep> = l.steps.iter().filter(|s| s.date >= from).collect();
            let began_before = l.steps.first().is_some_and(|s| s.date < from);
            let start = if began_before { from } else { shown.first().map_or(last, |s| s.date) };
            let end = if l.open { as_of } else { last };
            let said: Vec<String> = l.steps.iter().map(|s| format!("{} {}", s.stage.as_str(), s.said)).collect();
            let name = clip(&l.name, 24);
            Row {
                y: px(y),
                ty: px(y + 4.0),
                words: format!("{name}, {}: {}", clip(&l.title, 100), said.join(", ")),
                label: name,
                span: if start < end { format!("M{} {}H{}", across(start), px(y), across(end)) } else { String::new() },
                before: if began_before { "←" } else { "" },
                steps: shown.iter().map(|s| Step { x: across(s.date), letter: letter(s.stage) }).collect(),
            }
        })
        .collect();
    let mut months = Vec::new();
    let mut month = from;
    while month < until && months.len() < 60 {
        let quarter = month.month() % 3 == 1 && across(month) <= WIDTH - MONTH;
        months.push(Month { x: across(month), label: if quarter { month.strftime("%Y-%m").to_string() } else { String::new() } });
        month = month.saturating_add(Span::new().months(1));
    }
    let mut meetings: Vec<Band> = Vec::new();
    for m in held {
        let (a, b) = (across(m.start), across(m.end));
        let tx = px((a + b) / 2.0);
        let room = m.plenary || meetings.iter().all(|o| o.label.is_empty() || (o.tx - tx).abs() >= APART);
        let day = m.start.strftime("%m-%d");
        meetings.push(Band {
            x: a,
            tx,
            width: px((b - a).max(2.0)),
            label: if room { format!("{} {day}", clip(if m.plenary { "plenary" } else { &m.title }, 18)) } else { String::new() },
            words: format!("{}, {} to {}", m.title, m.start, m.end),
        });
    }
    let bottom = px(TOP + rows.len().max(1) as f64 * ROW + 8.0);
    let more = if left_out > 0 { format!(" {left_out} further items moved earlier.") } else { String::new() };
    let picture = Picture {
        title: format!("Stages and meetings, {home}"),
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

/// The dated steps of a document's life up to a date, in order; of equal stages in a row the first. What is known to the year alone
/// has no place among months.
fn steps(d: &Document, as_of: Date) -> Vec<LifeStep> {
    let of = |stage: &Option<monitor_model::Stage>, published: Option<monitor_model::When>| {
        let code = stage.as_ref().map(|s| s.code).unwrap_or_default();
        let when = stage.as_ref().and_then(|s| s.date).or(published)?;
        (when.precision() > 0).then(|| (when.first_day(), code, when))
    };
    let versions = d.versions.iter().filter_map(|v| of(&v.stage, v.published));
    let mut all: Vec<(Date, StageCode, monitor_model::When)> =
        versions.chain(of(&d.stage, d.published)).filter(|(day, ..)| *day <= as_of).collect();
    all.sort_by_key(|(day, code, when)| (*day, *code, std::cmp::Reverse(when.precision())));
    let mut out: Vec<LifeStep> = Vec::new();
    for (date, stage, when) in all {
        if out.last().is_none_or(|s| s.stage != stage) {
            let said = if when.precision() == 1 { when.to_string() } else { date.to_string() };
            out.push(LifeStep { date, said, stage });
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
