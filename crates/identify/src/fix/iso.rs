use crate::{
    chain::{Chain, is_year},
    table::Fields,
};

/// The order in which joint publishers are printed.
const ORDER: [&str; 13] = ["ISO", "IEC", "CISPR", "ITU", "IEEE", "ASTM", "SAE", "CIE", "HL7", "ASME", "OECD", "UNDP", "ANSI"];

/// `ISO/IEC DTS 12791.2`, `ISO/CD TR 19995`, `ISO/IEC/IEEE 29119.4-2015`, `IEC 60099-4:1991/AMD2:2001`.
pub(super) fn apply(fields: &mut Fields<'_>) -> Option<()> {
    let mut houses: Vec<&str> = Vec::with_capacity(3);
    let printed = fields.get("publisher")?.to_ascii_uppercase();
    for house in printed.split('/') {
        if !houses.contains(&house) {
            houses.push(house);
        }
    }
    houses.sort_by_key(|h| ORDER.iter().position(|o| o == h).unwrap_or(ORDER.len()));
    let publisher = houses.join("/");
    let ieee = houses.contains(&"IEEE");

    let series = fields.get("series").map(|s| if s.eq_ignore_ascii_case("guide") { "Guide".to_owned() } else { s.to_ascii_uppercase() });
    let mut stage = fields.get("stage").map(str::to_ascii_uppercase).unwrap_or_default();
    let pre = fields.get("pre").map(str::to_ascii_uppercase);
    let kind = match (&series, &pre) {
        (Some(s), Some(p)) => {
            stage = if s == "Guide" { format!("{p}Guide") } else { format!("{p}{s}") };
            stage.clone()
        }
        (Some(s), None) if stage.is_empty() => s.clone(),
        (Some(s), None) => format!("{stage} {s}"),
        (None, _) => stage.clone(),
    };
    let gap = if publisher == "ISO" && !kind.is_empty() && series.as_deref() != Some("Guide") { '/' } else { ' ' };
    let head = if kind.is_empty() { format!("{publisher} ") } else { format!("{publisher}{gap}{kind} ") };

    let mut part = fields.get("part").unwrap_or_default().to_ascii_uppercase();
    let mut edition = fields.get("edition").map(str::to_owned);
    let mut tail = fields.get("tail").unwrap_or_default().to_owned();
    let dots = fields.get("dots").unwrap_or_default().to_ascii_uppercase();
    // IEEE Xplore prints parts with points and years with hyphens, for ISO's and IEC's own texts too
    let spelt = dots.rsplit_once('-').is_some_and(|(_, year)| is_year(year))
        || fields.get("p").is_some()
        || !dots.is_empty() && ["/amd", "/cor"].iter().any(|w| super::word(&tail, w).is_some());
    let mut drafted = String::new();
    if ieee || spelt {
        let more = dots.replace('.', "-");
        part = format!("{part}{more}").trim_start_matches('-').to_owned();
        if let Some((cut, draft)) = draft(&tail) {
            let mut pieces = draft.split('-');
            let count = pieces.next().unwrap_or_default().trim_start_matches('0').to_owned();
            let count = if count.is_empty() { "0".to_owned() } else { count };
            if stage.is_empty() {
                stage = format!("D{count}");
            }
            drafted = format!("/D{count}");
            if let Some(year) = pieces.next().filter(|y| is_year(y)) {
                let month = pieces.next().filter(|m| m.len() == 2 && m.bytes().all(|b| b.is_ascii_digit()));
                drafted = format!("{drafted}-{year}{}", month.map(|m| format!("-{m}")).unwrap_or_default());
            }
            tail.truncate(cut);
        }
        if ["/amd", "/cor"].iter().any(|w| super::word(&tail, w).is_some()) {
            tail = tail.replacen('-', ":", 1);
        }
        tail = tail.trim_end_matches("-FDIS").to_owned();
        if let Some(rest) = super::word(&tail, "_FDIS") {
            stage = "FDIS".to_owned();
            tail = rest.to_owned();
        }
        // `-2015`, `-2020-12`: the year in the IEEE's spelling
        let mut pieces: Vec<&str> = part.split('-').collect();
        if edition.is_none() {
            if pieces.len() > 2 && is_year(pieces[pieces.len() - 2]) && pieces[pieces.len() - 1].len() == 2 {
                pieces.pop();
            }
            if (pieces.len() > 1 || !tail.is_empty() || dots.is_empty())
                && let Some(year) = pieces.last().filter(|y| is_year(y))
            {
                edition = Some((*year).to_owned());
                pieces.pop();
            }
        }
        part = pieces.join("-");
    } else if !dots.is_empty() {
        let again = dots[1..].to_owned();
        if again.len() > 2 || !again.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        fields.set("mark", again);
    }
    if let Some(sub) = fields.get("sub") {
        part = if part.is_empty() { format!("/{sub}") } else { format!("{part}/{sub}") };
    }
    fields.set("publisher", publisher);
    fields.set("head", head);
    fields.set("series", series.unwrap_or_default());
    fields.set("stage", stage);
    fields.set("part", part);
    fields.set("edition", edition.unwrap_or_default());
    fields.set("tail", tail);
    let iec = fields.get("publisher").is_some_and(|p| p.starts_with("IEC") || p == "CISPR");
    amendments(fields, iec)?;
    if !drafted.is_empty() {
        let normal = format!("{}{drafted}", fields.get("suppn").unwrap_or_default());
        fields.set("suppn", normal);
    }
    Some(())
}

/// `/D-13-2011`, `/E-2-2018-02`: where the draft begins, and what stands behind its letter.
fn draft(tail: &str) -> Option<(usize, &str)> {
    let cut = ["/D", "/E"].iter().find_map(|w| tail.find(w))?;
    let rest = tail[cut + 2..].trim_start_matches('-');
    let count = rest.split('-').next().unwrap_or_default();
    let counted = count.starts_with(|c: char| c.is_ascii_digit()) || count.len() <= 3 && count.starts_with("IS");
    counted.then_some((cut, rest))
}

/// Reads `tail` as amendments and corrigenda of the edition before it.
pub(super) fn amendments(fields: &mut Fields<'_>, iec: bool) -> Option<()> {
    let chain = Chain::read(fields.get("tail").unwrap_or_default())?;
    let mut normal = String::new();
    let mut stage = String::new();
    for p in &chain.pieces {
        let word = match (p.kind, iec) {
            _ if p.by_date => "AC",
            ("amd", true) => "AMD",
            ("cor", true) => "COR",
            ("amd", _) => "Amd",
            ("cor", _) => "Cor",
            ("add", _) => "Add",
            ("suppl", _) => "Suppl",
            ("ext", _) => "Ext",
            ("ish", _) => "ISH",
            ("frag", _) => "FRAG",
            (other, _) => other,
        };
        normal.push(if p.joined { '+' } else { '/' });
        if !p.stage.is_empty() && !p.joined {
            stage = p.stage.clone();
        }
        if p.stage == "pr" || p.stage == "Fpr" {
            normal.push_str(&p.stage);
            normal.push('A');
            normal.push_str(&p.no);
            continue;
        }
        if p.stage.ends_with("AM") || p.stage.ends_with("COR") || p.stage.ends_with("AMD") {
            normal.push_str(&p.stage);
        } else {
            if !p.stage.is_empty() {
                normal.push_str(&p.stage);
                normal.push(' ');
            }
            normal.push_str(word);
        }
        if !p.no.is_empty() {
            if !iec {
                normal.push(' ');
            }
            normal.push_str(&p.no);
        }
        if !p.year.is_empty() {
            normal.push(':');
            normal.push_str(&p.year);
        }
    }
    if chain.pieces.iter().any(|p| p.joined) && !chain.pieces.iter().any(|p| !p.joined) {
        // consolidated: a later edition of the base
        normal.push_str(" CSV");
        let newest = chain.pieces.iter().map(|p| p.year.as_str()).max().unwrap_or_default().to_owned();
        fields.set("version", newest);
    }
    if let Some(path) = chain.path() {
        let base = fields.get("edition").unwrap_or_default().to_owned();
        let year = chain.pieces.last().map(|p| p.year.clone()).unwrap_or_default();
        normal = format!("{}{normal}", if base.is_empty() { String::new() } else { format!(":{base}") });
        fields.set("base", base);
        fields.set("edition", year);
        fields.set("supp", path);
        if !stage.is_empty() {
            fields.set("stage", stage);
        }
    } else if let Some(e) = fields.get("edition") {
        normal = format!(":{e}{normal}");
    }
    fields.set("suppn", normal);
    Some(())
}
