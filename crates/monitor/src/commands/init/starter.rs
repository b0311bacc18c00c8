//! The shipped files, said for another group: only what names the group is written anew, with remarks that say what to put there.

use super::ask::Wanted;
use crate::exit::{Exit, Failure};

/// `sources.toml` with the contact.
pub(super) fn sources(shipped: &str, wanted: &Wanted) -> Result<String, Failure> {
    let Some(contact) = &wanted.contact else { return Ok(shipped.to_owned()) };
    let (before, after) = around(shipped, "\ncontact = ", "\n")?;
    Ok(format!("{before}\ncontact = {}\n{after}", quoted(contact)))
}

/// A file of `data/`.
pub(super) fn data(name: &str, shipped: &str, wanted: &Wanted) -> Result<String, Failure> {
    let text = match name {
        _ if wanted.shipped => shipped.to_owned(),
        "bodies.toml" => bodies(shipped, wanted)?,
        "editions.toml" => editions(shipped, wanted)?,
        "calendar.toml" => calendar(shipped, wanted)?,
        _ => shipped.to_owned(),
    };
    match (name, &wanted.title) {
        ("editions.toml", Some(title)) => {
            let (before, after) = around(&text, "\ntitle = ", "\n")?;
            Ok(format!("{before}\ntitle = {}\n{after}", quoted(title)))
        }
        _ => Ok(text),
    }
}

/// The tables of `[home]` are replaced; bodies, numbers, stage words and relations are the same for everybody.
fn bodies(shipped: &str, wanted: &Wanted) -> Result<String, Failure> {
    let (before, rest) = around(shipped, "\n[home]\n", "")?;
    // The remarks above [home] speak of its Questions.
    let before = before.trim_end_matches(|c| c != '\n').trim_end();
    let mut kept = before;
    while let Some((above, last)) = kept.rsplit_once('\n')
        && last.starts_with('#')
        && !last.starts_with("# ---")
    {
        kept = above;
    }
    let lines: Vec<&str> = rest.split_inclusive('\n').collect();
    let next = lines.iter().position(|l| l.starts_with('[') && !l.trim_start_matches('[').starts_with("home")).unwrap_or(lines.len());
    let remarks = lines[..next].iter().rev().take_while(|l| l.starts_with('#') || l.trim().is_empty()).count();
    let after: String = lines[next - remarks..].concat();
    // Where a body has no groups, the body itself is its only working unit.
    let unit = if wanted.group.is_empty() { &wanted.body } else { &wanted.group };
    let (body, group, unit) = (quoted(&wanted.body), quoted(&wanted.group), quoted(unit));
    Ok(format!(
        "{kept}
# Whose radar it is. A unit is what your group is divided into: Questions, working groups, work streams. Each line of an edition names
# the unit that it concerns: by [home.routing], else the one of `question`. Topics are those of topics.toml.
[home]
body = {body}
group = {group}
question = {unit}

[[home.questions]]
id = {unit}

# [[home.questions]]
# id = \"WG1\"
# title = \"as a primary source prints it\"
#
# [home.routing]
# prompt-injection = [\"WG1\"]
{after}"
    ))
}

/// `[group]` is replaced; windows that need plenaries become spans, until the calendar has some.
fn editions(shipped: &str, wanted: &Wanted) -> Result<String, Failure> {
    let (before, _) = around(shipped, "\n[group]\n", "")?;
    let (_, after) = around(shipped, "\n# --- editions ---\n", "")?;
    let home = wanted.home();
    let name = if wanted.group.is_empty() { &wanted.body } else { &wanted.group };
    let editions = after
        .replace("window = \"since-plenary\"", "window = \"90d\"              # since-plenary, once calendar.toml has your plenaries")
        .replace("\"plenary\"", "\"report\"")
        .replace("SG17 radar", "Radar");
    Ok(format!(
        "{before}
[group]
name = {}
source_line = {}      # a role, not a person
title = \"AI security in standards\"
mandate = \"\"                  # until when, in words, with its source
question_line = {}       # for the header of documents
contact = {}
keywords = [\"AI security\", \"standards landscape\"]

# What your terms of reference ask for, in your own short words.
# [[group.clause]]
# id = \"a\"
# label = \"monitor AI security standardization\"

# A subject that a report looks at apart: documents of these topics, or of these bodies.
[[group.corner]]
id = \"agents\"
label = \"AI agents\"
topics = [\"agentic-ai-security\", \"agent-identity\", \"agent-protocol-security\"]

# Texts on AI that say nothing of its security, listed at the end of reports and counted nowhere: one of the words stands in the
# title, or the text is of one of the bodies.
[[group.beside]]
label = \"AI agents\"
words = [\"agent\", \"agents\", \"agentic\", \"multi-agent\"]
# bodies = [\"3GPP\"]

# --- editions ---
{editions}",
        quoted(name),
        quoted(&format!("Convenor, {home}")),
        quoted(name),
        quoted(&format!("Convenor, {home}")),
    ))
}

/// The head stays; meetings and rules are those of another group, so there are none yet.
fn calendar(shipped: &str, wanted: &Wanted) -> Result<String, Failure> {
    let (head, _) = around(shipped, "\nschema = 1\n", "")?;
    // Its last paragraph says what was not found for the group of the shipped file.
    let head = head.trim_end().rsplit_once("\n#\n").map_or(head, |(kept, _)| kept).trim_end();
    Ok(format!(
        "{head}

schema = 1
home = {}

# Deadlines, counted back from the first day of your meetings of these kinds:
# [[rule]]
# id = \"contribution\"
# what = \"Contributions are due\"
# days = 14
# for = [\"plenary\"]
# source = \"where your rules of procedure say so\"

# [[meeting]]
# id = \"plenary-1\"
# kind = \"plenary\"
# start = 2027-03-01
# end = 2027-03-05
# place = \"…\"
# status = \"planned\"
# source = \"the address at which you read it\"
",
        quoted(&wanted.home())
    ))
}

/// What stands before and behind the first `from` … `to`. The shipped files are ours, so a text without it is our fault; a test reads
/// all of them.
fn around<'a>(text: &'a str, from: &str, to: &str) -> Result<(&'a str, &'a str), Failure> {
    let found = text.split_once(from).and_then(|(before, rest)| {
        let after = if to.is_empty() { rest } else { rest.split_once(to)?.1 };
        Some((before, after))
    });
    found.ok_or_else(|| Failure {
        exit: Exit::Internal,
        error: anyhow::anyhow!("the built-in starter set has no “{}”; this is a fault of monitor, please report it", from.trim()),
    })
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::embedded;

    #[test]
    fn every_shipped_file_can_be_said_for_another_group() {
        for (body, group) in [("ETSI", "TC SAI"), ("NIST", ""), ("ISO/IEC", "JTC 1/SC 27 \"x\"")] {
            let contact = Some("mailto:radar@example.net".to_owned());
            let wanted = Wanted { body: body.into(), group: group.into(), shipped: false, title: Some("Ours".into()), contact };
            assert!(sources(embedded::SOURCES, &wanted).expect("sources").contains("radar@example.net"));
            for (name, text) in embedded::files() {
                let said = data(name, text, &wanted).unwrap_or_else(|e| panic!("{name}: {}", e.error));
                assert!(toml::from_str::<toml::Table>(&said).is_ok(), "{name}: {said}");
            }
            let text = |name: &str| data(name, embedded::data(name).expect("shipped"), &wanted).expect("said");
            let bodies = monitor_identify::Bodies::parse(&text("bodies.toml")).expect("bodies");
            assert_eq!((bodies.home().body.as_str(), bodies.home().group.as_str()), (body, group));
            assert_eq!(
                bodies.bodies().len(),
                monitor_identify::Bodies::parse(embedded::data("bodies.toml").expect("shipped")).expect("ours").bodies().len()
            );
            assert_eq!(bodies.home().route(["prompt-injection"]).len(), 1, "each line of an edition has somebody whom it concerns");
            assert!(bodies.maps().contains_key("ietf-state"), "what follows [home] is still there");
            let editions = monitor_digest::editions::parse(&text("editions.toml")).expect("editions");
            assert_eq!(editions.group.title, "Ours");
            assert!(editions.editions.len() >= 3);
            assert!(monitor_digest::calendar::parse(&text("calendar.toml")).is_ok());
            for file in ["bodies.toml", "editions.toml", "calendar.toml"] {
                let home = text(file);
                let home = home.split("[home]").last().unwrap_or_default().split("[map.").next().unwrap_or_default();
                assert!(!home.contains("SG17") && !home.contains("CG-AISEC"), "{file} still speaks of another group");
            }
        }
    }
}
