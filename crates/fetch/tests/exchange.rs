//! One exchange with a real server on loopback: what is sent, what is taken, what is refused.

mod common;

use std::{collections::BTreeMap, sync::Arc};

use common::*;
use monitor_fetch::{Clock, Fetcher, Outcome, Request, SystemClock, TestClock};
use monitor_model::{Agent, ComplaintStage, Validators};
use monitor_testkit::server::{Route, Server};

#[tokio::test]
async fn a_page_comes_with_its_hash_and_validators_verbatim() {
    let page = Route::page("<p>page</p>")
        .header("Content-Type", "text/html; charset=windows-1252")
        .header("ETag", "W/\"a b\"")
        .header("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT")
        .header("Cache-Control", "max-age=600");
    let server = Server::start([("/page", page)]);
    let fetched = run().fetcher.get(request(&server.url("/page#part"))).await;
    assert_eq!(text(&fetched), "<p>page</p>");
    let Outcome::Fresh(body) = &fetched.outcome else { unreachable!("checked") };
    assert_eq!(body.media_type.as_deref(), Some("text/html; charset=windows-1252"));
    assert_eq!(body.hash, blake3::hash(b"<p>page</p>").to_hex().to_string());
    let want = Validators {
        etag: Some("W/\"a b\"".to_owned()),
        last_modified: Some("Fri, 20 Nov 2026 10:00:00 GMT".to_owned()),
        hash: Some(body.hash.clone()),
    };
    assert_eq!(fetched.validators, want);
    assert_eq!((fetched.status, fetched.requests, fetched.bytes, fetched.conditional), (Some(200), 1, 11, false));
    assert_eq!((fetched.at, fetched.fresh_for), (now(), Some(SECOND * 600)));
    let hit = &server.log()[0];
    assert!(hit.headers["user-agent"].starts_with("aisec-monitor/"), "{hit:?}");
    assert!(hit.headers["user-agent"].contains("https://example.org/monitor"));
    assert!(!hit.headers.contains_key("if-none-match") && !hit.headers.contains_key("cookie"));
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let server = Server::start([
        ("/tag", Route::page("x").header("ETag", "W/\"1\"")),
        ("/date", Route::page("x").header("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT")),
    ]);
    let run = run();
    for path in ["/tag", "/date"] {
        let first = run.fetcher.get(request(&server.url(path))).await;
        let again = Request { validators: Some(first.validators.clone()), ..request(&server.url(path)) };
        let second = common::run().fetcher.get(again).await;
        assert!(matches!(second.outcome, Outcome::Unchanged), "{second:?}");
        assert_eq!((second.status, second.conditional, &second.validators), (Some(304), true, &first.validators));
    }
    assert_eq!(server.log()[1].headers["if-none-match"], "W/\"1\"", "weak tags go back as they came");
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_a_failure() {
    let server = Server::start([("/", Route::status(304))]);
    let only_hash = Some(Validators { hash: Some("00".to_owned()), ..Validators::default() });
    for validators in [None, Some(Validators::default()), only_hash] {
        let fetched = run().fetcher.get(Request { validators, ..request(&server.url("/")) }).await;
        assert_eq!(failed(&fetched).stage, ComplaintStage::Http);
        assert!(!fetched.conditional);
    }
}

#[tokio::test]
async fn validators_go_to_the_address_they_came_from() {
    let server = Server::start([
        ("/latest", Route::redirect(302, "/v2")),
        ("/v1", Route::page("one").header("ETag", "\"1\"")),
        ("/v2", Route::page("two").header("ETag", "\"1\"")),
    ]);
    let asked = Request { validators: etag("\"1\""), ..request(&server.url("/latest")) };
    assert_eq!(text(&run().fetcher.get(asked).await), "two", "the tag was another page's");
    let others = BTreeMap::from([(server.url("/v2"), etag("\"1\"").expect("some"))]);
    let asked = Request { others, ..request(&server.url("/latest")) };
    let fetched = run().fetcher.get(asked).await;
    assert!(matches!(fetched.outcome, Outcome::Unchanged), "{fetched:?}");
    assert_eq!((fetched.final_url.as_str(), fetched.requests), (server.url("/v2").as_str(), 2));
}

#[tokio::test]
async fn redirects_are_followed_by_hand_and_not_for_ever() {
    let far = Server::start([("/end", Route::page("end"))]);
    let server = Server::start([
        ("/a", Route::redirect(301, "b/../c?x=1")),
        ("/c", Route::redirect(303, far.url("/end"))),
        ("/circle", Route::redirect(302, "/circle2")),
        ("/circle2", Route::redirect(302, "/circle")),
        ("/nowhere", Route::status(302)),
        ("/file", Route::redirect(302, "file:///etc/passwd")),
    ]);
    let run = run();
    let headers = BTreeMap::from([("X-Key".to_owned(), "secret".to_owned()), ("Accept-Language".to_owned(), "fr".to_owned())]);
    let fetched = run.fetcher.get(Request { headers, ..request(&server.url("/a")) }).await;
    assert_eq!((text(&fetched), fetched.final_url.to_string(), fetched.requests), ("end".to_owned(), far.url("/end"), 3));
    assert_eq!(server.log()[1].headers["x-key"], "secret");
    assert!(!far.log()[0].headers.contains_key("x-key"), "a key is for its own host");
    assert_eq!(far.log()[0].headers["accept-language"], "fr");
    for path in ["/circle", "/nowhere", "/file"] {
        failed(&run.fetcher.get(request(&server.url(path))).await);
    }
    for i in 0..20 {
        server.set(&format!("/long{i}"), Route::redirect(307, format!("/long{}", i + 1)));
    }
    let fetched = run.fetcher.get(request(&server.url("/long0"))).await;
    assert!(failed(&fetched).what.contains("redirects"), "{fetched:?}");
    assert_eq!(fetched.requests, 11);
}

#[tokio::test]
async fn private_addresses_are_not_asked_unless_the_source_says_so() {
    let server = Server::start([("/", Route::page("x"))]);
    let run = run();
    for url in [server.url("/"), server.url("/").replace("127.0.0.1", "localhost"), server.url("/").replace("127.0.0.1", "2130706433")] {
        let fetched = run.fetcher.get(Request { allow_private: false, ..request(&url) }).await;
        assert_eq!(failed(&fetched).stage, ComplaintStage::Dns, "{url}");
        assert_eq!(fetched.requests, 0);
    }
    assert!(server.log().is_empty());
    assert_eq!(text(&run.fetcher.get(request(&server.url("/"))).await), "x", "the refusal is not shared");
}

#[tokio::test]
async fn a_body_has_a_cap_after_decoding() {
    let server = Server::start([
        ("/bomb", Route::gzip_bomb(64 << 20)),
        ("/long", Route::page(vec![b'x'; 1025])),
        ("/fits", Route::page(vec![b'x'; 1024])),
    ]);
    let run = run();
    for path in ["/bomb", "/long"] {
        let fetched = run.fetcher.get(Request { max_bytes: 1024, ..request(&server.url(path)) }).await;
        assert_eq!(failed(&fetched).stage, ComplaintStage::Decode);
        assert!(failed(&fetched).what.contains("max_bytes"), "{fetched:?}");
        assert_eq!(server.hits(path), 1, "it would not be smaller the second time");
    }
    let fetched = run.fetcher.get(Request { max_bytes: 1024, ..request(&server.url("/fits")) }).await;
    assert_eq!(text(&fetched).len(), 1024);
    let large = run.fetcher.get(Request { max_bytes: 64 << 20, ..request(&server.url("/bomb")) }).await;
    let Outcome::Fresh(body) = large.outcome else { panic!("{large:?}") };
    assert!(body.bytes().is_none(), "a large body is not held in memory");
    assert_eq!(std::io::copy(&mut body.reader().expect("a reader"), &mut std::io::sink()).expect("reads"), 64 << 20);
}

#[tokio::test]
async fn a_drip_ends_with_the_total_time() {
    let server = Server::start([("/", Route::drip())]);
    let clock = Arc::new(TestClock::hurried(now()));
    let fetcher = Fetcher::new(options(), BTreeMap::new(), clock.clone()).expect("a fetcher");
    let fetched = fetcher.get(request(&server.url("/"))).await;
    assert!(failed(&fetched).what.contains("within 60s"), "{fetched:?}");
    assert_eq!(clock.now().duration_since(now()).as_secs(), 60);
    assert_eq!(fetched.requests, 1, "no time is left for a second try");
}

#[tokio::test]
async fn what_is_cut_or_broken_is_never_taken_for_a_page() {
    let server = Server::start([
        ("/cut", Route::cut("half a pa", 100)),
        ("/twice", Route::cut("half a pa", 100).then(Route::page("whole"))),
        ("/gzip", Route::page("not gzip at all").header("Content-Encoding", "gzip")),
        ("/old", Route::page("LZW").header("Content-Encoding", "compress")),
        ("/odd", Route::page("text").header("Content-Encoding", "UTF-8")),
        ("/empty", Route::status(200)),
        ("/feed", Route::status(400).body("<rss version=\"2.0\"><channel/></rss>").header("Content-Type", "application/rss+xml")),
        ("/500", Route::status(500).body("trouble")),
    ]);
    let run = run();
    let cut = run.fetcher.get(request(&server.url("/cut"))).await;
    assert!(failed(&cut).what.contains("closed"), "{cut:?}");
    assert_eq!((failed(&cut).stage, cut.requests), (ComplaintStage::Http, 3));
    assert_eq!(text(&run.fetcher.get(request(&server.url("/odd"))).await), "text");
    let twice = run.fetcher.get(request(&server.url("/twice"))).await;
    assert_eq!((text(&twice), twice.requests), ("whole".to_owned(), 2));
    for (path, stage, says) in [
        ("/gzip", ComplaintStage::Decode, "decompressed"),
        ("/old", ComplaintStage::Decode, "compress"),
        ("/empty", ComplaintStage::Decode, "empty body"),
        ("/feed", ComplaintStage::Http, "HTTP 400 Bad Request, 35 bytes of application/rss+xml"),
        ("/500", ComplaintStage::Http, "HTTP 500"),
        ("/none", ComplaintStage::Http, "HTTP 404"),
    ] {
        let fetched = run.fetcher.get(request(&server.url(path))).await;
        let why = failed(&fetched);
        assert!(why.stage == stage && why.what.contains(says), "{path}: {why:?}");
        assert_eq!(server.hits(path), 1);
    }
}

#[tokio::test]
async fn a_challenge_is_a_refusal_and_not_a_page() {
    let page = "<!doctype html><title>Just a moment...</title><script>window._cf_chl_opt = {}</script>";
    let server = Server::start([
        ("/200", Route::page(page).header("Content-Type", "text/html")),
        ("/403", Route::status(403).body(page).header("Content-Type", "text/html")),
        ("/451", Route::status(451)),
    ]);
    let run = run();
    for path in ["/200", "/403"] {
        let fetched = run.fetcher.get(request(&server.url(path))).await;
        assert!(blocked(&fetched).what.contains("Cloudflare"), "{fetched:?}");
    }
    blocked(&run.fetcher.get(request(&server.url("/451"))).await);
}

#[tokio::test]
async fn failures_to_connect_are_named_by_what_failed() {
    let gone = { Server::start([]).url("/") };
    let plain = Server::start([("/", Route::page("x"))]);
    let run = run();
    for (url, stage, says) in [
        (gone.clone(), ComplaintStage::Http, "cannot connect"),
        (plain.url("/").replace("http:", "https:"), ComplaintStage::Tls, "encrypted"),
        ("http://no-such-host.invalid/".to_owned(), ComplaintStage::Dns, "resolved"),
        ("ftp://example.org/".to_owned(), ComplaintStage::Dns, "scheme"),
    ] {
        let fetched = run.fetcher.get(request(&url)).await;
        let why = failed(&fetched);
        assert!(why.stage == stage && why.what.contains(says) && why.url == url, "{url}: {why:?}");
    }
    let again = run.fetcher.get(Request { headers: BTreeMap::from([("A".to_owned(), "b".to_owned())]), ..request(&gone) }).await;
    assert_eq!(again.requests, 1, "a host that is down is not tried three times for each page");
}

#[tokio::test]
async fn one_get_per_address_and_run() {
    let server = Server::start([("/", Route::page("x").header("ETag", "\"1\""))]);
    let run = run();
    let url = server.url("/");
    let (a, b) = futures_util::future::join(run.fetcher.get(request(&url)), run.fetcher.get(request(&url))).await;
    assert_eq!((text(&a), text(&b), a.requests + b.requests), ("x".to_owned(), "x".to_owned(), 1));
    let known = Request { validators: etag("\"1\""), ..request(&url) };
    assert_eq!(text(&run.fetcher.get(known.clone()).await), "x", "a body that is there is as good as a 304");
    assert_eq!(server.hits("/"), 1);
    let run = common::run();
    assert!(matches!(run.fetcher.get(known.clone()).await.outcome, Outcome::Unchanged));
    assert!(matches!(run.fetcher.get(known).await.outcome, Outcome::Unchanged));
    assert_eq!(server.hits("/"), 2);
    assert_eq!(text(&run.fetcher.get(request(&url)).await), "x", "who knows nothing needs the body");
    assert_eq!(server.hits("/"), 3);
}

#[tokio::test]
async fn the_system_clock_works_as_well() {
    let server = Server::start([("/", Route::page("x"))]);
    let fetcher = Fetcher::new(options(), BTreeMap::new(), Arc::new(SystemClock::starting(now()))).expect("a fetcher");
    assert_eq!(text(&fetcher.get(request(&server.url("/"))).await), "x");
    let asked = memory(&fetcher, &server).last_asked.expect("asked");
    assert!(asked >= now() && asked.duration_since(now()).as_secs() < 60);
}

#[tokio::test]
async fn a_fetcher_can_be_shared_by_threads() {
    fn check<T: Send + Sync + Clone + 'static>(_: &T) {}
    check(&run().fetcher);
    let server = Server::start([("/", Route::page("x"))]);
    let (fetcher, url) = (run().fetcher, server.url("/"));
    let task = tokio::spawn(async move { fetcher.get(request(&url)).await });
    assert_eq!(text(&task.await.expect("no panic")), "x");
}

#[test]
fn an_agent_that_cannot_be_sent_is_refused_at_the_start() {
    let mut options = options();
    options.agent = Agent { name: "a\r\nb".to_owned(), contact: String::new() };
    assert!(Fetcher::new(options, BTreeMap::new(), Arc::new(SystemClock::new())).is_err());
}
