//! The store: documents, events and memories, on disk for good.
//!
//! Goes in: a [`Batch`], which is stored whole or not at all. Comes out: a [`Receipt`], and ordered look-ups.
//!
//! The truth is the journal (`journal/2026-11.jsonl` …, plain JSON Lines, a hash chain over its batches). Beside it sled holds where
//! everything stands (`db/`); it can be made again from the journal at any time and is, with a note, when it
//! is missing, behind or broken. `head.json` witnesses what was acknowledged, so that neither can lose something silently.
//!
//! Never: commits half a batch, deletes a document, reads the clock (but for the age of a lock that is in the way).

mod aliases;
mod batch;
mod brief;
mod commit;
mod db;
mod error;
mod form;
mod head;
mod index;
mod journal;
mod known;
mod line;
mod lock;
mod named;
mod open;
mod port;
mod read;
mod record;
mod sketch;
mod stop;
mod upkeep;
mod verify;

pub use batch::{Batch, Decision, DecisionKind, Receipt};
pub use brief::Brief;
pub use error::StoreError;
pub use open::{OpenOptions, Store};
pub use read::{Documents, EventRange, Events};
pub use sketch::Sketch;
pub use stop::Stop;
pub use upkeep::Compacted;
pub use verify::Verify;
