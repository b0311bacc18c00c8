//! The edition itself, as the contract has it.

use crate::{DigestError, Edition};

pub(super) fn render(edition: &Edition) -> Result<Vec<u8>, DigestError> {
    let mut bytes = serde_json::to_vec_pretty(edition)?;
    bytes.push(b'\n');
    Ok(bytes)
}
