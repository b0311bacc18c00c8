use crate::table::Fields;

/// A line of text with `{field}`s; a part in `[…]` is dropped when one of its fields is missing.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Field(String),
    Optional(Vec<Part>),
}

impl Template {
    /// Reads a template.
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        let mut rest = text;
        let parts = parts(&mut rest, false)?;
        Ok(Template(parts))
    }

    /// Whether it names this field.
    pub(crate) fn fields(&self) -> Vec<&str> {
        fn walk<'a>(parts: &'a [Part], out: &mut Vec<&'a str>) {
            for p in parts {
                match p {
                    Part::Text(_) => {}
                    Part::Field(f) => out.push(f),
                    Part::Optional(inner) => walk(inner, out),
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.0, &mut out);
        out
    }

    /// Filled with the fields as printed.
    pub(crate) fn fill(&self, fields: &Fields<'_>) -> String {
        let mut out = String::with_capacity(40);
        fill(&self.0, fields, false, &mut out);
        out
    }

    /// Filled for a key: values in lower case, with nothing but letters, digits and `. : + _ - /`.
    pub(crate) fn fill_key(&self, fields: &Fields<'_>, out: &mut String) {
        fill(&self.0, fields, true, out);
    }
}

fn parts(rest: &mut &str, inner: bool) -> Result<Vec<Part>, String> {
    let mut out = Vec::new();
    loop {
        let cut = rest.find(['{', '[', ']']).unwrap_or(rest.len());
        if cut > 0 {
            out.push(Part::Text(rest[..cut].to_owned()));
        }
        let Some(mark) = rest[cut..].chars().next() else {
            return if inner { Err("a “[” without “]”".to_owned()) } else { Ok(out) };
        };
        *rest = &rest[cut + 1..];
        match mark {
            '{' => {
                let end = rest.find('}').ok_or_else(|| "a “{” without “}”".to_owned())?;
                out.push(Part::Field(rest[..end].to_owned()));
                *rest = &rest[end + 1..];
            }
            '[' if inner => return Err("“[” within “[…]”".to_owned()),
            '[' => out.push(Part::Optional(parts(rest, true)?)),
            _ if inner => return Ok(out),
            _ => return Err("a “]” without “[”".to_owned()),
        }
    }
}

fn fill(parts: &[Part], fields: &Fields<'_>, key: bool, out: &mut String) {
    for part in parts {
        match part {
            Part::Text(t) => out.push_str(t),
            Part::Field(f) => {
                let value = fields.get(f).unwrap_or_default();
                match (key, f.as_str()) {
                    (false, _) => out.push_str(value),
                    // a chain of amendments is made by code and has its own segments
                    (true, "supp") => out.push_str(value),
                    (true, _) => slug(value, out),
                }
            }
            Part::Optional(inner) => {
                let whole = inner.iter().all(|p| if let Part::Field(f) = p { fields.get(f).is_some() } else { true });
                if whole {
                    fill(inner, fields, key, out);
                }
            }
        }
    }
}

/// Lower case; white space and what does not belong into a key become one hyphen.
pub(crate) fn slug(value: &str, out: &mut String) {
    let from = out.len();
    for c in value.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '.' | ':' | '+' | '_') {
            out.push(c);
        } else if out.len() > from && !out.ends_with('-') {
            out.push('-');
        }
    }
    while out.len() > from && out.ends_with('-') {
        out.pop();
    }
}
