//! `topics.toml` as data.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Axis, TopicId};
use serde::Deserialize;

use crate::{TaxonomyError, concepts::Concept, fold::fold};

/// One of the four framings.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisDef {
    /// The word of the contract, e.g. `securing-ai`.
    pub id: String,
    /// For readers.
    pub label: String,
    /// One sentence.
    #[serde(default)]
    pub definition: String,
    /// The question that decides.
    #[serde(default)]
    pub question: String,
    /// What it rests on.
    #[serde(default)]
    pub source: String,
}

/// One topic with its terms.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its id, e.g. `prompt-injection`.
    pub id: TopicId,
    /// For readers.
    pub label: String,
    /// One or two sentences.
    #[serde(default)]
    pub definition: String,
    /// Which family it belongs to.
    #[serde(default)]
    pub group: String,
    /// The default axis first, then those that its items may also have.
    #[serde(rename = "axis")]
    pub axes: Vec<String>,
    /// References `scheme:id` in other frameworks; one that ends in `?` is unverified and not matched.
    #[serde(default)]
    pub map: Vec<String>,
    /// Terms that say the topic by themselves.
    #[serde(default)]
    pub strong: Vec<String>,
    /// Terms that say it near the words of `near`.
    #[serde(default)]
    pub weak: Vec<String>,
    /// What a weak term must be near to: `ai`, `security`, `telecom` or `near_terms`; all of them.
    #[serde(default)]
    pub near: Vec<String>,
    /// The topic's own near-set.
    #[serde(default)]
    pub near_terms: Vec<String>,
    /// Phrases that take the hits near them away.
    #[serde(default)]
    pub negative: Vec<String>,
    /// Case-sensitive whole words; weak.
    #[serde(default)]
    pub acronyms: Vec<String>,
    /// One of these must be near an acronym.
    #[serde(default)]
    pub acronyms_need: Vec<String>,
    /// Words without which the topic is never given: one of these or of its terms in the title, or two of these or of its strong terms
    /// below it. For topics whose words stand in many texts that are about something else (labelling guide R20: at least a clause).
    #[serde(default)]
    pub asks: Vec<String>,
    /// The first year with literature.
    #[serde(default)]
    pub first_seen: Option<i32>,
    /// How that year is known.
    #[serde(default)]
    pub first_seen_basis: String,
    /// Strong terms of other languages.
    #[serde(default)]
    pub lang: BTreeMap<String, Vec<String>>,
}

/// The words of one gate.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vocabulary {
    /// One is enough.
    pub strong: Vec<String>,
    /// Two different ones are needed, or context.
    pub weak: Vec<String>,
    /// Case-sensitive whole words.
    pub acronyms: Vec<String>,
    /// Acronyms that count as weak, because they mean too many things.
    pub acronyms_need_context: Vec<String>,
    /// Strong words of other languages.
    pub lang: BTreeMap<String, Vec<String>>,
}

/// A word with other meanings.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trap {
    /// The ambiguous words, parted by ` / `.
    pub surface: String,
    /// The other meanings, for readers.
    #[serde(default)]
    pub other_senses: Vec<String>,
    /// Near one of these the word is not ours …
    pub cancel_when: Vec<String>,
    /// … unless one of these is near too.
    #[serde(default)]
    pub keep_when: Vec<String>,
}

impl Trap {
    /// The ambiguous words one by one.
    pub fn surfaces(&self) -> impl Iterator<Item = &str> {
        self.surface.split(" / ").map(str::trim)
    }
}

/// A series of documents, or a committee, that says what its members are about where their titles do not.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// For readers: `MITRE ATLAS releases`.
    pub name: String,
    /// Bodies that issue it; empty: the spelling is enough.
    #[serde(default)]
    pub body: Vec<String>,
    /// How the numbers of its documents begin; case counts, `*` goes on to the end of the word.
    #[serde(default)]
    pub number: Vec<String>,
    /// Committees whose documents belong to it; case counts.
    #[serde(default)]
    pub group: Vec<String>,
    /// Its documents are about security, too; otherwise only about AI.
    #[serde(default)]
    pub security: bool,
    /// Topics of all its documents.
    #[serde(default)]
    pub topics: Vec<TopicId>,
}

/// A use case of AI in telecommunication: a facet beside the topics.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseCase {
    /// Its id, e.g. `network-planning`.
    pub id: String,
    /// For readers.
    pub label: String,
    /// One sentence.
    #[serde(default)]
    pub definition: String,
    /// Terms that say it by themselves.
    #[serde(default)]
    pub strong: Vec<String>,
    /// Terms that say it near a telecom word.
    #[serde(default)]
    pub weak: Vec<String>,
}

/// How terms are matched and counted.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Matching {
    /// "Near" means within this many characters, or both in the title.
    pub window_chars: u32,
    /// What a strong term in the title counts.
    pub strong_title_score: u32,
    /// What a strong term elsewhere counts.
    pub strong_body_score: u32,
    /// What a weak term in the title counts.
    pub weak_title_score: u32,
    /// What a weak term elsewhere counts.
    pub weak_body_score: u32,
    /// The score at which the rules alone give a topic.
    pub assign_at: u32,
    /// No item gets more topics.
    pub max_topics: usize,
    /// Long form and short form of one term.
    pub alias: Vec<(String, String)>,
    /// What Arabic writes together with the word that follows.
    pub arabic_proclitics: Vec<String>,
}

impl Default for Matching {
    fn default() -> Self {
        Matching {
            window_chars: 160,
            strong_title_score: 3,
            strong_body_score: 2,
            weak_title_score: 2,
            weak_body_score: 1,
            assign_at: 2,
            max_topics: 5,
            alias: Vec::new(),
            arabic_proclitics: Vec::new(),
        }
    }
}

/// The four vocabularies that open the gates.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vocabularies {
    /// The item is about AI.
    pub ai: Vocabulary,
    /// The item is about security or privacy.
    pub security: Vocabulary,
    /// The item is about trustworthiness.
    pub safety: Vocabulary,
    /// A near-set only.
    pub telecom: Vocabulary,
}

/// All that `topics.toml` says.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// The form of the file: 1.
    #[serde(default)]
    pub schema: u32,
    /// Which revision of the file this is.
    #[serde(default)]
    pub version: String,
    /// When that revision was made.
    #[serde(default)]
    pub date: String,
    /// Languages that have terms, as ISO 639-1.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Which editions of other frameworks the ids of `map` are from.
    #[serde(default)]
    pub pins: BTreeMap<String, String>,
    /// How terms are matched and counted.
    #[serde(default)]
    pub matching: Matching,
    #[serde(rename = "axis", default)]
    axes: Vec<AxisDef>,
    /// The gates.
    #[serde(default)]
    pub vocabulary: Vocabularies,
    /// Words with other meanings.
    #[serde(rename = "trap", default)]
    pub traps: Vec<Trap>,
    /// Telecom use cases.
    #[serde(rename = "use-case", default)]
    pub use_cases: Vec<UseCase>,
    /// Series and committees that speak for their documents.
    #[serde(default)]
    pub series: Vec<Series>,
    /// Things and doings that sentences join.
    #[serde(rename = "concept", default)]
    pub concepts: Vec<Concept>,
    #[serde(rename = "topic", default)]
    topics: Vec<Topic>,
}

impl Taxonomy {
    /// Reads `topics.toml`.
    ///
    /// # Errors
    /// When the text is no TOML or of another shape; line and column are told.
    pub fn parse(toml: &str) -> Result<Taxonomy, TaxonomyError> {
        toml::from_str(toml).map_err(|e: toml::de::Error| {
            let at = e.span().map(|s| s.start);
            let before = at.and_then(|a| toml.get(..a));
            TaxonomyError::Toml {
                line: before.map_or(0, |b| b.matches('\n').count() + 1),
                column: before.map_or(0, |b| b.chars().rev().take_while(|c| *c != '\n').count() + 1),
                message: e.message().to_owned(),
            }
        })
    }

    /// The topics in the order of the file.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The topic with this id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|t| t.id.as_str() == id)
    }

    /// The axes in the order of the file.
    pub fn axes(&self) -> &[AxisDef] {
        &self.axes
    }

    /// What is readable but wrong, one sentence each; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for axis in &self.axes {
            if Axis::from_word(&axis.id).is_none() {
                let known: Vec<_> = Axis::ALL.iter().map(|a| a.as_str()).collect();
                found.push(format!("axis `{}` is unknown: write one of {}", axis.id, known.join(", ")));
            }
            if !seen.insert(&axis.id) {
                found.push(format!("axis `{}` is declared twice: remove one", axis.id));
            }
        }
        let mut ids = BTreeSet::new();
        for topic in &self.topics {
            let id = &topic.id;
            if id.as_str().is_empty() || !id.as_str().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                found.push(format!("topic `{id}`: an id is made of lower-case letters, digits and hyphens"));
            }
            if !ids.insert(id) {
                found.push(format!("topic `{id}` is declared twice: rename or remove one"));
            }
            if topic.axes.is_empty() {
                found.push(format!("topic `{id}` has no axis: give `axis` at least its default"));
            }
            for axis in topic.axes.iter().filter(|a| Axis::from_word(a).is_none()) {
                found.push(format!("topic `{id}`: unknown axis `{axis}`"));
            }
            for near in topic.near.iter().filter(|n| !matches!(n.as_str(), "ai" | "security" | "telecom" | "near_terms")) {
                found.push(format!("topic `{id}`: near = `{near}` is unknown: write ai, security, telecom or near_terms"));
            }
            if topic.near.iter().any(|n| n == "near_terms") && topic.near_terms.is_empty() {
                found.push(format!("topic `{id}`: near asks for near_terms, but there are none"));
            }
            if topic.strong.is_empty() && topic.weak.is_empty() && topic.lang.is_empty() {
                found.push(format!("topic `{id}` has no terms and will never be found by the rules"));
            }
            let lists = [
                ("strong", &topic.strong),
                ("weak", &topic.weak),
                ("negative", &topic.negative),
                ("near_terms", &topic.near_terms),
                ("asks", &topic.asks),
            ];
            lists_problems(&format!("topic `{id}`"), lists.into_iter().chain(topic.lang.iter().map(|(k, v)| (k.as_str(), v))), &mut found);
        }
        for case in &self.use_cases {
            let place = format!("use-case `{}`", case.id);
            lists_problems(&place, [("strong", &case.strong), ("weak", &case.weak)].into_iter(), &mut found);
        }
        let mut concepts = BTreeSet::new();
        for concept in &self.concepts {
            let place = format!("concept `{}`", concept.id);
            if !concepts.insert(&concept.id) {
                found.push(format!("{place} is declared twice: rename or remove one"));
            }
            lists_problems(&place, std::iter::once(("words", &concept.words)), &mut found);
        }
        for series in &self.series {
            let name = &series.name;
            if series.number.is_empty() && series.group.is_empty() {
                found.push(format!("series `{name}` has neither number nor group and will never be found"));
            }
            for topic in series.topics.iter().filter(|t| self.topic(t.as_str()).is_none()) {
                found.push(format!("series `{name}`: unknown topic `{topic}`"));
            }
        }
        let gates = [
            ("ai", &self.vocabulary.ai),
            ("security", &self.vocabulary.security),
            ("safety", &self.vocabulary.safety),
            ("telecom", &self.vocabulary.telecom),
        ];
        for (name, gate) in gates {
            let lists = [("strong", &gate.strong), ("weak", &gate.weak)];
            lists_problems(
                &format!("`vocabulary.{name}`"),
                lists.into_iter().chain(gate.lang.iter().map(|(k, v)| (k.as_str(), v))),
                &mut found,
            );
        }
        for trap in &self.traps {
            if trap.surfaces().any(str::is_empty) {
                found.push(format!("trap `{}` has an empty surface", trap.surface));
            }
            lists_problems(
                &format!("trap `{}`", trap.surface),
                [("cancel_when", &trap.cancel_when), ("keep_when", &trap.keep_when)].into_iter(),
                &mut found,
            );
        }
        found
    }
}

/// Empty terms, and terms that stand twice in one list or in both of strong and weak.
fn lists_problems<'a>(place: &str, lists: impl Iterator<Item = (&'a str, &'a Vec<String>)>, found: &mut Vec<String>) {
    let mut strong = BTreeSet::new();
    for (list, terms) in lists {
        let mut here = BTreeSet::new();
        for term in terms {
            let key = fold(term).text;
            if key.trim_matches([' ', '*']).is_empty() {
                found.push(format!("{place}: an empty term in {list}"));
            } else if !here.insert(key.clone()) {
                found.push(format!("{place}: `{term}` stands twice in {list}"));
            } else if list == "weak" && strong.contains(&key) {
                found.push(format!("{place}: `{term}` stands in strong and in weak"));
            }
        }
        if list == "strong" {
            strong = here;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_file_has_no_problem() {
        let taxonomy = Taxonomy::parse(include_str!("../../../data/topics.toml")).expect("well formed");
        assert_eq!(taxonomy.problems(), Vec::<String>::new());
        assert_eq!((taxonomy.axes().len(), taxonomy.topics().len()), (4, 40));
        assert_eq!(taxonomy.topic("prompt-injection").map(|t| t.axes[0].as_str()), Some("securing-ai"));
    }

    #[test]
    fn what_is_not_the_form_is_told_with_its_place() {
        for (toml, line, column, word) in [
            ("[[topic]]\nid = \"a\"\nlabel = 3\naxis = []", 3, 9, "string"),
            ("schema = 1\n[[topic]\n", 2, 9, ""),
            ("[[topic]]\nid = \"a\"\nlabel = \"A\"\naxis = []\nstrnog = []", 5, 1, "strnog"),
        ] {
            match Taxonomy::parse(toml) {
                Err(TaxonomyError::Toml { line: l, column: c, message }) => {
                    assert_eq!((l, c), (line, column), "{message}");
                    assert!(message.contains(word), "{message}");
                }
                other => panic!("{toml}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_readable_but_wrong_is_listed() {
        let taxonomy = Taxonomy::parse(
            r#"
            [[axis]]
            id = "securing"
            label = "S"
            [[topic]]
            id = "a"
            label = "A"
            axis = ["securing-ai", "other"]
            strong = ["AI risk", "ai-risk", " "]
            weak = ["ai risk"]
            near = ["near_terms", "nowhere"]
            [[topic]]
            id = "a"
            label = "A"
            axis = []
            [[concept]]
            id = "c"
            words = ["z"]
            [[concept]]
            id = "c"
            words = ["z", "z"]
            [[trap]]
            surface = "x / "
            cancel_when = ["y", "y"]
            "#,
        )
        .expect("readable");
        let found = taxonomy.problems().join("\n");
        for part in [
            "axis `securing` is unknown",
            "unknown axis `other`",
            "`ai-risk` stands twice in strong",
            "an empty term in strong",
            "stands in strong and in weak",
            "near = `nowhere` is unknown",
            "asks for near_terms",
            "topic `a` is declared twice",
            "topic `a` has no axis",
            "topic `a` has no terms",
            "has an empty surface",
            "concept `c` is declared twice",
            "`z` stands twice in words",
            "`y` stands twice in cancel_when",
        ] {
            assert!(found.contains(part), "{part} not in:\n{found}");
        }
    }
}
