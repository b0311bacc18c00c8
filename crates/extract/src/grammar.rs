//! *locator* `|` *pipe* …: where the text of a field is cut, before anybody knows what the parts mean.

/// A problem at a byte of the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) at: usize,
    pub(crate) what: String,
}

/// One pipe as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PipeText<'a> {
    pub(crate) name: &'a str,
    /// What stands between the outer brackets; none without brackets.
    pub(crate) args: Option<&'a str>,
    pub(crate) at: usize,
    pub(crate) args_at: usize,
}

/// A field as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldText<'a> {
    pub(crate) locator: &'a str,
    pub(crate) pipes: Vec<PipeText<'a>>,
}

/// Cuts a field at its top-level `|`.
pub(crate) fn split(text: &str) -> Result<FieldText<'_>, Slip> {
    let bar = locator_end(text);
    let locator = text[..bar].trim();
    let mut pipes = Vec::new();
    let mut at = bar;
    while at < text.len() {
        at += 1; // the bar
        at += blanks(&text[at..]);
        let name_len = text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(text.len() - at);
        let name = &text[at..at + name_len];
        if name.is_empty() {
            return Err(Slip { at, what: "a pipe is missing after “|”".into() });
        }
        let start = at;
        at += name_len;
        at += blanks(&text[at..]);
        let (mut args, mut args_at) = (None, at);
        if text[at..].starts_with('(') {
            let end =
                closing(text, at, name == "regex").ok_or_else(|| Slip { at, what: format!("the bracket of {name}( is never closed") })?;
            args = Some(&text[at + 1..end]);
            args_at = at + 1;
            at = end + 1;
            at += blanks(&text[at..]);
        }
        pipes.push(PipeText { name, args, at: start, args_at });
        if at < text.len() && !text[at..].starts_with('|') {
            return Err(Slip { at, what: format!("“|” or the end was expected after {name}") });
        }
    }
    Ok(FieldText { locator, pipes })
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The first `|` that is not inside quotes or brackets; a quote or bracket that is never closed is an ordinary character.
fn locator_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        i = match bytes[i] {
            b'|' => return i,
            b'\\' => i + 2,
            b'"' | b'\'' => find_quote(bytes, i).map_or(i + 1, |e| e + 1),
            b'[' | b'(' => matching(bytes, i).map_or(i + 1, |e| e + 1),
            _ => i + 1,
        };
    }
    bytes.len()
}

/// The index of the quote that closes the one at `open`.
fn find_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut i = open + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 1,
            b if b == bytes[open] => return Some(i),
            _ => {}
        }
        i += 1;
    }
    None
}

/// The index of the bracket that closes the one at `open`; quotes inside are skipped.
fn matching(bytes: &[u8], open: usize) -> Option<usize> {
    let mut stack = vec![bytes[open]];
    let mut i = open + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 1,
            b'"' | b'\'' => i = find_quote(bytes, i).unwrap_or(i),
            b @ (b'(' | b'[') => stack.push(b),
            b')' if stack.last() == Some(&b'(') => {
                stack.pop();
            }
            b']' if stack.last() == Some(&b'[') => {
                stack.pop();
            }
            _ => {}
        }
        if stack.is_empty() {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// The `)` that closes the arguments opened at `open`.
fn closing(text: &str, open: usize, regex: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = open + 1 + blanks(&text[open + 1..]);
    if regex {
        if matches!(bytes.get(first), Some(b'"' | b'\''))
            && let Some(end) = quoted_regex(text, first)
        {
            return Some(end);
        }
        return regex_closing(bytes, open, true).or_else(|| regex_closing(bytes, open, false));
    }
    matching(bytes, open).or_else(|| text[open..].find(')').map(|i| open + i))
}

/// `regex("…")`: the bracket after the first unescaped quote that is followed by `)` and then by `|` or the end.
fn quoted_regex(text: &str, quote: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = quote;
    while let Some(end) = find_quote(bytes, from) {
        let after = end + 1 + blanks(&text[end + 1..]);
        if bytes.get(after) == Some(&b')') {
            let rest = text[after + 1..].trim_start();
            if rest.is_empty() || rest.starts_with('|') {
                return Some(after);
            }
        }
        // A quote inside the expression: go on behind it, still looking for the same kind of quote.
        from = end;
    }
    None
}

/// Brackets of a regular expression: escapes are skipped and, with `classes`, `[…]` is opaque.
fn regex_closing(bytes: &[u8], open: usize, classes: bool) -> Option<usize> {
    let mut depth = 0usize;
    let mut i = open;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 1,
            b'[' if classes => {
                i += 1;
                if bytes.get(i) == Some(&b'^') {
                    i += 1;
                }
                if bytes.get(i) == Some(&b']') {
                    i += 1;
                }
                while i < bytes.len() && bytes[i] != b']' {
                    i += if bytes[i] == b'\\' { 2 } else { 1 };
                }
            }
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// Cuts arguments at top-level commas and takes off quotes.
pub(crate) fn arguments(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let (mut out, mut from, mut i) = (Vec::new(), 0, 0);
    while i < bytes.len() {
        i = match bytes[i] {
            b',' => {
                out.push(unquote(&text[from..i]));
                from = i + 1;
                i + 1
            }
            b'\\' => i + 2,
            b'"' | b'\'' => find_quote(bytes, i).map_or(i + 1, |e| e + 1),
            b'[' | b'(' => matching(bytes, i).map_or(i + 1, |e| e + 1),
            _ => i + 1,
        };
    }
    out.push(unquote(&text[from..]));
    out
}

/// Takes off one pair of quotes, if the whole is quoted, and `\"` within.
pub(crate) fn unquote(text: &str) -> String {
    let t = text.trim();
    let b = t.as_bytes();
    if b.len() >= 2 && matches!(b[0], b'"' | b'\'') && b[b.len() - 1] == b[0] {
        let quote = char::from(b[0]);
        return t[1..t.len() - 1].replace(&format!("\\{quote}"), &quote.to_string());
    }
    t.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let f = split(text).expect("a field");
        std::iter::once(f.locator.to_owned())
            .chain(f.pipes.iter().map(|p| match p.args {
                Some(a) => format!("{}<{a}>", p.name),
                None => p.name.to_owned(),
            }))
            .collect()
    }

    #[test]
    fn fields_are_cut_only_at_top_level_bars() {
        for (text, want) in [
            ("td.title", vec!["td.title"]),
            ("td.title a@href | absolute", vec!["td.title a@href", "absolute"]),
            (r#"a[title="x|y"] | lower"#, vec![r#"a[title="x|y"]"#, "lower"]),
            (r#"a[lang|="en"]|lower"#, vec![r#"a[lang|="en"]"#, "lower"]),
            (r#"label("A | B") | own"#, vec![r#"label("A | B")"#, "own"]),
            ("x | regex(a|b) | lower", vec!["x", "regex<a|b>", "lower"]),
            (r"x | regex(\((\d{4})\)) | date(%Y)", vec!["x", r"regex<\((\d{4})\)>", "date<%Y>"]),
            (r"x | regex(\(\d+)", vec!["x", r"regex<\(\d+>"]),
            (r"x | regex(([^)]*)\))", vec!["x", r"regex<([^)]*)\)>"]),
            (r#"x | regex("a|(b")"#, vec!["x", r#"regex<"a|(b">"#]),
            (r#"x | regex("(["']\w+)") | lower"#, vec!["x", r#"regex<"(["']\w+)">"#, "lower"]),
            (r#"x | join(" | ")"#, vec!["x", r#"join<" | ">"#]),
            ("Author's name | text", vec!["Author's name", "text"]),
            ("a:not(.b) | without(span.c, i)", vec!["a:not(.b)", "without<span.c, i>"]),
            ("  x  ", vec!["x"]),
            ("", vec![""]),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }

    #[test]
    fn slips_name_their_place() {
        assert_eq!(split("td |").map_err(|s| s.at), Err(4));
        assert_eq!(split("td | regex((a").map_err(|s| s.at), Err(10));
        assert_eq!(split("td | lower upper").map_err(|s| s.at), Err(11));
    }

    #[test]
    fn arguments_keep_quoted_commas() {
        assert_eq!(arguments(r#" %d %B, "%b %d, %Y" "#), ["%d %B", "%b %d, %Y"]);
        assert_eq!(arguments("a(b,c), d"), ["a(b,c)", "d"]);
        assert_eq!(unquote(r#" "a\"b" "#), "a\"b");
        assert_eq!(unquote("\""), "\"");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}|[|()\\[\\]\"'\\\\a-c]{0,30}") {
            let _ = split(&text);
            let _ = arguments(&text);
        }
    }
}
