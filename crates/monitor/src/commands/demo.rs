use std::io::Write;

use monitor_digest::{Form, Format};
use monitor_model::Timestamp;

use super::{Setup, digest, fetch};
use crate::{
    cli::{Demo, Fetch},
    config::embedded,
    delivery,
    exit::{Exit, Failure, Outcome},
    output,
};

/// The whole pipeline on the bundled archives: two snapshots, a digest of what changed between them, the map.
pub(super) fn run(setup: &Setup, args: &Demo) -> Outcome {
    let room = tempfile::tempdir()?;
    let store_dir = room.path().join("store");
    let mut since: Option<Timestamp> = None;
    let mut failed = Vec::new();
    for (day, archive) in embedded::DEMO {
        let at: Timestamp = format!("{day}T06:00:00Z").parse()?;
        let path = room.path().join(format!("{day}.warc.gz"));
        std::fs::write(&path, archive)?;
        let then = Setup::embedded(store_dir.clone(), at, setup.quiet);
        fetch::prepare(&then)?;
        let asked = Fetch { replay: vec![path], ..Fetch::default() };
        if !setup.quiet {
            tell!("— snapshot of {day}: fetch → extract → identify → tag → store");
        }
        let store = super::open(&then, "demo")?;
        let ids = fetch::selected(&then, &asked)?;
        let report = fetch::collect(&then, &store, &asked, ids)?;
        fetch::print(&then, &asked, &report)?;
        failed = report.sources.iter().filter(|s| s.is_failure()).map(|s| s.id.clone()).collect();
        if let Some(since) = since {
            // The first snapshot is where the watch begins; what it showed is no change.
            let mut wrote = Vec::new();
            for form in [Form::Mail, Form::Td, Form::Map] {
                let editions = then.editions()?;
                let Some(spec) = editions.editions.iter().find(|e| e.form == form) else { continue };
                let id = format!("demo-{day}-{form}");
                let edition = digest::make(&then, &store, spec, &id, at, since + jiff::SignedDuration::from_secs(1), at)?;
                let files = digest::render(&then, &edition, &Format::ALL)?;
                let folder: std::path::PathBuf = args.out.components().collect();
                let reports = delivery::to_folder(&store, &id, files.clone(), &folder, at)?;
                if let Some(r) = reports.iter().find(|r| !r.outcome.is_done()) {
                    return Err(Failure { exit: Exit::Delivery, error: anyhow::anyhow!(delivery::sentence(&id, r)) });
                }
                wrote.extend(files.into_iter().map(|f| args.out.join(f.name)));
            }
            let mut out = output::stdout();
            for path in &wrote {
                writeln!(out, "{}", path.display())?;
            }
            out.flush()?;
        }
        since = Some(at);
    }
    if !setup.quiet {
        let failed: Vec<&str> = failed.iter().map(|s| s.as_str()).collect();
        tell!("the second snapshot holds one broken source on purpose ({}): the digest says so under “Coverage”", failed.join(", "));
        tell!("the archives are reconstructions in the bodies' own markup about real documents; see data/demo/README.md");
        tell!("next: open the .html above in a browser; `monitor init DIR` starts your own radar");
    }
    Ok(Exit::Done)
}
