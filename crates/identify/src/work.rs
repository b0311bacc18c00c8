//! Which documents are one work, and which of them it is named after.

use std::cmp::Reverse;

use jiff::civil::Date;
use monitor_model::{Document, DocumentKey, Kind, Relation, RelationKind, When};

/// Whether a relation makes one work of the document that holds it and the one at which it points.
///
/// A successor of the same series is a new edition and a work of its own; so are parts, amendments and revisions.
pub fn joins(holder: &DocumentKey, relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Becomes
        | RelationKind::Formerly
        | RelationKind::SameAs
        | RelationKind::Adopts
        | RelationKind::Mirrors
        | RelationKind::Mentions => true,
        RelationKind::Supersedes => series(holder.as_str()) != series(relation.document.as_str()),
        RelationKind::RevisionOf | RelationKind::PartOf | RelationKind::NearCopy => false,
    }
}

/// The document after which a work is named: the earliest. What others came from goes before what came from them, whatever
/// their dates say; then the earliest date counts; a post is never the first as long as there is a document.
pub fn founder<'a>(work: &[&'a Document]) -> Option<&'a DocumentKey> {
    let first = work.iter().min_by_key(|d| (is_news(d), has_elder(d, work), born(d), d.first_seen, Reverse(d.is_numbered()), &d.document));
    first.map(|d| &d.document)
}

fn is_news(d: &Document) -> bool {
    matches!(d.kind, Kind::News | Kind::Event | Kind::Incident)
}

/// Whether another document of the work came before, by what their relations mean.
fn has_elder(d: &Document, work: &[&Document]) -> bool {
    let here = |key: &DocumentKey| work.iter().any(|o| o.document == *key && o.document != d.document);
    let own = d.relations.iter().any(|r| {
        matches!(
            r.kind,
            RelationKind::Formerly | RelationKind::Supersedes | RelationKind::Adopts | RelationKind::Mirrors | RelationKind::Mentions
        ) && here(&r.document)
            // its partners publish the texts of 3GPP under numbers of their own
            || r.kind == RelationKind::SameAs && r.document.as_str().starts_with("3gpp/") && here(&r.document)
    });
    own || work
        .iter()
        .any(|o| o.document != d.document && o.relations.iter().any(|r| r.kind == RelationKind::Becomes && r.document == d.document))
}

/// The earliest date that any of its versions bears, else the day on which it was first seen.
fn born(d: &Document) -> Date {
    let dates = d.versions.iter().filter_map(|v| v.published).chain(d.published);
    dates.map(When::first_day).min().unwrap_or_else(|| When::Instant(d.first_seen).first_day())
}

/// Body and series of a key: `etsi/gr` of `etsi/gr-sai-004`, `ietf/rfc` of `ietf/rfc-9999`.
fn series(key: &str) -> &str {
    let start = key.find('/').map_or(0, |i| i + 1);
    let end = key[start..].find(|c: char| !c.is_ascii_alphabetic()).map_or(key.len(), |i| start + i);
    &key[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrow(kind: RelationKind, to: &str) -> Relation {
        Relation { kind, document: to.into() }
    }

    #[test]
    fn a_new_edition_is_a_work_of_its_own() {
        assert!(!joins(&"ietf/rfc-9110".into(), &arrow(RelationKind::Supersedes, "ietf/rfc-7231")));
        assert!(joins(&"etsi/tr-104-221".into(), &arrow(RelationKind::Supersedes, "etsi/gr-sai-004")));
        assert!(joins(&"etsi/en-304-223".into(), &arrow(RelationKind::Supersedes, "etsi/ts-104-223")));
        assert!(!joins(&"iso-iec/27033-3".into(), &arrow(RelationKind::PartOf, "iso-iec/27033")));
        assert_eq!(series("iso-iec/27033-3"), "iso-iec/");
        assert_eq!(series("odd"), "odd");
    }
}
