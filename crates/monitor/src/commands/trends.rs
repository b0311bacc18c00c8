use std::io::Write;

use super::Setup;
use crate::{
    answers::{Answers, day_of},
    cli::{TrendsArgs, TrendsFormat},
    exit::{Exit, Outcome},
    output,
};

/// What rises and falls, with uncertainty.
pub(super) fn run(setup: &Setup, args: &TrendsArgs) -> Outcome {
    let store = super::open_existing(setup, "trends")?;
    let as_of = args.as_of.map_or_else(|| day_of(setup.now), |w| w.last_day());
    let days = |d: std::time::Duration| i64::try_from(d.as_secs() / 86_400).unwrap_or(i64::MAX).max(1);
    let trends = Answers::new(setup, &store)?.trends(as_of, days(args.window), days(args.baseline))?;
    let mut out = output::stdout();
    match args.format {
        TrendsFormat::Json => output::json_line(&mut out, &trends)?,
        TrendsFormat::Table => {
            writeln!(out, "{} to {}, against {} to {}", trends.window.from, trends.window.to, trends.baseline.from, trends.baseline.to)?;
            let number = |n: Option<f64>| n.map_or(String::new(), |n| format!("{n:.2}"));
            let rows = trends.topics.iter().filter(|r| r.now > 0 || r.before > 0).map(|r| {
                let interval = r.interval.map_or(String::new(), |[a, b]| format!("{a:.2}–{b:.2}"));
                vec![
                    r.id.clone(),
                    r.verdict.to_string(),
                    r.now.to_string(),
                    format!("{:.1}", r.expected),
                    number(r.ratio),
                    interval,
                    number(r.q),
                ]
            });
            output::table(&mut out, &["topic", "verdict", "now", "expected", "ratio", "interval", "q"], rows.collect())?;
            for t in &trends.terms {
                writeln!(out, "term “{}”: {} now, {:.1} expected", output::plain(&t.term), t.now, t.expected)?;
            }
            let c = &trends.coverage;
            writeln!(out, "{} works counted; {} left out as backfill", c.counted, c.excluded_as_backfill)?;
            if !c.sources_started_in_window.is_empty() {
                let names: Vec<_> = c.sources_started_in_window.iter().map(|s| s.as_str()).collect();
                writeln!(out, "watched only since the window began: {}", names.join(", "))?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
