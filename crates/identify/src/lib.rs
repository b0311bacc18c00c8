//! An entry to the document it is about, and that document's life.
//!
//! Goes in: a document number or an [`Entry`](monitor_model::Entry), the tables of `data/bodies.toml` ([`Bodies`]) and
//! what the store knows of the document. Comes out: body, series, number, version, stage, normal form and key
//! ([`identify`], [`identify_number`]), the document with the row merged into its life and the typed events of that
//! change ([`see`], [`gone`]).
//!
//! A document is one number with its versions, editions and stages; parts, amendments, supplements and other series
//! are other documents. A title alone never identifies anything.
//!
//! Never: looks at the network, a file or the clock, and never guesses a number that is not printed.

mod address;
mod bodies;
mod chain;
mod clean;
mod entry;
mod error;
mod fix;
mod home;
pub mod life;
mod mention;
mod number;
mod order;
mod relations;
mod stages;
mod table;
mod template;

pub use bodies::{Bodies, Body};
pub use entry::identify;
pub use error::BodiesError;
pub use home::{Home, Question};
pub use life::{Life, Seen, gone, see};
pub use mention::mentions;
pub use number::identify as identify_number;
pub use order::{compare, label};
pub use relations::relations;
