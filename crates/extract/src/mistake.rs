use std::fmt;

/// An error in a source's declaration, found before anything is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key of the source's table, e.g. `fields.title`, `item`, `where`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant, or how to write it.
    pub hint: Option<String>,
    /// The byte within the value at which it is wrong.
    pub at: Option<usize>,
}

impl Mistake {
    /// A mistake in `key`.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Mistake { key: key.into(), message: message.into(), hint: None, at: None }
    }

    /// The same, at this byte of the value.
    #[must_use]
    pub fn at(mut self, at: usize) -> Self {
        self.at = Some(at);
        self
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)?;
        match &self.hint {
            Some(h) => write!(f, " ({h})"),
            None => Ok(()),
        }
    }
}

/// “did you mean …?”, when one of the known words is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    monitor_model::nearest(word, known).map(|k| format!("did you mean “{k}”?"))
}
