use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::{headers::Headers, warc::read::invalid};

/// How a frame of zstd begins.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A larger window (2^23 bytes) is not for the web (RFC 9659).
const ZSTD_WINDOW: u32 = 23;

/// The decoded body of a stored answer. Archives differ in whether they keep the codings that the header names, so the
/// bytes decide: what does not look coded is taken as it stands.
pub(crate) fn body<'a>(headers: &Headers, block: Box<dyn BufRead + 'a>) -> io::Result<Box<dyn Read + 'a>> {
    let has = |field: &str, word: &str| headers.all(field).any(|v| v.to_ascii_lowercase().split(',').any(|w| w.trim() == word));
    let mut bytes = block;
    if has("transfer-encoding", "chunked") && begins_chunked(bytes.fill_buf()?) {
        bytes = Box::new(BufReader::new(Chunked { inner: bytes, left: 0, first: true, done: false }));
    }
    let start = bytes.fill_buf()?;
    if start.starts_with(&[0x1f, 0x8b]) && (has("content-encoding", "gzip") || has("content-encoding", "x-gzip")) {
        return Ok(Box::new(MultiGzDecoder::new(bytes)));
    }
    if has("content-encoding", "deflate") && !start.is_empty() {
        // Two forms go by this name; text is taken as decoded already.
        return Ok(match start {
            [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0 => {
                Box::new(ZlibDecoder::new(bytes))
            }
            _ if is_text(start) => bytes,
            _ => Box::new(DeflateDecoder::new(bytes)),
        });
    }
    if has("content-encoding", "zstd") && start.starts_with(&ZSTD) {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
        decoder.window_log_max(ZSTD_WINDOW)?;
        return Ok(Box::new(decoder));
    }
    // Brotli has no mark; text is taken as decoded already.
    if has("content-encoding", "br") && !start.is_empty() && !is_text(start) {
        return Ok(Box::new(brotli::Decompressor::new(bytes, 16 << 10)));
    }
    Ok(bytes)
}

fn is_text(start: &[u8]) -> bool {
    match std::str::from_utf8(start) {
        Ok(text) => !text.contains('\0'),
        Err(e) => e.error_len().is_none() && !start.contains(&0),
    }
}

/// A size in hexadecimal on a line of its own.
fn begins_chunked(start: &[u8]) -> bool {
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    line.len() < start.len() && chunk_size(line).is_some()
}

fn chunk_size(line: &[u8]) -> Option<u64> {
    let size = line.split(|b| *b == b';').next()?.trim_ascii();
    (!size.is_empty() && size.len() <= 15).then(|| std::str::from_utf8(size).ok().and_then(|s| u64::from_str_radix(s, 16).ok())).flatten()
}

/// Takes the chunks of `Transfer-Encoding: chunked` apart.
struct Chunked<R> {
    inner: R,
    left: u64,
    first: bool,
    done: bool,
}

impl<R: BufRead> Read for Chunked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.done {
            let mut line = Vec::new();
            // The line end after the last chunk's bytes, then the size of the next.
            for _ in 0..if self.first { 1 } else { 2 } {
                line.clear();
                (&mut self.inner).take(4096).read_until(b'\n', &mut line)?;
            }
            self.first = false;
            self.left = chunk_size(&line).ok_or_else(|| invalid("a broken chunk"))?;
            self.done = self.left == 0;
        }
        if self.done || buf.is_empty() {
            return Ok(0);
        }
        let want = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        let n = self.inner.read(&mut buf[..want])?;
        if n == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut off within a chunk"));
        }
        self.left -= n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn decoded(fields: &[(&str, &str)], block: &[u8]) -> io::Result<Vec<u8>> {
        let headers = Headers(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
        let mut out = Vec::new();
        body(&headers, Box::new(block))?.read_to_end(&mut out)?;
        Ok(out)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(text).expect("writes");
        gz.finish().expect("writes")
    }

    #[test]
    fn codings_are_undone_if_they_are_there() {
        let chunked = ("Transfer-Encoding", "chunked");
        assert_eq!(decoded(&[chunked], b"4\r\nwiki\r\n6;x=y\r\npedia \r\n0\r\n\r\n").expect("reads"), b"wikipedia ");
        assert_eq!(decoded(&[chunked], b"<html>plain</html>").expect("reads"), b"<html>plain</html>");
        let coded = ("Content-Encoding", "gzip");
        assert_eq!(decoded(&[coded], &gzip(b"text")).expect("reads"), b"text");
        assert_eq!(decoded(&[coded], b"text").expect("reads"), b"text");
        assert_eq!(decoded(&[coded], b"").expect("reads"), b"");
        assert_eq!(decoded(&[], &gzip(b"text")).expect("reads"), gzip(b"text"), "a gzip file is a gzip file");
        let zipped = gzip(b"both");
        let both = [format!("{:x}\r\n", zipped.len()).as_bytes(), &zipped, b"\r\n0\r\n\r\n"].concat();
        assert_eq!(decoded(&[chunked, coded], &both).expect("reads"), b"both");
        assert_eq!(decoded(&[("Content-Encoding", "br")], b"text").expect("reads"), b"text");
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
        brotli.write_all("text in brotli, é".repeat(50).as_bytes()).expect("writes");
        assert_eq!(decoded(&[("Content-Encoding", "br")], &brotli.into_inner()).expect("reads"), "text in brotli, é".repeat(50).as_bytes());
        assert!(decoded(&[("Content-Encoding", "br")], b"\x8b\x00\x80\xff").is_err());
        let zstd = zstd::encode_all("text in zstd, é".as_bytes(), 3).expect("writes");
        assert_eq!(decoded(&[("Content-Encoding", "zstd")], &zstd).expect("reads"), "text in zstd, é".as_bytes());
        assert_eq!(decoded(&[("Content-Encoding", "zstd")], b"text").expect("reads"), b"text");
        assert!(decoded(&[("Content-Encoding", "zstd")], &zstd[..zstd.len() - 4]).is_err());
    }

    #[test]
    fn broken_chunks_are_errors() {
        for block in [&b"4\r\nwi"[..], b"4\r\nwiki\r\nxyz\r\n", b"4\r\nwiki\r\nffffffffffffffffffff\r\n"] {
            assert!(decoded(&[("Transfer-Encoding", "chunked")], block).is_err(), "{block:?}");
        }
    }
}
