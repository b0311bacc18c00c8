//! Sources written as in `sources.toml`, pages written here.

use std::collections::BTreeMap;

use monitor_extract::{Extraction, Mistake, Page, Recipe, compile, extract};
use monitor_model::Source;

pub(crate) fn source(toml: &str) -> Source {
    toml::from_str(toml).expect("a source")
}

pub(crate) fn maps() -> BTreeMap<String, BTreeMap<String, String>> {
    let iso = [("60.60", "International Standard published"), ("30.20", "CD study")];
    BTreeMap::from([("iso".to_owned(), iso.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())])
}

pub(crate) fn recipe(toml: &str) -> Recipe {
    compile(&source(toml), &maps()).unwrap_or_else(|m| panic!("{m:?}"))
}

pub(crate) fn mistakes(toml: &str) -> Vec<Mistake> {
    compile(&source(toml), &maps()).expect_err("mistakes")
}

pub(crate) const URL: &str = "https://example.org/list/index.html?page=1";

pub(crate) fn page(media_type: Option<&str>) -> Page<'_> {
    Page { url: URL, final_url: URL, media_type, depth: 0 }
}

pub(crate) fn run(toml: &str, body: &str) -> Extraction {
    run_bytes(toml, None, body.as_bytes())
}

pub(crate) fn run_bytes(toml: &str, media_type: Option<&str>, mut body: &[u8]) -> Extraction {
    extract(&recipe(toml), &page(media_type), &mut body)
}

/// `what ×count`, for short assertions.
pub(crate) fn complaints(e: &Extraction) -> Vec<String> {
    e.complaints.iter().map(|c| format!("{} ×{}", c.what, c.count)).collect()
}
