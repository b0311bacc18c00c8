//! Whose page a link leads to, as far as the declared sources and the names of bodies tell.

use std::collections::BTreeSet;

use monitor_model::{Document, EvidenceLevel, Houses, host_of};

use crate::clean::href;

/// The houses of which a source is declared, with the bodies for which it is.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    houses: Houses,
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
        let declared: Vec<_> = declared.collect();
        let lists = declared.iter().map(|(_, address)| unasked(&bare(address)).to_owned()).collect();
        Hosts { houses: Houses::of_pages(declared), lists }
    }

    /// What an address is to the document.
    pub(super) fn standing(&self, d: &Document, address: &str) -> Standing {
        match href(address) {
            None => Standing::None,
            Some(_) if !self.houses.is_own(&d.body, d.group.as_deref(), address) => Standing::Foreign,
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
        let host = host_of(address).filter(|_| standing == Standing::Foreign)?.to_ascii_lowercase();
        Some(host.strip_prefix("www.").unwrap_or(&host).to_owned())
    }

    /// Whether it is the list in which the body shows the document, and was read.
    fn is_list_of(&self, d: &Document, address: &str) -> bool {
        d.evidence == EvidenceLevel::Primary && self.lists.contains(unasked(&bare(address)))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
