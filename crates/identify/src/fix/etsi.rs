use super::digits;
use crate::table::Fields;

/// `104223` and `104 223` are one number; `/A1/C1` are amendments and corrigenda of old standards.
pub(super) fn apply(fields: &mut Fields<'_>) -> Option<()> {
    let number = fields.get("number")?.to_owned();
    if number.len() == 6 && number.bytes().all(|b| b.is_ascii_digit()) {
        fields.set("number", format!("{} {}", &number[..3], &number[3..]));
    }
    if let Some(supp) = fields.get("supp").map(|s| s.trim_start_matches('/').to_ascii_lowercase()) {
        fields.set("supp", supp);
    }
    Some(())
}

/// `ts_104223v010101p` and `gs_nfv-ifa026v040501p`: two digits each for the parts of the version.
pub(super) fn file(fields: &mut Fields<'_>) -> Option<()> {
    let printed = fields.get("digits")?.to_owned();
    let two = |i: usize| printed.get(i..i + 2).and_then(|t| t.parse::<u8>().ok());
    let version = format!("{}.{}.{}", two(0)?, two(2)?, two(4)?);
    fields.set("version", version);
    let parts = fields.get("parts").unwrap_or_default().to_owned();
    let (first, rest) = digits(&parts);
    if !first.is_empty() && first.len() % 2 == 0 {
        let list: Vec<String> =
            (0..first.len()).step_by(2).filter_map(|i| first.get(i..i + 2)).map(|p| p.trim_start_matches('0').to_owned()).collect();
        fields.set("part", list.join("-"));
    } else if !first.is_empty() || !rest.is_empty() {
        return None;
    }
    apply(fields)
}
