use monitor_model::Document;

/// Words of a group's name that do not tell it from its sisters.
const GENERIC: [&str; 7] = ["tc", "isg", "wg", "jtc", "committee", "group", "jtc1"];

/// Whether a liaison field ("ISO/IEC JTC 1/SC 27, SC 42; IETF") names a document's group, or its body as a whole.
pub(crate) fn names(field: &str, d: &Document) -> bool {
    let body = tokens(&d.body);
    let group = d.group.as_deref().unwrap_or_default().split('(').next().map(tokens).unwrap_or_default();
    // "JTC 1/SC 42": the last name is the group's own; "SG13 Q17/13": the study group is addressed, not the Question.
    let study_group = group.iter().find(|t| t.strip_prefix("sg").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())));
    let own = study_group.or_else(|| group.iter().rev().find(|t| !GENERIC.contains(&t.as_str()) && !body.contains(t)));
    field.split([',', ';', '\n']).map(tokens).filter(|p| !p.is_empty()).any(|part| {
        let whole_body = !body.is_empty() && part == body;
        let own_group = own.is_some_and(|o| part.contains(o));
        let group_unknown = own.is_none() && !body.is_empty() && body.iter().all(|b| part.contains(b));
        whole_body || own_group || group_unknown
    })
}

/// Lower-case words; letters and the number after them are one ("SC 42" is "sc42").
fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut out: Vec<String> = Vec::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let number = word.bytes().all(|b| b.is_ascii_digit());
        match out.last_mut() {
            Some(last) if number && last.len() <= 4 && last.chars().all(char::is_alphabetic) => last.push_str(word),
            _ => out.push(word.to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::made::doc;

    #[test]
    fn a_liaison_field_names_groups_and_whole_bodies() {
        let field = "SG13, SG20; ETSI SAI, ISO/IEC JTC 1/SC 27, SC 42, IETF, CEN/CENELEC TC 21";
        for (body, group, named) in [
            ("ISO/IEC", "JTC 1/SC 42", true),
            ("ISO/IEC", "JTC 1/SC 27", true),
            ("ISO/IEC", "JTC 1/SC 17", false),
            ("ETSI", "TC SAI", true),
            ("ETSI", "ISG SAI (closed)", true),
            ("ETSI", "TC CYBER", false),
            ("IETF", "WIMSE", true),
            ("ITU-T", "SG13 Q17/13", true),
            ("ITU-T", "SG11 Q1/11", false),
            ("3GPP", "SA3", false),
            ("", "", false),
        ] {
            assert_eq!(super::names(field, &doc("k", body, group, "t", &[])), named, "{body} {group}");
        }
        assert!(!super::names("", &doc("k", "IETF", "WIMSE", "t", &[])));
        assert!(!super::names(" , ; \u{0}", &doc("k", "", "", "t", &[])));
    }
}
