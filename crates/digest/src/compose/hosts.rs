//! Whose page a link leads to, as far as the declared sources and the names of bodies tell.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Document, EvidenceLevel};

use crate::clean::href;

/// Names under which many register what is theirs: `example.co.uk` is one house, `co.uk` is none.
const SHARED: [&str; 8] = ["ac", "co", "com", "edu", "gov", "go", "net", "org"];

/// Names that governments alone may bear. They publish jointly, so that one's page speaks for another.
const OFFICIAL: [&str; 5] = ["gov", "mil", "gouv", "gob", "govt"];

/// Houses that register names of documents for everybody: they lead to the issuer and tell nothing themselves.
const RESOLVERS: [&str; 4] = ["doi.org", "handle.net", "w3id.org", "purl.org"];

/// Houses that let everybody keep files: whose they are, the first part of the path says.
const HOSTING: [&str; 4] = ["github.com", "githubusercontent.com", "gitlab.com", "codeberg.org"];

/// Files of one owner are one house, whichever host of the keeper shows them.
const HOSTED: &str = "files";

/// Where letters of other bodies lie as they were sent.
const LETTER_PAGES: [&str; 1] = ["datatracker.ietf.org/liaison/"];

/// A group's name is looked for in an address from so many letters on.
const GROUP_LETTERS: usize = 8;

/// The houses of which a source is declared, with the bodies for which it is.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    bodies: BTreeMap<String, BTreeSet<String>>,
    /// The declared addresses: a row without an address of its own bears that of its list.
    lists: BTreeSet<String>,
}

/// What an address is to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// A page of the document's body, or a name that leads there.
    Own,
    /// Its body's home page, or what a search there gave: whatever the document is, it is not shown there.
    Home,
    /// Somebody else's page.
    Foreign,
    /// No web address.
    None,
}

impl Hosts {
    /// From pairs of body and address.
    pub(super) fn new<'a>(declared: impl Iterator<Item = (&'a str, &'a str)>) -> Hosts {
        let mut hosts = Hosts::default();
        for (body, address) in declared {
            let Some(house) = house_of(address) else { continue };
            hosts.bodies.entry(house).or_default().insert(body.to_owned());
            hosts.lists.insert(unasked(&bare(address)).to_owned());
        }
        hosts
    }

    /// What an address is to the document.
    pub(super) fn standing(&self, d: &Document, address: &str) -> Standing {
        match href(address) {
            None => Standing::None,
            Some(_) if !self.is_own(d, address) => Standing::Foreign,
            Some(a) if (path(&a).is_empty() || is_search(&a)) && !self.is_list_of(d, &a) => Standing::Home,
            Some(_) => Standing::Own,
        }
    }

    /// The best of the addresses that were seen for a document, its own before others of the same standing.
    pub(super) fn best<'d>(&self, d: &'d Document) -> (&'d str, Standing) {
        let all = std::iter::once(d.url.as_str()).chain(d.sightings.iter().map(|s| s.url.as_str()));
        let judged = all.map(|a| (a, self.standing(d, a)));
        judged.min_by_key(|(_, s)| *s).unwrap_or((d.url.as_str(), Standing::None))
    }

    /// The host of the document's page, where no page of its body is known.
    pub(super) fn foreign(&self, d: &Document) -> Option<String> {
        let (address, standing) = self.best(d);
        (standing == Standing::Foreign).then(|| host(address)).flatten().map(|h| h.strip_prefix("www.").unwrap_or(&h).to_owned())
    }

    /// Whether it is the list in which the body shows the document, and was read.
    fn is_list_of(&self, d: &Document, address: &str) -> bool {
        d.evidence == EvidenceLevel::Primary && self.lists.contains(unasked(&bare(address)))
    }

    fn is_own(&self, d: &Document, address: &str) -> bool {
        // A liaison statement is its sender's own word, on whose page it ever lies (RFC 4053: the IETF posts what it is sent).
        if LETTER_PAGES.iter().any(|p| bare(address).starts_with(p)) {
            return true;
        }
        let (Some(host), Some(house)) = (host(address), house_of(address)) else { return false };
        if RESOLVERS.contains(&house.as_str()) {
            return true;
        }
        let owner = house.split_once('/').map(|(_, owner)| owner);
        let name = owner.unwrap_or(&host);
        let named = words(&d.body).any(|w| name.contains(&w))
            || owner
                .is_some_and(|o| d.group.as_deref().is_some_and(|g| folded(g).len() >= GROUP_LETTERS && folded(o).contains(&folded(g))));
        if named {
            return true;
        }
        let declared = |(h, bodies): (&String, &BTreeSet<String>)| (bodies.iter().any(|b| kin(b, &d.body))).then(|| is_official(h));
        let mut of_body = self.bodies.iter().filter_map(declared).peekable();
        match self.bodies.get(&house) {
            Some(bodies) if bodies.iter().any(|b| kin(b, &d.body)) => true,
            // A government's page may speak for a body of a government, or one of which nothing is declared.
            _ if is_official(&house) => of_body.peek().is_none() || of_body.any(|official| official),
            _ => false,
        }
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

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An address without its scheme and whatever does not change the page.
fn bare(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default().trim_end_matches('/');
    rest.strip_prefix("www.").unwrap_or(rest).to_ascii_lowercase()
}

/// What stands behind the host, a query included; empty for a home page.
fn path(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    rest.find(['/', '?']).map_or("", |at| rest[at..].trim_matches('/'))
}

/// An address without what is asked of it.
fn unasked(bare: &str) -> &str {
    bare.split('?').next().unwrap_or_default().trim_end_matches('/')
}

/// Whether it is what a search gives, a page of a list: the document is one of many there, if it still is.
pub(super) fn is_search(address: &str) -> bool {
    let asked = address.split_once('?').map_or("", |(_, q)| q.split('#').next().unwrap_or_default()).to_ascii_lowercase();
    let names = ["q", "query", "search", "keywords", "page", "topics"];
    asked.split('&').any(|p| {
        let name = p.split('=').next().unwrap_or_default();
        names.contains(&name) || name.starts_with("f%5b") || name.starts_with("f[")
    })
}

fn host(address: &str) -> Option<String> {
    let address = href(address)?;
    let rest = address.split_once("://")?.1;
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
    let owner = path(address).split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    Some(format!("{HOSTED}/{owner}"))
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
    fn a_house_is_what_somebody_registered() {
        for (host, want) in
            [("www.itu.int", "itu.int"), ("example.co.uk", "example.co.uk"), ("a.b.gov.au", "b.gov.au"), ("localhost", "localhost")]
        {
            assert_eq!(house(host), want);
        }
    }

    fn document(body: &str, group: Option<&str>, url: &str) -> Document {
        Document { group: group.map(str::to_owned), url: url.into(), ..super::super::made::document(body) }
    }

    #[test]
    fn the_page_of_another_body_is_foreign_and_a_name_for_everybody_is_not() {
        let declared = [
            ("CSA", "https://cloudsecurityalliance.org/research"),
            ("NIST", "https://csrc.nist.gov/publications"),
            ("ETSI", "https://www.etsi.org/standards"),
            ("CISA", "https://www.cisa.gov/news"),
            ("ITU-T", "https://www.itu.int/rec"),
            ("ISO/IEC", "https://www.iso.org/committee/1.html"),
            ("CoSAI", "https://raw.githubusercontent.com/cosai-oasis/tsc/main/list.md"),
            ("List of acts", "https://acts.example/"),
        ];
        let hosts = Hosts::new(declared.into_iter());
        use Standing::{Foreign, Home, None, Own};
        for (body, group, url, want) in [
            ("NIST", "", "https://labs.cloudsecurityalliance.org/research/note", Foreign),
            ("CSA", "", "https://labs.cloudsecurityalliance.org/research/note", Own),
            ("NIST", "", "https://doi.org/10.6028/NIST.AI.100-1", Own),
            ("NIST", "", "https://www.regulations.gov/docket/1", Own),
            ("CISA", "", "https://www.cyber.gov.au/guide", Own),
            ("Australia", "", "https://www.digital.gov.au/x", Own),
            ("ETSI", "", "https://www.nist.gov/x", Foreign),
            ("ETSI", "", "https://www.itu.int/x", Foreign),
            ("ITU-R", "", "https://www.itu.int/x", Own),
            ("ISO", "", "https://www.iso.org/standard/1.html", Own),
            ("ETSI", "", "https://example.net/x", Foreign),
            ("CISA", "", "https://www.cisa.gov/", Home),
            ("CISA", "", "https://www.cisa.gov", Home),
            ("CISA", "", "https://www.cisa.gov/#top", Home),
            ("CISA", "", "https://www.cisa.gov/?p=7", Own),
            ("CISA", "", "https://www.cisa.gov/all?f%5B0%5D=topics%3A5&page=1", Home),
            ("CISA", "", "https://www.cisa.gov/news?page=2", Own),
            ("List of acts", "", "https://acts.example", Own),
            ("CoSAI", "", "https://github.com/cosai-oasis/ws1/blob/main/a.md", Own),
            ("CoSAI", "", "https://github.com/somebody/ws1", Foreign),
            ("OWASP", "GenAI Security Project", "https://github.com/GenAI-Security-Project/x", Own),
            ("UN", "", "not an address", None),
        ] {
            let d = document(body, Some(group).filter(|g| !g.is_empty()), url);
            assert_eq!(hosts.standing(&d, url), want, "{body} {url}");
        }
    }
}
