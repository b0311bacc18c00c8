//! For whom the starter set is written: by options, else asked for on a terminal, else for ITU-T SG17.

use std::io::{BufRead as _, IsTerminal, Write as _};

use monitor_identify::Bodies;
use monitor_model::nearest;

use super::super::Setup;
use crate::{
    cli::Init,
    code::Code,
    exit::{Exit, Failure},
};

/// What the starter set says of whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The home body, as bodies.toml writes it.
    pub(super) body: String,
    /// Its group; empty when the whole body is at home.
    pub(super) group: String,
    /// Whether it is the group for which the set is shipped.
    pub(super) shipped: bool,
    /// What its digests are called; as shipped when nobody said.
    pub(super) title: Option<String>,
    /// Who is named to site owners.
    pub(super) contact: Option<String>,
}

impl Wanted {
    /// Body and group in one name.
    pub(super) fn home(&self) -> String {
        format!("{} {}", self.body, self.group).trim_end().to_owned()
    }
}

/// Reads the options; what they leave open is asked for where a person sits.
pub(super) fn wanted(setup: &Setup, args: &Init, bodies: &Bodies) -> Result<Wanted, Failure> {
    let asks = !setup.quiet && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let home = bodies.home();
    let ours = format!("{} {}", home.body, home.group);
    let mut named = args.home.clone();
    while named.is_none() && asks {
        let typed = prompt(&format!("For which group is the radar? Body and group, e.g. ETSI TC SAI [{ours}]: "))?;
        match typed.as_deref().map(|t| group(bodies, t)) {
            Some(Err(wrong)) => tell!("{}; {}", wrong.error, wrong.remedy()),
            _ => named = Some(typed.unwrap_or_else(|| ours.clone())),
        }
    }
    let mut contact = args.contact.clone();
    if contact.is_none() && asks {
        contact = prompt("Who is named to the owners of the sites? A page or a mail address [later]: ")?;
    }
    let (body, group) = group(bodies, named.as_deref().unwrap_or(&ours))?;
    let shipped = body == home.body && group == home.group;
    let one_line = |t: &String| t.chars().all(|c| !c.is_control()) && !t.trim().is_empty();
    for (option, value) in [("--title", &args.title), ("--contact", &contact)] {
        if value.as_ref().is_some_and(|v| !one_line(v)) {
            return Err(Failure::coded(Code::Value, format!("{option} must be one line of text")));
        }
    }
    Ok(Wanted { body, group, shipped, title: args.title.clone(), contact })
}

/// The body and group that a name means: `ETSI TC SAI`, `ietf`, `ISO/IEC JTC 1/SC 27`.
fn group(bodies: &Bodies, typed: &str) -> Result<(String, String), Failure> {
    let typed = typed.trim();
    let words: Vec<&str> = typed.split(' ').collect();
    let names = |b: &monitor_identify::Body| [b.id.to_lowercase(), b.slug.to_lowercase(), b.name.to_lowercase()];
    // The longest beginning that is the name of a body; what is left is its group.
    for n in (1..=words.len()).rev() {
        let (head, rest) = (words[..n].join(" "), words[n..].join(" "));
        let Some(body) = bodies.bodies().iter().find(|b| names(b).contains(&head.to_lowercase())) else { continue };
        let group = bodies.canonical_group(&body.id, rest.trim()).to_owned();
        let known: Vec<&str> = body.groups.iter().map(|g| g.id.as_str()).collect();
        if !group.is_empty()
            && !known.contains(&group.as_str())
            && let Some(near) = nearest(&group, known.iter().copied())
        {
            let said = format!("{} has no group “{group}” in bodies.toml; did you mean “{} {near}”?", body.id, body.id);
            return Err(Failure::coded(Code::NoName, said));
        }
        // `ISO/IEC JTC 1/SC 27` of ISO/IEC: the body is not said twice; what is left still stands in the group's whole name.
        let group = group.strip_prefix(&body.id).map_or(group.as_str(), str::trim_start).to_owned();
        return Ok((body.id.clone(), group));
    }
    let ids: Vec<&str> = bodies.bodies().iter().map(|b| b.id.as_str()).collect();
    let said = match nearest(words[0], ids.iter().copied()) {
        Some(near) => format!("no body “{typed}”; did you mean “{near}”?"),
        None => format!("no body “{typed}”; there are {}", ids.join(", ")),
    };
    Err(Failure::coded(Code::NoName, said))
}

/// One line of a person; none when it is empty or the input is over.
fn prompt(question: &str) -> Result<Option<String>, Failure> {
    let failed = |e: std::io::Error| Failure { exit: Exit::Internal, error: e.into() };
    let mut err = std::io::stderr().lock();
    write!(err, "{question}").and_then(|()| err.flush()).map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(Some(line.trim().to_owned()).filter(|l| !l.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_read_from_its_name() {
        let bodies = Bodies::parse(crate::config::embedded::data("bodies.toml").expect("it is there")).expect("it is right");
        for (typed, body, of) in [
            ("ITU-T SG17", "ITU-T", "SG17"),
            ("etsi tc sai", "ETSI", "TC SAI"),
            ("NIST", "NIST", ""),
            ("oasis open CoSAI", "OASIS Open", "CoSAI"),
            ("ISO/IEC JTC 1/SC 27", "ISO/IEC", "JTC 1/SC 27"),
        ] {
            let (b, g) = group(&bodies, typed).unwrap_or_else(|e| panic!("{typed}: {}", e.error));
            assert_eq!((b.as_str(), g.to_lowercase()), (body, of.to_lowercase()), "{typed}");
        }
        for (typed, meant) in [("ETSY", "ETSI"), ("ITU-T SG177", "SG17"), ("etsi TC SIA", "TC SAI")] {
            let wrong = group(&bodies, typed).expect_err(typed);
            assert!(wrong.remedy().contains(meant), "{typed}: {}, {}", wrong.error, wrong.remedy());
        }
        // Every body of the file can be at home.
        for body in bodies.bodies() {
            assert_eq!(group(&bodies, &body.id).expect("a body").0, body.id);
        }
    }
}
