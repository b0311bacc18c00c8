//! How documents belong together: what numbers, notes, fields and facts say, and which document a work is named after.

use monitor_identify::{Bodies, founder, identify, joins, near_copy, relations};
use monitor_model::{Document, Entry, Relation, RelationKind, Source, SourceId, Tagging};
use proptest::prelude::*;

fn bodies() -> &'static Bodies {
    static BODIES: std::sync::OnceLock<Bodies> = std::sync::OnceLock::new();
    BODIES.get_or_init(|| Bodies::parse(include_str!("../../../data/bodies.toml")).expect("data/bodies.toml is read"))
}

fn row(json: &str) -> Entry {
    serde_json::from_str(json).expect("an entry")
}

/// `kind key` of every relation of a row.
fn said(json: &str) -> Vec<String> {
    let entry = row(json);
    let id = identify(bodies(), &entry);
    relations(bodies(), &entry, &id).iter().map(|r| format!("{} {}", r.kind.as_str(), r.document)).collect()
}

fn document(json: &str) -> Document {
    let entry = row(json);
    let id = identify(bodies(), &entry);
    let key = id.document.clone().expect("a key");
    let seen = monitor_identify::Seen {
        entry: &entry,
        id: &id,
        key: &key,
        source_id: &SourceId::from("s"),
        source: &Source::default(),
        houses: &monitor_model::Houses::default(),
        tagging: &Tagging::default(),
        at: "2026-11-01T06:00:00Z".parse().expect("a time"),
        hash: "",
        backfill: true,
    };
    monitor_identify::see(None, &seen, bodies()).document
}

#[test]
fn rows_say_how_documents_belong_together() {
    for (entry, want) in [
        (r#"{"body":"ETSI","number":"ETSI TS 133 501 V18.5.0","title":"x"}"#, &["same-as 3gpp/33.501"][..]),
        (r#"{"body":"ETSI","number":"ETSI TS 129 594-1 V18.5.0","title":"x"}"#, &["part-of etsi/ts-129-594", "same-as 3gpp/29.594-1"]),
        (r#"{"body":"CEN-CENELEC","number":"FprEN ISO/IEC 12792","title":"x"}"#, &["adopts iso-iec/12792"]),
        (r#"{"body":"CEN-CENELEC","number":"EN IEC 62443-4-1","title":"x"}"#, &["adopts iec/62443-4-1", "part-of cen/en-iec-62443"]),
        (r#"{"body":"ITU-T","number":"XSTR.NewName (ex TR.OldName)","title":"x"}"#, &["formerly itu-t/tr.oldname"]),
        (r#"{"body":"ITU-T","number":"X.1457 (12/2025) [ex X.str-irs]","title":"x"}"#, &["formerly itu-t/x.str-irs"]),
        (r#"{"body":"ITU-T","number":"XSTR.NewName","title":"A report (ex TR.OldName)"}"#, &["formerly itu-t/tr.oldname"]),
        (r#"{"body":"ITU-T","number":"X.509 | ISO/IEC 9594-8","title":"x"}"#, &["same-as iso-iec/9594-8"]),
        (
            r#"{"body":"ISO/IEC","number":"ISO/IEC 9594-8:2020 | ITU-T X.509","title":"x"}"#,
            &["same-as itu-t/x.509", "part-of iso-iec/9594"],
        ),
        (r#"{"body":"ITU-T","number":"X.1054","title":"Rec. ITU-T X.1054 | ISO/IEC 27014: governance"}"#, &["same-as iso-iec/27014"]),
        (r#"{"body":"ITU-T","number":"X.sg-eAI","title":"x","extra":{"equivalent":"X.1799"}}"#, &["becomes itu-t/x.1799"]),
        (r#"{"body":"ITU-T","number":"X.sg-eAI","title":"x","extra":{"equivalent":"ISO/IEC 27099"}}"#, &["same-as iso-iec/27099"]),
        (r#"{"body":"ITU-T","number":"X.1799","title":"x","extra":{"provisional_name":"X.sg-eAI"}}"#, &["formerly itu-t/x.sg-eai"]),
        (r#"{"body":"IETF","number":"draft-ietf-wimse-arch-07","title":"x","extra":{"rfc_number":"9999"}}"#, &["becomes ietf/rfc-9999"]),
        (
            r#"{"body":"IETF","number":"draft-ietf-a-b-00","title":"x","extra":{"replaces":"draft-me-a-b"}}"#,
            &["formerly ietf/draft-me-a-b"],
        ),
        (
            r#"{"body":"IETF","number":"RFC 9990","title":"x","extra":{"obsoletes":"RFC 8000, RFC 8001"}}"#,
            &["supersedes ietf/rfc-8000", "supersedes ietf/rfc-8001"],
        ),
        (r#"{"body":"ISO/IEC","number":"ISO/IEC 27033-3:2010","title":"x"}"#, &["part-of iso-iec/27033"]),
        (r#"{"body":"ISO/IEC","number":"ISO/IEC 27001:2022/Amd 1:2024","title":"x"}"#, &["part-of iso-iec/27001"]),
        (r#"{"body":"ETSI","number":"DTS/SAI-0099 (TS 104 999)","title":"x"}"#, &["formerly etsi/wi-dts-sai-0099"]),
        (r#"{"body":"ETSI","number":"ETSI GR SAI 004 V1.1.1","title":"x"}"#, &["becomes etsi/tr-104-221"]),
        (r#"{"body":"ETSI","number":"ETSI TS 104 223 V1.1.1","title":"x"}"#, &["becomes etsi/en-304-223"]),
        (r#"{"body":"ITU-T","number":"TR.AISec","title":"x"}"#, &["becomes itu-t/xstr.aisec"]),
        (r#"{"body":"NIST","number":"NIST SP 800-53 Rev. 5","title":"x"}"#, &[]),
        (r#"{"body":"ITU-T","number":"X.1753 (12/2025)","title":"About X | Y (see X.1752)"}"#, &[]),
        (r#"{"body":"W3C","title":"no number","url":"https://example.org/x","extra":{"rfc":"none yet"}}"#, &[]),
    ] {
        let mut want: Vec<String> = want.iter().map(|w| (*w).to_owned()).collect();
        let mut got = said(entry);
        want.sort();
        got.sort();
        assert_eq!(got, want, "{entry}");
    }
}

#[test]
fn a_number_with_its_twin_is_known_by_that_of_the_body_that_shows_it() {
    let key = |json: &str| identify(bodies(), &row(json)).document.map(|k| k.0);
    assert_eq!(key(r#"{"body":"ITU-T","number":"X.509 | ISO/IEC 9594-8"}"#).as_deref(), Some("itu-t/x.509"));
    assert_eq!(key(r#"{"body":"ISO/IEC","number":"ITU-T X.509 | ISO/IEC 9594-8"}"#).as_deref(), Some("iso-iec/9594-8"));
    assert_eq!(key(r#"{"body":"ITU-T","number":"| | |"}"#), None);
}

#[test]
fn facts_are_refused_when_they_cannot_be_true() {
    let table = |from: &str, kind: &str, to: &str, source: &str| {
        let fact = format!("[[relation]]\nfrom = \"{from}\"\nkind = \"{kind}\"\nto = \"{to}\"\nsource = \"{source}\"\n");
        Bodies::parse(&format!("{}\n{fact}", include_str!("../../../data/bodies.toml"))).map(|_| ()).map_err(|e| e.to_string())
    };
    assert_eq!(table("RFC 1", "supersedes", "RFC 2", "RFC 1"), Ok(()));
    for (fact, say) in [
        (table("the thing", "becomes", "RFC 2", "x"), "no number table reads “the thing”"),
        (table("RFC 2", "becomes", "RFC 2", "x"), "related to itself"),
        (table("RFC 1", "becomes", "RFC 2", " "), "where this stands"),
        (table("RFC 1", "begets", "RFC 2", "x"), "begets"),
    ] {
        let e = fact.expect_err(say);
        assert!(e.contains(say) && e.starts_with("line "), "{e}");
    }
}

#[test]
fn a_work_is_named_after_what_came_first() {
    let draft = document(r#"{"body":"IETF","number":"draft-a-b-03","title":"x","published":"2026-09-01","extra":{"rfc":"9999"}}"#);
    let rfc = document(r#"{"body":"IETF","number":"RFC 9999","title":"x","published":"2026-08"}"#);
    let post =
        document(r#"{"body":"IETF","kind":"news","title":"RFC 9999 is out","url":"https://example.org/n","published":"2020-01-01"}"#);
    assert_eq!(founder(&[&rfc, &post, &draft]).map(|k| k.as_str()), Some("ietf/draft-a-b"), "a draft's date is that of its last revision");
    assert_eq!(founder(&[&post, &rfc]).map(|k| k.as_str()), Some("ietf/rfc-9999"), "a post is never first");
    let ts = document(r#"{"body":"ETSI","number":"ETSI TS 133 501","title":"x","published":"2018-06"}"#);
    let tgpp = document(r#"{"body":"3GPP","number":"TS 33.501","title":"x","published":"2018-03"}"#);
    assert_eq!(founder(&[&ts, &tgpp]).map(|k| k.as_str()), Some("3gpp/33.501"), "twins go by date");
    assert!(joins(&ts.document, &Relation { kind: RelationKind::SameAs, document: tgpp.document }));
}

/// (title, summary) of two items, and whether one is a copy of the other.
const PAIRS: [(&str, &str, &str, &str, bool); 16] = [
    (
        "New guidance on securing agents that use tools",
        "The centre publishes guidance for people who run agents with access to tools, mailboxes and payment.",
        "New guidance on securing agents that use tools",
        "The centre publishes guidance for people who run agents with access to tools, mailboxes and payments.",
        true,
    ),
    (
        "New guidance on securing agents that use tools",
        "The centre publishes guidance for people who run agents with access to tools, mailboxes and payment.",
        "NEW GUIDANCE on Securing Agents that Use Tools!",
        "The centre publishes guidance, for people who run agents with access to tools, mailboxes and payment…",
        true,
    ),
    (
        "Committee starts work on a threat catalogue for language models",
        "At its autumn meeting the committee accepted four new work items, among them a catalogue of threats to language models and a guide for testers.",
        "Committee starts work on a threat catalogue for language models",
        "At its autumn meeting the committee accepted four new work items, among them a catalogue of threats to language models and a guide for testers. Read more",
        true,
    ),
    (
        "Watermarks for synthetic speech: an open test",
        "We compare nine ways to mark synthetic speech and find that five of them do not survive a telephone line, three do not survive a second recording, and one survives both at the price of quality.",
        "Watermarks for synthetic speech: an open test (updated)",
        "We compare nine ways to mark synthetic speech and find that five of them do not survive a telephone line, three do not survive a second recording, and one survives both at the price of quality.",
        true,
    ),
    (
        "Model signing reaches version one",
        "The working group has released the first stable version of its format for signatures over model files, with tools for three languages and a list of registries that check them.",
        "Model signing reaches version one",
        "By staff. The working group has released the first stable version of its format for signatures over model files, with tools for three languages and a list of registries that check them.",
        true,
    ),
    (
        "Poisoned retrieval: what one document can do",
        "A single document in an index of a million is enough to turn the answers of an assistant, the authors show, if it is written for the questions that people really ask.",
        "Poisoned retrieval: what one document can do",
        "A single document in an index of a million is enough to turn the answers of an assistant, the authors show, when it is written for the questions that people really ask.",
        true,
    ),
    (
        "Workshop on AI incident reporting, 3 June 2026",
        "The workshop looks at forms, duties and registers of incident reporting. Registration is free of charge.",
        "Workshop on AI incident reporting, 9 September 2026",
        "The workshop looks at forms, duties and registers of incident reporting. Registration is free of charge.",
        false,
    ),
    (
        "Monthly report on attacks against assistants: June",
        "What happened this month, in numbers and cases, and what operators can learn from it.",
        "Monthly report on attacks against assistants: July",
        "What happened this month, in numbers and cases, and what operators can learn from it.",
        false,
    ),
    (
        "AI agent identity, Part 1: the problem",
        "A series on how agents say who they are and on whose behalf they act.",
        "AI agent identity, Part 2: the protocols",
        "A series on how agents say who they are and on whose behalf they act.",
        false,
    ),
    (
        "New guidance on securing agents that use tools",
        "The centre publishes guidance for people who run agents with access to tools, mailboxes and payment.",
        "Guidance on the secure use of assistants in offices",
        "The agency explains how offices can use assistants without giving away what is confidential.",
        false,
    ),
    (
        "Committee starts work on a threat catalogue for language models",
        "At its autumn meeting the committee accepted four new work items.",
        "Committee finishes its threat catalogue for language models",
        "At its spring meeting the committee approved the catalogue, with six changes since the ballot.",
        false,
    ),
    (
        "Poisoned retrieval: what one document can do",
        "A single document in an index of a million is enough to turn the answers of an assistant.",
        "Retrieval under attack: defences compared",
        "Eleven defences against poisoned indexes are compared on four sets of questions; none is enough alone.",
        false,
    ),
    (
        "Draft law on synthetic media published for comment",
        "The ministry asks for comments on a draft law on labels for synthetic pictures, sound and film.",
        "Draft law on biometric systems published for comment",
        "The ministry asks for comments on a draft law on cameras that recognise faces in public places.",
        false,
    ),
    (
        "Red teaming an assistant for a hospital",
        "Lessons of four weeks in which nurses, physicians and attackers tried to mislead an assistant.",
        "Red teaming an assistant for a bank",
        "Lessons of two weeks in which clerks and attackers tried to make an assistant move money.",
        false,
    ),
    (
        "Release 2.1.0 of the attack matrix",
        "New techniques, corrected references, and a machine-readable form of all of it.",
        "Release 2.2.0 of the attack matrix",
        "New techniques, corrected references, and a machine-readable form of all of it.",
        false,
    ),
    ("Agents", "Short.", "Agents", "Short.", false),
];

#[test]
fn copies_are_found_and_neighbours_are_left_alone() {
    let item = |n: usize, title: &str, summary: &str| {
        let url = format!("https://example.org/{n}");
        let json = serde_json::json!({"kind": "news", "title": title, "summary": summary, "url": url});
        document(&json.to_string())
    };
    let (mut found, mut wrong) = (0, Vec::new());
    for (n, (ta, sa, tb, sb, same)) in PAIRS.iter().enumerate() {
        let (a, b) = (item(2 * n, ta, sa), item(2 * n + 1, tb, sb));
        assert_eq!(near_copy(&a, &b), near_copy(&b, &a));
        let d = a.text_print().zip(b.text_print()).map(|(x, y)| x.distance(y));
        println!("{d:?} {same} {ta} / {tb}");
        match (near_copy(&a, &b), same) {
            (true, false) => wrong.push((ta, tb, d)),
            (true, true) => found += 1,
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "precision: {wrong:?}");
    assert_eq!(found, 6, "recall on copies with small changes");
    // every text against every other: nothing but the pairs
    let all: Vec<Document> = PAIRS.iter().enumerate().flat_map(|(n, p)| [item(2 * n, p.0, p.1), item(2 * n + 1, p.2, p.3)]).collect();
    for (i, a) in all.iter().enumerate() {
        for b in all.iter().skip(i + 1) {
            if near_copy(a, b) {
                let head = |d: &Document| d.title.to_lowercase().split(' ').take(3).map(str::to_owned).collect::<Vec<_>>();
                assert_eq!(head(a), head(b), "{} / {}", a.title, b.title);
            }
        }
    }
}

#[test]
fn one_title_in_one_week_is_a_copy_and_numbers_never_are() {
    let post = |n: u8, date: &str, summary: &str| {
        document(
            &serde_json::json!({"kind": "news", "title": "Agency warns of prompt injection in mail clients", "summary": summary,
                "url": format!("https://example.org/{n}"), "published": date})
            .to_string(),
        )
    };
    let a = post(1, "2026-10-01", "A long text about what the agency saw, and what it advises to all who run such clients.");
    assert!(near_copy(&a, &post(2, "2026-10-05", "")));
    assert!(!near_copy(&a, &post(3, "2026-12-05", "")), "a title may come again");
    let paper = |n: &str| {
        document(&format!(
            r#"{{"body":"arXiv","kind":"paper","number":"arXiv:{n}","title":"One title of six plain words","published":"2026-10-01"}}"#
        ))
    };
    assert!(!near_copy(&paper("2610.00001"), &paper("2610.00002")));
}

proptest! {
    /// Whatever stands in a row, its relations are sorted, point elsewhere and do no harm.
    #[test]
    fn hostile_rows_give_orderly_relations(number in ".{0,60}", title in ".{0,60}", field in ".{0,60}", body in "(ITU-T|ETSI|IETF|ISO/IEC|)") {
        let mut entry = Entry { body, number: Some(number), title, url: Some("https://example.org/x".into()), ..Entry::default() };
        for name in ["equivalent", "rfc", "replaces", "supersedes"] {
            entry.extra.insert(name.into(), field.clone());
        }
        let id = identify(bodies(), &entry);
        let found = relations(bodies(), &entry, &id);
        prop_assert!(found.windows(2).all(|w| w[0] < w[1]));
        prop_assert!(found.iter().all(|r| Some(&r.document) != id.document.as_ref()));
    }
}

/// Facts of the file come and go with the file; what rows say stays.
#[test]
fn a_fact_that_is_taken_back_leaves_the_document() {
    let text = include_str!("../../../data/bodies.toml");
    let without: String =
        text.split("[[relation]]").filter(|part| !part.contains("from = \"ETSI GR SAI 004\"")).collect::<Vec<_>>().join("[[relation]]");
    let changed = text.replace("to = \"ETSI TR 104 221\"", "to = \"ETSI TR 104 999\"");
    let (without, changed) = (Bodies::parse(&without).expect("a file"), Bodies::parse(&changed).expect("a file"));
    let to = |d: &Document| d.relations.iter().map(|r| format!("{} {}", r.kind.as_str(), r.document)).collect::<Vec<_>>();
    let first = document(
        r#"{"number":"ETSI GR SAI 004 V1.1.1 (2020-12)","body":"ETSI","title":"Problem Statement","extra":{"replaces":"ETSI GR SAI 099"}}"#,
    );
    assert!(to(&first).contains(&"becomes etsi/tr-104-221".to_owned()), "{:?}", to(&first));
    let mut d = first.clone();
    assert!(!monitor_identify::lay_facts(&mut d, bodies()), "nothing changed in the file");
    assert_eq!(d, first);
    assert!(monitor_identify::lay_facts(&mut d, &changed));
    assert_eq!(to(&d).iter().filter(|r| r.starts_with("becomes")).collect::<Vec<_>>(), ["becomes etsi/tr-104-999"]);
    assert!(monitor_identify::lay_facts(&mut d, &without));
    assert!(to(&d).iter().all(|r| !r.starts_with("becomes")), "{:?}", to(&d));
    assert_eq!(d.extra("facts"), None);
    assert!(monitor_identify::lay_facts(&mut d, bodies()));
    assert_eq!(to(&d), to(&first));
}
