//! `sources.toml` in words of our own: what may be said of a source, and what holds when nothing is said.

mod ask;
mod detail;
mod field;
mod file;
mod kind;
mod pages;
mod polite;
mod span;

use std::{collections::BTreeMap, time::Duration};

use schemars::JsonSchema;
use serde::Deserialize;

use self::span::{maybe_bytes, maybe_duration};
use crate::{EvidenceLevel, Kind};

pub use ask::{Method, Payload};
pub use detail::{Detail, DetailWhen};
pub use field::Field;
use field::FieldForm;
pub use file::{Agent, Defaults, SourcesFile};
pub use kind::{Format, SourceAccess, SourceKind};
pub use pages::{CsvOptions, Expect, Pages, SheetOptions, StopRule};
use polite::RobotsForm;
pub use polite::{Rate, Robots};
pub use span::{parse_bytes, parse_duration};

/// One declared source. After [`Source::settle`] every key that has a default is set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// The body as its own people write it, e.g. `ETSI`.
    pub body: String,
    /// How to read it.
    pub kind: SourceKind,
    /// What people call it.
    pub name: Option<String>,
    /// Committee or group of all its rows, unless a field says otherwise.
    pub group: Option<String>,
    /// What its rows are.
    pub item_kind: Option<Kind>,
    /// Where a person reads about it: the page of the list, or of the body.
    pub home: Option<String>,
    /// The address; with `each`, `{id}` in it is replaced.
    pub url: Option<String>,
    /// A watch list: one address for each member.
    pub each: Vec<String>,
    /// False switches it off; then `note` says why.
    pub enabled: Option<bool>,
    /// For people: why it is off, where its evidence comes from.
    pub note: Option<String>,
    /// Whether a reader can get the texts.
    pub access: Option<SourceAccess>,
    /// How near to the issuing body it stands.
    pub evidence: Option<EvidenceLevel>,
    /// Language of its texts (ISO 639-1).
    pub lang: Option<String>,
    /// How often, at most.
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub every: Option<Duration>,
    /// Requests per period, per host.
    #[schemars(with = "Option<String>")]
    pub rate: Option<Rate>,
    /// Total time for one request.
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Duration>,
    /// Total time of all its requests in one run, without the waits that politeness asks for; what is left then is not asked.
    #[serde(deserialize_with = "maybe_duration")]
    #[schemars(with = "Option<String>")]
    pub budget: Option<Duration>,
    /// Cap on the decoded body; more is an error, never a trim.
    #[serde(deserialize_with = "maybe_bytes")]
    #[schemars(with = "Option<String>")]
    pub max_bytes: Option<u64>,
    /// Failures in a row before it is called broken.
    pub tolerate: Option<u32>,
    /// Obey robots.txt, or a written reason not to.
    #[schemars(with = "Option<RobotsForm>")]
    pub robots: Option<Robots>,
    /// Lets it reach loopback and private addresses.
    pub allow_private: Option<bool>,
    /// Extra request headers.
    pub headers: BTreeMap<String, String>,
    /// How it is asked.
    pub method: Method,
    /// `method = "post"`: the fields of a form.
    pub form: BTreeMap<String, String>,
    /// `method = "post"`: a JSON body.
    pub json: Option<serde_json::Value>,
    /// The form (CSS) on the page at `url` whose hidden fields are sent along: the page is asked first, `form` is laid over them.
    pub form_from: Option<String>,
    /// `url` is a page that links to files, and the newest of those named so (`*` and `?`) is what is read.
    pub newest: Option<String>,
    /// What the answer is packed in: `zip:members.json`, `zip:*.csv`.
    pub decode: Option<String>,
    /// `json`: how the document is written.
    pub format: Format,
    /// `list`, `page`, `xml`: the node in which the rows stand. Missing is a failure, empty is `empty`.
    pub container: Option<String>,
    /// `list`: one row (CSS). `xml`: one row (names of elements).
    pub item: Option<String>,
    /// `json`: JSON Lines.
    pub lines: bool,
    /// `json`: the rows, a JSONPath (RFC 9535).
    pub items: Option<String>,
    /// `csv`: how it is written.
    pub csv: CsvOptions,
    /// `xlsx`: which sheet, and where its header stands.
    pub xlsx: SheetOptions,
    /// `dir`: folders to enter, by path segments with globs.
    pub enter: Vec<String>,
    /// `dir`: how many of the matching folders, newest first.
    pub latest: Option<usize>,
    /// `dir`: which files (a final `/` takes folders).
    #[serde(rename = "match")]
    pub matches: Vec<String>,
    /// Rows to take, e.g. `status in ["In force"]`.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// Fields that say «same document».
    pub identity: Vec<String>,
    /// Fields whose change is an event. Default: title, stage, version, date.
    pub track: Option<Vec<String>>,
    /// Where a change of these is not news (counters, banners in the row).
    pub volatile: Vec<String>,
    /// Paging.
    pub page: Option<Pages>,
    /// After so many good fetches without a row its document is `gone`; never, when absent.
    pub gone_after: Option<u32>,
    /// The contract.
    pub expect: Option<Expect>,
    /// The fields.
    #[schemars(with = "BTreeMap<String, FieldForm>")]
    pub fields: BTreeMap<String, Field>,
    /// A second request for each row that is new or changed.
    pub detail: Option<Detail>,
}

impl Source {
    /// Fills in the defaults.
    #[must_use]
    pub fn settle(mut self, d: &Defaults) -> Source {
        self.every = self.every.or(d.every).or(Some(Duration::from_secs(24 * 3600)));
        self.rate = self.rate.or(d.rate).or(Some(Rate { requests: 1, period: Duration::from_secs(5) }));
        self.timeout = self.timeout.or(d.timeout).or(Some(Duration::from_secs(60)));
        self.budget = self.budget.or(d.budget);
        self.max_bytes = self.max_bytes.or(d.max_bytes).or(Some(8 << 20));
        self.tolerate = self.tolerate.or(d.tolerate).or(Some(3));
        self.robots = self.robots.or_else(|| d.robots.clone()).or(Some(Robots::Obey));
        self.allow_private = self.allow_private.or(d.allow_private).or(Some(false));
        self.enabled = self.enabled.or(Some(true));
        self
    }

    /// How often, at most.
    pub fn every(&self) -> Duration {
        self.every.unwrap_or(Duration::from_secs(24 * 3600))
    }

    /// Requests per period, per host.
    pub fn rate(&self) -> Rate {
        self.rate.unwrap_or(Rate { requests: 1, period: Duration::from_secs(5) })
    }

    /// Total time for one request.
    pub fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(60))
    }

    /// Total time of all requests of one run: half an hour, or ten whole requests where these may take long.
    pub fn budget(&self) -> Duration {
        self.budget.unwrap_or_else(|| Duration::from_secs(1800).max(self.timeout() * 10))
    }

    /// Cap on the decoded body.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(8 << 20)
    }

    /// Failures in a row before it is called broken.
    pub fn tolerate(&self) -> u32 {
        self.tolerate.unwrap_or(3)
    }

    /// robots.txt rule.
    pub fn robots(&self) -> Robots {
        self.robots.clone().unwrap_or(Robots::Obey)
    }

    /// Whether private addresses are allowed.
    pub fn allow_private(&self) -> bool {
        self.allow_private.unwrap_or(false)
    }

    /// Whether it is switched on.
    pub fn enabled(&self) -> bool {
        self.enabled.unwrap_or(true)
    }

    /// Whether anybody asks it: switched on, and not only declared.
    pub fn is_watched(&self) -> bool {
        self.enabled() && self.kind != SourceKind::None
    }

    /// The fields whose change is an event.
    pub fn tracks(&self, field: &str) -> bool {
        if self.volatile.iter().any(|f| f == field || (f == "published" && field == "date")) {
            return false;
        }
        match &self.track {
            Some(list) => list.iter().any(|f| f == field || (f == "published" && field == "date")),
            None => matches!(field, "title" | "stage" | "version" | "date"),
        }
    }

    /// The addresses to begin with: `url`, or one for each member of `each`.
    pub fn addresses(&self) -> Vec<String> {
        match &self.url {
            None => Vec::new(),
            Some(u) if self.each.is_empty() => vec![u.clone()],
            Some(u) => self.each.iter().map(|id| u.replace("{id}", id)).collect(),
        }
    }
}
