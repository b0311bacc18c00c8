//! What rows say that nobody can sort: words for a stage in no list, and rows without what identifies them. Complained of, and kept.

use std::collections::BTreeMap;

use monitor_extract::Tally;
use monitor_identify::{Bodies, identify};
use monitor_model::{Complaint, ComplaintStage, Entry, Source, SourceKind, StageCode};

use super::collect::Collected;

/// So many words of one source are named; a column that holds no stages at all has one for each row.
const NAMED: usize = 10;
/// Characters of a word that are shown.
const SHOWN: usize = 80;

/// Complains of each word that neither `[stage.BODY]` nor `[stage.any]` knows, with the number of its rows.
pub(crate) fn unsorted(bodies: &Bodies, source: &Source, c: &mut Collected) {
    let mut unknown: BTreeMap<(String, String), u64> = BTreeMap::new();
    for entry in c.rows.iter().flat_map(|r| &r.entries) {
        if let Some(word) = entry.stage.as_deref().filter(|w| !knows(bodies, source, entry, w)) {
            let short = word.char_indices().nth(SHOWN).map_or_else(|| word.to_owned(), |(cut, _)| format!("{}…", &word[..cut]));
            *unknown.entry((bodies.canonical_body(said(source, entry)).to_owned(), short)).or_default() += 1;
        }
    }
    let more = unknown.len().saturating_sub(NAMED);
    // What stands in most rows first.
    let mut unknown: Vec<((String, String), u64)> = unknown.into_iter().collect();
    unknown.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    let url = source.url.clone().unwrap_or_default();
    for ((body, word), count) in unknown.into_iter().take(NAMED) {
        let what = format!(
            "the stage “{word}” is in no list of words for {body} and is shown as it is: sort it into [stage.…] of data/bodies.toml"
        );
        Complaint { count, ..Complaint::new(ComplaintStage::Validate, &url, what) }.add_to(&mut c.complaints);
    }
    if more > 0 {
        let what = format!("{more} more words for stages are in no list: is the field “stage” the right one?");
        Complaint::new(ComplaintStage::Validate, &url, what).add_to(&mut c.complaints);
    }
}

/// Complains of the rows that have none of the fields that the source says they are identified by: these go by what else they have.
pub(crate) fn unnamed(source: &Source, c: &mut Collected) {
    let usual: &[&str] = match source.kind {
        SourceKind::Feed => &["title", "url", "source_key"],
        SourceKind::Dir | SourceKind::Page => &["url"],
        _ => &[],
    };
    // A number that is declared nowhere is read out of addresses and titles.
    let declared = |f: &String| source.fields.contains_key(f) || usual.contains(&f.as_str());
    if source.identity.is_empty() || !source.identity.iter().all(declared) {
        return;
    }
    let lacks = |e: &Entry| {
        let mut tally = Tally::default();
        tally.add_entry(e);
        source.identity.iter().all(|f| tally.fill(f) == 0.0)
    };
    let count = c.rows.iter().flat_map(|r| &r.entries).filter(|e| lacks(e)).count() as u64;
    if count > 0 {
        let what = format!("rows without {} (`identity`): they are told apart by what else they have", source.identity.join(" or "));
        let complaint = Complaint::new(ComplaintStage::Validate, source.url.clone().unwrap_or_default(), what);
        Complaint { count, ..complaint }.add_to(&mut c.complaints);
    }
}

fn said<'e>(source: &'e Source, entry: &'e Entry) -> &'e str {
    if entry.body.trim().is_empty() { &source.body } else { &entry.body }
}

/// By the words of the body that shows it, or of the body whose number it bears.
fn knows(bodies: &Bodies, source: &Source, entry: &Entry, word: &str) -> bool {
    let sorted = |body: &str| bodies.stage(body, word) != StageCode::Unknown;
    word.trim().is_empty() || sorted(said(source, entry)) || identify(bodies, entry).body.as_deref().is_some_and(sorted)
}
