use serde::{Deserialize, Serialize};

use crate::{Document, DocumentKey, SourceId, StageCode};

/// What a document number says, in the form of the contract (`identify`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// The key; none when nothing could be read.
    pub document: Option<DocumentKey>,
    /// The body.
    pub body: Option<String>,
    /// `TS`, `X`, `RFC`, `SP` …
    pub series: Option<String>,
    /// The number within the series.
    pub number: Option<String>,
    /// Part number.
    pub part: Option<String>,
    /// Version or draft revision.
    pub version: Option<String>,
    /// Edition: a year, a month, an ordinal.
    pub edition: Option<String>,
    /// The stage that the number itself shows (`FDIS`, `ipd`).
    pub stage: Option<String>,
    /// The stage that every document with such a number has by the rules of its body, in nobody's words.
    #[serde(skip)]
    pub certain: Option<StageCode>,
    /// The number in normal form.
    pub normal: Option<String>,
    /// Why nothing could be read.
    pub reason: Option<String>,
}

/// What an entry turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A document that nobody had seen.
    New,
    /// Known, nothing that is tracked changed.
    Same,
    /// Known, something that is tracked changed.
    Revised,
    /// Known from elsewhere, shown by this source for the first time.
    OtherSighting,
}

/// What identification may ask of the store.
pub trait Known {
    /// The document with this key.
    fn document(&self, key: &DocumentKey) -> Option<Document>;
    /// The document that this source knows by its own key.
    fn by_source_key(&self, source: &SourceId, key: &str) -> Option<DocumentKey>;
    /// The document whose canonical address has this [`crate::url_key`].
    fn by_url(&self, url_key: &DocumentKey) -> Option<DocumentKey>;
    /// The documents that hold a relation to this one which can make them one work ([`crate::RelationKind::ties`]).
    fn pointing_at(&self, _: &DocumentKey) -> Vec<DocumentKey> {
        Vec::new()
    }
    /// The documents whose text names this one beside others ([`Document::names_documents`]).
    fn naming(&self, _: &DocumentKey) -> Vec<DocumentKey> {
        Vec::new()
    }
    /// The documents without a number of their own whose text may be nearly this one's, by [`crate::TextPrint`].
    fn alike(&self, _: crate::TextPrint) -> Vec<DocumentKey> {
        Vec::new()
    }
    /// The documents whose title has this [`Document::title_print`].
    fn titled(&self, _: u64) -> Vec<DocumentKey> {
        Vec::new()
    }
    /// Where a person's `merge` sends this key, or the key itself.
    fn merged(&self, key: &DocumentKey) -> DocumentKey {
        key.clone()
    }
}

/// Knows nothing: for `identify`, `test` and first looks.
impl Known for () {
    fn document(&self, _: &DocumentKey) -> Option<Document> {
        None
    }
    fn by_source_key(&self, _: &SourceId, _: &str) -> Option<DocumentKey> {
        None
    }
    fn by_url(&self, _: &DocumentKey) -> Option<DocumentKey> {
        None
    }
}
