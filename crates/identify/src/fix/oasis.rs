use super::{digits, word};
use crate::table::Fields;

/// `kmip-spec-v2.1-CS02`, `xacml-3.0-privacy-v1.0`, `STIX-v1.2.1-Common-CS01-Pt2`: names with versions and stages between them.
pub(super) fn apply(fields: &mut Fields<'_>) -> Option<()> {
    let text = fields.get("text")?.to_owned();
    let (mut name, mut version, mut stage, mut part) = (Vec::new(), String::new(), String::new(), String::new());
    let mut tokens = text.split(['-', ' ', '_']).filter(|t| !t.is_empty()).peekable();
    while let Some(token) = tokens.next() {
        let lower = token.to_ascii_lowercase();
        if let Some(v) = versioned(&lower) {
            v.clone_into(&mut version);
        } else if lower == "version" && tokens.peek().is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit())) {
            version = tokens.next().unwrap_or_default().to_owned();
        } else if staged(&lower) {
            stage = token.to_ascii_uppercase();
        } else if let Some(no) = parted(&lower) {
            no.clone_into(&mut part);
        } else if lower == "plus" || lower == "oasis" || lower == "standard" {
        } else {
            name.push(token);
        }
    }
    if name.is_empty() {
        return None;
    }
    fields.set("name", name.join("-"));
    fields.set("number", name.join("-"));
    fields.set("version", version);
    fields.set("stage", stage);
    fields.set("part", part);
    Some(())
}

/// `v2.1`, `V1.0`, `3.0`, `v2`; not `2` alone, which may belong to a name.
fn versioned(token: &str) -> Option<&str> {
    let bare = token.strip_prefix('v').unwrap_or(token);
    let numeric = bare.starts_with(|c: char| c.is_ascii_digit()) && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (numeric && (bare.contains('.') || bare.len() < token.len())).then_some(bare)
}

fn staged(token: &str) -> bool {
    ["csprd", "cspr", "cndprd", "cnprd", "csd", "cos", "cnd", "psd", "cs", "cn", "os", "ps", "wd", "pn", "pnd", "errata"].iter().any(|s| {
        word(token, s)
            .is_some_and(|n| n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()) && (!n.is_empty() || *s == "os" || *s == "errata"))
    })
}

fn parted(token: &str) -> Option<&str> {
    let rest = token.strip_prefix("part").or_else(|| token.strip_prefix("pt"))?;
    let (no, after) = digits(rest);
    (!no.is_empty() && after.is_empty()).then_some(no)
}
