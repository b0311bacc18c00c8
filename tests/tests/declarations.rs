//! What every declared source says of itself, and for which bodies one is watched.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use monitor_model::{Source, SourceKind, SourcesFile};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources() -> Vec<(String, Source, String)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(top().join("sources.d")).expect("sources.d") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        let file: SourcesFile = toml::from_str(&text).expect("sources");
        for (id, s) in file.source {
            let start = text.find(&format!("[source.{}]", id.0)).expect("its table");
            let end = text[start + 1..].find("\n[").map_or(text.len(), |n| start + 1 + n);
            out.push((id.0, s, text[start..end].to_owned()));
        }
    }
    out
}

#[test]
fn every_source_says_what_a_reader_of_the_file_wants_to_know() {
    let mut wrong = Vec::new();
    for (id, s, text) in sources() {
        let watched = s.enabled.unwrap_or(true) && s.kind != SourceKind::None;
        let mut lacks = |what: &str, is_there: bool| {
            if !is_there {
                wrong.push(format!("{id}: no {what}"));
            }
        };
        lacks("name", s.name.is_some());
        lacks("home", s.home.is_some());
        if watched {
            // What nothing is said of in the text is not what somebody decided.
            for key in ["every", "identity", "track", "expect"] {
                lacks(key, text.contains(&format!("\n{key} = ")));
            }
            lacks("expect.fill", s.expect.is_some_and(|e| !e.fill.is_empty()));
        } else {
            lacks("note that says why it is not watched", s.note.is_some_and(|n| n.len() > 20));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_body_with_a_public_endpoint_is_watched() {
    let watched: BTreeSet<String> =
        sources().into_iter().filter(|(_, s, _)| s.enabled.unwrap_or(true) && s.kind != SourceKind::None).map(|(_, s, _)| s.body).collect();
    for body in [
        "ITU-T",
        "ITU-R",
        "ITU",
        "ETSI",
        "3GPP",
        "ISO/IEC",
        "IETF",
        "IEEE",
        "OASIS Open",
        "NIST",
        "W3C",
        "CEN-CENELEC",
        "APT",
        "OWASP",
        "MITRE",
        "arXiv",
        "ENISA",
        "EU",
        "OECD.AI",
        "UK NCSC",
        "UK AISI",
        "CISA",
        "GSMA",
        "CSA",
        "OpenSSF",
        "AI Incident Database",
        "UN",
    ] {
        assert!(watched.contains(body), "nobody watches {body}");
    }
    assert!(sources().len() >= 60);
}

#[test]
fn every_body_whose_stages_are_read_has_its_words_sorted() {
    let o = Command::new(monitor_testkit::binary())
        .current_dir(top())
        .args(["--config", "sources.toml", "--data", "data", "check"])
        .output()
        .expect("monitor runs");
    let said = String::from_utf8_lossy(&o.stderr).into_owned();
    assert!(o.status.success() && !said.contains("no stage map"), "{said}");
}
