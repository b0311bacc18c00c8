use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

/// The group for which the monitor works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Home {
    /// Its body, e.g. `ITU-T`.
    pub body: String,
    /// Its group, e.g. `SG17`.
    pub group: String,
    /// The correspondence group or team that reads the digest.
    pub reader: String,
    /// The Question under which the reader works, e.g. `Q16/17`: where nothing else fits.
    pub question: String,
    /// Its Questions in order.
    pub questions: Vec<Question>,
    /// Topic → Questions, the most concerned first.
    pub routing: BTreeMap<String, Vec<String>>,
    /// Questions that were set up during the study period, and where their subjects were before.
    pub moves: Vec<Move>,
}

/// A Question that took its subjects over from others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Move {
    /// The Question, e.g. `Q16/17`.
    pub question: String,
    /// The first day on which it existed.
    #[schemars(with = "String")]
    pub since: Date,
    /// Where its subjects were before, the most concerned first.
    pub before: Vec<String>,
    /// Where that is written, or how it was inferred.
    pub source: String,
}

/// One Question (working unit) of the home group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Question {
    /// E.g. `Q16/17`.
    pub id: String,
    /// Its title where a primary source was read; else empty: a wrong title is worse than none.
    pub title: String,
    /// Its working party.
    pub party: String,
    /// What it was seen working on, in our words.
    pub about: String,
    /// The last day on which it existed; none while it does.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

impl Home {
    /// The home group as it was on a day: Questions that did not exist yet or any more are left out, and their subjects go where they were
    /// before, or to the next that is named for them.
    pub fn on(&self, day: Date) -> Home {
        let mut home = self.clone();
        let closed = |id: &str| self.questions.iter().any(|q| q.id == id && q.until.is_some_and(|last| last < day));
        home.questions.retain(|q| !closed(&q.id));
        home.routing.values_mut().for_each(|to| to.retain(|q| !closed(q)));
        if closed(&home.question) {
            let heir = self.moves.iter().find(|m| m.since <= day && m.before.contains(&self.question) && !closed(&m.question));
            home.question = heir.map(|m| m.question.clone()).unwrap_or_default();
        }
        for m in self.moves.iter().filter(|m| day < m.since) {
            home.questions.retain(|q| q.id != m.question);
            for questions in home.routing.values_mut() {
                let mut then: Vec<String> = Vec::new();
                for q in questions.iter().flat_map(|q| if *q == m.question { m.before.clone() } else { vec![q.clone()] }) {
                    if !then.contains(&q) {
                        then.push(q);
                    }
                }
                *questions = then;
            }
            if home.question == m.question {
                home.question = m.before.first().cloned().unwrap_or_default();
            }
        }
        home
    }

    /// What names a Question that is not declared, or leads only to closed ones; empty when all is well.
    pub(crate) fn problems(&self) -> Vec<String> {
        let known = |id: &str| self.questions.iter().find(|q| q.id == id);
        let mut out = Vec::new();
        let mut ask = |place: String, id: &str| {
            if known(id).is_none() {
                out.push(format!(
                    "{place} names the Question “{id}”, which is not in [[home.questions]]: declare it there or correct the name"
                ));
            }
        };
        for (topic, to) in &self.routing {
            to.iter().for_each(|q| ask(format!("[home.routing] {topic}"), q));
        }
        for m in &self.moves {
            std::iter::once(&m.question).chain(&m.before).for_each(|q| ask("[[home.moves]]".to_owned(), q));
        }
        if !self.question.is_empty() {
            ask("[home] question".to_owned(), &self.question);
        }
        let lives = |q: &String| known(q).is_none_or(|q| q.until.is_none());
        let dead = self.routing.iter().filter(|(_, to)| !to.is_empty() && !to.iter().any(lives));
        out.extend(
            dead.map(|(topic, _)| format!("[home.routing] {topic} leads only to Questions that are closed: add the one that took it over")),
        );
        out
    }

    /// The Questions that these topics concern, the most concerned first; the reader's own where nothing fits.
    pub fn route<'a>(&'a self, topics: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let mut out: Vec<&str> = Vec::new();
        for topic in topics {
            for q in self.routing.get(topic).into_iter().flatten() {
                if !out.contains(&q.as_str()) {
                    out.push(q);
                }
            }
        }
        if out.is_empty() && !self.question.is_empty() {
            out.push(&self.question);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_a_question_was_set_up_its_subjects_go_where_they_were() {
        let question = |id: &str| Question { id: id.to_owned(), ..Question::default() };
        let home = Home {
            question: "Q16/17".to_owned(),
            questions: vec![question("Q7/17"), question("Q16/17")],
            routing: [("a".to_owned(), vec!["Q16/17".to_owned(), "Q7/17".to_owned()])].into(),
            moves: vec![Move {
                question: "Q16/17".to_owned(),
                since: Date::constant(2026, 5, 1),
                before: vec!["Q7/17".to_owned(), "Q1/17".to_owned()],
                source: "test".to_owned(),
            }],
            ..Home::default()
        };
        assert_eq!(home.on(Date::constant(2026, 5, 1)), home);
        assert_eq!(home.problems().len(), 1, "Q1/17 is not declared: {:?}", home.problems());
        let then = home.on(Date::constant(2026, 4, 30));
        assert_eq!(then.route(["a"]), ["Q7/17", "Q1/17"]);
        assert_eq!((then.question.as_str(), then.questions.len()), ("Q7/17", 1));
    }
    #[test]
    fn a_question_that_closed_is_named_for_the_days_on_which_it_lived() {
        let question = |id: &str, until: Option<Date>| Question { id: id.to_owned(), until, ..Question::default() };
        let last = Date::constant(2025, 4, 17);
        let mut home = Home {
            question: "Q3/17".to_owned(),
            questions: vec![question("Q1/17", None), question("Q3/17", Some(last))],
            routing: [("a".to_owned(), vec!["Q3/17".to_owned(), "Q1/17".to_owned()]), ("b".to_owned(), vec!["Q3/17".to_owned()])].into(),
            moves: vec![Move {
                question: "Q1/17".to_owned(),
                since: Date::constant(2025, 1, 1),
                before: vec!["Q3/17".to_owned()],
                ..Move::default()
            }],
            ..Home::default()
        };
        assert_eq!(home.on(last).route(["a"]), ["Q3/17", "Q1/17"]);
        assert_eq!(home.on(Date::constant(2024, 12, 31)).route(["a"]), ["Q3/17"], "Q1/17 was set up in January");
        let now = home.on(Date::constant(2026, 1, 1));
        assert_eq!((now.route(["a"]), now.route(["b"]), now.questions.len()), (vec!["Q1/17"], vec!["Q1/17"], 1));
        assert_eq!(home.problems().len(), 1, "b leads nowhere: {:?}", home.problems());
        home.routing.remove("b");
        assert_eq!(home.problems(), Vec::<String>::new());
    }
}
