//! The gate before all else: most texts have no AI word, and then only whether one of security stands there is asked.
//!
//! What it says is what the rules would say ([`judge`](crate::rules::judge)): a trap only takes hits away, so a text without an AI word
//! has none after the traps either; and where a trap could take the word of security, the gate is unsure and the rules are asked.

use monitor_model::Relevance;

use crate::{
    finder::Finder,
    fold::Folded,
    lexicon::{Lexicon, Part, Role},
    rules::{GROUP, NUMBER},
};

/// The literals of a lexicon by which a text may be about AI or security.
#[derive(Debug)]
pub(crate) struct Gate {
    finder: Finder,
    /// Their numbers in the lexicon, in order.
    literals: Vec<u32>,
    /// By term: what it may be.
    words: Vec<Word>,
}

/// What a term is to the gate.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// Opens it alone, outside the committee.
    ai: bool,
    /// Opens it beside another such word.
    ai_weak: bool,
    security: bool,
    /// A trap may take it.
    trapped: bool,
    /// The number of a series, or a committee of one.
    series: bool,
    committee: bool,
}

impl Gate {
    /// `opens` tells which topics' strong terms are AI words by themselves.
    pub(crate) fn new(lexicon: &Lexicon, opens: &[bool]) -> Gate {
        let words: Vec<Word> = lexicon
            .terms
            .iter()
            .map(|term| {
                let has = |is: &dyn Fn(&Role) -> bool| term.roles.iter().any(is);
                Word {
                    ai: has(&|r| *r == Role::Ai || matches!(r, Role::Topic(t, Part::Lang) if opens[usize::from(*t)])),
                    ai_weak: has(&|r| *r == Role::AiWeak),
                    security: has(&|r| *r == Role::Security),
                    trapped: !term.traps.is_empty(),
                    series: has(&|r| matches!(r, Role::Series(_))),
                    committee: has(&|r| matches!(r, Role::Committee(_))),
                }
            })
            .collect();
        let asked = |term: u32| {
            let w = &words[term as usize];
            w.ai || w.ai_weak || w.security || w.series || w.committee
        };
        let literals: Vec<u32> = (0..).zip(&lexicon.literals).filter(|(_, of)| of.iter().any(|(t, _)| asked(*t))).map(|(n, _)| n).collect();
        Gate { finder: Finder::new(literals.iter().map(|n| lexicon.literal(*n))), literals, words }
    }

    /// What a text without an AI word is; none where the rules must be asked.
    pub(crate) fn judge(&self, lexicon: &Lexicon, text: &Folded) -> Option<Relevance> {
        let (mut opened, mut sure, mut unsure) = (false, false, false);
        let mut first: Option<u32> = None;
        self.finder.each(&text.text, |n, len, start| {
            for (term, pattern) in &lexicon.literals[self.literals[n as usize] as usize] {
                let word = &self.words[*term as usize];
                let stands = || pattern.stands(text, start, start + len, &lexicon.proclitics).is_some();
                match text.field(start) as u8 {
                    GROUP => opened |= word.committee && stands(),
                    field => {
                        let series = word.series && field == NUMBER;
                        if !(word.ai || word.ai_weak || word.security || series) || !stands() {
                            continue;
                        }
                        opened |= word.ai || series || word.ai_weak && *first.get_or_insert(*term) != *term;
                        sure |= word.security && !word.trapped;
                        unsure |= word.security;
                    }
                }
            }
        });
        match (opened, sure, unsure) {
            (true, ..) | (_, false, true) => None,
            (_, true, _) => Some(Relevance::SecurityOnly),
            _ => Some(Relevance::Neither),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Tagger, Taxonomy, Text, lexicon::Role};
    use monitor_model::Relevance;

    /// The next of a row of numbers that look like chance and are always the same.
    fn next(state: &mut u64, below: usize) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((*state >> 33) as usize) % below
    }

    #[test]
    fn the_gate_says_what_the_rules_say() {
        let taxonomy = Taxonomy::parse(include_str!("../../../data/topics.toml")).expect("data/topics.toml is well formed");
        let tagger = Tagger::new(&taxonomy, None).expect("no weights, no fault");
        // Of words that decide, of words that are trapped, and of the traps' own many; of all others some.
        let matters = |r: &Role| !matches!(r, Role::Topic(..) | Role::Telecom | Role::UseCase(..));
        let (deciding, other): (Vec<_>, Vec<_>) =
            tagger.lexicon.terms.iter().partition(|t| t.roles.iter().any(matters) || !t.traps.is_empty());
        let security: Vec<_> = deciding.iter().filter(|t| t.roles.contains(&Role::Security)).collect();
        let fillers = ["the", "of", "radio", "systems", "security-related", "Part 2:", "données", "安全", "أمن", "(", "and/or", "data"];
        let (mut state, mut decided) = (1, [0; 3]);
        for _ in 0..6_000 {
            let mut words = |most: usize, ai: usize| {
                let many = next(&mut state, most);
                let pick = |n: usize| match n {
                    0 => deciding[next(&mut state, deciding.len())].name.as_str(),
                    1 => other[next(&mut state, other.len())].name.as_str(),
                    2 => security[next(&mut state, security.len())].name.as_str(),
                    n => fillers[n % fillers.len()],
                };
                let kinds: Vec<usize> = (0..many).map(|n| if n % ai == ai - 1 { n % 3 } else { 3 + n * 7 }).collect();
                kinds.into_iter().map(pick).collect::<Vec<_>>().join(" ").replace('*', "s")
            };
            let (title, summary) = (words(6, 3), words(16, 5));
            let (number, group) = (words(3, 2), words(3, 2));
            let keywords = [words(3, 3)];
            let body = ["ITU-T", "ETSI", "IETF", "ISO"][next(&mut state, 4)];
            let text = Text {
                title: &title,
                summary: Some(&summary),
                keywords: &keywords,
                number: Some(&number),
                group: Some(&group),
                body: Some(body),
                ..Text::default()
            };
            let whole = tagger.tag_read(&tagger.read(&text));
            assert_eq!(tagger.tag(&text), whole, "{text:?}");
            decided[match tagger.gate.judge(&tagger.lexicon, &crate::tagger::folded(&text)) {
                None => 0,
                Some(Relevance::SecurityOnly) => 1,
                Some(_) => 2,
            }] += 1;
        }
        assert!(decided.iter().all(|n| *n > 300), "each answer is met often: {decided:?}");
    }
}
