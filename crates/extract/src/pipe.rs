//! The closed set of pipes.

use std::{collections::BTreeMap, sync::Arc};

use monitor_model::{ComplaintStage, PlainAddress, When};
use regex::Regex;
use scraper::Selector;
use url::Url;

use crate::{
    dates::{Unread, wild},
    formats::{DateForm, read_forms},
    grammar::{PipeText, arguments, unquote},
    locate::Found,
    mistake::{Mistake, did_you_mean},
    notes::{Notes, shorten},
    text::{Reading, collapse, docnum, maybe_html, node_text},
};

/// Names of all pipes, for “did you mean”.
const NAMES: [&str; 19] = [
    "absolute", "all", "base36", "clean", "date", "default", "docnum", "first", "join", "lower", "map", "own", "pad", "regex", "replace",
    "text", "trim", "upper", "without",
];

/// A named table: code → word.
pub(crate) type Table = Arc<BTreeMap<String, String>>;

/// One step from what a locator met to a text.
#[derive(Clone, Debug)]
pub(crate) enum Pipe {
    Absolute,
    Text,
    Own,
    Without(Selector),
    All,
    First,
    Join(String),
    Date(Vec<DateForm>),
    Docnum,
    Map(Option<Table>, String),
    Regex(Box<Regex>),
    Replace(Box<Regex>, String),
    Lower,
    Upper,
    Clean,
    /// Zeros before a number that is shorter.
    Pad(usize),
    /// `i01` is 18.0.1: a digit or letter for each part of a version, or two digits.
    Base36,
    Default(String),
}

impl Pipe {
    /// Makes a pipe of what is written.
    pub(crate) fn compile(key: &str, p: &PipeText<'_>, maps: &BTreeMap<String, BTreeMap<String, String>>) -> Result<Pipe, Mistake> {
        let wrong = |what: String| Mistake::new(key, what).at(p.at);
        let bare = |pipe: Pipe| match p.args.map(str::trim) {
            None | Some("") => Ok(pipe),
            Some(_) => Err(wrong(format!("{} takes no argument", p.name))),
        };
        let one = |example: &str| match p.args {
            Some(a) if !a.is_empty() => Ok(a),
            _ => Err(wrong(format!("{} needs an argument", p.name)).hint(Some(format!("write {example}")))),
        };
        let expression = |text: &str| {
            Regex::new(text).map(Box::new).map_err(|e| {
                let why = e.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                Mistake::new(key, format!("the regular expression cannot be read: {why}")).at(p.args_at)
            })
        };
        match p.name {
            "absolute" => bare(Pipe::Absolute),
            "text" => bare(Pipe::Text),
            "own" => bare(Pipe::Own),
            "all" => bare(Pipe::All),
            "first" => bare(Pipe::First),
            "docnum" => bare(Pipe::Docnum),
            "lower" => bare(Pipe::Lower),
            "base36" => bare(Pipe::Base36),
            "pad" => match one("pad(4)")?.trim().parse() {
                Ok(n) if (1..=20).contains(&n) => Ok(Pipe::Pad(n)),
                _ => Err(wrong("pad needs a number of digits up to 20".into()).hint(Some("write pad(4)".into()))),
            },
            "upper" => bare(Pipe::Upper),
            "clean" | "trim" => bare(Pipe::Clean),
            "without" => {
                let css = unquote(one("without(\"span.badge\")")?);
                Selector::parse(&css)
                    .map(Pipe::Without)
                    .map_err(|e| Mistake::new(key, format!("“{css}” is not a CSS selector: {e}")).at(p.args_at))
            }
            "join" => Ok(Pipe::Join(unquote(p.args.filter(|a| !a.is_empty()).unwrap_or("\", \"")))),
            "default" => Ok(Pipe::Default(unquote(one("default(\"none\")")?))),
            "regex" => expression(&unquote(one("regex(No\\. (\\d+))")?)).map(Pipe::Regex),
            "replace" => match &arguments(one("replace(\"from\", \"to\")")?)[..] {
                [from, to] => Ok(Pipe::Replace(expression(from)?, to.clone())),
                _ => Err(wrong("replace needs two arguments".into()).hint(Some("write replace(\"from\", \"to\")".into()))),
            },
            "map" => {
                let name = unquote(one("map(iso)")?);
                match maps.get(&name) {
                    Some(table) => Ok(Pipe::Map(Some(Arc::new(table.clone())), name)),
                    None if maps.is_empty() => Ok(Pipe::Map(None, name)),
                    None => Err(Mistake::new(key, format!("there is no table “{name}”"))
                        .at(p.args_at)
                        .hint(did_you_mean(&name, maps.keys().map(String::as_str)))),
                }
            }
            "date" => date_forms(p).map(Pipe::Date).map_err(|(at, what)| Mistake::new(key, what).at(p.args_at + at)),
            other => Err(wrong(format!("there is no pipe “{other}”"))
                .hint(did_you_mean(other, NAMES).or_else(|| Some(format!("pipes are {}", NAMES.join(", ")))))),
        }
    }
}

/// `date(%d/%m/%Y, %b %d, %Y)`: a piece that says no year goes on behind the comma.
fn date_forms(p: &PipeText<'_>) -> Result<Vec<DateForm>, (usize, String)> {
    let mut out: Vec<DateForm> = Vec::new();
    let Some(args) = p.args.filter(|a| !a.trim().is_empty()) else { return Ok(out) };
    let mut open: Option<String> = None;
    for arg in arguments(args) {
        let text = match open.take() {
            Some(begun) => format!("{begun}, {arg}"),
            None => arg,
        };
        let form = DateForm::compile(&text).map_err(|(at, what)| (args.find(text.trim()).unwrap_or(0) + at, what))?;
        if form.has_year() {
            out.push(form);
        } else {
            open = Some(text);
        }
    }
    match open {
        Some(text) => Err((0, format!("the date form “{text}” says no year"))),
        None => Ok(out),
    }
}

/// What a field came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Value {
    /// As written; white space is collapsed by who takes them.
    pub(crate) texts: Vec<String>,
    /// Set by the pipe `date`.
    pub(crate) when: Option<When>,
    /// The text that the pipe `date` could not read.
    pub(crate) unread: Option<String>,
    /// Where it stands is a link by which somebody is written or called to.
    pub(crate) reach: bool,
}

impl Value {
    /// One text, whatever it is.
    pub(crate) fn of(text: impl Into<String>) -> Value {
        Value { texts: vec![text.into()], ..Value::default() }
    }

    /// The value as one line; none when nothing is left.
    pub(crate) fn line(&self) -> Option<String> {
        let mut lines = self.texts.iter().map(|t| collapse(t)).filter(|t| !t.is_empty());
        let mut out = lines.next()?;
        for more in lines {
            out.push_str(", ");
            out.push_str(&more);
        }
        Some(out)
    }
}

/// Where a value is made.
pub(crate) struct Place<'c> {
    /// The field, for complaints.
    pub(crate) field: &'c str,
    /// Against which addresses are resolved.
    pub(crate) base: Option<&'c Url>,
}

/// Sends what a locator met through the pipes.
pub(crate) fn run(pipes: &[Pipe], found: Found<'_>, place: &Place<'_>, notes: &mut Notes) -> Value {
    let mut value = Value::default();
    // Keywords are a list whatever stands behind them.
    let mut many = place.field == "keywords";
    let mut reading = Reading::default();
    let mut nodes = match found {
        Found::Nodes(n) => Some(n),
        Found::Texts(t) => {
            value.texts = t;
            None
        }
    };
    for pipe in pipes {
        // What only nodes know.
        match pipe {
            Pipe::All => {
                many = true;
                continue;
            }
            Pipe::First => {
                many = false;
                if let Some(n) = &mut nodes {
                    n.truncate(1);
                }
                value.texts.truncate(1);
                continue;
            }
            Pipe::Own => {
                reading.own = true;
                continue;
            }
            Pipe::Without(css) => {
                reading.without.push(css);
                continue;
            }
            // `join` takes all that the locator met.
            Pipe::Join(_) => many = true,
            _ => {}
        }
        let were_nodes = nodes.is_some();
        if let Some(n) = nodes.take() {
            value.texts = n.into_iter().take(if many { usize::MAX } else { 1 }).map(|n| node_text(n, &reading)).collect();
        } else if !many {
            value.texts.truncate(1);
        }
        match pipe {
            Pipe::Text => {
                if !were_nodes {
                    value.texts.iter_mut().for_each(|t| *t = maybe_html(t));
                }
            }
            Pipe::Absolute => value.texts = value.texts.iter().filter_map(|t| absolute(t, place, notes)).collect(),
            Pipe::Join(sep) => {
                let lines: Vec<String> = value.texts.iter().map(|t| collapse(t)).filter(|t| !t.is_empty()).collect();
                value.texts = if lines.is_empty() { Vec::new() } else { vec![lines.join(sep)] };
                many = false;
            }
            Pipe::Regex(re) => value.texts = value.texts.iter().filter_map(|t| matched(re, t, place, notes)).collect(),
            Pipe::Replace(re, to) => value.texts.iter_mut().for_each(|t| *t = re.replace_all(t, to.as_str()).into_owned()),
            Pipe::Docnum => value.texts.iter_mut().for_each(|t| *t = docnum(t)),
            Pipe::Lower => value.texts.iter_mut().for_each(|t| *t = t.to_lowercase()),
            Pipe::Upper => value.texts.iter_mut().for_each(|t| *t = t.to_uppercase()),
            Pipe::Pad(n) => value.texts.iter_mut().for_each(|t| {
                let line = collapse(t);
                if !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()) {
                    *t = format!("{line:0>n$}");
                }
            }),
            Pipe::Base36 => value.texts = value.texts.iter().map(|t| base36(t, place, notes)).collect(),
            Pipe::Clean => value.texts.iter_mut().for_each(|t| *t = collapse(t)),
            Pipe::Map(Some(table), name) => value.texts.iter_mut().for_each(|t| {
                let line = collapse(t);
                match look_up(table, &line) {
                    Some(word) => *t = word.to_owned(),
                    None if line.is_empty() => {}
                    None => notes.add(
                        ComplaintStage::Validate,
                        format!("field {}: a value is not in the table “{name}” and was kept as it is", place.field),
                        || line.clone(),
                    ),
                }
            }),
            Pipe::Map(None, _) => {}
            Pipe::Date(forms) => date(forms, &mut value, place, notes),
            Pipe::Default(text) => {
                if value.line().is_none() {
                    value.texts = vec![text.clone()];
                }
            }
            Pipe::All | Pipe::First | Pipe::Own | Pipe::Without(_) => {}
        }
    }
    if let Some(n) = nodes {
        value.texts = n.into_iter().take(if many { usize::MAX } else { 1 }).map(|n| node_text(n, &reading)).collect();
    } else if !many {
        value.texts.truncate(1);
    }
    value
}

/// Group 1, else the match; on the text as written, and if that fails on the collapsed one.
fn matched(re: &Regex, text: &str, place: &Place<'_>, notes: &mut Notes) -> Option<String> {
    let take = |t: &str| re.captures(t).and_then(|c| c.get(1).or_else(|| c.get(0))).map(|m| m.as_str().to_owned());
    let line = collapse(text);
    if line.is_empty() {
        return None;
    }
    let got = take(text).or_else(|| take(&line));
    if got.is_none() {
        notes.add(ComplaintStage::Validate, format!("field {}: regex({re}) does not match", place.field), || line.clone());
    }
    got
}

/// `i01` → `18.0.1`, `180001` → `18.0.1`; anything else stays and is complained of.
fn base36(text: &str, place: &Place<'_>, notes: &mut Notes) -> String {
    let line = collapse(text);
    let parts: Option<Vec<String>> = match line.len() {
        3 => line.chars().map(|c| c.to_digit(36).map(|d| d.to_string())).collect(),
        6 if line.bytes().all(|b| b.is_ascii_digit()) => {
            (0..3).map(|i| line[2 * i..2 * i + 2].parse::<u32>().ok().map(|n| n.to_string())).collect()
        }
        _ => None,
    };
    match parts {
        Some(p) if line.is_ascii() => p.join("."),
        _ => {
            let what = format!("field {}: not a version of three or six characters, and kept as it is", place.field);
            notes.add(ComplaintStage::Validate, what, || line.clone());
            line
        }
    }
}

fn look_up<'t>(table: &'t BTreeMap<String, String>, code: &str) -> Option<&'t str> {
    if let Some(word) = table.get(code) {
        return Some(word);
    }
    // ISO writes 60.60 as the number 6060, and 00.98 as 98.
    if code.len() <= 4
        && let Ok(n) = code.parse::<u16>()
        && let Some(word) = table.get(&format!("{:02}.{:02}", n / 100, n % 100))
    {
        return Some(word);
    }
    table.iter().find(|(k, _)| k.eq_ignore_ascii_case(code)).map(|(_, v)| v.as_str())
}

fn date(forms: &[DateForm], value: &mut Value, place: &Place<'_>, notes: &mut Notes) {
    let Some(text) = value.texts.iter().map(|t| collapse(t)).find(|t| !t.is_empty()) else {
        value.texts.clear();
        return;
    };
    match if forms.is_empty() { wild(&text) } else { read_forms(forms, &text) } {
        Ok(when) => {
            value.texts = vec![when.to_string()];
            value.when = Some(when);
        }
        Err(why) => {
            complain_of_date(place.field, why, &text, notes);
            value.unread = Some(text);
        }
    }
}

/// A date that stays as its raw text.
pub(crate) fn complain_of_date(field: &str, why: Unread, text: &str, notes: &mut Notes) {
    let what = match why {
        Unread::Form => format!("field {field}: a date could not be read and was kept as text"),
        Unread::Range => format!("field {field}: a date is empty or out of range and was kept as text"),
    };
    notes.add(ComplaintStage::Validate, what, || text.to_owned());
}

/// The full address; what is no http or ftp address is none.
pub(crate) fn absolute(text: &str, place: &Place<'_>, notes: &mut Notes) -> Option<String> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control() || b == b' ') && PlainAddress::of(text).is_some() {
        return Some(text.to_owned());
    }
    let line: String = text.chars().filter(|c| !c.is_control()).collect();
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'));
    if line.is_empty() {
        return None;
    }
    let (url, whole) = match Url::parse(line) {
        Ok(url) => (Some(url), true),
        Err(_) => (place.base.and_then(|b| b.join(line).ok()), false),
    };
    match url {
        Some(url) if matches!(url.scheme(), "http" | "https" | "ftp" | "ftps") && url.host().is_some() => {
            // An address that is whole stays as the page writes it.
            let plain = whole && line.starts_with(url.scheme()) && !line.contains(char::is_whitespace) && line.is_ascii();
            Some(if plain { line.to_owned() } else { url.to_string() })
        }
        _ => {
            notes.add(ComplaintStage::Validate, format!("field {}: not an address of the web", place.field), || shorten(line));
            None
        }
    }
}
