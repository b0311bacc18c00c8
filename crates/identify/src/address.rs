//! Numbers that stand in the addresses of the bodies' own pages.

use monitor_model::{PlainAddress, canonical_url};
use url::Url;

/// Hosts whose addresses carry numbers.
const HOSTS: [&str; 14] = [
    "datatracker.ietf.org",
    "ietf.org",
    "tools.ietf.org",
    "rfc-editor.org",
    "arxiv.org",
    "export.arxiv.org",
    "rss.arxiv.org",
    "w3.org",
    "itu.int",
    "etsi.org",
    "3gpp.org",
    "csrc.nist.gov",
    "doi.org",
    "nvlpubs.nist.gov",
];

/// The body and the number that an address carries.
pub(crate) fn number(address: &str) -> Option<(&'static str, String)> {
    // Most addresses are of other hosts, and of most addresses one sees the host without a parser.
    if PlainAddress::of(address).is_some_and(|plain| !HOSTS.contains(&plain.host)) {
        return None;
    }
    number_of(&canonical_url(address)?)
}

/// The body and the number that a canonical address of one of [`HOSTS`] carries.
fn number_of(url: &Url) -> Option<(&'static str, String)> {
    let host = url.host_str().filter(|h| HOSTS.contains(h))?;
    let path: Vec<&str> = url.path_segments()?.filter(|s| !s.is_empty()).collect();
    let query = |name: &str| url.query_pairs().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.into_owned());
    match host {
        "datatracker.ietf.org" | "ietf.org" | "tools.ietf.org" | "rfc-editor.org" => ietf(&path),
        "arxiv.org" | "export.arxiv.org" | "rss.arxiv.org" => match path.as_slice() {
            ["abs" | "pdf" | "html" | "format", rest @ ..] if !rest.is_empty() => {
                Some(("arXiv", format!("arXiv:{}", rest.join("/").trim_end_matches(".pdf"))))
            }
            _ => None,
        },
        "w3.org" => match path.as_slice() {
            ["TR", year, dated, ..] if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => Some(("W3C", format!("W3C {dated}"))),
            ["TR", name] => Some(("W3C", format!("W3C {name}"))),
            _ => None,
        },
        "itu.int" => itu(&path, &query),
        "etsi.org" => path.last().filter(|f| f.contains('_') && f.ends_with(".pdf")).map(|f| ("ETSI", (*f).to_owned())),
        "3gpp.org" => path.last().filter(|f| f.ends_with(".zip")).map(|f| ("3GPP", (*f).to_owned())),
        "csrc.nist.gov" => nist(&path),
        "doi.org" => match path.as_slice() {
            ["10.6028", doi] => Some(("NIST", doi.replacen('.', " ", 2))),
            ["10.17487", rfc] => Some(("IETF", (*rfc).to_owned())),
            ["10.48550", paper] => paper.to_ascii_lowercase().strip_prefix("arxiv.").map(|n| ("arXiv", format!("arXiv:{n}"))),
            _ => None,
        },
        "nvlpubs.nist.gov" => path.last().and_then(|f| f.strip_suffix(".pdf")).map(|f| ("NIST", f.replacen('.', " ", 2))),
        _ => None,
    }
}

fn ietf(path: &[&str]) -> Option<(&'static str, String)> {
    if let ["liaison", n, ..] = path {
        return Some(("IETF", format!("liaison/{n}")));
    }
    let name = path.iter().find(|s| {
        s.get(..6).is_some_and(|p| p.eq_ignore_ascii_case("draft-"))
            || s.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("bofreq-"))
            || (s.len() > 3 && s[..].get(..3).is_some_and(|p| p.eq_ignore_ascii_case("rfc")) && s.as_bytes()[3].is_ascii_digit())
    })?;
    let rev = path.iter().skip_while(|s| s != &name).nth(1).filter(|r| r.len() == 2 && r.bytes().all(|b| b.is_ascii_digit()));
    Some(("IETF", rev.map_or_else(|| (*name).to_owned(), |r| format!("{name}-{r}"))))
}

fn itu(path: &[&str], query: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let last = path.last()?;
    let lower = last.to_ascii_lowercase();
    if lower == "rec.aspx" {
        let rec = query("rec")?;
        return rec.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(("ITU-T", rec));
    }
    if lower == "wp_item.aspx" || (lower == "item" && path.contains(&"t-wp")) {
        return query("isn").map(|isn| ("ITU-T", format!("isn={isn}")));
    }
    if let Some(rest) = last.strip_prefix("T-REC-") {
        // T-REC-X.1753-202512-I
        let mut parts = rest.split('-');
        return parts.next().map(|n| ("ITU-T", n.to_owned()));
    }
    if last.starts_with("R-REC-") || last.starts_with("R-REP-") {
        let cut = last.find("!!").unwrap_or(last.len());
        return Some(("ITU-R", last[..cut].to_owned()));
    }
    None
}

/// `/pubs/sp/800/218/a/upd1/final`, `/pubs/ir/8596/iprd`, `/pubs/ai/100/2/e2025/final`.
fn nist(path: &[&str]) -> Option<(&'static str, String)> {
    let ["pubs", series, number, rest @ ..] = path else { return None };
    let mut text = format!("NIST {} {number}", series.to_ascii_uppercase());
    for (i, piece) in rest.iter().enumerate() {
        match piece.as_bytes() {
            [b'0'..=b'9', ..] if i == 0 && !piece.ends_with("pd") && !piece.ends_with("prd") => {
                text.push('-');
                text.push_str(piece);
            }
            [c] if c.is_ascii_alphabetic() => text.push((*c as char).to_ascii_uppercase()),
            [b'e', b'0'..=b'9', ..] => text.push_str(piece),
            _ => {
                text.push(' ');
                text.push_str(piece);
            }
        }
    }
    Some(("NIST", text))
}

/// The canonical address, where it is that of one edition or project: other editions of the document have other addresses.
pub(crate) fn edition_address(url: &str) -> Option<Url> {
    let url = canonical_url(url)?;
    let path: Vec<&str> = url.path_segments()?.filter(|s| !s.is_empty()).collect();
    let counted = |s: &str| s.trim_end_matches(".html").len() >= 4 && s.trim_end_matches(".html").bytes().all(|b| b.is_ascii_digit());
    match (url.host_str()?, path.as_slice()) {
        // `iso.org/standard/27001` is an alias of the newest edition: projects have counts of their own
        ("iso.org", ["standard", n]) if counted(n) && (n.ends_with(".html") || n.len() > 5) => Some(url),
        ("webstore.iec.ch", ["publication" | "en", .., n]) if counted(n) => Some(url),
        ("standards.ieee.org", ["ieee", _, n]) if counted(n) => Some(url),
        _ => None,
    }
}
