use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// Longer texts are cut: what a work is about stands in its first sentences.
const LONGEST_TEXT: usize = 8_000;

/// Words that no phrase holds: function words, and the words in which every abstract speaks.
const STOP: &str = "a an the and or of in on for to from by with without at as is are was were be been being it its this that these those \
    there here which who whom whose what when where how why not no nor but if then than so such also both either neither each any all some \
    more most less least many much few several other others another same own only just very can could may might must shall should will would \
    do does did done has have had having into onto over under above below between among across through during before after about against \
    within via per up down out off upon toward towards while because since until although though however thus hence therefore et al eg ie etc \
    we our us you your they their them he she his her i my one two three four five first second third new use used uses using based \
    paper papers document documents describes described describe present presents presented show shows shown propose proposes proposed \
    provide provides provided approach approaches study studies result results work works method methods well various different including \
    include includes enable enables enabled existing recent current further whether around ask asked percentage point points become becomes made make makes given due even still yet often \
    every next previous prior last earlier later early late main full whole entire certain specific particular typical \
    possible potential available relevant related respective significant important essential necessary sufficient appropriate \
    effective efficient novel complete clear simple complex better best good strong weak wide broad \
    verify verifies verified ensure ensures allow allows allowed require requires required define defines defined specify specifies specified \
    support supports supported introduce introduces introduced address addresses addressed apply applies applied achieve achieves achieved \
    improve improves improved reduce reduces reduced increase increases increased compare compares compared consider considers considered \
    demonstrate demonstrates evaluate evaluates evaluated identify identifies identified find finds found need needs needed lead leads \
    help helps take takes taken follow follows followed enforce enforces enforced extend extends extended \
    outperform outperforms reveal reveals remain remains rely relies combine combines contain contains perform performs performed \
    section chapter clause annex table figure revision version draft abstract memo author authors rate score scores agenda percent average \
    time year years number numbers re satisfy satisfies satisfied designated set sets way ways case cases type types level levels part parts respect respectively";

/// Finds phrases of two or three words and gives each a small number.
#[derive(Debug)]
pub(crate) struct Phrases {
    stop: HashSet<&'static str>,
    words: HashMap<String, u32>,
    /// Word by its number.
    names: Vec<String>,
}

/// Two or three words; the third is 0 in a pair.
pub(crate) type Phrase = [u32; 3];

impl Phrases {
    pub(crate) fn new() -> Self {
        Phrases { stop: STOP.split_whitespace().collect(), words: HashMap::new(), names: vec![String::new()] }
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(n) = self.words.get(word) {
            return *n;
        }
        let n = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.words.insert(word.to_owned(), n);
        self.names.push(word.to_owned());
        n
    }

    /// The phrases of a text, each once, in order of first use.
    pub(crate) fn of(&mut self, text: &str) -> Vec<Phrase> {
        let end = text.char_indices().nth(LONGEST_TEXT).map_or(text.len(), |(i, _)| i);
        let (mut out, mut seen) = (Vec::new(), HashSet::new());
        let mut run: Vec<u32> = Vec::new();
        let mut close = |run: &mut Vec<u32>| {
            for i in 0..run.len().saturating_sub(1) {
                for phrase in [Some([run[i], run[i + 1], 0]), run.get(i + 2).map(|c| [run[i], run[i + 1], *c])].into_iter().flatten() {
                    if seen.insert(phrase) {
                        out.push(phrase);
                    }
                }
            }
            run.clear();
        };
        let mut word = String::new();
        // A final space closes the last word.
        for c in text[..end].chars().chain([' ']) {
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
                continue;
            }
            if !word.is_empty() {
                let one = singular(&word);
                let stops = self.stop.contains(word.as_str()) || self.stop.contains(one.as_ref());
                if stops || word.len() < 2 || word.chars().all(|c| c.is_numeric()) || is_adverb(&word) {
                    close(&mut run);
                } else {
                    run.push(self.word(&one));
                }
                word.clear();
            }
            // White space and hyphens hold a phrase together, everything else ends it.
            if !(c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}')) {
                close(&mut run);
            }
        }
        close(&mut run);
        out
    }

    /// The words of a phrase with one space between.
    pub(crate) fn text(&self, phrase: Phrase) -> String {
        phrase.iter().filter(|w| **w > 0).map(|w| self.names[*w as usize].as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Adverbs stand in no name of a thing.
fn is_adverb(word: &str) -> bool {
    word.len() > 5 && word.ends_with("ly") && !matches!(word, "supply" | "anomaly" | "family" | "assembly" | "monopoly" | "friendly")
}

/// Plain plural off, so that "agent skills" and "agent skill" are one phrase.
fn singular(word: &str) -> Cow<'_, str> {
    if matches!(word, "series" | "species") {
        return Cow::Borrowed(word);
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 2) {
        return Cow::Owned(format!("{stem}y"));
    }
    // Harnesses, boxes, matches, crashes: the plural has an e of its own; databases, caches and messages do not.
    if let Some(stem) = word.strip_suffix("es").filter(|s| s.ends_with("ss") || s.ends_with("sh") || s.ends_with("tch") || s.ends_with('x'))
    {
        return Cow::Borrowed(stem);
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => Cow::Borrowed(stem),
        _ => Cow::Borrowed(word),
    }
}

/// The text by which a term of the taxonomy is compared with phrases.
pub(crate) fn plain(term: &str) -> String {
    let lower = term.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(singular);
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let mut p = Phrases::new();
        p.of(text).into_iter().map(|x| p.text(x)).collect()
    }

    #[test]
    fn phrases_end_at_stop_words_and_punctuation() {
        assert_eq!(
            texts("The agent skills of a Model-Context protocol; skills."),
            ["agent skill", "model context", "model context protocol", "context protocol"]
        );
        assert_eq!(texts("agent skills, agent skill"), ["agent skill"]);
        assert_eq!(texts("agents increasingly supply anomalies"), ["supply anomaly"]);
        assert_eq!(plain("Prompt-injection attacks"), "prompt injection attack");
        assert_eq!(plain("test harnesses, patches and data caches"), "test harness patch and data cache");
    }

    #[test]
    fn hostile_text_gives_few_phrases_and_no_panic() {
        assert!(texts("").is_empty() && texts("\u{0}\u{202e}\u{feff} , ; 12 34 56").is_empty());
        assert_eq!(texts(&"ab cd ".repeat(100_000)).len(), 4);
        texts("İİ ßß ᾳᾳ 人工智能 安全");
    }
}
