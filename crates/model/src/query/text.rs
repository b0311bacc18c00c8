use serde::Serialize;

use super::fold::{Folded, fold};
use crate::Document;

/// How much of a text stands around the first hit.
const AROUND: usize = 90;
/// Hits that are marked.
const MOST: usize = 8;

/// What is looked for in a text, in lower case.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Needle {
    folded: String,
    /// A phrase ends where a word ends.
    whole: bool,
}

/// Where in a document the words of a question stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// `number`, `title`, `summary` or `keywords`.
    pub field: &'static str,
    /// A piece of that text, with … where it is cut.
    pub text: String,
    /// Start and end of each hit in `text`, in bytes.
    pub hits: Vec<(usize, usize)>,
}

impl Needle {
    pub(super) fn word(text: &str) -> Needle {
        Needle { folded: fold(text), whole: false }
    }

    pub(super) fn phrase(text: &str) -> Needle {
        Needle { folded: fold(text).split_whitespace().collect::<Vec<_>>().join(" "), whole: true }
    }

    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// The words that must stand in a text for the needle to stand there.
    pub(super) fn words(&self) -> Vec<String> {
        self.folded.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn stands_in(&self, text: &str) -> bool {
        !self.hits(&fold(text)).is_empty()
    }

    /// How well it stands in a text: 0 not at all, 1 at the start of a word, 2 as a word.
    pub(super) fn stands(&self, folded: &str) -> u32 {
        let ends = |at: &usize| !folded[*at..].chars().next().is_some_and(|c| c.is_alphanumeric() && !spaceless(c));
        self.hits(folded).iter().map(|(_, end)| 1 + u32::from(ends(end))).max().unwrap_or(0)
    }

    /// Where it stands in a text that is in lower case already.
    fn hits(&self, folded: &str) -> Vec<(usize, usize)> {
        let Some(first) = self.folded.chars().next() else { return Vec::new() };
        // a script without spaces has no words to begin with
        let anywhere = !first.is_alphanumeric() || spaceless(first);
        let last = self.folded.chars().next_back().unwrap_or(first);
        let ends = self.whole && last.is_alphanumeric() && !spaceless(last);
        folded
            .match_indices(&self.folded)
            .filter(|(at, _)| anywhere || !folded[..*at].chars().next_back().is_some_and(char::is_alphanumeric))
            .filter(|(at, m)| !ends || !folded[at + m.len()..].chars().next().is_some_and(char::is_alphanumeric))
            .map(|(at, m)| (at, at + m.len()))
            .take(MOST)
            .collect()
    }
}

/// Han, kana, Hangul: written without spaces, or with endings that hang on.
fn spaceless(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The texts in which words are looked for.
pub(super) fn fields(d: &Document) -> impl Iterator<Item = (&'static str, &str)> {
    let own = [("title", Some(d.title.as_str())), ("summary", d.summary.as_deref()), ("number", d.number.as_deref())];
    own.into_iter().filter_map(|(n, t)| Some((n, t?))).chain(d.keywords.iter().map(|k| ("keywords", k.as_str())))
}

/// A text and the needles in it.
struct Found<'t> {
    needles: usize,
    field: &'static str,
    text: &'t str,
    hits: Vec<(usize, usize)>,
}

/// The text in which most needles stand, cut round the first.
pub(super) fn snippet(needles: &[&Needle], d: &Document) -> Option<Snippet> {
    let mut best: Option<Found<'_>> = None;
    for (field, text) in fields(d) {
        let folded = Folded::new(text);
        let mut hits = Vec::new();
        let mut found = 0;
        for needle in needles {
            let here = needle.hits(&folded.text);
            found += usize::from(!here.is_empty());
            hits.extend(here.into_iter().map(|(a, b)| (folded.origin(a), folded.end(b))));
        }
        if found > 0 && best.as_ref().is_none_or(|b| found > b.needles) {
            best = Some(Found { needles: found, field, text, hits });
        }
    }
    let Found { field, text, mut hits, .. } = best?;
    hits.sort_unstable();
    // hits that overlap are one
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (a, b) in hits {
        match merged.last_mut() {
            Some(last) if a <= last.1 => last.1 = last.1.max(b),
            _ => merged.push((a, b)),
        }
    }
    let first = merged.first()?.0;
    let from = cut(text, first.saturating_sub(AROUND), true);
    let to = cut(text, (first + 2 * AROUND).min(text.len()), false);
    let (head, tail) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
    let shift = |at: usize| at - from + head.len();
    let hits = merged.into_iter().filter(|(a, b)| *a >= from && *b <= to).map(|(a, b)| (shift(a), shift(b))).collect();
    Some(Snippet { field, text: format!("{head}{}{tail}", &text[from..to]), hits })
}

/// A place near `at` where a word begins or ends, and no character is cut.
fn cut(text: &str, at: usize, start: bool) -> usize {
    if at == 0 || at >= text.len() {
        return at.min(text.len());
    }
    let mut place = at;
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    // a word is not cut, unless it is longer than anybody's
    let near = |c: &(usize, char)| c.1.is_whitespace() && c.0.abs_diff(place) <= 24;
    if start {
        text[place..].char_indices().map(|(i, c)| (place + i, c)).find(near).map_or(place, |(i, c)| i + c.len_utf8())
    } else {
        text[..place].char_indices().rev().find(near).map_or(place, |(i, _)| i)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_at_the_start_of_words_and_phrases_whole() {
        assert!(Needle::word("agent").stands_in("AI Agents and trust"));
        assert!(!Needle::word("ai").stands_in("maintenance"));
        assert!(Needle::phrase("trust  registry").stands_in("A Trust Registry for all"));
        assert!(!Needle::phrase("trust regist").stands_in("A trust registry"));
        assert!(Needle::word("智能").stands_in("人工智能安全"));
        assert!(Needle::word("x.509").stands_in("ITU-T X.509"));
        assert!(Needle::word("securite").stands_in("SÉCURITÉ DE L’IA"));
        assert_eq!(["agent", "agents", "gents"].map(|w| Needle::word(w).stands("for agents")), [1, 2, 0]);
    }
}
