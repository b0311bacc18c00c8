//! Kind `xlsx`: the rows of one sheet, by the names of its header. Cells are read one after the other: a sheet that says it is a
//! million columns wide costs what stands in it.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, Reader, Xlsx};
use monitor_model::ComplaintStage;

use crate::{
    Container, Extraction, Page, Recipe, flood,
    html::take,
    locate::{Found, Locator},
    next,
    notes::shorten,
    row::{Builder, Row},
    table::asked_columns,
    text::collapse,
    unpack::stays_within,
};

/// Bytes of an unpacked workbook.
const UNPACKED: u64 = 256 << 20;
/// Columns that are read.
const COLUMNS: u32 = 500;
/// Rows among which the header is looked for.
const HEADER_WITHIN: usize = 100;
/// Bytes of one cell that are kept.
const CELL: usize = 64 << 10;
/// Bytes of all cells that are kept.
const CELLS: usize = 256 << 20;

struct SheetRow<'a> {
    columns: &'a BTreeMap<String, u32>,
    cells: &'a BTreeMap<u32, String>,
}

impl SheetRow<'_> {
    fn cell(&self, name: &str) -> Option<&str> {
        let column = self.columns.get(name)?;
        Some(self.cells.get(column).map(String::as_str).unwrap_or_default())
    }
}

impl Row for SheetRow<'_> {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        match locator {
            Locator::Column(name) => {
                Found::Texts(self.cell(name).filter(|t| !t.trim().is_empty()).map(|t| vec![t.to_owned()]).unwrap_or_default())
            }
            _ => Found::none(),
        }
    }

    fn raw(&self, key: &str) -> Option<Vec<String>> {
        self.cell(key).map(|t| vec![t.trim().to_owned()])
    }
}

/// Rows of a sheet: column → text, by the number of the row.
type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

/// Rows of a sheet.
pub(crate) fn rows(recipe: &Recipe, page: &Page<'_>, bytes: &[u8]) -> Extraction {
    let fail = |what: String| Extraction::failed(ComplaintStage::Parse, page, what);
    if bytes.trim_ascii_start().starts_with(b"<") {
        return fail(format!("this is markup, not a workbook ({} bytes)", bytes.len()));
    }
    if let Err(what) = stays_within(bytes, UNPACKED) {
        return fail(what);
    }
    let mut book: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(b) => b,
        Err(e) => return fail(format!("this is no workbook ({} bytes): {e}", bytes.len())),
    };
    let sheets = book.sheet_names().to_vec();
    let wanted = recipe.xlsx.sheet.as_deref();
    let sheet = match wanted {
        None => sheets.first(),
        Some(w) => sheets.iter().find(|n| collapse(n).eq_ignore_ascii_case(&collapse(w))),
    };
    let missing = |what: String| Extraction { container: Container::Missing, ..Extraction::failed(ComplaintStage::Select, page, what) };
    let Some(sheet) = sheet else {
        let what = format!("the sheet “{}” is not in the workbook, which holds {}", wanted.unwrap_or("1"), shorten(&sheets.join(", ")));
        return missing(what);
    };
    let (cells, cut) = match read(&mut book, sheet) {
        Ok(c) => c,
        Err(what) => return fail(format!("the sheet {sheet} cannot be read: {what}")),
    };
    let asked = asked_columns(recipe);
    let header = match recipe.xlsx.header {
        Some(n) => cells.get_key_value(&(n - 1)),
        None => {
            let has_all = |row: &BTreeMap<u32, String>| asked.iter().all(|c| row.values().any(|v| v == c));
            cells.iter().take(HEADER_WITHIN).find(|(_, row)| has_all(row)).or_else(|| cells.first_key_value())
        }
    };
    let Some((at, header)) = header else { return missing(format!("the sheet {sheet} has no header: it is empty there")) };
    let mut columns = BTreeMap::new();
    for (i, name) in header {
        columns.entry(name.clone()).or_insert(*i);
    }
    let names: Vec<String> = header.values().cloned().collect();
    if !asked.is_empty() && asked.iter().all(|c| !columns.contains_key(*c)) {
        let what = format!("none of the declared columns is in the header of {sheet} ({})", shorten(&names.join(" | ")));
        return Extraction { columns: names, ..missing(what) };
    }
    let mut builder = Builder::new(recipe, page.final_url);
    if cut {
        builder.notes.add(ComplaintStage::Validate, "the sheet is longer than any list of documents, and was cut", || sheet.clone());
    }
    let mut out = Extraction { container: Container::Found, ..Extraction::default() };
    for (n, row) in cells.range(at + 1..) {
        if row.values().all(|t| t.is_empty()) {
            continue;
        }
        take(&mut builder, &SheetRow { columns: &columns, cells: row }, *n as usize, &mut out);
    }
    next::add(recipe, page, builder.base.as_ref(), None, &mut out);
    out.complaints = builder.complaints(page.url);
    out.columns = names;
    out
}

/// A sheet by its name, and its first rows.
type Glance = (String, Vec<(u32, BTreeMap<u32, String>)>);

/// The first rows of each sheet of a workbook, by their numbers from 0.
pub(crate) fn glance(bytes: &[u8], rows: usize) -> Vec<Glance> {
    if stays_within(bytes, UNPACKED).is_err() {
        return Vec::new();
    }
    let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut out = Vec::new();
    for name in book.sheet_names().to_vec() {
        if let Ok((cells, _)) = read(&mut book, &name) {
            out.push((name, cells.into_iter().take(rows).collect()));
        }
    }
    out
}

/// The filled cells of a sheet, and whether there were more than are taken.
fn read(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<(Cells, bool), String> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|e| e.to_string())?;
    let mut cells = Cells::new();
    let mut kept = 0;
    while let Some(cell) = reader.next_cell().map_err(|e| e.to_string())? {
        let (row, column) = cell.get_position();
        if column >= COLUMNS {
            continue;
        }
        let Some(mut text) = text_of(cell.get_value()) else { continue };
        text.truncate(text.floor_char_boundary(CELL));
        kept += text.len() + 32;
        if kept > CELLS || cells.len() > flood::ROWS {
            return Ok((cells, true));
        }
        cells.entry(row).or_default().insert(column, text);
    }
    Ok((cells, false))
}

/// A cell as text: whole numbers without a point, dates as `2026-01-06`.
fn text_of(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
        DataRef::Float(f) => f.to_string(),
        DataRef::String(s) => collapse(s),
        DataRef::SharedString(s) => collapse(s),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(d) if d.is_datetime() => {
            let (y, m, day, h, min, s, _) = d.to_ymd_hms_milli();
            if (h, min, s) == (0, 0, 0) {
                format!("{y:04}-{m:02}-{day:02}")
            } else {
                format!("{y:04}-{m:02}-{day:02} {h:02}:{min:02}:{s:02}")
            }
        }
        DataRef::DateTime(d) => d.as_f64().to_string(),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::Error(_) | DataRef::Empty => return None,
    };
    if text.is_empty() { None } else { Some(text) }
}
