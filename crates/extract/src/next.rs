//! The next page: a parameter replaced where it stands, or the address that the page gives.

use monitor_model::Pages;
use url::Url;

use crate::{Extraction, Next, Page, Recipe};

/// Adds the next page, if there is one. A page without rows is the last.
pub(crate) fn add(recipe: &Recipe, page: &Page<'_>, base: Option<&Url>, link: Option<String>, out: &mut Extraction) {
    if out.collected() == 0 && out.filtered == 0 {
        return;
    }
    let Some(pages) = &recipe.pages else {
        let url = link.and_then(|l| base.and_then(|b| b.join(l.trim()).ok())).filter(|u| matches!(u.scheme(), "http" | "https"));
        out.older = url
            .map(String::from)
            .filter(|u| u != page.url && u != page.final_url)
            .map(|url| Next { url, depth: page.depth })
            .into_iter()
            .collect();
        return;
    };
    if recipe.pages_by_form {
        // The form is filled by whoever asks.
        return;
    }
    let url = match &pages.param {
        Some(_) => next_address(pages, page.url),
        None => link.and_then(|l| {
            let l = l.trim();
            if l.is_empty() || l.starts_with('#') { None } else { base.and_then(|b| b.join(l).ok()).map(String::from) }
        }),
    };
    if let Some(url) = url
        && url != page.url
        && url != page.final_url
        && (url.starts_with("http://") || url.starts_with("https://"))
    {
        out.next.push(Next { url, depth: page.depth });
    }
}

/// The address of the page behind `url`, where pages are counted by a parameter.
pub fn next_address(pages: &Pages, url: &str) -> Option<String> {
    step(url, pages.param.as_deref()?, pages.start, pages.step.unwrap_or(1))
}

/// The address with the parameter one step further; everything else stays byte for byte.
fn step(url: &str, param: &str, start: i64, step: i64) -> Option<String> {
    let (rest, fragment) = match url.split_once('#') {
        Some((r, f)) => (r, Some(f)),
        None => (url, None),
    };
    let (path, query) = match rest.split_once('?') {
        Some((p, q)) => (p, Some(q)),
        None => (rest, None),
    };
    let mut found = false;
    let mut parts: Vec<String> = Vec::new();
    for part in query.into_iter().flat_map(|q| q.split('&')) {
        match part.split_once('=') {
            Some((name, value)) if name == param && !found => {
                let now: i64 = value.parse().ok()?;
                parts.push(format!("{name}={}", now.checked_add(step)?));
                found = true;
            }
            _ => parts.push(part.to_owned()),
        }
    }
    if !found {
        parts.retain(|p| !p.is_empty());
        parts.push(format!("{param}={}", start.checked_add(step)?));
    }
    let mut out = format!("{path}?{}", parts.join("&"));
    if let Some(f) = fragment {
        out.push('#');
        out.push_str(f);
    }
    Some(out)
}

/// The last number in a text: `1-50 of 1,234` says 1234.
pub(crate) fn count(text: &str) -> Option<u64> {
    let mut last: Option<u64> = None;
    let mut digits = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !(matches!(c, ',' | '.' | '\u{a0}' | '\u{202f}' | '\'')
            && !digits.is_empty()
            && chars.peek().is_some_and(char::is_ascii_digit))
        {
            last = digits.parse().ok().or(last);
            digits.clear();
        }
    }
    digits.parse().ok().or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_is_replaced_where_it_stands() {
        for (url, want) in [
            ("https://e.org/l?page=1&q=a%20b", "https://e.org/l?page=2&q=a%20b"),
            ("https://e.org/l?q=x&page=9#top", "https://e.org/l?q=x&page=10#top"),
            ("https://e.org/l", "https://e.org/l?page=2"),
            ("https://e.org/l?", "https://e.org/l?page=2"),
            ("https://e.org/l?mypage=4", "https://e.org/l?mypage=4&page=2"),
        ] {
            assert_eq!(step(url, "page", 1, 1).as_deref(), Some(want), "{url}");
        }
        assert_eq!(step("https://e.org/?start=0&max=5", "start", 0, 100).as_deref(), Some("https://e.org/?start=100&max=5"));
        assert_eq!(step("https://e.org/?page=last", "page", 1, 1), None);
        assert_eq!(step("https://e.org/?page=9223372036854775807", "page", 1, 1), None);
    }

    #[test]
    fn totals_are_the_last_number() {
        for (text, want) in [("1-50 of 1,234 results", Some(1234)), ("total: 7", Some(7)), ("none", None), ("12.345 Treffer", Some(12345))]
        {
            assert_eq!(count(text), want, "{text}");
        }
    }
}
