//! `monitor`: the command line.
//!
//! Goes in: arguments and configuration files. Comes out: data on stdout, talk on stderr, an exit code.
//! The pipeline itself (`pipeline/`) only passes values from one library to the next.

// First, so that `tell!` is known everywhere.
#[macro_use]
mod output;

mod answers;
mod block;
mod cli;
mod code;
mod commands;
mod config;
mod delivery;
mod exit;
mod fixtures;
mod past;
mod pipeline;
mod progress;
mod typed;

use std::process::ExitCode;

use clap::Parser;

use crate::{cli::Cli, exit::Exit};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(mistyped) => return typed::refuse(&mistyped),
    };
    start_log(&cli.global);
    match commands::run(cli) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) if output::is_broken_pipe(&failure.error) => ExitCode::from(Exit::Done as u8),
        Err(failure) => {
            output::print_error(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}

/// Log lines go to stderr and only when asked for, so that cron mails nothing but trouble.
fn start_log(global: &cli::Global) {
    if global.log_format == cli::LogFormat::Json {
        output::talk_json();
    }
    progress::start(global);
    let level = match (global.quiet, global.verbose) {
        (true, _) => tracing::Level::ERROR,
        (false, 0) => tracing::Level::WARN,
        (false, 1) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    };
    let make = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false);
    let done = match global.log_format {
        cli::LogFormat::Human => make.with_ansi(output::colour_on_stderr()).without_time().try_init(),
        cli::LogFormat::Json => make.json().try_init(),
    };
    debug_assert!(done.is_ok(), "the log is started once");
}
