use std::path::Path;

use super::Setup;
use crate::{
    cli::Init,
    config::embedded,
    exit::{Exit, Failure, Outcome},
};

/// Writes the starter set. What exists is left alone, unless `--force`.
pub(super) fn run(setup: &Setup, args: &Init) -> Outcome {
    let mut files: Vec<(std::path::PathBuf, &str)> = vec![(args.dir.join("sources.toml"), embedded::SOURCES)];
    files.extend(embedded::SOURCES_D.iter().map(|(name, text)| (args.dir.join(name), *text)));
    files.extend(embedded::DATA.iter().map(|(name, text)| (args.dir.join("data").join(name), *text)));
    files.extend(monitor_digest::Templates::embedded().map(|(name, text)| (args.dir.join("templates").join(name), text)));
    let standing: Vec<_> = files.iter().filter(|(p, _)| p.exists()).map(|(p, _)| p.display().to_string()).collect();
    if !standing.is_empty() && !args.force {
        return Err(Failure::usage(format!(
            "nothing was written, because {} would be overwritten: choose an empty folder, or add --force",
            standing.join(", ")
        )));
    }
    for (path, text) in &files {
        write(path, text)?;
    }
    write(&args.dir.join(".gitignore"), "/data/store/\n/data/editions/\n")?;
    if !setup.quiet {
        let at = |name: &str| args.dir.join(name).display().to_string();
        eprintln!("wrote {} files into {}", files.len() + 1, args.dir.display());
        eprintln!("next: put your name and contact into [agent] of {}, then", at("sources.toml"));
        eprintln!("  monitor check --config {} --data {}", at("sources.toml"), at("data"));
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |e: std::io::Error| Failure { exit: Exit::Internal, error: anyhow::anyhow!("{} cannot be written: {e}", path.display()) };
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(fail)?;
    }
    std::fs::write(path, text).map_err(fail)
}
