use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
};

use monitor_model::{DocumentKey, TopicId, When};

use crate::{
    Term,
    count::{Expectation, q_values},
    days,
    phrases::{Phrase, Phrases, plain},
    place::{Placed, Places, Side},
};

/// Fewer works in the window do not make a term.
const LEAST_NOW: usize = 4;

/// A phrase that fewer voices use is somebody's own word, however many texts they write.
const LEAST_VOICES: usize = 4;

/// Phrases are many and their neighbours move with them: only strong evidence names one.
const LEVEL: f64 = 0.01;

/// A phrase must at least double.
const LEAST_RATIO: f64 = 2.0;

/// Two phrases that share a word and this part of their works are one.
const SAME: f64 = 0.7;

struct Candidate<'p, 'a> {
    phrase: Phrase,
    /// The topic that names it.
    topic: Option<TopicId>,
    now: Vec<&'p Placed<'a>>,
    before: usize,
    expected: Expectation,
    first: Option<When>,
    p: f64,
    q: f64,
}

/// Phrases outside the taxonomy whose share of the works has risen, and terms of topics whose share of their topic has.
///
/// Shares, not counts: when all works double, every turn of phrase doubles, and none of them is news. For the same reason
/// a term of a topic that rises as a whole says nothing new; one that outruns its topic says what the topic turns to.
pub(crate) fn terms(places: &Places<'_>, known_terms: &[String], terms_of: &BTreeMap<TopicId, Vec<String>>, size: f64) -> Vec<Term> {
    let mut phrases = Phrases::new();
    let text = |p: &Placed<'_>| format!("{}\n{}", p.work.title, p.work.summary);
    let mut found: HashMap<Phrase, usize> = HashMap::new();
    let mut candidates: Vec<Candidate<'_, '_>> = Vec::new();
    let side = |side: Side| places.relevant().filter(move |p| p.side == side);
    for p in side(Side::Now) {
        for phrase in phrases.of(&text(p)) {
            let at = *found.entry(phrase).or_insert_with(|| {
                candidates.push(Candidate {
                    phrase,
                    topic: None,
                    now: Vec::new(),
                    before: 0,
                    expected: Expectation::default(),
                    first: None,
                    p: 1.0,
                    q: 1.0,
                });
                candidates.len() - 1
            });
            candidates[at].now.push(p);
        }
    }
    let (known, named) = (Known::new(known_terms), named(terms_of));
    candidates.retain_mut(|c| {
        if c.now.len() < LEAST_NOW || voices(&c.now) < LEAST_VOICES {
            return false;
        }
        let text = phrases.text(c.phrase);
        c.topic = named.get(&text).map(|t| (*t).clone());
        c.topic.is_some() || !known.names(&text)
    });
    found = candidates.iter().enumerate().map(|(i, c)| (c.phrase, i)).collect();

    let (rates, usual) = rates(places);
    let of_topic = topic_rates(places, usual);
    for c in &mut candidates {
        c.expected = Expectation::prior(c.topic.as_ref().and_then(|t| of_topic.get(t)).map_or(usual, |r| r.max(usual)));
    }
    for p in places.relevant().filter(|p| p.day.is_some()) {
        for phrase in phrases.of(&text(p)) {
            let Some(c) = found.get(&phrase).map(|i| &mut candidates[*i]) else { continue };
            c.first = c.first.into_iter().chain(p.work.when).min();
            if p.side == Side::Before {
                c.before += 1;
                let of_body = rates.get(p.work.body.as_str()).copied().unwrap_or(usual);
                let rate = c.topic.as_ref().and_then(|t| of_topic.get(t)).map_or(of_body, |r| r.max(of_body));
                c.expected.add(1.0, rate);
            }
        }
    }
    for c in &mut candidates {
        c.p = c.expected.predict(1.0, size).p(c.now.len());
    }
    let p: Vec<f64> = candidates.iter().map(|c| c.p).collect();
    for (c, q) in candidates.iter_mut().zip(q_values(&p)) {
        c.q = q;
    }
    candidates.retain(|c| c.q < LEVEL && c.now.len() as f64 >= LEAST_RATIO * c.expected.mean());
    candidates.retain(|c| c.topic.is_some() || !known.explains(&phrases.text(c.phrase), c.now.iter().map(|p| text(p))));
    name(candidates, &phrases)
}

/// How many speak: an individual Internet-Draft names its author (`draft-name-…`), every other work speaks for itself.
fn voices(works: &[&Placed<'_>]) -> usize {
    let voice = |p: &&Placed<'_>| {
        let key = p.work.document.as_str();
        let own = key.split_once("/draft-").and_then(|(_, name)| name.split('-').next());
        own.filter(|name| !matches!(*name, "ietf" | "irtf" | "iab")).map_or_else(|| key.to_owned(), str::to_owned)
    };
    works.iter().map(voice).collect::<HashSet<String>>().len()
}

/// How many works of the window stand against one of the baseline, per body and in all.
fn rates<'p>(places: &'p Places<'_>) -> (BTreeMap<&'p str, f64>, f64) {
    let mut n: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for p in places.relevant() {
        match p.side {
            Side::Now => n.entry(&p.work.body).or_default()[0] += 1.0,
            Side::Before => n.entry(&p.work.body).or_default()[1] += 1.0,
            Side::Out(_) => {}
        }
    }
    let all = n.values().fold([0.0, 0.0], |a, b| [a[0] + b[0], a[1] + b[1]]);
    let usual = if all[1] > 0.0 { all[0] / all[1] } else { places.usual_weight() };
    // Ten works at the common rate beside each body's own: a body with three works has no rate.
    (n.into_iter().map(|(b, [now, before])| (b, (now + 10.0 * usual) / (before + 10.0))).collect(), usual)
}

/// The same per topic, the common rate counting as ten works.
fn topic_rates<'p>(places: &'p Places<'_>, usual: f64) -> BTreeMap<&'p TopicId, f64> {
    let mut n: BTreeMap<&TopicId, [f64; 2]> = BTreeMap::new();
    for p in places.relevant() {
        for t in &p.work.topics {
            match p.side {
                Side::Now => n.entry(t).or_default()[0] += 1.0,
                Side::Before => n.entry(t).or_default()[1] += 1.0,
                Side::Out(_) => {}
            }
        }
    }
    n.into_iter().map(|(t, [now, before])| (t, (now + 10.0 * usual) / (before + 10.0))).collect()
}

/// Terms as phrases, with the first topic that names them.
fn named(terms_of: &BTreeMap<TopicId, Vec<String>>) -> HashMap<String, &TopicId> {
    let mut out = HashMap::new();
    for (topic, terms) in terms_of {
        for t in terms {
            out.entry(plain(t)).or_insert(topic);
        }
    }
    out
}

/// The terms of the taxonomy: what has a name there does not emerge.
struct Known {
    terms: HashSet<String>,
    /// Every run of two or three words inside a longer term, with these terms.
    parts: HashMap<String, Vec<String>>,
}

impl Known {
    fn new(terms: &[String]) -> Self {
        let terms: HashSet<String> = terms.iter().map(|t| plain(t)).collect();
        let mut parts: HashMap<String, Vec<String>> = HashMap::new();
        for term in &terms {
            pieces(term).into_iter().filter(|p| p != term).for_each(|p| parts.entry(p).or_default().push(term.clone()));
        }
        Known { terms, parts }
    }

    /// Whether a phrase is a term or holds one of two words.
    fn names(&self, phrase: &str) -> bool {
        pieces(phrase).iter().any(|p| self.terms.contains(p))
    }

    /// Whether most of the texts use the phrase only as part of a longer term ("context protocol").
    fn explains(&self, phrase: &str, texts: impl Iterator<Item = String>) -> bool {
        let Some(longer) = self.parts.get(phrase) else { return false };
        let (mut all, mut explained) = (0, 0);
        for text in texts {
            let text = format!(" {} ", plain(&text));
            all += 1;
            explained += usize::from(longer.iter().any(|t| text.contains(&format!(" {t} "))));
        }
        explained * 2 > all
    }
}

/// Every run of two or three words.
fn pieces(term: &str) -> Vec<String> {
    let words: Vec<&str> = term.split(' ').collect();
    let mut out = Vec::new();
    for i in 0..words.len() {
        for j in i + 2..=words.len().min(i + 3) {
            out.push(words[i..j].join(" "));
        }
    }
    out
}

/// Sorts by evidence and keeps one name for what always stands together.
fn name(mut candidates: Vec<Candidate<'_, '_>>, phrases: &Phrases) -> Vec<Term> {
    // The longer phrase says more, if it is nearly as frequent.
    candidates.sort_by_cached_key(|c| (Reverse(c.phrase[2] > 0), phrases.text(c.phrase)));
    candidates.sort_by(|a, b| a.q.total_cmp(&b.q));
    let mut kept: Vec<(Candidate<'_, '_>, HashSet<&DocumentKey>)> = Vec::new();
    for c in candidates {
        let mine: HashSet<&DocumentKey> = c.now.iter().map(|p| &p.work.document).collect();
        let shares = |k: &Candidate<'_, '_>| k.phrase.iter().any(|w| *w > 0 && c.phrase.contains(w));
        let twin = kept.iter_mut().find(|(k, theirs)| {
            let both = mine.intersection(theirs).count() as f64;
            shares(k) && both >= SAME * mine.len().min(theirs.len()) as f64
        });
        match twin {
            Some((k, theirs)) => {
                let longer = c.phrase[2] > 0 && k.phrase[2] == 0 && holds(&c.phrase, &k.phrase);
                if longer && mine.len() as f64 >= SAME * theirs.len() as f64 {
                    (*k, *theirs) = (c, mine);
                }
            }
            None => kept.push((c, mine)),
        }
    }
    kept.into_iter()
        .map(|(mut c, _)| {
            c.now.sort_by_key(|p| (Reverse(p.day), &p.work.document));
            Term {
                term: phrases.text(c.phrase),
                topic: c.topic,
                now: c.now.len(),
                before: c.before,
                expected: c.expected.mean(),
                first_seen: c.first.map(|w| days::date(days::number(w.first_day()))),
                q: c.q,
                documents: c.now.iter().map(|p| p.work.document.clone()).collect(),
            }
        })
        .collect()
}

/// Whether a phrase of three words holds the pair.
fn holds(three: &Phrase, pair: &Phrase) -> bool {
    three[..2] == pair[..2] || three[1..] == pair[..2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_the_taxonomy_and_their_parts_do_not_emerge() {
        let known = Known::new(&["Model Context Protocol".to_owned(), "prompt injections".to_owned(), "agent".to_owned()]);
        assert!(known.names("prompt injection") && known.names("prompt injection attack") && known.names("model context protocol"));
        assert!(!known.names("agent skill"), "one word of the taxonomy does not take all phrases with it");
        let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>().into_iter();
        assert!(
            known.explains("context protocol", texts(&["The Model Context Protocol.", "A model-context protocol", "Context protocols"]))
        );
        assert!(!known.explains("context protocol", texts(&["A context protocol.", "Any context protocol", "model context protocol"])));
    }
}
