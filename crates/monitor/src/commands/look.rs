use std::io::Write;

use jiff::civil::Date;
use monitor_model::{Document, Event, EventKind, Kind, SourceId, When};
use monitor_store::{Brief, EventRange, Store};

use super::Setup;
use crate::{
    answers::{after, end_of},
    cli::{Look, Rows, Search},
    exit::{Exit, Failure, Outcome},
    output,
};

const KINDS: [Kind; 8] =
    [Kind::Document, Kind::WorkItem, Kind::News, Kind::Liaison, Kind::Event, Kind::Paper, Kind::Incident, Kind::Policy];

/// So many rows fit a person; the table says when it stopped.
const TABLE_LIMIT: usize = 50;

/// Documents.
pub(super) fn list(setup: &Setup, look: &Look) -> Outcome {
    documents(setup, look, &[], |_| true)
}

/// Documents whose title, number, summary or keywords hold all words.
pub(super) fn search(setup: &Setup, args: &Search) -> Outcome {
    let words: Vec<String> = args.query.iter().flat_map(|q| q.split_whitespace()).map(str::to_lowercase).collect();
    documents(setup, &args.look, &words, |d| {
        let text = format!(
            "{} {} {} {}",
            d.number.as_deref().unwrap_or_default(),
            d.title,
            d.summary.as_deref().unwrap_or_default(),
            d.keywords.join(" ")
        )
        .to_lowercase();
        words.iter().all(|w| text.contains(w.as_str()))
    })
}

/// `words`, in lower case, must all stand somewhere in a document's line, or it is not even read.
fn documents(setup: &Setup, look: &Look, words: &[String], also: impl Fn(&Document) -> bool) -> Outcome {
    check(setup, look)?;
    let store = super::open_existing(setup, "list")?;
    let limit = look.limit.unwrap_or(if look.format == Rows::Table { TABLE_LIMIT } else { usize::MAX });
    let mut documents = store.documents_where(|_, brief| may_take(look, brief))?;
    documents.holding(words);
    let documents = documents.filter(|d| d.as_ref().map_or(true, |d| takes_document(look, d) && also(d)));
    let mut out = output::stdout();
    if look.format == Rows::Jsonl {
        // Row by row: the first is out before the last is read.
        for d in documents.take(limit) {
            output::json_line(&mut out, &super::contract(setup, &d?)?)?;
        }
        out.flush()?;
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
    match look.format {
        Rows::Json => {
            let rows = found.iter().map(|d| super::contract(setup, d)).collect::<Result<Vec<_>, _>>()?;
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
                vec![d.document.0.clone(), date(d.published), stage, d.relevance.as_str().to_owned(), d.title.clone()]
            });
            output::table(&mut out, &["document", "date", "stage", "relevance", "title"], rows.collect())?;
            say_more(setup, all, found.len());
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn document_cells(d: &Document) -> [String; 13] {
    [
        d.document.0.clone(),
        d.body.clone(),
        d.group.clone().unwrap_or_default(),
        output::word(d.kind),
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
        eprintln!("{shown} of {all}; --limit {all} shows all, --format csv and jsonl have no limit");
    } else if all == 0 && !setup.quiet {
        eprintln!("nothing found");
    }
}

fn date(w: Option<When>) -> String {
    w.map(|w| w.to_string()).unwrap_or_default()
}

/// A filter that names nothing that exists is a mistake, not an empty answer.
fn check(setup: &Setup, look: &Look) -> Result<(), Failure> {
    let one = |what: &str, given: Option<&str>, known: &[&str]| match given {
        Some(g) if !known.contains(&g) => {
            let near = crate::config::nearest(g, known.iter().copied()).map_or(String::new(), |n| format!("; did you mean “{n}”?"));
            Err(Failure::usage(format!("no {what} “{g}”{near}")))
        }
        _ => Ok(()),
    };
    let axes: Vec<&str> = monitor_model::Axis::ALL.iter().map(|a| a.as_str()).collect();
    one("axis", look.axis.as_deref(), &axes)?;
    let stages: Vec<&str> = monitor_model::StageCode::ALL.iter().map(|a| a.as_str()).collect();
    one("stage", look.stage.as_deref(), &stages)?;
    let kinds: Vec<String> = KINDS.iter().map(|k| output::word(*k)).chain(EventKind::ALL.iter().map(|k| k.as_str().to_owned())).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    for k in &look.kind {
        one("kind", Some(k), &kinds)?;
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
        && (look.kind.is_empty() || look.kind.iter().any(|k| output::word(b.kind) == *k))
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
        && (look.kind.is_empty() || look.kind.iter().any(|k| output::word(d.kind) == *k))
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
    let kind = store.document(&e.document)?.map(|d| output::word(d.kind));
    Ok(of_documents.iter().any(|k| kind.as_deref() == Some(k.as_str())))
}

fn takes_event(look: &Look, e: &Event) -> bool {
    is_body(look, &e.body)
        && look.topic.iter().all(|t| e.topics.iter().any(|x| x.as_str() == t))
        && look.axis.as_ref().is_none_or(|a| e.axes.iter().any(|x| x.as_str() == a))
        && look.stage.as_ref().is_none_or(|s| e.stage.as_str() == s)
        && look.source.as_ref().is_none_or(|s| e.source.as_str() == s)
        && look.relevance.as_ref().is_none_or(|r| e.relevance.as_str() == r)
}
