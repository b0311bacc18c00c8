//! The grammar of `sources.toml`: every key has its wrong values, which `check` names with their place and a remedy; and what the
//! grammar, the JSON Schema and docs/sources.md hold is one and the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// A declaration that is right, by the word before the bar in [`WRONG`].
fn right(kind: &str) -> Vec<(&'static str, &'static str)> {
    let mut lines = vec![("body", "\"ETSI\""), ("url", "\"https://e.org/\"")];
    lines.extend(match kind {
        "list" => vec![
            ("kind", "\"list\""),
            ("container", "\"table\""),
            ("item", "\"tr\""),
            ("fields", "{ title = \"td\", url = \"td a@href | absolute\" }"),
        ],
        "json" => vec![("kind", "\"json\""), ("items", "\"$[*]\""), ("fields", "{ title = \"t\" }")],
        "csv" => vec![("kind", "\"csv\""), ("fields", "{ title = \"t\" }")],
        "xlsx" => vec![("kind", "\"xlsx\""), ("fields", "{ title = \"t\" }")],
        "xml" => vec![("kind", "\"xml\""), ("item", "\"a/b\""), ("fields", "{ title = \"t\" }")],
        "dir" => vec![("kind", "\"dir\"")],
        "feed" => vec![("kind", "\"feed\"")],
        "post" => {
            vec![
                ("kind", "\"json\""),
                ("method", "\"post\""),
                ("form", "{ q = \"x\" }"),
                ("items", "\"$[*]\""),
                ("fields", "{ title = \"t\" }"),
            ]
        }
        other => panic!("no declaration “{other}”"),
    });
    lines
}

/// Path of the key as the schema has it, declaration that it stands in, the wrong line, and a part of what is said.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("body", "list", "body = \"\"", "names no body"),
    ("kind", "list", "kind = \"lst\"", "unknown variant `lst`"),
    ("name", "list", "name = \" \"", "name: says nothing"),
    ("name", "list", "name = 5", "expected a string"),
    ("group", "list", "group = \"\"", "group: says nothing"),
    ("item_kind", "list", "item_kind = \"documnt\"", "unknown variant `documnt`"),
    ("home", "list", "home = \"www.etsi.org\"", "home: is not an address that a person can open"),
    ("home", "list", "home = \"mailto:a@e.org\"", "home: is not an address that a person can open"),
    ("url", "list", "url = \"/relative\"", "needs an absolute url"),
    ("url", "list", "url = \"\"", "needs an address"),
    ("url", "list", "url = \"ftp://e.org/\"", "url: “ftp” is not asked"),
    ("url", "list", "url = \"https://e.org/{id}\"", "url: {id} stands for the members of `each`"),
    ("each", "list", "each = [\"1\"]", "each: “url” has no {id}"),
    ("each", "list", "each = [\" \"]", "an empty member"),
    ("each", "list", "each = [1]", "expected a string"),
    ("enabled", "list", "enabled = \"no\"", "expected a boolean"),
    ("note", "list", "note = \"\"", "note: says nothing"),
    ("access", "list", "access = \"open\"", "unknown variant `open`"),
    ("evidence", "list", "evidence = \"first\"", "unknown variant `first`"),
    ("lang", "list", "lang = \"english\"", "lang: “english” is no code of a language"),
    ("every", "list", "every = \"soon\"", "“soon” is not a time span"),
    ("every", "list", "every = 24", "expected a string"),
    ("rate", "list", "rate = \"fast\"", "“fast” is not a rate"),
    ("timeout", "list", "timeout = \"never\"", "“never” is not a time span"),
    ("timeout", "list", "timeout = \"0s\"", "timeout: no answer comes in no time"),
    ("budget", "list", "budget = \"much\"", "“much” is not a time span"),
    ("budget", "list", "budget = \"0s\"", "budget: no answer comes in no time"),
    ("max_bytes", "list", "max_bytes = \"big\"", "“big” is not a size"),
    ("max_bytes", "list", "max_bytes = \"0\"", "max_bytes: no answer has no bytes"),
    ("tolerate", "list", "tolerate = -1", "expected u32"),
    ("robots", "list", "robots = \"ignore\"", "robots.txt is obeyed"),
    ("robots.ignore", "list", "robots = { ignore = \"yes\", why = \"x\" }", "robots.txt is obeyed"),
    ("robots.why", "list", "robots = { ignore = true }", "robots.txt is obeyed"),
    ("allow_private", "list", "allow_private = \"yes\"", "expected a boolean"),
    ("headers", "list", "headers = { User-Agent = \"Mozilla\" }", "a source does not say who asks"),
    ("headers", "list", "headers = { Cookie = \"a\" }", "not for a source to set"),
    ("headers", "list", "headers = { \"a b\" = \"a\" }", "not the name of a header field"),
    ("headers", "list", "headers = { Accept = \"a\\nb\" }", "a header field is one line"),
    ("method", "list", "method = \"put\"", "unknown variant `put`"),
    ("method", "list", "method = \"post\"", "method: a POST sends something"),
    ("form", "list", "form = { q = \"x\" }", "form: is sent by a POST only"),
    ("json", "list", "json = { q = \"x\" }", "json: is sent by a POST only"),
    ("json", "post", "json = { q = \"x\" }", "json: a POST sends either a form or JSON"),
    ("form_from", "list", "form_from = \"form\"", "form_from: is sent by a POST only"),
    ("form_from", "post", "form_from = \"form[\"", "form_from: “form[” is not a CSS selector"),
    ("newest", "list", "newest = \"plan.xlsx\"", "newest: “plan.xlsx” names one file only"),
    ("newest", "list", "newest = \"a/*.xlsx\"", "newest: is the name of a file, without folders"),
    ("newest", "dir", "newest = \"*.xlsx\"", "newest: means nothing to kind “dir”"),
    ("newest", "post", "newest = \"*.json\"", "newest: a file is asked for by GET"),
    ("decode", "list", "decode = \"gzip:a\"", "decode: “gzip:a” is no way to unpack"),
    ("decode", "list", "decode = \"zip:\"", "decode: “zip:” is no way to unpack"),
    ("format", "json", "format = \"toml\"", "unknown variant `toml`"),
    ("format", "list", "format = \"yaml\"", "format: means nothing to kind “list”"),
    ("lines", "list", "lines = true", "lines: means nothing to kind “list”"),
    ("lines", "json", "lines = \"yes\"", "expected a boolean"),
    ("container", "list", "container = \"table[\"", "container: “table[” is not a CSS selector"),
    ("container", "feed", "container = \"table\"", "container: means nothing to kind “feed”"),
    ("item", "list", "item = \"tr[\"", "item: “tr[” is not a CSS selector"),
    ("item", "json", "item = \"tr\"", "item: means nothing to kind “json”"),
    ("item", "xml", "item = \"a//\"", "item: "),
    ("items", "json", "items = \"$[\"", "items: “$[” is not a JSONPath"),
    ("items", "list", "items = \"$\"", "items: means nothing to kind “list”"),
    ("items", "json", "items = \"$[*]\"\nlines = true", "every line is an item"),
    ("csv", "list", "csv = { delimiter = \";\" }", "csv: means nothing to kind “list”"),
    ("csv.delimiter", "csv", "csv = { delimiter = \"ab\" }", "expected a character"),
    ("csv.delimiter", "csv", "csv = { delimiter = \"\\n\" }", "'\\n' cannot separate cells"),
    ("csv.bom", "csv", "csv = { bom = \"yes\" }", "expected a boolean"),
    ("xlsx", "list", "xlsx = { header = 1 }", "xlsx: means nothing to kind “list”"),
    ("xlsx.header", "xlsx", "xlsx = { header = 0 }", "xlsx.header: rows are counted from 1"),
    ("xlsx.sheet", "xlsx", "xlsx = { sheet = 1 }", "expected a string"),
    ("enter", "list", "enter = [\"a\"]", "enter: means nothing to kind “list”"),
    ("enter", "dir", "enter = [\"/\"]", "enter: an empty name fits nothing"),
    ("latest", "list", "latest = 1", "latest: means nothing to kind “list”"),
    ("latest", "dir", "latest = 0", "latest: no folder would ever be entered"),
    ("match", "list", "match = [\"*\"]", "match: means nothing to kind “list”"),
    ("match", "dir", "match = [\"\"]", "match: an empty name fits nothing"),
    ("where", "list", "where = \"titel == 1\"", "where: “titel” is not a field"),
    ("where", "list", "where = \"title =\"", "where: “=” was not expected here"),
    ("identity", "list", "identity = [\"nubmer\"]", "identity: “nubmer” is not declared"),
    ("track", "list", "track = [\"titel\"]", "track: “titel” is not declared"),
    ("volatile", "list", "volatile = [\"titel\"]", "volatile: “titel” is not declared"),
    ("volatile", "list", "volatile = [\"title\"]\ntrack = [\"title\"]", "volatile: “title” is tracked as well"),
    ("page", "list", "page = { max = 3 }", "page: paging needs either “param” or “next”"),
    ("page.max", "list", "page = { param = \"p\" }", "page.max: paging needs “max”"),
    ("page.param", "list", "page = { param = 1, max = 3 }", "expected a string"),
    ("page.step", "list", "page = { param = \"p\", max = 3, step = 0 }", "page.step: a step of 0"),
    ("page.start", "list", "page = { param = \"p\", start = \"one\", max = 3 }", "expected i64"),
    ("page.next", "list", "page = { next = \"a[\", max = 3 }", "page.next: “a[” is not a CSS selector"),
    ("page.next", "csv", "page = { next = \"a\", max = 3 }", "page.next: this kind has no place"),
    ("page.stop", "list", "page = { param = \"p\", max = 3, stop = \"end\" }", "unknown variant `end`"),
    ("page.total", "list", "page = { param = \"p\", max = 3, stop = \"total\" }", "page.total: stop = \"total\" needs “total”"),
    ("page.total", "list", "page = { param = \"p\", max = 3, stop = \"total\", total = \"a[\" }", "page.total: “a[” is not a CSS selector"),
    ("gone_after", "list", "gone_after = 0", "gone_after: a row that is there is not gone"),
    ("expect", "list", "expect = 5", "expected struct Expect"),
    ("expect.min_items", "list", "expect = { min_items = -1 }", "expected u64"),
    ("expect.max_items", "list", "expect = { min_items = 5, max_items = 2 }", "expect.max_items: 2 is less than min_items 5"),
    ("expect.fill", "list", "expect = { fill = { title = 2 } }", "expect.fill.title: a share lies between 0 and 1"),
    ("expect.fill", "list", "expect = { fill = { titel = 1 } }", "expect.fill: “titel” is not declared"),
    ("expect.fresh", "list", "expect = { fresh = \"often\" }", "“often” is not a time span"),
    ("expect.columns", "list", "expect = { columns = [\"a\"] }", "expect.columns: only “csv” and “xlsx” have columns"),
    ("fields", "list", "fields = {}", "an entry needs a title or a number"),
    ("fields", "list", "fields = { titel = \"td\" }", "an entry needs a title or a number"),
    ("fields", "list", "fields = { title = \"td[\" }", "fields.title: “td[” is not a CSS selector"),
    ("fields", "list", "fields = { title = \"td | abslute\" }", "there is no pipe “abslute”"),
    ("fields", "list", "fields = { title = \"td | regex((a)\" }", "the bracket of regex( is never closed"),
    ("fields", "list", "fields = { title = \"td | date(%q)\" }", "%q is not known"),
    ("fields", "list", "fields = { title = \"td | pad(x)\" }", "pad needs a number of digits"),
    ("fields", "list", "fields = { title = \"td\", stage = \"td | map(nope)\" }", "there is no table “nope”"),
    ("fields.const", "list", "fields = { title = { const = 5 } }", "no field is written so"),
    ("fields.any", "list", "fields = { title = { any = [] } }", "no field is written so"),
    ("fields.any", "list", "fields = { title = { any = [\"td[\"] } }", "“td[” is not a CSS selector"),
    ("fields.template", "list", "fields = { title = { template = \"{x\" } }", "“}” is missing"),
    ("fields.template", "list", "fields = { title = { template = \"{x}\" } }", "“x” is not declared under fields"),
    ("fields.pipes", "list", "fields = { title = { template = \"a\", pipes = \"up\" } }", "there is no pipe “up”"),
    ("detail", "list", "detail = {}", "detail.fields: a detail fills fields"),
    ("detail.kind", "list", "detail = { kind = \"feed\", fields = { a = \"b\" } }", "detail.kind: a detail is a “page”"),
    ("detail.url", "list", "detail = { url = \"{x}\", fields = { a = \"b\" } }", "detail.url: “x” is not a field of the row"),
    ("detail.when", "list", "detail = { when = \"never\", fields = { a = \"b\" } }", "unknown variant `never`"),
    ("detail.max", "list", "detail = { max = 0, fields = { a = \"b\" } }", "detail.max: 0 asks for no detail"),
    ("detail.format", "list", "detail = { format = \"yaml\", fields = { a = \"b\" } }", "detail.format: means nothing to kind “page”"),
    (
        "detail.items",
        "list",
        "detail = { kind = \"json\", items = \"$[\", fields = { a = \"b\" } }",
        "detail.items: “$[” is not a JSONPath",
    ),
    ("detail.container", "list", "detail = { container = \"a[\", fields = { a = \"b\" } }", "detail.container: “a[” is not a CSS selector"),
    ("detail.headers", "list", "detail = { headers = { From = \"me\" }, fields = { a = \"b\" } }", "a source does not say who asks"),
    ("detail.fields", "list", "detail = { fields = { a = \"b[\" } }", "detail.fields.a: “b[” is not a CSS selector"),
];

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn monitor(room: &Path, args: &[&str]) -> Output {
    let data = top().join("data");
    let mut all = vec!["--data", data.to_str().expect("a path")];
    all.extend(args);
    Command::new(monitor_testkit::binary()).current_dir(room).env("NO_COLOR", "1").args(all).output().expect("monitor runs")
}

/// What `check` says, by file: `line:column`, message and remedy.
fn check(room: &Path) -> BTreeMap<String, (String, String)> {
    let out = monitor(room, &["check"]);
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    let mut said = BTreeMap::new();
    for block in text.split("error[").skip(1) {
        let first = block.lines().next().unwrap_or_default();
        let Some((file, rest)) = first.split_once(".toml:") else { continue };
        let name = file.rsplit('/').next().unwrap_or_default().to_owned();
        let help = block.split_once("help: ").map(|(_, h)| h.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default();
        let (message, known) = (rest.to_owned(), said.remove(&name));
        // all that is said of one file, in its order
        let (messages, helps): (String, String) = known.unwrap_or_default();
        said.insert(name, (format!("{messages}{message}\n"), if helps.is_empty() { help } else { helps }));
    }
    said
}

fn room() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("sources.d")).expect("made");
    let main = "schema = 1\ninclude = [\"sources.d/*.toml\"]\n[agent]\nname = \"a\"\ncontact = \"https://e.org\"\n";
    std::fs::write(dir.path().join("sources.toml"), main).expect("written");
    dir
}

#[test]
fn each_wrong_value_is_named_with_its_place_and_a_remedy() {
    let room = room();
    let file = |n: usize| format!("w{n:03}");
    let path = |n: usize| room.path().join(format!("sources.d/{}.toml", file(n)));
    for (n, (key, kind, line, _)) in WRONG.iter().enumerate() {
        let own = line.split(" =").next().expect("a key");
        assert_eq!(own, key.split('.').next().expect("a key"), "{line}");
        let others = right(kind).into_iter().filter(|(k, _)| *k != own);
        let text: String = others.map(|(k, v)| format!("{k} = {v}\n")).collect();
        std::fs::write(path(n), format!("[source.s{n:03}]\n{line}\n{text}")).expect("written");
    }
    // what cannot be read hides what can: in rounds
    let mut said: BTreeMap<String, (String, String)> = BTreeMap::new();
    for _ in 0..3 {
        let round = check(room.path());
        for name in round.keys() {
            let _ = std::fs::remove_file(room.path().join(format!("sources.d/{name}.toml")));
        }
        said.extend(round);
    }
    let mut wrong = Vec::new();
    for (n, (key, _, line, part)) in WRONG.iter().enumerate() {
        match said.get(&file(n)) {
            None => wrong.push(format!("{key}: nothing is said of {line}")),
            Some((message, help)) => {
                if !message.contains(part) {
                    wrong.push(format!("{key}: “{part}” is not in {message}"));
                }
                if !message.lines().any(|m| m.contains(part) && m.starts_with("2:")) && !line.contains('\n') && *key != "fields" {
                    wrong.push(format!("{key}: not on line 2: {message}"));
                }
                if help.is_empty() {
                    wrong.push(format!("{key}: no remedy with {message}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), WRONG.len(), wrong.join("\n"));
}

#[test]
fn what_the_table_calls_right_is_right() {
    let room = room();
    for kind in ["list", "json", "csv", "xlsx", "xml", "dir", "feed", "post"] {
        let text: String = right(kind).into_iter().map(|(k, v)| format!("{k} = {v}\n")).collect();
        std::fs::write(room.path().join(format!("sources.d/{kind}.toml")), format!("[source.{kind}]\n{text}")).expect("written");
    }
    let out = monitor(room.path(), &["check"]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
}

fn schema() -> Value {
    let out = monitor(&top(), &["schema", "sources"]);
    serde_json::from_slice(&out.stdout).expect("a JSON Schema")
}

/// A schema with its reference followed.
fn followed<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str().and_then(|r| root.pointer(r.trim_start_matches('#'))) {
        Some(there) => there,
        None => schema,
    }
}

/// The paths of all keys below a schema: `page.max`; keys that anybody chooses (headers, fields) are passed over.
fn keys(root: &Value, schema: &Value, above: &str, out: &mut BTreeSet<String>) {
    let schema = followed(root, schema);
    for choice in ["anyOf", "oneOf", "allOf"] {
        for one in schema[choice].as_array().into_iter().flatten() {
            keys(root, one, above, out);
        }
    }
    if schema["additionalProperties"].is_object() {
        keys(root, &schema["additionalProperties"], above, out);
    }
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        // the fields of a detail are written as those of the source
        if above != "detail.fields" {
            out.insert(path.clone());
            keys(root, below, &path, out);
        }
    }
}

#[test]
fn grammar_schema_documents_and_the_table_of_wrong_values_hold_the_same_keys() {
    let root = schema();
    let mut in_schema = BTreeSet::new();
    keys(&root, &root["$defs"]["Source"], "", &mut in_schema);
    let in_table: BTreeSet<String> = WRONG.iter().map(|(k, ..)| (*k).to_owned()).collect();
    assert_eq!(in_schema, in_table, "left: the JSON Schema; right: the table of wrong values");

    // the grammar itself says which keys it knows
    let room = room();
    for (table, path) in [("[source.x]", ""), ("[source.x.page]", "page"), ("[source.x.expect]", "expect"), ("[source.x.detail]", "detail")]
    {
        std::fs::write(room.path().join("sources.d/x.toml"), format!("{table}\nqqqqqqqqqqqqqqqqqqq = 1\n")).expect("written");
        let help = check(room.path())["x"].1.clone();
        let known: BTreeSet<String> = help
            .trim_start_matches("known are ")
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .filter(|w| !w.is_empty())
            .map(|w| if path.is_empty() { w.to_owned() } else { format!("{path}.{w}") })
            .collect();
        let depth = path.split('.').filter(|p| !p.is_empty()).count();
        let wanted: BTreeSet<String> = in_schema
            .iter()
            .filter(|k| k.split('.').count() == depth + 1 && (path.is_empty() || k.starts_with(&format!("{path}."))))
            .cloned()
            .collect();
        assert_eq!(known, wanted, "{table}: left: the grammar; right: the JSON Schema");
    }

    // each is in the documents, as code
    let docs = std::fs::read_to_string(top().join("docs/sources.md")).expect("the document");
    let code: String =
        docs.split('`').skip(1).step_by(2).collect::<Vec<_>>().join("\n") + &docs.split("```").skip(1).step_by(2).collect::<String>();
    let words: BTreeSet<&str> = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let mut all = in_schema;
    for table in ["Agent", "Defaults"] {
        keys(&root, &root["$defs"][table], "", &mut all);
    }
    keys(&root, &root, "", &mut all);
    let missing: Vec<&String> = all.iter().filter(|k| !words.contains(k.rsplit('.').next().unwrap_or_default())).collect();
    assert!(missing.is_empty(), "not in docs/sources.md: {missing:?}");
}

/// What of a value the schema does not allow, by the few words of JSON Schema that ours is made of.
fn against(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = followed(root, schema);
    let mut wrong = Vec::new();
    for choice in ["anyOf", "oneOf"] {
        if let Some(list) = schema[choice].as_array()
            && list.iter().all(|one| !against(root, one, value, at).is_empty())
        {
            wrong.push(format!("{at}: none of the forms fits {value}"));
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(t) => vec![t],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |t: &str| match t {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    };
    if !types.is_empty() && !types.into_iter().any(is) {
        wrong.push(format!("{at}: {value} is not {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|list| !list.contains(value)) || schema.get("const").is_some_and(|c| c != value) {
        wrong.push(format!("{at}: {value} is none of the words"));
    }
    for (n, one) in value.as_array().into_iter().flatten().enumerate() {
        if schema["items"].is_object() {
            wrong.extend(against(root, &schema["items"], one, &format!("{at}[{n}]")));
        }
    }
    for (key, one) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{key}");
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => wrong.push(format!("{at}: no such key")),
            (Value::Null, Value::Null | Value::Bool(true)) => {}
            (Value::Null, other) => wrong.extend(against(root, other, one, &at)),
            (known, _) => wrong.extend(against(root, known, one, &at)),
        }
    }
    wrong
}

fn as_json(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).expect("TOML");
    serde_json::to_value(table).expect("JSON")
}

#[test]
fn the_schema_takes_every_declaration_and_refuses_what_is_none() {
    let root = schema();
    let mut files = vec![top().join("sources.toml")];
    files.extend(std::fs::read_dir(top().join("sources.d")).expect("sources.d").map(|e| e.expect("an entry").path()));
    assert!(files.len() > 20);
    for file in files {
        let wrong = against(&root, &root, &as_json(&std::fs::read_to_string(&file).expect("a file")), "");
        assert!(wrong.is_empty(), "{}: {wrong:?}", file.display());
    }
    for wrong in [
        "[source.x]\nbody = 1",
        "[source.x]\nknd = \"feed\"",
        "[source.x]\nkind = \"lst\"",
        "[source.x]\nevery = 24",
        "[source.x]\nbudget = 60",
        "[source.x]\nrobots = { why = 1 }",
        "[source.x]\npage = { max = \"3\" }",
        "[source.x]\neach = [1]",
        "[source.x.fields]\ntitle = { templat = \"x\" }",
        "[source.x.detail]\nwhen = \"never\"",
        "[source.x.expect]\nfill = { title = \"all\" }",
        "[agent]\nmail = \"x\"",
        "[defaults]\nbudget = 5",
    ] {
        assert!(!against(&root, &root, &as_json(wrong), "").is_empty(), "{wrong}");
    }
}
