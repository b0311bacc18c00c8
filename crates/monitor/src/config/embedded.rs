//! What an installed `monitor` carries, so that it works anywhere.

use std::{io::Read, sync::LazyLock};

use flate2::read::GzDecoder;

/// The starter `sources.toml`.
pub(crate) const SOURCES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sources.toml"));

include!(concat!(env!("OUT_DIR"), "/sources_d.rs"));

macro_rules! plain {
    ($($name:literal),* $(,)?) => {
        /// The files of `data/` that an officer edits, by name, but the largest.
        const PLAIN: &[(&str, &str)] = &[
            $(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/", $name)))),*
        ];
    };
}

plain!("bodies.toml", "topics.toml", "calendar.toml", "editions.toml", "views.toml");

/// The largest file of `data/`, a megabyte of numbers: it is carried packed and unpacked when it is asked for.
const WEIGHTS: &str = "weights.toml";
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/weights.toml.gz"));
static UNPACKED: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    // What `build.rs` packed in this build comes out again: a test holds it.
    let _whole = GzDecoder::new(PACKED).read_to_string(&mut text);
    text
});

/// The two snapshots of the demo: when each was made, and its archive.
pub(crate) const DEMO: [(&str, &[u8]); 2] = [
    ("2026-03-02", include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/2026-03-02.warc.gz"))),
    ("2026-04-20", include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/2026-04-20.warc.gz"))),
];

/// The embedded files of `data/` by name.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLAIN.iter().copied().chain(std::iter::once_with(|| (WEIGHTS, UNPACKED.as_str())))
}

/// The embedded text of a data file.
pub(crate) fn data(name: &str) -> Option<&'static str> {
    if name == WEIGHTS {
        return Some(&UNPACKED);
    }
    PLAIN.iter().find(|(n, _)| *n == name).map(|(_, t)| *t)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_was_packed_comes_out_whole() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/weights.toml");
        assert_eq!(super::data("weights.toml"), std::fs::read_to_string(path).ok().as_deref());
        assert_eq!(super::files().count(), 6);
        assert_eq!(super::data("nothing.toml"), None);
    }
}
