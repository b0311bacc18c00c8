//! An entry to the document it is about, and that document's life.
//!
//! Goes in: a document number or an [`Entry`](monitor_model::Entry), the tables of `data/bodies.toml` ([`Bodies`]) and
//! what the store knows of the document. Comes out: body, series, number, version, stage, normal form and key
//! ([`identify`], [`identify_number`]), the document with the row merged into its life and the typed events of that
//! change ([`see`], [`gone`]), relations to other documents ([`relations`], [`mentions`], [`near_copy`], [`goes_on`]) and the works that
//! they make ([`joins`], [`founder`]).
//!
//! A document is one number with its versions, editions and stages; parts, amendments, supplements and other series
//! are other documents. A title alone never identifies anything.
//!
//! Never: looks at the network, a file or the clock, and never guesses a number that is not printed.

mod address;
mod bodies;
mod chain;
mod clean;
mod declared;
mod entry;
mod error;
mod fix;
mod goes_on;
mod home;
pub mod life;
mod mention;
mod near;
mod number;
mod order;
mod relations;
mod rule;
mod stages;
mod table;
mod template;
mod work;

pub use bodies::{Bodies, Body, Role};
pub use declared::{identify_row, named};
pub use entry::identify;
pub use error::BodiesError;
pub use goes_on::goes_on;
pub use home::{Home, Move, Question};
pub use life::{Life, Seen, gone, lay_facts, see};
pub use mention::mentions;
pub use near::{near_copy, nearness};
pub use number::identify as identify_number;
pub use order::{compare, label};
pub use relations::relations;
pub use rule::{Rule, rule};
pub use work::{founder, joins};
