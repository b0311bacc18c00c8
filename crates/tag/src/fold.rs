//! Folding: what two spellings of one word have in common, and the way back to the original bytes.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

/// A combining run longer than this is cut: no language needs it, and sorting it must not become the work.
const LONGEST_CLUSTER: usize = 24;

/// How a character behaves at the edge of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    /// Part of a word that has edges (Latin, Cyrillic, Arabic, digits …).
    Word,
    /// A letter of a script that writes without spaces (Han, Kana) or glues particles on (Hangul).
    Free,
    /// Space, punctuation, nothing.
    Edge,
}

pub(crate) fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Word,
        _ if c.is_ascii() => Class::Edge,
        _ if is_free(c) => Class::Free,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Edge,
    }
}

fn is_free(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

pub(crate) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{064a}' | '\u{066e}'..='\u{06d3}')
}

/// Where a stretch of folded text came from.
#[derive(Clone, Copy, Debug)]
struct Piece {
    folded: u32,
    origin: u32,
    /// 0: byte for byte. Otherwise the whole piece stands for this many original bytes.
    block: u32,
}

/// Folded text of one or several fields, one after the other, parted by a line feed.
///
/// Folding is NFKC, lower case, without diacritics, tatweel, harakat, soft hyphens and invisible marks;
/// hyphens, slashes, underscores, control characters and white space become one space.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    pub(crate) text: String,
    /// One flag per byte of `text`: it came from a capital letter.
    pub(crate) upper: Vec<bool>,
    pieces: Vec<Piece>,
    /// Where each field begins in `text`.
    starts: Vec<u32>,
}

impl Folded {
    /// Nothing yet, with room for so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Folded {
        Folded { text: String::with_capacity(bytes), upper: Vec::with_capacity(bytes), ..Folded::default() }
    }

    /// Adds a field; fields are numbered from 0.
    pub(crate) fn push(&mut self, field: &str) {
        if !self.starts.is_empty() {
            self.text.push('\n');
            self.upper.push(false);
        }
        self.starts.push(self.text.len() as u32);
        self.text.reserve(field.len());
        self.upper.reserve(field.len());
        let mut rest = field;
        while let Some(first) = rest.chars().next() {
            let at = field.len() - rest.len();
            // nothing combines with what stands before an ASCII character
            let plain = ascii_prefix(rest.as_bytes());
            let plain = if plain == rest.len() { plain } else { plain.saturating_sub(1) };
            if plain > 0 {
                self.ascii(&rest[..plain], at);
                rest = &rest[plain..];
                continue;
            }
            let len = cluster(rest, first);
            let (chunk, tail) = rest.split_at(len);
            rest = tail;
            if first.is_ascii() && len == 1 {
                self.ascii(chunk, at);
            } else if is_plain(first) && len == first.len_utf8() {
                self.keep(chunk, false, at, len);
            } else {
                self.cluster(chunk, at);
            }
        }
    }

    /// A run of ASCII: byte for byte, but that spaces after a space go.
    fn ascii(&mut self, run: &str, at: usize) {
        let mut space = self.at_space();
        let mut straight = false;
        let mut from = 0;
        while from < run.len() {
            // As far as only capitals differ, it goes over in one piece.
            let mut end = from;
            while let Some(last) = straight_on(run.as_bytes(), end, space) {
                (space, end) = (last == b' ', end + TOGETHER);
            }
            for byte in &run.as_bytes()[end..] {
                let blank = BLANKS[usize::from(*byte)];
                if blank != 0 && (space || blank != SPACE) {
                    break;
                }
                space = blank != 0;
                end += 1;
            }
            if end > from {
                if !straight {
                    self.piece(at + from, 0);
                }
                straight = true;
                let begin = self.text.len();
                self.text.push_str(&run[from..end]);
                self.text[begin..].make_ascii_lowercase();
                self.upper.extend(run.as_bytes()[from..end].iter().map(u8::is_ascii_uppercase));
                from = end;
                continue;
            }
            if space {
                straight = false;
            } else {
                if !straight {
                    self.piece(at + from, 0);
                }
                straight = true;
                space = true;
                self.text.push(' ');
                self.upper.push(false);
            }
            from += 1;
        }
    }

    fn cluster(&mut self, chunk: &str, at: usize) {
        let upper = chunk.nfkd().any(char::is_uppercase);
        let mut out = String::new();
        for c in chunk.nfkd().flat_map(char::to_lowercase).filter(|c| !is_dropped(*c)).nfc() {
            match c {
                'ß' => out.push_str("ss"),
                'ς' => out.push('σ'),
                '‘' | '’' | 'ʼ' | '′' => out.push('\''),
                '“' | '”' | '«' | '»' => out.push('"'),
                _ if is_space(c) => {
                    if !(out.ends_with(' ') || out.is_empty() && self.at_space()) {
                        out.push(' ');
                    }
                }
                _ => out.push(c),
            }
        }
        if !out.is_empty() {
            self.keep(&out, upper, at, chunk.len());
        }
    }

    fn keep(&mut self, folded: &str, upper: bool, at: usize, len: usize) {
        let straight = folded.len() == len && (folded.len() == 1 || folded.chars().nth(1).is_none());
        self.piece(at, if straight { 0 } else { len as u32 });
        self.text.push_str(folded);
        self.upper.resize(self.text.len(), upper);
    }

    /// What is added next came from `at`; see [`Piece::block`]. A straight piece that goes on needs no new one.
    fn piece(&mut self, at: usize, block: u32) {
        let here = self.text.len() as u32;
        let goes_on = block == 0
            && self.pieces.last().is_some_and(|p| {
                p.block == 0 && p.folded >= *self.starts.last().unwrap_or(&0) && here - p.folded == (at as u32).wrapping_sub(p.origin)
            });
        if !goes_on {
            self.pieces.push(Piece { folded: here, origin: at as u32, block });
        }
    }

    /// At the start of the field or after a space: a further space says nothing.
    fn at_space(&self) -> bool {
        self.text.is_empty() || self.text.ends_with([' ', '\n'])
    }

    /// The field that a place in the folded text belongs to.
    pub(crate) fn field(&self, at: usize) -> usize {
        self.starts.partition_point(|s| *s as usize <= at).saturating_sub(1)
    }

    /// The original bytes of a folded stretch that lies within one field.
    pub(crate) fn origin(&self, start: usize, end: usize) -> (u32, u32) {
        let piece = |at: usize| self.pieces.get(self.pieces.partition_point(|p| p.folded as usize <= at).saturating_sub(1)).copied();
        let (Some(a), Some(b)) = (piece(start), piece(end.saturating_sub(1))) else { return (0, 0) };
        let from = if a.block == 0 { a.origin + (start as u32 - a.folded) } else { a.origin };
        let to = if b.block == 0 { b.origin + (end as u32 - b.folded) } else { b.origin + b.block };
        (from, to)
    }

    /// The character that ends before `at`.
    pub(crate) fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    /// The character that begins at `at`.
    pub(crate) fn after(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }
}

/// A space.
const SPACE: u8 = 1;

/// What is, or becomes, a space: [`SPACE`] for one that is, two for hyphens, slashes and controls of ASCII.
const BLANKS: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = match at as u8 {
            b' ' => SPACE,
            b'-' | b'/' | b'_' | 0..b' ' | 0x7f => 2,
            _ => 0,
        };
        at += 1;
    }
    table
};

/// Bytes that are looked at together: what a processor compares at once.
const TOGETHER: usize = 16;

/// The last of so many bytes from `at` on, if none is a blank but single spaces; `space` tells whether one stands before them.
#[inline]
fn straight_on(bytes: &[u8], at: usize, space: bool) -> Option<u8> {
    let now: &[u8; TOGETHER] = bytes.get(at..)?.first_chunk()?;
    let mut before = [if space { b' ' } else { 0 }; TOGETHER];
    before[1..].copy_from_slice(&now[..TOGETHER - 1]);
    let blank = |b: u8| (b < b' ') | (b == b'-') | (b == b'/') | (b == b'_') | (b == 0x7f);
    let odd = |n: usize| blank(now[n]) | ((now[n] == b' ') & (before[n] == b' '));
    (!(0..TOGETHER).fold(false, |any, n| any | odd(n))).then_some(now[TOGETHER - 1])
}

/// How many bytes of ASCII it begins with.
fn ascii_prefix(bytes: &[u8]) -> usize {
    let whole = bytes.chunks(64).take_while(|chunk| chunk.is_ascii()).map(<[u8]>::len).sum::<usize>();
    whole + bytes[whole..].iter().take_while(|b| b.is_ascii()).count()
}

/// The folded form of a short text alone.
pub(crate) fn fold(text: &str) -> Folded {
    let mut f = Folded::default();
    f.push(text);
    f
}

/// Bytes of the first character with all that combines with it.
fn cluster(text: &str, first: char) -> usize {
    let mut len = first.len_utf8();
    for c in text[len..].chars().take(LONGEST_CLUSTER) {
        if c.is_ascii() || !(joins(c)) {
            break;
        }
        len += c.len_utf8();
    }
    len
}

fn joins(c: char) -> bool {
    // Conjoining jamo and half-width voice marks have class 0 but compose with what stands before them.
    canonical_combining_class(c) != 0 || matches!(c, '\u{1160}'..='\u{11ff}' | '\u{ff9e}' | '\u{ff9f}')
}

/// Characters that folding leaves alone, when nothing combines with them.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | 'а'..='и' | 'к'..='я')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '-' | '/' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{200b}')
}

fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0487}' | '\u{0610}'..='\u{061a}' | '\u{061c}' | '\u{0640}' | '\u{064b}'..='\u{065f}'
        | '\u{0670}' | '\u{06d6}'..='\u{06ed}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, folded_word: &str) -> String {
        let f = fold(text);
        let at = f.text.find(folded_word).unwrap_or_else(|| panic!("{folded_word:?} not in {:?}", f.text));
        let (a, b) = f.origin(at, at + folded_word.len());
        text[a as usize..b as usize].to_owned()
    }

    #[test]
    fn spellings_fold_together() {
        for (text, want) in [
            ("AI/ML  Model\u{a0}Transfer", "ai ml model transfer"),
            ("CYBERSÉCURITÉ", "cybersecurite"),
            ("ＡＩ―Ｓｅｃｕｒｉｔｙ", "ai security"),
            ("adver\u{ad}sarial", "adversarial"),
            ("ﬁne‑tuning", "fine tuning"),
            ("الذكـــاء", "الذكاء"),
            ("أَمْن", "امن"),
            ("Straße", "strasse"),
            ("ガイド ｶﾞｲﾄﾞ", "ガイド ガイド"),
            ("\u{1112}\u{1161}\u{11ab}국", "한국"),
            ("Защищённый ИИ", "защищенныи ии"),
            ("\0\0\u{202e}", ""),
            ("l’IA", "l'ia"),
        ] {
            assert_eq!(fold(text).text, want, "{text:?}");
        }
    }

    #[test]
    fn the_way_back_is_exact() {
        assert_eq!(shown("der ﬁne‑tuning Fall", "fine tuning"), "ﬁne‑tuning");
        assert_eq!(shown("ü ＡＩ sécurité", "ai"), "ＡＩ");
        assert_eq!(shown("eine adver\u{ad}sarial e\u{301}tude", "adversarial"), "adver\u{ad}sarial");
        assert_eq!(shown("une e\u{301}tude", "etude"), "e\u{301}tude");
        assert_eq!(shown("AI   /  ML now", "ai ml"), "AI   /  ML");
        assert_eq!(shown("第一版 人工智能安全", "人工智能"), "人工智能");
        assert_eq!(shown("\u{200f}أَمْن الذكاء", "امن"), "أَمْن");
    }

    #[test]
    fn capitals_are_remembered() {
        let f = fold("Ai Ｇan");
        assert_eq!(f.upper, [true, false, false, true, false, false]);
    }

    #[test]
    fn fields_are_kept_apart() {
        let mut f = Folded::default();
        for field in ["", "ab", "ÀB"] {
            f.push(field);
        }
        assert_eq!(f.text, "\nab\nab");
        assert_eq!((f.field(0), f.field(1), f.field(4)), (0, 1, 2));
        assert_eq!(f.origin(1, 3), (0, 2));
        assert_eq!(f.origin(4, 6), (0, 3));
    }
}
