//! One file per command. Each takes its arguments and the configuration, and gives an exit code.

mod check;
mod completions;
mod decide;
mod demo;
mod digest;
mod doctor;
mod explain;
mod facets;
mod fetch;
mod identify;
mod import;
mod init;
mod landscape;
mod look;
mod opml;
mod probe;
mod publish;
mod question;
mod retag;
mod review;
mod run;
mod schema;
mod send;
mod show;
mod sought;
mod store;
mod tag;
mod test;
mod trends;

use monitor_model::{Document, DocumentKey, Relevance};
use monitor_store::{OpenOptions, Stop, Store};

use crate::{
    cli::{Cli, Command},
    code::Code,
    config::Setup,
    exit::{Failure, Outcome},
};

/// Runs the command that was typed.
pub(crate) fn run(cli: Cli) -> Outcome {
    let setup = Setup::new(&cli.global);
    match cli.command {
        Command::Init(a) => init::run(&setup, &a),
        Command::Check(args) => check::run(&setup, &args),
        Command::Probe(a) => probe::run(&setup, &a),
        Command::ImportOpml(a) => opml::import(&setup, &a),
        Command::ExportOpml => opml::export(&setup),
        Command::Schema { of } => schema::run(of),
        Command::Fetch(a) => fetch::run(&setup, &a),
        Command::Run(a) => run::run(&setup, &a),
        Command::Test(a) => test::run(&setup, &a),
        Command::Import(a) => import::run(&setup, &a),
        Command::Tag(a) => tag::run(&setup, &a),
        Command::Identify(a) => identify::run(&setup, &a),
        Command::List(a) => look::list(&setup, &a),
        Command::Events(a) => look::events(&setup, &a),
        Command::Search(a) => look::search(&setup, &a),
        Command::Show(a) => show::run(&setup, &a),
        Command::Explain(a) => explain::run(&setup, &a),
        Command::Ignore(a) => decide::ignore(&setup, &a),
        Command::Merge(a) => decide::merge(&setup, &a),
        Command::Split(a) => decide::split(&setup, &a),
        Command::Correct(a) => decide::correct(&setup, &a),
        Command::Retag(a) => retag::run(&setup, &a),
        Command::Trends(a) => trends::run(&setup, &a),
        Command::Landscape(a) => landscape::run(&setup, &a),
        Command::Digest(a) => digest::run(&setup, &a),
        Command::Publish(a) => publish::run(&setup, &a),
        Command::Send(a) => send::run(&setup, &a),
        Command::Review(a) => review::run(&setup, &a),
        Command::Approve(a) => review::approve(&setup, &a),
        Command::Corrections(a) => review::corrections(&setup, &a),
        Command::Doctor(a) => doctor::run(&setup, &a),
        Command::Store(a) => store::run(&setup, &a),
        Command::Demo(a) => demo::run(&setup, &a),
        Command::Completions { shell } => completions::completions(shell),
        Command::Man(a) => completions::man(&a),
    }
}

/// Opens the store to write, creating it when there is none.
fn open(setup: &Setup, command: &str) -> Result<Store, Failure> {
    open_with(setup, command, true)
}

/// Opens the store to look something up; a store that was never made is an error that says what to do.
fn open_existing(setup: &Setup, command: &str) -> Result<Store, Failure> {
    // a folder that may not be entered looks as if nothing were in it
    if let Err(e) = std::fs::read_dir(&setup.store)
        && e.kind() == std::io::ErrorKind::PermissionDenied
    {
        return Err(Failure::coded(Code::Denied, format!("this user may not read {}: {e}", setup.store.display())));
    }
    if !setup.store.exists() {
        return Err(Failure::coded(Code::NoStore, format!("there is no store in {} yet", setup.store.display())));
    }
    open_with(setup, command, false)
}

fn open_with(setup: &Setup, command: &str, create: bool) -> Result<Store, Failure> {
    survive_the_size_limit();
    let options = OpenOptions { command, now: setup.now, wait: setup.wait, create, stop: stop()? };
    let store = Store::open(&setup.store, &options)?;
    for note in store.notes() {
        tell!("note: {note}");
    }
    Ok(store)
}

/// Where a test wants a commit to stop, to kill the process there (`MONITOR_STOP_AT=journal:7`). Nobody else sets it.
fn stop() -> Result<Option<Stop>, Failure> {
    match std::env::var("MONITOR_STOP_AT") {
        Ok(text) if !text.is_empty() => Ok(Some(text.parse().map_err(|e| Failure::usage(format!("MONITOR_STOP_AT: {e}")))?)),
        _ => Ok(None),
    }
}

/// A file that meets the limit of file sizes (`ulimit -f`) would end the process by a signal, without a word. With somebody
/// listening for the signal the write fails instead, and the store says what happened.
fn survive_the_size_limit() {
    #[cfg(target_os = "linux")]
    {
        const SIGXFSZ: i32 = 25;
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        let _inside = runtime.enter();
        // Registered once, it holds for the life of the process.
        let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(SIGXFSZ));
    }
}

/// The documents of a work.
fn store_keys_of_work(store: &Store, work: &DocumentKey) -> Result<Vec<DocumentKey>, Failure> {
    let mut keys = Vec::new();
    for d in store.relevant_documents()? {
        let d = d?;
        if d.work == *work {
            keys.push(d.document);
        }
    }
    Ok(keys)
}

/// The document that a person means: a key, else a number as printed.
fn key_of(setup: &Setup, store: &Store, text: &str) -> Result<DocumentKey, Failure> {
    if let Some(key) = meant(setup, store, text)? {
        return Ok(key);
    }
    let near = keys(store)?;
    let hint = crate::typed::did_you_mean(text, near.iter().map(String::as_str));
    Err(Failure::coded(Code::NoDocument, format!("no document “{text}” in the store{hint}")))
}

/// The document that a key or a number names: a number as printed, or as people say it, without its body (`33.501`), if only one is called so.
fn meant(setup: &Setup, store: &Store, text: &str) -> Result<Option<DocumentKey>, Failure> {
    let text = text.trim();
    let plain = DocumentKey(text.to_owned());
    if text.is_empty() || store.document(&plain)?.is_some() {
        return Ok(Some(plain).filter(|_| !text.is_empty()));
    }
    let read = monitor_identify::identify_number(setup.bodies()?, None, text);
    if let Some(key) = read.document
        && store.document(&key)?.is_some()
    {
        return Ok(Some(key));
    }
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    let tail = text.to_lowercase().replace(' ', "-");
    let mut called = keys(store)?;
    called.retain(|key| key.split_once('/').is_some_and(|(_, t)| t == tail));
    if !called.is_empty() {
        return Ok(if called.len() == 1 { called.pop().map(DocumentKey) } else { None });
    }
    // a number that no table reads is kept as it was printed
    let mut documents = store.documents()?;
    documents.holding(&text.to_ascii_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    let mut so = Vec::new();
    for d in documents {
        let d = d?;
        if d.number.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(text)) {
            so.push(d.document);
        }
    }
    Ok(if so.len() == 1 { so.pop() } else { None })
}

/// All keys, in order.
fn keys(store: &Store) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    store.documents_where(|key, _| {
        all.push(key.to_owned());
        false
    })?;
    all.sort_unstable();
    Ok(all)
}

/// A document as the contract prints it, with the telecom use cases that its text names.
fn contract(setup: &Setup, document: &Document) -> Result<serde_json::Value, Failure> {
    let mut value = document.contract();
    let cases = use_cases(setup, document)?;
    if let (Some(object), false) = (value.as_object_mut(), cases.is_empty()) {
        object.insert("use_cases".to_owned(), serde_json::to_value(cases)?);
    }
    Ok(value)
}

/// The telecom use cases of a document about AI: read from its text when asked, so that a change of `topics.toml` shows at once.
fn use_cases(setup: &Setup, document: &Document) -> Result<Vec<monitor_tag::UseCaseTag>, Failure> {
    let about_ai = matches!(document.relevance, Relevance::Relevant | Relevance::AiOnly);
    Ok(if about_ai { setup.tagger()?.use_cases(&crate::pipeline::ingest::text_of_document(document)) } else { Vec::new() })
}
