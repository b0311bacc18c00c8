//! Precision, recall and F1 as the acceptance check counts them.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Relevance, Tagging};

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    hit: u32,
    extra: u32,
    missed: u32,
}

impl Count {
    fn add(&mut self, truth: bool, said: bool) {
        self.hit += u32::from(truth && said);
        self.extra += u32::from(!truth && said);
        self.missed += u32::from(truth && !said);
    }

    fn labels(self) -> u32 {
        self.hit + self.missed
    }

    fn f1(self) -> f32 {
        2.0 * self.hit as f32 / ((2 * self.hit + self.extra + self.missed) as f32).max(1.0)
    }
}

/// A person's label of one item.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Label {
    /// The key of the entry.
    pub key: String,
    /// Which of the four.
    pub relevance: Relevance,
    /// Axes by id.
    #[serde(default)]
    pub axes: BTreeSet<String>,
    /// Topics by id.
    #[serde(default)]
    pub topics: BTreeSet<String>,
}

/// Adds up how well tags agree with labels.
#[derive(Clone, Debug, Default)]
pub struct Score {
    relevance: Count,
    axes: Count,
    topics: Count,
    by_topic: BTreeMap<String, Count>,
    class_right: u32,
    items: u32,
}

impl Score {
    /// Counts one item.
    pub fn add(&mut self, item: &Label, said: &Tagging) {
        let relevant = said.relevance == Relevance::Relevant;
        self.items += 1;
        self.class_right += u32::from(item.relevance == said.relevance);
        self.relevance.add(item.relevance == Relevance::Relevant, relevant);
        let axes: BTreeSet<&str> = said.axes.iter().map(|a| a.as_str()).collect();
        for axis in monitor_model::Axis::ALL {
            self.axes.add(item.axes.contains(axis.as_str()), relevant && axes.contains(axis.as_str()));
        }
        let topics: BTreeSet<String> = said.topics.iter().map(|t| t.id.to_string()).collect();
        for id in topics.union(&item.topics) {
            let (truth, said) = (item.topics.contains(id), topics.contains(id));
            self.topics.add(truth, said);
            self.by_topic.entry(id.clone()).or_default().add(truth, said);
        }
    }

    /// F1 (precision/recall) of relevance, axes and topics in one line; macro: the mean over topics with five labels or more.
    pub fn line(&self) -> String {
        let big: Vec<f32> = self.by_topic.values().filter(|c| c.labels() >= 5).map(|c| c.f1()).collect();
        let pr = |c: Count| format!("{:.3}/{:.3}", c.hit as f32 / (c.hit + c.extra).max(1) as f32, c.hit as f32 / c.labels().max(1) as f32);
        format!(
            "{:5} items  relevance {:.3} ({})  axes {:.3} ({})  topics {:.3} ({})  macro {:.3} ({})  class {:.3}",
            self.items,
            self.relevance.f1(),
            pr(self.relevance),
            self.axes.f1(),
            pr(self.axes),
            self.topics.f1(),
            pr(self.topics),
            big.iter().sum::<f32>() / big.len().max(1) as f32,
            big.len(),
            self.class_right as f32 / self.items.max(1) as f32
        )
    }

    /// F1 of relevance, axes and topics, and the macro mean.
    pub fn figures(&self) -> [f32; 4] {
        let big: Vec<f32> = self.by_topic.values().filter(|c| c.labels() >= 5).map(|c| c.f1()).collect();
        [self.relevance.f1(), self.axes.f1(), self.topics.f1(), big.iter().sum::<f32>() / big.len().max(1) as f32]
    }

    /// How many items were counted.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// Topics with five labels or more, the worst first: id, F1, what was right, extra and missed.
    pub fn worst(&self) -> Vec<(String, f32, String)> {
        let mut all: Vec<_> = self
            .by_topic
            .iter()
            .filter(|(_, c)| c.labels() >= 5)
            .map(|(k, c)| (k.clone(), c.f1(), format!("+{} extra {} missed {}", c.hit, c.extra, c.missed)))
            .collect();
        all.sort_by(|a, b| a.1.total_cmp(&b.1));
        all
    }
}
