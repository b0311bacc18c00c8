use clap::CommandFactory;

use crate::{
    cli::Cli,
    exit::{Exit, Outcome},
    output,
};

pub(super) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "monitor", &mut text);
    print(&text)
}

pub(super) fn man() -> Outcome {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut text)?;
    print(&text)
}

fn print(text: &[u8]) -> Outcome {
    use std::io::Write;
    let mut out = output::stdout();
    out.write_all(text)?;
    out.flush()?;
    Ok(Exit::Done)
}
