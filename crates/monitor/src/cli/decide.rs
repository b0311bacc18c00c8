//! What a person decides about documents and topics.

use clap::Args;

use super::Lines;

#[derive(Debug, Args)]
pub(crate) struct Ignore {
    /// A document key, or a number as printed
    pub(crate) key: String,
    /// Why, for those who come later
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The document that is a second name
    pub(crate) a: String,
    /// The document that stays
    pub(crate) b: String,
    /// Why
    #[arg(long, default_value = "")]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Correct {
    /// A document key, or a number as printed
    pub(crate) key: String,
    /// +topic to add, -topic to take away
    #[arg(required = true, allow_hyphen_values = true)]
    pub(crate) changes: Vec<String>,
    /// Why; required, before or after the changes
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Retag {
    /// Print the difference, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How the difference is printed
    #[arg(long, value_enum, default_value_t = Lines::Human)]
    pub(crate) format: Lines,
}
