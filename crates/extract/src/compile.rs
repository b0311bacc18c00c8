//! A declaration to a [`Recipe`], or every mistake in it.

use std::collections::BTreeMap;

use monitor_model::{Detail, Entry, Field, Source, SourceKind};
use scraper::Selector;
use serde_json_path::JsonPath;

use crate::{
    elements::ElementPath,
    filter::Filter,
    glob::Glob,
    grammar,
    locate::{self, DIR_WORDS, FEED_WORDS, Locator},
    mistake::{Mistake, did_you_mean},
    path::Path,
    pipe::Pipe,
    private::{is_of_a_person, names_a_person},
    recipe::{DetailRecipe, FieldRule, Find, Piece, Place, Recipe, Rule, Shown, template},
    remedy::remedy,
};

/// Fields that an entry has, and the other names of its date; every other name goes to `extra`.
fn known() -> impl Iterator<Item = &'static str> {
    Entry::FIELDS.into_iter().chain(["date", "updated"])
}

/// Words of their own, though they look like a slip of the pen for a known field.
const ORDINARY: [&str; 7] = ["state", "rate", "lane", "land", "mind", "dates", "find"];

/// Kinds whose rows have keys that nobody declares.
pub(crate) fn has_raw_keys(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Json | SourceKind::Csv | SourceKind::Xml | SourceKind::Xlsx)
}

/// Compiles a source; all mistakes at once.
///
/// `maps` are the named tables of the pipe `map`; when it is empty, their names are not checked and values stay as they are.
///
/// # Errors
/// Every mistake of the declaration.
pub fn compile(source: &Source, maps: &BTreeMap<String, BTreeMap<String, String>>) -> Result<Recipe, Vec<Mistake>> {
    let mut c = Compiler { source, maps, part: false, mistakes: Vec::new() };
    let recipe = c.recipe();
    if c.mistakes.is_empty() {
        return Ok(recipe);
    }
    let told = |m: Mistake| match m.hint {
        None => Mistake { hint: Some(remedy(&m.key, source.kind).to_owned()), ..m },
        Some(_) => m,
    };
    Err(c.mistakes.into_iter().map(told).collect())
}

/// The path to the list of which a path takes members: without its last `[*]`, `[?…]` or `[0:5]`.
fn parent_of(path: &str) -> Option<&str> {
    let path = path.trim();
    let (mut open, mut quote, mut last) = (Vec::new(), None, None);
    for (i, c) in path.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => open.push(i),
            (None, ']') => last = open.pop().filter(|_| open.is_empty() && i + 1 == path.len()),
            _ => {}
        }
    }
    let at = last?;
    let inner = path[at + 1..path.len() - 1].trim();
    let takes = inner == "*" || inner.starts_with('?') || inner.contains(':') && !inner.starts_with(['"', '\'']);
    takes.then(|| &path[..at])
}

pub(crate) struct Compiler<'s> {
    pub(crate) source: &'s Source,
    maps: &'s BTreeMap<String, BTreeMap<String, String>>,
    /// It is the detail of a source.
    pub(crate) part: bool,
    pub(crate) mistakes: Vec<Mistake>,
}

impl Compiler<'_> {
    fn recipe(&mut self) -> Recipe {
        let s = self.source;
        self.check_keys();
        self.check_values();
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
        let parent = s.items.as_deref().and_then(parent_of).and_then(|t| JsonPath::parse(t).ok());
        let elements = if s.kind == SourceKind::Xml { self.elements() } else { None };
        let members = s.decode.as_deref().and_then(|t| self.members(t));
        let detail = s.detail.as_ref().and_then(|d| self.detail(d)).map(Box::new);
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
            container: s.container.as_deref().filter(|_| s.kind != SourceKind::Xml).and_then(|t| self.selector("container", t)),
            item: s.item.as_deref().filter(|_| s.kind != SourceKind::Xml).and_then(|t| self.selector("item", t)),
            items,
            parent,
            lines: s.lines,
            format: s.format,
            csv: s.csv.clone(),
            xlsx: s.xlsx.clone(),
            elements,
            members,
            pages_by_form: s.pages_by_form().is_some(),
            part: self.part,
            detail,
            matches: s.matches.iter().map(|g| Glob::new(g)).collect(),
            enter: s.enter.iter().map(|p| p.split('/').filter(|x| !x.is_empty()).map(Glob::new).collect()).collect(),
            latest: s.latest,
            pages: s.page.clone(),
            next,
            total,
            expect: s.expect.clone().unwrap_or_default(),
        }
    }

    pub(crate) fn miss<T>(&mut self, m: Mistake) -> Option<T> {
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
            Err(e) => self.miss(Mistake::new(key, format!("“{text}” is not a JSONPath: {}", e.message())).at(e.position()).hint(Some(
                "write e.g. \"$.standards[*]\" or \"$['case-studies'][?@.state=='open']\"; \"$\" is the whole document".into(),
            ))),
        }
    }

    fn place(&mut self, key: &str, text: &str) -> Option<Place> {
        let got = match self.source.kind {
            SourceKind::Json => Path::parse(text).map(Place::Path).map_err(|(at, what)| Mistake::new(key, what).at(at)),
            SourceKind::Xml => ElementPath::parse(text).map(Place::Element).map_err(|what| Mistake::new(key, what)),
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
            if known().all(|k| k != name)
                && !ORDINARY.contains(&name.as_str())
                && let Some(hint) = did_you_mean(name, known())
            {
                // Other names are allowed (`question`, `timing`), but a slip of the pen is not one of them.
                self.mistakes.push(Mistake::new(&key, format!("“{name}” is not a field")).hint(Some(hint)));
            }
            if name == "date" && self.source.fields.contains_key("published") {
                self.mistakes.push(Mistake::new(&key, "“date” and “published” are the same field: leave one out"));
            }
            let rule = match field {
                Field::Const(c) => Some(Rule::Const(c.clone())),
                Field::Template { template: t, pipes } => match template(t) {
                    Ok(pieces) => {
                        self.check_template(&key, t, &pieces);
                        let pipes = pipes.as_deref().map(|p| self.pipes(&key, p)).unwrap_or_default();
                        Some(Rule::Template(pieces, pipes))
                    }
                    Err((at, what)) => self.miss(Mistake::new(&key, what).at(at)),
                },
                Field::Locator(text) => self.find(&key, text).map(Rule::Find),
                Field::Any(list) => {
                    let finds: Vec<Find> = list.iter().filter_map(|text| self.find(&key, text)).collect();
                    (finds.len() == list.len()).then_some(Rule::Any(finds))
                }
            };
            if let Some(rule) = rule {
                let person = is_of_a_person(name) || rule.finds().iter().any(|f| names_a_person(&f.locator, &f.text));
                out.push(FieldRule { name: if name == "date" { "published".into() } else { name.clone() }, rule, usual: false, person });
            }
        }
        self.usual_fields(&mut out);
        out
    }

    /// JSON and CSV rows have keys that nobody declares; elsewhere a template can only name fields and the kind's own words.
    fn check_template(&mut self, key: &str, text: &str, pieces: &[Piece]) {
        let words: &[&str] = match self.source.kind {
            kind if has_raw_keys(kind) => return,
            SourceKind::Feed => &FEED_WORDS,
            SourceKind::Dir => &DIR_WORDS,
            _ => &[],
        };
        let fields = &self.source.fields;
        for piece in pieces {
            let Piece::Name { name, .. } = piece else { continue };
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
                let rule = Rule::Find(Find { locator: Locator::Word(word), pipes: Vec::new(), text: (*word).to_owned() });
                out.push(FieldRule { name: (*name).to_owned(), rule, usual: true, person: false });
            }
        }
    }

    fn find(&mut self, key: &str, text: &str) -> Option<Find> {
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
        let pipes = self.compile_pipes(key, &parts.pipes);
        Some(Find { locator: locator?, pipes, text: parts.locator.to_owned() })
    }

    /// The pipes behind a template: *pipe* `|` *pipe* …
    fn pipes(&mut self, key: &str, text: &str) -> Vec<Pipe> {
        let key = format!("{key}.pipes");
        let whole = format!("|{text}");
        match grammar::split(&whole) {
            Ok(parts) => self.compile_pipes(&key, &parts.pipes),
            Err(slip) => {
                self.mistakes.push(Mistake::new(&key, slip.what).at(slip.at.saturating_sub(1)));
                Vec::new()
            }
        }
    }

    fn compile_pipes(&mut self, key: &str, texts: &[grammar::PipeText<'_>]) -> Vec<Pipe> {
        let mut pipes = Vec::new();
        for p in texts {
            match Pipe::compile(key, p, self.maps) {
                Ok(p) => pipes.push(p),
                Err(m) => self.mistakes.push(m),
            }
        }
        pipes
    }

    /// `xml`: where the rows stand, and one row.
    fn elements(&mut self) -> Option<(Option<ElementPath>, ElementPath)> {
        let s = self.source;
        let mut read = |key: &str, text: &str| match ElementPath::parse(text) {
            Ok(p) => Some(p),
            Err(what) => self.miss(Mistake::new(key, what).hint(Some("write e.g. \"rfc-index/rfc-entry\"".into()))),
        };
        let container = s.container.as_deref().map(|t| read("container", t));
        let item = match s.item.as_deref().or(s.items.as_deref()) {
            Some(text) => read("item", text),
            // The whole document is the one row of a detail.
            None => Some(ElementPath::default()),
        };
        Some((container.unwrap_or_default(), item?))
    }

    /// `zip:members.json`.
    fn members(&mut self, text: &str) -> Option<Shown<Glob>> {
        let glob = text.strip_prefix("zip:").map(str::trim).filter(|g| !g.is_empty());
        match glob {
            Some(g) => Some(Shown { text: g.to_owned(), it: Glob::new(g) }),
            None => self.miss(
                Mistake::new("decode", format!("“{text}” is no way to unpack"))
                    .hint(Some("write \"zip:\" and the name of a member, or a glob: \"zip:*.json\"".into())),
            ),
        }
    }

    /// The second request, compiled as a source of its own whose rows need no name.
    fn detail(&mut self, d: &Detail) -> Option<DetailRecipe> {
        self.check_detail(d);
        let template_text = d.url.as_deref().unwrap_or("{url}");
        let url = match template(template_text) {
            Ok(pieces) => pieces,
            Err((at, what)) => return self.miss(Mistake::new("detail.url", what).at(at)),
        };
        let source = Source {
            body: self.source.body.clone(),
            kind: d.kind,
            url: Some("https://example.org/".to_owned()),
            format: d.format,
            items: d.items.clone().or_else(|| (d.kind == SourceKind::Json).then(|| "$".to_owned())),
            container: d.container.clone(),
            fields: d.fields.clone(),
            ..Source::default()
        };
        let mut c = Compiler { source: &source, maps: self.maps, part: true, mistakes: Vec::new() };
        let recipe = c.recipe();
        self.mistakes.extend(c.mistakes.into_iter().map(|m| Mistake { key: format!("detail.{}", m.key), ..m }));
        Some(DetailRecipe { url, recipe })
    }

    fn locator(&self, key: &str, text: &str) -> Result<Locator, Mistake> {
        match self.source.kind {
            SourceKind::List | SourceKind::Page => locate::html(key, text),
            SourceKind::Json => Path::parse(text).map(Locator::Path).map_err(|(at, what)| Mistake::new(key, what).at(at)),
            SourceKind::Xml => ElementPath::parse(text).map(Locator::Element).map_err(|what| Mistake::new(key, what)),
            SourceKind::Csv | SourceKind::Xlsx if text.is_empty() => Err(Mistake::new(key, "the name of a column is expected")),
            SourceKind::Csv | SourceKind::Xlsx => Ok(Locator::Column(grammar::unquote(text))),
            SourceKind::Dir => locate::word(key, text, &DIR_WORDS),
            SourceKind::Feed => locate::word(key, text, &FEED_WORDS),
            SourceKind::None => Err(Mistake::new(key, "kind “none” is watched by nobody and has no fields")),
        }
    }
}
