use std::path::Path;

use monitor_digest::{EditionSpec, Window};
use monitor_model::Timestamp;
use monitor_store::Store;

use super::{Setup, digest, fetch};
use crate::{
    answers::day_of,
    cli::RunArgs,
    delivery,
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
    let open = editions_and_deliveries(setup, &store, &base)?;
    if open > 0 && matches!(exit, Exit::Done | Exit::New) {
        exit = Exit::Delivery;
    }
    if exit == Exit::AllFailed {
        fetch::unreached(setup, report.sources.iter().map(|s| (s.status, s.complaints.as_slice())))?;
    }
    Ok(exit)
}

/// Makes the editions that are due, and hands on whatever the ledger has open. Gives how many deliveries stay open.
pub(super) fn editions_and_deliveries(setup: &Setup, store: &Store, base: &Path) -> Result<usize, Failure> {
    for spec in &setup.editions()?.editions {
        let Some((id, since, until)) = closed(setup, store, spec)? else { continue };
        let ways = delivery::ways(setup, spec, base)?;
        let made =
            digest::make_for(setup, store, spec, &id, until.min(setup.now), since, until, &|id| delivery::intended(setup, id, &ways))?;
        if !setup.quiet {
            tell!("{}: made", made.edition);
        }
    }
    let (happened, open) = delivery::deliver_open(setup, store, base)?;
    for (edition, report) in &happened {
        if if report.outcome.is_done() { !setup.quiet } else { report.outcome.is_news() || !setup.quiet } {
            tell!("{}", delivery::sentence(edition, report));
        }
    }
    Ok(open)
}

/// The id of the edition that would be made now.
pub(super) fn would_make(setup: &Setup, store: &Store, spec: &EditionSpec) -> Result<Option<String>, Failure> {
    Ok(closed(setup, store, spec)?.map(|(id, _, _)| id))
}

/// The id and window of an edition that is due and was watched.
fn closed(setup: &Setup, store: &Store, spec: &EditionSpec) -> Result<Option<(String, Timestamp, Timestamp)>, Failure> {
    let last = digest::last_of(store, spec)?;
    let Some((since, until)) = due(setup, spec, last)? else { return Ok(None) };
    // A window that closed before anybody watched would be an empty edition.
    let began = store.memories()?.values().filter_map(|m| m.first_success).min();
    if began.is_none_or(|b| b >= until) {
        return Ok(None);
    }
    Ok(Some((spec.window.edition_id(&spec.name, since, until), since, until)))
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
