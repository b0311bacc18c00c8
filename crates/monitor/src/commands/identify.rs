use std::io::{BufRead, Write};

use monitor_model::{Entry, Identified};
use serde_json::{Value, json};

use super::Setup;
use crate::{
    cli::Stateless,
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
};

/// Numbers or entries in, document keys out; a line that is neither gives a line that says so.
pub(super) fn run(setup: &Setup, args: &Stateless) -> Outcome {
    let bodies = setup.bodies()?;
    let mut out = output::stdout();
    for line in lines(&args.file)? {
        let line = line?;
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        let (key, said) = if text.starts_with('{') {
            match serde_json::from_str::<Entry>(text) {
                Ok(entry) => (entry.key.clone(), monitor_identify::identify(bodies, &entry)),
                Err(e) => (None, Identified { reason: Some(format!("not an entry: {e}")), ..Identified::default() }),
            }
        } else {
            // A plain number, or a JSON string.
            let number = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
            (Some(number.clone()), monitor_identify::identify_number(bodies, None, &number))
        };
        let mut value = serde_json::to_value(&said)?;
        if let Value::Object(o) = &mut value {
            if said.reason.is_none() {
                o.remove("reason");
            }
            o.insert("key".to_owned(), json!(key));
        }
        output::json_line(&mut out, &value)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The lines of a file or of standard input.
pub(super) fn lines(file: &str) -> Result<Box<dyn Iterator<Item = std::io::Result<String>>>, Failure> {
    Ok(Box::new(Lines { reader: reader(file)?, buffer: Vec::new() }))
}

/// A file, or standard input for `-`.
pub(super) fn reader(file: &str) -> Result<Box<dyn BufRead>, Failure> {
    if file == "-" {
        return Ok(Box::new(std::io::BufReader::with_capacity(256 << 10, std::io::stdin())));
    }
    let unreadable = |e: std::io::Error| Failure::coded(Code::Input, format!("{file} cannot be read: {e}"));
    let f = std::fs::File::open(file).map_err(unreadable)?;
    // a folder opens well and then has no bytes
    if f.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    Ok(Box::new(std::io::BufReader::with_capacity(256 << 10, f)))
}

/// Lines whose broken UTF-8 is replaced, so that one bad byte costs one letter and not the file.
struct Lines {
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
}

impl Iterator for Lines {
    type Item = std::io::Result<String>;
    fn next(&mut self) -> Option<Self::Item> {
        self.buffer.clear();
        match self.reader.read_until(b'\n', &mut self.buffer) {
            Ok(0) => None,
            Ok(_) => Some(Ok(String::from_utf8_lossy(&self.buffer).trim_start_matches('\u{feff}').to_owned())),
            Err(e) => Some(Err(e)),
        }
    }
}
