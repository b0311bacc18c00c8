use std::io::Write;

use monitor_model::{HealthState, SourceAccess, SourceKind, When};
use serde_json::json;

use super::Setup;
use crate::{
    answers::coverage,
    cli::{Doctor, Report},
    exit::{Exit, Outcome},
    output,
};

/// Health per source. Works before the first fetch too: then everything is unproven.
pub(super) fn run(setup: &Setup, args: &Doctor) -> Outcome {
    setup.recipes()?;
    let (memories, reports) = if setup.store.exists() {
        let store = super::open_existing(setup, "doctor")?;
        (store.memories()?, store.last_reports()?)
    } else {
        Default::default()
    };
    let rows = coverage(setup, &memories, &reports)?;
    let mut out = output::stdout();
    let mut sick = Vec::new();
    let mut table = Vec::new();
    let mut list = Vec::new();
    for r in &rows {
        let watched = r.enabled && r.kind != SourceKind::None;
        if watched && r.health.state.is_sick() {
            sick.push(r.id.clone());
        }
        let state = match (watched, r.kind, r.access) {
            (false, SourceKind::None, Some(SourceAccess::Login | SourceAccess::Members)) => "login".to_owned(),
            (false, SourceKind::None, _) if r.status.is_none() => "not watched".to_owned(),
            (false, SourceKind::None, _) => "imported".to_owned(),
            (false, ..) => "off".to_owned(),
            _ => output::word(r.health.state),
        };
        let due = memories.get(&r.id).and_then(|m| m.next_due);
        let day = |t: Option<monitor_model::Timestamp>| t.map_or("never".to_owned(), |t| When::Instant(t).first_day().to_string());
        if args.format == Report::Json {
            list.push(json!({
                "id": r.id, "name": r.name, "home": home(setup, &r.id), "body": r.body, "kind": r.kind, "state": state, "since": r.health.since, "failures": r.health.failures, "why": r.health.why, "was": r.health.was,
                "transition": reports.get(&r.id).and_then(|x| x.transition.as_ref()),
                "status": r.status, "last_success": r.last_success, "last_new": r.last_new, "collected": r.collected, "next_due": due,
                "complaints": r.complaints, "robots_exception": r.robots_exception, "note": r.note, "url": r.url,
            }));
        } else {
            let why = r
                .health
                .why
                .clone()
                .or_else(|| r.robots_exception.as_ref().map(|w| format!("robots.txt not asked: {w}")))
                .unwrap_or_default();
            let since = r.health.since.filter(|_| !matches!(r.health.state, HealthState::Ok | HealthState::Unproven));
            let state = match since {
                Some(t) if watched => format!("{state} since {}", day(Some(t))),
                _ => state,
            };
            table.push(vec![
                r.id.0.clone(),
                r.body.clone(),
                state,
                day(r.last_success),
                day(r.last_new),
                r.collected.to_string(),
                due.map_or(String::new(), |t| day(Some(t))),
                why,
            ]);
        }
    }
    if args.format == Report::Json {
        output::json_line(&mut out, &json!({"sources": list, "sick": sick}))?;
    } else {
        output::table(&mut out, &["source", "body", "state", "last good", "last new", "rows", "next due", "why"], table)?;
    }
    out.flush()?;
    Ok(if args.strict && !sick.is_empty() { Exit::Contract } else { Exit::Done })
}

/// Where a person reads about a source.
fn home(setup: &Setup, id: &monitor_model::SourceId) -> Option<String> {
    setup.sources().ok()?.by_id.get(id)?.home.clone()
}
