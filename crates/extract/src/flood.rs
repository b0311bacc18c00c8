//! Guards against floods: a body within its cap may still hold millions of tiny things, each of which costs a hundred times its
//! length once it is taken apart. What no list of documents holds is refused before that, in one pass over the text.

/// Rows of one page; what comes after is dropped, and said so. A hundred thousand rows of a source are a database.
pub(crate) const ROWS: usize = 150_000;
/// Items of a feed.
pub(crate) const ITEMS: usize = 100_000;
/// Columns of a table.
pub(crate) const COLUMNS: usize = 10_000;
/// Tags of a page.
const TAGS: usize = 1_000_000;
/// Objects and lists of a JSON document.
const OBJECTS: usize = 300_000;
/// Values of a JSON document.
const VALUES: usize = 2_000_000;

/// Why an HTML page is not taken apart, if it is a flood.
pub(crate) fn of_tags(html: &str) -> Option<String> {
    let tags = html.as_bytes().windows(2).filter(|w| w[0] == b'<' && w[1].is_ascii_alphabetic()).take(TAGS + 1).count();
    (tags > TAGS).then(|| format!("the page holds more than {TAGS} tags, which no list of documents does"))
}

/// Why a JSON document is not taken apart, if it is a flood.
pub(crate) fn of_values(json: &str) -> Option<String> {
    let (mut objects, mut values, mut quoted, mut escaped) = (0usize, 1usize, false, false);
    for b in json.bytes() {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => objects += 1,
            b',' | b':' if !quoted => values += 1,
            _ => {}
        }
        if objects > OBJECTS || values > VALUES {
            return Some(format!(
                "the document holds more than {OBJECTS} objects or {VALUES} values: ask for less at a time, or use lines = true if it has them"
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floods_are_told_from_pages() {
        assert!(of_tags(&"<p>".repeat(TAGS + 1)).is_some() && of_values(&"[],".repeat(OBJECTS + 1)).is_some());
        assert!(of_values(&format!("[{}0]", "0,".repeat(VALUES))).is_some());
        assert!(of_tags(&"<tr><td>a < b".repeat(100_000)).is_none() && of_values(&format!("\"{}\"", "{,\\\"".repeat(VALUES))).is_none());
    }
}
