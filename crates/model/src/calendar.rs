use std::{collections::BTreeSet, fmt};

use jiff::{Span, civil::Date};
use serde::{Deserialize, Deserializer, Serialize, de};

/// The meetings of the home group and of others, and the rules that count deadlines back from them: `data/calendar.toml`.
///
/// A date without a source is refused when the file is read, and no deadline is counted from a date that was only inferred.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The file's grammar; 1.
    pub schema: u32,
    /// The body whose plenaries count, e.g. `ITU-T SG17`.
    pub home: String,
    /// Deadlines counted back from a meeting's first day.
    #[serde(default, rename = "rule")]
    pub rules: Vec<CalendarRule>,
    /// In any order.
    #[serde(default, rename = "meeting")]
    pub meetings: Vec<Meeting>,
}

/// A deadline counted back from the first day of the meetings to which it applies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarRule {
    /// Its name, e.g. `contribution`.
    #[serde(deserialize_with = "stated")]
    pub id: String,
    /// What is due, e.g. `Contributions reach TSB`.
    #[serde(deserialize_with = "stated")]
    pub what: String,
    /// Calendar days before.
    #[serde(default)]
    pub days: i32,
    /// Calendar months before; a day that the month does not have becomes its last.
    #[serde(default)]
    pub months: i32,
    /// To which meetings of the home body it applies.
    #[serde(rename = "for")]
    pub applies: Vec<MeetingKind>,
    /// Where the rule stands.
    #[serde(deserialize_with = "stated")]
    pub source: String,
    /// For people: what happens after the deadline.
    #[serde(default)]
    pub note: String,
    /// Who may or must send it: a group or a role, never a person.
    #[serde(default)]
    pub who: String,
}

/// What sort of meeting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeetingKind {
    /// The study group in full, in one place.
    Plenary,
    /// The study group in full, on line, usually for one decision.
    VirtualPlenary,
    /// A working party.
    Wp,
    /// Rapporteur groups together, with working parties at the end.
    ContentWeek,
    /// A workshop.
    Workshop,
    /// A rapporteur group.
    Rgm,
    /// Anything else with a date.
    Event,
    /// The date by which a liaison statement asks for an answer.
    LiaisonDeadline,
    /// A correspondence or ad hoc group.
    Group,
}

impl MeetingKind {
    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            MeetingKind::Plenary => "plenary",
            MeetingKind::VirtualPlenary => "virtual plenary",
            MeetingKind::Wp => "working party meeting",
            MeetingKind::ContentWeek => "content week",
            MeetingKind::Workshop => "workshop",
            MeetingKind::Rgm => "rapporteur group meeting",
            MeetingKind::Event => "event",
            MeetingKind::LiaisonDeadline => "reply to a liaison statement due",
            MeetingKind::Group => "correspondence group meeting",
        }
    }
}

/// How sure a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeetingStatus {
    /// Reported by the body as held.
    Held,
    /// Planned, and independent evidence says that it took place.
    HeldCorroborated,
    /// Announced.
    Planned,
    /// Announced as still to be confirmed.
    Tbc,
    /// Worked out by us from other facts; nothing is counted from it.
    Inferred,
    /// Called off.
    Cancelled,
}

/// One date with its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// Its name, e.g. `sg17-2026-06`.
    #[serde(deserialize_with = "stated")]
    pub id: String,
    /// The body that meets; the calendar's home when absent.
    #[serde(default)]
    pub body: Option<String>,
    /// What it is called; its kind when absent.
    #[serde(default)]
    pub title: Option<String>,
    /// What sort of meeting.
    pub kind: MeetingKind,
    /// First day.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub start: Date,
    /// Last day.
    #[serde(deserialize_with = "day")]
    #[schemars(with = "String")]
    pub end: Date,
    /// Where; empty when not known.
    #[serde(default)]
    pub place: String,
    /// How sure the date is.
    pub status: MeetingStatus,
    /// Where the date was read: never empty.
    #[serde(deserialize_with = "stated")]
    pub source: String,
    /// A page about it.
    #[serde(default)]
    pub url: Option<String>,
    /// For people.
    #[serde(default)]
    pub note: String,
}

impl Meeting {
    /// The status as it stands on `on`: what lies ahead cannot have been held, whatever the file says today.
    pub fn status_on(&self, on: Date) -> MeetingStatus {
        match self.status {
            MeetingStatus::Held | MeetingStatus::HeldCorroborated if self.end > on => MeetingStatus::Planned,
            s => s,
        }
    }
}

/// One coming date: a meeting's first day, or a deadline counted back from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    /// The day.
    pub date: Date,
    /// The last day, for meetings of several.
    pub end: Option<Date>,
    /// What is due or begins.
    pub what: String,
    /// The rule's id; none for the meeting itself.
    pub rule: Option<String>,
    /// The meeting's id.
    pub meeting: String,
    /// Who meets.
    pub body: String,
    /// Who may or must send it, as the rule says; empty for the meeting itself.
    pub who: String,
    /// Where; empty for a counted deadline.
    pub place: String,
    /// How sure the meeting's date is.
    pub status: MeetingStatus,
    /// Where the date comes from: the meeting's source, or rule, arithmetic and both sources.
    pub basis: String,
    /// A page about the meeting.
    pub url: Option<String>,
}

/// Why a calendar is refused although it is well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The grammar's version is not ours.
    #[error("calendar: schema {0} is not known here: write schema = 1")]
    Schema(u32),
    /// Two meetings or two rules have one name.
    #[error("calendar: the id “{0}” stands twice: give each its own")]
    Twice(String),
    /// A meeting ends before it begins.
    #[error("calendar: “{0}” ends before it begins: exchange start and end")]
    Backwards(String),
    /// A rule counts nothing, or forwards.
    #[error("calendar: the rule “{0}” must count days or months back: write days = 12 or months = 1")]
    EmptyRule(String),
}

impl CalendarError {
    /// The id of the meeting or rule concerned.
    pub fn id(&self) -> Option<&str> {
        match self {
            CalendarError::Schema(_) => None,
            CalendarError::Twice(id) | CalendarError::Backwards(id) | CalendarError::EmptyRule(id) => Some(id),
        }
    }
}

impl Calendar {
    /// Checks what the types cannot say. Whoever parses the file calls it.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), CalendarError> {
        if self.schema != 1 {
            return Err(CalendarError::Schema(self.schema));
        }
        let mut seen = BTreeSet::new();
        for r in &self.rules {
            if !seen.insert(&r.id) {
                return Err(CalendarError::Twice(r.id.clone()));
            }
            if r.days < 0 || r.months < 0 || (r.days, r.months) == (0, 0) {
                return Err(CalendarError::EmptyRule(r.id.clone()));
            }
        }
        for m in &self.meetings {
            if !seen.insert(&m.id) {
                return Err(CalendarError::Twice(m.id.clone()));
            }
            if m.end < m.start {
                return Err(CalendarError::Backwards(m.id.clone()));
            }
        }
        Ok(())
    }

    fn is_home(&self, m: &Meeting) -> bool {
        m.body.as_deref().is_none_or(|b| b == self.home)
    }

    fn plenaries(&self) -> impl Iterator<Item = &Meeting> {
        self.meetings.iter().filter(|m| {
            self.is_home(m) && m.kind == MeetingKind::Plenary && !matches!(m.status, MeetingStatus::Cancelled | MeetingStatus::Inferred)
        })
    }

    /// The home body's last plenary that had ended on `as_of`.
    pub fn last_plenary(&self, as_of: Date) -> Option<&Meeting> {
        self.plenaries().filter(|m| m.end <= as_of).max_by_key(|m| (m.end, &m.id))
    }

    /// The home body's plenary that is under way on `as_of` or comes next.
    pub fn next_plenary(&self, as_of: Date) -> Option<&Meeting> {
        self.plenaries().filter(|m| m.end > as_of).min_by_key(|m| (m.start, &m.id))
    }

    /// Says plainly that no plenary lies ahead, when that is so.
    pub fn silence(&self, as_of: Date) -> Option<String> {
        if self.next_plenary(as_of).is_some() {
            return None;
        }
        Some(match self.plenaries().map(|m| m.end).max() {
            Some(last) => format!("No {} plenary after {last} is in the calendar, so no deadline can be counted from one.", self.home),
            None => format!("No {} plenary is in the calendar, so no deadline can be counted from one.", self.home),
        })
    }

    /// The next `n` dates on or after `as_of`, earliest first: meetings of all bodies, and the deadlines of the home body's.
    pub fn upcoming(&self, as_of: Date, n: usize) -> Vec<Deadline> {
        let mut all = Vec::new();
        for m in self.meetings.iter().filter(|m| m.end >= as_of && m.status != MeetingStatus::Cancelled) {
            if m.start >= as_of || m.end > as_of {
                all.push(self.first_day(m, as_of));
            }
            if self.is_home(m) && m.status != MeetingStatus::Inferred {
                all.extend(self.rules.iter().filter_map(|r| self.counted(r, m, as_of)));
            }
        }
        all.sort_by(|a, b| (a.date, &a.meeting, &a.rule).cmp(&(b.date, &b.meeting, &b.rule)));
        all.truncate(n);
        all
    }

    fn name(&self, m: &Meeting) -> String {
        let body = m.body.as_deref().unwrap_or(&self.home);
        match &m.title {
            Some(t) => t.clone(),
            None => format!("{body} {}", m.kind.words()),
        }
    }

    fn first_day(&self, m: &Meeting, as_of: Date) -> Deadline {
        Deadline {
            date: m.start,
            end: (m.end != m.start).then_some(m.end),
            what: self.name(m),
            rule: None,
            meeting: m.id.clone(),
            body: m.body.clone().unwrap_or_else(|| self.home.clone()),
            who: String::new(),
            place: m.place.clone(),
            status: m.status_on(as_of),
            basis: m.source.clone(),
            url: m.url.clone(),
        }
    }

    fn counted(&self, r: &CalendarRule, m: &Meeting, as_of: Date) -> Option<Deadline> {
        if !r.applies.contains(&m.kind) {
            return None;
        }
        let date = m.start.checked_sub(Span::new().try_months(r.months).ok()?.try_days(r.days).ok()?).ok()?;
        if date < as_of {
            return None;
        }
        Some(Deadline {
            date,
            end: None,
            what: format!("{}: {} of {}", r.what, self.name(m), m.start),
            rule: Some(r.id.clone()),
            meeting: m.id.clone(),
            body: self.home.clone(),
            who: r.who.clone(),
            place: String::new(),
            status: m.status_on(as_of),
            basis: format!("{} before {} ({}); meeting date: {}", span(r), m.start, r.source, m.source),
            url: m.url.clone(),
        })
    }
}

fn span(r: &CalendarRule) -> String {
    let part = |n: i32, one: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {one}s")),
    };
    [part(r.months, "month"), part(r.days, "day")].into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

/// A text that says something: where a date comes from is never left blank.
fn stated<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    let text = String::deserialize(d)?;
    if text.trim().is_empty() {
        return Err(de::Error::custom("must not be empty: a date without a source is not taken"));
    }
    Ok(text)
}

/// Takes `"2026-06-01"` and TOML's bare `2026-06-01`, which reaches serde as a map of one text.
fn day<'de, D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
    struct Day;
    impl<'de> de::Visitor<'de> for Day {
        type Value = Date;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a day of the form 2026-06-01")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
            text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
        }
        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Date, A::Error> {
            let (_, text) = map.next_entry::<String, String>()?.ok_or_else(|| de::Error::custom("a day of the form 2026-06-01"))?;
            self.visit_str(&text)
        }
    }
    d.deserialize_any(Day)
}

#[cfg(test)]
mod tests;
