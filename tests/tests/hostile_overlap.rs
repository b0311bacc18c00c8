//! A list of the newest that shares no row with the last fetch: older pages are followed until one does, else the gap is named.

use std::process::Command;

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

fn feed(items: std::ops::Range<u32>, older: Option<&str>) -> Route {
    let link = older.map(|o| format!("<link rel=\"next\" href=\"{o}\"/>")).unwrap_or_default();
    let entries: String = items
        .map(|n| format!("<entry><id>urn:{n}</id><title>Entry {n}</title><link href=\"http://e.org/{n}\"/><updated>2026-10-05T00:00:00Z</updated></entry>"))
        .collect();
    Route::page(format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>t</title><updated>2026-10-05T00:00:00Z</updated>{link}{entries}</feed>"))
        .header("content-type", "application/atom+xml")
}

fn list(items: std::ops::Range<u32>) -> Route {
    let rows: String = items.map(|n| format!("<li><a href=\"/doc/{n}\">Document {n}</a></li>")).collect();
    Route::page(format!("<html><body><ul>{rows}</ul></body></html>")).header("content-type", "text/html")
}

struct Room(tempfile::TempDir);

impl Room {
    fn new(source: &str) -> Room {
        let dir = tempfile::tempdir().expect("a folder");
        let head = "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n";
        std::fs::write(dir.path().join("sources.toml"), format!("{head}{source}")).expect("written");
        Room(dir)
    }

    /// Status, new rows, and whether a gap is named.
    fn fetch(&self, day: u32) -> (String, u64, bool) {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(self.0.path())
            .args(["--now", &format!("2026-10-{day:02}T00:00:00Z"), "fetch", "--format", "json"])
            .output()
            .expect("monitor runs");
        let report: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)));
        let s = &report["sources"][0];
        let gap =
            s["complaints"].as_array().expect("complaints").iter().any(|c| c["what"].as_str().is_some_and(|w| w.contains("possible gap")));
        (s["status"].as_str().expect("a status").to_owned(), s["new"].as_u64().expect("a count"), gap)
    }
}

fn said(status: &str, new: u64, gap: bool) -> (String, u64, bool) {
    (status.to_owned(), new, gap)
}

#[test]
fn a_feed_is_followed_backwards_until_a_known_entry() {
    let server = Server::start([("/feed", feed(1..4, Some("/old")))]);
    let room = Room::new(&format!("[source.news]\nbody = \"IETF\"\nkind = \"feed\"\nurl = \"{}\"\n", server.url("/feed")));
    assert_eq!(room.fetch(1), said("ok", 3, false));
    assert_eq!(server.hits("/old"), 0, "the first fetch does not dig");

    server.set("/feed", feed(10..13, Some("/2")));
    server.set("/2", feed(6..10, Some("/3")));
    server.set("/3", feed(3..6, Some("/4")));
    assert_eq!(room.fetch(3), said("ok", 9, false));
    assert_eq!((server.hits("/3"), server.hits("/4")), (1, 0), "page 3 shares an entry");

    server.set("/feed", feed(12..15, Some("/2")));
    assert_eq!(room.fetch(5), said("ok", 2, false));
    assert_eq!(server.hits("/2"), 1, "nothing is followed when the window overlaps");

    server.set("/feed", feed(50..53, None));
    assert_eq!(room.fetch(7), said("ok", 3, true));
}

#[test]
fn a_feed_whose_pages_go_in_a_circle_ends() {
    let server = Server::start([("/feed", feed(1..4, None))]);
    let room = Room::new(&format!("[source.news]\nbody = \"IETF\"\nkind = \"feed\"\nurl = \"{}\"\n", server.url("/feed")));
    assert_eq!(room.fetch(1), said("ok", 3, false));
    server.set("/feed", feed(10..12, Some("/a")));
    server.set("/a", feed(20..22, Some("/b")));
    server.set("/b", feed(30..32, Some("/a")));
    assert_eq!(room.fetch(3), said("ok", 6, true));
    for n in 0..30 {
        server.set(&format!("/p{n}"), feed(100 + n..101 + n, Some(&format!("/p{}", n + 1))));
    }
    server.set("/feed", feed(90..92, Some("/p0")));
    let (status, new, gap) = room.fetch(5);
    assert!(status == "ok" && gap && new <= 12, "{new}: an endless archive is not read to its end");
}

#[test]
fn a_paged_list_is_read_until_a_page_is_known_and_a_gap_is_named() {
    let server = Server::start([("/l?page=1", list(1..4)), ("/l?page=2", list(4..4))]);
    let room = Room::new(&format!(
        "[source.docs]\nbody = \"IETF\"\nkind = \"list\"\nurl = \"{}\"\ncontainer = \"ul\"\nitem = \"li\"\npage = {{ param = \"page\", start = 1, max = 3, stop = \"overlap\" }}\nfields = {{ title = \"a\", url = \"a@href | absolute\" }}\n",
        server.url("/l?page=1")
    ));
    assert_eq!(room.fetch(1).1, 3);
    server.set("/l?page=1", list(7..10));
    server.set("/l?page=2", list(3..7));
    server.set("/l?page=3", list(1..3));
    assert_eq!(room.fetch(3), said("ok", 6, false));
    for page in 1..5 {
        server.set(&format!("/l?page={page}"), list(100 * page..100 * page + 3));
    }
    let (_, new, gap) = room.fetch(5);
    assert_eq!((new, gap), (9, true));
}
