use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// How a field comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// *locator* `|` *pipe* …
    Locator(String),
    /// The first of these that gives something.
    Any(Vec<String>),
    /// Always this.
    Const(String),
    /// `{field}` is replaced by other fields and, for JSON and CSV, by raw keys; `{field?}` by nothing when there is none.
    Template {
        /// The text with its places.
        template: String,
        /// What happens to the whole then: *pipe* `|` *pipe* …
        pipes: Option<String>,
    },
}

/// How a field is written.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum FieldForm {
    /// *locator* `|` *pipe* …
    Word(String),
    /// One of the other forms.
    Table(Table),
}

/// `{ const = … }`, `{ any = […] }`, `{ template = …, pipes = … }`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Always this.
    #[serde(rename = "const")]
    constant: Option<String>,
    /// `{field}` is replaced by other fields; `{field?}` by nothing when there is none.
    template: Option<String>,
    /// What happens to the whole template then.
    pipes: Option<String>,
    /// The first of these that gives something.
    any: Option<Vec<String>>,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let no = || {
            serde::de::Error::custom(
                "no field is written so: write \"locator | pipe …\", { const = \"…\" }, { any = [\"locator | pipe …\", …] } or { template = \"…{field}…\", pipes = \"…\" }",
            )
        };
        match FieldForm::deserialize(d).map_err(|_| no())? {
            FieldForm::Word(w) => Ok(Field::Locator(w)),
            FieldForm::Table(Table { constant: Some(c), template: None, pipes: None, any: None }) => Ok(Field::Const(c)),
            FieldForm::Table(Table { constant: None, template: Some(template), pipes, any: None }) => {
                Ok(Field::Template { template, pipes })
            }
            FieldForm::Table(Table { constant: None, template: None, pipes: None, any: Some(any) }) if !any.is_empty() => {
                Ok(Field::Any(any))
            }
            FieldForm::Table(_) => Err(no()),
        }
    }
}
