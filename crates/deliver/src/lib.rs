//! Rendered files and letters to their readers, each edition once per channel and recipient.
//!
//! Goes in: what one edition hands over ([`Consignment`]), a [`Channel`], the [`Ledger`] that the store keeps, the time, and who asks
//! ([`Order`]). Comes out: an [`Outcome`] per recipient, and lines in the ledger: `sending` before the step after which a crash would
//! leave the fate of a message open, then `delivered`, `refused` or `uncertain` with the other side's words.
//!
//! Never: renders, asks the clock, sends twice what was sent, loses what was refused, repeats by itself what may have arrived, writes
//! a password anywhere, lets a title forge a header.

mod address;
mod channel;
mod decide;
mod deliver;
mod error;
mod folder;
mod hash;
mod letter;
mod server;
mod session;

pub use address::{Address, AddressError};
pub use channel::{Channel, Consignment};
pub use decide::{Order, Plan};
pub use deliver::{Outcome, Report, confirm, deliver, plan};
pub use error::DeliverError;
pub use letter::Letter;
pub use monitor_model::Ledger;
pub use server::{Login, Server, Tls};
