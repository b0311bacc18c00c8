//! Lists of documents: one per topic, body, group and Question, on as many pages as they need.

use std::collections::BTreeMap;

use minijinja::{Value, context, value::Serde};
use monitor_model::Document;
use serde::Serialize;

use super::{
    SiteTemplates,
    model::{Model, Place, Row, body_name, group_name, is_aside},
    pages::{Files, frame},
};
use crate::DigestError;

/// Rows on one page.
const ROWS: usize = 300;

/// A list of documents.
pub(super) struct List<'a> {
    /// What it is a list of: `Topic`, `Body`, `Group`, `Question`.
    pub(super) what: &'static str,
    pub(super) place: Place,
    pub(super) note: String,
    pub(super) has_feed: bool,
    pub(super) documents: Vec<&'a Document>,
}

/// A list in the overview of lists.
#[derive(Serialize)]
struct Line {
    name: String,
    page: String,
    count: usize,
}

/// All lists, in the order of the overviews.
pub(super) fn lists<'a>(m: &Model<'a>) -> Vec<List<'a>> {
    let mut out = Vec::new();
    for t in m.input.topics {
        let Some(place) = m.topic_page(&t.id) else { continue };
        let documents = m.documents.iter().copied().filter(|d| d.topics.iter().any(|x| x.id == t.id)).collect();
        out.push(List { what: "Topic", place, note: t.definition.clone(), has_feed: true, documents });
    }
    let mut bodies: BTreeMap<String, Vec<&Document>> = BTreeMap::new();
    let mut groups: BTreeMap<String, Vec<&Document>> = BTreeMap::new();
    let mut questions: BTreeMap<String, Vec<&Document>> = BTreeMap::new();
    for d in m.documents.iter().copied() {
        bodies.entry(body_name(d)).or_default().push(d);
        if let Some(g) = group_name(d) {
            groups.entry(g).or_default().push(d);
        }
        for q in m.questions_of(d) {
            questions.entry(q).or_default().push(d);
        }
    }
    for (name, documents) in bodies {
        let Some(place) = m.body_page(&name) else { continue };
        out.push(List { what: "Body", place, note: String::new(), has_feed: true, documents });
    }
    for (name, documents) in groups {
        let Some(place) = documents.first().and_then(|d| m.group_page(d)) else { continue };
        out.push(List { what: "Group", place: Place { name, ..place }, note: String::new(), has_feed: false, documents });
    }
    for q in &m.input.group.questions {
        let Some(place) = m.question_page(&q.id) else { continue };
        let documents = questions.remove(&q.id).unwrap_or_default();
        let note = if q.title.is_empty() { "Documents whose topics are routed to this Question.".to_owned() } else { q.title.clone() };
        out.push(List { what: "Question", place, note, has_feed: true, documents });
    }
    out
}

/// The path of the n-th page (from 0) of a list.
fn page(first: &str, n: usize) -> String {
    match first.strip_suffix(".html") {
        Some(stem) if n > 0 => format!("{stem}.p{}.html", n + 1),
        _ => first.to_owned(),
    }
}

pub(super) fn all(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let lists = lists(m);
    for list in &lists {
        // Papers, posts and incidents are many: the work of standards bodies goes before them.
        let mut rows: Vec<_> = list.documents.iter().map(|d| (is_aside(d.kind), super::model::date_of(d).0, m.row(d))).collect();
        rows.sort_by(|a, b| (a.0, std::cmp::Reverse(a.1), &a.2.page).cmp(&(b.0, std::cmp::Reverse(b.1), &b.2.page)));
        let asides = rows.iter().filter(|r| r.0).count();
        let rows: Vec<Row> = rows.into_iter().map(|(.., r)| r).collect();
        let pages = rows.len().div_ceil(ROWS).max(1);
        let all: Vec<Place> = (0..pages).map(|n| Place { name: (n + 1).to_string(), page: page(&list.place.page, n) }).collect();
        for n in 0..pages {
            let path = page(&list.place.page, n);
            let part: Vec<&Row> = rows.iter().skip(n * ROWS).take(ROWS).collect();
            let more = context! {
                what => list.what,
                name => list.place.name.clone(),
                note => list.note.clone(),
                feed => list.has_feed.then(|| list.place.page.replace(".html", ".xml")),
                rows => Value::from(Serde(&part)),
                count => rows.len(),
                asides,
                number => n + 1,
                pages => Value::from(Serde(&all)),
            };
            files.insert(path.clone(), templates.page("list.html", frame(m, &path, more))?);
        }
    }
    for (what, title, path, note) in [
        ("Topic", "Topics", "topics/index.html", "The taxonomy by which documents are tagged. One document may stand under several."),
        ("Body", "Bodies", "bodies/index.html", "Who makes the documents."),
        ("Group", "Groups", "groups/index.html", "Committees, study groups and working groups, as their bodies write them."),
        (
            "Question",
            "Questions",
            "questions/index.html",
            "Questions of the home group, and the documents whose topics are routed to them.",
        ),
    ] {
        let lines: Vec<Line> = lists
            .iter()
            .filter(|l| l.what == what)
            .map(|l| Line { name: l.place.name.clone(), page: l.place.page.clone(), count: l.documents.len() })
            .collect();
        let more = context! { title, note, lines => Value::from(Serde(&lines)) };
        files.insert(path.to_owned(), templates.page("lists.html", frame(m, path, more))?);
    }
    Ok(())
}
