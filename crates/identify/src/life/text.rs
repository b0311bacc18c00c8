use std::borrow::Cow;

/// A title without what says nothing: case, white space, kinds of dash and quotation mark, a final full stop.
pub(super) fn essence(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' => '-',
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '`' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => '"',
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => continue,
            c => c,
        };
        if c.is_whitespace() || c == '-' {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    while out.ends_with(['.', ' ']) {
        out.pop();
    }
    out
}

/// Whether two texts differ in what they say.
pub(super) fn differ(a: &str, b: &str) -> bool {
    a != b && essence(a) != essence(b)
}

/// The text, or none when it is blank.
pub(super) fn given(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(str::trim).filter(|t| !t.is_empty()).map(Cow::Borrowed)
}
