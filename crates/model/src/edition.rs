use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The number of the stored form below. 1 had neither name nor window nor recipients.
const SCHEMA: u32 = 2;

/// An edition as it was when it was made: never changed afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FrozenForm")]
pub struct FrozenEdition {
    /// The stored form; 2.
    pub schema: u32,
    /// Its id, e.g. `2026-10-monthly`.
    pub edition: String,
    /// Its name in `editions.toml`, e.g. `monthly`.
    pub name: String,
    /// `mail`, `td` or `map`.
    pub form: String,
    /// Which window it had: `month`, `since-plenary` … or `given`.
    pub window: String,
    /// The date for which it speaks.
    pub as_of: Timestamp,
    /// Start of its window.
    pub since: Timestamp,
    /// End of its window.
    pub until: Timestamp,
    /// Into which formats it was to be rendered.
    pub formats: Vec<String>,
    /// To whom it was to go when it was frozen.
    pub recipients: Vec<Recipient>,
    /// Whether only rows that a person approved were to be lines.
    pub approval: bool,
    /// The edition object as JSON text.
    pub json: String,
    /// blake3 (hex) of `json`.
    pub hash: String,
}

/// To whom an edition goes, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Recipient {
    /// `folder`, `mail`, `site` …
    pub channel: String,
    /// A path or an address.
    pub to: String,
}

/// A frozen edition as any version of the program wrote it.
#[derive(Deserialize)]
struct FrozenForm {
    #[serde(default = "one")]
    schema: u32,
    edition: String,
    name: Option<String>,
    form: String,
    #[serde(default)]
    window: String,
    as_of: Timestamp,
    since: Timestamp,
    until: Timestamp,
    #[serde(default)]
    formats: Vec<String>,
    #[serde(default)]
    recipients: Vec<Recipient>,
    #[serde(default)]
    approval: bool,
    json: String,
    hash: String,
}

fn one() -> u32 {
    1
}

impl From<FrozenForm> for FrozenEdition {
    fn from(f: FrozenForm) -> Self {
        FrozenEdition {
            schema: f.schema.max(SCHEMA),
            // The first form had the name in the id alone.
            name: f.name.unwrap_or_else(|| name_in(&f.edition).to_owned()),
            edition: f.edition,
            form: f.form,
            window: f.window,
            as_of: f.as_of,
            since: f.since,
            until: f.until,
            formats: f.formats,
            recipients: f.recipients,
            approval: f.approval,
            json: f.json,
            hash: f.hash,
        }
    }
}

impl FrozenEdition {
    /// The number of the stored form that is written today.
    pub const SCHEMA: u32 = SCHEMA;
}

/// The name in an edition's id: `2026-10-monthly`, `2026-W47-weekly`, `2026-11-21-report.2`.
fn name_in(id: &str) -> &str {
    let is_date = |part: &str| part.trim_start_matches('W').bytes().all(|b| b.is_ascii_digit());
    let mut rest = id;
    while let Some((part, after)) = rest.split_once('-')
        && is_date(part)
    {
        rest = after;
    }
    match rest.rsplit_once('.') {
        Some((name, issue)) if issue.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => rest,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_of_the_first_form_is_read_and_knows_its_name() {
        for (id, name) in [
            ("2026-10-monthly", "monthly"),
            ("2026-W47-weekly", "weekly"),
            ("2026-11-21-plenary-report.2", "plenary-report"),
            ("2026-11-21-x-monthly", "x-monthly"),
        ] {
            let line = format!(
                r#"{{"edition":"{id}","form":"mail","as_of":"2026-11-01T00:00:00Z","since":"2026-10-01T00:00:00Z","until":"2026-11-01T00:00:00Z","json":"{{}}","hash":"h"}}"#
            );
            let old: FrozenEdition = serde_json::from_str(&line).expect("the first form");
            assert_eq!((old.name.as_str(), old.schema, old.recipients.len()), (name, 2, 0));
            let again: FrozenEdition = serde_json::from_str(&serde_json::to_string(&old).expect("JSON")).expect("the form of today");
            assert_eq!(again, old);
        }
    }
}
