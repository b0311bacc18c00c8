//! Kinds `list` and `page`.

use monitor_model::{ComplaintStage, Entry};
use scraper::{ElementRef, Html, Selector};

use crate::{
    Container, Extraction, Page, Recipe,
    charset::decode,
    depth::flatten,
    flood,
    locate::{Found, Locator, after_label},
    next,
    recipe::Place,
    row::{Builder, Built, Row},
    text::{Reading, collapse, node_text},
};

struct HtmlRow<'a>(ElementRef<'a>);

impl Row for HtmlRow<'_> {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        match locator {
            Locator::Css(css) => css.find(self.0),
            Locator::Label(label, css) => after_label(self.0, label).first().map_or_else(Found::none, |first| {
                if css.select.is_none() && css.attr.is_none() { Found::Nodes(after_label(self.0, label)) } else { css.find(*first) }
            }),
            _ => Found::none(),
        }
    }
}

/// Rows by CSS.
pub(crate) fn list(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let (html, mut builder) = match open(recipe, page, bytes) {
        Ok(opened) => opened,
        Err(failed) => return *failed,
    };
    let mut out = Extraction::default();
    let root = html.root_element();
    let within = match &recipe.container {
        None => root,
        Some(c) => match root.select(&c.it).next() {
            Some(node) => {
                out.container = Container::Found;
                node
            }
            None => {
                let what = format!(
                    "the container “{}” is not on the page ({} bytes{}): it has changed, or this is another page",
                    c.text,
                    bytes.len(),
                    title(&html)
                );
                return Extraction { container: Container::Missing, ..Extraction::failed(ComplaintStage::Select, page, what) };
            }
        },
    };
    let Some(item) = &recipe.item else { return Extraction::failed(ComplaintStage::Select, page, "the source names no item") };
    for (n, node) in within.select(&item.it).enumerate() {
        take(&mut builder, &HtmlRow(node), n, &mut out);
    }
    finish(recipe, page, root, builder, &mut out);
    out
}

/// One page, one entry.
pub(crate) fn page(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let (html, mut builder) = match open(recipe, page, bytes) {
        Ok(opened) => opened,
        Err(failed) => return *failed,
    };
    let mut out = Extraction::default();
    let root = html.root_element();
    let within = match &recipe.container {
        None => root,
        Some(c) => match root.select(&c.it).next() {
            Some(node) => {
                out.container = Container::Found;
                node
            }
            None => {
                let what = format!("the container “{}” is not on the page ({} bytes{})", c.text, bytes.len(), title(&html));
                return Extraction { container: Container::Missing, ..Extraction::failed(ComplaintStage::Select, page, what) };
            }
        },
    };
    match builder.build(&HtmlRow(within)) {
        Built::Entry(e) if recipe.part => out.entries.extend(some(recipe, *e)),
        Built::Entry(e) if e.number.is_none() && declares(recipe, "number") && sounds_lost(&e.title) => {
            let what = format!("the page has no number and is titled “{}”: it says that there is nothing", crate::notes::shorten(&e.title));
            return Extraction { complaints: builder.complaints(page.url), ..Extraction::failed(ComplaintStage::Select, page, what) };
        }
        Built::Entry(mut e) => {
            if e.url.is_none() {
                e.url = Some(page.final_url.to_owned());
            }
            out.entries.push(*e);
        }
        Built::Unwanted => out.filtered += 1,
        Built::Nameless => {
            let what = format!(
                "neither number nor title is on the page ({} bytes{}): it has changed, or this is another page",
                bytes.len(),
                title(&html)
            );
            return Extraction { complaints: builder.complaints(page.url), ..Extraction::failed(ComplaintStage::Select, page, what) };
        }
    }
    finish(recipe, page, root, builder, &mut out);
    out
}

/// What was read of a part, if anything was.
pub(crate) fn some(recipe: &Recipe, e: Entry) -> Option<Entry> {
    let nothing = Entry { body: recipe.body.clone(), group: recipe.group.clone(), lang: recipe.lang.clone(), ..Entry::default() };
    (e != nothing).then_some(e)
}

fn declares(recipe: &Recipe, field: &str) -> bool {
    recipe.fields.iter().any(|f| f.name == field)
}

/// Whether a title is that of an error page which was sent as a good one.
pub(crate) fn sounds_lost(title: &str) -> bool {
    let t = title.to_lowercase();
    [
        "not found",
        "404",
        "not available",
        "unavailable",
        "does not exist",
        "no longer exists",
        "access denied",
        "forbidden",
        "just a moment",
    ]
    .iter()
    .any(|w| t.contains(w))
        || t.starts_with("error")
        || t.ends_with("error")
}

/// One row into the result.
pub(crate) fn take(builder: &mut Builder<'_>, row: &dyn Row, n: usize, out: &mut Extraction) {
    if out.entries.len() >= flood::ROWS {
        out.dropped += 1;
        builder.notes.add(ComplaintStage::Validate, "more rows on one page than are taken", || format!("the first {}", flood::ROWS));
        return;
    }
    match builder.build(row) {
        Built::Entry(e) if builder.is_part() => out.entries.extend(some(builder.recipe(), *e)),
        Built::Entry(e) => out.entries.push(*e),
        Built::Unwanted => out.filtered += 1,
        Built::Nameless => {
            out.rejected += 1;
            builder.notes.add(ComplaintStage::Validate, "a row has neither title nor number", || format!("row {}", n + 1));
        }
    }
}

type Opened<'r> = (Html, Builder<'r>);

fn open<'r>(recipe: &'r Recipe, page: &Page<'_>, bytes: &[u8]) -> Result<Opened<'r>, Box<Extraction>> {
    let fail = |what: &str| Err(Box::new(Extraction::failed(ComplaintStage::Parse, page, what)));
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return fail("the page is empty (0 bytes of text): the host throttles, or the address is wrong");
    }
    let decoded = decode(bytes, page.media_type);
    let start = decoded.text.trim_start();
    if start.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok() {
        return fail("this is JSON, not an HTML page: use kind = \"json\"");
    }
    if let Some(what) = flood::of_tags(&decoded.text) {
        return fail(&what);
    }
    let html = Html::parse_document(&flatten(&decoded.text));
    let mut builder = Builder::new(recipe, page.final_url);
    if let Some(note) = decoded.note {
        builder.notes.add(ComplaintStage::Decode, note, String::new);
    }
    if let Some(href) =
        Selector::parse("base[href]").ok().and_then(|s| html.select(&s).next().and_then(|b| b.attr("href").map(str::to_owned)))
        && let Some(base) = builder.base.as_ref().and_then(|b| b.join(href.trim()).ok())
    {
        builder.base = Some(base);
    }
    Ok((html, builder))
}

/// What the page calls itself, for a failure.
fn title(html: &Html) -> String {
    let text = Selector::parse("title")
        .ok()
        .and_then(|s| html.select(&s).next().map(|t| collapse(&node_text(t, &Reading { limit: 400, ..Reading::default() }))));
    match text {
        Some(t) if !t.is_empty() => format!(", titled “{}”", crate::notes::shorten(&t)),
        _ => String::new(),
    }
}

fn finish(recipe: &Recipe, page: &Page<'_>, root: ElementRef<'_>, builder: Builder<'_>, out: &mut Extraction) {
    let first = |place: &Option<Place>| match place {
        Some(Place::Css(css)) => match css.find(root) {
            Found::Texts(t) => t.into_iter().next(),
            Found::Nodes(n) => n.first().map(|n| match n.attr("href") {
                // `a.next` means its address.
                Some(href) if n.value().name() == "a" || n.value().name() == "link" => href.to_owned(),
                _ => node_text(*n, &Reading::default()),
            }),
        },
        _ => None,
    };
    let link = first(&recipe.next);
    out.total = first(&recipe.total).and_then(|t| next::count(&t));
    next::add(recipe, page, builder.base.as_ref(), link, out);
    out.complaints = builder.complaints(page.url);
}
