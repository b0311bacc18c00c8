//! Requests that go out live: forms, JSON, and the second requests for rows.

use std::{path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

struct Room(tempfile::TempDir);

impl Room {
    fn new(sources: &str) -> Room {
        let dir = tempfile::tempdir().expect("a folder");
        let head = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n";
        std::fs::write(dir.path().join("sources.toml"), format!("{head}{sources}")).expect("written");
        Room(dir)
    }

    fn fetch(&self, now: &str) -> Value {
        let out = Command::new(monitor_testkit::binary())
            .current_dir::<&Path>(self.0.path())
            .args(["--now", now, "fetch", "--format", "json"])
            .output()
            .expect("monitor runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", String::from_utf8_lossy(&out.stderr)));
        report["sources"][0].clone()
    }
}

fn list(rows: &[&str]) -> Route {
    let rows: String = rows.iter().map(|r| format!("<li><a href=\"/item/{r}\">{r} of the list</a></li>")).collect();
    Route::page(format!("<html><ul id=\"rows\">{rows}</ul></html>")).header("content-type", "text/html")
}

#[test]
fn a_form_is_sent_with_its_hidden_fields_and_its_pages_are_counted() {
    let form = "<form id=\"s\" action=\"/results\" method=\"post\"><input type=hidden name=state value=\"a b\"><input name=q><input name=start value=0></form>";
    let server = Server::start([
        ("/search", Route::page(form).header("content-type", "text/html")),
        ("POST /results state=a+b&q=AI+security&start=0", list(&["One", "Two"])),
        ("POST /results state=a+b&q=AI+security&start=2", list(&["Three"])),
        ("POST /results state=a+b&q=AI+security&start=4", list(&[])),
    ]);
    let room = Room::new(&format!(
        "[source.f]\nbody = \"CEN-CENELEC\"\nkind = \"list\"\nurl = \"{}\"\nmethod = \"post\"\nform_from = \"form#s\"\nform = {{ q = \"AI security\" }}\npage = {{ param = \"start\", start = 0, step = 2, max = 5 }}\ncontainer = \"#rows\"\nitem = \"li\"\nfields = {{ title = \"a\", url = \"a@href | absolute\" }}\n",
        server.url("/search")
    ));
    let s = room.fetch("2026-10-06T00:00:00Z");
    assert_eq!((s["status"].as_str(), s["new"].as_u64()), (Some("ok"), Some(3)), "{s}\n{:?}", server.log());
    let posts: Vec<_> = server.log().into_iter().filter(|h| h.method == "POST").collect();
    assert_eq!(posts.len(), 3);
    assert!(posts.iter().all(|h| h.headers["content-type"] == "application/x-www-form-urlencoded" && !h.headers.contains_key("cookie")));
    assert!(posts.iter().all(|h| h.headers["user-agent"].contains("aisec-monitor")));
    // The form is asked anew each time, and no POST is conditional.
    let s = room.fetch("2026-10-08T00:00:00Z");
    assert_eq!((s["known"].as_u64(), s["conditional"].as_u64()), (Some(3), Some(0)), "{s}");
}

#[test]
fn json_is_sent_and_its_answer_is_read() {
    let server = Server::start([(
        "POST /api {\"query\":\"AI\"}",
        Route::page("{\"hits\":[{\"ref\":\"X 1\",\"name\":\"One of them\"}]}").header("content-type", "application/json"),
    )]);
    let room = Room::new(&format!(
        "[source.j]\nbody = \"ETSI\"\nkind = \"json\"\nurl = \"{}\"\nmethod = \"post\"\njson = {{ query = \"AI\" }}\nheaders = {{ Accept = \"application/json\" }}\nitems = \"$.hits[*]\"\nidentity = [\"title\"]\nfields = {{ title = \"name\", source_key = \"ref\" }}\n",
        server.url("/api")
    ));
    let s = room.fetch("2026-10-06T00:00:00Z");
    assert_eq!((s["status"].as_str(), s["new"].as_u64()), (Some("ok"), Some(1)), "{s}\n{:?}", server.log());
    let sent = server.log().into_iter().find(|h| h.method == "POST").expect("a POST");
    assert_eq!((sent.headers["content-type"].as_str(), sent.headers["accept"].as_str()), ("application/json", "application/json"));
}

#[test]
fn a_detail_is_asked_once_and_forgotten_with_its_row() {
    let item = || Route::page("<table><tr><th>Liaison:</th><td>ETSI TC SAI</td></tr></table>").header("content-type", "text/html");
    let server = Server::start([("/list", list(&["A", "B"])), ("/item/A", item()), ("/item/B", item())]);
    let room = Room::new(&format!(
        "[source.d]\nbody = \"ITU-T\"\nkind = \"list\"\nurl = \"{}\"\ncontainer = \"#rows\"\nitem = \"li\"\nidentity = [\"url\"]\nfields = {{ title = \"a\", url = \"a@href | absolute\" }}\n[source.d.detail.fields]\nliaison = 'label(\"Liaison\")'\n",
        server.url("/list")
    ));
    let asked = || (server.hits("/item/A"), server.hits("/item/B"));
    room.fetch("2026-10-06T00:00:00Z");
    assert_eq!(asked(), (1, 1));
    server.set("/list", list(&["B"]));
    room.fetch("2026-10-08T00:00:00Z");
    assert_eq!(asked(), (1, 1), "what looks as before is not asked again");
    server.set("/list", list(&["A", "B"]));
    room.fetch("2026-10-10T00:00:00Z");
    assert_eq!(asked(), (2, 1), "what had left the list was forgotten, and what stayed was not");
}

#[test]
fn details_are_charged_to_the_budget_of_their_source() {
    let server = Server::start([
        ("/list", list(&["A", "B", "C", "D", "E"])),
        ("/item/A", Route::drip()),
        ("/item/B", Route::drip()),
        ("/item/C", Route::drip()),
        ("/item/D", Route::drip()),
        ("/item/E", Route::drip()),
    ]);
    let room = Room::new(&format!(
        "[source.d]\nbody = \"ITU-T\"\nkind = \"list\"\nurl = \"{}\"\ntimeout = \"1s\"\nbudget = \"1s\"\ncontainer = \"#rows\"\nitem = \"li\"\nidentity = [\"url\"]\nfields = {{ title = \"a\", url = \"a@href | absolute\" }}\n[source.d.detail.fields]\nliaison = 'label(\"Liaison\")'\n",
        server.url("/list")
    ));
    let s = room.fetch("2026-10-06T00:00:00Z");
    let what: Vec<&str> = s["complaints"].as_array().expect("complaints").iter().filter_map(|c| c["what"].as_str()).collect();
    assert!(what.iter().any(|w| w.starts_with("detail: not asked") && w.contains("`budget`")), "{what:?}");
    assert_eq!((s["status"].as_str(), s["new"].as_u64()), (Some("partial"), Some(5)), "the rows stay: {s}");
    assert!(server.log().iter().filter(|r| r.path.starts_with("/item/")).count() <= 2, "the rest waits for the next run");
}
