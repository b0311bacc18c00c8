use std::{
    io::Write,
    path::{Path, PathBuf},
};

use monitor_deliver::{Order, Plan};
use monitor_digest::{ChannelSpec, EditionSpec};
use monitor_model::{Delivery, DeliveryState, FrozenEdition};
use monitor_store::Store;
use serde_json::json;

use super::{Setup, digest, run as timer};
use crate::{
    cli::{Report as Form, Send},
    code::Code,
    delivery::{self, Way},
    exit::{Exit, Failure, Outcome},
    output,
};

/// Delivers a frozen edition, shows the ledger, or takes a person's word on what became of a delivery.
pub(super) fn run(setup: &Setup, args: &Send) -> Outcome {
    setup.editions()?;
    setup.templates()?;
    let store = super::open_existing(setup, "send")?;
    let base = args.out.clone().unwrap_or_else(|| setup.data.join("editions"));
    if args.status {
        return status(setup, &store, args);
    }
    if !args.confirm.is_empty() {
        return confirm(setup, &store, args);
    }
    if args.due {
        return due(setup, &store, args, &base);
    }
    if args.edition.is_none() && !args.again.is_empty() {
        return again(setup, &store, args, &base);
    }
    let Some(wanted) = &args.edition else {
        return Err(Failure::usage("which edition? `monitor send EDITION`, `monitor send --due`, or `monitor send --status`"));
    };
    let Some((frozen, spec)) = edition(setup, &store, wanted, args, &base)? else { return Ok(Exit::Done) };
    one(setup, &store, args, &frozen, spec.as_ref(), &base)
}

/// The edition that is meant: a name of editions.toml (its newest issue; made now when there is none), or the id of a frozen one.
/// None when a dry run has told that it would be made.
fn edition(
    setup: &Setup,
    store: &Store,
    wanted: &str,
    args: &Send,
    base: &Path,
) -> Result<Option<(FrozenEdition, Option<EditionSpec>)>, Failure> {
    if let Some(frozen) = store.edition(wanted)? {
        let spec = setup.editions()?.get(delivery::name_of(wanted)).cloned();
        return Ok(Some((frozen, spec)));
    }
    let all = store.editions()?;
    let Some(spec) = setup.editions()?.get(wanted).cloned() else {
        let names = setup.editions()?.editions.iter().map(|e| e.name.as_str()).chain(all.iter().map(|e| e.edition.as_str()));
        let near = crate::typed::did_you_mean(wanted, names);
        return Err(Failure::coded(Code::NoEdition, format!("no edition “{wanted}” in editions.toml or in the store{near}")));
    };
    let newest = all
        .into_iter()
        .filter(|e| delivery::name_of(&e.edition) == spec.name)
        .max_by(|a, b| (a.until, &a.edition).cmp(&(b.until, &b.edition)));
    if let Some(frozen) = newest {
        return Ok(Some((frozen, Some(spec))));
    }
    let (since, until) = spec.window.bounds(setup.now, None, setup.calendar()?).map_err(Failure::usage)?;
    let id = spec.window.edition_id(&spec.name, since, until);
    let ways = delivery::ways(setup, &spec, base)?;
    if args.dry_run {
        for l in delivery::intended(setup, &id, &ways) {
            println!("{id}: {} {}: would be made and sent", l.channel, l.recipient);
        }
        return Ok(None);
    }
    let made = digest::make_for(setup, store, &spec, &id, until.min(setup.now), since, until, &|id| delivery::intended(setup, id, &ways))?;
    let frozen = store
        .edition(&made.edition)?
        .ok_or_else(|| Failure { exit: Exit::Internal, error: anyhow::anyhow!("{} was frozen and is not there", made.edition) })?;
    Ok(Some((frozen, Some(spec))))
}

/// The recipients that a person names: of the configuration, else new ones.
fn ways(setup: &Setup, args: &Send, spec: Option<&EditionSpec>, base: &Path) -> Result<Vec<Way>, Failure> {
    let mut ways = spec.map(|s| delivery::ways(setup, s, base)).transpose()?.unwrap_or_default();
    for to in args.to.iter().chain(&args.again) {
        if ways.iter().any(|w| w.channel.recipients().iter().any(|r| is_meant(to, w.channel.name(), r))) {
            continue;
        }
        let extra = match to.split_once(':') {
            Some(("folder", dir)) => ChannelSpec::to_folder(&absolute(dir)),
            _ if to.contains('@') => {
                // As the edition's own mail goes, else over the only server that there is.
                let servers = &setup.editions()?.smtp;
                let like = ways.iter().find(|w| w.spec.is_mail()).map(|w| w.spec.clone());
                let like = like.or_else(|| {
                    (servers.len() == 1).then(|| ChannelSpec { smtp: servers.keys().next().cloned(), ..ChannelSpec::default() })
                });
                let like = like.ok_or_else(|| {
                    Failure::usage(format!(
                        "{to}: this edition has no mail channel in editions.toml, so nobody knows from whom and over which server"
                    ))
                })?;
                ChannelSpec { to: vec![to.clone()], ..like }
            }
            _ if to.contains(['/', std::path::MAIN_SEPARATOR]) => ChannelSpec::to_folder(&absolute(to)),
            _ => {
                let known: Vec<String> = ways.iter().flat_map(|w| w.channel.recipients()).collect();
                return Err(Failure::usage(format!(
                    "“{to}” is no recipient of this edition (there are: {}); folder:DIR or an address adds one",
                    known.join(", ")
                )));
            }
        };
        let way = delivery::way(setup, &extra, base)?;
        if way.spec.is_mail() && way.from.is_none() {
            return Err(Failure::usage(format!("{to}: nobody is named as the sender: add from to the server in editions.toml")));
        }
        ways.push(way);
    }
    if ways.is_empty() {
        return Err(Failure::usage("this edition is not in editions.toml, so it has no channels: name a recipient with --to"));
    }
    Ok(ways)
}

/// A folder that a person types is where they stand, not below the folder of editions.
fn absolute(dir: &str) -> String {
    std::path::absolute(dir).unwrap_or_else(|_| PathBuf::from(dir)).to_string_lossy().into_owned()
}

/// Whether a person who typed `said` means this recipient.
fn is_meant(said: &str, channel: &str, recipient: &str) -> bool {
    let said = said.trim();
    let bare = said.rsplit_once('<').map_or(said, |(_, b)| b.trim_end_matches('>'));
    if let Ok(address) = bare.parse::<monitor_deliver::Address>() {
        return address.key() == recipient;
    }
    said == channel
        || said == recipient
        || said.strip_prefix("folder:").is_some_and(|d| absolute(d) == recipient)
        || absolute(said) == absolute(recipient)
}

fn one(setup: &Setup, store: &Store, args: &Send, frozen: &FrozenEdition, spec: Option<&EditionSpec>, base: &Path) -> Outcome {
    let ways = ways(setup, args, spec, base)?;
    let named: Vec<&String> = args.to.iter().chain(&args.again).collect();
    let only = |channel: &str, recipient: &str| named.is_empty() || named.iter().any(|n| is_meant(n, channel, recipient));
    let order = if args.resend || !args.again.is_empty() { Order::Again } else { Order::Person };
    if args.dry_run {
        let plans = delivery::plan(setup, store, frozen, &ways, order, &only)?;
        return dry(&frozen.edition, &plans);
    }
    delivery::intend(setup, store, &frozen.edition, &ways, &only)?;
    let reports = delivery::deliver(setup, store, frozen, &ways, order, &only)?;
    let mut open = 0;
    for r in &reports {
        open += usize::from(!r.outcome.is_done());
        if !r.outcome.is_done() || !setup.quiet {
            tell!("{}", delivery::sentence(&frozen.edition, r));
        }
    }
    Ok(if open > 0 { Exit::Delivery } else { Exit::Done })
}

fn dry(edition: &str, plans: &[(&'static str, String, Plan, usize)]) -> Outcome {
    let mut out = output::stdout();
    for (channel, recipient, plan, bytes) in plans {
        let what = match plan {
            Plan::Send => format!("would be sent, {bytes} bytes"),
            Plan::Done => "was delivered before, would not be repeated".to_owned(),
            Plan::Wait(until) => format!("waits until {until}"),
            Plan::Hold { uncertain: true } => "is held: it may have arrived (--confirm or --again decides)".to_owned(),
            Plan::Hold { uncertain: false } => "is held: it was refused (--again decides)".to_owned(),
        };
        writeln!(out, "{edition}: {channel} {recipient}: {what}")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// What a timer calls: makes the editions that are due, hands on what is open.
fn due(setup: &Setup, store: &Store, args: &Send, base: &Path) -> Outcome {
    if args.dry_run {
        for spec in &setup.editions()?.editions {
            if let Some(id) = timer::would_make(setup, store, spec)? {
                println!("{id}: would be made and delivered");
            }
        }
        for l in delivery::last_lines(store)?.values().filter(|l| l.state != DeliveryState::Delivered) {
            println!("{}", line_text(l));
        }
        return Ok(Exit::Done);
    }
    let open = timer::editions_and_deliveries(setup, store, base)?;
    Ok(if open > 0 { Exit::Delivery } else { Exit::Done })
}

/// `--again` without an edition: every edition that this recipient has not got.
fn again(setup: &Setup, store: &Store, args: &Send, base: &Path) -> Outcome {
    let mut exit = Exit::Done;
    for id in open_for(store, &args.again)? {
        let Some(frozen) = store.edition(&id)? else { continue };
        let spec = setup.editions()?.get(delivery::name_of(&id)).cloned();
        if one(setup, store, args, &frozen, spec.as_ref(), base)? == Exit::Delivery {
            exit = Exit::Delivery;
        }
    }
    Ok(exit)
}

/// The editions that one of these recipients has not got; an error when there are none.
fn open_for(store: &Store, recipients: &[String]) -> Result<Vec<String>, Failure> {
    let mut ids: Vec<String> = Vec::new();
    for to in recipients {
        let found: Vec<String> = delivery::last_lines(store)?
            .into_values()
            .filter(|l| l.state != DeliveryState::Delivered && is_meant(to, &l.channel, &l.recipient))
            .map(|l| l.edition)
            .collect();
        if found.is_empty() {
            return Err(Failure::usage(format!(
                "nothing is open for {to}: `monitor send --status` lists the ledger; name the EDITION to send it again all the same"
            )));
        }
        ids.extend(found);
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

fn confirm(setup: &Setup, store: &Store, args: &Send) -> Outcome {
    for to in &args.confirm {
        let lines: Vec<Delivery> = delivery::last_lines(store)?
            .into_values()
            .filter(|l| l.state != DeliveryState::Delivered && is_meant(to, &l.channel, &l.recipient))
            .filter(|l| args.edition.as_ref().is_none_or(|e| *e == l.edition || delivery::name_of(&l.edition) == e))
            .collect();
        if lines.is_empty() {
            return Err(Failure::usage(format!("nothing is open for {to}: `monitor send --status` lists the ledger")));
        }
        for l in lines {
            monitor_deliver::confirm(&l.edition, &l.channel, &l.recipient, store, setup.now).map_err(Failure::usage)?;
            if !setup.quiet {
                tell!("{}: {} {}: taken as delivered", l.edition, l.channel, l.recipient);
            }
        }
    }
    Ok(Exit::Done)
}

fn line_text(l: &Delivery) -> String {
    let more = match l.state {
        DeliveryState::Refused => match l.retry_at {
            Some(t) => format!(", tried again from {t} on"),
            None => ", waits for a person (--again)".to_owned(),
        },
        DeliveryState::Sending | DeliveryState::Uncertain if l.channel == "smtp" => {
            ", may have arrived, waits for a person (--confirm or --again)".to_owned()
        }
        _ => String::new(),
    };
    let note = if l.note.is_empty() { String::new() } else { format!(": {}", output::plain(&l.note)) };
    format!("{}: {} {}: {}{more}{note}", l.edition, l.channel, l.recipient, l.state.as_str())
}

/// The last line for every recipient.
fn status(_: &Setup, store: &Store, args: &Send) -> Outcome {
    let lines = delivery::last_lines(store)?;
    let wanted = lines.values().filter(|l| args.edition.as_ref().is_none_or(|e| *e == l.edition || delivery::name_of(&l.edition) == e));
    let mut out = output::stdout();
    match args.format {
        Form::Json => {
            for l in wanted {
                output::json_line(
                    &mut out,
                    &json!({"edition": l.edition, "channel": l.channel, "recipient": l.recipient, "state": l.state, "at": l.at, "attempts": l.attempts,
                        "code": l.code, "retry_at": l.retry_at, "note": l.note, "hash": l.hash}),
                )?;
            }
        }
        Form::Human => {
            let rows: Vec<Vec<String>> = wanted
                .map(|l| {
                    let next = match (l.state, l.retry_at) {
                        (DeliveryState::Delivered, _) => String::new(),
                        (DeliveryState::Intended, _) => "the next run".to_owned(),
                        (_, Some(t)) => t.to_string(),
                        (DeliveryState::Refused, None) => "--again".to_owned(),
                        (_, None) if l.channel == "smtp" => "--confirm or --again".to_owned(),
                        (_, None) => "the next run".to_owned(),
                    };
                    vec![
                        l.edition.clone(),
                        l.channel.clone(),
                        l.recipient.clone(),
                        l.state.as_str().to_owned(),
                        l.at.to_string(),
                        l.attempts.to_string(),
                        next,
                        l.note.clone(),
                    ]
                })
                .collect();
            output::table(&mut out, &["edition", "channel", "recipient", "state", "at", "tries", "next", "said"], rows)?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
