//! The site: links, feeds, hostile titles, bytes that stay the same.

mod fixture;

use std::collections::BTreeMap;

use fixture::{World, at, document, event, full};
use monitor_digest::site::{Site, SiteEdition, SiteInput, SiteTemplates, site};
use monitor_model::{EventKind, FrozenEdition, Relation, RelationKind, Rendered, StageCode};

fn make(w: &World, address: Option<&str>, most: usize) -> Site {
    let page = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>e</title>\n</head><body><main><h1>e</h1></main></body></html>\n";
    let frozen = FrozenEdition {
        schema: FrozenEdition::SCHEMA,
        name: "monthly".into(),
        window: "month".into(),
        formats: Vec::new(),
        recipients: Vec::new(),
        approval: false,
        edition: "2026-10-monthly".into(),
        form: "mail".into(),
        as_of: w.as_of,
        since: w.since,
        until: w.until,
        json: "{}".into(),
        hash: String::new(),
    };
    let file = |name: &str, text: &str| Rendered { name: name.into(), media_type: String::new(), bytes: text.into() };
    let editions = vec![SiteEdition { frozen, files: vec![file("2026-10-monthly.html", page), file("2026-10-monthly.json", "{}")] }];
    let input = SiteInput {
        group: &w.group,
        as_of: "2026-11-02".parse().expect("a day"),
        address,
        editions,
        documents: &w.documents,
        events: &w.events,
        coverage: &w.coverage,
        landscape: &w.landscape,
        heat: Some("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>Who works on what</title></svg>"),
        topics: &w.topics,
        axes: &w.axes,
        stored: 470_000,
        most,
    };
    let templates = SiteTemplates::new(BTreeMap::new()).unwrap_or_else(|e| panic!("{e}"));
    site(&input, &templates).unwrap_or_else(|e| panic!("{e}"))
}

fn text<'a>(s: &'a Site, path: &str) -> &'a str {
    let bytes = s.files.get(path).unwrap_or_else(|| panic!("{path} is missing; there are {:?}", s.files.keys().collect::<Vec<_>>()));
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// A world whose words want to be markup.
fn hostile() -> World {
    let mut w = full();
    let evil = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover=\"x\u{202E}]]>&amp;";
    let topic = w.topics[0].id.0.clone();
    for (i, key) in ["../../etc/passwd", "a/b c", "A/B C", "日本/規格", &"x".repeat(400)].into_iter().enumerate() {
        let mut d = document(key, evil, Some(evil), evil, (evil, StageCode::Draft), &topic);
        d.group = Some(evil.to_owned());
        d.url = format!("javascript:alert({i})");
        d.lang = Some("zh\"><script>".into());
        d.keywords = vec![evil.to_owned()];
        d.relations = vec![Relation { kind: RelationKind::Supersedes, document: "no/page".into() }];
        d.date_raw = Some(evil.to_owned());
        let mut e = event(&d, EventKind::Stage, Some("2026-10"));
        (e.from, e.to) = (Some(evil.to_owned()), Some(evil.to_owned()));
        w.events.push(e);
        w.documents.push(d);
    }
    w
}

#[test]
fn the_landscape_page_bears_its_picture_and_no_page_asks_for_an_icon() {
    let s = make(&full(), None, 1000);
    assert!(text(&s, "landscape.html").contains("<img src=\"landscape.svg\" alt=\"Heat map"));
    assert!(text(&s, "landscape.svg").contains("Who works on what"));
    for (path, bytes) in s.files.iter().filter(|(p, _)| p.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"), "{path}");
        assert!(page.contains("img-src 'self' data:") || page.contains("img-src data:"), "{path}");
    }
}

#[test]
fn every_link_leads_somewhere_and_every_name_is_given_once() {
    for w in [full(), hostile(), fixture::empty()] {
        let s = make(&w, None, 1000);
        let faults = monitor_testkit::links::faults(&s.files);
        assert!(faults.is_empty(), "{faults:#?}");
        for page in [
            "index.html",
            "search.html",
            "landscape.html",
            "sources.html",
            "editions/index.html",
            "topics/index.html",
            "bodies/index.html",
            "sitemap.xml",
            "style.css",
        ] {
            assert!(s.files.contains_key(page), "{page}");
        }
        assert_eq!(s.files.keys().filter(|p| p.starts_with("documents/") && p.ends_with(".html")).count(), w.documents.len());
    }
}

#[test]
fn hostile_words_stay_words_in_pages_feeds_and_the_index() {
    let s = make(&hostile(), None, 1000);
    for (path, bytes) in &s.files {
        let page = String::from_utf8_lossy(bytes);
        assert!(
            !page.contains("<script>alert")
                && !page.replace("<img src=\"landscape.svg\"", "").contains("<img")
                && !page.contains("javascript:")
                && !page.contains('\u{202E}'),
            "{path}"
        );
        if path.ends_with(".html") && !path.starts_with("editions/2026") {
            assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"), "{path}");
        }
    }
    assert!(!text(&s, "search-index.js").contains('<'));
    let edition = text(&s, "editions/2026-10-monthly.html");
    assert!(edition.contains("Content-Security-Policy"), "an edition's page may show itself and nothing more");
}

#[test]
fn each_feed_parses_and_an_entry_is_an_event() {
    let mut w = hostile();
    let d = w.documents[0].clone();
    for (kind, when) in
        [(EventKind::Stage, "2026-10-20T06:00:00Z"), (EventKind::Stage, "2026-10-25T06:00:00Z"), (EventKind::Added, "2026-10-01T06:00:00Z")]
    {
        let mut e = event(&d, kind, None);
        e.at = at(when);
        e.backfill = kind == EventKind::Added;
        w.events.push(e);
    }
    for address in [None, Some("https://radar.example.org/site/")] {
        let s = make(&w, address, 1000);
        let mut feeds = 0;
        for (path, bytes) in s.files.iter().filter(|(p, _)| p.ends_with(".xml") && *p != "sitemap.xml") {
            let feed = atom_syndication::Feed::read_from(&bytes[..]).unwrap_or_else(|e| panic!("{path}: {e}"));
            let mut ids: Vec<&str> = feed.entries().iter().map(|e| e.id()).collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "{path}: two entries with one id");
            assert!(feed.entries().windows(2).all(|e| e[0].updated() >= e[1].updated()), "{path}: newest first");
            assert!(feed.entries().first().is_none_or(|e| e.updated() == feed.updated()), "{path}");
            feeds += 1;
        }
        assert!(feeds > w.topics.len() + w.group.questions.len(), "one per topic, body, Question and document");
        let own = atom_syndication::Feed::read_from(text(&s, "index.xml").as_bytes()).expect("a feed");
        let of_d = own.entries().iter().filter(|e| e.id().contains(&d.document.0) && e.id().contains(":stage:")).count();
        assert!(of_d >= 2, "the second change of a document is a second entry");
        assert_eq!(text(&s, "index.xml").contains("https://radar.example.org/site/documents/"), address.is_some());
    }
}

#[test]
fn the_life_of_a_document_is_told_in_order_with_both_dates() {
    let mut w = full();
    let d = w.documents[0].clone();
    let mut e = event(&d, EventKind::Stage, Some("2026-10-20"));
    (e.at, e.from, e.to) = (at("2026-10-25T06:00:00Z"), Some("draft".into()), Some("Approved".into()));
    w.events.push(e);
    let s = make(&w, None, 1000);
    let page = s
        .files
        .iter()
        .find(|(p, b)| p.starts_with("documents/") && p.ends_with(".html") && String::from_utf8_lossy(b).contains("draft → Approved"))
        .map(|(_, b)| String::from_utf8_lossy(b).into_owned())
        .expect("its page");
    assert!(page.contains("2026-10-20") && page.contains("seen 2026-10-25"));
}

#[test]
fn a_change_of_one_document_leaves_the_pages_of_others_as_they_were() {
    let w = full();
    let before = make(&w, None, 1000);
    assert_eq!(before, make(&w, None, 1000), "the same input is the same bytes");
    let mut later = w.clone();
    for d in &mut later.documents {
        d.last_checked = at("2026-12-01T06:00:00Z");
        for s in &mut d.sightings {
            s.last_seen = d.last_checked;
        }
    }
    assert_eq!(before, make(&later, None, 1000), "another look that found nothing new changes no page");
    later.documents[0].title = "Another title".into();
    let after = make(&later, None, 1000);
    let changed: Vec<&String> = after.files.iter().filter(|(p, b)| before.files.get(*p) != Some(b)).map(|(p, _)| p).collect();
    assert!(changed.iter().filter(|p| p.starts_with("documents/")).count() <= 4, "itself and what it belongs to: {changed:?}");
    assert!(changed.iter().any(|p| *p == "search-index.js"));
}

#[test]
fn too_many_documents_are_left_out_and_told() {
    let w = full();
    let s = make(&w, None, 2);
    assert_eq!((s.documents, s.left_out), (2, w.documents.len() - 2));
    assert!(text(&s, "index.html").contains("were left out for their number"));
    assert!(text(&s, "index.html").contains("of 470000 that are stored"));
    assert!(monitor_testkit::links::faults(&s.files).is_empty());
}

#[test]
fn long_lists_are_turned_over() {
    let mut w = full();
    let topic = w.topics[0].id.0.clone();
    for i in 0..650 {
        w.documents.push(document(&format!("many/{i:04}"), "MANY", None, &format!("Title {i}"), ("", StageCode::Unknown), &topic));
    }
    let s = make(&w, None, 10_000);
    assert!(s.files.contains_key("bodies/many.p3.html") && !s.files.contains_key("bodies/many.p4.html"));
    assert!(text(&s, "bodies/many.html").contains("href=\"../bodies/many.p2.html\""));
    assert!(monitor_testkit::links::faults(&s.files).is_empty());
}

#[test]
fn a_template_of_ones_own_stands_in_its_place_and_a_wrong_one_has_its_place_named() {
    let with = |name: &str, text: &str| {
        SiteTemplates::new(BTreeMap::from([(name.to_owned(), text.to_owned())])).map(|_| ()).map_err(|e| e.to_string())
    };
    assert_eq!(with("style.css", "body{}"), Ok(()));
    assert!(with("index.html", "a\n{% if %}").expect_err("wrong").contains("site/index.html, line 2"));
    assert!(with("indx.html", "").expect_err("unknown").contains("site/indx.html"));
}
