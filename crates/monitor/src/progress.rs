//! Progress of long work on stderr: redrawn on a terminal, whole lines where somebody listens to them or reads a log, else nothing.
//!
//! Nothing is said by movement or colour alone: each line has its counts in words and numbers.

use std::{
    collections::BTreeMap,
    io::IsTerminal,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use monitor_model::SourceReport;
use serde_json::json;

use crate::{
    cli::{Global, ProgressAs},
    output,
};

/// How progress is shown, once it was decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shown {
    Nothing = 0,
    Redrawn = 1,
    Lines = 2,
}

static SHOWN: AtomicU8 = AtomicU8::new(Shown::Nothing as u8);

/// Decides how progress is shown, once, when the program starts.
pub(crate) fn start(global: &Global) {
    let terminal = std::io::stderr().is_terminal();
    let dumb = std::env::var_os("TERM").is_none_or(|t| t == "dumb");
    SHOWN.store(decide(global.progress, global.quiet, output::talks_json(), terminal, dumb) as u8, Ordering::Relaxed);
}

fn decide(asked: ProgressAs, quiet: bool, json: bool, terminal: bool, dumb: bool) -> Shown {
    match asked {
        _ if quiet => Shown::Nothing,
        ProgressAs::None => Shown::Nothing,
        ProgressAs::Lines => Shown::Lines,
        // For programs the lines are objects.
        ProgressAs::Auto if json => Shown::Lines,
        ProgressAs::Auto if !terminal => Shown::Nothing,
        ProgressAs::Auto if dumb => Shown::Lines,
        ProgressAs::Auto => Shown::Redrawn,
    }
}

fn shown() -> Shown {
    match SHOWN.load(Ordering::Relaxed) {
        1 => Shown::Redrawn,
        2 => Shown::Lines,
        _ => Shown::Nothing,
    }
}

fn style(form: &str) -> ProgressStyle {
    ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A bar over `total` things, or a counter when nobody knows how many.
pub(crate) fn bar(total: Option<u64>, what: &str, quiet: bool) -> ProgressBar {
    let target = if quiet || shown() != Shown::Redrawn { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(total, target);
    bar.set_style(style(if total.is_some() { "{prefix} {bar:24} {pos}/{len} {wide_msg}" } else { "{prefix} {pos} {wide_msg}" }));
    bar.set_prefix(what.to_owned());
    bar
}

/// The progress of a run: sources of all hosts, and of each host.
pub(crate) struct Run {
    shown: Shown,
    lines: MultiProgress,
    all: ProgressBar,
    so_far: Mutex<SoFar>,
}

#[derive(Default)]
struct SoFar {
    done: usize,
    of: usize,
    new: u64,
    failed: usize,
    hosts: BTreeMap<String, Host>,
}

#[derive(Default)]
struct Host {
    done: usize,
    of: usize,
    line: Option<ProgressBar>,
}

impl Run {
    /// Over these hosts, each named once for every source.
    pub(crate) fn new<'a>(hosts: impl Iterator<Item = &'a str>, quiet: bool) -> Run {
        let shown = if quiet { Shown::Nothing } else { shown() };
        let target = if shown == Shown::Redrawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let lines = MultiProgress::with_draw_target(target);
        let mut so_far = SoFar::default();
        for host in hosts {
            so_far.of += 1;
            so_far.hosts.entry(host.to_owned()).or_default().of += 1;
        }
        let all = lines.add(ProgressBar::new(so_far.of as u64));
        all.set_style(style("sources {bar:24} {pos} of {len} {wide_msg}"));
        Run { shown, lines, all, so_far: Mutex::new(so_far) }
    }

    /// A source of a host is asked now.
    pub(crate) fn asking(&self, host: &str, source: &str) {
        if self.shown == Shown::Nothing {
            return;
        }
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(h) = so_far.hosts.get_mut(host) else { return };
        match self.shown {
            Shown::Redrawn => {
                let line = h.line.get_or_insert_with(|| {
                    let line = self.lines.add(ProgressBar::new(h.of as u64));
                    line.set_style(style("  {prefix:32!} {pos} of {len} {wide_msg}"));
                    line.set_prefix(output::plain(host));
                    line.set_position(h.done as u64);
                    line
                });
                line.set_message(format!("asking {source}"));
            }
            _ if output::talks_json() => {
                let said =
                    json!({"level": "info", "event": "asking", "source": source, "host": host, "host_done": h.done, "host_of": h.of});
                output::talk_object(&said);
            }
            _ => {}
        }
    }

    /// A source of a host is stored.
    pub(crate) fn done(&self, host: &str, report: &SourceReport) {
        if self.shown == Shown::Nothing {
            return;
        }
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.done += 1;
        so_far.new += report.counts.new;
        so_far.failed += usize::from(report.is_failure());
        let (done, of, new, failed) = (so_far.done, so_far.of, so_far.new, so_far.failed);
        let Some(h) = so_far.hosts.get_mut(host) else { return };
        h.done += 1;
        let (host_done, host_of) = (h.done, h.of);
        let (id, status, c) = (report.id.as_str(), report.status.as_str(), &report.counts);
        match self.shown {
            Shown::Redrawn => {
                if let Some(line) = &h.line {
                    line.set_position(host_done as u64);
                    line.set_message(format!("{id}: {status}, {} new", c.new));
                    if host_done == host_of {
                        line.finish_and_clear();
                        self.lines.remove(line);
                    }
                }
                self.all.set_position(done as u64);
                self.all.set_message(format!("{new} new, {failed} failed"));
            }
            _ if output::talks_json() => output::talk_object(&json!({
                "level": "info", "event": "source", "source": id, "body": report.body, "host": host, "status": status,
                "rows": c.collected, "new": c.new, "done": done, "of": of, "host_done": host_done, "host_of": host_of, "failed": failed,
            })),
            _ => tell!(
                "{done} of {of}: {id}: {status}, {} rows, {} new ({}: {host_done} of {host_of})",
                c.collected,
                c.new,
                output::plain(host)
            ),
        }
    }

    /// The run is over.
    pub(crate) fn finish(&self) {
        self.all.finish_and_clear();
        let _ = self.lines.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_quiet_but_where_somebody_sees_or_asked_for_it() {
        for (asked, quiet, json, terminal, dumb, want) in [
            (ProgressAs::Auto, false, false, true, false, Shown::Redrawn),
            (ProgressAs::Auto, false, false, false, false, Shown::Nothing),
            (ProgressAs::Auto, false, false, true, true, Shown::Lines),
            (ProgressAs::Auto, false, true, false, false, Shown::Lines),
            (ProgressAs::Lines, false, false, false, false, Shown::Lines),
            (ProgressAs::Lines, true, true, true, false, Shown::Nothing),
            (ProgressAs::None, false, true, true, false, Shown::Nothing),
        ] {
            assert_eq!(decide(asked, quiet, json, terminal, dumb), want, "{asked:?} {quiet} {json} {terminal} {dumb}");
        }
    }
}
