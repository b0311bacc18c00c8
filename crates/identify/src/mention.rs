use std::sync::OnceLock;

use monitor_model::DocumentKey;
use regex::Regex;

use crate::{Bodies, clean::clean, number};

/// What may stand in a sentence and can be nothing but a document number. Conservative: a number without its body's name
/// (`X.1753`, `TR 33.898`) is taken only where nobody else writes so.
const FORMS: &str = r"(?x)
    \b(?:
      (?:Report\ )?ITU-[RT]\ (?:Recommendation\ |Rec\.\ )?[A-Z]{1,2}(?:\.\d+(?:\.\d+)*|\ ?Suppl\.\ ?\d+)
    | XSTR\.[A-Za-z][A-Za-z0-9-]*
    | (?:ETSI\ )?(?:TS|TR|EN|ES|EG)\ \d{3}\ \d{3}(?:-\d+)*
    | (?:ETSI\ )(?:GS|GR)\ [A-Za-z0-9]{2,5}(?:-[A-Z]{2,4})?\ \d{3}(?:-\d+)*
    | (?:3GPP\ )?(?:TS|TR)\ \d{2}\.\d{3}(?:-\d+)*
    | (?:(?:Fpr|pr)?EN\ )?(?:ISO|IEC)(?:/(?:IEC|IEEE|ISO))*(?:[\ /](?:PWI|AWI|WD|CD|DIS|FDIS|DTS|DTR|TS|TR|PAS))*\ \d{3,6}(?:-\d+)*(?::\d{4})?
    | (?:pr|Fpr)?EN\ \d{5}(?:-\d+)*
    | IEEE\ (?:Std\ )?P?\d{3,5}(?:\.\d+[A-Za-z]{0,3})*(?:-\d{4})?
    | RFC[\ -]?\d{1,5}
    | draft-[a-z0-9]+(?:-[a-z0-9]+)+
    | NIST\ (?:SP|IR|AI|CSWP)\ \d+(?:-\d+)*[A-Z]?(?:[er]\d+)?
    | NISTIR\ \d+[A-Z]?
    | FIPS\ \d{3}(?:-\d+)?
    | arXiv:\d{4}\.\d{4,5}
    | GB/[TZ]\ \d{4,5}(?:\.\d+)?(?:-\d{4})?
    | AML\.(?:TA|T|M|CS)\d{4}(?:\.\d{3})?
    )";

/// Longest text that is searched: titles and summaries, not books.
const LONGEST: usize = 64 << 10;

/// The documents whose numbers stand in running text, in the order of their first mention.
pub fn mentions(bodies: &Bodies, text: &str) -> Vec<DocumentKey> {
    static FINDER: OnceLock<Option<Regex>> = OnceLock::new();
    let Some(finder) = FINDER.get_or_init(|| Regex::new(FORMS).ok()) else { return Vec::new() };
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = clean(&text[..end]);
    let mut out: Vec<DocumentKey> = Vec::new();
    for found in finder.find_iter(&text) {
        // `TS 104 2233` and `TR 33.8987` are something else
        if text[found.end()..].starts_with(|c: char| c.is_alphanumeric()) {
            continue;
        }
        if let Some(key) = number::identify(bodies, None, found.as_str()).document
            && !out.contains(&key)
        {
            out.push(key);
        }
    }
    out
}
