//! Configuration errors: a code, what, file, line and column, and what to do.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use monitor_model::nearest;
use serde_json::{Value, json};

use crate::code::Code;

/// One thing wrong in one file.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// What kind of thing it is.
    pub(crate) code: Code,
    /// The file as the user names it.
    pub(crate) file: String,
    /// Its text, for the excerpt; empty when the problem is the file itself.
    pub(crate) text: Box<str>,
    /// Where, in bytes.
    pub(crate) span: Option<std::ops::Range<usize>>,
    /// What happened.
    pub(crate) message: String,
    /// What to do; the remedy of the code when nothing better is known.
    pub(crate) help: Option<String>,
}

impl Problem {
    /// A problem of a whole file.
    pub(crate) fn file(code: Code, name: &str, message: String) -> Problem {
        Problem { code, file: name.to_owned(), text: Box::default(), span: None, message, help: None }
    }

    /// A problem at these bytes. What a library says after the last colon is the remedy when it begins with a word for doing.
    pub(crate) fn at(code: Code, name: &str, text: &str, span: Option<std::ops::Range<usize>>, said: &str) -> Problem {
        let (message, help) = advice(said);
        Problem { code, file: name.to_owned(), text: text.into(), span, message: message.to_owned(), help }
    }

    /// What to do.
    pub(crate) fn remedy(&self) -> &str {
        self.help.as_deref().unwrap_or(self.code.remedy())
    }

    /// `file:line:column`, or the file alone.
    pub(crate) fn place(&self) -> String {
        self.position().map_or_else(|| self.file.clone(), |(l, c)| format!("{}:{l}:{c}", self.file))
    }

    /// All of it in one line.
    pub(crate) fn line(&self) -> String {
        format!("{}: {} (help: {})", self.place(), self.message, self.remedy())
    }

    /// 1-based line and column (in characters).
    pub(crate) fn position(&self) -> Option<(usize, usize)> {
        let start = self.span.as_ref()?.start.min(self.text.len());
        let before = self.text.get(..start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some((line, column))
    }

    /// For programs: one object.
    fn json(&self) -> Value {
        let place = self.position();
        json!({
            "level": "error", "code": self.code.as_str(), "message": self.message, "file": self.file,
            "line": place.map(|p| p.0), "column": place.map(|p| p.1), "help": self.remedy(),
        })
    }
}

/// The libraries say what is wrong and, after a colon or semicolon, what to do: the two apart.
pub(crate) fn advice(said: &str) -> (&str, Option<String>) {
    const DO: [&str; 13] =
        ["write ", "save ", "use ", "give ", "add ", "remove ", "rename ", "name ", "put ", "say ", "did you mean ", "correct ", "reword "];
    let cut = said.match_indices([':', ';']).find(|(at, _)| DO.iter().any(|d| said[at + 1..].trim_start().starts_with(d)));
    match cut {
        Some((at, _)) => (said[..at].trim_end(), Some(said[at + 1..].trim().to_owned())),
        None => (said, None),
    }
}

/// The same text, byte for byte as long, in which no line shows what follows `password =`: excerpts end in logs and in mails of cron.
fn without_passwords(text: &str) -> String {
    let masked = |line: &str| {
        let at = line.find("password").filter(|at| line[at + 8..].trim_start_matches(['"', '\'', ' ', '\t']).starts_with('='))?;
        let value = at + line[at..].find('=')? + 1;
        let end = line.trim_end_matches(['\n', '\r']).len();
        Some(format!("{}{}{}", &line[..value], "*".repeat(end - value), &line[end..]))
    };
    text.split_inclusive('\n').map(|line| masked(line).unwrap_or_else(|| line.to_owned())).collect()
}

/// A TOML error with its place and, for an unknown key, the key that was probably meant.
pub(crate) fn problem_of_toml(name: &str, text: &str, error: &toml::de::Error) -> Problem {
    problem_of_reader(name, text, error.span(), error.message())
}

/// What the reader of TOML says, told apart: no TOML at all, an unknown key or word, a missing key, a value of the wrong kind.
pub(crate) fn problem_of_reader(name: &str, text: &str, span: Option<std::ops::Range<usize>>, said: &str) -> Problem {
    let said = said.trim();
    let code = match said {
        _ if toml::from_str::<toml::Table>(text).is_err() => Code::Toml,
        _ if said.starts_with("unknown field") || said.starts_with("unknown key") => Code::Key,
        _ if said.starts_with("unknown variant") => Code::Word,
        _ if said.starts_with("missing field") => Code::Missing,
        _ if said.starts_with("invalid type") => Code::Kind,
        _ if said.starts_with("schema ") => Code::Schema,
        _ => Code::Unusable,
    };
    let mut quoted = said.split('`').skip(1).step_by(2);
    let help = match code {
        Code::Key | Code::Word => quoted.next().map(|word| {
            let known: Vec<&str> = quoted.collect();
            match nearest(word, known.iter().copied()) {
                Some(n) => format!("did you mean `{n}`?"),
                None => format!("known are {}", known.join(", ")),
            }
        }),
        Code::Missing => quoted.next().map(|key| match key {
            "schema" => "add schema = 1 as the first line; an empty file is none: delete it to use what is built in".to_owned(),
            _ => format!("add {key} = …"),
        }),
        _ => None,
    };
    let short = said.split(", expected").next().unwrap_or(said);
    match help {
        // The library has looked for the nearest word itself, or a sentence of its own says what to do.
        Some(help) if !help.ends_with("known are ") => {
            let message = advice(short).0.to_owned();
            Problem { code, file: name.to_owned(), text: text.into(), span, message, help: Some(help) }
        }
        _ if code == Code::Kind => Problem { help: of_type(said), ..Problem::at(code, name, text, span, said) },
        _ => Problem::at(code, name, text, span, if matches!(code, Code::Key | Code::Word) { short } else { said }),
    }
}

/// How a value of the expected type is written.
fn of_type(message: &str) -> Option<String> {
    let (said, expected) = match message.rsplit_once("expected ") {
        Some((_, expected)) => ("", expected.trim()),
        None => (message, ""),
    };
    let help = match expected {
        "a string" => "write it between quotes",
        "a boolean" => "write true or false, without quotes",
        "a character" => "write one character between quotes",
        "a sequence" => "write a list: [\"one\", \"another\"]",
        e if e == "a map" || e.starts_with("struct") => "write a table: { key = \"value\" }",
        "f64" => "write a number such as 0.95, without quotes",
        e if e.starts_with('u') => "write a whole number from 0 on, without quotes",
        e if e.starts_with('i') => "write a whole number, without quotes",
        // it says itself what to write
        _ if said.contains(": write ") => return said.split_once(": write ").map(|(_, how)| format!("write {how}")),
        _ => return None,
    };
    Some(help.to_owned())
}

/// Everything that is wrong with the configuration, found at once.
#[derive(Debug, Clone)]
pub(crate) struct ConfigError {
    pub(crate) problems: Vec<Problem>,
}

impl ConfigError {
    pub(crate) fn one(problem: Problem) -> ConfigError {
        ConfigError { problems: vec![problem] }
    }

    /// For people: excerpts with carets, no wider than the terminal.
    pub(crate) fn report(&self, colour: bool, width: usize) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width);
        let mut text = String::new();
        for p in &self.problems {
            // The place stands first in one line too, so that editors and scripts can jump to it.
            text.push_str(&format!("error[{}]: {}: {}\n", p.code.as_str(), p.place(), p.message));
            if p.span.is_some() {
                let shown = Problem { text: without_passwords(&p.text).into(), ..p.clone() };
                let _ = handler.render_report(&mut text, &Shown(&shown));
            } else {
                text.push_str(&format!("  help: {}\n", p.remedy()));
            }
        }
        text
    }

    /// For programs: one object a line.
    pub(crate) fn json_lines(&self) -> impl Iterator<Item = Value> {
        self.problems.iter().map(Problem::json)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, p) in self.problems.iter().enumerate() {
            let place = p.place();
            write!(f, "{}{place}: {}", if i > 0 { "\n" } else { "" }, p.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

#[derive(Debug)]
struct Shown<'a>(&'a Problem);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.0.remedy()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.0.span.clone()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some("here".to_owned()), span.start, span.len().max(1)))))
    }
}

impl SourceCode for Shown<'_> {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let inner = self.0.text.read_span(span, before, after)?;
        let named = NamedSource::new(&self.0.file, String::new());
        Ok(Box::new(miette::MietteSpanContents::new_named(
            named.name().to_owned(),
            inner.data(),
            *inner.span(),
            inner.line(),
            inner.column(),
            inner.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_excerpt() {
        let text = "password_env = \"A\"\n  password = \"hünter2\"\nx = { password= \"hunter2\" }\n";
        let shown = without_passwords(text);
        assert!(shown.len() == text.len() && !shown.contains("nter2") && shown.contains("password_env = \"A\"\n"), "{shown}");
    }

    #[test]
    fn what_is_wrong_and_what_to_do_come_apart() {
        for (said, message, help) in [
            ("“often” is not a window: write month, week or e.g. 30d", "“often” is not a window", Some("write month, week or e.g. 30d")),
            ("the edition \"a\" stands twice: give each its own name", "the edition \"a\" stands twice", Some("give each its own name")),
            ("unknown key `nme`: did you mean `name`?", "unknown key `nme`", Some("did you mean `name`?")),
            ("series `x`: unknown topic `y`", "series `x`: unknown topic `y`", None),
        ] {
            assert_eq!(advice(said), (message, help.map(str::to_owned)), "{said}");
        }
    }
}
