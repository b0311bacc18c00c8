use super::*;

#[test]
fn addresses_numbers_and_names_of_contacts_go() {
    for (text, want) in [
        ("Write to jane.doe@example.org today", "Write to today"),
        ("Jane Doe <jane@example.org>, Editor", "Jane Doe, Editor"),
        ("jane(at)example(dot)org wrote", "wrote"),
        ("mail: jane [at] lists.example.org.", "mail:."),
        ("Tel: +41 22 730 5111, Fax +41 (22) 730 5112", ""),
        ("call +1-202-555-0143 now", "call now"),
        ("Scope. Contact: Dr. J. Doe, Example Corp. Timing 2027.", "Scope. Timing 2027."),
        ("Contact(s): Jane Doe; Status: draft", "Status: draft"),
        ("mailto:jane@example.org", ""),
        ("jane.doe＠example.org wrote", "wrote"),
        ("write to jane dot doe at example dot org now", "write to jane dot now"),
        ("Jane Doe, jane (@) example (.) org", "Jane Doe"),
        ("Tél. : +33 (0)1 23 45 67 89; fin", "fin"),
        ("ring 0041 22 730 51 11 or +49 30/1234-567 89", "ring or"),
        ("call (202) 555-0143 or 202-555-0143", "call or"),
        ("Phone: 022 730 51 11", ""),
        ("+41\u{2011}22\u{2011}730\u{2011}5111", ""),
        ("Editor: Jane Doe; Status: draft", "Status: draft"),
        ("Scope. Contact: Jane Doe, +41 22 730 5999, jane@example.org. Timing 2027.", "Scope. Timing 2027."),
        ("Rapporteur for Q16/17: Jane Doe; the text is stable.", "the text is stable."),
        ("Editor(s): Jane Doe | Approved", "Approved"),
        ("Signing of models (Editor: Jane Doe)", "Signing of models"),
        ("Summary. Co-Rapporteurs: J. Doe, R. Roe | Timing: 2027-Q1", "Summary. Timing: 2027-Q1"),
    ] {
        assert_eq!(clean(text.to_owned(), true), want, "{text}");
    }
}

proptest::proptest! {
    /// What the signs pass over the expressions would not have found either.
    #[test]
    fn signs_hide_nothing(words in proptest::collection::vec(proptest::sample::select(PIECES), 1..9), gap in proptest::sample::select(&["", " "][..])) {
        let text = words.join(gap);
        let signs = Signs::of(&text);
        if signs.digits >= LEAST_DIGITS {
            proptest::prop_assert!(signs.phone || PHONE.as_ref().is_some_and(|re| !re.is_match(&text)), "{text}");
        }
        proptest::prop_assert!(signs.label || CONTACT.as_ref().is_some_and(|re| !re.is_match(&text)), "{text}");
        let in_brackets = IN_BRACKETS.as_ref().is_none_or(|re| re.is_match(&text));
        proptest::prop_assert!(signs.label && signs.bracket || !in_brackets, "{text}");
        proptest::prop_assert!(signs.mail || MAIL.as_ref().is_some_and(|re| !re.is_match(&text)), "{text}");
    }
}

const PIECES: &[&str] = &[
    "Tel",
    "tél",
    "TÉL",
    "téléphone",
    "Telefon",
    "teléfono",
    "fax",
    "Telefax",
    "phone",
    "mobile",
    "mob",
    "cell",
    "no",
    "no.",
    ":",
    ".",
    "：",
    "(",
    ")",
    "+",
    "+41",
    "0041",
    "00",
    "22",
    "730",
    "(202)",
    "555",
    "0143",
    "5111",
    "12345678",
    "-",
    "\u{2011}",
    "/",
    "contact",
    "Contact",
    "contacts",
    "(s)",
    "person",
    "point",
    "details",
    "name",
    "Editor",
    "Co-Rapporteur",
    "Rapporteurs",
    "Chairman",
    "Chair",
    "Convenor",
    "Secretary",
    "Focal Point",
    "technical",
    "press",
    "\u{a0}",
    "\n",
    "é",
    "x",
    "_",
    "at",
    "AT",
    "[",
    "]",
    "<",
    "}",
    "example.org",
];

#[test]
fn what_only_looks_like_it_stays() {
    for text in [
        "X.509 (10/2019) + Amd 1",
        "ISO/IEC 27090:2026, 60.60",
        "https://medium.com/@somebody/a-post",
        "contactless payment; contacts between agents",
        "Draft-ietf-foo-00 expires 2026-11-21",
        "A look at example.org and (at last) more",
        "npm left-pad@1.2.3",
        "telemetry 2026 10 10 100",
        "C++ 20 and 5G+ 2030",
        "mobile 5G networks",
        "IMT mobile 2030 2026-05-05 10",
        "account CH93 0027 3123 4567 8901",
        "TR 33.501 V18.0.1 (2023-06), 3GPP TS 33.117",
        "ISBN 978-92-61-12345-6; 2026-05-05 to 2026-06-30",
        "CVE-2026-123456, 10.1109/ACCESS.2026.1234567",
        "Tel Aviv 2026 meeting of 100 experts",
        "The editor: what it is and how it is attacked",
        "work item 00251027 at stage 10.99 dot",
    ] {
        assert_eq!(clean(text.to_owned(), true), text);
    }
    assert_eq!(clean("Signing (Editor: Jane Doe) of models".to_owned(), false), "Signing of models");
    assert!(reaches("Jane Doe, +41 22 730 5999") && reaches("jane@example.org") && !reaches("X.509 (10/2019), 2026-10-10"));
    assert_eq!(clean_address("https://e.org/a?x=1&who=jane%40example.org".to_owned()), "https://e.org/a?x=1");
    for same in ["https://medium.com/@somebody/post?x=a%20b", "https://e.org/?q=a+b&c", "https://e.org/a@b.c"] {
        assert_eq!(clean_address(same.to_owned()), same);
    }
    assert!(is_of_a_person("contact") && is_of_a_person("from_contacts") && is_of_a_person("Email"));
    assert!(is_of_a_person("base_text_editor") && is_of_a_person("convenor"));
    assert!(!is_of_a_person("author") && !is_of_a_person("contract") && !is_of_a_person("from"));
    assert_eq!(clean_key("tag:example.org,2026:7".to_owned()), "tag:example.org,2026:7");
    assert!(clean_key("tag:jane@example.org,2026:7".to_owned()).starts_with("key:"));
}
