//! robots.txt by RFC 9309: groups by product token, the longest match wins, `*` and `$`, percent-encoding normalised.

use std::time::Duration;

/// Only so much of a robots.txt is read (RFC 9309, section 2.5).
pub const MAX_BYTES: usize = 500 << 10;

/// What one robots.txt says to one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// Normalized; pure ASCII.
    pattern: String,
    /// As written, for people.
    written: String,
}

impl Rules {
    /// Reads a robots.txt for the agent `name` (its product token; a version after `/` is ignored).
    ///
    /// A page of HTML is no robots.txt and holds no rules. Never fails: a line that cannot be read is skipped.
    pub fn parse(text: &[u8], name: &str) -> Rules {
        let text = String::from_utf8_lossy(within_limit(text));
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with('<') {
            return Rules::default();
        }
        let ours = token(name);
        let (mut mine, mut all) = (None::<Rules>, Rules::default());
        // Which of the two the current group is for, and whether its list of agents has ended.
        let (mut for_me, mut for_all, mut ended) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            let mut put = |change: &dyn Fn(&mut Rules)| {
                if for_me {
                    change(mine.get_or_insert_default());
                }
                if for_all {
                    change(&mut all);
                }
            };
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if ended {
                        (for_me, for_all, ended) = (false, false, false);
                    }
                    for_all |= value == "*" || value.starts_with("* ");
                    if !ours.is_empty() && token(value).eq_ignore_ascii_case(ours) {
                        for_me = true;
                        mine.get_or_insert_default();
                    }
                }
                key @ ("allow" | "disallow") => {
                    ended = true;
                    if !value.is_empty() {
                        let rule = Rule { allow: key == "allow", pattern: normal_pattern(value), written: value.to_owned() };
                        put(&|r| r.rules.push(rule.clone()));
                    }
                }
                // Other records must not interfere with the groups, so this does not end the list of agents.
                "crawl-delay" => {
                    let delay = value.parse::<f64>().ok().filter(|s| s.is_finite()).and_then(|s| Duration::try_from_secs_f64(s).ok());
                    put(&|r| r.delay = r.delay.max(delay));
                }
                _ => {}
            }
        }
        mine.unwrap_or(all)
    }

    /// The rule that forbids `path` (path and query of an address), as written; `None` when it may be asked.
    pub fn forbids(&self, path: &str) -> Option<&str> {
        if path == "/robots.txt" {
            return None;
        }
        let path = normal_path(path);
        let mut best: Option<&Rule> = None;
        for rule in &self.rules {
            let better = best.is_none_or(|b| (rule.pattern.len(), rule.allow) > (b.pattern.len(), b.allow));
            if better && matches(&rule.pattern, &path) {
                best = Some(rule);
            }
        }
        best.filter(|r| !r.allow).map(|r| r.written.as_str())
    }

    /// The spacing that the host asks for.
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }
}

/// The first 500 KiB, without a line that the limit cuts.
fn within_limit(text: &[u8]) -> &[u8] {
    match text.get(..MAX_BYTES) {
        Some(head) if text.len() > MAX_BYTES => {
            head.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(&head[..0], |end| &head[..end])
        }
        _ => text,
    }
}

/// The product token at the beginning of an agent: what stands before a version, a comment or a blank.
fn token(agent: &str) -> &str {
    let agent = agent.trim();
    agent.find(|c: char| c == '/' || c == ';' || c == '(' || c.is_whitespace()).map_or(agent, |end| &agent[..end])
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(p) => (p, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !anchored || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() && anchored {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// Patterns keep `*` and a final `$` as operators.
fn normal_pattern(pattern: &str) -> String {
    match pattern.strip_suffix('$') {
        Some(p) => normal(p, b"*") + "$",
        None => normal(pattern, b"*"),
    }
}

/// In paths both are letters like any other.
fn normal_path(path: &str) -> String {
    normal(if path.is_empty() { "/" } else { path }, b"")
}

/// One spelling for all equal addresses: unreserved characters bare, everything odd as `%XX` in upper case.
fn normal(text: &str, operators: &[u8]) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |k: usize| bytes.get(k).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        let (byte, encoded) = match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                i += 3;
                (high << 4 | low, true)
            }
            (b, ..) => {
                i += 1;
                (b, false)
            }
        };
        let bare = match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => true,
            b'*' | b'$' => !encoded && operators.contains(&byte),
            b'%' => false,
            b => !encoded && b.is_ascii_graphic(),
        };
        if bare {
            out.push(char::from(byte));
        } else {
            const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(text: &str, path: &str) -> bool {
        Rules::parse(text.as_bytes(), "aisec-monitor/0.1").forbids(path).is_none()
    }

    #[test]
    fn which_group_speaks_to_us() {
        for (text, allows) in [
            ("User-agent: *\nDisallow: /", false),
            ("user-AGENT : AISec-Monitor\nDISALLOW: /", false),
            ("User-agent: aisec-monitor/9.9 (x)\nDisallow: /", false),
            ("User-agent: *\nDisallow: /\n\nUser-agent: aisec-monitor\nDisallow:", true),
            ("User-agent: aisec-monitor\nAllow: /\n\nUser-agent: *\nDisallow: /", true),
            ("User-agent: aisec\nDisallow: /", true),
            ("User-agent: aisec-monitor-two\nDisallow: /", true),
            ("User-agent: other\nUser-agent: aisec-monitor\nDisallow: /", false),
            ("User-agent: other\nCrawl-delay: 5\nUser-agent: aisec-monitor\nDisallow: /", false),
            ("User-agent: other\nSitemap: https://x/y\nUser-agent: *\nDisallow: /", false),
            ("User-agent: other\nDisallow: /\nUser-agent: *\nDisallow: /q", true),
            ("User-agent: aisec-monitor\nDisallow: /x\n\nUser-agent: aisec-monitor\nDisallow: /", false),
            ("Disallow: /\nUser-agent: *\nDisallow: /q", true),
            ("User-agent: *\rDisallow: /\r", false),
            ("\u{feff}User-agent: *\r\nDisallow: / # all of it\r\n", false),
            ("User-agent: *\nDisallow /", true),
            ("<!doctype html><title>404</title>\nUser-agent: *\nDisallow: /", true),
            ("  \n <html>User-agent: *\nDisallow: /", true),
            ("", true),
        ] {
            assert_eq!(allowed(text, "/page"), allows, "{text:?}");
        }
    }

    #[test]
    fn which_rule_wins() {
        for (rules, path, allows) in [
            ("Disallow: /a", "/abc", false),
            ("Disallow: /a", "/A", true),
            ("Disallow: /a/", "/a", true),
            ("Disallow: /p\nAllow: /page", "/page", true),
            ("Allow: /page\nDisallow: /page", "/page", true),
            ("Disallow: /page\nAllow: /page", "/page", true),
            ("Allow: /p\nDisallow: /", "/page", true),
            ("Disallow: /*.pdf$", "/x/y.pdf", false),
            ("Disallow: /*.pdf$", "/x/y.pdf?z", true),
            ("Disallow: /*.pdf", "/x/y.pdf?z", false),
            ("Disallow: /a*b*c$", "/aXbXcXc", false),
            ("Disallow: /a*b*c$", "/aXbX", true),
            ("Disallow: /a$", "/a", false),
            ("Disallow: /a$", "/ab", true),
            ("Disallow: *", "/", false),
            ("Disallow: /*?", "/a?b", false),
            ("Disallow: /a*a$", "/a", true),
            ("Disallow: /caf%C3%A9", "/caf%c3%a9", false),
            ("Disallow: /café", "/caf%C3%A9", false),
            ("Disallow: /%7Euser", "/~user", false),
            ("Disallow: /a%2Fb", "/a/b", true),
            ("Disallow: /a%2ab", "/a*b", false),
            ("Disallow: /a%2ab", "/axb", true),
            ("Disallow: /price%24", "/price$", false),
            ("Disallow: /100%", "/100%25", false),
            ("Disallow: /100%", "/100%41", true),
            ("Disallow: /", "/robots.txt", true),
            ("Disallow: /?", "", true),
            ("Disallow: page", "/page", true),
        ] {
            assert_eq!(allowed(&format!("User-agent: *\n{rules}"), path), allows, "{rules:?} {path:?}");
        }
    }

    #[test]
    fn the_delay_is_read_and_nonsense_is_not() {
        let delay = |v: &str| Rules::parse(format!("User-agent: *\nCrawl-delay: {v}").as_bytes(), "x").delay();
        assert_eq!(delay("10"), Some(Duration::from_secs(10)));
        assert_eq!(delay("0.5"), Some(Duration::from_millis(500)));
        for nonsense in ["-1", "NaN", "inf", "1e400", "ten", ""] {
            assert_eq!(delay(nonsense), None, "{nonsense}");
        }
        assert_eq!(Rules::parse(b"User-agent: other\nCrawl-delay: 9\nDisallow: /", "x").delay(), None);
    }

    #[test]
    fn only_500_kib_are_read_and_a_cut_line_is_dropped() {
        let mut text = b"User-agent: *\n".to_vec();
        text.resize(MAX_BYTES - 6, b'#');
        text.extend(b"\nDisallow: /late");
        assert!(Rules::parse(&text, "x").forbids("/").is_none(), "“Disa” must not become a rule");
        let no_lines = vec![b'a'; MAX_BYTES * 2];
        assert_eq!(Rules::parse(&no_lines, "x"), Rules::default());
    }

    #[test]
    fn hostile_patterns_take_no_quadratic_time() {
        let stars = format!("User-agent: *\nDisallow: /{}x$\n", "*a".repeat(100_000));
        let path = format!("/{}", "a".repeat(100_000));
        assert!(allowed(&stars, &path));
        let many = format!("User-agent: *\n{}", "Disallow: *z\n".repeat(30_000));
        assert!(allowed(&many, "/a/b/c"));
    }

    proptest! {
        #[test]
        fn no_input_panics(text in proptest::collection::vec(any::<u8>(), 0..300), path in ".{0,60}") {
            let rules = Rules::parse(&text, "x");
            let _ = rules.forbids(&path);
        }

        #[test]
        fn a_path_matches_itself(path in "/[a-z%/?=&é]{0,30}") {
            prop_assert!(matches(&normal_path(&path), &normal_path(&path)));
        }
    }
}
