//! A first declaration for a page that nobody described yet: kind, selectors, fields, paging, and a contract measured on the page.

mod columns;
mod data;
mod groups;
mod labels;
mod page;
mod paging;
mod tables;
mod words;
mod worth;

use std::{collections::BTreeMap, io::Read};

use monitor_model::{CsvOptions, Entry, Expect, Field, Source, SourceKind};

use crate::{Extraction, Page, compile, extract};

/// A declaration that reads the page, and what it read.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The declaration; its contract is what was measured.
    pub source: Source,
    /// The rows.
    pub entries: Vec<Entry>,
    /// Of which share of the rows each field is filled.
    pub fill: BTreeMap<String, f64>,
    /// Rows that could not be taken.
    pub rejected: u64,
}

/// Declarations that read the page, the best first. What a kind reads without being told comes before what is guessed.
pub fn propose(page: &Page<'_>, bytes: &[u8]) -> Vec<Proposal> {
    let plain = |kind| Source { body: "?".to_owned(), kind, url: Some(page.url.to_owned()), ..Source::default() };
    if let Some(p) = try_out(plain(SourceKind::Feed), page, bytes) {
        return vec![p];
    }
    if let Some(p) = listing(plain(SourceKind::Dir), page, bytes) {
        return vec![p];
    }
    let drafts = if bytes.starts_with(b"PK\x03\x04") {
        packed(page, bytes, &plain(SourceKind::Json))
    } else {
        drafts(page, bytes, &plain(SourceKind::List))
    };
    let mut out: Vec<(f64, Proposal)> = drafts.into_iter().filter_map(|s| try_out(s, page, bytes)).map(|p| (worth::worth(&p), p)).collect();
    out.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    out.into_iter().map(|(_, p)| p).collect()
}

/// What may be declared of a text.
fn drafts(page: &Page<'_>, bytes: &[u8], plain: &Source) -> Vec<Source> {
    let text = crate::charset::decode(bytes, page.media_type).text;
    let start = text.trim_start();
    let head: String = start.chars().take(1_000).collect::<String>().to_lowercase();
    if start.starts_with(['{', '[']) {
        data::json(start, plain)
    } else if start.starts_with('<') && !is_html(&head) {
        data::xml(&text, plain)
    } else if start.starts_with('<') || head.contains("<html") {
        let Some(html) = page::parse(&text) else { return Vec::new() };
        let mut drafts = tables::tables(&html, page.final_url, plain);
        drafts.extend(groups::groups(&html, page.final_url, plain));
        drafts.push(labels::labels(&html, plain));
        drafts
    } else {
        let yaml =
            page.url.split(['?', '#']).next().is_some_and(|u| u.ends_with(".yaml") || u.ends_with(".yml")) || start.starts_with("---");
        let csv = data::csv(&text, plain).filter(|_| !yaml);
        csv.map_or_else(|| data::yaml(&text, plain), |c| vec![c])
    }
}

/// Whether markup is a page and no other document, by its beginning.
fn is_html(head: &str) -> bool {
    let said = ["<!doctype html", "<html", "<head", "<body"].iter().any(|w| head.contains(w));
    let tag: String = head.trim_start_matches('<').chars().take_while(char::is_ascii_alphanumeric).collect();
    said || (!head.starts_with("<?xml") && crate::text::is_tag(&tag))
}

/// What may be declared of an archive: a workbook, or its members of one kind.
fn packed(page: &Page<'_>, bytes: &[u8], plain: &Source) -> Vec<Source> {
    let names = crate::unpack::names(bytes);
    if names.iter().any(|n| n == "xl/workbook.xml") {
        return data::sheets(bytes, plain);
    }
    let Some(first) = names.iter().find(|n| [".json", ".jsonl", ".csv", ".xml", ".yaml"].iter().any(|e| n.to_lowercase().ends_with(e)))
    else {
        return Vec::new();
    };
    let Some(inner) = crate::unpack::member(bytes, first) else { return Vec::new() };
    let address = format!("{}/{first}", page.url);
    let within = Page { url: &address, final_url: page.final_url, media_type: None, depth: 0 };
    let ext = first.rsplit_once('.').map_or("", |(_, e)| e);
    let alike = names.iter().filter(|n| n.ends_with(&format!(".{ext}"))).count();
    let members = if alike > 1 { format!("zip:*.{ext}") } else { format!("zip:{first}") };
    drafts(&within, &inner, plain).into_iter().map(|d| Source { decode: Some(members.clone()), page: None, ..d }).collect()
}

/// A directory listing: its files, else its folders. Links to pages below this one make none: most files have a date.
fn listing(plain: Source, page: &Page<'_>, bytes: &[u8]) -> Option<Proposal> {
    // A table of documents has links with dates beside them, too.
    if !crate::dir::says_listing(&crate::charset::decode(bytes, page.media_type).text) {
        return None;
    }
    for matches in ["*", "*/"] {
        let source = Source {
            matches: vec![matches.to_owned()],
            fields: fields(&[("title", "name".to_owned()), ("date", "mtime".to_owned())]),
            ..plain.clone()
        };
        if let Some(p) = try_out(source, page, bytes).filter(|p| p.fill.get("date").is_some_and(|s| *s >= 0.5)) {
            return Some(p);
        }
    }
    None
}

/// Compiles and reads; fields that are hardly ever filled are left out, and the contract is measured.
fn try_out(mut source: Source, page: &Page<'_>, bytes: &[u8]) -> Option<Proposal> {
    let mut x = run(&source, page, bytes)?;
    let shares = |x: &Extraction| -> BTreeMap<String, f64> {
        let mut tally = crate::Tally::default();
        tally.add(x);
        tally.filled.iter().map(|(k, n)| (k.clone(), *n as f64 / tally.rows.max(1) as f64)).collect()
    };
    let mut fill = shares(&x);
    let share = |fill: &BTreeMap<String, f64>, name: &str| {
        fill.get(name).or_else(|| fill.get(if name == "date" { "published" } else { name })).copied()
    };
    let before = source.fields.len();
    let named = share(&fill, "number").is_some_and(|s| s >= 0.9);
    source.fields.retain(|name, _| name == "title" && !named || share(&fill, name).is_some_and(|s| s >= 0.3));
    if source.fields.len() != before {
        x = run(&source, page, bytes)?;
        fill = shares(&x);
    }
    let wanted = ["title", "number", "url", "date", "stage"];
    let kept: BTreeMap<String, f64> = wanted
        .iter()
        .filter(|w| source.fields.contains_key(**w))
        .filter_map(|w| Some(((*w).to_owned(), share(&fill, w)?)))
        .filter(|(_, s)| *s >= 0.3)
        .collect();
    let rows = x.entries.len() as u64;
    // A little below what was seen: the next page of the same list differs a little.
    let fill_of_contract =
        kept.iter().map(|(k, s)| (k.clone(), if *s >= 0.999 { 1.0 } else { (s * 0.9 * 100.0).floor() / 100.0 })).collect();
    let windowed = source.kind != SourceKind::Page;
    source.expect = Some(Expect {
        min_items: (rows > 0).then(|| if windowed { (rows * 8 / 10).max(1) } else { 1 }),
        // How many rows all pages have together nobody has seen yet.
        max_items: (windowed && source.page.is_none()).then_some((rows * 2).max(10)),
        fill: fill_of_contract,
        ..Expect::default()
    });
    let certain = |name: &str| kept.get(name).is_some_and(|s| *s >= 0.95);
    let numbers: std::collections::BTreeSet<&str> = x.entries.iter().filter_map(|e| e.number.as_deref()).collect();
    source.identity = if certain("number") && numbers.len() * 10 >= x.entries.len() * 9 {
        vec!["number".to_owned()]
    } else if certain("url") && source.kind != SourceKind::Page {
        vec!["url".to_owned()]
    } else {
        Vec::new()
    };
    if !source.fields.is_empty() {
        source.track = Some(
            ["title", "stage", "version", "date"].iter().filter(|f| source.fields.contains_key(**f)).map(|f| (*f).to_owned()).collect(),
        );
    }
    compile(&source, &BTreeMap::new()).ok()?;
    if let Some(s) = fill.remove("published") {
        fill.insert("date".to_owned(), s);
    }
    Some(Proposal { source, rejected: x.rejected, entries: x.entries, fill })
}

fn run(source: &Source, page: &Page<'_>, mut bytes: &[u8]) -> Option<Extraction> {
    let recipe = compile(source, &BTreeMap::new()).ok()?;
    let x = extract(&recipe, page, &mut bytes as &mut dyn Read);
    // A feed without items is a feed.
    let read = x.failed.is_none() && (!x.entries.is_empty() || source.kind == SourceKind::Feed);
    read.then_some(x)
}

fn fields(list: &[(&str, String)]) -> BTreeMap<String, Field> {
    list.iter().map(|(k, v)| ((*k).to_owned(), Field::Locator(v.clone()))).collect()
}

/// How a CSV file is separated.
fn separated(delimiter: char) -> CsvOptions {
    CsvOptions { delimiter: Some(delimiter).filter(|c| *c != ','), bom: false }
}
