//! What a source's own declaration says about which document a row is (`identity`).

use monitor_model::{DocumentKey, Entry, Identified, SourceId, hex16, url_key};

use crate::{Bodies, entry};

/// Which document a row of a source is about, by the fields that the source declares as its `identity`.
///
/// A number that can be read is the document's over all sources, when `identity` names `number` or nothing is declared. The other
/// fields say it together: an address alone is known to all sources, everything else is a name within the source. A number that
/// nobody can read is such a name, when there is nothing beside it. A row that has none of these fields goes by what else it has.
pub fn identify_row(bodies: &Bodies, source: &SourceId, identity: &[String], row: &Entry) -> Identified {
    let usual = entry::identify(bodies, row);
    if identity.is_empty() {
        return usual;
    }
    let by_number = identity.iter().any(|f| f == "number");
    if by_number && usual.document.as_ref().is_some_and(DocumentKey::is_numbered) {
        return usual;
    }
    let others: Vec<&str> = identity.iter().map(String::as_str).filter(|f| *f != "number").collect();
    let key = match others.as_slice() {
        ["url"] => row.url.as_deref().and_then(url_key),
        // where it has an address too, other sources may show what stands there
        ["source_key"] => {
            row.field("source_key").and_then(|k| row.url.as_deref().and_then(url_key).or_else(|| Some(within(source.as_str(), [&*k]))))
        }
        fields => {
            let values: Vec<String> = fields.iter().map(|f| value(row, f)).collect();
            values.iter().any(|v| !v.is_empty()).then(|| within(source.as_str(), values.iter().map(String::as_str)))
        }
    };
    let number = || Some(value(row, "number")).filter(|n| by_number && !n.is_empty()).map(|n| within(source.as_str(), [n.as_str()]));
    match key.or_else(number) {
        Some(key) => Identified { document: Some(key), ..entry::unnumbered(bodies, row, usual.reason.filter(|_| by_number)) },
        None => usual,
    }
}

/// The document that a source knows under a key of its own.
pub fn named(source: &SourceId, key: &str) -> DocumentKey {
    within(source.as_str(), [key])
}

/// A key within a source.
pub(crate) fn within<'v>(source: &str, values: impl IntoIterator<Item = &'v str>) -> DocumentKey {
    let name: Vec<String> = values.into_iter().map(|v| v.trim().to_owned()).collect();
    DocumentKey(["source/", source, "/", &hex16(name.join("\n").as_bytes())].concat())
}

/// What a field says, in one spelling.
fn value(row: &Entry, field: &str) -> String {
    let text = row.field(field).unwrap_or_default();
    match url_key(&text).filter(|_| field == "url") {
        Some(key) => key.0,
        None => text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(bodies: &Bodies, identity: &[&str], row: &Entry) -> String {
        let identity: Vec<String> = identity.iter().map(|f| (*f).to_owned()).collect();
        identify_row(bodies, &SourceId("s".into()), &identity, row).document.map(|k| k.0).unwrap_or_default()
    }

    /// What is declared decides: the same row with other numbers, keys, addresses and titles.
    #[test]
    fn what_is_declared_says_which_document_a_row_is() {
        let bodies = Bodies::parse(include_str!("../../../data/bodies.toml")).expect("the tables are right");
        let row = Entry {
            body: "ETSI".into(),
            number: Some("ETSI TS 104 223 V1.1.1".into()),
            title: "Baseline requirements".into(),
            url: Some("https://example.org/a?utm_source=x".into()),
            source_key: Some("k7".into()),
            extra: [("question".to_owned(), "Q 16/17".to_owned())].into(),
            ..Entry::default()
        };
        let other = |change: fn(&mut Entry)| {
            let mut e = row.clone();
            change(&mut e);
            e
        };
        let number = other(|e| e.number = Some("ETSI TS 104 999 V1.1.1".into()));
        let version = other(|e| e.number = Some("ETSI TS 104 223 V2.1.1".into()));
        let url = other(|e| e.url = Some("https://example.org/b".into()));
        let own = other(|e| e.source_key = Some("k8".into()));
        let title = other(|e| e.title = "Other words".into());
        let question = other(|e| {
            e.extra.insert("question".into(), "Q17/17".into());
        });
        let spelt = other(|e| {
            e.extra.insert("question".into(), " q  16/17".into());
        });
        // (identity, rows that are the same document, rows that are others)
        for (identity, same, others) in [
            (&[][..], vec![&version, &url, &own, &title, &question], vec![&number]),
            (&["number"], vec![&version, &url, &own, &title, &question], vec![&number]),
            (&["number", "url"], vec![&version, &url, &own, &title, &question], vec![&number]),
            (&["url"], vec![&number, &version, &own, &title, &question], vec![&url]),
            (&["title"], vec![&number, &version, &url, &own, &question], vec![&title]),
            (&["question"], vec![&number, &version, &url, &own, &title, &spelt], vec![&question]),
            (&["title", "question"], vec![&number, &version, &url, &own], vec![&title, &question]),
            (&["url", "source_key"], vec![&number, &version, &title, &question], vec![&url, &own]),
        ] {
            let first = key(&bodies, identity, &row);
            assert!(!first.is_empty());
            for (n, e) in same.iter().enumerate() {
                assert_eq!(key(&bodies, identity, e), first, "{identity:?} {n}");
            }
            for (n, e) in others.iter().enumerate() {
                assert_ne!(key(&bodies, identity, e), first, "{identity:?} {n}");
            }
        }
        assert_eq!(key(&bodies, &["number"], &row), "etsi/ts-104-223", "over all sources");
        assert!(key(&bodies, &["url"], &row).starts_with("url/"), "over all sources");
        assert!(key(&bodies, &["question"], &row).starts_with("source/s/"), "within its source");
        let bare = other(|e| e.url = None);
        assert_eq!(key(&bodies, &["source_key"], &bare), named(&SourceId("s".into()), "k7").0);
    }

    #[test]
    fn a_number_that_nobody_reads_is_a_name_and_a_row_without_the_fields_goes_by_what_else_it_has() {
        let bodies = Bodies::parse(include_str!("../../../data/bodies.toml")).expect("the tables are right");
        let row = |number: Option<&str>, url: &str, title: &str| Entry {
            body: "Nobody".into(),
            number: number.map(str::to_owned),
            title: title.into(),
            url: Some(url.into()),
            ..Entry::default()
        };
        let odd = key(&bodies, &["number"], &row(Some("Paper 7 of us"), "https://example.org/a", "A"));
        assert_eq!(key(&bodies, &["number"], &row(Some("paper  7 of us"), "https://example.org/b", "B")), odd);
        assert_ne!(key(&bodies, &["number"], &row(Some("Paper 8 of us"), "https://example.org/a", "A")), odd);
        let by_address = key(&bodies, &[], &row(None, "https://example.org/a", "A"));
        for identity in [&["number"][..], &["question"], &["source_key"], &["deadline", "version"]] {
            assert_eq!(key(&bodies, identity, &row(None, "https://example.org/a", "A")), by_address, "{identity:?}");
        }
        let mut nothing = row(None, "https://example.org/a", "A");
        nothing.url = None;
        assert_eq!(key(&bodies, &["url"], &nothing), "");
    }
}
