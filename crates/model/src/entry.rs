use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::When;

/// What sort of thing a row is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A deliverable of a body: Recommendation, standard, report, specification, draft.
    #[default]
    Document,
    /// An entry of a work programme.
    WorkItem,
    /// A news post.
    News,
    /// A liaison statement.
    Liaison,
    /// A meeting or workshop.
    Event,
    /// A research paper.
    Paper,
    /// An incident report.
    Incident,
    /// A law, resolution or policy text.
    Policy,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] =
        [Kind::Document, Kind::WorkItem, Kind::News, Kind::Liaison, Kind::Event, Kind::Paper, Kind::Incident, Kind::Policy];

    /// The word for it, as it is stored and printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Document => "document",
            Kind::WorkItem => "work-item",
            Kind::News => "news",
            Kind::Liaison => "liaison",
            Kind::Event => "event",
            Kind::Paper => "paper",
            Kind::Incident => "incident",
            Kind::Policy => "policy",
        }
    }
}

/// One row that a source gave, before anybody knows which document it is about.
///
/// This is the contract form: unknown keys are ignored, only `title` or `number` is needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Any string of the caller, echoed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The body as its own people write it, e.g. `ETSI`.
    #[serde(deserialize_with = "text_or_null", skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Committee, study group or working group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The source it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What sort of thing it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The document number as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The title as printed, white space collapsed.
    #[serde(deserialize_with = "text_or_null")]
    pub title: String,
    /// Abstract, scope or summary as plain text; `test` prints it as `abstract`.
    #[serde(alias = "abstract", skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Where a person reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The date that the source declares, with its precision. The field `date` of a source comes out here.
    #[serde(deserialize_with = "when_or_null", skip_serializing_if = "Option::is_none")]
    pub published: Option<When>,
    /// The text of a date that could not be read: kept, never guessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_raw: Option<String>,
    /// The body's own word for the stage.
    #[serde(deserialize_with = "maybe_text", skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// When that stage was reached, if the source says so apart from `published`.
    #[serde(deserialize_with = "when_or_null", skip_serializing_if = "Option::is_none")]
    pub stage_date: Option<When>,
    /// Version or revision, where the source has it apart from the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Until when somebody may comment or must reply.
    #[serde(deserialize_with = "when_or_null", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<When>,
    /// Language (ISO 639-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Keywords as given.
    #[serde(deserialize_with = "list_or_null", skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The source's own key of the row (guid, isn, wki_id): identity when there is no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_key: Option<String>,
    /// Every further field that the source declares (`liaison`, `question`, `timing` …).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

impl Entry {
    /// The fields with a meaning, as they are stored (what is declared as `date` is `published`).
    pub const FIELDS: [&str; 15] = [
        "body",
        "deadline",
        "group",
        "keywords",
        "kind",
        "lang",
        "number",
        "published",
        "source_key",
        "stage",
        "stage_date",
        "summary",
        "title",
        "url",
        "version",
    ];

    /// Whether there is anything by which to know it.
    pub fn has_name(&self) -> bool {
        !self.title.trim().is_empty() || self.number.as_deref().is_some_and(|n| !n.trim().is_empty())
    }

    /// What stands in a field, by the name that a source declares it under; nothing when it is empty.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        let date = |w: &Option<When>| w.map(|w| Cow::Owned(w.to_string()));
        let found = match name {
            "title" => Some(Cow::Borrowed(self.title.as_str())),
            "body" => Some(Cow::Borrowed(self.body.as_str())),
            "date" | "published" => date(&self.published),
            "stage_date" => date(&self.stage_date),
            "deadline" => date(&self.deadline),
            "kind" => self.kind.map(|k| Cow::Borrowed(k.as_str())),
            "keywords" => Some(Cow::Owned(self.keywords.join(", "))),
            "number" => self.number.as_deref().map(Cow::Borrowed),
            "summary" => self.summary.as_deref().map(Cow::Borrowed),
            "url" => self.url.as_deref().map(Cow::Borrowed),
            "stage" => self.stage.as_deref().map(Cow::Borrowed),
            "version" => self.version.as_deref().map(Cow::Borrowed),
            "lang" => self.lang.as_deref().map(Cow::Borrowed),
            "source_key" => self.source_key.as_deref().map(Cow::Borrowed),
            "group" => self.group.as_deref().map(Cow::Borrowed),
            other => self.extra.get(other).map(|v| Cow::Borrowed(v.as_str())),
        };
        found.filter(|t| !t.trim().is_empty())
    }
}

fn text_or_null<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(d)?.unwrap_or_default())
}

/// A stage may also come as in `list`: an object with `raw`.
fn maybe_text<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(d)? {
        serde_json::Value::String(s) => Some(s),
        serde_json::Value::Object(o) => o.get("raw").and_then(|v| v.as_str()).map(str::to_owned),
        _ => None,
    })
}

fn list_or_null<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<String>>::deserialize(d)?.unwrap_or_default())
}

/// A date that cannot be read costs the date, not the entry (user-asks 6).
fn when_or_null<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<When>, D::Error> {
    Ok(Option::<String>::deserialize(d)?.and_then(|t| t.parse().ok()))
}
