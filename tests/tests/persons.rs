//! No personal data: what a page says of persons is in nothing that is stored, printed or complained of; what it says of documents is.

use std::{path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

const LIST: &str = r#"<!DOCTYPE html><html><body><table id="t"><tr><th>Ref</th><th>Title</th><th>Contact</th><th>Status</th><th>Date</th><th>Note</th></tr>
<tr><td>ETSI TS 104 901</td><td><a href="/docs/901">Requirements for the logs of agents</a></td><td>Zacharias Quillfeather, +41 22 730 5999</td><td>Draft</td><td>2026-11-03</td>
 <td>Scope: logs. Contact: Zacharias Quillfeather, +41 22 730 5999, zq@quill.example. Timing 2027.</td></tr>
<tr><td>ETSI TS 104 902</td><td><a href="mailto:zq@quill.example?subject=902">Signing of models (Editor: Zacharias Quillfeather)</a></td><td><a href="mailto:zq@quill.example">Z. Quillfeather</a></td><td>Draft</td><td>ask Zacharias: +41 22 730 5999</td>
 <td>Rapporteur for Q16/17: Zacharias Quillfeather; the text is stable.</td></tr>
<tr><td>ETSI TS 104 903</td><td><a href="/docs/903?mail=zq@quill.example">Inventories of data sets</a></td><td></td><td>Contact: Zacharias Quillfeather</td><td>2026-11-01</td>
 <td>Editor(s): Zacharias Quillfeather | Guards for models, as approved.</td></tr>
<tr><td>ETSI TS 104 904</td><td><a href="/docs/904">Evaluation of guards; contacts between agents and tools</a></td><td></td><td>Published</td><td>2026-10-01</td>
 <td>ISBN 978-92-61-12345-6, TR 33.501 V18.0.1, account 1234567. The editor of the model is a tool.</td></tr></table></body></html>"#;

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Call for testers, write to zq@quill.example</title><link>https://example.org/n/1</link><guid isPermaLink="false">tag:zq@quill.example,2026:1</guid><author>zq@quill.example (Zacharias Quillfeather)</author>
<description>&lt;p&gt;Guards for agents are tested in May.&lt;/p&gt;&lt;p&gt;Press contact: Zacharias Quillfeather, tel. +41 22 730 5999&lt;/p&gt;</description><pubDate>Tue, 03 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"#;

const JSON: &str = r#"[{"ref":"ETSI TS 104 911","name":"Attestation of agents","owner":{"email":"zq@quill.example"},"rapporteur":"Zacharias Quillfeather","tags":["agents","zq@quill.example"],"state":"Draft",
"summary":"Who attests what. Convenor: Zacharias Quillfeather (Quill), phone: 022 730 59 99; open until May."}]"#;

fn sources(server: &Server) -> String {
    format!(
        r#"schema = 1
[agent]
name = "aisec-monitor"
contact = "https://example.org/bot"
[defaults]
allow_private = true
rate = "1000/1s"
[source.list]
body = "ETSI"
kind = "list"
url = "{}"
container = "table#t"
item = "tr:has(td)"
identity = ["number"]
[source.list.fields]
number = "td:nth-child(1) | docnum"
title = "td:nth-child(2)"
url = "td:nth-child(2) a@href | absolute"
contact = "td:nth-child(3)"
responsible = "td:nth-child(3)"
stage = "td:nth-child(4)"
date = "td:nth-child(5) | date(%Y-%m-%d)"
summary = "td:nth-child(6)"
remark = {{ template = "{{responsible}} {{summary}}" }}
[source.feed]
body = "ETSI"
kind = "feed"
url = "{}"
fields = {{ from = "author" }}
[source.api]
body = "ETSI"
kind = "json"
url = "{}"
items = "$[*]"
identity = ["number"]
[source.api.fields]
number = "ref | docnum"
title = "name"
stage = "state"
owner_email = "owner.email"
lead = "owner.email"
rapporteur = "rapporteur"
keywords = "tags | all"
summary = "summary | text"
note = {{ template = "{{ref}} by {{rapporteur}}" }}
"#,
        server.url("/list"),
        server.url("/feed"),
        server.url("/api")
    )
}

fn run(room: &Path, args: &[&str]) -> String {
    let out = Command::new(monitor_testkit::binary())
        .current_dir(room)
        .args(["--now", "2026-11-20T06:00:00Z"])
        .args(args)
        .output()
        .expect("monitor runs");
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

/// All that lies below a folder, as text.
fn everything(folder: &Path) -> String {
    let mut out = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            out += &everything(&path);
        } else {
            out += &String::from_utf8_lossy(&std::fs::read(&path).expect("a file"));
        }
    }
    out
}

fn personal(text: &str) -> Vec<String> {
    let marks = ["quillfeather", "zacharias", "zq@", "quill.example", "730 59", "730-59", "mailto:"];
    let lower = text.to_lowercase();
    let around = |at: usize| {
        let (from, to) = (lower.floor_char_boundary(at.saturating_sub(60)), lower.floor_char_boundary((at + 60).min(lower.len())));
        lower[from..to].to_owned()
    };
    marks.iter().filter_map(|m| lower.find(m).map(|at| format!("{m}: …{}…", around(at)))).collect()
}

#[test]
fn nothing_of_a_person_is_stored_printed_or_complained_of() {
    let rss = Route::page(FEED).header("content-type", "application/rss+xml");
    let api = Route::page(JSON).header("content-type", "application/json");
    let server = Server::start([("/list", Route::page(LIST).header("content-type", "text/html")), ("/feed", rss), ("/api", api)]);
    let room = tempfile::tempdir().expect("a folder");
    std::fs::write(room.path().join("sources.toml"), sources(&server)).expect("written");
    let tested = run(room.path(), &["test", "--format", "jsonl"]);
    assert!(tested.contains("104 904"), "{tested}");
    assert_eq!(personal(&tested), Vec::<String>::new(), "what `test` prints\n{tested}");
    let fetched = run(room.path(), &["fetch", "--format", "json"]);
    assert_eq!(personal(&fetched), Vec::<String>::new(), "the report of the run");
    assert_eq!(personal(&everything(&room.path().join("data/store/journal"))), Vec::<String>::new(), "the journal");
    assert_eq!(personal(&everything(&room.path().join("data/store"))), Vec::<String>::new(), "the store");
    let shown = run(room.path(), &["list", "--format", "jsonl"]) + &run(room.path(), &["events", "--format", "jsonl"]);
    assert_eq!(personal(&shown), Vec::<String>::new(), "what is shown");
}

#[test]
fn what_is_said_of_documents_stays() {
    let server = Server::start([("/list", Route::page(LIST).header("content-type", "text/html"))]);
    let room = tempfile::tempdir().expect("a folder");
    std::fs::write(room.path().join("sources.toml"), sources(&server)).expect("written");
    let text = run(room.path(), &["test", "--source", "list", "--format", "jsonl"]);
    let rows: Vec<Value> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).filter(|r: &Value| r["number"].is_string()).collect();
    let of = |n: usize, field: &str| rows[n][field].as_str().unwrap_or_default().to_owned();
    assert_eq!(rows.len(), 4, "{text}");
    assert_eq!(of(0, "abstract"), "Scope: logs. Timing 2027.");
    assert_eq!(of(1, "title"), "Signing of models", "{}", rows[1]);
    assert!(of(1, "abstract").contains("the text is stable"), "{}", rows[1]);
    assert!(of(2, "abstract").contains("Guards for models, as approved"), "{}", rows[2]);
    assert_eq!(of(3, "title"), "Evaluation of guards; contacts between agents and tools");
    assert_eq!(of(3, "abstract"), "ISBN 978-92-61-12345-6, TR 33.501 V18.0.1, account 1234567. The editor of the model is a tool.");
    assert_eq!((of(0, "stage"), of(0, "published")), ("Draft".to_owned(), "2026-11-03".to_owned()));
    assert_eq!(of(0, "url"), server.url("/docs/901"));
}
