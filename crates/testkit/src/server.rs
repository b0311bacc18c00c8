//! A loopback HTTP server for tests: answers from a table, notes every request, and misbehaves on demand.
//!
//! It runs on a thread and runtime of its own, so that blocking tests can use it, and ends when it is dropped.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io::Write,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    response::Response,
    serve::ListenerExt,
};
use futures_util::stream;
use tokio::sync::oneshot;

/// What the server says to one address.
#[derive(Clone, Debug)]
pub struct Route {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
    then: Vec<Route>,
}

/// How the body comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Plain,
    /// A byte every few milliseconds, for ever.
    Drip,
    /// `Content-Length` says so much more than comes; then the connection closes.
    Short(u64),
    /// So many zero bytes, compressed.
    Bomb(u64),
}

impl Route {
    /// A status with an empty body.
    pub fn status(status: u16) -> Route {
        Route { status, headers: Vec::new(), body: Vec::new(), manner: Manner::Plain, then: Vec::new() }
    }

    /// A 200 with a body.
    pub fn page(body: impl Into<Vec<u8>>) -> Route {
        Route::status(200).body(body)
    }

    /// A redirect.
    pub fn redirect(status: u16, to: impl Into<String>) -> Route {
        Route::status(status).header("Location", to)
    }

    /// A 200 whose body never ends and comes a byte at a time.
    pub fn drip() -> Route {
        Route { manner: Manner::Drip, ..Route::status(200) }
    }

    /// A 200 of a few bytes that unfold to `len` zero bytes.
    pub fn gzip_bomb(len: u64) -> Route {
        Route { manner: Manner::Bomb(len), ..Route::status(200) }.header("Content-Encoding", "gzip")
    }

    /// A 200 that promises `missing` bytes more than it sends before it closes the connection.
    pub fn cut(body: impl Into<Vec<u8>>, missing: u64) -> Route {
        Route { manner: Manner::Short(missing), ..Route::page(body) }
    }

    /// With this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Route {
        self.body = body.into();
        self
    }

    /// With this header field. With `ETag` or `Last-Modified` on a 200, conditional requests get their 304.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Route {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// From the next request on, `next`; the last one stays.
    #[must_use]
    pub fn then(mut self, next: Route) -> Route {
        self.then.push(next);
        self
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Whether the conditions of a request say that the asker has this already.
    fn is_known(&self, asked: &BTreeMap<String, String>) -> bool {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        if self.status != 200 {
            return false;
        }
        match (asked.get("if-none-match"), asked.get("if-modified-since")) {
            (Some(tags), _) => self.field("etag").is_some_and(|own| tags.split(',').any(|t| opaque(t) == opaque(own))),
            (None, Some(date)) => self.field("last-modified") == Some(date),
            (None, None) => false,
        }
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Hit {
    /// `GET`, `POST` …
    pub method: String,
    /// What was sent along.
    pub body: String,
    /// The path.
    pub path: String,
    /// The query, without `?`.
    pub query: Option<String>,
    /// Header fields by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// When, since the server started.
    pub at: Duration,
    /// The status of the answer.
    pub status: u16,
}

#[derive(Debug, Default)]
struct Log {
    hits: Vec<Hit>,
    in_flight: usize,
    most_in_flight: usize,
}

#[derive(Debug)]
struct Shared {
    start: Instant,
    routes: Mutex<BTreeMap<String, Route>>,
    log: Mutex<Log>,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves these paths (with or without a query) on 127.0.0.1; every other is a 404. `POST /path a=1` answers what was sent.
    ///
    /// # Panics
    /// When no port can be bound: then no test can run.
    pub fn start<'a>(routes: impl IntoIterator<Item = (&'a str, Route)>) -> Server {
        Server::start_at(Ipv4Addr::LOCALHOST, routes)
    }

    /// The same on another address of 127.0.0.0/8: another host.
    ///
    /// # Panics
    /// When no port can be bound: then no test can run.
    pub fn start_at<'a>(ip: Ipv4Addr, routes: impl IntoIterator<Item = (&'a str, Route)>) -> Server {
        let routes = routes.into_iter().map(|(path, route)| (path.to_owned(), route)).collect();
        let shared = Arc::new(Shared { start: Instant::now(), routes: Mutex::new(routes), log: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let (ready, bound) = mpsc::channel();
        let state = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind((IpAddr::V4(ip), 0)).await.expect("a port on loopback");
                ready.send(listener.local_addr().expect("its address")).expect("the test is waiting");
                let app = Router::new().fallback(answer).with_state(state);
                // Head and body go out apart: without a delay, or each answer takes the 40 ms of a late acknowledgement.
                // Ends with the test, not when clients have finished: some never would.
                tokio::select! {
                    _ = axum::serve(listener.tap_io(|s| { let _ = s.set_nodelay(true); }), app) => {}
                    _ = stopped => {}
                }
            });
        });
        let address = bound.recv().expect("the server starts");
        Server { address, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what it says to a path.
    pub fn set(&self, path: &str, route: Route) {
        lock(&self.shared.routes).insert(path.to_owned(), route);
    }

    /// How often a path was asked.
    pub fn hits(&self, path: &str) -> usize {
        self.log().iter().filter(|h| h.path == path).count()
    }

    /// Every request so far, in order.
    pub fn log(&self) -> Vec<Hit> {
        lock(&self.shared.log).hits.clone()
    }

    /// The most requests that were in flight at once.
    pub fn most_in_flight(&self) -> usize {
        lock(&self.shared.log).most_in_flight
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts a request as in flight until its answer has gone out.
struct Flight(Arc<Shared>);

impl Drop for Flight {
    fn drop(&mut self) {
        lock(&self.0.log).in_flight -= 1;
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let uri = request.uri().clone();
    let headers: BTreeMap<String, String> =
        request.headers().iter().map(|(k, v)| (k.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned())).collect();
    let method = request.method().to_string();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let mut route = next_route(&shared, &method, uri.path(), uri.query(), &body);
    if route.is_known(&headers) {
        route = Route { status: 304, body: Vec::new(), manner: Manner::Plain, ..route };
    }
    let hit = Hit {
        method,
        body,
        path: uri.path().to_owned(),
        query: uri.query().map(str::to_owned),
        headers,
        at: shared.start.elapsed(),
        status: route.status,
    };
    {
        let mut log = lock(&shared.log);
        log.hits.push(hit);
        log.in_flight += 1;
        log.most_in_flight = log.most_in_flight.max(log.in_flight);
    }
    respond(route, Flight(shared))
}

/// What to say now; a route with successors gives way to the next.
fn next_route(shared: &Shared, method: &str, path: &str, query: Option<&str>, body: &str) -> Route {
    let mut routes = lock(&shared.routes);
    let sent = Some(format!("{method} {path} {body}")).filter(|f| routes.contains_key(f));
    let full = query.map(|q| format!("{path}?{q}")).filter(|f| routes.contains_key(f));
    let name = sent.or(full).unwrap_or_else(|| path.to_owned());
    let Some(route) = routes.get(&name).cloned() else { return Route::status(404).body("no such page") };
    if let Some((next, rest)) = route.then.split_first() {
        let mut next = next.clone();
        next.then.extend(rest.iter().cloned());
        routes.insert(name, next);
    }
    route
}

fn respond(route: Route, flight: Flight) -> Response {
    let mut response = Response::builder().status(route.status);
    for (name, value) in &route.headers {
        response = response.header(name, value);
    }
    let body = match route.manner {
        Manner::Plain | Manner::Bomb(_) => {
            let body = if let Manner::Bomb(len) = route.manner { bomb(len) } else { route.body };
            if route.status != 304 && !route.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
                response = response.header("Content-Length", body.len());
            }
            whole(body, flight)
        }
        Manner::Short(missing) => {
            response = response.header("Content-Length", route.body.len() as u64 + missing);
            // A broken stream makes the connection close; the pause before it lets the beginning go out.
            Body::from_stream(stream::unfold((Some(route.body), flight), |(body, flight)| async {
                match body {
                    Some(body) => Some((Ok(Bytes::from(body)), (None, flight))),
                    None => {
                        dawdle().await;
                        Some((Err(std::io::Error::other("cut on purpose")), (None, flight)))
                    }
                }
            }))
        }
        Manner::Drip => Body::from_stream(stream::unfold(flight, |flight| async {
            dawdle().await;
            Some((Ok::<_, Infallible>(Bytes::from_static(b".")), flight))
        })),
    };
    response.body(body).expect("the test gave a valid answer")
}

#[expect(clippy::disallowed_methods, reason = "a slow host is really slow; no test waits for it")]
async fn dawdle() {
    tokio::time::sleep(Duration::from_millis(2)).await;
}

fn whole(body: Vec<u8>, flight: Flight) -> Body {
    let len = body.len();
    let stream = stream::once(async move {
        // Whoever else is on the way gets the chance to arrive meanwhile, or overlap would not be seen.
        tokio::task::yield_now().await;
        drop(flight);
        Ok::<_, Infallible>(Bytes::from(body))
    });
    if len == 0 { Body::empty() } else { Body::from_stream(stream) }
}

fn bomb(len: u64) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![0; 64 << 10];
    let mut left = len;
    while left > 0 {
        let n = left.min(piece.len() as u64);
        out.write_all(&piece[..usize::try_from(n).unwrap_or_default()]).expect("writes into memory");
        left -= n;
    }
    out.finish().expect("writes into memory")
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    fn ask(server: &Server, path: &str, extra: &str) -> String {
        let mut stream = std::net::TcpStream::connect(server.address()).expect("connects");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{extra}\r\n").expect("sends");
        let mut out = Vec::new();
        let _ = stream.read_to_end(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn it_answers_from_the_table_and_keeps_a_log() {
        let server = Server::start([
            ("/a", Route::page("A").header("ETag", "\"1\"")),
            ("/b", Route::status(503).then(Route::status(503)).then(Route::page("late"))),
            ("/q?x=1", Route::page("query")),
            ("/cut", Route::cut("begin", 100)),
        ]);
        assert!(ask(&server, "/a", "").ends_with('A'));
        assert!(ask(&server, "/a", "If-None-Match: W/\"1\"\r\n").starts_with("HTTP/1.1 304"));
        assert!(ask(&server, "/b", "").starts_with("HTTP/1.1 503"));
        assert!(ask(&server, "/b", "").starts_with("HTTP/1.1 503"));
        for _ in 0..2 {
            assert!(ask(&server, "/b", "").contains("late"));
        }
        assert!(ask(&server, "/q?x=1", "").contains("query"));
        assert!(ask(&server, "/q?x=2", "").starts_with("HTTP/1.1 404"));
        let cut = ask(&server, "/cut", "");
        assert!(cut.contains("ength: 105") && cut.ends_with("begin"), "{cut}");
        assert_eq!((server.hits("/a"), server.hits("/b"), server.log().len()), (2, 4, 9));
        assert_eq!(server.log()[1].headers["if-none-match"], "W/\"1\"");
        assert_eq!(server.most_in_flight(), 1);
    }
}
