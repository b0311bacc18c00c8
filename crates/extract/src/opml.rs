//! OPML: lists of feeds as other readers write them. One bad outline costs that outline.

use crate::{
    charset::decode,
    elements::{ElementPath, ROOT, Tree},
    text::collapse,
};

/// A feed of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What it is called there.
    pub title: String,
    /// The feed's address.
    pub url: String,
    /// The page to which it belongs.
    pub home: Option<String>,
    /// The folders in which it stands, the outermost first.
    pub folders: Vec<String>,
}

/// The feeds of a list in its order, and a complaint for each outline that could not be taken.
///
/// # Errors
/// When it is no OPML at all.
pub fn opml(bytes: &[u8]) -> Result<(Vec<Outline>, Vec<String>), String> {
    let tree = Tree::parse(&decode(bytes, None).text)?;
    if !tree.root_name().is_some_and(|n| n.eq_ignore_ascii_case("opml")) {
        return Err(format!("this is no OPML: its root is <{}>", tree.root_name().unwrap_or_default()));
    }
    let (mut feeds, mut bad) = (Vec::new(), Vec::new());
    let outline = ElementPath::parse("outline")?;
    let mut open: Vec<(usize, Vec<String>)> =
        tree.find(ROOT, &ElementPath::parse("body/outline")?).into_iter().map(|n| (n, Vec::new())).collect();
    open.reverse();
    while let Some((node, folders)) = open.pop() {
        let attr = |names: &[&str]| {
            let found = names.iter().find_map(|n| tree.attribute(node, n).map(collapse).filter(|t| !t.is_empty()));
            found.unwrap_or_default()
        };
        let (title, url) = (attr(&["title", "text"]), attr(&["xmlUrl", "xmlurl", "xmlURL"]));
        let inner = tree.own(node, &outline);
        if !url.is_empty() {
            match url::Url::parse(&url) {
                Ok(u) if matches!(u.scheme(), "http" | "https") => {
                    let home = attr(&["htmlUrl", "htmlurl", "htmlURL"]);
                    let home = url::Url::parse(&home).ok().filter(|h| matches!(h.scheme(), "http" | "https")).map(|_| home);
                    feeds.push(Outline { title: title.clone(), url: u.into(), home, folders: folders.clone() })
                }
                _ => bad.push(format!("“{title}”: “{url}” is not an address of the web")),
            }
        } else if inner.is_empty() {
            bad.push(format!("“{title}”: no xmlUrl, so no feed"));
        }
        let mut within = folders;
        if url.is_empty() && !title.is_empty() {
            within.push(title);
        }
        open.extend(inner.into_iter().rev().map(|n| (n, within.clone())));
    }
    Ok((feeds, bad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_with_their_folders_and_bad_outlines_alone() {
        let list = r#"<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
            <outline text="Standards &amp; more"><outline text="ETSI" title="ETSI newsroom" type="rss" xmlUrl="https://www.etsi.org/newsroom/feed/"/>
            <outline text="Inner"><outline text="IETF" xmlUrl="https://www.ietf.org/blog/feed/"/></outline></outline>
            <outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="nothing"/></body></opml>"#;
        let (feeds, bad) = opml(list.as_bytes()).expect("a list");
        assert_eq!(feeds.len(), 2);
        assert_eq!((feeds[0].title.as_str(), feeds[0].folders.join("/")), ("ETSI newsroom", "Standards & more".to_owned()));
        assert_eq!(feeds[1].folders, ["Standards & more", "Inner"]);
        assert_eq!(bad.len(), 2);
        assert!(opml(b"<html></html>").is_err() && opml(b"").is_err());
    }
}
