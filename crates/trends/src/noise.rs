use std::collections::BTreeMap;

use crate::place::{Places, Side};

/// What is known without looking: new works of steady subjects at IETF and ISO waver with a gamma shape of 7 to 22 a quarter.
const USUAL: f64 = 1.0 / 14.0;

/// How much that counts against what is seen: as much as sixty topics with ten works a window. Two years hold eight windows, and the spread
/// of eight counts is a poor witness.
const USUAL_WEIGHT: f64 = 6_000.0;

/// The part of the most restless topics that is left out.
const RESTLESS: usize = 20;

/// Months that waver lie across the edges of windows, so that neighbours waver together and their differences show less than there is.
const SHARED: f64 = 1.18;

/// Topics with fewer works in the baseline say nothing about wavering.
const LEAST: f64 = 16.0;

/// What holds more than so many times as much in one half of the baseline as in the other took off or broke off. That is a movement, not
/// how subjects waver while nothing happens.
const TAKEN_OFF: f64 = 3.0;

/// The gamma shape by which a topic's rate wavers from window to window, pooled over topics.
///
/// Taken from differences of neighbouring windows of the baseline, so that slow growth is not taken for wavering, and
/// without the most restless twentieth of the topics and those that took off: bursts are what is sought, not what is usual.
pub(crate) fn size(places: &Places<'_>) -> f64 {
    let (frame, window) = (places.frame, places.frame.window());
    let blocks = usize::try_from((frame.from - frame.base) / window).unwrap_or(0);
    if blocks < 3 {
        return 1.0 / USUAL;
    }
    let mut seen: BTreeMap<&str, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for p in places.relevant().filter(|p| p.side == Side::Before && places.full(p)) {
        let Some(block) = p.day.and_then(|d| usize::try_from((frame.from - 1 - d.min(frame.from - 1)) / window).ok()) else { continue };
        if block >= blocks {
            continue;
        }
        for topic in &p.work.topics {
            seen.entry(topic.as_str()).or_default().entry(&p.work.body).or_insert_with(|| vec![0.0; blocks])[block] += 1.0;
        }
    }
    let mut shares: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut topics: Vec<(f64, f64)> = Vec::new();
    for bodies in seen.values() {
        let mut off = vec![0.0; blocks];
        let (mut total, mut newer) = (0.0, 0.0);
        for (body, counts) in bodies {
            let share = shares.entry(body).or_insert_with(|| {
                let w: Vec<f64> = (0..blocks)
                    .map(|b| {
                        let end = frame.from - b as i64 * window;
                        places.season.days(body, end - window, end)
                    })
                    .collect();
                let all: f64 = w.iter().sum();
                w.iter().map(|x| x / all).collect()
            });
            let n: f64 = counts.iter().sum();
            total += n;
            newer += counts[..blocks / 2].iter().sum::<f64>();
            for b in 0..blocks {
                off[b] += counts[b] - n * share[b];
            }
        }
        let halves = [newer, total - newer];
        let took_off = halves[0].max(halves[1]) > TAKEN_OFF * (halves[0].min(halves[1]) + 1.0);
        if total >= LEAST && !took_off {
            let mean = total / blocks as f64;
            let var = off.windows(2).map(|d| (d[1] - d[0]).powi(2) / 2.0).sum::<f64>() / (blocks - 1) as f64;
            topics.push((var - mean, mean * mean));
        }
    }
    topics.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    topics.truncate(topics.len() - topics.len() / RESTLESS);
    let (excess, weight) = topics.iter().fold((USUAL * USUAL_WEIGHT, USUAL_WEIGHT), |(e, w), t| (e + t.0, w + t.1));
    1.0 / (SHARED * excess / weight).clamp(1.0 / 60.0, 1.0 / 3.0)
}
