use std::{collections::BTreeMap, time::Duration};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Rate, Robots, Source,
    polite::RobotsForm,
    span::{maybe_bytes, maybe_duration},
};
use crate::SourceId;

/// `sources.toml` as written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcesFile {
    /// The grammar's version; 1. Only the main file must say it.
    pub schema: Option<u32>,
    /// Who asks. Refused at start when absent; only the main file has it.
    pub agent: Option<Agent>,
    /// What every source has unless it says otherwise; only the main file has it.
    pub defaults: Option<Defaults>,
    /// Further files, as globs beside this one; only the main file has it.
    pub include: Option<Vec<String>>,
    /// The sources by id.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Source>")]
    pub source: BTreeMap<SourceId, Source>,
}

/// Who asks: the product token and a page or address where a site's owner finds a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Product token, e.g. `aisec-monitor`.
    pub name: String,
    /// A URL or a mail address.
    pub contact: String,
}

impl Agent {
    /// The `User-Agent` header.
    pub fn header(&self) -> String {
        format!("{}/{} (+{})", self.name, env!("CARGO_PKG_VERSION"), self.contact)
    }
}

/// What every source has unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// See [`Source::every`].
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub every: Option<Duration>,
    /// See [`Source::rate`].
    #[schemars(with = "Option<String>")]
    pub rate: Option<Rate>,
    /// Hosts at once; one request in flight per host.
    pub concurrency: Option<usize>,
    /// See [`Source::timeout`].
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Duration>,
    /// See [`Source::budget`].
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub budget: Option<Duration>,
    /// See [`Source::max_bytes`].
    #[serde(deserialize_with = "maybe_bytes")]
    #[schemars(with = "Option<String>")]
    pub max_bytes: Option<u64>,
    /// See [`Source::tolerate`].
    pub tolerate: Option<u32>,
    /// See [`Source::robots`].
    #[schemars(with = "Option<RobotsForm>")]
    pub robots: Option<Robots>,
    /// See [`Source::allow_private`].
    pub allow_private: Option<bool>,
}
