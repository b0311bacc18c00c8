//! Where in a file of sources something stands, in bytes.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// Where `[source.<id>]`, or a key in it, stands.
pub(super) fn locate(text: &str, id: &str, key: Option<&str>) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    let source = root.get_ref().get("source")?;
    let DeValue::Table(sources) = source.get_ref() else { return None };
    let (name, mut value) = sources.iter().find(|(k, _)| k.get_ref().as_ref() == id)?;
    let mut span = name.span();
    for part in key.into_iter().flat_map(|k| k.split('.')) {
        let DeValue::Table(t) = value.get_ref() else { break };
        let Some((_, v)) = t.iter().find(|(k, _)| k.get_ref().as_ref() == part) else { break };
        value = v;
        span = v.span();
    }
    Some(span)
}

/// Where a key of the top of the file stands.
pub(super) fn locate_top(text: &str, key: &str) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    root.get_ref().iter().find(|(k, _)| k.get_ref().as_ref() == key).map(|(k, _)| k.span())
}
