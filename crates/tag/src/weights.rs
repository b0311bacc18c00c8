//! The learnt weights: a text file of lines `zone TAB name TAB decision=weight …`.

use std::{collections::HashMap, ops::Range};

use monitor_model::Axis;

use crate::{
    Taxonomy, TaxonomyError,
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
}

impl Weights {
    pub(crate) fn parse(file: &str, taxonomy: &Taxonomy) -> Result<Weights, TaxonomyError> {
        let names = decisions(taxonomy);
        let numbers: HashMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
        let mut w = Weights {
            bias: vec![0.0; names.len()],
            rules: vec![0..0; RULES.len()],
            topics: vec![[const { 0..0 }; 4]; taxonomy.topics().len()],
            ..Weights::default()
        };
        for (at, line) in file.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |message: String| TaxonomyError::Weights { line: at + 1, message };
            let mut cells = line.split('\t');
            let (Some(zone), Some(name), Some(values)) = (cells.next(), cells.next(), cells.next()) else {
                return Err(bad("three cells parted by tabs are needed: zone, name, decision=weight …".to_owned()));
            };
            let from = w.flat.len() as u32;
            for value in values.split(' ') {
                let (decision, weight) = value.split_once('=').ok_or_else(|| bad(format!("`{value}` is not decision=weight")))?;
                let weight: f32 = weight.parse().ok().filter(|w: &f32| w.is_finite()).ok_or_else(|| bad(format!("`{weight}` is no number")))?;
                // A topic that was renamed or removed since the weights were learnt is none of this taxonomy.
                if let Some(number) = numbers.get(decision) {
                    w.flat.push((*number as u16, weight));
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
                    if let Some(number) = numbers.get(topic).and_then(|n| n.checked_sub(TOPICS)) {
                        w.topics[number][show] = range;
                    }
                }
                _ => return Err(bad(format!("unknown zone `{zone}`"))),
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
        };
        range.map_or(&[], |r| &self.flat[r.start as usize..r.end as usize])
    }
}
