use std::{borrow::Cow, collections::BTreeMap};

use include_dir::{Dir, include_dir};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, syntax::SyntaxConfig, value::Serde};

use crate::{
    DigestError, Edition, Form, Format,
    clean::clean,
    format::{html, markdown, text},
    page::Block,
    toml_place::place,
};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");

/// An edition with one of everything; a test holds it against today's composition.
const REHEARSAL: &str = include_str!("rehearsal.json");

/// Explains the folder to people; no template.
const README: &str = "README.md";

/// The templates: the embedded ones, with the user's in their place where the names are equal.
///
/// Whatever a template prints is cleaned and escaped for its format by the ending of its name, without being asked.
pub struct Templates {
    environment: Environment<'static>,
    sources: BTreeMap<String, String>,
}

/// Whether a page of this name is ever asked for: a form's web page, or a form in Markdown or text in a user's own words.
fn is_page(name: &str) -> bool {
    Form::ALL.iter().any(|f| [Format::Html, Format::Md, Format::Txt].iter().any(|x| format!("{f}.{x}") == name))
}

/// How strings are written in a template of this name.
fn escape_for(name: &str) -> AutoEscape {
    match name.rsplit('.').next() {
        Some("html" | "svg") => AutoEscape::Html,
        Some("md") => AutoEscape::Custom("md".into()),
        _ => AutoEscape::Custom("txt".into()),
    }
}

/// Writes a value: safe strings as they are, all others cleaned and escaped.
fn write(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let written = match (value.is_safe(), value.as_str()) {
        (true, Some(s)) => Cow::Borrowed(s),
        (_, Some(s)) => Cow::Owned(escaped(state, s)),
        _ => Cow::Owned(escaped(state, &value.to_string())),
    };
    out.write_str(&written).map_err(|e| Error::new(ErrorKind::WriteFailure, "the page could not be written").with_source(e))
}

/// `text` as it may stand in the template that is being rendered.
fn escaped(state: &State, text: &str) -> String {
    match state.auto_escape() {
        AutoEscape::Html => html::escape(text),
        AutoEscape::Custom(name) if name == "md" => markdown::escape(text),
        _ => clean(text),
    }
}

/// `{{ title|link(url) }}`: the text, followed to `url` where the format has links and the address is one.
fn link(state: &State, label: &str, url: &str) -> Value {
    Value::from_safe_string(match (state.auto_escape(), crate::clean::href(url)) {
        (AutoEscape::Html, Some(href)) => html::link(label, &href),
        (AutoEscape::Custom(name), Some(href)) if name == "md" => markdown::link(label, &href),
        _ => escaped(state, label),
    })
}

/// `{{ command|code }}`: as something to be typed.
fn code(state: &State, command: &str) -> Value {
    Value::from_safe_string(match state.auto_escape() {
        AutoEscape::Html => format!("<code>{}</code>", html::escape(command)),
        AutoEscape::Custom(name) if name == "md" => markdown::code(command),
        _ => clean(command),
    })
}

/// `{{ c.last_success|day }}`: the day of an instant.
fn day(instant: &str) -> String {
    instant.chars().take(10).collect()
}

/// `{{ text|wrap("  - ", "    ") }}`: broken to the columns of a mail, the first line after one text, the others after another.
fn wrap(state: &State, value: &Value, first: &str, rest: &str) -> Value {
    let body = match (value.is_safe(), value.as_str()) {
        (true, Some(s)) => s.to_owned(),
        (_, Some(s)) => escaped(state, s),
        _ => value.to_string(),
    };
    Value::from_safe_string(crate::columns::wrap(&body, first, rest, crate::columns::COLUMNS))
}

/// `{{ "What changed"|heading("-") }}`: underlined, for plain text.
fn heading(state: &State, label: &str, underline: &str) -> Value {
    let label = crate::clean::clip(label, crate::columns::COLUMNS);
    let line = underline.repeat(crate::columns::width(&label));
    Value::from_safe_string(format!("{}\n{line}", escaped(state, &label)))
}

/// `{{ url|href }}`: the address if it may be followed, else nothing.
fn href(url: &str) -> String {
    crate::clean::href(url).unwrap_or_default()
}

impl Templates {
    /// Compiles the embedded templates with `overrides` by name. A name that begins with `_` is a part that others include.
    ///
    /// # Errors
    /// With file, line and column, when a template does not parse or nothing would ever use it.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<Templates, DigestError> {
        let mut sources: BTreeMap<String, String> = Self::embedded().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        for (name, text) in overrides.into_iter().filter(|(name, _)| name != README) {
            let is_picture = Self::pictures().any(|(known, _)| known == name);
            if !name.starts_with('_') && !is_page(&name) && !is_picture {
                let pictures = Self::pictures().map(|(n, _)| n.to_owned());
                let known = Form::ALL.iter().map(|f| format!("{f}.html")).chain(pictures).collect::<Vec<_>>().join(", ");
                return Err(DigestError::UnknownTemplate { name, known });
            }
            sources.insert(name, text);
        }
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|e| fault(&sources, "", &e))?;
        environment.set_debug(true);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax);
        environment.set_auto_escape_callback(escape_for);
        environment.set_formatter(write);
        environment.add_filter("link", link);
        environment.add_filter("code", code);
        environment.add_filter("day", day);
        environment.add_filter("wrap", wrap);
        environment.add_filter("heading", heading);
        environment.add_filter("href", href);
        for (name, text) in &sources {
            environment.add_template_owned(name.clone(), text.clone()).map_err(|e| fault(&sources, name, &e))?;
        }
        Ok(Templates { environment, sources })
    }

    /// Names and texts of the embedded templates and pictures, for `init`.
    pub fn embedded() -> impl Iterator<Item = (&'static str, &'static str)> {
        let pages = EMBEDDED.files().filter_map(|f| {
            let name = f.path().to_str()?;
            (name != README).then_some(name).zip(f.contents_utf8())
        });
        pages.chain(Self::pictures())
    }

    /// Names and texts of the embedded pictures: `pictures/heat.svg`.
    fn pictures() -> impl Iterator<Item = (&'static str, &'static str)> {
        let files = EMBEDDED.get_dir("pictures").into_iter().flat_map(Dir::files);
        files.filter_map(|f| f.path().to_str().zip(f.contents_utf8()))
    }

    /// Renders one picture.
    pub(crate) fn picture(&self, name: &str, picture: &impl serde::Serialize) -> Result<String, DigestError> {
        let template = self.environment.get_template(name).map_err(|e| fault(&self.sources, name, &e))?;
        template.render(Value::from(Serde(picture))).map_err(|e| fault(&self.sources, name, &e))
    }

    /// The web page of an edition.
    pub(crate) fn page(&self, edition: &Edition, rows: Option<usize>) -> Result<String, DigestError> {
        Ok(text::tidy(&self.rendered(&format!("{}.html", edition.form), edition, Format::Html, rows, false)?))
    }

    /// The page of an edition as blocks, for a format that is written from them.
    pub(crate) fn blocks(&self, edition: &Edition, target: Format, rows: Option<usize>) -> Result<Vec<Block>, DigestError> {
        let name = format!("{}.html", edition.form);
        let page = self.rendered(&name, edition, target, rows, false)?;
        crate::page::parse(&page).map_err(|f| self.misplaced(name, f.0))
    }

    /// The same as a document without its annexes, to measure it.
    pub(crate) fn body(&self, edition: &Edition, rows: usize) -> Result<Vec<Block>, DigestError> {
        let name = format!("{}.html", edition.form);
        let page = self.rendered(&name, edition, Format::Docx, Some(rows), true)?;
        crate::page::parse(&page).map_err(|f| self.misplaced(name, f.0))
    }

    /// A page that is not our small HTML: the tag that the fault names is looked for in the templates.
    fn misplaced(&self, page: String, what: String) -> DigestError {
        let tag = what.split('<').nth(1).map(|t| format!("<{}", t.split(['>', ' ']).next().unwrap_or_default())).filter(|t| t.len() > 1);
        let found = tag.and_then(|t| self.sources.iter().find_map(|(file, text)| Some((file.clone(), place(text, text.find(&t)?)))));
        let (file, (line, column)) = found.unwrap_or((page, (1, 1)));
        DigestError::Template { file, line, column, what }
    }

    /// Renders an edition that holds one of everything into all formats: what a template asks for and an edition does not have is
    /// found here, and not when an edition is due.
    ///
    /// # Errors
    /// The first fault, with file, line and column.
    pub fn rehearse(&self) -> Result<(), DigestError> {
        let mut edition: Edition = serde_json::from_str(REHEARSAL)?;
        for form in Form::ALL {
            edition.form = form;
            for format in [Format::Md, Format::Txt, Format::Html, Format::Mail, Format::Docx] {
                crate::render(&edition, format, self)?;
            }
        }
        // Drawn on demand alone.
        let labels = crate::pictures::Labels::new();
        crate::pictures::slope(self, &edition.trends.counted, &edition.trends.counted, &labels)?;
        Ok(())
    }

    /// The page of a template that a user wrote for this very format, if there is one.
    pub(crate) fn own(&self, edition: &Edition, target: Format, rows: Option<usize>) -> Result<Option<String>, DigestError> {
        let name = format!("{}.{}", edition.form, target.extension());
        if !self.sources.contains_key(&name) {
            return Ok(None);
        }
        Ok(Some(text::tidy(&self.rendered(&name, edition, target, rows, false)?)))
    }

    fn rendered(&self, name: &str, edition: &Edition, target: Format, rows: Option<usize>, body_only: bool) -> Result<String, DigestError> {
        let template = self.environment.get_template(name).map_err(|e| fault(&self.sources, name, &e))?;
        let rows = rows.unwrap_or(usize::MAX >> 1);
        let stem = crate::format::file_stem(&edition.edition);
        let pictures = if target == Format::Html { crate::pictures::of(self, edition)? } else { BTreeMap::new() };
        let shown = |id: &str| Value::from_safe_string(pictures.get(id).cloned().unwrap_or_default());
        let pictures = minijinja::context! { heat => shown("heat"), series => shown("series"), timeline => shown("timeline") };
        let context = minijinja::context! { rows, stem, pictures, body_only, target => target.extension(), ..Value::from(Serde(edition)) };
        template.render(context).map_err(|e| fault(&self.sources, name, &e))
    }
}

/// A template's error with its file, line and column.
fn fault(sources: &BTreeMap<String, String>, asked: &str, e: &Error) -> DigestError {
    // An error in a part that is included stands inside that of the page: a person wants the innermost.
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
    DigestError::Template { file, line, column, what: format!("{}{detail}", e.kind()) }
}
