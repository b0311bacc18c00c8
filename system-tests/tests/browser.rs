//! The demo's pages in a real browser: no error, and no request that leaves the machine.

use std::{path::Path, process::Command};

use serde_json::Value;

fn chromium(page: &Path, room: &Path) -> (String, String, Value) {
    let net = room.join("net.json");
    let out = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000"])
        .arg(format!("--user-data-dir={}", room.join("profile").display()))
        .arg(format!("--log-net-log={}", net.display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium is installed: .ci/run does it");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let log = std::fs::read_to_string(net).expect("a net log");
    // A browser that ends quickly leaves the log without its last bracket.
    let log = serde_json::from_str(&log).or_else(|_| serde_json::from_str(&format!("{}]}}", log.trim_end().trim_end_matches(','))));
    (
        String::from_utf8_lossy(&out.stdout).into_owned(),
        String::from_utf8_lossy(&out.stderr).into_owned(),
        log.expect("the net log is JSON"),
    )
}

/// Requests that the page caused. The browser's own (clock, dictionaries) have no origin as initiator.
fn asked_by_the_page(net: &Value) -> Vec<&str> {
    let events = net["events"].as_array().expect("events").iter();
    events
        .filter(|e| e["params"]["initiator"].as_str().is_some_and(|i| i != "not an origin"))
        .filter_map(|e| e["params"]["url"].as_str())
        .filter(|u| u.starts_with("http://") || u.starts_with("https://"))
        .collect()
}

#[test]
fn a_page_that_asks_outside_would_be_seen() {
    let room = tempfile::tempdir().expect("a folder");
    let page = room.path().join("page.html");
    std::fs::write(&page, "<!doctype html><title>x</title><h1>x</h1><img src=\"http://127.0.0.1:9/x.png\" alt=\"\">").expect("written");
    let (_, _, net) = chromium(&page, room.path());
    assert_eq!(asked_by_the_page(&net).first(), Some(&"http://127.0.0.1:9/x.png"));
}

#[test]
fn the_demo_pages_open_without_errors_and_without_outside_requests() {
    let room = tempfile::tempdir().expect("a folder");
    let out = room.path().join("out");
    let done = Command::new(monitor_testkit::binary()).args(["-q", "demo", "--out"]).arg(&out).output().expect("monitor runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let pages: Vec<_> = String::from_utf8_lossy(&done.stdout).lines().filter(|l| l.ends_with(".html")).map(str::to_owned).collect();
    assert_eq!(pages.len(), 6, "digest, TD and map, each as a page and as a letter");
    for page in pages {
        let (dom, stderr, net) = chromium(Path::new(&page), room.path());
        assert!(dom.contains("<h1"), "{page} has no heading");
        assert!(!stderr.contains("CONSOLE"), "{page}: {stderr}");
        let asked = asked_by_the_page(&net);
        assert!(asked.is_empty(), "{page} asked {asked:?}");
    }
}
