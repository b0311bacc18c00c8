//! Values that can be read and that nobody can mean.

use std::time::Duration;

use crate::{compile::Compiler, mistake::Mistake};

impl Compiler<'_> {
    pub(crate) fn check_values(&mut self) {
        if self.part {
            return;
        }
        self.check_texts();
        self.check_address();
        let s = self.source;
        for (key, span) in [("timeout", s.timeout), ("budget", s.budget)] {
            if span == Some(Duration::ZERO) {
                let hint = Some("write e.g. \"60s\", or leave it out".to_owned());
                self.mistakes.push(Mistake::new(key, "no answer comes in no time").hint(hint));
            }
        }
        if s.max_bytes == Some(0) {
            self.mistakes.push(Mistake::new("max_bytes", "no answer has no bytes").hint(Some("write e.g. \"8MiB\"".to_owned())));
        }
        if s.gone_after == Some(0) {
            let hint = Some("write after how many good fetches without it a row is gone, e.g. 3; leave it out for never".to_owned());
            self.mistakes.push(Mistake::new("gone_after", "a row that is there is not gone").hint(hint));
        }
        if s.latest == Some(0) {
            self.mistakes.push(Mistake::new("latest", "no folder would ever be entered"));
        }
        for (key, globs) in [("enter", &s.enter), ("match", &s.matches)] {
            if globs.iter().any(|g| g.trim().trim_matches('/').is_empty()) {
                self.mistakes.push(Mistake::new(key, "an empty name fits nothing"));
            }
        }
    }

    /// What people read.
    fn check_texts(&mut self) {
        let s = self.source;
        for (key, text) in [("name", &s.name), ("group", &s.group), ("note", &s.note)] {
            if text.as_deref().is_some_and(|t| t.trim().is_empty()) {
                self.mistakes.push(Mistake::new(key, "says nothing").hint(Some("write it, or leave the key out".to_owned())));
            }
        }
        if let Some(lang) = s.lang.as_deref() {
            let first = lang.split('-').next().unwrap_or_default();
            if !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_alphabetic()) {
                let hint = Some("write two letters of ISO 639-1, e.g. \"en\", \"fr\", \"zh\"".to_owned());
                self.mistakes.push(Mistake::new("lang", format!("“{lang}” is no code of a language")).hint(hint));
            }
        }
        if s.home.as_deref().is_some_and(|h| !url::Url::parse(h).is_ok_and(|u| matches!(u.scheme(), "http" | "https"))) {
            let hint = Some("write e.g. \"https://www.etsi.org/newsroom\"".into());
            self.mistakes.push(Mistake::new("home", "is not an address that a person can open").hint(hint));
        }
    }

    /// Where it is asked.
    fn check_address(&mut self) {
        let s = self.source;
        let url = s.url.as_deref().unwrap_or_default();
        if let Some((scheme, _)) = url.split_once("://")
            && !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
        {
            self.mistakes.push(Mistake::new("url", format!("“{scheme}” is not asked: only http and https are")));
        }
        if s.each.is_empty() && url.contains("{id}") {
            let hint = Some("add e.g. each = [\"X.1753\", \"X.1457\"], or write the one address".to_owned());
            self.mistakes.push(Mistake::new("url", "{id} stands for the members of `each`, and there are none").hint(hint));
        }
        if !s.each.is_empty() && !url.contains("{id}") {
            self.mistakes.push(Mistake::new("each", "“url” has no {id} for the members of “each” to stand in"));
        }
        if s.each.iter().any(|id| id.trim().is_empty()) {
            self.mistakes.push(Mistake::new("each", "an empty member asks the address of nothing"));
        }
    }
}
