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
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|k| (distance(&lower, &k.to_lowercase()), k))
        .filter(|(d, k)| *d <= (k.chars().count().max(3) / 3))
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| format!("did you mean “{k}”?"))
}

/// Damerau-Levenshtein distance with neighbouring swaps, over at most the first 64 characters.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut rows: Vec<Vec<usize>> = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let known = ["absolute", "text", "date", "docnum"];
        assert_eq!(did_you_mean("absolut", known).as_deref(), Some("did you mean “absolute”?"));
        assert_eq!(did_you_mean("dtae", known).as_deref(), Some("did you mean “date”?"));
        assert_eq!(did_you_mean("javascript", known), None);
    }
}
