//! `where`: which rows are wanted.

use regex::Regex;

/// A compiled condition.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    In(String, Vec<String>),
    Contains(String, String),
    Matches(String, Box<Regex>),
    Exists(String),
}

/// An error at a byte of the condition.
pub(crate) type Slip = (usize, String);

/// How deep brackets may stand.
const DEEPEST: usize = 40;

impl Filter {
    /// Reads a condition.
    pub(crate) fn parse(text: &str) -> Result<Filter, Slip> {
        let tokens = tokens(text)?;
        let mut p = Parser { tokens: &tokens, at: 0, end: text.len(), depth: 0 };
        let f = p.or()?;
        match p.tokens.get(p.at) {
            None => Ok(f),
            Some((at, t)) => Err((*at, format!("{} was not expected here; join conditions by “and” or “or”", t.shown()))),
        }
    }

    /// Whether a row is wanted; `look` gives a name's texts (none: absent).
    pub(crate) fn wants(&self, look: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        match self {
            Filter::And(all) => all.iter().all(|f| f.wants(look)),
            Filter::Or(any) => any.iter().any(|f| f.wants(look)),
            Filter::Not(f) => !f.wants(look),
            Filter::In(name, values) => look(name).iter().any(|v| values.iter().any(|w| v.trim() == w)),
            Filter::Contains(name, part) => look(name).iter().any(|v| v.contains(part)),
            Filter::Matches(name, re) => look(name).iter().any(|v| re.is_match(v)),
            Filter::Exists(name) => look(name).iter().any(|v| !v.trim().is_empty()),
        }
    }

    /// Every name that it asks for.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Filter::And(l) | Filter::Or(l) => l.iter().flat_map(Filter::names).collect(),
            Filter::Not(f) => f.names(),
            Filter::In(n, _) | Filter::Contains(n, _) | Filter::Matches(n, _) | Filter::Exists(n) => vec![n],
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Tok {
    Name(String),
    Text(String),
    Mark(&'static str),
}

impl Tok {
    fn shown(&self) -> String {
        match self {
            Tok::Name(n) => format!("“{n}”"),
            Tok::Text(t) => format!("the text “{t}”"),
            Tok::Mark(m) => format!("“{m}”"),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Tok)>, Slip> {
    let mut out = Vec::new();
    let mut i = 0;
    'next: while let Some(c) = text[i..].chars().next() {
        if c.is_whitespace() {
            i += c.len_utf8();
            continue;
        }
        for mark in ["==", "!=", "(", ")", "[", "]", ","] {
            if text[i..].starts_with(mark) {
                out.push((i, Tok::Mark(mark)));
                i += mark.len();
                continue 'next;
            }
        }
        if c == '"' || c == '\'' {
            let mut value = String::new();
            let mut chars = text[i + 1..].char_indices();
            loop {
                match chars.next() {
                    None => return Err((i, "the quote is never closed".into())),
                    // Only a quote and a backslash are escaped: regular expressions stay as they are.
                    Some((_, '\\')) => match chars.next() {
                        Some((_, e)) if e == c => value.push(e),
                        Some((_, e)) => value.extend(['\\', e]),
                        None => return Err((i, "the quote is never closed".into())),
                    },
                    Some((n, e)) if e == c => {
                        out.push((i, Tok::Text(value)));
                        i += 1 + n + 1;
                        continue 'next;
                    }
                    Some((_, e)) => value.push(e),
                }
            }
        }
        let len = text[i..]
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '=' | '!' | '"' | '\'' | ']'))
            .unwrap_or(text.len() - i);
        if len == 0 {
            return Err((i, format!("“{c}” was not expected here; compare with ==, !=, in, contains, matches")));
        }
        out.push((i, Tok::Name(text[i..i + len].to_owned())));
        i += len;
    }
    Ok(out)
}

struct Parser<'t> {
    tokens: &'t [(usize, Tok)],
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Tok> {
        self.tokens.get(self.at).map(|(_, t)| t)
    }

    fn place(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(i, _)| *i)
    }

    fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.peek(), Some(Tok::Name(n)) if n.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn mark(&mut self, mark: &str) -> bool {
        let is = matches!(self.peek(), Some(Tok::Mark(m)) if *m == mark);
        self.at += usize::from(is);
        is
    }

    fn or(&mut self) -> Result<Filter, Slip> {
        let mut any = vec![self.and()?];
        while self.word("or") {
            any.push(self.and()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Filter::Or(any) })
    }

    fn and(&mut self) -> Result<Filter, Slip> {
        let mut all = vec![self.unit()?];
        while self.word("and") {
            all.push(self.unit()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::And(all) })
    }

    fn unit(&mut self) -> Result<Filter, Slip> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err((self.place(), "the condition is nested too deeply".into()));
        }
        let out = if self.word("not") {
            self.unit().map(|f| Filter::Not(Box::new(f)))
        } else if self.mark("(") {
            let inner = self.or()?;
            if self.mark(")") { Ok(inner) } else { Err((self.place(), "“)” is missing".into())) }
        } else {
            self.comparison()
        };
        self.depth -= 1;
        out
    }

    fn comparison(&mut self) -> Result<Filter, Slip> {
        let name = match self.peek() {
            Some(Tok::Name(n) | Tok::Text(n)) => n.clone(),
            _ => return Err((self.place(), "the name of a field is expected, e.g. status in [\"In force\"]".into())),
        };
        self.at += 1;
        if self.mark("==") {
            return Ok(Filter::In(name, vec![self.value()?]));
        }
        if self.mark("!=") {
            return Ok(Filter::Not(Box::new(Filter::In(name, vec![self.value()?]))));
        }
        let not = self.word("not");
        let place = self.place();
        let positive = if self.word("in") {
            Filter::In(name, self.list()?)
        } else if self.word("contains") {
            Filter::Contains(name, self.value()?)
        } else if self.word("matches") {
            let place = self.place();
            let text = self.value()?;
            let re = Regex::new(&text).map_err(|e| (place, format!("the regular expression cannot be read: {e}")))?;
            Filter::Matches(name, Box::new(re))
        } else if self.word("exists") {
            Filter::Exists(name)
        } else {
            return Err((place, format!("after “{name}” one of ==, !=, in, not in, contains, matches, exists is expected")));
        };
        Ok(if not { Filter::Not(Box::new(positive)) } else { positive })
    }

    fn value(&mut self) -> Result<String, Slip> {
        match self.peek() {
            Some(Tok::Text(t)) => {
                let t = t.clone();
                self.at += 1;
                Ok(t)
            }
            Some(Tok::Name(n)) if n.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-')) || n == "true" || n == "false" => {
                let n = n.clone();
                self.at += 1;
                Ok(n)
            }
            _ => Err((self.place(), "a quoted text is expected".into())),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, Slip> {
        if !self.mark("[") {
            return Err((self.place(), "“[” is expected, e.g. in [\"a\", \"b\"]".into()));
        }
        let mut out = Vec::new();
        while !self.mark("]") {
            out.push(self.value()?);
            if !self.mark(",") && self.peek() != Some(&Tok::Mark("]")) {
                return Err((self.place(), "“,” or “]” is expected".into()));
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(filter: &str) -> bool {
        let f = Filter::parse(filter).expect(filter);
        f.wants(&mut |name| match name {
            "status" => vec!["In force".into()],
            "Responsible Primary" => vec!["S3".into()],
            "codes" => vec!["a".into(), "b".into()],
            "n" => vec!["42".into()],
            "owner.name" => vec!["SC 27".into()],
            _ => vec![],
        })
    }

    #[test]
    fn conditions() {
        for (filter, want) in [
            (r#"status in ["In force"]"#, true),
            (r#"status in ["Withdrawn", "Superseded"]"#, false),
            (r#"status not in ["Withdrawn"]"#, true),
            (r#""Responsible Primary" in ["S3", "S5"]"#, true),
            (r#"status == "In force" and n == 42"#, true),
            (r#"status != "In force" or n == "42""#, true),
            (r#"not (status == "In force")"#, false),
            (r#"status contains "force""#, true),
            (r#"status matches "^In\s""#, true),
            (r#"codes contains "b""#, true),
            (r#"codes in ["b"]"#, true),
            (r#"owner.name == 'SC 27'"#, true),
            (r#"missing == """#, false),
            (r#"missing != "x""#, true),
            (r#"missing exists or status exists"#, true),
            (r#"status == "x" or n == 42 and codes in ["c"]"#, false),
            (r#"(status == "x" or n == 42) and codes in ["a",]"#, true),
        ] {
            assert_eq!(wants(filter), want, "{filter}");
        }
    }

    #[test]
    fn slips_name_their_place() {
        for (filter, at) in [
            ("", 0),
            ("status", 6),
            ("status = \"x\"", 7),
            ("status in \"x\"", 10),
            ("status in [\"x\"", 14),
            ("status == \"x\" status", 14),
            ("status == \"x", 10),
            ("(status == \"x\"", 14),
            ("status matches \"(\"", 15),
        ] {
            assert_eq!(Filter::parse(filter).map_err(|(i, _)| i).err(), Some(at), "{filter}");
        }
        assert!(Filter::parse(&"(".repeat(10_000)).is_err());
        assert!(Filter::parse(&"not ".repeat(10_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(a|\"|'|in|\\[|\\]|==|!=| |\\(|\\)|é|\\\\|and|not){0,20}") {
            let _ = Filter::parse(&text);
        }
    }
}
