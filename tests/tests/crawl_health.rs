//! Health told once and truly, a run that has an end, two runs at once.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

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

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, day: u32, args: &[&str]) -> Command {
        let mut c = Command::new(monitor_testkit::binary());
        c.current_dir(self.path()).args(["--now", &format!("2026-10-{day:02}T00:00:00Z")]).args(args);
        c
    }

    /// Exit code, what it printed, what it said.
    fn run(&self, day: u32, args: &[&str]) -> (i32, String, String) {
        let out = self.command(day, args).output().expect("monitor runs");
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        (out.status.code().expect("a code"), text(&out.stdout), text(&out.stderr))
    }

    fn fetch(&self, day: u32, more: &[&str]) -> (i32, Value) {
        let (code, out, err) = self.run(day, &[&["fetch", "--format", "json"], more].concat());
        (code, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out} {err}")))
    }
}

fn feed(items: std::ops::Range<u32>) -> Route {
    let items: String =
        items.map(|n| format!("<item><title>Entry {n}</title><link>https://example.org/{n}</link><guid>{n}</guid></item>")).collect();
    Route::page(format!("<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>"))
        .header("content-type", "application/rss+xml")
}

fn source(id: &str, url: &str, more: &str) -> String {
    format!("[source.{id}]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"{url}\"\n{more}\n")
}

/// Who changed from what to what, as a run tells it.
fn told(report: &Value) -> Vec<String> {
    let word = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    report["transitions"]
        .as_array()
        .expect("transitions")
        .iter()
        .map(|t| format!("{}: {}→{}", word(&t["source"]), word(&t["from"]), word(&t["to"])))
        .collect()
}

const LOGIN: &str = "<html><head><title>Sign in</title></head><body><form action=\"/login\"><input name=\"user\"><input type=\"password\" name=\"password\"><button>Log in</button></form></body></html>";

#[test]
fn each_change_of_health_is_told_by_the_run_that_brought_it_and_no_other() {
    let server = Server::start([("/a", feed(1..4).header("etag", "\"1\"")), ("/b", feed(1..4))]);
    let room = Room::new(&(source("a", &server.url("/a"), "tolerate = 2") + &source("b", &server.url("/b"), "")));
    assert_eq!(told(&room.fetch(1, &[]).1), Vec::<String>::new(), "a first good fetch is no news");

    server.set("/a", Route::status(500));
    assert_eq!(told(&room.fetch(3, &[]).1), ["a: ok→degraded"]);
    assert_eq!(told(&room.fetch(5, &[]).1), ["a: degraded→broken"]);
    let (code, third) = room.fetch(7, &[]);
    assert_eq!((code, told(&third)), (3, vec![]), "it was told before");
    let (_, _, said) = room.run(9, &["-q", "fetch"]);
    assert_eq!(said, "", "cron is not mailed the same trouble every day");

    // The page is again what it was when it was good. A 304 would not prove it, so it is asked for without a validator.
    server.set("/a", feed(1..4).header("etag", "\"1\""));
    let (code, well) = room.fetch(11, &[]);
    assert_eq!((code, told(&well)), (0, vec!["a: broken→ok".to_owned()]));
    let asked = server.log();
    let last = asked.iter().rfind(|r| r.path == "/a").expect("it was asked");
    assert!(!last.headers.contains_key("if-none-match"), "{:?}", last.headers);

    server.set("/a", Route::page(LOGIN).header("content-type", "text/html"));
    let (code, locked) = room.fetch(13, &["--source", "a"]);
    assert_eq!((code, told(&locked)), (4, vec!["a: ok→login".to_owned()]));
    assert_eq!(locked["sources"][0]["status"], "login");
    assert_eq!(room.fetch(15, &["--source", "a", "--strict"]).0, 5, "a login that nobody declared is a broken promise");
    let (code, doctor, _) = room.run(15, &["doctor", "--strict", "--format", "json"]);
    let doctor: Value = serde_json::from_str(&doctor).expect("JSON");
    assert_eq!((code, &doctor["sick"]), (5, &serde_json::json!(["a"])));
    let a = &doctor["sources"][0];
    assert_eq!((&a["state"], &a["was"], &a["since"]), (&"login".into(), &"ok".into(), &"2026-10-13T00:00:00Z".into()), "{a}");

    server.set("/a", feed(1..4));
    let (_, _, said) = room.run(17, &["-q", "fetch"]);
    assert!(said.contains("health: now ok: a (was login)"), "{said}");
}

#[test]
fn what_the_time_did_not_suffice_for_is_named_and_stays_due() {
    let server = Server::start([("/1", feed(1..4)), ("/2", feed(4..7)), ("/3", feed(7..9))]);
    // One host, one request in two seconds: the second does not come to pass.
    let sources: String = (1..4)
        .map(|n| source(&format!("s{n}"), &server.url(&format!("/{n}")), "rate = \"1/2s\"\nrobots = { ignore = true, why = \"a test\" }"))
        .collect();
    let room = Room::new(&sources);
    let (code, report) = room.fetch(1, &["--deadline", "1s"]);
    assert_eq!(code, 3, "{report}");
    let status: Vec<&str> = report["sources"].as_array().expect("sources").iter().map(|s| s["status"].as_str().expect("a word")).collect();
    assert_eq!(status, ["ok", "skipped", "skipped"]);
    for s in &report["sources"].as_array().expect("sources")[1..] {
        assert!(s["complaints"][0]["what"].as_str().is_some_and(|w| w.contains("not asked: the time of this run is up")), "{s}");
    }
    assert_eq!(told(&report), Vec::<String>::new(), "it says nothing of their health");
    let (code, next) = room.fetch(1, &["--source", "s2"]);
    assert_eq!((code, &next["sources"][0]["new"]), (0, &3.into()), "it is still due");
}

#[test]
fn a_source_has_a_budget_of_time() {
    let pages: Vec<String> = (0..6).map(|n| format!("/{n}")).collect();
    let server = Server::start(pages.iter().map(|p| (p.as_str(), Route::drip())));
    let other = Server::start([("/good", feed(1..4))]);
    let slow = format!(
        "[source.slow]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"{}\"\neach = [\"0\", \"1\", \"2\", \"3\", \"4\", \"5\"]\ntimeout = \"1s\"\nbudget = \"1s\"\n",
        server.url("/{id}")
    );
    let room = Room::new(&(slow + &source("good", &other.url("/good"), "")));
    let (code, report) = room.fetch(1, &[]);
    assert_eq!(code, 3);
    let all = report["sources"].as_array().expect("sources");
    assert_eq!((&all[0]["status"], &all[0]["new"]), (&"ok".into(), &3.into()));
    let what: Vec<&str> = all[1]["complaints"].as_array().expect("complaints").iter().filter_map(|c| c["what"].as_str()).collect();
    assert!(what.iter().any(|w| w.contains("has used up its time")), "{what:?}");
    assert!(server.log().iter().filter(|r| r.path != "/robots.txt").count() <= 2, "the rest was not asked");
}

#[test]
fn a_second_run_leaves_with_seven_or_waits() {
    // The first run hangs at a host that never comes to an end.
    let server = Server::start([("/feed", Route::drip())]);
    let room = Room::new(&source("a", &server.url("/feed"), "timeout = \"6s\""));
    let start = |day: u32, args: &[&str]| -> Child {
        room.command(day, args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("monitor runs")
    };
    let mut first = start(1, &["fetch"]);
    while server.hits("/feed") == 0 {
        std::thread::yield_now();
    }
    let (code, _, said) = room.run(2, &["fetch", "--wait=1s"]);
    assert_eq!(code, 7, "{said}");
    assert!(said.contains(&format!("process {}", first.id())) && said.contains(" s;"), "pid and age: {said}");
    server.set("/feed", feed(1..4));
    let mut second = start(2, &["fetch", "--wait", "--force"]);
    assert_eq!(first.wait().expect("it ends").code(), Some(4));
    assert_eq!(second.wait().expect("it ends").code(), Some(0), "it waited for the first and then asked");
}
