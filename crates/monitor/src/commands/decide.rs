use monitor_model::{Document, DocumentKey, Sighting, TopicId};
use monitor_store::{Batch, Decision, DecisionKind, Store};

use super::Setup;
use crate::{
    cli::{Correct, Ignore, Key, Merge},
    code::Code,
    exit::{Exit, Failure, Outcome},
    pipeline::{self, ingest, inherit},
};

/// A document that does not belong: kept, never reported, with the reason.
pub(super) fn ignore(setup: &Setup, args: &Ignore) -> Outcome {
    let store = super::open_existing(setup, "ignore")?;
    let key = super::key_of(setup, &store, &args.key)?;
    let mut document = get(&store, &key)?;
    document.ignored = Some(args.reason.clone());
    decide(setup, &store, &key, DecisionKind::Ignore { reason: args.reason.clone() }, vec![document])?;
    said(setup, &format!("{key} is ignored: {}", args.reason))
}

/// Two numbers, one document: what comes for A goes to B from now on.
pub(super) fn merge(setup: &Setup, args: &Merge) -> Outcome {
    let store = super::open_existing(setup, "merge")?;
    let (a, b) = (super::key_of(setup, &store, &args.a)?, super::key_of(setup, &store, &args.b)?);
    if a == b {
        return Err(Failure::usage(format!("{a} is one document already")));
    }
    let (mut from, mut into) = (get(&store, &a)?, get(&store, &b)?);
    for s in &from.sightings {
        if !into.sightings.iter().any(|x| x.source == s.source) {
            into.sightings.push(s.clone());
        }
    }
    into.first_seen = into.first_seen.min(from.first_seen);
    from.ignored = Some(format!("merged into {b}"));
    decide(setup, &store, &a, DecisionKind::Merge { into: b.clone() }, vec![from, into])?;
    said(setup, &format!("{a} is one document with {b} from now on; `monitor split {a}` takes it back"))
}

/// Takes a merge back.
pub(super) fn split(setup: &Setup, args: &Key) -> Outcome {
    let store = super::open_existing(setup, "split")?;
    let key = super::key_of(setup, &store, &args.key)?;
    let mut document = get(&store, &key)?;
    let Some(other) = document.ignored.as_deref().and_then(|w| w.strip_prefix("merged into ")).map(|k| DocumentKey(k.to_owned())) else {
        return Err(Failure::usage(format!("{key} is not merged into another document")));
    };
    document.ignored = None;
    let mut documents = vec![document];
    if let Some(mut into) = store.document(&other)? {
        // it gives back what it took over, and what came for the other since then
        let own = |s: &Sighting| !documents[0].sightings.iter().any(|x| x.source == s.source && x.url == s.url);
        if into.sightings.iter().any(own) {
            into.sightings.retain(own);
            into.first_seen = into.sightings.iter().map(|s| s.first_seen).min().unwrap_or(into.first_seen);
            documents.push(into);
        }
    }
    decide(setup, &store, &key, DecisionKind::Split, documents)?;
    said(setup, &format!("{key} is a document of its own again"))
}

/// Corrects topics by hand.
pub(super) fn correct(setup: &Setup, args: &Correct) -> Outcome {
    let store = super::open_existing(setup, "correct")?;
    let key = super::key_of(setup, &store, &args.key)?;
    let tagger = setup.tagger()?;
    let known: Vec<&str> = setup.taxonomy()?.topics().iter().map(|t| t.id.as_str()).collect();
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    let (changes, reason) = changes_and_reason(args)?;
    for change in changes {
        let (list, name) = match (change.strip_prefix('+'), change.strip_prefix('-')) {
            (Some(n), _) => (&mut add, n),
            (_, Some(n)) => (&mut remove, n),
            _ => return Err(Failure::usage(format!("“{change}”: write +topic to add or -topic to take away"))),
        };
        if !known.contains(&name) {
            let near = crate::typed::did_you_mean(name, known.iter().copied());
            return Err(Failure::coded(Code::NoName, format!("no topic “{name}” in topics.toml{near}")));
        }
        list.push(TopicId(name.to_owned()));
    }
    let what = DecisionKind::Correct { add, remove, reason };
    let mut corrections = ingest::corrections(&store.decisions()?);
    corrections.entry(key.clone()).or_default().push(what.clone());
    let mut document = get(&store, &key)?;
    let tagging = inherit::tagging(tagger, &corrections, &document, |k| store.document(k).ok().flatten());
    document.tag(tagging);
    let topics: Vec<String> = document.topics.iter().map(|t| t.id.0.clone()).collect();
    let known = |k: &DocumentKey| if *k == key { Some(document.clone()) } else { store.document(k).ok().flatten() };
    let followers = inherit::followers(tagger, &corrections, &store, std::slice::from_ref(&key), known)?;
    let others = followers.len();
    decide(setup, &store, &key, what, std::iter::once(document.clone()).chain(followers).collect())?;
    said(setup, &format!("{key} now has the topics: {}", topics.join(", ")))?;
    if others > 0 {
        said(setup, &format!("{others} documents that take their tags from it follow"))?;
    }
    Ok(Exit::Done)
}

/// A change may begin with a hyphen, so the reader of arguments takes a `--reason` that follows one for a change as well.
fn changes_and_reason(args: &Correct) -> Result<(Vec<&str>, String), Failure> {
    let (mut changes, mut reason) = (Vec::new(), args.reason.clone());
    let mut words = args.changes.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match (word, word.strip_prefix("--reason=")) {
            ("--reason", _) => reason = words.next().map(str::to_owned),
            (_, Some(said)) => reason = Some(said.to_owned()),
            (option, _) if option.starts_with("--") => {
                return Err(Failure::usage(format!("{option} must stand before the topics: monitor correct KEY {option} … +topic -topic")));
            }
            (change, _) => changes.push(change),
        }
    }
    match reason.filter(|r| !r.trim().is_empty()) {
        Some(reason) if !changes.is_empty() => Ok((changes, reason)),
        Some(_) => Err(Failure::usage("no change: write +topic to add or -topic to take away")),
        None => Err(Failure::usage("a correction needs a reason: --reason 'what the text says'")),
    }
}

fn get(store: &Store, key: &DocumentKey) -> Result<Document, Failure> {
    store.document(key)?.ok_or_else(|| Failure::coded(Code::NoDocument, format!("no document “{key}” in the store")))
}

fn decide(setup: &Setup, store: &Store, key: &DocumentKey, what: DecisionKind, documents: Vec<Document>) -> Result<(), Failure> {
    let by = std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned());
    let decision = Decision { at: setup.now, document: key.clone(), what, by };
    store.commit(&Batch { run: pipeline::run_id(setup.now), at: setup.now, documents, decisions: vec![decision], ..Batch::default() })?;
    Ok(())
}

fn said(setup: &Setup, what: &str) -> Outcome {
    if !setup.quiet {
        tell!("{what}");
    }
    Ok(Exit::Done)
}
