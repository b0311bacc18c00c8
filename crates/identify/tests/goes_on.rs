//! Drafts that go on under another name: what joins them, and what only looks alike.

mod world;

use monitor_identify::goes_on;
use monitor_model::Document;
use world::{World, row, source};

/// A document that was shown once for each of these numbers and dates.
fn document(title: &str, summary: &str, versions: &[(&str, &str)]) -> Document {
    let mut w = World::new();
    for (number, date) in versions {
        let json = serde_json::json!({"body": "IETF", "number": number, "title": title, "summary": summary, "published": date});
        w.show(0, "list", &source("IETF"), &row(&json.to_string()));
    }
    w.doc().clone()
}

fn draft(name: &str, title: &str, first: &str, last: &str) -> Document {
    document(title, "", &[(&format!("{name}-00"), first), (&format!("{name}-01"), last)])
}

#[test]
fn a_draft_that_is_adopted_or_moves_goes_on_under_its_new_name() {
    let title = "Key Consistency and Discovery for Privacy";
    let old = draft("draft-wood-key-consistency", title, "2021-02-22", "2022-08-17");
    for (name, first) in [
        ("draft-ietf-privacypass-key-consistency", "2022-08-23"),
        ("draft-irtf-pearg-key-consistency", "2022-08-01"),
        ("draft-wood-privacypass-consistency", "2023-01-05"),
    ] {
        let new = draft(name, &title.to_uppercase(), first, "2023-03-01");
        assert!(goes_on(&old, &new), "{name}");
        assert!(!goes_on(&new, &old), "{name}: not back");
    }
}

#[test]
fn what_only_looks_alike_is_another_draft() {
    let title = "Key Consistency and Discovery for Privacy";
    let old = draft("draft-wood-key-consistency", title, "2021-02-22", "2022-08-17");
    for (name, title, first, why) in [
        ("draft-ietf-privacypass-key-consistency", "Key Consistency and Discovery", "2022-08-23", "another title"),
        ("draft-ietf-privacypass-transparency", title, "2022-08-23", "another name"),
        ("draft-beurdouche-key-consistency", title, "2022-08-23", "another author"),
        ("draft-ietf-privacypass-key-consistency", title, "2021-06-01", "both were revised at the time"),
        ("draft-ietf-privacypass-key-consistency", title, "2020-06-01", "it was there before"),
        ("draft-ietf-privacypass-key-consistency", title, "2027-06-01", "years later"),
    ] {
        assert!(!goes_on(&old, &draft(name, title, first, "2027-07-01")), "{name}: {why}");
    }
    let (a, b) = ("draft-a-x-requirements", "draft-ietf-y-requirements");
    let of = |name: &str, year: &str| draft(name, "Requirements", &format!("{year}-01-01"), &format!("{year}-02-01"));
    assert!(!goes_on(&of(a, "2020"), &of(b, "2021")), "one word is no title");
    let of = |name: &str, year: &str| draft(name, "Use Cases and Requirements", &format!("{year}-01-01"), &format!("{year}-02-01"));
    assert!(!goes_on(&of(a, "2020"), &of(b, "2021")), "every other draft is called so");
    let of = |name: &str, year: &str| draft(name, "Short Title", &format!("{year}-01-01"), &format!("{year}-02-01"));
    assert!(goes_on(&of("draft-a-thing", "2020"), &of("draft-a-wg-thing", "2021")), "one and the same");
    assert!(!goes_on(&of("draft-ietf-wg-thing", "2020"), &of("draft-b-thing", "2021")), "what a group has is not adopted");
}

#[test]
fn an_rfc_with_title_and_abstract_of_a_draft_is_its_end() {
    let (title, text) =
        ("Transport Options for UDP", "Transport protocols are extended through the use of transport header options in this document.");
    let of = |number: &str, summary: &str, date: &str| document(title, summary, &[(number, date)]);
    let old = of("draft-ietf-tsvwg-udp-options-45", text, "2025-03-20");
    assert!(goes_on(&old, &of("RFC 9868", &text.replace(" the ", " the  "), "2025-10")));
    assert!(goes_on(&old, &of("RFC 9868", text, "2025-03")), "a month is no day");
    assert!(!goes_on(&old, &of("RFC 9868", "It tells of something else altogether, and at some length, too.", "2025-10")));
    assert!(!goes_on(&old, &of("RFC 768", text, "2024-08")), "the RFC that it is to replace");
    assert!(!goes_on(&of("draft-a-b-00", "", "2025-03-20"), &of("RFC 9868", "", "2025-10")), "a title alone joins nothing");
    assert!(!goes_on(&of("RFC 9868", text, "2025-03"), &of("RFC 9999", text, "2025-10")), "an RFC is what it is");
}
