use std::{cmp::Reverse, collections::BTreeMap};

use jiff::{ToSpan, civil::Date};
use monitor_model::{Document, Relevance, StageCode, TopicId};

use crate::{
    Counterpart, Relation, Why, is_individual_draft,
    liaison::Liaisons,
    pick::{Item, newest_date},
    words::{AI, Bag, KINDS_OF_AI, SECURITY, Series, Words, plain_words},
};

/// At most so many per home item.
const MOST: usize = 5;

/// From the third item of one body on, others that are about as near come first, so that one busy committee does not hide them.
const OF_ONE_BODY: i32 = 2;

/// What each further one counts.
const FURTHER: f64 = 0.55;

/// How much equal words, and equal topics, say for themselves. They speak as independent witnesses: either can make a pair.
const TEXT: f64 = 0.9;
const TOPICS: f64 = 0.5;

/// What a title that says nothing beyond ours counts: a baseline for all AI systems covers a guideline for one kind of them.
const COVERS: f64 = 0.6;

/// A title of fewer words than these covers everything and nothing.
const COVER_WORDS: usize = 3;

/// How rare a word is that stands in at most three of a hundred items.
const RARE: f64 = 3.5;

/// What is on AI but not on its security is hardly the counterpart of what is.
const OFF_SUBJECT: f64 = 0.75;

/// What does not speak of AI in its title is less the counterpart of what does.
const UNNAMED: f64 = 0.9;

/// A part of our topics and no word of the subject: neighbours in a wide field.
const FIELD_ALONE: f64 = 0.75;

/// What one person may post without anybody's consent is less than a group's work.
const INDIVIDUAL: f64 = 0.85;

/// What was finished so many years ago is nobody's work any more.
const OLD_YEARS: i64 = 10;
const OLD: f64 = 0.5;

/// What a reference adds.
const CITED: f64 = 0.2;

/// Below this, two items have nothing to say to each other.
const LEAST: f64 = 0.25;

/// From these scores on, two items overlap, or have the same scope.
const OVERLAPS: f64 = 0.4;
const SAME_SCOPE: f64 = 0.65;

/// So many best candidates are looked at closely.
const LOOKED_AT: usize = 60;

/// Shared words that are shown.
const SHOWN: usize = 6;

/// Words and topics of all items, with how rare each is. Words have numbers, so that a large store costs no string comparisons.
struct Space {
    bags: Vec<Bag>,
    numbers: BTreeMap<String, usize>,
    /// By word: (item, weight), only items elsewhere that are alive.
    words: Vec<Vec<(usize, f64)>>,
    /// The same for words of titles, the weight being the part of the title.
    titles: Vec<Vec<(usize, f64)>>,
    rare: Vec<f64>,
    topics: BTreeMap<String, Vec<usize>>,
    rare_topic: BTreeMap<String, f64>,
    length: Vec<f64>,
    topic_length: Vec<f64>,
    /// By item: what it counts as a counterpart, by its standing and age.
    standing: Vec<f64>,
}

/// What speaks for one item elsewhere.
#[derive(Clone, Copy, Default)]
struct Near {
    text: f64,
    topics: f64,
    covered: f64,
    cover_words: usize,
    /// How rare the rarest word of the title is that we have too.
    rarest: f64,
}

/// For each home item its nearest items elsewhere.
pub(crate) fn counterparts(items: &[Item<'_>], liaisons: &Liaisons<'_>, as_of: Date) -> Vec<Counterpart> {
    let space = Space::new(items, as_of);
    let mut near = vec![Near::default(); items.len()];
    let mut met: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    for (at, item) in items.iter().enumerate().filter(|(_, i)| i.home && i.alive()) {
        space.look(at, items, &mut near, &mut met);
        let mut scored: Vec<(f64, usize)> = met.iter().map(|other| (space.score(at, *other, items, near[*other]), *other)).collect();
        let order = |list: &mut Vec<(f64, usize)>| {
            list.sort_by(|a, b| {
                let key = |at: usize| (Reverse(newest_date(items[at].face)), &items[at].face.document);
                b.0.total_cmp(&a.0).then_with(|| key(a.1).cmp(&key(b.1)))
            });
        };
        scored.retain(|(s, _)| *s >= LEAST / 2.0);
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
        let best = varied(scored, items).into_iter().map(|(score, other)| {
            let why = space.why(at, other, items);
            let relation = match score {
                _ if cited.contains(&other) => Relation::Cites,
                // A text that covers ours as one case of many has not the same scope.
                s if s >= SAME_SCOPE && near[other].text >= OVERLAPS => Relation::SameScope,
                // Words that every text of the field has make neighbours, no common ground.
                s if s >= OVERLAPS && !why.topics.is_empty() && space.share_a_subject(at, other, items) => Relation::Overlaps,
                _ => Relation::Complements,
            };
            Counterpart {
                document: item.face.document.clone(),
                other: items[other].face.document.clone(),
                score: (score * 1000.0).round() / 1000.0,
                relation,
                why,
                liaison_named: named(item, items[other].face),
                liaisons: liaisons.between(items[other].face),
            }
        });
        out.extend(best);
        for other in met.drain(..) {
            near[other] = Near::default();
        }
    }
    out.sort_by(|a, b| a.document.cmp(&b.document).then(b.score.total_cmp(&a.score)));
    out
}

/// Whether an item's liaison fields name a document's group; none where nobody read such a field.
fn named(item: &Item<'_>, other: &Document) -> Option<bool> {
    let mut fields = item.documents.iter().filter_map(|d| d.extra("liaison")).filter(|l| !l.trim().is_empty()).peekable();
    fields.peek()?;
    Some(fields.any(|l| crate::liaison::names(l, other)))
}

/// The best few, each further one of a body counting less from the third on.
fn varied(scored: Vec<(f64, usize)>, items: &[Item<'_>]) -> Vec<(f64, usize)> {
    let mut of_body: BTreeMap<&str, i32> = BTreeMap::new();
    let mut ranked: Vec<(f64, (f64, usize))> = scored
        .into_iter()
        .filter(|(s, _)| *s >= LEAST)
        .map(|(s, other)| {
            let n = of_body.entry(&items[other].face.body).or_default();
            *n += 1;
            (s * FURTHER.powi((*n - OF_ONE_BODY).max(0)), (s, other))
        })
        .collect();
    // Stable sorts: among equals the order that was found stays.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best: Vec<(f64, usize)> = ranked.into_iter().take(MOST).map(|(_, found)| found).collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0));
    best
}

impl Space {
    fn new(items: &[Item<'_>], as_of: Date) -> Self {
        let (fold, series) = (Words::new(items.iter().map(|i| i.face.body.as_str())), Series::of(items.iter().map(|i| i.face)));
        let bags: Vec<Bag> = items.iter().map(|i| fold.bag(i.face, &series)).collect();
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let (mut df, mut topic_df): (Vec<usize>, BTreeMap<&str, usize>) = Default::default();
        for (bag, item) in bags.iter().zip(items) {
            for word in bag.words.keys() {
                let next = df.len();
                match numbers.get(word) {
                    Some(at) => df[*at] += 1,
                    None => {
                        numbers.insert(word.clone(), next);
                        df.push(1);
                    }
                }
            }
            // A topic is not common because many post drafts of their own on it.
            let counts = usize::from(!item.documents.iter().all(|d| is_individual_draft(d)));
            topic_set(item).into_iter().for_each(|t| *topic_df.entry(t).or_default() += counts);
        }
        let rarity = |d: usize| (1.0 + (items.len() as f64 + 1.0) / (d as f64 + 1.0)).ln();
        let rare: Vec<f64> = df.into_iter().map(rarity).collect();
        let rare_topic: BTreeMap<String, f64> = topic_df.into_iter().map(|(t, d)| (t.to_owned(), rarity(d))).collect();
        let norm = |sum: f64| if sum > 0.0 { sum.sqrt() } else { 1.0 };
        let topic_length = items.iter().map(|i| norm(topic_set(i).into_iter().map(|t| rare_topic[t].powi(2)).sum())).collect();
        let (mut words, mut titles) = (vec![Vec::new(); rare.len()], vec![Vec::new(); rare.len()]);
        let mut topics: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut length = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let weights: Vec<(usize, f64)> =
                bags[at].words.iter().map(|(w, (n, _))| (numbers[w], n)).map(|(w, n)| (w, n * rare[w])).collect();
            length.push(norm(weights.iter().map(|(_, w)| w * w).sum()));
            if item.home || item.notice || !item.alive() {
                continue;
            }
            weights.into_iter().for_each(|(w, weight)| words[w].push((at, weight)));
            let title: Vec<(usize, f64)> =
                bags[at].title.iter().map(|(w, n)| (numbers[w], n)).map(|(w, n)| (w, (n * rare[w]).powi(2))).collect();
            let whole: f64 = title.iter().map(|(_, w)| w).sum();
            title.into_iter().for_each(|(w, part)| titles[w].push((at, part / whole)));
            topic_set(item).into_iter().for_each(|t| topics.entry(t.to_owned()).or_default().push(at));
        }
        let old = as_of.checked_sub(OLD_YEARS.years()).ok();
        let standing = items.iter().map(|i| standing(i, old)).collect();
        Space { bags, numbers, words, titles, rare, topics, rare_topic, length, topic_length, standing }
    }

    /// Fills in what speaks for each item elsewhere; `met` names those for which anything does.
    fn look(&self, at: usize, items: &[Item<'_>], near: &mut [Near], met: &mut Vec<usize>) {
        let mut reach = |near: &mut [Near], other: usize| {
            if near[other].text == 0.0 && near[other].topics == 0.0 {
                met.push(other);
            }
        };
        for (word, (n, _)) in &self.bags[at].words {
            let word = self.numbers[word];
            let mine = n * self.rare[word] / self.length[at];
            for (other, theirs) in &self.words[word] {
                reach(near, *other);
                near[*other].text += mine * theirs / self.length[*other];
            }
            for (other, part) in &self.titles[word] {
                near[*other].covered += part;
                near[*other].cover_words += 1;
                near[*other].rarest = near[*other].rarest.max(self.rare[word]);
            }
        }
        for topic in topic_set(&items[at]) {
            let square = self.rare_topic[topic].powi(2);
            for other in self.topics.get(topic).into_iter().flatten() {
                reach(near, *other);
                near[*other].topics += square / (self.topic_length[at] * self.topic_length[*other]);
            }
        }
        met.sort_unstable();
    }

    /// How near two items are, 0 to 1.
    fn score(&self, at: usize, other: usize, items: &[Item<'_>], near: Near) -> f64 {
        let (home, there) = (&items[at], &items[other]);
        // What is on AI alone has no axis: a rare word must say that it is on the same sort of AI.
        let same_sort = there.face.axes.is_empty() && near.rarest >= RARE;
        let share_axis = same_sort || home.face.axes.iter().any(|a| there.face.axes.contains(a));
        let covers = if share_axis && near.cover_words >= COVER_WORDS { COVERS * near.covered } else { 0.0 };
        let text = near.text.max(covers).min(1.0);
        let mut both = 1.0 - (1.0 - TEXT * text) * (1.0 - TOPICS * near.topics.min(1.0));
        let security = |i: &Item<'_>| i.documents.iter().any(|d| d.relevance == Relevance::Relevant);
        if security(home) && !security(there) {
            both *= OFF_SUBJECT;
        }
        if self.bags[at].names_ai && !self.bags[other].names_ai {
            both *= UNNAMED;
        }
        if !self.share_a_subject(at, other, items) {
            both *= FIELD_ALONE;
        }
        both * self.standing[other]
    }

    /// Whether two items share more than the field: all topics of ours, or a word besides AI and its security.
    fn share_a_subject(&self, at: usize, other: usize, items: &[Item<'_>]) -> bool {
        let theirs = &self.bags[other].words;
        let there = topic_set(&items[other]);
        topic_set(&items[at]).iter().all(|t| there.contains(t))
            || self.bags[at].words.keys().any(|w| w != AI && w != SECURITY && theirs.contains_key(w))
    }

    /// What the two share, the weightiest first; a word that stands in two forms is shown in both.
    fn why(&self, at: usize, other: usize, items: &[Item<'_>]) -> Why {
        let theirs = topic_set(&items[other]);
        let mut terms: Vec<(f64, String)> = Vec::new();
        let shared = |word: &str| self.bags[at].words.contains_key(word) && self.bags[other].words.contains_key(word);
        for (word, (n, form)) in &self.bags[at].words {
            // Who speaks of agents in both says already that both speak of AI.
            if word == AI && KINDS_OF_AI.iter().any(|&kind| shared(kind)) {
                continue;
            }
            if let Some((m, their_form)) = self.bags[other].words.get(word) {
                let shown = match word.as_str() {
                    AI => "AI".to_owned(),
                    _ if form == their_form => form.clone(),
                    _ => format!("{form} ~ {their_form}"),
                };
                terms.push((n * m * self.rare[self.numbers[word]].powi(2), shown));
            }
        }
        terms.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Why {
            topics: topic_set(&items[at]).into_iter().filter(|t| theirs.contains(t)).map(TopicId::from).collect(),
            terms: terms.into_iter().take(SHOWN).map(|(_, t)| t).collect(),
        }
    }
}

fn standing(item: &Item<'_>, old: Option<Date>) -> f64 {
    let going_on = matches!(item.face.stage_code(), StageCode::NewWork | StageCode::Draft | StageCode::Consultation | StageCode::Approval);
    let finished = |d: Date| !going_on && old.is_some_and(|o| d < o);
    let individual = if item.documents.iter().all(|d| is_individual_draft(d)) { INDIVIDUAL } else { 1.0 };
    if newest_date(item.face).is_some_and(finished) { individual * OLD } else { individual }
}

fn topic_set<'i>(item: &'i Item<'_>) -> Vec<&'i str> {
    let mut topics: Vec<&str> = item.topics().collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

/// Title, scope and further fields as plain words, in which numbers are sought.
fn plain(d: &Document) -> String {
    let fields = [d.title.as_str(), d.summary.as_deref().unwrap_or_default()];
    plain_words(fields.into_iter().chain(d.extra.iter().map(|(_, v)| v.as_str())))
}

/// Whether a plain text holds a document's number, without version and date. A number of less than four digits or
/// letters in all says too little.
fn cites(text: &str, d: &Document) -> bool {
    let Some(number) = d.number.as_deref() else { return false };
    let core = number.split(" V").next().unwrap_or_default().split(['(', ':']).next().unwrap_or_default();
    let needle = plain_words([core]);
    let said = needle.chars().filter(|c| c.is_alphanumeric()).count();
    said >= 4 && needle.bytes().any(|b| b.is_ascii_digit()) && text.contains(&needle)
}
