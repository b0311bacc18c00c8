use std::collections::BTreeMap;

use monitor_model::{DocumentKey, TopicId};
use serde::{Deserialize, Serialize};

use super::{Also, Ref};

/// The matrix and its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapView {
    /// Bodies that have a work, in groups that fit on a page.
    pub columns: Vec<Vec<String>>,
    /// How many bodies are in a full group.
    pub width: usize,
    /// Bodies of which only a part of the sources was read, by name, as `2 of 5 sources`.
    #[serde(default)]
    pub partly: BTreeMap<String, String>,
    /// Bodies that were read and have no work on any topic.
    pub none_found: Vec<String>,
    /// One per topic.
    pub topics: Vec<MapTopic>,
    /// Bodies or sources that were not read.
    pub not_read: Vec<String>,
    /// All documents.
    pub rows: Vec<MapRow>,
}

/// One row of the matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapTopic {
    /// The topic.
    pub id: TopicId,
    /// Its name.
    pub label: String,
    /// Works in all bodies.
    pub works: usize,
    /// One per body that has a column, in their order.
    pub cells: Vec<MapCell>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapCell {
    /// The body.
    pub body: String,
    /// A number, blank for “none found”, `?` for “not read”.
    pub mark: String,
    /// By stage, e.g. `2 published, 1 draft`.
    pub stages: String,
    /// How many items: a text counts once with its drafts, versions and adoptions.
    #[serde(default)]
    pub works: usize,
    /// The documents behind it.
    pub documents: Vec<MapLink>,
}

/// A document as a cell points to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapLink {
    /// Its key.
    pub document: DocumentKey,
    /// Its number, or its title.
    pub name: String,
    /// The row's name inside the page.
    pub anchor: String,
}

/// One row of annex B.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapRow {
    /// The document.
    #[serde(flatten)]
    pub item: Ref,
    /// A name for links inside the page.
    pub anchor: String,
    /// What sort of thing it is.
    pub kind: String,
    /// When the stage was reached, or the date that the body gives.
    pub date: String,
    /// Names of its topics.
    pub topics: Vec<String>,
    /// Names of its framings.
    pub framings: Vec<String>,
    /// Questions.
    pub questions: Vec<String>,
    /// Numbers of its counterparts.
    pub counterparts: Vec<String>,
    /// Day of the last comparison with its source.
    pub last_checked: String,
    /// Hash of the snapshot from which it was read last; empty where none was kept.
    #[serde(default)]
    pub hash: String,
    /// How it belongs with other rows: what it became, what it was before, what its work holds besides.
    #[serde(default)]
    pub related: Vec<Also>,
    /// Other addresses of the same text.
    #[serde(default)]
    pub also_at: Vec<Also>,
    /// Incidents, news and what vendors publish: shown apart from standards documents.
    #[serde(default)]
    pub apart: bool,
}
