use std::collections::BTreeMap;

use serde_json::Value;

use crate::{DigestError, Templates};

/// A picture of each kind with one of everything that a template may ask for.
const ONE_OF_EVERYTHING: &str = include_str!("rehearsal.json");

/// Draws one of everything with each template: a fault in a picture of one's own is found here, and not when an edition is due.
///
/// # Errors
/// The first fault, with file, line and column.
pub(crate) fn rehearse(templates: &Templates) -> Result<(), DigestError> {
    let pictures: BTreeMap<String, Value> = serde_json::from_str(ONE_OF_EVERYTHING)?;
    pictures.iter().try_for_each(|(name, picture)| templates.picture(name, picture).map(drop))
}
