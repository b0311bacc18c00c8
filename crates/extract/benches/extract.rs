//! What reading a page costs, each of 100 rows: a feed, a list of JSON, a table of a page. `cargo bench -p monitor-extract`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use monitor_extract::{Page, compile, extract};

const ROWS: usize = 100;
const URL: &str = "https://example.org/list";

fn main() {
    divan::main();
}

fn rows(of: impl Fn(usize) -> String) -> String {
    (0..ROWS).map(of).collect()
}

fn scope(n: usize) -> String {
    format!("This item says how an agent proves to another, {n} times over, who it is; see TS 33.501 and X.{} &amp; others. ", 1200 + n)
        .repeat(6)
}

fn read(bencher: Bencher<'_, '_>, declaration: &str, body: &str) {
    let recipe = compile(&toml::from_str(declaration).unwrap(), &BTreeMap::new()).unwrap();
    let page = Page { url: URL, final_url: URL, media_type: None, depth: 0 };
    assert_eq!(extract(&recipe, &page, &mut body.as_bytes()).entries.len(), ROWS);
    bencher
        .counter(ItemsCount::new(ROWS))
        .counter(BytesCount::new(body.len()))
        .bench_local(|| extract(&recipe, &page, &mut body.as_bytes()).entries.len());
}

#[divan::bench]
fn a_feed(bencher: Bencher<'_, '_>) {
    let items = rows(|n| {
        format!(
            "<item><title>Item {n}: agents</title><link>https://example.org/i/{n}</link><guid>g{n}</guid>\
             <pubDate>Mon, 05 Oct 2026 10:{:02}:00 GMT</pubDate><description>{}</description></item>",
            n % 60,
            scope(n)
        )
    });
    let body = format!("<rss version=\"2.0\"><channel><title>t</title><link>https://example.org/</link>{items}</channel></rss>");
    read(bencher, "body = 'ETSI'\nkind = 'feed'\nurl = 'https://example.org/list'", &body);
}

#[divan::bench]
fn a_table(bencher: Bencher<'_, '_>) {
    let lines = rows(|n| {
        format!("<tr><td><a href='/i/{n}'>X.{n}</a></td><td>Item {n}</td><td>2026-10-{:02}</td><td>{}</td></tr>", 1 + n % 28, scope(n))
    });
    let body = format!("<html><body><table id='list'><tr><th>Number</th><th>Title</th><th>Date</th><th>Scope</th></tr>{lines}</table>");
    let declaration = "body = 'ITU-T'\nkind = 'list'\nurl = 'https://example.org/list'\ncontainer = 'table#list'\nitem = 'tr:has(td)'\n\
                       [fields]\nnumber = 'td:nth-child(1)'\ntitle = 'td:nth-child(2)'\npublished = 'td:nth-child(3)'\n\
                       summary = 'td:nth-child(4)'\nurl = 'td:nth-child(1) a@href'";
    read(bencher, declaration, &body);
}

#[divan::bench]
fn json(bencher: Bencher<'_, '_>) {
    let items: Vec<serde_json::Value> = (0..ROWS)
        .map(|n| serde_json::json!({"no": format!("X.{n}"), "title": format!("Item {n}"), "date": "2026-10-05", "scope": scope(n)}))
        .collect();
    let body = serde_json::json!({"rows": items}).to_string();
    let declaration = "body = 'ITU-T'\nkind = 'json'\nurl = 'https://example.org/list'\nitems = '$.rows[*]'\n\
                       [fields]\nnumber = '$.no'\ntitle = '$.title'\npublished = '$.date'\nsummary = '$.scope'";
    read(bencher, declaration, &body);
}
