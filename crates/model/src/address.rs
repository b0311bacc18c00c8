/// An address in which nothing is to be settled but what can be left away: its host, path and query are what a parser would make of
/// them. Most addresses are so, and each is asked for several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainAddress<'t> {
    /// The host, without `www.`.
    pub host: &'t str,
    /// What stands behind the host and its `/`.
    pub path: &'t str,
    query: Option<&'t str>,
}

/// Bytes of a path in which a parser changes nothing.
const OF_PATHS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        table[at] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/');
        at += 1;
    }
    table
};

impl<'t> PlainAddress<'t> {
    /// None when only a parser can say what the address is, or that it is none.
    pub fn of(text: &'t str) -> Option<PlainAddress<'t>> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let bytes = rest.as_bytes();
        let end = bytes.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let host = plain_host(&rest[..end])?;
        let begin = end + usize::from(bytes.get(end) == Some(&b'/'));
        let end = begin + bytes[begin..].iter().position(|b| !OF_PATHS[usize::from(*b)]).unwrap_or(rest.len() - begin);
        let path = &rest[begin..end];
        // `.` and `..` are steps; what else begins with a dot is left to the parser as well
        if path.starts_with('.') || path.contains("/.") {
            return None;
        }
        // behind the `#` stands no part of the canonical address, and white space at the end is none of anything
        let query = match bytes.get(end) {
            None | Some(b'#') => None,
            Some(b'?') => Some(rest[end + 1..].split('#').next().unwrap_or_default()),
            Some(_) => return None,
        };
        let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'-' | b'.' | b'_'));
        let pair = |p: &str| p.split_once('=').is_some_and(|(k, v)| plain(k) && plain(v));
        query.is_none_or(|q| q.split('&').all(pair)).then_some(PlainAddress { host, path, query })
    }

    /// The canonical form, as [`canonical_url`](crate::canonical_url) gives it.
    pub fn canonical(&self) -> String {
        let mut out = String::with_capacity(16 + self.host.len() + self.path.len() + self.query.map_or(0, str::len));
        for part in ["https://", self.host, "/", self.path.trim_end_matches('/')] {
            out.push_str(part);
        }
        let Some(query) = self.query else { return out };
        let mut pairs: Vec<(&str, &str)> =
            query.split('&').filter_map(|p| p.split_once('=')).filter(|(k, _)| !crate::ids::TRACKING.contains(k)).collect();
        pairs.sort_unstable();
        for (n, (key, value)) in pairs.into_iter().enumerate() {
            for part in [if n == 0 { "?" } else { "&" }, key, "=", value] {
                out.push_str(part);
            }
        }
        out
    }
}

/// A host by name or by four numbers, in small letters; a port, which says nothing of what stands there, is left away.
fn plain_host(text: &str) -> Option<&str> {
    let (host, port) = text.split_once(':').map_or((text, None), |(h, p)| (h, Some(p)));
    let is_port = |p: &str| matches!(p.len(), 1..=5) && p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u16>().is_ok();
    if !port.is_none_or(is_port) {
        return None;
    }
    let bare = host.strip_prefix("www.").unwrap_or(host);
    let (mut labels, mut named, mut numbered) = (0, true, bare.len() == host.len());
    let mut last: &[u8] = &[];
    for label in bare.as_bytes().split(|b| *b == b'.') {
        labels += 1;
        named &= is_label(label);
        numbered &= is_number(label);
        last = label;
    }
    // a host that ends with a number is an address by number
    let named = named && last.first().is_some_and(u8::is_ascii_lowercase);
    (named || numbered && labels == 4).then_some(bare)
}

/// Whether it is a part of a host's name that a parser leaves as it is.
fn is_label(label: &[u8]) -> bool {
    let inner = label.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-');
    inner && !label.is_empty() && label[0] != b'-' && label[label.len() - 1] != b'-' && !label.windows(2).any(|two| two == b"--")
}

/// Whether it is a part of an address by number, as a parser writes it.
fn is_number(part: &[u8]) -> bool {
    let digits = matches!(part.len(), 1..=3) && part.iter().all(u8::is_ascii_digit);
    digits && (part.len() == 1 || part[0] != b'0') && part.iter().fold(0, |number, b| number * 10 + u32::from(b - b'0')) < 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical_url;

    #[test]
    fn a_port_and_what_stands_behind_the_sign_are_left_away() {
        let plain = |text| PlainAddress::of(text).map(|p| (p.host, p.path, p.canonical()));
        let want = Some(("127.0.1.1", "item/0-31.html", "https://127.0.1.1/item/0-31.html".to_owned()));
        assert_eq!(plain("http://127.0.1.1:18981/item/0-31.html#part one"), want);
        for text in ["http://www.127.0.1.1/", "http://127.0.01.1/", "http://127.0.1/", "http://example.org:65536/", "http://256.0.1.1/"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_plain_is_what_it_would_be_settled_to(text in "https?://(www\\.)?([a-z0-9.-]|xn--|0x|127\\.0\\.1\\.|[0-9.]){1,12}(:|:0|:80|:443|:8080|:65535|:65536|:080)?(/([a-zA-Z0-9._~%-]|\\.\\.|/|2e|@){0,12})?(\\?(a|b=|cs=|&|=|[a-z0-9*._~+%-]|utm_id=){0,12})?(#[a-z/?#% é]{0,6})?") {
            if let Some(plain) = PlainAddress::of(&text) {
                let (url, canonical) = (canonical_url(&text), plain.canonical());
                proptest::prop_assert_eq!(url.as_ref().and_then(url::Url::host_str), Some(plain.host));
                proptest::prop_assert_eq!(url.as_ref().map(url::Url::as_str), Some(canonical.as_str()));
                let whole = url::Url::parse(&text);
                let parts = whole.as_ref().ok().and_then(url::Url::path_segments).map(Iterator::collect::<Vec<_>>);
                proptest::prop_assert_eq!(parts, Some(plain.path.split('/').collect::<Vec<_>>()));
            }
        }
    }
}
