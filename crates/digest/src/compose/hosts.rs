//! Whose page a link leads to, as far as the declared sources and the names of bodies tell.

use std::collections::BTreeSet;

use monitor_model::Document;

use crate::clean::href;

/// Names under which many register what is theirs: `example.co.uk` is one house, `co.uk` is none.
const SHARED: [&str; 8] = ["ac", "co", "com", "edu", "gov", "go", "net", "org"];

/// Top names that governments and international bodies alone may bear.
const OFFICIAL: [&str; 3] = ["gov", "int", "mil"];

/// The houses of which a source is declared.
#[derive(Debug, Default)]
pub(super) struct Hosts(BTreeSet<String>);

impl Hosts {
    pub(super) fn new<'a>(addresses: impl Iterator<Item = &'a str>) -> Hosts {
        Hosts(addresses.filter_map(host).map(|h| house(&h)).collect())
    }

    /// The host of a document's page, where it is neither a declared source's nor bears the body's name nor is a government's.
    pub(super) fn foreign(&self, d: &Document) -> Option<String> {
        let host = host(&d.url)?;
        let house = house(&host);
        let official = house.split('.').any(|l| OFFICIAL.contains(&l)) || house == "europa.eu";
        let named = d.body.split(|c: char| !c.is_alphanumeric()).any(|w| w.len() >= 3 && host.contains(&w.to_lowercase()));
        let own = official || named || self.0.contains(&house);
        (!own).then(|| host.strip_prefix("www.").unwrap_or(&host).to_owned())
    }
}

fn host(address: &str) -> Option<String> {
    let address = href(address)?;
    let rest = address.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
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
}
