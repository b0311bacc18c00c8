//! What an installed `monitor` carries, so that it works anywhere.

/// The starter `sources.toml`.
pub(crate) const SOURCES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sources.toml"));

include!(concat!(env!("OUT_DIR"), "/sources_d.rs"));

macro_rules! data {
    ($($name:literal),* $(,)?) => {
        /// The files of `data/` that an officer edits, by name.
        pub(crate) const DATA: &[(&str, &str)] = &[
            $(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/", $name)))),*
        ];
    };
}

data!("bodies.toml", "topics.toml", "weights.toml", "calendar.toml", "editions.toml", "views.toml");

/// The two snapshots of the demo: when each was made, and its archive.
pub(crate) const DEMO: [(&str, &[u8]); 2] = [
    ("2026-03-02", include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/2026-03-02.warc.gz"))),
    ("2026-04-20", include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/demo/2026-04-20.warc.gz"))),
];

/// The embedded text of a data file.
pub(crate) fn data(name: &str) -> Option<&'static str> {
    DATA.iter().find(|(n, _)| *n == name).map(|(_, t)| *t)
}
