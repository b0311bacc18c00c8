//! What people say of rows before they are published, and what published rows said wrongly.

use monitor_digest::{Change, Edition, MergeCandidate};
use monitor_model::{DocumentKey, Timestamp};
use monitor_store::{Batch, Decision, DecisionKind, Store};
use serde_json::{Value, json};

use super::{Setup, digest};
use crate::{
    answers::{Answers, end_of},
    cli::{Approve, CorrectionsArgs, Digest, Review, ReviewFormat},
    exit::{Exit, Failure, Outcome},
    output, pipeline,
};

/// Lists the rows that nobody approved.
pub(super) fn run(setup: &Setup, args: &Review) -> Outcome {
    let store = super::open_existing(setup, "review")?;
    let edition = rows(setup, &store, args.edition.as_ref(), args.window.as_ref(), args.since, args.as_of)?;
    let (waiting, approved) = (&edition.unreviewed, &edition.changes);
    let mut list: Vec<(&Change, bool)> = waiting.iter().map(|c| (c, false)).collect();
    if args.all {
        list.extend(approved.iter().map(|c| (c, true)));
    }
    let objects: Vec<Value> = list.iter().map(|(c, approved)| object(c, *approved, &edition.merge_candidates)).collect();
    let text = |v: &Value, k: &str| v[k].as_str().unwrap_or_default().to_owned();
    let mut out = output::stdout();
    match args.format {
        ReviewFormat::Json => output::json_pretty(&mut out, &objects)?,
        ReviewFormat::Jsonl => objects.iter().try_for_each(|o| output::json_line(&mut out, o))?,
        ReviewFormat::Table => {
            let head = ["document", "what", "stage", "date", "for", "evidence", "url"];
            let line = |v: &Value| {
                let hash = text(v, "hash");
                // A row of an import has no page behind it, so no snapshot.
                let snapshot = hash.get(..12).map(|h| format!("; snapshot {h}")).unwrap_or_default();
                let evidence = format!("{}; {}{snapshot}", text(v, "why"), text(v, "evidence"));
                vec![
                    text(v, "document"),
                    text(v, "what"),
                    text(v, "stage"),
                    text(v, "date"),
                    text(v, "questions"),
                    evidence,
                    text(v, "url"),
                ]
            };
            output::table(&mut out, &head, objects.iter().map(line).collect())?;
            candidates(&mut out, &edition.merge_candidates)?;
        }
    }
    std::io::Write::flush(&mut out)?;
    if !setup.quiet && args.format == ReviewFormat::Table {
        tell!("{} rows wait, {} are approved; next: monitor approve KEY --reason \"…\"", waiting.len(), approved.len());
    }
    Ok(Exit::Done)
}

/// Pairs that may be one text: counted once in an edition, merged by nobody but a person.
fn candidates(out: &mut impl std::io::Write, pairs: &[MergeCandidate]) -> std::io::Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nMay be one text under two names; counted once, not merged. `monitor show` tells more of each.\n")?;
    let name = |r: &monitor_digest::Ref| match &r.number {
        Some(number) => format!("{number}: {}", r.title),
        None => r.title.clone(),
    };
    output::table(
        out,
        &["body", "one", "other", "makes them one"],
        pairs.iter().map(|p| vec![p.a.body.clone(), name(&p.a), name(&p.b), p.command.clone()]).collect(),
    )
}

fn object(c: &Change, approved: bool, pairs: &[MergeCandidate]) -> Value {
    let other = |p: &MergeCandidate| match (p.a.document == c.document, p.b.document == c.document) {
        (true, _) => Some(p.b.document.clone()),
        (_, true) => Some(p.a.document.clone()),
        _ => None,
    };
    json!({
        "may_be": pairs.iter().filter_map(other).collect::<Vec<_>>(),
        "document": c.document, "title": c.title, "number": c.number, "body": c.body, "what": c.what_words, "stage": c.status.words,
        "note": c.status.note, "from": c.from, "to": c.to, "date": c.date, "questions": c.questions.join(", "), "why": c.why,
        "matched": c.matched, "source": c.source, "url": c.url, "hash": c.hash, "evidence": c.evidence, "unconfirmed": c.unconfirmed,
        "first_seen": c.first_seen, "last_checked": c.last_checked, "at": c.at, "approved": approved,
    })
}

fn rows(
    setup: &Setup,
    store: &Store,
    edition: Option<&String>,
    window: Option<&String>,
    since: Option<monitor_model::When>,
    as_of: Option<monitor_model::When>,
) -> Result<Edition, Failure> {
    let editions = &setup.editions()?.editions;
    let first = editions.iter().find(|e| e.approval).or(editions.first()).map(|e| e.name.clone());
    let args = Digest { edition: edition.cloned().or(first), window: window.cloned(), since, as_of, ..Digest::default() };
    let spec = digest::choose(setup, &args)?;
    digest::rows(setup, store, &spec, &args, as_of.map_or(setup.now, end_of))
}

/// Stores a person's approval, or takes it back.
pub(super) fn approve(setup: &Setup, args: &Approve) -> Outcome {
    let store = super::open_existing(setup, "approve")?;
    let mut keys: Vec<(DocumentKey, Timestamp)> = Vec::new();
    if args.all {
        let waiting = rows(setup, &store, args.edition.as_ref(), None, None, args.as_of)?.unreviewed;
        let seen = args.as_of.map_or(setup.now, end_of);
        for c in waiting {
            // A line stands for its whole work: all its documents are seen with it.
            let of_work = super::store_keys_of_work(&store, &c.work)?;
            keys.extend(of_work.into_iter().chain([c.document]).map(|k| (k, seen)));
        }
    }
    for text in &args.keys {
        keys.push((super::key_of(setup, &store, text)?, setup.now));
    }
    keys.sort();
    keys.dedup();
    let by = std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned());
    let what = |until: Timestamp| match args.withdraw {
        true => DecisionKind::Disapprove { reason: args.reason.clone() },
        false => DecisionKind::Approve { until, note: args.reason.clone() },
    };
    let decisions: Vec<Decision> =
        keys.iter().map(|(k, until)| Decision { at: setup.now, document: k.clone(), what: what(*until), by: by.clone() }).collect();
    let n = decisions.len();
    store.commit(&Batch { run: pipeline::run_id(setup.now), at: setup.now, decisions, ..Batch::default() })?;
    if !setup.quiet {
        let done = if args.withdraw { "approval taken back" } else { "approved" };
        tell!("{done}: {n} document{}", if n == 1 { "" } else { "s" });
    }
    Ok(Exit::Done)
}

/// Lists what frozen editions said and is not so any more.
pub(super) fn corrections(setup: &Setup, args: &CorrectionsArgs) -> Outcome {
    let store = super::open_existing(setup, "corrections")?;
    let frozen: Vec<_> = store.editions()?.into_iter().filter(|e| args.edition.as_ref().is_none_or(|n| e.name == *n)).collect();
    if let (Some(name), true) = (&args.edition, frozen.is_empty()) {
        return Err(Failure::usage(format!(
            "no edition of the name “{name}” was frozen yet (`monitor digest --edition {name}` makes one)"
        )));
    }
    let list = Answers::new(setup, &store)?.corrections_of(&frozen)?;
    let mut out = output::stdout();
    match args.format {
        ReviewFormat::Json => output::json_pretty(&mut out, &list)?,
        ReviewFormat::Jsonl => list.iter().try_for_each(|c| output::json_line(&mut out, c))?,
        ReviewFormat::Table => {
            let line = |c: &monitor_digest::Correction| vec![c.edition.clone(), c.item.clone(), c.old.clone(), c.new.clone()];
            output::table(&mut out, &["edition", "item", "said", "is"], list.iter().map(line).collect())?;
        }
    }
    std::io::Write::flush(&mut out)?;
    Ok(Exit::Done)
}
