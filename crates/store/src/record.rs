use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The schema of the records below. A new one gets a new number and an upgrade on reading.
const SCHEMA: u8 = 1;

/// crc32 + schema byte + postcard.
pub(crate) fn seal<T: Serialize>(value: &T) -> Vec<u8> {
    // Plain data into a Vec: postcard has no way to fail here.
    seal_bytes(&postcard::to_stdvec(value).unwrap_or_default())
}

/// crc32 + schema byte + the bytes.
pub(crate) fn seal_bytes(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 5);
    out.extend_from_slice(&[0; 4]);
    out.push(SCHEMA);
    out.extend_from_slice(body);
    let crc = crc32fast::hash(&out[4..]);
    out[..4].copy_from_slice(&crc.to_be_bytes());
    out
}

/// The bytes behind checksum and schema.
pub(crate) fn unseal_bytes(record: &[u8]) -> Result<&[u8], String> {
    let (crc, rest) = record.split_at_checked(4).ok_or("a record is too short")?;
    if crc32fast::hash(rest).to_be_bytes() != crc {
        return Err("a record does not match its checksum".to_owned());
    }
    match rest.split_first() {
        Some((&SCHEMA, body)) => Ok(body),
        Some((other, _)) => Err(format!("a record has schema {other}, this program knows {SCHEMA}")),
        None => Err("a record is too short".to_owned()),
    }
}

/// The value behind checksum and schema.
pub(crate) fn unseal<T: DeserializeOwned>(record: &[u8]) -> Result<T, String> {
    postcard::from_bytes(unseal_bytes(record)?).map_err(|e| format!("a record cannot be read ({e})"))
}

/// Where a line stands in the journal, with its checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) len: u32,
    pub(crate) crc: u32,
}

/// One document in the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) brief: crate::Brief,
}

/// One event in the index of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct EventEntry {
    /// Nanoseconds since 1970.
    pub(crate) at: i128,
    /// The event's number in the order of arrival: with `at` it is the order of all events.
    pub(crate) number: u64,
    /// The document's number; none for events of documents that are not stored.
    pub(crate) document: Option<u32>,
    pub(crate) place: Place,
    /// Which event of the line.
    pub(crate) index: u32,
}

/// One batch in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedgerLine {
    pub(crate) at: i128,
    pub(crate) run: String,
    /// Where the batch begins in the journal, and its length with the commit line.
    pub(crate) offset: u64,
    pub(crate) bytes: u64,
    pub(crate) documents: u64,
    pub(crate) events: u64,
    /// First and last time of its events.
    pub(crate) span: Option<(i128, i128)>,
    pub(crate) hash: [u8; 32],
}

/// What the index knows of itself; written in every batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) format: u32,
    pub(crate) generation: u32,
    pub(crate) batch: u64,
    pub(crate) hash: [u8; 32],
    /// How far the journal is taken in.
    pub(crate) bytes: u64,
    pub(crate) documents: u32,
    pub(crate) events: u64,
    pub(crate) next_event: u64,
    pub(crate) runs: u64,
    pub(crate) last_run: String,
    /// Number of the next line of a history (decisions, deliveries, reports).
    pub(crate) next_line: u64,
    pub(crate) next_alias_run: u64,
    /// How many keys each table has, the state's own not counted: what notices that sled dropped some.
    pub(crate) keys: std::collections::BTreeMap<u8, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_was_changed_is_no_record() {
        let good = seal(&("text".to_owned(), 7u32));
        assert_eq!(unseal::<(String, u32)>(&good), Ok(("text".to_owned(), 7)));
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(unseal::<(String, u32)>(&bad).is_err(), "bit {bit}");
        }
        for len in 0..good.len() {
            assert!(unseal::<(String, u32)>(&good[..len]).is_err(), "{len} bytes");
        }
    }

    #[test]
    fn another_schema_is_named() {
        let mut other = seal_bytes(b"");
        other[4] = 9;
        let crc = crc32fast::hash(&other[4..]).to_be_bytes();
        other[..4].copy_from_slice(&crc);
        assert!(unseal_bytes(&other).is_err_and(|e| e.contains("schema 9")));
    }
}
