//! Kind `csv`: streamed, by the names of the header.

use std::{collections::BTreeMap, io::Read};

use csv::{ReaderBuilder, StringRecord};
use monitor_model::ComplaintStage;

use crate::{
    Container, Extraction, Page, Recipe,
    charset::Utf8Reader,
    flood,
    html::take,
    locate::{Found, Locator},
    next,
    row::{Builder, Row},
};

struct CsvRow<'a> {
    columns: &'a BTreeMap<String, usize>,
    cells: &'a StringRecord,
}

impl CsvRow<'_> {
    fn cell(&self, name: &str) -> Option<&str> {
        self.columns.get(name).and_then(|i| self.cells.get(*i))
    }
}

impl Row for CsvRow<'_> {
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s> {
        match locator {
            // An empty cell is an absent value.
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

fn says_delimiter(cell: &str) -> bool {
    let said = cell.trim_start_matches('\u{feff}').get(..4).is_some_and(|s| s.eq_ignore_ascii_case("sep="));
    said && cell.trim_start_matches('\u{feff}').chars().count() <= 5
}

/// The columns that fields name.
pub(crate) fn asked_columns(recipe: &Recipe) -> Vec<&str> {
    let finds = recipe.fields.iter().flat_map(|f| f.rule.finds());
    finds.filter_map(|f| if let Locator::Column(c) = &f.locator { Some(c.as_str()) } else { None }).collect()
}

/// Rows of a table.
pub(crate) fn rows(recipe: &Recipe, page: &Page<'_>, body: &mut dyn Read) -> Extraction {
    let fail = |what: String| Extraction::failed(ComplaintStage::Parse, page, what);
    let source = match Utf8Reader::new(body, page.media_type) {
        Ok(s) => s,
        Err(e) => return Extraction::failed(ComplaintStage::Decode, page, format!("the body cannot be read: {e}")),
    };
    let head = source.head.trim_ascii_start();
    let starts = |with: &str| head.len() >= with.len() && head[..with.len()].eq_ignore_ascii_case(with.as_bytes());
    if head.is_empty() {
        return fail("the answer is empty".into());
    }
    if starts("<!doctype") || starts("<html") || starts("<?xml") {
        return fail("this is markup, not a table".into());
    }
    // The reader takes a record to begin before the line feed of a CR LF that ended the one before.
    let behind = u64::from(source.head.windows(2).any(|w| w == b"\r\n"));
    let delimiter = recipe.csv.delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',');
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).buffer_capacity(256 << 10).from_reader(source);
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            // Spreadsheets say the delimiter in a line of its own: `sep=;`.
            Ok(true) if record.get(0).is_some_and(says_delimiter) && record.iter().skip(1).all(str::is_empty) => {}
            Ok(true) => break,
            Ok(false) => return fail("the answer is empty".into()),
            Err(e) => return fail(format!("the header cannot be read: {e}")),
        }
    }
    if record.len() > flood::COLUMNS {
        return fail(format!("the header has {} columns, which is no table: is the delimiter “{}”?", record.len(), char::from(delimiter)));
    }
    let header: Vec<String> = record.iter().map(|c| crate::text::collapse(c.trim_start_matches('\u{feff}'))).collect();
    let mut columns = BTreeMap::new();
    for (i, name) in header.iter().enumerate() {
        columns.entry(name.clone()).or_insert(i);
    }
    let asked = asked_columns(recipe);
    if !asked.is_empty() && asked.iter().all(|c| !columns.contains_key(*c)) {
        let what = format!(
            "none of the declared columns is in the header ({}): is the delimiter “{}”?",
            crate::notes::shorten(&header.join(" | ")),
            char::from(delimiter)
        );
        return Extraction { container: Container::Missing, columns: header, ..Extraction::failed(ComplaintStage::Select, page, what) };
    }
    let mut builder = Builder::new(recipe, page.final_url);
    let mut out = Extraction { container: Container::Found, ..Extraction::default() };
    let mut n = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Err(e) => {
                // Only a broken body comes here: rows of any length and any quotes are taken.
                builder.notes.add(ComplaintStage::Decode, "the body ends early", || e.to_string());
                break;
            }
            Ok(true) => {}
        }
        n += 1;
        let cells = record.len();
        let line = record.position().map_or(0, csv::Position::line) + behind;
        let spare = cells > header.len() && record.iter().skip(header.len()).all(|c| c.trim().is_empty());
        if cells != header.len() && !spare {
            if cells == 1 && record.get(0).is_some_and(|c| c.trim().is_empty()) {
                continue; // a blank line
            }
            out.rejected += 1;
            builder.notes.add(ComplaintStage::Parse, "a row has the wrong number of cells", || {
                format!("line {line} has {cells}, the header {}", header.len())
            });
            continue;
        }
        take(&mut builder, &CsvRow { columns: &columns, cells: &record }, n, &mut out);
    }
    if reader.get_ref().broken {
        builder.notes.add(ComplaintStage::Decode, "some characters could not be decoded", String::new);
    }
    next::add(recipe, page, builder.base.as_ref(), None, &mut out);
    out.complaints = builder.complaints(page.url);
    out.columns = header;
    out
}
