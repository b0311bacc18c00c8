//! Names with `*` and `?`, whatever their case.

/// A compiled glob. A final `/` means folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob {
    pattern: Vec<char>,
    pub(crate) folder: bool,
}

impl Glob {
    pub(crate) fn new(text: &str) -> Glob {
        let t = text.trim();
        let name = t.strip_suffix('/').unwrap_or(t);
        Glob { pattern: name.to_lowercase().chars().collect(), folder: t.ends_with('/') }
    }

    /// Whether it holds a wildcard.
    pub(crate) fn is_wild(&self) -> bool {
        self.pattern.iter().any(|c| matches!(c, '*' | '?'))
    }

    /// Whether the name fits. Goes back to the last `*` only: never slower than name × pattern.
    pub(crate) fn fits(&self, name: &str) -> bool {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let p = &self.pattern;
        let (mut i, mut j) = (0, 0);
        let mut back: Option<(usize, usize)> = None;
        while i < name.len() {
            if p.get(j) == Some(&'*') {
                back = Some((j, i));
                j += 1;
            } else if p.get(j).is_some_and(|c| *c == '?' || *c == name[i]) {
                i += 1;
                j += 1;
            } else if let Some((star, from)) = back {
                back = Some((star, from + 1));
                i = from + 1;
                j = star + 1;
            } else {
                return false;
            }
        }
        p[j..].iter().all(|c| *c == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_in_any_case() {
        for (glob, name, want) in [
            ("S3-*.zip", "s3-251200.ZIP", true),
            ("*Agenda*.htm", "TdocsByAgenda.htm", true),
            ("*Agenda*.htm", "Agenda.html", false),
            ("TSGS3_*", "TSGS3_125_Malta", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*", "", true),
            ("", "x", false),
            ("Docs", "docs", true),
        ] {
            assert_eq!(Glob::new(glob).fits(name), want, "{glob} {name}");
        }
        let slow = "*a".repeat(50) + "b";
        assert!(!Glob::new(&slow).fits(&"a".repeat(5_000)));
    }
}
