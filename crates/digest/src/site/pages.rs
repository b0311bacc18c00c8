//! The single pages: home, archive of editions, documents with their lives, the map, the sources.

use std::collections::BTreeMap;

use minijinja::{Value, context, value::Serde};
use monitor_landscape::Mark;
use monitor_model::{Document, EvidenceLevel};
use serde::Serialize;

use super::{
    SiteTemplates,
    model::{Model, Place, Step, body_name, day, is_aside, kind, short, stage, title},
    names,
};
use crate::{DigestError, clean::clip};

/// Bytes by path.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// What an edition's page may do: nothing but show itself.
const EDITION_POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n<link rel=\"icon\" href=\"data:,\">";

/// What every page has beside its own.
pub(super) fn frame(m: &Model<'_>, path: &str, own: Value) -> Value {
    let root = "../".repeat(path.matches('/').count());
    let g = m.input.group;
    context! { root, path, site => g.title.clone(), group => g.name.clone(), mandate => g.mandate.clone(), ..own }
}

fn put(files: &mut Files, templates: &SiteTemplates, m: &Model<'_>, path: &str, template: &str, own: Value) -> Result<(), DigestError> {
    files.insert(path.to_owned(), templates.page(template, frame(m, path, own))?);
    Ok(())
}

pub(super) fn all(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    home(m, templates, files)?;
    editions(m, templates, files)?;
    for d in &m.documents {
        document(m, templates, files, d)?;
    }
    map(m, templates, files)?;
    sources(m, templates, files)?;
    files.insert("style.css".to_owned(), templates.plain("style.css"));
    Ok(())
}

fn home(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let changes: Vec<Step> = m.events.iter().filter(|e| !e.backfill && m.is_standards_work(e)).take(30).map(|e| m.step(e)).collect();
    let mut topics: Vec<(usize, Place)> = m
        .input
        .topics
        .iter()
        .filter_map(|t| {
            let works = m.documents.iter().filter(|d| !is_aside(d.kind) && d.topics.iter().any(|x| x.id == t.id)).count();
            Some((works, m.topic_page(&t.id)?))
        })
        .filter(|(n, _)| *n > 0)
        .collect();
    topics.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    topics.truncate(12);
    let more = context! {
        changes => Value::from(Serde(&changes)),
        topics => Value::from(Serde(&topics)),
        newest => Value::from(Serde(&lines(m).into_iter().next())),
        documents => m.documents.len(),
        standards => m.documents.iter().filter(|d| !is_aside(d.kind)).count(),
        left_out => m.left_out,
        stored => m.input.stored,
    };
    put(files, templates, m, "index.html", "index.html", more)
}

/// One edition in the archive.
#[derive(Serialize)]
struct EditionLine {
    name: String,
    form: String,
    since: String,
    until: String,
    page: Option<String>,
    files: Vec<Place>,
}

/// Newest first.
fn lines(m: &Model<'_>) -> Vec<EditionLine> {
    let mut all: Vec<_> = m.input.editions.iter().collect();
    all.sort_by(|a, b| b.frozen.until.cmp(&a.frozen.until).then_with(|| a.frozen.edition.cmp(&b.frozen.edition)));
    all.into_iter()
        .map(|e| {
            let place = |name: &str| format!("editions/{}", names::of_key(name));
            let ending = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
            EditionLine {
                name: e.frozen.edition.clone(),
                form: e.frozen.form.clone(),
                since: day(e.frozen.since).to_string(),
                until: day(e.frozen.until).to_string(),
                page: e.files.iter().find(|f| f.name.ends_with(".html")).map(|f| place(&f.name)),
                files: e.files.iter().map(|f| Place { name: ending(&f.name), page: place(&f.name) }).collect(),
            }
        })
        .collect()
}

fn editions(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let lines = lines(m);
    put(files, templates, m, "editions/index.html", "editions.html", context! { editions => Value::from(Serde(&lines)) })?;
    for file in m.input.editions.iter().flat_map(|e| &e.files) {
        let mut bytes = file.bytes.clone();
        if file.name.ends_with(".html")
            && let Ok(page) = String::from_utf8(bytes.clone())
        {
            // The page is the edition as it was mailed; on a site it also says what it may not do, and asks for no icon.
            bytes = page.replacen("<meta charset=\"utf-8\">", &format!("<meta charset=\"utf-8\">\n{EDITION_POLICY}"), 1).into_bytes();
        }
        files.insert(format!("editions/{}", names::of_key(&file.name)), bytes);
    }
    Ok(())
}

#[derive(Serialize)]
struct Seen {
    source: String,
    url: String,
    first: String,
    present: bool,
    evidence: &'static str,
    hash: String,
}

#[derive(Serialize)]
struct Issue {
    version: String,
    number: String,
    stage: String,
    date: String,
    url: String,
}

#[derive(Serialize)]
struct Tie {
    what: &'static str,
    name: String,
    page: Option<String>,
}

fn document(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files, d: &Document) -> Result<(), DigestError> {
    let path = format!("documents/{}.html", names::of_key(d.document.as_str()));
    let mut life: Vec<Step> = m.events_of.get(&d.document).into_iter().flatten().map(|e| m.step(e)).collect();
    life.reverse();
    let seen: Vec<Seen> = d
        .sightings
        .iter()
        .map(|s| Seen {
            source: s.source.0.clone(),
            url: s.url.clone(),
            first: day(s.first_seen).to_string(),
            present: s.present,
            evidence: level(s.evidence),
            hash: s.hash.chars().take(16).collect(),
        })
        .collect();
    let versions: Vec<Issue> = d
        .versions
        .iter()
        .rev()
        .map(|v| Issue {
            version: clip(&v.version, 40),
            number: clip(&v.number, 80),
            stage: v.stage.as_ref().map(|s| clip(&s.raw, 80)).unwrap_or_default(),
            date: v.published.map(short).unwrap_or_default(),
            url: v.url.clone(),
        })
        .collect();
    let ties: Vec<Tie> = d
        .relations
        .iter()
        .map(|r| Tie {
            what: r.kind.as_str(),
            name: m.by_key.get(&r.document).map_or_else(|| r.document.0.clone(), |o| o.number.clone().unwrap_or_else(|| title(o))),
            page: m.document_page(&r.document),
        })
        .collect();
    let work: Vec<Place> = m
        .by_work
        .get(&d.work)
        .into_iter()
        .flatten()
        .filter(|o| o.document != d.document)
        .take(50)
        .filter_map(|o| Some(Place { name: o.number.clone().unwrap_or_else(|| title(o)), page: m.document_page(&o.document)? }))
        .collect();
    let topics: Vec<Place> = d.topics.iter().filter_map(|t| m.topic_page(&t.id)).collect();
    let questions: Vec<Place> = m.questions_of(d).iter().filter_map(|q| m.question_page(q)).collect();
    let label_of = |a| m.input.axes.iter().find(|(x, ..)| x == a).map(|(_, label, _)| label.clone());
    let framings: Vec<String> = d.axes.iter().filter_map(label_of).collect();
    let english = ["title_en", "english_title", "title-en"].into_iter().find_map(|n| d.extra(n)).map(|t| clip(t, 300));
    let more = context! {
        title => title(d),
        lang => d.lang.clone(),
        english,
        number => d.number.as_deref().map(|n| clip(n, 80)),
        key => d.document.0.clone(),
        url => d.url.clone(),
        body => Value::from(Serde(&m.body_page(&body_name(d)))),
        part => Value::from(Serde(&m.group_page(d))),
        kind => kind(d.kind),
        stage => stage(d),
        stage_date => d.stage.as_ref().and_then(|s| s.date).map(short),
        published => d.published.map(short),
        date_raw => d.date_raw.as_deref().map(|t| clip(t, 60)),
        deadline => d.deadline.map(short),
        version => d.version.as_deref().map(|v| clip(v, 40)),
        access => match d.access { monitor_model::Access::Free => "free", monitor_model::Access::Paid => "for sale", monitor_model::Access::Members => "members only" },
        evidence => level(d.evidence),
        first_seen => day(d.first_seen).to_string(),
        framings,
        topics => Value::from(Serde(&topics)),
        questions => Value::from(Serde(&questions)),
        ties => Value::from(Serde(&ties)),
        work => Value::from(Serde(&work)),
        life => Value::from(Serde(&life)),
        versions => Value::from(Serde(&versions)),
        seen => Value::from(Serde(&seen)),
        feed => super::feeds::is_followed(d).then(|| path.replace(".html", ".xml")),
    };
    put(files, templates, m, &path, "document.html", more)
}

fn level(e: EvidenceLevel) -> &'static str {
    match e {
        EvidenceLevel::Primary => "primary: read from the body itself",
        EvidenceLevel::Mirror => "mirror: read from a copy of the body's data",
        EvidenceLevel::Secondary => "secondary: reported by somebody else, not confirmed",
    }
}

#[derive(Serialize)]
struct MatrixRow {
    topic: Place,
    cells: Vec<String>,
}

fn map(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let l = m.input.landscape;
    // A column says something only where there is a work; who was not read stands below in words.
    let works = |b: &String| l.cells.iter().filter(|c| c.body == *b).map(|c| c.works()).sum::<usize>();
    let home = &m.input.group.body;
    let mut bodies: Vec<&String> = l.bodies.iter().filter(|b| works(b) > 0).collect();
    bodies.sort_by_key(|b| (*b != home, std::cmp::Reverse(works(b)), (*b).clone()));
    let empty: Vec<Place> = l.topics.iter().filter(|t| !l.cells.iter().any(|c| c.topic == **t)).filter_map(|t| m.topic_page(t)).collect();
    let heads: Vec<Place> =
        bodies.iter().map(|b| m.body_page(b).unwrap_or_else(|| Place { name: (*b).clone(), page: String::new() })).collect();
    let rows: Vec<MatrixRow> = l
        .topics
        .iter()
        .filter(|t| l.cells.iter().any(|c| c.topic == **t))
        .filter_map(|t| {
            let cells: Vec<String> = bodies
                .iter()
                .map(|b| match l.mark(t, b) {
                    Mark::Works(n) => n.to_string(),
                    Mark::None => String::new(),
                    Mark::NotRead => "?".to_owned(),
                })
                .collect();
            Some(MatrixRow { topic: m.topic_page(t)?, cells })
        })
        .collect();
    let gaps: Vec<(Place, Vec<String>)> = l
        .gaps
        .iter()
        .filter_map(|g| {
            Some((m.topic_page(&g.topic)?, g.active_elsewhere.iter().map(|a| format!("{} ({})", a.body, a.documents.len())).collect()))
        })
        .collect();
    let near: Vec<(Place, Place, String, String)> = l
        .counterparts
        .iter()
        .filter_map(|c| {
            let place = |k| {
                let d = m.by_key.get(k)?;
                Some(Place { name: d.number.clone().unwrap_or_else(|| title(d)), page: m.document_page(k)? })
            };
            Some((place(&c.document)?, place(&c.other)?, c.relation.as_str().to_owned(), c.why.terms.join(", ")))
        })
        .collect();
    let more = context! {
        bodies => Value::from(Serde(&heads)),
        rows => Value::from(Serde(&rows)),
        empty => Value::from(Serde(&empty)),
        not_read => l.not_read.clone(),
        gaps => Value::from(Serde(&gaps)),
        near => Value::from(Serde(&near)),
        home => m.input.group.group.clone(),
        heat => m.input.heat.is_some(),
    };
    // A file of its own: the page's policy knows no style inside it.
    if let Some(heat) = m.input.heat {
        files.insert("landscape.svg".to_owned(), heat.as_bytes().to_vec());
    }
    put(files, templates, m, "landscape.html", "landscape.html", more)
}

#[derive(Serialize)]
struct SourceRow {
    id: String,
    name: String,
    body: String,
    state: String,
    last: String,
    new: String,
    rows: u64,
    url: String,
    note: String,
}

fn sources(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let instant = |t: Option<monitor_model::Timestamp>| t.map(|t| day(t).to_string()).unwrap_or_else(|| "never".to_owned());
    let rows: Vec<SourceRow> = m
        .input
        .coverage
        .iter()
        .map(|c| {
            let state = match (c.enabled, c.kind == monitor_model::SourceKind::None) {
                (false, _) => "switched off".to_owned(),
                (_, true) => "not read".to_owned(),
                _ => serde_json::to_value(c.health.state).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
            };
            let trouble = c.complaints.iter().map(|x| clip(&x.what, 200)).take(3).collect::<Vec<_>>().join("; ");
            let note =
                [c.note.as_deref().map(|n| clip(n, 300)).unwrap_or_default(), trouble, c.robots_exception.clone().unwrap_or_default()];
            SourceRow {
                id: c.id.0.clone(),
                name: c.name.clone(),
                body: c.body.clone(),
                state,
                last: instant(c.last_success),
                new: instant(c.last_new),
                rows: c.collected,
                url: c.url.clone(),
                note: note.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" · "),
            }
        })
        .collect();
    let more = context! { rows => Value::from(Serde(&rows)), as_of => m.input.as_of.to_string() };
    put(files, templates, m, "sources.html", "sources.html", more)
}
