use super::{Field, Query, Term, What, text::Needle};
use crate::When;

/// Longer questions are a mistake.
const LONGEST: usize = 2_000;

/// What is wrong with a question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// A quotation mark was never closed.
    #[error("the phrase that begins with “{0}” is not closed: write a second \" behind it")]
    Open(String),
    /// A word with a colon that is no field.
    #[error("no field “{field}”{near}; fields are {known}, since and until; put the words into quotes to look for them as they are")]
    Unknown {
        /// What was written.
        field: String,
        /// A remark: which one may be meant.
        near: String,
        /// All that there are.
        known: String,
    },
    /// A field without a value, a minus without anything.
    #[error("nothing stands behind “{0}”")]
    Nothing(String),
    /// What follows since or until is no date.
    #[error("“{0}” is no date: write 2026, 2026-11 or 2026-11-29")]
    Date(String),
    /// A day cannot be asked away.
    #[error("since: and until: take no minus: turn them round")]
    NotDate,
    /// Too long.
    #[error("the question is longer than {LONGEST} characters")]
    Long,
}

impl Query {
    /// Reads a question.
    ///
    /// # Errors
    ///
    /// When a phrase is not closed, a field does not exist or has no value, or a date cannot be read.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        if text.len() > LONGEST {
            return Err(QueryError::Long);
        }
        let mut query = Query::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            rest = query.term(rest)?.trim_start();
        }
        Ok(query)
    }

    /// Reads one term and gives what follows it.
    fn term<'t>(&mut self, text: &'t str) -> Result<&'t str, QueryError> {
        let (not, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if text.is_empty() || text.starts_with(char::is_whitespace) {
            // a dash between words asks for nothing
            return Ok(text);
        }
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | ':')).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let Some(values) = after.strip_prefix(':').filter(|_| !name.is_empty()) else {
            let (needle, rest) = value(text, false)?;
            self.add(not, What::Text, needle);
            return Ok(rest);
        };
        let name = name.to_lowercase();
        let (found, rest) = list(values)?;
        if found.is_empty() {
            return Err(QueryError::Nothing(format!("{name}:")));
        }
        if let Some(day) = match name.as_str() {
            "since" => Some(&mut self.since),
            "until" => Some(&mut self.until),
            _ => None,
        } {
            let [one] = found.as_slice() else { return Err(QueryError::Date(values.trim().to_owned())) };
            if not {
                return Err(QueryError::NotDate);
            }
            *day = Some(one.folded().parse::<When>().map_err(|_| QueryError::Date(one.folded().to_owned()))?);
            return Ok(rest);
        }
        let Some((_, field)) = Field::ALL.iter().find(|(n, _)| *n == name) else {
            let known: Vec<&str> = Field::ALL.iter().map(|(n, _)| *n).collect();
            let near = known.iter().find(|k| k.starts_with(name.get(..3).unwrap_or(&name)) || name.starts_with(**k));
            let near = near.map_or(String::new(), |n| format!("; did you mean “{n}:”?"));
            return Err(QueryError::Unknown { field: name, near, known: known.join(", ") });
        };
        self.terms.push(Term { not, what: What::Field(*field, found) });
        Ok(rest)
    }

    fn add(&mut self, not: bool, what: fn(Needle) -> What, needle: Needle) {
        if !needle.folded().is_empty() {
            self.terms.push(Term { not, what: what(needle) });
        }
    }
}

/// Values parted by commas.
fn list(text: &str) -> Result<(Vec<Needle>, &str), QueryError> {
    let (mut found, mut rest) = (Vec::new(), text);
    loop {
        if rest.is_empty() || rest.starts_with(char::is_whitespace) {
            return Ok((found, rest));
        }
        let (needle, after) = value(rest, true)?;
        if !needle.folded().is_empty() {
            found.push(needle);
        }
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok((found, after)),
        }
    }
}

/// A phrase in quotation marks, or all up to the next space (or comma).
fn value(text: &str, commas: bool) -> Result<(Needle, &str), QueryError> {
    if let Some(rest) = text.strip_prefix(['"', '“', '”']) {
        let end = rest.find(['"', '“', '”']).ok_or_else(|| QueryError::Open(rest.chars().take(20).collect()))?;
        let after = &rest[end..];
        let after = &after[after.chars().next().map_or(0, char::len_utf8)..];
        return Ok((Needle::phrase(&rest[..end]), after));
    }
    let end = text.find(|c: char| c.is_whitespace() || (commas && c == ',')).unwrap_or(text.len());
    Ok((Needle::word(&text[..end]), &text[end..]))
}
