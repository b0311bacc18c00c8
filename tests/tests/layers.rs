//! The import rules and fences of ARCHITECTURE.md, held against `cargo metadata`.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

/// Who may import what of ours. `testkit` may only be a dev-dependency.
const ARROWS: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("fetch", &["model"]),
    ("extract", &["model"]),
    ("identify", &["model"]),
    ("tag", &["model"]),
    ("trends", &["model"]),
    ("landscape", &["model"]),
    ("store", &["model"]),
    ("digest", &["model", "trends", "landscape"]),
    ("deliver", &["model"]),
    ("monitor", &["model", "fetch", "extract", "identify", "tag", "store", "trends", "landscape", "digest", "deliver"]),
    ("testkit", &["model", "fetch"]),
];

/// Which crate alone may use a dependency.
const FENCES: [(&str, &str); 23] = [
    ("reqwest", "fetch"),
    ("governor", "fetch"),
    ("backon", "fetch"),
    ("sled", "store"),
    ("postcard", "store"),
    ("feed-rs", "extract"),
    ("scraper", "extract"),
    ("ammonia", "extract"), // whoever keeps HTML one day does it there
    ("csv", "extract"),
    ("serde_json_path", "extract"),
    ("encoding_rs", "extract"),
    ("aho-corasick", "tag"),
    ("statrs", "trends"),
    ("minijinja", "digest"),
    ("docx-rs", "digest"),
    ("lettre", "deliver"),
    ("clap", "monitor"),
    ("clap_complete", "monitor"),
    ("console", "monitor"),
    ("indicatif", "monitor"),
    ("miette", "monitor"),
    ("comfy-table", "monitor"),
    ("anyhow", "monitor"),
];

fn short(package: &str) -> &str {
    package.strip_prefix("monitor-").unwrap_or(package)
}

/// Normal dependencies, and dev-dependencies, of each member.
fn members() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    let meta: Value = serde_json::from_slice(&out.stdout).expect("cargo metadata prints JSON");
    let mut members = BTreeMap::new();
    for p in meta["packages"].as_array().expect("packages") {
        let (mut normal, mut dev) = (BTreeSet::new(), BTreeSet::new());
        for d in p["dependencies"].as_array().expect("dependencies") {
            let name = d["name"].as_str().expect("a name").to_owned();
            if d["kind"] == "dev" {
                dev.insert(name)
            } else {
                normal.insert(name)
            };
        }
        members.insert(p["name"].as_str().expect("a name").to_owned(), (normal, dev));
    }
    members
}

#[test]
fn each_crate_imports_only_what_the_architecture_allows() {
    let members = members();
    let mut faults = Vec::new();
    for (name, (normal, _)) in &members {
        if matches!(name.as_str(), "monitor-tests" | "monitor-system-tests") {
            continue;
        }
        let allowed = ARROWS.iter().find(|(n, _)| *n == short(name)).map(|(_, a)| *a);
        let Some(allowed) = allowed else {
            faults.push(format!("{name} is not in ARCHITECTURE.md"));
            continue;
        };
        for dep in normal.iter().filter(|d| members.contains_key(*d)) {
            if !allowed.contains(&short(dep)) {
                faults.push(format!("{name} → {dep}"));
            }
        }
    }
    assert_eq!(ARROWS.len(), members.len() - 2, "a crate of the architecture is missing");
    assert!(faults.is_empty(), "arrows that ARCHITECTURE.md does not have: {faults:?}");
}

#[test]
fn fenced_dependencies_stay_behind_their_fence() {
    let mut faults = Vec::new();
    for (name, (normal, _)) in members() {
        for (dep, home) in FENCES {
            if normal.contains(dep) && short(&name) != home {
                faults.push(format!("{dep} in {name}, not {home}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_testkit_never_ships() {
    for (name, (normal, _)) in members() {
        assert!(!normal.contains("monitor-testkit"), "{name} has the testkit as a normal dependency");
    }
}
