use std::collections::BTreeMap;

use crate::days::{self, Frame};

/// Works of "usual" that are mixed into each month, so that a body with few works has no season.
const PULL: f64 = 20.0;

/// A season is only seen when every month was seen twice.
const LEAST_DAYS: i64 = 700;

/// How busy each month of the year is per body, 1 being usual: bodies publish before and after their meetings.
#[derive(Debug, Default)]
pub(crate) struct Season {
    months: BTreeMap<String, [f64; 12]>,
}

impl Season {
    /// `dated` are body and day of works of the baseline, all of sources that were watched throughout.
    pub(crate) fn new<'a>(frame: Frame, dated: impl Iterator<Item = (&'a str, i64)>) -> Self {
        if frame.from - frame.base < LEAST_DAYS {
            return Season::default();
        }
        let half = (frame.from - frame.base) / 2;
        let mut seen: BTreeMap<&str, ([f64; 12], [f64; 2])> = BTreeMap::new();
        for (body, day) in dated {
            let (months, halves) = seen.entry(body).or_default();
            months[days::month(day)] += 1.0;
            halves[usize::from(day - frame.base >= half)] += 1.0;
        }
        let month_of: Vec<usize> = (frame.base..frame.from).map(days::month).collect();
        let months = seen.into_iter().map(|(body, (n, [first, second]))| {
            // A body that grows has more in the later months of the baseline; that is not its season.
            let growth = ((second + PULL) / (first + PULL)).ln() / half as f64;
            let mut flat = [0.0; 12];
            let mut all = 0.0;
            for (i, &m) in month_of.iter().enumerate() {
                let w = (growth * i as f64).exp();
                (flat[m], all) = (flat[m] + w, all + w);
            }
            let scale = (first + second) / all;
            (body.to_owned(), std::array::from_fn(|m| (n[m] + PULL) / (flat[m] * scale + PULL)))
        });
        Season { months: months.collect() }
    }

    /// The weight of a run of days (end excluded): as many usual days.
    pub(crate) fn days(&self, body: &str, from: i64, end: i64) -> f64 {
        match self.months.get(body) {
            Some(w) => (from..end).map(|d| w[days::month(d)]).sum(),
            None => (end - from).max(0) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame::new("2026-09-30".parse().expect("a date"), 90, 730)
    }

    #[test]
    fn a_busy_march_is_seen_and_growth_is_not_a_season() {
        let f = frame();
        let busy = (f.base..f.from).flat_map(|d| std::iter::repeat_n(("IETF", d), if days::month(d) == 2 { 3 } else { 1 }));
        let s = Season::new(f, busy);
        let march =
            s.days("IETF", days::number("2026-03-01".parse().expect("a date")), days::number("2026-04-01".parse().expect("a date")));
        assert!((2.0..3.0).contains(&(march / 31.0)), "{march}");
        // Twice as much every year, without a season.
        let grown =
            (f.base..f.from).flat_map(|d| std::iter::repeat_n(("arXiv", d), (4.0 * 2_f64.powf((d - f.base) as f64 / 365.0)) as usize));
        let s = Season::new(f, grown);
        let window = s.days("arXiv", f.from, f.end) / f.window() as f64;
        assert!((0.9..1.1).contains(&window), "{window}");
        assert_eq!(s.days("nobody", 0, 10), 10.0);
    }

    #[test]
    fn few_works_or_a_short_baseline_have_no_season() {
        let f = frame();
        let s = Season::new(f, [("W3C", f.base)].into_iter());
        assert!((s.days("W3C", f.from, f.end) / 90.0 - 1.0).abs() < 0.05);
        let short = Frame::new("2026-09-30".parse().expect("a date"), 90, 365);
        assert!(Season::new(short, (short.base..short.from).map(|d| ("x", d))).months.is_empty());
    }
}
