//! The public site: from documents, events and frozen editions to files with relative addresses.
//!
//! No page bears the time at which it was made: what has not changed keeps its bytes. Only the page of sources speaks for a day.

mod feeds;
mod lists;
mod model;
mod names;
mod pages;
mod render;
mod search;

use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_landscape::Landscape;
use monitor_model::{Axis, Document, DocumentKey, Event, FrozenEdition, Rendered};

pub use render::SiteTemplates;

use crate::{DigestError, GroupInfo, SourceCoverage, TopicLabel};
use model::Model;

/// How many documents get a page when nobody says otherwise.
pub const MOST_DOCUMENTS: usize = 20_000;

/// A frozen edition with its files.
#[derive(Clone, Debug)]
pub struct SiteEdition {
    /// What was frozen.
    pub frozen: FrozenEdition,
    /// Its files, the page among them.
    pub files: Vec<Rendered>,
}

/// Everything from which a site is made.
#[derive(Clone, Debug)]
pub struct SiteInput<'a> {
    /// Whose site it is.
    pub group: &'a GroupInfo,
    /// The day for which the page of sources speaks.
    pub as_of: Date,
    /// Where the site will stand, with a final slash; none when nobody knows yet.
    pub address: Option<&'a str>,
    /// Frozen editions.
    pub editions: Vec<SiteEdition>,
    /// The relevant documents.
    pub documents: &'a [Document],
    /// Their events.
    pub events: &'a [Event],
    /// All sources.
    pub coverage: &'a [SourceCoverage],
    /// The map.
    pub landscape: &'a Landscape,
    /// The map as a picture (SVG), for the landscape page.
    pub heat: Option<&'a str>,
    /// Topics in the taxonomy's order.
    pub topics: &'a [TopicLabel],
    /// Framings: axis, label, definition.
    pub axes: &'a [(Axis, String, String)],
    /// How many documents are stored in all.
    pub stored: u64,
    /// How many documents may get a page.
    pub most: usize,
}

/// A site: its files by path, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Bytes by path, with `/` between folders.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Documents with a page.
    pub documents: usize,
    /// Relevant documents beyond the limit.
    pub left_out: usize,
}

/// Which documents are kept when there are too many: work of standards bodies before the rest, then the newest.
fn rank(d: &Document) -> (bool, std::cmp::Reverse<Date>, &DocumentKey) {
    (model::is_aside(d.kind), std::cmp::Reverse(model::date_of(d).0), &d.document)
}

/// Makes the site.
///
/// # Errors
/// When a template asks for something that is not there, with file, line and column.
pub fn site(input: &SiteInput<'_>, templates: &SiteTemplates) -> Result<Site, DigestError> {
    let mut documents: Vec<&Document> = input.documents.iter().filter(|d| d.ignored.is_none()).collect();
    documents.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let left_out = documents.len().saturating_sub(input.most);
    documents.truncate(input.most);
    let model = Model::new(input, documents, left_out);
    let mut files = BTreeMap::new();
    pages::all(&model, templates, &mut files)?;
    lists::all(&model, templates, &mut files)?;
    feeds::all(&model, templates, &mut files)?;
    search::all(&model, templates, &mut files)?;
    Ok(Site { files, documents: model.documents.len(), left_out })
}
