use std::borrow::Cow;

use monitor_model::{DocumentKey, Identified, StageCode};
use regex::bytes::{Regex, RegexBuilder};

use crate::{fix::Fix, template::Template};

/// The named parts of one number.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// The value, if there is one that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_ref()).filter(|v| !v.is_empty())
    }

    /// Sets or replaces a value.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Cow<'a, str>>) {
        let value = value.into();
        match self.0.iter_mut().find(|(n, _)| *n == name) {
            Some(slot) => slot.1 = value,
            None => self.0.push((name, value)),
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(n, _)| *n == name)?;
        let (_, value) = self.0.swap_remove(at);
        (!value.is_empty()).then(|| value.into_owned())
    }
}

/// One form of number of one body: `[[body.number]]`.
#[derive(Debug)]
pub(crate) struct Table {
    /// For messages.
    pub name: String,
    /// Whether it may be tried on numbers whose body is not known.
    pub open: bool,
    /// Whether it may be tried on the number with the group of its source before it.
    pub grouped: bool,
    /// Numbers and the keys that they must give: checked by [`crate::Bodies::check`].
    pub examples: Vec<(String, String)>,
    pattern: Regex,
    fixed: Vec<(String, String)>,
    upper: Vec<String>,
    certain: Option<StageCode>,
    fix: Option<Fix>,
    root: Option<Template>,
    body: Option<Template>,
    key: Template,
    normal: Template,
}

/// A table as its TOML says it.
pub(crate) struct Spec<'a> {
    pub name: &'a str,
    pub open: bool,
    pub grouped: bool,
    pub pattern: &'a str,
    pub fixed: Vec<(String, String)>,
    pub upper: Vec<String>,
    pub certain: Option<&'a str>,
    pub fix: Option<&'a str>,
    pub root: Option<&'a str>,
    pub body: Option<&'a str>,
    pub key: &'a str,
    pub normal: &'a str,
    pub examples: Vec<(String, String)>,
}

impl Table {
    pub(crate) fn new(spec: Spec<'_>) -> Result<Table, String> {
        let pattern = RegexBuilder::new(&format!("^(?:{})$", spec.pattern))
            .case_insensitive(true)
            .unicode(false)
            .size_limit(2 << 20)
            .build()
            .map_err(|e| format!("the pattern is no regular expression: {e}"))?;
        let fix = spec.fix.map(|f| Fix::named(f).ok_or_else(|| format!("unknown fix “{f}”: {}", Fix::names()))).transpose()?;
        let certain =
            spec.certain.map(|c| StageCode::from_word(c).ok_or_else(|| format!("“{c}” is not a normalized stage"))).transpose()?;
        let read = |what: &str, text: &str| Template::parse(text).map_err(|e| format!("{what}: {e}"));
        let table = Table {
            name: spec.name.to_owned(),
            open: spec.open,
            grouped: spec.grouped,
            examples: spec.examples,
            fixed: spec.fixed,
            upper: spec.upper,
            certain,
            fix,
            root: spec.root.map(|t| read("root", t)).transpose()?,
            body: spec.body.map(|t| read("body", t)).transpose()?,
            key: read("key", spec.key)?,
            normal: read("normal", spec.normal)?,
            pattern,
        };
        for field in table.key.fields().into_iter().chain(table.normal.fields()) {
            let known = table.pattern.capture_names().flatten().any(|n| n == field) || table.fixed.iter().any(|(n, _)| n == field);
            if !known && !table.fix.is_some_and(|f| f.gives(field)) {
                return Err(format!("a template names {{{field}}}, which neither the pattern nor the fix gives"));
            }
        }
        Ok(table)
    }

    /// Reads a number, if it is of this form.
    pub(crate) fn read(&self, text: &str, body: &str, slug: &str) -> Option<Identified> {
        let found = self.pattern.captures(text.as_bytes())?;
        let mut fields = Fields(Vec::with_capacity(16));
        for (i, name) in self.pattern.capture_names().enumerate() {
            // over bytes, since tables are about ASCII: a group that cuts a character in two is no number
            if let (Some(name), Some(m)) = (name, found.get(i)) {
                let printed = std::str::from_utf8(m.as_bytes()).ok()?;
                // a part is captured with its hyphen, so that it can be optional
                let value = if name == "part" { printed.trim_start_matches('-') } else { printed };
                let value = match self.upper.iter().any(|u| u == name) {
                    true => Cow::Owned(value.to_ascii_uppercase()),
                    false => Cow::Borrowed(value),
                };
                fields.0.push((name, value));
            }
        }
        for (name, value) in &self.fixed {
            if fields.get(name).is_none() {
                fields.0.push((name, Cow::Borrowed(value)));
            }
        }
        if let Some(fix) = self.fix {
            fix.apply(&mut fields)?;
        }
        let mut key = String::with_capacity(32);
        match &self.root {
            Some(root) => root.fill_key(&fields, &mut key),
            None => key.push_str(slug),
        }
        let root_end = key.len();
        key.push('/');
        self.key.fill_key(&fields, &mut key);
        if key.len() <= root_end + 1 {
            return None;
        }
        let normal = self.normal.fill(&fields);
        Some(Identified {
            document: Some(DocumentKey(key)),
            body: Some(self.body.as_ref().map_or_else(|| body.to_owned(), |b| b.fill(&fields))),
            series: fields.take("series"),
            number: fields.take("number"),
            part: fields.take("part"),
            version: fields.take("version"),
            edition: fields.take("edition"),
            stage: fields.take("stage"),
            certain: self.certain,
            normal: Some(normal.trim().to_owned()),
            reason: None,
        })
    }
}
