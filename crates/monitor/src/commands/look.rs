use std::io::Write;

use jiff::civil::Date;
use monitor_model::{Document, Event, EventKind, Kind, Query, Snippet, SourceId, When};
use monitor_store::{Brief, EventRange, Store};
use serde_json::Value;

use super::{Setup, facets::Facets, question, sought};
use crate::{
    answers::{after, end_of},
    cli::{Find, Look, Rows},
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
};

/// So many rows fit a person; the table says when it stopped.
const TABLE_LIMIT: usize = 50;

/// Documents.
pub(super) fn list(setup: &Setup, args: &Find) -> Outcome {
    documents(setup, args, false)
}

/// Documents in which the words of a question stand.
pub(super) fn search(setup: &Setup, args: &Find) -> Outcome {
    // quotation marks round nothing are nothing
    if args.query.iter().all(|q| q.trim_matches(|c: char| c.is_whitespace() || c == '"').is_empty()) && args.view.is_none() {
        return Err(Failure::usage("say what to look for: `monitor search agent identity`; `monitor list` shows all".to_owned()));
    }
    documents(setup, args, true)
}

/// `places` asks for the place where the words stand.
fn documents(setup: &Setup, args: &Find, places: bool) -> Outcome {
    let look = &args.look;
    check(setup, look)?;
    // a mistake in the question is told before there is a store
    let asked = question::asked(setup, &args.query, args.view.as_deref());
    let store = match &asked {
        Err(e) if e.code() != Code::Question || !places => return asked.map(|_| Exit::Done),
        _ => super::open_existing(setup, "list")?,
    };
    let (queries, named) = if places { sought::asked(setup, &store, &args.query, args.view.as_deref())? } else { (asked?, None) };
    let limit = look.limit.unwrap_or(if look.format == Rows::Table { TABLE_LIMIT } else { usize::MAX });
    let day = |b: &Brief| b.published().unwrap_or(When::Instant(b.first_seen()));
    let mut documents = store.documents_where(|_, brief| {
        may_take(look, brief) && queries.iter().map(Query::days).all(|(since, until)| day(brief).touches(since, until))
    })?;
    // words without which a document's line is not even read
    documents.holding(&queries.iter().flat_map(Query::words).collect::<Vec<_>>());
    let documents = documents.filter(|d| d.as_ref().map_or(true, |d| takes_document(look, d) && queries.iter().all(|q| q.takes(d))));
    let named = named.map(|key| store.document(&key)).transpose()?.flatten().filter(|d| takes_document(look, d));
    if args.facets {
        let mut facets = Facets::default();
        for d in documents {
            facets.add(&d?);
        }
        return facets.print(look.format);
    }
    let (known, documents): (_, Box<dyn Iterator<Item = _>>) = if places {
        let (all, ordered) = sought::ordered(&store, documents, &queries, named, limit)?;
        (Some(all), Box::new(ordered))
    } else {
        (None, Box::new(documents))
    };
    let snippet = |d: &Document| queries.iter().rev().find_map(|q| q.snippet(d)).filter(|_| places);
    let row = |d: &Document| -> Result<Value, Failure> {
        let mut row = super::contract(setup, d)?;
        if let (Some(object), Some(snippet)) = (row.as_object_mut(), snippet(d)) {
            object.insert("snippet".to_owned(), serde_json::to_value(snippet)?);
        }
        Ok(row)
    };
    let mut out = output::stdout();
    if look.format == Rows::Jsonl {
        // Row by row: the first is out before the last is read.
        let mut any = false;
        for d in documents.take(limit) {
            output::json_line(&mut out, &row(&d?)?)?;
            any = true;
        }
        out.flush()?;
        if !any && limit > 0 && !setup.quiet {
            tell!("{}", sought::why_nothing(setup, &store, &queries, look)?);
        }
        return Ok(Exit::Done);
    }
    let (mut found, mut all) = (Vec::new(), 0);
    for d in documents {
        let d = d?;
        all += 1;
        if found.len() < limit {
            found.push(d);
        }
    }
    let all = known.unwrap_or(all);
    match look.format {
        Rows::Json => {
            let rows = found.iter().map(row).collect::<Result<Vec<_>, _>>()?;
            output::json_pretty(&mut out, &rows)?;
        }
        Rows::Jsonl => {}
        Rows::Csv => {
            let head = [
                "document",
                "body",
                "group",
                "kind",
                "number",
                "title",
                "stage",
                "stage_code",
                "published",
                "relevance",
                "axes",
                "topics",
                "url",
            ];
            output::csv_row(&mut out, &head.map(str::to_owned))?;
            for d in &found {
                output::csv_row(&mut out, &document_cells(d))?;
            }
        }
        Rows::Table => {
            let rows = found.iter().map(|d| {
                let stage = d.stage.as_ref().map(|s| s.raw.clone()).unwrap_or_default();
                let last = match snippet(d) {
                    Some(s) if s.field == "title" => marked(&s),
                    Some(s) => format!("{}: {}", d.title, marked(&s)),
                    None => d.title.clone(),
                };
                vec![d.document.0.clone(), date(d.published), stage, d.relevance.as_str().to_owned(), last]
            });
            if !found.is_empty() {
                output::table(
                    &mut out,
                    &["document", "date", "stage", "relevance", if places { "found" } else { "title" }],
                    rows.collect(),
                )?;
            }
            if all > 0 {
                say_more(setup, all, found.len());
            }
        }
    }
    out.flush()?;
    if all == 0 && !setup.quiet {
        tell!("{}", sought::why_nothing(setup, &store, &queries, look)?);
    }
    Ok(Exit::Done)
}

/// A snippet as text, its hits between «…».
fn marked(s: &Snippet) -> String {
    let mut text = s.text.clone();
    for (a, b) in s.hits.iter().rev() {
        text.insert(*b, '»');
        text.insert(*a, '«');
    }
    text
}

fn document_cells(d: &Document) -> [String; 13] {
    [
        d.document.0.clone(),
        d.body.clone(),
        d.group.clone().unwrap_or_default(),
        d.kind.as_str().to_owned(),
        d.number.clone().unwrap_or_default(),
        d.title.clone(),
        d.stage.as_ref().map(|s| s.raw.clone()).unwrap_or_default(),
        d.stage_code().to_string(),
        date(d.published),
        d.relevance.as_str().to_owned(),
        d.axes.iter().map(|a| a.as_str()).collect::<Vec<_>>().join(" "),
        d.topics.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(" "),
        d.url.clone(),
    ]
}

/// What changed, in order.
pub(super) fn events(setup: &Setup, look: &Look) -> Outcome {
    check(setup, look)?;
    let store = super::open_existing(setup, "events")?;
    let range = EventRange { since: look.since.map(|w| w.start()), until: look.until.map(|w| after(end_of(w))) };
    let mut found: Vec<Event> = Vec::new();
    for e in store.events(range)? {
        let e = e?;
        if takes_event(look, &e) && takes_kind(look, &store, &e)? {
            found.push(e);
        }
    }
    let limit = look.limit.unwrap_or(if look.format == Rows::Table { TABLE_LIMIT } else { usize::MAX });
    let all = found.len();
    found.truncate(limit);
    let mut out = output::stdout();
    match look.format {
        Rows::Json => output::json_pretty(&mut out, &found.iter().map(Event::contract).collect::<Vec<_>>())?,
        Rows::Jsonl => {
            for e in &found {
                output::json_line(&mut out, &e.contract())?;
            }
        }
        Rows::Csv => {
            let head =
                ["at", "document", "body", "kind", "from", "to", "source", "event_date", "number", "title", "relevance", "topics", "url"];
            output::csv_row(&mut out, &head.map(str::to_owned))?;
            for e in &found {
                output::csv_row(&mut out, &event_cells(e))?;
            }
        }
        Rows::Table => {
            let rows = found.iter().map(|e| {
                let change = match (&e.from, &e.to) {
                    (Some(a), Some(b)) => format!("{a} → {b}"),
                    (_, Some(b)) => b.clone(),
                    _ => String::new(),
                };
                vec![When::Instant(e.at).first_day().to_string(), e.kind.as_str().to_owned(), e.document.0.clone(), change, e.title.clone()]
            });
            output::table(&mut out, &["seen", "kind", "document", "change", "title"], rows.collect())?;
            say_more(setup, all, found.len());
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn event_cells(e: &Event) -> [String; 13] {
    [
        e.at.to_string(),
        e.document.0.clone(),
        e.body.clone(),
        e.kind.as_str().to_owned(),
        e.from.clone().unwrap_or_default(),
        e.to.clone().unwrap_or_default(),
        e.source.0.clone(),
        date(e.event_date),
        e.number.clone().unwrap_or_default(),
        e.title.clone(),
        e.relevance.as_str().to_owned(),
        e.topics.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(" "),
        e.url.clone(),
    ]
}

fn say_more(setup: &Setup, all: usize, shown: usize) {
    if all > shown && !setup.quiet {
        tell!("{shown} of {all}; --limit {all} shows all, --format csv and jsonl have no limit");
    } else if all == 0 && !setup.quiet {
        tell!("nothing found");
    }
}

fn date(w: Option<When>) -> String {
    w.map(|w| w.to_string()).unwrap_or_default()
}

/// A filter that names nothing that exists is a mistake, not an empty answer.
fn check(setup: &Setup, look: &Look) -> Result<(), Failure> {
    let one = |what: &str, given: Option<&str>, known: &[&str]| match given {
        Some(g) => question::one(what, g, known).map_err(|e| Failure::coded(Code::NoName, e)),
        None => Ok(()),
    };
    let axes: Vec<&str> = monitor_model::Axis::ALL.iter().map(|a| a.as_str()).collect();
    one("axis", look.axis.as_deref(), &axes)?;
    let stages: Vec<&str> = monitor_model::StageCode::ALL.iter().map(|a| a.as_str()).collect();
    one("stage", look.stage.as_deref(), &stages)?;
    let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.as_str()).chain(EventKind::ALL.iter().map(|k| k.as_str())).collect();
    for k in &look.kind {
        one("kind", Some(k), &kinds)?;
    }
    if let (Some(since), Some(until)) = (look.since, look.until)
        && since.first_day() > until.last_day()
    {
        return Err(Failure::coded(
            Code::Value,
            format!("--since {since} is later than --until {until}: write the earlier day behind --since"),
        ));
    }
    one("relevance", look.relevance.as_deref(), &["relevant", "ai-only", "security-only", "neither"])?;
    if !look.topic.is_empty() {
        let taxonomy = setup.taxonomy()?;
        let topics: Vec<&str> = taxonomy.topics().iter().map(|t| t.id.as_str()).collect();
        for t in &look.topic {
            one("topic", Some(t), &topics)?;
        }
    }
    Ok(())
}

fn in_window(look: &Look, w: When) -> bool {
    w.touches(look.since.map_or(Date::MIN, When::first_day), look.until.map_or(Date::MAX, When::last_day))
}

fn is_body(look: &Look, body: &str) -> bool {
    look.body.is_empty() || look.body.iter().any(|b| b.eq_ignore_ascii_case(body))
}

/// What the directory alone rules out. It never rules out what [`takes_document`] takes.
fn may_take(look: &Look, b: &Brief) -> bool {
    (look.body.is_empty() || look.body.iter().any(|x| b.may_be_of(x)))
        && look.topic.iter().all(|t| b.may_have_topic(t))
        && look.axis.as_ref().is_none_or(|a| monitor_model::Axis::from_word(a).is_none_or(|a| b.has_axis(a)))
        && look.stage.as_ref().is_none_or(|s| b.stage.as_str() == s)
        && look.source.as_ref().is_none_or(|s| b.may_be_from(s))
        && (look.kind.is_empty() || look.kind.iter().any(|k| b.kind.as_str() == k))
        && look.relevance.as_ref().is_none_or(|r| b.relevance.as_str() == r)
        && in_window(look, b.published().unwrap_or(When::Instant(b.first_seen())))
}

fn takes_document(look: &Look, d: &Document) -> bool {
    is_body(look, &d.body)
        && look.group.as_ref().is_none_or(|g| d.group.as_deref().unwrap_or_default().to_lowercase().contains(&g.to_lowercase()))
        && look.topic.iter().all(|t| d.topics.iter().any(|x| x.id.as_str() == t))
        && look.axis.as_ref().is_none_or(|a| d.axes.iter().any(|x| x.as_str() == a))
        && look.stage.as_ref().is_none_or(|s| d.stage_code().as_str() == s)
        && look.source.as_ref().is_none_or(|s| d.sightings.iter().any(|x| x.source == SourceId(s.clone())))
        && (look.kind.is_empty() || look.kind.iter().any(|k| d.kind.as_str() == k))
        && look.relevance.as_ref().is_none_or(|r| d.relevance.as_str() == r)
        && in_window(look, d.published.unwrap_or(When::Instant(d.first_seen)))
}

/// Words for kinds of events and of documents may stand together; each sort must be met by one of its own.
fn takes_kind(look: &Look, store: &Store, e: &Event) -> Result<bool, Failure> {
    let (of_events, of_documents): (Vec<_>, Vec<_>) = look.kind.iter().partition(|k| EventKind::ALL.iter().any(|x| x.as_str() == **k));
    if !of_events.is_empty() && !of_events.iter().any(|k| e.kind.as_str() == **k) {
        return Ok(false);
    }
    if of_documents.is_empty() {
        return Ok(true);
    }
    let kind = store.document(&e.document)?.map(|d| d.kind.as_str());
    Ok(of_documents.iter().any(|k| kind == Some(k.as_str())))
}

fn takes_event(look: &Look, e: &Event) -> bool {
    is_body(look, &e.body)
        && look.topic.iter().all(|t| e.topics.iter().any(|x| x.as_str() == t))
        && look.axis.as_ref().is_none_or(|a| e.axes.iter().any(|x| x.as_str() == a))
        && look.stage.as_ref().is_none_or(|s| e.stage.as_str() == s)
        && look.source.as_ref().is_none_or(|s| e.source.as_str() == s)
        && look.relevance.as_ref().is_none_or(|r| e.relevance.as_str() == r)
}
