//! From a frozen edition to its readers: channels of the configuration, the letter, the ledger.

mod channels;
mod letter;

use std::{collections::BTreeMap, path::Path};

use monitor_deliver::{Channel, Consignment, Order, Outcome, Plan, Report};
use monitor_digest::{Edition, EditionSpec};
use monitor_model::{Delivery, DeliveryState, FrozenEdition, Rendered, Timestamp};
use monitor_store::{Batch, Store};

pub(crate) use channels::{Way, addresses, way, ways};

use crate::{config::Setup, exit::Failure, pipeline};

/// The name of an edition in its id: `2026-10-monthly`, `2026-W47-weekly`, `2026-11-21-report.2`.
pub(crate) fn name_of(id: &str) -> &str {
    let is_date = |part: &str| part.trim_start_matches('W').bytes().all(|b| b.is_ascii_digit());
    let mut rest = id;
    while let Some((part, after)) = rest.split_once('-')
        && is_date(part)
    {
        rest = after;
    }
    match rest.rsplit_once('.') {
        Some((name, issue)) if issue.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => rest,
    }
}

/// The lines that say to whom an edition shall go. They are stored in one batch with the edition itself, so that no crash
/// leaves an edition that nobody gets.
pub(crate) fn intended(setup: &Setup, edition: &str, ways: &[Way]) -> Vec<Delivery> {
    let line = |channel: &str, recipient: String| Delivery {
        edition: edition.to_owned(),
        channel: channel.to_owned(),
        recipient,
        state: DeliveryState::Intended,
        at: setup.now,
        hash: String::new(),
        note: String::new(),
        attempts: 0,
        code: None,
        retry_at: None,
    };
    ways.iter().flat_map(|w| w.channel.recipients().into_iter().map(|r| line(w.channel.name(), r))).collect()
}

/// The last line of the ledger for every edition, channel and recipient.
pub(crate) fn last_lines(store: &Store) -> Result<BTreeMap<(String, String, String), Delivery>, Failure> {
    let lines = store.deliveries()?;
    Ok(lines.into_iter().map(|d| ((d.edition.clone(), d.channel.clone(), d.recipient.clone()), d)).collect())
}

/// Rendered again from what was frozen.
fn consignment(setup: &Setup, frozen: &FrozenEdition, spec: Option<&EditionSpec>, ways: &[Way]) -> Result<Consignment, Failure> {
    let edition: Edition = serde_json::from_str(&frozen.json)
        .map_err(|e| Failure::usage(format!("{}: made by another version of monitor: {e}", frozen.edition)))?;
    let templates = setup.templates()?;
    let formats = spec.map_or_else(|| vec![monitor_digest::Format::Md, monitor_digest::Format::Html], |s| s.formats.clone());
    let files = if ways.iter().any(|w| matches!(w.channel, Channel::Folder(_))) {
        formats.iter().map(|f| monitor_digest::render(&edition, *f, templates).map_err(Failure::usage)).collect::<Result<Vec<_>, _>>()?
    } else {
        Vec::new()
    };
    Ok(Consignment { edition: frozen.edition.clone(), files, letter: None })
}

/// One edition on its ways. `only` keeps a recipient; an error of one way does not stop the others.
pub(crate) fn deliver(
    setup: &Setup,
    store: &Store,
    frozen: &FrozenEdition,
    ways: &[Way],
    order: Order,
    only: &dyn Fn(&str, &str) -> bool,
) -> Result<Vec<Report>, Failure> {
    let spec = setup.editions()?.get(&frozen.name);
    let base = consignment(setup, frozen, spec, ways)?;
    let mut out = Vec::new();
    for way in ways {
        let Some(channel) = way.only(only) else { continue };
        let failed = |words: String| {
            channel
                .recipients()
                .into_iter()
                .map(|recipient| Report { channel: channel.name(), recipient, outcome: Outcome::Failed { words: words.clone() } })
                .collect::<Vec<_>>()
        };
        let ready = match letter::with_letter(setup, &base, frozen, way) {
            Ok(c) => c,
            Err(why) => {
                out.extend(failed(why));
                continue;
            }
        };
        // A password that cannot be had is no reason to ask the server, nor to stop what needs none.
        let channel_ready = match way.unlocked(channel.clone()) {
            Ok(c) => c,
            Err(why) => {
                out.extend(failed(why));
                continue;
            }
        };
        match monitor_deliver::deliver(&ready, &channel_ready, store, setup.now, order) {
            Ok(reports) => out.extend(reports),
            Err(e @ monitor_deliver::DeliverError::Ledger(_)) => return Err(e.into()),
            Err(e) => out.extend(failed(e.to_string())),
        }
    }
    Ok(out)
}

/// The dry run of [`deliver`].
pub(crate) fn plan(
    setup: &Setup,
    store: &Store,
    frozen: &FrozenEdition,
    ways: &[Way],
    order: Order,
    only: &dyn Fn(&str, &str) -> bool,
) -> Result<Vec<(&'static str, String, Plan, usize)>, Failure> {
    let spec = setup.editions()?.get(&frozen.name);
    let base = consignment(setup, frozen, spec, ways)?;
    let mut out = Vec::new();
    for way in ways {
        let Some(channel) = way.only(only) else { continue };
        let ready = letter::with_letter(setup, &base, frozen, way).map_err(Failure::usage)?;
        let plans = monitor_deliver::plan(&ready, &channel, store, setup.now, order).map_err(Failure::usage)?;
        out.extend(plans.into_iter().map(|(recipient, plan, bytes)| (channel.name(), recipient, plan, bytes)));
    }
    Ok(out)
}

/// Writes `intended` for recipients of whom the ledger knows nothing yet.
pub(crate) fn intend(setup: &Setup, store: &Store, edition: &str, ways: &[Way], only: &dyn Fn(&str, &str) -> bool) -> Result<(), Failure> {
    let known = last_lines(store)?;
    let mut lines = intended(setup, edition, ways);
    lines.retain(|l| only(&l.channel, &l.recipient) && !known.contains_key(&(l.edition.clone(), l.channel.clone(), l.recipient.clone())));
    if !lines.is_empty() {
        store.commit(&Batch { run: pipeline::run_id(setup.now), at: setup.now, deliveries: lines, ..Batch::default() })?;
    }
    Ok(())
}

/// Hands on whatever the ledger has open, for a timer. Gives what happened, and how many deliveries stay open.
pub(crate) fn deliver_open(setup: &Setup, store: &Store, base: &Path) -> Result<(Vec<(String, Report)>, usize), Failure> {
    let mut open: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
    for line in last_lines(store)?.into_values().filter(|l| l.state != DeliveryState::Delivered) {
        open.entry(line.edition.clone()).or_default().push(line);
    }
    let (mut happened, mut left) = (Vec::new(), 0);
    for (id, lines) in open {
        let Some(frozen) = store.edition(&id)? else { continue };
        // Who is no longer configured gets nothing by itself; `send --status` shows the line.
        let Some(spec) = setup.editions()?.get(name_of(&id)) else { continue };
        let ways = ways(setup, spec, base)?;
        let wanted = |channel: &str, recipient: &str| lines.iter().any(|l| l.channel == channel && l.recipient == recipient);
        let reports = match deliver(setup, store, &frozen, &ways, Order::Timer, &wanted) {
            Ok(r) => r,
            // One edition that cannot be rendered does not hold up the others.
            Err(f) if f.exit == crate::exit::Exit::Usage => {
                let l = &lines[0];
                let channel = if l.channel == "folder" { "folder" } else { "mail" };
                vec![Report { channel, recipient: l.recipient.clone(), outcome: Outcome::Failed { words: f.error.to_string() } }]
            }
            Err(f) => return Err(f),
        };
        left += reports.iter().filter(|r| !r.outcome.is_done()).count();
        happened.extend(reports.into_iter().map(|r| (id.clone(), r)));
    }
    Ok((happened, left))
}

/// What a person reads about one delivery.
pub(crate) fn sentence(edition: &str, r: &Report) -> String {
    let to = format!("{edition}: {} {}", r.channel, r.recipient);
    let said = |words: &str| if words.is_empty() { String::new() } else { format!(" ({words})") };
    match &r.outcome {
        Outcome::Delivered { words } => format!("{to}: delivered{}", said(words)),
        Outcome::AlreadyDelivered => format!("{to}: was delivered before, not repeated"),
        Outcome::Waiting { until, words } => format!("{to}: not taken for now{}; tried again from {until} on", said(words)),
        Outcome::Refused { words } => {
            format!(
                "{to}: refused{}; not repeated by itself: `monitor send {edition} --again {}` when the reason is gone",
                said(words),
                r.recipient
            )
        }
        Outcome::Uncertain { words } => format!(
            "{to}: handed over without an answer{}; it may have arrived, so it is held: look there, then `monitor send {edition} --confirm {}` or `--again {}`",
            said(words),
            r.recipient,
            r.recipient
        ),
        Outcome::Failed { words } => format!("{to}: not delivered: {words}"),
    }
}

/// Rendered files into a folder, without an edition of the configuration: for the demo.
pub(crate) fn to_folder(store: &Store, edition: &str, files: Vec<Rendered>, folder: &Path, at: Timestamp) -> Result<Vec<Report>, Failure> {
    let c = Consignment { edition: edition.to_owned(), files, letter: None };
    monitor_deliver::deliver(&c, &Channel::Folder(folder.to_owned()), store, at, Order::Timer).map_err(Failure::usage)
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn an_id_tells_its_name() {
        for (id, name) in [
            ("2026-10-monthly", "monthly"),
            ("2026-W47-weekly", "weekly"),
            ("2026-11-21-plenary-report.2", "plenary-report"),
            ("2026-11-21-x-monthly", "x-monthly"),
        ] {
            assert_eq!(name_of(id), name);
        }
    }
}
