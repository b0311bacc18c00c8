use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// An edition as it was when it was made: never changed afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenEdition {
    /// Its id, e.g. `2026-10-mail`.
    pub edition: String,
    /// `mail`, `td` or `map`.
    pub form: String,
    /// The date for which it speaks.
    pub as_of: Timestamp,
    /// Start of its window.
    pub since: Timestamp,
    /// End of its window.
    pub until: Timestamp,
    /// The edition object as JSON text.
    pub json: String,
    /// blake3 (hex) of `json`.
    pub hash: String,
}

/// One rendered file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// File name, e.g. `2026-10-mail.html`.
    pub name: String,
    /// E.g. `text/html; charset=utf-8`.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How far a delivery got. Journals from before mail was sent say `started`, `done` and `failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Frozen together with its edition: it shall be handed over, and nothing was yet.
    Intended,
    /// Being handed over; after a crash nobody knows whether it arrived.
    #[serde(alias = "started")]
    Sending,
    /// Handed over.
    #[serde(alias = "done")]
    Delivered,
    /// The other side did not take it.
    #[serde(alias = "failed")]
    Refused,
    /// It was handed over and no answer came: held until a person decides.
    Uncertain,
}

impl DeliveryState {
    /// The word as the ledger prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Intended => "intended",
            DeliveryState::Sending => "sending",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Refused => "refused",
            DeliveryState::Uncertain => "uncertain",
        }
    }
}

/// One line of the ledger, keyed by edition, channel and recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The edition.
    pub edition: String,
    /// `folder`, `eml` or `smtp`.
    pub channel: String,
    /// A path or an address.
    pub recipient: String,
    /// How far it got.
    pub state: DeliveryState,
    /// When.
    pub at: Timestamp,
    /// blake3 (hex) of what was delivered.
    pub hash: String,
    /// What the other side said.
    pub note: String,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// The other side's answer as a number, e.g. 552.
    #[serde(default)]
    pub code: Option<u16>,
    /// When it is tried again by itself; none for what waits for a person.
    #[serde(default)]
    pub retry_at: Option<Timestamp>,
}

/// The ledger of deliveries, which the store keeps.
pub trait Ledger {
    /// The last line for this key.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn last(&self, edition: &str, channel: &str, recipient: &str) -> Result<Option<Delivery>, String>;
    /// Writes a line and returns when it is on disk.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn write(&self, line: &Delivery) -> Result<(), String>;
}
