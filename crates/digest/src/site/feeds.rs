//! Atom feeds and the map of the site. An entry is an event, so that the second change of a document is a second entry.

use minijinja::{Value, context, value::Serde};
use monitor_model::{Document, Event};
use serde::Serialize;

use super::{
    SiteTemplates, lists,
    model::{Model, is_aside, title},
    names,
    pages::Files,
};
use crate::DigestError;

/// Entries in one feed.
const ENTRIES: usize = 100;

#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    updated: String,
    url: String,
    page: String,
    words: String,
}

/// Whether a document has a feed of its own: what may still change.
pub(super) fn is_followed(d: &Document) -> bool {
    !is_aside(d.kind) && !d.stage_code().is_over()
}

/// Letters, digits and the signs that an identifier may hold.
fn part(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn entry(m: &Model<'_>, e: &Event) -> Entry {
    let step = m.step(e);
    Entry {
        id: format!("urn:monitor:event:{}:{}:{}", part(e.document.as_str()), e.kind.as_str(), part(&e.at.to_string())),
        title: format!("{}: {}", step.number.clone().unwrap_or_else(|| step.body.clone()), step.title),
        updated: e.at.to_string(),
        url: crate::clean::href(&e.url).unwrap_or_default(),
        page: step.page.unwrap_or_default(),
        words: format!("{}{}", step.what, if step.date.is_empty() { String::new() } else { format!(" ({})", step.date) }),
    }
}

fn feed(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files, page: &str, name: &str, events: &[&Event]) -> Result<(), DigestError> {
    let path = page.replace(".html", ".xml");
    let entries: Vec<Entry> = events.iter().filter(|e| !e.backfill).take(ENTRIES).map(|e| entry(m, e)).collect();
    // A feed that never had an entry was last changed when the watch began, not now.
    let updated = entries.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |e| e.updated.clone());
    let more = context! {
        name,
        page,
        updated,
        id => format!("urn:monitor:feed:{}", part(&path)),
        address => m.input.address.unwrap_or_default(),
        entries => Value::from(Serde(&entries)),
    };
    files.insert(path.clone(), templates.page("feed.xml", super::pages::frame(m, &path, more))?);
    Ok(())
}

pub(super) fn all(m: &Model<'_>, templates: &SiteTemplates, files: &mut Files) -> Result<(), DigestError> {
    let standards: Vec<&Event> = m.events.iter().copied().filter(|e| m.is_standards_work(e)).collect();
    feed(m, templates, files, "index.html", "all standards work", &standards)?;
    for list in lists::lists(m).iter().filter(|l| l.has_feed) {
        let keys: std::collections::BTreeSet<_> = list.documents.iter().map(|d| &d.document).collect();
        // A body's own feed holds all that it makes; those of a subject hold the work of standards bodies.
        let wanted = |e: &&Event| keys.contains(&e.document) && !e.backfill && (list.what == "Body" || m.is_standards_work(e));
        let events: Vec<&Event> = m.events.iter().copied().filter(wanted).take(ENTRIES).collect();
        feed(m, templates, files, &list.place.page, &format!("{} {}", list.what.to_lowercase(), list.place.name), &events)?;
    }
    for d in m.documents.iter().filter(|d| is_followed(d)) {
        let page = format!("documents/{}.html", names::of_key(d.document.as_str()));
        let events = m.events_of.get(&d.document).cloned().unwrap_or_default();
        feed(m, templates, files, &page, &d.number.clone().unwrap_or_else(|| title(d)), &events)?;
    }
    let pages: Vec<String> = files.keys().filter(|p| p.ends_with(".html")).map(|p| part(p)).collect();
    let more = context! { pages => Value::from(Serde(&pages)), address => m.input.address.unwrap_or_default() };
    files.insert("sitemap.xml".to_owned(), templates.page("sitemap.xml", more)?);
    Ok(())
}
