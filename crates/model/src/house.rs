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

/// A group's name is looked for in the owner of files from so many letters on.
const GROUP_LETTERS: usize = 8;
/// Where letters of other bodies lie as they were sent (RFC 4053: the IETF posts what it is sent): each is its sender's own word.
const LETTER_PAGES: [&str; 1] = ["datatracker.ietf.org/liaison/"];

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
            houses.add(&source.body, source.url.as_deref().unwrap_or_default());
            if !source.body.trim().is_empty() {
                houses.sources.insert(id.clone(), source.body.clone());
            }
        }
        houses
    }

    /// Of pairs of a body and an address at which it is read.
    pub fn of_pages<'a>(pages: impl IntoIterator<Item = (&'a str, &'a str)>) -> Houses {
        let mut houses = Houses::default();
        pages.into_iter().for_each(|(body, address)| houses.add(body, address));
        houses
    }

    fn add(&mut self, body: &str, address: &str) {
        if let Some(house) = house_of(address) {
            self.bodies.entry(house).or_default().insert(body.to_owned());
        }
        if body.contains('/') {
            self.joint.insert(body.to_owned());
        }
    }

    /// Whether what a source shows of a document of `body`, with this address, is the body's own word. A declared source speaks for
    /// its own body, whatever it links to, and for no other. What was imported speaks for the house to which it leads; what leads
    /// nowhere is taken as it is.
    pub fn speaks(&self, source: &SourceId, body: &str, address: &str) -> bool {
        match self.sources.get(source) {
            Some(own) => kin(own, body),
            None => address.is_empty() || host_of(address).is_none() || self.is_own(body, None, address),
        }
    }

    /// Whether an address is a page of the body, or of its group, or a name that leads there.
    pub fn is_own(&self, body: &str, group: Option<&str>, address: &str) -> bool {
        let Some(host) = host_of(address) else { return false };
        let kept = HOSTING.iter().any(|h| house(host).eq_ignore_ascii_case(h));
        let name = if kept { owner(address) } else { host };
        if words(body).any(|w| holds(name, w)) {
            return true;
        }
        let joint = self.joint.iter().filter(|j| kin(j, body));
        if joint.flat_map(|j| words(j)).any(|w| holds(name, w)) {
            return true;
        }
        if kept && group.map(folded).is_some_and(|g| g.len() >= GROUP_LETTERS && folded(name).contains(&g)) {
            return true;
        }
        let house = house_of(address).unwrap_or_default();
        let page = address.split_once("://").map_or("", |(_, page)| page);
        if RESOLVERS.contains(&house.as_str())
            || LETTER_PAGES.iter().any(|p| page.starts_with(p))
            || self.bodies.get(&house).is_some_and(|all| all.iter().any(|b| kin(b, body)))
        {
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
    a.eq_ignore_ascii_case(b) || words(a).any(|x| words(b).any(|y| x.eq_ignore_ascii_case(y)))
}

/// A body's names that are long enough to say something.
fn words(body: &str) -> impl Iterator<Item = &str> {
    body.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() >= 3)
}

/// Whether a word stands in a name, in any case.
fn holds(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The host of a web address, as it is written.
pub fn host_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

/// The first part of the path: whose files they are that stand with a keeper of files.
fn owner(address: &str) -> &str {
    let path = address.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    path.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The house of an address: what somebody registered, or the owner of files that stand with a keeper of files.
fn house_of(address: &str) -> Option<String> {
    let house = house(host_of(address)?).to_ascii_lowercase();
    if HOSTING.contains(&house.as_str()) { Some(format!("files/{}", owner(address).to_ascii_lowercase())) } else { Some(house) }
}

/// The part of a host that somebody registered.
fn house(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    let shared = host.len() - last - 1 == 2 && SHARED.iter().any(|s| host[second + 1..last].eq_ignore_ascii_case(s));
    let cut = if shared { dots.next() } else { Some(second) };
    cut.map_or(host, |at| &host[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_is_what_somebody_registered() {
        for (host, want) in [
            ("www.itu.int", "itu.int"),
            ("itu.int", "itu.int"),
            ("example.co.uk", "example.co.uk"),
            ("www.example.co.uk", "example.co.uk"),
            ("a.b.gov.au", "b.gov.au"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(house(host), want);
        }
    }

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
