//! What `search` does beyond `list`: the document that was named comes first, the others by how well the words stand in them; and an answer
//! without a row says why.

use std::{cmp::Reverse, collections::HashMap};

use jiff::civil::Date;
use monitor_model::{Document, DocumentKey, Query, QueryField, When, nearest};
use monitor_store::{Store, StoreError};

use super::Setup;
use crate::{cli::Look, code::Code, exit::Failure};

/// The question of a search, and the document that it names, if it is a number.
pub(super) fn asked(
    setup: &Setup,
    store: &Store,
    typed: &[String],
    view: Option<&str>,
) -> Result<(Vec<Query>, Option<DocumentKey>), Failure> {
    let text = typed.join(" ");
    let named = super::meant(setup, store, &text)?;
    match super::question::asked(setup, typed, view) {
        // `arXiv:2602.22562` looks like a field: it is a number, and who cites it is found by it
        Err(e) if e.code() == Code::Question && named.is_some() && !text.contains('"') => {
            Ok((super::question::asked(setup, &[format!("\"{text}\"")], view)?, named))
        }
        found => Ok((found?, named)),
    }
}

/// How many documents there are, and the first `limit` of them in the order in which they answer best.
pub(super) fn ordered(
    store: &Store,
    documents: impl Iterator<Item = Result<Document, StoreError>>,
    queries: &[Query],
    named: Option<Document>,
    limit: usize,
) -> Result<(usize, impl Iterator<Item = Result<Document, StoreError>>), Failure> {
    let mut all: Vec<(Reverse<u32>, Reverse<Date>, DocumentKey)> = Vec::new();
    for d in documents {
        let d = d?;
        if named.as_ref().is_some_and(|n| n.document == d.document) {
            continue;
        }
        let rank = queries.iter().map(|q| q.rank(&d)).sum();
        let day = d.published.unwrap_or(When::Instant(d.first_seen)).first_day();
        all.push((Reverse(rank), Reverse(day), d.document));
    }
    all.sort_unstable();
    let count = all.len() + usize::from(named.is_some());
    let rest = all.into_iter().filter_map(|(.., key)| store.document(&key).transpose());
    Ok((count, named.map(Ok).into_iter().chain(rest).take(limit)))
}

/// Why nothing was found, and what to do.
pub(super) fn why_nothing(setup: &Setup, store: &Store, queries: &[Query], look: &Look) -> Result<String, Failure> {
    if store.count() == 0 {
        return Ok("nothing found: the store has no document yet; `monitor fetch` or `monitor import` brings some".to_owned());
    }
    if let Some(said) = no_such_name(setup, store, queries, look)? {
        return Ok(format!("nothing found: {said}"));
    }
    let words: Vec<(String, Query)> = queries.iter().flat_map(Query::apart).collect();
    let mut missing = Vec::new();
    for (said, alone) in &words {
        let mut documents = store.documents()?;
        documents.holding(&alone.words());
        if !documents.flatten().any(|d| alone.takes(&d)) {
            missing.push(said.as_str());
        }
    }
    if missing.is_empty() {
        return Ok(match words.len() {
            0 => "nothing found: no document is so; `monitor list --facets` shows what there is".to_owned(),
            1 => "nothing found: the words stand in documents, but in none that the filters leave; take a filter away".to_owned(),
            _ => "nothing found: each of the words stands in some document, but all of them in none; take a word or filter away, or write OR between words".to_owned(),
        });
    }
    let near = alike(store, &missing)?;
    let said: Vec<String> = missing
        .iter()
        .zip(near)
        .map(|(word, near)| match near {
            Some(n) => format!("“{word}” stands in no document; did you mean “{n}”?"),
            None if word.contains(':') => format!("“{word}” stands in no document (it was looked for as a word: no field is called so)"),
            None => format!("“{word}” stands in no document"),
        })
        .collect();
    Ok(format!("nothing found: {}", said.join("; ")))
}

/// A body or source that neither the configuration nor the store has.
fn no_such_name(setup: &Setup, store: &Store, queries: &[Query], look: &Look) -> Result<Option<String>, Failure> {
    let asked = |field: QueryField| queries.iter().flat_map(move |q| q.values(field)).map(str::to_owned);
    let bodies: Vec<String> = asked(QueryField::Body).chain(look.body.iter().cloned()).collect();
    if !bodies.is_empty() {
        let known: Vec<String> = setup.bodies()?.bodies().iter().map(|b| b.id.clone()).collect();
        for body in bodies {
            let is = |k: &str| k.to_lowercase() == body.to_lowercase();
            if !known.iter().any(|k| is(k)) && !store.documents_where(|_, b| b.may_be_of(&body))?.flatten().any(|d| is(&d.body)) {
                let near = crate::typed::did_you_mean(&body, known.iter().map(String::as_str));
                return Ok(Some(format!("no document is of a body “{body}”{near}")));
            }
        }
    }
    let sources: Vec<String> = asked(QueryField::Source).chain(look.source.iter().cloned()).collect();
    if !sources.is_empty() {
        let known = &setup.sources()?.by_id;
        for source in sources {
            if !known.keys().any(|k| k.as_str() == source) && !store.memories()?.keys().any(|k| k.as_str() == source) {
                let near = crate::typed::did_you_mean(&source, known.keys().map(|k| k.as_str()));
                return Ok(Some(format!("no source is called “{source}”{near}")));
            }
        }
    }
    Ok(None)
}

/// For each word the one of the store's titles that is most like it: of several that are equally like it, the most frequent.
fn alike(store: &Store, words: &[&str]) -> Result<Vec<Option<String>>, Failure> {
    let letters = |w: &str| w.len() > 2 && w.chars().all(char::is_alphabetic);
    if !words.iter().any(|w| letters(w)) {
        return Ok(vec![None; words.len()]);
    }
    let mut known: HashMap<String, u32> = HashMap::new();
    for d in store.documents()? {
        for word in d?.title.split(|c: char| !c.is_alphanumeric()).filter(|w| letters(w)) {
            *known.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    // what stands in one title only may be a slip itself
    let mut often: Vec<(&str, u32)> = known.iter().filter(|(_, n)| **n > 1).map(|(w, n)| (w.as_str(), *n)).collect();
    often.sort_unstable_by_key(|(w, n)| (Reverse(*n), *w));
    Ok(words.iter().map(|w| nearest(w, often.iter().map(|(k, _)| *k)).filter(|_| letters(w)).map(str::to_owned)).collect())
}
