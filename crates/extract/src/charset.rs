//! Bytes to text: byte-order mark, then the HTTP header, then what the document says of itself, then a guess.

use std::{borrow::Cow, io::Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text, and what a person should know about how it was read.
pub(crate) struct Decoded<'b> {
    pub(crate) text: Cow<'b, str>,
    pub(crate) note: Option<String>,
}

/// Decodes a whole document.
pub(crate) fn decode<'b>(bytes: &'b [u8], media_type: Option<&str>) -> Decoded<'b> {
    if let Some(text) = utf_32(bytes) {
        return Decoded { text: Cow::Owned(text), note: None };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, bad) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Decoded { text, note: bad.then(|| format!("the text is not all {}", encoding.name())) };
    }
    let declared = wide(bytes).or_else(|| header_charset(media_type).filter(|e| fits(e, bytes))).or_else(|| inner_charset(bytes));
    let encoding = match declared {
        Some(e) => e,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => guess(bytes),
    };
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    if !bad {
        return Decoded { text, note: None };
    }
    // A declaration that lies, or a few damaged bytes? Damage keeps most of the text intact.
    let broken = text.matches('\u{fffd}').count();
    let whole = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if encoding != UTF_8 || broken <= whole {
        return Decoded { text, note: Some(format!("{broken} places are not {}", encoding.name())) };
    }
    let other = guess(bytes);
    let (text, _) = other.decode_without_bom_handling(bytes);
    Decoded { text, note: Some(format!("declared as {}, read as {}", encoding.name(), other.name())) }
}

/// UTF-16 without its mark, by where the zeros of the first characters stand (XML 1.0, appendix F).
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, a, 0, b, ..] if a.is_ascii() && b.is_ascii() && *a != 0 && *b != 0 => Some(UTF_16BE),
        [a, 0, b, 0, ..] if a.is_ascii() && b.is_ascii() && *a != 0 && *b != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// UTF-32, with its mark or beginning with `<`.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 4]) -> u32 = match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => u32::from_be_bytes,
        [0xff, 0xfe, 0, 0, _, ..] | [b'<', 0, 0, 0, ..] => u32::from_le_bytes,
        _ => return None,
    };
    let (units, _) = bytes.as_chunks::<4>();
    Some(units.iter().map(|u| char::from_u32(read(*u)).unwrap_or('\u{fffd}')).filter(|c| *c != '\u{feff}').collect())
}

/// A header that says UTF-16 of bytes without a zero among the first is wrong.
fn fits(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    !(encoding == UTF_16LE || encoding == UTF_16BE) || bytes.iter().take(64).any(|b| *b == 0)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// `charset=` of a `Content-Type`.
fn header_charset(media_type: Option<&str>) -> Option<&'static Encoding> {
    label_after(media_type?.as_bytes())
}

/// What the first bytes say: an XML declaration, or `charset=` in a meta element.
fn inner_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let start = head.iter().position(|b| !b.is_ascii_whitespace())?;
    let head = &head[start..];
    let said = if head.starts_with(b"<?xml") {
        let decl = &head[..head.iter().position(|b| *b == b'>')?];
        find(decl, b"encoding").and_then(|i| label(&decl[i + 8..]))
    } else {
        metas(head)
    };
    // Bytes that could be read so far are not UTF-16, whatever they say of themselves.
    said.map(|e| if matches!(e.name(), "UTF-16LE" | "UTF-16BE") { UTF_8 } else { e })
}

fn metas(head: &[u8]) -> Option<&'static Encoding> {
    let mut from = 0;
    while let Some(i) = find(&head[from..], b"<meta") {
        let tag = &head[from + i..];
        let tag = &tag[..tag.iter().position(|b| *b == b'>').unwrap_or(tag.len())];
        if let Some(e) = label_after(tag) {
            return Some(e);
        }
        from += i + 5;
    }
    None
}

fn label_after(text: &[u8]) -> Option<&'static Encoding> {
    find(text, b"charset").and_then(|i| label(&text[i + 7..]))
}

/// `= "name"`
fn label(text: &[u8]) -> Option<&'static Encoding> {
    let rest = text.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.' | b'+'))).unwrap_or(rest.len());
    // "Replacement" stands for what nobody should read: then the bytes must tell.
    Encoding::for_label(&rest[..end]).filter(|e| *e != REPLACEMENT)
}

/// The place of `needle` (lower case), whatever the case of the text.
fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle))
}

/// A reader that gives UTF-8, for what is streamed and not held.
pub(crate) struct Utf8Reader<'r> {
    inner: &'r mut dyn Read,
    decoder: Decoder,
    input: Vec<u8>,
    from: usize,
    ended: bool,
    output: String,
    given: usize,
    /// Places that could not be decoded.
    pub(crate) broken: bool,
    /// What was at the very beginning, to tell a wrong kind of document.
    pub(crate) head: Vec<u8>,
}

impl<'r> Utf8Reader<'r> {
    /// Looks at the beginning and chooses the encoding.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub(crate) fn new(inner: &'r mut dyn Read, media_type: Option<&str>) -> std::io::Result<Self> {
        let mut input = Vec::new();
        inner.take(64 << 10).read_to_end(&mut input)?;
        let encoding = match Encoding::for_bom(&input) {
            Some((e, _)) => e,
            None => header_charset(media_type).unwrap_or_else(|| match std::str::from_utf8(&input) {
                Ok(_) => UTF_8,
                Err(e) if e.error_len().is_none() => UTF_8,
                Err(_) => {
                    let e = guess(&input);
                    if e == UTF_8 { WINDOWS_1252 } else { e }
                }
            }),
        };
        let head = input[..input.len().min(4096)].to_vec();
        Ok(Utf8Reader {
            inner,
            decoder: encoding.new_decoder(),
            input,
            from: 0,
            ended: false,
            output: String::with_capacity(128 << 10),
            given: 0,
            broken: false,
            head,
        })
    }
}

impl Read for Utf8Reader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.output.len() {
            if self.ended && self.from == self.input.len() {
                return Ok(0);
            }
            self.output.clear();
            self.given = 0;
            if self.from == self.input.len() {
                self.input.resize(64 << 10, 0);
                let n = self.inner.read(&mut self.input)?;
                self.input.truncate(n);
                self.from = 0;
                self.ended = n == 0;
            }
            let (_, read, bad) = self.decoder.decode_to_string(&self.input[self.from..], &mut self.output, self.ended);
            self.from += read;
            self.broken |= bad;
        }
        let n = buf.len().min(self.output.len() - self.given);
        buf[..n].copy_from_slice(&self.output.as_bytes()[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_the_charset() {
        for (bytes, media, want) in [
            (&b"\xef\xbb\xbfcaf\xc3\xa9"[..], Some("text/html; charset=iso-8859-1"), "café"),
            (b"caf\xe9", Some("text/html; charset=ISO-8859-1"), "café"),
            (b"<meta charset=windows-1252>a\x96b", None, "<meta charset=windows-1252>a–b"),
            (b"<html><head><META http-equiv=x content='text/html; charset=windows-1252'>\x96", None, "–"),
            (b"<?xml version='1.0' encoding='ISO-8859-1'?><t>\xe9</t>", None, "é</t>"),
            (b"<?xml version='1.0' encoding='UTF-8'?><t>caf\xe9 \xfcber na\xefve</t>", None, "café über naïve"),
            ("<?xml version='1.0' encoding='UTF-16'?><t>é</t>".as_bytes(), None, "<t>é</t>"),
            (b"plain caf\xc3\xa9", None, "plain café"),
            (b"\xff\xfea\0b\0", None, "ab"),
            (b"\0<\0a\0>\0b", Some("text/xml; charset=utf-8"), "<a>b"),
            (b"<\0a\0>\0b\0", None, "<a>b"),
            (b"\0\0\0<\0\0\0a", None, "<a"),
            (b"\xff\xfe\0\0<\0\0\0a\0\0\0", None, "<a"),
            (b"<?xml version='1.0' encoding='hz-gb-2312'?><t>x</t>", None, "<t>x</t>"),
            (b"<t>plain</t>", Some("text/xml; charset=utf-16"), "<t>plain</t>"),
            ("日本語 日本語 日本語\u{0}".as_bytes(), Some("text/html; charset=nonsense"), "日本語"),
        ] {
            let got = decode(bytes, media).text;
            assert!(got.contains(want), "{got:?} for {want:?}");
        }
    }

    #[test]
    fn a_few_damaged_bytes_do_not_change_the_reading() {
        let mut bytes = "Überprüfung größerer Änderungen".as_bytes().to_vec();
        bytes.push(0xe2);
        let got = decode(&bytes, Some("text/html; charset=utf-8"));
        assert!(got.text.starts_with("Überprüfung") && got.note.is_some());
    }

    #[test]
    fn streams_are_decoded_across_borders() {
        let text = "é".repeat(100_000);
        let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let mut source = &utf16[..];
        let mut got = String::new();
        Utf8Reader::new(&mut source, None).expect("readable").read_to_string(&mut got).expect("text");
        assert_eq!(got, text);
        let latin: Vec<u8> = b"caf\xe9;\n".repeat(20_000);
        let mut source = &latin[..];
        let mut got = String::new();
        Utf8Reader::new(&mut source, None).expect("readable").read_to_string(&mut got).expect("text");
        assert_eq!(got, "café;\n".repeat(20_000));
    }
}
