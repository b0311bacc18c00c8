mod names;

use std::io::Write;

use super::Setup;
use crate::{
    cli::CheckArgs,
    code::Code,
    config::{ConfigError, Problem, placed::by_its_words},
    exit::{Exit, Failure, Outcome},
    output,
};

/// Everything that can be wrong before anything is fetched, all at once.
pub(super) fn run(setup: &Setup, args: &CheckArgs) -> Outcome {
    if args.codes {
        return codes();
    }
    let problems = problems(setup)?;
    if !problems.is_empty() {
        return Err(ConfigError { problems }.into());
    }
    let sources = setup.sources()?;
    if !setup.quiet {
        // A word that nobody sorted is shown raw and complained of when it comes.
        for note in sources.without_stage_map(setup.bodies()?).into_iter().chain(sources.with_unknown_body(setup.bodies()?)) {
            tell!("note: {}", output::plain(&note.line()));
        }
    }
    tell_terms(setup, args.terms)?;
    if !setup.quiet {
        if sources.agent.contact.contains("example.org") {
            tell!("note: [agent] of {} has no contact of yours yet: site owners want to know who asks", setup.config.display());
        }
        let watched = sources.by_id.values().filter(|s| s.is_watched()).count();
        let topics = setup.taxonomy()?.topics().len();
        tell!("all well: {} sources, {watched} of them watched; {topics} topics; nothing was fetched", sources.by_id.len());
        tell!("next: {}", next(setup)?);
    }
    Ok(Exit::Done)
}

/// The list of codes, as docs/reference.md has it.
fn codes() -> Outcome {
    let mut out = output::stdout();
    let row = |c: &Code| [c.as_str(), &(c.exit() as u8).to_string(), c.meaning(), c.remedy()].map(str::to_owned).to_vec();
    output::table(&mut out, &["code", "exit", "means", "what to do"], Code::ALL.iter().map(row).collect())?;
    out.flush()?;
    Ok(Exit::Done)
}

/// What a person would do now: look at a source, fetch, or let the timer's command run.
fn next(setup: &Setup) -> Result<String, ConfigError> {
    let options = setup.as_typed();
    Ok(match setup.sources()?.by_id.iter().find(|(_, s)| s.is_watched()) {
        None => format!("monitor {options}probe URL   (nothing is watched yet: it prints a block for sources.d/)"),
        Some(_) if setup.store.exists() => format!("monitor {options}run   (fetches what is due, makes the editions that are due)"),
        Some((id, _)) => format!("monitor {options}test --source {id}   (shows what one source yields, stores nothing)"),
    })
}

fn problems(setup: &Setup) -> Result<Vec<Problem>, Failure> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut note = |r: Result<(), ConfigError>| {
        if let Err(e) = r {
            problems.extend(e.problems);
        }
    };
    note(setup.sources().map(|_| ()));
    note(setup.bodies().map(|_| ()));
    note(setup.taxonomy().map(|_| ()));
    note(setup.calendar().map(|_| ()));
    note(setup.editions().map(|_| ()));
    note(setup.views().map(|_| ()));
    note(setup.templates().map(|_| ()));
    note(setup.site_templates().map(|_| ()));
    if let Ok(taxonomy) = setup.taxonomy() {
        note(setup.tagger().map(|_| ()));
        let (name, text) = setup.data_text("topics.toml")?;
        problems.extend(taxonomy.problems().iter().map(|said| {
            let mut p = by_its_words(Code::Topics, &name, &text, said);
            p.help = p.help.or_else(|| names::meant(taxonomy, said));
            p
        }));
    }
    if let Ok(templates) = setup.templates()
        && let Err(e) = templates.rehearse()
    {
        problems.extend(setup.fault_of_templates(&e).problems);
    }
    if let Ok(bodies) = setup.bodies() {
        // Every table of numbers carries examples; they are read again here.
        let (name, text) = setup.data_text("bodies.toml")?;
        problems.extend(bodies.check().iter().map(|said| by_its_words(Code::Example, &name, &text, said)));
    }
    if setup.sources().is_ok()
        && setup.bodies().is_ok()
        && let Err(e) = setup.recipes()
    {
        problems.extend(e.problems);
    }
    problems.extend(names::problems(setup)?);
    Ok(problems)
}

/// What a topic editor should know of the terms: nothing here stops the monitor.
fn tell_terms(setup: &Setup, all: bool) -> Result<(), Failure> {
    let (name, text) = setup.data_text("topics.toml")?;
    let taxonomy = setup.taxonomy()?;
    let mut notes: Vec<(usize, String)> = setup
        .tagger()?
        .dead_terms()
        .into_iter()
        .map(|(topic, term, why)| {
            (monitor_tag::line_of(&text, &topic, &term), format!("topic `{topic}`: `{term}` is dead ({why}): reword or remove it"))
        })
        .collect();
    let dead = notes.len();
    notes.extend(monitor_tag::notes(taxonomy, &text).into_iter().map(|n| (n.line, n.message)));
    notes.sort();
    if all {
        let mut out = output::stdout();
        for (line, message) in &notes {
            writeln!(out, "{name}:{line}: {message}")?;
        }
        out.flush()?;
    } else if dead > 0 && !setup.quiet {
        for (line, message) in notes.iter().filter(|(_, m)| m.contains("is dead")) {
            tell!("{name}:{line}: {message}");
        }
    }
    if !setup.quiet && !notes.is_empty() && !all {
        tell!("{} notes on terms ({dead} dead); `monitor check --terms` lists them", notes.len());
    }
    Ok(())
}
