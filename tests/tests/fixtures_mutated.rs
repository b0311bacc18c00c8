//! What breaks on a page breaks its source, and no other: over all fixtures.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use monitor_model::{Field, Source, SourceKind, SourcesFile};
use serde_json::Value;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every declared source with the text of the file that holds it.
fn sources() -> Vec<(PathBuf, String, BTreeMap<String, Source>)> {
    let further = std::fs::read_dir(top().join("sources.d")).expect("sources.d").map(|e| e.expect("an entry").path());
    let mut files: Vec<PathBuf> = further.chain([top().join("sources.toml")]).collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a file");
            let file: SourcesFile = toml::from_str(&text).expect("sources");
            (path, text, file.source.into_iter().map(|(id, s)| (id.0, s)).collect())
        })
        .collect()
}

/// The status of every source over its fixture, with one file of sources in another form.
fn statuses(changed: &Path, text: &str) -> BTreeMap<String, String> {
    let room = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(room.path().join("sources.d")).expect("made");
    for (path, as_it_is, _) in sources() {
        let text = if path == changed { text } else { &as_it_is };
        std::fs::write(room.path().join(path.strip_prefix(top()).expect("within")), text).expect("written");
    }
    let o = Command::new(monitor_testkit::binary())
        .current_dir(room.path())
        .args(["--now", "2026-11-21T06:00:00Z", "test", "--format", "jsonl", "--fixtures"])
        .arg(top().join("tests/fixtures"))
        .output()
        .expect("monitor runs");
    let out = String::from_utf8_lossy(&o.stdout).into_owned();
    let last: Value = serde_json::from_str(out.lines().last().unwrap_or_default())
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&o.stderr)));
    let list = last["summary"].as_array().expect("a summary");
    list.iter().map(|s| (s["source"].as_str().expect("an id").to_owned(), s["status"].as_str().expect("a status").to_owned())).collect()
}

/// In the tables of one source, `from` is written `to`; none when it does not stand there.
fn edit(text: &str, id: &str, from: &str, to: &str) -> Option<String> {
    let begin = text.find(&format!("[source.{id}]"))?;
    let mut end = begin;
    for line in text[begin..].split_inclusive('\n') {
        let other =
            line.starts_with("[source.") && !line.starts_with(&format!("[source.{id}]")) && !line.starts_with(&format!("[source.{id}."));
        if other {
            break;
        }
        end += line.len();
    }
    let block = &text[begin..end];
    block.contains(from).then(|| format!("{}{}{}", &text[..begin], block.replacen(from, to, 1), &text[end..]))
}

/// What the page would be like for the source if a column, a class or the list's own node had another name: the declaration then
/// names what is not there.
fn mutations(source: &Source) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if let (SourceKind::List, Some(c)) = (source.kind, &source.container) {
        out.push((c.clone(), "x-renamed".to_owned()));
    }
    if let (SourceKind::Json, Some(items)) =
        (source.kind, source.items.as_deref().and_then(|i| i.strip_suffix("[*]")).filter(|i| i.len() > 1))
    {
        // `$['case-studies']` is renamed within its quotes.
        let renamed = items.strip_suffix("']").map_or_else(|| format!("{items}Renamed"), |key| format!("{key}Renamed']"));
        out.push((format!("{items}[*]"), format!("{renamed}[*]")));
    }
    let title = ["number", "title"].iter().find_map(|f| source.fields.get(*f));
    if let Some(Field::Locator(l)) = title {
        let locator = l.split(" | ").next().unwrap_or(l).trim();
        match source.kind {
            SourceKind::Csv | SourceKind::Xlsx | SourceKind::Json | SourceKind::Xml if !locator.contains(['"', '.']) => {
                out.push((locator.to_owned(), format!("{locator}Renamed")));
            }
            _ => {}
        }
    }
    out
}

#[test]
fn a_renamed_node_or_column_breaks_its_source_alone() {
    let all = sources();
    let good = statuses(Path::new(""), "");
    let was_ok: BTreeSet<&String> = good.iter().filter(|(_, s)| *s == "ok").map(|(id, _)| id).collect();
    // One mutation of each file at a time: what happens in one file must not reach the others.
    let mut tried = 0;
    for (path, text, sources) in &all {
        let mut mutated = text.clone();
        let mut broken = BTreeSet::new();
        for (id, source) in sources.iter().filter(|(id, s)| was_ok.contains(id) && s.enabled()) {
            for (from, to) in mutations(source) {
                let quoted = ['"', '\''].into_iter().find_map(|q| edit(&mutated, id, &format!("= {q}{from}"), &format!("= {q}{to}")));
                if let Some(next) = quoted {
                    mutated = next;
                    broken.insert(id);
                    break;
                }
            }
        }
        if broken.is_empty() {
            continue;
        }
        tried += broken.len();
        for (id, status) in statuses(path, &mutated) {
            if broken.contains(&id) {
                assert_ne!(status, "ok", "{id} reads a page on which something has another name, and says nothing");
            } else {
                assert_eq!(Some(&status), good.get(&id), "{id} is another source");
            }
        }
    }
    assert!(tried >= 10, "{tried} sources were tried");
}

#[test]
fn halved_rows_break_their_source_alone() {
    let room = tempfile::tempdir().expect("a folder");
    let from = top().join("tests/fixtures");
    let index = std::fs::read_to_string(from.join("index.toml")).expect("an index");
    let said: toml::Table = toml::from_str(&index).expect("an index");
    // A fixture that says it holds twice as many rows is one of which half are gone.
    let mut doubled = said.clone();
    let ids: Vec<String> = said
        .iter()
        .filter(|(_, v)| v.get("rows").and_then(toml::Value::as_integer).is_some_and(|n| n > 0))
        .map(|(k, _)| k.clone())
        .collect();
    let half: BTreeSet<&String> = ids.iter().step_by(2).collect();
    for id in &half {
        let rows = doubled[id.as_str()]["rows"].as_integer().expect("a number");
        doubled[id.as_str()].as_table_mut().expect("a table").insert("rows".to_owned(), toml::Value::Integer(rows * 2));
    }
    for entry in std::fs::read_dir(&from).expect("fixtures") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), room.path().join(entry.file_name())).expect("copied");
    }
    std::fs::write(room.path().join("index.toml"), toml::to_string(&doubled).expect("TOML")).expect("written");
    let o = Command::new(monitor_testkit::binary())
        .current_dir(top())
        .args(["--config", "sources.toml", "--data", "data", "--now", "2026-11-21T06:00:00Z", "test", "--format", "jsonl", "--fixtures"])
        .arg(room.path())
        .output()
        .expect("monitor runs");
    let out = String::from_utf8_lossy(&o.stdout).into_owned();
    let last: Value = serde_json::from_str(out.lines().last().expect("a summary")).expect("JSON");
    for s in last["summary"].as_array().expect("a summary").iter().filter(|s| s["status"] != "login") {
        let id = s["source"].as_str().expect("an id").to_owned();
        assert_eq!(s["status"] == "ok", !half.contains(&id), "{id}: {s}");
    }
}
