//! No input makes a kind panic, and what is collected is always what is there.

use crate::common::{mistakes, page, recipe};
use monitor_extract::extract;
use proptest::prelude::*;

fn kinds() -> Vec<monitor_extract::Recipe> {
    [
        "kind = 'feed'",
        "kind = 'list'\ncontainer = 'body'\nitem = 'p, tr, li'\n[fields]\ntitle = 'b | without(i) | docnum'\nurl = 'a@href | absolute'\ndate = 'label(\"x\")'",
        "kind = 'page'\n[fields]\ntitle = 'label(\"x\")'\ndate = 'p | date(%d/%m/%Y, %B %Y)'",
        "kind = 'json'\nitems = '$..a[*]'\n[fields]\ntitle = 'a[0].b'\nurl = { template = '{a}{b}' }",
        "kind = 'json'\nlines = true\n[fields]\ntitle = 'a'\ndate = 'b'",
        "kind = 'csv'\n[fields]\ntitle = 'a'\ndate = 'b'",
        "kind = 'dir'\nmatch = ['*', '*/']\nenter = ['*/*']\nlatest = 1",
    ]
    .iter()
    .map(|k| recipe(&format!("body = 'X'\nurl = 'https://example.org/'\n{k}\n")))
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for r in kinds() {
            let e = extract(&r, &page(None), &mut &bytes[..]);
            prop_assert!(e.failed.is_none() || e.entries.is_empty());
        }
    }

    #[test]
    fn markup_like(text in "(<rss>|<channel>|<item>|</item>|<title>|</title>|<table>|<tr>|<td>|<th>x:|<p>|<b>|<i>|<a href='x'>|</a>|&amp;|&#0;|&x;|<!\\[CDATA\\[|\\]\\]>|<script>|\u{202e}|\u{0}|[a-z0-9é/]| |\n){0,60}") {
        for r in kinds() {
            let e = extract(&r, &page(Some("text/html; charset=utf-8")), &mut text.as_bytes());
            prop_assert!(e.entries.iter().all(monitor_model::Entry::has_name));
        }
    }

    #[test]
    fn data_like(text in "(\\{|\\}|\\[|\\]|\"a\"|\"b\"|:|,|;|\"|1|null|a,b|\n|\r\n|é|2026-05-05){0,50}") {
        for r in kinds() {
            let _ = extract(&r, &page(None), &mut text.as_bytes());
        }
    }
}

#[test]
fn all_mistakes_of_a_source_at_once() {
    let found = mistakes(
        r#"
        body = "X"
        kind = "list"
        url = "https://example.org/"
        container = "table["
        where = 'stat in ["x"]'
        identity = ["nubmer"]
        page = { param = "page" }
        [fields]
        number = "td | absolut"
        titel = "td.title"
        stage = "td | map(isso)"
        date = "td | date(%Y-%J)"
        url = { template = "https://x/{id" }
        version = "td | regex((a)"
        group = "td >"
        "#,
    );
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    let all = lines.join("\n");
    for part in [
        "item: kind “list” needs “item”",
        "page.max: paging needs “max”",
        "container: “table[” is not a CSS selector",
        "where: “stat” is not a field",
        "identity: “nubmer” is not declared under fields (did you mean “number”?)",
        "fields.number: there is no pipe “absolut” (did you mean “absolute”?)",
        "fields.titel: “titel” is not a field (did you mean “title”?)",
        "fields.stage: there is no table “isso” (did you mean “iso”?)",
        "fields.date: %J is not known",
        "fields.url: “}” is missing",
        "fields.version: the bracket of regex( is never closed",
        "fields.group: “td >” is not a CSS selector",
    ] {
        assert!(all.contains(part), "{part}\nin\n{all}");
    }
    let at = |key: &str| found.iter().find(|m| m.key == key).and_then(|m| m.at);
    assert_eq!((at("fields.number"), at("fields.date"), at("fields.url")), (Some(5), Some(13), Some(10)));
}

#[test]
fn keys_that_a_kind_does_not_have() {
    for (toml, part) in [
        ("kind = 'feed'\ncontainer = 'x'", "container: means nothing to kind “feed”"),
        ("kind = 'feed'\n[fields]\ntitle = 'titel'", "did you mean “title”?"),
        ("kind = 'json'\n[fields]\nx = 'a'", "needs a title or a number"),
        ("kind = 'json'\nitems = '$.a[*'\n[fields]\ntitle = 'a'", "is not a JSONPath"),
        ("kind = 'json'\n[fields]\ntitle = 'a..b'", "a name is missing"),
        ("kind = 'csv'\ncsv = { delimiter = 'é' }\n[fields]\ntitle = 'a'", "cannot separate cells"),
        ("kind = 'page'\n[fields]\ntitle = 'h1'\nurl = { template = 'x{nubmer}' }\nnumber = 'b'", "did you mean “number”?"),
        ("kind = 'dir'\nfields = { title = 'nam' }", "did you mean “name”?"),
        ("kind = 'dir'\nlatest = 2\nexpect = { min_items = 5, max_items = 2 }", "is less than min_items"),
        ("kind = 'csv'\nwhere = 'a b'\n[fields]\ntitle = 'a'", "where: after “a”"),
    ] {
        let all: Vec<String> =
            mistakes(&format!("body = 'X'\nurl = 'https://example.org/'\n{toml}\n")).iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|m| m.contains(part)), "{part} in {all:?}");
    }
    assert!(mistakes("body = 'X'\nkind = 'feed'\n")[0].to_string().contains("needs an address"));
}
