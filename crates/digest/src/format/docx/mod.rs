//! DOCX: real headings, a table of contents, links, A4; what a convenor opens in Word or LibreOffice and edits.

mod parts;
mod styles;

use docx_rs::{
    AlignmentType, BorderType, BreakType, Docx, FieldCharType, Header, Hyperlink, HyperlinkData, HyperlinkType, InstrText, InstrToC,
    PageMargin, PageNum, PageOrientationType, PageSize, Paragraph, Run, Section, Shading, SpecialIndentType, Table as Grid, TableBorder,
    TableBorderPosition, TableBorders, TableCell, TableCellMargins, TableLayoutType, TableRow, WidthType,
};

use crate::{
    DigestError, Edition, Format, Templates,
    page::{Block, Cell, Inline, Table, plain},
};

/// Twentieths of a point: A4 and its margins.
const A4: (u32, u32) = (11906, 16838);
const MARGIN: i32 = 1021;
/// Wider columns than this share leave nothing for the others.
const WIDEST: usize = 90;

pub(super) fn render(edition: &Edition, templates: &Templates, rows: Option<usize>) -> Result<Vec<u8>, DigestError> {
    let blocks = templates.blocks(edition, Format::Docx, rows)?;
    let running = match &edition.header {
        Some(h) if !h.number.is_empty() => h.number.clone(),
        _ => edition.edition.clone(),
    };
    let title = edition.header.as_ref().map_or_else(|| format!("{}, {}", edition.group.title, edition.period), |h| h.title.clone());
    let docx = Writer::default().write(&blocks, &running);
    parts::pack(docx, &title, &edition.group.source_line, edition.as_of).map_err(|e| DigestError::Docx(e.to_string()))
}

enum Piece {
    Paragraph(Box<Paragraph>),
    Table(Box<Grid>),
}

fn paragraph(p: Paragraph) -> Piece {
    Piece::Paragraph(Box::new(p))
}

/// What is counted while a document is written: every id is ours, so that the same blocks give the same bytes.
#[derive(Default)]
struct Writer {
    links: usize,
    headings: usize,
    landscape: bool,
    /// The level of the first headings: 1 where a title begins the document, else 2.
    top: u8,
}

/// Characters that XML 1.0 has; a document with another one does not open.
fn lawful(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)).collect()
}

fn escaped(text: &str) -> String {
    lawful(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Writer {
    fn write(mut self, blocks: &[Block], running: &str) -> Docx {
        // Groups of pages: what stands before a change of orientation is a section of its own.
        let mut groups: Vec<(bool, Vec<&Block>)> = vec![(false, Vec::new())];
        for b in blocks {
            match b {
                Block::Pages { landscape } => groups.push((*landscape, Vec::new())),
                b => groups.last_mut().into_iter().for_each(|g| g.1.push(b)),
            }
        }
        groups.retain(|(_, blocks)| !blocks.is_empty());
        if groups.is_empty() {
            groups.push((false, Vec::new()));
        }
        let outline = outline(blocks);
        // A document whose title stands in its block begins with the clauses: they are headings of the first level.
        self.top = outline.iter().map(|(level, _)| *level).min().unwrap_or(1).clamp(1, 2);
        let mut docx = styles::styled(Docx::new(), self.top).header(header(running));
        let last = groups.len() - 1;
        for (i, (landscape, blocks)) in groups.into_iter().enumerate() {
            self.landscape = landscape;
            let pieces = self.pieces(&blocks, &outline);
            let (w, h) = if landscape { (A4.1, A4.0) } else { A4 };
            let orient = if landscape { PageOrientationType::Landscape } else { PageOrientationType::Portrait };
            let margin = PageMargin { top: 1021, left: MARGIN, bottom: 907, right: MARGIN, header: 510, footer: 454, gutter: 0 };
            if i == last {
                docx = docx.page_size(w, h).page_orient(orient).page_margin(margin);
                for p in pieces {
                    docx = match p {
                        Piece::Paragraph(p) => docx.add_paragraph(*p),
                        Piece::Table(t) => docx.add_table(*t),
                    };
                }
            } else {
                let mut section = Section::new()
                    .page_size(PageSize::new().size(w, h).orient(orient))
                    .page_margin(docx_rs::PageMargin { ..margin })
                    .header(header(running));
                for p in pieces {
                    section = match p {
                        Piece::Paragraph(p) => section.add_paragraph(*p),
                        Piece::Table(t) => section.add_table(*t),
                    };
                }
                docx = docx.add_section(section);
            }
        }
        docx
    }

    /// Twips between the margins.
    fn width(&self) -> usize {
        let page = if self.landscape { A4.1 } else { A4.0 };
        page as usize - 2 * MARGIN as usize
    }

    fn pieces(&mut self, blocks: &[&Block], outline: &[(u8, String)]) -> Vec<Piece> {
        let mut out = Vec::new();
        for b in blocks {
            match b {
                Block::Heading { level, text } => out.push(paragraph(self.heading(*level, text))),
                Block::Paragraph { text, class } => {
                    let style = match class.as_str() {
                        "soft" | "k" => "Small",
                        "centre" => "Centre",
                        _ => "Normal",
                    };
                    let p = self.run_into(Paragraph::new().style(style), text);
                    out.push(paragraph(p));
                }
                Block::List { .. } => self.list(&mut out, b, 0),
                Block::Table(t) => {
                    if !t.caption.is_empty() {
                        let p = self.run_into(Paragraph::new().style("Caption").keep_next(true), &t.caption);
                        out.push(paragraph(p));
                    }
                    out.push(Piece::Table(Box::new(self.table(t))));
                    // Two tables without a paragraph between them are one for Word.
                    out.push(paragraph(Paragraph::new().style("Gap")));
                }
                Block::Contents => out.extend(contents(outline, self.width(), self.top).into_iter().map(paragraph)),
                Block::Pages { .. } => {}
            }
        }
        out
    }

    fn heading(&mut self, level: u8, text: &[Inline]) -> Paragraph {
        let id = self.headings;
        self.headings += 1;
        let style = format!("Heading{}", (level.max(self.top) - self.top + 1).clamp(1, 4));
        Paragraph::new()
            .style(&style)
            .keep_next(true)
            .add_bookmark_start(id + 1, place(id))
            .add_run(Run::new().add_text(lawful(&plain(text))))
            .add_bookmark_end(id + 1)
    }

    fn list(&mut self, out: &mut Vec<Piece>, list: &Block, depth: usize) {
        let Block::List { ordered, items } = list else { return };
        for (i, item) in items.iter().enumerate() {
            let mark = match (ordered, depth) {
                (true, _) => format!("{}.", i + 1),
                (_, 0) => "•".to_owned(),
                _ => "–".to_owned(),
            };
            let mut first = true;
            for b in item {
                match b {
                    Block::List { .. } => self.list(out, b, depth + 1),
                    Block::Paragraph { text, .. } => {
                        let left = 340 * (depth as i32 + 1);
                        let mut p =
                            Paragraph::new().style("ListParagraph").indent(Some(left), Some(SpecialIndentType::Hanging(340)), None, None);
                        if first {
                            p = p.add_tab(docx_rs::Tab::new().pos(left as usize)).add_run(Run::new().add_text(mark.clone()).add_tab());
                        }
                        first = false;
                        out.push(paragraph(self.run_into(p, text)));
                    }
                    _ => {}
                }
            }
        }
    }

    fn run_into(&mut self, mut p: Paragraph, text: &[Inline]) -> Paragraph {
        for i in text {
            p = match i {
                Inline::Text { text, bold, italic, small } => {
                    let mut r = Run::new().add_text(lawful(text));
                    if *bold {
                        r = r.bold();
                    }
                    if *italic {
                        r = r.italic();
                    }
                    if *small {
                        r = r.color("525C6E");
                    }
                    p.add_run(r)
                }
                Inline::Code(c) => p.add_run(Run::new().style("Command").add_text(lawful(c))),
                Inline::Link { text, href, bold } => {
                    let mut run = Run::new().style("Hyperlink").add_text(lawful(text));
                    if *bold {
                        run = run.bold();
                    }
                    self.links += 1;
                    let mut link = Hyperlink::new("", HyperlinkType::External).add_run(run);
                    link.link = HyperlinkData::External { rid: format!("rIdLink{}", self.links), path: escaped(href) };
                    p.add_hyperlink(link)
                }
                Inline::Break => p.add_run(Run::new().add_break(BreakType::TextWrapping)),
            };
        }
        p
    }

    fn table(&mut self, t: &Table) -> Grid {
        let columns = t.head.len().max(t.rows.iter().map(|r| r.iter().map(|c| c.span as usize).sum()).max().unwrap_or(0)).max(1);
        let widths = self.widths(t, columns);
        let bare = t.class == "b";
        let mut rows = Vec::with_capacity(t.rows.len() + 1);
        if !t.head.is_empty() {
            let cells = (0..columns).map(|i| {
                let text = t.head.get(i).map(Vec::as_slice).unwrap_or_default();
                let p = Paragraph::new().style("TableHead").add_run(Run::new().add_text(lawful(&plain(text))));
                cell(widths[i], 1, p).shading(Shading::new().fill("E8EDF4"))
            });
            // The packer knows the row by its style and marks it as one that every page repeats.
            rows.push(TableRow::new(cells.collect()).cant_split());
        }
        for (n, row) in t.rows.iter().enumerate() {
            let mut at = 0;
            let cells = row.iter().map(|c| {
                let span = (c.span as usize).min(columns.saturating_sub(at)).max(1);
                let width = widths.iter().skip(at).take(span).sum();
                at += span;
                // A row across the whole table is the heading of what follows it.
                let leads = span == columns && columns > 1 && n + 1 < t.rows.len();
                let p = self.run_into(styled(c, &t.class, n), &c.text);
                let p = if leads { p.keep_next(true) } else { p };
                let made = cell(width, span, p);
                match shade(c, &t.class) {
                    Some(fill) => made.shading(Shading::new().fill(fill)),
                    None => made,
                }
            });
            rows.push(TableRow::new(cells.collect()).cant_split());
        }
        let grid =
            if bare { Grid::without_borders(rows).set_borders(TableBorders::with_empty()) } else { Grid::new(rows).set_borders(lines()) };
        grid.set_grid(widths.clone())
            .layout(TableLayoutType::Fixed)
            .width(widths.iter().sum(), WidthType::Dxa)
            .margins(TableCellMargins::new().margin(if bare { 10 } else { 25 }, 70, if bare { 10 } else { 25 }, 70))
    }

    fn widths(&self, t: &Table, columns: usize) -> Vec<usize> {
        let all = self.width();
        let given: usize = t.widths.iter().map(|w| *w as usize).sum();
        if t.widths.len() == columns && given > 0 {
            return t.widths.iter().map(|w| all * *w as usize / given).collect();
        }
        if columns == 1 {
            return vec![all];
        }
        // A matrix: the names of the rows need room, the counts share the rest.
        let first = (all * 26 / 100).min(all * WIDEST / 100);
        let rest = (all - first) / (columns - 1);
        std::iter::once(first).chain(std::iter::repeat_n(rest, columns - 1)).collect()
    }
}

fn styled(c: &Cell, class: &str, row: usize) -> Paragraph {
    let align = match (c.align.as_str(), class) {
        ("r", _) => AlignmentType::Right,
        ("m", _) => AlignmentType::Center,
        (_, "m") if !c.header => AlignmentType::Center,
        _ => AlignmentType::Left,
    };
    // On the right of a document's head stand its number in 16 points, and group and language in 14.
    let style = match (class, c.align.as_str(), row) {
        ("b", "r", 0) => "BlockNumber",
        ("b", "r", 1 | 2) => "BlockGroup",
        ("b", ..) => "BlockText",
        _ => "TableText",
    };
    Paragraph::new().style(style).align(align)
}

/// A matrix is its own heat map: the more works, the darker, and the number says the same.
fn shade(c: &Cell, class: &str) -> Option<&'static str> {
    if class != "m" || c.header {
        return None;
    }
    Some(match plain(&c.text).parse::<usize>().ok()? {
        0 => return None,
        1 => "F0F3F8",
        2..=4 => "DFE7F1",
        5..=9 => "CBD8E9",
        10..=24 => "B5C8E0",
        _ => "9DB6D5",
    })
}

fn cell(width: usize, span: usize, p: Paragraph) -> TableCell {
    let c = TableCell::new().width(width, WidthType::Dxa).add_paragraph(p);
    if span > 1 { c.grid_span(span) } else { c }
}

fn lines() -> TableBorders {
    [
        TableBorderPosition::Top,
        TableBorderPosition::Bottom,
        TableBorderPosition::Left,
        TableBorderPosition::Right,
        TableBorderPosition::InsideH,
        TableBorderPosition::InsideV,
    ]
    .into_iter()
    .fold(TableBorders::new(), |b, p| b.set(TableBorder::new(p).border_type(BorderType::Single).size(4).color("9AA5B5")))
}

/// `- 1 -` and the document's number, on every page.
fn header(number: &str) -> Header {
    let page = Paragraph::new()
        .style("Header")
        .align(AlignmentType::Center)
        .add_run(Run::new().add_text("- "))
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_text(" -"));
    let number = Paragraph::new().style("Header").align(AlignmentType::Center).add_run(Run::new().add_text(lawful(number)));
    Header::new().add_paragraph(page).add_paragraph(number)
}

fn place(heading: usize) -> String {
    format!("_Toc{heading:06}")
}

/// Headings in the order in which they are numbered.
fn outline(blocks: &[Block]) -> Vec<(u8, String)> {
    blocks.iter().filter_map(|b| if let Block::Heading { level, text } = b { Some((*level, plain(text))) } else { None }).collect()
}

/// A field that Word and LibreOffice can refresh, already filled: the clauses, without page numbers that nobody
/// has counted yet, two on a line so that the report itself begins on the first page.
fn contents(outline: &[(u8, String)], width: usize, top: u8) -> Vec<Paragraph> {
    let entries: Vec<(usize, &String)> = outline.iter().enumerate().filter(|(_, (l, _))| *l <= 2).map(|(i, (_, t))| (i, t)).collect();
    let lines = entries.len().div_ceil(2);
    let entry =
        |(id, text): &(usize, &String)| Hyperlink::new(place(*id), HyperlinkType::Anchor).add_run(Run::new().add_text(lawful(text)));
    let mut out = Vec::new();
    for n in 0..lines {
        let mut p = Paragraph::new().style("TOC1").add_tab(docx_rs::Tab::new().pos(width / 2));
        if n == 0 {
            let instr = InstrToC::with_instr_text(&format!(r#"TOC \o "1-{}" \n \h \z \u"#, 3 - top));
            p = p.add_run(
                Run::new()
                    .add_field_char(FieldCharType::Begin, false)
                    .add_instr_text(InstrText::TOC(instr))
                    .add_field_char(FieldCharType::Separate, false),
            );
        }
        // Down the first column, then down the second.
        p = p.add_hyperlink(entry(&entries[n]));
        if let Some(second) = entries.get(n + lines) {
            p = p.add_run(Run::new().add_tab()).add_hyperlink(entry(second));
        }
        if n + 1 == lines {
            p = p.add_run(Run::new().add_field_char(FieldCharType::End, false));
        }
        out.push(p);
    }
    out
}
