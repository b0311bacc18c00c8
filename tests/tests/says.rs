//! What a source says of itself and of all its rows shows where people look.

use std::{path::Path, process::Command};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

fn run(room: &Path, args: &[&str]) -> String {
    let out = Command::new(monitor_testkit::binary())
        .current_dir(room)
        .args(["--now", "2026-11-20T06:00:00Z"])
        .args(args)
        .output()
        .expect("monitor runs");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn name_home_note_group_kind_access_evidence_and_language_have_their_effect() {
    let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>x</title><item><title>Charte des agents</title><link>https://example.org/1</link><guid>1</guid></item></channel></rss>";
    let server = Server::start([("/feed", Route::page(rss).header("content-type", "application/rss+xml"))]);
    let room = tempfile::tempdir().expect("a folder");
    let text = format!(
        "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\n\
         [source.s]\nbody = \"Some SDO\"\nname = \"Charters of the group\"\nhome = \"https://www.example.org/charters\"\ngroup = \"TC 9\"\nkind = \"feed\"\nitem_kind = \"policy\"\n\
         url = \"{}\"\naccess = \"paid\"\nevidence = \"secondary\"\nlang = \"fr\"\nnote = \"Seen in November.\"\n\
         [source.off]\nbody = \"Some SDO\"\nkind = \"feed\"\nurl = \"https://example.org/off\"\nenabled = false\nnote = \"It answers 403 to programs.\"\n\
         [source.none]\nbody = \"Some SDO\"\nkind = \"none\"\naccess = \"login\"\nnote = \"Members only.\"\n",
        server.url("/feed")
    );
    std::fs::write(room.path().join("sources.toml"), text).expect("written");
    run(room.path(), &["fetch", "--format", "json"]);
    let document: Value =
        serde_json::from_str(run(room.path(), &["list", "--format", "jsonl"]).lines().next().expect("a document")).expect("JSON");
    for (field, value) in [("body", "Some SDO"), ("group", "TC 9"), ("kind", "policy"), ("access", "paid"), ("lang", "fr")] {
        assert_eq!(document[field], value, "{field}: {document}");
    }
    let story: Value =
        serde_json::from_str(&run(room.path(), &["explain", "--format", "json", document["document"].as_str().expect("a key")]))
            .expect("JSON");
    assert_eq!(story["sightings"][0]["evidence"], "secondary", "{story}");
    let doctor: Value = serde_json::from_str(&run(room.path(), &["doctor", "--format", "json"])).expect("JSON");
    let of = |id: &str| doctor["sources"].as_array().expect("sources").iter().find(|s| s["id"] == id).cloned().expect("the source");
    assert_eq!(
        (&of("s")["name"], &of("s")["home"], &of("s")["note"]),
        (&"Charters of the group".into(), &"https://www.example.org/charters".into(), &"Seen in November.".into())
    );
    assert_eq!((&of("off")["state"], &of("off")["note"]), (&"off".into(), &"It answers 403 to programs.".into()));
    assert_eq!(of("none")["state"], "login");
    let opml = run(room.path(), &["export-opml"]);
    assert!(opml.contains("text=\"Charters of the group\"") && opml.contains("htmlUrl=\"https://www.example.org/charters\""), "{opml}");
    assert_eq!(server.hits("/feed"), 1, "what is off is not asked");
}
