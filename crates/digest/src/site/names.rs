//! Names of pages: safe on every file system, the same every time, never two things under one name.

use std::collections::BTreeMap;

/// FNV-1a, for names that are too long for a file.
fn print(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// A document's key as a file name: letters, digits, `.`, `-` stay, a slash becomes `~`, everything else two hex digits after `_`.
/// Different keys have different names, on systems that know no case too.
pub(crate) fn of_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for (i, b) in key.bytes().enumerate() {
        match b {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => out.push(b.into()),
            b'.' if i > 0 => out.push('.'),
            b'/' => out.push('~'),
            _ => out.push_str(&format!("_{b:02x}")),
        }
    }
    if out.len() > 120 {
        let tail = format!("_{:016x}", print(key));
        let mut end = 100;
        while !out.is_char_boundary(end) {
            end -= 1;
        }
        out.truncate(end);
        out.push_str(&tail);
    }
    if out.is_empty() { "_".to_owned() } else { out }
}

/// Readable names for bodies, groups and Questions, told apart by a number where two would be one.
#[derive(Debug, Default)]
pub(crate) struct Slugs(BTreeMap<String, String>);

impl Slugs {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Slugs {
        let sorted: std::collections::BTreeSet<&str> = names.collect();
        let (mut slugs, mut taken) = (BTreeMap::new(), std::collections::BTreeSet::new());
        for name in sorted {
            let mut slug = String::new();
            for c in name.to_lowercase().chars() {
                match c {
                    'a'..='z' | '0'..='9' => slug.push(c),
                    _ if slug.ends_with('-') || slug.is_empty() => {}
                    _ => slug.push('-'),
                }
            }
            let slug: String = slug.trim_end_matches('-').chars().take(60).collect();
            let slug = if slug.is_empty() { format!("x{:016x}", print(name)) } else { slug };
            let mut unique = slug.clone();
            let mut n = 1;
            while !taken.insert(unique.clone()) {
                n += 1;
                unique = format!("{slug}.{n}");
            }
            slugs.insert(name.to_owned(), unique);
        }
        Slugs(slugs)
    }

    pub(crate) fn of(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_names_that_lead_nowhere_else() {
        assert_eq!(of_key("etsi/ts-104-223"), "etsi~ts-104-223");
        for evil in ["../../etc/passwd", "/a", ".git/config", "a\\b", "con:", "a b", "A", "a%2fb", "日本", "", "<script>"] {
            let name = of_key(evil);
            assert!(
                !name.is_empty()
                    && !name.starts_with('.')
                    && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._~-".contains(&b)),
                "{name}"
            );
        }
        let many = ["a/b", "a~b", "A/b", "a_2fb", "a.b", "a b", "a_b"].map(of_key);
        assert_eq!(many.iter().collect::<std::collections::BTreeSet<_>>().len(), many.len());
        let long = ["x".repeat(500), "x".repeat(501), "é".repeat(300)].map(|k| of_key(&k));
        assert!(long.iter().all(|n| n.len() <= 120) && long[0] != long[1]);
    }

    #[test]
    fn names_that_would_be_one_are_told_apart_and_stay_so() {
        let s = Slugs::new(["ITU-T", "itu t", "ITU T", "中国", "<b>"].into_iter());
        let all: Vec<&str> = ["ITU-T", "itu t", "ITU T", "中国", "<b>"].iter().filter_map(|n| s.of(n)).collect();
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 5, "{all:?}");
        assert_eq!(s.of("ITU T"), Some("itu-t"), "the first in order has the plain name");
    }
}
