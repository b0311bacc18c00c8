//! A source as a block of TOML, ready to be pasted.

use std::fmt::Write;

use monitor_model::{Field, Format, Source, SourceKind, StopRule};

use crate::output;

/// `[source.<id>]` with everything that is set.
pub(crate) fn block(id: &str, source: &Source) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "[source.{id}]");
    let mut line = |key: &str, value: Option<String>| {
        if let Some(v) = value {
            let _ = writeln!(out, "{key} = {v}");
        }
    };
    line("body", Some(text(&source.body)));
    line("name", source.name.as_deref().map(text));
    line("kind", Some(text(&output::word(source.kind))));
    line("item_kind", source.item_kind.map(|k| text(&output::word(k))));
    line("group", source.group.as_deref().map(text));
    line("home", source.home.as_deref().map(text));
    line("url", source.url.as_deref().map(text));
    line("lang", source.lang.as_deref().map(text));
    line("allow_private", source.allow_private.filter(|p| *p).map(|_| "true".to_owned()));
    line("enabled", source.enabled.filter(|e| !e).map(|_| "false".to_owned()));
    line("note", source.note.as_deref().map(text));
    line("container", source.container.as_deref().map(text));
    line("item", source.item.as_deref().map(text));
    line("decode", source.decode.as_deref().map(text));
    line("format", (source.format != Format::Json).then(|| text(&output::word(source.format))));
    line("lines", source.lines.then(|| "true".to_owned()));
    line("items", source.items.as_deref().map(text));
    line("csv", source.csv.delimiter.map(|d| format!("{{ delimiter = {} }}", text(&d.to_string()))));
    let sheet = [source.xlsx.sheet.as_deref().map(|s| format!("sheet = {}", text(s))), source.xlsx.header.map(|n| format!("header = {n}"))];
    let sheet: Vec<String> = sheet.into_iter().flatten().collect();
    line("xlsx", (!sheet.is_empty()).then(|| format!("{{ {} }}", sheet.join(", "))));
    line("match", (!source.matches.is_empty()).then(|| list(&source.matches)));
    line("identity", (!source.identity.is_empty()).then(|| list(&source.identity)));
    line("track", source.track.as_deref().filter(|t| !t.is_empty()).map(list));
    if let Some(p) = &source.page {
        let mut parts = Vec::new();
        parts.extend(p.param.as_deref().map(|v| format!("param = {}, start = {}", text(v), p.start)));
        parts.extend(p.step.filter(|s| *s != 1).map(|s| format!("step = {s}")));
        parts.extend(p.next.as_deref().map(|v| format!("next = {}", text(v))));
        parts.push(format!("max = {}", p.max));
        if p.stop == StopRule::Overlap {
            parts.push("stop = \"overlap\"".to_owned());
        }
        line("page", Some(format!("{{ {} }}", parts.join(", "))));
    }
    if let Some(e) = &source.expect {
        let mut parts = Vec::new();
        parts.extend(e.min_items.map(|n| format!("min_items = {n}")));
        parts.extend(e.max_items.map(|n| format!("max_items = {n}")));
        if !e.fill.is_empty() {
            let fill: Vec<String> = e.fill.iter().map(|(k, v)| format!("{k} = {}", share(*v))).collect();
            parts.push(format!("fill = {{ {} }}", fill.join(", ")));
        }
        line("expect", (!parts.is_empty()).then(|| format!("{{ {} }}", parts.join(", "))));
    }
    if !source.fields.is_empty() && source.kind != SourceKind::None {
        let _ = writeln!(out, "[source.{id}.fields]");
        for (name, field) in &source.fields {
            let value = match field {
                Field::Locator(l) => text(l),
                Field::Const(c) => format!("{{ const = {} }}", text(c)),
                Field::Any(all) => format!("{{ any = {} }}", list(all)),
                Field::Template { template, pipes: None } => format!("{{ template = {} }}", text(template)),
                Field::Template { template, pipes: Some(p) } => format!("{{ template = {}, pipes = {} }}", text(template), text(p)),
            };
            let _ = writeln!(out, "{name} = {value}");
        }
    }
    out
}

/// A string of TOML: as it stands in single quotes where it holds double ones, else in double quotes.
pub(crate) fn text(value: &str) -> String {
    let plain = !value.chars().any(char::is_control);
    if plain && value.contains(['"', '\\']) && !value.contains('\'') {
        return format!("'{value}'");
    }
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|v| text(v)).collect::<Vec<_>>().join(", "))
}

fn share(value: f64) -> String {
    if (value - 1.0).abs() < f64::EPSILON { "1.0".to_owned() } else { format!("{value}") }
}

/// An id out of an address: `example-org-publications`.
pub(crate) fn id_of(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or("source").trim_start_matches("www.");
    let last = url.path_segments().into_iter().flatten().rfind(|s| s.len() > 2).unwrap_or_default();
    let last = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    slug(&format!("{host} {last}"))
}

/// Letters, digits and hyphens, at most 60.
pub(crate) fn slug(words: &str) -> String {
    let mut out = String::new();
    for c in words.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(60);
    let out = out.trim_end_matches('-').to_owned();
    if out.is_empty() { "source".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reads_back_as_the_source_that_it_shows() {
        let mut source = Source {
            body: "The \"Body\"".to_owned(),
            name: Some("tab\there 'and' \\ there".to_owned()),
            kind: SourceKind::List,
            url: Some("https://example.org/a?b=1".to_owned()),
            container: Some("table[summary=\"x\"]".to_owned()),
            item: Some("tr:has(td)".to_owned()),
            track: Some(vec!["title".to_owned()]),
            page: Some(monitor_model::Pages { next: Some("a@href".to_owned()), max: 9, ..Default::default() }),
            expect: Some(monitor_model::Expect {
                min_items: Some(3),
                fill: [("title".to_owned(), 1.0), ("date".to_owned(), 0.81)].into(),
                ..Default::default()
            }),
            ..Source::default()
        };
        source.fields.insert("title".to_owned(), Field::Locator("a[title=\"x\"] | regex((\\d+) 'n')".to_owned()));
        source.fields.insert("stage".to_owned(), Field::Template { template: "{a}/{b?}".to_owned(), pipes: Some("lower".to_owned()) });
        let shown = block("x", &source);
        let file: monitor_model::SourcesFile = toml::from_str(&shown).unwrap_or_else(|e| panic!("{e}\n{shown}"));
        assert_eq!(file.source.values().next(), Some(&source), "{shown}");
        assert_eq!(id_of(&url::Url::parse("https://www.example.org/a/Pub%20list.aspx?x=1").expect("an address")), "example-org-pub-20list");
    }
}
