use monitor_model::{
    Delivery, Document, DocumentKey, Event, FrozenEdition, HostMemory, Memory, SourceId, SourceReport, Timestamp, TopicId,
};
use serde::{Deserialize, Serialize};

/// What belongs together: all of it is stored, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The source that it came from, if it came from one.
    pub source: Option<SourceId>,
    /// The run that made it; empty outside runs.
    pub run: String,
    /// When.
    pub at: Timestamp,
    /// Full new states. If one key comes twice, the last one counts.
    pub documents: Vec<Document>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What to remember of a source.
    pub memory: Option<(SourceId, Memory)>,
    /// What to remember of hosts.
    pub hosts: Vec<(String, HostMemory)>,
    /// The run record of the source.
    pub report: Option<SourceReport>,
    /// What people decided.
    pub decisions: Vec<Decision>,
    /// Editions to freeze.
    pub editions: Vec<FrozenEdition>,
    /// Lines of the delivery ledger.
    pub deliveries: Vec<Delivery>,
}

impl Batch {
    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
            && self.events.is_empty()
            && self.memory.is_none()
            && self.hosts.is_empty()
            && self.report.is_none()
            && self.decisions.is_empty()
            && self.editions.is_empty()
            && self.deliveries.is_empty()
    }
}

/// Proof that a batch is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the batch.
    pub batch: u64,
    /// Document states written.
    pub documents: u64,
    /// Events written.
    pub events: u64,
}

/// A person's word about a document. Decisions outlive fetches, retags, exports and rebuilds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// About which document.
    pub document: DocumentKey,
    /// What.
    pub what: DecisionKind,
    /// Who.
    pub by: String,
}

/// What a person can decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    /// It does not belong here.
    Ignore {
        /// Why.
        reason: String,
    },
    /// It is the same document as another.
    Merge {
        /// The one that stays.
        into: DocumentKey,
    },
    /// Takes back a merge of this document.
    Split,
    /// Tags by hand.
    Correct {
        /// Topics that it has.
        add: Vec<TopicId>,
        /// Topics that it does not have.
        remove: Vec<TopicId>,
        /// Why.
        reason: String,
    },
    /// Its rows may be lines of an edition that asks for approval.
    Approve {
        /// What happened up to this instant was seen; what comes later wants to be seen anew.
        until: Timestamp,
        /// What the person said.
        note: String,
    },
    /// Takes back every approval of this document.
    Disapprove {
        /// Why.
        reason: String,
    },
}
