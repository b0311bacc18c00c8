use std::collections::BTreeMap;

use monitor_model::{CsvOptions, Expect, Field, Kind, Pages, Source, SourceKind, StopRule};
use scraper::Selector;
use serde_json_path::JsonPath;

use crate::{
    filter::Filter,
    glob::Glob,
    grammar,
    locate::{self, Css, DIR_WORDS, FEED_WORDS, Locator},
    mistake::{Mistake, did_you_mean},
    path::Path,
    pipe::Pipe,
};

/// Fields that an entry has; every other name goes to `extra`.
const KNOWN: [&str; 17] = [
    "body",
    "date",
    "deadline",
    "group",
    "keywords",
    "kind",
    "lang",
    "number",
    "published",
    "source_key",
    "stage",
    "stage_date",
    "summary",
    "title",
    "updated",
    "url",
    "version",
];

/// Words of their own, though they look like a slip of the pen for a known field.
const ORDINARY: [&str; 7] = ["state", "rate", "lane", "land", "mind", "dates", "find"];

/// A source declaration, compiled: selectors, expressions and paths are read once.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub(crate) kind: SourceKind,
    pub(crate) body: String,
    pub(crate) group: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) item_kind: Option<Kind>,
    pub(crate) fields: Vec<FieldRule>,
    pub(crate) filter: Option<Filter>,
    pub(crate) container: Option<Shown<Selector>>,
    pub(crate) item: Option<Shown<Selector>>,
    pub(crate) items: Option<Shown<JsonPath>>,
    /// The path without its final `[*]`: the list in which the rows stand.
    pub(crate) parent: Option<JsonPath>,
    pub(crate) lines: bool,
    pub(crate) csv: CsvOptions,
    pub(crate) matches: Vec<Glob>,
    pub(crate) enter: Vec<Vec<Glob>>,
    pub(crate) latest: Option<usize>,
    pub(crate) pages: Option<Pages>,
    pub(crate) next: Option<Place>,
    pub(crate) total: Option<Place>,
    pub(crate) expect: Expect,
}

impl Recipe {
    /// The contract that the source declares.
    pub fn expect(&self) -> &Expect {
        &self.expect
    }
}

/// Something compiled, with the text that it came from.
#[derive(Clone, Debug)]
pub(crate) struct Shown<T> {
    pub(crate) text: String,
    pub(crate) it: T,
}

/// Where on a page the next address or the total stands.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Css(Css),
    Path(Path),
}

/// One field.
#[derive(Clone, Debug)]
pub(crate) struct FieldRule {
    /// `date` is `published` here.
    pub(crate) name: String,
    pub(crate) rule: Rule,
    /// Not declared but usual for the kind: nobody complains when it meets nothing.
    pub(crate) usual: bool,
}

/// How its value comes about.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    Find { locator: Locator, pipes: Vec<Pipe>, text: String },
    Const(String),
    Template(Vec<Piece>),
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Name(String),
}

/// Compiles a source; all mistakes at once.
///
/// `maps` are the named tables of the pipe `map`; when it is empty, their names are not checked and values stay as they are.
///
/// # Errors
/// Every mistake of the declaration.
pub fn compile(source: &Source, maps: &BTreeMap<String, BTreeMap<String, String>>) -> Result<Recipe, Vec<Mistake>> {
    let mut c = Compiler { source, maps, mistakes: Vec::new() };
    let recipe = c.recipe();
    if c.mistakes.is_empty() { Ok(recipe) } else { Err(c.mistakes) }
}

struct Compiler<'s> {
    source: &'s Source,
    maps: &'s BTreeMap<String, BTreeMap<String, String>>,
    mistakes: Vec<Mistake>,
}

impl Compiler<'_> {
    fn recipe(&mut self) -> Recipe {
        let s = self.source;
        self.check_keys();
        let fields = self.fields();
        self.check_names();
        let filter = s.filter.as_deref().and_then(|text| match Filter::parse(text) {
            Ok(f) => Some(f),
            Err((at, what)) => self.miss(Mistake::new("where", what).at(at)),
        });
        if let Some(f) = &filter {
            self.check_filter(f);
        }
        let items = s.items.as_deref().and_then(|t| self.json_path("items", t));
        let parent = s.items.as_deref().and_then(|t| t.trim().strip_suffix("[*]")).and_then(|t| JsonPath::parse(t).ok());
        let next = s.page.as_ref().and_then(|p| p.next.as_deref()).and_then(|t| self.place("page.next", t));
        let total = s.page.as_ref().and_then(|p| p.total.as_deref()).and_then(|t| self.place("page.total", t));
        Recipe {
            kind: s.kind,
            body: s.body.clone(),
            group: s.group.clone(),
            lang: s.lang.clone(),
            item_kind: s.item_kind,
            fields,
            filter,
            container: s.container.as_deref().and_then(|t| self.selector("container", t)),
            item: s.item.as_deref().and_then(|t| self.selector("item", t)),
            items,
            parent,
            lines: s.lines,
            csv: s.csv.clone(),
            matches: s.matches.iter().map(|g| Glob::new(g)).collect(),
            enter: s.enter.iter().map(|p| p.split('/').filter(|x| !x.is_empty()).map(Glob::new).collect()).collect(),
            latest: s.latest,
            pages: s.page.clone(),
            next,
            total,
            expect: s.expect.clone().unwrap_or_default(),
        }
    }

    fn miss<T>(&mut self, m: Mistake) -> Option<T> {
        self.mistakes.push(m);
        None
    }

    fn selector(&mut self, key: &str, text: &str) -> Option<Shown<Selector>> {
        match locate::selector(key, text.trim(), 0) {
            Ok(it) => Some(Shown { text: text.to_owned(), it }),
            Err(m) => self.miss(m),
        }
    }

    fn json_path(&mut self, key: &str, text: &str) -> Option<Shown<JsonPath>> {
        match JsonPath::parse(text.trim()) {
            Ok(it) => Some(Shown { text: text.to_owned(), it }),
            Err(e) => self.miss(
                Mistake::new(key, format!("“{text}” is not a JSONPath: {}", e.message()))
                    .at(e.position())
                    .hint(Some("write e.g. \"$.standards[*]\"; \"$\" is the whole document".into())),
            ),
        }
    }

    fn place(&mut self, key: &str, text: &str) -> Option<Place> {
        let got = match self.source.kind {
            SourceKind::Json => Path::parse(text).map(Place::Path).map_err(|(at, what)| Mistake::new(key, what).at(at)),
            _ => locate::css(key, text).map(Place::Css),
        };
        got.map_err(|m| self.mistakes.push(m)).ok()
    }

    fn fields(&mut self) -> Vec<FieldRule> {
        let mut out: Vec<FieldRule> = Vec::new();
        for (name, field) in &self.source.fields {
            let key = format!("fields.{name}");
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
                self.mistakes.push(Mistake::new(&key, "a field's name is made of letters, digits, _ and -"));
            }
            if !KNOWN.contains(&name.as_str())
                && !ORDINARY.contains(&name.as_str())
                && let Some(hint) = did_you_mean(name, KNOWN)
            {
                // Other names are allowed (`question`, `timing`), but a slip of the pen is not one of them.
                self.mistakes.push(Mistake::new(&key, format!("“{name}” is not a field")).hint(Some(hint)));
            }
            if name == "date" && self.source.fields.contains_key("published") {
                self.mistakes.push(Mistake::new(&key, "“date” and “published” are the same field: leave one out"));
            }
            let rule = match field {
                Field::Const(c) => Some(Rule::Const(c.clone())),
                Field::Template(t) => match template(t) {
                    Ok(pieces) => {
                        self.check_template(&key, t, &pieces);
                        Some(Rule::Template(pieces))
                    }
                    Err((at, what)) => self.miss(Mistake::new(&key, what).at(at)),
                },
                Field::Locator(text) => self.find(&key, text),
            };
            if let Some(rule) = rule {
                out.push(FieldRule { name: if name == "date" { "published".into() } else { name.clone() }, rule, usual: false });
            }
        }
        self.usual_fields(&mut out);
        out
    }

    /// JSON and CSV rows have keys that nobody declares; elsewhere a template can only name fields and the kind's own words.
    fn check_template(&mut self, key: &str, text: &str, pieces: &[Piece]) {
        let words: &[&str] = match self.source.kind {
            SourceKind::Json | SourceKind::Csv => return,
            SourceKind::Feed => &FEED_WORDS,
            SourceKind::Dir => &DIR_WORDS,
            _ => &[],
        };
        let fields = &self.source.fields;
        for piece in pieces {
            let Piece::Name(name) = piece else { continue };
            let known = fields.contains_key(name) || words.contains(&name.as_str()) || name == "published" && fields.contains_key("date");
            if !known {
                let near = did_you_mean(name, fields.keys().map(String::as_str).chain(words.iter().copied()));
                let at = text.find(name.as_str()).unwrap_or(0);
                self.mistakes.push(Mistake::new(key, format!("“{name}” is not declared under fields")).at(at).hint(near));
            }
        }
    }

    /// What a feed item and a file have without being asked.
    fn usual_fields(&self, out: &mut Vec<FieldRule>) {
        let usual: &[(&str, &'static str)] = match self.source.kind {
            SourceKind::Feed => &[("title", "title"), ("url", "link"), ("published", "date"), ("summary", "text"), ("source_key", "id")],
            SourceKind::Dir if self.source.fields.is_empty() => &[("title", "name"), ("url", "url"), ("published", "mtime")],
            SourceKind::Dir => &[("url", "url")],
            _ => &[],
        };
        for (name, word) in usual {
            if !out.iter().any(|f| f.name == *name) {
                let rule = Rule::Find { locator: Locator::Word(word), pipes: Vec::new(), text: (*word).to_owned() };
                out.push(FieldRule { name: (*name).to_owned(), rule, usual: true });
            }
        }
    }

    fn find(&mut self, key: &str, text: &str) -> Option<Rule> {
        let parts = match grammar::split(text) {
            Ok(p) => p,
            Err(slip) => return self.miss(Mistake::new(key, slip.what).at(slip.at)),
        };
        let locator = match self.locator(key, parts.locator) {
            Ok(l) => Some(l),
            Err(mut m) => {
                let lead = text.len() - text.trim_start().len();
                m.at = m.at.map(|at| at + lead);
                self.miss(m)
            }
        };
        let mut pipes = Vec::new();
        for p in &parts.pipes {
            match Pipe::compile(key, p, self.maps) {
                Ok(p) => pipes.push(p),
                Err(m) => self.mistakes.push(m),
            }
        }
        Some(Rule::Find { locator: locator?, pipes, text: parts.locator.to_owned() })
    }

    fn locator(&self, key: &str, text: &str) -> Result<Locator, Mistake> {
        match self.source.kind {
            SourceKind::List | SourceKind::Page => locate::html(key, text),
            SourceKind::Json => Path::parse(text).map(Locator::Path).map_err(|(at, what)| Mistake::new(key, what).at(at)),
            SourceKind::Csv if text.is_empty() => Err(Mistake::new(key, "the name of a column is expected")),
            SourceKind::Csv => Ok(Locator::Column(grammar::unquote(text))),
            SourceKind::Dir => locate::word(key, text, &DIR_WORDS),
            SourceKind::Feed => locate::word(key, text, &FEED_WORDS),
            SourceKind::None => Err(Mistake::new(key, "kind “none” is watched by nobody and has no fields")),
        }
    }

    /// Keys that a kind needs, and keys that mean nothing to it.
    fn check_keys(&mut self) {
        let s = self.source;
        let kind = format!("{:?}", s.kind).to_lowercase();
        if s.kind != SourceKind::None && s.url.as_deref().unwrap_or_default().trim().is_empty() {
            self.mistakes.push(Mistake::new("url", format!("kind “{kind}” needs an address")));
        }
        if !s.each.is_empty() && !s.url.as_deref().unwrap_or_default().contains("{id}") {
            self.mistakes.push(Mistake::new("each", "“url” has no {id} for the members of “each” to stand in"));
        }
        if s.kind == SourceKind::List && s.item.is_none() {
            self.mistakes.push(Mistake::new("item", "kind “list” needs “item”: the selector of one row"));
        }
        if matches!(s.kind, SourceKind::List | SourceKind::Page | SourceKind::Csv) || s.kind == SourceKind::Json && !s.fields.is_empty() {
            let named = s.fields.contains_key("title") || s.fields.contains_key("number");
            if !named {
                self.mistakes.push(Mistake::new("fields", "an entry needs a title or a number: declare one of the two"));
            }
        }
        if s.kind == SourceKind::Json && s.fields.is_empty() {
            self.mistakes.push(Mistake::new("fields", "kind “json” needs fields, at least title or number"));
        }
        let alien: [(&str, bool, &[SourceKind]); 8] = [
            ("container", s.container.is_some(), &[SourceKind::List, SourceKind::Page]),
            ("item", s.item.is_some(), &[SourceKind::List]),
            ("items", s.items.is_some(), &[SourceKind::Json]),
            ("lines", s.lines, &[SourceKind::Json]),
            ("csv", s.csv != CsvOptions::default(), &[SourceKind::Csv]),
            ("enter", !s.enter.is_empty(), &[SourceKind::Dir]),
            ("match", !s.matches.is_empty(), &[SourceKind::Dir]),
            ("latest", s.latest.is_some(), &[SourceKind::Dir]),
        ];
        for (key, set, kinds) in alien {
            if set && !kinds.contains(&s.kind) {
                self.mistakes.push(Mistake::new(key, format!("means nothing to kind “{kind}”")));
            }
        }
        if s.lines && s.items.is_some() {
            self.mistakes.push(Mistake::new("items", "with “lines = true” every line is an item: leave “items” out"));
        }
        if let Some(c) = s.csv.delimiter
            && (!c.is_ascii() || matches!(c, '\n' | '\r' | '"'))
        {
            self.mistakes.push(Mistake::new("csv.delimiter", format!("“{c}” cannot separate cells: use one ASCII character")));
        }
        if let Some(p) = &s.page {
            self.check_pages(p);
        }
        let expect = s.expect.clone().unwrap_or_default();
        for (field, share) in &expect.fill {
            if !(0.0..=1.0).contains(share) {
                self.mistakes.push(Mistake::new(format!("expect.fill.{field}"), "a share lies between 0 and 1"));
            }
        }
        if !expect.columns.is_empty() && s.kind != SourceKind::Csv {
            self.mistakes.push(Mistake::new("expect.columns", "only “csv” has columns"));
        }
        if let (Some(min), Some(max)) = (expect.min_items, expect.max_items)
            && min > max
        {
            self.mistakes.push(Mistake::new("expect.max_items", format!("{max} is less than min_items {min}")));
        }
    }

    fn check_pages(&mut self, p: &Pages) {
        if p.max == 0 {
            self.mistakes.push(Mistake::new("page.max", "paging needs “max”, the number of pages at most"));
        }
        if p.param.is_some() == p.next.is_some() {
            self.mistakes.push(Mistake::new("page", "paging needs either “param” or “next”"));
        }
        if p.step == Some(0) {
            self.mistakes.push(Mistake::new("page.step", "a step of 0 asks for the same page for ever"));
        }
        if p.stop == StopRule::Total && p.total.is_none() {
            self.mistakes.push(Mistake::new("page.total", "stop = \"total\" needs “total”: where the number of all rows stands"));
        }
        if p.next.is_some() && (self.source.lines || matches!(self.source.kind, SourceKind::Csv | SourceKind::Dir)) {
            self.mistakes.push(Mistake::new("page.next", "this kind has no place for a next address"));
        }
    }

    /// `identity`, `track`, `volatile` and `expect.fill` name fields.
    fn check_names(&mut self) {
        let s = self.source;
        let mut have: Vec<&str> = s.fields.keys().map(String::as_str).collect();
        if matches!(s.kind, SourceKind::Feed | SourceKind::Dir) || s.fields.is_empty() {
            have.extend(["title", "url", "date", "summary", "source_key"]);
        }
        have.extend(["body", "group", "lang", "kind", "url"]);
        // `identify` reads these out of the number, or of an address that carries one.
        have.extend(["number", "version", "stage"]);
        if have.contains(&"date") {
            have.push("published");
        }
        if have.contains(&"published") {
            have.push("date");
        }
        if s.kind == SourceKind::None {
            return;
        }
        let fill: Vec<String> = s.expect.iter().flat_map(|e| e.fill.keys().cloned()).collect();
        let track = s.track.clone().unwrap_or_default();
        for (key, names) in [("identity", &s.identity), ("track", &track), ("volatile", &s.volatile), ("expect.fill", &fill)] {
            for name in names {
                if !have.contains(&name.as_str()) {
                    self.mistakes.push(
                        Mistake::new(key, format!("“{name}” is not declared under fields")).hint(did_you_mean(name, have.iter().copied())),
                    );
                }
            }
        }
    }

    /// Where rows have no raw keys, `where` asks for fields.
    fn check_filter(&mut self, filter: &Filter) {
        if matches!(self.source.kind, SourceKind::Json | SourceKind::Csv) {
            return;
        }
        let mut have: Vec<&str> = self.source.fields.keys().map(String::as_str).collect();
        match self.source.kind {
            SourceKind::Feed => have.extend(FEED_WORDS),
            SourceKind::Dir => have.extend(DIR_WORDS),
            _ => {}
        }
        if have.contains(&"date") {
            have.push("published");
        }
        for name in filter.names() {
            if !have.contains(&name) {
                let at = self.source.filter.as_deref().and_then(|t| t.find(name)).unwrap_or(0);
                self.mistakes
                    .push(Mistake::new("where", format!("“{name}” is not a field")).at(at).hint(did_you_mean(name, have.iter().copied())));
            }
        }
    }
}

/// Cuts `…{name}…`; `{{` and `}}` are braces.
pub(crate) fn template(text: &str) -> Result<Vec<Piece>, (usize, String)> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut i = 0;
    while let Some(c) = text[i..].chars().next() {
        if text[i..].starts_with("{{") || text[i..].starts_with("}}") {
            plain.push(c);
            i += 2;
        } else if c == '{' {
            let end = text[i..].find('}').ok_or((i, "“}” is missing".to_owned()))?;
            let name = text[i + 1..i + end].trim();
            if name.is_empty() {
                return Err((i, "the name of a field is missing in { }".to_owned()));
            }
            if !plain.is_empty() {
                out.push(Piece::Text(std::mem::take(&mut plain)));
            }
            out.push(Piece::Name(name.to_owned()));
            i += end + 1;
        } else {
            plain.push(c);
            i += c.len_utf8();
        }
    }
    if !plain.is_empty() {
        out.push(Piece::Text(plain));
    }
    Ok(out)
}
