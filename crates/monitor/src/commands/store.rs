use std::io::Write;

use monitor_store::{OpenOptions, Store};

use super::Setup;
use crate::{
    cli::{Report, StoreCommand},
    exit::{Exit, Failure, Outcome},
    output,
};

/// The store itself: verify, rebuild, export, import, compact, gc.
pub(super) fn run(setup: &Setup, command: &StoreCommand) -> Outcome {
    match command {
        StoreCommand::Verify { format } => {
            let v = super::open_existing(setup, "store verify")?.verify()?;
            let mut out = output::stdout();
            match format {
                Report::Json => output::json_line(&mut out, &v)?,
                Report::Human => {
                    writeln!(
                        out,
                        "{}: {} documents, {} events, {} runs",
                        if v.ok { "whole" } else { "damaged" },
                        v.documents,
                        v.events,
                        v.runs
                    )?;
                    for p in &v.problems {
                        writeln!(out, "  {p}")?;
                    }
                }
            }
            out.flush()?;
            if !v.ok {
                tell!("next: `monitor store rebuild` makes the database anew from the journal");
            }
            Ok(if v.ok { Exit::Done } else { Exit::Internal })
        }
        StoreCommand::Rebuild => {
            let documents = Store::rebuild(&setup.store, &OpenOptions::existing("store rebuild", setup.now))?.count();
            said(setup, &format!("rebuilt from the journal: {documents} documents"))
        }
        StoreCommand::Export { file } => {
            let store = super::open_existing(setup, "store export")?;
            let lines = if file == "-" {
                let mut out = output::stdout();
                let n = store.export(&mut out)?;
                out.flush()?;
                n
            } else {
                let fail = |e: std::io::Error| Failure::unwritable(file, &e);
                let mut out = std::io::BufWriter::new(std::fs::File::create(file).map_err(fail)?);
                let n = store.export(&mut out)?;
                out.flush().map_err(fail)?;
                out.get_ref().sync_all().map_err(fail)?;
                n
            };
            said(setup, &format!("exported {lines} records"))
        }
        StoreCommand::Import { file } => {
            let mut reader = super::identify::reader(file)?;
            let store = super::open(setup, "store import")?;
            let documents = store.import(&mut reader, setup.now)?;
            said(setup, &format!("imported {documents} documents"))
        }
        StoreCommand::Compact => {
            let done = super::open_existing(setup, "store compact")?.compact(setup.now)?;
            said(setup, &format!("{} KiB → {} KiB", done.before / 1024, done.after / 1024))
        }
        StoreCommand::Gc => {
            let freed = super::open_existing(setup, "store gc")?.gc()?;
            said(setup, &format!("removed leftovers of {} KiB", freed / 1024))
        }
    }
}

fn said(setup: &Setup, what: &str) -> Outcome {
    if !setup.quiet {
        tell!("{what}");
    }
    Ok(Exit::Done)
}
