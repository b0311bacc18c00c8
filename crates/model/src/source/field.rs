use serde::{Deserialize, Deserializer};

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
