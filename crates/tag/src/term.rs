//! One term of the taxonomy as a pattern over folded text.

use std::collections::BTreeMap;

use crate::fold::{Class, Folded, class, fold, is_arabic};

/// A word of a pattern; `open` words may go on (`отравлени*`).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    open: bool,
}

/// What follows the literal that is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// What is looked for, until the finder has it.
    pub(crate) literal: String,
    /// The literal may go on to the end of the word.
    open: bool,
    /// Words that must follow the literal.
    rest: Vec<Word>,
    /// Acronyms: which bytes of the literal must be capitals.
    capitals: Option<Vec<bool>>,
    arabic: bool,
}

impl Pattern {
    /// Compiles an acronym, which must stand exactly so.
    pub(crate) fn exact(term: &str) -> Option<Pattern> {
        let folded = fold(term);
        let mut pattern = Pattern::folded(&folded.text)?;
        pattern.capitals = Some(folded.upper[..pattern.literal.len().min(folded.upper.len())].to_vec());
        Some(pattern)
    }

    /// Compiles one folded spelling of a term; none when nothing is left of it.
    pub(crate) fn folded(text: &str) -> Option<Pattern> {
        let text = text.trim();
        if text.trim_matches([' ', '*']).is_empty() {
            return None;
        }
        let arabic = !text.is_ascii() && text.chars().any(is_arabic);
        if !arabic && !text.contains('*') {
            return Some(Pattern { literal: text.to_owned(), open: false, rest: Vec::new(), capitals: None, arabic });
        }
        let words: Vec<Word> = text
            .split(' ')
            .map(|w| Word { text: w.trim_end_matches('*').to_owned(), open: w.ends_with('*') })
            .filter(|w| !w.text.is_empty())
            .collect();
        // Only inflected words and Arabic, which writes the article at each word, are compared word by word.
        let cut = if arabic { 1 } else { words.iter().position(|w| w.open).map_or(words.len(), |p| p + 1) };
        let literal = words[..cut].iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        Some(Pattern { literal, open: words[cut - 1].open, rest: words[cut..].to_vec(), capitals: None, arabic })
    }

    /// Where the whole term ends if it stands at `start..end` (the literal), as a whole word; `proclitics` are Arabic.
    pub(crate) fn stands(&self, text: &Folded, start: usize, end: usize, proclitics: &[String]) -> Option<usize> {
        if let Some(capitals) = &self.capitals
            && text.upper[start..end].iter().zip(capitals).any(|(have, want)| have != want)
        {
            return None;
        }
        if !(starts_word(text, start) || self.arabic && after_proclitic(text, start, proclitics)) {
            return None;
        }
        let mut end = word_end(text, end, self.open, self.capitals.is_none())?;
        for word in &self.rest {
            let next = end + text.text[end..].strip_prefix(' ').map(|_| 1)?;
            let tail = &text.text[next..];
            let skip = if tail.starts_with(&word.text) {
                0
            } else if self.arabic {
                proclitics.iter().find(|p| tail.strip_prefix(p.as_str()).is_some_and(|t| t.starts_with(&word.text)))?.len()
            } else {
                return None;
            };
            end = word_end(text, next + skip + word.text.len(), word.open, true)?;
        }
        Some(end)
    }
}

fn starts_word(text: &Folded, at: usize) -> bool {
    text.after(at).is_none_or(|c| class(c) != Class::Word) || text.before(at).is_none_or(|c| class(c) != Class::Word)
}

/// What stands before `at` up to the edge of the word is one proclitic.
fn after_proclitic(text: &Folded, at: usize, proclitics: &[String]) -> bool {
    let head = &text.text[..at];
    proclitics.iter().any(|p| head.ends_with(p.as_str()) && text.before(at - p.len()).is_none_or(|c| class(c) != Class::Word))
}

/// The end of a word whose known part ends at `end`: there, after a plural, or (open) wherever it ends.
fn word_end(text: &Folded, end: usize, open: bool, long_plural: bool) -> Option<usize> {
    let last = text.before(end)?;
    let tail = &text.text[end..];
    if open {
        return Some(end + tail.find(|c| class(c) != Class::Word).unwrap_or(tail.len()));
    }
    let edge = |s: &str| s.chars().next().is_none_or(|c| class(c) != Class::Word);
    if class(last) != Class::Word || edge(tail) {
        return Some(end);
    }
    if !last.is_ascii_alphabetic() {
        return None;
    }
    let plural = |s: &str| tail.strip_prefix(s).is_some_and(edge) && !text.upper[end];
    if plural("s") {
        Some(end + 1)
    } else if long_plural && plural("es") {
        Some(end + 2)
    } else {
        None
    }
}

/// The long and short forms of terms, folded once.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    pairs: Vec<(String, String)>,
    /// The long forms of each short form.
    groups: BTreeMap<String, Vec<String>>,
}

impl Aliases {
    pub(crate) fn new(alias: &[(String, String)]) -> Aliases {
        let pairs: Vec<_> = alias.iter().map(|(long, short)| (fold(long).text, fold(short).text)).collect();
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (long, short) in &pairs {
            groups.entry(short.clone()).or_default().push(long.clone());
        }
        Aliases { pairs, groups }
    }

    /// All spellings of a folded term: every mixture of long and short forms, `-y` with its plural, لل for ل + ال; in order.
    pub(crate) fn spellings(&self, own: &str) -> Vec<String> {
        let mut all = vec![own.to_owned()];
        // Everything to the short forms first, so that every mixture is met once.
        let mut forms = vec![own.to_owned()];
        for (long, short) in &self.pairs {
            forms[0] = replace_words(&forms[0], long, short);
        }
        let short = forms[0].clone();
        for (short, longs) in self.groups.iter().filter(|(s, _)| short.contains(s.as_str())) {
            let more: Vec<String> =
                longs.iter().flat_map(|long| forms.iter().map(|f| replace_words(f, short, long)).collect::<Vec<_>>()).collect();
            forms.extend(more);
        }
        all.extend(forms);
        // The bare short form is left to the acronyms, which mind capitals and traps: `ai` is too many things.
        all.retain(|f| f == own || !self.groups.contains_key(f));
        let last = all.len();
        for at in 0..last {
            let stem = all[at].strip_suffix('y').filter(|s| s.len() > 3 && s.is_ascii() && !s.ends_with(['a', 'e', 'o', 'u']));
            let plural = stem.map(|s| format!("{s}ies"));
            let glued = all[at].strip_prefix("ال").map(|s| format!("لل{s}"));
            all.extend(plural.into_iter().chain(glued));
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Replaces whole words; a plural s after them stays.
fn replace_words(text: &str, from: &str, to: &str) -> String {
    if from.is_empty() || !text.contains(from) {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(at) = rest.find(from) {
        let left = rest[..at].chars().next_back().or(before);
        let tail = &rest[at + from.len()..];
        let right = tail.strip_prefix('s').unwrap_or(tail).chars().next();
        let whole = left.is_none_or(|c| class(c) == Class::Edge) && right.is_none_or(|c| class(c) == Class::Edge || c == '*');
        out.push_str(&rest[..at]);
        out.push_str(if whole { to } else { from });
        before = from.chars().next_back();
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(term: &str, exact: bool, text: &str) -> Option<String> {
        let proclitics: Vec<String> = ["ال", "و", "وال", "لل"].iter().map(|s| (*s).to_owned()).collect();
        let pattern = if exact { Pattern::exact(term) } else { Pattern::folded(&fold(term).text) }.expect("a term");
        let text = fold(text);
        let hits = text.text.match_indices(&pattern.literal).collect::<Vec<_>>();
        hits.into_iter().find_map(|(at, l)| pattern.stands(&text, at, at + l.len(), &proclitics).map(|end| text.text[at..end].to_owned()))
    }

    #[test]
    fn words_are_whole_and_plurals_are_allowed() {
        for (term, exact, text, want) in [
            ("ai", false, "maintain the chain", None),
            ("AI", true, "Securing AI, now", Some("ai")),
            ("AI", true, "ai or Ai", None),
            ("LLM", true, "many LLMs", Some("llms")),
            ("LLM", true, "many LLMES", None),
            ("adversarial patch", false, "Adversarial Patches", Some("adversarial patches")),
            ("attack", false, "attacking", None),
            ("attack*", false, "attacking it", Some("attacking")),
            ("отравлени* данн*", false, "Отравление обучающих", None),
            ("отравлени* данн*", false, "Отравлением данных!", Some("отравлением данных")),
            ("生成ai", false, "国の生成AIの安全", Some("生成ai")),
            ("ai 에이전트", false, "AI 에이전트를", Some("ai 에이전트")),
            ("ذكاء اصطناعي", false, "والذكاء الاصطناعي", Some("ذكاء الاصطناعي")),
            ("أمن", false, "يؤمنون", None),
            ("[AI]", false, "see [AI] here", Some("[ai]")),
            ("X.1234", false, "Rec. X.1234 (2026)", Some("x.1234")),
            ("X.1234", false, "Rec. X.12345", None),
        ] {
            assert_eq!(found(term, exact, text).as_deref(), want, "{term} in {text}");
        }
    }

    #[test]
    fn aliases_give_every_mixture() {
        let alias = Aliases::new(
            &[("artificial intelligence (ai)", "ai"), ("artificial intelligence", "ai"), ("large language model", "llm")]
                .map(|(a, b)| (a.to_owned(), b.to_owned())),
        );
        let all = alias.spellings("llm security for ai");
        assert!(all.contains(&"large language model security for artificial intelligence".to_owned()), "{all:?}");
        assert!(all.contains(&"llm security for artificial intelligence (ai)".to_owned()), "{all:?}");
        assert!(alias.spellings("ai policy").contains(&"artificial intelligence policies".to_owned()));
        assert_eq!(alias.spellings("maintain"), ["maintain"]);
        assert!(!alias.spellings("artificial intelligence").contains(&"ai".to_owned()), "an alias must not get round the traps");
    }
}
