use monitor_model::{DocumentKey, Entry, Identified, Relation, RelationKind};

use crate::{Bodies, clean, number};

/// The relations that the numbers themselves state; what needs a title, a summary or the store is found elsewhere.
///
/// ETSI TS 133 501 is 3GPP TS 33.501; `EN ISO/IEC 27001` adopts ISO/IEC 27001; `TR.AISec` became `XSTR.AISec`; an amendment
/// or a part belongs to its base.
pub fn relations(bodies: &Bodies, entry: &Entry, id: &Identified) -> Vec<Relation> {
    let Some(key) = &id.document else { return Vec::new() };
    let mut out: Vec<Relation> = Vec::new();
    let mut add = |kind, document: String| {
        let r = Relation { kind, document: DocumentKey(document) };
        if r.document != *key && !out.contains(&r) {
            out.push(r);
        }
    };
    if let (Some("ETSI"), Some("TS" | "TR"), Some(n)) = (id.body.as_deref(), id.series.as_deref(), id.number.as_deref())
        && let Some(twin) = three_gpp(n)
    {
        let part = id.part.as_ref().map(|p| format!("-{p}")).unwrap_or_default();
        add(RelationKind::SameAs, format!("3gpp/{twin}{part}"));
    }
    if let Some(rest) = key.as_str().strip_prefix("cen/en-").or_else(|| key.as_str().strip_prefix("cen/cen-clc-"))
        && let Some((house, number)) =
            [("iso-iec", "iso-iec-"), ("iso", "iso-"), ("iec", "iec-")].iter().find_map(|(h, p)| Some((h, rest.strip_prefix(p)?)))
    {
        add(RelationKind::Adopts, format!("{house}/{number}"));
    }
    // an amendment, corrigendum or supplement: the base is what stands before the edition
    if let Some((base, _)) =
        key.as_str().rsplit_once("/amd-").or_else(|| key.as_str().rsplit_once("/cor-")).or_else(|| key.as_str().rsplit_once("/err-"))
    {
        let (house, rest) = base.split_once('/').unwrap_or((base, ""));
        let bare = rest.split([':', '/']).next().unwrap_or(rest);
        if !bare.is_empty() {
            add(RelationKind::PartOf, format!("{house}/{bare}"));
        }
    }
    if let Some(printed) = entry.number.as_deref() {
        let text = clean::clean(printed);
        if let (_, Some(was)) = clean::former(&text)
            && let Some(old) = number::identify(bodies, Some(&entry.body), was).document
        {
            add(RelationKind::RevisionOf, old.0);
        }
    }
    out.sort();
    out
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
