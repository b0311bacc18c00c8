//! What rises and falls, in words that carry their uncertainty.

use monitor_model::{DocumentKey, Kind};
use monitor_trends::{Basis, Row, Slope, Verdict};

use super::{desk::Desk, words};
use crate::{Ref, TrendLine, Trends, clean::clip};

/// Works named per line, and terms shown.
const NAMED: usize = 3;
const TERMS: usize = 5;

pub(super) fn trends(desk: &Desk) -> Trends {
    let mut counted = desk.input.trends.clone();
    for list in [&mut counted.topics, &mut counted.axes, &mut counted.bodies, &mut counted.stages] {
        list.iter_mut().for_each(shorten);
    }
    counted.events.iter_mut().flat_map(|m| &mut m.bodies).for_each(shorten);
    for t in &mut counted.terms {
        (t.expected, t.q) = (short(t.expected), short(t.q));
    }
    let mut moved: Vec<&Row> = counted.topics.iter().filter(|r| r.verdict.moved()).collect();
    moved.sort_by(|a, b| {
        let group = |r: &Row| u8::from(r.verdict == Verdict::Falling);
        group(a).cmp(&group(b)).then(a.q.unwrap_or(1.0).total_cmp(&b.q.unwrap_or(1.0))).then_with(|| a.id.cmp(&b.id))
    });
    let mut lines: Vec<TrendLine> = moved
        .into_iter()
        .map(|r| TrendLine {
            id: r.id.clone(),
            label: desk.label(&r.id),
            verdict: r.verdict.as_str().to_owned(),
            now: r.now,
            words: row_words(r),
            history: r.history.iter().map(|b| b.works).collect(),
            documents: examples(desk, &r.documents),
        })
        .collect();
    lines.extend(counted.terms.iter().take(TERMS).map(|t| TrendLine {
        id: clip(&t.term, 60),
        label: format!("“{}”", clip(&t.term, 60)),
        verdict: "term".to_owned(),
        now: t.now,
        words: format!(
            "{} this {}, {} expected{}",
            if t.now == 1 { "1 work uses".to_owned() } else { format!("{} works use", t.now) },
            t.topic.as_ref().map_or_else(|| "phrase".to_owned(), |topic| format!("term of {}", desk.label(topic.as_str()))),
            number(t.expected),
            t.first_seen.map(|d| format!("; earliest dated {d}")).unwrap_or_default()
        ),
        history: Vec::new(),
        documents: examples(desk, &t.documents),
    }));
    let note = note(&counted, lines.is_empty());
    Trends { counted, lines, note }
}

/// Works that show what is meant: those of standards bodies before papers and what one person posts.
fn examples(desk: &Desk, keys: &[DocumentKey]) -> Vec<Ref> {
    let mut found: Vec<_> = keys.iter().filter_map(|k| desk.documents.get(k)).collect();
    found.sort_by_key(|d| (matches!(d.kind, Kind::Paper | Kind::News | Kind::Incident), words::is_individual(d)));
    found.into_iter().take(NAMED).map(|d| desk.reference_to(d)).collect()
}

/// Five significant digits: more mean nothing here, and these come back from JSON as they went in.
pub(super) fn short(x: f64) -> f64 {
    if x.is_finite() { format!("{x:.4e}").parse().unwrap_or(x) } else { 0.0 }
}

fn shorten(r: &mut Row) {
    let maybe = |x: Option<f64>| x.filter(|x| x.is_finite()).map(short);
    r.expected = short(r.expected);
    (r.ratio, r.p, r.q) = (maybe(r.ratio), maybe(r.p), maybe(r.q));
    r.slope = r.slope.filter(|s| [s.per_year, s.p, s.interval[0], s.interval[1]].iter().all(|x| x.is_finite())).map(|s| Slope {
        per_year: short(s.per_year),
        interval: s.interval.map(short),
        p: short(s.p),
        q: s.q.map(short),
    });
    for b in &mut r.history {
        b.expected = short(b.expected);
    }
    r.interval = r.interval.filter(|i| i.iter().all(|x| x.is_finite())).map(|i| i.map(short));
}

fn row_words(r: &Row) -> String {
    let ratio = match (r.ratio, r.interval) {
        (Some(ratio), Some([low, high])) => format!(" ({} times; {} to {} at 95 %)", number(ratio), number(low), number(high)),
        _ => String::new(),
    };
    let none_before = if r.verdict == Verdict::New { "; no earlier work known" } else { "" };
    let growth = match r.slope.filter(|_| r.basis == Some(Basis::Slope)) {
        Some(s) => {
            let [low, high] = s.interval.map(number);
            format!("; grows {} times a year ({low} to {high} at 95 %)", number(s.per_year))
        }
        None => String::new(),
    };
    format!("{}, {} expected{ratio}{none_before}{growth}", words::count(r.now, "work", "works"), number(r.expected))
}

/// One decimal, none from ten on.
fn number(x: f64) -> String {
    if x.abs() >= 10.0 { format!("{x:.0}") } else { format!("{x:.1}") }
}

fn note(t: &monitor_trends::Trends, silent: bool) -> String {
    let c = &t.coverage;
    let asked = t.topics.iter().filter(|r| r.verdict != Verdict::TooFew).count();
    let lead = match (silent, asked) {
        (true, 0) => "Too few dated works for any statement. ".to_owned(),
        (true, n) => format!("No topic moved more than chance explains ({} asked). ", words::count(n, "topic", "topics")),
        _ => String::new(),
    };
    let left: Vec<String> = [
        (c.excluded_as_backfill, "first met in the window without being news"),
        (c.excluded_undated, "without a date"),
        (c.excluded_year_only, "dated by year only"),
        (c.excluded_future, "dated ahead"),
        (c.excluded_unwatched, "of sources not watched long enough"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, why)| format!("{n} {why}"))
    .collect();
    let left = if left.is_empty() { String::new() } else { format!(" Not counted: {}.", words::list(&left)) };
    format!(
        "{lead}{} counted by their own dates, {} to {} against {} to {}; verdicts allow for the number of topics asked.{left}",
        words::count(c.counted, "work", "works"),
        t.window.from,
        t.window.to,
        t.baseline.from,
        t.baseline.to,
    )
}
