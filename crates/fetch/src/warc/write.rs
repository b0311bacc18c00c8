use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use monitor_model::Payload;
use reqwest::StatusCode;
use url::Url;

use crate::{live::Answer, warc::read::ASKED};

/// Writes an archive: one gzip member a record, bodies decoded, the same input giving the same bytes.
#[derive(Debug)]
pub struct Writer {
    file: File,
    /// Makes record ids unique within the archive, without chance or clock.
    position: u64,
}

impl Writer {
    /// A new archive at `path`, made at `at`; an existing file is replaced.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(path: &Path, at: Timestamp) -> io::Result<Writer> {
        Writer { file: File::create(path)?, position: 0 }.begin(at)
    }

    /// Continues the archive at `path`, or makes it.
    ///
    /// # Errors
    /// When the file cannot be written, or is no gzip file.
    pub fn append(path: &Path, at: Timestamp) -> io::Result<Writer> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut magic = Vec::new();
        (&mut file).take(2).read_to_end(&mut magic)?;
        if !magic.is_empty() && magic != [0x1f, 0x8b] {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the file exists and is no gzip file; it is left as it is"));
        }
        let position = file.metadata()?.len();
        Writer { file, position }.begin(at)
    }

    /// Writes one answer, and the request that led to it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn exchange(&mut self, url: &str, at: Timestamp, status: u16, headers: &[(String, String)], body: &[u8]) -> io::Result<()> {
        let request = request_head(url, &[], None);
        self.pair(url, at, &request, None, status, headers, &mut &*body, body.len() as u64, None)
    }

    /// Writes the answer to a POST: to what is sent here, or with none to whatever is sent.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn answer_to_post(
        &mut self,
        url: &str,
        at: Timestamp,
        payload: Option<&Payload>,
        headers: &[(String, String)],
        body: &[u8],
    ) -> io::Result<()> {
        let request = request_head(url, &[], payload).replacen("GET", "POST", 1);
        let asked = payload.map_or_else(|| "POST".to_owned(), super::archive::asked);
        self.pair(url, at, &request, Some(&asked), 200, headers, &mut &*body, body.len() as u64, None)
    }

    /// Waits until everything is on disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()
    }

    fn begin(mut self, at: Timestamp) -> io::Result<Writer> {
        let info = format!("software: monitor/{}\r\nformat: WARC File Format 1.0\r\n", env!("CARGO_PKG_VERSION"));
        let kind = "WARC-Type: warcinfo\r\nContent-Type: application/warc-fields\r\n";
        self.write_record("", at, kind, info.as_bytes(), &mut io::empty(), 0)?;
        Ok(self)
    }

    #[expect(clippy::too_many_arguments, reason = "the two halves of one exchange")]
    fn pair(
        &mut self,
        url: &str,
        at: Timestamp,
        request: &str,
        asked: Option<&str>,
        status: u16,
        headers: &[(String, String)],
        body: &mut dyn Read,
        len: u64,
        truncated: Option<&str>,
    ) -> io::Result<()> {
        let head = response_head(status, headers, len);
        let target = format!("WARC-Target-URI: {}\r\n", one_line(url));
        let target_and_asked = asked.map_or_else(|| target.clone(), |a| format!("{target}{ASKED}: {a}\r\n"));
        let early = truncated.map(|why| format!("WARC-Truncated: {why}\r\n")).unwrap_or_default();
        let kind = format!("WARC-Type: response\r\n{target_and_asked}{early}Content-Type: application/http; msgtype=response\r\n");
        let id = self.write_record(url, at, &kind, &head, body, len)?;
        let kind = format!("WARC-Type: request\r\n{target}WARC-Concurrent-To: {id}\r\nContent-Type: application/http; msgtype=request\r\n");
        self.write_record(url, at, &kind, request.as_bytes(), &mut io::empty(), 0)?;
        Ok(())
    }

    fn write_record(&mut self, url: &str, at: Timestamp, kind: &str, head: &[u8], body: &mut dyn Read, len: u64) -> io::Result<String> {
        let id = record_id(self.position, url, at, kind, head);
        let mut member =
            GzBuilder::new().mtime(0).operating_system(255).write(Counted { inner: &self.file, count: 0 }, Compression::default());
        // Cut, not rounded: a record is never later than the run that made it.
        let date = Timestamp::from_second(at.as_second()).unwrap_or(at);
        write!(member, "WARC/1.0\r\n{kind}WARC-Date: {date}\r\nWARC-Record-ID: {id}\r\n")?;
        write!(member, "Content-Length: {}\r\n\r\n", head.len() as u64 + len)?;
        member.write_all(head)?;
        let copied = io::copy(&mut body.take(len), &mut member)?;
        if copied != len {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the body is shorter than was said"));
        }
        member.write_all(b"\r\n\r\n")?;
        self.position += member.finish()?.count;
        Ok(id)
    }
}

/// Writes an exchange as it went over the wire, without what is secret.
#[expect(clippy::too_many_arguments, reason = "the two halves of one exchange")]
pub(crate) fn record(
    writer: &mut Writer,
    url: &Url,
    at: Timestamp,
    agent: &str,
    asked: &[(String, String)],
    payload: Option<&Payload>,
    answer: &Answer,
    truncated: Option<&str>,
) -> io::Result<()> {
    let mut sent = vec![("User-Agent".to_owned(), agent.to_owned())];
    sent.extend(asked.iter().map(|(name, value)| (name.clone(), if is_secret(name) { "removed".to_owned() } else { value.clone() })));
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let request = request_head(url.as_str(), &sent, payload);
    let asked = payload.map(super::archive::asked);
    writer.pair(
        url.as_str(),
        at,
        &request,
        asked.as_deref(),
        answer.status,
        &answer.headers.0,
        &mut answer.body.reader()?,
        answer.body.len,
        truncated,
    )
}

/// Header fields that may hold a password or a key.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "cookie", "key", "token", "secret", "pass"].iter().any(|s| name.contains(s))
}

/// A value on one line, so that it cannot end a header.
fn one_line(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn request_head(url: &str, headers: &[(String, String)], payload: Option<&Payload>) -> String {
    let parsed = Url::parse(url).ok();
    let host = parsed.as_ref().and_then(|u| u.host_str().map(|h| u.port().map_or_else(|| h.to_owned(), |p| format!("{h}:{p}"))));
    let path = parsed.as_ref().map_or("/", |u| &u[url::Position::BeforePath..url::Position::AfterQuery]);
    let method = if payload.is_some() { "POST" } else { "GET" };
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", host.unwrap_or_default());
    for (name, value) in headers {
        head.push_str(&format!("{}: {}\r\n", one_line(name), one_line(value)));
    }
    match payload {
        None => head + "\r\n",
        Some(p) => head + &format!("Content-Type: {}\r\nContent-Length: {}\r\n\r\n{}", one_line(&p.media_type), p.body.len(), p.body),
    }
}

/// The header of an answer whose body is stored decoded: fields about its coding would lie.
fn response_head(status: u16, headers: &[(String, String)], len: u64) -> Vec<u8> {
    let reason = StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("");
    let mut head = format!("HTTP/1.1 {status} {reason}\r\n").into_bytes();
    let dropped = ["content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "set-cookie2"];
    for (name, value) in headers.iter().filter(|(name, _)| !dropped.contains(&name.to_ascii_lowercase().as_str())) {
        head.extend(one_line(name).bytes());
        head.extend(b": ");
        // One character a byte, as they came; anything else is written as UTF-8.
        for c in one_line(value).chars() {
            match u8::try_from(u32::from(c)) {
                Ok(byte) => head.push(byte),
                Err(_) => head.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
        head.extend(b"\r\n");
    }
    head.extend(format!("Content-Length: {len}\r\n\r\n").bytes());
    head
}

/// An id in the form of a UUID (version 8: made by our own rule) out of what is written and where.
fn record_id(position: u64, url: &str, at: Timestamp, kind: &str, head: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [&position.to_be_bytes()[..], url.as_bytes(), at.to_string().as_bytes(), kind.as_bytes(), head] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut id = [0; 16];
    hasher.finalize_xof().fill(&mut id);
    id[6] = 0x80 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    let hex: String = id.iter().map(|b| format!("{b:02x}")).collect();
    format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

struct Counted<'a> {
    inner: &'a File,
    count: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(buf)?;
        self.count += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
