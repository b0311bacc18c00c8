//! Names that one file uses and another one has: a name that nobody has would be silent for ever.

use monitor_digest::Editions;
use monitor_identify::Bodies;
use monitor_model::{Query, nearest};
use monitor_tag::Taxonomy;

use super::super::{Setup, question};
use crate::{
    code::Code,
    config::{ConfigError, Problem, place::in_turn},
    delivery,
};

/// One file, in which names are looked up.
struct File {
    name: String,
    text: String,
}

impl File {
    fn of(setup: &Setup, name: &str) -> Result<File, ConfigError> {
        let (name, text) = setup.data_text(name)?;
        Ok(File { name, text })
    }

    /// The last of these words is a name that none of `known` is.
    fn unknown<'k>(&self, code: Code, words: &[&str], message: String, known: impl IntoIterator<Item = &'k str>) -> Problem {
        let word = words.last().copied().unwrap_or_default();
        Problem {
            help: nearest(word, known).map(|n| format!("did you mean “{n}”?")),
            ..Problem::at(code, &self.name, &self.text, in_turn(&self.text, words.iter().copied(), false), &message)
        }
    }
}

/// All of them.
pub(super) fn problems(setup: &Setup) -> Result<Vec<Problem>, ConfigError> {
    let mut found = Vec::new();
    let (Ok(bodies), Ok(taxonomy)) = (setup.bodies(), setup.taxonomy()) else { return Ok(found) };
    home(&File::of(setup, "bodies.toml")?, bodies, taxonomy, &mut found);
    if let Ok(views) = setup.views() {
        let file = File::of(setup, "views.toml")?;
        for view in views {
            found.extend(query(setup, &file, Code::View, &["view", &view.name], &format!("view {}", view.name), &view.query));
        }
    }
    if let Ok(editions) = setup.editions() {
        let file = File::of(setup, "editions.toml")?;
        names_of_editions(&file, editions, bodies, taxonomy, &mut found);
        for spec in &editions.editions {
            if let Some(Ok(asked)) = spec.query.as_deref().map(Query::parse) {
                found.extend(query(setup, &file, Code::EditionName, &[&spec.name], &format!("edition {}", spec.name), &asked));
            }
            if let (Some(view), Ok(views)) = (&spec.view, setup.views())
                && !views.iter().any(|v| v.name == *view)
            {
                let said = format!("edition {}: no view “{view}”", spec.name);
                found.push(file.unknown(Code::EditionName, &[&spec.name, view], said, views.iter().map(|v| v.name.as_str())));
            }
        }
        found.extend(addresses(&file, editions));
    }
    Ok(found)
}

/// The topic or axis that was meant, where a sentence of the taxonomy names one that is not there.
pub(super) fn meant(taxonomy: &Taxonomy, said: &str) -> Option<String> {
    let of = |what: &str| said.split(what).nth(1)?.split('`').next();
    let (word, known): (&str, Vec<&str>) = match (of("unknown topic `"), of("unknown axis `")) {
        (Some(t), _) => (t, taxonomy.topics().iter().map(|t| t.id.as_str()).collect()),
        (None, Some(a)) => (a, taxonomy.axes().iter().map(|a| a.id.as_str()).collect()),
        _ => return None,
    };
    Some(match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean “{near}”?"),
        None => format!("known are {}", known.join(", ")),
    })
}

fn home(file: &File, bodies: &Bodies, taxonomy: &Taxonomy, found: &mut Vec<Problem>) {
    let home = bodies.home();
    let ids = || bodies.bodies().iter().map(|b| b.id.as_str());
    if !home.body.is_empty() && !ids().any(|id| id == home.body) {
        found.push(file.unknown(Code::Home, &["home", &home.body], format!("[home]: no [[body]] has the id “{}”", home.body), ids()));
    }
    let questions = || home.questions.iter().map(|q| q.id.as_str());
    if !home.question.is_empty() && !questions().any(|q| q == home.question) {
        let said = format!("[home]: “{}” is none of [[home.questions]]", home.question);
        found.push(file.unknown(Code::Home, &["home", &home.question], said, questions()));
    }
    for (topic, to) in &home.routing {
        if taxonomy.topic(topic).is_none() {
            let said = format!("[home.routing] names the topic “{topic}”, which topics.toml does not have");
            found.push(file.unknown(Code::Home, &["home.routing", topic], said, topics_of(taxonomy)));
        }
        for question in to.iter().filter(|q| !questions().any(|known| known == *q)) {
            let said = format!("[home.routing] sends {topic} to “{question}”, which is none of [[home.questions]]");
            found.push(file.unknown(Code::Home, &["home.routing", topic, question], said, questions()));
        }
    }
}

fn topics_of(taxonomy: &Taxonomy) -> impl Iterator<Item = &str> {
    taxonomy.topics().iter().map(|t| t.id.as_str())
}

fn names_of_editions(file: &File, editions: &Editions, bodies: &Bodies, taxonomy: &Taxonomy, found: &mut Vec<Problem>) {
    let names = || bodies.bodies().iter().map(|b| b.id.as_str());
    let mut look = |place: &str, what: &str, topics: &[monitor_model::TopicId], of: &[String]| {
        for topic in topics.iter().filter(|t| taxonomy.topic(t.as_str()).is_none()) {
            let said = format!("{what}: no topic “{topic}” in topics.toml");
            found.push(file.unknown(Code::EditionName, &[place, topic.as_str()], said, topics_of(taxonomy)));
        }
        for body in of.iter().filter(|b| bodies.body(b).is_none()) {
            let said = format!("{what}: no body “{body}” in bodies.toml");
            found.push(file.unknown(Code::EditionName, &[place, body], said, names()));
        }
    };
    for corner in &editions.group.corners {
        look(&corner.id, &format!("corner {}", corner.id), &corner.topics, &corner.bodies);
    }
    for list in &editions.group.beside {
        look(&list.label, &format!("list {}", list.label), &[], &list.bodies);
    }
    for spec in &editions.editions {
        look(&spec.name, &format!("edition {}", spec.name), &spec.topics, &spec.bodies);
    }
    let own = editions.group.questions.iter().map(|q| q.id.as_str());
    let questions: Vec<&str> = bodies.home().questions.iter().map(|q| q.id.as_str()).chain(own).collect();
    for spec in &editions.editions {
        for question in spec.questions.iter().filter(|q| !questions.contains(&q.as_str())) {
            let said = format!("edition {}: “{question}” is no Question of the home group", spec.name);
            found.push(file.unknown(Code::EditionName, &[&spec.name, question], said, questions.iter().copied()));
        }
    }
}

/// A question that names something that does not exist.
fn query(setup: &Setup, file: &File, code: Code, place: &[&str], what: &str, query: &Query) -> Option<Problem> {
    let said = question::exists(setup, query).err()?;
    let name = place.last().copied().unwrap_or_default();
    let span = in_turn(&file.text, [name], false);
    // The word itself, in the question that follows the name.
    let word = said.split(['“', '”']).nth(1).unwrap_or_default();
    let span = span.map(|s| file.text[s.end..].find(word).map_or(s.clone(), |at| s.end + at..s.end + at + word.len()));
    let (message, help) = said.split_once("; ").map_or((said.as_str(), None), |(m, h)| (m, Some(h.to_owned())));
    Some(Problem { help, ..Problem::at(code, &file.name, &file.text, span, &format!("{what}: {message}")) })
}

/// Mail addresses that no letter could be sent to or from.
fn addresses(file: &File, editions: &Editions) -> Vec<Problem> {
    let mut found = Vec::new();
    for (spec, channel) in editions.editions.iter().flat_map(|e| e.channels.iter().map(move |c| (e, c))) {
        let server = channel.smtp.as_ref().and_then(|s| editions.smtp.get(s)).and_then(|s| s.from.clone());
        for written in channel.to.iter().chain(&channel.from).chain(&channel.reply_to).chain(&server) {
            if let Err(e) = delivery::addresses(std::slice::from_ref(written)) {
                let span = in_turn(&file.text, [written.as_str()], false);
                let help = Some("write name@host.example or \"Name <name@host.example>\"".to_owned());
                let said = format!("edition {}: {e}", spec.name);
                found.push(Problem { help, ..Problem::at(Code::Edition, &file.name, &file.text, span, &said) });
            }
        }
    }
    found
}
