//! The words that every step of the pipeline shares.
//!
//! Goes in: nothing. Comes out: plain data types with their rules ([`When`] keeps the precision of a date,
//! [`StageCode`] is the closed set of normalized stages, [`Source`] is what `sources.toml` may say) and the two
//! traits through which steps ask the store without knowing it ([`Known`], [`Ledger`]).
//!
//! Never: reads a file, a socket or the clock.
//!
//! Types that the store keeps ([`Document`], [`Event`], [`Memory`], …) are encoded with postcard, which is not
//! self-describing: no `skip_serializing_if`, `flatten`, `untagged` or `serde_json::Value` in them.

mod address;
mod calendar;
mod document;
mod edition;
mod entry;
mod event;
mod house;
mod ids;
mod known;
mod memory;
mod near;
mod print;
mod query;
mod run;
mod source;
mod spreadsheet;
mod stage;
mod tag;
mod when;

pub use address::PlainAddress;
pub use calendar::{Calendar, CalendarError, CalendarRule, Deadline, Meeting, MeetingKind, MeetingStatus};
pub use document::{Access, Document, EvidenceLevel, Relation, RelationKind, Sighting, Version};
pub use edition::{Delivery, DeliveryState, FrozenEdition, Ledger, Recipient, Rendered};
pub use entry::{Entry, Kind};
pub use event::{Event, EventKind, Weight};
pub use house::{Houses, host_of};
pub use ids::{DocumentKey, SourceId, TopicId, canonical_url, hex16, url_key};
pub use known::{Identified, Known, Verdict};
pub use memory::{Health, HealthState, HostMemory, Memory, Transition, Validators, Wishes};
pub use near::nearest;
pub use print::TextPrint;
pub use query::{Field as QueryField, Query, QueryError, Snippet};
pub use run::{Complaint, ComplaintStage, Counts, RunReport, SourceReport, SourceStatus};
pub use source::{
    Agent, CsvOptions, Defaults, Detail, DetailWhen, Expect, Field, Format, Method, Pages, Payload, Rate, Robots, SheetOptions, Source,
    SourceAccess, SourceKind, SourcesFile, StopRule, parse_bytes, parse_duration,
};
pub use spreadsheet::spreadsheet_line;
pub use stage::{Stage, StageCode};
pub use tag::{Axis, Evidence, Relevance, Tagging, TopicTag};
pub use when::{When, WhenError};

/// An instant, as everywhere in the pipeline.
pub type Timestamp = jiff::Timestamp;
