use monitor_model::Document;

use crate::{Bodies, address, declared::within, number};

/// By what a document is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The number that its body gave it.
    Number,
    /// A number that stands in its address.
    NumberInAddress,
    /// The key that its source has for it.
    SourceKey,
    /// Fields that its source declares (`identity`).
    Declared,
    /// Its address.
    Address,
    /// Its address, which it shares with others, and what tells it from them.
    SharedAddress,
    /// Its name within one source, which gave neither number, key nor address.
    Name,
}

impl Rule {
    /// One word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::Number => "number",
            Rule::NumberInAddress => "number-in-address",
            Rule::SourceKey => "source-key",
            Rule::Declared => "declared",
            Rule::Address => "address",
            Rule::SharedAddress => "shared-address",
            Rule::Name => "name",
        }
    }

    /// A sentence for it.
    pub fn words(self) -> &'static str {
        match self {
            Rule::Number => "known by its number",
            Rule::NumberInAddress => "known by the number in its address",
            Rule::SourceKey => "known by the key that its source has for it",
            Rule::Declared => "known by the fields that its source declares (`identity`)",
            Rule::Address => "known by its address, since it has no number",
            Rule::SharedAddress => "known by its address and its title, since others stand at the same address",
            Rule::Name => "known by its name within its source, which gave neither number, key nor address",
        }
    }
}

/// The rule by which a document got its key.
pub fn rule(bodies: &Bodies, document: &Document) -> Rule {
    let key = document.document.as_str();
    if let Some(rest) = key.strip_prefix("url/") {
        return if rest.matches('/').count() > 1 { Rule::SharedAddress } else { Rule::Address };
    }
    if key.starts_with("source/") {
        let name = || [document.number.as_deref().unwrap_or_default(), &document.title].join("\n").trim().to_lowercase();
        return match &document.sightings {
            all if all.iter().any(|s| s.source_key.is_some()) => Rule::SourceKey,
            all if all.iter().any(|s| within(s.source.as_str(), [name().as_str()]) == document.document) => Rule::Name,
            _ => Rule::Declared,
        };
    }
    let reads = |house: &str, n: &str| number::identify(bodies, Some(house), n).document.as_ref() == Some(&document.document);
    let versions = document.versions.iter().map(|v| v.number.as_str());
    if document.number.as_deref().into_iter().chain(versions).any(|n| reads(&document.body, n)) {
        return Rule::Number;
    }
    let in_address = |url: &str| address::number(url).is_some_and(|(house, n)| reads(house, &n));
    if in_address(&document.url) || document.sightings.iter().any(|s| in_address(&s.url)) { Rule::NumberInAddress } else { Rule::Number }
}
