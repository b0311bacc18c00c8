//! The words and word pairs of a text, as the learner counts them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, hash_map::Entry};

use crate::{
    Taxonomy,
    fold::{Class, Folded, class, fold},
    lexicon::Hit,
    rules::GROUP,
};

/// Words that hold others together, and those that any abstract has: never a reason, and a pair reaches over them.
const JOINERS: &str = "a an and are as at be been between but by can could do does during each for from had has have how if in into is it its \
    may more most new no not novel of on one only or other our over same should so some such than that the their them then there these they \
    this those through to toward towards two under up use used uses using via was we were what when where whether which while who will with \
    within without would yet \
    achieve achieving address addresses addressing aim al all also although among any approach approaches around available based become \
    better both called can cannot common compared comprehensive consider considered current demonstrate demonstrates describe described describes \
    despite document due effective effectively efficient enable enables enabling et existing experiment experiments experimental first five find finding \
    findings four further furthermore given high however identify improve improved improves include including increasingly introduce introduces \
    large lead led leading like low major make makes making many moreover multiple need needs number often out outperform overall paper \
    particular particularly perform performance possible potential present presented presents propose proposed proposes provide provided provides \
    providing rather recent recently result resulting results second section several show shown shows significant significantly since small still \
    study support suggest term terms thereby therefore three thus time toward typically unlike upon various very via way well widely work works";

/// A stretch of text by which the learner knows an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// One stem, or two parted by a space.
    pub(crate) text: String,
    /// Where it stands first; the title comes before all else.
    pub(crate) field: u8,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How often it stands in the text.
    pub(crate) times: u32,
}

#[derive(Debug)]
pub(crate) struct Words {
    joiners: HashSet<&'static str>,
    /// Stems of long forms and the short form they become, by the last stem; the longest come first.
    alias: BTreeMap<String, Vec<(Vec<String>, String)>>,
    short: BTreeSet<String>,
}

struct Token<'a> {
    stem: std::borrow::Cow<'a, str>,
    start: usize,
    end: usize,
    /// A full stop or comma stands between the last token and this one.
    parted: bool,
}

impl Words {
    pub(crate) fn new(taxonomy: &Taxonomy) -> Words {
        let alias = &taxonomy.matching.alias;
        let stems = |t: &str| fold(t).text.split(' ').map(|w| stem(w).into_owned()).collect::<Vec<_>>();
        let mut alias: Vec<_> =
            alias.iter().filter(|(long, _)| !long.contains('(')).map(|(long, to)| (stems(long), fold(to).text)).collect();
        alias.sort_by_key(|(long, _)| std::cmp::Reverse(long.len()));
        let short = alias.iter().map(|(_, short)| short.clone()).collect();
        let mut by_last: BTreeMap<String, Vec<(Vec<String>, String)>> = BTreeMap::new();
        for (long, short) in alias {
            by_last.entry(long.last().cloned().unwrap_or_default()).or_default().push((long, short));
        }
        Words { joiners: JOINERS.split_whitespace().collect(), alias: by_last, short }
    }

    /// Every different word and pair, each at its first place.
    pub(crate) fn of(&self, text: &Folded, trapped: &[Hit]) -> Vec<Word> {
        let mut out: Vec<Word> = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut put = |stem: String, field: u8, start: usize, end: usize| match seen.entry(stem) {
            Entry::Occupied(at) => out[*at.get()].times += 1,
            Entry::Vacant(new) => {
                new.insert(out.len());
                out.push(Word { text: String::new(), field, start, end, times: 1 });
            }
        };
        let tokens = self.tokens(text);
        let mut last: Option<(&Token<'_>, u8)> = None;
        for token in &tokens {
            let field = text.field(token.start) as u8;
            if field == GROUP {
                break;
            }
            if trapped.iter().any(|h| h.start <= token.start && token.end <= h.end) {
                last = None;
                continue;
            }
            if token.parted || last.is_some_and(|(_, f)| f != field) {
                last = None;
            }
            if self.joiners.contains(token.stem.as_ref()) {
                continue;
            }
            put(token.stem.to_string(), field, token.start, token.end);
            if let Some((before, _)) = last
                && before.stem != token.stem
            {
                put([&before.stem, " ", &token.stem].concat(), field, before.start, token.end);
            }
            last = Some((token, field));
        }
        for (stem, at) in seen {
            out[at].text = stem;
        }
        out
    }

    fn tokens<'a>(&self, text: &'a Folded) -> Vec<Token<'a>> {
        let mut tokens: Vec<Token<'a>> = Vec::new();
        let (mut at, mut parted) = (0, false);
        let all = &text.text;
        while at < all.len() {
            let rest = &all[at..];
            let len = rest.find(|c| class(c) != Class::Word).unwrap_or(rest.len());
            if len == 0 {
                let c = rest.chars().next().unwrap_or(' ');
                parted |= matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '\n' | '"') || class(c) == Class::Free;
                at += c.len_utf8();
                continue;
            }
            if len > 1 && len <= 40 {
                let word = &rest[..len];
                if !word.bytes().all(|b| b.is_ascii_digit()) {
                    tokens.push(Token { stem: stem(word), start: at, end: at + len, parted });
                    self.shorten(&mut tokens);
                    parted = false;
                }
            }
            at += len;
        }
        tokens
    }

    /// Puts the short form for a long form that the last tokens make; a short form in brackets after it is the same word again.
    fn shorten(&self, tokens: &mut Vec<Token<'_>>) {
        let last = tokens.last().and_then(|t| self.alias.get(t.stem.as_ref()));
        for (long, short) in last.into_iter().flatten() {
            let Some(first) = tokens.len().checked_sub(long.len()) else { continue };
            if tokens[first..].iter().map(|t| t.stem.as_ref()).eq(long.iter().map(String::as_str))
                && !tokens[first + 1..].iter().any(|t| t.parted)
            {
                let (start, end, parted) = (tokens[first].start, tokens[tokens.len() - 1].end, tokens[first].parted);
                tokens.truncate(first);
                tokens.push(Token { stem: short.clone().into(), start, end, parted });
                return;
            }
        }
        if let [.., a, b] = tokens.as_slice()
            && a.stem == b.stem
            && b.parted
            && self.short.contains(b.stem.as_ref())
        {
            tokens.pop();
        }
    }
}

/// A word without its plural.
fn stem(word: &str) -> std::borrow::Cow<'_, str> {
    if word.len() > 5
        && let Some(s) = word.strip_suffix("ies")
    {
        return format!("{s}y").into();
    }
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        return word[..word.len() - 1].into();
    }
    word.into()
}
