use crate::{chain::Chain, table::Fields};

/// `X.690 (2021) Err. 1 (09/2021)`: the year of the base, the erratum, its date.
pub(super) fn apply(fields: &mut Fields<'_>) -> Option<()> {
    let chain = Chain::read(fields.get("tail").unwrap_or_default())?;
    let path = chain.path();
    let print = |d: &str| match d.split_once('-') {
        Some((y, m)) => format!("({m}/{y})"),
        None => format!("({d})"),
    };
    let mut normal = String::new();
    if path.is_some() {
        if let Some(base) = &chain.first {
            // the base is named by its year; a month beside it says no more
            let year = base.get(..4).unwrap_or(base).to_owned();
            normal.push_str(&format!(" ({year})"));
            fields.set("base", year);
        }
        for p in chain.own() {
            let word = match p.kind {
                "amd" => "Amd.",
                "cor" => "Cor.",
                "add" => "Add.",
                "err" => "Err.",
                "suppl" => "Suppl.",
                "app" => "App.",
                "annex" => "Annex",
                other => other,
            };
            normal.push(' ');
            normal.push_str(word);
            if !p.no.is_empty() {
                normal.push(' ');
                normal.push_str(&p.no);
            }
        }
    }
    let edition = if path.is_some() { chain.last.clone() } else { chain.first.clone() };
    if let Some(v) = &chain.version {
        normal.push_str(&format!(" (V{v})"));
        fields.set("version", v.clone());
    }
    if let Some(e) = &edition {
        normal.push_str(&format!(" {}", print(e)));
    }
    fields.set("edition", edition.unwrap_or_default());
    fields.set("supp", path.unwrap_or_default());
    fields.set("suppn", normal);
    Some(())
}
