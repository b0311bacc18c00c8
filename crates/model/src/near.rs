/// Longer words are compared by their beginnings: a line of somebody's text is not a slip of the pen.
const LONGEST: usize = 64;

/// The most alike of the known words, in any case, if it is alike enough to be what was meant: a third of its letters may be wrong.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let cut = |text: &str| text.to_lowercase().chars().take(LONGEST).collect::<String>();
    let word = cut(word);
    let letters = word.chars().count();
    known
        .into_iter()
        .map(|k| (k, cut(k)))
        .filter_map(|(k, folded)| {
            let longer = letters.max(folded.chars().count());
            let most = (longer / 3).max(1);
            let wrong = strsim::damerau_levenshtein(&word, &folded);
            // nothing is like a word of which no letter is left
            (wrong <= most && wrong < longer).then_some((wrong, k))
        })
        .min_by_key(|(wrong, _)| *wrong)
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let known = ["absolute", "text", "date", "docnum"];
        assert_eq!(nearest("absolut", known), Some("absolute"));
        assert_eq!(nearest("dtae", known), Some("date"));
        assert_eq!(nearest("DATES", known), Some("date"));
        assert_eq!(nearest("javascript", known), None);
        assert_eq!(nearest("", ["a", "id"]), None);
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
    }
}
