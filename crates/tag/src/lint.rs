//! What a topic editor wants to know of the terms: conflicts, terms inside others, each with its line.

use std::collections::BTreeMap;

use crate::{Taxonomy, fold::fold};

/// Something about a term that is allowed but probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The line of `topics.toml`, from 1; 0 when it could not be found again.
    pub line: usize,
    /// What it is and what to do.
    pub message: String,
}

/// All notes on the terms of a taxonomy that was read from `toml`, by line.
pub fn notes(taxonomy: &Taxonomy, toml: &str) -> Vec<Note> {
    let lines = Lines::new(toml);
    let mut out = Vec::new();
    let mut strong: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    for topic in taxonomy.topics() {
        let id = topic.id.as_str();
        let folded: Vec<(String, &str)> = topic.strong.iter().map(|t| (fold(t).text, t.as_str())).collect();
        for (text, term) in &folded {
            strong.entry(text.clone()).or_default().push((id, term));
            let inside = folded.iter().find(|(short, _)| short.len() < text.len() && holds(text, short));
            if let Some((_, short)) = inside {
                out.push(Note {
                    line: lines.of(id, term),
                    message: format!("topic `{id}`: `{term}` holds `{short}`, which finds every place of it already: keep it only if it should weigh twice"),
                });
            }
        }
        for (text, term) in topic.weak.iter().map(|t| (fold(t).text, t.as_str())) {
            if let Some((_, short)) = folded.iter().find(|(short, _)| holds(&text, short)) {
                out.push(Note {
                    line: lines.of(id, term),
                    message: format!("topic `{id}`: the weak `{term}` holds the strong `{short}` and adds little"),
                });
            }
        }
    }
    for places in strong.values().filter(|p| p.len() > 1) {
        let (last, term) = places[places.len() - 1];
        let others: Vec<&str> = places[..places.len() - 1].iter().map(|(id, _)| *id).collect();
        out.push(Note {
            line: lines.of(last, term),
            message: format!("`{term}` is strong in `{last}` and in `{}`: both are given wherever it stands", others.join("`, `")),
        });
    }
    out.sort();
    out
}

/// The line of a term of a topic in the file.
pub fn line_of(toml: &str, topic: &str, term: &str) -> usize {
    Lines::new(toml).of(topic, term)
}

/// Whether the words of `short` stand one after the other in `long`.
fn holds(long: &str, short: &str) -> bool {
    long.match_indices(short).any(|(at, _)| {
        let (before, after) = (&long[..at], &long[at + short.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' ')) && short.len() < long.len()
    })
}

/// The lines of the file and where each topic begins.
struct Lines<'a> {
    all: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    fn new(toml: &'a str) -> Lines<'a> {
        Lines { all: toml.lines().collect() }
    }

    fn of(&self, topic: &str, term: &str) -> usize {
        let id = format!("id = \"{topic}\"");
        let Some(start) = self.all.iter().position(|l| l.trim() == id) else { return 0 };
        let quoted = format!("\"{term}\"");
        let found = self.all[start..].iter().take_while(|l| l.trim() != "[[topic]]").position(|l| l.contains(&quoted));
        found.map_or(start + 1, |at| start + at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflicts_and_terms_inside_others_are_told_with_their_lines() {
        let toml = "[[topic]]\nid = \"a\"\nlabel = \"A\"\naxis = [\"securing-ai\"]\nstrong = [\n    \"agent identity\",\n    \"secure agent identity\",\n]\n\
                    weak = [\"agent identity proof\"]\n[[topic]]\nid = \"b\"\nlabel = \"B\"\naxis = [\"securing-ai\"]\nstrong = [\"agent-identity\"]\n";
        let taxonomy = Taxonomy::parse(toml).expect("readable");
        let found = notes(&taxonomy, toml);
        let lines: Vec<usize> = found.iter().map(|n| n.line).collect();
        assert_eq!(lines, [7, 9, 14], "{found:?}");
        assert!(found[0].message.contains("holds `agent identity`"), "{found:?}");
        assert!(found[2].message.contains("strong in `b` and in `a`"), "{found:?}");
    }
}
