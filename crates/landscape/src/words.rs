use std::collections::{BTreeMap, BTreeSet};

use monitor_model::Document;

/// Longer fields are cut: a scope stands in its first sentences.
const LONGEST: usize = 6_000;

/// Weight of a word by where it stands.
const TITLE: f64 = 1.0;
const KEYWORD: f64 = 0.7;
const SUMMARY: f64 = 0.35;

/// Words without a subject.
const STOP: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "by",
    "can",
    "for",
    "from",
    "has",
    "have",
    "in",
    "into",
    "is",
    "it",
    "its",
    "may",
    "not",
    "of",
    "on",
    "or",
    "part",
    "shall",
    "should",
    "such",
    "that",
    "the",
    "their",
    "these",
    "this",
    "to",
    "using",
    "used",
    "use",
    "via",
    "was",
    "were",
    "which",
    "will",
    "with",
    "within",
    "based",
    "document",
    "recommendation",
    "standard",
    "report",
    "technical",
    "study",
    "general",
    "overview",
    "seen",
    "title",
    "aspect",
    "information",
    "technology",
    "system",
    "group",
    "focus",
    "working",
    "committee",
    "phase",
    "release",
    "version",
    "draft",
    "enabled",
    "enabling",
    "enabler",
    "enhanced",
    "enhancement",
    "support",
    "supporting",
    "new",
    "established",
    "provide",
    "provided",
    "providing",
    "include",
    "included",
    "including",
    "describe",
    "described",
    "describing",
    "specify",
    "specified",
    "specifying",
    "define",
    "defined",
    "defining",
    "case",
    "type",
    "against",
    "also",
    "various",
    "different",
    "related",
    "relevant",
    "functional",
    "scenario",
];

/// Words that standards bodies use for the same thing; the first of a line stands for all. Two-word names come joined by a space.
const SAME: &[&[&str]] = &[
    &["ai", "artificial intelligence", "ai system", "ai model", "artificial intelligence system", "artificial intelligence model"],
    &["ml", "machine learning"],
    &[
        "genai",
        "generative ai",
        "generative artificial intelligence",
        "generative",
        "llm",
        "large language model",
        "foundation model",
        "general purpose ai",
        "gpai",
    ],
    &["agent", "agentic", "multiagent"],
    &["security", "secure", "securing", "cybersecurity", "cyber"],
    &[
        "evaluation",
        "evaluate",
        "evaluating",
        "testing",
        "test",
        "tested",
        "assessment",
        "assess",
        "assessing",
        "verification",
        "verify",
        "validation",
        "audit",
        "conformity",
    ],
    // What tells people what to do, whatever a body calls it.
    &["requirement", "baseline", "control", "specification", "guideline", "guide", "guidance", "practice", "framework", "profile", "rule"],
    &["network", "networking", "telecom", "telecommunication", "ran", "imt", "5g", "6g", "operator"],
    &["embodied", "physical", "robot", "robotic", "humanoid"],
    // Who somebody is and what he may do.
    &["identity", "identifier", "credential", "authentication", "authenticate", "authorization", "authorisation", "authorize"],
    &["trust", "trustworthy", "trustworthiness", "trusted", "trustable"],
    &["privacy", "pii"],
    &["vulnerability", "weakness"],
    &["threat", "attack"],
    &["watermark", "watermarking"],
    &["deepfake", "synthetic"],
    &["data", "dataset"],
];

/// The word that stands for all names of AI.
pub(crate) const AI: &str = "ai";

/// The word that stands for all names of security.
pub(crate) const SECURITY: &str = "security";

/// What is a kind of AI: who speaks of it speaks of AI too.
pub(crate) const KINDS_OF_AI: [&str; 4] = ["genai", "agent", "ml", "embodied"];

/// How much the kind says of the whole.
const KIND: f64 = 0.7;

/// A series' name before the title proper says where a text comes from, hardly what it is about.
const SERIES: f64 = 0.2;

/// A title's first segment is a series' name when so many titles of the body begin with it.
const SERIES_TITLES: usize = 3;

/// Folds words to those by which documents are compared. Built once.
#[derive(Debug)]
pub(crate) struct Words {
    same: BTreeMap<&'static str, &'static str>,
    /// Names of bodies: who writes a text is not what it is about.
    names: BTreeSet<String>,
}

/// The weighted words of a document, each with the form in which it stood.
#[derive(Debug, Default)]
pub(crate) struct Bag {
    pub(crate) words: BTreeMap<String, (f64, String)>,
    /// Those of the title, without a series' name.
    pub(crate) title: BTreeMap<String, f64>,
    /// The title, with a series' name, speaks of AI.
    pub(crate) names_ai: bool,
}

/// First segments of titles by body, with how many titles begin with each.
#[derive(Debug, Default)]
pub(crate) struct Series(BTreeMap<(String, String), usize>);

impl Series {
    pub(crate) fn of<'d>(documents: impl Iterator<Item = &'d Document>) -> Self {
        let mut out = Series::default();
        for d in documents {
            if let Some((first, _)) = segments(&d.title) {
                *out.0.entry((d.body.clone(), first.to_lowercase())).or_default() += 1;
            }
        }
        out
    }

    /// The series' name and the title proper.
    fn split<'t>(&self, body: &str, title: &'t str) -> (&'t str, &'t str) {
        match segments(title) {
            Some((first, rest)) if self.0.get(&(body.to_owned(), first.to_lowercase())).is_some_and(|n| *n >= SERIES_TITLES) => {
                (first, rest)
            }
            _ => ("", title),
        }
    }
}

/// The first segment of a title and the others: "Securing AI (SAI); Problem statement", "Artificial intelligence - Data quality".
fn segments(title: &str) -> Option<(&str, &str)> {
    let ends = [";", ":", " - ", " – ", " — "].into_iter().filter_map(|sign| title.find(sign).map(|at| (at, at + sign.len())));
    let (at, rest) = ends.min()?;
    let (first, rest) = (title[..at].trim(), title[rest..].trim());
    (!first.is_empty() && !rest.is_empty()).then_some((first, rest))
}

impl Words {
    pub(crate) fn new<'d>(bodies: impl Iterator<Item = &'d str>) -> Self {
        let same: BTreeMap<&str, &str> = SAME.iter().flat_map(|line| line.iter().map(|w| (*w, line[0]))).collect();
        // Of a name in several words only what stands in capitals is one: `CSA`, `TM`, not `open` and `project`.
        let parts = |b: &'d str| b.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 1 && !w.chars().any(char::is_lowercase));
        let names = bodies.flat_map(parts).map(|w| singular(&w.to_lowercase())).filter(|w| !same.contains_key(w.as_str())).collect();
        Words { same, names }
    }

    pub(crate) fn bag(&self, d: &Document, series: &Series) -> Bag {
        let mut bag = Bag::default();
        let (name, title) = series.split(&d.body, &d.title);
        self.add(&mut bag, title, TITLE);
        bag.title = bag.words.iter().map(|(w, (n, _))| (w.clone(), *n)).collect();
        self.add(&mut bag, name, SERIES);
        bag.names_ai = bag.words.contains_key(AI);
        for k in d.keywords.iter().take(50) {
            self.add(&mut bag, k, KEYWORD);
        }
        self.add(&mut bag, d.summary.as_deref().unwrap_or_default(), SUMMARY);
        bag
    }

    /// Every further use of a word counts half of the one before in its own field, so that no long scope drowns a title.
    fn add(&self, bag: &mut Bag, text: &str, weight: f64) {
        let mut here: BTreeMap<String, (f64, String)> = BTreeMap::new();
        let plain = split(text);
        let mut at = 0;
        while at < plain.len() {
            // The longest name of up to three words first.
            let (taken, folded) = (1..=3.min(plain.len() - at))
                .rev()
                .find_map(|n| self.same.get(plain[at..at + n].join(" ").as_str()).map(|s| (n, (*s).to_owned())))
                .unwrap_or_else(|| (1, plain[at].clone()));
            let surface = plain[at..at + taken].join(" ");
            at += taken;
            if folded.len() < 2 || STOP.contains(&folded.as_str()) || self.names.contains(&folded) || folded.chars().all(|c| c.is_numeric())
            {
                continue;
            }
            if KINDS_OF_AI.contains(&folded.as_str()) {
                let whole = here.entry(AI.to_owned()).or_insert_with(|| (0.0, surface.clone()));
                whole.0 = whole.0.max(KIND);
            }
            let seen = here.entry(folded).or_insert((0.0, surface));
            seen.0 = (seen.0 / 2.0) + 1.0;
        }
        for (word, (n, surface)) in here {
            let seen = bag.words.entry(word).or_insert((0.0, surface));
            seen.0 += n * weight;
        }
    }
}

/// Texts as lower-case words with one space on each side of every word: a phrase made the same way is met in whole words alone.
pub fn plain_words<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut out = String::from(" ");
    for word in texts.into_iter().flat_map(|t| t.split(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty()) {
        out.extend(word.chars().flat_map(char::to_lowercase));
        out.push(' ');
    }
    out
}

/// Lower-case words, plural off.
fn split(text: &str) -> Vec<String> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(i, _)| i);
    let lower = text[..end].to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(singular).collect()
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 2) {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, String)> {
        let (w, mut bag) = (Words::new(["ITU-T", "AI Incident Database", "UN"].into_iter()), Bag::default());
        w.add(&mut bag, text, TITLE);
        bag.words.into_iter().map(|(k, (_, s))| (k, s)).collect()
    }

    #[test]
    fn names_for_one_thing_are_one_word_and_keep_their_form() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(words("Testing of Artificial Intelligence"), [pair("ai", "artificial intelligence"), pair("evaluation", "testing")]);
        assert_eq!(words("Large Language Models"), [pair("ai", "large language model"), pair("genai", "large language model")]);
        assert_eq!(words("AI systems and controls"), [pair("ai", "ai system"), pair("requirement", "control")]);
        assert_eq!(words("ITU incident of the UN"), [pair("incident", "incident")], "names of bodies are no subject");
        assert_eq!(words("identities, policies of the 2025"), [pair("identity", "identity"), pair("policy", "policy")]);
    }

    #[test]
    fn what_many_titles_begin_with_is_a_series() {
        let doc = |title: &str| crate::made::doc("k", "ETSI", "TC SAI", title, &[]);
        let all = [doc("Securing AI (SAI); Testing"), doc("Securing AI (SAI); Ontology"), doc("securing ai (SAI); A - B"), doc("One: two")];
        let series = Series::of(all.iter());
        assert_eq!(series.split("ETSI", &all[2].title), ("securing ai (SAI)", "A - B"));
        assert_eq!(series.split("ETSI", &all[3].title), ("", "One: two"));
        assert_eq!(series.split("ISO", &all[0].title).0, "", "a series is of one body");
        assert_eq!(segments("; x"), None);
        let bag = Words::new(std::iter::empty()).bag(&all[0], &series);
        assert_eq!(bag.title.keys().collect::<Vec<_>>(), ["evaluation"]);
        assert!(bag.words["ai"].0 < 0.5, "{bag:?}");
    }

    #[test]
    fn hostile_text_is_cut_and_harmless() {
        assert!(words("\u{0} \u{202e} ; 1 2 3").is_empty());
        assert!(words(&"x1 ".repeat(1_000_000)).len() <= 1);
        words("İstanbul ßß 人工智能安全");
    }
}
