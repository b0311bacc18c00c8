//! One run meets every hostile host of the testkit: each gets the status it deserves, a complaint that says where it went
//! wrong, and not one good source of the same run is harmed.

use std::{collections::BTreeMap, io::Read, process::Command, sync::mpsc, time::Duration};

use monitor_testkit::{
    server::{Route, Server},
    server_hostile::{Host, parts},
    server_pages,
};
use serde_json::Value;

/// What must come of a part: status, stage and a word of the complaint (none: no complaint is wanted), rows collected.
type Want = (&'static str, &'static str, &'static str, u64);

/// By the name of the part.
const WANTED: &[(&str, Want)] = &[
    ("slow-drip", ("broken", "http", "no whole answer", 0)),
    ("header-drip", ("broken", "http", "no whole answer", 0)),
    ("silence", ("broken", "http", "no whole answer", 0)),
    ("silence-after-headers", ("broken", "http", "no whole answer", 0)),
    ("reset-mid-body", ("broken", "http", "closed", 0)),
    ("closes-at-once", ("broken", "http", "closed", 0)),
    ("no-http", ("broken", "http", "", 0)),
    ("length-too-long", ("broken", "http", "closed", 0)),
    ("length-too-short", ("broken", "parse", "not a feed", 0)),
    ("length-twice", ("broken", "http", "", 0)),
    ("length-of-words", ("broken", "http", "", 0)),
    ("chunked-garbage", ("broken", "http", "", 0)),
    ("chunked-cut", ("broken", "http", "", 0)),
    ("bomb-gzip", ("broken", "decode", "max_bytes", 0)),
    ("bomb-deflate", ("broken", "decode", "max_bytes", 0)),
    ("bomb-brotli", ("broken", "decode", "max_bytes", 0)),
    ("bomb-zstd", ("broken", "decode", "max_bytes", 0)),
    ("bomb-nested-gzip", ("broken", "decode", "", 0)),
    ("gzip-of-garbage", ("broken", "decode", "", 0)),
    ("coding-unknown", ("broken", "decode", "compress", 0)),
    ("headers-100000", ("broken", "http", "", 0)),
    ("header-of-1mb", ("broken", "http", "", 0)),
    ("redirect-loop", ("broken", "http", "circle", 0)),
    ("redirect-chain", ("broken", "http", "more than 10 redirects", 0)),
    ("redirect-file", ("broken", "dns", "file", 0)),
    ("redirect-ftp", ("broken", "dns", "ftp", 0)),
    ("redirect-javascript", ("broken", "dns", "javascript", 0)),
    ("redirect-data", ("broken", "dns", "data", 0)),
    ("redirect-nowhere", ("broken", "http", "leads nowhere", 0)),
    ("redirect-nonsense", ("broken", "http", "leads nowhere", 0)),
    ("redirect-to-not-found", ("broken", "parse", "HTML page", 0)),
    ("redirect-to-login", ("login", "parse", "login", 0)),
    ("429-now", ("blocked", "http", "too many requests", 0)),
    ("429-date", ("blocked", "http", "too many requests", 0)),
    ("429-absurd", ("blocked", "http", "too many requests", 0)),
    ("429-nonsense", ("blocked", "http", "too many requests", 0)),
    ("503", ("broken", "http", "503", 0)),
    ("403-always", ("blocked", "http", "refuses us", 0)),
    ("401", ("blocked", "http", "login", 0)),
    ("407", ("blocked", "http", "407", 0)),
    ("404", ("broken", "http", "check `url`", 0)),
    ("410", ("broken", "http", "check `url`", 0)),
    ("451", ("blocked", "http", "legal", 0)),
    ("500", ("broken", "http", "500", 0)),
    ("204", ("broken", "http", "204", 0)),
    ("206", ("broken", "http", "206", 0)),
    ("304-unasked", ("broken", "http", "no validator", 0)),
    ("999", ("broken", "http", "999", 0)),
    ("empty", ("broken", "decode", "empty body", 0)),
    ("blanks", ("broken", "parse", "empty", 0)),
    ("challenge", ("blocked", "http", "challenge", 0)),
    ("login-feed", ("login", "parse", "login", 0)),
    ("login-list", ("login", "select", "login", 0)),
    ("login-json", ("login", "parse", "login", 0)),
    ("login-csv", ("login", "parse", "login", 0)),
    ("not-found-list", ("broken", "select", "Page not found", 0)),
    ("not-found-page", ("broken", "select", "Page not found", 0)),
    ("html-for-feed", ("broken", "parse", "HTML", 0)),
    ("html-for-json", ("broken", "parse", "markup", 0)),
    ("html-for-csv", ("broken", "parse", "markup", 0)),
    ("json-without-container", ("broken", "select", "items", 0)),
    ("json-null", ("broken", "select", "items", 0)),
    ("json-cut", ("broken", "parse", "", 0)),
    ("json-tower", ("broken", "parse", "", 0)),
    ("csv-without-columns", ("broken", "select", "columns", 0)),
    ("list-without-container", ("broken", "select", "container", 0)),
    ("list-empty", ("empty", "", "", 0)),
    ("list-tower", ("broken", "select", "container", 0)),
    ("flood-list", ("broken", "parse", "tags", 0)),
    ("flood-json", ("broken", "parse", "objects", 0)),
    ("flood-csv", ("broken", "parse", "columns", 0)),
    ("flood-feed", ("broken", "parse", "items", 0)),
    ("binary", ("broken", "parse", "not a feed", 0)),
    ("error-feed", ("broken", "parse", "incorrect id", 0)),
    ("entity-bomb", ("ok", "parse", "lone &", 1)),
    ("external-entity", ("ok", "parse", "lone &", 1)),
    ("tower", ("ok", "", "", 1)),
    ("same-ids", ("ok", "validate", "share their id", 3)),
    ("no-ids", ("ok", "", "", 3)),
    ("impossible-dates", ("ok", "validate", "kept as text", 6)),
    ("injections", ("ok", "", "", 7)),
    ("bad-links", ("ok", "validate", "", 6)),
    ("bidi", ("ok", "", "", 1)),
    ("nul-bytes", ("ok", "parse", "control characters", 1)),
    ("title-of-10mb", ("ok", "validate", "cut", 1)),
    ("numbers-of-nothing", ("ok", "parse", "do not exist", 1)),
    ("lying-charset", ("ok", "decode", "declared as UTF-8", 1)),
    ("utf-16", ("ok", "", "", 1)),
    ("utf-16-unmarked", ("ok", "", "", 1)),
    ("bom", ("ok", "", "", 1)),
    ("charset-unknown", ("ok", "", "", 1)),
];

/// How the source of a part is declared, beyond its address.
fn declaration(name: &str) -> &'static str {
    const LIST: &str = "kind = \"list\"\ncontainer = \"#list\"\nitem = \"li\"\nfields = { title = \"a\", url = \"a@href | absolute\" }\n";
    const JSON: &str = "kind = \"json\"\nitems = \"$.items[*]\"\nfields = { title = \"title\" }\n";
    const CSV: &str =
        "kind = \"csv\"\nfields = { title = \"Title\", number = \"Number\" }\nexpect = { columns = [\"Title\", \"Number\"] }\n";
    const PAGE: &str = "kind = \"page\"\nfields = { title = \"h1\", number = \"label(\\\"Number\\\")\" }\n";
    match name {
        n if n.contains("page") => PAGE,
        n if n.contains("list") => LIST,
        n if n.contains("json") => JSON,
        n if n.contains("csv") => CSV,
        _ => "kind = \"feed\"\n",
    }
}

struct Played {
    code: i32,
    report: Value,
    /// Titles and addresses in the store, by source.
    rows: BTreeMap<String, Vec<(String, Option<String>)>>,
    hosts: BTreeMap<&'static str, Host>,
    /// The most memory that the run held, in kB; none where the system does not say.
    peak: Option<u64>,
}

/// Runs the program and gives its exit code, what it printed and the most memory it held.
fn run(dir: &std::path::Path, args: &[&str]) -> (i32, String, Option<u64>) {
    let mut child = Command::new(monitor_testkit::binary())
        .current_dir(dir)
        .args(args)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("monitor runs");
    let mut out = child.stdout.take().expect("its output");
    let (send, ended) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).expect("UTF-8");
        let _ = send.send(());
        text
    });
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while ended.recv_timeout(Duration::from_millis(20)).is_err() {
        let now = std::fs::read_to_string(&status).ok();
        let line = now.as_deref().and_then(|t| t.lines().find_map(|l| l.strip_prefix("VmHWM:")));
        peak = peak.max(line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()));
    }
    let text = reader.join().expect("the reader");
    (child.wait().expect("it ends").code().expect("a code"), text, peak)
}

fn play() -> Played {
    let good = Server::start([("/good", Route::page(server_pages::feed(5)).header("content-type", "application/rss+xml"))]);
    let mut sources = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\nconcurrency = 32\n".to_owned();
    let mut hosts = BTreeMap::new();
    for (n, part) in (1u8..).zip(parts()) {
        let name = part.name;
        let host = Host::play(n, part);
        let limit = match name {
            // These never end, or make us wait before we may ask again.
            n if n.contains("drip") || n.starts_with("silence") => "700ms",
            n if n.starts_with("429") || n == "503" => "3s",
            _ => "20s",
        };
        let slow = format!("timeout = \"{limit}\"\nmax_bytes = \"16MiB\"\n");
        let url = host.url("/feed");
        sources.push_str(&format!("[source.{name}]\nbody = \"ETSI\"\nurl = \"{url}\"\n{slow}{}", declaration(name)));
        hosts.insert(name, host);
    }
    for id in ["good-first", "zz-good-last"] {
        sources.push_str(&format!(
            "[source.{id}]\nbody = \"IETF\"\nkind = \"feed\"\nurl = \"{}?{id}\"\ntimeout = \"20s\"\n",
            good.url("/good")
        ));
    }
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("sources.toml"), sources).expect("written");
    let (code, text, peak) = run(dir.path(), &["--now", "2026-10-06T00:00:00Z", "fetch", "--format", "json"]);
    let report = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let mut rows: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (id, _) in WANTED.iter().filter(|(_, want)| want.0 == "ok") {
        let (_, text, _) = run(dir.path(), &["list", "--source", id, "--format", "jsonl"]);
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).expect("JSON");
            let title = row["title"].as_str().unwrap_or_default().to_owned();
            let url = row["url"].as_str().filter(|u| !u.is_empty()).map(str::to_owned);
            rows.entry((*id).to_owned()).or_default().push((title, url));
        }
    }
    Played { code, report, rows, hosts, peak }
}

#[test]
fn every_hostile_host_gets_what_it_deserves_and_the_good_ones_are_stored() {
    let played = play();
    assert_eq!(played.code, 3, "some failed, the others are stored");
    let of = |id: &str| {
        played.report["sources"]
            .as_array()
            .expect("sources")
            .iter()
            .find(|s| s["id"] == id)
            .unwrap_or_else(|| panic!("{id} is not in the report"))
    };
    let mut wrong = Vec::new();
    let wanted: BTreeMap<&str, Want> = WANTED.iter().copied().collect();
    for name in played.hosts.keys() {
        let source = of(name);
        let Some((status, stage, word, collected)) = wanted.get(name) else {
            wrong.push(format!("{name}: nothing is said of what must come of it: {source}"));
            continue;
        };
        let complaints = source["complaints"].as_array().expect("complaints");
        let said =
            stage.is_empty() || complaints.iter().any(|c| c["stage"] == *stage && c["what"].as_str().is_some_and(|w| w.contains(word)));
        if source["status"] != *status || !said || source["collected"] != *collected {
            wrong.push(format!("{name}: wanted {status}, {stage} “{word}”, {collected}; got {source}"));
        }
        let sum: u64 = ["new", "revised", "known", "rejected"].iter().map(|k| source[*k].as_u64().expect("a count")).sum();
        if *status == "ok" && source["rejected"] != 0 {
            wrong.push(format!("{name}: not every row was taken: {source}"));
        }
        if source["collected"] != sum {
            wrong.push(format!("{name}: the sums do not hold: {source}"));
        }
        if complaints.iter().any(|c| c["what"].as_str().is_some_and(|w| w.chars().any(char::is_control) || w.len() > 2000)) {
            wrong.push(format!("{name}: a complaint holds control characters or has no end"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), played.hosts.len(), wrong.join("\n"));
    for id in ["good-first", "zz-good-last"] {
        assert_eq!((&of(id)["status"], &of(id)["collected"]), (&"ok".into(), &5.into()), "{id}");
    }
    assert_eq!(played.hosts.len(), WANTED.len());
    if let Some(peak) = played.peak {
        assert!(peak < 300 << 10, "the run held {peak} kB");
    }
    // A host that refuses is not asked again and again, and one that fails not for ever.
    for (name, most) in [("403-always", 1), ("401", 1), ("404", 1), ("429-date", 1), ("429-absurd", 1), ("redirect-chain", 11), ("500", 1)]
    {
        let asked = played.hosts[name].asked();
        assert!((1..=most).contains(&asked), "{name} was asked {asked} times");
    }
    assert!(played.hosts.iter().all(|(_, h)| h.asked() <= 12));

    let titles = |id: &str| played.rows.get(id).map(|r| r.iter().map(|(t, _)| t.as_str()).collect::<Vec<_>>()).unwrap_or_default();
    let all: Vec<&(String, Option<String>)> = played.rows.values().flatten().collect();
    for (title, url) in &all {
        let bad = title.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{ad}'));
        assert!(!bad && title.len() < 5000, "{title:?}");
        assert!(url.as_deref().is_none_or(|u| u.starts_with("http://") || u.starts_with("https://")), "{url:?}");
    }
    assert_eq!((titles("injections").len(), titles("bad-links").len(), titles("impossible-dates").len()), (7, 6, 6));
    assert!(played.rows["bad-links"].iter().all(|(_, url)| url.is_none()), "{:?}", played.rows["bad-links"]);
    assert_eq!(titles("entity-bomb"), ["ha &a9; ha"]);
    assert_eq!(titles("external-entity"), ["secret: &xxe; ."]);
    assert!(!all.iter().any(|(t, _)| t.contains("root:") || t.contains("<script") || t.contains("onerror")));
    assert_eq!(titles("lying-charset"), ["Sécurité des systèmes à agents, été après été"]);
    for id in ["utf-16", "utf-16-unmarked"] {
        assert_eq!(titles(id), ["Sécurité 標準"], "{id}");
    }
    assert_eq!(titles("bom"), ["é marked"]);
}

#[test]
fn no_source_reaches_a_private_address_in_any_disguise() {
    let good = Server::start([("/good", Route::page(server_pages::feed(2)).header("content-type", "application/rss+xml"))]);
    let port = good.address().port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0x7f.1",
        "2130706433",
        "0177.1",
        "127.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "224.0.0.1",
        "[64:ff9b::7f00:1]",
    ];
    let mut sources = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nrate = \"1000/1s\"\ntimeout = \"5s\"\n".to_owned();
    for (n, host) in hosts.iter().enumerate() {
        sources.push_str(&format!("[source.p{n}]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"http://{host}:{port}/good\"\n"));
    }
    sources.push_str(&format!("[source.good]\nbody = \"ETSI\"\nkind = \"feed\"\nallow_private = true\nurl = \"{}\"\n", good.url("/good")));
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("sources.toml"), sources).expect("written");
    let (code, text, _) = run(dir.path(), &["--now", "2026-10-06T00:00:00Z", "fetch", "--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(code, 3);
    for source in report["sources"].as_array().expect("sources").iter().filter(|s| s["id"] != "good") {
        let complaint = &source["complaints"][0];
        assert_eq!((&source["status"], &complaint["stage"], &source["requests"]), (&"broken".into(), &"dns".into(), &0.into()), "{source}");
        assert!(complaint["what"].as_str().is_some_and(|w| w.contains("allow_private")), "{source}");
    }
    assert_eq!(good.log().len(), 2, "robots.txt and the feed of the one source that may");
}

#[test]
fn a_host_that_refuses_is_left_alone_by_this_run_and_the_next() {
    let host = Host::play(200, parts().into_iter().find(|p| p.name == "403-always").expect("a part"));
    let sources = format!(
        "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\ntimeout = \"500ms\"\n[source.many]\nbody = \"ETSI\"\nkind = \"feed\"\nurl = \"{}\"\neach = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\"]\n",
        host.url("/{id}")
    );
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("sources.toml"), sources).expect("written");
    for _ in 0..2 {
        let (code, text, _) = run(dir.path(), &["fetch", "--force", "--format", "json"]);
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!((code, &report["sources"][0]["status"]), (4, &"blocked".into()), "{report}");
    }
    assert!(host.asked() <= 3, "it was asked {} times for 16 pages", host.asked());
}
