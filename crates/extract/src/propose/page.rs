//! An HTML page and its elements: texts, selectors that find an element again, and what is only navigation.

use scraper::{ElementRef, Html, Selector};

use crate::{
    depth::flatten,
    flood,
    text::{Reading, collapse, node_text},
};

/// Words of ids and classes of what stands on every page of a site.
const FURNITURE: [&str; 22] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "megamenu",
    "breadcrumb",
    "breadcrumbs",
    "footer",
    "sidebar",
    "social",
    "share",
    "cookie",
    "cookies",
    "pagination",
    "pager",
    "toolbar",
    "utility",
    "utilities",
    "languages",
    "skip",
    "filters",
];

pub(super) fn parse(text: &str) -> Option<Html> {
    if flood::of_tags(text).is_some() {
        return None;
    }
    Some(Html::parse_document(&flatten(text)))
}

pub(super) fn select<'a>(from: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    let scoped = if css.starts_with('>') { format!(":scope {css}") } else { css.to_owned() };
    Selector::parse(&scoped).map(|s| from.select(&s).collect()).unwrap_or_default()
}

pub(super) fn first<'a>(from: ElementRef<'a>, css: &str) -> Option<ElementRef<'a>> {
    select(from, css).into_iter().next()
}

pub(super) fn text_of(e: ElementRef<'_>) -> String {
    collapse(&node_text(e, &Reading { limit: 2_000, ..Reading::default() }))
}

/// Whether it belongs to what stands on every page of a site.
pub(super) fn is_furniture(e: ElementRef<'_>) -> bool {
    std::iter::once(e).chain(e.ancestors().filter_map(ElementRef::wrap)).any(|a| {
        let v = a.value();
        let named = |text: &str| {
            let lower = text.to_lowercase();
            lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| FURNITURE.contains(&w))
        };
        matches!(v.name(), "nav" | "footer" | "aside")
            || v.attr("role").is_some_and(|r| matches!(r, "navigation" | "menu" | "contentinfo" | "search"))
            || (v.name() != "body" && v.name() != "html" && (v.id().is_some_and(named) || v.classes().any(named)))
    })
}

/// A class or id that a person gave, and no machine.
pub(super) fn is_plain(class: &str) -> bool {
    let digits = class.bytes().filter(u8::is_ascii_digit).count();
    class.len() >= 2
        && class.starts_with(|c: char| c.is_ascii_alphabetic())
        && class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && digits <= 2
}

/// `tag.class.class`, by which an element is found again.
pub(super) fn kind_of(e: ElementRef<'_>) -> String {
    let classes: Vec<&str> = e.value().classes().filter(|c| is_plain(c)).take(2).collect();
    if classes.is_empty() { e.value().name().to_owned() } else { format!("{}.{}", e.value().name(), classes.join(".")) }
}

/// The shortest selector that means this element and, first on the page, no other.
pub(super) fn unique(root: ElementRef<'_>, e: ElementRef<'_>) -> Option<String> {
    let own = |e: ElementRef<'_>| -> Vec<String> {
        let name = e.value().name();
        let id = e.value().id().filter(|i| is_plain(i)).map(|id| format!("{name}#{id}"));
        id.into_iter().chain([kind_of(e), name.to_owned()]).collect()
    };
    let first_is = |css: &str| first(root, css).is_some_and(|f| f.id() == e.id());
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
    // One of several of a kind that nothing else tells apart: counted from the nearest that is known by itself.
    let mut path = Vec::new();
    let mut at = e;
    for _ in 0..12 {
        let name = at.value().name();
        let before = at.prev_siblings().filter_map(ElementRef::wrap).filter(|s| s.value().name() == name).count();
        path.insert(0, format!("{name}:nth-of-type({})", before + 1));
        let up = at.parent().and_then(ElementRef::wrap)?;
        let css = |outer: &str| format!("{outer} > {}", path.join(" > "));
        if let Some(found) = own(up).into_iter().map(|o| css(&o)).find(|c| first_is(c)) {
            return Some(found);
        }
        at = up;
    }
    None
}
