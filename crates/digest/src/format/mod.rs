//! One output format is one file.

pub(crate) mod html;
mod json;
pub(crate) mod markdown;
pub(crate) mod text;

use std::fmt;

use monitor_model::Rendered;
use serde::{Deserialize, Serialize};

use crate::{DigestError, Edition, Templates};

/// Into what an edition is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Markdown (CommonMark with tables).
    Md,
    /// Plain text of 76 columns.
    Txt,
    /// One self-contained page.
    Html,
    /// The edition itself.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 4] = [Format::Md, Format::Txt, Format::Html, Format::Json];

    /// The ending of a file name, and the word of the contract.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Md => "md",
            Format::Txt => "txt",
            Format::Html => "html",
            Format::Json => "json",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Md => "text/markdown; charset=utf-8",
            Format::Txt => "text/plain; charset=utf-8",
            Format::Html => "text/html; charset=utf-8",
            Format::Json => "application/json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

impl std::str::FromStr for Format {
    type Err = DigestError;
    fn from_str(text: &str) -> Result<Self, DigestError> {
        Format::ALL.into_iter().find(|f| f.extension() == text).ok_or_else(|| DigestError::UnknownFormat(text.to_owned()))
    }
}

/// Renders `edition` into one file, `<edition>.<ending>`.
///
/// # Errors
/// When a template asks for something that the edition does not have, with its file, line and column.
pub fn render(edition: &Edition, format: Format, templates: &Templates) -> Result<Rendered, DigestError> {
    let bytes = match format {
        Format::Md => markdown::render(edition, templates)?,
        Format::Txt => text::render(edition, templates)?,
        Format::Html => html::render(edition, templates)?,
        Format::Json => json::render(edition)?,
    };
    Ok(Rendered {
        name: format!("{}.{}", file_stem(&edition.edition), format.extension()),
        media_type: format.media_type().to_owned(),
        bytes,
    })
}

/// An edition's id as a file name: no path, nothing hidden.
fn file_stem(id: &str) -> String {
    let stem: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).take(80).collect();
    let stem = stem.trim_start_matches('.');
    if stem.is_empty() { "edition".to_owned() } else { stem.to_owned() }
}
