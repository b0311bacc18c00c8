//! Text to topics with evidence.
//!
//! Goes in: a [`Text`] (title, summary, keywords) and a compiled taxonomy ([`Taxonomy`] from `data/topics.toml`, and
//! the learnt weights of `data/weights.toml`). Comes out: a [`Tagging`](monitor_model::Tagging): relevance, axes and
//! topics, each topic with the terms that speak for it and where they stand, in bytes of the field as it was given.
//!
//! Each text goes one way: fold → find all terms in one pass → traps → gates → topic scores → what sentences join → weights → evidence.
//! A text without an AI word that survives the traps is never relevant, whatever the weights say.
//!
//! Never: guesses without evidence, learns at run time, looks at the issuing body, touches a file, the network or the clock.

mod concepts;
mod error;
mod features;
mod finder;
mod fold;
mod gate;
mod lexicon;
mod lint;
mod rules;
mod score;
mod tagger;
mod taxonomy;
mod term;
mod weights;
mod words;

pub use concepts::Concept;
pub use error::TaxonomyError;
pub use features::NamedFeature;
pub use lint::{Note, line_of, notes};
pub use score::{Label, Score};
pub use tagger::{Tagger, Text, UseCaseTag};
pub use taxonomy::{AxisDef, Matching, Series, Taxonomy, Topic, Trap, UseCase, Vocabularies, Vocabulary};
pub use weights::decisions;
