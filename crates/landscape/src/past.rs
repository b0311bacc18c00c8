use jiff::{civil::Date, tz::TimeZone};
use monitor_model::Document;

/// The documents as they were known at the end of a day; none when nothing came later, or nothing was watched by then: a store
/// that began later can only say what it knows.
///
/// Versions that were first seen later are taken off, with their stages. A stage that changed within a version stays as it is now.
pub(crate) fn as_known(documents: &[Document], as_of: Date) -> Option<Vec<Document>> {
    let known = |t: jiff::Timestamp| t.to_zoned(TimeZone::UTC).date() <= as_of;
    let later = |d: &Document| !known(d.first_seen) || d.versions.iter().any(|v| !known(v.first_seen));
    if !documents.iter().any(later) || !documents.iter().any(|d| known(d.first_seen)) {
        return None;
    }
    let then = documents.iter().filter(|d| known(d.first_seen)).map(|d| {
        let mut d = d.clone();
        let all = d.versions.len();
        d.versions.retain(|v| known(v.first_seen));
        if let Some(last) = d.versions.last().filter(|_| d.versions.len() < all) {
            (d.stage, d.published, d.version) = (last.stage.clone(), last.published, Some(last.version.clone()));
            d.number = Some(last.number.clone()).filter(|n| !n.is_empty()).or(d.number);
        }
        d
    });
    Some(then.collect())
}

#[cfg(test)]
mod tests {
    use monitor_model::{StageCode, Version};

    use super::*;
    use crate::made::{at, doc, staged};

    #[test]
    fn what_came_later_is_not_known_yet() {
        let day: Date = "2026-03-31".parse().expect("a date");
        let mut grown = staged(doc("a", "ETSI", "SAI", "t", &[]), StageCode::Published, "2026-07-01");
        let version = |name: &str, code, seen: &str| Version {
            version: name.into(),
            number: format!("A {name}"),
            stage: staged(doc("x", "", "", "", &[]), code, "").stage,
            published: seen.parse().ok(),
            url: String::new(),
            first_seen: at(seen),
        };
        grown.versions = vec![version("1", StageCode::Draft, "2026-01-02"), version("2", StageCode::Published, "2026-07-01")];
        let mut new = doc("b", "ETSI", "SAI", "t", &[]);
        new.first_seen = at("2026-06-01");
        let all = [grown, new];
        let then = as_known(&all, day).expect("something came later");
        assert_eq!(then.len(), 1);
        assert_eq!((then[0].stage_code(), then[0].number.as_deref(), then[0].versions.len()), (StageCode::Draft, Some("A 1"), 1));
        assert!(as_known(&all, "2026-08-01".parse().expect("a date")).is_none(), "nothing came later");
        assert!(as_known(&all, "2025-08-01".parse().expect("a date")).is_none(), "nothing was watched by then");
    }
}
