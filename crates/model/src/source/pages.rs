use std::{collections::BTreeMap, time::Duration};

use schemars::JsonSchema;
use serde::Deserialize;

use super::span::maybe_duration;

/// How a CSV file is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CsvOptions {
    /// One character; default comma.
    pub delimiter: Option<char>,
    /// A byte-order mark may stand first (it is always tolerated).
    pub bom: bool,
}

/// Which sheet of a workbook is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SheetOptions {
    /// Its name, in any case; default the first.
    pub sheet: Option<String>,
    /// The row of the header, counted from 1; default the first that has every column that a field names.
    pub header: Option<u32>,
}

/// Paging: by a parameter of the address, or by a link or path to the next page.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// The parameter, replaced where it stands.
    pub param: Option<String>,
    /// Its first value.
    pub start: i64,
    /// What it grows by; default 1.
    pub step: Option<i64>,
    /// Locator of the next page's address (CSS `a@href`, or a dotted JSON path).
    pub next: Option<String>,
    /// How many pages at most; hitting it is a warning with the count.
    pub max: u32,
    /// When to stop earlier.
    pub stop: StopRule,
    /// `stop = "total"`: locator of the number of all rows.
    pub total: Option<String>,
}

/// When paging ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StopRule {
    /// A page without rows.
    #[default]
    Empty,
    /// A page all of whose rows are known.
    Overlap,
    /// All rows that the source says it has.
    Total,
}

/// The contract of a source.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Fewer rows break it.
    pub min_items: Option<u64>,
    /// More rows break it.
    pub max_items: Option<u64>,
    /// Share of rows in which a field must be filled.
    pub fill: BTreeMap<String, f64>,
    /// Something new at least this often, else the source is stale.
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub fresh: Option<Duration>,
    /// `csv`, `xlsx`: columns that must be there.
    pub columns: Vec<String>,
}
