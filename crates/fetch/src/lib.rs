//! Polite HTTP with memory, and WARC record and replay.
//!
//! Goes in: a [`Request`] (an address, its validators, the source's rate and limits) and what earlier runs learnt of the
//! hosts. Comes out: [`Fetched`] with a fresh [`Body`], unchanged, blocked or failed, and a record in an archive if asked.
//!
//! Every host is one value that holds its rate limiter, its back-off and the time of the last request, and is asked one
//! thing at a time; robots.txt is obeyed; no hop reaches a private address unless the source says so; total time and
//! decoded size are bounded. In replay the archive answers at the real addresses and no socket is opened.
//!
//! Never: parses a body, decides what is new, sends a cookie, works around a refusal.

mod body;
mod challenge;
mod clock;
mod error;
mod fault;
mod fetched;
mod fetcher;
mod guard;
mod headers;
mod host;
mod journey;
mod live;
mod obey;
mod request;
pub mod robots;
mod verdict;
pub mod warc;

pub use body::Body;
pub use clock::{Clock, Pause, SystemClock, TestClock};
pub use error::FetchError;
pub use fetched::{Fetched, Outcome};
pub use fetcher::Fetcher;
pub use guard::is_public;
pub use request::{Options, Request};
