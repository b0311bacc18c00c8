use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Access;

/// How to read a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// RSS, Atom, JSON Feed.
    Feed,
    /// HTML rows by CSS.
    List,
    /// One HTML page of label/value pairs: one entry.
    Page,
    /// JSON or JSON Lines.
    Json,
    /// Comma- or otherwise separated values.
    Csv,
    /// Directory listing.
    Dir,
    /// XML that is no feed: rows by the names of elements.
    Xml,
    /// A sheet of a workbook.
    Xlsx,
    /// Known, watched by nobody.
    #[default]
    None,
}

/// `access` of a source: what its readers need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceAccess {
    /// Free of charge, no login.
    Free,
    /// For sale.
    Paid,
    /// Members' login.
    Members,
    /// The source itself needs a login (kind `none`).
    Login,
}

impl From<SourceAccess> for Access {
    fn from(a: SourceAccess) -> Access {
        match a {
            SourceAccess::Free => Access::Free,
            SourceAccess::Paid => Access::Paid,
            SourceAccess::Members | SourceAccess::Login => Access::Members,
        }
    }
}

/// How a document of kind `json` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// YAML, read into the same values.
    Yaml,
}
