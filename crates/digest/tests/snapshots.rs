//! What a reader sees of a made-up month, in every form and format.

mod fixture;

use std::collections::BTreeMap;

use monitor_digest::{Form, Format, Templates, render};

fn page(form: Form, format: Format) -> String {
    let templates = Templates::new(BTreeMap::new()).expect("our own templates");
    let mut world = fixture::full();
    world.form = form;
    let file = render(&world.compose(), format, &templates).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(file.name, format!("2026-10-monthly.{format}"));
    String::from_utf8(file.bytes).expect("UTF-8")
}

#[test]
fn mail_markdown() {
    insta::assert_snapshot!(page(Form::Mail, Format::Md));
}

#[test]
fn mail_text() {
    insta::assert_snapshot!(page(Form::Mail, Format::Txt));
}

#[test]
fn mail_html() {
    insta::assert_snapshot!(page(Form::Mail, Format::Html));
}

#[test]
fn mail_json() {
    insta::assert_snapshot!(page(Form::Mail, Format::Json));
}

#[test]
fn map_markdown() {
    insta::assert_snapshot!(page(Form::Map, Format::Md));
}

#[test]
fn map_text() {
    insta::assert_snapshot!(page(Form::Map, Format::Txt));
}

#[test]
fn map_html() {
    insta::assert_snapshot!(page(Form::Map, Format::Html));
}

#[test]
fn td_markdown() {
    insta::assert_snapshot!(page(Form::Td, Format::Md));
}

#[test]
fn liaison_text() {
    insta::assert_snapshot!(page(Form::Ls, Format::Txt));
}

#[test]
fn call_and_flash_text() {
    insta::assert_snapshot!(format!("{}\n=====\n\n{}", page(Form::Call, Format::Txt), page(Form::Flash, Format::Txt)));
}

#[test]
fn atom_and_calendar() {
    insta::assert_snapshot!(format!("{}\n=====\n\n{}", page(Form::Mail, Format::Atom), page(Form::Mail, Format::Ics).replace('\r', "")));
}
