use std::{cmp::Reverse, collections::BTreeMap};

use monitor_model::{Document, TopicId};

use crate::{
    Counterpart, Relation, Why,
    pick::{Item, newest_date},
    words::{Bag, Words},
};

/// At most so many per home item.
const MOST: usize = 5;

/// Share of topics and of words in the score.
const TOPICS: f64 = 0.5;
const TEXT: f64 = 0.5;

/// Weight of the words where one of the two has no topic: what was not tagged is unknown, not different.
const TEXT_ALONE: f64 = 0.75;

/// What a reference adds.
const CITED: f64 = 0.2;

/// Below this, two items have nothing to say to each other.
const LEAST: f64 = 0.12;

/// From these scores on, two items overlap, or have the same scope.
const OVERLAPS: f64 = 0.3;
const SAME_SCOPE: f64 = 0.5;

/// So many best candidates are looked at closely.
const LOOKED_AT: usize = 40;

/// Shared words that are shown.
const SHOWN: usize = 6;

/// Words and topics of all items, with how rare each is.
struct Space {
    bags: Vec<Bag>,
    /// Word → (item, weight), only items elsewhere that are alive.
    words: BTreeMap<String, Vec<(usize, f64)>>,
    rare: BTreeMap<String, f64>,
    topics: BTreeMap<String, Vec<usize>>,
    rare_topic: BTreeMap<String, f64>,
    length: Vec<f64>,
    topic_length: Vec<f64>,
    /// Whether the item has a topic.
    tagged: Vec<bool>,
}

/// For each home item its nearest items elsewhere.
pub(crate) fn counterparts(items: &[Item<'_>]) -> Vec<Counterpart> {
    let space = Space::new(items);
    let mut out = Vec::new();
    for (at, item) in items.iter().enumerate().filter(|(_, i)| i.home && i.alive()) {
        let mut best: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        space.text(at, &mut best);
        space.shared_topics(at, items, &mut best);
        let mut scored: Vec<(f64, usize)> = best.iter().map(|(other, near)| (space.score(at, *other, *near), *other)).collect();
        let order = |list: &mut Vec<(f64, usize)>| {
            list.sort_by(|a, b| {
                let key = |at: usize| (Reverse(newest_date(items[at].face)), &items[at].face.document);
                b.0.total_cmp(&a.0).then_with(|| key(a.1).cmp(&key(b.1)))
            });
        };
        order(&mut scored);
        scored.truncate(LOOKED_AT);
        let text = plain(item.face);
        let mut cited = Vec::new();
        for (score, other) in &mut scored {
            let o = items[*other].face;
            if cites(&text, o) || cites(&plain(o), item.face) {
                *score = (*score + CITED).min(1.0);
                cited.push(*other);
            }
        }
        order(&mut scored);
        let near = scored.into_iter().filter(|(s, _)| *s >= LEAST).take(MOST).map(|(score, other)| {
            let relation = match score {
                _ if cited.contains(&other) => Relation::Cites,
                s if s >= SAME_SCOPE => Relation::SameScope,
                s if s >= OVERLAPS => Relation::Overlaps,
                _ => Relation::Complements,
            };
            Counterpart {
                document: item.face.document.clone(),
                other: items[other].face.document.clone(),
                score: (score * 1000.0).round() / 1000.0,
                relation,
                why: space.why(at, other, items),
                liaison_named: item
                    .documents
                    .iter()
                    .filter_map(|d| d.extra("liaison"))
                    .any(|l| crate::liaison::names(l, items[other].face)),
            }
        });
        out.extend(near);
    }
    out.sort_by(|a, b| a.document.cmp(&b.document).then(b.score.total_cmp(&a.score)));
    out
}

impl Space {
    fn new(items: &[Item<'_>]) -> Self {
        let fold = Words::new();
        let bags: Vec<Bag> = items.iter().map(|i| fold.bag(i.face)).collect();
        let (mut df, mut topic_df): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
        for (bag, item) in bags.iter().zip(items) {
            bag.words.keys().for_each(|w| *df.entry(w).or_default() += 1);
            topic_set(item).into_iter().for_each(|t| *topic_df.entry(t).or_default() += 1);
        }
        let rarity = |df: BTreeMap<&str, usize>| -> BTreeMap<String, f64> {
            let n = items.len() as f64;
            df.into_iter().map(|(w, d)| (w.to_owned(), (1.0 + (n + 1.0) / (d as f64 + 1.0)).ln())).collect()
        };
        let (rare, rare_topic) = (rarity(df), rarity(topic_df));
        let norm = |sum: f64| if sum > 0.0 { sum.sqrt() } else { 1.0 };
        let length = bags.iter().map(|b| norm(b.words.iter().map(|(w, (n, _))| (n * rare[w]).powi(2)).sum())).collect();
        let topic_length = items.iter().map(|i| norm(topic_set(i).into_iter().map(|t| rare_topic[t].powi(2)).sum())).collect();
        let tagged = items.iter().map(|i| i.topics().next().is_some()).collect();
        let mut words: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        let mut topics: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, item) in items.iter().enumerate().filter(|(_, i)| !i.home && i.alive()) {
            bags[at].words.iter().for_each(|(w, (n, _))| words.entry(w.clone()).or_default().push((at, n * rare[w])));
            topic_set(item).into_iter().for_each(|t| topics.entry(t.to_owned()).or_default().push(at));
        }
        Space { bags, words, rare, topics, rare_topic, length, topic_length, tagged }
    }

    fn score(&self, at: usize, other: usize, (text, topics): (f64, f64)) -> f64 {
        if self.tagged[at] && self.tagged[other] { TEXT * text + TOPICS * topics } else { TEXT_ALONE * text }
    }

    /// Adds the cosine of the words to `.0`.
    fn text(&self, at: usize, best: &mut BTreeMap<usize, (f64, f64)>) {
        for (word, (n, _)) in &self.bags[at].words {
            let mine = n * self.rare[word] / self.length[at];
            for (other, theirs) in self.words.get(word).into_iter().flatten() {
                best.entry(*other).or_default().0 += mine * theirs / self.length[*other];
            }
        }
    }

    /// Adds the cosine of the topics to `.1`.
    fn shared_topics(&self, at: usize, items: &[Item<'_>], best: &mut BTreeMap<usize, (f64, f64)>) {
        for topic in topic_set(&items[at]) {
            let square = self.rare_topic[topic].powi(2);
            for other in self.topics.get(topic).into_iter().flatten() {
                best.entry(*other).or_default().1 += square / (self.topic_length[at] * self.topic_length[*other]);
            }
        }
    }

    /// What the two share, the weightiest first; a word that stands in two forms is shown in both.
    fn why(&self, at: usize, other: usize, items: &[Item<'_>]) -> Why {
        let theirs = topic_set(&items[other]);
        let mut terms: Vec<(f64, String)> = Vec::new();
        for (word, (n, form)) in &self.bags[at].words {
            if let Some((m, their_form)) = self.bags[other].words.get(word) {
                let shown = if form == their_form { form.clone() } else { format!("{form} ~ {their_form}") };
                terms.push((n * m * self.rare[word].powi(2), shown));
            }
        }
        terms.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Why {
            topics: topic_set(&items[at]).into_iter().filter(|t| theirs.contains(t)).map(TopicId::from).collect(),
            terms: terms.into_iter().take(SHOWN).map(|(_, t)| t).collect(),
        }
    }
}

fn topic_set<'i>(item: &'i Item<'_>) -> Vec<&'i str> {
    let mut topics: Vec<&str> = item.topics().collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

/// Title, scope and further fields as words with one space between, in which numbers are sought.
fn plain(d: &Document) -> String {
    let fields = [d.title.as_str(), d.summary.as_deref().unwrap_or_default()];
    let mut out = String::from(" ");
    for text in fields.into_iter().chain(d.extra.iter().map(|(_, v)| v.as_str())) {
        push_plain(&mut out, text);
    }
    out
}

fn push_plain(out: &mut String, text: &str) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        out.extend(word.chars().flat_map(char::to_lowercase));
        out.push(' ');
    }
}

/// Whether a plain text holds a document's number, without version and date. A number of less than four digits or
/// letters in all says too little.
fn cites(text: &str, d: &Document) -> bool {
    let Some(number) = d.number.as_deref() else { return false };
    let core = number.split(" V").next().unwrap_or_default().split(['(', ':']).next().unwrap_or_default();
    let mut needle = String::from(" ");
    push_plain(&mut needle, core);
    let said = needle.chars().filter(|c| c.is_alphanumeric()).count();
    said >= 4 && needle.bytes().any(|b| b.is_ascii_digit()) && text.contains(&needle)
}
