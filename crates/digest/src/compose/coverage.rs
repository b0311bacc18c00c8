//! What was checked and what was not: every source, failures first.

use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{HealthState, SourceAccess, SourceId, SourceKind, SourceStatus, When};

use super::desk::Desk;
use crate::{
    Change, CoverageClass, CoverageLine, SourceCoverage,
    clean::{clip, href},
    edition::IMPORTED,
};

pub(super) fn coverage(desk: &Desk, changes: &[Change]) -> Vec<CoverageLine> {
    let newest = newest(desk);
    let mut all: Vec<CoverageLine> = desk
        .input
        .coverage
        .iter()
        .map(|c| {
            let (class, status, mut words) = judge(c);
            let newest = newest.get(&c.id).copied().filter(|_| status == IMPORTED);
            if let Some(day) = newest {
                words.push_str(&format!("; its newest dated record on AI is of {day}"));
            }
            CoverageLine {
                newest,
                id: c.id.clone(),
                name: desk.source_name(&c.id),
                body: clip(&c.body, 60),
                url: href(&c.url).unwrap_or_default(),
                class,
                status,
                words,
                last_success: c.last_success,
                last_new: c.last_new,
                first_success: c.first_success,
                collected: c.collected,
                changes: changes.iter().filter(|x| x.source == c.id).count(),
                remarks: remarks(c),
            }
        })
        .collect();
    all.sort_by(|a, b| (a.class, &a.body, &a.id).cmp(&(b.class, &b.body, &b.id)));
    all
}

/// By source, the newest date up to today that a record bears which it showed.
fn newest<'a>(desk: &Desk<'a>) -> BTreeMap<&'a SourceId, Date> {
    let mut newest: BTreeMap<&SourceId, Date> = BTreeMap::new();
    for d in desk.input.documents {
        let dates = [d.published, d.stage.as_ref().and_then(|s| s.date)].into_iter().flatten().map(When::first_day);
        let Some(day) = dates.filter(|day| *day <= desk.today).max() else { continue };
        for s in &d.sightings {
            let held = newest.entry(&s.source).or_insert(day);
            *held = day.max(*held);
        }
    }
    newest
}

/// Class, status word and the status in words. What was never read is never “nothing new”.
fn judge(c: &SourceCoverage) -> (CoverageClass, String, String) {
    use CoverageClass::{Failed, NotRead, Read};
    let made = |class, status: &str, words: String| (class, status.to_owned(), words);
    let watched = c.enabled && c.kind != SourceKind::None;
    if watched && (c.status == Some(SourceStatus::Login) || c.health.state == HealthState::Login) {
        return made(Failed, "login", "shows a login page, not read".to_owned());
    }
    if c.access == Some(SourceAccess::Login) || c.status == Some(SourceStatus::Login) {
        return made(NotRead, "login", "needs a login, not read".to_owned());
    }
    if !c.enabled {
        return made(NotRead, "off", "switched off, not read".to_owned());
    }
    if c.kind == SourceKind::None {
        return match c.last_success {
            Some(_) => made(Read, IMPORTED, "taken from a file".to_owned()),
            None => made(NotRead, "not watched", "known, not read".to_owned()),
        };
    }
    match (c.status, c.health.state, c.last_success) {
        (Some(SourceStatus::Blocked), ..) | (_, HealthState::Blocked, _) => made(Failed, "blocked", "the site refuses us".to_owned()),
        (Some(SourceStatus::Broken), HealthState::Degraded, _) => made(Failed, "broken", "the last fetch failed".to_owned()),
        (Some(SourceStatus::Broken), ..) | (_, HealthState::Broken, _) => {
            made(Failed, "broken", "failed, or gave less than it promised".to_owned())
        }
        (Some(SourceStatus::Partial), ..) => made(Failed, "partial", "some pages failed".to_owned()),
        (Some(SourceStatus::Stale), ..) | (_, HealthState::Stale, _) => {
            made(Failed, "stale", "answers, but nothing new for longer than expected".to_owned())
        }
        (_, _, None) => made(NotRead, "never read", "declared, not read yet".to_owned()),
        (Some(SourceStatus::NotModified), ..) => made(Read, "not-modified", "read; the site says nothing changed".to_owned()),
        (Some(SourceStatus::Empty), ..) => made(Read, "empty", "read; its list is empty".to_owned()),
        (Some(SourceStatus::Skipped), ..) => made(Read, "not due", "read earlier, not due in the last run".to_owned()),
        _ => made(Read, "ok", "read".to_owned()),
    }
}

fn remarks(c: &SourceCoverage) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(first) = c.complaints.first() {
        all.push(clip(&first.what, 160));
        if c.complaints.len() > 1 {
            all.push(format!("{} more (monitor doctor)", c.complaints.len() - 1));
        }
    } else if !matches!(c.health.state, HealthState::Ok | HealthState::Unproven) {
        all.extend(c.health.why.as_deref().map(|w| clip(w, 160)));
    }
    if let Some(why) = &c.robots_exception {
        all.push(format!("robots.txt is not asked: {}", clip(why, 160)));
    }
    if c.unproven && c.last_success.is_some() {
        all.push("declared from documentation, not yet tried against the live site".to_owned());
    }
    if !c.enabled || c.kind == SourceKind::None {
        all.extend(c.note.as_deref().map(|n| clip(n, 160)).filter(|n| !n.is_empty()));
    }
    all
}
