use clap::CommandFactory;

use crate::{
    cli::{Cli, Man},
    exit::{Exit, Failure, Outcome},
    output,
};

pub(super) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "monitor", &mut text);
    print(&text)
}

/// The manual page on stdout, or all of them, one for each command, into a folder.
pub(super) fn man(args: &Man) -> Outcome {
    if let Some(dir) = &args.out {
        let fail = |e: std::io::Error| Failure::unwritable(dir, &e);
        std::fs::create_dir_all(dir).map_err(fail)?;
        clap_mangen::generate_to(pages(), dir).map_err(fail)?;
        return Ok(Exit::Done);
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(pages()).render(&mut text)?;
    print(&text)
}

/// The command `help` says what `--help` says and has no page.
fn pages() -> clap::Command {
    Cli::command().disable_help_subcommand(true)
}

fn print(text: &[u8]) -> Outcome {
    use std::io::Write;
    let mut out = output::stdout();
    out.write_all(text)?;
    out.flush()?;
    Ok(Exit::Done)
}
