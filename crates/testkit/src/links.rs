//! Reads a site of files and says what is wrong with its links, names and attributes.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// A tag with its attributes.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

fn entities(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// The opening tags of a page. What stands inside scripts and styles is no tag.
fn tags(html: &str) -> Vec<Tag> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, r)| r);
            continue;
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        if name.is_empty() {
            continue;
        }
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len()).max(1);
            let key = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            let value = match rest.strip_prefix("=\"").and_then(|v| v.split_once('"')) {
                Some((value, after)) => {
                    rest = after;
                    entities(value)
                }
                None => String::new(),
            };
            attributes.push((key, value));
        }
        if matches!(name.as_str(), "script" | "style") {
            let close = format!("</{name}");
            rest = rest.find(&close).map_or("", |i| &rest[i..]);
        }
        out.push(Tag { name, attributes });
    }
    out
}

fn percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < bytes.len() {
        match (bytes[i], text.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(b)) => {
                out.push(b);
                i += 3;
            }
            (b, _) => {
                out.push(b);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The file to which a relative address leads from `page`; none when it leaves the site.
fn target(page: &str, address: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for p in address.split('/') {
        match p {
            ".." => drop(parts.pop()?),
            "." | "" => {}
            p => parts.push(p),
        }
    }
    Some(parts.join("/"))
}

/// Everything that is wrong with the site: dead links, links that only work at one place, names given twice, scripts in attributes,
/// anything that would be asked of somebody else.
pub fn faults(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let pages: BTreeMap<&str, Vec<Tag>> =
        files.iter().filter(|(p, _)| p.ends_with(".html")).map(|(p, b)| (p.as_str(), tags(&String::from_utf8_lossy(b)))).collect();
    let ids: BTreeMap<&str, Vec<&str>> = pages
        .iter()
        .map(|(p, t)| (*p, t.iter().flat_map(|t| &t.attributes).filter(|(k, _)| k == "id").map(|(_, v)| v.as_str()).collect()))
        .collect();
    let mut out = Vec::new();
    for (page, tags) in &pages {
        let names = &ids[page];
        let unique: BTreeSet<&&str> = names.iter().collect();
        if unique.len() != names.len() {
            out.push(format!("{page}: an id is given twice"));
        }
        for one in ["title", "h1", "main"] {
            // The parts of a picture have titles of their own.
            let before_pictures = tags.iter().take_while(|t| one != "title" || t.name != "svg");
            let n = before_pictures.filter(|t| t.name == one).count();
            if n != 1 {
                out.push(format!("{page}: {n} × {one}"));
            }
        }
        for t in tags {
            for (key, value) in &t.attributes {
                if key.starts_with("on") {
                    out.push(format!("{page}: {key} on {}", t.name));
                }
                if !matches!(key.as_str(), "href" | "src") {
                    continue;
                }
                let outside = value.starts_with("https://") || value.starts_with("http://") || value.starts_with("mailto:");
                if outside && t.name == "a" {
                    continue;
                }
                // An empty picture asks nobody.
                if value == "data:," {
                    continue;
                }
                if outside || value.contains(':') || value.starts_with('/') {
                    out.push(format!("{page}: {} {key}=\"{value}\" is not relative", t.name));
                    continue;
                }
                let (path, fragment) = value.split_once('#').unwrap_or((value, ""));
                let to = if path.is_empty() { Some((*page).to_owned()) } else { target(page, &percent(path)) };
                match to {
                    Some(to) if files.contains_key(&to) => {
                        if !fragment.is_empty() && ids.get(to.as_str()).is_some_and(|ids| !ids.contains(&percent(fragment).as_str())) {
                            out.push(format!("{page}: nothing in {to} is called #{fragment}"));
                        }
                    }
                    _ => out.push(format!("{page}: {value} leads nowhere")),
                }
            }
        }
    }
    out
}

/// All files below a folder, by path with `/`; hidden ones are left out.
///
/// # Panics
/// When the folder cannot be read.
pub fn read(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut todo = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = todo.pop() {
        for e in std::fs::read_dir(&folder).expect("the folder can be read") {
            let e = e.expect("an entry");
            let name = e.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            if e.path().is_dir() {
                todo.push((e.path(), format!("{prefix}{name}/")));
            } else {
                out.insert(format!("{prefix}{name}"), std::fs::read(e.path()).expect("a file can be read"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_seen() {
        let page = |body: &str| format!("<title>t</title><main><h1>x</h1>{body}</main>").into_bytes();
        let site = |body: &str| BTreeMap::from([("a/b.html".to_owned(), page(body)), ("c.html".to_owned(), page("<p id=\"here\">"))]);
        for good in [
            "<a href=\"../c.html#here\">",
            "<a href=\"b.html\">",
            "<a href=\"#\">",
            "<a href=\"https://example.org/?a=1&amp;b\">",
            "<!-- <a href=\"x\"> -->",
        ] {
            assert_eq!(faults(&site(good)), Vec::<String>::new(), "{good}");
        }
        for bad in [
            "<a href=\"d.html\">",
            "<a href=\"../c.html#there\">",
            "<a href=\"../../c.html\">",
            "<a href=\"/c.html\">",
            "<a href=\"javascript:x\">",
            "<img src=\"https://example.org/x.png\">",
            "<p onclick=\"x\">",
            "<p id=\"x\"><p id=\"x\">",
            "<h1>twice</h1>",
        ] {
            assert_eq!(faults(&site(bad)).len(), 1, "{bad}: {:?}", faults(&site(bad)));
        }
    }
}
