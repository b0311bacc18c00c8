//! Works and relations through the whole program: whichever document comes first, what belongs together is one work.

use std::{collections::BTreeMap, path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::{Value, json};

/// A folder with a store.
struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new() -> Room {
        Room { dir: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn monitor(&self, args: &[&str]) -> String {
        let out = Command::new(monitor_testkit::binary()).current_dir(self.path()).args(args).output().expect("monitor runs");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Imports rows as one run of that day.
    fn import(&self, day: &str, source: &str, rows: &[Value]) {
        let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
        std::fs::write(self.path().join("rows.jsonl"), lines.join("\n")).expect("written");
        self.monitor(&["--now", &format!("{day}T06:00:00Z"), "import", "rows.jsonl", "--source", source]);
    }

    fn documents(&self) -> BTreeMap<String, Value> {
        let text = self.monitor(&["list", "--format", "jsonl"]);
        text.lines()
            .map(|l| serde_json::from_str::<Value>(l).expect("JSON"))
            .map(|d| (d["document"].as_str().expect("a key").to_owned(), d))
            .collect()
    }

    fn works(&self) -> BTreeMap<String, String> {
        self.documents().into_iter().map(|(k, d)| (k, d["work"].as_str().expect("a work").to_owned())).collect()
    }

    fn events(&self, kind: &str) -> Vec<Value> {
        let text = self.monitor(&["events", "--format", "jsonl"]);
        text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")).filter(|e| kind.is_empty() || e["kind"] == kind).collect()
    }

    fn is_whole(&self) {
        let verify: Value = serde_json::from_str(&self.monitor(&["store", "verify", "--format", "json"])).expect("JSON");
        assert_eq!(verify["ok"], true, "{verify}");
    }
}

fn arrows(d: &Value) -> Vec<String> {
    let list = d["relations"].as_array().expect("relations");
    list.iter().map(|r| format!("{} {}", r["kind"].as_str().unwrap_or_default(), r["document"].as_str().unwrap_or_default())).collect()
}

/// Rows that belong together in threes and fours, and some that do not belong to them.
fn rows() -> Vec<Value> {
    vec![
        json!({"body": "ETSI", "number": "ETSI GR SAI 004 V1.1.1 (2020-12)", "title": "Problem statement", "published": "2020-12"}),
        json!({"body": "ETSI", "number": "ETSI TR 104 221 V1.1.1 (2025-01)", "title": "Problem statement", "published": "2025-01"}),
        json!({"body": "ETSI", "number": "ETSI TS 104 223 V1.1.1 (2025-04)", "title": "Baseline requirements", "published": "2025-04"}),
        json!({"body": "ETSI", "number": "ETSI EN 304 223 V2.1.1 (2025-12)", "title": "Baseline requirements", "published": "2025-12"}),
        json!({"body": "3GPP", "number": "TS 33.501", "title": "Security architecture", "published": "2018-03"}),
        json!({"body": "ETSI", "number": "ETSI TS 133 501 V15.1.0 (2018-07)", "title": "Security architecture", "published": "2018-07"}),
        json!({"body": "ITU-T", "number": "TR.AISec", "title": "Strategy", "kind": "work-item"}),
        json!({"body": "ITU-T", "number": "XSTR.AISec (ex TR.AISec)", "title": "Strategy", "published": "2025-12"}),
        json!({"body": "IETF", "number": "draft-a-agent-identity-07", "title": "Agent identity", "published": "2026-09-01"}),
        json!({"body": "IETF", "number": "RFC 9999", "title": "Agent identity", "published": "2026-08", "extra": {"draft_name": "draft-a-agent-identity"}}),
        json!({"body": "ISO/IEC", "number": "ISO/IEC 42001:2023", "title": "Management system", "published": "2023-12"}),
        json!({"body": "ISO/IEC", "number": "ISO/IEC 42001:2023/Amd 1:2026", "title": "Management system, amendment", "published": "2026-01"}),
        json!({"body": "CEN-CENELEC", "number": "EN ISO/IEC 42001:2026", "title": "Management system", "published": "2026-02"}),
        json!({"body": "ITU-T", "number": "X.509 | ISO/IEC 9594-8", "title": "Certificates", "published": "2019-10"}),
        json!({"body": "ISO/IEC", "number": "ISO/IEC 9594-8:2020", "title": "Certificates", "published": "2020-11"}),
        json!({"body": "IETF", "number": "RFC 9998", "title": "New edition", "published": "2026-05", "extra": {"obsoletes": "RFC 9000"}}),
        json!({"body": "IETF", "number": "RFC 9000", "title": "Old edition", "published": "2021-05"}),
    ]
}

const WORKS: [(&str, &str); 17] = [
    ("etsi/gr-sai-004", "etsi/gr-sai-004"),
    ("etsi/tr-104-221", "etsi/gr-sai-004"),
    ("etsi/ts-104-223", "etsi/ts-104-223"),
    ("etsi/en-304-223", "etsi/ts-104-223"),
    ("3gpp/33.501", "3gpp/33.501"),
    ("etsi/ts-133-501", "3gpp/33.501"),
    ("itu-t/tr.aisec", "itu-t/tr.aisec"),
    ("itu-t/xstr.aisec", "itu-t/tr.aisec"),
    ("ietf/draft-a-agent-identity", "ietf/draft-a-agent-identity"),
    ("ietf/rfc-9999", "ietf/draft-a-agent-identity"),
    ("iso-iec/42001", "iso-iec/42001"),
    ("iso-iec/42001:2023/amd-1", "iso-iec/42001:2023/amd-1"),
    ("cen/en-iso-iec-42001", "iso-iec/42001"),
    ("itu-t/x.509", "itu-t/x.509"),
    ("iso-iec/9594-8", "itu-t/x.509"),
    ("ietf/rfc-9998", "ietf/rfc-9998"),
    ("ietf/rfc-9000", "ietf/rfc-9000"),
];

#[test]
fn a_work_is_the_same_whichever_of_its_documents_comes_first() {
    let want: BTreeMap<String, String> = WORKS.iter().map(|(d, w)| ((*d).to_owned(), (*w).to_owned())).collect();
    let all = rows();
    let mut backwards = all.clone();
    backwards.reverse();
    let mut odd_first = all.clone();
    odd_first.sort_by_key(|r| r["title"].as_str().map(str::len));
    let mut relations = Vec::new();
    for order in [&all, &backwards, &odd_first] {
        // one run, and one run for each row
        let at_once = Room::new();
        at_once.import("2026-10-01", "s", order);
        assert_eq!(at_once.works(), want, "in one run");
        let one_by_one = Room::new();
        for row in order {
            one_by_one.import("2026-10-01", "s", std::slice::from_ref(row));
        }
        assert_eq!(one_by_one.works(), want, "one by one");
        one_by_one.is_whole();
        for room in [&at_once, &one_by_one] {
            relations.push(room.documents().into_iter().map(|(k, d)| (k, arrows(&d))).collect::<BTreeMap<_, _>>());
        }
        assert_eq!(one_by_one.events("added").len(), all.len(), "what is joined is one work, and no document less");
    }
    assert!(relations.windows(2).all(|w| w[0] == w[1]), "relations, too");
    let said = &relations[0];
    assert_eq!(said["itu-t/tr.aisec"], ["becomes itu-t/xstr.aisec"]);
    assert_eq!(said["ietf/draft-a-agent-identity"], ["becomes ietf/rfc-9999"], "said by the RFC alone, held by both");
    assert_eq!(said["ietf/rfc-9999"], ["formerly ietf/draft-a-agent-identity"]);
    assert_eq!(said["cen/en-iso-iec-42001"], ["adopts iso-iec/42001"]);
}

#[test]
fn two_works_that_a_third_document_joins_become_one() {
    let room = Room::new();
    room.import("2026-10-01", "s", &[json!({"body": "3GPP", "number": "TS 33.501", "title": "A", "published": "2018-03"})]);
    room.import(
        "2026-10-02",
        "t",
        &[
            json!({"body": "ITU-T", "number": "X.1700", "title": "A", "published": "2017-01", "extra": {"equivalent": "ISO/IEC 27999"}}),
            json!({"body": "ISO/IEC", "number": "ISO/IEC 27999", "title": "A", "published": "2019-01"}),
        ],
    );
    assert_eq!(room.works()["iso-iec/27999"], "itu-t/x.1700");
    room.import(
        "2026-10-03",
        "u",
        &[json!({"body": "ETSI", "number": "ETSI TS 133 501", "title": "A", "published": "2018-07", "extra": {"identical": "ISO/IEC 27999"}})],
    );
    let works = room.works();
    assert_eq!(works.len(), 4);
    assert!(works.values().all(|w| w == "itu-t/x.1700"), "{works:?}");
    room.is_whole();
}

#[test]
fn a_post_that_names_one_document_stays_a_post_of_its_work() {
    let room = Room::new();
    let post = |n: u8, title: &str, summary: &str| json!({"body": "ETSI", "kind": "news", "title": title, "summary": summary, "url": format!("https://example.org/{n}"), "published": "2026-01-05"});
    room.import(
        "2026-10-01",
        "news",
        &[
            post(1, "A baseline for AI models", "ETSI EN 304 223 is published."),
            post(2, "Two in one week", "ETSI EN 304 223 and ISO/IEC 42001 are out."),
            post(3, "One European, one international", "EN 304 223 follows TS 104 223."),
            post(4, "A meeting", "Nothing to name."),
        ],
    );
    room.import("2026-10-02", "s", &rows());
    room.import("2026-10-03", "news", &[post(5, "Once more", "ETSI EN 304 223, which follows ETSI TS 104 223.")]);
    let documents = room.documents();
    let of = |n: u8| documents.values().find(|d| d["url"] == format!("https://example.org/{n}")).expect("the post");
    assert_eq!(
        (arrows(of(1)), &of(1)["work"]),
        (vec!["mentions etsi/en-304-223".to_owned()], &json!("etsi/ts-104-223")),
        "came before its document"
    );
    assert_eq!((arrows(of(2)), &of(2)["work"]), (vec![], &of(2)["document"]), "two works are named");
    assert_eq!(arrows(of(4)), Vec::<String>::new());
    assert_eq!(
        (arrows(of(5)), &of(5)["work"]),
        (vec!["mentions etsi/en-304-223".to_owned()], &json!("etsi/ts-104-223")),
        "two of one work"
    );
    assert!(documents.values().filter(|d| d["kind"] == "news").count() == 5, "nothing is merged");
}

#[test]
fn copies_are_linked_and_stay() {
    let room = Room::new();
    let text = "At its autumn meeting the committee accepted four new work items, among them a catalogue of threats to language models and a guide for testers.";
    let post = |url: &str, title: &str, summary: &str| json!({"body": "ETSI", "kind": "news", "title": title, "summary": summary, "url": url, "published": "2026-01-05"});
    room.import("2026-10-01", "one", &[post("https://example.org/a", "Committee starts work on a threat catalogue", text)]);
    room.import(
        "2026-10-02",
        "two",
        &[
            post("https://example.net/b", "Committee starts work on a threat catalogue", &format!("{text} Read more")),
            post(
                "https://example.net/c",
                "Committee elects a chair",
                "The committee has elected a chair and two vice-chairs for the period until the end of 2028.",
            ),
        ],
    );
    let documents = room.documents();
    let of = |url: &str| documents.values().find(|d| d["url"] == url).expect("the post");
    assert_eq!(documents.len(), 3);
    let first = of("https://example.org/a")["document"].as_str().expect("a key").to_owned();
    assert_eq!(arrows(of("https://example.net/b")), [format!("near-copy {first}")]);
    assert_eq!(of("https://example.net/b")["work"], of("https://example.net/b")["document"], "a hint, no identity");
    assert!(arrows(of("https://example.net/c")).is_empty() && arrows(of("https://example.org/a")).is_empty());
    room.is_whole();
}

#[test]
fn events_say_how_much_they_matter() {
    let room = Room::new();
    let item = |title: &str, date: &str, stage: &str| json!({"body": "ITU-T", "number": "X.sg-test", "title": title, "published": date, "stage": stage});
    room.import("2026-10-01", "s", &[item("Security guidelines for agents", "2026-09-01", "Under study")]);
    room.import("2026-10-02", "s", &[item("Security guidelines for agents: overview", "2026-09-01", "Under study")]);
    room.import("2026-10-03", "s", &[item("Security guidelines for agents: overview", "2026-09-03", "Under study")]);
    room.import("2026-10-04", "s", &[item("Threats to models", "2026-09-03", "Consented")]);
    let all: Vec<(String, String)> = room
        .events("")
        .iter()
        .map(|e| (e["kind"].as_str().unwrap_or_default().to_owned(), e["weight"].as_str().unwrap_or_default().to_owned()))
        .collect();
    let want =
        [("added", "significant"), ("title", "editorial"), ("date", "administrative"), ("stage", "significant"), ("title", "significant")];
    assert_eq!(all, want.map(|(k, w)| (k.to_owned(), w.to_owned())));
}

/// A work programme page in the shape of many: a row for each item, at an address that stays.
fn programme(rows: &[(&str, &str, &str)]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|(isn, number, stage)| {
            format!("<tr><td><a href=\"item?isn={isn}\">{number}</a></td><td>{stage}</td><td>Text of item {isn}</td></tr>")
        })
        .collect();
    format!("<html><body><table id=\"wp\">{}</table></body></html>", rows.concat())
}

#[test]
fn a_work_item_that_gets_its_number_becomes_the_recommendation() {
    let page = |rows: &[(&str, &str, &str)]| Route::page(programme(rows)).header("content-type", "text/html");
    let server = Server::start([(
        "/wp",
        page(&[("101", "X.sg-one", "Under study"), ("102", "X.sg-two", "Under study"), ("103", "X.sg-three", "Under study")])
            .then(page(&[("101", "X.1791", "Approved"), ("102", "X.sg-two", "Under study"), ("103", "X.sg-three", "Under study")]))
            .then(page(&[("101", "X.1791", "Approved"), ("102", "X.sg-two", "Under study")])),
    )]);
    let room = Room::new();
    let head = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n";
    let source = format!(
        "[source.wp]\nbody = \"ITU-T\"\nkind = \"list\"\nurl = \"{}\"\nitem_kind = \"work-item\"\ncontainer = \"table#wp\"\nitem = \"tr\"\nidentity = [\"number\"]\ngone_after = 1\n\
         [source.wp.fields]\nnumber = \"td:nth-child(1) a\"\nurl = \"td:nth-child(1) a@href | absolute\"\nstage = \"td:nth-child(2)\"\ntitle = \"td:nth-child(3)\"\n",
        server.url("/wp")
    );
    std::fs::write(room.path().join("sources.toml"), format!("{head}{source}")).expect("written");
    for day in ["2026-10-01", "2026-10-02", "2026-10-03"] {
        room.monitor(&["--now", &format!("{day}T06:00:00Z"), "fetch", "--quiet"]);
    }
    let documents = room.documents();
    assert_eq!(arrows(&documents["itu-t/x.sg-one"]), ["becomes itu-t/x.1791"]);
    assert_eq!(documents["itu-t/x.1791"]["work"], "itu-t/x.sg-one");
    let gone: Vec<Value> = room.events("gone").iter().map(|e| e["document"].clone()).collect();
    assert_eq!(gone, ["itu-t/x.sg-three"], "what goes on under another name is not gone");
    assert_eq!(documents["itu-t/x.sg-one"]["sightings"][0]["present"], false);
}

/// A post that names two documents which nobody has shown yet is looked at again when they come, in any order.
#[test]
fn a_post_waits_for_the_documents_that_it_names() {
    let post = json!({"body": "ETSI", "kind": "news", "title": "ETSI TS 104 223 and ETSI TS 104 158-2 are out", "url": "https://example.org/news/1"});
    let first = json!({"body": "ETSI", "number": "ETSI TS 104 223 V1.1.1", "title": "Baseline requirements"});
    let second = json!({"body": "ETSI", "number": "ETSI TS 104 158-2 V1.1.1", "title": "Testing"});
    let told = |room: &Room| -> Vec<String> {
        let all = room.documents();
        let post = all.values().find(|d| d["kind"] == "news").expect("the post");
        assert_eq!(post["work"] == post["document"], arrows(post).is_empty(), "{post}");
        arrows(post)
    };
    let room = Room::new();
    room.import("2026-09-01", "a", std::slice::from_ref(&post));
    assert!(told(&room).is_empty());
    room.import("2026-09-02", "b", std::slice::from_ref(&first));
    assert_eq!(told(&room), ["mentions etsi/ts-104-223"], "the only one that is known");
    room.import("2026-09-03", "b", std::slice::from_ref(&second));
    assert!(told(&room).is_empty(), "a post about two works is about neither");
    room.is_whole();
    let other = Room::new();
    other.import("2026-09-01", "b", &[first, second]);
    other.import("2026-09-02", "a", &[post]);
    assert!(told(&other).is_empty(), "the same in the other order");
}

/// `[[relation]]` is a file that people edit: what it does not say any more is taken back by `retag`, and works part.
#[test]
fn a_fact_that_is_taken_back_parts_a_work() {
    let room = Room::new();
    room.monitor(&["init", "."]);
    let file = room.path().join("data/bodies.toml");
    let text = std::fs::read_to_string(&file).expect("bodies.toml");
    room.import("2026-09-01", "a", &rows()[..2]);
    let works = |room: &Room| room.works().into_values().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(works(&room).len(), 1);
    let kept: Vec<&str> = text.split("[[relation]]").filter(|part| !part.contains("from = \"ETSI GR SAI 004\"")).collect();
    std::fs::write(&file, kept.join("[[relation]]")).expect("written");
    room.monitor(&["retag"]);
    assert_eq!(works(&room).len(), 2);
    room.is_whole();
    std::fs::write(&file, text).expect("written");
    room.monitor(&["retag"]);
    assert_eq!(works(&room).len(), 1, "and laid on again");
    room.is_whole();
}

/// One batch or several, in any order: an individual draft, the group's and the RFC are one work though no row says so.
#[test]
fn a_draft_that_goes_on_under_another_name_is_one_work() {
    let text = "This document describes how keys are found and how it is checked that all clients see the same ones.";
    let row = |number: &str, date: &str| json!({"body": "IETF", "number": number, "title": "Key Consistency and Discovery", "summary": text, "published": date});
    let rows = [
        row("draft-wood-key-consistency-03", "2022-08-17"),
        row("draft-ietf-privacypass-key-consistency-00", "2022-08-23"),
        row("RFC 9999", "2023-02"),
        json!({"body": "IETF", "number": "draft-wood-other-00", "title": "Key Consistency and Discovery", "published": "2022-01-01"}),
    ];
    let works = |room: &Room| {
        let works = room.works();
        let one = works["ietf/rfc-9999"].clone();
        (one, works["ietf/draft-wood-key-consistency"].clone(), works["ietf/draft-ietf-privacypass-key-consistency"].clone())
    };
    let name = "ietf/draft-wood-key-consistency".to_owned();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let room = Room::new();
        for (day, n) in (1..).zip(order) {
            room.import(&format!("2026-0{day}-01"), "corpus", &[rows[n].clone(), rows[3].clone()]);
        }
        assert_eq!(works(&room), (name.clone(), name.clone(), name.clone()), "{order:?}");
        assert_eq!(room.works()["ietf/draft-wood-other"], "ietf/draft-wood-other");
        assert!(room.events("").iter().all(|e| e["kind"] == "added"), "a name that nobody told is no news");
        let before = room.documents();
        room.import("2026-05-01", "corpus", &rows);
        assert_eq!(
            room.documents().iter().map(|(k, d)| (k, arrows(d))).collect::<Vec<_>>(),
            before.iter().map(|(k, d)| (k, arrows(d))).collect::<Vec<_>>()
        );
        room.is_whole();
    }
    let room = Room::new();
    room.import("2026-01-01", "corpus", &rows);
    assert_eq!(works(&room).0, name);
}

/// What was imported can be held against the file: a row's snapshot is the line that it was read from.
#[test]
fn an_imported_row_bears_the_hash_of_its_line() {
    let room = Room::new();
    let row = |title: &str| json!({"body": "ETSI", "number": "ETSI TS 104 223", "title": title});
    room.import("2026-01-01", "a", &[row("Baseline"), json!({"body": "ETSI", "number": "ETSI TS 104 224", "title": "Baseline"})]);
    room.import("2026-01-02", "b", &[row("Baseline")]);
    let hashes = |key: &str| -> Vec<String> {
        let sightings = room.documents()[key]["sightings"].as_array().expect("sightings").clone();
        sightings.iter().map(|s| s["hash"].as_str().expect("a hash").to_owned()).collect()
    };
    let (one, other) = (hashes("etsi/ts-104-223"), hashes("etsi/ts-104-224"));
    assert!(one[0].len() == 64 && one[0].bytes().all(|b| b.is_ascii_hexdigit()), "{one:?}");
    assert_eq!(one[0], one[1], "the same line from two files");
    assert_ne!(one[0], other[0]);
    // a row that changed is known by its new line
    room.import("2026-01-03", "a", &[row("Baseline requirements")]);
    assert_ne!(hashes("etsi/ts-104-223")[0], one[0]);
    assert_eq!(hashes("etsi/ts-104-223")[1], one[1]);
    room.is_whole();
}
