use super::{digits, word};
use crate::{chain::is_year, table::Fields};

/// `P802.3/D-2.0/Cor1-2016`, `C37.118.2-2011`, `P1609.3v4/D-11-2020-06`, `P802.16Rev3`.
pub(super) fn apply(fields: &mut Fields<'_>) -> Option<()> {
    let mut number = fields.get("number")?.to_owned();
    let tail = fields.get("tail").unwrap_or_default().to_owned();
    let mut rest = tail.as_str();
    // `11073-10101-2019`: five digits are a part, no year
    if let Some(after) = rest.strip_prefix('-') {
        let (part, after) = digits(after);
        if part.len() == 5 && !after.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            number = format!("{number}-{part}");
            rest = after;
        }
    }
    // `…v4` and `…Rev3` say which revision is drafted, not another standard
    for mark in ["rev", "v"] {
        let cut = number.len().saturating_sub(mark.len());
        let marked =
            number.get(cut..).is_some_and(|e| e.eq_ignore_ascii_case(mark)) && number[..cut].ends_with(|c: char| c.is_ascii_digit());
        if marked && (rest.starts_with(|c: char| c.is_ascii_digit()) || mark == "rev") {
            number.truncate(cut);
            rest = digits(rest).1;
        }
    }
    let (mut draft, mut edition, mut supp, mut suppn) = (String::new(), String::new(), String::new(), String::new());
    let mut base = String::new();
    loop {
        rest = rest.trim_start_matches([' ', '/', ',', '_']);
        if rest.is_empty() {
            break;
        }
        let bare = rest.trim_start_matches(['-', '.', ':']);
        if let Some(after) = word(bare, "rev") {
            rest = digits(after).1;
        } else if let Some((kind, after)) = ["cor", "amd", "int", "conformance", "errata"].iter().find_map(|k| Some((k, word(bare, k)?))) {
            let (no, after) = digits(after.trim_start_matches([' ', '-', '.']));
            // a year before it is that of the edition that is corrected: the next edition has a first corrigendum of its own
            if supp.is_empty() && draft.is_empty() {
                base = std::mem::take(&mut edition).get(..4).unwrap_or_default().to_owned();
            }
            supp = format!("{kind}-{}", no.trim_start_matches('0'));
            suppn = match *kind {
                "cor" => format!("/Cor{no}"),
                "amd" => format!("/Amd{no}"),
                other => format!("/{other}{no}"),
            };
            rest = after;
        } else if let Some(after) =
            ["fdis", "dis", "cd", "pdtr", "redline", "edition", "draft", "pdf", "(", ")", "x"].iter().find_map(|w| word(bare, w))
        {
            rest = after;
        } else if let Some(after) =
            word(bare, "d").filter(|a| draft.is_empty() && a.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
        {
            let after = after.trim_start_matches('-');
            let end = after.find(['-', '/', ' ', ',', '(']).unwrap_or(after.len());
            draft = after[..end].trim_end_matches(".pdf").trim_start_matches(['d', 'D']).trim_start_matches('0').to_owned();
            if draft.is_empty() || draft.starts_with('.') {
                draft.insert(0, '0');
            }
            if draft.len() > 12 {
                return None;
            }
            rest = &after[end..];
        } else if bare.get(..4).is_some_and(is_year) && !bare[4..].starts_with(|c: char| c.is_ascii_digit()) {
            bare[..4].clone_into(&mut edition);
            rest = &bare[4..];
            let month = rest.trim_start_matches('-');
            if rest.starts_with('-') {
                let (m, after) = digits(month);
                if m.len() == 2 {
                    edition = format!("{edition}-{m}");
                    rest = after;
                } else if let Some(n) = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
                    .iter()
                    .position(|n| month.get(..3).is_some_and(|x| x.eq_ignore_ascii_case(n)))
                {
                    edition = format!("{edition}-{:02}", n + 1);
                    rest = month.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                }
            }
        } else if bare.starts_with(|c: char| c.is_ascii_digit()) && !draft.is_empty() {
            // a day, or the digits of a mistyped year
            rest = digits(bare).1;
        } else if bare.is_empty() || !draft.is_empty() && bare.len() <= 4 && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            break;
        } else {
            return None;
        }
    }
    fields.set("number", number);
    if !draft.is_empty() {
        fields.set("version", format!("D{draft}"));
        fields.set("p", "P");
    }
    fields.set("draft", draft);
    fields.set("edition", edition);
    fields.set("base", base);
    fields.set("supp", supp);
    fields.set("suppn", suppn);
    Some(())
}
