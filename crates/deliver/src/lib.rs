//! Rendered files to their readers, each edition once per channel and recipient.
//!
//! Goes in: the files of one edition, a [`Channel`], the [`Ledger`] that the store keeps, the time.
//! Comes out: [`Outcome`], and a line in the ledger: `started` before anything is handed over, `done` or `failed` after.
//!
//! Never: renders, asks the clock, sends twice what was sent, loses what was refused: a failed delivery may be repeated, a done
//! one only on demand, and other bytes under the name of a delivered edition are an error.

mod deliver;
mod folder;
mod hash;

pub use deliver::{Channel, DeliverError, Outcome, deliver, plan};
pub use monitor_model::Ledger;
