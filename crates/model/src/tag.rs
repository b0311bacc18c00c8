use serde::{Deserialize, Serialize};

use crate::TopicId;

/// Whether an item belongs to AI security at all (labelling guide, section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relevance {
    /// AI and security touch.
    Relevant,
    /// AI without security.
    AiOnly,
    /// Security without AI.
    SecurityOnly,
    /// None of the two.
    #[default]
    Neither,
}

impl Relevance {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Relevance::Relevant => "relevant",
            Relevance::AiOnly => "ai-only",
            Relevance::SecurityOnly => "security-only",
            Relevance::Neither => "neither",
        }
    }
}

/// The three framings and safety (labelling guide, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// AI is the asset.
    SecuringAi,
    /// AI is in the attacker's hands.
    MitigatingAgainstAi,
    /// AI is in the defender's hands.
    AiForSecurity,
    /// How AI behaves or is governed.
    AiSafetyTrustworthiness,
}

impl Axis {
    /// In the order of a digest.
    pub const ALL: [Axis; 4] = [Axis::SecuringAi, Axis::MitigatingAgainstAi, Axis::AiForSecurity, Axis::AiSafetyTrustworthiness];

    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Axis::SecuringAi => "securing-ai",
            Axis::MitigatingAgainstAi => "mitigating-against-ai",
            Axis::AiForSecurity => "ai-for-security",
            Axis::AiSafetyTrustworthiness => "ai-safety-trustworthiness",
        }
    }

    /// Reads the contract's word.
    pub fn from_word(word: &str) -> Option<Axis> {
        Self::ALL.into_iter().find(|a| a.as_str() == word)
    }
}

/// Where a term stands: `start..end` are byte offsets into the named field as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The taxonomy's term.
    pub term: String,
    /// `title`, `summary`, `keywords` (its members joined by one space), `number` or `group`; `relation` when it is another document that
    /// says so: then the term names it and the span is empty.
    pub field: String,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// One topic with the reasons for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicTag {
    /// The topic.
    pub id: TopicId,
    /// 0 to 1.
    pub score: f32,
    /// Never empty.
    pub evidence: Vec<Evidence>,
}

/// All that the tagger says of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tagging {
    /// Relevant or not.
    pub relevance: Relevance,
    /// How sure the tagger is that the item is relevant, 0 to 1.
    pub score: f32,
    /// Sorted.
    pub axes: Vec<Axis>,
    /// Best first; equal scores by id.
    pub topics: Vec<TopicTag>,
    /// Why it is relevant: the AI word and the security word that touch. Empty when it is not.
    pub evidence: Vec<Evidence>,
}
