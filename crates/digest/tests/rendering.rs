//! The same bytes every time, a mail that is not clipped, JSON that is the contract, templates that a user may change.

mod fixture;

use std::collections::BTreeMap;

use fixture::{document, full};
use monitor_digest::{DigestError, Edition, Form, Format, Templates, render};
use monitor_model::{EventKind, StageCode};

/// Whether the form has the format.
fn has(form: Form, format: Format) -> bool {
    !(form.on_demand() && matches!(format, Format::Csv | Format::Atom | Format::Ics))
}

fn ours() -> Templates {
    Templates::new(BTreeMap::new()).expect("our own templates")
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_its_order() {
    let w = full();
    let mut turned = w.clone();
    turned.documents.reverse();
    turned.events.reverse();
    turned.coverage.reverse();
    for format in Format::ALL {
        let a = render(&w.compose(), format, &ours()).expect("rendered");
        let b = render(&turned.compose(), format, &ours()).expect("rendered");
        assert!(a == b, "{format}");
    }
}

#[test]
fn json_is_the_contract_and_the_edition_comes_back_from_it() {
    for form in Form::ALL {
        let mut w = full();
        w.form = form;
        let edition = w.compose();
        let file = render(&edition, Format::Json, &ours()).expect("rendered");
        let value: serde_json::Value = serde_json::from_slice(&file.bytes).expect("JSON");
        for key in [
            "edition",
            "form",
            "as_of",
            "since",
            "until",
            "glance",
            "changes",
            "deadlines",
            "counterparts",
            "gaps",
            "trends",
            "coverage",
            "corrections",
            "method",
        ] {
            assert!(value.get(key).is_some(), "{key}");
        }
        for key in [
            "at",
            "document",
            "body",
            "kind",
            "from",
            "to",
            "source",
            "event_date",
            "first_seen",
            "title",
            "number",
            "url",
            "topics",
            "axes",
            "relevance",
            "why",
        ] {
            assert!(value["changes"][0].get(key).is_some(), "changes[].{key}");
        }
        assert_eq!(value["trends"]["topics"][0]["verdict"], "rising");
        let back: Edition = serde_json::from_slice(&file.bytes).expect("an edition");
        assert!(back == edition, "the edition does not come back from its own JSON");
        for format in Format::ALL.into_iter().filter(|f| has(form, *f)) {
            assert!(render(&back, format, &ours()).expect("rendered") == render(&edition, format, &ours()).expect("rendered"), "{format}");
        }
    }
}

#[test]
fn a_mail_of_500_changes_is_not_clipped_and_says_what_it_leaves_out() {
    let mut w = full();
    for i in 0..500 {
        let title = format!("Requirement number {i}: {}", "a rather long title for a rather long standard ".repeat(4));
        let d = document(
            &format!("etsi/ts-{i}"),
            "ETSI",
            Some(&format!("ETSI TS {i}")),
            &title,
            ("Deliverable published", StageCode::Published),
            "prompt-injection",
        );
        w.add(d, EventKind::Stage, Some("2026-10-20"));
    }
    let edition = w.compose();
    assert_eq!(edition.changes.len(), 506, "the edition itself holds all");
    for format in [Format::Mail, Format::Md, Format::Txt] {
        let page = String::from_utf8(render(&edition, format, &ours()).expect("rendered").bytes).expect("UTF-8");
        assert!(page.len() < 100_000, "{format}: {}", page.len());
        let shown = page.matches("Requirement number").count();
        let flat = page.split_whitespace().collect::<Vec<_>>().join(" ").replace("<br>", " ");
        let words: Vec<&str> = flat.split(' ').collect();
        let counted = words.windows(3).filter(|w| w[1] == "more" && w[2] == "on").filter_map(|w| w[0].rsplit('>').next()?.parse().ok());
        let more: usize = counted.max().expect("says how many more");
        let section = edition.sections.iter().find(|s| s.id == "securing-ai").expect("the section").count;
        assert_eq!(more + 3, section, "{format}: {shown} shown");
        assert!(flat.contains("more on the page 2026-10-monthly.html"), "{format}: and where");
    }
}

#[test]
fn a_mail_with_many_sources_and_endless_words_gives_way_in_rows() {
    let mut w = full();
    for i in 0..150 {
        let mut s = w.coverage[0].clone();
        s.id = format!("source-{i}").into();
        s.name = format!("A source with a long name, number {i}");
        w.coverage.push(s);
    }
    for i in 0..80 {
        let mut d = document(
            &format!("etsi/ts-{i}"),
            "ETSI",
            Some(&format!("ETSI TS {i}")),
            &"wide word ".repeat(60),
            ("Published", StageCode::Published),
            "prompt-injection",
        );
        d.url = format!("https://example.org/{}", "long/".repeat(150));
        d.axes = vec![monitor_model::Axis::ALL[i % 4]];
        w.add(d, EventKind::Stage, Some("2026-10-20"));
    }
    let mail = render(&w.compose(), Format::Mail, &ours()).expect("rendered").bytes;
    assert!(mail.len() < 100_000, "{}", mail.len());
    let page = render(&w.compose(), Format::Html, &ours()).expect("rendered").bytes;
    let page = String::from_utf8(page).expect("UTF-8");
    assert!((0..150).all(|i| page.contains(&format!("long name, number {i}<"))), "every source is listed with its status");
}

#[test]
fn an_empty_month_renders_in_every_form() {
    for form in Form::ALL {
        let mut w = fixture::empty();
        w.form = form;
        for format in Format::ALL.into_iter().filter(|f| has(form, *f)) {
            let bytes = render(&w.compose(), format, &ours()).expect("rendered").bytes;
            if matches!(format, Format::Md | Format::Txt | Format::Html | Format::Mail) {
                let page = String::from_utf8(bytes).expect("UTF-8");
                let said = form.on_demand() || page.contains("None.") && page.contains("No source is declared.");
                assert!(said, "{form} {format}: {page}");
            }
        }
    }
}

#[test]
fn a_users_template_goes_before_ours_and_is_escaped_without_being_asked() {
    let own = BTreeMap::from([("mail.md".to_owned(), "{% for c in changes %}{{ c.title }}\n{% endfor %}".to_owned())]);
    let mut w = full();
    w.add(document("x", "ETSI", None, "# [a](b)", ("", StageCode::Unknown), "prompt-injection"), EventKind::Added, None);
    let page = render(&w.compose(), Format::Md, &Templates::new(own).expect("parses")).expect("rendered").bytes;
    assert!(String::from_utf8(page).expect("UTF-8").contains("\\# \\[a\\](b)\n"));
}

#[test]
fn a_template_that_does_not_parse_says_where() {
    let own = BTreeMap::from([("mail.md".to_owned(), "line one\n  {% if x %}\n".to_owned())]);
    match Templates::new(own) {
        Err(DigestError::Template { file, line, .. }) => assert_eq!((file.as_str(), line >= 2), ("mail.md", true)),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn a_template_that_asks_for_what_is_not_there_says_where() {
    let own = BTreeMap::from([("_corrections.html".to_owned(), "first\nsecond {{ deadline_list }}\n".to_owned())]);
    let e = render(&full().compose(), Format::Md, &Templates::new(own).expect("parses")).expect_err("no such thing");
    match e {
        DigestError::Template { file, line, column, .. } => assert_eq!((file.as_str(), line, column), ("_corrections.html", 2, 11)),
        other => panic!("{other}"),
    }
}

#[test]
fn a_misspelt_override_is_no_silent_one() {
    let own = BTreeMap::from([("maill.md".to_owned(), String::new())]);
    let e = Templates::new(own).err().expect("refused").to_string();
    assert!(e.contains("maill.md") && e.contains("mail.html, td.html"), "{e}");
    for fine in ["_mine.md", "README.md"] {
        assert!(Templates::new(BTreeMap::from([(fine.to_owned(), "{% if".repeat(usize::from(fine == "README.md")))])).is_ok(), "{fine}");
    }
}
