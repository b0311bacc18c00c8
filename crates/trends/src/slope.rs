//! Growth over the whole of baseline and window: what rises slowly never leaps over a window's noise, but leans.
//!
//! The score test of a log-linear rate (Cox and Lewis): whether works lie later than a level rate would lay them, given the season
//! and the days on which each source was watched. Wavering beyond Poisson's widens it by the pooled gamma shape.

use statrs::function::erf::erfc;

use crate::{Slope, place::Bin};

/// Fewer works lean by chance.
const LEAST_WORKS: usize = 10;

/// A year and its window at least: less is a season.
const LEAST_BLOCKS: usize = 5;

/// No rate grows by more than e to this a year that is worth telling from it.
const STEEPEST: f64 = 6.0;

/// Works of one stratum under one heading: how many, and the sum of their times.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Leaning {
    pub(crate) n: f64,
    /// In years from the end of the window, so never above 0.
    pub(crate) times: f64,
}

/// The growth per year of a heading whose works lie in these strata. `blocks` is how many windows were looked at.
pub(crate) fn slope(parts: &[(&[Bin], Leaning)], blocks: usize, size: f64) -> Option<Slope> {
    let n: f64 = parts.iter().map(|(_, l)| l.n).sum();
    if n < LEAST_WORKS as f64 || blocks < LEAST_BLOCKS {
        return None;
    }
    let wider = 1.0 + n / blocks as f64 / size;
    let (score, spread) = at(parts, 0.0);
    if spread <= 0.0 {
        return None;
    }
    let p = erfc((score / (spread * wider).sqrt()).abs() / std::f64::consts::SQRT_2).clamp(f64::MIN_POSITIVE, 1.0);
    let (mut rate, mut spread) = (0.0_f64, spread);
    for _ in 0..25 {
        let (score, here) = at(parts, rate);
        if here <= 1e-9 {
            break;
        }
        spread = here;
        let step = (score / here).clamp(-1.0, 1.0);
        rate = (rate + step).clamp(-STEEPEST, STEEPEST);
        if step.abs() < 1e-9 {
            break;
        }
    }
    let error = 1.96 * (wider / spread).sqrt();
    let year = |rate: f64| rate.clamp(-STEEPEST * 2.0, STEEPEST * 2.0).exp();
    Some(Slope { per_year: year(rate), interval: [year(rate - error), year(rate + error)], p, q: None })
}

/// The score (sum of times above what the rate lets expect) and its variance, at a rate per year.
fn at(parts: &[(&[Bin], Leaning)], rate: f64) -> (f64, f64) {
    let (mut score, mut spread) = (0.0, 0.0);
    for (bins, l) in parts {
        let (mut all, mut first, mut second) = (0.0, 0.0, 0.0);
        for b in *bins {
            let w = b.weight * (rate * b.time).exp();
            (all, first, second) = (all + w, first + w * b.time, second + w * b.time * b.time);
        }
        if all > 0.0 {
            let mean = first / all;
            score += l.times - l.n * mean;
            spread += l.n * (second / all - mean * mean).max(0.0);
        }
    }
    (score, spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins() -> Vec<Bin> {
        (0..27).map(|i| Bin { time: -(f64::from(i) + 0.5) / 12.0, weight: 30.0, block: (i / 3) as usize }).collect()
    }

    /// Works with a rate that grows by `factor` a year.
    fn works(bins: &[Bin], n: f64, factor: f64) -> Leaning {
        let w: Vec<f64> = bins.iter().map(|b| factor.powf(b.time)).collect();
        let all: f64 = w.iter().sum();
        Leaning { n, times: bins.iter().zip(&w).map(|(b, w)| n * w / all * b.time).sum() }
    }

    #[test]
    fn growth_is_measured_and_a_level_rate_has_none() {
        let bins = bins();
        let level = slope(&[(&bins, works(&bins, 90.0, 1.0))], 9, 14.0).expect("enough works");
        assert!((level.per_year - 1.0).abs() < 1e-6 && level.p > 0.99, "{level:?}");
        let grown = slope(&[(&bins, works(&bins, 90.0, 2.0))], 9, 14.0).expect("enough works");
        assert!((grown.per_year - 2.0).abs() < 1e-6 && grown.p < 0.01, "{grown:?}");
        assert!(grown.interval[0] > 1.0 && grown.interval[1] < 4.0, "{grown:?}");
        let sunk = slope(&[(&bins, works(&bins, 90.0, 0.5))], 9, 14.0).expect("enough works");
        assert!((sunk.per_year - 0.5).abs() < 1e-6 && (sunk.p - grown.p).abs() < 1e-6, "mirror images");
    }

    #[test]
    fn two_sources_that_were_watched_for_different_times_do_not_lean_by_that() {
        let all = bins();
        let late: Vec<Bin> = all.iter().filter(|b| b.block < 3).copied().collect();
        let parts = [(all.as_slice(), works(&all, 60.0, 1.0)), (late.as_slice(), works(&late, 60.0, 1.0))];
        let both = slope(&parts, 9, 14.0).expect("enough works");
        assert!((both.per_year - 1.0).abs() < 1e-6, "{both:?}");
    }

    #[test]
    fn too_little_is_no_slope_and_extremes_stay_finite() {
        let bins = bins();
        assert!(slope(&[(&bins, works(&bins, 9.0, 2.0))], 9, 14.0).is_none());
        assert!(slope(&[(&bins, works(&bins, 90.0, 2.0))], 4, 14.0).is_none());
        assert!(slope(&[(&[], Leaning { n: 90.0, times: -1.0 })], 9, 14.0).is_none());
        let last = slope(&[(&bins, Leaning { n: 5_000.0, times: -5_000.0 / 24.0 })], 9, 14.0).expect("enough works");
        assert!(last.per_year.is_finite() && last.interval.iter().all(|x| x.is_finite()) && last.p > 0.0);
    }
}
