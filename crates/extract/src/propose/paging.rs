//! How a page says that it goes on.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::Pages;
use scraper::ElementRef;
use url::Url;

use super::page::{select, text_of};

/// Parameters that count pages, and those that count rows.
const OF_PAGES: [&str; 7] = ["page", "p", "pg", "paged", "pagenum", "pagenumber", "currentpage"];
const OF_ROWS: [&str; 5] = ["start", "offset", "skip", "from", "startrow"];

/// Links to the next page by their markup.
const NEXT: [&str; 12] = [
    "link[rel=\"next\"]",
    "a[rel=\"next\"]",
    "a[rel~=\"next\"]",
    "li.next a",
    "a.next",
    "a.next-page",
    "a.nextpostslink",
    ".pagination .next a",
    ".pager-next a",
    "li.pager__item--next a",
    "a[title*=\"ext page\"]",
    "a[aria-label*=\"ext page\"]",
];

/// The paging of a page at this address.
pub(super) fn paging(root: ElementRef<'_>, address: &str) -> Option<Pages> {
    let goes =
        |a: &ElementRef<'_>| a.attr("href").is_some_and(|h| !h.trim().is_empty() && !h.starts_with('#') && !h.starts_with("javascript:"));
    for css in NEXT {
        if select(root, css).first().is_some_and(goes) {
            return Some(Pages { next: Some(format!("{css}@href")), max: 20, ..Pages::default() });
        }
    }
    by_parameter(root, address)
}

/// Links to this address with another number of a parameter.
fn by_parameter(root: ElementRef<'_>, address: &str) -> Option<Pages> {
    let base = Url::parse(address).ok()?;
    let mut numbers: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    // Parameters whose link to the second page says 1.
    let mut from_zero: BTreeSet<String> = BTreeSet::new();
    for a in select(root, "a[href]") {
        let Some(to) = a.attr("href").and_then(|h| base.join(h.trim()).ok()).filter(|u| u.path() == base.path() && u.host() == base.host())
        else {
            continue;
        };
        let text = text_of(a);
        for (k, v) in to.query_pairs().filter(|_| text.len() < 30) {
            let counts = OF_PAGES.iter().chain(&OF_ROWS).any(|w| k.eq_ignore_ascii_case(w));
            let Some(n) = v.parse::<i64>().ok().filter(|n| counts && (0..1_000_000).contains(n)) else { continue };
            if text.parse() == Ok(n + 1) {
                from_zero.insert(k.to_string());
            }
            numbers.entry(k.into_owned()).or_default().push(n);
        }
    }
    let (param, mut seen) = numbers.into_iter().max_by_key(|(_, n)| n.len())?;
    let of_rows = OF_ROWS.iter().any(|w| param.eq_ignore_ascii_case(w));
    let here: Option<i64> = base.query_pairs().find(|(k, _)| *k == param).and_then(|(_, v)| v.parse().ok());
    let start = here.unwrap_or(i64::from(!of_rows && !from_zero.contains(&param) && !seen.contains(&0)));
    seen.push(start);
    seen.sort_unstable();
    seen.dedup();
    let step = if of_rows { seen.windows(2).map(|w| w[1] - w[0]).min().unwrap_or(1) } else { 1 };
    Some(Pages { param: Some(param), start, step: Some(step).filter(|s| *s != 1), max: 20, ..Pages::default() })
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn paged(links: &str, address: &str) -> Option<(String, i64, Option<i64>)> {
        let html = Html::parse_document(&format!("<ul>{links}</ul>"));
        paging(html.root_element(), address).map(|p| (p.next.or(p.param).unwrap_or_default(), p.start, p.step))
    }

    #[test]
    fn links_say_how_a_list_goes_on() {
        let at = "https://e.org/list?q=ai";
        for (links, address, want) in [
            ("<a href=\"?q=ai&page=2\">2</a><a href=\"?q=ai&page=3\">3</a>", at, Some(("page", 1, None))),
            ("<a href=\"?page=0\">1</a><a href=\"?page=1\">2</a>", at, Some(("page", 0, None))),
            ("<a href=\"?page=1\">2</a><a href=\"?page=7\">last</a>", at, Some(("page", 0, None))),
            ("<a href=\"?start=20\">2</a><a href=\"?start=40\">3</a>", at, Some(("start", 0, Some(20)))),
            ("<a href=\"?offset=50&q=ai\">more</a>", "https://e.org/list?offset=0&q=ai", Some(("offset", 0, Some(50)))),
            ("<li class=next><a href=\"/list/2\">next</a></li>", at, Some(("li.next a@href", 0, None))),
            ("<a rel=next href=\"#\">x</a><a href=\"/other?page=2\">2</a>", at, None),
        ] {
            assert_eq!(paged(links, address), want.map(|(w, s, n)| (w.to_owned(), s, n)), "{links}");
        }
    }
}
