use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::parse_duration;

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

/// How it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum RobotsForm {
    /// `obey`.
    Word(String),
    /// `{ ignore = true, why = "…" }`.
    Table(RobotsTable),
}

/// Not asked, for a written reason.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RobotsTable {
    /// Whether robots.txt is not asked.
    ignore: bool,
    /// The written reason.
    #[serde(default)]
    why: String,
}

impl<'de> Deserialize<'de> for Robots {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let no = || {
            serde::de::Error::custom(
                "robots.txt is obeyed, or not for a written reason: write \"obey\" or { ignore = true, why = \"a written reason\" }",
            )
        };
        match RobotsForm::deserialize(d).map_err(|_| no())? {
            RobotsForm::Word(w) if w == "obey" => Ok(Robots::Obey),
            RobotsForm::Table(t) if !t.ignore => Ok(Robots::Obey),
            RobotsForm::Table(t) if !t.why.trim().is_empty() => Ok(Robots::Ignore { why: t.why }),
            _ => Err(no()),
        }
    }
}
