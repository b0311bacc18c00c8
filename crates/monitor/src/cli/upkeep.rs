//! Health of the sources, upkeep of the store.

use clap::{Args, Subcommand};

use super::Report;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Exit 5 when a source is broken, blocked or stale
    #[arg(long)]
    pub(crate) strict: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Hold every record, index and journal line against each other
    Verify {
        /// How it is printed
        #[arg(long, value_enum, default_value_t = Report::Human)]
        format: Report,
    },
    /// Build the database anew from the journal
    Rebuild,
    /// Write everything as sorted JSON Lines (- for stdout)
    Export {
        /// The file
        file: String,
    },
    /// Read an export into an empty store (- for stdin)
    Import {
        /// The file
        file: String,
    },
    /// Give back unused space
    Compact,
    /// Remove quarantined copies and leftovers
    Gc,
}
