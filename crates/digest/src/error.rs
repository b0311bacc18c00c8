/// What can go wrong between configuration and a rendered file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// A template does not parse, or asks for something that an edition does not have.
    #[error("template {file}, line {line}, column {column}: {what}")]
    Template {
        /// The template's name.
        file: String,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What, and what to do.
        what: String,
    },
    /// An override has a name that nobody asks for.
    #[error("template {name}: nothing uses a template of this name; known are {known} (a name that begins with _ is taken as a part)")]
    UnknownTemplate {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// A configuration file is not as it should be.
    #[error("{file}, line {line}, column {column}: {what}")]
    Config {
        /// Which file.
        file: &'static str,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What, and what to do.
        what: String,
    },
    /// A format nobody knows.
    #[error("“{0}” is not a format of an edition: write md, txt, html, mail.html, docx, json, csv, atom or ics")]
    UnknownFormat(String),
    /// A form nobody knows.
    #[error("“{0}” is not a form of an edition: write mail, td, map, ls, flash or call")]
    UnknownForm(String),
    /// A format that this form does not have.
    #[error("the form {form} has no {format}: {why}")]
    NotThere {
        /// The form.
        form: crate::Form,
        /// The format.
        format: crate::Format,
        /// What to ask for instead.
        why: &'static str,
    },
    /// The DOCX could not be packed.
    #[error("the DOCX cannot be packed: {0}")]
    Docx(String),
    /// A window that cannot be placed.
    #[error("{0}")]
    Window(String),
    /// The edition could not be written as JSON.
    #[error("the edition cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
