//! Recording, and answering from what was recorded.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use common::*;
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use jiff::SignedDuration;
use monitor_fetch::{FetchError, Fetcher, Options, Outcome, Request, TestClock, warc::Writer};
use monitor_model::{ComplaintStage, Timestamp, Validators};
use monitor_testkit::server::{Route, Server};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn replay(path: &Path) -> Fetcher {
    replay_until(path, None)
}

fn replay_until(path: &Path, until: Option<Timestamp>) -> Fetcher {
    run_with(Options { replay: vec![path.to_owned()], until, ..options() }, BTreeMap::new()).fetcher
}

fn refused(options: Options) -> FetchError {
    Fetcher::new(options, BTreeMap::new(), Arc::new(TestClock::new(now()))).expect_err("refused")
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(plain).expect("writes");
    gz.finish().expect("writes")
}

fn plain(path: &Path) -> String {
    let mut text = Vec::new();
    MultiGzDecoder::new(fs::File::open(path).expect("opens")).read_to_end(&mut text).expect("whole members");
    String::from_utf8_lossy(&text).into_owned()
}

/// A foreign record: header lines as given, block as given.
fn foreign(target: &str, date: &str, more: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {target}\r\nWARC-Date: {date}\r\nContent-Type: application/http; msgtype=response\r\n{more}Content-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend(block);
    record.extend(b"\r\n\r\n");
    record
}

fn write(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("foreign.warc.gz");
    fs::write(&path, bytes).expect("writes");
    path
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn a_run_is_replayed_without_the_host() {
    let folder = folder();
    let path = folder.path().join("run.warc.gz");
    let server = Server::start([
        ("/robots.txt", Route::page("User-agent: *\nDisallow: /no")),
        ("/list?a=1&b=2", Route::page("<ul></ul>").header("Content-Type", "text/html").header("ETag", "\"1\"").header("Set-Cookie", "s=1")),
        ("/to", Route::redirect(301, "/bomb")),
        ("/bomb", Route::gzip_bomb(5 << 20)),
        ("/gone", Route::status(410).body("gone")),
    ]);
    let urls = ["/list?a=1&b=2", "/to", "/gone"].map(|p| server.url(p));
    let live = run_with(Options { record: Some(path.clone()), ..options() }, BTreeMap::new()).fetcher;
    let headers = BTreeMap::from([field("X-Api-Key", "secret"), field("Accept", "text/html")]);
    let mut first = Vec::new();
    for url in &urls {
        let asked = Request { max_bytes: 8 << 20, headers: headers.clone(), ..obedient(url) };
        first.push(live.get(asked).await);
    }
    drop((live, server));

    let text = plain(&path);
    assert!(text.starts_with("WARC/1.0\r\nWARC-Type: warcinfo"), "{text:.100}");
    assert_eq!(text.matches("WARC-Type: response").count(), 5, "robots.txt and each hop");
    assert_eq!(text.matches("WARC-Type: request").count(), 5);
    assert!(text.contains("X-Api-Key: removed") && !text.contains("secret") && !text.contains("s=1"));
    assert!(!text.contains("Content-Encoding") && !text.contains("content-encoding"));

    let fetcher = replay(&path);
    for (url, first) in urls.iter().zip(&first) {
        let again = fetcher.get(Request { max_bytes: 8 << 20, allow_private: false, ..obedient(url) }).await;
        assert_eq!((again.status, &again.final_url, &again.validators), (first.status, &first.final_url, &first.validators));
        match (&first.outcome, &again.outcome) {
            (Outcome::Fresh(a), Outcome::Fresh(b)) => assert_eq!((&a.hash, a.len, &a.media_type), (&b.hash, b.len, &b.media_type)),
            (Outcome::Failed(a), Outcome::Failed(b)) => assert_eq!(a, b),
            (a, b) => panic!("{a:?} became {b:?}"),
        }
    }
    let swapped = urls[0].replace("a=1&b=2", "b=2&a=1");
    assert_eq!(common::text(&fetcher.get(request(&swapped)).await), "<ul></ul>");
    assert!(fetcher.complaints().is_empty(), "{:?}", fetcher.complaints());
}

#[tokio::test]
async fn the_same_exchanges_give_the_same_bytes() {
    let folder = folder();
    let write = |name: &str| {
        let path = folder.path().join(name);
        let mut writer = Writer::create(&path, now()).expect("creates");
        for body in ["one", "one", "two"] {
            writer.exchange("https://example.org/", now(), 200, &[field("Content-Type", "text/plain")], body.as_bytes()).expect("writes");
        }
        writer.finish().expect("is on disk");
        fs::read(path).expect("reads")
    };
    assert_eq!(write("a.warc.gz"), write("b.warc.gz"));
    let text = plain(&folder.path().join("a.warc.gz"));
    let mut ids: Vec<&str> = text.lines().filter(|l| l.starts_with("WARC-Record-ID: <urn:uuid:")).collect();
    assert_eq!(ids.len(), 7);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 7, "no two records have one id");
}

#[tokio::test]
async fn an_archive_is_continued_and_nothing_else_is_overwritten() {
    let folder = folder();
    let path = folder.path().join("a.warc.gz");
    for (day, body) in [(0, "one"), (1, "two")] {
        let mut writer = Writer::append(&path, now()).expect("opens");
        let at = now() + SignedDuration::from_hours(24 * day);
        writer.exchange("https://example.org/", at, 200, &[], body.as_bytes()).expect("writes");
    }
    let url = "https://example.org/";
    assert_eq!(text(&replay(&path).get(request(url)).await), "two");
    assert_eq!(text(&replay_until(&path, Some(now())).get(request(url)).await), "one");
    let early = replay_until(&path, Some(now() - SignedDuration::from_secs(1))).get(request(url)).await;
    assert!(failed(&early).what.contains("later than --now"), "{early:?}");
    let other = folder.path().join("notes.txt");
    fs::write(&other, "mine").expect("writes");
    assert!(Writer::append(&other, now()).is_err());
    assert_eq!(fs::read_to_string(&other).expect("reads"), "mine");
}

#[tokio::test]
async fn a_recorded_fraction_of_a_second_is_not_later_than_the_run() {
    let folder = folder();
    let path = folder.path().join("a.warc.gz");
    let at: Timestamp = "2026-11-21T08:00:00.9Z".parse().expect("a time");
    Writer::create(&path, at).expect("creates").exchange("https://example.org/", at, 200, &[], b"x").expect("writes");
    assert_eq!(text(&replay_until(&path, Some(at)).get(request("https://example.org/")).await), "x");
}

#[tokio::test]
async fn conditional_requests_are_answered_as_the_host_would() {
    let folder = folder();
    let path = folder.path().join("a.warc.gz");
    let mut writer = Writer::create(&path, now()).expect("creates");
    let date = "Fri, 20 Nov 2026 10:00:00 GMT";
    writer.exchange("https://example.org/", now(), 200, &[field("ETag", "\"2\""), field("Last-Modified", date)], b"page").expect("writes");
    writer.exchange("https://example.org/304", now(), 304, &[], b"").expect("writes");
    let hash = blake3::hash(b"page").to_hex().to_string();
    let validators = |etag: Option<&str>, modified: Option<&str>, hash: Option<&str>| Validators {
        etag: etag.map(str::to_owned),
        last_modified: modified.map(str::to_owned),
        hash: hash.map(str::to_owned),
    };
    for (known, unchanged) in [
        (validators(Some("\"2\""), None, None), true),
        (validators(Some("W/\"2\""), None, None), true),
        (validators(Some("\"1\""), Some(date), None), false),
        (validators(None, Some(date), None), true),
        (validators(None, Some("Thu, 19 Nov 2026 10:00:00 GMT"), None), false),
        (validators(None, None, Some(&hash)), true),
        (validators(Some("\"1\""), None, Some(&hash)), true),
        (validators(None, None, Some("00")), false),
        (Validators::default(), false),
    ] {
        let asked = Request { validators: Some(known.clone()), ..request("https://example.org/") };
        let fetched = replay(&path).get(asked).await;
        assert_eq!(matches!(fetched.outcome, Outcome::Unchanged), unchanged, "{known:?}");
        assert_eq!(matches!(fetched.outcome, Outcome::Fresh(_)), !unchanged, "{known:?}");
    }
    failed(&replay(&path).get(request("https://example.org/304")).await);
    let known = Request { validators: etag("\"1\""), ..request("https://example.org/304") };
    assert!(matches!(replay(&path).get(known).await.outcome, Outcome::Unchanged));
}

#[tokio::test]
async fn foreign_archives_are_read() {
    let folder = folder();
    let gz = gzip(b"zipped");
    let chunked =
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Fold: a\r\n  b\r\n\r\n".as_slice(), b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"]
            .concat();
    let coded = [b"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Type: text/plain\n\n".as_slice(), &gz].concat();
    let records = [
        foreign("<https://example.org/chunked>", "2026-06-01T00:00:00.5Z", "", &chunked),
        foreign("https://example.org/coded", "2026-06-01T00:00:00Z", "X-Long: a\r\n\tb\r\n", &coded),
        foreign("https://example.org/a page (1).html", "2026-06", "", b"HTTP/2 200\r\n\r\nblank"),
        foreign("https://example.org/old", "2026-06-01T00:00:00Z", "", b"HTTP/1.1 200 OK\r\n\r\nold"),
        foreign("https://example.org/old", "2026-06-02T00:00:00Z", "WARC-Type: revisit\r\n", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        foreign("dns:example.org", "2026-06-01T00:00:00Z", "", b"not http at all"),
    ];
    let urls = [("/chunked", "abcde"), ("/coded", "zipped"), ("/a%20page%20(1).html", "blank"), ("/old", "old")];
    let mut by_member: Vec<u8> = records.iter().flat_map(|r| gzip(r)).collect();
    for archive in [by_member.clone(), gzip(&records.concat()), records.concat()] {
        let fetcher = replay(&write(&folder, &archive));
        for (path, want) in urls {
            assert_eq!(text(&fetcher.get(request(&format!("https://example.org{path}"))).await), want, "{path}");
        }
        assert!(fetcher.complaints().is_empty(), "{:?}", fetcher.complaints());
    }

    // The last member is cut off, then one in the middle is damaged: the others are read all the same.
    let half = gzip(&foreign("https://example.org/half", "2026-06-01T00:00:00Z", "", b"HTTP/1.1 200 OK\r\n\r\nnever whole"));
    by_member.extend(&half[..half.len() / 2]);
    let fetcher = replay(&write(&folder, &by_member));
    assert_eq!(text(&fetcher.get(request("https://example.org/old")).await), "old");
    failed(&fetcher.get(request("https://example.org/half")).await);
    assert_eq!(fetcher.complaints().len(), 1);
    let mut damaged = gzip(&records[0]);
    let spot = damaged.len() - 6;
    damaged[spot] ^= 0xff;
    damaged.extend(gzip(&records[1]));
    let fetcher = replay(&write(&folder, &damaged));
    assert_eq!(text(&fetcher.get(request("https://example.org/coded")).await), "zipped");
    failed(&fetcher.get(request("https://example.org/chunked")).await);
    assert_eq!(fetcher.complaints().len(), 1);
}

#[tokio::test]
async fn a_record_is_bounded_as_a_page_is() {
    let folder = folder();
    let block = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".as_slice(), &gzip(&vec![0; 32 << 20])].concat();
    let path = write(&folder, &gzip(&foreign("https://example.org/", "2026-06-01T00:00:00Z", "", &block)));
    let fetched = replay(&path).get(request("https://example.org/")).await;
    assert_eq!(failed(&fetched).stage, ComplaintStage::Decode);
    assert!(failed(&fetched).what.contains("max_bytes"));
    // A length that is a lie.
    let liar = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/\r\nContent-Type: application/http\r\nContent-Length: 18446744073709551615\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx";
    assert!(matches!(refused(Options { replay: vec![write(&folder, &gzip(liar))], ..options() }), FetchError::EmptyArchive { .. }));
}

#[tokio::test]
async fn several_archives_are_one() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    Writer::create(&path("a"), now())
        .expect("creates")
        .exchange("https://example.org/a", now(), 302, &[field("Location", "/b")], b"")
        .expect("writes");
    Writer::create(&path("b"), now()).expect("creates").exchange("https://example.org/b", now(), 200, &[], b"end").expect("writes");
    let fetcher = run_with(Options { replay: vec![path("a"), path("b")], ..options() }, BTreeMap::new()).fetcher;
    let fetched = fetcher.get(obedient("https://example.org/a")).await;
    assert_eq!((text(&fetched), fetched.requests), ("end".to_owned(), 2));
    let missing = replay(&path("a")).get(request("https://example.org/a")).await;
    assert!(failed(&missing).what.contains("not in the archive"), "{missing:?}");
    assert_eq!(failed(&missing).url, "https://example.org/b");
}

#[test]
fn what_is_no_archive_is_refused_at_the_start() {
    let folder = folder();
    let path = folder.path().join("x.warc.gz");
    let replaying = || Options { replay: vec![path.clone()], ..options() };
    assert!(matches!(refused(replaying()), FetchError::Archive { .. }));
    for bytes in [&b""[..], b"<html>", &[0x1f, 0x8b, 8, 0], &gzip(b""), &gzip(b"WARC/1.0\r\n"), &[0; 5000]] {
        fs::write(&path, bytes).expect("writes");
        assert!(matches!(refused(replaying()), FetchError::EmptyArchive { .. }), "{bytes:?}");
    }
    assert!(matches!(refused(Options { record: Some(path.clone()), ..replaying() }), FetchError::RecordInReplay));
    assert!(matches!(refused(Options { record: Some(folder.path().join("no/such/folder")), ..options() }), FetchError::Record { .. }));
}

#[tokio::test]
async fn an_exchange_that_fails_midway_is_recorded_as_far_as_it_came() {
    let folder = folder();
    let path = folder.path().join("day.warc.gz");
    let server = Server::start([
        ("/cut", Route::cut("the beginning", 1000)),
        ("/large", Route::page(vec![b'x'; 5000])),
        ("/mended", Route::cut("half", 10).then(Route::page("whole"))),
    ]);
    let live = run_with(Options { record: Some(path.clone()), ..options() }, BTreeMap::new());
    assert!(failed(&live.fetcher.get(request(&server.url("/cut"))).await).what.contains("closed"));
    failed(&live.fetcher.get(Request { max_bytes: 4000, ..request(&server.url("/large")) }).await);
    assert_eq!(text(&live.fetcher.get(request(&server.url("/mended"))).await), "whole");
    drop(live);
    let written = plain(&path);
    assert!(written.contains("WARC-Truncated: disconnect\r\n") && written.contains("\r\n\r\nthe beginning\r\n"), "{written}");
    assert!(written.contains("WARC-Truncated: length\r\n"), "{written}");

    let again = replay(&path);
    let why = again.get(request(&server.url("/cut"))).await;
    assert!(failed(&why).what.contains("only the beginning"), "{why:?}");
    assert_eq!(text(&again.get(request(&server.url("/mended"))).await), "whole");
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_said() {
    let folder = folder();
    let path = folder.path().join("day.warc.gz");
    let mut writer = Writer::create(&path, now()).expect("writes");
    writer.exchange("https://example.org/a", now(), 302, &[field("Location", "http://example.org/b")], b"").expect("writes");
    writer.exchange("http://example.org/b", now(), 200, &[field("Content-Type", "text/plain")], b"page").expect("writes");
    writer.finish().expect("writes");
    let fetched = replay(&path).get(request("https://example.org/a")).await;
    assert_eq!(text(&fetched), "page");
    let note = fetched.notes.first().expect("a note");
    assert!(note.stage == ComplaintStage::Tls && note.what.contains("from https to http"), "{note:?}");
}
