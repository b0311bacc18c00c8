//! What may follow a number: amendments, corrigenda, supplements, annexes and the dates between them.

/// One amendment, corrigendum, supplement …
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    /// `amd`, `cor`, `add`, `err`, `suppl`, `app`, `annex`, `ish`, `frag`, `ext`, `symbol`.
    pub kind: &'static str,
    /// The stage before its name (`CD`) or within it (`DAM`).
    pub stage: String,
    /// Its number.
    pub no: String,
    /// The year after its colon.
    pub year: String,
    /// Joined by `+`: consolidated into the base, not a document of its own.
    pub joined: bool,
    /// CEN's `AC`: corrigenda are told apart by their dates.
    pub by_date: bool,
}

/// All that follows a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Amendments, corrigenda … in their order.
    pub pieces: Vec<Piece>,
    /// The date before the first piece (`2005`, `2006-03`).
    pub first: Option<String>,
    /// The date after the last piece.
    pub last: Option<String>,
    /// `V2`, `v.1`.
    pub version: Option<String>,
    /// `CSV`, `RLV`, `Redline`.
    pub label: Option<String>,
}

const KINDS: [(&str, &str); 30] = [
    ("AMD", "amd"),
    ("AM", "amd"),
    ("AMEND", "amd"),
    ("AMENDMENT", "amd"),
    ("DAM", "amd"),
    ("DAMD", "amd"),
    ("FDAM", "amd"),
    ("FDAMD", "amd"),
    ("PDAM", "amd"),
    ("FPDAM", "amd"),
    ("PRFAMD", "amd"),
    ("COR", "cor"),
    ("CORR", "cor"),
    ("CORRIGENDUM", "cor"),
    ("DCOR", "cor"),
    ("FDCOR", "cor"),
    ("ADD", "add"),
    ("ADDENDUM", "add"),
    ("ERR", "err"),
    ("ERRATUM", "err"),
    ("ERRATA", "err"),
    ("SUPPL", "suppl"),
    ("SUPPLEMENT", "suppl"),
    ("SUP", "suppl"),
    ("APP", "app"),
    ("APPENDIX", "app"),
    ("ANNEX", "annex"),
    ("ISH", "ish"),
    ("FRAG", "frag"),
    ("EXT", "ext"),
];
/// As CEN and CENELEC write behind a slash or plus: `/A1`, `/prA1`, `/FprA1`, `/AC`.
const CEN: [(&str, &str, &str); 4] = [("A", "amd", ""), ("PRA", "amd", "pr"), ("FPRA", "amd", "Fpr"), ("AC", "cor", "")];
const STAGES: [&str; 9] = ["PWI", "NP", "AWI", "WD", "CD", "CDV", "DIS", "FDIS", "PRF"];
const LABELS: [&str; 8] = ["CSV", "RLV", "CMV", "EXV", "SER", "DB", "REDLINE", "ED"];

impl Chain {
    /// Reads the whole tail; none when something in it is foreign.
    pub(crate) fn read(tail: &str) -> Option<Chain> {
        let mut chain = Chain::default();
        let mut stage = String::new();
        let (mut joined, mut colon) = (false, false);
        let mut rest = tail.trim();
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            let marked = matches!(std::mem::replace(&mut before, c), '/' | '+');
            match c {
                ' ' | '/' | ',' | ';' => {
                    joined &= c == ' ';
                    rest = &rest[1..];
                }
                '-' if chain.label.is_some() => rest = &rest[1..],
                '+' => {
                    joined = true;
                    rest = &rest[1..];
                }
                ':' => {
                    colon = true;
                    rest = &rest[1..];
                }
                '(' => {
                    let end = rest.find(')')?;
                    chain.bracket(rest[1..end].trim())?;
                    rest = &rest[end + 1..];
                }
                c if c.is_ascii_digit() => {
                    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
                    let number = rest[..end].trim_end_matches('.');
                    rest = &rest[end..];
                    let piece = chain.pieces.last_mut()?;
                    if colon && is_year(number) {
                        piece.year = number.to_owned();
                        // a month may follow the year
                        if let Some(r) = rest.strip_prefix('-')
                            && let Some(m) = r.get(..2)
                            && m.bytes().all(|b| b.is_ascii_digit())
                        {
                            piece.year = format!("{number}-{m}");
                            rest = &r[2..];
                        }
                    } else if piece.no.is_empty() {
                        // `Amd 1.2` is the second ballot of the first amendment
                        piece.no = if piece.kind == "amd" || piece.kind == "cor" {
                            number.split('.').next().unwrap_or(number).to_owned()
                        } else {
                            number.to_owned()
                        };
                    } else {
                        return None;
                    }
                    colon = false;
                }
                c if c.is_ascii_alphabetic() => {
                    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                    let word = rest[..end].to_ascii_uppercase();
                    rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
                    if let Some((_, kind, own)) = CEN.iter().find(|(n, ..)| marked && *n == word) {
                        chain.pieces.push(Piece { kind, stage: (*own).to_owned(), joined, by_date: *kind == "cor", ..Piece::default() });
                        joined = false;
                    } else if let Some((name, kind)) = KINDS.iter().find(|(n, _)| *n == word) {
                        let own = if STAGED.contains(name) { (*name).to_owned() } else { std::mem::take(&mut stage) };
                        chain.pieces.push(Piece { kind, stage: own, joined, ..Piece::default() });
                        stage.clear();
                        joined = false;
                    } else if STAGES.contains(&word.as_str()) {
                        stage = word;
                    } else if LABELS.contains(&word.as_str()) {
                        chain.label = Some(word);
                        if let Some(end) = rest.find(|c: char| !c.is_ascii_digit())
                            && chain.label.as_deref() == Some("ED")
                        {
                            rest = &rest[end..];
                        } else if chain.label.as_deref() == Some("ED") {
                            rest = "";
                        }
                    } else if word == "TECHNICAL" || word == "TECH" || word == "EDITION" {
                    } else if word == "V" && chain.pieces.is_empty() {
                        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                        chain.version = Some(rest[..end].to_owned()).filter(|v| !v.is_empty());
                        chain.version.as_ref()?;
                        rest = &rest[end..];
                    } else if let Some(piece) = chain.pieces.last_mut()
                        && piece.no.is_empty()
                        && word.len() <= 4
                    {
                        // App. IV, Annex F3
                        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                        piece.no = format!("{word}{}", &rest[..digits]);
                        rest = &rest[digits..];
                    } else {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        stage.is_empty().then_some(chain)
    }

    fn bracket(&mut self, inner: &str) -> Option<()> {
        if let Some(v) = inner.strip_prefix(['V', 'v']) {
            self.version = Some(v.trim_start_matches('.').to_owned());
            return Some(());
        }
        // the language of the copy that was read
        let languages = ["en", "fr", "ru", "es", "de", "e", "f", "r", "s", "d"];
        if inner.split(['/', ',', ' ']).all(|l| l.is_empty() || languages.contains(&l.to_ascii_lowercase().as_str())) {
            return Some(());
        }
        let date = date(inner)?;
        if self.pieces.is_empty() {
            self.first = Some(date)
        } else {
            self.last = Some(date)
        }
        Some(())
    }

    /// The pieces that are documents of their own.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|p| !p.joined)
    }

    /// The last part of a key: `amd-1/cor-2`.
    pub(crate) fn path(&self) -> Option<String> {
        let parts: Vec<String> = self
            .own()
            .map(|p| {
                if p.by_date && p.no.is_empty() && !p.year.is_empty() {
                    format!("{}-{}", p.kind, p.year)
                } else if p.no.is_empty() {
                    p.kind.to_owned()
                } else {
                    format!("{}-{}", p.kind, p.no.to_lowercase())
                }
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

/// Names that say their stage.
const STAGED: [&str; 9] = ["DAM", "DAMD", "FDAM", "FDAMD", "PDAM", "FPDAM", "PRFAMD", "DCOR", "FDCOR"];

/// `2005`, `03/2006`, `2006-03` or `2006/03` as `2005` or `2006-03`.
pub(crate) fn date(text: &str) -> Option<String> {
    let t = text.trim();
    if is_year(t) {
        return Some(t.to_owned());
    }
    let (a, b) = t.split_once(['/', '-'])?;
    let (year, month) = if is_year(a) { (a, b) } else { (b, a) };
    let m: u8 = month.parse().ok()?;
    (is_year(year) && month.len() <= 2 && (1..=12).contains(&m)).then(|| format!("{year}-{m:02}"))
}

/// Four digits of this or the last century.
pub(crate) fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && matches!(&text[..2], "18" | "19" | "20")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(tail: &str) -> Option<String> {
        Chain::read(tail)?.path()
    }

    #[test]
    fn amendments_of_all_houses() {
        for (tail, want) in [
            ("/Amd 1:2013", "amd-1"),
            ("/AMD2:1991/COR1:1993", "amd-2/cor-1"),
            ("/CD Amd 1.2", "amd-1"),
            ("/FDAM 36", "amd-36"),
            ("(2005) Amd. 1 (03/2006)", "amd-1"),
            ("(1992) Amd. 1/Technical Cor. 1 (10/1996)", "amd-1/cor-1"),
            ("(1988) App. IV (07/2007)", "app-iv"),
            ("Annex F3 (10/2019)", "annex-f3"),
            ("/AMENDMENT 2:2013", "amd-2"),
            ("Suppl. 2.1 (12/1972)", "suppl-2.1"),
            ("/Amd 1:2024(en)", "amd-1"),
            ("/A1:2025", "amd-1"),
            ("/prA1", "amd-1"),
            ("/FprA11:2024", "amd-11"),
            ("/AC:2019-05", "cor-2019-05"),
            ("/A1:2012/AC:2013", "amd-1/cor-2013"),
        ] {
            assert_eq!(path(tail).as_deref(), Some(want), "{tail}");
        }
        assert_eq!(path("+AMD1:2010+AMD2:2014 CSV"), None, "a consolidated version is the base document");
        assert_eq!(path("+A1:2025"), None, "and so is CEN's");
        assert_eq!(path("+AMD1:2025 CSV/COR1:2025").as_deref(), Some("cor-1"));
    }

    #[test]
    fn foreign_tails_are_refused() {
        for tail in ["and so on", "(see below)", "/Amd", "Amd 1 2", "(13/2005)", "12"] {
            assert!(Chain::read(tail).is_none_or(|c| c.path().as_deref() == Some("amd")), "{tail}");
        }
    }
}
