//! What the rules of the taxonomy say of a text: traps, gates, topic scores.

use std::collections::BTreeMap;

use crate::{
    Taxonomy,
    fold::Folded,
    lexicon::{Hit, Lexicon, Part, Role},
};

/// The number of the title among the fields; "both in the title" is near.
pub(crate) const TITLE: u8 = 0;
/// The document number: a series is known by how it begins.
pub(crate) const NUMBER: u8 = 3;
/// The committee: read for series alone, everything else in it is no evidence (labelling guide R2).
pub(crate) const GROUP: u8 = 4;

/// The group of topics that say how something is ruled.
const GOVERNING: &str = "trust-governance";

/// Hits of one sort in the order of their place.
#[derive(Debug, Default)]
pub(crate) struct Places(pub(crate) Vec<Hit>);

impl Places {
    /// Whether one of these lies within the window of `hit`, or both stand in the title.
    pub(crate) fn near(&self, hit: &Hit, window: usize) -> bool {
        self.nearest(hit, window).is_some()
    }

    /// The nearest within the window; in the title any distance will do.
    pub(crate) fn nearest(&self, hit: &Hit, window: usize) -> Option<&Hit> {
        let at = self.0.partition_point(|h| h.start < hit.start);
        let gap = |h: &Hit| if h.start < hit.start { hit.start.saturating_sub(h.end) } else { h.start.saturating_sub(hit.end) };
        let around = self.0[..at].iter().rev().take(2).chain(self.0[at..].iter().take(2));
        around.filter(|h| h.field == hit.field && (h.field == TITLE || gap(h) <= window)).min_by_key(|h| gap(h))
    }

    pub(crate) fn in_title(&self) -> bool {
        self.0.first().is_some_and(|h| h.field == TITLE)
    }

    pub(crate) fn below(&self) -> bool {
        self.0.last().is_some_and(|h| h.field != TITLE)
    }
}

/// The hits that count for one topic.
#[derive(Debug, Default)]
pub(crate) struct TopicHits {
    pub(crate) strong: Vec<Hit>,
    pub(crate) weak: Vec<Hit>,
    pub(crate) score: u32,
    /// A strong term both in the title and below it, or a series of this topic: no word takes it away.
    pub(crate) certain: bool,
    /// Its terms share their words with the terms of another topic: a rule *of* that thing, which speaks for no axis of its own.
    pub(crate) leans: bool,
}

/// What one text shows.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) ai: Places,
    /// Those of `ai` that would open the gate alone.
    pub(crate) ai_strong: Places,
    pub(crate) security: Places,
    pub(crate) security_weak: Places,
    pub(crate) safety: Places,
    pub(crate) safety_weak: Places,
    pub(crate) telecom: Places,
    /// By topic number.
    pub(crate) topics: BTreeMap<u16, TopicHits>,
    /// Topics that are not given, whatever the weights say: the words that they ask for are missing.
    pub(crate) barred: Vec<u16>,
    /// Series that the document belongs to, by number in the taxonomy.
    pub(crate) series: Vec<(u16, Hit)>,
    /// Telecom use cases, by number in the taxonomy.
    pub(crate) use_cases: Vec<(u16, Hit)>,
    /// Stretches of the text that mean something else.
    pub(crate) trapped: Vec<Hit>,
    /// Bytes of folded text that count as one window.
    pub(crate) window: usize,
}

impl Findings {
    /// Whether the item is about AI at all.
    pub(crate) fn about_ai(&self) -> bool {
        !self.ai.0.is_empty()
    }

    /// The AI word and the security or safety word that stand nearest to each other.
    pub(crate) fn link(&self) -> Option<(Hit, Hit)> {
        let ai = if self.ai_strong.0.is_empty() { &self.ai } else { &self.ai_strong };
        let pair = |set: &Places| {
            let near = ai.0.iter().filter_map(|a| set.nearest(a, self.window).map(|s| (*a, *s)));
            near.min_by_key(|(a, s)| (a.field, a.start.max(s.start).saturating_sub(a.end.min(s.end))))
        };
        pair(&self.security).or_else(|| pair(&self.safety))
    }
}

/// Applies the rules. `opens` tells which topics' strong terms are AI words by themselves (attacks on AI, harm by AI).
pub(crate) fn judge(taxonomy: &Taxonomy, lexicon: &Lexicon, opens: &[bool], body: Option<&str>, text: &Folded, hits: &[Hit]) -> Findings {
    // Characters are told as bytes: the script of the first hit stands for the text.
    let wide = hits.first().and_then(|h| text.after(h.start)).map_or(1, char::len_utf8);
    let window = taxonomy.matching.window_chars as usize * wide;
    let mut found = Findings { window, ..Findings::default() };
    let alive = free_of_traps(taxonomy, lexicon, hits, window, &mut found.trapped);

    let mut weak_ai = Places::default();
    for hit in &alive {
        for role in lexicon.roles(hit) {
            if let Some(series) = series_of(taxonomy, body, text, hit, *role) {
                found.series.push((series, *hit));
                found.ai.0.push(*hit);
                if taxonomy.series[series as usize].security {
                    found.security.0.push(*hit);
                }
            }
            if hit.field == GROUP {
                continue;
            }
            let place = match role {
                Role::Ai => &mut found.ai,
                Role::AiWeak => &mut weak_ai,
                Role::Security => &mut found.security,
                Role::SecurityWeak => &mut found.security_weak,
                Role::Safety => &mut found.safety,
                Role::SafetyWeak => &mut found.safety_weak,
                Role::Telecom => &mut found.telecom,
                Role::Topic(t, Part::Lang) if opens[*t as usize] => &mut found.ai,
                _ => continue,
            };
            if place.0.last() != Some(hit) {
                place.0.push(*hit);
            }
        }
    }
    let first = weak_ai.0.first().map(|h| h.term);
    found.ai_strong.0.clone_from(&found.ai.0);
    if !found.ai.0.is_empty() || weak_ai.0.iter().any(|h| Some(h.term) != first) {
        found.ai.0.append(&mut weak_ai.0);
        found.ai.0.sort_unstable_by_key(|h| h.start);
    }
    if found.about_ai() {
        topics(taxonomy, lexicon, &alive, &mut found);
        use_cases(lexicon, &alive, &mut found);
    }
    found
}

/// Telecom use cases: named outright, or by a word near a telecom word.
fn use_cases(lexicon: &Lexicon, alive: &[Hit], found: &mut Findings) {
    for hit in alive.iter().filter(|h| h.field != GROUP && h.field != NUMBER) {
        for role in lexicon.roles(hit) {
            if let Role::UseCase(case, strong) = role
                && (*strong || found.telecom.near(hit, found.window))
            {
                found.use_cases.push((*case, *hit));
            }
        }
    }
}

/// The series that a hit speaks for: at the beginning of the number, or in the committee, of a body that issues it.
fn series_of(taxonomy: &Taxonomy, body: Option<&str>, text: &Folded, hit: &Hit, role: Role) -> Option<u16> {
    let (number, right) = match role {
        Role::Series(s) => (s, hit.field == NUMBER && text.before(hit.start).is_none_or(|c| c == '\n')),
        Role::Committee(s) => (s, hit.field == GROUP),
        _ => return None,
    };
    let bodies = &taxonomy.series[number as usize].body;
    let issued = bodies.is_empty() || body.is_some_and(|b| bodies.iter().any(|x| x.eq_ignore_ascii_case(b)));
    (right && issued).then_some(number)
}

/// The hits without those that a trap takes; what was taken is put into `trapped`.
fn free_of_traps(taxonomy: &Taxonomy, lexicon: &Lexicon, hits: &[Hit], window: usize, trapped: &mut Vec<Hit>) -> Vec<Hit> {
    let mut cancel: BTreeMap<u16, Places> = BTreeMap::new();
    let mut keep: BTreeMap<u16, Places> = BTreeMap::new();
    for hit in hits {
        for role in lexicon.roles(hit) {
            match role {
                Role::Cancel(t) => cancel.entry(*t).or_default().0.push(*hit),
                Role::Keep(t) => keep.entry(*t).or_default().0.push(*hit),
                _ => {}
            }
        }
    }
    debug_assert!(cancel.keys().all(|t| (*t as usize) < taxonomy.traps.len()));
    let caught = |hit: &Hit| {
        lexicon.terms[hit.term as usize]
            .traps
            .iter()
            .any(|t| cancel.get(t).is_some_and(|c| c.near(hit, window)) && !keep.get(t).is_some_and(|k| k.near(hit, window)))
    };
    if cancel.is_empty() {
        return hits.to_vec();
    }
    let (dead, alive): (Vec<Hit>, Vec<Hit>) = hits.iter().partition(|h| caught(h));
    *trapped = dead;
    alive
}

/// Scores the topics that have a hit.
fn topics(taxonomy: &Taxonomy, lexicon: &Lexicon, alive: &[Hit], found: &mut Findings) {
    #[derive(Default)]
    struct Parts {
        strong: Vec<Hit>,
        weak: Vec<Hit>,
        acronym: Vec<Hit>,
        negative: Places,
        near: Places,
        need: Places,
        asked: Vec<Hit>,
    }
    let mut by_topic: BTreeMap<u16, Parts> = BTreeMap::new();
    for (series, hit) in &found.series {
        for id in &taxonomy.series[*series as usize].topics {
            let Some(number) = taxonomy.topics().iter().position(|t| t.id == *id) else { continue };
            by_topic.entry(number as u16).or_default().strong.push(*hit);
        }
    }
    for hit in alive.iter().filter(|h| h.field != GROUP) {
        for role in lexicon.roles(hit) {
            let Role::Topic(t, part) = role else { continue };
            let parts = by_topic.entry(*t).or_default();
            match part {
                Part::Id | Part::Strong | Part::Lang => parts.strong.push(*hit),
                Part::Weak => parts.weak.push(*hit),
                Part::Acronym => parts.acronym.push(*hit),
                Part::Negative => parts.negative.0.push(*hit),
                Part::Near => parts.near.0.push(*hit),
                Part::Need => parts.need.0.push(*hit),
                Part::Ask => parts.asked.push(*hit),
            }
        }
    }
    longest_wins(&mut by_topic.iter_mut().map(|(t, p)| (*t, &mut p.strong)).collect::<Vec<_>>());
    let (window, rules) = (found.window, &taxonomy.matching);
    let mut asking: Vec<u16> = (0u16..).zip(taxonomy.topics()).filter(|(_, t)| !t.asks.is_empty()).map(|(n, _)| n).collect();
    for (number, parts) in by_topic {
        let topic = &taxonomy.topics()[number as usize];
        let mut out = TopicHits::default();
        let cancelled = |h: &Hit| parts.negative.near(h, window);
        let met = |h: &Hit| {
            topic.near.iter().all(|near| match near.as_str() {
                "ai" => found.ai.near(h, window),
                "security" => found.security.near(h, window),
                "telecom" => found.telecom.near(h, window),
                _ => parts.near.near(h, window),
            })
        };
        out.strong = parts.strong.iter().filter(|h| found.trapped.is_empty() || !cancelled(h)).copied().collect();
        if !parts.negative.in_title() {
            let acronyms = parts.acronym.iter().filter(|h| topic.acronyms_need.is_empty() || parts.need.near(h, window));
            out.weak = parts.weak.iter().chain(acronyms).filter(|h| !cancelled(h) && met(h)).copied().collect();
            out.weak.sort_unstable_by_key(|h| (h.start, h.end));
        }
        let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
        for (hits, title, body) in
            [(&out.weak, rules.weak_title_score, rules.weak_body_score), (&out.strong, rules.strong_title_score, rules.strong_body_score)]
        {
            for hit in hits {
                let worth = if hit.field == TITLE { title } else { body };
                let best = seen.entry(hit.term).or_default();
                *best = (*best).max(worth);
            }
        }
        out.score = seen.values().sum();
        let field = |is: &dyn Fn(u8) -> bool| out.strong.iter().any(|h| is(h.field));
        let of_series = |h: &Hit| found.series.iter().any(|(_, s)| s == h);
        out.certain = field(&|f| f == TITLE) && field(&|f| f == 1) || out.strong.iter().any(of_series);
        let named = out.strong.iter().chain(&out.weak).chain(&parts.asked).any(|h| h.field == TITLE);
        if named || out.strong.iter().any(of_series) || places(out.strong.iter().chain(&parts.asked)) > 1 {
            asking.retain(|t| *t != number);
        }
        if out.score > 0 {
            found.topics.insert(number, out);
        }
    }
    found.barred = asking;
    leaning(taxonomy, &mut found.topics);
}

/// At how many places these stand, those that overlap counted once.
fn places<'h>(hits: impl Iterator<Item = &'h Hit>) -> usize {
    let mut spans: Vec<(usize, usize)> = hits.map(|h| (h.start, h.end)).collect();
    spans.sort_unstable();
    spans.into_iter().fold((0, 0), |(count, reach), (start, end)| (count + usize::from(start >= reach), reach.max(end))).0
}

/// Marks the rules of something: a topic of governance of whose terms each shares words with a term of another topic (`标识办法`, the
/// measures for labelling, within the words for labelled content). By the verb (labelling guide R14) it is about that thing.
fn leaning(taxonomy: &Taxonomy, topics: &mut BTreeMap<u16, TopicHits>) {
    let mut found = Vec::new();
    for (number, hits) in topics.iter().filter(|(n, h)| taxonomy.topics()[**n as usize].group == GOVERNING && !h.strong.is_empty()) {
        let shared = |a: &Hit| {
            let others = topics.iter().filter(|(n, _)| *n != number).flat_map(|(_, h)| &h.strong);
            others.into_iter().any(|b| a.field == b.field && a.start < b.end && b.start < a.end && (a.start, a.end) != (b.start, b.end))
        };
        if hits.weak.is_empty() && hits.strong.iter().all(shared) {
            found.push(*number);
        }
    }
    for number in found {
        topics.entry(number).and_modify(|h| h.leans = true);
    }
}

/// Drops strong hits that lie within a longer one of another topic: the most specific wins (labelling guide R22).
fn longest_wins(topics: &mut [(u16, &mut Vec<Hit>)]) {
    let mut all: Vec<(usize, std::cmp::Reverse<usize>, u16)> =
        topics.iter().flat_map(|(t, hits)| hits.iter().map(|h| (h.start, std::cmp::Reverse(h.end), *t))).collect();
    all.sort_unstable();
    // For each hit in the order of starts: the furthest end so far, and whose it is.
    let mut covered = Vec::new();
    let mut reach = (0, u16::MAX, 0);
    for (start, std::cmp::Reverse(end), topic) in all {
        if end > reach.0 {
            reach = (end, topic, start);
        } else if topic != reach.1 && (end < reach.0 || start > reach.2) {
            covered.push((topic, start, end));
        }
    }
    covered.sort_unstable();
    for (topic, hits) in topics {
        hits.retain(|h| covered.binary_search(&(*topic, h.start, h.end)).is_err());
    }
}
