//! Which of the documents that a question takes is most likely the one that is looked for.

use super::{Query, fold::fold};
use crate::{Document, Kind, Relevance};

impl Query {
    /// How well the words of the question stand in the document: in its number before its title, there before keywords and summary; as
    /// whole words before beginnings. What bodies make goes before papers and news about it, what is about AI security before all else.
    pub fn rank(&self, d: &Document) -> u32 {
        let (number, title) = (d.number.as_deref().map(fold).unwrap_or_default(), fold(&d.title));
        let mut keywords = None;
        let mut summary = None;
        let (mut points, mut all_in_title) = (0, true);
        for values in self.sought() {
            let best = |text: &str| values.iter().map(|v| v.stands(text)).max().unwrap_or(0);
            let in_title = best(&title);
            all_in_title &= in_title > 0;
            points += match (best(&number), in_title) {
                // the less else there is in a number, the more it is the one that was typed
                (2, _) => 50 + share(values.iter().map(|v| v.folded().len()).max().unwrap_or(0), number.len()),
                (_, 2) => 30,
                (0, 0) => {
                    let keywords: &String = keywords.get_or_insert_with(|| fold(&d.keywords.join("\n")));
                    let summary: &String = summary.get_or_insert_with(|| fold(d.summary.as_deref().unwrap_or_default()));
                    [0, 8, 12][best(keywords) as usize].max(2 * best(summary))
                }
                _ => 20,
            };
        }
        if points == 0 {
            return 0;
        }
        let words: Vec<&str> = self.sought().filter_map(|v| v.first()).map(super::text::Needle::folded).collect();
        if words.len() > 1 && all_in_title {
            points += 10 + 15 * u32::from(title.contains(&words.join(" ")));
        }
        points += match d.kind {
            Kind::Document | Kind::WorkItem => 8,
            Kind::News | Kind::Paper => 0,
            _ => 4,
        };
        points + 4 * u32::from(d.relevance == Relevance::Relevant)
    }
}

/// Of twenty points, as many as the part is of the whole.
fn share(part: usize, whole: usize) -> u32 {
    u32::try_from(20 * part.min(whole) / whole.max(1)).unwrap_or(0)
}
