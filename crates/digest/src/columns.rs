//! Plain text in columns: how wide a text is, and how it is broken.

use unicode_segmentation::UnicodeSegmentation;

/// The width of a mail's plain text.
pub(crate) const COLUMNS: usize = 76;

/// Columns of a terminal or a mail reader that the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.graphemes(true).map(grapheme_width).sum()
}

fn grapheme_width(g: &str) -> usize {
    let Some(c) = g.chars().next() else { return 0 };
    match c {
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        '\u{0300}'..='\u{036F}' | '\u{200C}' | '\u{200D}' => 0,
        _ => 1,
    }
}

/// Breaks `text` at white space into lines of at most `columns`, the first after `first`, the others after `rest`.
///
/// A word that is wider than a line is cut, except a web address: it gets a line of its own, because a cut address is dead.
pub(crate) fn wrap(text: &str, first: &str, rest: &str, columns: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = first.to_owned();
    let mut used = width(first);
    let mut empty = true;
    for word in text.split_whitespace() {
        let w = width(word);
        if !empty && used + 1 + w > columns {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            used = width(rest);
            empty = true;
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        if used + w <= columns || word.starts_with("http://") || word.starts_with("https://") {
            line.push_str(word);
            used += w;
        } else {
            for g in word.graphemes(true) {
                let gw = grapheme_width(g);
                if used + gw > columns {
                    lines.push(std::mem::replace(&mut line, rest.to_owned()));
                    used = width(rest);
                }
                line.push_str(g);
                used += gw;
            }
        }
        empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_indented_and_no_wider() {
        assert_eq!(wrap("aa bb cc", "- ", "  ", 7), "- aa bb\n  cc");
        assert_eq!(wrap("人工智能安全标准", "", "", 6), "人工智\n能安全\n标准");
        assert_eq!(wrap("", "- ", "  ", 7), "- ");
    }

    #[test]
    fn an_address_is_never_cut() {
        let url = format!("https://example.org/{}", "a".repeat(100));
        assert_eq!(wrap(&format!("see {url} now"), "  ", "  ", 20), format!("  see\n  {url}\n  now"));
    }

    proptest! {
        #[test]
        fn every_line_fits_and_nothing_is_lost(text in "\\PC{0,300}") {
            prop_assume!(!text.contains("http"));
            let wrapped = wrap(&text, "* ", "  ", 30);
            for line in wrapped.lines() {
                prop_assert!(width(line) <= 30 + 1, "{line:?}");
            }
            let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&wrapped), format!("*{}", bare(&text)));
        }
    }
}
