//! Details and forms through the binary, over fixtures of our own: which requests are made, and what they fill.

use std::{path::Path, process::Command};

use serde_json::Value;

const HEAD: &str = "schema = 1\n[agent]\nname = \"a\"\ncontact = \"https://example.org\"\n";

/// The rows and the summary of one source over these fixtures.
fn read(source: &str, files: &[(&str, &str)]) -> (Vec<Value>, Value) {
    let room = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(room.path().join("fixtures")).expect("made");
    std::fs::write(room.path().join("sources.toml"), format!("{HEAD}{source}")).expect("written");
    for (name, text) in files {
        std::fs::write(Path::new(room.path()).join("fixtures").join(name), text).expect("written");
    }
    let o = Command::new(monitor_testkit::binary())
        .current_dir(room.path())
        .args(["test", "--fixtures", "fixtures", "--format", "jsonl"])
        .output()
        .expect("monitor runs");
    let text = String::from_utf8_lossy(&o.stdout).into_owned();
    let mut rows: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let last = rows.pop().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&o.stderr)));
    (rows, last["summary"][0].clone())
}

const WORK: &str = r#"[source.work]
body = "ITU-T"
kind = "list"
url = "https://www.example.org/wp.aspx"
container = "table"
item = "tr:has(td)"
identity = ["number"]
expect = { fill = { number = 1.0, liaison = 1.0 } }
[source.work.fields]
number = "td:nth-child(1)"
title = "td:nth-child(2)"
isn = 'td a@href | regex(isn=(\d+))'
[source.work.detail]
url = "https://www.example.org/item.aspx?isn={isn}"
[source.work.detail.fields]
liaison = 'label("Liaison")'
"#;

const LIST: &str = "<table><tr><th>Work item<th>Title</tr><tr><td><a href=\"i?isn=1\">X.a</a><td>One</tr><tr><td><a href=\"i?isn=2\">X.b</a><td>Two</tr></table>";

#[test]
fn details_fill_their_rows_and_their_contract_is_held() {
    let index = "[work]\nrows = 2\n[work.files]\n\"work.2.html\" = \"https://www.example.org/item.aspx?isn=1\"\n\"work.3.html\" = \"https://www.example.org/item.aspx?isn=2\"\n";
    let item = |body: &str| format!("<table><tr><th>Liaison:</th><td>{body}</td></tr></table>");
    let (one, two) = (item("ISO/IEC JTC 1/SC 27"), item("ETSI TC SAI"));
    let (rows, s) = read(WORK, &[("index.toml", index), ("work.html", LIST), ("work.2.html", &one), ("work.3.html", &two)]);
    assert_eq!(s["status"], "ok", "{s}");
    assert_eq!(
        (&rows[0]["extra"]["liaison"], &rows[1]["extra"]["liaison"]),
        (&"ISO/IEC JTC 1/SC 27".into(), &"ETSI TC SAI".into()),
        "{rows:?}"
    );
    assert_eq!(s["requests"], 3);
    let (rows, s) = read(WORK, &[("index.toml", index), ("work.html", LIST), ("work.2.html", &one), ("work.3.html", "<p>sorry")]);
    assert_eq!(s["status"], "broken", "a detail that has changed is no fixture that passes: {s}");
    assert_eq!(rows.len(), 2, "but it costs the detail, not the row");
}

#[test]
fn a_form_is_sent_as_it_stands_on_its_page() {
    let source = "[source.f]\nbody = \"CEN-CENELEC\"\nkind = \"list\"\nurl = \"https://www.example.org/search\"\nmethod = \"post\"\nform_from = \"form#s\"\nform = { q = \"AI\" }\nitem = \"li\"\ncontainer = \"ul\"\nfields = { title = \".\" }\n";
    let form = "<form id=\"s\" action=\"/results\"><input type=\"hidden\" name=\"state\" value=\"7\"><input name=\"q\"></form>";
    let (rows, s) = read(source, &[("index.toml", "[f]\nrows = 1\n"), ("f.html", form), ("f.2.html", "<ul><li>Found</ul>")]);
    assert_eq!((s["status"].as_str(), rows[0]["title"].as_str()), (Some("ok"), Some("Found")), "{s}");
    let (_, s) = read(source, &[("index.toml", "[f]\nrows = 1\n"), ("f.html", "<form id=\"other\">")]);
    assert_eq!(s["status"], "broken", "{s}");
}
