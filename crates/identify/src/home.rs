use std::collections::BTreeMap;

use serde::Deserialize;

/// The group for which the monitor works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Home {
    /// Its body, e.g. `ITU-T`.
    pub body: String,
    /// Its group, e.g. `SG17`.
    pub group: String,
    /// The correspondence group or team that reads the digest.
    pub reader: String,
    /// The Question under which the reader works, e.g. `Q16/17`: where nothing else fits.
    pub question: String,
    /// Its Questions in order.
    pub questions: Vec<Question>,
    /// Topic → Questions, the most concerned first.
    pub routing: BTreeMap<String, Vec<String>>,
}

/// One Question (working unit) of the home group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Question {
    /// E.g. `Q16/17`.
    pub id: String,
    /// Its title where a primary source was read; else empty: a wrong title is worse than none.
    pub title: String,
    /// Its working party.
    pub party: String,
    /// What it was seen working on, in our words.
    pub about: String,
}

impl Home {
    /// Whether a document of this body and group belongs to the home group. `SG17 Q7/17` and `ITU-T SG17` count.
    pub fn owns(&self, body: &str, group: Option<&str>) -> bool {
        !self.group.is_empty()
            && (body == self.body || body == format!("{} {}", self.body, self.group))
            && (body.ends_with(&self.group)
                || group.is_some_and(|g| {
                    g.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w.eq_ignore_ascii_case(&self.group))
                        || self.questions.iter().any(|q| g.split([' ', ',', ';']).any(|w| w == q.id))
                }))
    }

    /// The Questions that these topics concern, the most concerned first; the reader's own where nothing fits.
    pub fn route<'a>(&'a self, topics: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let mut out: Vec<&str> = Vec::new();
        for topic in topics {
            for q in self.routing.get(topic).into_iter().flatten() {
                if !out.contains(&q.as_str()) {
                    out.push(q);
                }
            }
        }
        if out.is_empty() && !self.question.is_empty() {
            out.push(&self.question);
        }
        out
    }
}
