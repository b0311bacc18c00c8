//! The edition on which `check` tries templates holds what an edition of today holds.

mod fixture;

use std::collections::BTreeMap;

use fixture::full;
use monitor_digest::{Correction, DigestError, Form, Templates};

fn today() -> String {
    let mut w = full();
    w.form = Form::Td;
    w.corrections = vec![Correction { item: "ISO/IEC 199002".into(), ..w.corrections[0].clone() }];
    let mut edition = w.compose();
    w.form = Form::Call;
    edition.note = w.compose().note;
    edition.unreviewed = edition.changes.iter().take(1).cloned().collect();
    serde_json::to_string(&edition).expect("JSON") + "\n"
}

#[test]
fn the_rehearsal_is_of_today() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rehearsal.json");
    let want = today();
    if std::env::var_os("WRITE_REHEARSAL").is_some() {
        std::fs::write(path, &want).expect("written");
    }
    assert!(include_str!("../src/rehearsal.json") == want, "run once with WRITE_REHEARSAL=1, then build again");
}

#[test]
fn a_template_is_tried_before_an_edition_is_due() {
    Templates::new(BTreeMap::new()).expect("ours").rehearse().expect("our own templates hold");
    for (name, text, line) in [
        ("_corrections.html", "<p>x</p>\n{% for c in corrections %}{{ c.oldd }}{% endfor %}", 2),
        ("ls.html", "<main>\n\n<blink>x</blink></main>", 3),
        ("td.md", "one\n{{ changez }}\n", 2),
    ] {
        let templates = Templates::new(BTreeMap::from([(name.to_owned(), text.to_owned())])).expect("it parses");
        match templates.rehearse() {
            Err(DigestError::Template { file, line: l, .. }) => assert_eq!((file.as_str(), l), (name, line)),
            other => panic!("{name}: {other:?}"),
        }
    }
}
