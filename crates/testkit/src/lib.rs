//! dev only: loopback replay server, fixtures, fixed clock, the demo archives' maker

mod program;

pub use program::binary;

pub mod server;

pub mod server_hostile;

pub mod server_pages;

pub mod demo;

pub mod smtp;

pub mod links;
