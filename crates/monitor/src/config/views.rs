//! `views.toml`: questions by name.

use monitor_model::Query;
use serde::Deserialize;
use toml::Spanned;

use super::{ConfigError, Problem, advice, problem_of_toml};
use crate::code::Code;

/// A question that is asked again and again.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) name: String,
    /// What it shows, for people; may be empty.
    pub(crate) label: String,
    pub(crate) query: Query,
}

/// What `views.toml` may say.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ViewsFile {
    /// 1.
    #[schemars(with = "u32")]
    schema: Spanned<u32>,
    /// The views.
    #[serde(default)]
    view: Vec<ViewToml>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct ViewToml {
    /// What is typed behind `--view`.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// What it shows, for people.
    #[serde(default)]
    label: String,
    /// The question, in the language of `monitor search`.
    #[schemars(with = "String")]
    query: Spanned<String>,
}

/// Reads the file; every question in it must be one.
pub(crate) fn parse(file: &str, text: &str) -> Result<Vec<View>, ConfigError> {
    let read: ViewsFile = toml::from_str(text).map_err(|e| ConfigError::one(problem_of_toml(file, text, &e)))?;
    let mut problems = Vec::new();
    let mut fault = |code, span, message, help: &str| {
        problems.push(Problem { code, file: file.to_owned(), text: text.into(), span: Some(span), message, help: Some(help.to_owned()) });
    };
    if *read.schema.get_ref() != 1 {
        fault(Code::Schema, read.schema.span(), format!("schema {} is not known", read.schema.get_ref()), "this program reads schema = 1");
    }
    let mut views: Vec<View> = Vec::new();
    for v in read.view {
        let name = v.name.get_ref().trim().to_owned();
        if name.is_empty() || views.iter().any(|x| x.name == name) {
            fault(
                Code::View,
                v.name.span(),
                format!("a second view has the name “{name}”, or it has none"),
                "give each view a name of its own",
            );
        }
        match Query::parse(v.query.get_ref()) {
            Ok(query) => views.push(View { name, label: v.label, query }),
            Err(e) => {
                let said = format!("view {name}: {e}");
                let (message, help) = advice(&said);
                fault(Code::View, v.query.span(), message.to_owned(), help.as_deref().unwrap_or(Code::View.remedy()));
            }
        }
    }
    if problems.is_empty() { Ok(views) } else { Err(ConfigError { problems }) }
}
