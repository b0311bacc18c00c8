use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::PathBuf,
    sync::Arc,
};

use monitor_fetch::{Fetcher, Options, SystemClock, warc::Archive};
use monitor_model::{Complaint, HealthState, HostMemory, RunReport, Source, SourceId, SourceKind, SourceReport, SourceStatus};
use monitor_store::Store;
use serde_json::{Value, json};

use super::Setup;
use crate::{
    cli::{Fetch, Report},
    code::Code,
    config::ConfigError,
    exit::{Exit, Failure, Outcome},
    output,
    pipeline::{self, Plan, health},
};

/// Collects the sources that are due.
pub(super) fn run(setup: &Setup, args: &Fetch) -> Outcome {
    // All configuration is read before anybody is asked: a mistake in it fetches nothing.
    prepare(setup)?;
    let ids = selected(setup, args)?;
    if args.dry_run {
        return dry_run(setup, args, &ids);
    }
    let store = super::open(setup, "fetch")?;
    let report = collect(setup, &store, args, ids)?;
    print(setup, args, &report)?;
    let verdict = verdict(args, &report);
    if verdict == Exit::AllFailed {
        unreached(setup, report.sources.iter().map(|s| (s.status, s.complaints.as_slice())))?;
    }
    Ok(verdict)
}

/// An error of its own when nobody at all was reached: it is this machine's network then, and no source is to be mended. Cron hears of
/// it through the sources, once.
pub(super) fn unreached<'a>(setup: &Setup, asked: impl Iterator<Item = (SourceStatus, &'a [Complaint])>) -> Result<(), Failure> {
    let mut hosts = BTreeSet::new();
    // what rests says nothing of the network
    for (_, complaints) in asked.filter(|(s, _)| !matches!(s, SourceStatus::Skipped | SourceStatus::Login)) {
        let nobody = |c: &&Complaint| ["the name cannot be resolved", "cannot connect"].iter().any(|w| c.what.contains(w));
        let mut silent = complaints.iter().filter(nobody).peekable();
        if silent.peek().is_none() {
            return Ok(());
        }
        hosts.extend(silent.filter_map(|c| url::Url::parse(&c.url).ok()?.host_str().map(str::to_owned)));
    }
    match hosts.len() {
        0 => Ok(()),
        _ if setup.quiet => Ok(()),
        1 => Err(Failure::coded(Code::Unreached, "the host could not be reached")),
        n => Err(Failure::coded(Code::Unreached, format!("none of the {n} hosts that were asked could be reached"))),
    }
}

/// Reads all configuration that a run needs. In threads of their own: what is thrown away on the way is memory that the threads of
/// the run take again, and leaves no holes in what the store goes on to fill.
pub(super) fn prepare(setup: &Setup) -> Result<(), ConfigError> {
    std::thread::scope(|scope| {
        let tagger = scope.spawn(|| setup.tagger().map(drop));
        let recipes = scope.spawn(|| setup.recipes().map(drop));
        [recipes, tagger].into_iter().try_for_each(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// The sources that a run asks.
pub(super) fn selected(setup: &Setup, args: &Fetch) -> Result<Vec<SourceId>, Failure> {
    let ids = setup.sources()?.select(&args.source)?;
    if args.source.is_empty() && !args.replay.is_empty() { answered(setup, &args.replay, ids) } else { Ok(ids) }
}

/// The sources of which the archives hold something. A source that nobody recorded is no failure of a replay, unless it was asked
/// for by name, or the archives hold nothing of any.
fn answered(setup: &Setup, archives: &[PathBuf], ids: Vec<SourceId>) -> Result<Vec<SourceId>, Failure> {
    let archive = Archive::open(archives).map_err(|e| Failure { exit: Exit::Usage, error: e.into() })?;
    let sources = &setup.sources()?.by_id;
    let of = |id: &SourceId| sources.get(id);
    // What nobody asks costs nothing, and belongs into the coverage.
    let rests = |s: &Source| s.kind == SourceKind::None || !s.enabled();
    let held = |s: &Source| s.addresses().iter().any(|u| archive.holds(u));
    if !ids.iter().filter_map(of).any(|s| !rests(s) && held(s)) {
        return Ok(ids);
    }
    let before = ids.len();
    let kept: Vec<SourceId> = ids.into_iter().filter(|id| of(id).is_some_and(|s| rests(s) || held(s))).collect();
    if !setup.quiet && kept.len() < before {
        tell!("{} sources of which the archive holds nothing are passed over; --source ID asks for one all the same", before - kept.len());
    }
    Ok(kept)
}

/// One run over `ids`.
pub(super) fn collect(setup: &Setup, store: &Store, args: &Fetch, ids: Vec<SourceId>) -> Result<RunReport, Failure> {
    let fetcher = fetcher(setup, args, store.hosts()?)?;
    // An archive costs nobody anything: `every` does not apply to a replay.
    let plan = Plan { ids, force: args.force || !args.replay.is_empty() };
    let report = pipeline::run(setup, store, &fetcher, &plan)?;
    for c in fetcher.complaints() {
        tell!("archive: {} {}", c.what, c.url);
    }
    Ok(report)
}

/// The fetcher of a run.
pub(super) fn fetcher(setup: &Setup, args: &Fetch, hosts: BTreeMap<String, HostMemory>) -> Result<Fetcher, Failure> {
    let sources = setup.sources()?;
    let options = Options {
        agent: sources.agent.clone(),
        concurrency: sources.defaults.concurrency.unwrap_or(8),
        record: args.record.clone(),
        replay: args.replay.clone(),
        now: setup.now,
        until: setup.now_given.then_some(setup.now),
        deadline: args.deadline,
    };
    Fetcher::new(options, hosts, Arc::new(SystemClock::starting(setup.now))).map_err(|e| Failure { exit: Exit::Usage, error: e.into() })
}

/// What the exit code says of a run.
pub(super) fn verdict(args: &Fetch, report: &RunReport) -> Exit {
    let asked: Vec<&SourceReport> = report.sources.iter().filter(|s| s.was_wanted()).collect();
    let failed = asked.iter().filter(|s| s.is_failure()).count();
    let lost = asked.iter().filter(|s| s.status.is_lost() || s.status == SourceStatus::Skipped).count();
    if args.strict && asked.iter().any(|s| matches!(s.status, SourceStatus::Stale | SourceStatus::Broken | SourceStatus::Login)) {
        return Exit::Contract;
    }
    if !asked.is_empty() && lost == asked.len() {
        Exit::AllFailed
    } else if failed > 0 {
        Exit::Partial
    } else if args.exit_new && report.totals().new > 0 {
        Exit::New
    } else {
        Exit::Done
    }
}

/// Prints the report: JSON on stdout, or for people on stderr.
pub(super) fn print(setup: &Setup, args: &Fetch, report: &RunReport) -> Result<(), Failure> {
    if args.format == Report::Json {
        let mut out = output::stdout();
        output::json_line(&mut out, &contract(report))?;
        out.flush()?;
        return Ok(());
    }
    if output::talks_json() {
        tell_programs(setup, report);
        return Ok(());
    }
    let mut err = std::io::stderr().lock();
    let mut resting = Vec::new();
    for s in &report.sources {
        if setup.quiet && !is_news(s) {
            continue;
        }
        // who was named is told of each; else what nobody asked is one line
        if args.source.is_empty() && rests(s) {
            resting.push(s.status);
            continue;
        }
        let c = &s.counts;
        writeln!(
            err,
            "{:<28} {:<12} {:>5} rows: {} new, {} revised, {} known, {} rejected; {} events",
            s.id.as_str(),
            s.status.as_str(),
            c.collected,
            c.new,
            c.revised,
            c.known,
            c.rejected,
            c.events
        )?;
        for w in &s.complaints {
            let times = if w.count > 1 { format!(" (×{})", w.count) } else { String::new() };
            writeln!(err, "    {}: {}{times}  {}", output::word(w.stage), output::plain(&w.what), output::plain(&w.url))?;
        }
    }
    for line in health_lines(report) {
        writeln!(err, "{line}")?;
    }
    if !resting.is_empty() {
        let login = resting.iter().filter(|s| **s == SourceStatus::Login).count();
        let others = resting.len() - login;
        writeln!(
            err,
            "not asked: {login} that want a login or are known only, {others} that are not due or switched off (`monitor doctor` lists them)"
        )?;
    }
    if !setup.quiet {
        let t = report.totals();
        writeln!(
            err,
            "{} sources, {} requests; {} new, {} revised, {} known; {} events",
            report.sources.len(),
            t.requests,
            t.new,
            t.revised,
            t.known,
            t.events
        )?;
    }
    Ok(())
}

/// Whether nobody asked it, and nothing is to be said of it.
fn rests(s: &SourceReport) -> bool {
    matches!(s.status, SourceStatus::Skipped | SourceStatus::Login) && s.complaints.is_empty() && s.transition.is_none()
}

/// Whether cron should mail it: trouble that was not there the last time (`doctor` has all of it).
fn is_news(s: &SourceReport) -> bool {
    let told = s.transition.is_none() && s.status != SourceStatus::Skipped;
    (s.is_failure() || s.status == SourceStatus::Stale) && !told
}

/// The same for programs (`--log-format json`): one object a source, then one for the run.
fn tell_programs(setup: &Setup, report: &RunReport) {
    for s in report.sources.iter().filter(|s| !setup.quiet || is_news(s)) {
        let mut line = json!({"level": if s.is_failure() { "warn" } else { "info" }, "event": "report", "source": s.id, "body": s.body});
        flat(&mut line, &json!({"status": s.status}));
        flat(&mut line, &json!(s.counts));
        flat(&mut line, &json!({"complaints": s.complaints, "transition": s.transition, "next_due": s.next_due}));
        output::talk_object(&line);
    }
    if !setup.quiet {
        output::talk_object(
            &json!({"level": "info", "event": "run", "run": report.run, "sources": report.sources.len(), "totals": report.totals()}),
        );
    }
}

/// What this run changed in the health of its sources, one line for each new state.
fn health_lines(report: &RunReport) -> Vec<String> {
    let mut groups: BTreeMap<HealthState, Vec<String>> = BTreeMap::new();
    for s in &report.sources {
        if let Some(t) = &s.transition {
            groups.entry(t.to).or_default().push(format!("{} (was {})", s.id, t.from.as_str()));
        }
    }
    groups.into_iter().map(|(to, who)| format!("health: now {}: {}", to.as_str(), who.join(", "))).collect()
}

/// The report in the form of the contract: counts stand flat.
pub(super) fn contract(report: &RunReport) -> Value {
    let source = |s: &SourceReport| {
        let mut v = json!({"id": s.id, "body": s.body, "status": s.status});
        flat(&mut v, &json!(s.counts));
        flat(&mut v, &json!({"complaints": s.complaints, "ms": s.ms, "next_due": s.next_due, "transition": s.transition}));
        v
    };
    let transitions = report.sources.iter().filter_map(|s| {
        let mut v = json!({"source": s.id, "body": s.body});
        flat(&mut v, &json!(s.transition.as_ref()?));
        Some(v)
    });
    json!({
        "run": report.run, "started": report.started, "finished": report.finished,
        "sources": report.sources.iter().map(source).collect::<Vec<_>>(),
        "totals": report.totals(),
        "transitions": transitions.collect::<Vec<_>>(),
    })
}

fn flat(into: &mut Value, from: &Value) {
    if let (Value::Object(a), Value::Object(b)) = (into, from) {
        a.extend(b.clone());
    }
}

fn dry_run(setup: &Setup, args: &Fetch, ids: &[monitor_model::SourceId]) -> Outcome {
    let memories = if setup.store.exists() { super::open_existing(setup, "fetch --dry-run")?.memories()? } else { BTreeMap::new() };
    let mut out = output::stdout();
    for id in ids {
        let Some(source) = setup.sources()?.by_id.get(id) else { continue };
        let memory = memories.get(id).cloned().unwrap_or_default();
        let would = match source.kind {
            monitor_model::SourceKind::None => "not watched",
            _ if !source.enabled() => "switched off",
            _ if args.force || !args.replay.is_empty() || health::is_due(&memory, source, setup.now) => "would be asked",
            _ => "not due",
        };
        writeln!(out, "{:<28} {would:<15} {}", id.as_str(), source.addresses().join(" "))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
