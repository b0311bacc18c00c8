//! Documents to the body × topic × stage map, counterparts, gaps, silence and options.
//!
//! Goes in: documents, the taxonomy's topics, who is at home, what was and was not read, the next dates.
//! Comes out: [`Landscape`], in the form of the contract, and the same rows as CSV ([`landscape_csv`]).
//!
//! Never: claims "nobody works on it"; a body that was not read is named in `not_read` and shows "?".

mod answer;
mod cells;
mod csv;
mod home;
mod input;
mod liaison;
mod near;
mod options;
mod past;
mod pick;
mod silence;
mod sort;
mod subject;
mod words;

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;

pub use answer::{Active, Alone, Cell, Counterpart, Gap, Landscape, Mark, OptionRow, Relation, Silence, Verb, Why};
pub use csv::landscape_csv;
pub use input::{Dates, Home, Input, TopicInfo};
pub use sort::{has_lapsed, is_individual_draft, is_internet_draft, is_liaison, is_news_address, is_notice, lapses_on};
pub use subject::{is_home_item_on_ai, is_military, is_of_a_trade, names_a_trade};
pub use words::plain_words;

/// Makes the map, as it would have been made on `input.as_of`.
pub fn landscape(input: &Input<'_>) -> Landscape {
    match past::as_known(input.documents, input.as_of) {
        Some(then) => map(&Input { documents: &then, ..input.clone() }),
        None => map(input),
    }
}

fn map(input: &Input<'_>) -> Landscape {
    let items = pick::items(input);
    let bodies = cells::bodies(input, &items);
    let cells = cells::cells(input, &bodies, &items);
    let liaisons = liaison::Liaisons::new(input.documents, input.home);
    let counterparts = near::counterparts(&items, &liaisons, input.as_of);
    let (gaps, home_alone) = cells::one_sided(input, &items, &liaisons.topics_sent(input.home));
    let silent = silence::silent(input, &items);
    let options = options::options(input, &items, &counterparts, &gaps, &silent);
    let question = |t: &TopicInfo| input.home.question_of.get(&t.id).unwrap_or(&input.home.default_question).clone();
    Landscape {
        as_of: input.as_of,
        home: input.home.name(),
        topics: input.topics.iter().map(|t| t.id.clone()).collect(),
        questions: input.topics.iter().map(|t| (t.id.clone(), question(t))).filter(|(_, q)| !q.is_empty()).collect(),
        not_read: input.not_read.to_vec(),
        bodies,
        cells,
        counterparts,
        gaps,
        home_alone,
        silent,
        options,
    }
}
