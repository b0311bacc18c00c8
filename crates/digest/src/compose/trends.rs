//! What rises and falls, in words that carry their uncertainty.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use monitor_model::{DocumentKey, SourceId, When};
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
    let ends = Ends::of(desk);
    let (uncertain, moved): (Vec<&Row>, Vec<&Row>) = counted.topics.iter().filter(|r| r.verdict.moved()).partition(|r| holds_one(r));
    let end = counted.window.to;
    let (mut moved, cut): (Vec<&Row>, Vec<&Row>) =
        moved.into_iter().partition(|r| r.verdict != Verdict::Falling || ends.reach(desk, &r.id, end));
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
            if t.now == 1 { "1 document uses".to_owned() } else { format!("{} documents use", t.now) },
            t.topic.as_ref().map_or_else(|| "phrase".to_owned(), |topic| format!("term of {}", desk.label(topic.as_str()))),
            number(t.expected),
            t.first_seen.map(|d| format!("; earliest dated {d}")).unwrap_or_default()
        ),
        history: Vec::new(),
        documents: examples(desk, &t.documents),
    }));
    let note = note(desk, &counted, lines.is_empty(), &uncertain, &cut, &ends);
    Trends { counted, lines, note }
}

/// Works that show what is meant: those of standards bodies before papers and what one person posts.
fn examples(desk: &Desk, keys: &[DocumentKey]) -> Vec<Ref> {
    let mut found: Vec<_> = keys.iter().filter_map(|k| desk.documents.get(k)).collect();
    found.sort_by_key(|d| (desk.is_apart(d), words::is_individual(d)));
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

/// An interval of growth that spans so many times its low end gives no figure.
const VAGUE: f64 = 5.0;

fn row_words(r: &Row) -> String {
    // Where the growth over two years speaks, a ratio of one window that could as well be 1 only confuses.
    let ratio = match (r.ratio, r.interval.filter(|i| r.basis != Some(Basis::Slope) || i[0] > 1.0 || i[1] < 1.0)) {
        (Some(ratio), Some([low, high])) => format!(" ({} times; {} to {} at 95 %)", number(ratio), number(low), number(high)),
        _ => String::new(),
    };
    let none_before = if r.verdict == Verdict::New { "; no earlier work known" } else { "" };
    let growth = match r.slope.filter(|_| r.basis == Some(Basis::Slope)) {
        Some(s) => {
            let [low, high] = s.interval.map(number);
            // Of few works nobody can say how fast, only that it grows.
            if s.interval[1] > VAGUE * s.interval[0] {
                format!("; grows from year to year, {low} times at least (95 %)")
            } else {
                format!("; grows {} times a year ({low} to {high} at 95 %)", number(s.per_year))
            }
        }
        None => String::new(),
    };
    format!("{}, {} expected{ratio}{none_before}{growth}", words::count(r.now, "item", "items"), number(r.expected))
}

/// One decimal, none from ten on.
fn number(x: f64) -> String {
    if x.abs() >= 10.0 { format!("{x:.0}") } else { format!("{x:.1}") }
}

/// Whether the change could as well be none: the interval of the ratio holds 1, and no slope says more.
pub(super) fn holds_one(r: &Row) -> bool {
    let holds = |[low, high]: [f64; 2]| low <= 1.0 && high >= 1.0;
    match (r.basis, r.slope) {
        (Some(Basis::Slope), Some(s)) => holds(s.interval),
        _ => r.verdict != Verdict::New && r.interval.is_some_and(holds),
    }
}

/// Until when each source tells of dated work: a file ends, and what it cannot show yet did not fall.
struct Ends(BTreeMap<SourceId, (Date, i64)>);

impl Ends {
    /// A source is silent for as long as its records usually stand apart before anybody wonders.
    fn of(desk: &Desk) -> Ends {
        let mut days: BTreeMap<SourceId, BTreeSet<Date>> = BTreeMap::new();
        for d in desk.documents.values() {
            let exact = d.published.filter(|w| matches!(w, When::Day(_) | When::Instant(_))).map(When::last_day);
            let Some(day) = exact.filter(|day| *day <= desk.today) else { continue };
            for s in &d.sightings {
                days.entry(s.source.clone()).or_default().insert(day);
            }
        }
        Ends(days.into_iter().filter_map(|(s, days)| Some((s, (*days.last()?, spacing(&days))))).collect())
    }

    /// Whether the sources that tell of a topic reach the end of the window, for most of its works.
    fn reach(&self, desk: &Desk, topic: &str, end: Date) -> bool {
        let of_topic = desk.documents.values().filter(|d| d.topics.iter().any(|t| t.id.as_str() == topic));
        let (mut reached, mut short) = (0, 0);
        for s in of_topic.filter_map(|d| d.sightings.first()) {
            if self.is_short(&s.source, end) { short += 1 } else { reached += 1 }
        }
        reached >= short
    }

    fn is_short(&self, source: &SourceId, end: Date) -> bool {
        self.0.get(source).is_some_and(|(last, apart)| i64::from((end - *last).get_days()) > *apart)
    }

    /// The sources that end early, the largest gap first.
    fn short(&self, end: Date) -> impl Iterator<Item = (&SourceId, Date)> {
        let mut list: Vec<_> = self.0.iter().filter(|(s, _)| self.is_short(s, end)).map(|(s, (last, _))| (s, *last)).collect();
        list.sort_by_key(|(s, last)| (*last, (*s).clone()));
        list.into_iter()
    }
}

/// Three times the usual distance of the last records, a fortnight at least.
fn spacing(days: &BTreeSet<Date>) -> i64 {
    const LAST: usize = 20;
    let last: Vec<Date> = days.iter().rev().take(LAST).copied().collect();
    let span = last.first().zip(last.last()).map_or(0, |(new, old)| i64::from((*new - *old).get_days()));
    (3 * span / (last.len().max(2) as i64 - 1)).max(14)
}

fn note(desk: &Desk, t: &monitor_trends::Trends, silent: bool, uncertain: &[&Row], cut: &[&Row], ends: &Ends) -> String {
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
    let names = |rows: &[&Row]| words::list(&rows.iter().map(|r| desk.label(&r.id)).collect::<Vec<_>>());
    let unsure = match uncertain {
        [] => String::new(),
        rows => format!(" Not called rising or falling, since their interval holds 1: {}.", names(rows)),
    };
    let early: Vec<String> = ends.short(t.window.to).take(3).map(|(s, last)| format!("{}: {last}", desk.source_name(s))).collect();
    let cut = match cut {
        [] => String::new(),
        rows => format!(
            " Not called falling, since the newest dated records on the subject lie before the window ends ({}): {}.",
            words::list(&early),
            names(rows)
        ),
    };
    format!(
        "{lead}{} counted by their own dates, {} to {} against {} to {}; verdicts allow for the number of topics asked.{left}{unsure}{cut}",
        words::count(c.counted, "item", "items"),
        t.window.from,
        t.window.to,
        t.baseline.from,
        t.baseline.to,
    )
}
