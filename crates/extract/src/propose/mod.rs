//! A first declaration for a page that nobody described yet: kind, selectors, fields, paging, and a contract measured on the page.

mod data;
mod html;
mod words;

use std::{collections::BTreeMap, io::Read};

use monitor_model::{CsvOptions, Entry, Expect, Field, Source, SourceKind};

use crate::{Container, Extraction, Page, compile, extract};

/// A declaration that reads the page, and what it read.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The declaration; its contract is what was measured.
    pub source: Source,
    /// The rows.
    pub entries: Vec<Entry>,
    /// Of which share of the rows each field is filled.
    pub fill: BTreeMap<String, f64>,
}

/// Declarations that read the page, the best first. What a kind reads without being told comes before what is guessed.
pub fn propose(page: &Page<'_>, bytes: &[u8]) -> Vec<Proposal> {
    let url = page.url.to_owned();
    let plain = |kind| Source { body: "?".to_owned(), kind, url: Some(url.clone()), ..Source::default() };
    for kind in [SourceKind::Feed, SourceKind::Dir] {
        let mut source = plain(kind);
        if kind == SourceKind::Dir {
            source.matches = vec!["*".to_owned()];
            source.fields = fields(&[("title", "name".to_owned()), ("date", "mtime".to_owned())]);
        }
        // Links to pages below this one make no listing of files: most files have a date.
        let certain = |p: &Proposal| kind != SourceKind::Dir || p.fill.get("date").is_some_and(|s| *s >= 0.5);
        if let Some(p) = try_out(source, page, bytes).filter(certain) {
            return vec![p];
        }
    }
    let text = crate::charset::decode(bytes, page.media_type).text;
    let start = text.trim_start();
    let mut drafts = Vec::new();
    if start.starts_with(['{', '[']) {
        drafts = data::json(start, &plain(SourceKind::Json));
    } else if start.starts_with('<') {
        drafts = html::tables(&text, page.final_url, &plain(SourceKind::List));
        drafts.extend(html::lists(&text, page.final_url, &plain(SourceKind::List)));
        drafts.extend(html::labels(&text, &plain(SourceKind::Page)));
    } else {
        drafts.extend(data::csv(&text, &plain(SourceKind::Csv)));
    }
    let mut out: Vec<Proposal> = drafts.into_iter().filter_map(|s| try_out(s, page, bytes)).collect();
    // Many rows in which much is filled are better than few, or than many names without more.
    let worth = |p: &Proposal| p.entries.len().min(200) as f64 * p.fill.values().sum::<f64>();
    out.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    out
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
    source.fields.retain(|name, _| name == "title" || share(&fill, name).is_some_and(|s| s >= 0.3));
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
        min_items: Some(if windowed { (rows * 8 / 10).max(1) } else { 1 }),
        max_items: windowed.then_some((rows * 2).max(10)),
        fill: fill_of_contract,
        ..Expect::default()
    });
    let certain = |name: &str| kept.get(name).is_some_and(|s| *s >= 0.95);
    source.identity = if certain("number") {
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
    Some(Proposal { source, entries: x.entries, fill: if kept.is_empty() { fill } else { kept } })
}

fn run(source: &Source, page: &Page<'_>, mut bytes: &[u8]) -> Option<Extraction> {
    let recipe = compile(source, &BTreeMap::new()).ok()?;
    let x = extract(&recipe, page, &mut bytes as &mut dyn Read);
    let read = x.failed.is_none() && (!x.entries.is_empty() || (source.kind == SourceKind::Feed && x.container == Container::Found));
    read.then_some(x)
}

fn fields(list: &[(&str, String)]) -> BTreeMap<String, Field> {
    list.iter().map(|(k, v)| ((*k).to_owned(), Field::Locator(v.clone()))).collect()
}

/// How a CSV file is separated.
fn separated(delimiter: char) -> CsvOptions {
    CsvOptions { delimiter: Some(delimiter).filter(|c| *c != ','), bom: false }
}
