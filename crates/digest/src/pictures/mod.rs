//! Pictures as SVG of our own: the map as a heat map, time series with what chance allows, a slope between two dates, a timeline.
//!
//! Layout is counted here, drawing stands in `templates/pictures/`. Every picture has a title and a description, says with signs and
//! numbers what it says with shades, is black on white in print and turns with a dark page.

mod heat;
mod rehearsal;
mod series;
mod slope;
mod timeline;

use std::collections::BTreeMap;

use monitor_model::TopicId;

pub use heat::heat_map;
pub(crate) use rehearsal::rehearse;
pub use series::time_series;
pub use slope::slope;
pub use timeline::timeline;

use crate::clean::clip;

/// The names of topics that a reader sees.
pub type Labels = BTreeMap<TopicId, String>;

/// A page of A4 between its margins, in the pixels of a browser.
const WIDTH: f64 = 680.0;

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
