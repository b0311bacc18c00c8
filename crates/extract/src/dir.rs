//! Kind `dir`: directory listings, whoever writes them (IIS and 3GPP old and new, Apache, nginx, lighttpd).

use std::{cmp::Ordering, collections::BTreeMap, sync::LazyLock};

use monitor_model::{ComplaintStage, When};
use regex::Regex;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use crate::{
    Container, Extraction, Next, Page, Recipe,
    charset::decode,
    dates::wild,
    depth::flatten,
    glob::Glob,
    html::take,
    locate::{DIR_WORDS, Found, Locator},
    row::{Builder, Row},
    text::{Reading, collapse, node_text},
};

/// A file or folder of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    name: String,
    url: String,
    /// When it was changed, as the listing writes it.
    pub(crate) mtime: Option<String>,
    size: Option<String>,
    folder: bool,
}

impl Row for Listed {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        let Locator::Word(word) = locator else { return Found::none() };
        let text = match *word {
            "name" => Some(&self.name),
            "mtime" => self.mtime.as_ref(),
            "size" => self.size.as_ref(),
            _ => Some(&self.url),
        };
        Found::Texts(text.cloned().into_iter().collect())
    }

    fn raw(&self, key: &str) -> Option<Vec<String>> {
        let word = DIR_WORDS.iter().find(|w| **w == key)?;
        match self.find(&Locator::Word(word)) {
            Found::Texts(t) => Some(t),
            Found::Nodes(_) => None,
        }
    }
}

/// Reads a listing: files as rows, folders to enter as next pages.
pub(crate) fn listing(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let decoded = decode(bytes, page.media_type);
    if let Some(what) = crate::flood::of_tags(&decoded.text) {
        return Extraction::failed(ComplaintStage::Parse, page, what);
    }
    let html = Html::parse_document(&flatten(&decoded.text));
    let mut builder = Builder::new(recipe, page.final_url);
    let Some(base) = builder.base.clone() else {
        return Extraction::failed(ComplaintStage::Parse, page, "the listing has no address of its own");
    };
    let listed = children(&html, &base);
    if listed.is_empty() && !is_listing(&html) {
        let what = format!("this is no directory listing ({} bytes): no file or folder stands directly under {}", bytes.len(), base.path());
        return Extraction { container: Container::Missing, ..Extraction::failed(ComplaintStage::Select, page, what) };
    }
    let mut out = Extraction { container: Container::Found, ..Extraction::default() };
    for (n, item) in listed.iter().enumerate() {
        let wanted = if recipe.matches.is_empty() {
            !item.folder
        } else {
            recipe.matches.iter().any(|g| g.folder == item.folder && g.fits(&item.name))
        };
        if wanted {
            let before = out.entries.len();
            take(&mut builder, item, n, &mut out);
            // Servers of files write their paths now so, now so: the row is known by its path in any case.
            for entry in out.entries.iter_mut().skip(before).filter(|e| e.source_key.is_none()) {
                entry.source_key = Url::parse(&item.url).ok().map(|u| decoded_path(&u).to_lowercase());
            }
        } else if !item.folder {
            out.filtered += 1;
        }
    }
    (out.next, out.older) = enter(recipe, page, &base, &listed);
    out.complaints = builder.complaints(page.url);
    out
}

/// So many folders beyond `latest` are named as older ones.
const OLDER: usize = 20;

/// The folders to enter from here, newest first, and those next in age that `latest` leaves out.
fn enter(recipe: &Recipe, page: &Page<'_>, base: &Url, listed: &[Listed]) -> (Vec<Next>, Vec<Next>) {
    let path = decoded_path(base);
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let (mut out, mut older): (Vec<Next>, Vec<Next>) = Default::default();
    for pattern in &recipe.enter {
        let Some(glob) = pattern.get(page.depth) else { continue };
        let came: &[&str] = &segments[segments.len().saturating_sub(page.depth)..];
        if came.len() != page.depth || !pattern.iter().zip(came).all(|(g, s)| g.fits(s)) {
            continue;
        }
        let mut folders: Vec<(&Listed, Option<When>)> =
            listed.iter().filter(|l| l.folder && glob.fits(&l.name)).map(|l| (l, l.mtime.as_deref().and_then(|t| wild(t).ok()))).collect();
        let dated = folders.iter().all(|(_, w)| w.is_some());
        folders.sort_by(|(a, wa), (b, wb)| {
            let by_date = if dated { wb.cmp(wa) } else { Ordering::Equal };
            by_date.then_with(|| natural(&b.name, &a.name))
        });
        let most = if Glob::is_wild(glob) { recipe.latest.unwrap_or(usize::MAX) } else { usize::MAX };
        for (n, (folder, _)) in folders.into_iter().take(most.saturating_add(OLDER)).enumerate() {
            let list = if n < most { &mut out } else { &mut older };
            if !list.iter().any(|n| n.url == folder.url) {
                list.push(Next { url: folder.url.clone(), depth: page.depth + 1 });
            }
        }
    }
    older.retain(|o| !out.contains(o));
    (out, older)
}

/// Numbers in names count as numbers: `TSGS3_99` before `TSGS3_125`.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().flat_map(char::to_lowercase).peekable(), b.chars().flat_map(char::to_lowercase).peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let number = |it: &mut dyn FnMut() -> Option<char>| {
                    let mut digits = String::new();
                    while let Some(d) = it() {
                        if !(digits.is_empty() && d == '0') {
                            digits.push(d);
                        }
                    }
                    digits
                };
                let x = number(&mut || a.next_if(char::is_ascii_digit));
                let y = number(&mut || b.next_if(char::is_ascii_digit));
                match x.len().cmp(&y.len()).then_with(|| x.cmp(&y)) {
                    Ordering::Equal => {}
                    other => return other,
                }
            }
            (Some(x), Some(y)) if x == y => {
                a.next();
                b.next();
            }
            (Some(x), Some(y)) => return x.cmp(&y),
        }
    }
}

/// Whether a page says of itself that it is a listing.
pub(crate) fn says_listing(text: &str) -> bool {
    crate::flood::of_tags(text).is_none() && is_listing(&Html::parse_document(&flatten(text)))
}

/// A page that says of itself that it is a listing, though nothing is in it.
fn is_listing(html: &Html) -> bool {
    let says = |css: &str, words: &[&str]| {
        Selector::parse(css).is_ok_and(|s| {
            html.select(&s).take(50).any(|e| {
                let text = collapse(&node_text(e, &Reading { limit: 500, ..Reading::default() })).to_lowercase();
                words.iter().any(|w| text.contains(w))
            })
        })
    };
    says("title, h1, h2", &["index of", "directory listing", " - /"]) || says("a", &["parent directory", "../"])
}

fn decoded_path(url: &Url) -> String {
    percent_decode(url.path())
}

pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        match (bytes[i], bytes.get(i + 1).copied().and_then(hex), bytes.get(i + 2).copied().and_then(hex)) {
            (b'%', Some(a), Some(b)) => {
                out.push(a * 16 + b);
                i += 3;
            }
            (b, ..) => {
                out.push(b);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Everything that stands directly under the page's folder, each once, in the order of the page.
fn children(html: &Html, base: &Url) -> Vec<Listed> {
    let Ok(links) = Selector::parse("a[href]") else { return Vec::new() };
    let path = decoded_path(base).to_lowercase();
    // Without a final slash the address may name the folder itself, or something beside its members.
    let mut folders = vec![format!("{}/", path.trim_end_matches('/'))];
    if !path.ends_with('/') {
        folders.push(path[..path.rfind('/').map_or(0, |i| i + 1)].to_owned());
    }
    let anchors: Vec<(ElementRef<'_>, Url, String)> = html
        .select(&links)
        .filter_map(|a| {
            let href = a.attr("href")?.trim();
            if href.is_empty() || href.starts_with(['?', '#']) {
                return None;
            }
            let mut url = base.join(href).ok()?;
            if url.host_str() != base.host_str() || !matches!(url.scheme(), "http" | "https" | "ftp") {
                return None;
            }
            url.set_query(None);
            url.set_fragment(None);
            let path = decoded_path(&url);
            Some((a, url, path))
        })
        .collect();
    for folder in &folders {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut out: Vec<Listed> = Vec::new();
        for (a, url, full) in &anchors {
            let Some(name) = under(full, folder) else { continue };
            let key = name.to_lowercase();
            if let Some(at) = places.get(&key) {
                // An icon and a name often link to the same file.
                let more = describe(*a, name, url, full.ends_with('/'));
                let known = &mut out[*at];
                known.mtime = known.mtime.take().or(more.mtime);
                known.size = known.size.take().or(more.size);
                continue;
            }
            places.insert(key, out.len());
            out.push(describe(*a, name, url, full.ends_with('/')));
        }
        if !out.is_empty() {
            return out;
        }
    }
    Vec::new()
}

/// The name of a direct member of the folder.
fn under<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let lower = path.to_lowercase();
    // Lower-casing may change lengths outside ASCII: then only an equal start counts.
    let rest = if lower.len() == path.len() && lower.starts_with(folder) { path.get(folder.len()..) } else { path.strip_prefix(folder) }?;
    let name = rest.strip_suffix('/').unwrap_or(rest);
    if name.is_empty() || name.contains('/') || name == ".." { None } else { Some(name) }
}

static WHEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // `2026-05-05 10:15`, `05-May-2026`, `5/5/2026  10:15 AM`, and `Tuesday, May 05, 2026 10:15 AM`.
    Regex::new(r"(?i)\b(?:\d{1,4}[-/. ](?:\d{1,2}|[a-z]{3,9})[-/. ]\d{1,4}|[a-z]{3,9}\.? \d{1,2},? \d{4})(?:,?[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?)?").ok()
});
static SIZE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|\s)(\d[\d.,\u{a0}\u{202f}' ]*(?:\s*(?:bytes|[kmgt]i?b?|b))?)(?:\s|$)").ok());

pub(crate) fn describe(a: ElementRef<'_>, name: &str, url: &Url, slash: bool) -> Listed {
    let row = a.ancestors().take(4).filter_map(ElementRef::wrap).find(|e| e.value().name() == "tr");
    let (mut mtime, mut size) = (None, None);
    let mut around = String::new();
    match row {
        Some(tr) => {
            for cell in tr.child_elements().filter(|c| !a.ancestors().any(|up| up.id() == c.id())) {
                let text = collapse(&node_text(cell, &Reading { limit: 400, ..Reading::default() }));
                if mtime.is_none() && text.len() < 60 && wild(&text).is_ok() && !text.bytes().all(|b| b.is_ascii_digit()) {
                    mtime = Some(text);
                } else if size.is_none() && SIZE.as_ref().and_then(|r| r.captures(&text)).is_some_and(|c| c[0].trim() == text) {
                    size = Some(text);
                } else {
                    around.push(' ');
                    around.push_str(&text);
                }
            }
        }
        None => {
            let (before, after) = line_of(a);
            around = format!("{before} {after}");
            for part in [&before, &after] {
                let Some(found) = WHEN.as_ref().and_then(|r| r.find(part)) else { continue };
                let text = collapse(found.as_str());
                if wild(&text).is_ok() {
                    mtime = Some(text);
                    let rest = format!("{} {}", &part[..found.start()], &part[found.end()..]);
                    size = SIZE.as_ref().and_then(|r| r.captures(&rest)).map(|c| collapse(&c[1]));
                    break;
                }
            }
        }
    }
    let folder = slash || is_folder(a, row, name, &around.to_lowercase(), size.is_some());
    Listed { name: name.to_owned(), url: url.to_string(), mtime, size, folder }
}

fn is_folder(a: ElementRef<'_>, row: Option<ElementRef<'_>>, name: &str, around: &str, sized: bool) -> bool {
    if around.contains("<dir>") || around.contains("[dir]") {
        return true;
    }
    if sized || a.value().has_class("file", scraper::CaseSensitivity::AsciiCaseInsensitive) {
        return false;
    }
    let icon = row
        .or_else(|| a.parent().and_then(ElementRef::wrap).filter(|p| p.value().name() != "pre" && p.value().name() != "body"))
        .and_then(|r| r.descendent_elements().find(|e| e.value().name() == "img"))
        .or_else(|| a.prev_siblings().take(2).filter_map(ElementRef::wrap).find(|e| e.value().name() == "img"));
    if let Some(img) = icon {
        let src = img.attr("src").unwrap_or_default().to_lowercase();
        let alt = img.attr("alt").unwrap_or_default().to_lowercase();
        if let Some((_, file)) = src.split_once("?file=") {
            return file.is_empty();
        }
        if alt.contains("dir") || src.contains("folder") || src.contains("directory") {
            return true;
        }
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e);
    !extension.is_some_and(|e| {
        (1..=5).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_alphanumeric()) && !e.bytes().all(|b| b.is_ascii_digit())
    })
}

/// What stands on the link's line before and after it.
fn line_of(a: ElementRef<'_>) -> (String, String) {
    let mut before: Vec<String> = Vec::new();
    for node in a.prev_siblings().take(6) {
        match node.value() {
            Node::Text(t) => {
                if let Some(cut) = t.rfind('\n') {
                    before.push(t[cut + 1..].to_owned());
                    break;
                }
                before.push(t.to_string());
            }
            Node::Element(e) if matches!(e.name(), "a" | "br" | "hr" | "h1") => break,
            _ => {}
        }
    }
    before.reverse();
    let mut after = String::new();
    for node in a.next_siblings().take(6) {
        match node.value() {
            Node::Text(t) => match t.find('\n') {
                Some(cut) => {
                    after.push_str(&t[..cut]);
                    break;
                }
                None => after.push_str(t),
            },
            Node::Element(e) if matches!(e.name(), "a" | "br" | "hr") => break,
            _ => {}
        }
    }
    (before.concat(), after)
}
