//! No personal data: mail addresses, telephone numbers and names of contacts never leave this crate.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let at = r"(?:\s?[@＠]\s?|\s?[\[({<]\s?at\s?[\])}>]\s?)";
    let dot = r"(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)";
    // Without counted repetitions: of all letters of all scripts they make a machine that is larger than is allowed.
    Regex::new(&format!(
        r"(?i)[<(\[]?\s?(?:mailto:\s?)?[\p{{L}}\d][\p{{L}}\d._%+'-]*{at}(?:[\p{{L}}\d-]+{dot})+\p{{L}}[\p{{L}}]+\b\s?[>)\]]?"
    ))
    .ok()
});
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:tel|telephone|phone|fax|mobile|mob)\b[.:)]*\s*(?:no\.?\s*)?[:]?\s*\(?\+?\d[\d\s().\-/]{5,24}\d|\+\d{1,3}[\s.\-]?(?:\(0?\d{0,4}\)[\s.\-]?)?\d(?:[\s.\-]?\d){6,12}\b",
    )
    .ok()
});
static CONTACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:technical|editorial|response|from|to|press|media)\s+)?contact(?:s|\(s\))?(?:\s+(?:person|point|persons|name|details))?\s*[:：]\s*").ok()
});

/// Words of a field's name that say it is about a person.
const PERSONS: [&str; 14] = [
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
];

/// Whether a field of this name says who somebody is, or how to reach them.
pub(crate) fn is_of_a_person(name: &str) -> bool {
    name.to_ascii_lowercase().split(['_', '-']).any(|word| PERSONS.contains(&word))
}

/// The text without addresses and telephone numbers and, if it is running text, without what stands behind “Contact:”.
pub(crate) fn clean(text: String, running: bool) -> String {
    let signs = Signs::of(&text);
    let mut out: Cow<'_, str> = Cow::Borrowed(&text);
    if signs.mail {
        out = Cow::Owned(remove(MAIL.as_ref(), &out));
    }
    if signs.phone {
        out = Cow::Owned(remove(PHONE.as_ref(), &out));
    }
    if running && signs.contact {
        out = Cow::Owned(without_contacts(&out));
    }
    match out {
        Cow::Borrowed(_) => text,
        Cow::Owned(clean) if clean == text => text,
        Cow::Owned(clean) => tidy(&clean),
    }
}

/// What a text holds that may be personal, found in one pass: the expressions are asked only where they may find something.
#[derive(Default)]
struct Signs {
    mail: bool,
    phone: bool,
    contact: bool,
}

impl Signs {
    fn of(text: &str) -> Signs {
        let bytes = text.as_bytes();
        let word = |at: usize, word: &str| bytes.get(at..at + word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word.as_bytes()));
        let mut found = Signs::default();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'@' => found.mail = true,
                // the wide @ of East Asian text
                0xef => found.mail |= bytes[at..].starts_with("＠".as_bytes()),
                b'(' | b'[' | b'{' => found.mail |= word(at + 1, "at") || word(at + 1, " at"),
                b'+' => found.phone = true,
                b't' | b'T' => found.phone |= word(at, "tel"),
                b'p' | b'P' => found.phone |= word(at, "phone"),
                b'f' | b'F' => found.phone |= word(at, "fax"),
                b'm' | b'M' => found.phone |= word(at, "mob"),
                b'c' | b'C' => found.contact |= word(at, "contact"),
                _ => {}
            }
        }
        found
    }
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
    let mut word = 0;
    for (i, c) in text[..most].char_indices() {
        match c {
            ';' | '|' | '\n' => return i + c.len_utf8(),
            '.' if word > 3 && text[i + 1..].starts_with(char::is_whitespace) => return i + 1,
            c if c.is_alphanumeric() => word += 1,
            _ => word = 0,
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
mod tests {
    use super::*;

    #[test]
    fn addresses_numbers_and_names_of_contacts_go() {
        for (text, want) in [
            ("Write to jane.doe@example.org today", "Write to today"),
            ("Jane Doe <jane@example.org>, Editor", "Jane Doe, Editor"),
            ("jane(at)example(dot)org wrote", "wrote"),
            ("mail: jane [at] lists.example.org.", "mail:."),
            ("Tel: +41 22 730 5111, Fax +41 (22) 730 5112", ""),
            ("call +1-202-555-0143 now", "call now"),
            ("Scope. Contact: Dr. J. Doe, Example Corp. Timing 2027.", "Scope. Timing 2027."),
            ("Contact(s): Jane Doe; Status: draft", "Status: draft"),
            ("mailto:jane@example.org", ""),
        ] {
            assert_eq!(clean(text.to_owned(), true), want, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        for text in [
            "X.509 (10/2019) + Amd 1",
            "ISO/IEC 27090:2026, 60.60",
            "https://medium.com/@somebody/a-post",
            "contactless payment; contacts between agents",
            "Draft-ietf-foo-00 expires 2026-11-21",
            "A look at example.org and (at last) more",
            "npm left-pad@1.2.3",
            "telemetry 2026 10 10 100",
            "C++ 20 and 5G+ 2030",
            "mobile 5G networks",
        ] {
            assert_eq!(clean(text.to_owned(), true), text);
        }
        assert!(is_of_a_person("contact") && is_of_a_person("from_contacts") && is_of_a_person("Email"));
        assert!(!is_of_a_person("author") && !is_of_a_person("contract") && !is_of_a_person("from"));
    }
}
