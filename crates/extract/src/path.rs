//! Dotted names of a JSON item: `title.en`, `_links.next.href`, `codes[0]`, `"a.b".c`, `names[*]`.

use serde_json::Value;

/// A compiled path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    shown: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
    All,
}

impl Path {
    /// Reads a path; the error names a byte.
    pub(crate) fn parse(text: &str) -> Result<Path, (usize, String)> {
        let mut steps = Vec::new();
        let trimmed = text.trim();
        let mut rest = match trimmed.strip_prefix('$') {
            Some(r) if r.is_empty() || r.starts_with(['.', '[']) => r,
            _ => trimmed,
        };
        let at = |rest: &str| text.trim_end().len() - rest.len();
        rest = rest.strip_prefix('.').unwrap_or(rest);
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (step, left) = match quote {
                    Some(q) => {
                        let body = &inner[1..];
                        let end = body.find(q).ok_or((at(rest), "the quote is never closed".to_owned()))?;
                        let left = body[end + 1..].strip_prefix(']').ok_or((at(rest), "“]” is missing".to_owned()))?;
                        (Step::Name(body[..end].to_owned()), left)
                    }
                    None => {
                        let end = inner.find(']').ok_or((at(rest), "“]” is missing".to_owned()))?;
                        let step = match inner[..end].trim() {
                            "*" => Step::All,
                            n => {
                                Step::Index(n.parse().map_err(|_| (at(rest), format!("[{n}] is neither a place, [*] nor a quoted name")))?)
                            }
                        };
                        (step, &inner[end + 1..])
                    }
                };
                steps.push(step);
                rest = left;
            } else {
                let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
                let closed = quote.and_then(|q| rest[1..].find(q));
                let (name, left) = match closed {
                    Some(end) => (&rest[1..=end], &rest[end + 2..]),
                    None => {
                        let end = rest.find(['.', '[']).unwrap_or(rest.len());
                        (&rest[..end], &rest[end..])
                    }
                };
                if name.trim().is_empty() && closed.is_none() {
                    return Err((at(rest), "a name is missing".to_owned()));
                }
                steps.push(if name == "*" && closed.is_none() { Step::All } else { Step::Name(name.trim().to_owned()) });
                rest = left;
            }
            if let Some(r) = rest.strip_prefix('.') {
                if r.is_empty() {
                    return Err((at(r), "a name is missing after the dot".to_owned()));
                }
                rest = r;
            }
        }
        Ok(Path { shown: trimmed.to_owned(), steps })
    }

    /// The values it leads to; a name applied to a list is applied to its members.
    pub(crate) fn find<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        if let Some(v) = value.get(self.shown.as_str()) {
            return vec![v];
        }
        let mut now = vec![value];
        for step in &self.steps {
            let mut then = Vec::new();
            for v in now {
                match (step, v) {
                    (Step::Name(n), Value::Array(list)) => then.extend(list.iter().filter_map(|v| v.get(n))),
                    (Step::Name(n), v) => then.extend(v.get(n)),
                    (Step::Index(i), v) => then.extend(v.get(i)),
                    (Step::All, Value::Array(list)) => then.extend(list),
                    (Step::All, Value::Object(map)) => then.extend(map.values()),
                    (Step::All, _) => {}
                }
            }
            now = then;
        }
        now
    }

    /// The texts it leads to: null and objects have none, a list has those of its members.
    pub(crate) fn texts(&self, value: &Value) -> Vec<String> {
        let mut out = Vec::new();
        for v in self.find(value) {
            match v {
                Value::Array(list) => out.extend(list.iter().filter_map(scalar)),
                v => out.extend(scalar(v)),
            }
        }
        out
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_texts() {
        let v = serde_json::json!({
            "a": {"b": "x", "n": null}, "list": [{"k": 1}, {"k": 2}], "codes": ["p", "q"], "x.y": "dotted", "two words": true, "big": 90071992547409931i64
        });
        for (path, want) in [
            ("a.b", vec!["x"]),
            ("$.a.b", vec!["x"]),
            ("a['b']", vec!["x"]),
            ("a.n", vec![]),
            ("a", vec![]),
            ("a.b.c", vec![]),
            ("list.k", vec!["1", "2"]),
            ("list[1].k", vec!["2"]),
            ("list[9].k", vec![]),
            ("codes", vec!["p", "q"]),
            ("codes[*]", vec!["p", "q"]),
            ("x.y", vec!["dotted"]),
            ("\"x.y\"", vec!["dotted"]),
            ("two words", vec!["true"]),
            ("big", vec!["90071992547409931"]),
        ] {
            assert_eq!(Path::parse(path).expect(path).texts(&v), want, "{path}");
        }
        assert_eq!(Path::parse("$").expect("root").texts(&serde_json::json!("s")), ["s"]);
    }

    #[test]
    fn bad_paths_are_named() {
        for text in ["a[", "a[x]", "a['b", "a['b'", "a.", "a..b"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "([ab.é\"'$*]|\\[|\\]|[0-9]){0,20}") {
            if let Ok(p) = Path::parse(&text) {
                let _ = p.texts(&serde_json::json!({"a": [1, {"b": "c"}]}));
            }
        }
    }
}
