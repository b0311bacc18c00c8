//! Drafts for things that repeat without being a table: cards, articles, list items.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Field, Source, SourceKind};
use scraper::{ElementRef, Html};

use super::{
    columns::{Column, choose},
    page::{first, is_furniture, is_plain, kind_of, select, text_of, unique},
    paging::paging,
    words,
};
use crate::locate::after_label;

/// Elements of a page that are looked at.
const ELEMENTS: usize = 100_000;
/// Things of each kind that are looked at.
const THINGS: usize = 60;
/// Kinds that are tried.
const KINDS: usize = 12;
/// Elements within a thing that are looked at.
const WITHIN: usize = 300;

/// Things of one kind, and what they are selected by.
struct Group<'a> {
    item: String,
    container: ElementRef<'a>,
    things: Vec<ElementRef<'a>>,
}

/// One draft for each group of things of one kind.
pub(super) fn groups(html: &Html, address: &str, plain: &Source) -> Vec<Source> {
    let root = html.root_element();
    let page = paging(root, address);
    let mut found: Vec<(usize, Group<'_>)> =
        beside(root).into_iter().chain(of_class(root)).map(|g| (weight(&g), g)).filter(|(n, _)| *n >= 3).collect();
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let mut out = Vec::new();
    for (_, group) in found.into_iter().take(KINDS) {
        let Some(container) = unique(root, group.container) else { continue };
        out.push(Source {
            kind: SourceKind::List,
            container: Some(container),
            item: Some(group.item),
            fields: fields_of(&group.things),
            page: page.clone(),
            url: plain.url.clone(),
            body: plain.body.clone(),
            ..Source::default()
        });
    }
    out
}

/// How many of the things have a link and something to say.
fn weight(group: &Group<'_>) -> usize {
    let says = |e: &&ElementRef<'_>| text_of(**e).len() >= 12 && (e.value().name() == "a" || first(**e, "a[href]").is_some());
    group.things.iter().filter(says).count()
}

fn may_repeat(name: &str) -> bool {
    matches!(name, "li" | "div" | "article" | "section" | "a" | "details" | "dd" | "dt" | "p")
}

/// Things that stand side by side: all of one tag, or those of them that share a class.
fn beside(root: ElementRef<'_>) -> Vec<Group<'_>> {
    let mut out = Vec::new();
    for parent in root.descendent_elements().take(ELEMENTS) {
        let mut by_tag: BTreeMap<&str, Vec<ElementRef<'_>>> = BTreeMap::new();
        for child in parent.child_elements().filter(|c| may_repeat(c.value().name())) {
            by_tag.entry(child.value().name()).or_default().push(child);
        }
        for (tag, things) in by_tag.into_iter().filter(|(_, t)| t.len() >= 3) {
            if is_furniture(parent) {
                continue;
            }
            let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
            for thing in &things {
                let own: BTreeSet<&str> = thing.value().classes().filter(|c| is_plain(c)).collect();
                own.into_iter().for_each(|c| *classes.entry(c).or_default() += 1);
            }
            // A class that all have tells them from things of the same tag further down.
            let of_all = classes.iter().filter(|(_, n)| **n == things.len()).map(|(c, _)| *c).min_by_key(|c| c.len());
            let deeper = things.iter().any(|t| first(*t, tag).is_some());
            let item = match of_all {
                Some(class) => format!("{tag}.{class}"),
                None if deeper => format!("> {tag}"),
                None => tag.to_owned(),
            };
            for (class, _) in classes.iter().filter(|(_, n)| **n >= 3 && **n < things.len()) {
                let some: Vec<_> = things.iter().copied().filter(|t| t.value().classes().any(|c| c == *class)).take(THINGS).collect();
                out.push(Group { item: format!("{tag}.{class}"), container: parent, things: some });
            }
            out.push(Group { item, container: parent, things: things.into_iter().take(THINGS).collect() });
        }
    }
    out
}

/// Things of one class that stand in different places of a page, each in a wrapper of its own.
fn of_class(root: ElementRef<'_>) -> Vec<Group<'_>> {
    let mut kinds: BTreeMap<String, Vec<ElementRef<'_>>> = BTreeMap::new();
    for e in root.descendent_elements().take(ELEMENTS).filter(|e| may_repeat(e.value().name()) && e.value().classes().any(is_plain)) {
        let list = kinds.entry(kind_of(e)).or_default();
        if list.len() < THINGS {
            list.push(e);
        }
    }
    let mut out = Vec::new();
    for (kind, things) in kinds.into_iter().filter(|(_, t)| t.len() >= 4) {
        let parents: BTreeSet<_> = things.iter().filter_map(|t| t.parent()).map(|p| p.id()).collect();
        let within = things.iter().skip(1).any(|t| t.ancestors().any(|a| a.id() == things[0].id()));
        if parents.len() < 2 || within || is_furniture(things[0]) {
            continue;
        }
        if let Some(container) = around(&things) {
            out.push(Group { item: kind, container, things });
        }
    }
    out
}

/// The nearest element around all of these.
fn around<'a>(things: &[ElementRef<'a>]) -> Option<ElementRef<'a>> {
    let (first, last) = (things.first()?, things.last()?);
    let of_last: BTreeSet<_> = last.ancestors().map(|a| a.id()).collect();
    first.ancestors().filter_map(ElementRef::wrap).find(|a| of_last.contains(&a.id()))
}

/// What the things hold, by headings, classes, labels and texts.
fn fields_of(things: &[ElementRef<'_>]) -> BTreeMap<String, Field> {
    let mut columns = columns_of(things);
    columns.extend(labelled(things));
    columns.extend(definitions(things));
    let mut fields = choose(&columns);
    // Dates and stages that stand somewhere in the text of the thing itself.
    let whole: Vec<String> = things.iter().map(|e| text_of(*e)).collect();
    for (field, locator) in written(&whole) {
        fields.entry(field).or_insert(Field::Locator(locator));
    }
    if !fields.contains_key("date")
        && let Some(pipes) = words::date_pipes(&whole).filter(|p| p.contains("regex"))
    {
        fields.insert("date".to_owned(), Field::Locator(format!(".{pipes}")));
    }
    if !fields.contains_key("title") {
        fields.insert("title".to_owned(), Field::Locator(".".to_owned()));
    }
    let url = if things[0].value().name() == "a" { Some("@href".to_owned()) } else { link_of(things, &fields) };
    match url {
        Some(url) => fields.insert("url".to_owned(), Field::Locator(format!("{url} | absolute"))),
        None => fields.remove("url"),
    };
    fields
}

/// The link of the title, else the first that differs from thing to thing.
fn link_of(things: &[ElementRef<'_>], fields: &BTreeMap<String, Field>) -> Option<String> {
    let title = match fields.get("title") {
        Some(Field::Locator(l)) => l.split(" |").next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let inner = if title.is_empty() || title == "." { None } else { Some(format!("{title} a")) };
    let able = inner.into_iter().chain(Some(title).filter(|t| t == "a")).chain([
        "h1 a, h2 a, h3 a, h4 a".to_owned(),
        "a".to_owned(),
        "a:nth-of-type(2)".to_owned(),
    ]);
    able.into_iter().find_map(|css| {
        let hrefs: Vec<String> = things.iter().filter_map(|t| first(*t, &css)?.attr("href").map(str::to_owned)).collect();
        let good = hrefs.iter().filter(|h| !h.starts_with('#') && !h.starts_with("javascript:")).count() * 10 >= things.len() * 6;
        (good && words::differ(&hrefs, 0.6)).then(|| format!("{css}@href"))
    })
}

/// One column for each kind of element that most things hold.
fn columns_of(things: &[ElementRef<'_>]) -> Vec<Column> {
    // In the order in which a thing holds them.
    let mut places: Vec<(String, String)> = Vec::new();
    let mut note = |css: String, word: String| {
        if !places.iter().any(|(c, _)| *c == css) {
            places.push((css, word));
        }
    };
    for thing in things.iter().take(8) {
        for e in thing.descendent_elements().skip(1).take(WITHIN) {
            let v = e.value();
            let class_words = || v.classes().filter(|c| is_plain(c)).collect::<Vec<_>>().join(" ");
            if let Some(prop) = v.attr("itemprop").filter(|p| p.bytes().all(|b| b.is_ascii_alphanumeric())) {
                note(format!("[itemprop=\"{prop}\"]"), prop.to_owned());
            }
            if v.name() == "time" && v.attr("datetime").is_some() {
                note("time@datetime".to_owned(), "published date".to_owned());
            }
            match v.name() {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => note(v.name().to_owned(), "heading title".to_owned()),
                "a" => note("a".to_owned(), if v.classes().next().is_some() { class_words() } else { "name".to_owned() }),
                "time" => note("time".to_owned(), "date".to_owned()),
                "strong" | "b" | "em" | "i" | "small" | "code" | "dd" | "cite" => note(v.name().to_owned(), "name".to_owned()),
                "p" => note("p".to_owned(), "text".to_owned()),
                "span" | "div" | "td" => {
                    let n = e.prev_siblings().filter_map(ElementRef::wrap).filter(|s| s.value().name() == v.name()).count();
                    if v.classes().next().is_none() && n < 6 {
                        note(format!("{}:nth-of-type({})", v.name(), n + 1), String::new());
                    }
                }
                _ => {}
            }
            for class in v.classes().filter(|c| is_plain(c)).take(3) {
                note(format!(".{class}"), class.to_owned());
            }
        }
    }
    let read = |css: &str, e: ElementRef<'_>| match css.split_once("@datetime") {
        Some((css, _)) => first(e, css).and_then(|t| t.attr("datetime")).unwrap_or_default().to_owned(),
        None => first(e, css).map(text_of).unwrap_or_default(),
    };
    let mut out: Vec<Column> = places
        .into_iter()
        .take(80)
        .map(|(css, word)| Column { texts: things.iter().map(|t| read(&css, *t)).collect(), word, locator: css })
        .filter(|c| c.texts.iter().filter(|t| !t.is_empty()).count() * 10 >= things.len() * 5)
        .collect();
    // What only wraps everything else says nothing of its own, nor does what says the same as another.
    let whole: Vec<usize> = things.iter().map(|t| text_of(*t).len()).collect();
    out.retain(|c| {
        let wraps = c.texts.iter().zip(&whole).filter(|(t, w)| t.len() * 10 > **w * 9).count() * 10 > things.len() * 7;
        !wraps || words::rank("title", &c.word, false).is_some()
    });
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    // The better word of two columns that say the same comes first.
    out.sort_by_key(|c| usize::from(words::meaning(&c.word).is_none()));
    out.retain(|c| seen.insert(c.texts.clone()));
    out
}

/// What stands behind each of things that are terms.
fn definitions(things: &[ElementRef<'_>]) -> Option<Column> {
    let behind = |t: &ElementRef<'_>| t.next_siblings().find_map(ElementRef::wrap).filter(|n| n.value().name() == "dd").map(text_of);
    things.iter().all(|t| t.value().name() == "dt").then(|| Column {
        word: String::new(),
        locator: "+ dd".to_owned(),
        texts: things.iter().map(|t| behind(t).unwrap_or_default()).collect(),
    })
}

/// Columns of lists of terms in the things.
fn labelled(things: &[ElementRef<'_>]) -> Vec<Column> {
    let mut labels: Vec<String> = Vec::new();
    for cell in things.iter().take(8).flat_map(|t| select(*t, "dt, th")) {
        let label = crate::locate::trim_label(&text_of(cell));
        if !label.is_empty() && label.len() <= 60 && !label.contains(['"', '|']) && !labels.contains(&label) {
            labels.push(label);
        }
    }
    let text = |t: ElementRef<'_>, label: &str| after_label(t, label).first().map(|c| text_of(*c)).unwrap_or_default();
    labels
        .into_iter()
        .take(30)
        .map(|l| Column { texts: things.iter().map(|t| text(*t, &l)).collect(), locator: format!("label(\"{l}\")"), word: l })
        .collect()
}

/// Fields that the texts name themselves: `Status: draft`, `Deadline: 5 May 2026`.
fn written(texts: &[String]) -> Vec<(String, String)> {
    let Ok(pair) = regex::Regex::new(r"(?:^|[\s.;,|·•(])([A-Z][A-Za-z]+(?: [A-Za-z]+){0,2}):\s+([^\s:|·•;]+(?:[ -][^\s:|·•;]+){0,5})")
    else {
        return Vec::new();
    };
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in texts {
        let mut own = BTreeSet::new();
        for c in pair.captures_iter(text) {
            if own.insert(c[1].to_owned()) {
                labels.entry(c[1].to_owned()).or_default().push(c[2].to_owned());
            }
        }
    }
    let mut out = Vec::new();
    for (label, values) in labels.into_iter().filter(|(_, v)| v.len() * 10 >= texts.len() * 6) {
        match words::meaning(&label) {
            Some(field @ ("date" | "deadline")) => {
                if let Some(pipes) = words::date_pipes(&values) {
                    let inner = r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d\d-\d\d|\d{1,2}\.? \p{L}+\.?,? \d{4}|\p{L}+\.? \d{1,2}, \d{4}";
                    let form = if pipes.contains("%m/%d") { "date(%m/%d/%Y)" } else { "date" };
                    out.push((field.to_owned(), format!(". | regex({label}:\\s+({inner})) | {form}")));
                }
            }
            // One word can be told from what follows; more cannot.
            Some("stage") if values.iter().all(|v| v.chars().count() <= 40) => {
                out.push(("stage".to_owned(), format!(". | regex({label}:\\s+(\\S+))")));
            }
            _ => {}
        }
    }
    out
}
