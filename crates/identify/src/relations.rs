//! How the document of a row belongs to others, as far as the row says so: by its number, by a note in number or title, by a
//! field that names another document, and by the facts of `[[relation]]` in `data/bodies.toml`.

use monitor_model::{DocumentKey, Entry, Identified, Relation, RelationKind};

use crate::{Bodies, clean, number};

/// Fields of a source that name other documents, and what they say of them.
const FIELDS: [(&str, RelationKind); 26] = [
    ("adopts", RelationKind::Adopts),
    ("becomes", RelationKind::Becomes),
    ("became", RelationKind::Becomes),
    ("continued_as", RelationKind::Becomes),
    ("recommendation", RelationKind::Becomes),
    ("replaced_by", RelationKind::Becomes),
    ("superseded_by", RelationKind::Becomes),
    ("rfc", RelationKind::Becomes),
    ("rfc_number", RelationKind::Becomes),
    ("formerly", RelationKind::Formerly),
    ("provisional", RelationKind::Formerly),
    ("provisional_name", RelationKind::Formerly),
    ("work_item", RelationKind::Formerly),
    ("draft_name", RelationKind::Formerly),
    ("equivalent", RelationKind::SameAs),
    ("identical", RelationKind::SameAs),
    ("same_as", RelationKind::SameAs),
    ("twin", RelationKind::SameAs),
    ("mirrors", RelationKind::Mirrors),
    ("part_of", RelationKind::PartOf),
    ("revises", RelationKind::RevisionOf),
    ("revision_of", RelationKind::RevisionOf),
    ("obsoletes", RelationKind::Supersedes),
    ("replaces", RelationKind::Supersedes),
    ("supersedes", RelationKind::Supersedes),
    ("withdraws", RelationKind::Supersedes),
];

/// Longest field that is read, and most numbers in it.
const LONGEST: usize = 400;
const MOST: usize = 12;

/// The relations that a row states about its document, sorted.
///
/// ETSI TS 133 501 is 3GPP TS 33.501; `EN ISO/IEC 27001` adopts ISO/IEC 27001; `X.509 | ISO/IEC 9594-8` is one text under two
/// numbers; `XSTR.AISec (ex TR.AISec)` was TR.AISec before; an amendment or a part belongs to its base.
pub fn relations(bodies: &Bodies, entry: &Entry, id: &Identified) -> Vec<Relation> {
    let Some(key) = &id.document else { return Vec::new() };
    let mut found = Found { bodies, body: &entry.body, key, out: Vec::new() };
    found.of_number(id);
    found.of_notes(entry, id);
    found.of_fields(entry, id);
    for fact in bodies.facts(key) {
        found.add(fact.kind, fact.document.clone());
    }
    found.out.sort();
    found.out
}

struct Found<'a> {
    bodies: &'a Bodies,
    body: &'a str,
    key: &'a DocumentKey,
    out: Vec<Relation>,
}

impl Found<'_> {
    fn add(&mut self, kind: RelationKind, document: DocumentKey) {
        let new = Relation { kind, document };
        if new.document != *self.key && !self.out.contains(&new) {
            self.out.push(new);
        }
    }

    fn read(&self, text: &str) -> Option<Identified> {
        let body = Some(self.body.trim()).filter(|b| !b.is_empty());
        Some(number::identify(self.bodies, body, text)).filter(|i| i.document.is_some())
    }

    fn add_text(&mut self, kind: RelationKind, text: &str) {
        if let Some(key) = self.read(text).and_then(|i| i.document) {
            self.add(kind, key);
        }
    }

    /// What the number itself says.
    fn of_number(&mut self, id: &Identified) {
        if let (Some("ETSI"), Some("TS" | "TR"), Some(n)) = (id.body.as_deref(), id.series.as_deref(), id.number.as_deref())
            && let Some(twin) = three_gpp(n)
        {
            let part = id.part.as_ref().map(|p| format!("-{p}")).unwrap_or_default();
            self.add(RelationKind::SameAs, DocumentKey(format!("3gpp/{twin}{part}")));
        }
        let key = self.key.as_str();
        if let Some(rest) = key.strip_prefix("cen/en-").or_else(|| key.strip_prefix("cen/cen-clc-"))
            && let Some((house, number)) =
                [("iso-iec", "iso-iec-"), ("iso", "iso-"), ("iec", "iec-")].iter().find_map(|(h, p)| Some((h, rest.strip_prefix(p)?)))
        {
            self.add(RelationKind::Adopts, DocumentKey(format!("{house}/{number}")));
        }
        // an amendment, corrigendum or erratum: the base is what stands before the edition
        if let Some((base, _)) = ["/amd-", "/cor-", "/err-"].iter().find_map(|mark| key.rsplit_once(mark)) {
            let (house, rest) = base.split_once('/').unwrap_or((base, ""));
            let bare = rest.split([':', '/']).next().unwrap_or(rest);
            if !bare.is_empty() {
                self.add(RelationKind::PartOf, DocumentKey(format!("{house}/{bare}")));
            }
        } else if let Some(part) = id.part.as_deref()
            && let Some(base) = key.strip_suffix(&format!("-{}", part.to_ascii_lowercase()))
            && base.ends_with(|c: char| c.is_ascii_digit())
        {
            self.add(RelationKind::PartOf, DocumentKey(base.to_owned()));
        }
    }

    /// Notes in number and title: former names, twins behind a bar, the work item before the number that it got.
    fn of_notes(&mut self, entry: &Entry, id: &Identified) {
        if let Some(printed) = entry.number.as_deref().filter(|n| n.len() <= LONGEST && n.contains(['(', '[', '|'])) {
            let text = clean::clean(printed);
            if let (_, Some(was)) = clean::former(&text) {
                self.add_text(RelationKind::Formerly, was);
            } else if let Some((head, _)) = text.split_once(" (")
                && head.contains('/')
                && id.body.as_deref() == Some("ETSI")
                && let Some(item) = self.read(head).and_then(|i| i.document)
                && item.as_str().contains("/wi-")
            {
                self.add(RelationKind::Formerly, item);
            }
            self.twins(&text);
        }
        if entry.title.len() <= LONGEST && entry.title.contains(['(', '[']) && id.body.as_deref() == Some("ITU-T") {
            let title = clean::clean(&entry.title);
            if let (_, Some(was)) = clean::former(&title) {
                self.add_text(RelationKind::Formerly, was);
            }
        }
        if entry.title.len() <= LONGEST && entry.title.contains('|') {
            let title = clean::clean(&entry.title);
            // `Rec. ITU-T X.1054 | ISO/IEC 27014`: the second number ends where the words of the title begin
            self.twins(title.split([':', ';']).next().unwrap_or_default());
        }
    }

    /// `X.509 | ISO/IEC 9594-8`: all of them are one text, if one of them is this document.
    fn twins(&mut self, text: &str) {
        if !text.contains('|') {
            return;
        }
        let keys: Vec<DocumentKey> =
            text.split('|').take(MOST).filter_map(|piece| self.read(piece.trim()).and_then(|i| i.document)).collect();
        if keys.len() > 1 && keys.contains(self.key) {
            keys.into_iter().for_each(|k| self.add(RelationKind::SameAs, k));
        }
    }

    /// Fields that name other documents.
    fn of_fields(&mut self, entry: &Entry, id: &Identified) {
        for (name, value) in &entry.extra {
            let Some((_, kind)) = FIELDS.iter().find(|(f, _)| *f == name) else { continue };
            if value.len() > LONGEST {
                continue;
            }
            for text in value.split([',', ';', '\n', '|']).map(str::trim).filter(|t| !t.is_empty()).take(MOST) {
                // ITU prints `Provisional name: H.26L` in one field
                let text = if name.starts_with("provisional") { text.rsplit_once(": ").map_or(text, |(_, t)| t) } else { text };
                let bare = name.starts_with("rfc") && text.bytes().all(|b| b.is_ascii_digit());
                let read = if bare { self.read(&format!("RFC {text}")) } else { self.read(text) };
                let Some(other) = read else { continue };
                let Some(key) = other.document.clone() else { continue };
                self.add(sense(name, *kind, id, &other), key);
            }
        }
    }
}

/// What a field says depends on whose number it names.
fn sense(field: &str, kind: RelationKind, id: &Identified, other: &Identified) -> RelationKind {
    match field {
        // the number that a body itself gives as the equivalent of its work item is the name that the item got
        "equivalent" if other.body == id.body => RelationKind::Becomes,
        // an Internet-Draft that replaces another goes on with its text
        "replaces" if id.body.as_deref() == Some("IETF") && other.series == id.series && id.series.as_deref() != Some("RFC") => {
            RelationKind::Formerly
        }
        _ => kind,
    }
}

/// `133 501` → `33.501`: ETSI's number of a 3GPP text is 1, the series, and three digits; old series stand at 100 000.
fn three_gpp(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let series = digits.strip_prefix('1').filter(|_| digits.len() == 6)?;
    let group: u8 = series[..2].parse().ok()?;
    (21..=55).contains(&group).then(|| format!("{}.{}", &series[..2], &series[2..]))
}

#[cfg(test)]
mod tests {
    use super::three_gpp;

    #[test]
    fn etsi_twins_of_3gpp_texts() {
        assert_eq!(three_gpp("133 501").as_deref(), Some("33.501"));
        assert_eq!(three_gpp("104 223"), None, "TC SAI's own");
        assert_eq!(three_gpp("303 645"), None);
    }
}
