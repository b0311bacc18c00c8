//! No personal data: mail addresses, telephone numbers and names of contacts never leave this crate.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use crate::locate::Locator;

static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let at = r"(?:\s?[@＠]\s?|\s?[\[({<]\s?(?:at|@|＠)\s?[\])}>]\s?)";
    let dot = r"(?:\.|\s?[\[({]\s?(?:dot|\.)\s?[\])}]\s?)";
    // Without counted repetitions: of all letters of all scripts they make a machine that is larger than is allowed.
    Regex::new(&format!(
        r"(?i)[<(\[]?\s?(?:mailto:\s?)?[\p{{L}}\d][\p{{L}}\d._%+'-]*{at}(?:[\p{{L}}\d-]+{dot})+\p{{L}}[\p{{L}}]+\b\s?[>)\]]?"
    ))
    .ok()
});
/// `jane at example dot org`: only with both words, for `at` alone is a word.
static SPELT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\b[\w.+-]+ at (?:[\w-]+ dot )+[a-z]{2,12}\b").ok());
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let gap = r"[\s.\-/\u{2010}-\u{2013}]";
    // A mobile network is no telephone: such words need a colon.
    let labels = r"(?:(?:t[ée]l|t[ée]l[ée]phone|telefon|tel[ée]fono|fax|telefax)\b[.:)\s]*|(?:phone|mobile|mob|cell)\b\s*(?:no\b\.?\s*)?[.:][.:)\s]*)";
    Regex::new(&format!(
        r"(?ix)
        # behind a label
        \b{labels}(?:no\b\.?\s*)?:?\s*\(?\+?\d[\d\s().\-/\u{{2010}}-\u{{2013}}]{{5,24}}\d
        # with the code of a country
        | \+\s?\d{{1,3}}{gap}?(?:\(0?\d{{0,4}}\){gap}?)?\d(?:{gap}{{0,3}}\d){{6,12}}\b
        | \b00[1-9]\d{{0,2}}{gap}(?:\(0\){gap}?)?\d{{1,3}}(?:{gap}\d{{2,3}}){{1,3}}{gap}\d{{2,4}}\b
        # as in North America
        | \(\d{{3}}\)\s?\d{{3}}[-.]\d{{4}}\b
        | \b\d{{3}}-\d{{3}}-\d{{4}}\b
        "
    ))
    .ok()
});
static CONTACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let contact =
        r"(?:(?:technical|editorial|response|from|to|press|media)\s+)?contact(?:s|\(s\))?(?:\s+(?:person|point|persons|name|details))?";
    // As a label, with a capital: an editor may also be a tool.
    let office = r"(?-i:(?:[Cc]o-?|[Vv]ice-?|[Aa]ssociate\s+|[Bb]ase\s+[Tt]ext\s+)?(?:Rapporteur|Editor|Chair(?:man|woman|person)?|Conven[eo]r|Secretary|Focal\s+[Pp]oint)(?:s|\(s\))?(?:\s+(?:for|of)\s+[^:：.;|]{1,40})?)";
    Regex::new(&format!(r"(?i)\b(?:{contact}|{office})\s*[:：]\s*")).ok()
});
/// `(Editor: Jane Doe)`
static IN_BRACKETS: LazyLock<Option<Regex>> =
    LazyLock::new(|| CONTACT.as_ref().and_then(|label| Regex::new(&format!(r"\(\s*{}[^()]*\)", label.as_str())).ok()));

/// Words of a field's name that say it is about a person.
const PERSONS: [&str; 25] = [
    "contact",
    "contacts",
    "email",
    "emails",
    "mail",
    "phone",
    "telephone",
    "tel",
    "fax",
    "rapporteur",
    "rapporteurs",
    "chair",
    "secretary",
    "staff",
    "chairman",
    "chairperson",
    "convener",
    "convenor",
    "editor",
    "editors",
    "mobile",
    "officer",
    "person",
    "persons",
    "signatory",
];

/// Whether a field of this name says who somebody is, or how to reach them.
pub(crate) fn is_of_a_person(name: &str) -> bool {
    name.split(['_', '-']).any(|word| PERSONS.iter().any(|p| p.eq_ignore_ascii_case(word)))
}

/// The text without addresses and telephone numbers and, if it is running text, without what stands behind “Contact:”, “Editor:” and
/// the like.
pub(crate) fn clean(text: String, running: bool) -> String {
    let signs = Signs::of(&text);
    let mut out: Cow<'_, str> = Cow::Borrowed(&text);
    // Before the addresses go, by whose end one sees where it ends.
    if signs.label && signs.bracket {
        out = Cow::Owned(remove(IN_BRACKETS.as_ref(), &out));
    }
    if running && signs.label {
        out = Cow::Owned(without_contacts(&out));
    }
    if signs.mail {
        out = Cow::Owned(remove(MAIL.as_ref(), &out));
    }
    if signs.spelt {
        out = Cow::Owned(remove(SPELT.as_ref(), &out));
    }
    if signs.phone {
        out = Cow::Owned(remove(PHONE.as_ref(), &out));
    }
    match out {
        Cow::Borrowed(_) => text,
        Cow::Owned(clean) if clean == text => text,
        Cow::Owned(clean) => tidy(&clean),
    }
}

/// What a text holds that may be personal, found in one pass: the expressions are asked only where they may find something. They are
/// dear, and a text of a thousand that has digits has a telephone number.
#[derive(Default)]
struct Signs {
    mail: bool,
    /// The word “dot”, by which an address is spelt.
    spelt: bool,
    /// A colon in the clause of a word such as “contact”.
    label: bool,
    bracket: bool,
    digits: usize,
    /// The beginning of a telephone number, in one of the ways in which they are written.
    phone: bool,
}

/// What goes on a word; what may be a sign anywhere; and letters with which a word may begin that is one.
const IN_WORD: u8 = 1;
const TELLING: u8 = 2;
const INITIAL: u8 = 4;

const KINDS: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_alphanumeric() {
            table[at] |= IN_WORD;
        }
        if byte.is_ascii_digit() || matches!(byte, b'@' | b':' | b'+' | b'-' | 0xef | b'(' | b'[' | b'{' | b'<') {
            table[at] |= TELLING;
        }
        if matches!(byte | 0x20, b't' | b'f' | b'p' | b'm' | b'c' | b'd') && byte.is_ascii_alphabetic() {
            table[at] |= INITIAL;
        }
        at += 1;
    }
    table
};

/// The next place from `from` on at which a sign may be. A loop of its own: it goes over every byte.
#[inline(never)]
fn next_sign(bytes: &[u8], from: usize) -> Option<usize> {
    let wanted_behind = |kind: u8| if kind & IN_WORD != 0 { TELLING } else { TELLING | INITIAL };
    let mut wanted = wanted_behind(from.checked_sub(1).map_or(0, |before| KINDS[usize::from(bytes[before])]));
    let mut at = from;
    while at < bytes.len() {
        let kind = KINDS[usize::from(bytes[at])];
        if kind & wanted != 0 {
            return Some(at);
        }
        wanted = wanted_behind(kind);
        at += 1;
    }
    None
}

impl Signs {
    fn of(text: &str) -> Signs {
        let bytes = text.as_bytes();
        let mut found = Signs::default();
        let mut next = 0;
        while let Some(at) = next_sign(bytes, next) {
            next = at + 1;
            match bytes[at] {
                b'@' => found.mail = true,
                b':' => found.label |= follows_label(&text[..at]),
                b'0'..=b'9' => {
                    found.digits += 1;
                    found.phone |= bytes[at..].starts_with(b"00") && !goes_on(bytes, at) && is_long_number(&text[at..]);
                }
                b'+' => found.phone |= is_long_number(&text[at + 1..]),
                // `555-0143` behind three digits more
                b'-' => {
                    found.phone |= at >= 3 && digits(bytes, at - 3, 3) && digits(bytes, at + 1, 3) && bytes.get(at + 4) == Some(&b'-');
                }
                // the wide @ and the wide colon of East Asian text
                0xef => {
                    found.mail |= bytes[at..].starts_with("＠".as_bytes());
                    found.label |= bytes[at..].starts_with("：".as_bytes()) && follows_label(&text[..at]);
                }
                b'd' | b'D' => found.spelt |= at > 0 && bytes[at - 1] == b' ' && is_dot(&bytes[at..]),
                b't' | b'T' | b'f' | b'F' | b'p' | b'P' | b'm' | b'M' | b'c' | b'C' => found.phone |= is_telephone(text, at),
                // one of the brackets
                open => {
                    found.bracket |= open == b'(';
                    found.mail |= is_bracketed_at(&text[at + 1..]);
                    found.phone |= open == b'(' && digits(bytes, at + 1, 3) && bytes.get(at + 4) == Some(&b')');
                }
            }
        }
        found.phone &= found.digits >= LEAST_DIGITS;
        found
    }
}

/// Whether the word “dot” stands here, with a space behind it.
fn is_dot(bytes: &[u8]) -> bool {
    [b"dot ", b"Dot ", b"DOT "].iter().any(|dot| bytes.starts_with(*dot))
}

/// A text with fewer digits has no telephone number.
const LEAST_DIGITS: usize = 7;

/// Whether a number begins here that has as many digits as one with the code of a country.
fn is_long_number(text: &str) -> bool {
    let within = |c: &char| c.is_numeric() || c.is_whitespace() || matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}');
    text.chars().take_while(within).filter(|c| c.is_numeric()).nth(LEAST_DIGITS).is_some()
}

/// Whether a word that is under way goes on at this byte.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes[at - 1].is_ascii_alphanumeric()
}

/// Whether so many digits stand here.
fn digits(bytes: &[u8], at: usize, many: usize) -> bool {
    bytes.get(at..at + many).is_some_and(|b| b.iter().all(u8::is_ascii_digit))
}

/// Whether `at)` stands here, with a blank or none on either side and with any bracket.
fn is_bracketed_at(text: &str) -> bool {
    let one_blank = |t: &str| t.strip_prefix(char::is_whitespace).map_or(t.len(), str::len);
    let inner = &text[text.len() - one_blank(text)..];
    let Some(rest) = inner.get(..2).filter(|w| w.eq_ignore_ascii_case("at")).map(|_| &inner[2..]) else { return false };
    rest[rest.len() - one_blank(rest)..].starts_with([')', ']', '}', '>'])
}

/// Whether a word for telephone stands here, with a number behind it.
fn is_telephone(text: &str, at: usize) -> bool {
    let rest = &text.as_bytes()[at..];
    // what most words are not
    let begins = |b: &[u8; 2]| [b"te", b"fa", b"ph", b"mo", b"ce"].iter().any(|w| b.eq_ignore_ascii_case(*w)) || b[1] == 0xc3;
    if !rest.first_chunk().is_some_and(begins) {
        return false;
    }
    let len = rest.iter().take(16).take_while(|b| b.is_ascii_alphanumeric() || !b.is_ascii()).count();
    let is = |words: &[&str]| words.iter().any(|w| rest[..len].eq_ignore_ascii_case(w.as_bytes()));
    let (word, colon) = match rest[0] {
        // with accents, in whichever case
        b't' | b'T' if rest[..len].contains(&0xc3) => return true,
        b't' | b'T' => (is(&["tel", "telephone", "telefon", "telefono", "telefax"]), false),
        b'f' | b'F' => (is(&["fax"]), false),
        _ => (is(&["phone", "mobile", "mob", "cell"]), true),
    };
    if !word {
        return false;
    }
    let between = |c: char| c.is_whitespace() || matches!(c, '.' | ':' | '(' | ')' | '+' | 'n' | 'N' | 'o' | 'O');
    let behind = &text[at + len..];
    let number = behind.trim_start_matches(between);
    number.starts_with(|c: char| c.is_numeric()) && (!colon || behind[..behind.len() - number.len()].contains(['.', ':']))
}

/// Whether the clause that ends here, before a colon, has a word of [`CONTACT`].
fn follows_label(before: &str) -> bool {
    let clause = before.rsplit([':', '：', '.', ';', '|']).next().unwrap_or_default().as_bytes();
    (0..clause.len()).any(|at| {
        let words: &[&str] = match clause[at] | 0x20 {
            b'c' => &["contact", "chair", "conven"],
            b'r' => &["rapporteur"],
            b'e' => &["editor"],
            b's' => &["secretary"],
            b'p' => &["point"],
            _ => &[],
        };
        words.iter().any(|w| clause.get(at..at + w.len()).is_some_and(|c| c.eq_ignore_ascii_case(w.as_bytes())))
    })
}

/// A key of a source, in which an address would tell who somebody is (`tag:jane@example.org,2026:7`): then it is only its hash.
pub(crate) fn clean_key(key: String) -> String {
    let names = key.contains(['@', '＠']) && MAIL.as_ref().is_some_and(|re| re.is_match(&key));
    if names { format!("key:{}", &blake3::hash(key.as_bytes()).to_hex()[..24]) } else { key }
}

/// Whether a text says how to reach somebody: in a short one, what stands beside it says who that is.
pub(crate) fn reaches(text: &str) -> bool {
    let signs = Signs::of(text);
    let meets = |what: &LazyLock<Option<Regex>>| what.as_ref().is_some_and(|re| re.is_match(text));
    signs.mail && meets(&MAIL) || signs.spelt && meets(&SPELT) || signs.digits >= LEAST_DIGITS && meets(&PHONE)
}

/// Whether a label, a column or a path is about a person: `Contact(s)`, `owner.email`.
pub(crate) fn names_a_person(locator: &Locator, text: &str) -> bool {
    let of_words = |t: &str| t.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).any(is_of_a_person);
    match locator {
        Locator::Label(label, _) => of_words(label),
        Locator::Column(name) => of_words(name),
        Locator::Path(_) | Locator::Element(_) => of_words(text),
        // A class may be called after the tool that made the page; the words of feeds are known.
        Locator::Css(_) | Locator::Word(_) | Locator::Ext(_) => false,
    }
}

/// An address without what in its query tells who somebody is.
pub(crate) fn clean_address(address: String) -> String {
    if !address.contains('@') && !address.contains("%40") {
        return address;
    }
    let Ok(mut url) = url::Url::parse(&address) else { return address };
    let of_nobody = |value: &str| !MAIL.as_ref().is_some_and(|re| re.is_match(value));
    let kept: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(_, v)| of_nobody(v)).collect();
    if kept.len() == url.query_pairs().count() {
        return address;
    }
    url.query_pairs_mut().clear().extend_pairs(kept);
    if url.query() == Some("") {
        url.set_query(None);
    }
    url.into()
}

fn remove(what: Option<&Regex>, text: &str) -> String {
    what.map_or_else(|| text.to_owned(), |re| re.replace_all(text, " ").into_owned())
}

/// From “Contact:” to the end of what it says: a semicolon, a bar, the end of a line, or the full stop of a sentence.
fn without_contacts(text: &str) -> String {
    let Some(re) = CONTACT.as_ref() else { return text.to_owned() };
    let mut out = String::new();
    let mut from = 0;
    for label in re.find_iter(text) {
        if label.start() < from {
            continue;
        }
        out.push_str(&text[from..label.start()]);
        from = label.end() + clause(&text[label.end()..]);
    }
    out.push_str(&text[from..]);
    out
}

/// How long what stands behind the label is; initials and titles do not end it, and nobody is named in more than 300 bytes.
fn clause(text: &str) -> usize {
    let most = text.floor_char_boundary(300);
    let (mut word, mut address) = (0, false);
    for (i, c) in text[..most].char_indices() {
        match c {
            ';' | '|' | '\n' => return i + c.len_utf8(),
            '.' if (word > 3 || address) && text[i + 1..].starts_with(char::is_whitespace) => return i + 1,
            c if c.is_alphanumeric() => word += 1,
            c => {
                word = 0;
                address = c == '@' || address && !c.is_whitespace();
            }
        }
    }
    most
}

/// What is left without the holes.
fn tidy(text: &str) -> String {
    let mut out = crate::text::collapse(text);
    for (from, to) in [("( )", ""), ("()", ""), ("< >", ""), ("<>", ""), (" ,", ","), (" ;", ";"), (" .", "."), (",,", ","), (" )", ")")] {
        out = out.replace(from, to);
    }
    crate::text::collapse(out.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|')))
}

#[cfg(test)]
mod tests;
