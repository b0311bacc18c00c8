//! Drafts for HTML: tables by their header, repeated things by their class, one page of labels.

use std::collections::BTreeMap;

use monitor_model::{Field, Pages, Source};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{data::choose, fields, words};
use crate::{
    depth::flatten,
    flood,
    text::{Reading, collapse, node_text},
};

/// Tables and groups that are looked at.
const PLACES: usize = 30;
/// Rows of each that are looked at.
const ROWS: usize = 60;
/// Elements of a page that are looked at.
const ELEMENTS: usize = 200_000;

fn parse(text: &str) -> Option<Html> {
    if flood::of_tags(text).is_some() {
        return None;
    }
    Some(Html::parse_document(&flatten(text)))
}

fn select<'a>(from: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|s| from.select(&s).collect()).unwrap_or_default()
}

fn text_of(e: ElementRef<'_>) -> String {
    collapse(&node_text(e, &Reading { limit: 2_000, ..Reading::default() }))
}

/// One draft for each table that has rows.
pub(super) fn tables(text: &str, address: &str, plain: &Source) -> Vec<Source> {
    let Some(html) = parse(text) else { return Vec::new() };
    let root = html.root_element();
    let page = paging(root, address);
    let mut out = Vec::new();
    for table in select(root, "table").into_iter().take(PLACES) {
        // A table that only lays out others is none.
        if !select(table, "table").is_empty() {
            continue;
        }
        let rows: Vec<Vec<ElementRef<'_>>> = select(table, "tr").into_iter().take(ROWS).map(|r| select(r, "td, th")).collect();
        let head = rows.iter().find(|r| r.len() > 1 && r.iter().all(|c| c.value().name() == "th"));
        // Without `th` the first row is the header when its cells say what they are.
        let spoken = rows.first().filter(|r| r.len() > 1 && r.iter().filter(|c| words::meaning(&text_of(**c)).is_some()).count() >= 2);
        let head = head.or(spoken);
        let width = head.map_or_else(|| rows.iter().map(Vec::len).max().unwrap_or_default(), Vec::len);
        let body: Vec<&Vec<ElementRef<'_>>> =
            rows.iter().filter(|r| r.len() == width && r.iter().any(|c| c.value().name() == "td") && !same(Some(r), head)).collect();
        if width < 2 || body.len() < 2 {
            continue;
        }
        let Some(container) = unique(root, table) else { continue };
        let headless = head.is_some_and(|h| h.iter().any(|c| c.value().name() == "td"));
        let item = if headless { "tr:has(td):not(:first-child)" } else { "tr:has(td)" };
        let columns: Vec<(String, String, Vec<String>)> = (0..width)
            .map(|i| {
                let word = head.map(|h| text_of(h[i])).unwrap_or_default();
                // A row may begin with a `th`.
                let tag = if body.iter().all(|r| r[i].value().name() == "td") { "td" } else { "" };
                (word, format!("{tag}:nth-child({})", i + 1), body.iter().map(|r| text_of(r[i])).collect())
            })
            .collect();
        let mut found = choose(&columns);
        let link =
            (0..width).filter(|i| body.iter().filter(|r| !select(r[*i], "a[href]").is_empty()).count() * 10 >= body.len() * 7).min_by_key(
                |i| usize::from(found.values().all(|f| !matches!(f, Field::Locator(l) if l.contains(&format!("nth-child({})", i + 1))))),
            );
        if let Some(i) = link {
            let (_, locator, _) = &columns[i];
            found.insert("url".to_owned(), Field::Locator(format!("{locator} a@href | absolute")));
        }
        out.push(Source { container: Some(container), item: Some(item.to_owned()), fields: found, page: page.clone(), ..plain.clone() });
    }
    out
}

fn same(a: Option<&Vec<ElementRef<'_>>>, b: Option<&Vec<ElementRef<'_>>>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.first().map(|e| e.id()) == b.first().map(|e| e.id()))
}

/// One draft for each group of things of one class that stand side by side.
pub(super) fn lists(text: &str, address: &str, plain: &Source) -> Vec<Source> {
    let Some(html) = parse(text) else { return Vec::new() };
    let root = html.root_element();
    let page = paging(root, address);
    // By parent and by what they are: tag and classes.
    let mut groups: BTreeMap<(usize, String), Vec<ElementRef<'_>>> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for e in root.descendent_elements().take(ELEMENTS) {
        let Some(parent) = e.parent() else { continue };
        if !matches!(e.value().name(), "li" | "div" | "article" | "section" | "a" | "details" | "dd" | "p" | "tr")
            || e.value().name() == "tr"
        {
            continue;
        }
        let n = places.len();
        let place = *places.entry(parent.id()).or_insert(n);
        let list = groups.entry((place, kind_of(e))).or_default();
        if list.len() < ROWS {
            list.push(e);
        }
    }
    let mut ranked: Vec<(usize, String, Vec<ElementRef<'_>>)> = groups
        .into_iter()
        .filter(|(_, list)| list.len() >= 3)
        .map(|((_, kind), list)| {
            let linked = list.iter().filter(|e| e.value().name() == "a" || !select(**e, "a[href]").is_empty()).count();
            let long = list.iter().filter(|e| text_of(**e).len() >= 20).count();
            let navigation =
                list[0].ancestors().filter_map(ElementRef::wrap).any(|a| matches!(a.value().name(), "nav" | "footer" | "header" | "aside"));
            (if navigation { 0 } else { linked.min(long) }, kind, list)
        })
        .filter(|(n, ..)| *n >= 3)
        .collect();
    ranked.sort_by_key(|(n, ..)| std::cmp::Reverse(*n));
    let mut out = Vec::new();
    for (_, kind, list) in ranked.into_iter().take(6) {
        let Some(parent) = list[0].parent().and_then(ElementRef::wrap) else { continue };
        let Some(container) = unique(root, parent) else { continue };
        out.push(Source { container: Some(container), item: Some(kind), fields: fields_of(&list), page: page.clone(), ..plain.clone() });
    }
    out
}

/// What the things of a list hold: a heading, a link, a date, and what classes name.
fn fields_of(list: &[ElementRef<'_>]) -> BTreeMap<String, Field> {
    let most = |css: &str| {
        let n = list.iter().filter(|e| select(**e, css).first().is_some_and(|f| css.contains('@') || !text_of(*f).is_empty())).count();
        n * 10 >= list.len() * 6
    };
    let texts = |css: &str| -> Vec<String> { list.iter().filter_map(|e| select(*e, css).first().map(|f| text_of(*f))).collect() };
    let mut out = BTreeMap::new();
    let itself = list[0].value().name() == "a";
    let title = ["h1, h2, h3, h4, h5, h6", "[class*=\"title\"]", "[class*=\"heading\"]", "a[href]"].into_iter().find(|c| most(c));
    out.extend(fields(&[("title", title.unwrap_or(".").to_owned())]));
    if itself {
        out.extend(fields(&[("url", "@href | absolute".to_owned())]));
    } else {
        // The link of the heading is that of the thing.
        let link = ["h1 a[href], h2 a[href], h3 a[href], h4 a[href]", "a[href]"].into_iter().find(|c| most(c)).unwrap_or("a[href]");
        out.extend(fields(&[(
            "url",
            format!("{} | absolute", link.split(", ").map(|l| l.replace("[href]", "")).collect::<Vec<_>>().join(", ") + "@href"),
        )]));
    }
    if list.iter().filter(|e| !select(**e, "time[datetime]").is_empty()).count() * 10 >= list.len() * 6 {
        out.extend(fields(&[("date", "time@datetime | date".to_owned())]));
    }
    // Classes say what stands in them.
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for e in list.iter().take(10) {
        for inner in e.descendent_elements().take(200) {
            for class in inner.value().classes().filter(|c| is_plain(c)) {
                *classes.entry(class.to_owned()).or_default() += 1;
            }
        }
    }
    for (class, _) in classes.into_iter().filter(|(_, n)| *n >= 2) {
        let Some(field) = words::meaning(&class).filter(|f| *f != "title") else { continue };
        let css = format!(".{class}");
        if out.contains_key(field) || !most(&css) {
            continue;
        }
        let locator = match field {
            "date" | "deadline" => match words::date_pipes(&texts(&css)) {
                Some(pipes) => format!("{css}{pipes}"),
                None => continue,
            },
            "number" => format!("{css} | docnum"),
            "summary" => format!("{css} | text"),
            _ => css,
        };
        out.extend(fields(&[(field, locator)]));
    }
    if !out.contains_key("date") {
        let whole: Vec<String> = list.iter().map(|e| text_of(*e)).collect();
        let candidates = ["time", "small", "span", "p", "div"].into_iter().filter(|c| most(c));
        let found = candidates.into_iter().find_map(|c| words::date_pipes(&texts(c)).map(|p| format!("{c}{p}")));
        let found = found.or_else(|| words::date_pipes(&whole).filter(|p| p.contains("regex")).map(|p| format!(".{p}")));
        out.extend(found.map(|l| fields(&[("date", l)])).unwrap_or_default());
    }
    out
}

/// One draft of a page that is a table of labels and values.
pub(super) fn labels(text: &str, plain: &Source) -> Vec<Source> {
    let Some(html) = parse(text) else { return Vec::new() };
    let root = html.root_element();
    let mut out: BTreeMap<String, Field> = BTreeMap::new();
    for row in select(root, "tr, dl").into_iter().take(500) {
        let cells = select(row, "th, td, dt, dd");
        for pair in cells.windows(2) {
            let is_label = matches!(pair[0].value().name(), "th" | "dt") || text_of(pair[0]).ends_with(':');
            if !is_label || !matches!(pair[1].value().name(), "td" | "dd") {
                continue;
            }
            let label = crate::locate::trim_label(&text_of(pair[0]));
            let Some(field) = words::meaning(&label).filter(|_| !label.contains('"') && label.len() <= 60) else { continue };
            let pipes = match field {
                "date" | "deadline" => match words::date_pipes(&[text_of(pair[1])]) {
                    Some(p) => p,
                    None => continue,
                },
                "number" => " | docnum".to_owned(),
                _ => String::new(),
            };
            out.entry(field.to_owned()).or_insert_with(|| Field::Locator(format!("label(\"{label}\"){pipes}")));
        }
    }
    if !out.contains_key("title") {
        let css = if select(root, "h1").is_empty() { "head > title" } else { "h1" };
        out.extend(fields(&[("title", css.to_owned())]));
    }
    vec![Source { fields: out, ..plain.clone() }]
}

/// `tag.class.class`, by which an element is found again.
fn kind_of(e: ElementRef<'_>) -> String {
    let classes: Vec<&str> = e.value().classes().filter(|c| is_plain(c)).take(2).collect();
    if classes.is_empty() { e.value().name().to_owned() } else { format!("{}.{}", e.value().name(), classes.join(".")) }
}

/// A class that a person gave, and no machine.
fn is_plain(class: &str) -> bool {
    let digits = class.bytes().filter(u8::is_ascii_digit).count();
    class.len() >= 2
        && class.starts_with(|c: char| c.is_ascii_alphabetic())
        && class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && digits <= 2
}

/// The shortest selector that means this element and, first on the page, no other.
fn unique(root: ElementRef<'_>, e: ElementRef<'_>) -> Option<String> {
    let own = |e: ElementRef<'_>| -> Vec<String> {
        let name = e.value().name();
        let mut all = Vec::new();
        if let Some(id) = e.value().id().filter(|i| is_plain(i)) {
            all.push(format!("{name}#{id}"));
        }
        all.push(kind_of(e));
        all.push(name.to_owned());
        all
    };
    let first_is = |css: &str| select(root, css).first().is_some_and(|f| f.id() == e.id());
    if let Some(css) = own(e).into_iter().find(|c| first_is(c)) {
        return Some(css);
    }
    for up in e.ancestors().filter_map(ElementRef::wrap).take(8) {
        for outer in own(up) {
            if let Some(css) = own(e).into_iter().map(|c| format!("{outer} {c}")).find(|c| first_is(c)) {
                return Some(css);
            }
        }
    }
    // One of several of a kind that nothing else tells apart.
    let name = e.value().name();
    (2..=20).map(|n| format!("{name}:nth-of-type({n})")).find(|c| first_is(c))
}

/// How the page says that it goes on.
fn paging(root: ElementRef<'_>, address: &str) -> Option<Pages> {
    for css in
        ["link[rel=\"next\"]", "a[rel=\"next\"]", "li.next a", "a.next", ".pagination .next a", ".pager-next a", "a[title*=\"ext page\"]"]
    {
        if select(root, css).iter().any(|a| a.attr("href").is_some_and(|h| !h.trim().is_empty() && !h.starts_with('#'))) {
            return Some(Pages { next: Some(format!("{css}@href")), max: 20, ..Pages::default() });
        }
    }
    // Links to this address with another number of a parameter.
    let base = Url::parse(address).ok()?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for a in select(root, "a[href]") {
        let Some(to) = a.attr("href").and_then(|h| base.join(h.trim()).ok()).filter(|u| u.path() == base.path() && u.host() == base.host())
        else {
            continue;
        };
        for (k, v) in to.query_pairs().filter(|(_, v)| v.parse::<u32>().is_ok_and(|n| n < 10_000)) {
            if ["page", "p", "pg", "paged", "start", "offset", "pagenum", "pagenumber"].contains(&k.to_lowercase().as_str())
                && !v.is_empty()
            {
                *counts.entry(k.into_owned()).or_default() += 1;
            }
        }
    }
    let (param, _) = counts.into_iter().max_by_key(|(_, n)| *n)?;
    let start = base.query_pairs().find(|(k, _)| *k == param).and_then(|(_, v)| v.parse().ok());
    let zero = matches!(param.as_str(), "start" | "offset");
    Some(Pages { param: Some(param), start: start.unwrap_or(i64::from(!zero)), max: 20, ..Pages::default() })
}
