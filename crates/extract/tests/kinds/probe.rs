//! Declarations proposed for pages that nobody described: what they read of small sites of our own.

use std::collections::BTreeMap;

use monitor_extract::{Page, Proposal, compile, extract, propose};
use monitor_model::{Entry, SourceKind};

const URL: &str = "https://sdo.example/docs/list";

fn best_at(url: &str, body: &[u8], media_type: Option<&str>) -> Proposal {
    let page = Page { url, final_url: url, media_type, depth: 0 };
    let proposal = propose(&page, body).into_iter().next().unwrap_or_else(|| panic!("nothing for {}", String::from_utf8_lossy(body)));
    // What is proposed reads the page as it says, without a complaint.
    let recipe = compile(&proposal.source, &BTreeMap::new()).unwrap_or_else(|m| panic!("{m:?}"));
    let x = extract(&recipe, &page, &mut &*body);
    assert_eq!((x.failed, x.entries.len()), (None, proposal.entries.len()));
    proposal
}

fn best(body: &str) -> Proposal {
    best_at(URL, body.as_bytes(), Some("text/html"))
}

/// Number, date, stage, title and address of a row, as far as they are there.
fn row(e: &Entry) -> [String; 5] {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let date = e.published.map_or(String::new(), |d| d.to_string());
    [text(&e.number), date, text(&e.stage), e.title.clone(), text(&e.url)]
}

#[test]
fn tables_with_odd_headers() {
    let rows = |cells: fn(u32) -> String| (1..7).map(|n| format!("<tr>{}</tr>", cells(n))).collect::<String>();
    for (head, body) in [
        // A header of `th`, with a heading row above it.
        (
            "<tr><th colspan=4>All documents</th></tr><tr><th>Doc No.<th>Subject<th>Status<th>Publication date</tr>",
            rows(|n| {
                format!(
                    "<td>SDO-{n}.1<td><a href=\"/d/{n}\">Testing of agents {n}</a><td>{}<td>{n:02}.05.2026",
                    if n % 2 == 0 { "Draft" } else { "Approved" }
                )
            }),
        ),
        // Bold cells, a heading between the rows, a column that nobody asked for.
        (
            "<tr><td><b>Doc No.</b><td><b>Subject</b><td><b>Status</b><td><b>Publication date</b></tr>",
            rows(|n| {
                format!(
                    "<td>SDO-{n}.1<td><a href=\"/d/{n}\">Testing of agents {n}</a><td>{}<td>{n} May 2026",
                    if n % 2 == 0 { "Draft" } else { "Approved" }
                )
            }) + "<tr><td>Doc No.<td>Subject<td>Status<td>Publication date</tr>",
        ),
        // No header at all.
        (
            "",
            rows(|n| {
                format!(
                    "<td>SDO-{n}.1<td><a href=\"/d/{n}\">Testing of agents {n}</a><td>{}<td>2026-05-0{n}",
                    if n % 2 == 0 { "Draft" } else { "Approved" }
                )
            }),
        ),
    ] {
        let page = format!(
            "<html><body><ul class=menu><li><a href=a>One of the pages</a><li><a href=b>Another of the pages</a><li><a href=c>Yet another page</a></ul><table>{head}{body}</table></body></html>"
        );
        let p = best(&page);
        assert_eq!(p.entries.len(), 6, "{:?}", p.source);
        assert_eq!(
            row(&p.entries[1]),
            ["SDO-2.1", "2026-05-02", "Draft", "Testing of agents 2", "https://sdo.example/d/2"],
            "{:?}",
            p.source
        );
        assert_eq!(p.source.identity, ["number"]);
    }
}

#[test]
fn lists_without_a_table() {
    let of = |item: fn(u32) -> String| (1..6).map(item).collect::<String>();
    for page in [
        format!(
            "<main><ul>{}</ul></main>",
            of(|n| format!("<li><a href=\"/n/{n}\">News of the work on agents {n}</a> ({n} May 2026)</li>"))
        ),
        format!(
            "<main>{}</main>",
            of(|n| format!(
                "<article class=\"post odd{n}\"><h2><a href=\"/n/{n}\">News of the work on agents {n}</a></h2><time datetime=\"2026-05-0{n}T10:00:00Z\">last week</time><p>Text</p></article>"
            ))
        ),
        // Each in a wrapper of its own, with labels.
        format!(
            "<main>{}</main>",
            of(|n| format!(
                "<div><div class=\"doc-item\"><strong><a href=\"/n/{n}\">News of the work on agents {n}</a></strong><p>Published: 0{n}/05/2026</p></div></div>"
            ))
        ),
        format!(
            "<div class=results>{}</div>",
            of(|n| format!(
                "<a class=result href=\"/n/{n}\"><span class=result-title>News of the work on agents {n}</span><span class=result-date>May {n}, 2026</span></a>"
            ))
        ),
        format!(
            "<section>{}</section>",
            of(|n| format!(
                "<div class=entry><h3>News of the work on agents {n}</h3><dl><dt>Date<dd>{n} May 2026</dl><a href=\"/n/{n}\">Read more</a></div>"
            ))
        ),
    ] {
        let html = format!(
            "<html><nav><ul><li><a href=1>About the organisation</a><li><a href=2>Members of it</a><li><a href=3>How to reach us</a></ul></nav>{page}<footer><p><a href=x>Imprint of the site</a><p><a href=y>Privacy of the site</a><p><a href=z>Terms of the site</a></footer></html>"
        );
        let p = best(&html);
        assert_eq!(p.entries.len(), 5, "{page}\n{:?}", p.source);
        let [_, date, _, title, url] = row(&p.entries[2]);
        assert_eq!(
            (date.get(..10).unwrap_or(&date), title.as_str(), url.as_str()),
            ("2026-05-03", "News of the work on agents 3", "https://sdo.example/n/3"),
            "{:?}",
            p.source
        );
    }
}

#[test]
fn a_page_about_one_document() {
    for page in [
        "<h1>SDO 100</h1><table><tr><th>Title:<td>Testing of agents<tr><th>Reference:<td>SDO 100-2<tr><th>Status:<td>Under approval<tr><th>Date of publication:<td>5 May 2026</table>",
        "<h1>Testing of agents</h1><dl><dt>Document number<dd>SDO 100-2<dt>Stage<dd>Under approval<dt>Published<dd>2026-05-05</dl>",
        "<h1>Testing of agents</h1><div id=doc-number>SDO 100-2</div><p id=docStatus>Status : Under approval</p><p id=pub-date>05/05/2026</p>",
        "<h1>Testing of agents</h1><p>Reference: SDO 100-2</p><p>Status: Under approval</p><p>Published: May 5, 2026</p>",
    ] {
        let p = best(&format!("<html><head><title>Site</title></head><body>{page}</body></html>"));
        assert_eq!(p.source.kind, SourceKind::Page, "{:?}", p.source);
        let [number, date, stage, title, _] = row(&p.entries[0]);
        assert_eq!(
            [number.as_str(), &date, &stage, &title],
            ["SDO 100-2", "2026-05-05", "Under approval", "Testing of agents"],
            "{page}\n{:?}",
            p.source
        );
    }
}

#[test]
fn json_of_any_shape() {
    let item = |n: u32| {
        format!(
            r#"{{"id": {n}, "docRef": "SDO {n}-1", "title": {{"fr": "Essai {n}", "en": "Testing of agents {n}"}}, "state": "draft", "pub": {{"date": "2026-05-0{n}"}}, "self": "https://api.sdo.example/{n}"}}"#
        )
    };
    let list = (1..6).map(item).collect::<Vec<_>>().join(",");
    let keyed = (1..6).map(|n| format!("\"k{n}\": {}", item(n))).collect::<Vec<_>>().join(",");
    let lines = (1..6).map(|n| item(n) + "\n").collect::<String>();
    let yaml = (1..6)
        .map(|n| format!("- docRef: SDO {n}-1\n  title: {{en: Testing of agents {n}}}\n  state: draft\n  date: 2026-05-0{n}\n"))
        .collect::<String>();
    for (url, text) in [
        ("https://sdo.example/api?offset=0&limit=5", format!(r#"{{"meta": {{"total": 50}}, "result": {{"doc list": [{list}]}}}}"#)),
        (URL, format!("[{list}]")),
        (URL, format!("{{{keyed}}}")),
        (URL, lines),
        ("https://sdo.example/list.yaml", yaml),
    ] {
        let p = best_at(url, text.as_bytes(), Some("application/json"));
        assert_eq!(p.entries.len(), 5, "{:?}", p.source);
        let [number, date, stage, title, _] = row(&p.entries[1]);
        assert_eq!([number.as_str(), &date, &stage, &title], ["SDO 2-1", "2026-05-02", "draft", "Testing of agents 2"], "{:?}", p.source);
        assert_eq!(
            p.source.page.as_ref().map(|p| (p.param.as_deref(), p.step)),
            url.contains("offset").then_some((Some("offset"), Some(5))),
            "{:?}",
            p.source
        );
    }
}

#[test]
fn tables_of_text_markup_and_listings() {
    let csv = "sep=;\nSpec number;Title;Status;Date\n".to_owned()
        + &(1..6).map(|n| format!("33.{n}01;\"Testing; of agents {n}\";draft;{n}.5.2026\n")).collect::<String>();
    let xml = format!(
        "<?xml version=\"1.0\"?><x:index xmlns:x=\"u\">{}</x:index>",
        (1..6).map(|n| format!("<x:doc><x:number>33.{n}01</x:number><x:title>Testing; of agents {n}</x:title><x:status>draft</x:status><x:date>2026-05-0{n}</x:date></x:doc>")).collect::<String>()
    );
    for (text, kind) in [(csv, SourceKind::Csv), (xml, SourceKind::Xml)] {
        let p = best_at(URL, text.as_bytes(), None);
        assert_eq!((p.source.kind, p.entries.len()), (kind, 5), "{:?}", p.source);
        let [number, date, stage, title, _] = row(&p.entries[1]);
        assert_eq!([number.as_str(), &date, &stage, &title], ["33.201", "2026-05-02", "draft", "Testing; of agents 2"], "{:?}", p.source);
    }
    let folders = "<html><head><title>sdo.example - /ftp/</title></head><body><pre><A HREF=\"/\">[To Parent Directory]</A><br><br> 5/6/2026  10:15 AM        &lt;dir&gt; <A HREF=\"/ftp/WG1/\">WG1</A><br> 5/7/2026  10:15 AM        &lt;dir&gt; <A HREF=\"/ftp/WG2/\">WG2</A><br></pre></body></html>";
    let p = best_at("https://sdo.example/ftp/", folders.as_bytes(), None);
    assert_eq!((p.source.kind, p.source.matches.as_slice()), (SourceKind::Dir, &["*/".to_owned()][..]));
    assert_eq!(row(&p.entries[0])[1], "2026-05-06");
}

#[test]
fn nothing_is_proposed_of_nothing() {
    let page = Page { url: URL, final_url: URL, media_type: None, depth: 0 };
    for text in ["", "   ", "\u{0}\u{1}\u{2}", "PK\u{3}\u{4}", "<", "{", "TY  - RPRT\nER  - \n"] {
        assert!(propose(&page, text.as_bytes()).is_empty(), "{text:?}");
    }
}
