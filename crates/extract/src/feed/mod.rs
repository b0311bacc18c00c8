//! Kind `feed`: RSS, Atom and JSON Feed through feed-rs, with our own cleaning before it, our own dates and keys after it, and
//! item by item where the whole is not well formed.

mod by_hand;
mod clean;
mod json;
mod manners;
mod parse;
mod scan;

use std::{collections::BTreeMap, time::Duration};

use monitor_model::ComplaintStage;

use crate::{
    Extraction, Page, Quiet, Recipe,
    charset::decode,
    html::take,
    locate::{FEED_WORDS, Found, Locator},
    next,
    notes::shorten,
    row::{Builder, Row},
    text::{collapse, looks_like_html},
};

/// A feed item in plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Item {
    title: String,
    link: Option<String>,
    id: String,
    published: Option<String>,
    updated: Option<String>,
    summary: Option<String>,
    content: Option<String>,
    authors: Vec<String>,
    categories: Vec<String>,
    enclosures: Vec<String>,
    /// `ext(…)` → its texts.
    ext: BTreeMap<String, Vec<String>>,
}

impl Row for Item {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        let one = |t: &Option<String>| t.clone().into_iter().collect();
        let word = match locator {
            Locator::Word(w) => *w,
            Locator::Ext(name) => return Found::Texts(self.ext.get(name).cloned().unwrap_or_default()),
            _ => return Found::none(),
        };
        Found::Texts(match word {
            "title" => vec![self.title.clone()],
            "link" => one(&self.link),
            "id" => vec![self.id.clone()],
            "published" => one(&self.published),
            "updated" => one(&self.updated),
            "date" => self.published.iter().chain(&self.updated).take(1).cloned().collect(),
            "summary" => one(&self.summary),
            "content" => one(&self.content),
            "text" => self.summary.iter().chain(&self.content).take(1).cloned().collect(),
            // RSS gives a mail address, and a name in brackets behind it: how to reach somebody, not who published.
            "author" => self.authors.iter().filter(|a| !a.starts_with('(') && !crate::private::reaches(a)).cloned().collect(),
            "categories" => self.categories.clone(),
            _ => self.enclosures.clone(),
        })
    }

    fn raw(&self, key: &str) -> Option<Vec<String>> {
        let word = FEED_WORDS.iter().find(|w| **w == key)?;
        match self.find(&Locator::Word(word)) {
            Found::Texts(t) => Some(t),
            Found::Nodes(_) => None,
        }
    }
}

/// Reads a feed.
pub(crate) fn items(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let fail = |what: String| Extraction::failed(ComplaintStage::Parse, page, what);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return fail("the feed is empty (0 bytes of text): the host throttles, or the address is wrong".into());
    }
    let decoded = decode(bytes, page.media_type);
    let ext: Vec<&str> = recipe
        .fields
        .iter()
        .flat_map(|f| f.rule.finds())
        .filter_map(|f| if let Locator::Ext(name) = &f.locator { Some(name.as_str()) } else { None })
        .collect();
    let mut feed = match parse::parse(&decoded.text, page.final_url, &ext) {
        Ok(f) => f,
        Err(why) if is_html(&decoded.text) => {
            let what = "this is an HTML page, not a feed: look for <link rel=\"alternate\"> in it, or use kind = \"list\"";
            return fail(format!("{what} ({} bytes; {why})", bytes.len()));
        }
        Err(why) => return fail(format!("this is not a feed: {why} ({} bytes)", bytes.len())),
    };
    if let Some(why) = error_feed(&feed.items) {
        return fail(format!("the feed reports an error: {why}"));
    }
    let mut builder = Builder::new(recipe, page.final_url);
    if let Some(note) = decoded.note {
        builder.notes.add(ComplaintStage::Decode, note, String::new);
    }
    for what in &feed.mended {
        builder.notes.add(ComplaintStage::Parse, format!("the feed is not well formed and was mended: {what}"), String::new);
    }
    let mut out = Extraction { ttl: feed.ttl, quiet: feed.quiet, ..Extraction::default() };
    if feed.lost > 0 {
        out.rejected += feed.lost;
        builder.notes.add_many(ComplaintStage::Parse, "an item could not be read", feed.lost, String::new);
    }
    let nameless = name(&mut feed.items);
    if nameless > 0 {
        builder.notes.add_many(ComplaintStage::Validate, "an item has no title and is named by what else it says", nameless, String::new);
    }
    let shared = settle_keys(&mut feed.items);
    if shared > 0 {
        builder.notes.add_many(ComplaintStage::Validate, "items share their id: link and title were added to it", shared, String::new);
    }
    for (n, item) in feed.items.iter().enumerate() {
        take(&mut builder, item, n, &mut out);
    }
    let lang = feed.language.as_deref().map(|l| l.split(['-', '_']).next().unwrap_or(l).to_lowercase());
    if recipe.lang.is_none()
        && let Some(lang) = lang.filter(|l| l.len() == 2 && l.bytes().all(|b| b.is_ascii_lowercase()))
    {
        for e in &mut out.entries {
            e.lang.get_or_insert_with(|| lang.clone());
        }
    }
    next::add(recipe, page, builder.base.as_ref(), feed.next, &mut out);
    out.complaints = builder.complaints(page.url);
    out
}

/// What the parser and the mending gave.
#[derive(Debug, Default)]
struct Feed {
    items: Vec<Item>,
    ttl: Option<Duration>,
    /// When it asks not to be read.
    quiet: Quiet,
    language: Option<String>,
    /// Address of the next page (Atom `rel="next"`).
    next: Option<String>,
    mended: Vec<&'static str>,
    /// Items of which nothing could be read.
    lost: u64,
}

fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(2000).collect::<String>().to_lowercase();
    start.contains("<html") || start.starts_with("<!doctype html")
}

/// arXiv and others answer errors as feeds with one item.
fn error_feed(items: &[Item]) -> Option<String> {
    let [one] = items else { return None };
    let says = one.title.eq_ignore_ascii_case("error");
    let points = [Some(&one.id), one.link.as_ref()].into_iter().flatten().any(|a| a.contains("/api/errors") || a.contains("/errors#"));
    if points || says && one.id.to_lowercase().contains("error") {
        Some(shorten(one.summary.as_deref().unwrap_or(&one.title)))
    } else {
        None
    }
}

/// So long is a title that is made of a text, in characters.
const TITLE_OF_TEXT: usize = 100;

/// Items without a title are items: they are named by the first words of their text, else by their address, else by whatever
/// they hold. Gives how many there were.
fn name(items: &mut [Item]) -> u64 {
    let mut nameless = 0;
    for item in items.iter_mut().filter(|i| i.title.trim().is_empty()) {
        nameless += 1;
        let texts = item.summary.iter().chain(&item.content).map(|t| first_words(t));
        let rest = item.link.iter().chain(&item.enclosures).chain(Some(&item.id)).chain(&item.categories).chain(&item.authors);
        let rest = rest.chain(&item.published).chain(&item.updated).map(|t| first_words(t));
        item.title = texts.chain(rest).find(|t| !t.is_empty()).unwrap_or_else(|| "(untitled)".to_owned());
    }
    nameless
}

/// The beginning of a text, cut between words.
fn first_words(text: &str) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(TITLE_OF_TEXT) else { return text.to_owned() };
    let cut = text[..end].rfind(char::is_whitespace).filter(|n| *n > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end())
}

/// Every item gets a key: the feed's own, else the link, else what it says. Keys that several items share are extended.
/// Gives the number of items that shared one.
fn settle_keys(items: &mut [Item]) -> u64 {
    for item in items.iter_mut() {
        item.id = collapse(&item.id);
        if item.id.is_empty() {
            item.id = match &item.link {
                Some(l) => l.clone(),
                None => format!("text:{}", digest(&[&item.title, item.published.as_deref().unwrap_or_default()])),
            };
        }
    }
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for item in items.iter() {
        *seen.entry(item.id.clone()).or_default() += 1;
    }
    let mut shared = 0;
    for item in items.iter_mut() {
        if seen.get(&item.id).is_some_and(|n| *n > 1) {
            shared += 1;
            item.id = format!("{}#{}", item.id, digest(&[item.link.as_deref().unwrap_or_default(), &item.title]));
        }
    }
    shared
}

fn digest(parts: &[&str]) -> String {
    let mut h = blake3::Hasher::new();
    for p in parts {
        h.update(p.as_bytes());
        h.update(&[0]);
    }
    h.finalize().to_hex()[..16].to_owned()
}

/// Plain text of a title or summary.
fn plain(text: &str, html: bool) -> String {
    if html || looks_like_html(text) { crate::text::html_to_text(text) } else { collapse(text) }
}
