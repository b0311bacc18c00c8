use statrs::function::{beta::checked_beta_reg, gamma::ln_gamma};

/// Half a document as prior on what the baseline holds (Jeffreys): a topic that was never seen is not impossible.
pub(crate) const PRIOR: f64 = 0.5;

/// A negative binomial count: Poisson noise around a mean that itself wavers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    mean: f64,
    size: f64,
}

impl Counts {
    /// `size` is the gamma shape of the wavering; the variance is `mean + mean² / size`.
    pub(crate) fn new(mean: f64, size: f64) -> Self {
        Counts { mean: mean.max(1e-12), size: size.clamp(1e-9, 1e6) }
    }

    /// P(Y ≤ y).
    fn at_most(&self, y: f64) -> f64 {
        if y < 0.0 {
            return 0.0;
        }
        checked_beta_reg(self.size, y + 1.0, self.size / (self.size + self.mean)).unwrap_or(1.0).clamp(0.0, 1.0)
    }

    /// P(Y = y).
    fn exactly(&self, y: f64) -> f64 {
        let (k, m) = (self.size, self.mean);
        (ln_gamma(y + k) - ln_gamma(k) - ln_gamma(y + 1.0) - k * (m / k).ln_1p() + y * (m / (k + m)).ln()).exp()
    }

    /// The two tails at `y`, each with half the weight of `y` itself (mid-p): exact tails of small counts promise less
    /// than they keep.
    fn tails(&self, y: usize) -> (f64, f64) {
        let y = y as f64;
        let here = self.exactly(y).clamp(0.0, 1.0);
        let below = if y > 0.0 { self.at_most(y - 1.0) } else { 0.0 };
        // Far out, 1 - below loses all digits; the point itself is then nearly the whole tail.
        let above = (1.0 - below - here).max(0.0).max(if below > 1.0 - 1e-9 { self.beyond(y, here) } else { 0.0 });
        (above + here / 2.0, below + here / 2.0)
    }

    /// P(Y > y) summed term by term, for the far tail where the terms fall fast.
    fn beyond(&self, y: f64, here: f64) -> f64 {
        let share = self.mean / (self.size + self.mean);
        let (mut term, mut at, mut sum) = (here, y, 0.0);
        for _ in 0..2_000 {
            term *= (at + self.size) / (at + 1.0) * share;
            at += 1.0;
            sum += term;
            if term < sum * 1e-12 {
                break;
            }
        }
        sum
    }

    /// Between which counts nineteen of twenty lie.
    pub(crate) fn range(&self) -> [f64; 2] {
        let quantile = |share: f64| {
            let (mut low, mut high) = (0_u64, 1_u64);
            while self.at_most(high as f64) < share && high < 1 << 30 {
                high *= 2;
            }
            while low < high {
                let middle = (low + high) / 2;
                if self.at_most(middle as f64) >= share { high = middle } else { low = middle + 1 }
            }
            high as f64
        };
        [quantile(0.025), quantile(0.975)]
    }

    /// Two-sided mid-p of `y`.
    pub(crate) fn p(&self, y: usize) -> f64 {
        let (up, down) = self.tails(y);
        (2.0 * up.min(down)).clamp(f64::MIN_POSITIVE, 1.0)
    }
}

/// What a window should hold, from weighted counts of the baseline: each earlier work stands for `weight` works now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Expectation {
    mean: f64,
    var: f64,
}

impl Expectation {
    /// Nothing but the prior; `weight` is the window's share of the baseline where nothing else is known.
    pub(crate) fn prior(weight: f64) -> Self {
        let mut e = Expectation::default();
        e.add(PRIOR, weight);
        e
    }

    /// `n` earlier works, each standing for `weight` now.
    pub(crate) fn add(&mut self, n: f64, weight: f64) {
        self.mean += n * weight;
        self.var += n * weight * weight;
    }

    pub(crate) fn mean(&self) -> f64 {
        self.mean
    }

    /// The predictive distribution when the truth is `ratio` times what was expected. `size` is that of one window; the
    /// mean of the baseline wavers too (less, as it is made of several windows) and rests on a finite count.
    pub(crate) fn predict(&self, ratio: f64, size: f64) -> Counts {
        if self.mean <= 0.0 {
            return Counts::new(0.0, size);
        }
        let windows = self.mean / self.var;
        Counts::new(self.mean * ratio, 1.0 / ((1.0 + 1.0 / windows) / size + self.var / (self.mean * self.mean)))
    }

    /// All ratios that `y` does not contradict at the 5 % level.
    pub(crate) fn interval(&self, y: usize, size: f64) -> [f64; 2] {
        let tails = |ratio: f64| self.predict(ratio, size).tails(y);
        let ratio = y as f64 / self.mean;
        let low = if y == 0 { 0.0 } else { edge(ratio, 0.5, |r| tails(r).0 >= 0.025) };
        let start = if y == 0 { 0.5 / self.mean } else { ratio };
        [low.min(ratio), edge(start, 2.0, |r| tails(r).1 >= 0.025).max(ratio)]
    }
}

/// Walks from `start` by `step` until `inside` fails, then halves the last step (in the logarithm) until it is fine enough.
fn edge(start: f64, step: f64, inside: impl Fn(f64) -> bool) -> f64 {
    let (mut good, mut bad) = (start, start * step);
    for _ in 0..60 {
        if !inside(bad) {
            break;
        }
        (good, bad) = (bad, bad * step);
    }
    for _ in 0..30 {
        let mid = (good * bad).sqrt();
        if inside(mid) { good = mid } else { bad = mid }
    }
    good
}

/// Benjamini-Hochberg: the q of each p, in the given order.
pub(crate) fn q_values(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]).then(a.cmp(&b)));
    let (mut out, mut least, n) = (vec![1.0; p.len()], 1.0_f64, p.len());
    for (i, &at) in order.iter().enumerate() {
        least = least.min(p[at] * n as f64 / (n - i) as f64);
        out[at] = least.max(p[at]);
    }
    out
}

/// Above this, a p is taken to come from what did not move.
const UNMOVED: f64 = 0.5;

/// The same, corrected only for the part of the questions that seems to be asked in vain (Storey): where half of all topics move,
/// half as many can raise a false alarm.
pub(crate) fn adaptive_q(p: &[f64]) -> Vec<f64> {
    let still = p.iter().filter(|p| **p > UNMOVED).count() as f64 + 1.0;
    let part = (still / (p.len() as f64 * (1.0 - UNMOVED))).min(1.0);
    q_values(p).into_iter().zip(p).map(|(q, p)| (q * part).max(*p)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-6 * b.abs().max(1e-9)
    }

    #[test]
    fn tails_are_those_of_the_textbook() {
        // Poisson (a large size) with mean 4: P(Y ≤ 2) = e⁻⁴(1 + 4 + 8), P(Y = 3) = e⁻⁴·32/3.
        let c = Counts::new(4.0, 1e6);
        assert!((c.at_most(2.0) - 13.0 * (-4.0_f64).exp()).abs() < 1e-5);
        assert!((c.exactly(3.0) - 32.0 / 3.0 * (-4.0_f64).exp()).abs() < 1e-5);
        // Geometric: size 1, mean 3 → P(Y = y) = ¼·(¾)^y.
        let g = Counts::new(3.0, 1.0);
        assert!(near(g.exactly(2.0), 0.25 * 0.75 * 0.75));
        assert!(near(g.at_most(2.0), 1.0 - 0.75_f64.powi(3)));
        assert!(near(g.tails(2).0, 0.75_f64.powi(3) + 0.25 * 0.75 * 0.75 / 2.0));
    }

    #[test]
    fn the_range_holds_nineteen_of_twenty() {
        // Poisson with mean 4: P(Y ≤ 0) = 0.018, P(Y ≤ 1) = 0.09; P(Y ≤ 7) = 0.949, P(Y ≤ 8) = 0.979.
        assert_eq!(Counts::new(4.0, 1e6).range(), [1.0, 8.0]);
        assert_eq!(Counts::new(0.0, 14.0).range(), [0.0, 0.0]);
        let wide = Counts::new(40.0, 3.0).range();
        assert!(wide[0] < 15.0 && wide[1] > 80.0, "{wide:?}");
    }

    #[test]
    fn the_far_tail_keeps_its_digits() {
        // Geometric again: P(Y > 200) = ¾^201, far below what 1 - cdf can hold.
        let p = Counts::new(3.0, 1.0).p(200);
        assert!(near(p, 2.0 * (0.75_f64.powi(201) + 0.25 * 0.75_f64.powi(200) / 2.0)), "{p}");
    }

    #[test]
    fn q_values_are_those_of_benjamini_and_hochberg() {
        let q = q_values(&[0.01, 0.04, 0.03, 0.005]);
        assert!(q.iter().zip([0.02, 0.04, 0.04, 0.02]).all(|(a, b)| near(*a, b)), "{q:?}");
        assert!(q_values(&[]).is_empty());
    }

    #[test]
    fn where_much_moves_less_can_be_a_false_alarm() {
        let still = [0.02, 0.3, 0.6, 0.7, 0.8, 0.9];
        assert_eq!(adaptive_q(&still), q_values(&still));
        let moved = [0.001, 0.002, 0.003, 0.004, 0.02, 0.3, 0.4, 0.45, 0.48, 0.6];
        // One of ten above a half: two of five, with one to be careful.
        assert!(near(adaptive_q(&moved)[0], 0.4 * q_values(&moved)[0]));
        assert!(adaptive_q(&moved).windows(2).all(|q| q[0] <= q[1]));
        assert!(adaptive_q(&[]).is_empty());
        assert_eq!(adaptive_q(&[0.04]), [0.04]);
    }

    #[test]
    fn a_finite_baseline_is_less_sure_than_a_long_one() {
        let (mut short, mut long) = (Expectation::prior(0.0), Expectation::prior(0.0));
        short.add(10.0, 1.0);
        long.add(80.0, 0.125);
        assert!(near(short.mean(), long.mean()));
        assert!(short.predict(1.0, 14.0).p(25) > 3.0 * long.predict(1.0, 14.0).p(25));
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_ratio_and_agrees_with_p(y in 0_usize..400, n in 1_u32..900, weight in 0.02_f64..1.5, size in 3.0_f64..60.0) {
            let mut e = Expectation::prior(weight);
            e.add(f64::from(n), weight);
            let ([low, high], ratio) = (e.interval(y, size), y as f64 / e.mean());
            prop_assert!(low <= ratio && ratio <= high && low.is_finite() && high.is_finite(), "{low} {ratio} {high}");
            let p = e.predict(1.0, size).p(y);
            if (p - 0.05).abs() > 1e-3 {
                prop_assert_eq!(p > 0.05, low <= 1.0 && 1.0 <= high, "p {} interval {} {}", p, low, high);
            }
        }

        #[test]
        fn q_is_never_below_p_and_keeps_the_order(p in proptest::collection::vec(0.0_f64..=1.0, 0..60)) {
            let q = q_values(&p);
            for i in 0..p.len() {
                prop_assert!(q[i] >= p[i] && q[i] <= 1.0);
                let adapted = adaptive_q(&p)[i];
                prop_assert!(adapted >= p[i] && adapted <= q[i]);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || q[i] <= q[j]);
                }
            }
        }

        #[test]
        fn nothing_panics_and_p_is_a_probability(y in 0_usize..5_000, mean in 0.0_f64..5_000.0, size in 0.0_f64..1e7) {
            let p = Counts::new(mean, size).p(y);
            prop_assert!(p > 0.0 && p <= 1.0);
        }
    }
}
