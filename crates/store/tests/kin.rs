//! Who points at whom and which texts are alike: asked of the index, which is made again from the journal at any time.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use monitor_model::{Document, DocumentKey, Known, Relation, RelationKind};
use monitor_store::{Batch, Store};

fn arrow(kind: RelationKind, to: &DocumentKey) -> Relation {
    Relation { kind, document: to.clone() }
}

fn put(store: &Store, n: i64, documents: &[Document]) {
    store.commit(&Batch { at: at(n), documents: documents.to_vec(), ..Batch::default() }).unwrap();
}

/// A post without a number of its own.
fn post(n: usize, title: &str, summary: &str) -> Document {
    let mut d = document(n, 0);
    d.document = format!("url/example.org/{n:016x}").into();
    d.work = d.document.clone();
    (d.title, d.summary) = (title.into(), Some(summary.into()));
    d
}

#[test]
fn relations_are_found_from_their_other_end_before_and_after_both_documents_are_there() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (mut a, b, c) = (document(1, 0), document(2, 0), document(3, 0));
    a.relations = vec![arrow(RelationKind::SameAs, &b.document), arrow(RelationKind::Becomes, &c.document)];
    put(&store, 1, std::slice::from_ref(&a));
    assert_eq!(store.pointing_at(&b.document), std::slice::from_ref(&a.document), "before it is there");
    put(&store, 2, &[b.clone(), c.clone()]);
    assert_eq!(store.pointing_at(&c.document), std::slice::from_ref(&a.document));
    assert!(store.pointing_at(&a.document).is_empty());
    a.relations.pop();
    put(&store, 3, std::slice::from_ref(&a));
    assert!(store.pointing_at(&c.document).is_empty(), "an arrow that was taken away leads nowhere");
    assert_whole(&store);

    let mut text = Vec::new();
    store.export(&mut text).unwrap();
    let other = tempfile::tempdir().unwrap();
    let copy = open(other.path());
    copy.import(&mut &text[..], at(9)).unwrap();
    assert_eq!(copy.pointing_at(&b.document), std::slice::from_ref(&a.document));
    drop(store);
    std::fs::remove_dir_all(dir.path().join("db")).unwrap();
    let store = open(dir.path());
    assert_eq!(store.pointing_at(&b.document), std::slice::from_ref(&a.document), "the index follows from the journal");
    assert_whole(&store);
}

#[test]
fn a_document_at_which_many_point_names_all_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let hub: DocumentKey = "ex/hub".into();
    let many: Vec<Document> = (0..100)
        .map(|n| {
            let mut d = document(n, 0);
            d.relations = vec![arrow(RelationKind::SameAs, &hub)];
            d
        })
        .collect();
    put(&store, 1, &many);
    let mut want: Vec<DocumentKey> = many.iter().map(|d| d.document.clone()).collect();
    assert_eq!(store.pointing_at(&hub), want);
    let mut part = document(100, 0);
    part.relations = vec![arrow(RelationKind::PartOf, &hub)];
    put(&store, 2, std::slice::from_ref(&part));
    assert_eq!(store.pointing_at(&hub), want, "a part is no document of the same work");
    want.push(part.document);
    assert_eq!(store.holders(&hub).unwrap(), want);
}

#[test]
fn like_texts_meet_and_what_was_reworded_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let text = "The centre publishes guidance for people who run agents with access to tools, mailboxes and payment.";
    let (a, mut b) =
        (post(1, "New guidance on securing agents", text), post(2, "New guidance on securing agents", &format!("{text} More")));
    let other =
        post(3, "Workshop on watermarks for synthetic speech", "Nine methods were compared, and one of them survives a telephone line.");
    put(&store, 1, &[a.clone(), b.clone(), other]);
    let print = a.text_print().unwrap();
    assert_eq!(store.alike(print), [a.document.clone(), b.document.clone()]);
    (b.title, b.summary) = ("Two chairs elected by the committee".into(), Some("The period of both begins with the next plenary.".into()));
    put(&store, 2, &[b]);
    assert_eq!(store.alike(print), std::slice::from_ref(&a.document));
    let numbered = Document { document: "ex/77".into(), ..a.clone() };
    put(&store, 3, &[numbered]);
    assert_eq!(store.alike(print), [a.document], "what has a number needs no print");
    assert_whole(&store);
}
