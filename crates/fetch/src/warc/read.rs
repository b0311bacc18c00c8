use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use jiff::Timestamp;
use monitor_model::When;

use crate::headers::Headers;

/// Longer headers are not believed.
const MAX_HEAD: u64 = 256 << 10;

/// The header of a WARC record.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) kind: String,
    pub(crate) target: Option<String>,
    pub(crate) date: Option<Timestamp>,
    pub(crate) content_type: String,
    pub(crate) len: u64,
    /// Why the record holds the beginning only.
    pub(crate) truncated: Option<String>,
    /// How it was asked, when it was no GET.
    pub(crate) asked: Option<String>,
}

/// The field of a record that says what was sent: `POST`, or `POST` and the hash of its body. Not a field of the standard, which has
/// none for this.
pub(crate) const ASKED: &str = "monitor-asked";

/// Reads the header of the next record; `None` at the end.
pub(crate) fn record_head(from: &mut dyn BufRead) -> io::Result<Option<Head>> {
    let mut from = from.take(MAX_HEAD);
    let mut version = Vec::new();
    // Records end with two empty lines.
    loop {
        version.clear();
        if from.read_until(b'\n', &mut version)? == 0 {
            return Ok(None);
        }
        if !version.trim_ascii().is_empty() {
            break;
        }
    }
    if !version.starts_with(b"WARC/") {
        return Err(invalid("no WARC record begins here"));
    }
    let fields = fields(&mut from)?;
    let get = |name: &str| fields.get(name).map(str::trim);
    let len = get("content-length").and_then(|v| v.parse().ok()).ok_or_else(|| invalid("a record without Content-Length"))?;
    Ok(Some(Head {
        kind: get("warc-type").unwrap_or_default().to_ascii_lowercase(),
        target: get("warc-target-uri").map(|t| t.trim_start_matches('<').trim_end_matches('>').to_owned()),
        date: get("warc-date").and_then(|d| d.parse().ok().or_else(|| d.parse::<When>().ok().map(When::start))),
        content_type: get("content-type").unwrap_or_default().to_ascii_lowercase(),
        len,
        asked: get(ASKED).filter(|t| !t.is_empty()).map(str::to_owned),
        truncated: get("warc-truncated").filter(|t| !t.is_empty()).map(|t| t.chars().take(40).collect()),
    }))
}

/// Reads the head of an HTTP answer: its status and its fields.
pub(crate) fn http_head(from: &mut dyn BufRead) -> io::Result<(u16, Headers)> {
    let mut from = from.take(MAX_HEAD);
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    let status = status_of(&line).ok_or_else(|| invalid("the record holds no HTTP answer"))?;
    Ok((status, fields(&mut from)?))
}

/// `HTTP/1.1 200 OK` → 200.
pub(crate) fn status_of(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line.get(..line.len().min(40))?).ok()?;
    let mut words = line.split_ascii_whitespace();
    words.next().filter(|v| v.starts_with("HTTP/"))?;
    words.next()?.parse().ok().filter(|s| (100..1000).contains(s))
}

/// Header lines up to an empty one; folded lines are joined. `from` is limited, and to meet the limit is an error.
fn fields<R: BufRead>(from: &mut io::Take<R>) -> io::Result<Headers> {
    let mut list: Vec<(String, String)> = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        from.read_until(b'\n', &mut line)?;
        if line.is_empty() && from.limit() > 0 {
            // The block ends with its header.
            return Ok(Headers(list));
        }
        if line.last() != Some(&b'\n') && from.limit() == 0 {
            return Err(invalid("a header of more than 256 KiB"));
        }
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        let text = crate::live::latin1(line.trim_ascii());
        if text.is_empty() {
            return Ok(Headers(list));
        }
        match (folded, list.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(&text);
            }
            _ => {
                if let Some((name, value)) = text.split_once(':') {
                    list.push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
        }
    }
}

/// Counts what was read.
pub(crate) struct Counted<R> {
    inner: R,
    pub(crate) position: u64,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R, position: u64) -> Self {
        Counted { inner, position }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.position += n as u64;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.inner.consume(n);
        self.position += n as u64;
    }
}

/// One gzip member, or what is not compressed, with the position inside.
pub(crate) type Member<'a> = Counted<BufReader<Box<dyn Read + 'a>>>;

/// Opens what begins here.
pub(crate) fn member<'a, R: BufRead + 'a>(from: R, compressed: bool) -> Member<'a> {
    let plain: Box<dyn Read + 'a> = if compressed { Box::new(GzDecoder::new(from)) } else { Box::new(from) };
    Counted::new(BufReader::with_capacity(32 << 10, plain), 0)
}

/// Passes over `n` bytes; an early end is an error.
pub(crate) fn skip(from: &mut dyn BufRead, n: u64) -> io::Result<()> {
    let passed = io::copy(&mut from.take(n), &mut io::sink())?;
    if passed < n { Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut off within a record")) } else { Ok(()) }
}

pub(crate) fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_many_hands() {
        let text = b"\r\n\r\nWARC/1.1\r\nwarc-type: Response\r\nWARC-Target-URI: <https://example.org/a\r\n b>\r\nWARC-Date: 2026-06-01T10:00:00.123456Z\r\nContent-Type: application/http;\r\n\tmsgtype=response\r\nContent-Length: 12\r\n\r\n";
        let head = record_head(&mut &text[..]).expect("reads").expect("one");
        assert_eq!((head.kind.as_str(), head.len), ("response", 12));
        assert_eq!(head.target.as_deref(), Some("https://example.org/a b"));
        assert_eq!(head.content_type, "application/http; msgtype=response");
        assert!(head.date.is_some());
        let unix = b"WARC/1.0\nWARC-Type: response\nContent-Length: 0\n\n";
        assert!(record_head(&mut &unix[..]).expect("reads").is_some());
        assert!(record_head(&mut &b"\r\n\r\n"[..]).expect("reads").is_none());
    }

    #[test]
    fn hostile_heads_are_errors_and_bounded() {
        for text in
            [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"WARC/1.0\r\n\r\n", b"WARC/1.0\r\nContent-Length: -1\r\n\r\n", b"\0\0\0", b"WARC/1.0"]
        {
            assert!(record_head(&mut &text[..]).is_err(), "{text:?}");
        }
        let mut endless = b"WARC/1.0\r\nContent-Length: 0\r\nX: ".to_vec();
        endless.resize(1 << 20, b'x');
        assert!(record_head(&mut &endless[..]).is_err());
    }

    #[test]
    fn status_lines() {
        for (line, want) in [
            ("HTTP/1.1 200 OK\r\n", Some(200)),
            ("HTTP/2 304", Some(304)),
            ("HTTP/1.1 99 x", None),
            ("HTTP/1.1 99999", None),
            ("200 OK", None),
            ("", None),
        ] {
            assert_eq!(status_of(line.as_bytes()), want, "{line}");
        }
    }
}
