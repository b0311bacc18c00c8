//! WARC (ISO 28500): [`Writer`] records exchanges, [`Archive`] answers from them at the real addresses.

mod archive;
mod decode;
mod read;
mod write;

pub use archive::Archive;
pub use write::Writer;
pub(crate) use write::record;
