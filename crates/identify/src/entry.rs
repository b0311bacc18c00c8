use monitor_model::{DocumentKey, Entry, Identified, url_key};

use crate::{Bodies, address, declared::within, number};

/// Which document an entry is about: by its number, else by a number in its address, else by the source's own key,
/// else by its canonical address. A title alone identifies nothing.
pub fn identify(bodies: &Bodies, entry: &Entry) -> Identified {
    let (body, printed) = (said(entry), printed(entry));
    let mut why = "no number, no key of a source, no address: a title alone identifies nothing".to_owned();
    if let Some(n) = printed {
        let group = entry.group.as_deref().map(str::trim).filter(|g| !g.is_empty());
        let of_group = body.zip(group).and_then(|(b, g)| number::of_group(bodies, b, g, n));
        let mut found = of_group.unwrap_or_else(|| number::identify(bodies, body, n));
        // Recommendations and Reports of ITU-R share their numbers; the address says which of the two a bare one means
        if found.body.as_deref() == Some("ITU-R")
            && entry.url.as_deref().is_some_and(|u| u.contains("R-REP"))
            && let Some(normal) = found.normal.as_deref().filter(|t| t.starts_with("ITU-R "))
        {
            let report = number::identify(bodies, body, &format!("Report {normal}"));
            if report.document.is_some() {
                found = report;
            }
        }
        if found.document.is_some() {
            separate(&mut found, entry);
            return found;
        }
        why = found.reason.unwrap_or(why);
    }
    if let Some((house, n)) = entry.url.as_deref().and_then(address::number) {
        let mut found = number::identify(bodies, Some(house), &n);
        if found.document.is_some() {
            separate(&mut found, entry);
            return found;
        }
    }
    let by = |document: DocumentKey| Identified { document: Some(document), ..unnumbered(bodies, entry, printed.map(|_| why.clone())) };
    if let (Some(source), Some(key)) = (&entry.source, &entry.source_key)
        && !key.trim().is_empty()
    {
        return by(within(source, [key.as_str()]));
    }
    if let Some(key) = entry.url.as_deref().and_then(url_key) {
        return by(key);
    }
    Identified { reason: Some(why), ..Identified::default() }
}

fn said(entry: &Entry) -> Option<&str> {
    Some(entry.body.trim()).filter(|b| !b.is_empty())
}

fn printed(entry: &Entry) -> Option<&str> {
    entry.number.as_deref().map(str::trim).filter(|n| !n.is_empty())
}

/// What a row says of a document that is not known by its number.
pub(crate) fn unnumbered(bodies: &Bodies, entry: &Entry, reason: Option<String>) -> Identified {
    Identified {
        body: said(entry).map(|b| bodies.canonical_body(b).to_owned()),
        number: printed(entry).map(str::to_owned),
        version: entry.version.clone(),
        reason,
        ..Identified::default()
    }
}

/// The version where the source has it apart from the number, as a bare count.
fn separate(found: &mut Identified, entry: &Entry) {
    if found.version.is_none()
        && let Some(v) = entry.version.as_deref().map(str::trim).filter(|v| !v.is_empty())
    {
        let bare = v.strip_prefix(['v', 'V']).filter(|r| r.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(v);
        found.version = Some(bare.to_owned());
    }
}
