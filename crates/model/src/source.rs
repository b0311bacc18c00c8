use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Access, EvidenceLevel, Kind, SourceId};

/// `sources.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcesFile {
    /// The grammar's version; 1.
    pub schema: u32,
    /// Who asks. Refused at start when absent; only the main file has it.
    pub agent: Option<Agent>,
    /// What every source has unless it says otherwise.
    #[serde(default)]
    pub defaults: Defaults,
    /// Further files, as globs beside this one.
    #[serde(default)]
    pub include: Vec<String>,
    /// The sources by id.
    #[serde(default)]
    pub source: BTreeMap<SourceId, Source>,
}

/// Who asks: the product token and a page or address where a site's owner finds a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// See [`Source::every`].
    #[serde(deserialize_with = "maybe_duration")]
    pub every: Option<Duration>,
    /// See [`Source::rate`].
    pub rate: Option<Rate>,
    /// Hosts at once; one request in flight per host.
    pub concurrency: Option<usize>,
    /// See [`Source::timeout`].
    #[serde(deserialize_with = "maybe_duration")]
    pub timeout: Option<Duration>,
    /// See [`Source::max_bytes`].
    #[serde(deserialize_with = "maybe_bytes")]
    pub max_bytes: Option<u64>,
    /// See [`Source::tolerate`].
    pub tolerate: Option<u32>,
    /// See [`Source::robots`].
    pub robots: Option<Robots>,
    /// See [`Source::allow_private`].
    pub allow_private: Option<bool>,
}

/// One declared source. After [`Source::settle`] every key that has a default is set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
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
    pub every: Option<Duration>,
    /// Requests per period, per host.
    pub rate: Option<Rate>,
    /// Total time for one request.
    #[serde(deserialize_with = "maybe_duration")]
    pub timeout: Option<Duration>,
    /// Cap on the decoded body; more is an error, never a trim.
    #[serde(deserialize_with = "maybe_bytes")]
    pub max_bytes: Option<u64>,
    /// Failures in a row before it is called broken.
    pub tolerate: Option<u32>,
    /// Obey robots.txt, or a written reason not to.
    pub robots: Option<Robots>,
    /// Lets it reach loopback and private addresses.
    pub allow_private: Option<bool>,
    /// Extra request headers.
    pub headers: BTreeMap<String, String>,
    /// `list`: the node in which the rows stand. Missing is a failure, empty is `empty`.
    pub container: Option<String>,
    /// `list`: one row.
    pub item: Option<String>,
    /// `json`: JSON Lines.
    pub lines: bool,
    /// `json`: the rows, a JSONPath (RFC 9535).
    pub items: Option<String>,
    /// `csv`: how it is written.
    pub csv: CsvOptions,
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
    pub fields: BTreeMap<String, Field>,
}

/// How to read a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// RSS, Atom, JSON Feed.
    Feed,
    /// HTML rows by CSS.
    List,
    /// One HTML page of label/value pairs: one entry.
    Page,
    /// JSON or JSON Lines.
    Json,
    /// Comma- or otherwise separated values.
    Csv,
    /// Directory listing.
    Dir,
    /// Known, watched by nobody.
    #[default]
    None,
}

/// `access` of a source: what its readers need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceAccess {
    /// Free of charge, no login.
    Free,
    /// For sale.
    Paid,
    /// Members' login.
    Members,
    /// The source itself needs a login (kind `none`).
    Login,
}

impl From<SourceAccess> for Access {
    fn from(a: SourceAccess) -> Access {
        match a {
            SourceAccess::Free => Access::Free,
            SourceAccess::Paid => Access::Paid,
            SourceAccess::Members | SourceAccess::Login => Access::Members,
        }
    }
}

/// Requests per period, written `1/5s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: u32,
    /// In what time.
    pub period: Duration,
}

impl Rate {
    /// The time between two requests.
    pub fn spacing(self) -> Duration {
        self.period / self.requests.max(1)
    }
}

impl std::str::FromStr for Rate {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let bad = || format!("“{s}” is not a rate: write requests / period, e.g. \"1/5s\"");
        let (n, p) = s.split_once('/').ok_or_else(bad)?;
        let requests: u32 = n.trim().parse().map_err(|_| bad())?;
        let period = parse_duration(p.trim()).map_err(|_| bad())?;
        if requests == 0 || period.is_zero() {
            return Err(bad());
        }
        Ok(Rate { requests, period })
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// `robots = "obey"` or `{ ignore = true, why = "…" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Robots {
    /// RFC 9309.
    Obey,
    /// Not asked, for this reason, which the coverage prints.
    Ignore {
        /// The written reason.
        why: String,
    },
}

impl<'de> Deserialize<'de> for Robots {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            ignore: bool,
            #[serde(default)]
            why: String,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(String),
            Table(Table),
        }
        let no = || serde::de::Error::custom("robots is \"obey\" or { ignore = true, why = \"a written reason\" }");
        match Form::deserialize(d).map_err(|_| no())? {
            Form::Word(w) if w == "obey" => Ok(Robots::Obey),
            Form::Table(t) if !t.ignore => Ok(Robots::Obey),
            Form::Table(t) if !t.why.trim().is_empty() => Ok(Robots::Ignore { why: t.why }),
            _ => Err(no()),
        }
    }
}

/// How a CSV file is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CsvOptions {
    /// One character; default comma.
    pub delimiter: Option<char>,
    /// A byte-order mark may stand first (it is always tolerated).
    pub bom: bool,
}

/// Paging: by a parameter of the address, or by a link or path to the next page.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// The parameter, replaced where it stands.
    pub param: Option<String>,
    /// Its first value.
    pub start: i64,
    /// What it grows by; default 1.
    pub step: Option<i64>,
    /// Locator of the next page's address (CSS `a@href`, or a dotted JSON path).
    pub next: Option<String>,
    /// How many pages at most; hitting it is a warning with the count.
    pub max: u32,
    /// When to stop earlier.
    pub stop: StopRule,
    /// `stop = "total"`: locator of the number of all rows.
    pub total: Option<String>,
}

/// When paging ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StopRule {
    /// A page without rows.
    #[default]
    Empty,
    /// A page all of whose rows are known.
    Overlap,
    /// All rows that the source says it has.
    Total,
}

/// The contract of a source.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Fewer rows break it.
    pub min_items: Option<u64>,
    /// More rows break it.
    pub max_items: Option<u64>,
    /// Share of rows in which a field must be filled.
    pub fill: BTreeMap<String, f64>,
    /// Something new at least this often, else the source is stale.
    #[serde(deserialize_with = "maybe_duration")]
    pub fresh: Option<Duration>,
    /// `csv`: columns that must be there.
    pub columns: Vec<String>,
}

/// How a field comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// *locator* `|` *pipe* …
    Locator(String),
    /// Always this.
    Const(String),
    /// `{field}` is replaced by other fields and, for JSON and CSV, by raw keys.
    Template(String),
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            #[serde(rename = "const")]
            constant: Option<String>,
            template: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(String),
            Table(Table),
        }
        let no = || serde::de::Error::custom("a field is \"locator | pipe …\", { const = \"…\" } or { template = \"…{field}…\" }");
        match Form::deserialize(d).map_err(|_| no())? {
            Form::Word(w) => Ok(Field::Locator(w)),
            Form::Table(Table { constant: Some(c), template: None }) => Ok(Field::Const(c)),
            Form::Table(Table { constant: None, template: Some(t) }) => Ok(Field::Template(t)),
            Form::Table(_) => Err(no()),
        }
    }
}

impl Source {
    /// Fills in the defaults.
    #[must_use]
    pub fn settle(mut self, d: &Defaults) -> Source {
        self.every = self.every.or(d.every).or(Some(Duration::from_secs(24 * 3600)));
        self.rate = self.rate.or(d.rate).or(Some(Rate { requests: 1, period: Duration::from_secs(5) }));
        self.timeout = self.timeout.or(d.timeout).or(Some(Duration::from_secs(60)));
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

    /// The fields whose change is an event.
    pub fn tracks(&self, field: &str) -> bool {
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

/// Reads `90`, `90s`, `15m`, `24h`, `30d`, `2w`, `2y` (a year is 365 days).
///
/// # Errors
/// When the text is of no such form.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let t = text.trim();
    let cut = t.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(t.len());
    let bad = || format!("“{text}” is not a time span: write e.g. \"60s\", \"15m\", \"24h\", \"30d\"");
    let n: f64 = t[..cut].parse().map_err(|_| bad())?;
    let unit = match t[cut..].trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        "y" => 31_536_000.0,
        _ => return Err(bad()),
    };
    Duration::try_from_secs_f64(n * unit).map_err(|_| bad())
}

/// Reads `4096`, `64KiB`, `8MiB`, `1GiB` (and kB, MB, GB).
///
/// # Errors
/// When the text is of no such form.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let t = text.trim();
    let cut = t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
    let bad = || format!("“{text}” is not a size: write e.g. \"8MiB\"");
    let n: u64 = t[..cut].parse().map_err(|_| bad())?;
    let unit = match t[cut..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return Err(bad()),
    };
    n.checked_mul(unit).ok_or_else(bad)
}

fn maybe_duration<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Duration>, D::Error> {
    parse_duration(&String::deserialize(d)?).map(Some).map_err(serde::de::Error::custom)
}

fn maybe_bytes<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    parse_bytes(&String::deserialize(d)?).map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_sizes_and_rates() {
        assert_eq!(parse_duration("2d"), Ok(Duration::from_secs(172_800)));
        assert!(parse_duration("soon").is_err());
        assert_eq!(parse_bytes("8MiB"), Ok(8 << 20));
        assert!(parse_bytes("99999999999GiB").is_err());
        assert_eq!("1/5s".parse::<Rate>().map(Rate::spacing), Ok(Duration::from_secs(5)));
        assert_eq!("1000/1s".parse::<Rate>().map(Rate::spacing), Ok(Duration::from_millis(1)));
        assert!("0/5s".parse::<Rate>().is_err());
    }
}
