use super::{Field, Query, Term, What, text::Needle};
use crate::{When, nearest};

/// Longer questions are a mistake.
const LONGEST: usize = 2_000;

/// Signs that open or close a phrase.
const QUOTES: [char; 6] = ['"', '“', '”', '„', '«', '»'];

/// Words for fields that other search boxes have.
const ALSO: [(&str, &str); 14] = [
    ("date", "since"),
    ("published", "since"),
    ("year", "since"),
    ("after", "since"),
    ("from", "since"),
    ("before", "until"),
    ("to", "until"),
    ("status", "stage"),
    ("type", "kind"),
    ("tag", "topic"),
    ("sdo", "body"),
    ("org", "body"),
    ("language", "lang"),
    ("key", "number"),
];

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
    /// Nothing lies between two days of which the first is the later.
    #[error("since: is later than until:, so nothing can lie between: write the earlier day behind since:")]
    Backwards,
    /// `OR` stands between words and phrases only.
    #[error("OR stands between two words or phrases: write alternatives of a field as body:ietf,etsi")]
    Or,
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
        let mut or = false;
        while !rest.is_empty() {
            let word = rest.split(char::is_whitespace).next().unwrap_or_default();
            rest = match word {
                // as in other search boxes; all terms must hold anyway
                "AND" => &rest[word.len()..],
                "OR" if or => return Err(QueryError::Or),
                "OR" => {
                    or = true;
                    &rest[word.len()..]
                }
                _ => {
                    let before = query.terms.len();
                    let after = query.term(rest)?;
                    if std::mem::take(&mut or) {
                        query.either(before)?;
                    }
                    after
                }
            }
            .trim_start();
        }
        if or {
            return Err(QueryError::Or);
        }
        let (since, until) = query.days();
        if since > until {
            return Err(QueryError::Backwards);
        }
        Ok(query)
    }

    /// Joins the term that was read last to the one before it.
    fn either(&mut self, before: usize) -> Result<(), QueryError> {
        let added = self.terms.split_off(before.min(self.terms.len()));
        match (self.terms.last_mut(), added.as_slice()) {
            (Some(Term { not: false, what: What::Text(values) }), [Term { not: false, what: What::Text(more) }]) => {
                values.extend_from_slice(more);
                Ok(())
            }
            _ => Err(QueryError::Or),
        }
    }

    /// Reads one term and gives what follows it.
    fn term<'t>(&mut self, text: &'t str) -> Result<&'t str, QueryError> {
        let (not, text) = match text.strip_prefix('-').or_else(|| text.strip_prefix("NOT ").map(str::trim_start)) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if text.is_empty() || text.starts_with(char::is_whitespace) {
            // a dash between words asks for nothing
            return Ok(text);
        }
        let end = text.find(|c: char| c.is_whitespace() || QUOTES.contains(&c) || c == ':').unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let field = |name: &str| name == "since" || name == "until" || Field::ALL.iter().any(|(n, _)| *n == name);
        // a colon in an address, a number (`42001:2023`) or behind a word of a title makes no field
        let names = |after: &&str| {
            let letters = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'));
            letters
                && (field(&name.to_lowercase()) || !(after.is_empty() || after.starts_with("//") || after.starts_with(char::is_whitespace)))
        };
        let Some(values) = after.strip_prefix(':').filter(names) else {
            let (needle, rest) = value(text, false)?;
            self.add(not, |n| What::Text(vec![n]), needle);
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
            let near = ALSO.iter().find(|(n, _)| *n == name).map(|(_, known)| *known);
            let near = near.or_else(|| nearest(&name, known.iter().copied().chain(["since", "until"])));
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
    if let Some(rest) = text.strip_prefix(QUOTES) {
        let end = rest.find(QUOTES).ok_or_else(|| QueryError::Open(rest.chars().take(20).collect()))?;
        let after = &rest[end..];
        let after = &after[after.chars().next().map_or(0, char::len_utf8)..];
        return Ok((Needle::phrase(&rest[..end]), after));
    }
    let end = text.find(|c: char| c.is_whitespace() || (commas && c == ',')).unwrap_or(text.len());
    Ok((Needle::word(bare(&text[..end])), &text[end..]))
}

/// A word without what punctuation of a title or a star left on it: `(SAI);`, `agent*`.
fn bare(word: &str) -> &str {
    let front = word.trim_start_matches(['(', '[', '{']);
    let bare = front.trim_end_matches([')', ']', '}', ',', ';', ':', '!', '?', '*', '.']);
    // brackets that belong together are part of a name: `f(x)`
    let bare = if bare.contains('(') { front.trim_end_matches([',', ';', ':', '*']) } else { bare };
    if bare.chars().any(char::is_alphanumeric) { bare } else { word.trim_end_matches('*') }
}
