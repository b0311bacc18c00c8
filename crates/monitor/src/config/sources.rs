//! `sources.toml` and the files that it includes: read, checked, settled.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
};

use monitor_extract::{Mistake, Recipe};
use monitor_model::{Agent, Defaults, Source, SourceId, SourceKind, SourcesFile};
use toml::de::{DeTable, DeValue};

use super::{ConfigError, Problem, problem_of_toml};

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
    /// Reads `text` (called `name`) and, beside `dir`, what it includes.
    pub(crate) fn parse(name: &str, text: &str, dir: Option<&Path>) -> Result<Sources, ConfigError> {
        let mut problems = Vec::new();
        let main = parse_file(name, text).map_err(ConfigError::one)?;
        let agent = match &main.agent {
            Some(a) if !a.name.trim().is_empty() && !a.contact.trim().is_empty() => a.clone(),
            _ => {
                return Err(ConfigError::one(Problem {
                    file: name.to_owned(),
                    text: text.to_owned(),
                    span: Some(0..text.find('\n').unwrap_or(text.len())),
                    message: "no [agent]: a crawler must say who it is".to_owned(),
                    help: Some("add [agent] with name = \"…\" and contact = \"https://… or a mail address\"".to_owned()),
                }));
            }
        };
        let mut sources = Sources {
            agent,
            defaults: main.defaults.clone(),
            by_id: BTreeMap::new(),
            home: BTreeMap::new(),
            files: vec![(name.to_owned(), text.to_owned())],
        };
        sources.take(0, main.source, &mut problems);
        for pattern in &main.include {
            match included(dir, pattern) {
                Ok(paths) => {
                    for path in paths {
                        sources.include(&path, &mut problems);
                    }
                }
                Err(message) => problems.push(Problem {
                    file: name.to_owned(),
                    text: text.to_owned(),
                    span: text.find(pattern.as_str()).map(|at| at..at + pattern.len()),
                    message,
                    help: None,
                }),
            }
        }
        if problems.is_empty() { Ok(sources) } else { Err(ConfigError { problems }) }
    }

    fn include(&mut self, path: &Path, problems: &mut Vec<Problem>) {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(t) => t,
            Err(e) => return problems.push(Problem::file(&name, format!("cannot be read: {e}"))),
        };
        match parse_file(&name, &text) {
            Ok(file) => {
                self.files.push((name, text));
                self.take(self.files.len() - 1, file.source, problems);
            }
            Err(p) => problems.push(p),
        }
    }

    fn take(&mut self, file: usize, sources: BTreeMap<SourceId, Source>, problems: &mut Vec<Problem>) {
        for (id, source) in sources {
            if let Some(first) = self.home.get(&id) {
                let also = self.files[*first].0.clone();
                let p = self.problem_in(file, &id, None, format!("the source “{id}” is declared twice; first in {also}"), None);
                problems.push(p);
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
                problems.push(self.problem_in(file, id, None, format!("the source “{id}” names no body"), Some("add body = \"…\"".into())));
            }
            if source.kind != SourceKind::None && source.url.as_deref().is_none_or(|u| url::Url::parse(&u.replace("{id}", "0")).is_err()) {
                problems.push(self.problem_in(
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

    fn mistake(&self, file: usize, id: &SourceId, m: Mistake) -> Problem {
        let mut p = self.problem_in(file, id, Some(&m.key), format!("source “{id}”, {}: {}", m.key, m.message), m.hint);
        if let (Some(span), Some(at)) = (&p.span, m.at) {
            // +1: the quote that opens the value.
            let start = (span.start + 1 + at).min(span.end);
            p.span = Some(start..span.end.max(start));
        }
        p
    }

    fn problem_in(&self, file: usize, id: &SourceId, key: Option<&str>, message: String, help: Option<String>) -> Problem {
        let (name, text) = &self.files[file];
        Problem { file: name.clone(), text: text.clone(), span: locate(text, id.as_str(), key), message, help }
    }

    /// The sources that one `--source` means: an id, a glob over ids, or a body in any case.
    pub(crate) fn select(&self, wanted: &[String]) -> Result<Vec<SourceId>, String> {
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
                let near = nearest(want, names.into_iter()).map_or(String::new(), |n| format!("; did you mean “{n}”?"));
                return Err(format!("no source, pattern or body “{want}” in the configuration{near} (`monitor doctor` lists them)"));
            }
        }
        Ok(chosen.into_iter().collect())
    }
}

fn parse_file(name: &str, text: &str) -> Result<SourcesFile, Problem> {
    let file: SourcesFile = toml::from_str(text).map_err(|e| problem_of_toml(name, text, &e))?;
    if file.schema != 1 {
        return Err(Problem {
            file: name.to_owned(),
            text: text.to_owned(),
            span: text.find("schema").map(|at| at..at + 6),
            message: format!("schema = {} is not known to this version", file.schema),
            help: Some("this version reads schema = 1; a newer monitor may have written the file".to_owned()),
        });
    }
    Ok(file)
}

fn included(dir: Option<&Path>, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let Some(dir) = dir else { return Ok(Vec::new()) };
    let (folder, file) = pattern.rsplit_once('/').map_or((dir.to_owned(), pattern), |(d, f)| (dir.join(d), f));
    if !file.contains('*') {
        return if folder.join(file).is_file() {
            Ok(vec![folder.join(file)])
        } else {
            Err(format!("the included file {} is missing", folder.join(file).display()))
        };
    }
    let listing = match std::fs::read_dir(&folder) {
        Ok(l) => l,
        // A pattern may match nothing; a file that is named must be there.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(format!("the included folder {} cannot be read: {e}", folder.display())),
    };
    let mut found: Vec<PathBuf> = listing
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.is_file() && p.file_name().and_then(|n| n.to_str()).is_some_and(|n| glob(file, n)))
        .collect();
    found.sort();
    Ok(found)
}

/// Where `[source.<id>]`, or a key in it, stands.
fn locate(text: &str, id: &str, key: Option<&str>) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    let source = root.get_ref().get("source")?;
    let DeValue::Table(sources) = source.get_ref() else { return None };
    let (name, mut value) = sources.iter().find(|(k, _)| k.get_ref().as_ref() == id)?;
    let mut span = name.span();
    for part in key.into_iter().flat_map(|k| k.split('.')) {
        let DeValue::Table(t) = value.get_ref() else { break };
        let Some((_, v)) = t.iter().find(|(k, _)| k.get_ref().as_ref() == part) else { break };
        value = v;
        span = v.span();
    }
    Some(span)
}

/// Whether `want` names this body, in any case: the whole of it, or one of its words (`iso` for `ISO/IEC`, `oasis` for `OASIS Open`).
fn is_body(body: &str, want: &str) -> bool {
    body.eq_ignore_ascii_case(want) || body.split([' ', '/', '-']).any(|word| word.eq_ignore_ascii_case(want))
}

/// `*` and `?` over a whole name.
pub(crate) fn glob(pattern: &str, name: &str) -> bool {
    let (p, n): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut i, mut j, mut star, mut mark) = (0, 0, None, 0);
    while j < n.len() {
        if i < p.len() && (p[i] == '?' || p[i] == n[j]) && p[i] != '*' {
            i += 1;
            j += 1;
        } else if i < p.len() && p[i] == '*' {
            star = Some(i);
            mark = j;
            i += 1;
        } else if let Some(s) = star {
            i = s + 1;
            mark += 1;
            j = mark;
        } else {
            return false;
        }
    }
    p[i..].iter().all(|c| *c == '*')
}

/// The most alike of `names`, if any is alike enough to be meant.
pub(crate) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    names
        .map(|n| (strsim::damerau_levenshtein(&word, &n.to_lowercase()), n))
        .filter(|(d, n)| *d <= (word.chars().count().max(n.chars().count()) / 3).max(1))
        .min_by_key(|(d, _)| *d)
        .map(|(_, n)| n)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: &str = "schema = 1\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n";

    #[test]
    fn globs_and_bodies_select() {
        let text =
            format!("{AGENT}[source.etsi-news]\nbody = \"ETSI\"\nkind = \"none\"\n[source.etsi-work]\nbody = \"ETSI\"\nkind = \"none\"\n");
        let s = Sources::parse("sources.toml", &text, None).expect("it is right");
        assert_eq!(s.select(&["etsi".into()]).map(|v| v.len()), Ok(2));
        assert_eq!(s.select(&["*-news".into()]).map(|v| v.len()), Ok(1));
        assert!(is_body("ISO/IEC", "iso") && is_body("OASIS Open", "oasis") && !is_body("ISO/IEC", "so"));
        assert!(s.select(&["etsy".into()]).expect_err("there is none").contains("ETSI"));
    }

    #[test]
    fn a_typo_is_named_with_its_place() {
        let text = format!("{AGENT}[source.x]\nbody = \"ETSI\"\nknd = \"feed\"\n");
        let e = Sources::parse("sources.toml", &text, None).expect_err("knd is no key");
        assert_eq!(e.problems[0].position(), Some((7, 1)));
        assert!(e.problems[0].help.as_deref().is_some_and(|h| h.contains("kind")), "{e:?}");
    }

    #[test]
    fn a_word_that_is_none_of_the_few_is_named_with_the_nearest() {
        let e = Sources::parse("s.toml", &format!("{AGENT}[source.x]\nbody = \"ETSI\"\nkind = \"lst\"\n"), None).expect_err("no kind");
        assert!(e.problems[0].help.as_deref().is_some_and(|h| h.contains("`list`")), "{e:?}");
        let e = Sources::parse("s.toml", &format!("{AGENT}[source.x]\nbody = \"ETSI\"\nkind = \"gopher\"\n"), None).expect_err("no kind");
        assert!(e.problems[0].help.as_deref().is_some_and(|h| h.contains("feed, list")), "{e:?}");
    }

    #[test]
    fn without_an_agent_nothing_starts() {
        assert!(Sources::parse("sources.toml", "schema = 1\n", None).is_err());
    }
}
