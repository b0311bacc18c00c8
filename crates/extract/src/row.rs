//! One row to one entry: fields, templates, what the source says for all.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{ComplaintStage, Entry, Kind, When};
use url::Url;

use crate::{
    compile::has_raw_keys,
    dates::wild,
    locate::{Found, Locator},
    notes::Notes,
    pipe::{self, Pipe, Place, Value, absolute, complain_of_date},
    private,
    recipe::{FieldRule, Find, Piece, Recipe, Rule},
    text::collapse,
};

/// Longer is no title, number or stage.
const LINE_MAX: usize = 4_000;
/// Longer is no abstract.
const TEXT_MAX: usize = 256 << 10;
/// A text of so many bytes that says how to reach somebody says who that is, and little else.
const SHORT: usize = 160;
/// Longer is no address.
const URL_MAX: usize = 8 << 10;
/// More are no keywords.
const KEYWORDS_MAX: usize = 200;

/// A row of any kind.
pub(crate) trait Row {
    /// What a locator meets in it.
    fn find<'s>(&'s self, locator: &Locator) -> Found<'s>;
    /// The texts of a raw key, for kinds that have them; none when there is no such key.
    fn raw(&self, _key: &str) -> Option<Vec<String>> {
        None
    }
}

/// What became of a row.
pub(crate) enum Built {
    Entry(Box<Entry>),
    /// `where` did not want it.
    Unwanted,
    /// Neither title nor number.
    Nameless,
}

/// Makes entries of rows, and counts what was missed.
pub(crate) struct Builder<'r> {
    recipe: &'r Recipe,
    pub(crate) base: Option<Url>,
    pub(crate) notes: Notes,
    rows: u64,
    /// Per field: rows in which its locator met something.
    met: Vec<u64>,
}

impl<'r> Builder<'r> {
    pub(crate) fn new(recipe: &'r Recipe, final_url: &str) -> Self {
        Builder { recipe, base: Url::parse(final_url).ok(), notes: Notes::default(), rows: 0, met: vec![0; recipe.fields.len()] }
    }

    pub(crate) fn recipe(&self) -> &'r Recipe {
        self.recipe
    }

    /// Whether what is read fills rows that are known already.
    pub(crate) fn is_part(&self) -> bool {
        self.recipe.part
    }

    /// One row.
    pub(crate) fn build(&mut self, row: &dyn Row) -> Built {
        if !self.wanted(row) {
            return Built::Unwanted;
        }
        self.rows += 1;
        let mut values: BTreeMap<&'r str, Value> = BTreeMap::new();
        let recipe = self.recipe;
        for (i, field) in recipe.fields.iter().enumerate() {
            let place = Place { field: shown(&field.name), base: self.base.as_ref() };
            let value = match &field.rule {
                Rule::Const(c) => Value::of(c.as_str()),
                Rule::Template(..) => continue,
                rule => {
                    let (value, met) = first_of(rule.finds(), row, &place, &mut self.notes);
                    self.met[i] += u64::from(met);
                    value
                }
            };
            if self.of_a_person(field, &value) {
                continue;
            }
            values.insert(&field.name, value);
        }
        self.templates(row, &mut values);
        let entry = self.assemble(values);
        if recipe.part || entry.has_name() { Built::Entry(Box::new(entry)) } else { Built::Nameless }
    }

    /// Whether a further field says who somebody is, or how to reach them: by its name, by where it stands, or by what it says.
    fn of_a_person(&mut self, field: &FieldRule, value: &Value) -> bool {
        if is_known(&field.name) {
            return false;
        }
        let is = field.person || value.reach || value.texts.iter().any(|t| t.len() <= SHORT && private::reaches(t));
        if is {
            let what = format!("field {}: who somebody is, and how to reach them, is not kept", shown(&field.name));
            self.notes.add(ComplaintStage::Validate, what, String::new);
        }
        is
    }

    fn wanted(&mut self, row: &dyn Row) -> bool {
        let Some(filter) = &self.recipe.filter else { return true };
        let (recipe, base) = (self.recipe, self.base.as_ref());
        filter.wants(&mut |name| {
            let declared = recipe.fields.iter().any(|f| f.name == name && !f.usual);
            let raw_first = has_raw_keys(recipe.kind) || !declared;
            if raw_first && let Some(raw) = row.raw(name) {
                return raw;
            }
            let name = if name == "date" { "published" } else { name };
            match recipe.fields.iter().find(|f| f.name == name).map(|f| &f.rule) {
                None | Some(Rule::Template(..)) => Vec::new(),
                Some(Rule::Const(c)) => vec![c.clone()],
                Some(rule) => {
                    // Complaints come when the row is built.
                    let (value, _) = first_of(rule.finds(), row, &Place { field: name, base }, &mut Notes::default());
                    value.texts.iter().map(|t| collapse(t)).collect()
                }
            }
        })
    }

    /// Templates may use each other: they are filled until nothing more can be.
    fn templates(&mut self, row: &dyn Row, values: &mut BTreeMap<&'r str, Value>) {
        let recipe = self.recipe;
        type Open<'r> = (&'r FieldRule, &'r [Piece], &'r [Pipe]);
        let mut open: Vec<Open<'r>> = recipe
            .fields
            .iter()
            .filter_map(|f| match &f.rule {
                Rule::Template(pieces, pipes) => Some((f, pieces.as_slice(), pipes.as_slice())),
                _ => None,
            })
            .collect();
        let mut missing = String::new();
        let mut patient = true;
        loop {
            let before = open.len();
            let waiting: BTreeSet<&str> = open.iter().map(|(f, ..)| f.name.as_str()).collect();
            let notes = &mut self.notes;
            let base = self.base.as_ref();
            open.retain(|(field, pieces, pipes)| {
                let mut out = String::new();
                for piece in *pieces {
                    match piece {
                        Piece::Text(t) => out.push_str(t),
                        Piece::Name { name: n, optional } => {
                            let key = if n == "date" { "published" } else { n.as_str() };
                            // No field is made of what none may hold.
                            let text = values.get(key).filter(|_| !private::is_of_a_person(n)).and_then(Value::line).or_else(|| {
                                row.raw(n)
                                    .filter(|_| !private::is_of_a_person(n))
                                    .and_then(|texts| Value { texts, ..Value::default() }.line())
                            });
                            match text {
                                Some(t) => out.push_str(&t),
                                // What another template may still give is waited for.
                                None if *optional && !(patient && waiting.contains(key)) => {}
                                None => {
                                    missing.clone_from(n);
                                    return true;
                                }
                            }
                        }
                    }
                }
                let found = if collapse(&out).is_empty() { Found::none() } else { Found::Texts(vec![out]) };
                values.insert(&field.name, pipe::run(pipes, found, &Place { field: shown(&field.name), base }, notes));
                false
            });
            if open.is_empty() {
                return;
            }
            if open.len() == before && patient {
                patient = false;
                continue;
            }
            if open.len() == before {
                for (field, ..) in open {
                    let what = format!("field {}: its template has nothing to put in", shown(&field.name));
                    self.notes.add(ComplaintStage::Select, what, || format!("{{{missing}}}"));
                }
                return;
            }
        }
    }

    /// No value without end gets into the store: what is longer than anything that is printed is cut, and said so.
    fn shorten(&mut self, name: &str, line: &mut String) {
        let most = if name == "summary" { TEXT_MAX } else { LINE_MAX };
        if line.len() <= most {
            return;
        }
        // A cut key must stay the key of this row alone.
        let tail = if name == "source_key" { format!("#{}", &blake3::hash(line.as_bytes()).to_hex()[..16]) } else { "…".to_owned() };
        line.truncate(line.floor_char_boundary(most));
        line.push_str(&tail);
        let what = format!("field {}: longer than {most} bytes, and cut", shown(name));
        self.notes.add(ComplaintStage::Validate, what, String::new);
    }

    fn assemble(&mut self, values: BTreeMap<&'r str, Value>) -> Entry {
        let r = self.recipe;
        let mut e = Entry { body: r.body.clone(), group: r.group.clone(), lang: r.lang.clone(), kind: r.item_kind, ..Entry::default() };
        for (name, value) in values {
            if private::is_of_a_person(name) {
                let what = format!("field {}: who somebody is, and how to reach them, is not kept", shown(name));
                self.notes.add(ComplaintStage::Validate, what, String::new);
                continue;
            }
            if matches!(name, "published" | "stage_date" | "deadline") {
                let Some((when, raw)) = self.when(name, &value) else { continue };
                let raw = raw.filter(|r| !private::reaches(r)).map(|r| private::clean(r, true)).filter(|r| !r.is_empty());
                match name {
                    "published" => {
                        e.published = when;
                        e.date_raw = raw;
                    }
                    _ => {
                        if let Some(raw) = raw {
                            e.extra.insert(format!("{name}_raw"), raw);
                        }
                        *(if name == "deadline" { &mut e.deadline } else { &mut e.stage_date }) = when;
                    }
                }
                continue;
            }
            if name == "url" {
                let place = Place { field: name, base: self.base.as_ref() };
                e.url = value.texts.first().and_then(|t| absolute(t, &place, &mut self.notes)).map(private::clean_address);
                if e.url.as_ref().is_some_and(|u| u.len() > URL_MAX) {
                    e.url = None;
                    self.notes.add(ComplaintStage::Validate, "field url: longer than any address, and not taken", String::new);
                }
                continue;
            }
            if name == "keywords" {
                e.keywords = keywords(&value.texts).into_iter().map(|k| private::clean(k, false)).filter(|k| !k.is_empty()).collect();
                if e.keywords.len() > KEYWORDS_MAX || e.keywords.iter().any(|k| k.len() > LINE_MAX) {
                    e.keywords.retain(|k| k.len() <= LINE_MAX);
                    e.keywords.truncate(KEYWORDS_MAX);
                    self.notes.add(ComplaintStage::Validate, "field keywords: too many or too long, and cut", String::new);
                }
                continue;
            }
            let Some(line) = value.line() else { continue };
            let mut line = match name {
                "source_key" => private::clean_key(line),
                "number" | "version" => line,
                _ => private::clean(line, name != "title"),
            };
            if line.is_empty() {
                continue;
            }
            self.shorten(name, &mut line);
            match name {
                "number" => e.number = Some(line),
                "title" => e.title = line,
                "summary" => e.summary = Some(line),
                "stage" => e.stage = Some(line),
                "version" => e.version = Some(line),
                "lang" => e.lang = Some(line.to_lowercase()),
                "source_key" => e.source_key = Some(line),
                "group" => e.group = Some(line),
                "body" => e.body = line,
                "kind" => match kind(&line) {
                    Some(k) => e.kind = Some(k),
                    None => self.notes.add(ComplaintStage::Validate, "field kind: not one of the kinds", || line),
                },
                other => {
                    e.extra.insert(other.to_owned(), line);
                }
            }
        }
        e
    }

    /// A date field: what the pipe `date` read, else the text as one of the wild.
    pub(crate) fn when(&mut self, field: &str, value: &Value) -> Option<(Option<When>, Option<String>)> {
        if value.when.is_some() {
            return Some((value.when, None));
        }
        if value.unread.is_some() {
            return Some((None, value.unread.clone()));
        }
        let line = value.line()?;
        match wild(&line) {
            Ok(w) => Some((Some(w), None)),
            Err(why) => {
                complain_of_date(shown(field), why, &line, &mut self.notes);
                Some((None, Some(line)))
            }
        }
    }

    /// The complaints of the page; a field that was met in none of the rows is one of them.
    pub(crate) fn complaints(mut self, url: &str) -> Vec<monitor_model::Complaint> {
        if self.rows > 0 {
            for (field, met) in self.recipe.fields.iter().zip(&self.met) {
                if *met == 0
                    && !field.usual
                    && let Some(Find { text, .. }) = field.rule.finds().first()
                {
                    let what = format!("field {}: “{text}” met nothing in any row", shown(&field.name));
                    self.notes.add_many(ComplaintStage::Select, what, self.rows, String::new);
                }
            }
        }
        self.notes.into_complaints(url)
    }
}

/// The value of the first that gives something, and whether any met something. When none does, the first one complains.
fn first_of(finds: &[Find], row: &dyn Row, place: &Place<'_>, notes: &mut Notes) -> (Value, bool) {
    let mut met = false;
    for find in if finds.len() > 1 { finds } else { &[] } {
        let found = row.find(&find.locator);
        met |= !found.is_empty();
        let reach = !is_known(place.field) && place.field != "date" && found.leads_to_somebody();
        let value = Value { reach, ..pipe::run(&find.pipes, found, place, &mut Notes::default()) };
        if value.line().is_some() && value.unread.is_none() {
            return (value, met);
        }
    }
    let Some(first) = finds.first() else { return (Value::default(), met) };
    let found = row.find(&first.locator);
    met |= !found.is_empty();
    let reach = !is_known(place.field) && place.field != "date" && found.leads_to_somebody();
    (Value { reach, ..pipe::run(&first.pipes, found, place, notes) }, met)
}

/// Whether a field is of those that say what a document is.
fn is_known(name: &str) -> bool {
    Entry::FIELDS.contains(&name)
}

/// The name as the source writes it.
fn shown(name: &str) -> &str {
    if name == "published" { "date" } else { name }
}

/// A list as given; one text is cut at semicolons, else at commas.
fn keywords(texts: &[String]) -> Vec<String> {
    let lines: Vec<String> = texts.iter().map(|t| collapse(t)).filter(|t| !t.is_empty()).collect();
    match &lines[..] {
        [one] => {
            let sep = if one.contains(';') { ';' } else { ',' };
            one.split(sep).map(|k| k.trim().to_owned()).filter(|k| !k.is_empty()).collect()
        }
        _ => lines,
    }
}

fn kind(word: &str) -> Option<Kind> {
    Some(match word.to_lowercase().replace([' ', '_'], "-").as_str() {
        "document" => Kind::Document,
        "work-item" => Kind::WorkItem,
        "news" => Kind::News,
        "liaison" => Kind::Liaison,
        "event" => Kind::Event,
        "paper" => Kind::Paper,
        "incident" => Kind::Incident,
        "policy" => Kind::Policy,
        _ => return None,
    })
}
