use std::{io::Write, path::Path};

use monitor_digest::{Edition, EditionSpec, Form, Format, Window};
use monitor_model::{Delivery, Document, FrozenEdition, Rendered, Timestamp};
use monitor_store::{Batch, Store};

use super::Setup;
use crate::{
    answers::{Answers, Wanted, day_of, end_of},
    cli::Digest,
    code::Code,
    exit::{Exit, Failure, Outcome},
    output, pipeline,
};

/// Renders and freezes an edition; a form on demand is rendered and not frozen.
pub(super) fn run(setup: &Setup, args: &Digest) -> Outcome {
    let store = super::open_existing(setup, "digest")?;
    let spec = choose(setup, args)?;
    let as_of = args.as_of.or(args.until).map_or(setup.now, end_of);
    let formats = formats(&spec, args)?;
    let (id, since, until) = window(setup, &store, &spec, args, as_of)?;
    let made = if spec.form.on_demand() {
        let option = args.option.map_or(String::new(), |n| format!("-{n}"));
        let name = format!("{}-{}{option}", day_of(as_of), spec.form);
        let keep = keeps(setup, &spec, as_of)?;
        let asked = Wanted {
            name: &name,
            edition: &spec.name,
            approval: false,
            option: args.option,
            form: spec.form,
            as_of,
            since,
            until,
            keep: &keep,
        };
        let edition = Answers::at(setup, &store, as_of)?.edition(&asked)?;
        if let (Some(n), Some(note)) = (args.option, &edition.note)
            && note.options.is_empty()
        {
            return Err(Failure::usage(format!(
                "there is no option {n}: the edition has {} (`monitor digest --format md` lists them)",
                edition.options.len()
            )));
        }
        edition
    } else {
        make(setup, &store, &spec, &id, as_of, since, until)?
    };
    let files = render(setup, &made, &formats)?;
    match &args.out {
        Some(dir) => {
            for f in &files {
                write(dir, f)?;
                if !setup.quiet {
                    tell!("wrote {}", dir.join(&f.name).display());
                }
            }
        }
        None if files.len() == 1 => {
            let mut out = output::stdout();
            out.write_all(&files[0].bytes)?;
            out.flush()?;
        }
        None => return Err(Failure::usage("several formats need a folder: add --out DIR, or ask for one with --format md")),
    }
    Ok(Exit::Done)
}

/// An edition as it would be now, without freezing it, for its lines: those that wait for approval, the others, and what may be one.
pub(super) fn rows(setup: &Setup, store: &Store, spec: &EditionSpec, args: &Digest, as_of: Timestamp) -> Result<Edition, Failure> {
    let (id, since, until) = window(setup, store, spec, args, as_of)?;
    let keep = keeps(setup, spec, as_of)?;
    let asked = Wanted { name: &id, edition: &spec.name, approval: true, option: None, form: spec.form, as_of, since, until, keep: &keep };
    Answers::at(setup, store, as_of)?.edition(&asked)
}

/// What an edition's filters keep.
fn keeps(setup: &Setup, spec: &EditionSpec, as_of: Timestamp) -> Result<impl Fn(&Document) -> bool + use<>, Failure> {
    let (spec, group) = (spec.clone(), crate::answers::group(setup, day_of(as_of))?);
    let queries = super::question::asked(setup, spec.query.as_slice(), spec.view.as_deref())?;
    Ok(move |d: &Document| {
        (spec.bodies.is_empty() || spec.bodies.contains(&d.body))
            && (spec.topics.is_empty() || d.topics.iter().any(|t| spec.topics.contains(&t.id)))
            && (spec.axes.is_empty() || d.axes.iter().any(|a| spec.axes.contains(a)))
            && (spec.questions.is_empty() || group.route(d.topics.iter().map(|t| &t.id)).iter().any(|q| spec.questions.contains(q)))
            && queries.iter().all(|q| q.takes(d))
    })
}

/// The edition of `editions.toml` that is meant: by name, else the first of the form.
pub(super) fn choose(setup: &Setup, args: &Digest) -> Result<EditionSpec, Failure> {
    let editions = setup.editions()?;
    let form: Option<Form> = args.form.as_deref().map(str::parse).transpose().map_err(Failure::usage)?;
    let asked: Option<Window> = args.window.as_deref().map(str::parse).transpose().map_err(|e: String| Failure::usage(e))?;
    if let Some(name) = &args.edition {
        let spec = editions.get(name).cloned().ok_or_else(|| {
            let names: Vec<&str> = editions.editions.iter().map(|e| e.name.as_str()).collect();
            let near = crate::typed::did_you_mean(name, names.iter().copied());
            Failure::coded(Code::NoEdition, format!("no edition “{name}” in editions.toml{near} (there are: {})", names.join(", ")))
        })?;
        return Ok(EditionSpec { form: form.unwrap_or(spec.form), window: asked.unwrap_or(spec.window), ..spec });
    }
    let form = form.unwrap_or(Form::Mail);
    // A form on demand looks at what the report to the plenary looks at.
    let like = if form.on_demand() { [Form::Td, Form::Mail] } else { [form, form] };
    let spec = like.into_iter().find_map(|f| editions.editions.iter().find(|e| e.form == f)).cloned();
    let spec = spec.ok_or_else(|| Failure::coded(Code::NoEdition, format!("editions.toml has no edition of the form {form}")))?;
    Ok(EditionSpec { form, window: asked.unwrap_or(spec.window), ..spec })
}

fn formats(spec: &EditionSpec, args: &Digest) -> Result<Vec<Format>, Failure> {
    if !args.format.is_empty() {
        return args.format.iter().map(|f| f.parse().map_err(Failure::usage)).collect();
    }
    Ok(if args.out.is_some() { spec.formats.clone() } else { vec![Format::Md] })
}

fn window(
    setup: &Setup,
    store: &Store,
    spec: &EditionSpec,
    args: &Digest,
    as_of: Timestamp,
) -> Result<(String, Timestamp, Timestamp), Failure> {
    let last = last_before(store, spec, as_of)?;
    let (mut since, mut until) = match args.since {
        // With a start given, the window of editions.toml need not be placeable.
        Some(s) => (s.start(), as_of),
        None => spec.window.bounds(as_of, last, setup.calendar()?).map_err(Failure::usage)?,
    };
    if let Some(s) = args.since {
        since = s.start();
    }
    if let Some(u) = args.until {
        until = end_of(u);
    }
    if since > until {
        return Err(Failure::usage(format!("the window begins after it ends: {since} to {until}")));
    }
    let placed = if args.since.is_some() || args.until.is_some() { Window::Days(1) } else { spec.window };
    Ok((placed.edition_id(&spec.name, since, until), since, until))
}

/// The end of the last frozen edition of this name that ended before `as_of`: what was made later is not looked at, and an edition
/// that is made again does not begin where it ends itself.
fn last_before(store: &Store, spec: &EditionSpec, as_of: Timestamp) -> Result<Option<Timestamp>, Failure> {
    Ok(store.editions()?.iter().filter(|e| e.name == spec.name && e.until < as_of).map(|e| e.until).max())
}

/// The end of the last frozen edition of this name.
pub(super) fn last_of(store: &Store, spec: &EditionSpec) -> Result<Option<Timestamp>, Failure> {
    Ok(store.editions()?.iter().filter(|e| e.name == spec.name).map(|e| e.until).max())
}

/// Composes an edition from what is stored now, and freezes it.
pub(super) fn make(
    setup: &Setup,
    store: &Store,
    spec: &EditionSpec,
    id: &str,
    as_of: Timestamp,
    since: Timestamp,
    until: Timestamp,
) -> Result<Edition, Failure> {
    make_for(setup, store, spec, id, as_of, since, until, &|_| Vec::new())
}

/// The same, and stores in the same batch to whom it shall go, by the id under which it is frozen.
#[allow(clippy::too_many_arguments)] // one more than the edition itself needs
pub(super) fn make_for(
    setup: &Setup,
    store: &Store,
    spec: &EditionSpec,
    id: &str,
    as_of: Timestamp,
    since: Timestamp,
    until: Timestamp,
    intended: &dyn Fn(&str) -> Vec<Delivery>,
) -> Result<Edition, Failure> {
    let keep = keeps(setup, spec, as_of)?;
    let answers = Answers::at(setup, store, as_of)?;
    let mut name = id.to_owned();
    let mut issue = 1;
    loop {
        let edition = answers.edition(&Wanted {
            name: &name,
            edition: &spec.name,
            approval: spec.approval,
            option: None,
            form: spec.form,
            as_of,
            since,
            until,
            keep: &keep,
        })?;
        let json = serde_json::to_string(&edition)?;
        let hash = blake3::hash(json.as_bytes()).to_hex().to_string();
        match store.edition(&name)? {
            // The same edition again is no second one.
            Some(there) if there.hash == hash => return Ok(edition),
            // What is frozen stays; other contents are another issue of it.
            Some(_) => {
                issue += 1;
                name = format!("{id}.{issue}");
            }
            None => {
                let deliveries = intended(&name);
                let frozen = FrozenEdition {
                    schema: FrozenEdition::SCHEMA,
                    edition: name,
                    name: spec.name.clone(),
                    form: spec.form.to_string(),
                    window: spec.window.to_string(),
                    as_of,
                    since,
                    until,
                    formats: spec.formats.iter().map(|f| f.to_string()).collect(),
                    recipients: spec.recipients(),
                    approval: spec.approval,
                    json,
                    hash,
                };
                store.commit(&Batch {
                    run: pipeline::run_id(setup.now),
                    at: setup.now,
                    editions: vec![frozen],
                    deliveries,
                    ..Batch::default()
                })?;
                return Ok(edition);
            }
        }
    }
}

/// Renders an edition into each format.
pub(super) fn render(setup: &Setup, edition: &Edition, formats: &[Format]) -> Result<Vec<Rendered>, Failure> {
    let templates = setup.templates()?;
    formats.iter().map(|f| monitor_digest::render(edition, *f, templates).map_err(Failure::usage)).collect()
}

fn write(dir: &Path, file: &Rendered) -> Result<(), Failure> {
    let path = dir.join(&file.name);
    let done = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(&path, &file.bytes));
    done.map_err(|e| Failure::unwritable(&path, &e))
}
