use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Axis, DocumentKey, Relevance, SourceId, StageCode, Timestamp, TopicId, When};

/// What changed in a document's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Seen for the first time.
    Added,
    /// A new version, edition or draft revision.
    Revised,
    /// The stage changed.
    Stage,
    /// The title changed.
    Title,
    /// The declared date changed.
    Date,
    /// The body withdrew it.
    Withdrawn,
    /// No longer shown by a source that used to show all.
    Gone,
    /// Shown again.
    Back,
}

impl EventKind {
    /// All kinds, in contract order.
    pub const ALL: [EventKind; 8] = [
        EventKind::Added,
        EventKind::Revised,
        EventKind::Stage,
        EventKind::Title,
        EventKind::Date,
        EventKind::Withdrawn,
        EventKind::Gone,
        EventKind::Back,
    ];

    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::Added => "added",
            EventKind::Revised => "revised",
            EventKind::Stage => "stage",
            EventKind::Title => "title",
            EventKind::Date => "date",
            EventKind::Withdrawn => "withdrawn",
            EventKind::Gone => "gone",
            EventKind::Back => "back",
        }
    }
}

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// New, a new version, another stage, another subject, or no longer there.
    Significant,
    /// Book-keeping: a date put right, a row that came back.
    Administrative,
    /// The same title in other letters, signs or with another subtitle.
    Editorial,
}

impl Weight {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Weight::Significant => "significant",
            Weight::Administrative => "administrative",
            Weight::Editorial => "editorial",
        }
    }
}

/// One change. What is printed beside it (title, topics) is as it stood when it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When we saw it.
    pub at: Timestamp,
    /// Whose life.
    pub document: DocumentKey,
    /// The body.
    pub body: String,
    /// What changed.
    pub kind: EventKind,
    /// The former value; none for `added`.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
    /// For `stage` and `withdrawn`: the normalized code now.
    pub stage: StageCode,
    /// Which source showed it.
    pub source: SourceId,
    /// When it happened in the body's own words: a stage date or a publication date, never the date of the crawl.
    pub event_date: Option<When>,
    /// When the document was first seen.
    pub first_seen: Timestamp,
    /// Title then.
    pub title: String,
    /// Number then.
    pub number: Option<String>,
    /// Primary address then.
    pub url: String,
    /// Topics then.
    pub topics: Vec<TopicId>,
    /// Axes then.
    pub axes: Vec<Axis>,
    /// Relevance then.
    pub relevance: Relevance,
    /// Seen in the first good fetch of its source: it may have happened long before.
    pub backfill: bool,
}

impl Event {
    /// How much the change matters. It follows from what changed, so it is not stored.
    pub fn weight(&self) -> Weight {
        match self.kind {
            EventKind::Added | EventKind::Revised | EventKind::Stage | EventKind::Withdrawn | EventKind::Gone => Weight::Significant,
            EventKind::Date | EventKind::Back => Weight::Administrative,
            EventKind::Title => match (&self.from, &self.to) {
                (Some(a), Some(b)) if is_rewording(a, b) => Weight::Editorial,
                _ => Weight::Significant,
            },
        }
    }

    /// The event in the form of the contract.
    pub fn contract(&self) -> Value {
        json!({
            "at": self.at, "document": self.document, "body": self.body, "kind": self.kind, "from": self.from, "to": self.to,
            "stage": self.stage, "source": self.source, "event_date": self.event_date, "first_seen": self.first_seen,
            "title": self.title, "number": self.number, "url": self.url, "topics": self.topics, "axes": self.axes,
            "relevance": self.relevance, "backfill": self.backfill, "weight": self.weight(),
        })
    }
}

/// Whether two titles differ in case, signs and spaces alone, or one is the other with a subtitle.
fn is_rewording(a: &str, b: &str) -> bool {
    let (fa, fb) = (letters(a), letters(b));
    fa == fb || has_subtitle(a, &fb) || has_subtitle(b, &fa)
}

/// Letters and digits in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `long` is the text whose letters are `short`, and after it, behind a colon, dash, stop or bracket, more. A head of
/// less than three words is a family name (`Securing AI: …`), and what follows it is the title.
fn has_subtitle(long: &str, short: &str) -> bool {
    let cuts = long.match_indices([':', '–', '—', '(', '.', ';']).map(|(i, _)| i).chain(long.match_indices(" - ").map(|(i, _)| i));
    cuts.filter(|i| long[..*i].split_whitespace().count() >= 3).any(|i| letters(&long[..i]) == short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind, from: &str, to: &str) -> Event {
        Event {
            at: Timestamp::UNIX_EPOCH,
            document: "x/1".into(),
            body: String::new(),
            kind,
            from: Some(from.into()),
            to: Some(to.into()),
            stage: StageCode::Unknown,
            source: "s".into(),
            event_date: None,
            first_seen: Timestamp::UNIX_EPOCH,
            title: to.into(),
            number: None,
            url: String::new(),
            topics: Vec::new(),
            axes: Vec::new(),
            relevance: Relevance::Neither,
            backfill: false,
        }
    }

    #[test]
    fn a_title_in_other_letters_signs_or_with_a_subtitle_is_editorial() {
        for (from, to) in [
            ("Security of AI agents", "Security of AI Agents"),
            ("Security, of AI-agents", "Security of AI agents."),
            ("Threats to language models", "Threats to language models: a taxonomy"),
            ("Threats to language models (draft)", "Threats to language models"),
            ("Überblick über Risiken", "überblick über risiken"),
        ] {
            assert_eq!(event(EventKind::Title, from, to).weight(), Weight::Editorial, "{from} → {to}");
        }
        for (from, to) in [
            ("Security of AI agents", "Security of AI models"),
            ("Securing AI: threats", "Securing AI: mitigations"),
            ("Securing AI", "Securing AI: mitigations"),
            ("Security guidelines for services", "Security guidelines for services based on AI"),
            ("", "Security"),
        ] {
            assert_eq!(event(EventKind::Title, from, to).weight(), Weight::Significant, "{from} → {to}");
        }
    }

    #[test]
    fn every_kind_has_its_weight_and_prints_it() {
        let of = |kind: EventKind| event(kind, "a", "b").weight();
        assert_eq!(
            [of(EventKind::Added), of(EventKind::Revised), of(EventKind::Stage), of(EventKind::Withdrawn)],
            [Weight::Significant; 4]
        );
        assert_eq!([of(EventKind::Date), of(EventKind::Back)], [Weight::Administrative; 2]);
        assert_eq!(event(EventKind::Date, "2025", "2026").contract()["weight"], "administrative");
    }
}
