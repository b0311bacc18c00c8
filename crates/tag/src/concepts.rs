//! Things and doings, and which of them one sentence joins: the link between AI and security that the labelling guide asks for (R5).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    Taxonomy,
    fold::Folded,
    lexicon::{Hit, Lexicon, Role},
    rules::{NUMBER, TITLE},
    words::Word,
};

/// Words for one thing or doing.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// Its id, e.g. `attest`.
    pub id: String,
    /// The words; `word*` may go on.
    pub words: Vec<String>,
}

/// The concepts compiled once.
#[derive(Debug)]
pub(crate) struct Concepts {
    lexicon: Lexicon,
}

/// A concept, or two in one sentence, that a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Link {
    /// The only one or the first of two, by number in the taxonomy.
    pub(crate) one: u16,
    /// The second; the same as `one` when there is none.
    pub(crate) other: u16,
    /// Whether the title has it.
    pub(crate) title: bool,
}

impl Link {
    /// `text agent`, `title agent+authz`.
    pub(crate) fn name(self, taxonomy: &Taxonomy) -> String {
        let place = if self.title { "title" } else { "text" };
        let id = |number: u16| taxonomy.concepts.get(number as usize).map_or("", |c| c.id.as_str());
        if self.one == self.other { format!("{place} {}", id(self.one)) } else { format!("{place} {}+{}", id(self.one), id(self.other)) }
    }

    /// What a name stands for; none when the taxonomy has no such concept any more.
    pub(crate) fn named(name: &str, taxonomy: &Taxonomy) -> Option<Link> {
        let (place, ids) = name.split_once(' ')?;
        let (one, other) = ids.split_once('+').unwrap_or((ids, ids));
        let number = |id: &str| taxonomy.concepts.iter().position(|c| c.id == id).map(|n| n as u16);
        let (one, other) = (number(one)?, number(other)?);
        Some(Link { one: one.min(other), other: one.max(other), title: place == "title" })
    }
}

/// What the concepts say of one text.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// Each with how many sentences have it.
    pub(crate) links: Vec<(Link, u32)>,
    /// The first place of each concept, to be shown.
    pub(crate) places: BTreeMap<u16, Word>,
    /// How many different pairs there are, titles apart.
    pub(crate) pairs: usize,
}

impl Concepts {
    pub(crate) fn new(taxonomy: &Taxonomy) -> Concepts {
        Concepts { lexicon: Lexicon::of_concepts(taxonomy) }
    }

    /// The concepts of a text and the pairs that its sentences make; stretches that mean something else are left out.
    pub(crate) fn of(&self, text: &Folded, trapped: &[Hit]) -> Linked {
        let mut out = Linked::default();
        let mut counts: BTreeMap<Link, u32> = BTreeMap::new();
        let mut sentence: Vec<u16> = Vec::new();
        let (mut at, mut title) = (0, true);
        let hits = self.lexicon.scan(text);
        for hit in hits.iter().filter(|h| h.field < NUMBER && !trapped.iter().any(|t| t.start <= h.start && h.end <= t.end)) {
            let in_title = hit.field == TITLE;
            if title != in_title || ends_sentence(&text.text[at..hit.start.max(at)]) {
                close(&mut sentence, title, &mut counts);
            }
            (at, title) = (hit.start, in_title);
            for role in self.lexicon.roles(hit) {
                let Role::Concept(number) = role else { continue };
                sentence.push(*number);
                out.places.entry(*number).or_insert_with(|| Word {
                    text: text.text[hit.start..hit.end].to_owned(),
                    field: hit.field,
                    start: hit.start,
                    end: hit.end,
                    times: 1,
                });
            }
        }
        close(&mut sentence, title, &mut counts);
        out.pairs = counts.keys().filter(|l| l.one != l.other && !l.title).count();
        out.links = counts.into_iter().collect();
        out
    }
}

/// Counts what one sentence has. What the title has, the text has too.
fn close(sentence: &mut Vec<u16>, title: bool, counts: &mut BTreeMap<Link, u32>) {
    sentence.sort_unstable();
    sentence.dedup();
    let mut add = |one: u16, other: u16| {
        *counts.entry(Link { one, other, title: false }).or_default() += 1;
        if title {
            *counts.entry(Link { one, other, title: true }).or_default() += 1;
        }
    };
    for (i, one) in sentence.iter().enumerate() {
        for other in &sentence[i..] {
            add(*one, *other);
        }
    }
    sentence.clear();
}

/// Whether a sentence ends within this stretch.
fn ends_sentence(between: &str) -> bool {
    let mut stop = false;
    for c in between.chars() {
        if c == '\n' || stop && c == ' ' || matches!(c, '。' | '！' | '？') {
            return true;
        }
        stop = matches!(c, '.' | '!' | '?' | ';');
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    const TOML: &str = "[[concept]]\nid = \"agent\"\nwords = [\"agent\", \"assistant*\"]\n[[concept]]\nid = \"authz\"\nwords = [\"authoris*\", \"access control\"]\n\
                        [[concept]]\nid = \"log\"\nwords = [\"audit log\"]\n";

    fn names(title: &str, summary: &str) -> Vec<(String, u32)> {
        let taxonomy = Taxonomy::parse(TOML).expect("readable");
        let mut text = fold(title);
        text.push(summary);
        let found = Concepts::new(&taxonomy).of(&text, &[]);
        found.links.iter().map(|(l, n)| (l.name(&taxonomy), *n)).collect()
    }

    #[test]
    fn what_one_sentence_joins_is_a_pair_and_what_two_sentences_say_is_not() {
        let joined = names("", "Agents authorise payments. Audit logs are kept.");
        let expected = [("text agent", 1), ("text agent+authz", 1), ("text authz", 1), ("text log", 1)];
        assert_eq!(joined, expected.map(|(n, k)| (n.to_owned(), k)));
        let apart = names("", "Agents pay. Access control of agents, v1.2 of it! Assistants");
        assert!(apart.contains(&("text agent".to_owned(), 3)) && apart.contains(&("text agent+authz".to_owned(), 1)), "{apart:?}");
    }

    #[test]
    fn the_title_is_a_sentence_of_its_own_and_counts_for_the_text() {
        let found = names("Agents", "Authorised");
        let expected = [("text agent", 1), ("title agent", 1), ("text authz", 1)];
        let mut expected: Vec<_> = expected.map(|(n, k)| (n.to_owned(), k)).into();
        expected.sort();
        let mut found = found;
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_are_read_back_and_those_of_other_taxonomies_are_none() {
        let taxonomy = Taxonomy::parse(TOML).expect("readable");
        for link in [Link { one: 0, other: 0, title: true }, Link { one: 0, other: 2, title: false }] {
            assert_eq!(Link::named(&link.name(&taxonomy), &taxonomy), Some(link));
        }
        assert_eq!(Link::named("text gone", &taxonomy), None);
        assert_eq!(Link::named("agent", &taxonomy), None);
    }
}
