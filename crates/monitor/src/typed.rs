//! A command line that cannot be read: what is wrong with it, with its code, what was probably meant, and what to do.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use monitor_model::nearest;
use serde_json::json;

use crate::{code::Code, exit::Exit, output};

/// `; did you mean “…”?`, to stand behind what a word is not, or nothing when no known one is near.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or(String::new(), |n| format!("; did you mean “{n}”?"))
}

/// Prints what is wrong (or the help that was asked for), and how the program ends.
pub(crate) fn refuse(mistyped: &clap::Error) -> ExitCode {
    if !mistyped.use_stderr() {
        // Help or version: no mistake. A reader that went away is none either.
        return match mistyped.print() {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                output::print_error(&e.into());
                ExitCode::from(Exit::Internal as u8)
            }
            _ => ExitCode::from(Exit::Done as u8),
        };
    }
    let code = match mistyped.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8 => Code::Value,
        _ => Code::CommandLine,
    };
    // The command line could not be read, so its own `--log-format` is looked for by hand.
    // It may hold bytes that are no text: that may be why.
    let args: Vec<_> = std::env::args_os().collect();
    let json = args.iter().any(|a| a == "--log-format=json") || args.windows(2).any(|w| w[0] == "--log-format" && w[1] == "json");
    let said = mistyped.to_string();
    if json {
        output::talk_json();
        let first = said.split("\n\n").next().unwrap_or_default();
        let line = json!({
            "level": "error", "code": code.as_str(), "message": first.trim_start_matches("error: ").trim(),
            "argument": of(mistyped, ContextKind::InvalidArg).or_else(|| of(mistyped, ContextKind::InvalidSubcommand)),
            "help": tip(mistyped).unwrap_or_else(|| code.remedy().to_owned()), "exit": Exit::Usage as u8,
        });
        let _ = output::json_line(&mut std::io::stderr().lock(), &line);
    } else if let Some(rest) = said.strip_prefix("error: ") {
        eprint!("error[{}]: {rest}", code.as_str());
        if !rest.contains("--help") {
            eprintln!("\n  help: {}", code.remedy());
        }
    } else {
        // No command at all: the whole help, as clap writes it.
        let _ = mistyped.print();
    }
    ExitCode::from(Exit::Usage as u8)
}

fn of(mistyped: &clap::Error, kind: ContextKind) -> Option<String> {
    mistyped.get(kind).map(words)
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join(", "),
        other => other.to_string(),
    }
}

/// What was probably meant.
fn tip(mistyped: &clap::Error) -> Option<String> {
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near = near.into_iter().find_map(|k| of(mistyped, k)).map(|w| format!("did you mean `{w}`?"));
    near.or_else(|| of(mistyped, ContextKind::ValidValue).filter(|v| !v.is_empty()).map(|v| format!("known are {v}")))
}
