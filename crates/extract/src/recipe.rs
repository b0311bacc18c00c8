use monitor_model::{CsvOptions, Expect, Format, Kind, Pages, SheetOptions, SourceKind};
use scraper::Selector;
use serde_json_path::JsonPath;

use crate::{
    elements::ElementPath,
    filter::Filter,
    glob::Glob,
    locate::{Css, Locator},
    path::Path,
    pipe::Pipe,
};

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
    /// The path without its final `[*]` or `[?…]`: the list in which the rows stand.
    pub(crate) parent: Option<JsonPath>,
    pub(crate) lines: bool,
    pub(crate) format: Format,
    pub(crate) csv: CsvOptions,
    pub(crate) xlsx: SheetOptions,
    /// `xml`: where the rows stand, and one row.
    pub(crate) elements: Option<(Option<ElementPath>, ElementPath)>,
    /// Which members of a zip archive are read.
    pub(crate) members: Option<Shown<Glob>>,
    /// Pages are counted by a field of the form, not by the address.
    pub(crate) pages_by_form: bool,
    /// It fills fields of rows that are known already: what it gives needs no name.
    pub(crate) part: bool,
    /// What a second request fills.
    pub(crate) detail: Option<Box<DetailRecipe>>,
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

/// A second request for a row, compiled.
#[derive(Clone, Debug)]
pub(crate) struct DetailRecipe {
    pub(crate) url: Vec<Piece>,
    pub(crate) recipe: Recipe,
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
    Element(ElementPath),
}

/// One field.
#[derive(Clone, Debug)]
pub(crate) struct FieldRule {
    /// `date` is `published` here.
    pub(crate) name: String,
    pub(crate) rule: Rule,
    /// Not declared but usual for the kind: nobody complains when it meets nothing.
    pub(crate) usual: bool,
    /// It says who somebody is, or how to reach them: nobody keeps it.
    pub(crate) person: bool,
}

/// How its value comes about.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    Find(Find),
    /// The first that gives something.
    Any(Vec<Find>),
    Const(String),
    Template(Vec<Piece>, Vec<Pipe>),
}

/// *locator* `|` *pipe* …
#[derive(Clone, Debug)]
pub(crate) struct Find {
    pub(crate) locator: Locator,
    pub(crate) pipes: Vec<Pipe>,
    pub(crate) text: String,
}

impl Rule {
    /// Its locators.
    pub(crate) fn finds(&self) -> &[Find] {
        match self {
            Rule::Find(f) => std::slice::from_ref(f),
            Rule::Any(all) => all,
            Rule::Const(_) | Rule::Template(..) => &[],
        }
    }
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A field; when it may be absent, nothing stands in its place.
    Name {
        name: String,
        optional: bool,
    },
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
            let optional = name.ends_with('?');
            let name = name.strip_suffix('?').unwrap_or(name).trim_end();
            if name.is_empty() {
                return Err((i, "the name of a field is missing in { }".to_owned()));
            }
            if !plain.is_empty() {
                out.push(Piece::Text(std::mem::take(&mut plain)));
            }
            out.push(Piece::Name { name: name.to_owned(), optional });
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
