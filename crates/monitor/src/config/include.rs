//! The files that `include` names, and what stands where in them: beside `sources.toml`, or embedded.

use std::path::{Path, PathBuf};

use monitor_model::SourcesFile;

use super::{Problem, embedded, problem_of_toml};
use crate::code::Code;

/// Where further files are looked for.
pub(super) enum Beside<'a> {
    /// Beside a file on disk.
    Folder(&'a Path),
    /// In what the program carries.
    Embedded,
}

/// A further file: its name, and its text or why it cannot be read.
type Further = (String, Result<String, Problem>);

/// The files that a pattern of `include` means, by name.
pub(super) fn matching(beside: &Beside<'_>, pattern: &str) -> Result<Vec<Further>, String> {
    match beside {
        Beside::Folder(dir) => Ok(on_disk(dir, pattern)?
            .into_iter()
            .map(|path| {
                let name = path.display().to_string();
                let text =
                    std::fs::read_to_string(&path).map_err(|e| Problem::file(Code::Unreadable, &name, format!("cannot be read: {e}")));
                (name, text)
            })
            .collect()),
        Beside::Embedded => {
            let fits = |name: &str| match (name.rsplit_once('/'), pattern.rsplit_once('/')) {
                (Some((d, n)), Some((pd, pn))) => d == pd && glob(pn, n),
                _ => glob(pattern, name),
            };
            let files = embedded::SOURCES_D.iter().filter(|(n, _)| fits(n));
            Ok(files.map(|(n, t)| (format!("{n} (embedded)"), Ok((*t).to_owned()))).collect())
        }
    }
}

fn on_disk(dir: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let (folder, file) = pattern.rsplit_once('/').map_or((dir.to_owned(), pattern), |(d, f)| (dir.join(d), f));
    if folder.to_string_lossy().contains('*') {
        return Err(format!("“{pattern}”: only the last part of an include may hold *"));
    }
    if !file.contains(['*', '?']) {
        let path = folder.join(file);
        return if path.is_file() { Ok(vec![path]) } else { Err(format!("the included file {} is missing", path.display())) };
    }
    let open = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let listing = match std::fs::read_dir(open) {
        Ok(l) => l,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(format!("the included folder {} cannot be read: {e}", folder.display())),
    };
    let mut found: Vec<PathBuf> = listing
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        // What editors leave lying about is nobody's declaration.
        .filter(|n| glob(file, n) && !n.starts_with(['.', '#']))
        .map(|n| folder.join(n))
        .filter(|p| p.is_file())
        .collect();
    found.sort();
    Ok(found)
}

/// Reads the main file.
pub(super) fn parse_main(name: &str, text: &str) -> Result<SourcesFile, Problem> {
    let file = parse(name, text)?;
    if file.schema.is_none() {
        let help = "write schema = 1 as its first line".to_owned();
        return Err(problem_at(
            Code::Schema,
            name,
            text,
            None,
            "the file does not say by which grammar it is written".to_owned(),
            Some(help),
        ));
    }
    Ok(file)
}

/// Reads an included file, which holds sources and nothing else.
pub(super) fn parse_further(name: &str, text: &str) -> Result<SourcesFile, Problem> {
    let file = parse(name, text)?;
    for (key, said) in [("agent", file.agent.is_some()), ("defaults", file.defaults.is_some()), ("include", file.include.is_some())] {
        if said {
            let help = format!("move `{key}` into sources.toml; an included file holds [source.…] tables");
            return Err(problem_at(Code::Include, name, text, Some(key), format!("only the main file has `{key}`"), Some(help)));
        }
    }
    Ok(file)
}

fn parse(name: &str, text: &str) -> Result<SourcesFile, Problem> {
    let file: SourcesFile = toml::from_str(text).map_err(|e| problem_of_toml(name, text, &e))?;
    match file.schema {
        None | Some(1) => Ok(file),
        Some(n) => {
            let help = "this version reads schema = 1; a newer monitor may have written the file".to_owned();
            Err(problem_at(Code::Schema, name, text, Some("schema"), format!("schema = {n} is not known to this version"), Some(help)))
        }
    }
}

/// A problem at a key of the top of the file, or at its first line.
fn problem_at(code: Code, name: &str, text: &str, key: Option<&str>, message: String, help: Option<String>) -> Problem {
    let span = key.and_then(|k| super::place::locate_top(text, k)).unwrap_or(0..text.find('\n').unwrap_or(text.len()));
    Problem { code, file: name.to_owned(), text: text.into(), span: Some(span), message, help }
}

/// `*` and `?` over a whole name.
pub(super) fn glob(pattern: &str, name: &str) -> bool {
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
