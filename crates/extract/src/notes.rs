use monitor_model::{Complaint, ComplaintStage};

use crate::private;

/// Complaints while a page is read: equal ones are counted, the first case is kept as an example.
#[derive(Default)]
pub(crate) struct Notes(Vec<Note>);

struct Note {
    stage: ComplaintStage,
    what: String,
    example: String,
    count: u64,
}

impl Notes {
    /// Counts one case of `what`, which comes from a small set (it may name a field, never a value).
    pub(crate) fn add(&mut self, stage: ComplaintStage, what: impl AsRef<str>, example: impl FnOnce() -> String) {
        self.add_many(stage, what, 1, example);
    }

    /// Counts several cases at once.
    pub(crate) fn add_many(&mut self, stage: ComplaintStage, what: impl AsRef<str>, count: u64, example: impl FnOnce() -> String) {
        let what = what.as_ref();
        if let Some(n) = self.0.iter_mut().find(|n| n.stage == stage && n.what == what) {
            n.count += count;
            return;
        }
        let example = example();
        let example = if private::reaches(&example) { "a text that says how to reach somebody".to_owned() } else { shorten(&example) };
        self.0.push(Note { stage, what: what.to_owned(), example, count });
    }

    /// The complaints about `url`.
    pub(crate) fn into_complaints(self, url: &str) -> Vec<Complaint> {
        self.0
            .into_iter()
            .map(|n| {
                let what = if n.example.is_empty() { n.what } else { format!("{}; first: {}", n.what, n.example) };
                Complaint { stage: n.stage, url: url.to_owned(), what, count: n.count }
            })
            .collect()
    }
}

/// A sample that fits a line.
pub(crate) fn shorten(text: &str) -> String {
    let line = crate::text::collapse(text);
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
