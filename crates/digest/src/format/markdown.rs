//! Markdown: CommonMark with the tables of GFM.

use crate::{
    DigestError, Edition, Format, Templates,
    clean::clean,
    page::{Block, Cell, Inline, Table},
};

pub(super) fn render(edition: &Edition, templates: &Templates, rows: Option<usize>) -> Result<Vec<u8>, DigestError> {
    if let Some(own) = templates.own(edition, Format::Md, rows)? {
        return Ok(own.into_bytes());
    }
    Ok(super::text::tidy(&write(&templates.blocks(edition, Format::Md, rows)?)).into_bytes())
}

/// The blocks as Markdown.
pub(crate) fn write(blocks: &[Block]) -> String {
    let mut out = String::new();
    put(&mut out, blocks, "");
    out
}

fn put(out: &mut String, blocks: &[Block], indent: &str) {
    for b in blocks {
        match b {
            Block::Heading { level, text } => {
                out.push_str(&format!("\n{indent}{} {}\n\n", "#".repeat(usize::from(*level)), line(text, "; ")))
            }
            Block::Paragraph { text, .. } if indent.is_empty() => out.push_str(&format!("\n{}\n\n", line(text, "\\\n"))),
            Block::Paragraph { text, .. } => out.push_str(&format!("{}\n", line(text, "; "))),
            Block::List { ordered, items } => {
                out.push('\n');
                for (i, item) in items.iter().enumerate() {
                    let mark = if *ordered { format!("{}. ", i + 1) } else { "- ".to_owned() };
                    let deeper = format!("{indent}{}", " ".repeat(mark.len()));
                    let mut body = String::new();
                    put(&mut body, item, &deeper);
                    let body = body.trim().replace("\n\n", "\n");
                    out.push_str(&format!("{indent}{mark}{body}\n"));
                }
                if indent.is_empty() {
                    out.push('\n');
                }
            }
            Block::Table(t) => out.push_str(&format!("\n{}\n\n", table(t))),
            Block::Contents | Block::Pages { .. } => {}
        }
    }
}

fn table(t: &Table) -> String {
    let columns = t.head.len().max(t.rows.iter().map(|r| r.iter().map(|c| c.span as usize).sum()).max().unwrap_or(0)).max(1);
    let mut out = String::new();
    if !t.caption.is_empty() {
        out.push_str(&format!("*{}*\n\n", line(&t.caption, " ")));
    }
    let row = |cells: Vec<String>| {
        let mut cells = cells;
        cells.resize(columns, String::new());
        format!("|{}|\n", cells.iter().map(|c| if c.is_empty() { " ".to_owned() } else { format!(" {c} ") }).collect::<Vec<_>>().join("|"))
    };
    out.push_str(&row(t.head.iter().map(|h| line(h, "; ")).collect()));
    out.push_str(&row(vec!["---".to_owned(); columns]));
    for r in &t.rows {
        out.push_str(&row(r.iter().flat_map(cells).collect()));
    }
    out.trim_end().to_owned()
}

/// A cell that takes several columns leaves the others empty.
fn cells(c: &Cell) -> impl Iterator<Item = String> {
    std::iter::once(line(&c.text, "; ")).chain(std::iter::repeat_n(String::new(), (c.span as usize).saturating_sub(1)))
}

/// Running text in one line; `broken` stands for a new line.
fn line(text: &[Inline], broken: &str) -> String {
    let mut out = String::new();
    for i in text {
        match i {
            Inline::Text { text, bold, italic, .. } => {
                let (before, word, after) = margins(text);
                let word = escape_at(word, out.is_empty() || out.ends_with('\n'));
                let mark = if *bold {
                    "**"
                } else if *italic {
                    "*"
                } else {
                    ""
                };
                if word.is_empty() {
                    out.push_str(before);
                } else {
                    out.push_str(&format!("{before}{mark}{word}{mark}{after}"));
                }
            }
            Inline::Code(c) => out.push_str(&code(c)),
            Inline::Link { text, href, bold } => {
                let mark = if *bold { "**" } else { "" };
                out.push_str(&format!("{mark}{}{mark}", link(text, href)));
            }
            Inline::Break => {
                let end = out.trim_end().len();
                out.truncate(end);
                let mark = if broken == "; " && out.ends_with([':', ';', '.', ',']) { " " } else { broken };
                out.push_str(if out.is_empty() { "" } else { mark });
            }
        }
    }
    out.trim().to_owned()
}

/// The white space around a text stays outside its marks.
fn margins(text: &str) -> (&str, &str, &str) {
    let word = text.trim_matches(' ');
    let start = text.len() - text.trim_start_matches(' ').len();
    (&text[..start], word, &text[start + word.len()..])
}

/// Text that stays text wherever it stands: in a paragraph, a table cell, a link's label or at the start of a line.
pub(crate) fn escape(text: &str) -> String {
    escape_at(&clean(text), true)
}

fn escape_at(text: &str, starts_line: bool) -> String {
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
            '#' | '+' | '-' | '=' if i == 0 && starts_line => out.extend(['\\', c]),
            '.' | ')' if starts_line && i == digits && digits > 0 && matches!(text.as_bytes().get(i + 1), None | Some(b' ')) => {
                out.extend(['\\', c]);
            }
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

    #[test]
    fn blocks_become_markdown() {
        let page = "<h2>A</h2><p>x <b>y </b>z<br>- n</p><ul><li><a href=\"https://e.org/\">t|t</a><ul><li>in</li></ul></li></ul>\
                    <table><thead><tr><th scope=\"col\">H</th><th scope=\"col\">I</th></tr></thead><tr><td>a<br>b</td><td>c|d</td></tr></table>";
        let text = super::super::text::tidy(&write(&crate::page::parse(page).expect("our HTML")));
        assert_eq!(text, "## A\n\nx **y** z\\\n\\- n\n\n- [t\\|t](https://e.org/)\n  - in\n\n| H | I |\n| --- | --- |\n| a; b | c\\|d |\n");
    }
}
