//! What the libraries say of a file of `data/` or of a template, as a problem with its code and place.

use monitor_digest::DigestError;
use monitor_identify::BodiesError;
use monitor_tag::TaxonomyError;

use super::{
    Problem,
    place::{from_line, in_turn},
    problem::problem_of_reader,
};
use crate::code::Code;

/// An error of a library about a file that it was given.
pub(super) trait Placed: std::fmt::Display {
    /// As a problem of the file `name` with this text.
    fn problem(&self, name: &str, text: &str) -> Problem;
}

impl Placed for BodiesError {
    fn problem(&self, name: &str, text: &str) -> Problem {
        match self {
            BodiesError::Syntax { line, column, what } => read_or(Code::Bodies, name, text, (*line, *column), what),
            BodiesError::Table { line, column, body, table, what } => {
                let said = format!("number table “{table}” of {body}: {what}");
                Problem::at(Code::Numbers, name, text, from_line(text, *line, *column), &said)
            }
            other => Problem::at(Code::Bodies, name, text, None, &other.to_string()),
        }
    }
}

impl Placed for TaxonomyError {
    fn problem(&self, name: &str, text: &str) -> Problem {
        match self {
            TaxonomyError::Toml { line, column, message } => read_or(Code::Topics, name, text, (*line, *column), message),
            TaxonomyError::Weights { line, message } => Problem::at(Code::Weights, name, text, from_line(text, *line, 1), message),
            other => Problem::at(Code::Weights, name, text, None, &other.to_string()),
        }
    }
}

impl Placed for DigestError {
    fn problem(&self, name: &str, text: &str) -> Problem {
        match self {
            DigestError::Config { file, line, column, what } => {
                let own = if *file == "calendar.toml" { Code::Calendar } else { Code::Edition };
                read_or(own, name, text, (*line, *column), what)
            }
            DigestError::Template { line, column, what, .. } => {
                Problem::at(Code::Template, name, text, from_line(text, *line, *column), what)
            }
            DigestError::UnknownTemplate { known, .. } => Problem {
                help: Some(format!("known are {known}; a name that begins with _ is taken as a part")),
                ..Problem::file(Code::TemplateName, name, "nothing uses a template of this name".to_owned())
            },
            other => Problem::at(Code::Template, name, text, None, &other.to_string()),
        }
    }
}

/// What the reader of TOML itself says, or what the library says of a file that could be read.
fn read_or(own: Code, name: &str, text: &str, (line, column): (usize, usize), said: &str) -> Problem {
    let problem = problem_of_reader(name, text, from_line(text, line.max(1), column), said);
    // A sentence of the library's own is about the subject of the file, not about TOML.
    if problem.code == Code::Unusable { Problem { code: own, ..problem } } else { problem }
}

/// A sentence of a library that names what it means in `backticks`: the place is found again by these words.
pub(crate) fn by_its_words(code: Code, name: &str, text: &str, said: &str) -> Problem {
    let words = said.split('`').skip(1).step_by(2);
    Problem::at(code, name, text, in_turn(text, words, said.contains("twice")), said)
}
