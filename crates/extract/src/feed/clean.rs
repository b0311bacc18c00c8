//! Makes of what calls itself a feed something that an XML parser takes, in one pass: junk before the first tag, control
//! characters, lone `&` and `<`, names of HTML characters, `<rss>` with no or an odd version.

use std::collections::BTreeMap;

use crate::{
    seek::{seek, sign},
    text::html_to_text,
};

/// Cleaned XML, without declaration, comments and DOCTYPE, and what had to be mended.
pub(super) struct Cleaned {
    pub(super) xml: String,
    pub(super) mended: Vec<&'static str>,
}

/// Whether all are characters of ASCII that XML has.
fn is_plain(bytes: &[u8]) -> bool {
    seek(bytes, |b| !(b' '..=b'~').contains(&b) & (b != b'\t') & (b != b'\n') & (b != b'\r')).is_none()
}

/// Names of characters that are looked up at most: a hostile feed may make up more.
const NAMES_MAX: usize = 300;

struct Cleaner<'t> {
    text: &'t str,
    out: String,
    mended: Vec<&'static str>,
    names: BTreeMap<&'t str, Option<String>>,
}

/// Cleans a decoded feed.
pub(super) fn clean(text: &str) -> Cleaned {
    let mut c = Cleaner { text, out: String::with_capacity(text.len() + 64), mended: Vec::new(), names: BTreeMap::new() };
    c.run();
    Cleaned { xml: c.out, mended: c.mended }
}

impl<'t> Cleaner<'t> {
    fn mend(&mut self, what: &'static str) {
        if !self.mended.contains(&what) {
            self.mended.push(what);
        }
    }

    fn run(&mut self) {
        let begin = self.text.find('<').unwrap_or(self.text.len());
        if !self.text[..begin].trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
            self.mend("text before the first tag");
        }
        let mut at = begin;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let next = sign(rest.as_bytes()).unwrap_or(rest.len());
            self.characters(&rest[..next]);
            at += next;
            if at < self.text.len() {
                at += if self.text[at..].starts_with('&') { self.reference(at) } else { self.tag(at) };
            }
        }
    }

    /// Text without control characters.
    fn characters(&mut self, text: &str) {
        if is_plain(text.as_bytes()) || text.chars().all(is_xml) {
            self.out.push_str(text);
        } else {
            self.mend("control characters");
            self.out.extend(text.chars().filter(|c| is_xml(*c)));
        }
    }

    /// What begins with `&`; gives how many bytes were used.
    fn reference(&mut self, at: usize) -> usize {
        let rest = &self.text[at + 1..];
        let end = rest.bytes().take(33).position(|b| b == b';').unwrap_or(0);
        let name = rest.get(..end).unwrap_or_default();
        if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") {
            self.out.push_str(&self.text[at..at + end + 2]);
            return end + 2;
        }
        if let Some(number) = name.strip_prefix('#') {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            match code.and_then(char::from_u32) {
                Some(c) if is_xml(c) => self.escaped(c),
                _ => self.mend("references to characters that do not exist"),
            }
            return end + 2;
        }
        if name.len() > 1 && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            if !self.names.contains_key(name) && self.names.len() < NAMES_MAX {
                let whole = &self.text[at..at + end + 2];
                // The space keeps a name that means a blank from being trimmed away.
                let read = html_to_text(&format!("x{whole}x"));
                let inner = read.strip_prefix('x').and_then(|r| r.strip_suffix('x')).unwrap_or_default();
                self.names.insert(name, (inner != whole).then(|| inner.to_owned()));
            }
            if let Some(Some(chars)) = self.names.get(name).cloned() {
                self.mend("names of HTML characters");
                chars.chars().for_each(|c| self.escaped(c));
                return end + 2;
            }
        }
        self.mend("lone &");
        self.out.push_str("&amp;");
        1
    }

    fn escaped(&mut self, c: char) {
        match c {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            c => self.out.push(c),
        }
    }

    /// What begins with `<`; gives how many bytes were used.
    fn tag(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let until = |end: &str| rest.find(end).map_or(rest.len(), |n| n + end.len());
        // Most are tags with a name, in which only a root of RSS has something to mend.
        if let [_, b'/', first, ..] | [_, first, ..] = rest.as_bytes()
            && first.is_ascii_alphabetic()
            && !rest.get(1..4).is_some_and(|name| name.eq_ignore_ascii_case("rss"))
        {
            self.out.push('<');
            return 1;
        }
        if rest.starts_with("<![CDATA[") {
            let used = until("]]>");
            self.characters(&rest[..used]);
            if !rest[..used].ends_with("]]>") {
                self.out.push_str("]]>");
            }
            return used;
        }
        if rest.starts_with("<!--") {
            return until("-->");
        }
        if rest.starts_with("<?") {
            return until("?>");
        }
        if rest.len() > 2 && rest.as_bytes()[1] == b'!' {
            return doctype(rest);
        }
        let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            self.mend("lone <");
            self.out.push_str("&lt;");
            return 1;
        }
        let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
        if name[..end].eq_ignore_ascii_case("rss") && !rest.starts_with("</") {
            let used = until(">");
            let version = rest[..used].find("version").and_then(|i| {
                let value = rest[i + 7..used].trim_start().strip_prefix('=')?.trim_start();
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                value[1..].find(quote).map(|n| &value[1..=n])
            });
            match version {
                Some("2.0" | "0.91" | "0.92") => {}
                _ => {
                    self.mend("rss without a version that is known");
                    // The first of two equal attributes would be an error: the old one is renamed.
                    let attrs = rest[4..used].replacen("version", "was", 1);
                    self.out.push_str("<rss version=\"2.0\"");
                    self.characters(&attrs);
                    return used;
                }
            }
        }
        // Only the bracket: attributes hold references too, and go the same way as text.
        self.out.push('<');
        1
    }
}

/// The length of `<!DOCTYPE … [ … ]>`.
fn doctype(rest: &str) -> usize {
    let mut depth = 0usize;
    for (i, b) in rest.bytes().enumerate() {
        match b {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return i + 1,
            _ => {}
        }
    }
    rest.len()
}

fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mended() {
        for (text, want) in [
            ("junk<a>x</a>", "<a>x</a>"),
            ("<?xml version='1.0' encoding='latin1'?><a/>", "<a/>"),
            ("<!DOCTYPE a [<!ENTITY b 'c>'>]><a>&b;</a>", "<a>&amp;b;</a>"),
            ("<a href='x?a=1&b=2'>R&D</a>", "<a href='x?a=1&amp;b=2'>R&amp;D</a>"),
            ("<a>&eacute;&nbsp;&lt;&#8217;&#0;&#x1F;</a>", "<a>é\u{20}&lt;’</a>"),
            ("<a>1 < 2 <3</a>", "<a>1 &lt; 2 &lt;3</a>"),
            ("<a>\u{8}b\u{0}</a>", "<a>b</a>"),
            ("<a><![CDATA[R&D &nbsp; <b>]]></a>", "<a><![CDATA[R&D &nbsp; <b>]]></a>"),
            ("<a><![CDATA[cut", "<a><![CDATA[cut]]>"),
            ("<a><!-- -- --></a>", "<a></a>"),
            ("<rss><channel/></rss>", "<rss version=\"2.0\"><channel/></rss>"),
            ("<rss version='2.0.1' x='y'>", "<rss version=\"2.0\" was='2.0.1' x='y'>"),
            ("<rss version=\"2.0\">", "<rss version=\"2.0\">"),
            ("<RSS version='0.92'>", "<RSS version='0.92'>"),
            ("<a>&#60;b&#62; &amp;amp;</a>", "<a>&lt;b&gt; &amp;amp;</a>"),
        ] {
            assert_eq!(clean(text).xml, want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<|>|/|rss|version|=|\"|&|;|é|#x|<!\\[CDATA\\[|\\]\\]>|<!--|<!D|\\[| |\u{0}){0,40}") {
            let _ = clean(&text);
        }
    }
}
