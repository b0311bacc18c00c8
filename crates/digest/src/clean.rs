//! Crawled text made harmless: one line, no control and no direction-changing characters, a bounded length.

use unicode_segmentation::UnicodeSegmentation;

/// How many combining marks may stand on one character.
const MAX_MARKS: usize = 3;

/// Takes away what cannot be printed or what changes how the rest is read; every run of white space becomes one space.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4096));
    let (mut space, mut marks) = (false, 0);
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            space = true;
            continue;
        }
        if is_trick(c) {
            continue;
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            continue;
        }
        if space && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push(c);
    }
    out
}

/// [`clean`], and at most `max` characters as a reader counts them; what was cut shows as `…`.
pub(crate) fn clip(text: &str, max: usize) -> String {
    // Nobody reads beyond this; it bounds the work on a title of megabytes.
    let mut end = text.len().min(max.saturating_mul(32));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cleaned = clean(&text[..end]);
    let mut graphemes = cleaned.grapheme_indices(true);
    match graphemes.nth(max.saturating_sub(1)) {
        Some((at, _)) if graphemes.next().is_some() || end < text.len() => format!("{}…", cleaned[..at].trim_end()),
        _ if end < text.len() => format!("{cleaned}…"),
        _ => cleaned,
    }
}

/// [`clip`] at the end of a word, where one ends in the last third.
pub(crate) fn clip_words(text: &str, max: usize) -> String {
    let cut = clip(text, max);
    let Some(kept) = cut.strip_suffix('…').filter(|_| !text.trim_end().ends_with('…')) else { return cut };
    match kept.rfind(' ') {
        Some(at) if at * 3 > kept.len() * 2 => format!("{} …", kept[..at].trim_end_matches([' ', ',', ';', ':', '('])),
        _ => cut,
    }
}

/// Characters without a width of their own that change order, joining or meaning of what stands around them.
fn is_trick(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
        || is_private(c)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// The address if a reader may follow it: http or https, no white space, no control, no quotes left, not endless.
pub(crate) fn href(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://")?;
    if !(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) || rest.is_empty() || url.len() > 1000 {
        return None;
    }
    if url.chars().any(|c| c.is_whitespace() || c.is_control() || is_trick(c)) {
        return None;
    }
    // A port that is the scheme's own says nothing.
    let standard = [("https", ":443"), ("http", ":80")].into_iter().find(|(s, _)| scheme.eq_ignore_ascii_case(s)).map(|(_, port)| port);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let url = match standard.filter(|port| rest[..end].ends_with(port)) {
        Some(port) => &format!("{scheme}://{}{}", &rest[..end - port.len()], &rest[end..]),
        None => url,
    };
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '"' | '\'' | '<' | '>' | '\\' | '`' | '{' | '}' | '|' | '^' | '(' | ')' | '[' | ']' | '*' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_line_or_turns_it_round() {
        for (hostile, want) in [
            ("a\nb\r\n\tc", "a b c"),
            ("\u{202E}txt.exe\u{202C}", "txt.exe"),
            ("x\0y\u{7}z", "x y z"),
            ("zero\u{200B}width\u{FEFF}", "zerowidth"),
            ("line\u{2028}two\u{2029}three\u{85}four", "line two three four"),
            ("  a \u{3000} b  ", "a b"),
            ("", ""),
        ] {
            assert_eq!(clean(hostile), want, "{hostile:?}");
        }
        let zalgo = format!("a{}", "\u{301}".repeat(5000));
        assert_eq!(clean(&zalgo).chars().count(), 4);
    }

    #[test]
    fn joiners_that_a_script_needs_stay() {
        assert_eq!(clean("می\u{200C}خواهم"), "می\u{200C}خواهم");
    }

    #[test]
    fn a_cut_shows() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdefg", 6), "abcde…");
        assert_eq!(clip(&"x".repeat(1_000_000), 10), "xxxxxxxxx…");
        assert_eq!(clip("人工智能安全", 4), "人工智…");
    }

    #[test]
    fn a_stage_is_cut_between_words() {
        assert_eq!(clip_words("in work programme; status field blank", 30), "in work programme; status …");
        assert_eq!(clip_words("short", 30), "short");
        assert_eq!(clip_words(&"x".repeat(50), 10), "xxxxxxxxx…");
    }

    #[test]
    fn only_web_addresses_are_followed() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "ftp://x/y",
            "https://",
            "https://a b",
            "http://x/\u{202E}y",
            "mailto:a@b",
        ] {
            assert_eq!(href(bad), None, "{bad}");
        }
        assert_eq!(href("HTTPS://example.org/a?b=1&c=2#d").as_deref(), Some("HTTPS://example.org/a?b=1&c=2#d"));
        assert_eq!(href("https://x/a(b)\"><script>").as_deref(), Some("https://x/a%28b%29%22%3E%3Cscript%3E"));
        assert_eq!(href(&format!("https://x/{}", "a".repeat(2000))), None);
        assert_eq!(href("https://itu.int:443/en/x?a=:443").as_deref(), Some("https://itu.int/en/x?a=:443"));
        assert_eq!(href("https://itu.int:8443/").as_deref(), Some("https://itu.int:8443/"));
    }
}
