use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Document, TopicId};
use serde::{Deserialize, Serialize};

/// A topic with the name that a reader sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicInfo {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub label: String,
}

/// Whose map it is: the body and the groups in it that are "we".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Home {
    /// The body as it writes itself, `ITU-T`.
    pub body: String,
    /// The group; `SG17` is also met by `SG17 Q7/17` and `ITU-T SG17`, not by `SG170`.
    pub group: String,
    /// Further groups of ours (focus and correspondence groups).
    pub also: Vec<String>,
    /// How the keys of documents begin that are ours when they name no group.
    pub series: Vec<String>,
    /// Which Question a topic concerns.
    pub question_of: BTreeMap<TopicId, String>,
    /// Where everything else goes.
    pub default_question: String,
}

/// The dates that decide until when something can be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// When the meeting ends that can approve the next outgoing liaison.
    pub liaison: Option<Date>,
    /// Contribution deadline.
    pub contribution: Option<Date>,
    /// The next plenary.
    pub plenary: Option<Date>,
    /// First days of the meetings held so far, any order: an item that did not move since the last but one is silent.
    pub meetings_held: Vec<Date>,
}

/// What the map is made from.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The date for which the map speaks.
    pub as_of: Date,
    /// All documents; the map picks those that belong on it.
    pub documents: &'a [Document],
    /// The topics of the taxonomy, in the order of columns.
    pub topics: &'a [TopicInfo],
    /// Who is at home.
    pub home: &'a Home,
    /// Bodies of the configured sources: they get a row even when nothing was found.
    pub bodies_watched: &'a [String],
    /// Bodies or sources that are configured but were not read.
    pub not_read: &'a [String],
    /// Bodies that make no standards (associations, research, vendors): a Recommendation refers to their texts for information alone.
    pub not_sdos: &'a [String],
    /// The next dates.
    pub dates: Dates,
}
