//! Progress of long work on stderr: a bar on a terminal, nothing otherwise.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over `total` things, or a counter when nobody knows how many.
pub(crate) fn bar(total: Option<u64>, what: &str, quiet: bool) -> ProgressBar {
    let target = if quiet || !std::io::stderr().is_terminal() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(total, target);
    let form = if total.is_some() { "{prefix} {bar:24} {pos}/{len} {wide_msg}" } else { "{prefix} {pos} {wide_msg}" };
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.set_prefix(what.to_owned());
    bar
}
