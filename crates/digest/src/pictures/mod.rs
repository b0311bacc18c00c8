//! Pictures as SVG of our own: the map as a heat map, time series with what chance allows, a slope between two dates, a timeline.
//!
//! Layout is counted here, drawing stands in `templates/pictures/`. Every picture has a title and a description, says with signs and
//! numbers what it says with shades, is black on white in print and turns with a dark page.

mod heat;
mod series;
mod slope;
mod timeline;

use std::collections::BTreeMap;

use monitor_model::TopicId;

pub(crate) use heat::heat_of;
pub use heat::{heat_map, heat_map_undated};
pub use series::time_series;
pub use slope::slope;
pub use timeline::timeline;
pub(crate) use timeline::{lives, spans, timeline_of};

use crate::clean::clip;

/// The names of topics that a reader sees.
pub type Labels = BTreeMap<TopicId, String>;

/// A page of A4 between its margins, in the pixels of a browser.
const WIDTH: f64 = 680.0;

/// The pictures of an edition's web page, by name; those that would show nothing are left out.
pub(crate) fn of(templates: &crate::Templates, e: &crate::Edition) -> Result<BTreeMap<&'static str, String>, crate::DigestError> {
    let mut out = BTreeMap::new();
    let as_of = e.as_of.to_zoned(jiff::tz::TimeZone::UTC).date();
    let home = e.group.home.split(' ').next().unwrap_or_default();
    if let Some(map) = e.map.as_ref().filter(|m| m.topics.iter().any(|t| t.works > 0)) {
        out.insert("heat", heat_of(templates, map, home, e.as_of)?);
    }
    if e.trends.counted.topics.iter().any(|r| r.history.len() > 1 && r.verdict.moved()) {
        let labels: Labels = e.labels.iter().map(|(id, label)| (TopicId(id.clone()), label.clone())).collect();
        out.insert("series", time_series(templates, &e.trends.counted, &labels)?);
    }
    if !e.lives.is_empty() {
        out.insert("timeline", timeline_of(templates, &e.lives, &e.meetings, &e.group.home, as_of)?);
    }
    Ok(out)
}

/// One digit after the point: finer is not seen, and the same on every machine.
fn px(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// A topic's name, or its id, cut to fit.
fn label(labels: &Labels, id: &str, most: usize) -> String {
    clip(labels.get(&TopicId::from(id)).map_or(id, String::as_str), most)
}

/// One decimal, none from ten on.
fn number(x: f64) -> String {
    if x.abs() >= 10.0 { format!("{x:.0}") } else { format!("{x:.1}") }
}
