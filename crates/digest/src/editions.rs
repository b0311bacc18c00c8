//! Reads `data/editions.toml`: whose digest it is, and which editions are made from what window.

use std::collections::BTreeMap;

use jiff::{Span, ToSpan, civil::Date, tz::TimeZone};
use monitor_landscape::Home;
use monitor_model::{Axis, Calendar, Query, Recipient, Timestamp, TopicId};
use serde::{Deserialize, Serialize};

pub use crate::channels::{ChannelSpec, SmtpSpec, TlsMode};
use crate::{
    DigestError, Form, Format, channels,
    toml_place::{config_error, place},
};

const FILE: &str = "editions.toml";

/// The file as written.
#[derive(Clone, Debug, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Editions {
    /// The file's grammar; 1.
    pub schema: u32,
    /// Whose digest it is.
    pub group: GroupInfo,
    /// The editions.
    #[serde(default, rename = "edition")]
    pub editions: Vec<EditionSpec>,
    /// Mail servers by name.
    #[serde(default)]
    pub smtp: BTreeMap<String, SmtpSpec>,
}

/// Whose digest it is. A mandate ends; names therefore stand here and not in templates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupInfo {
    /// The group, e.g. `CG-AISEC-STRAT`.
    pub name: String,
    /// The body to which it belongs, as that body writes itself, e.g. `ITU-T`. Usually told by `[home]` of `bodies.toml`.
    #[serde(default)]
    pub body: String,
    /// The study group, e.g. `SG17`. Usually told by `[home]` of `bodies.toml`.
    #[serde(default)]
    pub group: String,
    /// Further groups of ours whose work is work at home.
    #[serde(default)]
    pub also: Vec<String>,
    /// Series that the group looks after, as the keys of their documents begin (`itu-t/x.1`): what names no group is then its own.
    #[serde(default)]
    pub series: Vec<String>,
    /// The source line of its documents, a role and not a person.
    pub source_line: String,
    /// What the digest is called.
    pub title: String,
    /// Until when the mandate runs, in words, with its source.
    #[serde(default)]
    pub mandate: String,
    /// The study period, as documents print it, e.g. `2025-2028`.
    #[serde(default)]
    pub study_period: String,
    /// The Questions that its documents name in their header, e.g. `All/17`; the default one when empty.
    #[serde(default)]
    pub question_line: String,
    /// Who is named as contact: a role, never a private address.
    #[serde(default)]
    pub contact: String,
    /// Words for the header of its documents.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Subjects that a report looks at apart, e.g. telecom.
    #[serde(default, rename = "corner")]
    pub corners: Vec<Corner>,
    /// Lists of texts on AI that say nothing of its security, for orientation.
    #[serde(default)]
    pub beside: Vec<Beside>,
    /// What the terms of reference ask for, in our own short words.
    #[serde(default)]
    pub clause: Vec<Clause>,
    /// Where everything goes that no Question claims. Usually told by `[home]` of `bodies.toml`.
    #[serde(default)]
    pub default_question: String,
    /// The Questions and the topics that concern them. Usually told by `[home]` of `bodies.toml`.
    #[serde(default, rename = "question")]
    pub questions: Vec<Question>,
}

/// One clause of the terms of reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its letter or number.
    pub id: String,
    /// Our short words for it.
    pub label: String,
}

/// A subject that a report looks at apart: documents of these topics, or of these bodies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Corner {
    /// Its name, e.g. `agents`.
    pub id: String,
    /// Its heading.
    pub label: String,
    /// Any of these topics.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Or any of these bodies.
    #[serde(default)]
    pub bodies: Vec<String>,
}

/// Texts on AI that say nothing of its security: listed for orientation, counted nowhere. One of these words stands in the title,
/// or the text is of one of these bodies; of several lists the first takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Its heading.
    pub label: String,
    /// Any of these words or phrases, as whole words, whatever their case.
    #[serde(default)]
    pub words: Vec<String>,
    /// Or any of these bodies.
    #[serde(default)]
    pub bodies: Vec<String>,
}

/// One Question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// E.g. `Q16/17`.
    pub id: String,
    /// Its title; empty when no source gives it.
    #[serde(default)]
    pub title: String,
    /// Topics routed to it.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Where the routing comes from.
    #[serde(default)]
    pub source: String,
}

/// One edition to be made again and again.
#[derive(Clone, Debug, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionSpec {
    /// Its name, e.g. `monthly`.
    pub name: String,
    /// What it looks like.
    pub form: Form,
    /// Which events it holds.
    #[schemars(with = "String")]
    pub window: Window,
    /// Into which formats it is rendered.
    pub formats: Vec<Format>,
    /// Only these bodies; all when empty.
    #[serde(default)]
    pub bodies: Vec<String>,
    /// Only these topics; all when empty.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Only these framings; all when empty.
    #[serde(default)]
    pub axes: Vec<Axis>,
    /// Only these Questions; all when empty.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Only what this question takes, in the language of `monitor search`.
    #[serde(default)]
    pub query: Option<String>,
    /// Only what this view of `views.toml` takes.
    #[serde(default)]
    pub view: Option<String>,
    /// Whether only rows that a person approved become lines; the others stand in the annex as unreviewed.
    #[serde(default)]
    pub approval: bool,
    /// Where it goes.
    #[serde(default, rename = "channel")]
    pub channels: Vec<ChannelSpec>,
}

impl EditionSpec {
    /// To whom it goes, and how.
    pub fn recipients(&self) -> Vec<Recipient> {
        self.channels.iter().flat_map(ChannelSpec::recipients).collect()
    }
}

/// Which events an edition holds. Written `since-last`, `since-plenary`, `month`, `week` or e.g. `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// From the end of the last edition of this name; a month back when there is none.
    SinceLast,
    /// From the end of the last plenary.
    SincePlenary,
    /// The last complete calendar month (UTC).
    Month,
    /// The last complete week from Monday (UTC).
    Week,
    /// So many days back.
    Days(u16),
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Window::SinceLast => f.write_str("since-last"),
            Window::SincePlenary => f.write_str("since-plenary"),
            Window::Month => f.write_str("month"),
            Window::Week => f.write_str("week"),
            Window::Days(n) => write!(f, "{n}d"),
        }
    }
}

impl std::str::FromStr for Window {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "since-last" => Window::SinceLast,
            "since-plenary" => Window::SincePlenary,
            "month" => Window::Month,
            "week" => Window::Week,
            _ => match text.strip_suffix('d').and_then(|n| n.parse().ok()) {
                Some(n) if n > 0 => Window::Days(n),
                _ => return Err(format!("“{text}” is not a window: write since-last, since-plenary, month, week or e.g. 30d")),
            },
        })
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |z| z.timestamp())
}

impl Window {
    /// From when until when, for an edition that speaks for `as_of`; `last` is the end of the last edition of this name.
    ///
    /// # Errors
    /// When the calendar has no plenary before `as_of`, or the arithmetic leaves the years that there are.
    pub fn bounds(self, as_of: Timestamp, last: Option<Timestamp>, calendar: &Calendar) -> Result<(Timestamp, Timestamp), DigestError> {
        let today = as_of.to_zoned(TimeZone::UTC).date();
        let back = |span: Span| {
            today
                .checked_sub(span)
                .map_err(|_| DigestError::Window(format!("a window cannot begin before {today} in this way: choose a later date")))
        };
        Ok(match self {
            Window::SinceLast => (last.map_or_else(|| back(1.month()).map(midnight), Ok)?, as_of),
            Window::SincePlenary => {
                let plenary = calendar.last_plenary(today).ok_or_else(|| {
                    DigestError::Window(format!(
                        "calendar.toml has no {} plenary that ended by {today}: add it with its source, or use a window such as 180d",
                        calendar.home
                    ))
                })?;
                (midnight(plenary.end.saturating_add(1.day())), as_of)
            }
            Window::Month => (midnight(back(1.month())?.first_of_month()), midnight(today.first_of_month())),
            Window::Week => {
                let monday = back(i64::from(today.weekday().to_monday_zero_offset()).days())?;
                (midnight(monday.saturating_sub(7.days())), midnight(monday))
            }
            Window::Days(n) => (midnight(back(i64::from(n).days())?), as_of),
        })
    }

    /// The id of the edition of this name that ends with `until`: `2026-10-monthly`, `2026-W47-weekly`, `2026-11-21-report`.
    pub fn edition_id(self, name: &str, since: Timestamp, until: Timestamp) -> String {
        let day = |t: Timestamp| t.to_zoned(TimeZone::UTC).date();
        match self {
            Window::Month => format!("{:04}-{:02}-{name}", day(since).year(), day(since).month()),
            Window::Week => {
                let week = day(since).iso_week_date();
                format!("{:04}-W{:02}-{name}", week.year(), week.week())
            }
            _ => format!("{}-{name}", day(until)),
        }
    }
}

impl GroupInfo {
    /// The Questions that these topics concern, in the order of the file; the default one when none claims them.
    pub fn route<'a>(&self, topics: impl Iterator<Item = &'a TopicId> + Clone) -> Vec<String> {
        let mut found: Vec<String> =
            self.questions.iter().filter(|q| topics.clone().any(|t| q.topics.contains(t))).map(|q| q.id.clone()).collect();
        if found.is_empty() && !self.default_question.is_empty() {
            found.push(self.default_question.clone());
        }
        found
    }

    /// The same group as the landscape wants it.
    pub fn home(&self) -> Home {
        let mut question_of = BTreeMap::new();
        for q in &self.questions {
            for t in &q.topics {
                question_of.entry(t.clone()).or_insert_with(|| q.id.clone());
            }
        }
        Home {
            body: self.body.clone(),
            group: self.group.clone(),
            also: self.also.clone(),
            series: self.series.clone(),
            question_of,
            default_question: self.default_question.clone(),
        }
    }
}

impl Editions {
    /// The same as [`parse`].
    ///
    /// # Errors
    /// With line and column of the first fault.
    pub fn parse(text: &str) -> Result<Editions, DigestError> {
        parse(text)
    }

    /// The edition of this name.
    pub fn get(&self, name: &str) -> Option<&EditionSpec> {
        self.editions.iter().find(|e| e.name == name)
    }

    /// The topics that the file names, each with the place of its use: for `check` against the taxonomy.
    pub fn topics(&self) -> impl Iterator<Item = &TopicId> {
        let corners = self.group.corners.iter().flat_map(|c| &c.topics);
        self.group.questions.iter().flat_map(|q| &q.topics).chain(corners).chain(self.editions.iter().flat_map(|e| &e.topics))
    }
}

/// Reads the editions; unknown keys, two editions of one name and an edition without a format are errors.
///
/// # Errors
/// With line and column of the first fault.
pub fn parse(text: &str) -> Result<Editions, DigestError> {
    let editions: Editions = toml::from_str(text).map_err(|e| config_error(FILE, text, &e))?;
    let fault = |needle: &str, what: String| {
        let (line, column) = place(text, text.rfind(needle).unwrap_or(0));
        Err(DigestError::Config { file: FILE, line, column, what })
    };
    if editions.schema != 1 {
        return fault("schema", format!("schema {} is not known here: write schema = 1", editions.schema));
    }
    for (i, e) in editions.editions.iter().enumerate() {
        let named = format!("\"{}\"", e.name);
        if e.name.is_empty() || !e.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return fault(&named, format!("the name {named} becomes part of file names: use a-z, 0-9 and -"));
        }
        if editions.editions[..i].iter().any(|o| o.name == e.name) {
            return fault(&format!("name = {named}"), format!("the edition {named} stands twice: give each its own name"));
        }
        if let Some(query) = &e.query
            && let Err(wrong) = Query::parse(query)
        {
            return fault(query, format!("the question of the edition {named}: {wrong}"));
        }
        if e.formats.is_empty() {
            return fault(&named, format!("the edition {named} has no format: write formats = [\"md\", \"html\"]"));
        }
    }
    for (name, server) in &editions.smtp {
        if let Some((word, what)) = server.fault(name) {
            return fault(&word, what);
        }
    }
    for e in &editions.editions {
        if let Some((word, what)) = channels::fault(e, &editions.smtp) {
            return fault(&word, what);
        }
    }
    for (i, c) in editions.group.corners.iter().enumerate() {
        let named = format!("\"{}\"", c.id);
        if editions.group.corners[..i].iter().any(|o| o.id == c.id) {
            return fault(&named, format!("the corner {named} stands twice: give each its own id"));
        }
        if c.topics.is_empty() && c.bodies.is_empty() {
            return fault(&named, format!("the corner {named} would show nothing: write topics = [\"…\"] or bodies = [\"…\"]"));
        }
    }
    if let Some(b) = editions.group.beside.iter().find(|b| b.words.is_empty() && b.bodies.is_empty()) {
        let named = format!("\"{}\"", b.label);
        return fault(&named, format!("the list {named} would show nothing: write words = [\"…\"] or bodies = [\"…\"]"));
    }
    Ok(editions)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../../data/editions.toml");

    fn t(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_shipped_editions_are_read() {
        let e = parse(OURS).expect("our own editions");
        assert!(e.get("monthly").is_some_and(|m| m.form == Form::Mail && m.window == Window::Month));
        assert!(e.get("plenary").is_some_and(|m| m.form == Form::Td && m.window == Window::SincePlenary));
        assert!(e.get("map").is_some_and(|m| m.form == Form::Map));
        assert!(e.editions.iter().all(|e| !e.channels.is_empty()));
    }

    #[test]
    fn topics_are_routed_to_every_question_that_names_them() {
        let question = |id: &str, topics: &[&str]| Question {
            id: id.into(),
            topics: topics.iter().map(|t| TopicId::from(*t)).collect(),
            ..Question::default()
        };
        let g = GroupInfo {
            default_question: "Q16/17".into(),
            questions: vec![question("Q1/17", &["strategy"]), question("Q7/17", &["agents", "strategy"])],
            ..GroupInfo::default()
        };
        assert_eq!(g.route([TopicId::from("strategy")].iter()), ["Q1/17", "Q7/17"]);
        assert_eq!(g.route([TopicId::from("no-such-topic")].iter()), ["Q16/17"]);
        assert_eq!(g.home().question_of.get("strategy").map(String::as_str), Some("Q1/17"));
    }

    #[test]
    fn windows_are_placed() {
        let c = crate::calendar::parse(include_str!("../../../data/calendar.toml")).expect("our own calendar");
        let now = t("2026-11-21T08:00:00Z");
        for (window, since, until, id) in [
            ("month", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-10-x"),
            ("week", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z", "2026-W46-x"),
            ("30d", "2026-10-22T00:00:00Z", "2026-11-21T08:00:00Z", "2026-11-21-x"),
            ("since-plenary", "2026-06-11T00:00:00Z", "2026-11-21T08:00:00Z", "2026-11-21-x"),
            ("since-last", "2026-10-21T00:00:00Z", "2026-11-21T08:00:00Z", "2026-11-21-x"),
        ] {
            let w: Window = window.parse().expect("a window");
            assert_eq!(w.bounds(now, None, &c).expect("a placed window"), (t(since), t(until)), "{window}");
            assert_eq!(w.edition_id("x", t(since), t(until)), id);
        }
        assert_eq!(Window::SinceLast.bounds(now, Some(t("2026-11-02T00:00:00Z")), &c).expect("placed").0, t("2026-11-02T00:00:00Z"));
        assert!(Window::SincePlenary.bounds(t("2025-01-01T00:00:00Z"), None, &c).is_err(), "no plenary, no window");
        assert!("0d".parse::<Window>().is_err() && "later".parse::<Window>().is_err());
    }

    #[test]
    fn faults_have_their_place() {
        let good = "schema = 1\n[group]\nname = \"G\"\nbody = \"B\"\ngroup = \"S\"\nsource_line = \"L\"\ntitle = \"T\"\nmandate = \"M\"\n";
        assert!(parse(good).is_ok());
        for (more, line, word) in [
            ("colour = 1\n", 9, "colour"),
            ("[[edition]]\nname = \"a\"\nform = \"mail\"\nwindow = \"often\"\nformats = [\"md\"]\n", 12, "often"),
            ("[[edition]]\nname = \"a\"\nform = \"mail\"\nwindow = \"month\"\nformats = []\n", 10, "no format"),
            ("[[edition]]\nname = \"../a\"\nform = \"mail\"\nwindow = \"month\"\nformats = [\"md\"]\n", 10, "file names"),
        ] {
            match parse(&format!("{good}{more}")) {
                Err(DigestError::Config { line: l, what, .. }) => {
                    assert!(what.contains(word), "{what}");
                    assert_eq!(l, line, "{what}");
                }
                other => panic!("{more}: {other:?}"),
            }
        }
    }
}
