use std::ops::Range;

/// Why `data/bodies.toml` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodiesError {
    /// Not TOML, an unknown key or a value of the wrong kind.
    #[error("line {line}, column {column}: {what}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong and what to write instead.
        what: String,
    },
    /// A number table that cannot work.
    #[error("line {line}, column {column}: number table “{table}” of {body}: {what}")]
    Table {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The body.
        body: String,
        /// The table's name.
        table: String,
        /// What is wrong and what to write instead.
        what: String,
    },
}

/// Line and column (from 1, in characters) of a byte offset.
pub(crate) fn position(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let mut at = span.map_or(0, |s| s.start).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (line, before[start..].chars().count() + 1)
}

impl BodiesError {
    /// From what the TOML reader says, with the nearest known key for an unknown one.
    pub(crate) fn from_toml(text: &str, error: &toml::de::Error) -> Self {
        let (line, column) = position(text, error.span());
        let mut what = error.message().trim().to_owned();
        if what.starts_with("unknown field") {
            let names: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
            if let Some((&unknown, known)) = names.split_first()
                && let Some(near) = monitor_model::nearest(unknown, known.iter().copied())
            {
                what = format!("unknown key `{unknown}`: did you mean `{near}`?");
            }
        }
        BodiesError::Syntax { line, column, what }
    }
}
