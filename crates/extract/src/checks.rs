//! What is wrong with a declaration though each of its parts can be read.

use std::collections::BTreeMap;

use monitor_model::{CsvOptions, Detail, Format, Method, Pages, SheetOptions, SourceKind, StopRule};

use crate::{
    compile::{Compiler, has_raw_keys},
    filter::Filter,
    glob::Glob,
    locate::{self, DIR_WORDS, FEED_WORDS},
    mistake::{Mistake, did_you_mean},
    recipe::{Piece, template},
};

impl Compiler<'_> {
    /// Keys that a kind needs, and keys that mean nothing to it.
    pub(crate) fn check_keys(&mut self) {
        let s = self.source;
        let kind = format!("{:?}", s.kind).to_lowercase();
        if s.kind != SourceKind::None && s.url.as_deref().unwrap_or_default().trim().is_empty() {
            self.mistakes.push(Mistake::new("url", format!("kind “{kind}” needs an address")));
        }
        if s.kind == SourceKind::List && s.item.is_none() {
            self.mistakes.push(Mistake::new("item", "kind “list” needs “item”: the selector of one row"));
        }
        if s.kind == SourceKind::Xml && s.item.is_none() && s.items.is_none() && !self.part {
            self.mistakes.push(Mistake::new("item", "kind “xml” needs “item”: the names of the elements that lead to one row"));
        }
        let nameable =
            matches!(s.kind, SourceKind::List | SourceKind::Page | SourceKind::Csv | SourceKind::Xml | SourceKind::Xlsx | SourceKind::Json);
        if nameable && !self.part && !(s.kind == SourceKind::Json && s.fields.is_empty()) {
            let given = |name: &str| s.fields.contains_key(name) || s.detail.as_ref().is_some_and(|d| d.fields.contains_key(name));
            let named = given("title") || given("number");
            if !named {
                self.mistakes.push(Mistake::new("fields", "an entry needs a title or a number: declare one of the two"));
            }
        }
        if s.kind == SourceKind::Json && s.fields.is_empty() {
            self.mistakes.push(Mistake::new("fields", "kind “json” needs fields, at least title or number"));
        }
        let alien: [(&str, bool, &[SourceKind]); 10] = [
            ("container", s.container.is_some(), &[SourceKind::List, SourceKind::Page, SourceKind::Xml]),
            ("item", s.item.is_some(), &[SourceKind::List, SourceKind::Xml]),
            ("items", s.items.is_some(), &[SourceKind::Json, SourceKind::Xml]),
            ("format", s.format != Format::Json, &[SourceKind::Json]),
            ("xlsx", s.xlsx != SheetOptions::default(), &[SourceKind::Xlsx]),
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
        if s.lines && s.format != Format::Json {
            self.mistakes.push(Mistake::new("format", "“lines = true” is JSON Lines: leave “format” out"));
        }
        if s.xlsx.header == Some(0) {
            self.mistakes.push(Mistake::new("xlsx.header", "rows are counted from 1"));
        }
        self.check_asking();
        if s.lines && s.items.is_some() {
            self.mistakes.push(Mistake::new("items", "with “lines = true” every line is an item: leave “items” out"));
        }
        if let Some(c) = s.csv.delimiter
            && (!c.is_ascii() || matches!(c, '\n' | '\r' | '"'))
        {
            self.mistakes.push(Mistake::new("csv.delimiter", format!("{c:?} cannot separate cells: use one ASCII character")));
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
        if !expect.columns.is_empty() && !matches!(s.kind, SourceKind::Csv | SourceKind::Xlsx) {
            self.mistakes.push(Mistake::new("expect.columns", "only “csv” and “xlsx” have columns"));
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
        if p.next.is_some() && (self.source.lines || matches!(self.source.kind, SourceKind::Csv | SourceKind::Dir | SourceKind::Xlsx)) {
            self.mistakes.push(Mistake::new("page.next", "this kind has no place for a next address"));
        }
    }

    /// `identity`, `track`, `volatile` and `expect.fill` name fields.
    pub(crate) fn check_names(&mut self) {
        let s = self.source;
        let mut have: Vec<&str> = s.fields.keys().map(String::as_str).collect();
        if matches!(s.kind, SourceKind::Feed | SourceKind::Dir) || s.fields.is_empty() {
            have.extend(["title", "url", "date", "summary", "source_key"]);
        }
        have.extend(s.detail.iter().flat_map(|d| d.fields.keys().map(String::as_str)));
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
        for name in track.iter().filter(|t| s.volatile.contains(t)) {
            let hint = Some("a change of it is either news (`track`) or noise (`volatile`): take it out of one of the two".to_owned());
            self.mistakes.push(Mistake::new("volatile", format!("“{name}” is tracked as well")).hint(hint));
        }
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
    pub(crate) fn check_filter(&mut self, filter: &Filter) {
        if has_raw_keys(self.source.kind) {
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

    /// How it is asked: method, form, header fields.
    fn check_asking(&mut self) {
        let s = self.source;
        let post = s.method == Method::Post;
        for (key, set) in [("form", !s.form.is_empty()), ("json", s.json.is_some()), ("form_from", s.form_from.is_some())] {
            if set && !post {
                self.mistakes.push(Mistake::new(key, "is sent by a POST only").hint(Some("add method = \"post\"".into())));
            }
        }
        if post && s.form.is_empty() && s.json.is_none() && s.form_from.is_none() {
            self.mistakes.push(Mistake::new("method", "a POST sends something: add “form”, “json” or “form_from”"));
        }
        if s.json.is_some() && (!s.form.is_empty() || s.form_from.is_some()) {
            self.mistakes.push(Mistake::new("json", "a POST sends either a form or JSON, not both"));
        }
        if let Some(css) = s.form_from.as_deref()
            && let Err(m) = locate::selector("form_from", css.trim(), 0)
        {
            self.mistakes.push(m.hint(Some("write the CSS of the form, e.g. \"form#aspnetForm\"".into())));
        }
        self.check_headers("headers", &s.headers);
        self.check_newest();
    }

    /// `newest` takes one file of a page; a listing whose files are the rows is another thing.
    fn check_newest(&mut self) {
        let s = self.source;
        let Some(pattern) = s.newest.as_deref() else { return };
        let hint = || Some("write the name with * where it changes, e.g. \"Work_plan_*.xlsx\"".to_owned());
        if pattern.trim().is_empty() || pattern.contains('/') {
            self.mistakes.push(Mistake::new("newest", "is the name of a file, without folders").hint(hint()));
        } else if !Glob::new(pattern).is_wild() {
            self.mistakes.push(Mistake::new("newest", format!("“{pattern}” names one file only: then `url` is its address")).hint(hint()));
        }
        if matches!(s.kind, SourceKind::Dir | SourceKind::None) {
            let kind = format!("{:?}", s.kind).to_lowercase();
            let hint = Some("choose the kind of the file; files of a listing as rows are chosen by `match`".into());
            self.mistakes.push(Mistake::new("newest", format!("means nothing to kind “{kind}”")).hint(hint));
        }
        if s.method == Method::Post {
            self.mistakes.push(Mistake::new("newest", "a file is asked for by GET: leave out `method`"));
        }
    }

    /// Who asks stands in `[agent]`, and nobody logs in.
    fn check_headers(&mut self, key: &str, headers: &BTreeMap<String, String>) {
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            let key = format!("{key}.{name}");
            if matches!(lower.as_str(), "user-agent" | "from") {
                let hint = Some("the agent is the same everywhere, and honest: it stands in [agent]".into());
                self.mistakes.push(Mistake::new(key, "a source does not say who asks").hint(hint));
            } else if matches!(lower.as_str(), "cookie" | "host" | "content-length" | "connection" | "transfer-encoding") {
                self.mistakes.push(Mistake::new(key, "this header field is not for a source to set"));
            } else if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)) {
                self.mistakes.push(Mistake::new(key, "this is not the name of a header field"));
            } else if value.chars().any(|c| c.is_control() && c != '\t') {
                self.mistakes.push(Mistake::new(key, "a header field is one line, without control characters"));
            }
        }
    }

    /// `[source.x.detail]`.
    pub(crate) fn check_detail(&mut self, d: &Detail) {
        if !matches!(d.kind, SourceKind::Page | SourceKind::Json | SourceKind::Xml) {
            self.mistakes.push(Mistake::new("detail.kind", "a detail is a “page”, “json” or “xml”"));
        }
        if self.source.kind == SourceKind::None {
            self.mistakes.push(Mistake::new("detail", "kind “none” is watched by nobody and has no details"));
        }
        if d.fields.is_empty() {
            self.mistakes.push(Mistake::new("detail.fields", "a detail fills fields: declare at least one"));
        }
        if d.max == 0 {
            self.mistakes.push(Mistake::new("detail.max", "0 asks for no detail at all: switch it off by leaving [detail] out"));
        }
        self.check_headers("detail.headers", &d.headers);
        let Ok(pieces) = template(d.url.as_deref().unwrap_or("{url}")) else { return };
        let fields = &self.source.fields;
        let usual: &[&str] = match self.source.kind {
            SourceKind::Feed => &["title", "url", "date", "published", "source_key"],
            SourceKind::Dir => &["title", "url", "date", "published"],
            _ => &[],
        };
        for piece in pieces {
            let Piece::Name { name, .. } = piece else { continue };
            let known = fields.contains_key(&name) || usual.contains(&name.as_str()) || name == "published" && fields.contains_key("date");
            if !known {
                let near = did_you_mean(&name, fields.keys().map(String::as_str));
                let hint = near.or_else(|| Some("the address is made of fields of the row: declare it under fields".into()));
                self.mistakes.push(Mistake::new("detail.url", format!("“{name}” is not a field of the row")).hint(hint));
            }
        }
    }
}
