use std::cmp::Ordering;

use monitor_model::Identified;

use crate::chain::is_year;

/// Stage words that numbers carry, each list from the first to the last of its body.
const LADDERS: [&[&str]; 4] = [
    &[
        "PWI", "NP", "NWIP", "PNW", "AWI", "WD", "CD", "PCD", "CDV", "FCD", "DTR", "DTS", "DPAS", "PDAM", "DAM", "DCOR", "DIS", "FPDAM",
        "FDAM", "FDCOR", "FDIS", "PRF",
    ],
    &[
        "IWD",
        "IPRD",
        "PRD",
        "2PRD",
        "IPD",
        "DRAFT",
        "PD",
        "PUBLIC DRAFT",
        "2ND DRAFT",
        "SECOND DRAFT",
        "2PD",
        "3RD DRAFT",
        "THIRD DRAFT",
        "3PD",
        "4PD",
        "FPD",
        "FINAL DRAFT",
        "FINAL",
    ],
    &["CSD", "CSPRD", "PSD", "PS", "CS", "COS", "OS", "ERRATA"],
    &["PR", "FPR"],
];

/// What tells the versions of a document apart, as one line: `1.1.1`, `03`, `2025-12`, `FDIS`, `Rev. 1 ipd`, `2025-05 D6`.
pub fn label(id: &Identified) -> Option<String> {
    let text = |v: &Option<String>| v.as_deref().filter(|t| !t.is_empty()).map(str::to_owned);
    let (version, edition, stage) = (text(&id.version), text(&id.edition), text(&id.stage));
    let body = id.body.as_deref().unwrap_or_default();
    let parts: Vec<String> = match body {
        // the version counts, the month only says when
        "ETSI" | "3GPP" | "IETF" | "arXiv" | "ITU-R" | "CCSDS" | "OGC" => [version.or(edition), stage].into_iter().flatten().collect(),
        "NIST" => [edition, version, stage].into_iter().flatten().collect(),
        _ => [edition, version, stage].into_iter().flatten().collect(),
    };
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A label without its last stage word, and that word.
pub(crate) fn split(label: &str) -> (&str, &str) {
    for ladder in LADDERS {
        for word in ladder {
            if let Some(head) = label.len().checked_sub(word.len()).and_then(|cut| label.get(..cut))
                && label[head.len()..].eq_ignore_ascii_case(word)
                && (head.is_empty() || head.ends_with(' '))
            {
                return (head.trim_end(), &label[head.len()..]);
            }
        }
    }
    // OASIS counts its stages: CS01, CSPRD02; an undated IEEE draft is one, too
    let (head, last) = label.rsplit_once(' ').unwrap_or(("", label));
    let bare = last.trim_end_matches(|c: char| c.is_ascii_digit());
    if LADDERS[2].contains(&bare.to_ascii_uppercase().as_str()) { (head, last) } else { (label, "") }
}

/// Which of two labels of one document is the later one; none when the labels alone do not say.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    let ((va, sa), (vb, sb)) = (split(a), split(b));
    let order = match (va.is_empty(), vb.is_empty()) {
        (true, true) => Some(Ordering::Equal),
        // `Rev. 1` follows the first issue, a dated edition may stand on either side of an undated draft
        (true, false) => (!dated(vb)).then_some(Ordering::Less),
        (false, true) => (!dated(va)).then_some(Ordering::Greater),
        (false, false) if dated(va) != dated(vb) => None,
        (false, false) if dated(va) => Some(by_date(va, vb)),
        (false, false) => Some(natural(va, vb)),
    }?;
    if order != Ordering::Equal {
        return Some(order);
    }
    match (sa.is_empty(), sb.is_empty()) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Greater),
        (false, true) => Some(Ordering::Less),
        (false, false) => rank(sa).zip(rank(sb)).filter(|(x, y)| x.0 == y.0).map(|(x, y)| x.cmp(&y)),
    }
}

/// `2023-08 D3` before `2023`: of one year, a draft precedes the standard; `2025` and `2025-12` are one date.
fn by_date(a: &str, b: &str) -> Ordering {
    let ((da, ra), (db, rb)) = (a.split_once(' ').unwrap_or((a, "")), b.split_once(' ').unwrap_or((b, "")));
    let drafted = |rest: &str| rest.starts_with('D');
    let order = if da.starts_with(db) || db.starts_with(da) { Ordering::Equal } else { natural(da, db) };
    match (order, drafted(ra), drafted(rb)) {
        (Ordering::Equal, true, false) => Ordering::Less,
        (Ordering::Equal, false, true) => Ordering::Greater,
        // one source prints `(V16)` beside the date, another does not
        (Ordering::Equal, false, false) if ra.is_empty() || rb.is_empty() => Ordering::Equal,
        (Ordering::Equal, ..) => natural(ra, rb),
        (other, ..) => other,
    }
}

fn dated(version: &str) -> bool {
    version.get(..4).is_some_and(is_year) && !version[4..].starts_with(|c: char| c.is_ascii_digit() && version.len() < 8)
}

/// The ladder, the rung, and the count behind the word.
fn rank(stage: &str) -> Option<(usize, usize, u32)> {
    let upper = stage.to_ascii_uppercase();
    let bare = upper.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = upper[bare.len()..].parse().unwrap_or(0);
    LADDERS.iter().enumerate().find_map(|(i, l)| {
        l.iter().position(|w| *w == upper).map(|p| (i, p, 0)).or_else(|| l.iter().position(|w| *w == bare).map(|p| (i, p, count)))
    })
}

/// Digits by their value, all else by letter.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (na, nb) = (run(&mut a), run(&mut b));
        let order = match (na, nb) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if digit(x) && digit(y) => {
                let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            (Some(x), Some(y)) => x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn digit(run: &str) -> bool {
    run.starts_with(|c: char| c.is_ascii_digit())
}

fn run<'t>(text: &mut &'t str) -> Option<&'t str> {
    let first = text.chars().next()?;
    let kind = first.is_ascii_digit();
    let end = text.find(|c: char| c.is_ascii_digit() != kind).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    *text = rest;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_their_bodys_count() {
        for (older, newer) in [
            ("1.9.1", "1.10.1"),
            ("03", "12"),
            ("2013", "2022"),
            ("2025-04", "2025-12"),
            ("CD", "FDIS"),
            ("AWI", "CD"),
            ("2022 ipd", "2022"),
            ("ipd", "Rev. 1"),
            ("Rev. 1 ipd", "Rev. 1 2pd"),
            ("Rev. 1 fpd", "Rev. 1"),
            ("Rev. 4", "Rev. 5 ipd"),
            ("2.1 CS01", "2.1 CS02"),
            ("2.1 CSPRD03", "2.1 CS01"),
            ("2.0 OS", "2.1 CSD01"),
            ("2025-05 D6", "2025-06 D7"),
            ("2023-08 D3", "2023"),
            ("2012-03 D2", "2023"),
            ("1", "2"),
            ("20240101 WD", "20250101 CR"),
            ("18.0.0", "18.0.1"),
        ] {
            assert_eq!(compare(older, newer), Some(Ordering::Less), "{older} < {newer}");
            assert_eq!(compare(newer, older), Some(Ordering::Greater), "{newer} > {older}");
        }
    }

    #[test]
    fn an_undated_draft_and_a_dated_edition_cannot_be_ordered_by_their_labels() {
        assert_eq!(compare("2022", "DIS"), None);
        assert_eq!(compare("DIS", "2022"), None);
        assert_eq!(compare("2022", "D6"), None);
    }
}
