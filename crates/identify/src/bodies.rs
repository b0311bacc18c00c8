use std::collections::BTreeMap;

use monitor_model::{Access, DocumentKey, Relation, RelationKind, StageCode};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    BodiesError, Home,
    error::position,
    stages::{StageRules, fold},
    table::{Spec, Table},
};

/// `data/bodies.toml`, ready for use: bodies with their number tables, maps of codes, stage words, the home group.
#[derive(Debug, Default)]
pub struct Bodies {
    bodies: Vec<Body>,
    names: BTreeMap<String, Vec<usize>>,
    announce: Vec<Announce>,
    maps: BTreeMap<String, BTreeMap<String, String>>,
    stages: BTreeMap<String, StageRules>,
    home: Home,
    facts: BTreeMap<DocumentKey, Vec<Relation>>,
}

/// One body.
#[derive(Debug)]
pub struct Body {
    /// As its own people write it, e.g. `ITU-T`.
    pub id: String,
    /// First segment of its keys, e.g. `itu-t`.
    pub slug: String,
    /// In full.
    pub name: String,
    /// Whether it only keeps the documents of others, such as arXiv.
    pub repository: bool,
    /// What kind of body it is.
    pub role: Role,
    /// What its texts cost where no source says otherwise.
    pub access: Access,
    /// Where it speaks for, e.g. `europe`; empty when nobody wrote it down.
    pub region: String,
    /// Language of its texts (ISO 639-1); empty when nobody wrote it down.
    pub lang: String,
    /// Its committees and groups, as far as they are known.
    pub groups: Vec<Group>,
    /// Under which `[stage.…]` its words stand.
    pub(crate) stage: String,
    pub(crate) tables: Vec<Table>,
}

/// What kind of body it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Makes standards.
    #[default]
    Sdo,
    /// Of a state, or of states together.
    Agency,
    /// Association of an industry, or foundation.
    Industry,
    /// Research, or keeper of its results.
    Research,
    /// Sells products.
    Vendor,
}

/// A committee or group of a body.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// As its own people write it, e.g. `TC SAI`.
    pub id: String,
    /// What it is about.
    #[serde(default)]
    pub name: String,
    /// Other names that sources give it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A word at the start of a number that says whose number it is.
#[derive(Debug)]
pub(crate) struct Announce {
    pub word: String,
    pub body: usize,
    /// Whether the word is cut off before the tables are asked.
    pub cut: bool,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    /// The file's grammar; 1.
    #[schemars(with = "u32")]
    schema: Spanned<u32>,
    /// The bodies.
    #[serde(default)]
    body: Vec<BodyToml>,
    /// For the pipe `map(NAME)` of sources: code to the body's own word.
    #[serde(default)]
    map: BTreeMap<String, BTreeMap<String, String>>,
    /// Normalized stage to the words of a body; `*` at the start or end stands for any text.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Vec<String>>>")]
    stage: BTreeMap<String, Spanned<BTreeMap<String, Vec<String>>>>,
    /// The group for which the monitor works.
    #[serde(default)]
    home: Home,
    /// Facts about two documents that no rule can say.
    #[serde(default)]
    relation: Vec<RelationToml>,
}

/// A fact about two documents that no rule can say.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RelationToml {
    /// A number with its body's name.
    #[schemars(with = "String")]
    from: Spanned<String>,
    /// How the first stands to the second.
    kind: RelationKind,
    /// A number with its body's name.
    #[schemars(with = "String")]
    to: Spanned<String>,
    /// Where it stands: a fact without a source is not taken.
    #[schemars(with = "String")]
    source: Spanned<String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct BodyToml {
    /// As its own people write it.
    #[schemars(with = "String")]
    id: Spanned<String>,
    /// First part of the keys of its documents.
    slug: String,
    /// In full.
    #[serde(default)]
    name: String,
    /// Other names that sources give it.
    #[serde(default)]
    aliases: Vec<String>,
    /// Words before a number that name the body and are cut off.
    #[serde(default)]
    announce: Vec<String>,
    /// The same, not cut off.
    #[serde(default)]
    keep: Vec<String>,
    /// Under which `[stage.NAME]` its words stand; its own id when absent.
    stage: Option<String>,
    /// It only keeps the documents of others.
    #[serde(default)]
    repository: bool,
    /// What kind of body it is.
    #[serde(default)]
    role: Role,
    /// What its texts cost where no source says otherwise.
    #[serde(default)]
    access: Access,
    /// Where it speaks for.
    #[serde(default)]
    region: String,
    /// Language of its texts (ISO 639-1).
    #[serde(default)]
    lang: String,
    /// Its committees and groups.
    #[serde(default)]
    groups: Vec<Group>,
    /// The forms of its numbers.
    #[serde(default)]
    number: Vec<NumberToml>,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct NumberToml {
    /// For people.
    name: String,
    /// Regular expression over the whole number, with named groups such as series, number, part, version.
    #[schemars(with = "String")]
    pattern: Spanned<String>,
    /// Template of the key: `{group}` is filled in, `[ … ]` is dropped when a group in it is missing.
    key: String,
    /// Template of the number as it is printed.
    normal: String,
    /// Template of the key without part or version, for what belongs together.
    root: Option<String>,
    /// Another body whose document it is.
    body: Option<String>,
    /// The normalized stage of every document with such a number, by a rule of its body; taken where nobody states a stage.
    certain: Option<String>,
    /// Code for what no pattern can say.
    fix: Option<String>,
    /// May be tried when nobody says whose number it is.
    #[serde(default)]
    open: bool,
    /// May be tried on GROUP-number, with the group that the source names.
    #[serde(default)]
    grouped: bool,
    /// Groups with fixed values.
    #[serde(default)]
    set: BTreeMap<String, String>,
    /// Groups that are written in capitals.
    #[serde(default)]
    upper: Vec<String>,
    /// `[number, key]`: read again by `monitor check`.
    #[serde(default)]
    examples: Vec<(String, String)>,
}

impl Bodies {
    /// Reads the file.
    ///
    /// # Errors
    /// With line and column: no TOML, an unknown key, a pattern or template that cannot work, an unknown stage.
    pub fn parse(text: &str) -> Result<Bodies, BodiesError> {
        let file: File = toml::from_str(text).map_err(|e| BodiesError::from_toml(text, &e))?;
        let syntax = |span, what: String| {
            let (line, column) = position(text, Some(span));
            BodiesError::Syntax { line, column, what }
        };
        if *file.schema.get_ref() != 1 {
            return Err(syntax(file.schema.span(), format!("schema is {}, this program reads 1", file.schema.get_ref())));
        }
        let mut out = Bodies { home: file.home, maps: widen(file.map), ..Bodies::default() };
        for (index, toml) in file.body.into_iter().enumerate() {
            let id = toml.id.get_ref().clone();
            if out.bodies.iter().any(|b| b.id == id) {
                return Err(syntax(toml.id.span(), format!("body {id} stands here a second time")));
            }
            for name in std::iter::once(&id).chain([&toml.slug, &toml.name]).chain(&toml.aliases).filter(|n| !n.is_empty()) {
                let list = out.names.entry(fold(name)).or_default();
                if !list.contains(&index) {
                    list.push(index);
                }
            }
            let words = toml.announce.iter().map(|w| (w, true)).chain(toml.keep.iter().map(|w| (w, false)));
            out.announce.extend(words.map(|(word, cut)| Announce { word: word.to_ascii_uppercase(), body: index, cut }));
            let mut tables = Vec::with_capacity(toml.number.len());
            for n in &toml.number {
                let spec = Spec {
                    name: &n.name,
                    open: n.open,
                    grouped: n.grouped,
                    pattern: n.pattern.get_ref(),
                    fixed: n.set.clone().into_iter().collect(),
                    upper: n.upper.clone(),
                    certain: n.certain.as_deref(),
                    fix: n.fix.as_deref(),
                    root: n.root.as_deref(),
                    body: n.body.as_deref(),
                    key: &n.key,
                    normal: &n.normal,
                    examples: n.examples.clone(),
                };
                tables.push(Table::new(spec).map_err(|what| {
                    let (line, column) = position(text, Some(n.pattern.span()));
                    BodiesError::Table { line, column, body: id.clone(), table: n.name.clone(), what }
                })?);
            }
            let stage = toml.stage.unwrap_or_else(|| id.clone());
            if let Some(twice) = group_twice(&toml.groups) {
                return Err(syntax(toml.id.span(), format!("body {id}: two groups are called “{twice}”")));
            }
            out.bodies.push(Body {
                id,
                slug: toml.slug,
                name: toml.name,
                repository: toml.repository,
                role: toml.role,
                access: toml.access,
                region: toml.region,
                lang: toml.lang,
                groups: toml.groups,
                stage,
                tables,
            });
        }
        // longest first, so that `ITU-T Recommendation` is not taken for `ITU-T`
        out.announce.sort_by(|a, b| b.word.len().cmp(&a.word.len()).then_with(|| a.word.cmp(&b.word)).then(a.body.cmp(&b.body)));
        for (body, rules) in file.stage {
            let span = rules.span();
            let rules = StageRules::new(rules.get_ref()).map_err(|what| syntax(span, format!("[stage.{body}]: {what}")))?;
            out.stages.insert(fold(&body), rules);
        }
        for fact in file.relation {
            let key = |number: &Spanned<String>| {
                crate::number::identify(&out, None, number.get_ref()).document.ok_or_else(|| {
                    syntax(number.span(), format!("[[relation]]: no number table reads “{}”: name its body", number.get_ref()))
                })
            };
            let (from, to) = (key(&fact.from)?, key(&fact.to)?);
            if from == to {
                return Err(syntax(fact.to.span(), format!("[[relation]]: {from} is related to itself")));
            }
            if fact.source.get_ref().trim().is_empty() {
                return Err(syntax(fact.source.span(), "[[relation]]: say in `source` where this stands".to_owned()));
            }
            let list = out.facts.entry(from).or_default();
            list.push(Relation { kind: fact.kind, document: to });
            list.sort();
            list.dedup();
        }
        Ok(out)
    }

    /// The JSON Schema of the file, for editors.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(File)
    }

    /// All bodies in the order of the file.
    pub fn bodies(&self) -> &[Body] {
        &self.bodies
    }

    /// The tables for the pipe `map(name)`: code → the body's own word.
    pub fn maps(&self) -> &BTreeMap<String, BTreeMap<String, String>> {
        &self.maps
    }

    /// The group for which the monitor works.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Whether the words of this body's stages are sorted, in `[stage.…]` of its own.
    pub fn has_stages(&self, body: &str) -> bool {
        self.stages_of(body).is_some()
    }

    /// The body's word as a normalized stage; what no rule knows is [`StageCode::Unknown`], never a guess.
    pub fn stage(&self, body: &str, raw: &str) -> StageCode {
        let word = fold(raw);
        if word.is_empty() {
            return StageCode::Unknown;
        }
        let own = self.stages_of(body);
        own.and_then(|r| r.code(&word)).or_else(|| self.stages.get("any").and_then(|r| r.code(&word))).unwrap_or_default()
    }

    /// The words of a body's stages. A source may name a body that has no block of its own; its stages are sorted under that name.
    fn stages_of(&self, body: &str) -> Option<&StageRules> {
        let known = self.candidates(body);
        if known.is_empty() {
            return self.stages.get(&fold(body)).filter(|_| !body.eq_ignore_ascii_case("any"));
        }
        known.iter().find_map(|&i| self.stages.get(&fold(&self.bodies[i].stage)))
    }

    /// The body as its own people write it; a name that no body has comes back as it is.
    pub fn canonical_body<'a>(&'a self, name: &'a str) -> &'a str {
        self.candidates(name).first().map_or(name.trim(), |&i| &self.bodies[i].id)
    }

    /// The body with this name or alias.
    pub fn body(&self, name: &str) -> Option<&Body> {
        self.candidates(name).first().map(|&i| &self.bodies[i])
    }

    /// The group of a body as its own people write it; a name that the body does not list comes back as it is.
    pub fn canonical_group<'a>(&'a self, body: &str, name: &'a str) -> &'a str {
        let group = self.body(body).and_then(|b| b.groups.iter().find(|g| g.names().any(|n| n.eq_ignore_ascii_case(name.trim()))));
        group.map_or(name, |g| &g.id)
    }

    /// The bodies that a name may mean, best first: the whole name, else the longest name that begins it (`ITU-T SG17`).
    pub(crate) fn candidates(&self, name: &str) -> &[usize] {
        if let Some(list) = self.names.get(name) {
            return list;
        }
        let folded = fold(name);
        let mut rest = folded.as_str();
        loop {
            if let Some(list) = self.names.get(rest) {
                return list;
            }
            match rest.rfind([' ', ',', '(', ':', ';']) {
                Some(cut) => rest = rest[..cut].trim_end(),
                None => return &[],
            }
        }
    }

    /// What `[[relation]]` says of a document.
    pub(crate) fn facts(&self, key: &DocumentKey) -> &[Relation] {
        self.facts.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn announces(&self) -> &[Announce] {
        &self.announce
    }

    pub(crate) fn at(&self, index: usize) -> &Body {
        &self.bodies[index]
    }

    /// Reads every example of every table and names those that give another key: part of `monitor check`.
    pub fn check(&self) -> Vec<String> {
        let mut wrong = self.home().problems();
        for body in &self.bodies {
            for table in &body.tables {
                for (number, want) in &table.examples {
                    let got = crate::number::identify(self, Some(&body.id), number);
                    let key = got.document.as_ref().map_or("nothing", |k| k.as_str());
                    if key != want {
                        wrong.push(format!("`{}`, table `{}`: the example `{number}` gives {key}, not {want}", body.id, table.name));
                    }
                }
            }
        }
        wrong
    }
}

impl Group {
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.id).chain(&self.aliases).map(String::as_str)
    }
}

/// The first name that stands for two groups.
fn group_twice(groups: &[Group]) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    groups.iter().flat_map(Group::names).map(str::to_lowercase).find(|n| !seen.insert(n.clone()))
}

/// A code with a point (`60.60`) also answers to its digits alone (`6060`), and to the integer that they make (`98` for `00.98`).
fn widen(maps: BTreeMap<String, BTreeMap<String, String>>) -> BTreeMap<String, BTreeMap<String, String>> {
    let digits = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
    maps.into_iter()
        .map(|(name, map)| {
            let mut wide = map.clone();
            for (code, word) in &map {
                if let Some((a, b)) = code.split_once('.')
                    && digits(a)
                    && digits(b)
                {
                    let joined = format!("{a}{b}");
                    let integer = joined.trim_start_matches('0');
                    wide.entry(if integer.is_empty() { "0".to_owned() } else { integer.to_owned() }).or_insert_with(|| word.clone());
                    wide.entry(joined).or_insert_with(|| word.clone());
                }
            }
            (name, wide)
        })
        .collect()
}
