//! The styles of a document: names that Word knows, so that a convenor's own template can restyle it.

use docx_rs::{AlignmentType, Docx, LineSpacing, LineSpacingType, RunFonts, Style, StyleType};

const FONT: &str = "Times New Roman";

fn fonts(name: &str) -> RunFonts {
    RunFonts::new().ascii(name).hi_ansi(name).cs(name).east_asia("Noto Sans CJK SC")
}

/// Space before and after in twentieths of a point, lines single.
fn space(before: u32, after: u32) -> LineSpacing {
    LineSpacing::new().before(before).after(after).line(240).line_rule(LineSpacingType::Auto)
}

fn paragraph(id: &str, name: &str, size: usize, before: u32, after: u32) -> Style {
    Style::new(id, StyleType::Paragraph).name(name).based_on("Normal").size(size).line_spacing(space(before, after))
}

/// Adds the styles. Sizes are in half points. Where the clauses are headings of the first level, `top` is 2 and each is as large as
/// its like in a document that begins with a title.
pub(super) fn styled(docx: Docx, top: u8) -> Docx {
    let heading = |level: usize, size, before| {
        paragraph(&format!("Heading{level}"), &format!("heading {level}"), size, before, 40).next("Normal").bold().outline_lvl(level - 1)
    };
    let looks = [(26, 120, false), (21, 120, false), (20, 80, true), (20, 60, false), (20, 60, false)];
    let mut docx = docx;
    for (level, (size, before, italic)) in (1..=4).zip(looks.into_iter().skip(usize::from(top) - 1)) {
        let style = heading(level, size, before);
        docx = docx.add_style(if italic { style.italic() } else { style });
    }
    docx.default_fonts(fonts(FONT))
        .default_size(20)
        .default_line_spacing(space(0, 0))
        .add_style(Style::new("Normal", StyleType::Paragraph).name("Normal").size(20).fonts(fonts(FONT)).line_spacing(space(40, 40)))
        .add_style(paragraph("Centre", "Centred", 22, 60, 60).align(AlignmentType::Center).bold())
        .add_style(paragraph("Small", "Small text", 17, 20, 20).color("525C6E"))
        .add_style(paragraph("Caption", "caption", 17, 60, 20).color("525C6E"))
        .add_style(paragraph("ListParagraph", "List Paragraph", 19, 10, 10))
        .add_style(paragraph("TableText", "Table text", 16, 0, 0))
        .add_style(paragraph("TableHead", "Table head", 16, 0, 0).bold())
        .add_style(paragraph("BlockText", "Header block", 20, 0, 0))
        .add_style(paragraph("BlockNumber", "Header block number", 32, 0, 0))
        .add_style(paragraph("BlockGroup", "Header block group", 28, 0, 0))
        .add_style(paragraph("Gap", "Gap", 8, 0, 0))
        .add_style(paragraph("TOC1", "toc 1", 17, 0, 0))
        .add_style(paragraph("Header", "header", 17, 0, 0))
        .add_style(Style::new("Hyperlink", StyleType::Character).name("Hyperlink").color("0B4A8F").underline("single"))
        .add_style(Style::new("Command", StyleType::Character).name("Command").size(16).fonts(fonts("Courier New")))
}
