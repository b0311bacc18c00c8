//! `sources.toml` and the files that it includes: read, checked, settled.

use std::collections::{BTreeMap, BTreeSet};

use monitor_extract::{Mistake, Recipe};
use monitor_identify::Bodies;
use monitor_model::{Agent, Defaults, Source, SourceId, SourceKind, nearest};

use super::{
    ConfigError, Problem,
    include::{self, Beside, glob},
    place::locate,
};
use crate::{code::Code, exit::Failure};

/// All declared sources.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) agent: Agent,
    pub(crate) defaults: Defaults,
    pub(crate) by_id: BTreeMap<SourceId, Source>,
    /// Which file declares a source, as index into `files`.
    home: BTreeMap<SourceId, usize>,
    files: Vec<(String, String)>,
}

impl Sources {
    /// Reads `text` (called `name`) and what it includes.
    pub(super) fn parse(name: &str, text: &str, beside: Beside<'_>) -> Result<Sources, ConfigError> {
        let main = include::parse_main(name, text).map_err(ConfigError::one)?;
        let agent = match &main.agent {
            Some(a) if !a.name.trim().is_empty() && !a.contact.trim().is_empty() => a.clone(),
            _ => {
                return Err(ConfigError::one(Problem {
                    code: Code::Agent,
                    file: name.to_owned(),
                    text: text.into(),
                    span: Some(0..text.find('\n').unwrap_or(text.len())),
                    message: "no [agent]: a crawler must say who it is".to_owned(),
                    help: None,
                }));
            }
        };
        let mut problems = Vec::new();
        let mut sources = Sources {
            agent,
            defaults: main.defaults.clone().unwrap_or_default(),
            by_id: BTreeMap::new(),
            home: BTreeMap::new(),
            files: vec![(name.to_owned(), text.to_owned())],
        };
        sources.take(0, main.source, &mut problems);
        let mut seen = BTreeSet::from([name.to_owned()]);
        for pattern in main.include.iter().flatten() {
            let files = include::matching(&beside, pattern).unwrap_or_else(|message| {
                problems.push(Problem {
                    code: Code::Include,
                    file: name.to_owned(),
                    text: text.into(),
                    span: text.find(pattern.as_str()).map(|at| at..at + pattern.len()),
                    message,
                    help: None,
                });
                Vec::new()
            });
            for (name, text) in files {
                if !seen.insert(name.clone()) {
                    continue;
                }
                match text.and_then(|text| include::parse_further(&name, &text).map(|file| (text, file))) {
                    Ok((text, file)) => {
                        sources.files.push((name, text));
                        sources.take(sources.files.len() - 1, file.source, &mut problems);
                    }
                    Err(p) => problems.push(p),
                }
            }
        }
        if problems.is_empty() { Ok(sources) } else { Err(ConfigError { problems }) }
    }

    fn take(&mut self, file: usize, sources: BTreeMap<SourceId, Source>, problems: &mut Vec<Problem>) {
        for (id, source) in sources {
            if let Some(first) = self.home.get(&id) {
                let also = self.problem_in(Code::SourceTwice, *first, &id, None, String::new(), None).place();
                let help = "an id stands only once, over all files: rename one of the two, or take it out".to_owned();
                problems.push(self.problem_in(
                    Code::SourceTwice,
                    file,
                    &id,
                    None,
                    format!("the source “{id}” is declared twice; first at {also}"),
                    Some(help),
                ));
                continue;
            }
            self.home.insert(id.clone(), file);
            self.by_id.insert(id, source.settle(&self.defaults));
        }
    }

    /// Compiles every source, switched on or not; all mistakes at once.
    pub(crate) fn compile(&self, maps: &BTreeMap<String, BTreeMap<String, String>>) -> Result<BTreeMap<SourceId, Recipe>, ConfigError> {
        let mut recipes = BTreeMap::new();
        let mut problems = Vec::new();
        for (id, source) in &self.by_id {
            let file = self.home.get(id).copied().unwrap_or(0);
            if source.body.trim().is_empty() {
                problems.push(self.problem_in(
                    Code::Whom,
                    file,
                    id,
                    Some("body"),
                    format!("the source “{id}” names no body"),
                    Some("add body = \"…\"".into()),
                ));
            }
            if source.kind != SourceKind::None && source.url.as_deref().is_none_or(|u| url::Url::parse(&u.replace("{id}", "0")).is_err()) {
                problems.push(self.problem_in(
                    Code::Whom,
                    file,
                    id,
                    Some("url"),
                    format!("the source “{id}” needs an absolute url"),
                    Some("write url = \"https://…\", or kind = \"none\" for what is known but not watched".into()),
                ));
            }
            match monitor_extract::compile(source, maps) {
                Ok(recipe) => {
                    recipes.insert(id.clone(), recipe);
                }
                Err(mistakes) => problems.extend(mistakes.into_iter().map(|m| self.mistake(file, id, m))),
            }
        }
        // In the order of the file, as an editor walks through it.
        problems.sort_by_key(|p| (p.file.clone(), p.span.as_ref().map(|s| s.start)));
        if problems.is_empty() { Ok(recipes) } else { Err(ConfigError { problems }) }
    }

    /// Sources that read a stage, of bodies whose words nobody has sorted: every stage of theirs would be unknown.
    pub(crate) fn without_stage_map(&self, bodies: &Bodies) -> Vec<Problem> {
        let reads_stage = |s: &Source| s.fields.contains_key("stage") || s.detail.as_ref().is_some_and(|d| d.fields.contains_key("stage"));
        let without = self.by_id.iter().filter(|(_, s)| s.enabled() && reads_stage(s) && !bodies.has_stages(&s.body));
        without
            .map(|(id, s)| {
                let file = self.home.get(id).copied().unwrap_or(0);
                let bare = s.body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
                let table = if bare { s.body.clone() } else { format!("\"{}\"", s.body) };
                let help = format!("add [stage.{table}] to data/bodies.toml: draft = [\"its word\"], published = [\"its word\"] …");
                let message = format!("source “{id}” reads a stage, but bodies.toml has no stage map for {}", s.body);
                self.problem_in(Code::Declaration, file, id, Some("fields.stage"), message, Some(help))
            })
            .collect()
    }

    /// Sources of a body that bodies.toml does not have but for a slip of the pen: their numbers would not be read.
    pub(crate) fn with_unknown_body(&self, bodies: &Bodies) -> Vec<Problem> {
        let ids = || bodies.bodies().iter().map(|b| b.id.as_str());
        let unknown = self.by_id.iter().filter(|(_, s)| bodies.body(&s.body).is_none());
        unknown
            .filter_map(|(id, s)| {
                let help = format!("did you mean “{}”?", nearest(&s.body, ids())?);
                let file = self.home.get(id).copied().unwrap_or(0);
                let message = format!("source “{id}”: bodies.toml has no body “{}”", s.body);
                Some(self.problem_in(Code::Whom, file, id, Some("body"), message, Some(help)))
            })
            .collect()
    }

    fn mistake(&self, file: usize, id: &SourceId, m: Mistake) -> Problem {
        let mut p = self.problem_in(Code::Declaration, file, id, Some(&m.key), format!("source “{id}”, {}: {}", m.key, m.message), m.hint);
        if let (Some(span), Some(at)) = (&p.span, m.at) {
            // +1: the quote that opens the value.
            let start = (span.start + 1 + at).min(span.end);
            p.span = Some(start..span.end.max(start));
        }
        p
    }

    fn problem_in(&self, code: Code, file: usize, id: &SourceId, key: Option<&str>, message: String, help: Option<String>) -> Problem {
        let (name, text) = &self.files[file];
        Problem { code, file: name.clone(), text: text.as_str().into(), span: locate(text, id.as_str(), key), message, help }
    }

    /// The sources that one `--source` means: an id, a glob over ids, or a body in any case.
    pub(crate) fn select(&self, wanted: &[String]) -> Result<Vec<SourceId>, Failure> {
        if wanted.is_empty() {
            return Ok(self.by_id.keys().cloned().collect());
        }
        let mut chosen = std::collections::BTreeSet::new();
        for want in wanted {
            let before = chosen.len();
            let found: Vec<&SourceId> = if self.by_id.contains_key(want.as_str()) {
                self.by_id.keys().filter(|id| id.as_str() == want).collect()
            } else if want.contains(['*', '?']) {
                self.by_id.keys().filter(|id| glob(&want.to_lowercase(), &id.as_str().to_lowercase())).collect()
            } else {
                self.by_id.iter().filter(|(_, s)| is_body(&s.body, want)).map(|(id, _)| id).collect()
            };
            chosen.extend(found.iter().map(|id| (*id).clone()));
            if chosen.len() == before && found.is_empty() {
                let names: Vec<&str> =
                    self.by_id.keys().map(SourceId::as_str).chain(self.by_id.values().map(|s| s.body.as_str())).collect();
                let near = crate::typed::did_you_mean(want, names);
                return Err(Failure::coded(Code::NoSource, format!("no source, pattern or body “{want}” in the configuration{near}")));
            }
        }
        Ok(chosen.into_iter().collect())
    }
}

/// Whether `want` names this body, in any case: the whole of it, or one of its words (`iso` for `ISO/IEC`, `oasis` for `OASIS Open`).
fn is_body(body: &str, want: &str) -> bool {
    body.eq_ignore_ascii_case(want) || body.split([' ', '/', '-']).any(|word| word.eq_ignore_ascii_case(want))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: &str = "schema = 1\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n";

    #[test]
    fn globs_and_bodies_select() {
        let text =
            format!("{AGENT}[source.etsi-news]\nbody = \"ETSI\"\nkind = \"none\"\n[source.etsi-work]\nbody = \"ETSI\"\nkind = \"none\"\n");
        let s = Sources::parse("sources.toml", &text, Beside::Embedded).expect("it is right");
        assert_eq!(s.select(&["etsi".into()]).expect("a body").len(), 2);
        assert_eq!(s.select(&["*-news".into()]).expect("a pattern").len(), 1);
        assert!(is_body("ISO/IEC", "iso") && is_body("OASIS Open", "oasis") && !is_body("ISO/IEC", "so"));
        assert!(s.select(&["etsy".into()]).expect_err("there is none").remedy().contains("ETSI"));
    }

    #[test]
    fn a_typo_is_named_with_its_place() {
        let text = format!("{AGENT}[source.x]\nbody = \"ETSI\"\nknd = \"feed\"\n");
        let e = Sources::parse("sources.toml", &text, Beside::Embedded).expect_err("knd is no key");
        assert_eq!(e.problems[0].position(), Some((7, 1)));
        assert!(e.problems[0].help.as_deref().is_some_and(|h| h.contains("kind")), "{e:?}");
    }

    #[test]
    fn a_word_that_is_none_of_the_few_is_named_with_the_nearest() {
        let e = Sources::parse("s.toml", &format!("{AGENT}[source.x]\nbody = \"ETSI\"\nkind = \"lst\"\n"), Beside::Embedded)
            .expect_err("no kind");
        assert!(e.problems[0].help.as_deref().is_some_and(|h| h.contains("`list`")), "{e:?}");
        let e = Sources::parse("s.toml", &format!("{AGENT}[source.x]\nbody = \"ETSI\"\nkind = \"gopher\"\n"), Beside::Embedded)
            .expect_err("no kind");
        assert!(e.problems[0].help.as_deref().is_some_and(|h| h.contains("feed, list")), "{e:?}");
    }

    #[test]
    fn without_an_agent_nothing_starts() {
        assert!(Sources::parse("sources.toml", "schema = 1\n", Beside::Embedded).is_err());
    }
}
