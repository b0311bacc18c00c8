use monitor_model::{Delivery, Document, Event, FrozenEdition, HostMemory, Memory, SourceId, SourceReport, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Decision,
    form::{AttachedForm, DocumentForm, DocumentLine, Numbered},
};

/// One line of the journal or of an export. The name of its only key says what it is.
///
/// Index and journal both take it, whether it is being written or was read back: both go one way.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Line<'a> {
    Base(&'a Base),
    Decision(&'a Decision),
    Delivery(&'a Delivery),
    Document(DocumentLine<'a>),
    Edition(&'a FrozenEdition),
    Event(&'a Loose),
    Host(&'a HostLine),
    Memory(&'a MemoryLine),
    Present(&'a PresentLine),
    Report(&'a ReportLine),
    Robots(&'a RobotsLine),
}

/// One line as read.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OwnedLine {
    Base(Base),
    Decision(Decision),
    Delivery(Delivery),
    Document(Box<Life>),
    Edition(FrozenEdition),
    Event(Box<Loose>),
    Host(HostLine),
    Memory(Box<MemoryLine>),
    Present(PresentLine),
    Report(Box<ReportLine>),
    Robots(RobotsLine),
}

/// A line of which only the document is wanted.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DocumentOnly {
    Document(Box<DocumentForm<serde::de::IgnoredAny>>),
}

/// A document with its events, as read.
#[derive(Deserialize)]
#[serde(from = "DocumentForm<AttachedForm>")]
pub(crate) struct Life {
    pub(crate) document: Document,
    pub(crate) events: Vec<Numbered<Event>>,
}

/// What an import or a compaction starts from: sums that do not follow from the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Base {
    pub(crate) runs: u64,
    pub(crate) next_event: u64,
}

/// An event of a document that does not stand in the same batch.
#[derive(Serialize, Deserialize)]
pub(crate) struct Loose {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) n: Option<u64>,
    pub(crate) event: Event,
}

/// A host's memory without robots.txt, which has its own line.
#[derive(Serialize, Deserialize)]
pub(crate) struct HostLine {
    pub(crate) host: String,
    pub(crate) memory: HostMemory,
}

/// robots.txt of a host, written when it was read anew.
#[derive(Serialize, Deserialize)]
pub(crate) struct RobotsLine {
    pub(crate) host: String,
    pub(crate) robots: Option<(Timestamp, Option<String>)>,
}

/// A source's memory without the list of keys shown, which has its own line.
#[derive(Serialize, Deserialize)]
pub(crate) struct MemoryLine {
    pub(crate) source: SourceId,
    pub(crate) memory: Memory,
}

/// The keys that a source shows: all of them, or what came and went. Written when they change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PresentLine {
    pub(crate) source: SourceId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) all: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) add: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) remove: Vec<String>,
}

/// The run record of a source.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReportLine {
    pub(crate) run: String,
    pub(crate) at: Timestamp,
    pub(crate) report: SourceReport,
}

impl From<DocumentForm<AttachedForm>> for Life {
    fn from(form: DocumentForm<AttachedForm>) -> Life {
        let (document, events) = form.into_document();
        let events = events.into_iter().map(|e| e.into_event(&document)).collect();
        Life { document, events }
    }
}

impl OwnedLine {
    /// Whether numbers of events and runs leave room for counting on. Asked of lines that come from outside.
    pub(crate) fn counts_soberly(&self) -> bool {
        let most = match self {
            OwnedLine::Base(b) => b.runs.max(b.next_event),
            OwnedLine::Document(l) => l.events.iter().filter_map(|(n, _)| *n).max().unwrap_or_default(),
            OwnedLine::Event(l) => l.n.unwrap_or_default(),
            _ => 0,
        };
        most < 1 << 48
    }

    /// The line as index and journal take it.
    pub(crate) fn line(&self) -> Line<'_> {
        match self {
            OwnedLine::Base(v) => Line::Base(v),
            OwnedLine::Decision(v) => Line::Decision(v),
            OwnedLine::Delivery(v) => Line::Delivery(v),
            OwnedLine::Document(l) => Line::Document(DocumentLine(&l.document, l.events.iter().map(|(n, e)| (*n, e)).collect())),
            OwnedLine::Edition(v) => Line::Edition(v),
            OwnedLine::Event(v) => Line::Event(v),
            OwnedLine::Host(v) => Line::Host(v),
            OwnedLine::Memory(v) => Line::Memory(v),
            OwnedLine::Present(v) => Line::Present(v),
            OwnedLine::Report(v) => Line::Report(v),
            OwnedLine::Robots(v) => Line::Robots(v),
        }
    }
}

impl PresentLine {
    /// How the keys differ; none when they do not.
    pub(crate) fn between(source: &SourceId, before: &[String], after: &[String]) -> Option<PresentLine> {
        if before == after {
            return None;
        }
        let empty = PresentLine { source: source.clone(), all: None, add: Vec::new(), remove: Vec::new() };
        let orderly = |list: &[String]| list.windows(2).all(|w| w[0] < w[1]);
        if before.is_empty() || !orderly(before) || !orderly(after) {
            return Some(PresentLine { all: Some(after.to_vec()), ..empty });
        }
        let without = |list: &[String], other: &[String]| -> Vec<String> {
            list.iter().filter(|k| other.binary_search(k).is_err()).cloned().collect()
        };
        Some(PresentLine { add: without(after, before), remove: without(before, after), ..empty })
    }

    /// The keys after the change.
    pub(crate) fn apply(&self, before: Vec<String>) -> Vec<String> {
        if let Some(all) = &self.all {
            return all.clone();
        }
        let mut out: Vec<String> = before.into_iter().filter(|k| self.remove.binary_search(k).is_err()).collect();
        out.extend(self.add.iter().cloned());
        out.sort();
        out
    }
}

/// Appends the line and its line feed.
pub(crate) fn write_line(out: &mut Vec<u8>, line: &Line<'_>) -> Result<(), serde_json::Error> {
    serde_json::to_writer(&mut *out, line)?;
    out.push(b'\n');
    Ok(())
}
