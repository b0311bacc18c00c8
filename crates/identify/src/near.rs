//! Near-copies of what has no number of its own: a link between two texts that say nearly the same, never an identity.

use monitor_model::{Document, TextPrint};

/// Prints of copies differ in so many bits at most. Measured on the pairs of `tests/relations.rs`: copies with a changed word, another
/// ending or a byline lie at 0 to 7, other texts of the same make from 10 on.
const NEAR: u32 = 7;
/// Posts of one title are copies when they came within so many days.
const DAYS: i32 = 7;

/// Whether two documents say nearly the same words. Two documents with numbers of their own never do, nor do titles whose
/// figures differ: `Part 1` is no copy of `Part 2`, June's report none of July's.
pub fn near_copy(a: &Document, b: &Document) -> bool {
    if a.document == b.document || (a.is_numbered() && b.is_numbered()) {
        return false;
    }
    if a.lang.is_some() && b.lang.is_some() && a.lang != b.lang {
        return false;
    }
    let (Some(pa), Some(pb)) = (a.text_print(), b.text_print()) else { return false };
    (pa.distance(pb) <= NEAR && figures(&a.title) == figures(&b.title)) || (pa.title == pb.title && long_title(a) && same_week(a, b))
}

/// How near two documents are: fewer bits first.
pub fn nearness(a: &Document, b: &Document) -> u32 {
    let bits = |d: &Document| d.text_print().map_or(0, |p: TextPrint| p.bits);
    (bits(a) ^ bits(b)).count_ones()
}

/// Words of a title that hold a figure or name a month.
fn figures(title: &str) -> Vec<String> {
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let words = title.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|w| w.contains(|c: char| c.is_numeric()) || MONTHS.contains(&w.as_str())).collect()
}

/// A title of five words says something by itself.
fn long_title(d: &Document) -> bool {
    d.title.split_whitespace().count() >= 5
}

fn same_week(a: &Document, b: &Document) -> bool {
    let (Some(x), Some(y)) = (a.published, b.published) else { return false };
    (x.first_day() - y.first_day()).get_days().abs() <= DAYS
}
