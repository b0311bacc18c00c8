//! What the linear weights are over: rule findings, words, word pairs.

use std::fmt;

use crate::{
    Taxonomy,
    concepts::{Link, Linked},
    rules::{Findings, TITLE},
    words::Word,
};

/// How a topic of the taxonomy shows itself in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Show {
    StrongTitle,
    StrongText,
    WeakTitle,
    WeakText,
}

impl Show {
    pub(crate) const ALL: [Show; 4] = [Show::StrongTitle, Show::StrongText, Show::WeakTitle, Show::WeakText];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Show::StrongTitle => "strong-title",
            Show::StrongText => "strong-text",
            Show::WeakTitle => "weak-title",
            Show::WeakText => "weak-text",
        }
    }
}

/// The findings that are not of one topic, by number.
pub(crate) const RULES: [&str; 20] = [
    "ai-title",
    "ai-text",
    "ai-often",
    "security-title",
    "security-text",
    "security-often",
    "security-weak",
    "safety-title",
    "safety-text",
    "safety-weak",
    "link-title",
    "link-text",
    "telecom-title",
    "no-text",
    "topic-title",
    "topic-strong",
    "topic-clear",
    "ai-before-text",
    "ai-and-topic-title",
    "security-only-title",
];

/// The name of one feature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Key<'a> {
    /// A word or pair anywhere.
    Text(&'a str),
    /// A word or pair in the title.
    Title(&'a str),
    /// One of [`RULES`].
    Rule(usize),
    /// A topic's hits.
    Topic(u16, Show),
    /// A concept, or two that one sentence joins.
    Link(Link),
}

/// A feature that a text has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feature<'a> {
    pub(crate) key: Key<'a>,
    pub(crate) value: f32,
    /// The place to show, if the feature is a word.
    pub(crate) word: Option<&'a Word>,
}

/// All features of a text.
pub(crate) fn features<'a>(found: &Findings, words: &'a [Word], linked: &'a Linked, has_text: bool) -> Vec<Feature<'a>> {
    let mut out = Vec::with_capacity(words.len() * 2 + linked.links.len() + 24);
    let link = |field_is_title: bool, set: &crate::rules::Places| {
        found.ai.0.iter().any(|a| (a.field == TITLE) == field_is_title && set.near(a, found.window))
    };
    let topic_title = found.topics.values().any(|t| t.strong.iter().any(|h| h.field == TITLE));
    let early = 300;
    let on = [
        found.ai.in_title(),
        found.ai.below(),
        found.ai.0.len() > 3,
        found.security.in_title(),
        found.security.below(),
        found.security.0.len() > 3,
        !found.security_weak.0.is_empty(),
        found.safety.in_title(),
        found.safety.below(),
        !found.safety_weak.0.is_empty(),
        link(true, &found.security) || link(true, &found.safety),
        link(false, &found.security) || link(false, &found.safety),
        found.telecom.in_title(),
        !has_text,
        topic_title,
        found.topics.values().any(|t| !t.strong.is_empty()),
        found.topics.values().any(|t| t.score >= 4),
        found.ai.0.iter().any(|h| h.field != TITLE && h.start < early),
        found.ai.in_title() && topic_title,
        found.security.in_title() && !found.ai.in_title(),
    ];
    let plain = |key, value| Feature { key, value, word: None };
    out.extend(on.iter().enumerate().filter(|(_, on)| **on).map(|(i, _)| plain(Key::Rule(i), 1.0)));
    for (topic, hits) in &found.topics {
        for (show, is) in [
            (Show::StrongTitle, hits.strong.iter().any(|h| h.field == TITLE)),
            (Show::StrongText, hits.strong.iter().any(|h| h.field != TITLE)),
            (Show::WeakTitle, hits.weak.iter().any(|h| h.field == TITLE)),
            (Show::WeakText, hits.weak.iter().any(|h| h.field != TITLE)),
        ] {
            if is {
                out.push(plain(Key::Topic(*topic, show), 1.0));
            }
        }
    }
    // Of many pairs each says less.
    let pair = 2.0 / (linked.pairs.max(8) as f32).sqrt();
    for (link, times) in &linked.links {
        let value = match (link.one == link.other, link.title) {
            (true, true) => 1.0,
            (true, false) => 0.5 * (1.0 + (*times as f32).ln()),
            (false, true) => 0.5,
            (false, false) => pair,
        };
        let word = linked.places.get(&link.one).filter(|_| link.one == link.other);
        out.push(Feature { key: Key::Link(*link), value, word });
    }
    // Longer texts have more words that say nothing: all words of a text weigh the same together.
    let size = |n: usize| 4.0 / (n.max(8) as f32).sqrt();
    let (all, title) = (size(words.len()), size(words.iter().filter(|w| w.field == TITLE).count()));
    for word in words {
        // What a text says again and again it is about; the tenth time tells less than the second.
        let often = 0.75 * (1.0 + (word.times as f32).ln());
        out.push(Feature { key: Key::Text(&word.text), value: all * often, word: Some(word) });
        if word.field == TITLE {
            out.push(Feature { key: Key::Title(&word.text), value: 0.75 * title, word: Some(word) });
        }
    }
    out
}

/// A feature by name, for the learner: `zone` and `name` as in the file of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedFeature {
    /// `text`, `title`, `rule`, `topic` or `link`.
    pub zone: &'static str,
    /// The word, pair, rule, way of showing and topic, or place and concepts.
    pub name: String,
    /// How much of it there is.
    pub value: f32,
}

impl NamedFeature {
    pub(crate) fn new(feature: &Feature<'_>, taxonomy: &Taxonomy) -> NamedFeature {
        let (zone, name) = match feature.key {
            Key::Text(w) => ("text", w.to_owned()),
            Key::Title(w) => ("title", w.to_owned()),
            Key::Rule(r) => ("rule", RULES[r].to_owned()),
            Key::Topic(t, show) => ("topic", format!("{} {}", show.as_str(), taxonomy.topics()[t as usize].id)),
            Key::Link(link) => ("link", link.name(taxonomy)),
        };
        NamedFeature { zone, name, value: feature.value }
    }
}

impl fmt::Display for NamedFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}", self.zone, self.name)
    }
}
