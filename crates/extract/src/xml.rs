//! Kind `xml`: rows by the names of elements, for XML that is no feed.

use monitor_model::ComplaintStage;

use crate::{
    Container, Extraction, Page, Recipe,
    charset::decode,
    elements::{ElementPath, ROOT, Tree},
    flood,
    html::take,
    locate::{Found, Locator},
    next,
    recipe::Place,
    row::{Builder, Row},
};

struct XmlRow<'t> {
    tree: &'t Tree,
    node: usize,
}

impl Row for XmlRow<'_> {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        match locator {
            Locator::Element(path) => Found::Texts(self.tree.texts(self.node, path)),
            _ => Found::none(),
        }
    }

    fn raw(&self, key: &str) -> Option<Vec<String>> {
        let texts = self.tree.texts(self.node, &ElementPath::parse(key).ok()?);
        if texts.is_empty() { None } else { Some(texts) }
    }
}

/// Rows of an XML document.
pub(crate) fn rows(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let fail = |what: String| Extraction::failed(ComplaintStage::Parse, page, what);
    let decoded = decode(bytes, page.media_type);
    if decoded.text.trim().is_empty() {
        return fail("the answer is empty".to_owned());
    }
    if let Some(what) = flood::of_tags(&decoded.text).filter(|_| bytes.len() < 64) {
        return fail(what);
    }
    let tree = match Tree::parse(&decoded.text) {
        Ok(t) => t,
        Err(what) => return fail(format!("this is not whole XML: {what} ({} bytes)", bytes.len())),
    };
    let root = match tree.root_name() {
        None => return fail(format!("this is not XML ({} bytes)", bytes.len())),
        Some(name) if name.eq_ignore_ascii_case("html") => {
            return fail("this is an HTML page, not XML: use kind = \"list\" or \"page\"".to_owned());
        }
        Some(name) => name,
    };
    let Some((container, item)) = &recipe.elements else { return fail("the source names no item".to_owned()) };
    let missing = |what: String| Extraction { container: Container::Missing, ..Extraction::failed(ComplaintStage::Select, page, what) };
    let mut out = Extraction::default();
    let mut within = ROOT;
    if let Some(path) = container {
        match tree.find(ROOT, path).first() {
            Some(node) => within = *node,
            None => return missing(format!("the container is not in the document (its root is <{root}>, {} bytes)", bytes.len())),
        }
        out.container = Container::Found;
    }
    let found = tree.find(within, item);
    if found.is_empty() && out.container != Container::Found {
        let parent = item.parent().map(|p| !tree.find(within, &p).is_empty());
        if parent != Some(true) {
            return missing(format!("no item is in the document (its root is <{root}>, {} bytes): it has changed", bytes.len()));
        }
        out.container = Container::Found;
    }
    let mut builder = Builder::new(recipe, page.final_url);
    if let Some(note) = decoded.note {
        builder.notes.add(ComplaintStage::Decode, note, String::new);
    }
    for (n, node) in found.into_iter().enumerate() {
        take(&mut builder, &XmlRow { tree: &tree, node }, n, &mut out);
    }
    let first = |place: &Option<Place>| match place {
        Some(Place::Element(p)) => tree.texts(ROOT, p).into_iter().next(),
        _ => None,
    };
    out.total = first(&recipe.total).and_then(|t| next::count(&t));
    next::add(recipe, page, builder.base.as_ref(), first(&recipe.next), &mut out);
    out.complaints = builder.complaints(page.url);
    out
}
