//! Configuration errors with file, line, column and what to do.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

/// One thing wrong in one file.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// The file as the user names it.
    pub(crate) file: String,
    /// Its text, for the excerpt; empty when the problem is the file itself.
    pub(crate) text: String,
    /// Where, in bytes.
    pub(crate) span: Option<std::ops::Range<usize>>,
    /// What happened.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

impl Problem {
    /// `file:line:column`, or the file alone.
    pub(crate) fn place(&self) -> String {
        self.position().map_or_else(|| self.file.clone(), |(l, c)| format!("{}:{l}:{c}", self.file))
    }

    /// All of it in one line.
    pub(crate) fn line(&self) -> String {
        let help = self.help.as_ref().map_or(String::new(), |h| format!(" (help: {h})"));
        format!("{}: {}{help}", self.place(), self.message)
    }

    /// 1-based line and column (in characters).
    pub(crate) fn position(&self) -> Option<(usize, usize)> {
        let start = self.span.as_ref()?.start.min(self.text.len());
        let before = self.text.get(..start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some((line, column))
    }
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

    /// For people: excerpts with carets.
    pub(crate) fn report(&self, colour: bool) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
        let mut text = String::new();
        for p in &self.problems {
            // The place stands first in one line too, so that editors and scripts can jump to it.
            let place = p.place();
            text.push_str(&format!("error: {place}: {}\n", p.message));
            if p.span.is_some() {
                let _ = handler.render_report(&mut text, &Shown(p));
            } else if let Some(help) = &p.help {
                text.push_str(&format!("  help: {help}\n"));
            }
        }
        text
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
        self.0.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
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
