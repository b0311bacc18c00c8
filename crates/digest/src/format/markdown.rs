//! Markdown: CommonMark with the tables of GFM.

use crate::{DigestError, Edition, Templates, clean::clean};

pub(super) fn render(edition: &Edition, templates: &Templates) -> Result<Vec<u8>, DigestError> {
    Ok(templates.page(edition, crate::Format::Md, edition.rows)?.into_bytes())
}

/// Text that stays text wherever it stands: in a paragraph, a table cell, a link's label or at the start of a line.
pub(crate) fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 16);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (i, c) in text.char_indices() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '{' | '}' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            // A bare address would become a link that nobody vouches for.
            ':' if text[i..].starts_with("://") => out.push_str("\\:"),
            '.' if i >= 3 && text.as_bytes()[i - 3..i].eq_ignore_ascii_case(b"www") => out.push_str("\\."),
            '@' => out.push_str(" (at) "),
            // At the start of a line these make a heading, a list or a rule.
            '#' | '+' | '-' | '=' if i == 0 => out.extend(['\\', c]),
            '.' | ')' if i == digits && digits > 0 && matches!(text.as_bytes().get(i + 1), None | Some(b' ')) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A link. `href` has been through [`crate::clean::href`]: no brackets, quotes or white space are left in it.
pub(crate) fn link(label: &str, href: &str) -> String {
    let href = href.replace('&', "&amp;");
    format!("[{}]({href})", escape(label))
}

/// Something to be typed; a backtick in it would end it.
pub(crate) fn code(command: &str) -> String {
    format!("`{}`", clean(command).replace('`', "'").replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_forge_anything() {
        for (hostile, want) in [
            ("[click](javascript:alert(1))", r"\[click\](javascript:alert(1))"),
            ("![x](https://e/x.png)", r"!\[x\](https\://e/x.png)"),
            ("a | b", r"a \| b"),
            ("`code`", r"\`code\`"),
            ("# Heading", r"\# Heading"),
            ("- item", r"\- item"),
            ("12. item", r"12\. item"),
            ("one\n\n## two", "one ## two"),
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("https://evil.example/", r"https\://evil.example/"),
            ("www.evil.example", r"www\.evil.example"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            ("me@example.org", "me (at) example.org"),
            (r"\[a\]", r"\\\[a\\\]"),
            ("~~gone~~ *b* _c_", r"\~\~gone\~\~ \*b\* \_c\_"),
            ("2.1.1 in the middle 3. of", "2.1.1 in the middle 3. of"),
            ("1)", r"1\)"),
        ] {
            assert_eq!(escape(hostile), want, "{hostile:?}");
        }
    }

    #[test]
    fn a_link_holds_only_its_own_label() {
        assert_eq!(link("a](https://evil) [b", "https://good/x?a=1&b=2"), r"[a\](https\://evil) \[b](https://good/x?a=1&amp;b=2)");
        assert_eq!(code("monitor `x` | y"), r"`monitor 'x' \| y`");
    }
}
