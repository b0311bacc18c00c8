//! Liaison statements: who wrote to whom. A letter is sent, not published, and our own asks others for an answer.

use monitor_landscape::{Home, is_liaison};
use monitor_model::Document;

use crate::clean::clip;

/// The two sides of a letter, as far as its page or its group's name tells.
pub(super) struct Letter {
    pub(super) from: String,
    pub(super) to: String,
    /// We wrote it.
    pub(super) ours: bool,
}

/// A liaison statement's sides; none for any other document.
pub(super) fn letter(home: &Home, d: &Document) -> Option<Letter> {
    if !is_liaison(d) {
        return None;
    }
    let side = |name: &str| d.extra(name).map(|t| clip(t, 80)).unwrap_or_default();
    let (mut from, mut to) = (side("from"), side("to"));
    let group = d.group.as_deref().unwrap_or_default();
    if let Some((a, b)) = group.split_once("->").or_else(|| group.split_once('→')).filter(|_| from.is_empty() && to.is_empty()) {
        (from, to) = (clip(a, 80), clip(b, 80));
    }
    let ours = home.is_named_in(&from);
    Some(Letter { from, to, ours })
}

impl Letter {
    /// Who issues it, as printed: both sides, where both are known.
    pub(super) fn issuer(&self) -> Option<String> {
        (!self.from.is_empty() && !self.to.is_empty()).then(|| format!("{} to {}", self.from, self.to))
    }
}
