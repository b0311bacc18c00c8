//! The site's templates. Whatever they print is cleaned and escaped without being asked.

use std::{borrow::Cow, collections::BTreeMap};

use include_dir::{Dir, include_dir};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, syntax::SyntaxConfig};

use crate::{DigestError, format::html, toml_place::place};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../templates/site");

/// The templates of the site: the embedded ones, with the user's in their place where the names are equal.
pub struct SiteTemplates {
    environment: Environment<'static>,
    sources: BTreeMap<String, String>,
}

/// Files that are copied as they are.
fn is_plain(name: &str) -> bool {
    name.ends_with(".css") || name.ends_with(".js")
}

fn write(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let text = match (value.is_safe(), value.as_str()) {
        (true, Some(s)) => Cow::Borrowed(s),
        (_, Some(s)) => Cow::Owned(html::escape(s)),
        _ => Cow::Owned(html::escape(&value.to_string())),
    };
    out.write_str(&text).map_err(|e| Error::new(ErrorKind::WriteFailure, "the page could not be written").with_source(e))
}

/// `{{ url|outside(label) }}`: a link that leaves the site, or the label alone where the address may not be followed.
fn outside(url: &str, label: &str) -> Value {
    Value::from_safe_string(match crate::clean::href(url) {
        Some(href) => format!("<a href=\"{}\" rel=\"external noreferrer\"><bdi>{}</bdi></a>", html::escape(&href), html::escape(label)),
        None => html::escape(label),
    })
}

/// `{{ title|tongue(lang) }}`: a title in its own language and direction.
fn tongue(title: &str, lang: Option<String>) -> Value {
    let lang = lang.filter(|l| {
        let mut parts = l.split('-');
        let first = parts.next().unwrap_or_default();
        (2..=3).contains(&first.len())
            && l.len() <= 20
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && first.bytes().all(|b| b.is_ascii_alphabetic())
    });
    Value::from_safe_string(match lang {
        Some(l) if l != "en" => format!("<bdi lang=\"{}\">{}</bdi>", html::escape(&l), html::escape(title)),
        _ => format!("<bdi>{}</bdi>", html::escape(title)),
    })
}

/// `{{ url|address }}`: the address if it may be followed, else nothing.
fn address(url: &str) -> String {
    crate::clean::href(url).unwrap_or_default()
}

impl SiteTemplates {
    /// Compiles the embedded templates with `overrides` by name.
    ///
    /// # Errors
    /// With file, line and column, when a template does not parse or nothing would ever use it.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<SiteTemplates, DigestError> {
        let mut sources: BTreeMap<String, String> = Self::embedded().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        for (name, text) in overrides {
            if !sources.contains_key(&name) {
                let known = sources.keys().map(|k| format!("site/{k}")).collect::<Vec<_>>().join(", ");
                return Err(DigestError::UnknownTemplate { name: format!("site/{name}"), known });
            }
            sources.insert(name, text);
        }
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|e| fault(&sources, "", &e))?;
        environment.set_debug(true);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(write);
        environment.add_filter("outside", outside);
        environment.add_filter("tongue", tongue);
        environment.add_filter("address", address);
        for (name, text) in sources.iter().filter(|(n, _)| !is_plain(n)) {
            environment.add_template_owned(name.clone(), text.clone()).map_err(|e| fault(&sources, name, &e))?;
        }
        Ok(SiteTemplates { environment, sources })
    }

    /// Names and texts of the embedded templates.
    pub fn embedded() -> impl Iterator<Item = (&'static str, &'static str)> {
        EMBEDDED.files().filter_map(|f| f.path().to_str().zip(f.contents_utf8()))
    }

    /// A file that is copied as it is.
    pub(super) fn plain(&self, name: &str) -> Vec<u8> {
        self.sources.get(name).cloned().unwrap_or_default().into_bytes()
    }

    /// One page.
    pub(super) fn page(&self, name: &str, context: Value) -> Result<Vec<u8>, DigestError> {
        let template = self.environment.get_template(name).map_err(|e| fault(&self.sources, name, &e))?;
        template.render(context).map(String::into_bytes).map_err(|e| fault(&self.sources, name, &e))
    }
}

/// A template's error with its file, line and column.
fn fault(sources: &BTreeMap<String, String>, asked: &str, e: &Error) -> DigestError {
    let mut e = e;
    while let Some(inner) = std::error::Error::source(e).and_then(|s| s.downcast_ref::<Error>()) {
        e = inner;
    }
    let file = e.name().unwrap_or(asked).to_owned();
    let (line, column) = match (e.range(), sources.get(&file)) {
        (Some(range), Some(source)) => place(source, range.start),
        _ => (e.line().unwrap_or(1), 1),
    };
    let detail = e.detail().map(|d| format!(": {d}")).unwrap_or_default();
    DigestError::Template { file: format!("site/{file}"), line, column, what: format!("{}{detail}", e.kind()) }
}
