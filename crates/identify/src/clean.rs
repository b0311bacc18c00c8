use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A number as people meant it: NFKC, one kind of hyphen and of space, no invisible characters, no brackets around.
///
/// 3GPP prints U+2011, ITU pages carry zero-width spaces, and mails break numbers at no-break spaces.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let t = text.trim();
    let plain = t.bytes().all(|b| (b' '..0x7f).contains(&b)) && !t.contains("  ");
    let flat: Cow<'_, str> = if plain { Cow::Borrowed(t) } else { Cow::Owned(flatten(t)) };
    match flat {
        Cow::Borrowed(s) => Cow::Borrowed(trim_marks(s)),
        Cow::Owned(s) => {
            let cut = trim_marks(&s);
            if cut.len() == s.len() { Cow::Owned(s) } else { Cow::Owned(cut.to_owned()) }
        }
    }
}

fn flatten(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // before the normal form, which makes letters of the trade mark
    for c in text.chars().filter(|c| !matches!(c, '™' | '®' | '©' | '℠')).nfkc() {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn trim_marks(text: &str) -> &str {
    let mut t = text.trim().trim_end_matches([',', ';', ':', '*']).trim_end();
    while let Some(inner) = t.strip_prefix('[').and_then(|x| x.strip_suffix(']')) {
        if inner.contains(['[', ']']) {
            break;
        }
        t = inner.trim();
    }
    // a closing full stop is punctuation, but “Rev.” and “ed.” never end a number
    t.strip_suffix('.').unwrap_or(t)
}

/// The number itself and the former name that stands beside it: `XSTR.AISec (ex TR.AISec)`, `TR.se-ai (now XSTR.se-AI)`.
pub(crate) fn former(text: &str) -> (&str, Option<&str>) {
    let Some(open) = text.find([' ', '(', '[']).and_then(|_| text.find(['(', '['])) else { return (text, None) };
    let head = text[..open].trim_end();
    let note = text[open + 1..].trim_end_matches([')', ']']).trim();
    if head.is_empty() || note.contains(['(', '[']) {
        return cut_last(text);
    }
    read_note(text, head, note)
}

/// The note may follow a date in brackets: `X.1457 (12/2025) [ex X.str-irs]`.
fn cut_last(text: &str) -> (&str, Option<&str>) {
    let Some(open) = text.rfind(['(', '[']) else { return (text, None) };
    let head = text[..open].trim_end();
    let note = text[open + 1..].trim_end_matches([')', ']']).trim();
    if head.is_empty() { (text, None) } else { read_note(text, head, note) }
}

fn read_note<'a>(whole: &'a str, head: &'a str, note: &'a str) -> (&'a str, Option<&'a str>) {
    let lower = |p: &str| note.get(..p.len()).is_some_and(|n| n.eq_ignore_ascii_case(p));
    for word in ["ex ", "ex-", "formerly ", "former ", "was ", "previously "] {
        if lower(word) {
            return (head, Some(note[word.len()..].trim()));
        }
    }
    for word in ["now ", "renamed ", "became "] {
        if lower(word) {
            return (note[word.len()..].trim(), Some(head));
        }
    }
    (whole, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_and_foreign_characters_go() {
        assert_eq!(clean(" S3\u{2011}251200 "), "S3-251200");
        assert_eq!(clean("ETSI\u{a0}TS\u{a0}104 223,"), "ETSI TS 104 223");
        assert_eq!(clean("[X.sgGenAI\u{200b}]"), "X.sgGenAI");
        assert_eq!(clean("IEEE\u{2122} Std  2830\u{2013}2021."), "IEEE Std 2830-2021");
        assert_eq!(clean("\u{0}\u{7}"), "");
    }

    #[test]
    fn former_names_are_told_apart() {
        assert_eq!(former("XSTR.AISec (ex TR.AISec)"), ("XSTR.AISec", Some("TR.AISec")));
        assert_eq!(former("TR.se-ai (now XSTR.se-AI)"), ("XSTR.se-AI", Some("TR.se-ai")));
        assert_eq!(former("X.1457 (12/2025) [ex X.str-irs]"), ("X.1457 (12/2025)", Some("X.str-irs")));
        assert_eq!(former("X.1753 (12/2025)"), ("X.1753 (12/2025)", None));
        assert_eq!(former("("), ("(", None));
    }
}
