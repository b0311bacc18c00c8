//! Hosts that mean no good: each plays one part over a bare socket, on an address of its own, so that one run can meet them all.
//!
//! [`parts`] lists them; what a crawler must make of each is for the test to say.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use crate::server_pages as pages;

/// What a host does with a connection after it has read a request for this path.
type Act = dyn Fn(&mut TcpStream, &str) -> io::Result<()> + Send + Sync;

/// One bad habit.
#[derive(Clone)]
pub struct Part {
    /// What it is called, in words joined by `-`.
    pub name: &'static str,
    act: Arc<Act>,
    /// Leaves the request unread, so that closing the connection resets it.
    rude: bool,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Part").field(&self.name).finish()
    }
}

impl Part {
    /// A part that does this.
    pub fn new(name: &'static str, act: impl Fn(&mut TcpStream, &str) -> io::Result<()> + Send + Sync + 'static) -> Part {
        Part { name, act: Arc::new(act), rude: false }
    }

    /// A part that sends these bytes and closes the connection.
    pub fn raw(name: &'static str, bytes: impl Into<Vec<u8>>) -> Part {
        let bytes = bytes.into();
        Part::new(name, move |s, _| s.write_all(&bytes))
    }

    /// A part that answers with this status line and header, and a body of the right length.
    pub fn says(name: &'static str, head: &str, body: impl Into<Vec<u8>>) -> Part {
        Part::raw(name, answer(head, &body.into()))
    }
}

/// A whole answer; `head` is the status line and any fields, joined by `|`.
fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let mut out =
        format!("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", head.replace('|', "\r\n"), body.len()).into_bytes();
    out.extend_from_slice(body);
    out
}

/// Waits until the other side goes away, or long enough that it should have.
fn hold(s: &mut TcpStream) -> io::Result<()> {
    s.set_read_timeout(Some(Duration::from_secs(30)))?;
    let _ = s.read(&mut [0; 64]);
    Ok(())
}

/// A byte of `text`, then another a moment later, and so on for ever.
fn drip(s: &mut TcpStream, text: &[u8]) -> io::Result<()> {
    // Waiting for what the client does not say is waiting.
    s.set_read_timeout(Some(Duration::from_millis(10)))?;
    for byte in text.iter().cycle().take(20_000) {
        s.write_all(&[*byte])?;
        if matches!(s.read(&mut [0; 8]), Ok(0)) {
            break;
        }
    }
    Ok(())
}

/// Every part there is.
pub fn parts() -> Vec<Part> {
    let ok = |kind: &str| format!("200 OK|Content-Type: {kind}");
    let feed = || pages::feed(3).into_bytes();
    let page = |name, kind: &str, body: Vec<u8>| Part::says(name, &ok(kind), body);
    let rss = |name, body: String| Part::says(name, "200 OK|Content-Type: application/rss+xml", body);
    let bomb = |name, coding: &str, body: Vec<u8>| Part::says(name, &format!("200 OK|Content-Encoding: {coding}"), body);
    let long = format!("200 OK|Content-Type: application/rss+xml|X-Long: {}", "x".repeat(1 << 20));
    let many = format!("200 OK|{}", (0..100_000).map(|n| format!("X-{n}: 1")).collect::<Vec<_>>().join("|"));
    let mut parts = vec![
        // The socket.
        Part::new("slow-drip", |s, _| {
            s.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")?;
            drip(s, b"<rss>")
        }),
        Part::new("header-drip", |s, _| drip(s, b"HTTP/1.1 200 OK\r\nX: ")),
        Part::new("silence", |s, _| hold(s)),
        Part::new("silence-after-headers", |s, _| {
            s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")?;
            hold(s)
        }),
        Part { rude: true, ..Part::new("reset-mid-body", |s, _| s.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>")) },
        Part::raw("closes-at-once", ""),
        Part::raw("no-http", "SSH-2.0-OpenSSH_9.9\r\n"),
        Part::raw("length-too-long", {
            let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec();
            bytes.extend(feed());
            bytes
        }),
        Part::raw("length-too-short", {
            let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n".to_vec();
            bytes.extend(feed());
            bytes
        }),
        Part::raw("length-twice", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n<rss></rss>"),
        Part::raw("length-of-words", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n<rss></rss>"),
        Part::raw("chunked-garbage", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n"),
        Part::raw("chunked-cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\nff\r\n<cha"),
        // Codings.
        bomb("bomb-gzip", "gzip", pages::gzip_bomb(64 << 20)),
        bomb("bomb-deflate", "deflate", pages::deflate_bomb(64 << 20)),
        bomb("bomb-brotli", "br", pages::brotli_bomb(64 << 20)),
        bomb("bomb-zstd", "zstd", pages::zstd_bomb(64 << 20)),
        bomb("bomb-nested-gzip", "gzip, gzip", pages::gzip_bomb(64 << 20)),
        bomb("gzip-of-garbage", "gzip", b"\x1f\x8b\x08 this is no gzip".to_vec()),
        bomb("coding-unknown", "compress", b"\x1f\x9d\x90 what is this".to_vec()),
        // The header.
        Part::says("headers-100000", &many, feed()),
        Part::says("header-of-1mb", &long, feed()),
        // Redirects.
        Part::says("redirect-loop", "302 Found|Location: /feed", ""),
        Part::new("redirect-chain", |s, path| {
            let n: u32 = path.rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or(0);
            s.write_all(&answer(&format!("301 Moved|Location: /hop/{}", n + 1), b""))
        }),
        Part::says("redirect-file", "302 Found|Location: file:///etc/passwd", ""),
        Part::says("redirect-ftp", "302 Found|Location: ftp://127.0.0.1/feed", ""),
        Part::says("redirect-javascript", "302 Found|Location: javascript:alert(1)", ""),
        Part::says("redirect-data", "302 Found|Location: data:text/xml,<rss/>", ""),
        Part::says("redirect-nowhere", "302 Found", ""),
        Part::says("redirect-nonsense", "302 Found|Location: http://[::bad", ""),
        Part::new("redirect-to-not-found", |s, path| match path {
            "/error" => s.write_all(&answer("200 OK|Content-Type: text/html", pages::NOT_FOUND.as_bytes())),
            _ => s.write_all(&answer("302 Found|Location: /error", b"")),
        }),
        Part::new("redirect-to-login", |s, path| match path {
            "/login" => s.write_all(&answer("200 OK|Content-Type: text/html", pages::LOGIN.as_bytes())),
            _ => s.write_all(&answer("302 Found|Location: /login", b"")),
        }),
        // Statuses.
        Part::says("429-now", "429 Too Many Requests|Retry-After: 0", "slow down"),
        Part::says("429-date", "429 Too Many Requests|Date: Sat, 03 Oct 2026 10:00:00 GMT|Retry-After: Sat, 03 Oct 2026 12:00:00 GMT", ""),
        Part::says("429-absurd", "429 Too Many Requests|Retry-After: 99999999999999999999", ""),
        Part::says("429-nonsense", "429 Too Many Requests|Retry-After: soon", ""),
        Part::says("503", "503 Service Unavailable|Retry-After: 120", "busy"),
        Part::says("403-always", "403 Forbidden", "no"),
        Part::says("401", "401 Unauthorized|WWW-Authenticate: Basic realm=x", ""),
        Part::says("407", "407 Proxy Authentication Required", ""),
        Part::says("404", "404 Not Found|Content-Type: text/html", pages::NOT_FOUND),
        Part::says("410", "410 Gone", ""),
        Part::says("451", "451 Unavailable For Legal Reasons", ""),
        Part::says("500", "500 Internal Server Error", "Traceback"),
        Part::raw("204", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
        Part::says("206", "206 Partial Content|Content-Range: bytes 0-99/2000", feed()),
        Part::raw("304-unasked", "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"),
        Part::says("999", "999 Request Denied", "no"),
        page("empty", "application/rss+xml", Vec::new()),
        page("blanks", "application/rss+xml", vec![b' '; 5000]),
        page("challenge", "text/html", pages::CHALLENGE.into()),
        page("login-feed", "text/html", pages::LOGIN.into()),
        page("login-list", "text/html", pages::LOGIN.into()),
        page("login-json", "text/html", pages::LOGIN.into()),
        page("login-csv", "text/html", pages::LOGIN.into()),
        page("not-found-list", "text/html", pages::NOT_FOUND.into()),
        page("not-found-page", "text/html", pages::NOT_FOUND.into()),
        // The wrong thing.
        page("html-for-feed", "text/html", pages::PAGE.into()),
        page("html-for-json", "text/html", pages::PAGE.into()),
        page("html-for-csv", "text/html", pages::PAGE.into()),
        page("json-without-container", "application/json", r#"{"message":"deprecated","data":{}}"#.into()),
        page("json-null", "application/json", "null".into()),
        page("json-cut", "application/json", r#"{"items":[{"title":"One"},{"title":"#.into()),
        page("json-tower", "application/json", (r#"{"items":"#.to_owned() + &"[".repeat(200_000) + &"]".repeat(200_000) + "}").into()),
        page("csv-without-columns", "text/csv", "a,b\n1,2\n".into()),
        page("list-without-container", "text/html", pages::PAGE.into()),
        page("list-empty", "text/html", "<html><body><ul id=\"list\"></ul></body></html>".into()),
        page("list-tower", "text/html", pages::html_tower(100_000).into()),
        page("flood-list", "text/html", format!("<ul id=\"list\">{}</ul>", "<p>".repeat(1_000_001)).into()),
        page("flood-json", "application/json", format!("{{\"items\":[{}0]}}", "{\"\":0},".repeat(300_001)).into()),
        page("flood-csv", "text/csv", format!("Title{}\nx\n", ",".repeat(1_000_000)).into()),
        rss("flood-feed", format!("<rss version=\"2.0\"><channel>{}</channel></rss>", "<item/>".repeat(100_001))),
        page("binary", "application/rss+xml", (0..=255u8).cycle().take(60_000).collect()),
        // Feeds.
        rss("error-feed", pages::error_feed()),
        rss("entity-bomb", pages::entity_bomb()),
        rss("external-entity", pages::external_entity()),
        rss("tower", pages::xml_tower(100_000)),
        rss("same-ids", pages::same_ids()),
        rss("no-ids", pages::no_ids()),
        rss("impossible-dates", pages::impossible_dates()),
        rss("injections", pages::injections()),
        rss("bad-links", pages::bad_links()),
        rss("bidi", pages::titled("safe\u{202e}gpj.exe\u{2066} and\u{200b} hidden\u{ad}")),
        rss("nul-bytes", pages::titled("one\u{0}two\u{1b}[31m red")),
        rss("title-of-10mb", pages::titled(&"long ".repeat(2 << 20))),
        rss("numbers-of-nothing", pages::titled("&#0;&#xD800;&#99999999;&#x110000; kept")),
    ];
    parts.extend([
        page("lying-charset", "application/rss+xml; charset=utf-8", pages::latin1()),
        page("utf-16", "application/rss+xml", pages::utf16(true)),
        page("utf-16-unmarked", "application/rss+xml", pages::utf16(false)),
        page("bom", "application/rss+xml; charset=iso-8859-1", ["\u{feff}", &pages::titled("é marked")].concat().into()),
        page("charset-unknown", "application/rss+xml; charset=x-klingon", pages::titled("é plain").into()),
    ]);
    parts
}

/// A host that plays one part; it ends when it is dropped.
#[derive(Debug)]
pub struct Host {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    /// Plays a part on 127.0.1.`n`, where no other host is.
    ///
    /// # Panics
    /// When no port can be bound: then no test can run.
    pub fn play(n: u8, part: Part) -> Host {
        let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 1, n), 0)).expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let (asked, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, ended) = (Arc::clone(&asked), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                let (part, count) = (part.clone(), Arc::clone(&count));
                // A connection that hangs must not keep the next from being served.
                std::thread::spawn(move || {
                    let _ = stream.and_then(|s| serve(s, &part, &count));
                });
            }
        });
        Host { address, asked, stop, thread: Some(thread) }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How often it was asked for anything but robots.txt.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut s: TcpStream, part: &Part, asked: &AtomicUsize) -> io::Result<()> {
    s.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut head = vec![0; 16 << 10];
    let mut len = 0;
    while !head[..len].windows(4).any(|w| w == b"\r\n\r\n") {
        // A reader that only peeks is woken again by what it has seen already: requests come in one piece, so this ends.
        let got = if part.rude { s.peek(&mut head)? } else { s.read(&mut head[len..])? };
        if got == 0 {
            return Ok(());
        }
        len = if part.rude { got } else { len + got };
    }
    let text = String::from_utf8_lossy(&head[..len]);
    let path = text.split(' ').nth(1).unwrap_or("/");
    if path == "/robots.txt" {
        if part.rude {
            let _ = s.read(&mut head);
        }
        return s.write_all(&answer("404 Not Found", b""));
    }
    asked.fetch_add(1, Ordering::SeqCst);
    (part.act)(&mut s, path)?;
    if !part.rude {
        // What is sent shall arrive before the connection goes.
        s.shutdown(Shutdown::Write)?;
        let _ = hold(&mut s);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_part_has_a_name_of_its_own_and_an_address() {
        let parts = parts();
        let names: BTreeSet<_> = parts.iter().map(|p| p.name).collect();
        assert!(names.len() == parts.len() && (40..250).contains(&parts.len()), "{}", parts.len());
    }

    #[test]
    fn a_host_plays_its_part() {
        let host = Host::play(250, Part::says("x", "200 OK|X-A: b", "body"));
        let ask = |path: &str| {
            let mut s = TcpStream::connect(host.address).expect("connects");
            write!(s, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").expect("sends");
            let _ = s.shutdown(Shutdown::Write);
            let mut out = String::new();
            let _ = s.read_to_string(&mut out);
            out
        };
        assert!(ask("/robots.txt").starts_with("HTTP/1.1 404"));
        assert_eq!(ask("/a"), "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
        assert_eq!(host.asked(), 1);
    }
}
