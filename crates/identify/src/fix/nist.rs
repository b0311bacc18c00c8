use super::{digits, word};
use crate::{chain::is_year, table::Fields};

/// `SP 800-57 Part 1 Rev. 5`, `SP 800-90AR1`, `IR 8278r1 ipd`, `FIPS 140-3`, `AI 100-2e2025`, `HB 44E1999`.
pub(super) fn apply(fields: &mut Fields<'_>) -> Option<()> {
    let series = fields.get("series")?.to_ascii_uppercase();
    let series = match series.trim_end_matches([' ', '.', '-']) {
        "NISTIR" | "NBSIR" => "IR".to_owned(),
        "FIPS PUB" | "FIPS PUBS" => "FIPS".to_owned(),
        "MN" => "MONO".to_owned(),
        "HANDBOOK" => "HB".to_owned(),
        "CYBERSECURITY WHITE PAPER" | "CYBERSECURITY WHITE PAPER (CSWP)" => "CSWP".to_owned(),
        "LCIRC" => "LC".to_owned(),
        other => other.to_owned(),
    };
    let mut number = fields.get("number")?.to_owned();
    let tail = fields.get("tail").unwrap_or_default().to_owned();
    let mut read = Read { of_800: series == "SP" && number.starts_with("800-") && number.matches('-').count() == 1, ..Read::default() };
    // a third group counts revisions in SP, a second one in FIPS
    let groups: Vec<&str> = number.split('-').collect();
    let extra = match (series.as_str(), groups.as_slice()) {
        ("SP", [.., last]) if groups.len() == 3 && last.len() == 1 => Some((*last).to_owned()),
        ("FIPS", [_, last]) => Some((*last).to_owned()),
        _ => None,
    };
    if let Some(last) = extra {
        number.truncate(number.len() - last.len() - 1);
        if is_year(&last) { read.edition = last } else { read.revision = last }
    }
    read.tail(&tail)?;
    number.push_str(&read.letter);
    if !read.revision.is_empty() {
        fields.set("version", format!("Rev. {}", read.revision));
    }
    fields.set("edition", read.edition);
    fields.set("update", read.update);
    fields.set("stage", read.stage);
    fields.set("piece", read.piece);
    fields.set("piecen", read.piecen);
    fields.set("lang", read.lang);
    fields.set("number", number);
    fields.set("series", series);
    Some(())
}

#[derive(Default)]
struct Read {
    /// A publication of the 800 series, whose revisions are counted behind a hyphen.
    of_800: bool,
    letter: String,
    revision: String,
    edition: String,
    update: String,
    stage: String,
    piece: String,
    piecen: String,
    lang: String,
}

impl Read {
    fn tail(&mut self, tail: &str) -> Option<()> {
        let mut rest = tail;
        let mut first = true;
        loop {
            let bare = rest.trim_start_matches([' ', '.', ',', '_', '/', '-', ':', '(', ')']);
            if bare.is_empty() {
                return Some(());
            }
            rest = self.one(bare, first && bare.len() == rest.len())?;
            first = false;
        }
    }

    fn piece(&mut self, kind: &str, shown: &str, no: &str) {
        let sep = if self.piece.is_empty() { "" } else { "-" };
        self.piece = format!("{}{sep}{kind}-{}", self.piece, no.to_ascii_lowercase());
        self.piecen = format!("{} {shown} {no}", self.piecen).trim().to_owned();
    }

    /// Reads one thing and returns what follows it.
    fn one<'t>(&mut self, t: &'t str, glued: bool) -> Option<&'t str> {
        if let Some(rest) = word(t, "revised") {
            self.revision = "1".to_owned();
            return Some(rest);
        }
        for w in ["revision", "rev.", "rev", "r", "version", "ver.", "ver"] {
            if let Some(after) = word(t, w) {
                let after = after.trim_start_matches([' ', '.']);
                let (no, rest) = digits(after);
                if !no.is_empty() && rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
                    self.revision = format!("{no}{}", &rest[..end]);
                    return Some(&rest[end..]);
                }
                if no.is_empty() && w == "rev." && after.len() == 1 {
                    self.revision = after.to_owned();
                    return Some("");
                }
                if !no.is_empty() {
                    let letter = rest.chars().next().filter(|c| c.is_ascii_lowercase() && !rest[1..].starts_with(char::is_alphanumeric));
                    self.revision = format!("{no}{}", letter.map(String::from).unwrap_or_default());
                    return Some(&rest[letter.map_or(0, char::len_utf8)..]);
                }
            }
        }
        for (w, kind, shown) in [
            ("volume", "v", "Vol."),
            ("vol.", "v", "Vol."),
            ("vol", "v", "Vol."),
            ("part", "pt", "Part"),
            ("pt.", "pt", "Part"),
            ("pt", "pt", "Part"),
            ("v", "v", "Vol."),
            ("no.", "n", "No."),
            ("n", "n", "No."),
            ("sec", "sec", "Sec."),
            ("app", "app", "App."),
            ("add", "add", "Add."),
        ] {
            if let Some(after) = word(t, w) {
                let (no, rest) = digits(after.trim_start_matches([' ', '.']));
                if !no.is_empty() && rest.starts_with('.') && kind == "v" {
                    // `800-63v1.0.2` counts versions, not volumes
                    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
                    self.revision = format!("{no}{}", &rest[..end]);
                    return Some(&rest[end..]);
                }
                if !no.is_empty() {
                    let letter = rest.chars().next().filter(|c| c.is_ascii_alphabetic() && rest.len() == 1);
                    self.piece(kind, shown, &format!("{no}{}", letter.map(String::from).unwrap_or_default()));
                    return Some(if letter.is_some() { "" } else { rest });
                }
            }
        }
        for w in ["supplement", "suppl.", "suppl", "supp", "sup", "index", "indx"] {
            if let Some(after) = word(t, w) {
                let (no, rest) = digits(after.trim_start_matches([' ', '.']));
                let kind = if w.starts_with("ind") { "index" } else { "sup" };
                self.piece(kind, if kind == "sup" { "Suppl." } else { "Index" }, no);
                self.piece.truncate(self.piece.trim_end_matches('-').len());
                self.piecen.truncate(self.piecen.trim_end().len());
                return Some(rest);
            }
        }
        for w in ["update", "upd"] {
            if let Some(after) = word(t, w) {
                let (no, rest) = digits(after.trim_start_matches([' ', '.']));
                self.update = no.to_owned();
                let date = rest.strip_prefix('-').map(digits);
                return Some(date.filter(|(d, _)| d.len() >= 6).map_or(rest, |(_, r)| r));
            }
        }
        // drafts by their full names: NIST prints both
        for (w, code) in [
            ("initial preliminary draft", "iprd"),
            ("preliminary draft", "prd"),
            ("initial working draft", "iwd"),
            ("initial public draft", "ipd"),
            ("second public draft", "2pd"),
            ("2nd public draft", "2pd"),
            ("third public draft", "3pd"),
            ("3rd public draft", "3pd"),
            ("final public draft", "fpd"),
        ] {
            if let Some(rest) = word(t, w) {
                code.clone_into(&mut self.stage);
                return Some(rest);
            }
        }
        for w in [
            "iprd",
            "2prd",
            "prd",
            "iwd",
            "ipd",
            "2pd",
            "3pd",
            "4pd",
            "fpd",
            "pd",
            "final",
            "second draft",
            "2nd draft",
            "third draft",
            "3rd draft",
            "retired draft",
            "final draft",
            "public draft",
            "draft",
        ] {
            if let Some(rest) = word(t, w).filter(|r| !r.starts_with(|c: char| c.is_ascii_alphabetic())) {
                let counted = digits(rest.trim_start());
                let (count, rest) = if w.ends_with("draft") && counted.0.len() == 1 { counted } else { ("", rest) };
                self.stage = if count.is_empty() { w.to_owned() } else { format!("{w} {count}") };
                return Some(rest);
            }
        }
        if let Some(after) = word(t, "e") {
            let (no, rest) = digits(after);
            if !no.is_empty() {
                self.edition = no.to_owned();
                return Some(rest);
            }
        }
        let (no, rest) = digits(t);
        if no.len() >= 4 {
            self.edition = rest
                .strip_prefix(['-', '/'])
                .map(digits)
                .filter(|(m, _)| m.len() == 2)
                .map_or_else(|| no.to_owned(), |(m, _)| format!("{no}-{m}"));
            return Some(rest.strip_prefix(['-', '/']).map(digits).filter(|(m, _)| m.len() == 2).map_or(rest, |(_, r)| r));
        }
        if !no.is_empty() && !self.piece.is_empty() && self.revision.is_empty() {
            // `800-73pt2-5`: the fifth revision of the second part
            self.revision = no.to_owned();
            return Some(rest);
        }
        if no.len() == 1 && self.of_800 && self.letter.len() == 1 && self.revision.is_empty() {
            // `800-63B-4` belongs to `800-63-4`: the fourth revision of the volume B
            self.revision = no.to_owned();
            return Some(rest);
        }
        if !no.is_empty() && !self.letter.is_empty() {
            // `SP 1190GB-4`: the count goes on behind the letters
            self.letter = format!("{}-{no}", self.letter);
            return Some(rest);
        }
        let end = t.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(t.len());
        let letters = &t[..end];
        match letters.len() {
            1 | 2 if glued && letters.bytes().all(|b| b.is_ascii_uppercase()) => {
                // `800-90AR1`: the last R belongs to the revision
                let cut = if letters.len() == 2 && letters.ends_with(['R', 'V', 'E']) && t[end..].starts_with(|c: char| c.is_ascii_digit())
                {
                    1
                } else {
                    end
                };
                self.letter = letters[..cut].to_owned();
                Some(&t[cut..])
            }
            1 if self.letter.is_empty() => {
                self.letter = letters.to_ascii_uppercase();
                Some(&t[end..])
            }
            // `NCSTAR 1-6dv2`: a letter and what follows it
            2 if glued && letters.ends_with(['v', 'r', 'e', 'E']) && t[end..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.letter = letters[..1].to_ascii_uppercase();
                Some(&t[1..])
            }
            // a translation: `CSWP 6 por`, `CSWP 04162018es`
            2 | 3 if t[end..].is_empty() => {
                self.piece("lang", "", letters);
                self.piecen.truncate(self.piecen.len() - letters.len());
                self.piecen.truncate(self.piecen.trim_end().len());
                self.lang = letters.to_owned();
                Some("")
            }
            _ => None,
        }
    }
}
