use std::borrow::Cow;

use crate::{Document, Kind};

/// Texts with fewer different words have no print: of so few, equal ones say little.
const LEAST_WORDS: usize = 6;
/// Bytes of the summary that count.
const LONGEST: usize = 8 << 10;
/// Bits of one band; two prints that differ in at most three bits share at least one of the four.
const BAND: u32 = 16;

/// What a text says, in 64 bits: similar texts have prints that differ in few of them (Charikar's simhash).
///
/// The recipe is fixed for ever, since prints of different years are compared: title and the first 8 KiB of the summary are cut
/// into words (letters and digits, in lower case); features are each word and each pair of neighbours, those of the title
/// weighing two, those of the summary one; a feature's hash is FNV-1a (64 bits) of its UTF-8 bytes, a pair being joined by one
/// space, stirred once by SplitMix64's last step; bit *i* is set when the weights of the features whose hash has it exceed the
/// weights of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPrint {
    /// The print.
    pub bits: u64,
    /// The hash of the title's words alone.
    pub title: u64,
}

impl TextPrint {
    /// The print of a title with its summary; none when they are too short to mean anything.
    pub fn of(title: &str, summary: Option<&str>) -> Option<TextPrint> {
        let mut end = summary.map_or(0, |s| s.len().min(LONGEST));
        while summary.is_some_and(|s| !s.is_char_boundary(end)) {
            end -= 1;
        }
        let (head, tail) = (unruly(title), unruly(&summary.unwrap_or_default()[..end]));
        let mut distinct: Vec<Cow<'_, str>> = Vec::with_capacity(LEAST_WORDS);
        for word in words(&head).chain(words(&tail)) {
            if distinct.len() == LEAST_WORDS {
                break;
            }
            let word = lower(word);
            if !distinct.iter().any(|d| d.eq_ignore_ascii_case(&word)) {
                distinct.push(word);
            }
        }
        if distinct.len() < LEAST_WORDS {
            return None;
        }
        let mut weights = Weights::default();
        let title = weights.add_all(&head, 1);
        weights.add_all(&tail, 0);
        Some(TextPrint { bits: weights.bits(), title: stir(title) })
    }

    /// In how many bits two prints differ.
    pub fn distance(self, other: TextPrint) -> u32 {
        (self.bits ^ other.bits).count_ones()
    }

    /// Names under which similar texts meet: the four bands of the print, and the title.
    pub fn names(self) -> [[u8; 9]; 5] {
        let mut out = [[0; 9]; 5];
        for (band, name) in (0..4_u8).zip(&mut out) {
            name[0] = band;
            name[1..].copy_from_slice(&(self.bits >> (u32::from(band) * BAND) & 0xffff).to_be_bytes());
        }
        out[4][0] = 4;
        out[4][1..].copy_from_slice(&self.title.to_be_bytes());
        out
    }
}

impl Document {
    /// The print by which copies of it are found: of what has no number of its own (news, posts, pages), and of papers.
    pub fn text_print(&self) -> Option<TextPrint> {
        if self.is_numbered() && self.kind != Kind::Paper {
            return None;
        }
        TextPrint::of(&self.title, self.summary.as_deref())
    }

    /// The hash of its title's words, by which drafts that go on under another name are found: of Internet-Drafts and RFCs.
    pub fn title_print(&self) -> Option<u64> {
        let name = self.document.as_str().strip_prefix("ietf/")?;
        if !(name.starts_with("draft-") || name.starts_with("rfc-")) {
            return None;
        }
        let title = unruly(&self.title);
        let many = words(&title).nth(1).is_some();
        many.then(|| stir(each_feature(&title, |_| {})))
    }

    /// Whether it is known by a number that its body gave it, and not by an address or a source's own key.
    pub fn is_numbered(&self) -> bool {
        self.document.is_numbered()
    }
}

/// A word in lower case; one of ASCII is left as it is, and its capitals are lowered where it is hashed.
fn lower(word: &str) -> Cow<'_, str> {
    if word.is_ascii() { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

/// A text, in lower case where its words cannot be lowered one by one: a dotted capital I falls into two characters, and which small
/// letter a capital sigma has depends on what stands round it.
fn unruly(text: &str) -> Cow<'_, str> {
    let odd = !text.is_ascii() && text.contains(['\u{130}', '\u{3a3}']);
    if odd { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let bytes = rest.as_bytes();
        // up to the first byte that is no ASCII, bytes are characters
        let mut begin = bytes.iter().position(|b| b.is_ascii_alphanumeric() || !b.is_ascii())?;
        if !bytes[begin].is_ascii() {
            begin += rest[begin..].find(char::is_alphanumeric)?;
        }
        let mut end = begin + rest.as_bytes()[begin..].iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len() - begin);
        if rest.as_bytes().get(end).is_some_and(|b| !b.is_ascii()) {
            end += rest[end..].find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len() - end);
        }
        let word = &rest[begin..end];
        rest = &rest[end..];
        Some(word)
    })
}

/// For each byte its small letter, if it is a letter or digit of ASCII; else nothing.
const SMALL: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        table[at] = if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { 0 };
        at += 1;
    }
    table
};

/// Shows the hash of each word and of each pair of neighbours. Gives the hash of all words, each with a space behind it.
fn each_feature(text: &str, mut show: impl FnMut(u64)) -> u64 {
    let bytes = text.as_bytes();
    let mut all = FNV;
    // the hash of the word before, with the space that joins it to the next
    let mut last: Option<u64> = None;
    let mut at = 0;
    while at < bytes.len() {
        let begin = at;
        // Alone, and behind what was hashed before: side by side, for each step waits for the one before it.
        let (mut alone, mut pair, before) = (FNV, last.unwrap_or(FNV), all);
        for byte in &bytes[begin..] {
            let small = SMALL[usize::from(*byte)];
            if small == 0 {
                break;
            }
            (alone, pair, all) = (step(alone, small), step(pair, small), step(all, small));
            at += 1;
        }
        if bytes.get(at).is_some_and(|b| !b.is_ascii())
            && let Some(c) = text[at..].chars().next()
        {
            if c.is_alphanumeric() {
                at += text[at..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - at);
                let word = lower(&text[begin..at]);
                let hash = |before: u64| word.bytes().map(|b| b.to_ascii_lowercase()).fold(before, step);
                (alone, pair, all) = (hash(FNV), hash(last.unwrap_or(FNV)), hash(before));
            } else if begin == at {
                at += c.len_utf8();
                continue;
            }
        } else if begin == at {
            at += 1;
            continue;
        }
        show(alone);
        if last.is_some() {
            show(pair);
        }
        last = Some(step(alone, b' '));
        all = step(all, b' ');
    }
    all
}

/// FNV-1a of nothing.
const FNV: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a of what was hashed before and one byte more.
#[inline]
fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

#[inline]
fn stir(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// For each of 64 bits, the weight of the features that have it: 64 counters side by side, digit by binary digit, so that a feature
/// costs a few operations and not 64. Eight features of one weight are summed up before their carry goes on.
#[derive(Default)]
struct Weights {
    digits: [u64; 32],
    total: u64,
    waiting: [u64; 8],
    many: usize,
}

impl Weights {
    /// Adds the features of a text, each with the weight two to the power of `first`. Gives the hash of its words.
    fn add_all(&mut self, text: &str, first: usize) -> u64 {
        let all = each_feature(text, |feature| self.add(stir(feature), first));
        self.settle(first);
        all
    }

    #[inline]
    fn add(&mut self, hash: u64, first: usize) {
        self.waiting[self.many] = hash;
        self.many += 1;
        if self.many == 8 {
            self.sum_up(first);
        }
    }

    /// Counts what waits: what is missing of eight weighs nothing.
    fn settle(&mut self, first: usize) {
        if self.many > 0 {
            self.waiting[self.many..].fill(0);
            self.sum_up(first);
        }
    }

    fn sum_up(&mut self, first: usize) {
        self.total += (self.many as u64) << first;
        self.many = 0;
        let [a, b, c, d, e, f, g, h] = self.waiting;
        let [mut one, mut two, mut four] = [self.digits[first], self.digits[first + 1], self.digits[first + 2]];
        let carries = [sum(&mut one, a, b), sum(&mut one, c, d), sum(&mut one, e, f), sum(&mut one, g, h)];
        let (low, high) = (sum(&mut two, carries[0], carries[1]), sum(&mut two, carries[2], carries[3]));
        let mut carry = sum(&mut four, low, high);
        [self.digits[first], self.digits[first + 1], self.digits[first + 2]] = [one, two, four];
        for digit in &mut self.digits[first + 3..] {
            if carry == 0 {
                break;
            }
            (*digit, carry) = (*digit ^ carry, *digit & carry);
        }
    }

    /// The bits whose features weigh more than the others: more than half of all, compared digit by digit from the highest on.
    fn bits(&self) -> u64 {
        let half = self.total / 2;
        let (mut more, mut same) = (0, u64::MAX);
        for (n, digit) in self.digits.iter().enumerate().rev() {
            let of_half = if half >> n & 1 == 1 { u64::MAX } else { 0 };
            more |= same & digit & !of_half;
            same &= !(digit ^ of_half);
        }
        more
    }
}

/// Adds two to one digit, and gives what goes on to the next.
#[inline]
fn sum(digit: &mut u64, a: u64, b: u64) -> u64 {
    let odd = a ^ b;
    let carry = (a & b) | (*digit & odd);
    *digit ^= odd;
    carry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_never_changes() {
        let print = TextPrint::of("Signed model cards for language models", Some("How a provider signs what it says of a model."));
        assert_eq!(print.map(|p| p.bits), Some(RECIPE), "prints of different years are compared: {print:x?}");
    }

    const RECIPE: u64 = 0x9140_d8da_1c4c_2199;

    proptest::proptest! {
        #[test]
        fn words_are_what_stands_between_signs(text in "( |[a-cA-C]|7|-|é|安|\u{a0}|_|—){0,30}") {
            let want: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            proptest::prop_assert_eq!(words(&text).collect::<Vec<_>>(), want);
        }

        #[test]
        fn words_are_lowered_as_their_text_is(title in "[A-ZÄÉİΣΩЖßşǅ’' ]{12,40}", summary in "[a-zA-ZÄΣЖ安 -]{0,60}") {
            let lower = |text: &str| text.to_lowercase();
            let of_lower = TextPrint::of(&lower(&title), Some(&lower(&summary)));
            proptest::prop_assert_eq!(TextPrint::of(&title, Some(&summary)), of_lower);
        }

        #[test]
        fn ascii_is_hashed_as_its_lower_case(title in "[a-zA-Z0-9 .-]{20,60}", summary in "[a-zA-Z0-9 .-]{0,90}") {
            let of_lower = TextPrint::of(&title.to_lowercase(), Some(&summary.to_lowercase()));
            proptest::prop_assert_eq!(TextPrint::of(&title, Some(&summary)), of_lower);
            // no letter and no ASCII
            proptest::prop_assert_eq!(TextPrint::of(&format!("{title} —"), Some(&format!("— {summary}"))), of_lower);
        }
    }

    #[test]
    fn weights_are_those_of_the_recipe() {
        // the recipe taken at its word, one counter after the other
        let slow = |features: &[(u64, bool)]| {
            let sum =
                |bit: u32| features.iter().map(|(h, d)| (i64::from((h >> bit & 1) as u8) * 2 - 1) * if *d { 2 } else { 1 }).sum::<i64>();
            (0..64).filter(|bit| sum(*bit) > 0).fold(0_u64, |bits, bit| bits | 1 << bit)
        };
        let features: Vec<(u64, bool)> = (0..300_u64).map(|n| (stir(n), n % 3 == 0)).collect();
        for n in [0, 1, 2, 3, 7, 64, 299, 300] {
            let mut weights = Weights::default();
            for double in [true, false] {
                let first = usize::from(double);
                features[..n].iter().filter(|f| f.1 == double).for_each(|(hash, _)| weights.add(*hash, first));
                weights.settle(first);
            }
            assert_eq!(weights.bits(), slow(&features[..n]), "{n}");
        }
    }

    #[test]
    fn case_signs_and_spaces_do_not_count() {
        let a = TextPrint::of("Red teaming of Agents: seven lessons", Some("What we learnt, in short."));
        assert_eq!(a, TextPrint::of("  red teaming of agents — Seven Lessons", Some("What we learnt\nin short")));
        assert!(a.is_some());
    }

    #[test]
    fn prints_near_to_each_other_share_a_band() {
        let a = TextPrint { bits: 0x0123_4567_89ab_cdef, title: 1 };
        let b = TextPrint { bits: a.bits ^ (1 << 3 | 1 << 20 | 1 << 40), title: 2 };
        assert_eq!(a.distance(b), 3);
        assert!(a.names().iter().any(|n| b.names().contains(n)));
    }

    #[test]
    fn hostile_texts_are_cheap_and_harmless() {
        assert_eq!(TextPrint::of("", None), None);
        assert_eq!(TextPrint::of("\u{0}\u{202e}", Some("\u{feff}")), None);
        let huge = "ä ".repeat(1 << 20);
        assert_eq!(TextPrint::of("x", Some(&huge)), None, "two words, however often");
        assert!(TextPrint::of("one two three four five six", Some(&"é".repeat(100_001))).is_some());
    }
}
