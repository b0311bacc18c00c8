//! One output format is one file.

mod atom;
mod csv;
mod docx;
mod fit;
pub(crate) mod html;
mod ics;
mod json;
mod mail;
pub(crate) mod markdown;
pub(crate) mod text;

use std::fmt;

use monitor_model::Rendered;
use serde::{Deserialize, Serialize};

use crate::{DigestError, Edition, Form, Templates};

/// Into what an edition is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Markdown (CommonMark with tables).
    Md,
    /// Plain text of 76 columns.
    Txt,
    /// One self-contained web page, with everything behind the first screen.
    Html,
    /// HTML for mail programs: styles in the tags, below 100 KB.
    #[serde(rename = "mail.html")]
    Mail,
    /// A document for Word and LibreOffice.
    Docx,
    /// The edition itself.
    Json,
    /// The rows of the map, or the changes.
    Csv,
    /// A feed of the changes.
    Atom,
    /// The coming dates.
    Ics,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 9] =
        [Format::Md, Format::Txt, Format::Html, Format::Mail, Format::Docx, Format::Json, Format::Csv, Format::Atom, Format::Ics];

    /// The ending of a file name, and the word of the contract.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Md => "md",
            Format::Txt => "txt",
            Format::Html => "html",
            Format::Mail => "mail.html",
            Format::Docx => "docx",
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Atom => "atom",
            Format::Ics => "ics",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Md => "text/markdown; charset=utf-8",
            Format::Txt => "text/plain; charset=utf-8",
            Format::Html | Format::Mail => "text/html; charset=utf-8",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Json => "application/json",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Atom => "application/atom+xml; charset=utf-8",
            Format::Ics => "text/calendar; charset=utf-8",
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
/// When a template asks for something that the edition does not have, with its file, line and column; when the form has no such
/// format.
pub fn render(edition: &Edition, format: Format, templates: &Templates) -> Result<Rendered, DigestError> {
    let rows = || fit::rows(edition, templates);
    let bytes = match format {
        Format::Md => markdown::render(edition, templates, rows()?)?,
        Format::Txt => text::render(edition, templates, rows()?)?,
        Format::Html => html::render(edition, templates, if edition.form == Form::Td { rows()? } else { None })?,
        Format::Mail => mail::render(edition, templates, rows()?)?,
        Format::Docx => docx::render(edition, templates, rows()?)?,
        Format::Json => json::render(edition)?,
        Format::Csv | Format::Atom | Format::Ics if edition.form.on_demand() => {
            return Err(DigestError::NotThere { form: edition.form, format, why: "ask for md, txt, html, docx or json" });
        }
        Format::Csv => csv::render(edition),
        Format::Atom => atom::render(edition),
        Format::Ics => ics::render(edition),
    };
    Ok(Rendered {
        name: format!("{}.{}", file_stem(&edition.edition), format.extension()),
        media_type: format.media_type().to_owned(),
        bytes,
    })
}

/// An edition's id as a file name: no path, nothing hidden.
pub(crate) fn file_stem(id: &str) -> String {
    let stem: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).take(80).collect();
    let stem = stem.trim_start_matches('.');
    if stem.is_empty() { "edition".to_owned() } else { stem.to_owned() }
}
