//! Bytes from outside, by target; a panic is a finding, and so is a broken promise.

use std::{collections::BTreeMap, sync::OnceLock};

use monitor_extract::{Page, Recipe, compile, extract};
use monitor_fetch::robots::Rules;
use monitor_identify::Bodies;
use monitor_model::{Field, Source, SourceKind};

/// The names of the targets, each with a folder of seeds.
pub const TARGETS: [&str; 9] = ["feed", "list", "json", "csv", "dir", "dates", "numbers", "robots", "fields"];

/// How the sources of the extracting targets are declared.
const SOURCES: [(&str, &str); 6] = [
    ("feed", "kind = 'feed'"),
    (
        "list",
        "kind = 'list'\ncontainer = 'table, ul, body'\nitem = 'tr, li, p'\npage = { next = 'a[rel=next]@href', max = 3 }\n[fields]\ntitle = 'a | without(span) | text'\nurl = 'a@href | absolute'\nnumber = 'label(\"Number\") | docnum'\ndate = 'td.date, time | date(%d/%m/%Y, %B %Y)'\nstage = 'td.status | lower'",
    ),
    (
        "json",
        "kind = 'json'\nitems = '$.items[*]'\npage = { next = 'next', max = 3 }\n[fields]\ntitle = 'title.en'\nurl = { template = 'https://example.org/{id}' }\ndate = 'date'\nnumber = 'names[0].value | docnum'",
    ),
    (
        "csv",
        "kind = 'csv'\ncsv = { delimiter = ';' }\n[fields]\ntitle = 'Title'\nnumber = 'Number | docnum'\ndate = 'Date | date(%d %b %Y)'",
    ),
    ("dir", "kind = 'dir'\nenter = ['TSGS3_*/Docs']\nlatest = 2\nmatch = ['S3-*.zip', '*Agenda*.htm', '*/']"),
    (
        "dates",
        "kind = 'csv'\ncsv = { delimiter = '|' }\n[fields]\ntitle = { const = 'x' }\ndate = 'd'\ndeadline = 'd | date(%d %B %Y, %Y%m%d, %d.%m.%y, %A %e %b %Y %H:%M %z, %s, %m/%Y)'",
    ),
];

fn recipe(target: &str) -> Option<&'static Recipe> {
    static RECIPES: OnceLock<BTreeMap<&str, Recipe>> = OnceLock::new();
    let all = RECIPES.get_or_init(|| {
        let made = SOURCES.iter().map(|(name, toml)| {
            let text = format!("body = 'X'\nurl = 'https://example.org/list?page=1'\n{toml}\n");
            let source: Source = toml::from_str(&text).expect("a source");
            (*name, compile(&source, &BTreeMap::new()).expect("a recipe"))
        });
        made.collect()
    });
    all.get(target)
}

fn bodies() -> &'static Bodies {
    static BODIES: OnceLock<Bodies> = OnceLock::new();
    BODIES.get_or_init(|| Bodies::parse(include_str!("../../data/bodies.toml")).expect("bodies.toml"))
}

/// Does with `data` what the program does with such bytes.
///
/// # Panics
/// When something is found.
pub fn run(target: &str, data: &[u8]) {
    match target {
        "numbers" => numbers(&String::from_utf8_lossy(data)),
        "robots" => robots(data),
        "fields" => fields(&String::from_utf8_lossy(data)),
        "dates" => read("dates", &[b"d\n\"", String::from_utf8_lossy(data).replace('"', "").as_bytes(), b"\"\n"].concat()),
        name => read(name, data),
    }
}

fn read(target: &str, data: &[u8]) {
    let recipe = recipe(target).expect("the target is one of those above");
    let address = "https://example.org/list?page=1";
    for media_type in [None, Some("text/html; charset=utf-8")] {
        let page = Page { url: address, final_url: address, media_type, depth: 0 };
        let out = extract(recipe, &page, &mut &*data);
        assert!(out.failed.is_none() || out.entries.is_empty(), "a page that failed gives no rows");
        for entry in &out.entries {
            assert!(entry.has_name(), "a row without a name is rejected");
            assert!(!entry.title.chars().any(char::is_control), "control characters in {:?}", entry.title);
            assert!(entry.url.as_deref().is_none_or(|u| !u.to_ascii_lowercase().starts_with("javascript:")));
        }
        assert!(out.next.iter().chain(&out.older).all(|n| n.url.starts_with("http")), "a page to follow is one of the web");
    }
}

fn numbers(text: &str) {
    for body in [None, Some("ITU-T"), Some("ETSI"), Some("ISO/IEC"), Some("IETF")] {
        let found = monitor_identify::identify_number(bodies(), body, text);
        assert!(found.document.is_none_or(|d| !d.as_str().is_empty()));
    }
    let _ = monitor_identify::mentions(bodies(), text);
    let _ = (monitor_model::canonical_url(text), monitor_model::url_key(text));
}

/// The first line is a path to be asked, the rest a robots.txt.
fn robots(data: &[u8]) {
    let (path, text) = data.split_at(data.iter().position(|b| *b == b'\n').unwrap_or(0));
    let rules = Rules::parse(text, "aisec-monitor");
    let _ = rules.delay();
    let path = String::from_utf8_lossy(path);
    let _ = rules.forbids(&format!("/{path}"));
    assert_eq!(rules.forbids("/robots.txt"), None, "robots.txt itself may always be asked");
}

/// A field of every kind, and a filter; what compiles is run.
fn fields(text: &str) {
    let samples: [(SourceKind, &str); 5] = [
        (SourceKind::Feed, "<rss version='2.0'><channel><item><title>a b</title><pubDate>5 May 2026</pubDate></item></channel></rss>"),
        (SourceKind::List, "<ul><li><a href='/x'>one <b>two</b></a><dl><dt>Date</dt><dd>05/05/2026</dd></dl></li></ul>"),
        (SourceKind::Json, "{\"items\":[{\"a\":{\"b\":[1,\"x\"]},\"title\":\"t\"}]}"),
        (SourceKind::Csv, "title,date\na b,2026-05-05\n"),
        (SourceKind::Dir, "<pre><a href='a.zip'>a.zip</a> 2026-05-05 10:00 1K</pre>"),
    ];
    for (kind, body) in samples {
        for filter in [None, Some(text.to_owned())] {
            let mut source =
                Source { body: "X".to_owned(), url: Some("https://example.org/".to_owned()), kind, filter, ..Source::default() };
            match kind {
                SourceKind::List => source.item = Some("li".to_owned()),
                SourceKind::Json => source.items = Some("$.items[*]".to_owned()),
                SourceKind::Dir => source.matches = vec![text.to_owned()],
                _ => {}
            }
            source.fields.insert("title".to_owned(), Field::Locator(text.to_owned()));
            source.fields.insert("extra".to_owned(), Field::Template { template: text.to_owned(), pipes: None });
            if let Ok(recipe) = compile(&source, &BTreeMap::new()) {
                let address = "https://example.org/";
                let page = Page { url: address, final_url: address, media_type: None, depth: 0 };
                let out = extract(&recipe, &page, &mut body.as_bytes());
                assert!(out.entries.iter().all(monitor_model::Entry::has_name));
            }
        }
    }
}
