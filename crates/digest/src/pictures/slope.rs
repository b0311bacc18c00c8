use std::collections::BTreeMap;

use monitor_trends::{Row, Trends, Verdict};
use serde::Serialize;

use super::{Labels, WIDTH, label, px};
use crate::{DigestError, Templates};

/// At most so many lines can be told apart.
const MOST: usize = 18;

const TOP: f64 = 76.0;
/// Room for one name.
const LINE: f64 = 14.0;

#[derive(Serialize)]
struct Picture {
    title: String,
    desc: String,
    note: String,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    earlier: String,
    later: String,
    slopes: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    y1: f64,
    y2: f64,
    t1: f64,
    t2: f64,
    thick: f64,
    dashes: &'static str,
    moved: bool,
    before: String,
    after: String,
    words: String,
}

/// What the window held at an earlier date and at a later one, topic by topic. Thick lines rose, dashed ones fell.
///
/// # Errors
/// When the template does not render.
pub fn slope(templates: &Templates, earlier: &Trends, later: &Trends, labels: &Labels) -> Result<String, DigestError> {
    let then: BTreeMap<&str, &Row> = earlier.topics.iter().map(|r| (r.id.as_str(), r)).collect();
    let mut pairs: Vec<(&Row, usize)> = later.topics.iter().map(|r| (r, then.get(r.id.as_str()).map_or(0, |b| b.now))).collect();
    pairs.retain(|(r, before)| r.now + before > 0);
    pairs.sort_by(|(a, before_a), (b, before_b)| {
        let key = |r: &Row, before: usize| (!r.verdict.moved(), std::cmp::Reverse(r.now.max(before)));
        key(a, *before_a).cmp(&key(b, *before_b)).then_with(|| a.id.cmp(&b.id))
    });
    let left_out = pairs.len().saturating_sub(MOST);
    pairs.truncate(MOST);
    let top = pairs.iter().map(|(r, before)| r.now.max(*before)).max().unwrap_or(1).max(1) as f64;
    let tall = (pairs.len().max(4) as f64 + 3.0) * LINE * 1.25;
    // Roots, so that small counts do not lie upon each other.
    let up = |n: usize| px(TOP + tall - (n as f64 / top).sqrt() * tall);
    let before = apart(pairs.iter().map(|(_, n)| up(*n)).collect());
    let after = apart(pairs.iter().map(|(r, _)| up(r.now)).collect());
    let slopes: Vec<Line> = pairs
        .iter()
        .enumerate()
        .map(|(i, (r, n))| {
            let name = label(labels, &r.id, 30);
            let (thick, dashes, sign) = match r.verdict {
                Verdict::Rising => (2.6, "", " ▲ rising"),
                Verdict::New => (2.6, "", " ✚ new"),
                Verdict::Falling => (1.6, "6 3", " ▼ falling"),
                Verdict::Steady | Verdict::TooFew => (0.7, "", ""),
            };
            Line {
                y1: up(*n),
                y2: up(r.now),
                t1: px(before[i] + 4.0),
                t2: px(after[i] + 4.0),
                thick,
                dashes,
                moved: r.verdict.moved(),
                before: format!("{name} {n}"),
                after: format!("{} {name}{sign}", r.now),
                words: format!("{name}: {n}, then {} ({})", r.now, r.verdict),
            }
        })
        .collect();
    let said: Vec<String> =
        pairs.iter().filter(|(r, _)| r.verdict.moved()).map(|(r, n)| format!("{} {n} to {}", label(labels, &r.id, 80), r.now)).collect();
    let more = if left_out > 0 { format!(" {left_out} topics with fewer works are not shown.") } else { String::new() };
    let picture = Picture {
        title: format!("New works by topic, {} and {}", earlier.as_of, later.as_of),
        desc: format!("{} topics; moved: {}.{more}", slopes.len(), if said.is_empty() { "none".to_owned() } else { said.join("; ") }),
        note: format!("Works of the window that ends on each date. Thick: rising or new; dashed: falling; thin: within chance.{more}"),
        width: WIDTH,
        height: px(slopes.iter().map(|l| l.t1.max(l.t2)).fold(TOP + tall, f64::max) + 14.0),
        left: 214.0,
        right: 424.0,
        earlier: earlier.as_of.to_string(),
        later: later.as_of.to_string(),
        slopes,
    };
    templates.picture("pictures/slope.svg", &picture)
}

/// Heights moved apart until no two names lie upon each other, the order kept, each group of names about where its points are.
fn apart(heights: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]).then(a.cmp(&b)));
    // Groups of neighbours that touch: how many, and the sum of the places that their first name would like.
    let mut groups: Vec<(usize, f64)> = Vec::new();
    let first = |g: &(usize, f64)| g.1 / g.0 as f64;
    for &at in &order {
        groups.push((1, heights[at]));
        while let [.., a, b] = groups.as_slice()
            && first(b) < first(a) + a.0 as f64 * LINE
        {
            let joined = (a.0 + b.0, a.1 + b.1 - (b.0 * a.0) as f64 * LINE);
            groups.truncate(groups.len() - 2);
            groups.push(joined);
        }
    }
    let mut out = heights;
    let mut names = order.into_iter();
    let mut least = TOP;
    for g in &groups {
        for at in names.by_ref().take(g.0) {
            out[at] = least.max(first(g));
            least = out[at] + LINE;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_do_not_lie_upon_each_other() {
        assert_eq!(super::apart(vec![130.0, 100.0, 100.0, 190.0]), [130.0, 93.0, 107.0, 190.0]);
        let many = super::apart(vec![100.0; 6]);
        assert!(many.windows(2).all(|n| n[1] - n[0] >= super::LINE) && many[0] >= super::TOP);
    }
}
