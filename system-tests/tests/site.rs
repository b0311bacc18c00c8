//! The site in a real browser, by WebDriver: search, filters, keyboard, dark mode, a phone's width, no error, no request outside.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

/// A browser behind chromedriver; both end with the value.
struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

fn ask(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(|e| e.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).map_err(|e| e.to_string())?;
    let text = body.map(Value::to_string).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
    .map_err(|e| e.to_string())?;
    // The driver keeps the connection open, whatever it is told: the length says where the answer ends.
    let mut read = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        let n = read.read_line(&mut line).map_err(|e| e.to_string())?;
        if n == 0 || line == "\r\n" {
            break;
        }
        if let Some(v) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = v.trim().parse().map_err(|_| "no length")?;
        }
    }
    let mut answer = vec![0; length];
    read.read_exact(&mut answer).map_err(|e| e.to_string())?;
    let value: Value = serde_json::from_slice(&answer).map_err(|e| e.to_string())?;
    match value["value"]["error"].as_str() {
        Some(e) => Err(format!("{e}: {}", value["value"]["message"])),
        None => Ok(value["value"].clone()),
    }
}

impl Browser {
    fn start(profile: &Path, dark: bool, width: u32, scripts: bool) -> Browser {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: .ci/run does it");
        let mut args = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-dev-shm-usage".into(),
            format!("--window-size={width},900"),
            format!("--user-data-dir={}", profile.display()),
        ];
        if dark {
            args.push("--force-dark-mode".into());
            args.push("--blink-settings=preferredColorScheme=0".into());
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": args, "prefs": {"profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 }}},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let mut browser = Browser { driver, port, session: String::new() };
        let (_tell, wait) = std::sync::mpsc::channel::<()>();
        for _ in 0..100 {
            match ask(port, "POST", "/session", Some(&wanted)) {
                Ok(v) => {
                    browser.session = v["sessionId"].as_str().expect("a session").to_owned();
                    return browser;
                }
                // Nobody tells when the driver listens.
                Err(_) => drop(wait.recv_timeout(Duration::from_millis(100))),
            }
        }
        panic!("chromedriver gives no session");
    }

    fn post(&self, path: &str, body: Value) -> Value {
        ask(self.port, "POST", &format!("/session/{}/{path}", self.session), Some(&body)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    fn get(&self, path: &str) -> Value {
        ask(self.port, "GET", &format!("/session/{}/{path}", self.session), None).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    fn open(&self, page: &Path, hash: &str) {
        self.post("url", json!({"url": "about:blank"}));
        let url = format!("file://{}{hash}", page.display());
        self.post("url", json!({"url": url}));
        // The driver may answer while the blank page still stands.
        let whole = |b: &Browser| {
            b.get("url").as_str().is_some_and(|u| u.starts_with("file:"))
                && b.get("source").as_str().is_some_and(|s| s.contains("</footer>"))
        };
        assert!((0..2000).any(|_| whole(self)), "{url} is not shown");
    }

    fn js(&self, script: &str) -> Value {
        self.post("execute/sync", json!({"script": script, "args": []}))
    }

    /// Asks until it is so; the page needs a moment after a key.
    fn until(&self, script: &str) -> bool {
        let wait = format!(
            "const done = arguments[0]; const end = Date.now() + 10000; (function look() {{ if ((function () {{ {script} }})()) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 50); }})();"
        );
        self.post("execute/async", json!({"script": wait, "args": []})) == true
    }

    fn keys(&self, keys: &str) {
        let acts: Vec<Value> = keys
            .chars()
            .flat_map(|c| [json!({"type": "keyDown", "value": c.to_string()}), json!({"type": "keyUp", "value": c.to_string()})])
            .collect();
        self.post("actions", json!({"actions": [{"type": "key", "id": "k", "actions": acts}]}));
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.post("se/log", json!({"type": kind})).as_array().cloned().unwrap_or_default()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ask(self.port, "DELETE", &format!("/session/{}", self.session), None);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

/// A site of two snapshots.
fn site(room: &Path) -> PathBuf {
    let archives = monitor_testkit::demo::snapshots().expect("manifests");
    for ((_, archive), now) in archives.iter().zip(["2026-03-02T06:00:00Z", "2026-04-20T06:00:00Z"]) {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(room)
            .args(["-q", "--now", now, "run", "--replay"])
            .arg(archive)
            .output()
            .expect("monitor runs");
        assert!(matches!(out.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&out.stderr));
    }
    let hostile = "{\"title\":\"<img src=x onerror=alert(1)></script><script>alert(2)</script> AI security of agents\",\"body\":\"<b>EVIL</b>\",\"group\":\"\\\"><script>alert(3)</script>\",\"url\":\"https://example.org/evil\"}\n{\"title\":\"人工智能安全：提示注入攻击 prompt injection in AI agents security\",\"lang\":\"zh\",\"body\":\"TC260\",\"url\":\"https://example.org/zh\"}\n";
    std::fs::write(room.join("in.jsonl"), hostile).expect("written");
    for args in [&["import", "in.jsonl"][..], &["publish", "--out", "a site/under here"][..]] {
        let out = Command::new(monitor_testkit::binary())
            .current_dir(room)
            .args(["-q", "--now", "2026-04-20T07:00:00Z"])
            .args(args)
            .output()
            .expect("monitor runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    room.join("a site/under here")
}

/// Complaints of the console, and requests for anything that is not a file of the site.
fn troubles(b: &Browser) -> Vec<String> {
    let mut all: Vec<String> = b.log("browser").iter().map(|e| e["message"].to_string()).collect();
    for e in b.log("performance") {
        let message: Value = serde_json::from_str(e["message"].as_str().unwrap_or_default()).unwrap_or_default();
        let url = message["message"]["params"]["request"]["url"].as_str().unwrap_or("file:").to_owned();
        if message["message"]["method"] == "Network.requestWillBeSent"
            && ["http:", "https:", "ws:", "wss:", "ftp:"].iter().any(|s| url.starts_with(s))
        {
            all.push(url);
        }
    }
    all
}

/// Contrast of every text against what lies behind it, headings and labels, names of links and fields: the list of what is wrong.
const LOOK: &str = r#"
function rgb(c) { const m = c.match(/[\d.]+/g).map(Number); return m; }
function light(c) { const [r, g, b] = rgb(c).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4); }); return .2126 * r + .7152 * g + .0722 * b; }
function behind(e) { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgb(c).length < 4 || rgb(c)[3] > 0) return c; } return 'rgb(255, 255, 255)'; }
const bad = [];
for (const e of document.querySelectorAll('body *')) {
  if (!e.offsetParent || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
  const a = light(getComputedStyle(e).color), b = light(behind(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) bad.push('contrast ' + ratio.toFixed(2) + ' ' + e.outerHTML.slice(0, 80));
}
if (document.querySelectorAll('h1').length !== 1) bad.push('h1');
if (!document.documentElement.lang) bad.push('lang');
for (const s of ['header', 'nav[aria-label]', 'main', 'footer']) if (!document.querySelector(s)) bad.push(s);
for (const t of document.querySelectorAll('table')) { if (!t.caption) bad.push('caption'); for (const h of t.querySelectorAll('th')) if (!h.scope) bad.push('scope'); }
for (const f of document.querySelectorAll('input, select')) if (!f.labels.length) bad.push('label ' + f.id);
for (const a of document.querySelectorAll('a, button')) if (!a.textContent.trim()) bad.push('no name ' + a.outerHTML.slice(0, 80));
let last = 0; for (const h of document.querySelectorAll('h1, h2, h3')) { const n = +h.tagName[1]; if (n > last + 1) bad.push('level ' + h.textContent); last = n; }
if (document.documentElement.scrollWidth > innerWidth + 1) bad.push('wider than the window: ' + document.documentElement.scrollWidth + ' > ' + innerWidth);
return bad;
"#;

#[test]
fn the_site_works_in_a_browser() {
    let room = tempfile::tempdir().expect("a folder");
    let site = site(room.path());
    let documents: Vec<PathBuf> = std::fs::read_dir(site.join("documents"))
        .expect("documents")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "html"))
        .collect();
    let evil = documents.iter().find(|p| std::fs::read_to_string(p).is_ok_and(|t| t.contains("onerror"))).expect("the hostile document");
    let pages = [
        "index.html",
        "search.html",
        "landscape.html",
        "sources.html",
        "editions/index.html",
        "topics/prompt-injection.html",
        "bodies/etsi.html",
    ];
    for (dark, width) in [(false, 1280), (true, 1280), (false, 500)] {
        let b = Browser::start(&room.path().join(format!("profile-{dark}-{width}")), dark, width, true);
        assert_eq!(b.js("return matchMedia('(prefers-color-scheme: dark)').matches"), json!(dark));
        for page in pages.iter().map(|p| site.join(p)).chain([evil.clone(), documents[0].clone()]) {
            b.open(&page, "");
            let wrong = b.js(LOOK);
            assert_eq!(wrong, json!([]), "{} (dark {dark}, {width} wide)", page.display());
            let trouble = troubles(&b);
            assert!(trouble.is_empty(), "{}: {trouble:?}", page.display());
        }
        let light: f64 = b
            .js("const m = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number); return m[0] + m[1] + m[2]")
            .as_f64()
            .expect("a number");
        assert_eq!(light < 200.0, dark, "the background follows the reader's choice");
    }
    search(&room.path().join("profile-search"), &site);
}

fn search(profile: &Path, site: &Path) {
    let b = Browser::start(profile, false, 1280, true);
    let page = site.join("search.html");
    b.open(&page, "");
    assert!(b.until("return document.querySelectorAll('#found li').length > 0"), "the list is there before anything is typed");
    let all = b.js("return document.querySelectorAll('#found li').length").as_u64().expect("a number");
    assert!(all > 10, "{all} documents before anything is typed");
    // By keyboard alone: the first stop skips the head of the page, then the fields follow in order.
    b.keys(TAB);
    assert_eq!(b.js("return document.activeElement.textContent"), "Skip to the content");
    b.keys(ENTER);
    assert_eq!(b.js("return document.activeElement.id"), "main");
    b.keys(TAB);
    assert_eq!(b.js("return document.activeElement.id"), "q");
    b.keys("prompt INJECTION");
    assert!(b.until("const n = document.querySelectorAll('#found li').length; return n > 0 && n < 5000 && /^\\d+ document/.test(document.getElementById('count').textContent) && [...document.querySelectorAll('#found li')].every(l => /prompt/i.test(l.textContent)) && location.hash.includes('prompt')"));
    let few = b.js("return document.querySelectorAll('#found li').length").as_u64().expect("a number");
    assert!(few < all, "{few} of {all}");
    b.keys(TAB);
    assert_eq!(b.js("return document.activeElement.id"), "body");
    // A title in another language says so.
    assert_eq!(b.js("return document.querySelector('#found bdi[lang=zh]') !== null"), true);

    b.js("document.getElementById('form').reset()");
    assert!(b.until(&format!("return document.querySelectorAll('#found li').length === {all}")));
    for (field, pick) in [("body", "ETSI"), ("stage", "published")] {
        b.js(&format!("const s = document.getElementById('{field}'); s.value = [...s.options].find(o => o.textContent === '{pick}').value; s.dispatchEvent(new Event('change'))"));
    }
    assert!(b.until("return [...document.querySelectorAll('#found .under')].length > 0 && [...document.querySelectorAll('#found .under')].every(u => u.textContent.includes('ETSI') && u.textContent.endsWith('published'))"));
    b.js("document.getElementById('form').reset()");
    b.js("const s = document.getElementById('since'); s.value = '2026-03-01'; s.dispatchEvent(new Event('change'))");
    assert!(
        b.until("return [...document.querySelectorAll('#found .date')].every(d => d.textContent >= '2026-03' || d.textContent === '2026')")
    );

    // The address remembers; hostile words in it stay words.
    b.open(&page, "#q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
    assert!(b.until("return document.getElementById('q').value.startsWith('<img')"));
    assert_eq!(b.js("return document.querySelectorAll('img, #found script').length"), 0);
    assert_eq!(b.js("return document.querySelectorAll('#found li').length"), 1, "the hostile title is found, as text");
    b.js("document.querySelector('#found a').click()");
    assert!(
        b.until("return document.querySelector('h1') && document.querySelector('h1').textContent.includes('onerror')"),
        "and leads to its page"
    );
    let trouble = troubles(&b);
    assert!(trouble.is_empty(), "{trouble:?}");
}

#[test]
fn without_javascript_everything_is_reached_by_links() {
    let room = tempfile::tempdir().expect("a folder");
    let site = site(room.path());
    let b = Browser::start(&room.path().join("profile"), false, 1280, false);
    b.open(&site.join("search.html"), "");
    let dom = b.get("source").as_str().unwrap_or_default().to_owned();
    assert!(dom.contains("Searching needs JavaScript") && dom.contains("topics/index.html"), "{dom}");
    assert!(dom.contains("role=\"search\" hidden"), "fields that would do nothing are not shown");
}
