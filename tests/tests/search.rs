//! `search` and `list`: one language of questions, saved views, facets, the place where the words stand.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Room {
        let room = Room(tempfile::tempdir().expect("a folder"));
        let rows = [
            json!({"body": "IETF", "number": "draft-example-agent-registry-01", "title": "A Registry for AI Agents", "published": "2026-03-01",
                   "summary": "Prompt injection is out of scope. A trust registry names who vouches for an agent.", "kind": "document"}),
            json!({"body": "ETSI", "number": "ETSI TS 199 991 V1.1.1 (2026-02)", "title": "Securing AI: registry of trust marks", "published": "2026-02"}),
            json!({"body": "ETSI", "kind": "news", "title": "Agents meet in autumn", "url": "https://example.org/news/1", "published": "2025-10-02"}),
            json!({"body": "NIST", "number": "NIST IR 9999 ipd", "title": "Maintenance of buildings", "published": "2025"}),
        ];
        let text: String = rows.iter().map(|r| format!("{r}\n")).collect();
        std::fs::write(room.path().join("rows.jsonl"), text).expect("written");
        room.ok(&["--now", "2026-04-01T00:00:00Z", "-q", "import", "rows.jsonl"]);
        room
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let out = Command::new(monitor_testkit::binary()).current_dir(self.path()).args(args).output().expect("monitor runs");
        (out.status.code(), String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned())
    }

    fn ok(&self, args: &[&str]) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!(code, Some(0), "{args:?}: {err}");
        out
    }

    /// The titles that a command finds.
    fn titles(&self, args: &[&str]) -> Vec<String> {
        let text = self.ok(&[args, &["--format", "jsonl"]].concat());
        text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")["title"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

#[test]
fn one_language_for_search_and_list() {
    let room = Room::new();
    let [registry, marks, autumn] = ["A Registry for AI Agents", "Securing AI: registry of trust marks", "Agents meet in autumn"];
    for command in ["search", "list"] {
        // `list` goes by keys, `search` by what answers best
        let find = |q: &str| {
            let mut found = room.titles(&[command, q]);
            found.sort();
            found
        };
        assert_eq!(find("registry"), [registry, marks], "{command}");
        assert_eq!(find("\"trust registry\""), [registry], "{command}");
        assert_eq!(find("registry trust"), [registry, marks], "{command}");
        assert_eq!(find("ai"), [registry, marks], "{command}: no “ai” in “Maintenance”");
        assert_eq!(find("agents -kind:news"), [registry], "{command}");
        assert_eq!(find("agents body:etsi,nist"), [autumn], "{command}");
        assert_eq!(find("since:2026 body:ietf"), [registry], "{command}");
        assert_eq!(find("number:9999"), ["Maintenance of buildings"], "{command}");
        assert!(find("quantum").is_empty(), "{command}");
    }
    // words apart and in one argument are the same question; filters beside it must hold, too
    assert_eq!(room.titles(&["search", "registry", "trust", "--body", "IETF"]), [registry]);
}

#[test]
fn the_place_of_the_words_is_shown() {
    let room = Room::new();
    let text = room.ok(&["search", "injection agent", "--format", "jsonl"]);
    let row: Value = serde_json::from_str(text.lines().next().expect("a row")).expect("JSON");
    let snippet = &row["snippet"];
    assert_eq!(snippet["field"], "summary");
    let words: Vec<&str> = snippet["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(|h| &snippet["text"].as_str().expect("a text")[h[0].as_u64().expect("start") as usize..h[1].as_u64().expect("end") as usize])
        .collect();
    assert_eq!(words, ["injection", "agent"]);
    assert!(room.ok(&["search", "injection"]).contains("«injection»"));
    let listed = room.ok(&["list", "injection", "--format", "jsonl"]);
    assert!(!listed.contains("snippet"), "the rows of list have the form of the contract and nothing else");
}

#[test]
fn facets_count_the_whole_answer() {
    let room = Room::new();
    let all: Value = serde_json::from_str(&room.ok(&["list", "--facets", "--format", "json", "--limit", "1"])).expect("JSON");
    assert_eq!(all["documents"], 4);
    assert_eq!(all["facets"]["body"][0], json!({"value": "ETSI", "documents": 2}));
    assert_eq!(all["facets"]["year"], json!([{"value": "2026", "documents": 2}, {"value": "2025", "documents": 2}]));
    let csv = room.ok(&["search", "registry", "--facets", "--format", "csv"]);
    assert!(csv.starts_with("facet,value,documents") && csv.contains("year,2026,2"), "{csv}");
}

#[test]
fn saved_views_are_questions_by_name() {
    let room = Room::new();
    std::fs::create_dir_all(room.path().join("data")).expect("a folder");
    let views = |text: &str| std::fs::write(room.path().join("data/views.toml"), text).expect("written");
    views("schema = 1\n[[view]]\nname = \"registries\"\nquery = \"registry -body:nist\"\n");
    assert_eq!(room.titles(&["list", "--view", "registries"]).len(), 2);
    assert_eq!(room.titles(&["search", "--view", "registries", "injection"]), ["A Registry for AI Agents"]);
    room.ok(&["check"]);
    let (code, _, err) = room.run(&["list", "--view", "registrys"]);
    assert!(code == Some(2) && err.contains("did you mean “registries”?"), "{err}");
    // an edition may hold what a view or a question takes, and nothing else
    let edition = |filter: &str| {
        // the group that is shipped, one edition of our own
        let ours = include_str!("../../data/editions.toml");
        let group = &ours[..ours.find("# --- editions ---").expect("its heading")];
        let text = format!("{group}\n[[edition]]\nname = \"e\"\nform = \"mail\"\nwindow = \"60d\"\nformats = [\"json\"]\n{filter}\n");
        std::fs::write(room.path().join("data/editions.toml"), text).expect("written");
    };
    let holds = |filter: &str| {
        edition(filter);
        room.ok(&["--now", "2026-04-02T00:00:00Z", "digest", "--edition", "e", "--as-of", "2026-04-02", "--format", "json"])
    };
    assert!(holds("").contains("199 991"), "no filter, all of the window");
    let with = holds("view = \"registries\"\nquery = \"body:ietf\"");
    assert!(with.contains("draft-example-agent-registry") && !with.contains("199 991"), "{with}");
    edition("view = \"registrees\"");
    let (code, _, err) = room.run(&["check"]);
    assert!(code == Some(2) && err.contains("editions.toml") && err.contains("did you mean “registries”?"), "{err}");
    edition("");
    // a mistake in the file is found by `check`, with its place
    views("schema = 1\n[[view]]\nname = \"a\"\nquery = \"topic:agent-identty\"\n");
    let (code, _, err) = room.run(&["check"]);
    assert!(code == Some(2) && err.contains("views.toml") && err.contains("did you mean “agent-identity”?"), "{err}");
    views("schema = 1\n[[view]]\nname = \"a\"\nquery = \"\\\"open\"\n");
    let (code, _, err) = room.run(&["check"]);
    assert!(code == Some(2) && err.contains("views.toml:4:9") && err.contains("not closed"), "{err}");
}

#[test]
fn the_document_that_is_named_comes_first_and_then_the_best() {
    let room = Room::new();
    let more = [
        json!({"body": "3GPP", "number": "3GPP TS 33.501", "title": "Security architecture", "published": "2020"}),
        json!({"body": "arXiv", "kind": "paper", "number": "arXiv:2602.22562", "title": "On TS 33.501", "published": "2026-03"}),
        json!({"body": "KTS", "number": "KTS 7/b", "title": "Sécurité des réseaux", "url": "https://example.org/kts"}),
        json!({"body": "ITU-T", "number": "X.1250", "title": "Identity", "summary": "It is not TS 33.501.", "published": "2026-02"}),
    ];
    let text: String = more.iter().map(|r| format!("{r}\n")).collect();
    std::fs::write(room.path().join("more.jsonl"), text).expect("written");
    room.ok(&["--now", "2026-04-01T00:00:00Z", "-q", "import", "more.jsonl"]);
    let all = ["Security architecture", "On TS 33.501", "Identity"];
    assert_eq!(room.titles(&["search", "33.501"]), all);
    assert_eq!(room.titles(&["search", "TS 33.501", "--limit", "1"]), all[..1]);
    // what looks like a field is a number, and the rest of the language still holds
    assert_eq!(room.titles(&["search", "arXiv:2602.22562"]), ["On TS 33.501"]);
    assert_eq!(room.titles(&["search", "33.501 -kind:paper"]), ["Security architecture", "Identity"]);
    assert_eq!(room.titles(&["search", "ETSI TS 199 991", "--body", "nist"]), Vec::<String>::new());
    assert_eq!(room.titles(&["search", "securite"]), ["Sécurité des réseaux"]);
    // as printed, without its body, and what no table of numbers reads
    for (name, key) in [("33.501", "3gpp/33.501"), ("3gpp ts 33.501", "3gpp/33.501"), ("kts 7/B", "url/example.org/")] {
        let shown = room.ok(&["show", name]);
        assert!(shown.lines().any(|l| l.starts_with("document ") && l.contains(key)), "{name}: {shown}");
    }
}

#[test]
fn an_empty_answer_says_why() {
    let room = Room::new();
    for (query, says) in [
        ("agant registry", "“agant” stands in no document"),
        ("regisrty", "did you mean “registry”?"),
        ("autumn injection", "all of them in none"),
        ("autumn -kind:news", "take a filter away"),
        ("body:etsy", "did you mean “ETSI”?"),
        ("source:etsi-newsrom", "did you mean “etsi-newsroom”?"),
        ("http://example.org/x", "looked for as a word"),
        ("lang:fr", "--facets"),
    ] {
        let (code, out, err) = room.run(&["search", query]);
        assert!(code == Some(0) && out.is_empty() && err.contains("nothing found") && err.contains(says), "{query}: {err}");
        assert_eq!(room.run(&["-q", "search", query, "--format", "jsonl"]), (Some(0), String::new(), String::new()), "{query}");
    }
    let empty = Room(tempfile::tempdir().expect("a folder"));
    std::fs::write(empty.path().join("none.jsonl"), "").expect("written");
    empty.ok(&["-q", "import", "none.jsonl"]);
    assert!(empty.run(&["search", "x"]).2.contains("no document yet"));
}

#[test]
fn a_mistake_in_a_question_is_no_empty_answer() {
    let room = Room::new();
    for (query, says) in [
        ("topics:x", "did you mean “topic:”?"),
        ("topic:agent-identty", "did you mean “agent-identity”?"),
        ("stage:drafts", "did you mean “draft”?"),
        ("kind:newz", "did you mean “news”?"),
        ("since:tomorrow", "is no date"),
        ("\"open", "is not closed"),
        ("\"\"", "say what to look for"),
        ("year:2026", "did you mean “since:”?"),
        ("kind:standard", "use one of document, work-item"),
    ] {
        let (code, out, err) = room.run(&["search", query]);
        assert!(code == Some(2) && out.is_empty() && err.contains(says), "{query}: {err}");
    }
    assert_eq!(room.run(&["search"]).0, Some(2));
}
