//! Tags by relation: an amendment, a new edition or an adoption whose own title says nothing is about what its other half is about.
//!
//! The labelling guide (R1, R27, R38) gives versions, amendments and copies the labels of their parent. What is taken over is shown as such:
//! field `relation`, no span, and the arrow in words. When the other half gets other tags, those that took them follow in the same batch.

use std::collections::BTreeMap;

use monitor_model::{Document, DocumentKey, Evidence, Relation, RelationKind, Relevance, Tagging, TopicTag};
use monitor_store::{Store, StoreError};
use monitor_tag::Tagger;

use super::ingest::{Corrections, correct, text_of_document};

/// A summary of this many bytes speaks for itself.
const SPEAKS: usize = 40;
/// The field of evidence that stands in another document.
const BY_RELATION: &str = "relation";

/// What a stored document is about: by its own words, else by those of a document to which it is related, then as people corrected it.
pub(crate) fn tagging(
    tagger: &Tagger,
    corrections: &Corrections,
    document: &Document,
    known: impl Fn(&DocumentKey) -> Option<Document>,
) -> Tagging {
    let own = tagger.tag(&text_of_document(document));
    correct(by_relation(tagger, corrections, document, own, known), &document.document, corrections, tagger)
}

/// Whether a document may take its tags from another one: it has no words of its own but a title, and an arrow that carries them.
pub(crate) fn may(document: &Document) -> bool {
    document.relevance != Relevance::Relevant
        && document.summary.as_deref().is_none_or(|s| s.len() <= SPEAKS)
        && document.relations.iter().any(|r| carries(document, r))
}

/// Stored documents that take their tags from these, whose tags are new, and now have others: `known` sees the new ones.
pub(crate) fn followers(
    tagger: &Tagger,
    corrections: &Corrections,
    store: &Store,
    changed: &[DocumentKey],
    known: impl Fn(&DocumentKey) -> Option<Document>,
) -> Result<Vec<Document>, StoreError> {
    let mut out: BTreeMap<DocumentKey, Document> = BTreeMap::new();
    for key in changed {
        for holder in store.holders(key)? {
            let Some(mut document) = known(&holder).filter(|d| may(d) || took(d)) else { continue };
            let tagging = tagging(tagger, corrections, &document, &known);
            let was = (document.relevance, document.topics.clone());
            document.tag(tagging);
            if was != (document.relevance, document.topics.clone()) {
                out.insert(holder, document);
            }
        }
    }
    Ok(out.into_values().collect())
}

/// Whether its tags are those of another document.
fn took(document: &Document) -> bool {
    document.why.iter().any(|e| e.field == BY_RELATION)
}

fn carries(document: &Document, relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Supersedes
        | RelationKind::RevisionOf
        | RelationKind::SameAs
        | RelationKind::Becomes
        | RelationKind::Adopts
        | RelationKind::Mirrors
        | RelationKind::Formerly => true,
        // An amendment is about what its base is about; any other part may be about something else.
        RelationKind::PartOf => document.number.as_deref().is_some_and(amends),
        // A post is about more than it names, and likeness is a hint only.
        RelationKind::Mentions | RelationKind::NearCopy => false,
    }
}

/// `ISO/IEC 42001:2023/Amd 1`, `X.1400 (2020) Cor. 1`: numbers of amendments and corrigenda.
fn amends(number: &str) -> bool {
    let words = number.to_lowercase();
    words
        .split(|c: char| !c.is_alphabetic())
        .any(|w| matches!(w, "amd" | "amendment" | "dam" | "fdam" | "cor" | "corrigendum" | "dcor" | "erratum"))
}

fn by_relation(
    tagger: &Tagger,
    corrections: &Corrections,
    document: &Document,
    own: Tagging,
    known: impl Fn(&DocumentKey) -> Option<Document>,
) -> Tagging {
    if own.relevance == Relevance::Relevant || document.summary.as_deref().is_some_and(|s| s.len() > SPEAKS) {
        return own;
    }
    for relation in document.relations.iter().filter(|r| carries(document, r)) {
        let Some(other) = known(&relation.document) else { continue };
        // Its own words count, never what it took from a third one: tags do not travel.
        let theirs = correct(tagger.tag(&text_of_document(&other)), &other.document, corrections, tagger);
        if theirs.relevance == Relevance::Relevant {
            return taken(theirs, relation, &other);
        }
    }
    own
}

fn taken(theirs: Tagging, relation: &Relation, other: &Document) -> Tagging {
    let name = other.number.as_deref().unwrap_or(other.document.as_str());
    let why = vec![Evidence {
        term: format!("{} {name}: {}", relation.kind.as_str(), other.title),
        field: BY_RELATION.to_owned(),
        start: 0,
        end: 0,
    }];
    let topics = theirs.topics.into_iter().map(|t| TopicTag { evidence: why.clone(), ..t }).collect();
    Tagging { topics, evidence: why, ..theirs }
}
