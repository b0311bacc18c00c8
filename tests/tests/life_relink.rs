//! A site that changes all its addresses: its rows are re-linked, without events; a real flood of new rows is not.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use monitor_testkit::server::{Route, Server};
use serde_json::Value;

struct Room {
    dir: tempfile::TempDir,
}

impl Room {
    fn new(url: &str) -> Room {
        let dir = tempfile::tempdir().expect("a folder");
        let text = format!(
            "schema = 1\n[agent]\nname = \"aisec-monitor\"\ncontact = \"https://example.org/bot\"\n[defaults]\nallow_private = true\nrate = \"1000/1s\"\n\
             [source.news]\nbody = \"ETSI\"\nkind = \"feed\"\nitem_kind = \"news\"\nurl = \"{url}\"\n"
        );
        std::fs::write(dir.path().join("sources.toml"), text).expect("written");
        Room { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn monitor(&self, args: &[&str]) -> Value {
        let out = Command::new(monitor_testkit::binary()).current_dir(self.path()).args(args).output().expect("monitor runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", String::from_utf8_lossy(&out.stderr)))
    }

    /// The report of the only source.
    fn fetch(&self, day: &str) -> Value {
        self.monitor(&["--now", &format!("{day}T06:00:00Z"), "fetch", "--force", "--format", "json"])["sources"][0].clone()
    }

    fn documents(&self) -> BTreeMap<String, Value> {
        let out =
            Command::new(monitor_testkit::binary()).current_dir(self.path()).args(["list", "--format", "jsonl"]).output().expect("it runs");
        String::from_utf8_lossy(&out.stdout)
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).expect("JSON"))
            .map(|d| (d["document"].as_str().expect("a key").to_owned(), d))
            .collect()
    }
}

/// An item of a feed: title, address, guid, day of October.
struct Item {
    title: String,
    link: String,
    guid: Option<String>,
    day: u8,
}

fn feed(items: &[Item]) -> Route {
    let one = |i: &Item| {
        let guid = i.guid.as_ref().map_or(String::new(), |g| format!("<guid isPermaLink=\"false\">{g}</guid>"));
        format!("<item><title>{}</title><link>{}</link>{guid}<pubDate>{:02} Oct 2026 10:00:00 GMT</pubDate></item>", i.title, i.link, i.day)
    };
    let items: Vec<String> = items.iter().map(one).collect();
    let text = format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{}</channel></rss>", items.concat());
    Route::page(text).header("content-type", "application/rss+xml")
}

/// Titles of ten posts.
const TITLES: [&str; 10] = [
    "Committee opens a call for testers",
    "Report on poisoned indexes",
    "Two chairs elected",
    "Guide for assistants in offices",
    "Model signatures: version one",
    "Incident forms compared",
    "Autumn plenary in brief",
    "Workshop on agent identity",
    "Red teaming for beginners",
    "Watermarks and their limits",
];

fn posts(link: impl Fn(usize) -> String, guid: impl Fn(usize) -> Option<String>) -> Vec<Item> {
    TITLES.iter().enumerate().map(|(n, t)| Item { title: (*t).to_owned(), link: link(n), guid: guid(n), day: n as u8 + 1 }).collect()
}

fn old() -> Vec<Item> {
    posts(|n| format!("http://example.org/?p={n}"), |n| Some(format!("http://example.org/?p={n}")))
}

fn number(s: &Value, key: &str) -> u64 {
    s[key].as_u64().unwrap_or_default()
}

fn relinked(s: &Value) -> Vec<String> {
    let list = s["complaints"].as_array().expect("complaints");
    list.iter().filter_map(|c| c["what"].as_str()).filter(|w| w.contains("re-linked")).map(str::to_owned).collect()
}

/// Fetches `first`, then `second` twice; gives the reports of the second and third fetch.
fn three(first: &[Item], second: &[Item]) -> (Room, Value, Value) {
    let server = Server::start([("/feed", feed(first).then(feed(second)))]);
    let room = Room::new(&server.url("/feed"));
    let before = room.fetch("2026-10-20");
    assert_eq!(number(&before, "new"), first.len() as u64, "{before}");
    let moved = room.fetch("2026-10-21");
    let after = room.fetch("2026-10-22");
    (room, moved, after)
}

#[test]
fn rows_under_new_addresses_are_the_documents_they_were() {
    let post = |n: usize| Some(format!("http://example.org/?p={n}"));
    let secure = |n: usize| Some(format!("https://example.org/?p={n}"));
    let tag = |n: usize| Some(format!("tag:example.org,2026:post-{n}"));
    let none = |_: usize| None;
    let at = |place: &'static str| move |n: usize| format!("{place}{n}");
    // whether both address and guid are others, so that only the titles say what is what
    let cases: [(&str, bool, Vec<Item>, Vec<Item>); 7] = [
        ("http becomes https, the guid is the address", false, old(), posts(at("https://example.org/?p="), secure)),
        ("http becomes https, in guids too", false, posts(at("http://example.org/"), post), posts(at("https://example.org/"), secure)),
        ("another scheme of guids", false, old(), posts(at("http://example.org/?p="), tag)),
        ("other paths, the guids stay", false, posts(at("https://example.org/a/"), tag), posts(at("https://example.org/b/"), tag)),
        ("other paths and other guids", true, old(), posts(at("https://example.org/news/2026/post-"), tag)),
        ("other paths, and guids come", true, posts(at("https://example.org/a/"), none), posts(at("https://example.org/b/"), post)),
        ("other paths, no guids", true, posts(at("https://example.org/a/"), none), posts(at("https://example.org/b/"), none)),
    ];
    for (name, both, first, second) in cases {
        let (room, moved, after) = three(&first, &second);
        assert_eq!((number(&moved, "new"), number(&moved, "known"), number(&moved, "events")), (0, 10, 0), "{name}: {moved}");
        let want = if both { &["10 rows re-linked: the site changed its addresses"][..] } else { &[] };
        assert_eq!(relinked(&moved), want, "{name}");
        assert_eq!((number(&after, "new"), number(&after, "known"), number(&after, "events")), (0, 10, 0), "{name}: {after}");
        assert!(relinked(&after).is_empty(), "{name}: once is enough");
        let documents = room.documents();
        assert_eq!(documents.len(), 10, "{name}");
        for item in &second {
            let d = documents.values().find(|d| d["title"] == *item.title).expect("the post");
            assert_eq!(
                (&d["url"], &d["sightings"][0]["url"]),
                (&Value::from(item.link.as_str()), &Value::from(item.link.as_str())),
                "{name}"
            );
            assert_eq!(d["sightings"].as_array().map(Vec::len), Some(1), "{name}");
        }
    }
}

#[test]
fn a_post_that_is_new_among_the_moved_ones_is_new() {
    let mut second = posts(|n| format!("https://example.org/new/{n}"), |n| Some(format!("n{n}")));
    second.remove(0);
    second.push(Item {
        title: "Something that nobody knew".into(),
        link: "https://example.org/new/x".into(),
        guid: Some("nx".into()),
        day: 21,
    });
    let (room, moved, _) = three(&old(), &second);
    assert_eq!((number(&moved, "new"), number(&moved, "known"), number(&moved, "events")), (1, 9, 1), "{moved}");
    assert_eq!(relinked(&moved).len(), 1);
    assert_eq!(room.documents().len(), 11);
}

#[test]
fn a_flood_of_new_rows_is_new() {
    let flood = |day: fn(usize) -> u8, title: fn(usize) -> String| -> Vec<Item> {
        (0..10)
            .map(|n| Item { title: title(n), link: format!("https://example.org/new/{n}"), guid: Some(format!("n{n}")), day: day(n) })
            .collect()
    };
    let same_title = |n: usize| TITLES[n].to_owned();
    let two_same = |n: usize| if n < 2 { TITLES[n].to_owned() } else { format!("Post {n} of a busy week") };
    let cases = [
        ("other titles", old(), flood(|n| n as u8 + 11, |n| format!("Post {n} of a busy week"))),
        ("the titles of last time, on other days", old(), flood(|n| n as u8 + 11, same_title)),
        ("two of them by chance", old(), flood(|n| n as u8 + 1, two_same)),
    ];
    for (name, first, second) in cases {
        let (_, moved, after) = three(&first, &second);
        assert_eq!(number(&moved, "new"), 10, "{name}: {moved}");
        assert!(relinked(&moved).is_empty(), "{name}");
        assert_eq!(number(&after, "new"), 0, "{name}");
    }
    // one title for all of them: nobody can say which is which
    let alike = |scheme: &str| -> Vec<Item> {
        (0..10)
            .map(|n| Item { title: "Security advisory".into(), link: format!("{scheme}/{n}"), guid: Some(format!("{scheme}#{n}")), day: 5 })
            .collect()
    };
    let (_, moved, _) = three(&alike("https://example.org/a"), &alike("https://example.org/b"));
    assert_eq!((number(&moved, "new"), relinked(&moved).len()), (10, 0), "{moved}");
}

#[test]
fn while_the_old_rows_still_stand_nothing_is_moved() {
    let mut both = old();
    both.extend(posts(|n| format!("https://example.net/copy/{n}"), |n| Some(format!("copy-{n}"))));
    let (room, moved, _) = three(&old(), &both);
    assert_eq!((number(&moved, "new"), number(&moved, "known")), (10, 10), "{moved}");
    assert!(relinked(&moved).is_empty());
    assert_eq!(room.documents().len(), 20);
}

/// A page of news whose posts are anchors of one address. The first stood there alone when it was read first.
#[test]
fn a_row_that_stood_alone_at_its_address_stays_who_it_was() {
    let at = |n: usize| format!("http://example.org/news#{n}");
    let post = |n: usize| Item { title: TITLES[n].to_owned(), link: at(n), guid: None, day: n as u8 + 1 };
    let (room, second, third) = three(&[post(0)], &[post(2), post(1), post(0)]);
    assert_eq!((number(&second, "new"), number(&second, "known")), (2, 1), "{second}");
    assert_eq!((number(&third, "new"), number(&third, "known"), number(&third, "events")), (0, 3, 0), "{third}");
    let titles: BTreeSet<String> = room.documents().values().filter_map(|d| d["title"].as_str()).map(str::to_owned).collect();
    assert_eq!(titles, BTreeSet::from([TITLES[0], TITLES[1], TITLES[2]].map(str::to_owned)));
}
