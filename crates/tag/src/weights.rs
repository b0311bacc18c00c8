//! The learnt weights: `data/weights.toml`, tables of `"name" = "number=weight …"`, weights in hundredths.
//!
//! `[decision]` says which number stands for which decision in this file. The other tables are `bias`, `rule` (a finding of the rules),
//! `topic` (how a topic's own terms show), `link` (a concept, or two in one sentence), `title` and `text` (a word or pair in the title, anywhere). The file is TOML, but as a program
//! writes it and every start reads it, it is read line by line in this one form.

use std::{collections::HashMap, ops::Range};

use monitor_model::Axis;

use crate::{
    Taxonomy, TaxonomyError,
    concepts::Link,
    features::{Key, RULES, Show},
};

/// The decisions before the topics: relevance, the two halves of it, the axes.
pub(crate) const RELEVANT: usize = 0;
pub(crate) const AI: usize = 1;
pub(crate) const SECURITY: usize = 2;
pub(crate) const AXES: usize = 3;
pub(crate) const TOPICS: usize = AXES + Axis::ALL.len();

/// The names of all decisions in their order: `relevant`, `ai`, `security`, the axes, the topics.
pub fn decisions(taxonomy: &Taxonomy) -> Vec<String> {
    let head = ["relevant", "ai", "security"].map(str::to_owned);
    let axes = Axis::ALL.iter().map(|a| a.as_str().to_owned());
    head.into_iter().chain(axes).chain(taxonomy.topics().iter().map(|t| t.id.to_string())).collect()
}

#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// What is added to each decision.
    pub(crate) bias: Vec<f32>,
    flat: Vec<(u16, f32)>,
    text: HashMap<Box<str>, Range<u32>>,
    title: HashMap<Box<str>, Range<u32>>,
    rules: Vec<Range<u32>>,
    topics: Vec<[Range<u32>; 4]>,
    links: HashMap<Link, Range<u32>>,
}

impl Weights {
    pub(crate) fn parse(file: &str, taxonomy: &Taxonomy) -> Result<Weights, TaxonomyError> {
        let names = decisions(taxonomy);
        let numbers: HashMap<&str, u16> = names.iter().zip(0..).map(|(name, number)| (name.as_str(), number)).collect();
        let lines = file.lines().count();
        let mut w = Weights {
            bias: vec![0.0; names.len()],
            rules: vec![0..0; RULES.len()],
            topics: vec![[const { 0..0 }; 4]; taxonomy.topics().len()],
            flat: Vec::with_capacity(lines * 8),
            text: HashMap::with_capacity(lines),
            title: HashMap::with_capacity(lines / 2),
            links: HashMap::new(),
        };
        // What the numbers of this file mean here. A topic that was renamed or removed since is none of this taxonomy.
        let mut meaning: Vec<Option<u16>> = Vec::new();
        let mut zone = "";
        for (at, line) in file.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |message: String| TaxonomyError::Weights { line: at + 1, message };
            if let Some(table) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                zone = table;
                continue;
            }
            let cells = line.strip_prefix('"').and_then(|l| l.strip_suffix('"')).and_then(|l| l.split_once("\" = \""));
            let (name, values) = cells.ok_or_else(|| bad("of another form than \"name\" = \"number=weight …\"".to_owned()))?;
            if zone == "decision" {
                if name.parse() != Ok(meaning.len()) {
                    return Err(bad(format!("decisions are numbered from 0 without gaps, `{name}` is not {}", meaning.len())));
                }
                meaning.push(numbers.get(values).copied());
                continue;
            }
            let from = w.flat.len() as u32;
            for value in values.split(' ') {
                let cell = value.split_once('=').and_then(|(d, v)| Some((d.parse::<usize>().ok()?, v.parse::<i32>().ok()?)));
                let (decision, weight) = cell.ok_or_else(|| bad(format!("`{value}` is not number=weight")))?;
                let meant = meaning.get(decision).ok_or_else(|| bad(format!("decision {decision} is not declared above")))?;
                if let Some(number) = meant {
                    w.flat.push((*number, weight as f32 / 100.0));
                }
            }
            let range = from..w.flat.len() as u32;
            match zone {
                "text" => drop(w.text.insert(name.into(), range)),
                "title" => drop(w.title.insert(name.into(), range)),
                "bias" => w.flat[range.start as usize..].iter().for_each(|(d, v)| w.bias[*d as usize] = *v),
                "rule" => {
                    let rule = RULES.iter().position(|r| *r == name).ok_or_else(|| bad(format!("unknown rule `{name}`")))?;
                    w.rules[rule] = range;
                }
                "topic" => {
                    let show = name.split_once(' ').and_then(|(s, t)| Some((Show::ALL.iter().position(|x| x.as_str() == s)?, t)));
                    let (show, topic) = show.ok_or_else(|| bad(format!("`{name}` is not a way of showing and a topic")))?;
                    if let Some(number) = numbers.get(topic).and_then(|n| usize::from(*n).checked_sub(TOPICS)) {
                        w.topics[number][show] = range;
                    }
                }
                "link" => {
                    if let Some(link) = Link::named(name, taxonomy) {
                        w.links.insert(link, range);
                    }
                }
                _ => return Err(bad(format!("unknown table `{zone}`"))),
            }
        }
        Ok(w)
    }

    /// The decisions that a feature speaks to, with its weight.
    pub(crate) fn of(&self, key: Key<'_>) -> &[(u16, f32)] {
        let range = match key {
            Key::Text(word) => self.text.get(word),
            Key::Title(word) => self.title.get(word),
            Key::Rule(rule) => self.rules.get(rule),
            Key::Topic(topic, show) => self.topics.get(topic as usize).map(|t| &t[show as usize]),
            Key::Link(link) => self.links.get(&link),
        };
        range.map_or(&[], |r| &self.flat[r.start as usize..r.end as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taxonomy() -> Taxonomy {
        Taxonomy::parse("[[topic]]\nid = \"a\"\nlabel = \"A\"\naxis = [\"securing-ai\"]\nstrong = [\"x\"]").expect("readable")
    }

    #[test]
    fn weights_are_read_by_name_whatever_their_numbers_mean_elsewhere() {
        let file = "# c\n[decision]\n\"0\" = \"gone\"\n\"1\" = \"a\"\n[bias]\n\"all\" = \"1=-50 0=7\"\n[topic]\n\"weak-title a\" = \"1=25\"\n\
                    \"weak-title gone\" = \"1=1\"\n[text]\n\"agent identity\" = \"0=9 1=150\"\n";
        let w = Weights::parse(file, &taxonomy()).expect("readable");
        let a = TOPICS as u16;
        assert_eq!(w.bias[TOPICS], -0.5);
        assert_eq!(w.of(Key::Text("agent identity")), [(a, 1.5)]);
        assert_eq!(w.of(Key::Topic(0, Show::WeakTitle)), [(a, 0.25)]);
        assert!(w.of(Key::Title("agent identity")).is_empty() && w.of(Key::Rule(0)).is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (line, what) in [
            ("agent", "another form"),
            ("\"agent\" = \"x\"", "is not number=weight"),
            ("\"agent\" = \"0=1.5\"", "is not number=weight"),
            ("\"agent\" = \"7=1\"", "not declared"),
            ("[rule]\n\"nothing\" = \"0=1\"", "unknown rule"),
            ("[other]\n\"agent\" = \"0=1\"", "unknown table"),
            ("[topic]\n\"loud a\" = \"0=1\"", "way of showing"),
            ("[decision]\n\"5\" = \"a\"", "numbered from 0"),
        ] {
            let file = format!("[decision]\n\"0\" = \"a\"\n[text]\n{line}");
            let error = Weights::parse(&file, &taxonomy()).expect_err(what).to_string();
            assert!(error.contains(what) && error.contains(&format!("line {}", 3 + line.lines().count())), "{error}");
        }
    }
}
