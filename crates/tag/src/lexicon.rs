//! All terms compiled, and what one pass over a text finds.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Taxonomy, Topic,
    finder::Finder,
    fold::{Folded, fold},
    term::{Aliases, Pattern},
};

/// What a term is in the taxonomy for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Opens the AI gate alone.
    Ai,
    /// Two different ones open the AI gate.
    AiWeak,
    Security,
    SecurityWeak,
    Safety,
    SafetyWeak,
    Telecom,
    /// The ambiguous word of a trap.
    Surface(u16),
    Cancel(u16),
    Keep(u16),
    Topic(u16, Part),
    /// How the numbers of a series begin.
    Series(u16),
    /// A committee of a series.
    Committee(u16),
    /// A telecom use case, by itself or near a telecom word.
    UseCase(u16, bool),
    /// A thing or doing that sentences join.
    Concept(u16),
}

/// What a term is for its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// An id of another framework.
    Id,
    Strong,
    /// Strong, in another language.
    Lang,
    Weak,
    Acronym,
    Negative,
    Near,
    Need,
    /// One of these, or a term of its own, must stand in the text.
    Ask,
}

/// A term with all that it is used for.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    /// As the taxonomy writes it.
    pub(crate) name: String,
    pub(crate) roles: Vec<Role>,
    /// Traps whose ambiguous word is part of this term.
    pub(crate) traps: Vec<u16>,
}

/// A term found: where in the folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) term: u32,
    pub(crate) field: u8,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Debug)]
pub(crate) struct Lexicon {
    finder: Finder,
    /// For each literal, in order: the terms that begin with it.
    pub(crate) literals: Vec<Vec<(u32, Pattern)>>,
    pub(crate) terms: Vec<Term>,
    pub(crate) proclitics: Vec<String>,
}

/// Collects terms by spelling, so that a word that stands in five lists is looked for once.
#[derive(Default)]
struct Gathering {
    /// Term, folded form, whether it must stand exactly so.
    terms: Vec<(Term, String, bool)>,
    known: HashMap<(String, bool), u32>,
}

impl Gathering {
    fn add(&mut self, name: &str, exact: bool, role: Role) {
        let key = if exact { name.trim().to_owned() } else { fold(name).text };
        let id = *self.known.entry((key, exact)).or_insert_with_key(|(key, _)| {
            self.terms.push((Term { name: name.trim().to_owned(), roles: Vec::new(), traps: Vec::new() }, key.clone(), exact));
            (self.terms.len() - 1) as u32
        });
        let roles = &mut self.terms[id as usize].0.roles;
        if !roles.contains(&role) {
            roles.push(role);
        }
    }

    fn all(&mut self, names: &[String], exact: bool, role: Role) {
        for name in names {
            self.add(name, exact, role);
        }
    }

    fn langs(&mut self, names: &BTreeMap<String, Vec<String>>, role: Role) {
        for list in names.values() {
            self.all(list, false, role);
        }
    }

    fn topic(&mut self, at: u16, topic: &Topic) {
        for id in topic.map.iter().filter_map(|m| reference(m)) {
            self.add(id, true, Role::Topic(at, Part::Id));
        }
        for (list, part) in [
            (&topic.strong, Part::Strong),
            (&topic.weak, Part::Weak),
            (&topic.negative, Part::Negative),
            (&topic.near_terms, Part::Near),
            (&topic.acronyms_need, Part::Need),
            (&topic.asks, Part::Ask),
        ] {
            self.all(list, false, Role::Topic(at, part));
        }
        self.all(&topic.acronyms, true, Role::Topic(at, Part::Acronym));
        self.langs(&topic.lang, Role::Topic(at, Part::Lang));
    }
}

impl Lexicon {
    pub(crate) fn new(taxonomy: &Taxonomy) -> Lexicon {
        let mut g = Gathering::default();
        let v = &taxonomy.vocabulary;
        let (unsure, sure): (Vec<String>, Vec<String>) =
            v.ai.acronyms.iter().cloned().partition(|a| v.ai.acronyms_need_context.contains(a));
        g.all(&sure, true, Role::Ai);
        g.all(&unsure, true, Role::AiWeak);
        for (words, strong, weak) in [
            (&v.ai, Role::Ai, Role::AiWeak),
            (&v.security, Role::Security, Role::SecurityWeak),
            (&v.safety, Role::Safety, Role::SafetyWeak),
            (&v.telecom, Role::Telecom, Role::Telecom),
        ] {
            g.all(&words.strong, false, strong);
            g.all(&words.weak, false, weak);
            g.langs(&words.lang, strong);
        }
        g.all(&v.telecom.acronyms, true, Role::Telecom);
        for (at, trap) in taxonomy.traps.iter().enumerate() {
            for surface in trap.surfaces() {
                g.add(surface, surface.chars().any(char::is_uppercase), Role::Surface(at as u16));
            }
            g.all(&trap.cancel_when, false, Role::Cancel(at as u16));
            g.all(&trap.keep_when, false, Role::Keep(at as u16));
        }
        for (at, topic) in taxonomy.topics().iter().enumerate() {
            g.topic(at as u16, topic);
        }
        for (at, case) in taxonomy.use_cases.iter().enumerate() {
            g.all(&case.strong, false, Role::UseCase(at as u16, true));
            g.all(&case.weak, false, Role::UseCase(at as u16, false));
        }
        for (at, series) in taxonomy.series.iter().enumerate() {
            g.all(&series.number, true, Role::Series(at as u16));
            g.all(&series.group, true, Role::Committee(at as u16));
        }
        Self::compile(g, taxonomy)
    }

    /// The concepts alone: they are looked for only where a text is about AI.
    pub(crate) fn of_concepts(taxonomy: &Taxonomy) -> Lexicon {
        let mut g = Gathering::default();
        for (at, concept) in taxonomy.concepts.iter().enumerate() {
            g.all(&concept.words, false, Role::Concept(at as u16));
        }
        Self::compile(g, taxonomy)
    }

    fn compile(g: Gathering, taxonomy: &Taxonomy) -> Lexicon {
        let surfaces: HashMap<String, u16> =
            taxonomy.traps.iter().zip(0..).flat_map(|(t, at)| t.surfaces().map(move |s| (fold(s).text, at))).collect();
        let mut literals: Vec<Vec<(u32, Pattern)>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut terms = Vec::with_capacity(g.terms.len());
        let aliases = Aliases::new(&taxonomy.matching.alias);
        for (id, (mut term, key, exact)) in g.terms.into_iter().enumerate() {
            let words = if exact { fold(&key).text } else { key.clone() };
            let plain = words.split(' ').map(|w| w.trim_end_matches('*'));
            term.traps = plain.filter_map(|w| surfaces.get(w).or_else(|| surfaces.get(w.strip_suffix('s')?)).copied()).collect();
            let patterns: Vec<Pattern> = if exact {
                Pattern::exact(&term.name).into_iter().collect()
            } else {
                aliases.spellings(&key).iter().filter_map(|f| Pattern::folded(f)).collect()
            };
            for pattern in patterns {
                let at = *known.entry(pattern.literal.clone()).or_insert_with(|| {
                    literals.push(Vec::new());
                    literals.len() - 1
                });
                literals[at].push((id as u32, pattern));
            }
            terms.push(term);
        }
        literals.sort_unstable_by(|a, b| a[0].1.literal.cmp(&b[0].1.literal));
        let finder = Finder::new(literals.iter().map(|l| l[0].1.literal.as_str()));
        // The finder has them now.
        literals.iter_mut().flatten().for_each(|(_, pattern)| pattern.literal = String::new());
        // No word of ASCII goes on behind one: the finder does not look within such a word.
        let proclitics = taxonomy.matching.arabic_proclitics.iter().map(|p| fold(p).text);
        let proclitics = proclitics.filter(|p| p.chars().next_back().is_some_and(|c| !c.is_ascii())).collect();
        Lexicon { finder, literals, terms, proclitics }
    }

    /// Every term in the text, overlapping ones too, in the order of their place.
    pub(crate) fn scan(&self, text: &Folded) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.finder.each(&text.text, |number, len, start| {
            for (term, pattern) in &self.literals[number as usize] {
                if let Some(end) = pattern.stands(text, start, start + len, &self.proclitics) {
                    hits.push(Hit { term: *term, field: text.field(start) as u8, start, end });
                }
            }
        });
        hits.sort_unstable_by_key(|h| (h.start, h.end, h.term));
        hits.dedup();
        hits
    }

    /// A literal by its number.
    pub(crate) fn literal(&self, number: u32) -> &str {
        self.finder.literal(number as usize)
    }

    pub(crate) fn roles(&self, hit: &Hit) -> &[Role] {
        &self.terms[hit.term as usize].roles
    }
}

/// The id of a `map` entry if it is one that a text would print by itself: `atlas:AML.T0051` → `AML.T0051`.
fn reference(entry: &str) -> Option<&str> {
    let (scheme, id) = entry.split_once(':')?;
    let id = id.split(" (").next().unwrap_or(id).trim();
    let printed = id.len() >= 5 && id.chars().any(|c| c.is_ascii_digit()) && id.chars().any(|c| c.is_ascii_alphabetic());
    let unsure = entry.ends_with('?') || entry.contains("(base");
    (printed && !unsure && !matches!(scheme, "wtsa" | "csa-aicm" | "cosai" | "cwe")).then_some(id)
}
