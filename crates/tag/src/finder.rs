//! Which literals begin at which place of a folded text.
//!
//! An automaton looks at every byte; a term begins where a word begins, and most words begin no term. So each beginning of a word is
//! held against a small filter of how literals begin, and only what passes it is looked up in their sorted list.

/// Beginnings by which the list is cut: the first byte.
const CUTS: usize = 1 << 8;

/// A byte that goes on a word of ASCII, one with which a literal begins if it is such, and if it is none.
const IN_WORD: u8 = 1;
const BEGINS_WORD: u8 = 2;
const BEGINS_ANY: u8 = 4;

/// The literals, in order.
#[derive(Debug)]
pub(crate) struct Finder {
    /// One behind the other: they are compared often, and stand near to each other so.
    text: Box<str>,
    /// Where each ends in the text.
    ends: Vec<u32>,
    /// The first eight bytes of each, as a number that sorts as they do.
    heads: Vec<u64>,
    /// Where in the list those begin that begin with this byte.
    cuts: Vec<u32>,
    /// What each byte may be.
    kinds: [u8; 256],
    /// For each the longest other one with which it begins.
    within: Vec<Option<u32>>,
    /// How literals of four bytes or more begin, by the first four.
    four: Filter,
    /// Those of three bytes; and how text begins that begins with a shorter one, a bit for each two bytes.
    three: Filter,
    two: Box<[u64]>,
    /// Among the first: those of fewer than eight, by the first four, and the others, by the first eight.
    some: Filter,
    eight: Filter,
}

impl Finder {
    /// `literals` are sorted, none is empty, and none stands there twice.
    pub(crate) fn new<'l>(literals: impl Iterator<Item = &'l str>) -> Finder {
        let literals: Vec<&str> = literals.collect();
        debug_assert!(literals.windows(2).all(|w| w[0] < w[1]));
        let heads: Vec<u64> = literals.iter().map(|l| head(l.as_bytes())).collect();
        let mut kinds: [u8; 256] = std::array::from_fn(|b| if (b as u8).is_ascii_alphanumeric() { IN_WORD } else { 0 });
        let (mut within, mut cuts) = (Vec::with_capacity(literals.len()), Vec::with_capacity(CUTS + 1));
        let [mut four, mut three, mut some, mut eight] = [const { Vec::new() }; 4];
        let mut two: Box<[u64]> = vec![0; (1 << 16) / 64].into();
        let set = |bits: &mut [u64], number: u64| bits[(number / 64) as usize] |= 1 << (number % 64);
        // Those with which the one before begins, itself included: the next one begins with some of them.
        let mut open: Vec<u32> = Vec::new();
        for ((number, literal), head) in (0..).zip(&literals).zip(&heads) {
            while open.last().is_some_and(|o| !literal.starts_with(literals[*o as usize])) {
                open.pop();
            }
            within.push(open.last().copied());
            open.push(number);
            cuts.resize((head >> 56) as usize + 1, number);
            let kind = &mut kinds[(head >> 56) as usize];
            *kind |= if *kind & IN_WORD != 0 { BEGINS_WORD } else { BEGINS_ANY };
            match literal.len() {
                8.. => eight.push(*head),
                4.. => some.push(head >> 32),
                3 => three.push(head >> 40),
                2 => set(&mut two, head >> 48),
                // whatever stands behind it
                _ => (0..1 << 8).for_each(|any| set(&mut two, head >> 48 | any)),
            }
            if literal.len() >= 4 {
                four.push(head >> 32);
            }
        }
        cuts.resize(CUTS + 1, literals.len() as u32);
        let [four, three, some, eight] = [four, three, some, eight].map(|numbers| Filter::of(&numbers));
        let text = literals.concat().into();
        let ends = literals.iter().scan(0, |end, l| {
            *end += l.len() as u32;
            Some(*end)
        });
        Finder { text, ends: ends.collect(), heads, cuts, kinds, within, four, three, two, some, eight }
    }

    /// A literal by its number.
    pub(crate) fn literal(&self, number: usize) -> &str {
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin as usize..self.ends[number] as usize]
    }

    /// Shows every literal that stands in `text` where a word may begin: its number, its length, and that place.
    pub(crate) fn each(&self, text: &str, mut show: impl FnMut(u32, usize, usize)) {
        let mut next = 0;
        while let Some((at, head)) = self.candidate(text.as_bytes(), next) {
            next = at + 1;
            let rest = &text[at..];
            // What `rest` begins with stands before it in the list, and whatever is between begins with that, too.
            let cut = (head >> 56) as usize;
            let (begin, end) = (self.cuts[cut] as usize, self.cuts[cut + 1] as usize);
            let mut last = begin + self.heads[begin..end].partition_point(|h| *h < head);
            let same = self.heads[last..end].partition_point(|h| *h == head);
            last += partition(last..last + same, |n| self.literal(n) <= rest);
            let mut found = last.checked_sub(1).map(|n| n as u32);
            while let Some(number) = found {
                let literal = self.literal(number as usize);
                if rest.starts_with(literal) {
                    show(number, literal.len(), at);
                }
                found = self.within[number as usize];
            }
        }
    }

    /// The next place from `from` on at which a literal may begin, and what stands there. A loop of its own: it goes over every byte.
    #[inline(never)]
    fn candidate(&self, bytes: &[u8], from: usize) -> Option<(usize, u64)> {
        let before = from.checked_sub(1).map_or(0, |before| self.kinds[usize::from(bytes[before])]);
        let mut wanted = wanted_behind(before);
        let mut at = from;
        while at < bytes.len() {
            let kind = self.kinds[usize::from(bytes[at])];
            if kind & wanted != 0 {
                let head = head(&bytes[at..]);
                if self.may_begin(head) {
                    return Some((at, head));
                }
            }
            wanted = wanted_behind(kind);
            at += 1;
        }
        None
    }

    /// Whether a literal may begin so; most words are told by the first three questions.
    #[inline(never)]
    fn may_begin(&self, head: u64) -> bool {
        let pair = head >> 48;
        let short = self.three.has(head >> 40) || self.two[(pair / 64) as usize] >> (pair % 64) & 1 == 1;
        short || self.four.has(head >> 32) && (self.some.has(head >> 32) || self.eight.has(head))
    }
}

/// What may begin behind a byte of this kind: within a word nothing that a word goes on with.
#[inline]
fn wanted_behind(kind: u8) -> u8 {
    BEGINS_ANY | BEGINS_WORD & !(kind << 1)
}

/// How many of a range, from its start on, are as asked.
fn partition(range: std::ops::Range<usize>, is: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut until) = (range.start, range.end);
    while from < until {
        let middle = from + (until - from) / 2;
        if is(middle) { from = middle + 1 } else { until = middle }
    }
    from - range.start
}

/// The first eight bytes, as a number.
#[inline]
fn head(text: &[u8]) -> u64 {
    if let Some(eight) = text.first_chunk() {
        return u64::from_be_bytes(*eight);
    }
    let mut eight = [0; 8];
    eight[..text.len()].copy_from_slice(text);
    u64::from_be_bytes(eight)
}

/// Numbers that were met, as bits on which they fall: what was not met mostly shows.
#[derive(Debug)]
struct Filter {
    words: Box<[u64]>,
    shift: u32,
}

impl Filter {
    /// Sixteen bits for each number.
    fn of(numbers: &[u64]) -> Filter {
        let bits = (numbers.len() * 16).next_power_of_two().ilog2().max(6);
        let mut filter = Filter { words: vec![0; 1 << (bits - 6)].into(), shift: 64 - bits };
        for number in numbers {
            let (word, bit) = filter.bit(*number);
            filter.words[word] |= bit;
        }
        filter
    }

    #[inline]
    fn bit(&self, number: u64) -> (usize, u64) {
        let slot = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((slot / 64) as usize, 1 << (slot % 64))
    }

    #[inline]
    fn has(&self, number: u64) -> bool {
        let (word, bit) = self.bit(number);
        self.words[word] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use aho_corasick::AhoCorasick;

    use super::*;

    proptest::proptest! {
        /// What an automaton finds, without what begins within a word of ASCII.
        #[test]
        fn all_is_found_that_begins_where_a_word_begins(
            literals in proptest::collection::btree_set("(a|b|ab|ai |é|ذ|安|\\[){1,9}", 1..40),
            text in "(a|b|ab|ai| |é|ذ|安|\\[|-){0,90}",
        ) {
            let literals: Vec<String> = literals.into_iter().collect();
            let automaton = AhoCorasick::new(&literals).expect("an automaton");
            let inside = |at: usize| at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric() && text.as_bytes()[at].is_ascii_alphanumeric();
            let mut want: Vec<(u32, usize)> = automaton
                .find_overlapping_iter(&text)
                .map(|m| (m.pattern().as_u32(), m.start()))
                .filter(|(_, at)| !inside(*at))
                .collect();
            let mut have = Vec::new();
            Finder::new(literals.iter().map(String::as_str)).each(&text, |n, len, at| {
                assert_eq!(literals[n as usize].len(), len);
                have.push((n, at));
            });
            want.sort_unstable();
            have.sort_unstable();
            proptest::prop_assert_eq!(have, want);
        }
    }
}
