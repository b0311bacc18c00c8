use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Axis, DocumentKey, Evidence, Kind, Relevance, SourceId, Stage, Tagging, Timestamp, TopicTag, When};

/// Whether a reader can get the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Free of charge, no login.
    #[default]
    Free,
    /// For sale.
    Paid,
    /// Members' login.
    Members,
}

impl Access {
    /// All of them.
    pub const ALL: [Access; 3] = [Access::Free, Access::Paid, Access::Members];

    /// The word for it, as it is stored and printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Access::Free => "free",
            Access::Paid => "paid",
            Access::Members => "members",
        }
    }
}

/// How near to the body itself our evidence stands. Primary is best and sorts first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceLevel {
    /// Read from the body that issues the document.
    #[default]
    Primary,
    /// Read from a faithful copy of the body's data.
    Mirror,
    /// Reported by somebody else; may alert, never decide.
    Secondary,
}

/// How two documents belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// This one replaces the other.
    Supersedes,
    /// This one is a revision of the other.
    RevisionOf,
    /// This one is a part of the other.
    PartOf,
    /// Two numbers, one text.
    SameAs,
    /// This one became the other (draft → RFC, provisional name → Recommendation).
    Becomes,
    /// This one adopts the other's text (EN ISO/IEC).
    Adopts,
    /// This one is a copy of the other.
    Mirrors,
    /// This one had the other's name before: `becomes`, said by the newer of the two, whose elder we may never have seen.
    Formerly,
    /// This one reports about the other: a post that names one document.
    Mentions,
    /// This one says nearly the same words as the other, which was seen first. A hint, no identity.
    NearCopy,
}

impl RelationKind {
    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            RelationKind::Supersedes => "supersedes",
            RelationKind::RevisionOf => "revision-of",
            RelationKind::PartOf => "part-of",
            RelationKind::SameAs => "same-as",
            RelationKind::Becomes => "becomes",
            RelationKind::Adopts => "adopts",
            RelationKind::Mirrors => "mirrors",
            RelationKind::Formerly => "formerly",
            RelationKind::Mentions => "mentions",
            RelationKind::NearCopy => "near-copy",
        }
    }

    /// Whether it can make one work of two documents. Parts, revisions and copies of words are works of their own.
    pub fn ties(self) -> bool {
        !matches!(self, RelationKind::RevisionOf | RelationKind::PartOf | RelationKind::NearCopy)
    }
}

/// An arrow from the document that holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Relation {
    /// What the arrow means.
    pub kind: RelationKind,
    /// Where it points.
    pub document: DocumentKey,
}

/// One place where the document was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Which source showed it.
    pub source: SourceId,
    /// The address that the source gave.
    pub url: String,
    /// When this source first showed it.
    pub first_seen: Timestamp,
    /// When this source last showed it. While `present` is true the store fills in the source's last good fetch.
    pub last_seen: Timestamp,
    /// blake3 (hex) of the body it was read from.
    pub hash: String,
    /// Whether the last good fetch of the source still showed it.
    pub present: bool,
    /// The source's own key of the row, if it has one.
    pub source_key: Option<String>,
    /// How near to the issuing body this source stands.
    pub evidence: EvidenceLevel,
}

/// One version, edition or draft revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `1.1.1`, `-03`, `ipd`, `2022` … as the body counts.
    pub version: String,
    /// The full number as printed.
    pub number: String,
    /// The stage as last seen for this version.
    pub stage: Option<Stage>,
    /// The date that the source declares for it.
    pub published: Option<When>,
    /// Where a person reads it.
    pub url: String,
    /// When we first saw it.
    pub first_seen: Timestamp,
}

/// One document with its whole life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its key.
    pub document: DocumentKey,
    /// The body as its own people write it.
    pub body: String,
    /// Committee, study group, working group.
    pub group: Option<String>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The number as last printed by the body.
    pub number: Option<String>,
    /// The current title.
    pub title: String,
    /// Abstract, scope or summary as plain text.
    pub summary: Option<String>,
    /// The primary address.
    pub url: String,
    /// The current stage.
    pub stage: Option<Stage>,
    /// The date that the source declares for the current version.
    pub published: Option<When>,
    /// The text of a date that nobody could read.
    pub date_raw: Option<String>,
    /// Until when somebody may comment or must reply.
    pub deadline: Option<When>,
    /// When any source first showed it.
    pub first_seen: Timestamp,
    /// When the row was last compared with its source.
    pub last_checked: Timestamp,
    /// The work that it belongs to: the key of the work's first document.
    pub work: DocumentKey,
    /// The current version.
    pub version: Option<String>,
    /// Oldest first.
    pub versions: Vec<Version>,
    /// Whether a reader can get the text.
    pub access: Access,
    /// The best evidence among the sightings.
    pub evidence: EvidenceLevel,
    /// Language of title and summary (ISO 639-1).
    pub lang: Option<String>,
    /// Keywords as given.
    pub keywords: Vec<String>,
    /// In the order in which they were first seen.
    pub sightings: Vec<Sighting>,
    /// Sorted.
    pub relations: Vec<Relation>,
    /// Relevant or not.
    pub relevance: Relevance,
    /// How sure the tagger is of the relevance.
    pub score: f32,
    /// Sorted.
    pub axes: Vec<Axis>,
    /// Best first.
    pub topics: Vec<TopicTag>,
    /// Why it is relevant.
    pub why: Vec<Evidence>,
    /// Set when a person said that it does not belong: the reason.
    pub ignored: Option<String>,
    /// Every further field that the source declares, sorted by name (`liaison`, `question`, `timing` …).
    pub extra: Vec<(String, String)>,
}

/// Former values of a field that are kept.
const FORMER: usize = 4;

/// A score as it is printed: widened to 64 bits a plain 0.516 would become 0.51600003.
fn decimal(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

impl Document {
    /// Lays tags over the document. Only what is relevant has axes.
    pub fn tag(&mut self, tags: Tagging) {
        self.relevance = tags.relevance;
        self.score = tags.score;
        self.axes = if tags.relevance == Relevance::Relevant { tags.axes } else { Vec::new() };
        self.topics = tags.topics;
        self.why = tags.evidence;
    }

    /// The value of a further field.
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// Notes what a field said until `at`, where it changes and no event tells of it: answers for a past day take it back.
    pub fn note_former(&mut self, field: &str, at: Timestamp, was: &str) {
        // what changes on the day of the first sight was never known otherwise
        if self.first_seen >= at {
            return;
        }
        let name = format!("{field}.was");
        let mut lines: Vec<String> = self.extra(&name).unwrap_or_default().lines().map(str::to_owned).collect();
        // of several changes in one reading the first knows what was there before
        if lines.last().and_then(|l| l.split(' ').next()).is_some_and(|t| t == at.to_string()) {
            return;
        }
        lines.push(format!("{at} {}", was.replace('\n', " ")));
        let kept = lines.split_off(lines.len().saturating_sub(FORMER));
        self.extra.retain(|(k, _)| *k != name);
        self.extra.push((name, kept.join("\n")));
        self.extra.sort();
    }

    /// When a field first changed after `as_of` with no event to tell of it, and what it said before; nothing, if it was not there.
    pub fn former(&self, field: &str, as_of: Timestamp) -> Option<(Timestamp, &str)> {
        let lines = self.extra.iter().find(|(k, _)| k.strip_suffix(".was") == Some(field)).map(|(_, v)| v.as_str())?;
        let mut noted = lines.lines().filter_map(|l| l.split_once(' ')).filter_map(|(t, was)| Some((t.parse::<Timestamp>().ok()?, was)));
        noted.find(|(at, _)| *at > as_of)
    }

    /// The further field that keeps which documents a text names, where it names several.
    pub const NAMES: &'static str = "names_documents";

    /// Keys of the documents that its text names, where it names several.
    pub fn names_documents(&self) -> impl Iterator<Item = &str> {
        self.extra(Document::NAMES).unwrap_or_default().split("; ").filter(|k| !k.is_empty())
    }

    /// The normalized stage.
    pub fn stage_code(&self) -> crate::StageCode {
        self.stage.as_ref().map(|s| s.code).unwrap_or_default()
    }

    /// Topics with scores and evidence, in the form of the contract (`tag`).
    pub fn tags(&self) -> Vec<Value> {
        self.topics.iter().map(|t| json!({"id": t.id, "score": decimal(t.score), "evidence": t.evidence})).collect()
    }

    /// The document in the form of the contract (`list`, `show`).
    pub fn contract(&self) -> Value {
        json!({
            "document": self.document,
            "body": self.body,
            "group": self.group,
            "kind": self.kind,
            "number": self.number,
            "title": self.title,
            "summary": self.summary,
            "url": self.url,
            "stage": self.stage,
            "published": self.published,
            "date_raw": self.date_raw,
            "deadline": self.deadline,
            "first_seen": self.first_seen,
            "last_checked": self.last_checked,
            "work": self.work,
            "version": self.version,
            "versions": self.versions,
            "access": self.access,
            "evidence": self.evidence,
            "lang": self.lang,
            "keywords": self.keywords,
            "sightings": self.sightings.iter().map(|s| json!({
                "source": s.source, "url": s.url, "first_seen": s.first_seen, "last_seen": s.last_seen,
                "hash": s.hash, "present": s.present, "evidence": s.evidence,
            })).collect::<Vec<_>>(),
            "relations": self.relations,
            "relevance": self.relevance,
            "score": decimal(self.score),
            "axes": self.axes,
            "topics": self.topics.iter().map(|t| &t.id).collect::<Vec<_>>(),
            "tags": self.tags(),
            "ignored": self.ignored,
            "extra": self.extra.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        })
    }
}
