//! Each kind over pages written for the purpose: declared in TOML as a user would, read through the public functions.
#![allow(clippy::unwrap_used)]

mod common;
mod data;
mod dirs;
mod feeds;
mod hostile;
mod html;
mod more;
mod probe;
