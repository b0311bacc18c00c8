//! Columns to fields: what the words of headers, keys and classes mean, held against the texts that stand below them.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::Field;

use super::words;
use crate::text::collapse;

/// One column of a list: what it is called, how its cells are met, and what stands in them (one text for each row, perhaps empty).
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub(super) word: String,
    pub(super) locator: String,
    pub(super) texts: Vec<String>,
}

impl Column {
    /// The texts that say something.
    fn said(&self) -> Vec<String> {
        self.texts.iter().map(|t| collapse(t)).filter(|t| !t.is_empty()).collect()
    }

    /// In how many of the rows something stands.
    fn fill(&self) -> f64 {
        self.said().len() as f64 / self.texts.len().max(1) as f64
    }
}

/// Fields that a word of a header decides, in the order in which they take their columns.
const BY_WORD: [&str; 9] = ["number", "title", "date", "deadline", "stage", "version", "summary", "group", "lang"];

/// One field for each meaning, out of columns.
pub(super) fn choose(columns: &[Column]) -> BTreeMap<String, Field> {
    let columns: Vec<(&Column, Vec<String>)> = columns.iter().filter(|c| c.fill() >= 0.3).map(|c| (c, c.said())).collect();
    let mut choice = Choice { columns: &columns, used: BTreeSet::new(), out: BTreeMap::new() };
    choice.address();
    for certain in [true, false] {
        for field in BY_WORD {
            choice.by_word(field, certain);
        }
    }
    choice.by_texts();
    choice.out
}

/// What is chosen so far, of which columns.
struct Choice<'c> {
    columns: &'c [(&'c Column, Vec<String>)],
    used: BTreeSet<usize>,
    out: BTreeMap<String, Field>,
}

impl<'c> Choice<'c> {
    fn take(&mut self, field: &str, found: Option<(usize, String)>) {
        if let Some((n, pipes)) = found {
            self.used.insert(n);
            self.out.insert(field.to_owned(), Field::Locator(format!("{}{pipes}", self.columns[n].0.locator)));
        }
    }

    /// The columns that no field has taken, with their texts.
    fn open(&self) -> impl Iterator<Item = (usize, &'c Column, &'c [String])> + '_ {
        self.columns.iter().enumerate().filter(|(n, _)| !self.used.contains(n)).map(|(n, (c, said))| (n, *c, said.as_slice()))
    }

    /// Addresses are known by what they look like; the best is the one that is called so, of those that differ from row to row.
    fn address(&mut self) {
        let all: Vec<usize> = self.open().filter(|(_, _, said)| are_addresses(said)).map(|(n, ..)| n).collect();
        let rank = |n: &usize| {
            let (c, said) = &self.columns[*n];
            words::rank_of_address(&c.word, said).map(|r| (r, c.locator.matches('.').count(), *n))
        };
        let best = all.iter().filter_map(rank).min();
        self.used.extend(all);
        self.take("url", best.map(|(.., n)| (n, " | absolute".to_owned())));
    }

    /// The column whose word means the field, and whose texts do not speak against it.
    fn by_word(&mut self, field: &str, certain: bool) {
        if self.out.contains_key(field) {
            return;
        }
        let able = self.open().filter_map(|(n, c, said)| {
            let rank = words::rank(field, &c.word, certain)?;
            // What stands deep in a row is about something in it.
            let depth = if c.locator.starts_with(|l: char| l.is_ascii_alphanumeric()) && !c.locator.contains(':') {
                c.locator.matches('.').count()
            } else {
                0
            };
            Some((rank + 4 * depth, c.fill() < 0.7, n, pipes_of(field, said, certain)?))
        });
        let best = able.min();
        self.take(field, best.map(|(_, _, n, pipes)| (n, pipes)));
    }

    /// What no word says the texts may say.
    fn by_texts(&mut self) {
        if !self.out.contains_key("date") {
            let found = self.open().find_map(|(n, _, said)| Some((n, words::date_pipes(said)?)));
            self.take("date", found);
        }
        if !self.out.contains_key("number") {
            let found = self.open().find(|(_, _, said)| words::are_numbers(said)).map(|(n, ..)| (n, " | docnum".to_owned()));
            self.take("number", found);
        }
        if !self.out.contains_key("title") {
            let length = |said: &[String]| said.iter().map(|t| t.chars().count().min(160)).sum::<usize>() / said.len().max(1);
            let able =
                self.open().filter(|(_, _, said)| length(said) >= 8 && words::differ(said, 0.6) && words::date_pipes(said).is_none());
            let found = able.max_by_key(|(n, c, said)| (c.fill() >= 0.7, length(said), std::cmp::Reverse(*n)));
            self.take("title", found.map(|(n, ..)| (n, " | text".to_owned())));
        }
        if !self.out.contains_key("stage") {
            let found = self.open().find(|(_, _, said)| words::are_stages(said)).map(|(n, ..)| (n, String::new()));
            self.take("stage", found);
        }
    }
}

/// Whether most of these are addresses.
pub(super) fn are_addresses(texts: &[String]) -> bool {
    let like = |t: &&String| (t.starts_with("http://") || t.starts_with("https://") || t.starts_with('/')) && !t.contains(' ');
    !texts.is_empty() && texts.iter().filter(like).count() * 10 >= texts.len() * 7
}

/// The pipes that a field of these texts needs; none when the texts are not such a field, whatever the header says.
pub(super) fn pipes_of(field: &str, texts: &[String], certain: bool) -> Option<String> {
    if texts.is_empty() || are_addresses(texts) {
        return None;
    }
    let chars = |t: &String| t.chars().count();
    let most = |able: &dyn Fn(&String) -> bool| texts.iter().filter(|t| able(t)).count() * 10 >= texts.len() * 8;
    let mean = texts.iter().map(chars).sum::<usize>() / texts.len();
    let ok = match field {
        "date" | "deadline" => return words::date_pipes(texts),
        "number" if certain => {
            let named = most(&|t| chars(t) <= 80 && t.chars().any(|c| c.is_ascii_digit()) && t.chars().any(|c| !c.is_ascii_digit()));
            return (named && words::differ(texts, 0.6) && words::date_pipes(texts).is_none_or(|p| p.contains("regex")))
                .then(|| " | docnum".to_owned());
        }
        "number" => return words::are_numbers(texts).then(|| " | docnum".to_owned()),
        "title" => {
            // Editions of one document bear one title.
            let named = mean >= 4 && (certain || words::differ(texts, 0.5)) && most(&|t| t.chars().any(char::is_alphabetic));
            return (named && (certain || !words::are_numbers(texts))).then(|| " | text".to_owned());
        }
        "summary" => return (mean >= 30).then(|| " | text".to_owned()),
        "stage" => most(&|t| chars(t) <= 60) && words::date_pipes(texts).is_none_or(|p| p.contains("regex")) && !words::are_counts(texts),
        "version" => most(&|t| chars(t) <= 24 && t.chars().any(|c| c.is_ascii_digit())),
        "lang" => most(&|t| t.len() == 2 && t.chars().all(|c| c.is_ascii_alphabetic())),
        _ => most(&|t| chars(t) <= 80),
    };
    ok.then(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(word: &str, texts: &[&str]) -> Column {
        Column { word: word.to_owned(), locator: word.to_owned(), texts: texts.iter().map(|t| (*t).to_owned()).collect() }
    }

    fn chosen(columns: &[Column]) -> Vec<(String, String)> {
        let fields = choose(columns);
        fields.into_iter().map(|(k, f)| (k, if let Field::Locator(l) = f { l } else { String::new() })).collect()
    }

    #[test]
    fn a_header_is_believed_only_where_its_cells_agree() {
        let got = chosen(&[
            column("rec_name", &["L.163 (11/2018)", "L.164 (02/2019)", "L.165 (01/2020)"]),
            column("title", &["Criteria for optical fibre", "", "Requirements for closures"]),
            column("id", &["1", "2", "3"]),
            column("status", &["In force", "Superseded", "In force"]),
            column("date", &["soon", "later", "never"]),
            column("image", &["/a.png", "/b.png", "/c.png"]),
            column("link", &["/rec/163", "/rec/164", "/rec/165"]),
        ]);
        let want = [("number", "rec_name | docnum"), ("stage", "status"), ("title", "title | text"), ("url", "link | absolute")];
        assert_eq!(got, want.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }

    #[test]
    fn without_words_the_texts_speak() {
        let got = chosen(&[
            column("", &["TS 104 223", "TR 104 128", "TS 104 216"]),
            column("", &["x", "y", "z"]),
            column("c", &["Baseline requirements for models", "Guide to the requirements", "Conformance assessment of models"]),
            column("d", &["5 May 2026", "6 May 2026", "7 May 2026"]),
        ]);
        assert!(
            got.contains(&("title".to_owned(), "c | text".to_owned())) && got.contains(&("date".to_owned(), "d | date".to_owned())),
            "{got:?}"
        );
        assert!(got.contains(&("number".to_owned(), " | docnum".to_owned())), "{got:?}");
    }
}
