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

/// The bytes from a line and column (from 1, in characters) to the end of the line.
pub(super) fn from_line(text: &str, line: usize, column: usize) -> Option<Range<usize>> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?.lines().next().unwrap_or_default();
    let within: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Some(start + within..start + rest.len())
}

/// Where the last of these words stands: each is looked for, as a string of the file, behind the one before it. With `again`,
/// where the last one stands a second time.
pub(crate) fn in_turn<'a>(text: &str, words: impl IntoIterator<Item = &'a str>, again: bool) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    let mut alone = true;
    for word in words {
        let from = found.as_ref().map_or(0, |f| f.end);
        alone = found.is_none();
        found = if alone { named(text, word, from).or_else(|| next(text, word, from)) } else { next(text, word, from).or(found) };
    }
    let first = found?;
    let word = text.get(first.clone())?;
    let second = again.then(|| if alone { named(text, word, first.end) } else { next(text, word, first.end) }).flatten();
    Some(second.unwrap_or(first))
}

/// A word as the whole value of a key: where something gets its name.
fn named(text: &str, word: &str, from: usize) -> Option<Range<usize>> {
    let at = text.get(from..)?.find(&format!("= \"{word}\""))? + from + 3;
    Some(at..at + word.len())
}

/// A word in quotes, or as the name of a table or key at the start of a line.
fn next(text: &str, word: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let quoted = ['"', '\''].iter().filter_map(|q| rest.find(&format!("{q}{word}{q}")).map(|at| at + 1)).min();
    let head = || {
        let key = rest.find(&format!("\n{word} =")).map(|at| at + 1);
        let table = rest.find(&format!("[{word}]")).map(|at| at + 1);
        key.into_iter().chain(table).min()
    };
    let at = from + quoted.or_else(head)?;
    Some(at..at + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_turn() {
        let text = "[[topic]]\nid = \"a\"\nnear = [\"x\"]\n[[topic]]\nid = \"b\"\nnear = [\"x\", \"x\"]\n[home.routing]\nx = []\n";
        let at = |words: &[&str], again| in_turn(text, words.iter().copied(), again).map(|r| r.start);
        assert_eq!(at(&["b", "x"], false), text.rfind("[\"x\"").map(|a| a + 2));
        assert_eq!(at(&["b", "x"], true), text.rfind("\"x\"]").map(|a| a + 1));
        assert_eq!(at(&["home.routing", "x"], false), text.rfind("x = []"));
        assert_eq!(at(&["nowhere"], false), None);
    }

    #[test]
    fn a_line_and_column_are_bytes() {
        let text = "a\né = 1\n";
        assert_eq!(from_line(text, 2, 3).map(|r| text[r].to_owned()).as_deref(), Some("= 1"));
        assert_eq!(from_line(text, 9, 1).map(|r| r.is_empty()), Some(true));
    }
}
