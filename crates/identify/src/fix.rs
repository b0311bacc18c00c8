//! What a table cannot say: the few forms that need counting, reordering or another alphabet.

mod etsi;
mod ieee;
mod iso;
mod itu;
mod nist;
mod oasis;
mod threegpp;

use crate::table::Fields;

/// A named piece of code that a number table may call after its pattern has matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fix {
    /// Amendments and dates as ITU prints them.
    Itu,
    /// Publishers, stages and types of ISO and IEC, amendments, joint numbers in the IEEE's spelling.
    Iso,
    /// Amendments as ISO prints them, nothing else.
    Amendments,
    /// Six digits in two groups.
    Etsi,
    /// `ts_104223v010101p.pdf`.
    EtsiFile,
    /// `33898-i01.zip`: version digits in base 36.
    ThreeGppFile,
    /// Drafts, years, corrigenda of IEEE.
    Ieee,
    /// Revisions, parts, volumes, updates, drafts of NIST.
    Nist,
    /// Names with versions and stages between them.
    Oasis,
}

const ALL: [(&str, Fix, &[&str]); 9] = [
    ("itu", Fix::Itu, &["supp", "suppn", "base", "edition", "version"]),
    ("iso", Fix::Iso, &["head", "supp", "suppn", "base", "edition", "mark", "part"]),
    ("amendments", Fix::Amendments, &["supp", "suppn", "base", "edition"]),
    ("etsi", Fix::Etsi, &["supp"]),
    ("etsi-file", Fix::EtsiFile, &["version", "part"]),
    ("3gpp-file", Fix::ThreeGppFile, &["number", "version"]),
    ("ieee", Fix::Ieee, &["draft", "edition", "base", "supp", "suppn", "p"]),
    ("nist", Fix::Nist, &["piece", "piecen", "version", "edition", "stage", "update", "lang"]),
    ("oasis", Fix::Oasis, &["name", "version", "stage", "part"]),
];

impl Fix {
    pub(crate) fn named(name: &str) -> Option<Fix> {
        ALL.iter().find(|(n, ..)| *n == name).map(|(_, f, _)| *f)
    }

    pub(crate) fn names() -> String {
        let names: Vec<&str> = ALL.iter().map(|(n, ..)| *n).collect();
        format!("write one of {}", names.join(", "))
    }

    /// Whether it sets this field.
    pub(crate) fn gives(self, field: &str) -> bool {
        ALL.iter().any(|(_, f, fields)| *f == self && fields.contains(&field))
    }

    /// None when the number is not of this form after all.
    pub(crate) fn apply(self, fields: &mut Fields<'_>) -> Option<()> {
        match self {
            Fix::Itu => itu::apply(fields),
            Fix::Iso => iso::apply(fields),
            Fix::Amendments => iso::amendments(fields, false),
            Fix::Etsi => etsi::apply(fields),
            Fix::EtsiFile => etsi::file(fields),
            Fix::ThreeGppFile => threegpp::file(fields),
            Fix::Ieee => ieee::apply(fields),
            Fix::Nist => nist::apply(fields),
            Fix::Oasis => oasis::apply(fields),
        }
    }
}

/// Takes leading digits (and points, if asked) off a text.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// Takes a word off the start of a text, whatever its case.
fn word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.get(..word.len()).filter(|h| h.eq_ignore_ascii_case(word)).map(|_| &text[word.len()..])
}
