use std::collections::BTreeMap;

use monitor_model::{SourceId, When};

use crate::{
    Happening, Input, Work,
    days::{self, Frame},
    events::Seen,
    season::Season,
    watch::Watch,
};

/// Days by which a date may lie after the first sight: time zones, and pages that are dated for tomorrow.
const SLACK: i64 = 2;

/// The step of a life by which works are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'s> {
    Begun,
    Happened(Happening, &'s Seen<'s>),
}

/// On which side of the window's edge a work began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Now,
    Before,
    Out(Why),
}

/// Why a work is on neither side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The start of its life is not known.
    Undated,
    /// Known to the year only.
    YearOnly,
    /// Dated after we saw it: a plan.
    Future,
    /// Its source was not watched then, or not long enough to say what is usual.
    Unwatched,
    /// Older than the baseline, or later than `as_of`.
    Outside,
}

/// Works of one source and body whose dates are equally fine: they were watched for the same days.
#[derive(Clone, Debug)]
pub(crate) struct Stratum {
    frame: Frame,
    /// Dates are known to the month only.
    monthly: bool,
    /// Watched through the whole baseline.
    full: bool,
    /// How many works of the window one work of the baseline stands for.
    pub(crate) weight: f64,
    /// The watched days in runs of about a month, each with as many usual days as it is worth.
    pub(crate) bins: Vec<Bin>,
}

/// A run of days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bin {
    /// Its middle, in years from the end of the window.
    pub(crate) time: f64,
    /// Usual days.
    pub(crate) weight: f64,
    /// Which window back it lies in; 0 is the window that is asked.
    pub(crate) block: usize,
}

/// A baseline of more windows than this has no history of windows and no slope.
const MOST_BLOCKS: usize = 60;

/// Days of a year.
const YEAR: f64 = 365.25;

/// A work with its side; `day` is the first day of what its date covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) work: &'a Work,
    pub(crate) side: Side,
    pub(crate) day: Option<i64>,
    pub(crate) stratum: usize,
}

/// All works that were known, each on its side.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    pub(crate) frame: Frame,
    pub(crate) watch: Watch,
    /// Something was watched on the last day of the window: the answer is what was known then.
    pub(crate) watched_then: bool,
    pub(crate) season: Season,
    pub(crate) strata: Vec<Stratum>,
    pub(crate) placed: Vec<Placed<'a>>,
}

impl<'a> Places<'a> {
    /// Places every work of the input by a step of its life.
    pub(crate) fn new(input: &Input<'a>, step: Step<'_>) -> Self {
        let frame = Frame::new(input.as_of, input.window_days, input.baseline_days);
        let watch = Watch::new(input, frame.end - 1);
        // If anything was watched by then, the answer is what was known then and stays the same for ever. A store that
        // began later can only say what its sources tell of that time.
        let watched_then = watch.iter().any(|(_, s)| s.read < frame.end);
        let mut strata = Vec::new();
        let mut index: BTreeMap<(&SourceId, &str, bool), usize> = BTreeMap::new();
        let mut placed: Vec<Placed<'a>> = Vec::new();
        // Sums of fractions depend on their order in the last digit: one order, whatever the input's.
        let mut works: Vec<&'a Work> = input.works.iter().collect();
        works.sort_by(|a, b| a.document.cmp(&b.document));
        for work in works {
            let seen = days::of(work.first_seen);
            if watched_then && seen >= frame.end {
                continue;
            }
            // A work began before we saw it; it may be approved or withdrawn at any time after.
            let (when, latest) = match step {
                Step::Begun => (work.when, seen + SLACK),
                Step::Happened(Happening::Opened, _) if !work.item => continue,
                // Without a date, an item is new on the day on which it first stood in a list that was read before.
                Step::Happened(Happening::Opened, _) => {
                    (work.when.or_else(|| (!work.backfill).then(|| When::Day(days::date(seen)))), seen + SLACK)
                }
                Step::Happened(what, seen) => {
                    let said = if what == Happening::Approved { work.finished } else { work.withdrawn };
                    let step = seen.get(&(&work.document, what)).copied();
                    // A work item's own date is often that on which it was registered: what was seen to happen says more.
                    let Some(when) = (if work.item { step.or(said) } else { said.or(step) }) else { continue };
                    (Some(when), i64::MAX)
                }
            };
            let monthly = matches!(when, Some(When::Month(..)));
            let stratum = *index.entry((&work.source, &work.body, monthly)).or_insert_with(|| {
                strata.push(stratum(if monthly { frame.by_months() } else { frame }, monthly, &watch, &work.source));
                strata.len() - 1
            });
            let (side, day) = side(when, latest, &strata[stratum].frame, frame.window());
            placed.push(Placed { work, side, day, stratum });
        }
        let season = Season::new(
            frame,
            placed.iter().filter(|p| p.side == Side::Before && strata[p.stratum].full).filter_map(|p| Some((p.work.body.as_str(), p.day?))),
        );
        for ((_, body, _), at) in index {
            let f = strata[at].frame;
            let before = season.days(body, f.base, f.from);
            strata[at].weight = if before > 0.0 { season.days(body, f.from, f.end) / before } else { 0.0 };
            strata[at].bins = bins(&season, body, &strata[at], frame);
        }
        Places { frame, watch, watched_then, season, strata, placed }
    }

    /// The relevant ones.
    pub(crate) fn relevant(&self) -> impl Iterator<Item = &Placed<'a>> {
        self.placed.iter().filter(|p| p.work.relevant)
    }

    /// The window's share of the baseline where nothing else is known.
    pub(crate) fn usual_weight(&self) -> f64 {
        self.frame.window() as f64 / (self.frame.from - self.frame.base) as f64
    }

    /// How many windows there are: the one asked and those of the baseline, the oldest of them perhaps in part.
    pub(crate) fn blocks(&self) -> usize {
        blocks(self.frame)
    }

    /// Which window back a counted work lies in, and its time in years from the end of the window.
    pub(crate) fn at(&self, p: &Placed<'_>) -> Option<(usize, f64)> {
        let (day, stratum) = (p.day?, &self.strata[p.stratum]);
        // A date that is known to the month stands for the middle of it.
        let middle = if stratum.monthly { day + 14 } else { day };
        let block = match p.side {
            Side::Now => 0,
            Side::Before => block(self.frame, middle),
            Side::Out(_) => return None,
        };
        Some((block, time(self.frame, middle as f64 + 0.5)))
    }

    /// Whether the work counts towards what is usual from the first day of the baseline on.
    pub(crate) fn full(&self, p: &Placed<'_>) -> bool {
        self.strata[p.stratum].full
    }
}

fn stratum(mut frame: Frame, monthly: bool, watch: &Watch, source: &SourceId) -> Stratum {
    let full = match watch.of(source) {
        // A source that nobody says when it was first read: it was never watched.
        None => {
            frame.base = frame.from;
            false
        }
        Some(since) => {
            let reach = if monthly { days::next_month(since.reach) } else { since.reach };
            let full = reach <= frame.base;
            frame.base = frame.base.max(reach);
            if let Some(last) = since.stopped(frame.end) {
                // A month counts when it was seen to its end.
                let end = if monthly { days::first_of_month(last + 1) } else { last + 1 };
                frame.end = end.max(frame.from);
            }
            full
        }
    };
    Stratum { frame, monthly, full, weight: 0.0, bins: Vec::new() }
}

fn blocks(frame: Frame) -> usize {
    usize::try_from((frame.from - frame.base + frame.window() - 1) / frame.window() + 1).unwrap_or(usize::MAX)
}

/// Which window back a day of the baseline lies in, from 1 on.
fn block(frame: Frame, day: i64) -> usize {
    usize::try_from((frame.from - 1 - day.min(frame.from - 1)) / frame.window() + 1).unwrap_or(1)
}

fn time(frame: Frame, day: f64) -> f64 {
    (day - frame.end as f64) / YEAR
}

/// The watched days of a stratum. Runs end with months where dates are months, else with thirds of windows.
fn bins(season: &Season, body: &str, stratum: &Stratum, frame: Frame) -> Vec<Bin> {
    let mut out = Vec::new();
    if blocks(frame) > MOST_BLOCKS {
        return out;
    }
    let f = stratum.frame;
    let mut push = |from: i64, end: i64, middle: f64, block: usize| {
        if from < end {
            out.push(Bin { time: time(frame, middle), weight: season.days(body, from, end), block });
        }
    };
    if stratum.monthly {
        let mut day = days::next_month(f.base);
        while day < f.end {
            let next = days::next_month(day + 1);
            let block = if day >= f.from { 0 } else { block(frame, day + 14) };
            push(day, next.min(f.end), day as f64 + 14.5, block);
            day = next;
        }
        return out;
    }
    for i in 0..blocks(frame) {
        let start = frame.from - i as i64 * frame.window();
        for third in 0..3 {
            let edge = |n: i64| (start + frame.window() * n / 3).max(f.base).min(f.end);
            let (from, end) = (edge(third), edge(third + 1));
            push(from, end, (from + end) as f64 / 2.0, i);
        }
    }
    out
}

fn side(when: Option<When>, latest: i64, frame: &Frame, window: i64) -> (Side, Option<i64>) {
    let Some(when) = when else { return (Side::Out(Why::Undated), None) };
    let day = days::number(when.first_day());
    let side = if day > latest {
        Side::Out(Why::Future)
    } else if when.precision() == 0 {
        Side::Out(Why::YearOnly)
    } else if day >= frame.end {
        Side::Out(Why::Outside)
    } else if frame.from - frame.base < window || (frame.end - frame.from) * 2 < window {
        Side::Out(Why::Unwatched)
    } else if day >= frame.from {
        Side::Now
    } else if day >= frame.base {
        Side::Before
    } else {
        Side::Out(Why::Outside)
    };
    (side, Some(day))
}
