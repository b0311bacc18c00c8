use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, Format, SourceKind, field::FieldForm};

/// `[source.x.detail]`: a second, polite request for a row: the page of a work item, a record of an API.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Detail {
    /// Its address; `{field}` is replaced by a field of the row. Default: the row's own `{url}`.
    pub url: Option<String>,
    /// How to read it: `page`, `json` or `xml`.
    pub kind: SourceKind,
    /// `json`: how it is written.
    pub format: Format,
    /// `json`: where the record stands, a JSONPath; default the document itself.
    pub items: Option<String>,
    /// `page`, `xml`: where on the page the fields stand.
    pub container: Option<String>,
    /// Extra request headers, beside those of the source.
    pub headers: BTreeMap<String, String>,
    /// For which rows.
    pub when: DetailWhen,
    /// At most so many in one run; the others follow in the next.
    pub max: u32,
    /// The fields that it fills; what the row says of them gives way.
    #[schemars(with = "BTreeMap<String, FieldForm>")]
    pub fields: BTreeMap<String, Field>,
}

impl Default for Detail {
    fn default() -> Self {
        Detail {
            url: None,
            kind: SourceKind::Page,
            format: Format::Json,
            items: None,
            container: None,
            headers: BTreeMap::new(),
            when: DetailWhen::Changed,
            max: 50,
            fields: BTreeMap::new(),
        }
    }
}

/// For which rows a detail is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DetailWhen {
    /// Rows whose detail was never read.
    New,
    /// These, and rows that the list shows otherwise than when it was read.
    #[default]
    Changed,
    /// Every row of every run, conditionally.
    Always,
}
