//! What a person types in the first hour: a starter set, its check, schemas, the demo.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder (default: here)
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// For which group: body and group, any body of bodies.toml (default: asked for on a terminal, else ITU-T SG17)
    #[arg(long, value_name = "BODY GROUP")]
    pub(crate) home: Option<String>,
    /// What its digests are called
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Who is named to the owners of the sites: a page or a mail address (default: asked for on a terminal)
    #[arg(long, value_name = "CONTACT")]
    pub(crate) contact: Option<String>,
    /// Overwrite files that exist
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Also list every note on the terms of topics.toml: dead terms, conflicts, terms inside others
    #[arg(long)]
    pub(crate) terms: bool,
    /// Check nothing; list the codes of all errors, what each means and what to do
    #[arg(long)]
    pub(crate) codes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// sources.toml and the files of sources.d/
    Sources,
    /// bodies.toml
    Bodies,
    /// topics.toml
    Topics,
    /// calendar.toml
    Calendar,
    /// editions.toml
    Editions,
    /// views.toml
    Views,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the digest and the map
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder for a page of each command: monitor.1, monitor-fetch.1 …
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
