//! The facts of `[[relation]]` on a stored document: they come and go with the file.

use monitor_model::{Document, Relation};

use crate::Bodies;

/// Under this name a document keeps which of its relations are facts of the file and not of a row.
const FIELD: &str = "facts";

fn written(facts: &[Relation]) -> String {
    facts.iter().map(|r| format!("{} {}", r.kind.as_str(), r.document)).collect::<Vec<_>>().join("; ")
}

/// Lays the facts of `data/bodies.toml` on a document as they now stand: what is no fact any more goes, what is new comes. True
/// when the document changed. A row that says the same itself says it again when it is next seen.
pub fn lay_facts(document: &mut Document, bodies: &Bodies) -> bool {
    let now: Vec<Relation> = bodies.facts(&document.document).iter().filter(|r| r.document != document.document).cloned().collect();
    let (was, is) = (document.extra(FIELD).unwrap_or_default().to_owned(), written(&now));
    let before = document.relations.len();
    if was != is {
        document.relations.retain(|r| now.contains(r) || !was.split("; ").any(|w| w == written(std::slice::from_ref(r))));
        document.extra.retain(|(k, _)| k != FIELD);
        if !is.is_empty() {
            document.extra.push((FIELD.to_owned(), is.clone()));
            document.extra.sort();
        }
    }
    for fact in now {
        if !document.relations.contains(&fact) {
            document.relations.push(fact);
        }
    }
    document.relations.sort();
    was != is || before != document.relations.len()
}
