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

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            #[serde(rename = "const")]
            constant: Option<String>,
            template: Option<String>,
            pipes: Option<String>,
            any: Option<Vec<String>>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(String),
            Table(Table),
        }
        let no = || {
            serde::de::Error::custom(
                "a field is \"locator | pipe …\", { const = \"…\" }, { any = [\"locator | pipe …\", …] } or { template = \"…{field}…\", pipes = \"…\" }",
            )
        };
        match Form::deserialize(d).map_err(|_| no())? {
            Form::Word(w) => Ok(Field::Locator(w)),
            Form::Table(Table { constant: Some(c), template: None, pipes: None, any: None }) => Ok(Field::Const(c)),
            Form::Table(Table { constant: None, template: Some(template), pipes, any: None }) => Ok(Field::Template { template, pipes }),
            Form::Table(Table { constant: None, template: None, pipes: None, any: Some(any) }) if !any.is_empty() => Ok(Field::Any(any)),
            Form::Table(_) => Err(no()),
        }
    }
}
