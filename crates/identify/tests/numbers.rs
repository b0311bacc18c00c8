//! Document numbers of all bodies: what they mean, and what must never be taken for one.

use monitor_identify::{Bodies, compare, identify, identify_number, label, mentions, relations};
use monitor_model::{Entry, Identified, RelationKind, StageCode};
use proptest::prelude::*;

fn bodies() -> &'static Bodies {
    static BODIES: std::sync::OnceLock<Bodies> = std::sync::OnceLock::new();
    BODIES.get_or_init(|| Bodies::parse(include_str!("../../../data/bodies.toml")).expect("data/bodies.toml is read"))
}

fn id(body: &str, number: &str) -> Identified {
    identify_number(bodies(), Some(body).filter(|b| !b.is_empty()), number)
}

fn key(body: &str, number: &str) -> String {
    id(body, number).document.map_or_else(|| "-".to_owned(), |k| k.0)
}

fn all(body: &str, want: &str, numbers: &[&str]) {
    for n in numbers {
        assert_eq!(key(body, n), want, "{body}: {n}");
    }
}

#[test]
fn every_example_of_the_file_is_read_as_it_says() {
    assert_eq!(bodies().check(), Vec::<String>::new());
}

#[test]
fn itu_t() {
    all(
        "ITU-T",
        "itu-t/x.1753",
        &[
            "ITU-T X.1753 (12/2025)",
            "X.1753",
            "Rec. ITU-T X.1753",
            "Recommendation ITU-T X.1753 (12/2025)",
            "ITU-T Rec. X.1753",
            "x.1753",
            "ITU-T\u{a0}X.1753",
            "Draft new Recommendation ITU-T X.1753",
            "X 1753 (12/2025)",
            "X.1753 (2025)",
        ],
    );
    all("ITU-T SG17", "itu-t/x.1753", &["X.1753 (12/2025)"]);
    all("ITU", "itu-t/x.1753", &["ITU-T X.1753", "X.1753"]);
    all("ITU-T", "itu-t/h.264", &["H.264 (V16) (06/2026)", "ITU-T H.264", "H.264 (03/2005)"]);
    all("ITU-T", "itu-t/g.8263", &["ITU-T G.8263/Y.1363 (02/2012)", "ITU-T G.8263/Y.1363 (08/2017)", "G.8263"]);
    all(
        "ITU-T",
        "itu-t/x/suppl-37",
        &["ITU-T X Suppl. 37 (09/2022)", "X.Suppl.37", "X Suppl. 37", "X.Suppl. 37", "X Supplement 37", "X.Sup37"],
    );
    all("ITU-T", "itu-t/x.sggenai", &["X.sgGenAI", "[X.sgGenAI]", "ITU-T X.sgGenAI", "X.sgGenAI\u{200b}"]);
    all("ITU-T", "itu-t/xstr.aisec", &["XSTR.AISec", "XSTR.AISec (ex TR.AISec)", "ITU-T Technical Report XSTR.AISec", "XSTR-AISec"]);
    all("ITU-T", "itu-t/xstr.se-ai", &["TR.se-ai (now XSTR.se-AI)", "XSTR.se-AI", "XSTR.se-AI (ex TR.se-AI)"]);
    all("ITU-T", "itu-t/x.1457", &["X.1457 (12/2025) [ex X.str-irs]", "ITU-T X.1457 (12/2025)"]);
    all("ITU-T", "itu-t/x.690:2021/err-1", &["ITU-T X.690 (2021) Err. 1 (09/2021)"]);
    all("ITU-T", "itu-t/x.731:1992/amd-1/cor-1", &["ITU-T X.731 (1992) Amd. 1/Technical Cor. 1 (10/1996)"]);
    all("ITU-T", "itu-t/h.222.0:2014/amd-3/cor-1", &["ITU-T H.222.0 (2014) Amd. 3 Cor. 1 (03/2017)"]);
    all("ITU-T", "itu-t/z.100/annex-f3", &["ITU-T Z.100 Annex F3 (10/2019)"]);
    all("ITU-T", "itu-t/g.729/app-ii", &["ITU-T G.729 App. II (08/2005)"]);
    all("ITU-T", "itu-t/v.27-ter", &["ITU-T V.27 ter (10/1976)"]);
    all("ITU-T", "itu-t/d.201-r", &["ITU-T D.201 R (10/1976)"]);
    all("ITU-T", "itu-t/e.800/suppl-8", &["ITU-T E-800 series Suppl. 8 (11/2009)"]);
    all("ITU-T", "itu-t/sg17/td-1949", &["SG17-TD1949R1", "SG17-TD1949", "SG17-TD1949R4/P"]);
    all("ITU-T", "itu-t/t25-sg17/c-123", &["T25-SG17-C-0123", "T25-SG17-C0123", "T25-SG17-C123"]);
    all("ITU-T", "itu-t/isn-23939", &["isn=23939", "isn 23939"]);
    all(
        "ITU-T",
        "-",
        &[
            "(acronym not seen) Trusted Requirements for Terminal Multi-Agent Systems",
            "FG-TIDA ToR",
            "Q16/17",
            "Apr26-summary",
            "SG13 exec-sum 2025-03",
            "SG21 AI page",
        ],
    );
    let x = id("ITU-T", "ITU-T H.264 (V16) (06/2026)");
    assert_eq!(
        (x.series.as_deref(), x.number.as_deref(), x.version.as_deref(), x.edition.as_deref()),
        (Some("H"), Some("264"), Some("16"), Some("2026-06"))
    );
}

#[test]
fn itu_r_reports_and_recommendations_share_numbers() {
    all(
        "ITU-R",
        "itu-r/bo.1130",
        &["ITU-R BO.1130-5 (02/2026)", "Recommendation ITU-R BO.1130-5", "BO.1130-0", "R-REC-BO.1130-5-202602-I"],
    );
    all("ITU-R", "itu-r/rep-bo.1227", &["Report ITU-R BO.1227-2 (1998)", "R-REP-BO.1227-2-1998"]);
    assert_ne!(key("ITU-R", "Report ITU-R M.2117"), key("ITU-R", "ITU-R M.2117"));
    all("ITU-R", "itu-r/question-45-6", &["ITU-R 45-4/6:", "ITU-R 45/6:"]);
}

#[test]
fn etsi() {
    all(
        "ETSI",
        "etsi/ts-104-223",
        &[
            "ETSI TS 104 223 V1.1.1 (2025-04)",
            "TS 104 223",
            "ETSI TS 104223",
            "ETSI TS 104 223 v1.2.1",
            "Draft ETSI TS 104 223 V1.0.4",
            "ts_104223v010101p.pdf",
            "etsi ts 104 223",
        ],
    );
    all("ETSI", "etsi/tr-104-223", &["ETSI TR 104 223 V1.1.1"]);
    all("ETSI", "etsi/gr-sai-004", &["ETSI GR SAI 004 V1.1.1 (2020-12)", "GR SAI 004"]);
    all("ETSI", "etsi/ts-104-158-2", &["ETSI TS 104 158-2 V1.1.1 (2026-03)", "DTS/SAI-0027 (TS 104 158-2)"]);
    all("ETSI", "etsi/wi-dts-sai-0020", &["DTS/SAI-0020"]);
    all("ETSI", "etsi/gts-02.86", &["ETSI GTS GSM 02.86 V5.0.0 (1996-11)"]);
    all("", "etsi/en-304-223", &["ETSI EN 304 223 V2.1.1 (2025-12)", "EN 304 223", "Final draft ETSI EN 304 223 V2.0.1"]);
    all("CEN-CENELEC", "etsi/en-304-223", &["EN 304 223"]);
    all("ETSI", "-", &["news 2309", "V1.1.1", "TS", "104 223"]);
    let x = id("ETSI", "ETSI TS 104 158-1 V1.1.1 (2026-03)");
    assert_eq!(
        (x.series.as_deref(), x.number.as_deref(), x.part.as_deref(), x.version.as_deref(), x.edition.as_deref()),
        (Some("TS"), Some("104 158"), Some("1"), Some("1.1.1"), Some("2026-03"))
    );
}

#[test]
fn three_gpp() {
    all(
        "3GPP",
        "3gpp/33.898",
        &[
            "3GPP TR 33.898 V18.0.1 (Rel-18)",
            "3GPP TR 33.898:REL-18/18.0.1",
            "TR 33.898",
            "33.898",
            "33898-i01.zip",
            "3GPP TR 33.898",
            "3GPP TR 33.898 V18.0.1 (2023-06)",
        ],
    );
    all("3GPP", "3gpp/23.700-07", &["23700-07-h00.zip", "3GPP TR 23.700-07"]);
    all("3GPP", "3gpp/tdoc-s3-251200", &["S3\u{2011}251200", "S3-251200r2", "S3-251200.zip"]);
    assert_eq!(id("3GPP", "33898-i01.zip").version.as_deref(), Some("18.0.1"));
    assert_eq!(id("3GPP", "3GPP TR 33.784 V0.2.0").version.as_deref(), Some("0.2.0"));
    all("3GPP", "-", &["TSGS3_121_Goteborg", "rel21-timeline"]);
}

#[test]
fn iso_and_iec() {
    all(
        "ISO/IEC",
        "iso-iec/27090",
        &[
            "ISO/IEC DIS 27090",
            "ISO/IEC FDIS 27090",
            "ISO/IEC 27090",
            "ISO/IEC 27090:2026",
            "ISO/IEC CD 27090.2",
            "ISO/IEC AWI 27090",
            "27090",
            "ISO/IEC PRF 27090",
        ],
    );
    all("ISO", "iso-iec/ts-12791", &["ISO/IEC DTS 12791.2", "ISO/IEC CD TS 12791", "ISO/IEC TS 12791:2024", "ISO/IEC AWI TS 12791"]);
    all(
        "ISO",
        "iso-iec/22989:2022/amd-1",
        &[
            "ISO/IEC 22989:2022/CD Amd 1",
            "ISO/IEC 22989:2022/AWI Amd 1",
            "ISO/IEC 22989:2022/DAM 1",
            "ISO/IEC 22989:2022/FDAM 1",
            "ISO/IEC 22989:2022/Amd 1:2026",
            "ISO/IEC 22989:2022/CD Amd 1.2",
        ],
    );
    all("IEC", "iec/60618", &["IEC 60618:1978+AMD1:1981 CSV", "IEC 60618:1978", "IEC 60618:2024 RLV"]);
    all("IEC", "iec/60099-4:1991/amd-2", &["IEC 60099-4:1991/AMD2:2001"]);
    all(
        "IEEE",
        "iso-iec-ieee/29119-4",
        &["ISO/IEC/IEEE 29119.4-2015", "ISO/IEC/IEEE 29119-4:2021", "IEEE/ISO/IEC P29119.4", "ISO/IEC/IEEE DIS P29119.4"],
    );
    all("ISO", "iso/iwa-45", &["CD IWA 45", "IWA 45", "IWA 45:2025"]);
    all("ISO", "iso/guide-84", &["ISO/DGuide 84", "ISO/CD Guide 84", "ISO Guide 84:2020"]);
    all("ISO", "iso/105-e07", &["ISO 105-E07:1989"]);
    assert_ne!(key("ISO", "ISO 5359:2014/Amd 1:2017"), key("ISO", "ISO 5359:2008/Amd 1:2011"), "amendments belong to an edition");
    assert_ne!(key("ISO", "ISO/TS 22163"), key("ISO", "ISO 22163"));
    assert_eq!(id("ISO", "ISO/IEC DTS 12791.2").stage.as_deref(), Some("DTS"));
    assert_eq!(id("ISO", "ISO/CD TR 19995").normal.as_deref(), Some("ISO/CD TR 19995"));
    assert_eq!(id("ISO", "ISO/IEC 22989:2022/CD Amd 1").stage.as_deref(), Some("CD"));
}

#[test]
fn ieee() {
    all(
        "IEEE",
        "ieee/3129",
        &[
            "IEEE Std 3129-2023",
            "IEEE 3129-2023",
            "IEEE P3129/D-3-2022-08",
            "IEEE P3129",
            "P3129",
            "IEEE P3129/D3",
            "IEEE Std 3129\u{2122}-2023",
        ],
    );
    all("IEEE", "ieee/c57.64", &["IEEE Unapproved Std PC57.64/D-15-2009-05", "IEEE Std C57.64-1997", "ANSI/IEEE Std C57.64-1990"]);
    all("IEEE", "ieee/1609.3", &["IEEE P1609.3v4/D-11-2020-06", "IEEE Std 1609.3-2020 Redline", "IEEE Std P1609.3/D-18.pdf"]);
    all("IEEE", "ieee/802.16", &["IEEE P802.16Rev3/D-4-2012-02", "IEEE Std 802.16-2017"]);
    assert_ne!(key("IEEE", "IEEE Std 802.11k-2008"), key("IEEE", "IEEE Std 802.11-2012"), "an amendment is another document");
    assert_ne!(key("IEEE", "IEEE Std 802.1AS/Cor1-2021"), key("IEEE", "IEEE Std 802.1AS-2020"));
    all("IEEE", "-", &["IEEE Smart", "A Template"]);
}

#[test]
fn ietf() {
    all(
        "IETF",
        "ietf/draft-ni-wimse-ai-agent-identity",
        &[
            "draft-ni-wimse-ai-agent-identity-02",
            "draft-ni-wimse-ai-agent-identity",
            "draft-ni-wimse-ai-agent-identity-00.txt",
            "DRAFT-NI-WIMSE-AI-AGENT-IDENTITY-02",
        ],
    );
    all("IAB", "ietf/draft-iab-rfc4053bis", &["draft-iab-rfc4053bis-05"]);
    all("IETF", "ietf/rfc-10036", &["RFC 10036", "RFC10036", "rfc 10036"]);
    all("IETF", "ietf/rfc-1", &["RFC0001", "RFC 1"]);
    all("IETF", "ietf/liaison-2106", &["liaison/2106", "IETF liaison 2106"]);
    assert_eq!(id("IETF", "draft-nystrom-pkcs10-v1-7-00").version.as_deref(), Some("00"));
    all("IETF", "-", &["ICON", "TLS 1.3"]);
}

#[test]
fn nist() {
    all("NIST", "nist/sp-800-57/pt-1", &["NIST SP 800-57 Part 1 Rev. 5", "NIST SP 800-57PT1R5", "SP 800-57 Part 1"]);
    all("NIST", "nist/ir-8596", &["NIST IR 8596", "IR 8596 iprd", "NISTIR 8596", "NIST.IR.8596"]);
    all("NIST", "nist/ai-100-2", &["NIST AI 100-2e2025", "NIST AI 100-2 E2025", "NIST AI 100-2e2023", "AI 100-2"]);
    all("NIST", "nist/sp-800-218a", &["NIST SP 800-218A", "SP 800-218A upd1", "NIST.SP.800-218A"]);
    all("NIST", "nist/fips-140", &["FIPS 140-3", "NIST FIPS 140-2", "FIPS PUB 140-1"]);
    all("NIST", "nist/sp-800-53", &["NIST SP 800-53 Rev. 5", "SP 800-53r5", "NIST SP 800-53 Revision 4"]);
    assert_ne!(key("NIST", "NIST SP 800-53A"), key("NIST", "NIST SP 800-53"));
    assert_ne!(key("NIST", "NIST SP 800-160V1"), key("NIST", "NIST SP 800-160V2"));
    assert_eq!(id("NIST", "NIST IR 8278r1 ipd").version.as_deref(), Some("Rev. 1"));
    assert_eq!(id("NIST", "NIST IR 8278r1 ipd").stage.as_deref(), Some("ipd"));
    all("NIST", "-", &["CAISI AI Agent Standards Initiative", "COSAiS", "NCCoE concept paper", "COSAiS concept paper"]);
}

#[test]
fn oasis_w3c_arxiv_and_the_rest() {
    all("OASIS Open", "oasis/stix", &["OASIS STIX-v1.2.1-CS01", "OASIS STIX-v2.1", "STIX v2.1", "STIX Version 2.1"]);
    all("OASIS Open", "oasis/xacml-nested-ent", &["OASIS xacml-3.0-nested-ent-v1.0-CS01", "OASIS xacml-3.0-nested-ent-v1.0-CS02"]);
    all("OASIS Open", "-", &["Security principles for agentic systems", "The future of agentic security"]);
    all("W3C", "w3c/xsl11", &["W3C REC-xsl11-20061205", "W3C xsl11", "xsl11"]);
    all("W3C", "w3c/css-2023", &["W3C css-2023", "W3C NOTE-css-2023-20231207"]);
    all("", "arxiv/2608.19161", &["arXiv:2608.19161v2", "arXiv 2608.19161", "oai:arXiv.org:2608.19161v1"]);
    all("OpenID Foundation", "arxiv/2510.25819", &["arXiv:2510.25819"]);
    all("ECMA", "ecma/ecma-262", &["ECMA-262", "ECMA-262, 15th edition"]);
    all("CEN-CENELEC", "cen/en-18286", &["prEN 18286", "EN 18286:2026", "FprEN 18286"]);
    all("CEN-CENELEC", "cen/en-iso-iec-12792", &["FprEN ISO/IEC 12792 (WI=JT021022)", "EN ISO/IEC 12792:2025"]);
    all("SAC (China)", "sac/gb-t-45654", &["GB/T 45654-2025"]);
    all("JIS", "jis/k-2219:1993/amd-1", &["JIS K 2219:1993/AMENDMENT 1:2006"]);
    all("TM Forum", "tmforum/ig1251g", &["IG1251G"]);
    all("UN", "un/a-res-78-265", &["A/RES/78/265"]);
    all("5G Americas", "-", &["white paper"]);
}

#[test]
fn stages_are_the_bodys_own_words() {
    for (body, raw, want) in [
        ("ISO", "60.60 International Standard published", StageCode::Published),
        ("ISO/IEC", "50.00 Final text received or FDIS registered for formal approval", StageCode::Approval),
        ("ISO/IEC JTC 1/SC 42", "40.20", StageCode::Consultation),
        ("ISO", "30.98", StageCode::Withdrawn),
        ("ISO", "95.99", StageCode::Withdrawn),
        ("ISO", "10.99 New project approved", StageCode::NewWork),
        ("ETSI", "Deliverable published (2025-03-04)", StageCode::Published),
        ("ETSI", "Work Item Has Been STOPPED; Resume work (2023-05-22)", StageCode::Withdrawn),
        ("ETSI", "Final draft for approval", StageCode::Approval),
        ("ETSI", "Stable draft", StageCode::Draft),
        ("ITU-T", "Under study", StageCode::Draft),
        ("ITU-T SG17", "Consented", StageCode::Approval),
        ("ITU-T", "[Carried to next study period]", StageCode::Draft),
        ("ITU-T", "In force", StageCode::Published),
        ("ITU-T", "Withdrawal", StageCode::Withdrawn),
        ("3GPP", "draft (not under change control) v0.1.0", StageCode::Draft),
        ("3GPP", "under change control (published) v18.0.1", StageCode::Published),
        ("IETF", "Internet-Draft (individual I-D; latest revision in snapshot of 2026-08-22)", StageCode::Draft),
        ("IETF", "PROPOSED STANDARD", StageCode::Published),
        ("IETF", "Expired", StageCode::Expired),
        ("IRTF", "individual Internet-Draft; dated 2024-10-21 (expired)", StageCode::Expired),
        ("IETF", "individual Internet-Draft; expires 2026-12-31", StageCode::Draft),
        ("ISO/IEC", "FDIS; stage 50.00", StageCode::Approval),
        ("ISO/IEC", "CD Amd", StageCode::Draft),
        ("ITU-T", "To be published after the December 2025 meeting", StageCode::Unknown),
        ("NIST", "ipd", StageCode::Consultation),
        ("NIST", "initial preliminary draft", StageCode::Draft),
        ("NIST", "draft-public/withdrawn", StageCode::Withdrawn),
        ("NIST", "final/active", StageCode::Published),
        ("IEEE", "Active PAR", StageCode::NewWork),
        ("IEEE", "Superseded Standard", StageCode::Superseded),
        ("IEEE", "Inactive-Withdrawn", StageCode::Withdrawn),
        ("W3C", "Candidate Recommendation Draft", StageCode::Consultation),
        ("W3C", "Working Draft", StageCode::Draft),
        ("OASIS", "CSPRD02", StageCode::Consultation),
        ("CEN-CENELEC", "Under Approval", StageCode::Approval),
        ("Somebody", "Published", StageCode::Published),
        ("Somebody", "quite another word", StageCode::Unknown),
        ("ISO", "", StageCode::Unknown),
    ] {
        assert_eq!(bodies().stage(body, raw), want, "{body}: {raw}");
    }
}

#[test]
fn a_body_without_a_block_of_its_own_has_its_words_sorted_under_its_name() {
    let text = "schema = 1\n[stage.KTS]\ndraft = [\"Entwurf\"]\n[stage.any]\npublished = [\"published\"]\n";
    let bodies = Bodies::parse(text).expect("it is well formed");
    assert_eq!(bodies.stage("KTS", "Entwurf"), StageCode::Draft);
    assert_eq!(bodies.stage("KTS", "Published"), StageCode::Published);
    assert!(bodies.has_stages("kts") && !bodies.has_stages("KTT") && !bodies.has_stages("any"));
}

#[test]
fn maps_answer_to_every_spelling_of_a_stage_code() {
    let iso = &bodies().maps()["iso"];
    for code in ["60.60", "6060"] {
        assert_eq!(iso.get(code).map(String::as_str), Some("60.60 International Standard published"));
    }
    assert_eq!(iso.get("9092").map(String::as_str), Some("90.92 International Standard to be revised"));
    assert_eq!(iso.get("98"), iso.get("00.98"), "Open Data prints 00.98 as the integer 98");
    assert_eq!(iso.get("0"), iso.get("00.00"));
    assert_eq!(bodies().maps()["etsi"]["PU"], "Published");
}

#[test]
fn the_home_group_routes_topics() {
    let home = bodies().home();
    assert_eq!(home.route(["agent-identity"]).first(), Some(&"Q10/17"));
    assert_eq!(home.route(["no-such-topic"]), ["Q16/17"]);
    for questions in home.routing.values() {
        assert!(questions.iter().all(|q| home.questions.iter().any(|x| x.id == *q)), "{questions:?}");
    }
    assert_eq!(bodies().canonical_body("ITU-T SG17"), "ITU-T");
    assert_eq!(bodies().canonical_body("Nobody Ltd"), "Nobody Ltd");
}

#[test]
fn an_entry_is_known_by_number_address_source_key_or_url_never_by_title() {
    let entry = |number: Option<&str>, url: Option<&str>| Entry {
        number: number.map(str::to_owned),
        url: url.map(str::to_owned),
        title: "A title".into(),
        ..Entry::default()
    };
    for (url, want) in [
        ("https://datatracker.ietf.org/doc/draft-ni-wimse-ai-agent-identity/02/", "ietf/draft-ni-wimse-ai-agent-identity"),
        ("https://datatracker.ietf.org/doc/html/draft-ni-wimse-ai-agent-identity-01", "ietf/draft-ni-wimse-ai-agent-identity"),
        ("https://www.rfc-editor.org/info/rfc9999", "ietf/rfc-9999"),
        ("http://arxiv.org/abs/2202.12139v1", "arxiv/2202.12139"),
        ("https://arxiv.org/pdf/2202.12139v1.pdf", "arxiv/2202.12139"),
        ("https://www.w3.org/TR/webrtc/", "w3c/webrtc"),
        ("https://www.w3.org/TR/2025/REC-webrtc-20250313/", "w3c/webrtc"),
        ("https://www.itu.int/ITU-T/recommendations/rec.aspx?rec=X.1753&lang=en", "itu-t/x.1753"),
        ("https://www.itu.int/ITU-T/workprog/wp_item.aspx?isn=23939", "itu-t/isn-23939"),
        ("https://csrc.nist.gov/pubs/sp/800/218/a/upd1/final", "nist/sp-800-218a"),
        ("https://csrc.nist.gov/pubs/ir/8596/iprd", "nist/ir-8596"),
        ("https://csrc.nist.gov/pubs/ai/100/2/e2025/final", "nist/ai-100-2"),
        ("https://www.etsi.org/deliver/etsi_ts/104200_104299/104223/01.01.01_60/ts_104223v010101p.pdf", "etsi/ts-104-223"),
        ("https://datatracker.ietf.org/liaison/2106/", "ietf/liaison-2106"),
        ("https://doi.org/10.6028/NIST.AI.600-1", "nist/ai-600-1"),
    ] {
        assert_eq!(identify(bodies(), &entry(None, Some(url))).document.map(|k| k.0).as_deref(), Some(want), "{url}");
    }
    let report = entry(Some("ITU-R BT.2020-0"), Some("https://www.itu.int/pub/R-REP-BT.2020-2000"));
    assert_eq!(identify(bodies(), &Entry { body: "ITU-R".into(), ..report }).document.map(|k| k.0).as_deref(), Some("itu-r/rep-bt.2020"));
    let page = identify(bodies(), &entry(None, Some("https://example.org/news/1")));
    assert!(page.document.is_some_and(|k| k.as_str().starts_with("url/example.org/")));
    let mut keyed = entry(Some("no number at all"), Some("https://example.org/news/1"));
    keyed.source = Some("hub".into());
    keyed.source_key = Some("?p=57341".into());
    let by_key = identify(bodies(), &keyed);
    assert!(
        by_key.document.as_ref().is_some_and(|k| k.as_str().starts_with("source/hub/") && k.as_str().len() == "source/hub/".len() + 16),
        "{by_key:?}"
    );
    let title = identify(bodies(), &entry(None, None));
    assert!(title.document.is_none() && title.reason.is_some());
}

#[test]
fn numbers_in_running_text() {
    let found = mentions(
        bodies(),
        "ETSI publishes EN 304 223 with ISO/IEC 27090 and draft-ni-wimse-ai-agent-identity-02; RFC 9999, ETSI TS 104 223, TR 33.898 (V18), arXiv:2608.19161 and ITU-T X.1753. Call 104 223 or 33.8 for more; see TS 104 22345.",
    );
    let keys: Vec<&str> = found.iter().map(|k| k.as_str()).collect();
    assert_eq!(
        keys,
        [
            "etsi/en-304-223",
            "iso-iec/27090",
            "ietf/draft-ni-wimse-ai-agent-identity",
            "ietf/rfc-9999",
            "etsi/ts-104-223",
            "3gpp/33.898",
            "arxiv/2608.19161",
            "itu-t/x.1753"
        ]
    );
    assert!(mentions(bodies(), "Artificial intelligence in 2026: a title without a number").is_empty());
}

#[test]
fn relations_that_the_number_states() {
    let of = |body: &str, number: &str| {
        let e = Entry { body: body.into(), number: Some(number.into()), ..Entry::default() };
        relations(bodies(), &e, &identify(bodies(), &e)).into_iter().map(|r| (r.kind, r.document.0)).collect::<Vec<_>>()
    };
    assert_eq!(of("ETSI", "ETSI TS 133 501 V18.5.0 (2024-05)"), [(RelationKind::SameAs, "3gpp/33.501".to_owned())]);
    assert_eq!(of("CEN", "EN ISO/IEC 27001:2023"), [(RelationKind::Adopts, "iso-iec/27001".to_owned())]);
    assert_eq!(of("ISO", "ISO/IEC 22989:2022/CD Amd 1"), [(RelationKind::PartOf, "iso-iec/22989".to_owned())]);
    assert_eq!(of("ITU-T", "XSTR.AISec (ex TR.AISec)"), [(RelationKind::Formerly, "itu-t/tr.aisec".to_owned())]);
    assert_eq!(of("ETSI", "ETSI TS 104 225 V1.1.1"), []);
}

#[test]
fn labels_order_the_versions_of_a_body() {
    for (body, older, newer) in [
        ("ETSI", "ETSI TS 104 223 V1.9.1 (2024-04)", "ETSI TS 104 223 V1.10.1 (2025-04)"),
        ("IETF", "draft-a-b-09", "draft-a-b-10"),
        ("ITU-T", "ITU-T X.1753 (12/2009)", "ITU-T X.1753 (01/2010)"),
        ("ISO", "ISO/IEC CD 27090", "ISO/IEC DIS 27090"),
        ("ISO", "ISO/IEC DIS 27090", "ISO/IEC FDIS 27090"),
        ("NIST", "NIST SP 800-53 Rev. 4", "NIST SP 800-53 Rev. 5 ipd"),
        ("NIST", "NIST SP 800-53 Rev. 5 ipd", "NIST SP 800-53 Rev. 5"),
        ("3GPP", "3GPP TR 33.898 V0.9.0", "3GPP TR 33.898 V18.0.1"),
        ("IEEE", "IEEE P3129/D-3-2022-08", "IEEE Std 3129-2023"),
        ("OASIS", "OASIS STIX-v2.1-CS01", "OASIS STIX-v2.1-CS02"),
        ("W3C", "W3C WD-webrtc-20200101", "W3C REC-webrtc-20250313"),
        ("arXiv", "arXiv:2608.19161v1", "arXiv:2608.19161v2"),
    ] {
        let (a, b) = (label(&id(body, older)).expect("a label"), label(&id(body, newer)).expect("a label"));
        assert_eq!(compare(&a, &b), Some(std::cmp::Ordering::Less), "{a} < {b}");
    }
}

#[test]
fn faults_of_the_file_are_named_with_their_place() {
    for (text, want) in [
        (
            "schema = 1\n[[body]]\nid = \"A\"\nslug = \"a\"\naliasse = []\n",
            "line 5, column 1: unknown key `aliasse`: did you mean `aliases`?",
        ),
        ("schema = 2\n", "line 1, column 10: schema is 2"),
        ("schema = 1\n[stage.ISO]\npublishd = [\"x\"]\n", "did you mean `published`?"),
        (
            "schema = 1\n[[body]]\nid = \"A\"\nslug = \"a\"\n[[body.number]]\nname = \"n\"\npattern = '(\\d'\nkey = \"x\"\nnormal = \"x\"\n",
            "line 7, column 11: number table “n” of A",
        ),
        (
            "schema = 1\n[[body]]\nid = \"A\"\nslug = \"a\"\n[[body.number]]\nname = \"n\"\npattern = '\\d'\nkey = \"{nmber}\"\nnormal = \"x\"\n",
            "{nmber}",
        ),
    ] {
        let said = Bodies::parse(text).expect_err("is refused").to_string();
        assert!(said.contains(want), "{said}");
    }
}

#[test]
fn hostile_numbers_cost_nothing_and_name_nothing() {
    let long = "A".repeat(2_000_000);
    for n in [
        "",
        " ",
        "\u{0}",
        "\u{202e}\u{202d}",
        "(((((((((((((",
        "[[[[",
        "....",
        "----",
        "ISO/",
        "ISO/IEC",
        "draft-",
        "RFC",
        "RFC 99999999999",
        "ITU-T",
        "NIST SP",
        "IEEE P",
        "3GPP TS",
        "é",
        "日本語",
        "ETSI TS 104 é23",
        long.as_str(),
    ] {
        assert_eq!(key("", n), "-", "{}", &n[..n.len().min(20)]);
        assert!(id("ISO", n).reason.is_some() || id("ISO", n).document.is_some());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn never_panics_on_any_text(text in "\\PC{0,60}", body in prop::sample::select(vec!["ITU-T", "ITU-R", "ETSI", "3GPP", "ISO", "IEC", "IEEE", "IETF", "NIST", "OASIS", "W3C", "JIS", "CEN", ""])) {
        let found = id(body, &text);
        prop_assert!(found.document.is_some() != found.reason.is_some());
    }

    #[test]
    fn never_panics_on_almost_numbers(text in "(ISO|IEC|ISO/IEC|IEEE P|NIST SP|NIST IR|ETSI TS|ITU-T X|3GPP TS|OASIS|W3C WD-|JIS K)[ -]?[0-9A-Za-zé:./()+ -]{0,24}") {
        let found = id("", &text);
        if let Some(normal) = &found.normal {
            let again = identify_number(bodies(), found.body.as_deref(), normal);
            if let Some(k) = &again.document {
                prop_assert!(!k.as_str().contains(' '));
            }
        }
        let _ = mentions(bodies(), &text);
    }

    #[test]
    fn the_normal_form_means_the_same_document(a in 1u32..60, b in 100u32..9999, y in 1990u32..2027, m in 1u32..13, form in 0usize..14) {
        let (body, n) = match form {
            0 => ("ITU-T", format!("ITU-T X.{b} ({m:02}/{y})")),
            1 => ("ITU-T", format!("ITU-T X.{b} ({y}) Amd. {a} ({m:02}/{y})")),
            2 => ("ETSI", format!("ETSI TS 104 {:03}-{a} V1.{m}.1 ({y}-{m:02})", b % 1000)),
            3 => ("3GPP", format!("3GPP TS 33.{:03}:REL-18/18.{m}.0", b % 1000)),
            4 => ("ISO", format!("ISO/IEC {b}-{a}:{y}/Amd {m}:{y}")),
            5 => ("ISO", format!("ISO/IEC DTS {b}.2")),
            6 => ("IEC", format!("IEC 6{b:04}-{a}:{y}+AMD1:{y} CSV")),
            7 => ("IEEE", format!("IEEE P{b}/D-{a}-{y}-{m:02}")),
            8 => ("IETF", format!("draft-a{b}-topic-{:02}", a)),
            9 => ("NIST", format!("NIST SP 800-{b} Rev. {a} ipd")),
            10 => ("OASIS", format!("OASIS thing-v{a}.{m}-CS{m:02}")),
            11 => ("W3C", format!("W3C WD-thing{b}-{y}{m:02}01")),
            12 => ("arXiv", format!("arXiv:2608.{b:05}v{a}")),
            _ => ("ITU-R", format!("ITU-R M.{b}-{a}")),
        };
        let first = id(body, &n);
        prop_assert!(first.document.is_some(), "{n}");
        let again = identify_number(bodies(), first.body.as_deref(), first.normal.as_deref().unwrap_or_default());
        prop_assert_eq!(&first, &again, "{}", n);
    }
}

#[test]
fn a_number_that_says_little_is_read_with_the_group_of_its_source() {
    let of = |group: Option<&str>, number: &str| {
        let entry = Entry { body: "ITU-T".into(), group: group.map(Into::into), number: Some(number.into()), ..Entry::default() };
        identify(bodies(), &entry).document.map_or_else(|| "-".to_owned(), |k| k.0)
    };
    for number in ["TD 1234", "TD1234", "TD 1234 (PLEN/17)", "TD1234R1", "TD1234/PLEN"] {
        assert_eq!(of(Some("SG17"), number), "itu-t/sg17/td-1234", "{number}");
        assert_eq!(of(None, number), "-", "{number}: there is one in each study group");
    }
    assert_eq!(of(Some("SG17"), "C123"), "itu-t/sg17/c-123");
    assert_eq!(of(Some("SG17"), "LS 123"), "itu-t/sg17/ls-123");
    assert_eq!(of(Some("SG17"), "X.509"), "itu-t/x.509");
    assert_eq!(of(Some("SG17"), "X.sgGenAI"), "itu-t/x.sggenai");
    assert_eq!(id("NIST", "NIST IR 8596 (Initial Preliminary Draft)").stage.as_deref(), Some("iprd"));
}
