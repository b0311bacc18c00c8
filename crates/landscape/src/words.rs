use std::collections::BTreeMap;

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
];

/// Words that standards bodies use for the same thing; the first of a line stands for all. Two-word names come joined by a space.
const SAME: &[&[&str]] = &[
    &["ai", "artificial intelligence"],
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
    &["guideline", "guide", "guidance", "practice"],
    &["requirement", "baseline", "control", "specification"],
    &["network", "networking", "telecom", "telecommunication", "ran", "imt", "5g", "6g", "operator"],
    &["embodied", "physical", "robot", "robotic", "humanoid"],
    &["identity", "identifier", "credential"],
    &["authentication", "authenticate", "authorization", "authorisation", "authorize"],
    &["trust", "trustworthy", "trustworthiness", "trusted", "trustable"],
    &["privacy", "pii"],
    &["vulnerability", "weakness"],
    &["threat", "attack"],
    &["watermark", "watermarking"],
    &["deepfake", "synthetic"],
    &["data", "dataset"],
];

/// Folds words to those by which documents are compared. Built once.
#[derive(Debug)]
pub(crate) struct Words {
    same: BTreeMap<&'static str, &'static str>,
}

/// The weighted words of a document, each with the form in which it stood.
#[derive(Debug, Default)]
pub(crate) struct Bag {
    pub(crate) words: BTreeMap<String, (f64, String)>,
}

impl Words {
    pub(crate) fn new() -> Self {
        Words { same: SAME.iter().flat_map(|line| line.iter().map(|w| (*w, line[0]))).collect() }
    }

    pub(crate) fn bag(&self, d: &Document) -> Bag {
        let mut bag = Bag::default();
        self.add(&mut bag, &d.title, TITLE);
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
            if folded.len() < 2 || STOP.contains(&folded.as_str()) || folded.chars().all(|c| c.is_numeric()) {
                continue;
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
        let (w, mut bag) = (Words::new(), Bag::default());
        w.add(&mut bag, text, TITLE);
        bag.words.into_iter().map(|(k, (_, s))| (k, s)).collect()
    }

    #[test]
    fn names_for_one_thing_are_one_word_and_keep_their_form() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(words("Testing of Artificial Intelligence"), [pair("ai", "artificial intelligence"), pair("evaluation", "testing")]);
        assert_eq!(words("Large Language Models"), [pair("genai", "large language model")]);
        assert_eq!(words("identities, policies of the 2025"), [pair("identity", "identity"), pair("policy", "policy")]);
    }

    #[test]
    fn hostile_text_is_cut_and_harmless() {
        assert!(words("\u{0} \u{202e} ; 1 2 3").is_empty());
        assert!(words(&"x1 ".repeat(1_000_000)).len() <= 1);
        words("İstanbul ßß 人工智能安全");
    }
}
