use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::address::PlainAddress;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(s: &str) -> Self {
                Self(s.to_owned())
            }
        }
        impl From<String> for $name {
            fn from(s: String) -> Self {
                Self(s)
            }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// The name of a source in `sources.toml`, e.g. `etsi-deliverables`.
    SourceId
);
id!(
    /// The stable key of a document, e.g. `etsi/ts-104-223`, `ietf/draft-ni-wimse-ai-agent-identity`,
    /// `source/itu-hub/4f2c…` (source key) or `url/…` (canonical address).
    DocumentKey
);
impl DocumentKey {
    /// Whether it is made of a number that a body gave, and not of an address or of a source's own name for it.
    pub fn is_numbered(&self) -> bool {
        !self.0.starts_with("source/") && !self.0.starts_with("url/")
    }
}

id!(
    /// A topic of `data/topics.toml`, e.g. `prompt-injection`.
    TopicId
);

/// Query parameters that say how a reader came, not what is read.
pub(crate) const TRACKING: [&str; 12] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "utm_id",
    "fbclid",
    "gclid",
    "mc_cid",
    "mc_eid",
    "cs",
    "ref_src",
];

/// The canonical form of an address, for *identity* only: what is fetched is never changed.
///
/// Drops the fragment, tracking parameters, default ports, `www.` and a final slash, sorts the query, and takes http as https.
pub fn canonical_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    // Each of these writes the address anew: only what is there is taken away.
    if url.fragment().is_some() {
        url.set_fragment(None);
    }
    if url.scheme() != "https" {
        let _ = url.set_scheme("https");
    }
    if url.port().is_some() {
        let _ = url.set_port(None);
    }
    if !url.username().is_empty() || url.password().is_some() {
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    if let Some(bare) = url.host_str().and_then(|h| h.strip_prefix("www.")).map(str::to_owned) {
        let _ = url.set_host(Some(&bare));
    }
    if url.query().is_some() {
        let mut pairs: Vec<(String, String)> =
            url.query_pairs().filter(|(k, _)| !TRACKING.contains(&k.as_ref())).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        pairs.sort();
        if pairs.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
    }
    if url.path().ends_with('/') {
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
    }
    Some(url)
}

/// The key of a document that is known by its address alone: `url/` and 16 hex digits of the canonical address.
pub fn url_key(text: &str) -> Option<DocumentKey> {
    if let Some(plain) = PlainAddress::of(text) {
        return Some(key_of(plain.host, &plain.canonical()));
    }
    let url = canonical_url(text)?;
    Some(key_of(url.host_str().unwrap_or_default(), url.as_str()))
}

fn key_of(host: &str, canonical: &str) -> DocumentKey {
    DocumentKey(["url/", host, "/", &hex16(canonical.as_bytes())].concat())
}

/// The first 16 hex digits of the hash of some bytes: long enough for a name.
pub fn hex16(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = *blake3::hash(bytes).as_bytes();
    let digits = hash[..8].iter().flat_map(|b| [b >> 4, b & 15]);
    digits.map(|d| char::from(DIGITS[usize::from(d)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mean_one_page_are_one() {
        let a = canonical_url("http://www.example.org:80/a/?b=2&utm_source=x&a=1#top");
        assert_eq!(a, canonical_url("https://example.org/a?a=1&b=2"));
        assert_eq!(a, canonical_url("https://name:word@www.example.org/a?a=1&b=2&fbclid=9"));
        assert_eq!(canonical_url("https://example.org").map(String::from).as_deref(), Some("https://example.org/"));
        assert_eq!(canonical_url("http://example.org/a//?#").map(String::from).as_deref(), Some("https://example.org/a"));
        assert_ne!(a, canonical_url("https://example.org/A?a=1&b=2"), "the case of a path means something");
        assert!(canonical_url("javascript:alert(1)").is_none());
    }
}
