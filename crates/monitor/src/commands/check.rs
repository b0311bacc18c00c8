use std::io::Write;

use super::{Setup, question};
use crate::{
    cli::CheckArgs,
    config::{ConfigError, Problem},
    delivery,
    exit::{Exit, Failure, Outcome},
    output,
};

/// Everything that can be wrong before anything is fetched, all at once.
pub(super) fn run(setup: &Setup, args: &CheckArgs) -> Outcome {
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
        problems.extend(taxonomy.problems().into_iter().map(|p| Problem::file(&setup.data.join("topics.toml").display().to_string(), p)));
        if let (Ok(bodies), true) = (setup.bodies(), problems.is_empty()) {
            // A routing to a topic that does not exist would be silent for ever.
            for topic in bodies.home().routing.keys() {
                if taxonomy.topic(topic).is_none() {
                    let name = setup.data.join("bodies.toml").display().to_string();
                    problems
                        .push(Problem::file(&name, format!("[home.routing] names the topic “{topic}”, which topics.toml does not have")));
                }
            }
        }
    }
    if let (Ok(views), Ok(_)) = (setup.views(), setup.taxonomy()) {
        let name = setup.data.join("views.toml").display().to_string();
        let wrong = views.iter().filter_map(|v| Some((v, question::exists(setup, &v.query).err()?)));
        problems.extend(wrong.map(|(v, e)| Problem::file(&name, format!("view {}: {e}", v.name))));
    }
    if let Ok(editions) = setup.editions() {
        let name = setup.data.join("editions.toml").display().to_string();
        if setup.views().is_ok() && setup.taxonomy().is_ok() {
            for spec in &editions.editions {
                if let Err(e) = question::asked(setup, spec.query.as_slice(), spec.view.as_deref()) {
                    problems.push(Problem::file(&name, format!("edition {}: {}", spec.name, e.error)));
                }
            }
        }
        for (spec, channel) in editions.editions.iter().flat_map(|e| e.channels.iter().map(move |c| (e, c))) {
            let server = channel.smtp.as_ref().and_then(|s| editions.smtp.get(s)).and_then(|s| s.from.clone());
            let written: Vec<String> = channel.to.iter().chain(&channel.from).chain(&channel.reply_to).chain(&server).cloned().collect();
            if let Err(e) = delivery::addresses(&written) {
                problems.push(Problem::file(&name, format!("edition {}: {e}", spec.name)));
            }
        }
    }
    if let Ok(templates) = setup.templates()
        && let Err(e) = templates.rehearse()
    {
        problems.push(Problem::file("templates", e.to_string()));
    }
    if let Ok(bodies) = setup.bodies() {
        // Every table of numbers carries examples; they are read again here.
        problems.extend(bodies.check().into_iter().map(|p| Problem::file(&setup.data.join("bodies.toml").display().to_string(), p)));
    }
    if setup.sources().is_ok()
        && setup.bodies().is_ok()
        && let Err(e) = setup.recipes()
    {
        problems.extend(e.problems);
    }
    if !problems.is_empty() {
        return Err(ConfigError { problems }.into());
    }
    let sources = setup.sources()?;
    let watched = sources.by_id.values().filter(|s| s.enabled() && s.kind != monitor_model::SourceKind::None).count();
    if !setup.quiet {
        // A word that nobody sorted is shown raw and complained of when it comes.
        for note in sources.without_stage_map(setup.bodies()?) {
            eprintln!("note: {}", output::plain(&note.line()));
        }
    }
    tell_terms(setup, args.terms)?;
    if !setup.quiet {
        eprintln!(
            "all well: {} sources, {watched} of them watched; {} topics; nothing was fetched",
            sources.by_id.len(),
            setup.taxonomy()?.topics().len()
        );
        eprintln!(
            "next: monitor test --source {}   (shows what one source yields, stores nothing)",
            sources.by_id.keys().next().map_or("ID", |i| i.as_str())
        );
    }
    Ok(Exit::Done)
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
            eprintln!("{name}:{line}: {message}");
        }
    }
    if !setup.quiet && !notes.is_empty() && !all {
        eprintln!("{} notes on terms ({dead} dead); `monitor check --terms` lists them", notes.len());
    }
    Ok(())
}
