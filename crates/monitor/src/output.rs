//! stdout for data, stderr for talk.

use std::{
    io::{self, BufWriter, IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use crate::{config::ConfigError, exit::Failure};

/// Locked, buffered stdout.
pub(crate) fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// Whether escape codes may be written to stderr (`NO_COLOR` is honoured).
pub(crate) fn colour_on_stderr() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && io::stderr().is_terminal()
}

/// A reader that went away (`monitor list | head`) is no failure.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}

/// Whether talk goes out as JSON, one object a line (`--log-format json`).
static JSON: AtomicBool = AtomicBool::new(false);

/// From now on talk is for programs.
pub(crate) fn talk_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// Whether talk is for programs.
pub(crate) fn talks_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Says a line to people, on stderr: what is no data and no error.
macro_rules! tell {
    ($($said:tt)*) => { $crate::output::talk(format_args!($($said)*)) };
}

/// What `tell!` does. A reader of stderr that went away is no failure.
pub(crate) fn talk(said: std::fmt::Arguments<'_>) {
    if talks_json() {
        talk_object(&json!({"level": "info", "message": said.to_string().trim()}));
    } else {
        let _ = writeln!(io::stderr().lock(), "{said}");
    }
}

/// Says an object to programs, on stderr.
pub(crate) fn talk_object(said: &serde_json::Value) {
    let _ = json_line(&mut io::stderr().lock(), said);
}

/// So many columns a message may take: those of the terminal, 100 where there is none.
pub(crate) fn columns() -> usize {
    let typed = || std::env::var("COLUMNS").ok()?.parse().ok();
    let of_terminal = || console::Term::stderr().size_checked().map(|(_, columns)| usize::from(columns));
    typed().or_else(of_terminal).unwrap_or(100).clamp(40, 200)
}

/// Prints an error with its code, its causes and the remedy; configuration errors with file, line and column.
pub(crate) fn print_error(failure: &Failure) {
    let error = &failure.error;
    let mut err = io::stderr().lock();
    let exit = failure.exit as u8;
    if let Some(config) = error.downcast_ref::<ConfigError>() {
        if talks_json() {
            for mut line in config.json_lines() {
                line["exit"] = exit.into();
                let _ = json_line(&mut err, &line);
            }
        } else {
            let _ = write!(err, "{}", config.report(colour_on_stderr(), columns()));
        }
        return;
    }
    let code = failure.code();
    let mut causes: Vec<String> = Vec::new();
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let text = cause.to_string();
        if !said.contains(&text) {
            causes.push(text.clone());
            said = text;
        }
    }
    if talks_json() {
        let line = json!({
            "level": "error", "code": code.as_str(), "message": error.to_string(), "because": causes, "help": failure.remedy(), "exit": exit,
        });
        let _ = json_line(&mut err, &line);
        return;
    }
    let _ = writeln!(err, "error[{}]: {error}", code.as_str());
    for cause in causes {
        let _ = writeln!(err, "  because: {cause}");
    }
    let _ = writeln!(err, "  help: {}", failure.remedy());
}

/// The word of the contract for a value that is printed as one: `work-item`, `http`, `stale`.
pub(crate) fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// One object a line.
pub(crate) fn json_line(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// One object for one thing, readable.
pub(crate) fn json_pretty(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

/// On a terminal with fewer columns a table would break words and keys.
const NARROW: usize = 72;

/// The rows of a table one below the other: what it is called by, then what there is under each heading.
fn records(out: &mut impl Write, head: &[&str], rows: &[Vec<String>], columns: usize) -> io::Result<()> {
    for row in rows {
        for (at, (name, cell)) in head.iter().zip(row).enumerate().filter(|(_, (_, c))| !c.is_empty()) {
            let text = if at == 0 { plain(cell) } else { format!("  {name}: {}", plain(cell)) };
            let mut used = 0;
            for word in text.split_inclusive(' ') {
                let width = console::measure_text_width(word.trim_end());
                if used > 4 && used + width > columns {
                    write!(out, "\n    ")?;
                    used = 4;
                }
                write!(out, "{word}")?;
                used += console::measure_text_width(word);
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// A table for people. Control characters of crawled text never reach the terminal.
pub(crate) fn table(out: &mut impl Write, head: &[&str], rows: Vec<Vec<String>>) -> io::Result<()> {
    use comfy_table::{ContentArrangement, Table, presets};
    let columns = io::stdout().is_terminal().then(|| console::Term::stdout().size_checked()).flatten().map(|(_, c)| usize::from(c));
    if let Some(columns) = columns.filter(|c| *c < NARROW && head.len() > 3) {
        return records(out, head, &rows, columns);
    }
    let mut t = Table::new();
    t.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if !io::stdout().is_terminal() {
        t.set_width(160);
    }
    t.set_header(head.iter().map(|h| h.to_string()).collect::<Vec<_>>());
    for row in rows {
        t.add_row(row.iter().map(|c| plain(c)).collect::<Vec<_>>());
    }
    for line in t.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Text without control and bidirectional characters.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !matches!(*c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}'))
        .collect()
}

/// One CSV row that is safe to open in a spreadsheet, without control and bidirectional characters.
pub(crate) fn csv_row(out: &mut impl Write, cells: &[String]) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|c| plain(c)).collect();
    let mut line = String::new();
    monitor_model::spreadsheet_line(&mut line, cells.iter().map(String::as_str));
    out.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_terminal_gets_records_with_whole_words() {
        let mut text = Vec::new();
        let row = ["ietf/draft-some-long-key-of-a-draft", "2026-03-01", "", "Management and orchestration of things"];
        records(&mut text, &["document", "date", "stage", "title"], &[row.map(str::to_owned).to_vec()], 40).expect("memory");
        let text = String::from_utf8(text).expect("text");
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            ["ietf/draft-some-long-key-of-a-draft", "  date: 2026-03-01", "  title: Management and orchestration of", "    things"]
        );
    }

    #[test]
    fn cells_cannot_compute_or_break_out() {
        let mut row = Vec::new();
        csv_row(&mut row, &["=HYPERLINK(\"x\")", "a,b", "＝1", "\t=1", "a\u{1b}[31m\u{202E}b"].map(str::to_owned)).expect("memory");
        let row = String::from_utf8(row).expect("text");
        assert_eq!(row, "\"'=HYPERLINK(\"\"x\"\")\",\"a,b\",\"'＝1\",\"' =1\",a [31mb\r\n");
    }
}
