//! How the edition was made, so that somebody else can make it again.

use std::collections::BTreeMap;

use super::{
    desk::Desk,
    headlines,
    pick::{LATE_LISTING_DAYS, Picked},
};
use crate::{CoverageClass, CoverageLine, Method, clean::clip};

pub(super) fn method(desk: &Desk, picked: &Picked, works: usize, coverage: &[CoverageLine]) -> Method {
    let input = desk.input;
    let mut sources: BTreeMap<String, usize> = BTreeMap::new();
    for (class, name) in [(CoverageClass::Read, "read"), (CoverageClass::Failed, "failed"), (CoverageClass::NotRead, "not-read")] {
        sources.insert(name.to_owned(), coverage.iter().filter(|c| c.class == class && !c.is_imported()).count());
    }
    sources.insert("imported".to_owned(), coverage.iter().filter(|c| c.is_imported()).count());
    Method {
        tool: clip(input.tool_version, 40),
        taxonomy: clip(input.taxonomy_version, 40),
        command: format!("monitor digest {} --form {} --format json", desk.window_options(), input.form),
        ranking: headlines::rules(&desk.home_name()),
        selection: vec![
            "Only documents in which AI and security touch; each line shows the term that was found and where. What is on AI alone stands on the map where it overlaps an item of ours or complements it closely.".to_owned(),
            "One line per work: drafts, versions, mirrors and adoptions of one text stand together as “also at”, posts and news of it as “in the news”. Entries of one list, and two names of what may be one text, count once.".to_owned(),
            format!(
                "What a source showed in its first fetch is news only if its own date lies in the window; later finds may be listed up to {LATE_LISTING_DAYS} days after their date."
            ),
            "News and papers are lines only when they are tied to a standard; the others stand under “also reported”.".to_owned(),
            "The stage is the body's own word; ours stands beside it in brackets. Nothing is shown without the document behind it."
                .to_owned(),
        ],
        events: input.events.len(),
        works,
        left_out: picked.left_out,
        sources,
        routing: format!(
            "Questions marked “named” stand on the item's own page; all others are routed by a table of topics, a proposal and not a decision of {}.",
            desk.home_name()
        ),
    }
}
