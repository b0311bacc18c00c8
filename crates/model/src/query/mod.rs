//! A question over documents, as people type it: words, “phrases”, fields, what must not be.
//!
//! `agent identity "trust registry" topic:agent-identity body:ietf,etsi -kind:news since:2026-01`
//!
//! One language for `search`, `list`, saved views and the filters of editions. All terms must hold; several values of one field, parted
//! by commas, are alternatives, and so are words with `OR` between them; a minus takes what follows away. A word stands at the start of a
//! word of the text in any case, with or without accents (`agent` finds “Agents”), a phrase stands as it is. Scripts that write no spaces
//! are searched anywhere.

mod fold;
mod parse;
mod rank;
mod text;

use jiff::civil::Date;

pub use parse::QueryError;
pub use text::Snippet;

use crate::{Document, When};

/// A question, parsed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
    since: Option<When>,
    until: Option<When>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    not: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// Words that stand in number, title, summary or keywords: one of several.
    Text(Vec<text::Needle>),
    /// One of several values.
    Field(Field, Vec<text::Needle>),
}

/// A field that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The body, whole, in any case.
    Body,
    /// Part of the group's name.
    Group,
    /// Topic id.
    Topic,
    /// Axis id.
    Axis,
    /// Normalized stage.
    Stage,
    /// Kind of document.
    Kind,
    /// Source id.
    Source,
    /// `relevant`, `ai-only`, `security-only`, `neither`.
    Relevance,
    /// Part of the number or of the key.
    Number,
    /// Words of the title alone.
    Title,
    /// Language of the text (ISO 639-1).
    Lang,
    /// `free`, `paid`, `members`.
    Access,
}

impl Field {
    /// All of them, by the words that people write.
    pub const ALL: [(&'static str, Field); 12] = [
        ("body", Field::Body),
        ("group", Field::Group),
        ("topic", Field::Topic),
        ("axis", Field::Axis),
        ("stage", Field::Stage),
        ("kind", Field::Kind),
        ("source", Field::Source),
        ("relevance", Field::Relevance),
        ("number", Field::Number),
        ("title", Field::Title),
        ("lang", Field::Lang),
        ("access", Field::Access),
    ];
}

impl Query {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.since.is_none() && self.until.is_none()
    }

    /// All values that are asked of a field, in the order of the text: for whoever knows which exist.
    pub fn values(&self, field: Field) -> impl Iterator<Item = &str> {
        self.terms
            .iter()
            .flat_map(move |t| match &t.what {
                What::Field(f, values) if *f == field => values.as_slice(),
                _ => &[],
            })
            .map(text::Needle::folded)
    }

    /// Words in lower case without which no document is taken: a cheap test for whoever reads documents from a disk.
    pub fn words(&self) -> Vec<String> {
        let must = self.terms.iter().filter(|t| !t.not);
        must.flat_map(|t| match &t.what {
            What::Text(values) | What::Field(Field::Title, values) if values.len() == 1 => values[0].words(),
            What::Text(_) | What::Field(..) => Vec::new(),
        })
        .collect()
    }

    /// The days between which a document's date must lie.
    pub fn days(&self) -> (Date, Date) {
        (self.since.map_or(Date::MIN, When::first_day), self.until.map_or(Date::MAX, When::last_day))
    }

    /// Whether the document is asked for. Its date is the one that its source declares, else the day on which it was first seen.
    pub fn takes(&self, d: &Document) -> bool {
        let (since, until) = self.days();
        d.published.unwrap_or(When::Instant(d.first_seen)).touches(since, until) && self.terms.iter().all(|t| t.not != t.what.holds(d))
    }

    /// Where in the document the words stand; nothing when the question has no words, or they stand nowhere.
    pub fn snippet(&self, d: &Document) -> Option<Snippet> {
        let needles: Vec<&text::Needle> = self.sought().flatten().collect();
        text::snippet(&needles, d)
    }

    /// What is looked for in texts, each with its alternatives.
    fn sought(&self) -> impl Iterator<Item = &[text::Needle]> {
        self.terms.iter().filter(|t| !t.not).filter_map(|t| match &t.what {
            What::Text(values) | What::Field(Field::Title, values) => Some(values.as_slice()),
            What::Field(..) => None,
        })
    }

    /// The same question without its fields and days, each word and phrase by itself as it is compared: for whoever wants to say which of
    /// them stands nowhere.
    pub fn apart(&self) -> Vec<(String, Query)> {
        self.sought()
            .map(|values| {
                let said: Vec<&str> = values.iter().map(text::Needle::folded).collect();
                let alone = Term { not: false, what: What::Text(values.to_vec()) };
                (said.join(" OR "), Query { terms: vec![alone], since: None, until: None })
            })
            .collect()
    }
}

impl What {
    fn holds(&self, d: &Document) -> bool {
        let (field, values) = match self {
            What::Text(values) => return text::fields(d).any(|(_, t)| values.iter().any(|v| v.stands_in(t))),
            What::Field(field, values) => (field, values),
        };
        let is = |have: &str| values.iter().any(|v| fold::fold(have) == v.folded());
        let part = |have: &str| values.iter().any(|v| fold::fold(have).contains(v.folded()));
        match field {
            Field::Body => is(&d.body),
            Field::Group => d.group.as_deref().is_some_and(part),
            Field::Topic => d.topics.iter().any(|t| is(t.id.as_str())),
            Field::Axis => d.axes.iter().any(|a| is(a.as_str())),
            Field::Stage => is(d.stage_code().as_str()),
            Field::Kind => is(d.kind.as_str()),
            Field::Source => d.sightings.iter().any(|s| is(s.source.as_str())),
            Field::Relevance => is(d.relevance.as_str()),
            Field::Number => d.number.as_deref().is_some_and(part) || part(d.document.as_str()),
            Field::Title => values.iter().any(|v| v.stands_in(&d.title)),
            Field::Lang => d.lang.as_deref().is_some_and(is),
            Field::Access => is(d.access.as_str()),
        }
    }
}
