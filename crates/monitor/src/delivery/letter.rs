//! The letter of an edition: text and page of the edition, further formats as attachments.

use monitor_deliver::{Consignment, Letter};
use monitor_digest::{Edition, Format};
use monitor_model::FrozenEdition;

use super::Way;
use crate::config::Setup;

/// Mail programs clip a page above 102 KB: a larger one hangs on the message as a file.
const PAGE_BYTES: usize = 100_000;

/// `base` with the letter that this way needs; a folder needs none.
pub(super) fn with_letter(setup: &Setup, base: &Consignment, frozen: &FrozenEdition, way: &Way) -> Result<Consignment, String> {
    let Some(from) = way.from.clone().filter(|_| way.spec.is_mail()) else { return Ok(base.clone()) };
    let edition: Edition = serde_json::from_str(&frozen.json).map_err(|e| e.to_string())?;
    let templates = setup.templates().map_err(|e| e.to_string())?;
    let group = &setup.editions().map_err(|e| e.to_string())?.group;
    let render = |f: Format| monitor_digest::render(&edition, f, templates).map_err(|e| e.to_string());
    let text = String::from_utf8(render(Format::Txt)?.bytes).map_err(|e| e.to_string())?;
    let page = render(Format::Mail)?;
    let mut attachments = Vec::new();
    for format in &way.spec.attach {
        attachments.push(render(*format)?);
    }
    let html = if page.bytes.len() <= PAGE_BYTES {
        Some(String::from_utf8(page.bytes).map_err(|e| e.to_string())?)
    } else {
        if !way.spec.attach.contains(&Format::Mail) {
            attachments.push(page);
        }
        None
    };
    let subject = way.spec.subject.as_deref().unwrap_or("{title}: {edition} ({group})");
    let until = frozen.until.to_string();
    let subject = subject
        .replace("{title}", &group.title)
        .replace("{group}", &group.name)
        .replace("{until}", until.get(..10).unwrap_or(&until))
        .replace("{edition}", &frozen.edition);
    let reply_to = way.spec.reply_to.as_ref().map(|t| t.parse()).transpose().map_err(|e: monitor_deliver::AddressError| e.to_string())?;
    let letter = Letter { from, reply_to, unsubscribe: way.spec.unsubscribe.clone(), subject, date: frozen.as_of, text, html, attachments };
    Ok(Consignment { letter: Some(letter), ..base.clone() })
}
