//! What changes from day to day and is no news: banners, the date of the answer, counters, the case of paths, the kind of hyphen.

use std::{path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

fn room(sources: &str) -> tempfile::TempDir {
    let room = tempfile::tempdir().expect("a folder");
    let head = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n";
    std::fs::write(room.path().join("sources.toml"), format!("{head}{sources}")).expect("written");
    room
}

fn run(room: &Path, args: &[&str]) -> Vec<Value> {
    let out = Command::new(monitor_testkit::binary()).current_dir(room).args(args).output().expect("monitor runs");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    text.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l} {}", String::from_utf8_lossy(&out.stderr)))).collect()
}

/// The report of the only source.
fn fetch(room: &Path, day: &str) -> Value {
    run(room, &["--now", &format!("2026-11-{day}T06:00:00Z"), "fetch", "--force", "--format", "json"])[0]["sources"][0].clone()
}

fn html(body: String) -> Route {
    Route::page(format!("<!DOCTYPE html><html><body>{body}</body></html>")).header("content-type", "text/html; charset=utf-8")
}

/// Three days of one page: only what is said of the documents may be news.
#[test]
fn banners_dates_of_the_answer_and_counters_make_no_event() {
    let page = |day: u32, stage: &str| {
        html(format!(
            "<div id=\"announcement\">This page will be deactivated in {} days</div><p>Generated on {day} November 2026, 06:00:0{}. You are visitor {}.</p>
             <table><tr><td>ETSI TS 104 901</td><td>Requirements for the\u{a0}logs of agents <span class=\"new\">{}</span></td><td>{stage}</td><td>{} downloads</td><td>asked {} days ago</td></tr>
             <tr><td>ETSI TS 104 902</td><td>Signing of models – part 1</td><td>Draft</td><td>{} downloads</td><td>asked {} days ago</td></tr></table><footer>\u{a9} {day}</footer>",
            40 - day, day % 10, day * 977, if day == 20 { "NEW!" } else { "" }, day * 31, day, day * 57, day + 3
        ))
    };
    let server = Server::start([("/list", page(20, "Draft").then(page(21, "Draft")).then(page(22, "On Approval")))]);
    let room = room(&format!(
        "[source.s]\nbody = \"ETSI\"\nkind = \"list\"\nurl = \"{}\"\ncontainer = \"table\"\nitem = \"tr\"\nidentity = [\"number\"]\nvolatile = [\"downloads\", \"asked\"]\n\
         [source.s.fields]\nnumber = \"td:nth-child(1)\"\ntitle = \"td:nth-child(2) | own\"\nstage = \"td:nth-child(3)\"\ndownloads = \"td:nth-child(4)\"\nasked = \"td:nth-child(5)\"\n",
        server.url("/list")
    ));
    assert_eq!(fetch(room.path(), "20")["new"], 2);
    let second = fetch(room.path(), "21");
    assert_eq!((&second["new"], &second["revised"], &second["events"]), (&0.into(), &0.into(), &0.into()), "{second}");
    let third = fetch(room.path(), "22");
    assert_eq!((&third["revised"], &third["events"]), (&1.into(), &1.into()), "what is news among the noise: {third}");
}

/// A title that the site itself decorates is called volatile: then a change of it is no event, and one of the stage still is.
#[test]
fn what_is_declared_volatile_is_no_event() {
    let rows = |n: u32, stage: &str| {
        Route::page(format!("[{{\"n\":\"ETSI TS 104 901\",\"t\":\"Logs of agents ({n} votes)\",\"s\":\"{stage}\"}}]"))
    };
    let server = Server::start([("/api", rows(1, "Draft").then(rows(2, "Draft")).then(rows(3, "Published")))]);
    let declared = |volatile: &str| {
        format!(
            "[source.s]\nbody = \"ETSI\"\nkind = \"json\"\nurl = \"{}\"\nitems = \"$[*]\"\nidentity = [\"number\"]\n{volatile}\nfields = {{ number = \"n\", title = \"t\", stage = \"s\" }}\n",
            server.url("/api")
        )
    };
    let room = room(&declared("volatile = [\"title\"]"));
    assert_eq!(fetch(room.path(), "20")["new"], 1);
    assert_eq!(fetch(room.path(), "21")["events"], 0);
    assert_eq!(fetch(room.path(), "22")["events"], 1);
    let events = run(room.path(), &["events", "--format", "jsonl"]);
    let kinds: Vec<&str> = events.iter().filter_map(|e| e["kind"].as_str()).collect();
    assert!(kinds.contains(&"stage") && !kinds.contains(&"title"), "{kinds:?}");
}

/// 3GPP's server writes its paths now so, now so, and its authors write their numbers with another hyphen.
#[test]
fn paths_in_any_case_and_numbers_with_any_hyphen_are_the_same_documents() {
    let listing = |folder: &str, file: &str| {
        html(format!("<h1>Directory listing</h1><table><tr><td><a href=\"{folder}/{file}.zip\">{file}.zip</a></td><td>2026/11/19 8:00</td><td>44 KB</td></tr>
            <tr><td><a href=\"{folder}/Agenda.htm\">Agenda.htm</a></td><td>2026/11/18 8:00</td><td>4 KB</td></tr></table>"))
    };
    let server = Server::start([("/ftp/Docs/", listing("/ftp/Docs", "S3-264001").then(listing("/FTP/docs", "s3-264001")))]);
    let room = room(&format!(
        "[source.s]\nbody = \"3GPP\"\nkind = \"dir\"\nurl = \"{}\"\nidentity = [\"number\"]\n[source.s.fields]\nnumber = 'name | regex((?i)^(S3-\\d+)\\.zip$) | docnum'\ntitle = 'name'\ndate = 'mtime'\n",
        server.url("/ftp/Docs/")
    ));
    let first = fetch(room.path(), "20");
    assert_eq!(first["new"], 2, "{first}");
    let second = fetch(room.path(), "21");
    assert_eq!(second["new"], 0, "{second}");

    let agenda = |hyphen: &str| html(format!("<ul><li>S3{hyphen}264001 Logs of agents</li></ul>"));
    let server = Server::start([("/agenda", agenda("-").then(agenda("\u{2011}")).then(agenda("\u{2013}")))]);
    let other = room_of_agenda(&server);
    assert_eq!(fetch(other.path(), "20")["new"], 1);
    for day in ["21", "22"] {
        let report = fetch(other.path(), day);
        assert_eq!((&report["new"], &report["events"]), (&0.into(), &0.into()), "{report}");
    }
}

fn room_of_agenda(server: &Server) -> tempfile::TempDir {
    room(&format!(
        "[source.s]\nbody = \"3GPP\"\nkind = \"list\"\nurl = \"{}\"\ncontainer = \"ul\"\nitem = \"li\"\nidentity = [\"number\"]\n[source.s.fields]\nnumber = 'li | docnum | regex(^(S3-\\d+))'\ntitle = 'li | docnum | regex(^S3-\\d+ (.*)$)'\n",
        server.url("/agenda")
    ))
}
