//! The tagger: a text in, a tagging out.

use monitor_model::{Axis, Evidence, Kind, Relevance, Tagging, TopicTag};

use crate::{
    NamedFeature, Taxonomy, TaxonomyError,
    concepts::{Concepts, Linked},
    features::{Feature, Key, features},
    fold::{Folded, fold},
    gate::Gate,
    lexicon::{Hit, Lexicon},
    rules::{Findings, judge},
    weights::{AI, AXES, RELEVANT, SECURITY, TOPICS, Weights},
    words::{Word, Words},
};

/// No more of one field is read: the labelling guide (R2) looks at 300 words, and a text of megabytes is no abstract.
const READ_LIMIT: usize = 16 << 10;

/// How many pieces of evidence a topic shows at most.
const SHOWN: usize = 4;

/// The log-odds, at least, of what the rules are certain of.
const CERTAIN: f32 = 0.3;

/// The log-odds, at most, of a topic that lacks what it asks for, and below which no topic is told even as the best.
const BARRED: f32 = -6.0;
const LEAST: f32 = -2.5;

/// Strong terms of these groups name AI by themselves: nobody else has prompt injection or deepfakes.
const OPENING_GROUPS: [&str; 2] = ["attacks-on-ai", "harm-by-ai"];

/// What is read of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// The title.
    pub title: &'a str,
    /// Abstract, scope or summary.
    pub summary: Option<&'a str>,
    /// Keywords; their offsets count as if they were joined by one space.
    pub keywords: &'a [String],
    /// Language; terms of all languages are looked for anyway.
    pub lang: Option<&'a str>,
    /// The issuing body: never evidence by itself (labelling guide R2), it only tells whose a series is.
    pub body: Option<&'a str>,
    /// Committee or working group: read for series of the taxonomy alone, and shown as such.
    pub group: Option<&'a str>,
    /// The document number: read for ids that the taxonomy maps and for its series.
    pub number: Option<&'a str>,
    /// What sort of thing it is: never evidence.
    pub kind: Option<Kind>,
}

impl Text<'_> {
    /// Whether the two get the same tags: all is the same that is ever evidence, or tells whose a series is.
    pub fn says(&self, other: &Text<'_>) -> bool {
        Text { lang: None, kind: None, ..*self } == Text { lang: None, kind: None, ..*other }
    }
}

/// A telecom use case found in a text.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct UseCaseTag {
    /// Its id in `topics.toml`.
    pub id: String,
    /// The terms that say so.
    pub evidence: Vec<Evidence>,
}

/// The taxonomy compiled once; shared by reference between threads.
#[derive(Debug)]
pub struct Tagger {
    taxonomy: Taxonomy,
    pub(crate) lexicon: Lexicon,
    pub(crate) gate: Gate,
    words: Words,
    concepts: Concepts,
    weights: Option<Weights>,
    /// By topic: its strong terms open the AI gate.
    opens: Vec<bool>,
    /// By topic: its axes, the default first.
    axes: Vec<Vec<Axis>>,
}

/// The fields of evidence in the order in which they are folded.
const FIELDS: [&str; 5] = ["title", "summary", "keywords", "number", "group"];

/// A text on its way.
pub(crate) struct Reading {
    folded: Folded,
    found: Findings,
    words: Vec<Word>,
    linked: Linked,
    has_text: bool,
}

impl Tagger {
    /// Compiles the taxonomy; `weights` is the text of `data/weights.toml`. Without it the rules decide alone.
    ///
    /// # Errors
    /// When a line of the weights cannot be read.
    pub fn new(taxonomy: &Taxonomy, weights: Option<&str>) -> Result<Tagger, TaxonomyError> {
        let topics = taxonomy.topics();
        let lexicon = Lexicon::new(taxonomy);
        let opens: Vec<bool> = topics.iter().map(|t| OPENING_GROUPS.contains(&t.group.as_str())).collect();
        Ok(Tagger {
            gate: Gate::new(&lexicon, &opens),
            lexicon,
            opens,
            words: Words::new(taxonomy),
            concepts: Concepts::new(taxonomy),
            weights: weights.map(|w| Weights::parse(w, taxonomy)).transpose()?,
            axes: topics.iter().map(|t| t.axes.iter().filter_map(|a| Axis::from_word(a)).collect()).collect(),
            taxonomy: taxonomy.clone(),
        })
    }

    /// The taxonomy that this was made from.
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// Tags one text. The same text always gets the same tags.
    pub fn tag(&self, text: &Text<'_>) -> Tagging {
        let folded = folded(text);
        match self.gate.judge(&self.lexicon, &folded) {
            Some(relevance) => Tagging { relevance, ..Tagging::default() },
            None => self.tag_read(&self.read_folded(text, folded)),
        }
    }

    /// What the rules and the weights say, the gate unasked.
    pub(crate) fn tag_read(&self, reading: &Reading) -> Tagging {
        if !reading.found.about_ai() {
            let secure = !reading.found.security.0.is_empty();
            let relevance = if secure { Relevance::SecurityOnly } else { Relevance::Neither };
            return Tagging { relevance, ..Tagging::default() };
        }
        let features = features(&reading.found, &reading.words, &reading.linked, reading.has_text);
        let logits = self.logits(&reading.found, &features);
        if logits[RELEVANT] <= 0.0 {
            let relevance = match (logits[AI] > 0.0, logits[SECURITY] > 0.0) {
                (true, _) => Relevance::AiOnly,
                (false, true) => Relevance::SecurityOnly,
                (false, false) => Relevance::Neither,
            };
            return Tagging { relevance, score: round(logistic(logits[RELEVANT])), ..Tagging::default() };
        }
        let topics = self.topics(reading, &features, &logits);
        Tagging {
            relevance: Relevance::Relevant,
            score: round(logistic(logits[RELEVANT])),
            axes: self.decide_axes(&reading.found, &logits, &topics),
            topics,
            evidence: self.link(reading),
        }
    }

    /// The telecom use cases of a text that is about AI, each with the terms that say so.
    pub fn use_cases(&self, text: &Text<'_>) -> Vec<UseCaseTag> {
        let reading = self.read(text);
        let mut out: Vec<UseCaseTag> = Vec::new();
        for (number, case) in self.taxonomy.use_cases.iter().enumerate() {
            let mut evidence: Vec<Evidence> = Vec::new();
            for (_, hit) in reading.found.use_cases.iter().filter(|(c, _)| *c as usize == number) {
                let shown = show(&reading.folded, &self.lexicon.terms[hit.term as usize].name, hit.field, hit.start, hit.end);
                evidence.extend(shown.filter(|e| evidence.len() < SHOWN && !evidence.iter().any(|o| o.term == e.term)));
            }
            if !evidence.is_empty() {
                out.push(UseCaseTag { id: case.id.clone(), evidence });
            }
        }
        out
    }

    /// Strong terms that can never count, as topic, term and the reason: nothing finds them, or a trap takes them whenever they stand alone.
    pub fn dead_terms(&self) -> Vec<(String, String, String)> {
        let mut out = Vec::new();
        for topic in self.taxonomy.topics() {
            for term in topic.strong.iter().chain(topic.lang.values().flatten()) {
                let title = term.replace('*', "");
                let folded = fold(&title);
                let hits = self.lexicon.scan(&folded);
                let own = |h: &&Hit| {
                    self.lexicon.terms[h.term as usize].name == term.trim()
                        || fold(&self.lexicon.terms[h.term as usize].name).text == fold(term).text
                };
                let reason = if !hits.iter().any(|h| own(&h)) {
                    Some("the matcher does not find it in itself")
                } else {
                    let found = judge(&self.taxonomy, &self.lexicon, &self.opens, None, &folded, &hits);
                    found.trapped.iter().any(|h| own(&h)).then_some("a trap takes it even when it stands alone")
                };
                out.extend(reason.map(|r| (topic.id.to_string(), term.clone(), r.to_owned())));
            }
        }
        out
    }

    /// The features of a text by name, as the learner counts them; none when the text has no AI word.
    pub fn features(&self, text: &Text<'_>) -> Vec<NamedFeature> {
        let reading = self.read(text);
        if !reading.found.about_ai() {
            return Vec::new();
        }
        features(&reading.found, &reading.words, &reading.linked, reading.has_text)
            .iter()
            .map(|f| NamedFeature::new(f, &self.taxonomy))
            .collect()
    }

    /// What the rules alone say of a text: one log-odds for each of [`decisions`](crate::decisions); the weights are learnt on top of it.
    pub fn prior(&self, text: &Text<'_>) -> Vec<f32> {
        self.rule_logits(&self.read(text).found)
    }

    /// The topics that this text cannot have, by number: the words that they ask for are missing. Nothing can be learnt of them here.
    pub fn barred(&self, text: &Text<'_>) -> Vec<u16> {
        self.read(text).found.barred
    }

    pub(crate) fn read(&self, text: &Text<'_>) -> Reading {
        self.read_folded(text, folded(text))
    }

    fn read_folded(&self, text: &Text<'_>, folded: Folded) -> Reading {
        let hits = self.lexicon.scan(&folded);
        let found = judge(&self.taxonomy, &self.lexicon, &self.opens, text.body, &folded, &hits);
        let (words, linked) = if found.about_ai() {
            (self.words.of(&folded, &found.trapped), self.concepts.of(&folded, &found.trapped))
        } else {
            Default::default()
        };
        let has_text = text.summary.is_some_and(|s| s.len() > 40);
        Reading { folded, found, words, linked, has_text }
    }

    fn rule_logits(&self, found: &Findings) -> Vec<f32> {
        let mut out = vec![-2.0; TOPICS + self.taxonomy.topics().len()];
        let assign = self.taxonomy.matching.assign_at as f32;
        let mut best = 0.0f32;
        for (topic, hits) in &found.topics {
            let logit = (1.2 * (hits.score as f32 - assign) + 0.6).min(3.0);
            out[TOPICS + *topic as usize] = logit;
            best = best.max(hits.score as f32);
            if let Some(axis) = self.axes[*topic as usize].first().filter(|_| !hits.leans) {
                let slot = &mut out[AXES + *axis as usize];
                *slot = slot.max(logit);
            }
        }
        if found.safety.in_title() {
            let slot = &mut out[AXES + Axis::AiSafetyTrustworthiness as usize];
            *slot = slot.max(0.6);
        }
        let linked = found.link().is_some();
        out[RELEVANT] = if linked || best >= assign + 1.0 { 1.0 } else { -1.0 };
        out[AI] = if found.about_ai() { 1.0 } else { -3.0 };
        out[SECURITY] = if found.security.0.is_empty() { -1.0 } else { 1.0 };
        out
    }

    fn logits(&self, found: &Findings, features: &[Feature<'_>]) -> Vec<f32> {
        let mut out = self.rule_logits(found);
        if let Some(weights) = self.weights.as_ref().filter(|w| speaks(w, features)) {
            for (slot, bias) in out.iter_mut().zip(&weights.bias) {
                *slot += bias;
            }
            for feature in features {
                for (decision, weight) in weights.of(feature.key) {
                    out[*decision as usize] += weight * feature.value;
                }
            }
        }
        let mut missed = false;
        for topic in &found.barred {
            let slot = &mut out[TOPICS + *topic as usize];
            missed |= *slot > 0.0;
            *slot = slot.min(BARRED);
        }
        // Its only topic is one whose words are missing, and no word of security or safety stands elsewhere.
        if missed && found.security.0.is_empty() && found.safety.0.is_empty() && out[TOPICS..].iter().all(|logit| *logit <= 0.0) {
            out[RELEVANT] = out[RELEVANT].min(BARRED);
        }
        // What is named in the title and again below, or what a whole series is about, no other word takes away.
        let linked = found.link().is_some();
        for topic in found.topics.iter().filter(|(_, h)| h.certain).map(|(t, _)| *t as usize) {
            out[TOPICS + topic] = out[TOPICS + topic].max(CERTAIN);
            if linked {
                out[RELEVANT] = out[RELEVANT].max(CERTAIN);
            }
        }
        out
    }

    fn topics(&self, reading: &Reading, features: &[Feature<'_>], logits: &[f32]) -> Vec<TopicTag> {
        let mut order: Vec<(usize, f32)> = logits[TOPICS..].iter().copied().enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut out = Vec::new();
        for (number, logit) in order {
            // A relevant item is about something: its best topic is told even below the threshold.
            if out.len() >= self.taxonomy.matching.max_topics || (logit <= 0.0 && !out.is_empty()) || logit < LEAST {
                break;
            }
            let evidence = self.evidence(reading, features, number);
            if !evidence.is_empty() {
                out.push(TopicTag { id: self.taxonomy.topics()[number].id.clone(), score: round(logistic(logit)), evidence });
            }
        }
        out
    }

    fn decide_axes(&self, found: &Findings, logits: &[f32], topics: &[TopicTag]) -> Vec<Axis> {
        let mut scores: Vec<(f32, Axis)> = Axis::ALL.iter().map(|a| (logits[AXES + *a as usize], *a)).collect();
        for tag in topics {
            let number = self.taxonomy.topics().iter().position(|t| t.id == tag.id);
            let leans = number.and_then(|n| found.topics.get(&(n as u16))).is_some_and(|h| h.leans);
            if let Some(axis) = number.filter(|_| !leans).and_then(|n| self.axes[n].first()) {
                scores[*axis as usize].0 += tag.score;
            }
        }
        let best = scores.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        scores.iter().filter(|s| s.0 > 0.0 || Some(s.1) == best.map(|b| b.1)).map(|s| s.1).collect()
    }

    /// Why this topic: the rules' terms first, then the concepts that weigh most; where neither speaks, the learnt words that weigh most.
    fn evidence(&self, reading: &Reading, features: &[Feature<'_>], topic: usize) -> Vec<Evidence> {
        let mut out: Vec<Evidence> = Vec::new();
        let add = |out: &mut Vec<Evidence>, term: &str, field: u8, start: usize, end: usize| {
            if out.len() < SHOWN
                && let Some(e) = show(&reading.folded, term, field, start, end)
                && !out.iter().any(|o| o.term == e.term || (o.field == e.field && o.start < e.end && e.start < o.end))
            {
                out.push(e);
            }
        };
        if let Some(hits) = reading.found.topics.get(&(topic as u16)) {
            let mut strong = hits.strong.clone();
            strong.sort_by_key(|h| (h.field, std::cmp::Reverse(h.end - h.start), h.start));
            for hit in strong.iter().chain(&hits.weak) {
                add(&mut out, &self.lexicon.terms[hit.term as usize].name, hit.field, hit.start, hit.end);
            }
        }
        if let Some(weights) = &self.weights {
            let decision = (TOPICS + topic) as u16;
            let weight = |f: &Feature<'_>| weights.of(f.key).iter().filter(|(d, _)| *d == decision).map(|(_, w)| w * f.value).sum::<f32>();
            let mut words: Vec<(f32, &Word, bool)> = features
                .iter()
                .filter_map(|f| Some((weight(f), f.word?, matches!(f.key, Key::Link(_)))))
                .filter(|(w, _, _)| *w > 0.02)
                .collect();
            words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
            // Among words, those that weigh much less than the first are chance.
            let least = words.first().map_or(0.0, |w| w.0 / 2.0);
            words.retain(|w| w.0 >= least);
            // What the taxonomy names says why. A word that stood often in such texts is shown where nothing else can be.
            for named in [true, false] {
                if named || out.is_empty() {
                    for (_, word, _) in words.iter().filter(|w| w.2 || !named).take(16) {
                        add(&mut out, &word.text, word.field, word.start, word.end);
                    }
                }
            }
        }
        out
    }

    /// Why it is relevant: the AI word and the security word that stand together, or the first of each.
    fn link(&self, reading: &Reading) -> Vec<Evidence> {
        let found = &reading.found;
        let first = |set: &crate::rules::Places| set.0.first().copied();
        let pair: [Option<Hit>; 2] = match found.link() {
            Some((a, s)) => [Some(a), Some(s)],
            None => [first(&found.ai), first(&found.security).or_else(|| first(&found.safety))],
        };
        let mut out: Vec<Evidence> = Vec::new();
        for hit in pair.into_iter().flatten() {
            let e = show(&reading.folded, &self.lexicon.terms[hit.term as usize].name, hit.field, hit.start, hit.end);
            out.extend(e.filter(|e| !out.contains(e)));
        }
        out
    }
}

/// The fields of a text, folded, in the order of [`FIELDS`].
pub(crate) fn folded(text: &Text<'_>) -> Folded {
    let keywords = if text.keywords.is_empty() { String::new() } else { text.keywords.join(" ") };
    let fields = [text.title, text.summary.unwrap_or_default(), &keywords, text.number.unwrap_or_default(), text.group.unwrap_or_default()];
    let fields = fields.map(|field| &field[..field.floor_char_boundary(READ_LIMIT)]);
    let mut folded = Folded::with_room(fields.iter().map(|f| f.len() + 1).sum());
    fields.iter().for_each(|field| folded.push(field));
    folded
}

/// Whether the weights know the language of the text: they are learnt from English, and of another text they know hardly a word.
fn speaks(weights: &Weights, features: &[Feature<'_>]) -> bool {
    let single = features.iter().filter_map(|f| match f.key {
        Key::Text(word) if !word.contains(' ') => Some(!weights.of(f.key).is_empty()),
        _ => None,
    });
    let (all, known) = single.fold((0, 0), |(all, known), is| (all + 1, known + usize::from(is)));
    known * 3 > all && all > 1
}

/// The evidence for a stretch of folded text, unless the span would not show the term: too long, or spelt out of recognition by an alias.
fn show(text: &Folded, term: &str, field: u8, start: usize, end: usize) -> Option<Evidence> {
    let (from, to) = text.origin(start, end);
    let cut = &text.text[start..end];
    let term_folded = fold(term.trim_end_matches('*')).text;
    let head = |w: &str| w.chars().take(4).collect::<String>();
    let shared = cut.split(' ').any(|a| term_folded.split(' ').any(|b| head(a) == head(b)));
    let like = cut.starts_with(&term_folded) || term_folded.starts_with(cut) || shared;
    (like && to > from && to - from <= 120).then(|| Evidence {
        term: term.to_owned(),
        field: FIELDS[field as usize].to_owned(),
        start: from,
        end: to,
    })
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn round(x: f32) -> f32 {
    (x * 1000.0).round() / 1000.0
}
