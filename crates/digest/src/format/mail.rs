//! HTML for mail programs: styles in the tags, nothing from outside, small enough not to be clipped.

use super::html::escape;
use crate::{
    DigestError, Edition, Format, Templates,
    page::{Block, Inline, Table},
};

/// Mail programs clip a message above 102 KB; what is rendered stays below with room for the rest of the mail.
const MAIL_BYTES: usize = 96_000;

const FONT: &str = "font-family:Arial,Helvetica,sans-serif";

pub(super) fn render(edition: &Edition, templates: &Templates, rows: Option<usize>) -> Result<Vec<u8>, DigestError> {
    let title = format!("{}, {}", edition.group.title, edition.period);
    let mut rows = rows.or(Some(40));
    loop {
        let page = write(&title, &templates.blocks(edition, Format::Mail, rows)?);
        match rows {
            // Fewer rows; every table says how many more there are and how to list them.
            Some(n) if page.len() > MAIL_BYTES && n > 1 => rows = Some(n * 2 / 3),
            _ => return Ok(page.into_bytes()),
        }
    }
}

/// The blocks as a message. Colours stand in classes too, for programs that turn to dark; a program that knows no classes shows
/// dark text on its own ground.
fn write(title: &str, blocks: &[Block]) -> String {
    let mut body = String::new();
    put(&mut body, blocks, true);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{}</title>\n<style>\n:root{{color-scheme:light dark;supported-color-schemes:light dark}}\n\
         @media (prefers-color-scheme:dark){{.g{{background:#12161e!important}}.t,.t h1,.t h2,.t h3{{color:#e5e9f1!important}}\
         .s{{color:#a5aebf!important}}.l{{color:#8fbcff!important}}.c{{border-color:#343d4d!important}}}}\n</style>\n</head>\n\
         <body class=\"g\" style=\"margin:0;padding:0;background:#ffffff\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td align=\"center\" style=\"padding:12px\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:680px\"><tr>\
         <td class=\"t\" style=\"{FONT};font-size:15px;line-height:1.45;color:#1b2130;text-align:left\">\n{body}</td></tr></table>\n\
         </td></tr></table>\n</body>\n</html>\n",
        escape(title)
    )
}

fn put(out: &mut String, blocks: &[Block], wide: bool) {
    for b in blocks {
        match b {
            Block::Heading { level, text } => {
                let (size, margin) = match level {
                    1 => (22, "0 0 8px"),
                    2 => (17, "20px 0 6px"),
                    _ => (15, "14px 0 4px"),
                };
                out.push_str(&format!(
                    "<h{level} style=\"margin:{margin};font-size:{size}px;line-height:1.25;color:#1b2130\">{}</h{level}>\n",
                    line(text)
                ));
            }
            Block::Paragraph { text, class } => {
                let margin = if wide { "6px 0" } else { "0" };
                let (class, color) = if matches!(class.as_str(), "soft" | "k") { (" class=\"s\"", ";color:#525c6e") } else { ("", "") };
                out.push_str(&format!("<p{class} style=\"margin:{margin}{color}\">{}</p>\n", line(text)));
            }
            Block::List { ordered, items } => {
                let tag = if *ordered { "ol" } else { "ul" };
                out.push_str(&format!("<{tag} style=\"margin:4px 0;padding-left:22px\">\n"));
                for item in items {
                    out.push_str("<li style=\"margin:4px 0\">");
                    put(out, item, false);
                    out.push_str("</li>\n");
                }
                out.push_str(&format!("</{tag}>\n"));
            }
            Block::Table(t) => table(out, t),
            Block::Contents | Block::Pages { .. } => {}
        }
    }
}

fn table(out: &mut String, t: &Table) {
    let cell = "padding:5px 6px;border-bottom:1px solid #d4dae4;vertical-align:top;text-align:left;font-weight:normal;font-size:13px";
    out.push_str(
        "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;margin:6px 0\">\n",
    );
    if !t.caption.is_empty() {
        out.push_str(&format!(
            "<caption class=\"s\" style=\"text-align:left;font-size:13px;color:#525c6e\">{}</caption>\n",
            line(&t.caption)
        ));
    }
    if !t.head.is_empty() {
        out.push_str("<tr>");
        for (i, h) in t.head.iter().enumerate() {
            let width = t.widths.get(i).map(|w| format!(" width=\"{w}%\"")).unwrap_or_default();
            out.push_str(&format!("<th class=\"c\" scope=\"col\"{width} style=\"{cell};font-weight:bold\">{}</th>", line(h)));
        }
        out.push_str("</tr>\n");
    }
    for row in &t.rows {
        out.push_str("<tr>");
        for c in row {
            let span = if c.span > 1 { format!(" colspan=\"{}\"", c.span) } else { String::new() };
            let (tag, scope) = if c.header { ("th", " scope=\"row\"") } else { ("td", "") };
            out.push_str(&format!("<{tag} class=\"c\"{scope}{span} style=\"{cell}\">{}</{tag}>", line(&c.text)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

fn line(text: &[Inline]) -> String {
    let mut out = String::new();
    for i in text {
        match i {
            Inline::Text { text, bold, italic, small } => {
                let mut piece = escape_keeping_edges(text);
                if *italic {
                    piece = format!("<i>{piece}</i>");
                }
                if *bold {
                    piece = format!("<b>{piece}</b>");
                }
                if *small {
                    piece = format!("<span class=\"s\" style=\"font-size:13px;color:#525c6e\">{piece}</span>");
                }
                out.push_str(&piece);
            }
            Inline::Code(c) => out.push_str(&format!("<code style=\"font-size:13px\">{}</code>", escape(c))),
            Inline::Link { text, href, bold } => {
                let label = escape(text);
                let label = if *bold { format!("<b>{label}</b>") } else { label };
                out.push_str(&format!("<a class=\"l\" style=\"color:#0a4f96\" href=\"{}\"><bdi>{label}</bdi></a>", escape(href)));
            }
            Inline::Break => out.push_str("<br>"),
        }
    }
    out
}

/// Escaping folds white space; a space between two pieces must stay.
fn escape_keeping_edges(text: &str) -> String {
    let edge = |yes: bool| if yes { " " } else { "" };
    let body = escape(text);
    if body.is_empty() {
        return edge(!text.is_empty()).to_owned();
    }
    format!("{}{body}{}", edge(text.starts_with(' ')), edge(text.ends_with(' ')))
}
