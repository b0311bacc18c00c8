//! The JSON Schemas that editors use: every shipped file keeps to its own, by a validator that is not ours, and a slip does not.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

const NAMES: [&str; 6] = ["sources", "bodies", "topics", "calendar", "editions", "views"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project").to_owned()
}

fn monitor(args: &[&str], dir: &Path) -> String {
    let out = Command::new(monitor_testkit::binary()).current_dir(dir).args(args).output().expect("monitor runs");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// The shipped files with the name of their schema.
fn shipped(root: &Path) -> Vec<(PathBuf, &'static str)> {
    let mut files = vec![(root.join("sources.toml"), "sources")];
    let further = fs::read_dir(root.join("sources.d")).expect("sources.d").filter_map(|e| Some(e.ok()?.path()));
    files.extend(further.filter(|p| p.extension().is_some_and(|e| e == "toml")).map(|p| (p, "sources")));
    files.extend(NAMES.iter().skip(1).map(|n| (root.join("data").join(format!("{n}.toml")), *n)));
    files
}

/// As a validator of JSON sees TOML: dates are texts.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(d) => Value::String(d.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(json).collect()),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(k, v)| (k, json(v))).collect()),
        other => serde_json::to_value(other).expect("a plain value"),
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    json(toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

fn compiled(schemas: &mut Schemas, name: &str) -> SchemaIndex {
    let text = monitor(&["schema", name], &root());
    let mut compiler = Compiler::new();
    let at = format!("https://monitor.invalid/{name}.json");
    compiler.add_resource(&at, serde_json::from_str(&text).expect("JSON")).expect("a schema");
    compiler.compile(&at, schemas).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn every_shipped_file_keeps_to_its_schema_and_a_slip_does_not() {
    let mut schemas = Schemas::new();
    let compiled = NAMES.map(|n| (n, compiled(&mut schemas, n)));
    let of = |name: &str| compiled.iter().find(|(n, _)| *n == name).expect("a schema").1;
    let files = shipped(&root());
    assert!(files.len() > 20);
    for (path, name) in &files {
        let value = read(path);
        if let Err(e) = schemas.validate(&value, of(name)) {
            panic!("{} does not keep to `monitor schema {name}`: {e:#}", path.display());
        }
        let mut slip = value.clone();
        slip["colour"] = "red".into();
        assert!(schemas.validate(&slip, of(name)).is_err(), "{}: a key that nobody knows passes", path.display());
    }
    // A word that is none of the few, a value of another kind, a key that is missing: each in the depth of a file.
    for (name, text) in [
        ("sources", "[source.a]\nbody = \"ETSI\"\nkind = \"lst\"\n"),
        ("sources", "[source.a]\nbody = \"ETSI\"\nkind = \"feed\"\nenabled = \"yes\"\n"),
        ("bodies", "schema = 1\n[[body]]\nid = \"X\"\nslug = \"x\"\nrole = \"club\"\n"),
        ("bodies", "schema = 1\n[[body]]\nid = \"X\"\n"),
        ("topics", "[[topic]]\nid = \"a\"\nlabel = \"A\"\naxis = \"securing-ai\"\n"),
        (
            "calendar",
            "schema = 1\nhome = \"X\"\n[[meeting]]\nid = \"m\"\nkind = \"gala\"\nstart = 2026-01-01\nend = 2026-01-02\nstatus = \"planned\"\nsource = \"s\"\n",
        ),
        (
            "editions",
            "schema = 1\n[group]\nname = \"G\"\nsource_line = \"L\"\ntitle = \"T\"\n[[edition]]\nname = \"a\"\nform = \"poster\"\nwindow = \"month\"\nformats = [\"md\"]\n",
        ),
        ("views", "schema = 1\n[[view]]\nname = \"a\"\n"),
    ] {
        let value = json(toml::from_str(text).expect("TOML"));
        assert!(schemas.validate(&value, of(name)).is_err(), "{name} takes this:\n{text}");
    }
}

#[test]
fn the_schemas_beside_the_files_are_those_of_the_program() {
    for name in NAMES {
        let path = root().join("schemas").join(format!("{name}.schema.json"));
        let standing = fs::read_to_string(&path).unwrap_or_default();
        assert!(standing == monitor(&["schema", name], &root()), "{}: write it anew with `just schemas`", path.display());
    }
}

#[test]
fn every_file_of_a_starter_set_names_a_schema_that_is_there() {
    let room = tempfile::tempdir().expect("a folder");
    monitor(&["init", ".", "--home", "IETF"], room.path());
    for folder in [root(), room.path().to_owned()] {
        for (path, name) in shipped(&folder) {
            let text = fs::read_to_string(&path).expect("it is there");
            let named =
                text.lines().next().and_then(|l| l.strip_prefix("#:schema ")).unwrap_or_else(|| panic!("{}: no #:schema", path.display()));
            let schema = path.parent().expect("a folder").join(named);
            assert!(schema.is_file() && named.ends_with(&format!("{name}.schema.json")), "{}: {named}", path.display());
        }
    }
}
