//! Amendments, corrigenda, parts, supplements and revisions as the bodies print them: which are one document, which are not.
//!
//! An amendment (or corrigendum) is one document over its stages; number, part and amendment number say which. It belongs to an
//! edition of its base, and the base is another document (ARCHITECTURE.md, “Identity”).

use std::collections::BTreeMap;

use monitor_identify::{Bodies, identify_number};

/// One body, and groups of numbers: those of a group are one document, those of two groups are two.
const TABLE: &[(&str, &[&[&str]])] = &[
    (
        "ISO",
        &[
            &[
                "ISO 29001:2020/DAM 1",
                "ISO 29001:2020/DAmd 1",
                "ISO 29001:2020/FDAM 1",
                "ISO 29001:2020/FDAmd 1",
                "ISO 29001:2020/PRF Amd 1",
                "ISO 29001:2020/AWI Amd 1",
                "ISO 29001:2020/CD Amd 1.2",
                "ISO 29001:2020/Amd 1",
                "ISO 29001:2020/Amd.1:2024",
                "ISO 29001:2020/Amd 1:2024",
                "ISO 29001:2020/Amd 1:2024(en)",
            ],
            &["ISO 29001:2020/Amd 2", "ISO 29001:2020/DAM 2"],
            &["ISO 29001:2010/Amd 1:2013"],
            &["ISO 29001:2020/Cor 1:2021", "ISO 29001:2020/DCOR 1", "ISO 29001:2020/Cor.1:2021"],
            &["ISO 29001:2020", "ISO/DIS 29001", "ISO 29001:2010", "ISO 29001"],
            &["ISO 29001-1:2020"],
            &["ISO/TS 29001:2020", "ISO/DTS 29001"],
            &["ISO/IEC 29001:2020"],
        ],
    ),
    (
        "ISO",
        &[
            &["ISO/IEC 24029-1", "ISO/IEC 24029-1:2021"],
            &["ISO/IEC TR 24029-1:2021", "ISO/IEC DTR 24029-1"],
            &["ISO/IEC 24029-2:2023", "ISO/IEC FDIS 24029-2"],
            &["ISO/IEC 13818-1:2019/Amd 1:2020"],
            &["ISO/IEC 13818-1:2019/Amd 1:2020/Cor 1:2021"],
            &["ISO/IEC TS 29119-11", "ISO/IEC AWI TS 29119-11", "ISO/IEC DTS 29119-11.2"],
            &["ISO/IEC/IEEE 29119-1:2022", "ISO/IEC/IEEE DIS 29119-1"],
        ],
    ),
    (
        "IEC",
        &[
            &["IEC 62443-4-2:2019", "IEC 62443-4-2:2019+AMD1:2025 CSV", "IEC 62443-4-2:2019 RLV", "IEC 62443-4-2 ED2"],
            &["IEC 62443-4-2:2019/AMD1:2025", "IEC 62443-4-2:2019/AMD1"],
            &["IEC 62443-4-2:2019/COR1:2022"],
            &["IEC 62443-4-1:2018"],
            &["IEC TS 62443-1-5:2023"],
            &["IEC 60601-1:2005/AMD1:2012"],
            &["IEC 60601-1:2005/AMD1:2012/COR1:2014"],
            &["IEC 60601-1:2005/ISH1:2008"],
            &["CISPR 32:2015/AMD1:2019"],
            &["CISPR 32:2015"],
        ],
    ),
    (
        "ITU-T",
        &[
            &["ITU-T X.509 (10/2019)", "X.509", "ITU-T X.509 (2016)"],
            &["ITU-T X.509 (2019) Cor. 1 (10/2021)", "X.509 (2019) Corrigendum 1"],
            &["ITU-T X.509 (2019) Cor. 2 (10/2023)"],
            &["ITU-T X.509 (2016) Cor. 1"],
            &["X.509 (2019) Amd. 1", "Recommendation ITU-T X.509 (2019) Amendment 1 (2024)"],
            &["ITU-T X.1500 Suppl. 1"],
            &["ITU-T X Suppl. 37 (09/2022)", "ITU-T X-series Supplement 37", "X.Suppl.37"],
            &["ITU-T Y Suppl. 37"],
            &["X.1373", "X.1373rev", "X.1373 (rev)", "ITU-T X.1373 (03/2017)"],
            &["X.1371 bis", "X.1371bis"],
            &["X.1371"],
            &["ITU-T H.264 Annex A"],
            &["X.5Gsec-q"],
            &["XSTR-SEC-AI", "XSTR.sec-AI"],
            &["XSTP-hyb-qkd"],
            &["Imp.X.509", "X.Imp509", "Implementers’ Guide for X.509", "ITU-T X.Imp509 (09/2010)"],
            &["SG17-TD1234", "SG17-TD 1234 (PLEN/17)", "COM 17-TD1234R2", "SG17-TD1234/P"],
            &["SG17-LS123", "COM 17 – LS 123", "SG17-oLS-00123"],
            &["T25-SG17-TD1234"],
            &["SG13-TD1234"],
            &["FG-AI4H-K-039", "FG-AI4H-K-039-R1"],
            &["FG-AI4H-K-039-A01"],
            &["FG-AI4H DEL2.2"],
        ],
    ),
    (
        "ITU-R",
        &[
            &["Report ITU-R M.2516-0 (11/2022)", "Rep. ITU-R M.2516"],
            &["Recommendation ITU-R M.2516-1", "ITU-R M.2516"],
            &["Resolution ITU-R 56-3", "Resolution ITU-R 56", "ITU-R 56-2"],
            &["Opinion ITU-R 56"],
            &["Question ITU-R 56/5", "ITU-R 56-1/5:"],
        ],
    ),
    (
        "ETSI",
        &[
            &["ETSI EN 303 645 V3.1.3 (2024-09)", "EN 303 645", "Draft ETSI EN 303 645 V3.1.0", "Final draft ETSI EN 303 645 V3.1.2"],
            &["ETSI TS 303 645"],
            &["ETSI EN 303 645-2"],
            &["ETSI TS 104 158-1"],
            &["ETSI TS 104 158-2 V1.1.1", "ts_10415802v010101p.pdf"],
            &["ETSI ETS 300 092-1/A1"],
            &["ETSI ETS 300 092-1/A2"],
            &["ETSI ETS 300 092-1/A1/C1"],
            &["ETSI ETS 300 092-1 ed.1 (1994-04)"],
            &["ETSI GR SAI 004"],
            &["ETSI GS SAI 004"],
        ],
    ),
    (
        "3GPP",
        &[
            &["3GPP TS 33.501", "3GPP TS 33.501:REL-18/18.2.0", "33501-j10.zip", "TS 33.501 v19.1.0", "3GPP TS 33.501:REL-15/15.0.0"],
            &["3GPP TR 33.700-22"],
            &["3GPP TR 33.700-32"],
            &["3GPP TS 11.20"],
            &["3GPP TS 11.20dcs:Ph1-DCS/3.8.0"],
            &["S3-241234", "S3-241234r1"],
            &["R1-2401234"],
            &["3GPP TR 33.898 version 18.0.0 Release 18", "33.898-i01", "33898-i01.zip", "TR 33.898"],
            &["S3i240123", "S3i240123r1"],
            &["SP-230123", "WID SP-230123"],
        ],
    ),
    (
        "IEEE",
        &[
            &["IEEE Std 802.11-2020", "IEEE P802.11/D4", "IEEE 802.11"],
            &["IEEE Std 802.11be-2024", "IEEE P802.11be/D5.0"],
            &["IEEE Std 1547-2018", "IEEE Std 1547-2018 Redline"],
            &["IEEE 1547a-2020"],
            &["IEEE Std 1547.1-2020"],
            &["IEEE Std 11073-10101-2019"],
            &["IEEE Std 11073-10201-2018"],
            &["IEEE Std 802.1AS/Cor1-2021"],
            &["IEEE Std 802.1AS-2020"],
            &["IEEE Std 802.11-2020/Cor 1-2022", "IEEE P802.11-2020/Cor1/D2"],
            &["IEEE Std 802.11-2012/Cor 1-2014"],
            &["IEEE P1609.3v4/D-11-2020-06", "IEEE Std 1609.3-2016"],
        ],
    ),
    (
        "NIST",
        &[
            &["NIST SP 800-53 Rev. 5", "NIST SP 800-53r5 upd1", "SP 800-53 Rev. 5 (Draft)", "NIST SP 800-53"],
            &["NIST SP 800-53A Rev. 5", "NIST SP 800-53A"],
            &["NIST SP 800-53B"],
            &["NIST SP 800-63-4", "NIST SP 800-63-4 2pd", "NIST SP 800-63-3"],
            &["NIST SP 800-63B-4", "NIST SP 800-63B"],
            &["NIST SP 800-57 Part 1 Rev. 5", "NIST SP 800-57pt1r5"],
            &["NIST SP 800-57 Part 2 Rev. 1"],
            &["NIST SP 800-60 Vol. 1 Rev. 1"],
            &["NIST SP 800-60 Vol. 2 Rev. 1"],
            &["NIST AI 100-2e2023", "NIST AI 100-2 E2025", "NIST AI 100-2 ipd"],
            &["NIST IR 8596 iprd", "NIST.IR.8596.iprd", "NISTIR 8596"],
            &["NIST SP 800-218", "NIST SP 800-218 Rev. 1 ipd"],
            &["NIST SP 800-218A", "NIST.SP.800-218A"],
            &["FIPS 140-3", "FIPS PUB 140-2"],
            &["FIPS 203"],
            &["NIST CSWP 39", "Cybersecurity White Paper (CSWP) 39", "NIST CSWP 39 (Initial Public Draft)"],
        ],
    ),
    ("IETF", &[&["RFC 9334", "RFC 9334 (BCP 240)"], &["BCP 240"], &["I-D.ietf-wimse-arch", "draft-ietf-wimse-arch-05"]]),
    ("APT", &[&["APT/AWG/REP-120", "APT/AWG/REP-120 (Rev.1)"], &["APT/AWG/REC-120"], &["APT/ASTAP/REP-120"]]),
    ("ISO/IEC", &[&["ISO/IEC JTC 1/SC 42 N 1234", "ISO/IEC JTC 1/SC 42 N1234"], &["ISO/IEC JTC 1/SC 27 N 1234"], &["ISO/IEC 1234"]]),
    (
        "W3C",
        &[
            &["WD-webauthn-3-20250127", "webauthn-3", "https://www.w3.org/TR/2025/WD-webauthn-3-20250127/"],
            &["REC-webauthn-2-20210408", "webauthn-2"],
            &["REC-vc-data-model-2.0-20250515", "vc-data-model-2.0"],
            &["vc-data-model-1.1"],
            &["WCAG22"],
            &["WCAG21"],
        ],
    ),
    (
        "OASIS",
        &[
            &["stix-v2.1-os", "STIX Version 2.1", "stix-v2.0-cs01"],
            &["csaf-v2.0-errata01-csd01", "csaf-v2.1-csd01", "CSAF Version 2.1"],
            &["pkcs11-spec-v3.1-os"],
            &["pkcs11-profiles-v3.1"],
            &["openc2-lang-v1.0"],
        ],
    ),
    (
        "CEN-CENELEC",
        &[
            &["EN 18031-1:2024", "prEN 18031-1", "FprEN 18031-1", "EN 18031-1:2024+A1:2025"],
            &["EN 18031-1:2024/A1:2025", "EN 18031-1:2024/prA1", "EN 18031-1:2024/FprA1"],
            &["EN 18031-1:2024/A2"],
            &["EN 18031-1:2024/AC:2025"],
            &["EN 18031-1:2024/AC:2026-02"],
            &["EN 18031-2:2024"],
            &["EN ISO/IEC 27001:2023", "prEN ISO/IEC 27001", "EN ISO/IEC 27001:2017"],
            &["EN ISO/IEC 27001:2023/A1:2024"],
            &["EN IEC 62443-4-2:2019/AC:2022"],
            &["EN IEC 62443-4-2:2019"],
            &["CEN/CLC/TR 18115:2024", "CEN-CLC/TR 18115"],
            &["prEN 18115"],
        ],
    ),
];

#[test]
fn one_document_over_its_stages_and_never_two_in_one() {
    let bodies = Bodies::parse(include_str!("../../../data/bodies.toml")).expect("data/bodies.toml is read");
    let mut wrong = Vec::new();
    for (body, groups) in TABLE {
        let mut met: BTreeMap<String, usize> = BTreeMap::new();
        for (n, group) in groups.iter().enumerate() {
            let mut first: Option<String> = None;
            for number in *group {
                let Some(key) = identify_number(&bodies, Some(body), number).document.map(|k| k.0) else {
                    wrong.push(format!("{body}: {number} is not read"));
                    continue;
                };
                let same = first.get_or_insert_with(|| key.clone());
                if *same != key {
                    wrong.push(format!("{body}: {number} is {key}, {} is {same}", group[0]));
                }
                if met.insert(key.clone(), n).is_some_and(|other| other != n) {
                    wrong.push(format!("{body}: {number} is {key} like another document"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is read is printed so that it is read again as the same.
#[test]
fn normal_forms_of_oddities_are_read_again() {
    let bodies = Bodies::parse(include_str!("../../../data/bodies.toml")).expect("data/bodies.toml is read");
    for (body, groups) in TABLE {
        for number in groups.iter().flat_map(|g| g.iter()) {
            let read = identify_number(&bodies, Some(body), number);
            let normal = read.normal.clone().unwrap_or_default();
            let again = identify_number(&bodies, read.body.as_deref(), &normal);
            assert_eq!(again.document, read.document, "{number} is printed as {normal}");
        }
    }
}
