//! How a host is treated: pace, robots.txt, refusals. Time is virtual; nothing here waits.

mod common;

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use common::*;
use futures_util::future::join_all;
use jiff::SignedDuration;
use monitor_fetch::{Options, Outcome, Request};
use monitor_model::{HostMemory, Rate};
use monitor_testkit::server::{Route, Server};

#[tokio::test]
async fn one_request_in_flight_and_one_a_second_per_host() {
    let pages: Vec<String> = (0..10).map(|i| format!("/{i}")).collect();
    let serve = |ip: u8| Server::start_at(Ipv4Addr::new(127, 0, 1, ip), pages.iter().map(|p| (p.as_str(), Route::page("x"))));
    let servers = [serve(1), serve(2)];
    let run = run();
    let all = servers.iter().flat_map(|s| pages.iter().map(|p| run.fetcher.get(request(&s.url(p)))));
    for fetched in join_all(all).await {
        assert_eq!(text(&fetched), "x");
    }
    for server in &servers {
        assert_eq!((server.log().len(), server.most_in_flight()), (10, 1));
        let last = memory(&run.fetcher, server).last_asked.expect("asked");
        assert!(last.duration_since(now()) >= SignedDuration::from_secs(9));
    }
    assert!(run.clock.slept().iter().all(|d| *d <= SECOND));
}

#[tokio::test]
async fn not_more_hosts_at_once_than_agreed() {
    // One server under two names is two hosts to us, and can see both.
    let server = Server::start([("/", Route::page("x"))]);
    let run = run_with(Options { concurrency: 1, ..options() }, BTreeMap::new());
    let urls: Vec<String> = (0..20).map(|i| server.url(&format!("/?{i}"))).collect();
    let urls = urls.iter().enumerate().map(|(i, u)| if i % 2 == 0 { u.clone() } else { u.replace("127.0.0.1", "localhost") });
    for fetched in join_all(urls.map(|u| run.fetcher.get(request(&u)))).await {
        assert_eq!(text(&fetched), "x");
    }
    assert_eq!((run.fetcher.hosts().len(), server.log().len(), server.most_in_flight()), (2, 20, 1));
}

#[tokio::test]
async fn the_pace_holds_over_runs() {
    let server = Server::start([("/", Route::page("x"))]);
    let first = run();
    first.fetcher.get(request(&server.url("/"))).await;
    let later = Options { now: now() + SignedDuration::from_secs(1), ..options() };
    let second = run_with(later, first.fetcher.hosts());
    let rate = Rate { requests: 1, period: SECOND * 5 };
    second.fetcher.get(Request { rate, ..request(&server.url("/")) }).await;
    assert_eq!(second.clock.slept(), [SECOND * 4]);
}

#[tokio::test]
async fn robots_txt_comes_first_once_and_is_obeyed() {
    let robots = "User-agent: *\nDisallow: /\n\nUser-agent: AISEC-Monitor\nDisallow: /private/\nCrawl-delay: 3\n";
    let server = Server::start([
        ("/robots.txt", Route::page(robots)),
        ("/a", Route::page("a")),
        ("/b", Route::page("b")),
        ("/to", Route::redirect(302, "/private/x")),
    ]);
    let run = run();
    let urls = ["/a", "/b", "/private/x"].map(|p| server.url(p));
    let got = join_all(urls.iter().map(|u| run.fetcher.get(obedient(u)))).await;
    assert_eq!((text(&got[0]), text(&got[1])), ("a".to_owned(), "b".to_owned()));
    assert!(blocked(&got[2]).what.contains("/private/"), "{:?}", got[2]);
    assert_eq!(got[2].requests, 0);
    assert_eq!((server.hits("/robots.txt"), server.hits("/private/x")), (1, 0));
    assert_eq!(server.log()[0].path, "/robots.txt");
    assert_eq!(run.clock.slept(), [SECOND * 3, SECOND * 3], "Crawl-delay is a floor");
    let redirected = run.fetcher.get(obedient(&server.url("/to"))).await;
    assert!(blocked(&redirected).what.contains("robots.txt"));
    assert_eq!(server.hits("/private/x"), 0);
    // Within the day it is known, after it it is read again.
    for (hours, hits) in [(23, 1), (25, 2)] {
        let options = Options { now: now() + SignedDuration::from_hours(hours), ..options() };
        let next = run_with(options, run.fetcher.hosts());
        blocked(&next.fetcher.get(obedient(&server.url("/private/x"))).await);
        assert_eq!(server.hits("/robots.txt"), hits);
    }
}

#[tokio::test]
async fn what_counts_as_no_robots_txt_and_what_as_not_knowing() {
    for (route, asked) in [
        (Route::status(404), true),
        (Route::status(403), true),
        (Route::page("<html>Disallow: /</html>").header("Content-Type", "text/html"), true),
        (Route::page(""), true),
        (Route::redirect(301, "/elsewhere.txt"), false),
        (Route::redirect(301, "/robots.txt"), true),
        (Route::status(500), false),
        (Route::status(503), false),
        (Route::status(429).header("Retry-After", "3600"), false),
        (Route::cut("User-agent", 99), false),
    ] {
        let name = format!("{route:?}");
        let server =
            Server::start([("/robots.txt", route), ("/", Route::page("x")), ("/elsewhere.txt", Route::page("User-agent: *\nDisallow: /"))]);
        let run = run();
        let fetched = run.fetcher.get(obedient(&server.url("/"))).await;
        assert_eq!(matches!(fetched.outcome, Outcome::Fresh(_)), asked, "{name}: {fetched:?}");
        assert_eq!(server.hits("/"), usize::from(asked));
        let robots_asked = server.hits("/robots.txt");
        run.fetcher.get(obedient(&server.url("/?again"))).await;
        assert_eq!(server.hits("/robots.txt"), robots_asked, "{name}: once in a run");
    }
}

#[tokio::test]
async fn an_old_robots_txt_is_better_than_none() {
    let server = Server::start([("/robots.txt", Route::status(500)), ("/a", Route::page("a"))]);
    let old = now() - SignedDuration::from_hours(24 * 9);
    let robots = Some((old, Some("User-agent: *\nDisallow: /b".to_owned())));
    let hosts = BTreeMap::from([(server.address().to_string(), HostMemory { robots, ..HostMemory::default() })]);
    let run = run_with(options(), hosts);
    assert_eq!(text(&run.fetcher.get(obedient(&server.url("/a"))).await), "a");
    blocked(&run.fetcher.get(obedient(&server.url("/b"))).await);
    assert_eq!(memory(&run.fetcher, &server).robots.map(|r| r.0), Some(old));
}

#[tokio::test]
async fn a_short_retry_after_is_waited_for() {
    let server = Server::start([("/", Route::status(429).header("Retry-After", "7").then(Route::page("x")))]);
    let run = run();
    let fetched = run.fetcher.get(request(&server.url("/"))).await;
    assert_eq!((text(&fetched), fetched.requests, run.clock.slept()), ("x".to_owned(), 2, vec![SECOND * 7]));
    assert_eq!(memory(&run.fetcher, &server).refusals, 0);
}

#[tokio::test]
async fn a_long_retry_after_slows_the_host_and_stalls_nobody() {
    for value in ["3600", "Sat, 21 Nov 2026 09:00:00 GMT"] {
        let busy = Route::status(429).header("Retry-After", value).header("Date", "Sat, 21 Nov 2026 08:00:00 GMT");
        let server = Server::start([("/a", busy), ("/b", Route::page("b"))]);
        let run = run();
        let short = |path: &str| request(&server.url(path));
        let first = run.fetcher.get(short("/a")).await;
        assert!(blocked(&first).what.contains("429"), "{first:?}");
        assert_eq!((first.requests, first.retry_after), (1, Some(SECOND * 3600)));
        let second = run.fetcher.get(short("/b")).await;
        assert!(blocked(&second).what.contains("left alone until 2026-11-21T09:00:0"), "{second:?}");
        assert_eq!((second.requests, server.hits("/b"), run.clock.slept()), (0, 0, vec![]));
        // The next run remembers, and the one after it may ask.
        let hosts = run.fetcher.hosts();
        let soon = run_with(Options { now: now() + SignedDuration::from_mins(10), ..options() }, hosts.clone());
        blocked(&soon.fetcher.get(short("/b")).await);
        let later = run_with(Options { now: now() + SignedDuration::from_mins(61), ..options() }, hosts);
        assert_eq!(text(&later.fetcher.get(short("/b")).await), "b");
        assert_eq!(memory(&later.fetcher, &server).not_before, None);
    }
}

#[tokio::test]
async fn our_own_back_off_grows_and_tries_are_few() {
    let server =
        Server::start([("/a", Route::status(503)), ("/b", Route::status(503)), ("/c", Route::status(503).header("Retry-After", "0"))]);
    let run = run();
    let first = run.fetcher.get(request(&server.url("/a"))).await;
    assert!(failed(&first).what.contains("503"), "{first:?}");
    assert_eq!((first.requests, run.clock.slept()), (3, vec![SECOND, SECOND * 2]));
    let second = run.fetcher.get(request(&server.url("/b"))).await;
    assert_eq!((second.requests, run.clock.slept().last()), (1, Some(&(SECOND * 4))), "it has said it often enough");
    run.fetcher.get(request(&server.url("/c"))).await;
    let memory = memory(&run.fetcher, &server);
    assert_eq!((memory.refusals, run.clock.slept().last()), (5, Some(&(SECOND * 8))));
    assert_eq!(memory.not_before, memory.last_asked.map(|t| t + SignedDuration::from_secs(16)));
}

#[tokio::test]
async fn one_403_is_about_the_page_and_two_are_about_us() {
    let server = Server::start([("/a", Route::status(403)), ("/b", Route::status(403)), ("/c", Route::page("c"))]);
    let run = run();
    blocked(&run.fetcher.get(request(&server.url("/a"))).await);
    assert_eq!(memory(&run.fetcher, &server).not_before, None);
    blocked(&run.fetcher.get(request(&server.url("/b"))).await);
    assert!(memory(&run.fetcher, &server).not_before.is_some());
    assert_eq!(text(&run.fetcher.get(request(&server.url("/c"))).await), "c");
    assert_eq!(memory(&run.fetcher, &server).refusals, 0);
    assert_eq!(server.log().len(), 3, "a 403 is not tried again");
}

#[tokio::test]
async fn a_gateway_in_trouble_is_tried_again() {
    let server = Server::start([("/", Route::status(502).then(Route::status(504)).then(Route::page("x"))), ("/500", Route::status(500))]);
    let run = run();
    let fetched = run.fetcher.get(request(&server.url("/"))).await;
    assert_eq!((text(&fetched), fetched.requests), ("x".to_owned(), 3));
    assert_eq!(run.fetcher.get(request(&server.url("/500"))).await.requests, 1);
}

#[tokio::test]
async fn a_run_has_an_end() {
    let pages: Vec<String> = (0..10).map(|i| format!("/{i}")).collect();
    let server = Server::start(pages.iter().map(|p| (p.as_str(), Route::page("x"))));
    let run = run_with(Options { deadline: Some(Duration::from_millis(4500)), ..options() }, BTreeMap::new());
    let got = join_all(pages.iter().map(|p| run.fetcher.get(request(&server.url(p))))).await;
    let (fresh, late): (Vec<_>, Vec<_>) = got.iter().partition(|f| matches!(f.outcome, Outcome::Fresh(_)));
    assert_eq!((fresh.len(), late.len(), server.log().len()), (5, 5, 5));
    for f in late {
        assert!(matches!(&f.outcome, Outcome::NotAsked(why) if why.what.contains("time of this run")), "{f:?}");
    }
}

#[tokio::test]
async fn a_host_that_never_answers_is_left_after_four_pages() {
    let pages: Vec<String> = (0..9).map(|i| format!("/{i}")).collect();
    let server = Server::start(pages.iter().map(|p| (p.as_str(), Route::cut("<rss>", 99))));
    server.set("/well", Route::page("x"));
    let run = run();
    for page in &pages {
        failed(&run.fetcher.get(request(&server.url(page))).await);
    }
    assert_eq!(server.log().len(), 4 * 3, "each of four pages was tried three times");
    let late = run.fetcher.get(request(&server.url("/well"))).await;
    assert!(failed(&late).what.contains("without an answer") && late.requests == 0, "{late:?}");
    let next = run_with(options(), run.fetcher.hosts());
    assert_eq!(text(&next.fetcher.get(request(&server.url("/well"))).await), "x", "the next run asks it again");
}

#[tokio::test]
async fn what_is_to_be_kept_of_the_hosts_is_told_once() {
    let server = Server::start([("/", Route::page("x"))]);
    let run = run();
    run.fetcher.get(request(&server.url("/"))).await;
    assert_eq!(run.fetcher.changed_hosts(), run.fetcher.hosts());
    assert!(run.fetcher.changed_hosts().is_empty());
}

#[tokio::test]
async fn two_hosts_that_redirect_to_each_other_do_not_lock_up() {
    let a = Server::start([]);
    let b = Server::start([]);
    for i in 0..5 {
        a.set(&format!("/{i}"), Route::redirect(302, b.url(&format!("/end{i}"))));
        b.set(&format!("/{i}"), Route::redirect(302, a.url(&format!("/end{i}"))));
        for s in [&a, &b] {
            s.set(&format!("/end{i}"), Route::page("end"));
            s.set("/robots.txt", Route::redirect(302, if std::ptr::eq(s, &a) { b.url("/r.txt") } else { a.url("/r.txt") }));
        }
    }
    let run = run();
    let urls: Vec<String> = (0..5).flat_map(|i| [a.url(&format!("/{i}")), b.url(&format!("/{i}"))]).collect();
    for fetched in join_all(urls.iter().map(|u| run.fetcher.get(obedient(u)))).await {
        assert_eq!(text(&fetched), "end");
    }
    assert_eq!((a.most_in_flight(), b.most_in_flight()), (1, 1));
}
