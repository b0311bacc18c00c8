//! Plain text of 76 columns.

use crate::{
    DigestError, Edition, Format, Templates,
    columns::{COLUMNS, width, wrap},
    page::{Block, Inline, Table, plain},
};

pub(super) fn render(edition: &Edition, templates: &Templates, rows: Option<usize>) -> Result<Vec<u8>, DigestError> {
    if let Some(own) = templates.own(edition, Format::Txt, rows)? {
        return Ok(own.into_bytes());
    }
    Ok(tidy(&write(&templates.blocks(edition, Format::Txt, rows)?)).into_bytes())
}

/// The blocks as plain text. An address stands on a line of its own below the text that leads to it.
pub(crate) fn write(blocks: &[Block]) -> String {
    let mut out = String::new();
    put(&mut out, blocks, "");
    out
}

fn put(out: &mut String, blocks: &[Block], indent: &str) {
    for b in blocks {
        match b {
            Block::Heading { level, text } => {
                let text = plain(text);
                let underline = match level {
                    1 => "=",
                    2 => "-",
                    _ => "",
                };
                out.push('\n');
                let lines = wrap(&text, indent, indent, COLUMNS);
                let widest = lines.lines().map(width).max().unwrap_or(0);
                out.push_str(&lines);
                out.push('\n');
                if !underline.is_empty() {
                    out.push_str(&underline.repeat(widest));
                    out.push('\n');
                }
            }
            Block::Paragraph { text, .. } => {
                say(out, text, indent, indent);
                if indent.is_empty() {
                    out.push('\n');
                }
            }
            Block::List { ordered, items } => {
                for (i, item) in items.iter().enumerate() {
                    let mark = match (ordered, indent.is_empty()) {
                        (true, _) => format!("{}. ", i + 1),
                        (_, true) => "* ".to_owned(),
                        _ => "- ".to_owned(),
                    };
                    let deeper = format!("{indent}{}", " ".repeat(mark.len()));
                    let mut body = String::new();
                    put(&mut body, item, &deeper);
                    out.push_str(&format!("{indent}{mark}{}\n", body.trim()));
                }
                if indent.is_empty() {
                    out.push('\n');
                }
            }
            Block::Table(t) => table(out, t),
            Block::Contents | Block::Pages { .. } => {}
        }
    }
}

fn table(out: &mut String, t: &Table) {
    out.push('\n');
    if !t.caption.is_empty() {
        say(out, &t.caption, "", "");
    }
    match t.class.as_str() {
        // The block at the head of a document: what stands side by side is told in one line.
        "b" => {
            for row in &t.rows {
                // One line for each line of the block, the cells of a row beside each other in the first.
                let mut lines: Vec<Vec<String>> = Vec::new();
                for cell in row {
                    for (n, line) in cell.text.split(|i| matches!(i, Inline::Break)).map(plain).filter(|w| !w.is_empty()).enumerate() {
                        if lines.len() <= n {
                            lines.push(Vec::new());
                        }
                        lines[n].push(line);
                    }
                }
                for words in lines {
                    out.push_str(&wrap(&words.join("  "), "", "    ", COLUMNS));
                    out.push('\n');
                }
            }
        }
        "m" => {
            for row in &t.rows {
                let Some((first, rest)) = row.split_first() else { continue };
                let said: Vec<String> = rest
                    .iter()
                    .enumerate()
                    .map(|(i, c)| (t.head.get(i + 1).map(|h| plain(h)).unwrap_or_default(), plain(&c.text)))
                    .filter(|(_, mark)| !mark.is_empty())
                    .map(|(name, mark)| format!("{name} {mark}"))
                    .collect();
                let said = if said.is_empty() { "none found".to_owned() } else { said.join(", ") };
                out.push_str(&wrap(&format!("{}: {said}", plain(&first.text)), "* ", "  ", COLUMNS));
                out.push('\n');
            }
        }
        _ => {
            for row in &t.rows {
                for (i, cell) in row.iter().enumerate() {
                    if plain(&cell.text).is_empty() {
                        continue;
                    }
                    let label = cell.label.as_deref().map(|l| format!("{l}: ")).unwrap_or_default();
                    let first = if i == 0 { "* " } else { "  " };
                    say(out, &cell.text, &format!("{first}{label}"), "  ");
                }
            }
        }
    }
    out.push('\n');
}

/// Running text, then the addresses to which it leads.
fn say(out: &mut String, text: &[Inline], first: &str, rest: &str) {
    let mut lead = first.to_owned();
    for part in text.split(|i| matches!(i, Inline::Break)) {
        let words = plain(part);
        if words.is_empty() {
            continue;
        }
        out.push_str(&wrap(&words, &lead, rest, COLUMNS));
        out.push('\n');
        lead = rest.to_owned();
        let mut told: Vec<&str> = Vec::new();
        for href in part.iter().filter_map(|i| if let Inline::Link { href, .. } = i { Some(href.as_str()) } else { None }) {
            if !told.contains(&href) {
                told.push(href);
                out.push_str(&format!("{rest}{href}\n"));
            }
        }
    }
}

/// No white space at the end of a line, never two empty lines together, one line end at the end.
pub(crate) fn tidy(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut empty = true;
    for line in page.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn empty_lines_are_single() {
        assert_eq!(super::tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
    }

    #[test]
    fn blocks_become_text() {
        let page = "<h2>Head</h2><ul><li>see <a href=\"https://e.org/\">this</a>, read</li></ul>\
                    <table class=\"c\"><tr><th>name<span class=\"s\">below</span></th><td data-l=\"Why\">reason</td></tr></table>\
                    <table class=\"m\"><thead><tr><th scope=\"col\">T</th><th scope=\"col\">A</th><th scope=\"col\">B</th></tr></thead>\
                    <tr><th>topic</th><td>2</td><td></td></tr></table>";
        let text = super::tidy(&super::write(&crate::page::parse(page).expect("our HTML")));
        assert_eq!(text, "Head\n----\n* see this, read\n  https://e.org/\n\n* name\n  below\n  Why: reason\n\n* topic: A 2\n");
    }
}
