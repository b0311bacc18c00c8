use monitor_model::{Document, DocumentKey, Sighting, SourceId, Stage, StageCode, Timestamp, Version, When};
use serde::{Deserialize, Serialize};

use crate::{Brief, Store, StoreError};

/// A document without its words: whose it is, when it was seen and by whom, and the dates of its life. What counts all documents
/// asks for these, and reads only the few that it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sketch {
    body: String,
    /// None when the document is its own work.
    work: Option<DocumentKey>,
    number: Option<String>,
    published: Option<When>,
    stage: Option<Dated>,
    first_seen: Timestamp,
    versions: Vec<Edition>,
    sightings: Vec<(SourceId, Timestamp)>,
}

/// A stage without the body's word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Dated {
    code: StageCode,
    date: Option<When>,
}

/// A version of which only the dates are kept; the number where it is not the document's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Edition {
    number: Option<String>,
    stage: Option<Dated>,
    published: Option<When>,
}

impl Dated {
    fn of(stage: Option<&Stage>) -> Option<Dated> {
        stage.map(|s| Dated { code: s.code, date: s.date })
    }

    fn stage(self) -> Stage {
        Stage { raw: String::new(), code: self.code, date: self.date }
    }
}

impl Sketch {
    pub(crate) fn of(d: &Document) -> Sketch {
        let number = d.number.as_deref().unwrap_or_default();
        Sketch {
            body: d.body.clone(),
            work: Some(&d.work).filter(|w| **w != d.document).cloned(),
            number: d.number.clone(),
            published: d.published,
            stage: Dated::of(d.stage.as_ref()),
            first_seen: d.first_seen,
            versions: d
                .versions
                .iter()
                .map(|v| Edition {
                    number: Some(v.number.clone()).filter(|n| n != number),
                    stage: Dated::of(v.stage.as_ref()),
                    published: v.published,
                })
                .collect(),
            sightings: d.sightings.iter().map(|s| (s.source.clone(), s.first_seen)).collect(),
        }
    }

    /// The document without its words.
    pub fn bare(d: &Document) -> Document {
        Sketch::of(d).into_document(d.document.as_str(), &Brief::of(d))
    }

    /// When any source first showed it.
    pub fn first_seen(&self) -> Timestamp {
        self.first_seen
    }

    /// The work to which the document with this key belongs.
    pub fn work<'a>(&'a self, key: &'a str) -> &'a str {
        self.work.as_ref().map_or(key, |w| w.as_str())
    }

    /// The document with what is known here; every word, address and tag of it is left empty.
    pub fn into_document(self, key: &str, brief: &Brief) -> Document {
        let first_seen = self.first_seen;
        let number = self.number.clone().unwrap_or_default();
        Document {
            document: DocumentKey(key.to_owned()),
            body: self.body,
            group: None,
            kind: brief.kind,
            number: self.number,
            title: String::new(),
            summary: None,
            url: String::new(),
            stage: self.stage.map(Dated::stage),
            published: self.published,
            date_raw: None,
            deadline: None,
            first_seen,
            last_checked: first_seen,
            work: self.work.unwrap_or_else(|| DocumentKey(key.to_owned())),
            version: None,
            versions: self
                .versions
                .into_iter()
                .map(|v| Version {
                    version: String::new(),
                    number: v.number.unwrap_or_else(|| number.clone()),
                    stage: v.stage.map(Dated::stage),
                    published: v.published,
                    url: String::new(),
                    first_seen,
                })
                .collect(),
            access: Default::default(),
            evidence: Default::default(),
            lang: None,
            keywords: Vec::new(),
            sightings: self
                .sightings
                .into_iter()
                .map(|(source, first_seen)| Sighting {
                    source,
                    url: String::new(),
                    first_seen,
                    last_seen: first_seen,
                    hash: String::new(),
                    present: true,
                    source_key: None,
                    evidence: Default::default(),
                })
                .collect(),
            relations: Vec::new(),
            relevance: brief.relevance,
            score: 0.0,
            axes: Vec::new(),
            topics: Vec::new(),
            why: Vec::new(),
            ignored: brief.ignored.then(String::new),
            extra: Vec::new(),
        }
    }
}

impl Store {
    /// Shows every document without its words, in the order in which they were first stored. No text is read.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn each_sketch(&self, mut show: impl FnMut(&str, &Brief, Sketch)) -> Result<(), StoreError> {
        let inner = self.inner();
        for page in 0..inner.index.pages() {
            for (entry, sketch) in inner.index.page(page)?.into_iter().zip(inner.index.sketches(page)?) {
                show(&entry.key, &entry.brief, sketch);
            }
        }
        Ok(())
    }
}
