//! Whose word a row is: that of the document's own body, or of somebody who tells of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Source, SourceId};

/// Names under which many register what is theirs: `example.co.uk` is one house, `co.uk` is none.
const SHARED: [&str; 8] = ["ac", "co", "com", "edu", "gov", "go", "net", "org"];
/// Names that governments alone may bear. They publish jointly, so that one's page speaks for another.
const OFFICIAL: [&str; 5] = ["gov", "mil", "gouv", "gob", "govt"];
/// Houses that register names of documents for everybody: they lead to the issuer and tell nothing themselves.
const RESOLVERS: [&str; 4] = ["doi.org", "handle.net", "w3id.org", "purl.org"];
/// Houses that let everybody keep files: whose they are, the first part of the path says.
const HOSTING: [&str; 4] = ["github.com", "githubusercontent.com", "gitlab.com", "codeberg.org"];

/// The bodies of the declared sources, and the houses at which they are read.
#[derive(Clone, Debug, Default)]
pub struct Houses {
    /// The body of each declared source.
    sources: BTreeMap<SourceId, String>,
    /// House → bodies that are read there.
    bodies: BTreeMap<String, BTreeSet<String>>,
    /// Bodies that publish under one name, such as ISO/IEC: each lists what the other publishes.
    joint: BTreeSet<String>,
}

impl Houses {
    /// Of the declared sources.
    pub fn new<'a>(declared: impl IntoIterator<Item = (&'a SourceId, &'a Source)>) -> Houses {
        let mut houses = Houses::default();
        for (id, source) in declared {
            if let Some(house) = source.url.as_deref().and_then(house_of) {
                houses.bodies.entry(house).or_default().insert(source.body.clone());
            }
            if source.body.contains('/') {
                houses.joint.insert(source.body.clone());
            }
            if !source.body.trim().is_empty() {
                houses.sources.insert(id.clone(), source.body.clone());
            }
        }
        houses
    }

    /// Whether what a source shows of a document of `body`, with this address, is the body's own word. A declared source speaks for
    /// its own body, whatever it links to, and for no other. What was imported speaks for the house to which it leads; what leads
    /// nowhere is taken as it is.
    pub fn speaks(&self, source: &SourceId, body: &str, address: &str) -> bool {
        match self.sources.get(source) {
            Some(own) => kin(own, body),
            None => address.is_empty() || self.is_own(body, address),
        }
    }

    /// Whether an address is a page of the body, or a name that leads there.
    fn is_own(&self, body: &str, address: &str) -> bool {
        let (Some(host), Some(house)) = (host(address), house_of(address)) else { return true };
        if RESOLVERS.contains(&house.as_str()) {
            return true;
        }
        let name = house.split_once('/').map_or(host.as_str(), |(_, owner)| owner);
        let joint = self.joint.iter().filter(|j| kin(j, body)).map(String::as_str);
        let named = std::iter::once(body).chain(joint).any(|b| words(b).any(|w| name.contains(&w)));
        if named || self.bodies.get(&house).is_some_and(|all| all.iter().any(|b| kin(b, body))) {
            return true;
        }
        // A government's page may speak for a body of a government, or one of which nothing is declared.
        let mut own = self.bodies.iter().filter(|(_, all)| all.iter().any(|b| kin(b, body))).map(|(h, _)| is_official(h)).peekable();
        is_official(&house) && (own.peek().is_none() || own.any(|official| official))
    }
}

fn is_official(house: &str) -> bool {
    house.split('.').any(|l| OFFICIAL.contains(&l)) || house == "europa.eu"
}

/// Whether two bodies are one or share one: ISO/IEC and ISO.
fn kin(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || words(a).any(|x| words(b).any(|y| x == y))
}

/// A body's names that are long enough to say something.
fn words(body: &str) -> impl Iterator<Item = String> + '_ {
    body.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() >= 3).map(str::to_lowercase)
}

fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// The house of an address: what somebody registered, or the owner of files that stand with a keeper of files.
fn house_of(address: &str) -> Option<String> {
    let house = house(&host(address)?);
    if !HOSTING.contains(&house.as_str()) {
        return Some(house);
    }
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    Some(format!("files/{}", path.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase()))
}

/// The part of a host that somebody registered.
fn house(host: &str) -> String {
    let labels: Vec<&str> = host.split('.').collect();
    let shared = labels.len() > 2 && SHARED.contains(&labels[labels.len() - 2]) && labels[labels.len() - 1].len() == 2;
    labels[labels.len().saturating_sub(if shared { 3 } else { 2 })..].join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_speaks_at_its_own_house_and_others_tell_of_it() {
        let source = |body: &str, url: &str| Source { body: body.into(), url: Some(url.into()), ..Source::default() };
        let declared = [
            (SourceId::from("ietf-rfcs"), source("IETF", "https://www.rfc-editor.org/rfcrss.xml")),
            (SourceId::from("iso"), source("ISO/IEC", "https://isotc.iso.org/list")),
            (SourceId::from("csa"), source("CSA", "https://labs.cloudsecurityalliance.org/")),
            (SourceId::from("nist"), source("NIST", "https://csrc.nist.gov/publications")),
        ];
        let houses = Houses::new(declared.iter().map(|(id, s)| (id, s)));
        for (source, body, address, own) in [
            // what is declared speaks for its body alone
            ("iso", "ISO", "https://cdn.example/27090.pdf", true),
            ("iso", "ISO/IEC/IEEE", "", true),
            ("iso", "ETSI", "https://www.etsi.org/x", false),
            ("csa", "NIST", "https://csrc.nist.gov/x", false),
            // what was imported, for the house to which it leads
            ("import", "NIST", "https://labs.cloudsecurityalliance.org/x", false),
            ("import", "NIST", "https://nvlpubs.nist.gov/x.pdf", true),
            ("import", "NIST", "https://www.cisa.gov/x", true),
            ("import", "NIST", "https://doi.org/10.6028/NIST.AI.100-1", true),
            ("import", "NIST", "", true),
            ("import", "IETF", "https://www.rfc-editor.org/info/rfc9999", true),
            ("import", "IETF", "https://ftp.belnet.be/ietf-ftp/draft-a-b-00.txt", false),
            ("import", "IETF", "https://www.cisa.gov/x", false),
            ("import", "ITU-T", "https://news.example/itu/x", false),
            ("import", "ITU-T", "https://www.itu.int/rec/T-REC-X.1", true),
            ("import", "MITRE", "https://github.com/mitre-atlas/atlas-data", true),
            ("import", "MITRE", "https://github.com/somebody/mitre", false),
            ("import", "ISO", "https://webstore.iec.ch/publication/103414", true),
            ("import", "IEEE", "https://webstore.iec.ch/publication/103414", false),
            ("import", "Australia", "https://www.digital.gov.au/x", true),
        ] {
            assert_eq!(houses.speaks(&source.into(), body, address), own, "{source} {body} {address}");
        }
    }
}
