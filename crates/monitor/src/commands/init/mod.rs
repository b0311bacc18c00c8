mod ask;
mod starter;

use std::path::Path;

use super::Setup;
use crate::{
    cli::Init,
    code::Code,
    config::embedded,
    exit::{Exit, Failure, Outcome},
};

/// Writes the starter set: ours for ITU-T SG17, or the same for another group. What exists is left alone, unless `--force`.
pub(super) fn run(setup: &Setup, args: &Init) -> Outcome {
    let shipped = monitor_identify::Bodies::parse(embedded::data("bodies.toml").unwrap_or_default()).map_err(anyhow::Error::from)?;
    let wanted = ask::wanted(setup, args, &shipped)?;
    let mut files: Vec<(std::path::PathBuf, String)> = vec![(args.dir.join("sources.toml"), starter::sources(embedded::SOURCES, &wanted)?)];
    files.extend(embedded::SOURCES_D.iter().map(|(name, text)| (args.dir.join(name), (*text).to_owned())));
    for (name, text) in embedded::files() {
        files.push((args.dir.join("data").join(name), starter::data(name, text, &wanted)?));
    }
    files.extend(monitor_digest::Templates::embedded().map(|(name, text)| (args.dir.join("templates").join(name), text.to_owned())));
    for (name, schema) in super::schema::all() {
        files.push((args.dir.join("schemas").join(format!("{name}.schema.json")), format!("{}\n", serde_json::to_string_pretty(&schema)?)));
    }
    let standing: Vec<_> = files.iter().filter(|(p, _)| p.exists()).map(|(p, _)| p.display().to_string()).collect();
    if !standing.is_empty() && !args.force {
        let more = if standing.len() > 3 { format!(" and {} more", standing.len() - 3) } else { String::new() };
        return Err(Failure::coded(
            Code::Standing,
            format!(
                "nothing was written, because {}{more} would be overwritten: choose an empty folder, or add --force",
                standing[..standing.len().min(3)].join(", ")
            ),
        ));
    }
    for (path, text) in &files {
        write(path, text)?;
    }
    write(&args.dir.join(".gitignore"), "/data/store/\n/data/editions/\n/data/site/\n")?;
    if !setup.quiet {
        let dir = args.dir.display();
        tell!("wrote {} files into {dir}, for {}", files.len() + 1, wanted.home());
        if wanted.contact.is_none() {
            tell!(
                "note: [agent] of {} has no contact of yours yet: site owners want to know who asks",
                args.dir.join("sources.toml").display()
            );
        }
        let there = if args.dir == Path::new(".") { String::new() } else { format!("cd {dir} && ") };
        tell!("next: {there}monitor check");
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |e: std::io::Error| Failure::unwritable(path, &e);
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(fail)?;
    }
    std::fs::write(path, text).map_err(fail)
}
