use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use monitor_landscape::Landscape;
use monitor_model::{
    Axis, Calendar, Complaint, Document, DocumentKey, Event, Health, SourceAccess, SourceId, SourceKind, SourceStatus, Timestamp, TopicId,
};
use monitor_trends::Trends;
use serde::{Deserialize, Serialize};

use crate::{DigestError, GroupInfo};

/// What an edition looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// One screen first, then linked tables.
    #[default]
    Mail,
    /// The activity report as a document of the home group.
    Td,
    /// The landscape: matrix and rows.
    Map,
    /// The skeleton of a liaison statement for one option.
    Ls,
    /// Consultations and replies whose deadline is near.
    Flash,
    /// A targeted call for expertise.
    Call,
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 6] = [Form::Mail, Form::Td, Form::Map, Form::Ls, Form::Flash, Form::Call];

    /// Whether it is made on demand and never frozen.
    pub fn on_demand(self) -> bool {
        matches!(self, Form::Ls | Form::Flash | Form::Call)
    }

    /// The word as the contract prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Mail => "mail",
            Form::Td => "td",
            Form::Map => "map",
            Form::Ls => "ls",
            Form::Flash => "flash",
            Form::Call => "call",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Form {
    type Err = DigestError;
    fn from_str(text: &str) -> Result<Self, DigestError> {
        Form::ALL.into_iter().find(|f| f.as_str() == text).ok_or_else(|| DigestError::UnknownForm(text.to_owned()))
    }
}

/// The name of a topic, for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicLabel {
    /// The topic.
    pub id: TopicId,
    /// Its name.
    pub label: String,
    /// What it means, in a sentence.
    pub definition: String,
}

/// What an earlier edition got wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Which edition.
    pub edition: String,
    /// What it said.
    pub old: String,
    /// What is right.
    pub new: String,
    /// The document that shows it.
    pub url: Option<String>,
    /// The document concerned.
    #[serde(default)]
    pub document: Option<DocumentKey>,
    /// Its name, for readers.
    #[serde(default)]
    pub item: String,
}

/// What is known of a source at the time of the edition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceCoverage {
    /// Its id.
    pub id: SourceId,
    /// What people call it.
    pub name: String,
    /// Its body.
    pub body: String,
    /// How it is read; `none` for one that nobody reads.
    pub kind: SourceKind,
    /// Its first address.
    pub url: String,
    /// False: switched off; `note` says why.
    pub enabled: bool,
    /// How its last run ended.
    pub status: Option<SourceStatus>,
    /// Its health.
    pub health: Health,
    /// The last good fetch, a 304 included.
    pub last_success: Option<Timestamp>,
    /// The last fetch that brought something new.
    pub last_new: Option<Timestamp>,
    /// The first good fetch.
    pub first_success: Option<Timestamp>,
    /// Rows of the last good fetch.
    pub collected: u64,
    /// What went wrong in the last run.
    pub complaints: Vec<Complaint>,
    /// Why robots.txt is not asked, if it is not.
    pub robots_exception: Option<String>,
    /// For people.
    pub note: Option<String>,
    /// Declared from documentation, never tried against the live site.
    pub unproven: bool,
    /// What its readers need.
    pub access: Option<SourceAccess>,
}

/// Everything from which an edition is made. Nothing else is looked at.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The edition's id, e.g. `2026-10-monthly`.
    pub name: &'a str,
    /// Its name in `editions.toml`.
    pub edition_name: &'a str,
    /// What it looks like.
    pub form: Form,
    /// Whose it is.
    pub group: &'a GroupInfo,
    /// The instant for which it speaks.
    pub as_of: Timestamp,
    /// Start of its window.
    pub since: Timestamp,
    /// End of its window.
    pub until: Timestamp,
    /// The relevant documents; others are left out again.
    pub documents: &'a [Document],
    /// The events of the window.
    pub events: &'a [Event],
    /// All sources, read or not.
    pub coverage: &'a [SourceCoverage],
    /// What rises and falls.
    pub trends: &'a Trends,
    /// The map.
    pub landscape: &'a Landscape,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// Names of topics, in the taxonomy's order.
    pub topics: &'a [TopicLabel],
    /// Names of the framings: axis, label, definition.
    pub axes: &'a [(Axis, String, String)],
    /// What earlier editions got wrong.
    pub corrections: &'a [Correction],
    /// Until when each document was approved; none: nobody has to approve.
    pub approved: Option<&'a BTreeMap<DocumentKey, Timestamp>>,
    /// Bodies that sell: what they publish is shown apart, never as standards work.
    pub vendors: &'a BTreeSet<String>,
    /// A body's names for bare stage codes: `50.20` → `50.20 Proof sent to secretariat or FDIS ballot initiated: 8 weeks`.
    pub stage_names: &'a BTreeMap<String, String>,
    /// Which option a form on demand is about, counted from 1.
    pub option: Option<usize>,
    /// The program's version.
    pub tool_version: &'a str,
    /// The taxonomy's version.
    pub taxonomy_version: &'a str,
}
