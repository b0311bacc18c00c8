use monitor_digest::{EditionSpec, Window};
use monitor_model::Timestamp;

use super::{Setup, digest, fetch};
use crate::{
    answers::day_of,
    cli::RunArgs,
    exit::{Exit, Failure, Outcome},
};

/// What cron calls: fetch what is due, then make and deliver each edition whose window has closed and that nobody has made yet.
pub(super) fn run(setup: &Setup, args: &RunArgs) -> Outcome {
    fetch::prepare(setup)?;
    setup.editions()?;
    setup.templates()?;
    setup.calendar()?;
    let ids = fetch::selected(setup, &args.fetch)?;
    let store = super::open(setup, "run")?;
    let report = fetch::collect(setup, &store, &args.fetch, ids)?;
    fetch::print(setup, &args.fetch, &report)?;
    let mut exit = fetch::verdict(&args.fetch, &report);
    let base = args.out.clone().unwrap_or_else(|| setup.data.join("editions"));
    let mut undelivered = false;
    for spec in &setup.editions()?.editions {
        match edition(setup, &store, spec, &base)? {
            Done::NotDue => {}
            Done::Sent(places) => {
                if !setup.quiet {
                    for p in places {
                        eprintln!("{}: delivered to {p}", spec.name);
                    }
                }
            }
            Done::Failed(why) => {
                undelivered = true;
                for w in why {
                    eprintln!("{}: not delivered: {w}", spec.name);
                }
            }
        }
    }
    if undelivered && matches!(exit, Exit::Done | Exit::New) {
        exit = Exit::Delivery;
    }
    Ok(exit)
}

enum Done {
    NotDue,
    Sent(Vec<String>),
    Failed(Vec<String>),
}

/// Makes one edition if it is due, and delivers what is made but not delivered.
fn edition(setup: &Setup, store: &monitor_store::Store, spec: &EditionSpec, base: &std::path::Path) -> Result<Done, Failure> {
    let last = digest::last_of(store, spec)?;
    let Some((since, until)) = due(setup, spec, last)? else { return Ok(Done::NotDue) };
    // A window that closed before anybody watched would be an empty edition.
    let began = store.memories()?.values().filter_map(|m| m.first_success).min();
    if began.is_none_or(|b| b >= until) {
        return Ok(Done::NotDue);
    }
    let id = spec.window.edition_id(&spec.name, since, until);
    let made = match store.edition(&id)? {
        // Made before; a delivery that failed is tried again with exactly what was frozen.
        Some(frozen) => serde_json::from_str(&frozen.json)?,
        None => digest::make(setup, store, spec, &id, until.min(setup.now), since, until)?,
    };
    let files = digest::render(setup, &made, &spec.formats)?;
    let (done, failed) = digest::send(setup, store, &id, &files, &spec.channels, base)?;
    Ok(if !failed.is_empty() {
        Done::Failed(failed)
    } else if done.is_empty() {
        Done::NotDue
    } else {
        Done::Sent(done)
    })
}

/// The window of an edition that is due now: a month or week that has closed, or a span that has passed since the last one.
/// A report since the plenary is due once the calendar's own deadline for it is near; without a next plenary it never is.
fn due(setup: &Setup, spec: &EditionSpec, last: Option<Timestamp>) -> Result<Option<(Timestamp, Timestamp)>, Failure> {
    let calendar = setup.calendar()?;
    let today = day_of(setup.now);
    let passed = |days: i64| last.is_none_or(|l| setup.now.duration_since(l).as_hours() >= days * 24);
    let is_due = match spec.window {
        Window::Month | Window::Week => {
            let (_, until) = spec.window.bounds(setup.now, last, calendar).map_err(Failure::usage)?;
            last.is_none_or(|l| l < until)
        }
        Window::SinceLast => passed(28),
        Window::Days(n) => passed(i64::from(n)),
        Window::SincePlenary => {
            let near = calendar
                .upcoming(today, usize::MAX)
                .into_iter()
                .any(|d| d.rule.as_deref() == Some("cg-report") && (d.date - today).get_days() <= 7);
            near && passed(14)
        }
    };
    if !is_due {
        return Ok(None);
    }
    Ok(Some(spec.window.bounds(setup.now, last, calendar).map_err(Failure::usage)?))
}
