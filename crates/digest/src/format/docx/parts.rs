//! The parts of the package: what the library leaves to chance is set here, then all are packed.

use std::io::{Cursor, Error};

use docx_rs::Docx;
use monitor_model::Timestamp;

use super::escaped;

/// The document as bytes: the same blocks and the same day give the same.
pub(super) fn pack(docx: Docx, title: &str, creator: &str, as_of: Timestamp) -> Result<Vec<u8>, Error> {
    let at = as_of.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut parts = docx.created_at(&at).updated_at(&at).build();
    parts.document = repeated(&renumbered(&text(&parts.document)?, 1)).into_bytes();
    for (i, h) in parts.headers.iter_mut().enumerate() {
        *h = renumbered(&text(h)?, 0x4000_0000 + 0x1000 * i).into_bytes();
    }
    parts.styles = in_english(&one_default(&text(&parts.styles)?)).into_bytes();
    parts.document_rels = ordered(&text(&parts.document_rels)?).into_bytes();
    let core = text(&parts.doc_props.core)?;
    let named = format!("<dc:title>{}</dc:title><dc:creator>{}</dc:creator>", escaped(title), escaped(creator));
    let core = without(&without(&core, "dc:title"), "dc:creator");
    parts.doc_props.core = core.replacen("</cp:coreProperties>", &format!("{named}</cp:coreProperties>"), 1).into_bytes();
    let mut out = Cursor::new(Vec::new());
    parts.pack(&mut out).map_err(Error::other)?;
    Ok(out.into_inner())
}

fn text(part: &[u8]) -> Result<String, Error> {
    String::from_utf8(part.to_vec()).map_err(Error::other)
}

/// Rows whose cells bear the style of a table's head are repeated on every page: the library has no word for that.
fn repeated(xml: &str) -> String {
    const ROW: &str = "<w:tr>";
    const HEAD: &str = "<w:pStyle w:val=\"TableHead\"";
    let mut out = String::with_capacity(xml.len() + 4096);
    for (i, part) in xml.split(ROW).enumerate() {
        if i > 0 {
            out.push_str(ROW);
        }
        let row = part.find("</w:tr>").map(|end| &part[..end]);
        match row.filter(|r| i > 0 && r.contains(HEAD)).and_then(|r| r.find("</w:trPr>")) {
            Some(at) => {
                out.push_str(&part[..at]);
                out.push_str("<w:tblHeader/>");
                out.push_str(&part[at..]);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// Spelling is checked, and read aloud, in British English.
fn in_english(styles: &str) -> String {
    const END: &str = "</w:rPr></w:rPrDefault>";
    styles.replacen(END, &format!("<w:lang w:val=\"en-GB\" w:eastAsia=\"zh-CN\"/>{END}"), 1)
}

/// One style that paragraphs have which name none. The library writes an empty “Normal” before ours and marks neither; readers of
/// documents then find no style at all.
fn one_default(xml: &str) -> String {
    const NORMAL: &str = "<w:style w:type=\"paragraph\" w:styleId=\"Normal\">";
    const END: &str = "</w:style>";
    let mut out = xml.to_owned();
    while let Some(first) = out.find(NORMAL).filter(|at| out[at + NORMAL.len()..].contains(NORMAL)) {
        let Some(end) = out[first..].find(END) else { break };
        out.replace_range(first..first + end + END.len(), "");
    }
    out.replacen(NORMAL, "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">", 1)
}

/// The relationships in one order: the library takes them out of a hash map.
fn ordered(xml: &str) -> String {
    const MARK: &str = "<Relationship ";
    let Some(start) = xml.find(MARK) else { return xml.to_owned() };
    let end = xml.rfind("</Relationships>").unwrap_or(xml.len());
    let mut all: Vec<&str> = xml[start..end].split(MARK).filter(|r| !r.is_empty()).collect();
    all.sort_by_key(|r| (r.len(), *r));
    let list: String = all.into_iter().map(|r| format!("{MARK}{r}")).collect();
    format!("{}{list}{}", &xml[..start], &xml[end..])
}

/// Takes an element out, if it is there.
fn without(xml: &str, element: &str) -> String {
    let (Some(start), end) = (xml.find(&format!("<{element}>")), format!("</{element}>")) else { return xml.to_owned() };
    match xml[start..].find(&end) {
        Some(at) => format!("{}{}", &xml[..start], &xml[start + at + end.len()..]),
        None => xml.to_owned(),
    }
}

/// Numbers the paragraphs from `first`: the library counts across all documents of a process.
fn renumbered(xml: &str, first: usize) -> String {
    const MARK: &str = "w14:paraId=\"";
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    let mut next = first;
    while let Some(at) = rest.find(MARK) {
        let value = at + MARK.len();
        out.push_str(&rest[..value]);
        let end = rest[value..].find('"').unwrap_or(0);
        out.push_str(&format!("{next:08X}"));
        next += 1;
        rest = &rest[value + end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use docx_rs::{Paragraph, Run, Table, TableCell, TableRow};

    use super::*;

    #[test]
    fn the_head_of_a_table_is_repeated_and_the_language_said() {
        let cell = |style: &str| TableCell::new().add_paragraph(Paragraph::new().style(style).add_run(Run::new().add_text("x")));
        let row = |style: &str| TableRow::new(vec![cell(style)]).cant_split();
        let built = Docx::new().add_table(Table::new(vec![row("TableHead"), row("TableText")])).build();
        let xml = repeated(&text(&built.document).expect("UTF-8"));
        assert_eq!(xml.matches("<w:tblHeader/>").count(), 1, "{xml}");
        assert!(xml.find("<w:tblHeader/>") < xml.find("TableHead"), "in the row's own properties");
        let styles = in_english(&text(&Docx::new().default_size(20).build().styles).expect("UTF-8"));
        assert!(styles.contains("<w:lang w:val=\"en-GB\""), "{styles}");
    }
}
