use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Document, DocumentKey, Kind, Relevance, StageCode, When};

use crate::{Home, Input, is_home_item_on_ai, is_liaison, is_notice, is_of_a_trade};

/// One work as one body sees it: its documents there, the newest of them speaking for all.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    /// The newest document that is alive, or the newest; at home, if any is.
    pub(crate) face: &'a Document,
    /// All of them, sorted by key.
    pub(crate) documents: Vec<&'a Document>,
    pub(crate) home: bool,
    /// It only tells of work: on the map, but nobody's item and nobody's counterpart.
    pub(crate) notice: bool,
}

impl Item<'_> {
    pub(crate) fn alive(&self) -> bool {
        !self.face.stage_code().is_over()
    }

    /// Neither in force nor over: somebody still writes it.
    pub(crate) fn open(&self) -> bool {
        self.alive() && self.face.stage_code() != StageCode::Published
    }

    /// It has steps to go: a group or its terms of reference have none.
    pub(crate) fn staged(&self) -> bool {
        self.documents.iter().any(|d| d.kind == Kind::WorkItem || d.stage_code() != StageCode::Unknown)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = DocumentKey> {
        self.documents.iter().map(|d| d.document.clone())
    }

    /// Topics of any of its documents.
    pub(crate) fn topics(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().flat_map(|d| &d.topics).map(|t| t.id.as_str())
    }
}

/// The items that the map shows and compares, by work and body: standards and work items, no news, papers or incidents.
pub(crate) fn items<'a>(input: &Input<'a>) -> Vec<Item<'a>> {
    let mut works: BTreeMap<(&DocumentKey, &str), Vec<&'a Document>> = BTreeMap::new();
    for d in input.documents.iter().filter(|d| belongs(input.home, d)) {
        works.entry((&d.work, &d.body)).or_default().push(d);
    }
    let made = works.into_values().filter_map(|mut documents| {
        documents.sort_by(|a, b| a.document.cmp(&b.document));
        // An item that moved between groups of one body is ours if any of its documents is.
        let ours = |d: &Document| input.home.owns(d);
        let face = *documents.iter().max_by_key(|d| (ours(d), !is_notice(d), !d.stage_code().is_over(), newest_date(d), &d.document))?;
        let notice = documents.iter().all(|d| is_notice(d) || is_liaison(d));
        Some(Item { face, home: ours(face) && !notice, notice, documents })
    });
    made.collect()
}

/// What has a topic is on the map; what is on AI without a topic can still be a counterpart.
fn belongs(home: &Home, d: &Document) -> bool {
    d.ignored.is_none()
        && matches!(d.kind, Kind::Document | Kind::WorkItem | Kind::Policy)
        && (!d.topics.is_empty() || matches!(d.relevance, Relevance::Relevant | Relevance::AiOnly) || is_home_item_on_ai(home, d))
        && (home.owns(d) || !is_of_a_trade(d))
}

/// What stands where a group should and can be sent nothing.
const NO_GROUPS: [&str; 7] = ["blog", "news", "newsroom", "insights", "publications", "resources", "none"];

/// The newest date that the body gives.
pub(crate) fn newest_date(d: &Document) -> Option<Date> {
    dates(d).map(When::first_day).max()
}

/// All dates that the body gives for steps of this document's life.
pub(crate) fn dates(d: &Document) -> impl Iterator<Item = When> {
    let versions = d.versions.iter().flat_map(|v| [v.published, v.stage.as_ref().and_then(|s| s.date)]);
    versions.chain([d.published, d.stage.as_ref().and_then(|s| s.date)]).flatten()
}

/// A body and group as a person addresses them. Our own body is addressed by its groups alone; where none is known, by the text.
pub(crate) fn address(home: &Home, d: &Document) -> String {
    let group = d.group.as_deref().unwrap_or_default().trim();
    // "SG17 -> IETF IAB": who was written to.
    let group = group.rsplit(['>', '→']).next().unwrap_or_default();
    // "individual / BoF", "ISG SAI (closed)": what is in brackets or no group at all is not addressed.
    let group = group.split('(').next().unwrap_or_default().trim();
    let nobody = group.to_lowercase().starts_with("individual") || NO_GROUPS.contains(&group.to_lowercase().as_str());
    if group.is_empty() || nobody || group.eq_ignore_ascii_case(&d.body) {
        match d.number.as_deref() {
            Some(number) if d.body.eq_ignore_ascii_case(&home.body) => format!("{} (group of {number} not known)", d.body),
            _ if d.body.eq_ignore_ascii_case(&home.body) => format!("{} (group of “{}” not known)", d.body, d.title),
            _ => d.body.clone(),
        }
    } else if group.to_lowercase().starts_with(&d.body.to_lowercase()) {
        group.to_owned()
    } else {
        format!("{} {group}", d.body)
    }
}

/// The Question of an item.
pub(crate) fn question(home: &Home, item: &Item<'_>) -> String {
    home.question(item.face)
}
