use std::io::Write;

use monitor_digest::pictures;
use monitor_trends::Basis;

use super::Setup;
use crate::{
    answers::{Answers, day_of, end_of},
    cli::{TrendsArgs, TrendsFormat},
    exit::{Exit, Outcome},
    output,
};

/// What rises and falls, with uncertainty.
pub(super) fn run(setup: &Setup, args: &TrendsArgs) -> Outcome {
    let store = super::open_existing(setup, "trends")?;
    let as_of = args.as_of.map_or_else(|| day_of(setup.now), |w| w.last_day());
    let days = |d: std::time::Duration| i64::try_from(d.as_secs() / 86_400).unwrap_or(i64::MAX).max(1);
    let answers = Answers::of_day(setup, &store, args.as_of.map_or(setup.now, end_of))?;
    let trends = answers.trends(as_of, days(args.window), days(args.baseline))?;
    let mut out = output::stdout();
    match args.format {
        TrendsFormat::Json => output::json_line(&mut out, &trends)?,
        TrendsFormat::Csv => out.write_all(monitor_trends::trends_csv(&trends).as_bytes())?,
        TrendsFormat::Svg => {
            let (templates, labels) = (setup.templates()?, answers.labels()?);
            let svg = match args.against {
                Some(then) => {
                    let earlier = Answers::of_day(setup, &store, end_of(then))?;
                    let earlier = earlier.trends(then.last_day(), days(args.window), days(args.baseline))?;
                    pictures::slope(templates, &earlier, &trends, &labels)?
                }
                None => pictures::time_series(templates, &trends, &labels)?,
            };
            out.write_all(svg.as_bytes())?;
        }
        TrendsFormat::Table => {
            writeln!(out, "{} to {}, against {} to {}", trends.window.from, trends.window.to, trends.baseline.from, trends.baseline.to)?;
            let number = |n: Option<f64>| n.map_or(String::new(), |n| format!("{n:.2}"));
            let rows = trends.topics.iter().filter(|r| r.now > 0 || r.before > 0).map(|r| {
                let interval = r.interval.map_or(String::new(), |[a, b]| format!("{a:.2}–{b:.2}"));
                vec![
                    r.id.clone(),
                    match (r.basis, r.clear) {
                        (Some(Basis::Slope), _) => format!("{} slowly", r.verdict),
                        (Some(Basis::Window), false) => format!("{}, weak", r.verdict),
                        _ => r.verdict.to_string(),
                    },
                    r.now.to_string(),
                    format!("{:.1}", r.expected),
                    number(r.ratio),
                    interval,
                    number(r.q),
                ]
            });
            output::table(&mut out, &["topic", "verdict", "now", "expected", "ratio", "interval", "q"], rows.collect())?;
            for t in &trends.terms {
                let of = t.topic.as_ref().map_or(String::new(), |topic| format!(" of {topic}"));
                writeln!(out, "term{of} “{}”: {} now, {:.1} expected", output::plain(&t.term), t.now, t.expected)?;
            }
            for (what, r) in trends.events.iter().flat_map(|m| m.bodies.iter().map(|r| (m.what, r))).filter(|(_, r)| r.verdict.moved()) {
                writeln!(out, "{} {} by {}: {} now, {:.1} expected", r.verdict, what.as_str(), output::plain(&r.id), r.now, r.expected)?;
            }
            let c = &trends.coverage;
            writeln!(out, "{} works counted; {} left out as backfill", c.counted, c.excluded_as_backfill)?;
            if !c.sources_started_in_window.is_empty() {
                let names: Vec<_> = c.sources_started_in_window.iter().map(|s| s.as_str()).collect();
                writeln!(out, "watched only since the window began: {}", names.join(", "))?;
            }
            if !c.sources_stopped_in_window.is_empty() {
                let names: Vec<_> = c.sources_stopped_in_window.iter().map(|s| s.as_str()).collect();
                writeln!(out, "not read to the end of the window: {}", names.join(", "))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
