//! Kinds `list` and `page`: containers, items, the field language.

use crate::common::{complaints, run, run_bytes};
use monitor_extract::Container;
use monitor_model::ComplaintStage;

const LIST: &str = r##"
body = "ETSI"
kind = "list"
url = "https://example.org/list/index.html?page=1"
container = "table#results"
item = "tr:has(td)"
item_kind = "work-item"
[fields]
number = "td.ref | docnum"
title = "td.title | own"
url = "td.title a@href | absolute"
stage = "td.stage | map(iso)"
date = "td.date | date(%d/%m/%Y, %B %Y)"
question = "td.q | default(none)"
keywords = "td.kw i | all"
tags = 'td.kw i | join(" / ")'
"##;

const ROWS: &str = r##"<table id=nav><tr><td class=title>menu</table>
<table id="results"><tr><th>Head</th></tr>
<tr><td class=ref>TS&nbsp;104&#x2011;223</td><td class=title>Baseline <b>old</b> requirements<a href="&#xA;  doc?a=1&amp;b=2">x</a></td>
 <td class=stage>60.60</td><td class=date>21/06/2026</td><td class=q></td><td class=kw><i>AI</i> <i>Security</i></td></tr>
<tr><td class=ref>TS 2</td><td class=title>Second&#8203; one<a href="javascript:alert(1)">x</a></td><td class=stage>strange</td><td class=date>June 2026</td></tr>
<tr><td class=ref></td><td class=title></td></tr>
<tr><td class=ref>TS 3</td><td class=title></td><td class=date>someday</td></tr>
</table><table id="results"><tr><td class=title>another table</table>"##;

#[test]
fn rows_of_the_first_container() {
    let e = run(LIST, ROWS);
    assert_eq!((e.entries.len(), e.rejected, e.collected(), e.container), (3, 1, 4, Container::Found));
    let first = &e.entries[0];
    assert_eq!(first.number.as_deref(), Some("TS 104-223"));
    assert_eq!(first.title, "Baseline requirements");
    assert_eq!(first.url.as_deref(), Some("https://example.org/list/doc?a=1&b=2"));
    assert_eq!(first.stage.as_deref(), Some("International Standard published"));
    assert_eq!(first.published.map(|d| d.to_string()).as_deref(), Some("2026-06-21"));
    assert_eq!(first.keywords, ["AI", "Security"]);
    assert_eq!(first.extra["tags"], "AI / Security");
    assert_eq!(first.extra["question"], "none");
    assert_eq!(first.kind, Some(monitor_model::Kind::WorkItem));
    let second = &e.entries[1];
    assert_eq!((second.title.as_str(), second.url.as_deref(), second.stage.as_deref()), ("Second one", None, Some("strange")));
    assert_eq!(second.published.map(|d| d.to_string()).as_deref(), Some("2026-06"));
    let third = &e.entries[2];
    assert_eq!((third.published, third.date_raw.as_deref()), (None, Some("someday")), "an unread date keeps its text and its entry");
    let all = complaints(&e).join("\n");
    for part in
        ["not in the table “iso”", "not an address of the web", "kept as text; first: someday ×1", "neither title nor number; first: row"]
    {
        assert!(all.contains(part), "{part} in {all}");
    }
}

#[test]
fn a_missing_container_is_a_failure_and_an_empty_one_is_empty() {
    let gone = run(LIST, "<html><title>Sign in</title><form></form></html>");
    let why = gone.failed.expect("a failure");
    assert_eq!((gone.container, why.stage), (Container::Missing, ComplaintStage::Select));
    assert!(why.what.contains("table#results") && why.what.contains("Sign in"), "{}", why.what);
    let empty = run(LIST, "<table id=results><tr><th>Head</th></tr></table>");
    assert_eq!((empty.failed.as_ref(), empty.collected(), empty.container), (None, 0, Container::Found));
    for body in ["", "   \n"] {
        assert_eq!(run(LIST, body).failed.map(|c| c.stage), Some(ComplaintStage::Parse));
    }
    assert!(run(LIST, "{\"rows\":[]}").failed.is_some_and(|c| c.what.contains("JSON")));
}

#[test]
fn where_takes_fields() {
    let toml = LIST.replace("item_kind", "where = 'stage not in [\"strange\"] and title exists'\nitem_kind");
    let e = run(&toml, ROWS);
    assert_eq!((e.entries.len(), e.filtered), (1, 3));
}

#[test]
fn the_next_page_by_parameter_and_by_link() {
    let by_param = LIST.replace("[fields]", "page = { param = \"page\", start = 1, max = 5 }\n[fields]");
    let next = |e: &monitor_extract::Extraction| e.next.iter().map(|n| n.url.clone()).collect::<Vec<_>>();
    assert_eq!(next(&run(&by_param, ROWS)), ["https://example.org/list/index.html?page=2"]);
    assert_eq!(next(&run(&by_param, "<table id=results></table>")), Vec::<String>::new(), "a page without rows is the last");
    let by_link =
        LIST.replace("[fields]", "page = { next = \"a[rel=next]@href\", max = 5, stop = \"total\", total = \"p.count\" }\n[fields]");
    let e = run(&by_link, &format!("<p class=count>1-3 of 1,234</p><a rel=next href='?page=2'>more</a>{ROWS}"));
    assert_eq!((next(&e), e.total), (vec!["https://example.org/list/index.html?page=2".to_owned()], Some(1234)));
    let e = run(&by_link, &format!("<a rel=next href='?page=1'>this very page</a>{ROWS}"));
    assert_eq!(next(&e), Vec::<String>::new(), "a page that names itself as the next");
}

const PAGE: &str = r#"
body = "ITU"
kind = "page"
url = "https://example.org/item"
[fields]
number = 'label("Work item:")'
title = 'label("Subject/title")'
stage = 'label("status")'
date = 'label("Approval date") | date'
url = 'label("Link") a@href | absolute'
process = 'label("Process")'
summary = "div.summary | without(span.badge)"
contact = '{label}'
"#;

#[test]
fn values_beside_their_labels() {
    let toml = PAGE.replace("contact = '{label}'\n", "");
    let e = run(
        &toml,
        r#"<table><tr><td><table><tr><th>Work&nbsp;item :</th><td>X.sgAI</td></tr></table></td><td>outer</td></tr>
        <tr><td class=l>Subject/title:</td><td>Security <i>of</i> agents</td></tr>
        <tr><td>Status</td><td>:</td><td>Under study</td></tr>
        <tr><th>Link</th><td><a href=/x>here</a></td></tr></table>
        <dl><div><dt>Approval date</dt><dd>5 mai 2026</dd></div></dl>
        <div class=summary>One<br>two<span class=badge>NEW</span><script>var x = 1;</script></div>"#,
    );
    let entry = &e.entries[0];
    assert_eq!(entry.number.as_deref(), Some("X.sgAI"));
    assert_eq!(entry.title, "Security of agents");
    assert_eq!(entry.stage.as_deref(), Some("Under study"));
    assert_eq!(entry.published.map(|d| d.to_string()).as_deref(), Some("2026-05-05"));
    assert_eq!(entry.url.as_deref(), Some("https://example.org/x"));
    assert_eq!(entry.summary.as_deref(), Some("One two"));
    assert_eq!(complaints(&e), ["field process: “label(\"Process\")” met nothing in any row ×1"]);
    let other = run(&toml, "<title>Not found</title><p>Sorry</p>");
    assert!(other.failed.is_some_and(|c| c.stage == ComplaintStage::Select && c.what.contains("Not found")));
}

#[test]
fn an_error_page_that_claims_to_be_good() {
    let toml = "body = 'X'\nkind = 'page'\nurl = 'https://e.org/'\n[fields]\nnumber = 'h1'\ntitle = 'head > title'\n";
    let lost = run(toml, "<title>The publication is not available</title><p>Sorry</p>");
    assert!(lost.failed.is_some() && lost.entries.is_empty());
    let fine = run(toml, "<title>404 Error handling</title><h1>X.1</h1>");
    assert_eq!(fine.entries[0].title, "404 Error handling");
}

#[test]
fn pipes_one_by_one() {
    let html = r#"<div id=a title=" T|1 ">Rec. X.1 (05/2026)
 second line</div><ul><li>one<li> two <li>three</ul><p id=h>x&lt;b&gt;y</p><time datetime="1656460800">29 Jun</time>"#;
    for (pipe, want) in [
        ("#a | regex(Rec\\. (\\S+))", Some("X.1")),
        ("#a | regex((?s)\\)\\s+(.*)$)", Some("second line")),
        ("#a | regex(.*second.*)", Some("second line")),
        ("#a | regex(2026\\) second)", Some("2026) second")),
        ("#a | regex(nothing)", None),
        ("#a | regex(nothing) | default(\"a, b\")", Some("a, b")),
        ("#a@title", Some("T|1")),
        ("#a@title | lower", Some("t|1")),
        ("#a | regex(\\((\\d\\d/\\d{4})\\)) | date(%m/%Y)", Some("2026-05")),
        ("li", Some("one")),
        ("li | first | upper", Some("ONE")),
        ("li | all", Some("one, two, three")),
        ("li | all | regex(t\\w+) | join(\"+\")", Some("two+three")),
        ("li | join(\" — \")", Some("one — two — three")),
        ("li:nth-child(2), li:nth-child(3)", Some("two")),
        ("#h", Some("x<b>y")),
        ("#h | replace(\"<.>\", \"-\")", Some("x-y")),
        ("time@datetime | date(%s)", Some("2022-06-29T00:00:00Z")),
        ("body > ul > li", Some("one")),
        ("@nothing", None),
    ] {
        let toml = format!("body = 'X'\nkind = 'page'\nurl = 'https://e.org/'\n[fields]\ntitle = {{ const = 't' }}\nx = '''{pipe}'''\n");
        let e = run(&toml, html);
        assert_eq!(e.entries[0].extra.get("x").map(String::as_str), want, "{pipe}");
    }
}

#[test]
fn charsets_of_pages() {
    let toml = "body = 'X'\nkind = 'page'\nurl = 'https://e.org/'\n[fields]\ntitle = 'h1'\n";
    for (bytes, media, want) in [
        (&b"<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><h1>a \x96 b</h1>"[..], Some("text/html"), "a – b"),
        (b"<h1>caf\xe9</h1>", Some("text/html; charset=iso-8859-1"), "café"),
        (b"\xef\xbb\xbf<h1>caf\xc3\xa9</h1>", Some("text/html; charset=iso-8859-1"), "café"),
    ] {
        assert_eq!(run_bytes(toml, media, bytes).entries[0].title, want);
    }
}

#[test]
fn towers_of_elements_are_read_in_time() {
    let toml = "body = 'X'\nkind = 'list'\nurl = 'https://e.org/'\ncontainer = 'body'\nitem = 'div p'\n[fields]\ntitle = 'b'\n";
    for open in ["<div>", "<div><b>", "<table><tr><td>", "<b id=1><i>", "<svg><g>"] {
        let html = format!("<body>{}<div><p><b>found</b></p></div>", open.repeat(60_000));
        let e = run(toml, &html);
        assert!(e.failed.is_none(), "{open}");
        assert!(e.collected() < 60_000, "{open}");
    }
}
