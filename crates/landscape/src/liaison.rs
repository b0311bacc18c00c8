use std::{cmp::Reverse, collections::BTreeSet};

use monitor_model::{Document, DocumentKey};

use crate::{Home, is_liaison, pick::newest_date};

/// Words of a group's name that do not tell it from its sisters.
const GENERIC: [&str; 7] = ["tc", "isg", "wg", "jtc", "committee", "group", "jtc1"];

/// At most so many statements are named per counterpart.
const MOST: usize = 3;

/// Liaison statements that the home group sent or was sent, the newest first, each with the words of its other side.
#[derive(Debug)]
pub(crate) struct Liaisons<'a> {
    statements: Vec<(&'a Document, Vec<String>)>,
    home: Vec<String>,
}

impl<'a> Liaisons<'a> {
    pub(crate) fn new(documents: &'a [Document], home: &Home) -> Self {
        let groups: Vec<Vec<String>> = [&home.group].into_iter().chain(&home.also).map(|g| tokens(g)).filter(|g| !g.is_empty()).collect();
        let body = tokens(&home.body);
        let statements = documents.iter().filter(|d| is_liaison(d) && d.ignored.is_none());
        let mut ours: Vec<(&Document, Vec<String>)> =
            statements.filter_map(|d| Some((d, other_side(&sides(d), &groups, &body)?))).collect();
        ours.sort_by_key(|(d, _)| (Reverse(newest_date(d)), &d.document));
        Liaisons { statements: ours, home: body }
    }

    /// Topics of which the home group wrote to others: whoever sends word of his work has work.
    pub(crate) fn topics_sent(&self, home: &Home) -> BTreeSet<&'a str> {
        let ours = |d: &Document| matches!(&sides(d)[..], [from, _] if home.is_named_in(&from.join(" ")));
        self.statements.iter().filter(|(d, _)| ours(d)).flat_map(|(d, _)| &d.topics).map(|t| t.id.as_str()).collect()
    }

    /// Those that were exchanged with the group of a document, or with its body where it has no group. Our own body is on every
    /// letter that we send: by the body alone none of them is of its other groups.
    pub(crate) fn between(&self, other: &Document) -> Vec<DocumentKey> {
        let body = tokens(&other.body);
        let Some(name) = own_group(other, &body).map(|g| vec![g]).or((!body.is_empty() && body != self.home).then_some(body)) else {
            return Vec::new();
        };
        let named = |said: &Vec<String>| said.windows(name.len()).any(|w| w == name.as_slice());
        self.statements.iter().filter(|(_, said)| named(said)).take(MOST).map(|(d, _)| d.document.clone()).collect()
    }
}

/// The sides of a letter as words: sender and addressees where the page names them in fields of their own, or its group as
/// `SG17 -> IETF IAB`; else all that a feed says of it.
fn sides(d: &Document) -> Vec<Vec<String>> {
    let fields: Vec<&str> = ["from", "to"].iter().filter_map(|f| d.extra(f)).collect();
    let arrow: Vec<&str> = d.group.as_deref().unwrap_or_default().split("->").flat_map(|g| g.split('→')).collect();
    match (fields.len(), arrow.len()) {
        (2, _) => fields.into_iter().map(tokens).collect(),
        (_, 2) => arrow.into_iter().map(tokens).collect(),
        _ => vec![tokens(&format!("{} {}", d.title, d.summary.as_deref().unwrap_or_default()))],
    }
}

/// What is said of the side that is not ours; none when we are on no side. Where all stands in one text, our own names go out.
fn other_side(sides: &[Vec<String>], groups: &[Vec<String>], body: &[String]) -> Option<Vec<String>> {
    let ours = |said: &[String]| groups.iter().any(|g| said.windows(g.len()).any(|w| w == g.as_slice()));
    match sides {
        [from, to] => match (ours(from), ours(to)) {
            (true, false) => Some(to.clone()),
            (false, true) => Some(from.clone()),
            (true, true) => Some(groups.iter().fold([from.clone(), to.clone()].concat(), |said, g| without(&said, g))),
            (false, false) => None,
        },
        [all] if ours(all) => Some(without(&groups.iter().fold(all.clone(), |said, g| without(&said, g)), body)),
        _ => None,
    }
}

/// Words without a name among them.
fn without(said: &[String], name: &[String]) -> Vec<String> {
    let mut out = Vec::with_capacity(said.len());
    let mut at = 0;
    while at < said.len() {
        if !name.is_empty() && said[at..].starts_with(name) {
            at += name.len();
        } else {
            out.push(said[at].clone());
            at += 1;
        }
    }
    out
}

/// The last word of a group's name that is its own.
fn own_group(d: &Document, body: &[String]) -> Option<String> {
    let group = d.group.as_deref().unwrap_or_default().split('(').next().map(tokens).unwrap_or_default();
    // "JTC 1/SC 42": the last name is the group's own; "SG13 Q17/13": the study group is addressed, not the Question.
    let study_group = group.iter().find(|t| t.strip_prefix("sg").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())));
    study_group.or_else(|| group.iter().rev().find(|t| !GENERIC.contains(&t.as_str()) && !body.contains(t))).cloned()
}

/// Whether a liaison field ("ISO/IEC JTC 1/SC 27, SC 42; IETF") names a document's group, or its body as a whole.
pub(crate) fn names(field: &str, d: &Document) -> bool {
    let body = tokens(&d.body);
    let own = own_group(d, &body);
    field.split([',', ';', '\n']).map(tokens).filter(|p| !p.is_empty()).any(|part| {
        let whole_body = !body.is_empty() && part == body;
        let its_group = own.as_ref().is_some_and(|o| part.contains(o));
        let group_unknown = own.is_none() && !body.is_empty() && body.iter().all(|b| part.contains(b));
        whole_body || its_group || group_unknown
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
    fn a_letter_to_one_body_is_no_contact_with_our_own_sisters() {
        let mut sent = doc("l", "IETF", "", "LS on the progress of CG-AISEC-STRAT", &[]);
        sent.kind = monitor_model::Kind::Liaison;
        sent.extra = vec![("from".into(), "ITU-T-SG17".into()), ("to".into(), "IAB, IESG".into())];
        let mut to_sister = doc("m", "ITU-T", "", "LS on agents", &[]);
        to_sister.kind = monitor_model::Kind::Liaison;
        to_sister.extra = vec![("from".into(), "ITU-T SG17".into()), ("to".into(), "ITU-T SG21".into())];
        let mut row = doc("n", "IETF", "SG17 -> IETF IAB/IESG", "LS on the progress", &[]);
        row.published = "2020-01-01".parse().ok();
        let all = [sent, to_sister, row];
        let passed = super::Liaisons::new(&all, &crate::made::home());
        assert!(passed.between(&doc("k", "ITU-T", "", "F.748.66", &[])).is_empty());
        assert_eq!(passed.between(&doc("k", "ITU-T", "SG21 Q5/21", "F.748.66", &[])), ["m".into()]);
        assert!(passed.between(&doc("k", "ITU-T", "SG17", "X Suppl. 37", &[])).is_empty());
        assert_eq!(passed.between(&doc("k", "IETF", "IAB", "t", &[])), ["n".into(), "l".into()]);
    }

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
        let mut sent = doc("l", "IETF", "", "LS on agents", &[]);
        sent.kind = monitor_model::Kind::Liaison;
        sent.extra = vec![("from".into(), "ITU-T-SG17".into()), ("to".into(), "WIMSE, OAUTH".into())];
        let mut feed = doc("m", "IETF", "", "Reply on AI security, from ITU-T SG 17 to ETSI SAI", &[]);
        feed.kind = monitor_model::Kind::Liaison;
        let theirs = doc("n", "IETF", "", "From SG13 to WIMSE", &[]);
        let all = [sent, feed, theirs];
        let passed = super::Liaisons::new(&all, &crate::made::home());
        assert_eq!(passed.between(&doc("k", "IETF", "WIMSE", "t", &[])), ["l".into()]);
        assert_eq!(passed.between(&doc("k", "ETSI", "TC SAI", "t", &[])), ["m".into()]);
        assert!(passed.between(&doc("k", "3GPP", "SA3", "t", &[])).is_empty());
        assert!(passed.between(&doc("k", "ITU-T", "", "F.748.66", &[])).is_empty(), "our own body on a letter is ourselves");
        assert!(passed.between(&doc("k", "ITU-T", "SG13 Q17/13", "t", &[])).is_empty(), "a letter between others is not ours");
        assert!(!super::names("", &doc("k", "IETF", "WIMSE", "t", &[])));
        assert!(!super::names(" , ; \u{0}", &doc("k", "", "", "t", &[])));
    }
}
