//! Kinds `xml` and `xlsx`, YAML, archives, details, and what the language of fields knows beside.

use std::io::{Cursor, Write};

use monitor_extract::{Container, Page, detail, detail_address, detail_fields};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::common::{complaints, mistakes, recipe, run, run_bytes};

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(body).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet; a cell that begins with `#` is a number.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>".to_owned();
    for (r, row) in rows.iter().enumerate() {
        sheet.push_str(&format!("<row r=\"{}\">", r + 1));
        for (c, cell) in row.iter().enumerate() {
            let at = format!("{}{}", char::from(b'A' + c as u8), r + 1);
            match cell.strip_prefix('#') {
                Some(n) => sheet.push_str(&format!("<c r=\"{at}\"><v>{n}</v></c>")),
                None => sheet.push_str(&format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>")),
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    book_of(&sheet)
}

fn book_of(sheet: &str) -> Vec<u8> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
    let rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Work plan\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let sheets = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", sheets.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const XML: &str = r#"
body = "IETF"
kind = "xml"
url = "https://example.org/rfc-index.xml"
item = "rfc-index/rfc-entry"
where = 'wg_acronym in ["aipref"]'
[fields]
number = "doc-id | replace(\"^RFC0*\", \"RFC \")"
title = "title"
date = { template = "{date/month} {date/year}", pipes = "date(%B %Y)" }
stage = "current-status | lower"
url = { any = ["link[@rel=\"html\"]@href", "errata-url"] }
"#;

#[test]
fn rows_of_xml_by_the_names_of_elements() {
    let entry = |id: &str, wg: &str, more: &str| {
        format!(
            "<rfc-entry><doc-id>{id}</doc-id><title>On &amp; on</title><date><month>August</month><year>2026</year></date><current-status>INFORMATIONAL</current-status><wg_acronym>{wg}</wg_acronym>{more}</rfc-entry>"
        )
    };
    let doc = |rows: &str| format!("<?xml version=\"1.0\"?><rfc-index xmlns=\"https://example.org/rfc-index\">{rows}</rfc-index>");
    let rows = entry("RFC0001", "aipref", "<errata-url>https://e.org/1</errata-url>")
        + &entry("RFC9999", "oauth", "")
        + &entry("RFC9998", "aipref", "<link rel=\"html\" href=\"https://e.org/9998\"/>");
    let e = run(XML, &doc(&rows));
    assert_eq!((e.entries.len(), e.filtered, e.container), (2, 1, Container::NotAsked), "{e:?}");
    let first = &e.entries[0];
    assert_eq!((first.number.as_deref(), first.title.as_str()), (Some("RFC 1"), "On & on"));
    assert_eq!(first.published.map(|d| d.to_string()).as_deref(), Some("2026-08"));
    assert_eq!((first.stage.as_deref(), first.url.as_deref()), (Some("informational"), Some("https://e.org/1")));
    assert_eq!(e.entries[1].url.as_deref(), Some("https://e.org/9998"));
    let empty = run(XML, &doc(""));
    assert_eq!((empty.container, empty.failed.is_none()), (Container::Found, true), "{empty:?}");
    for (body, why) in [("<html><body>x", "HTML"), ("<other/>", "no item"), ("", "empty"), ("{}", "not XML"), ("<a><b", "not whole")] {
        let e = run(XML, body);
        assert!(e.failed.as_ref().is_some_and(|f| f.what.contains(why)), "{body}: {e:?}");
    }
}

const SHEET: &str = r#"
body = "3GPP"
kind = "xlsx"
url = "https://example.org/Work_plan.xlsx"
xlsx = { sheet = "work plan" }
where = '"Release" == "Rel-20"'
[fields]
source_key = "Unique_ID"
number = "Acronym"
title = "Name"
stage = "%Complete"
date = "Finish"
expect = { columns = ["Acronym"] }
"#;

#[test]
fn rows_of_a_sheet_by_its_header_wherever_that_stands() {
    let sheet = SHEET.replace("expect = { columns = [\"Acronym\"] }\n", "");
    let book = workbook(&[
        &["Work plan of today"],
        &[],
        &["ID", "Unique_ID", "Name", "Acronym", "Release", "Finish", "%Complete"],
        &["#1", "#940001", "  Security of  AI agents ", "FS_AIAgentSec", "Rel-20", "2026-12-11", "#0.35"],
        &["#2", "#940002", "Other", "X", "Rel-19", "", "#1"],
        &["", "", ""],
    ]);
    let e = run_bytes(&sheet, None, &book);
    assert_eq!((e.entries.len(), e.filtered), (1, 1), "{e:?}");
    let row = &e.entries[0];
    assert_eq!((row.source_key.as_deref(), row.number.as_deref()), (Some("940001"), Some("FS_AIAgentSec")));
    assert_eq!((row.title.as_str(), row.stage.as_deref()), ("Security of AI agents", Some("0.35")));
    assert_eq!(row.published.map(|d| d.to_string()).as_deref(), Some("2026-12-11"));
    let other = run_bytes(&sheet.replace("work plan\" }", "nothing\" }"), None, &book);
    assert!(other.failed.is_some_and(|f| f.what.contains("Work plan")), "the sheets are named");
    let renamed = workbook(&[&["Id", "Titel"], &["#1", "x"]]);
    assert_eq!(run_bytes(&sheet, None, &renamed).container, Container::Missing);
    for (body, why) in
        [(&b"<html>"[..], "markup"), (&b"PK\x03\x04 broken"[..], "no workbook"), (&zipped(&[("a", b"b")])[..], "no workbook")]
    {
        assert!(run_bytes(&sheet, None, body).failed.is_some_and(|f| f.what.contains(why)), "{why}");
    }
}

#[test]
fn a_workbook_that_unpacks_without_end_or_is_a_million_columns_wide_costs_little() {
    let sheet = SHEET.replace("expect = { columns = [\"Acronym\"] }\n", "");
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
    for _ in 0..300 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(run_bytes(&sheet, None, &bomb).failed.is_some_and(|f| f.what.contains("more than")));
    let wide = book_of(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c></row><row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>x</t></is></c><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>",
    );
    let e = run_bytes("body = \"X\"\nkind = \"xlsx\"\nurl = \"https://e.org/\"\nfields = { title = \"Name\" }\n", None, &wide);
    assert_eq!(e.entries.len(), 1, "{e:?}");
}

const ZIP: &str = r#"
body = "NIST"
kind = "json"
url = "https://example.org/pubs-export.zip"
decode = "zip:*.json"
items = "$[*]"
[fields]
number = { template = "NIST {docidentifier} {iteration?}" }
title = { template = "{title-main}: {title-sub?}", pipes = 'replace(": $", "")' }
stage = { template = "{status}/{substage?}", pipes = 'replace("/$", "") | map(nist)' }
date = "issued-date | date(%Y-%m-%d, %Y-%m)"
"#;

#[test]
fn members_of_an_archive_are_read_like_pages() {
    let zip = ZIP.replace(" | map(nist)", "");
    let one = br#"[{"docidentifier":"SP 800-239","iteration":"ipd","status":"draft-public","substage":"active","title-main":"AI","issued-date":"2026-07"}]"#;
    let two = br#"[{"docidentifier":"SP 800-1","status":"final","title-main":"Old","title-sub":"and long"}]"#;
    let e = run_bytes(&zip, None, &zipped(&[("b.json", two), ("a/one.json", one), ("read.me", b"x")]));
    assert_eq!(e.entries.len(), 2, "{e:?}");
    let rows: Vec<_> = e.entries.iter().map(|r| (r.number.as_deref().unwrap(), r.title.as_str(), r.stage.as_deref().unwrap())).collect();
    assert_eq!(rows, [("NIST SP 800-239 ipd", "AI", "draft-public/active"), ("NIST SP 800-1", "Old: and long", "final")]);
    let none = run_bytes(&zip, None, &zipped(&[("read.me", b"x")]));
    assert!(none.failed.as_ref().is_some_and(|f| f.what.contains("read.me")) && none.container == Container::Missing);
    assert!(run_bytes(&zip, None, b"not an archive").failed.is_some_and(|f| f.what.contains("no zip archive")));
    assert!(run_bytes(&zip, None, &zipped(&[("a.json", b"{")])).failed.is_some_and(|f| f.what.starts_with("a.json")));
}

#[test]
fn yaml_is_read_like_json() {
    let atlas = "body = \"MITRE\"\nkind = \"json\"\nformat = \"yaml\"\nurl = \"https://example.org/\"\nitems = \"$.matrices[*].techniques[*]\"\n[fields]\nnumber = \"id\"\ntitle = \"name\"\n";
    let e = run(
        atlas,
        "---\nid: ATLAS\nversion: 5.6.0\nmatrices:\n- techniques:\n  - id: AML.T0110\n    name: Poison\n  - id: AML.T0112.001\n    name: \"More\\\n      \\ of it\"\n",
    );
    assert_eq!(e.entries.iter().map(|r| r.title.as_str()).collect::<Vec<_>>(), ["Poison", "More of it"], "{e:?}");
    assert!(run(atlas, "a: [1").failed.is_some_and(|f| f.what.contains("not YAML")));
    assert!(run(atlas, "<html>").failed.is_some_and(|f| f.what.contains("markup")));
}

const DETAIL: &str = r#"
body = "ITU-T"
kind = "list"
url = "https://www.example.org/wp.aspx"
item = "tr:has(td)"
[fields]
number = "td:nth-child(1)"
title = "td:nth-child(2)"
isn = 'td:nth-child(1) a@href | regex(isn=(\d+))'
[detail]
url = "https://www.example.org/wp_item.aspx?isn={isn}"
max = 3
[detail.fields]
title = 'label("Subject/title")'
summary = 'label("Summary")'
liaison = 'label("Liaison")'
contact = 'label("Contact(s)")'
"#;

#[test]
fn a_detail_fills_its_row_and_a_bad_one_leaves_it_alone() {
    let r = recipe(DETAIL);
    let mut row = run(DETAIL, "<table><tr><td><a href=\"wp_item.aspx?isn=19305\">X.sgGenAI</a><td>Cut ti…</table>").entries.remove(0);
    let address = detail_address(&r, &row).expect("an address");
    assert_eq!(address, "https://www.example.org/wp_item.aspx?isn=19305");
    assert_eq!(detail_fields(&r), ["contact", "liaison", "summary"]);
    let page = Page { url: &address, final_url: &address, media_type: None, depth: 0 };
    let good = "<table><tr><th>Subject/title:</th><td>Whole title</td></tr><tr><th>Summary:</th><td>Scope. Contact: J. Doe, j@example.org</td></tr><tr><th>Contact(s):</th><td>Jane Doe</td></tr></table>";
    let x = detail(&r, &page, &mut good.as_bytes(), &mut row);
    assert!(x.failed.is_none(), "{x:?}");
    assert_eq!((row.title.as_str(), row.summary.as_deref(), row.url.as_deref()), ("Whole title", Some("Scope."), None));
    assert!(!row.extra.contains_key("contact"), "names of persons are not kept");
    assert_eq!(row.number.as_deref(), Some("X.sgGenAI"), "what the detail does not say stays");
    let before = row.title.clone();
    let x = detail(&r, &page, &mut &b"<p>We are sorry</p>"[..], &mut row);
    assert!(x.failed.is_some() && row.title == before);
}

#[test]
fn versions_padding_and_milliseconds() {
    let fields = |f: &str| format!("body = \"X\"\nkind = \"json\"\nurl = \"https://e.org/\"\n[fields]\ntitle = \"t\"\n{f}");
    let e = run(
        &fields(
            "version = 'n | regex(-(\\w+)\\.zip$) | base36'\nstage = 's | pad(4) | replace(\"^([0-9]{2})([0-9]{2})$\", \"$1.$2\")'\ndate = 'd | date(%Q)'\ndeadline = 'e | date(%s)'\n",
        ),
        "[{\"t\":\"a\",\"n\":\"33898-i01.zip\",\"s\":6060,\"d\":1656460800000,\"e\":1656460800},{\"t\":\"b\",\"n\":\"x-180001.zip\",\"s\":98},{\"t\":\"c\",\"n\":\"x-12.zip\",\"s\":\"open\"}]",
    );
    let got: Vec<_> = e.entries.iter().map(|r| (r.version.as_deref().unwrap(), r.stage.as_deref().unwrap())).collect();
    assert_eq!(got, [("18.0.1", "60.60"), ("18.0.1", "00.98"), ("12", "open")]);
    assert_eq!(e.entries[0].published.map(|d| d.to_string()), e.entries[0].deadline.map(|d| d.to_string()));
    assert!(complaints(&e).iter().any(|c| c.contains("not a version")), "{:?}", complaints(&e));
}

#[test]
fn mistakes_of_the_new_keys_are_named() {
    let said = |toml: &str| mistakes(toml).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let head = "body = \"X\"\nurl = \"https://e.org/\"\n";
    for (toml, want) in [
        ("kind = \"xml\"\nfields = { title = \"t\" }", "item: kind “xml” needs “item”"),
        ("kind = \"feed\"\nform = { q = \"AI\" }", "form: is sent by a POST only (add method = \"post\")"),
        ("kind = \"feed\"\nmethod = \"post\"", "method: a POST sends something"),
        ("kind = \"feed\"\nheaders = { User-Agent = \"Mozilla\" }", "headers.User-Agent: a source does not say who asks"),
        ("kind = \"feed\"\nheaders = { Cookie = \"a\" }", "headers.Cookie"),
        ("kind = \"feed\"\ndecode = \"rar:x\"", "decode: “rar:x” is no way to unpack"),
        ("kind = \"feed\"\nformat = \"yaml\"", "format: means nothing to kind “feed”"),
        ("kind = \"feed\"\n[detail]\nurl = \"https://e.org/{isn}\"\nfields = { x = \"p\" }", "detail.url: “isn” is not a field of the row"),
        ("kind = \"feed\"\n[detail]\nkind = \"csv\"\nfields = { x = \"p\" }", "detail.kind"),
        ("kind = \"feed\"\n[detail]\nfields = { x = \"p[\" }", "detail.fields.x"),
        ("kind = \"feed\"\n[detail]\n", "detail.fields: a detail fills fields"),
        ("kind = \"json\"\nfields = { title = { template = \"{a}\", pipes = \"lowr\" } }", "did you mean “lower”"),
        ("kind = \"xlsx\"\nfields = { title = \"T\" }\nxlsx = { header = 0 }", "xlsx.header"),
    ] {
        assert!(said(&format!("{head}{toml}\n")).contains(want), "{want} in\n{}", said(&format!("{head}{toml}\n")));
    }
}
