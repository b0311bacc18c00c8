//! What is asked of the documents: a question that was typed, a saved view, and the filters beside them.

use monitor_model::{Access, Axis, Kind, Query, QueryField, StageCode, nearest};

use super::Setup;
use crate::{code::Code, exit::Failure};

/// The question of a command line: a view and what was typed, both must hold.
pub(super) fn asked(setup: &Setup, typed: &[String], view: Option<&str>) -> Result<Vec<Query>, Failure> {
    let mut all = Vec::new();
    if let Some(name) = view {
        let views = setup.views()?;
        let found = views.iter().find(|v| v.name == name).ok_or_else(|| {
            let names: Vec<&str> = views.iter().map(|v| v.name.as_str()).collect();
            let near = crate::typed::did_you_mean(name, names.iter().copied());
            let all: Vec<String> = views.iter().map(|v| format!("\n  {:<14} {}", v.name, v.label)).collect();
            Failure::coded(Code::NoName, format!("no view “{name}”{near}; views.toml has{}", all.concat()))
        })?;
        all.push(found.query.clone());
    }
    let query = Query::parse(&typed.join(" ")).map_err(|e| Failure::coded(Code::Question, e))?;
    if !query.is_empty() {
        all.push(query);
    }
    for query in &all {
        exists(setup, query).map_err(|e| Failure::coded(Code::NoName, e))?;
    }
    Ok(all)
}

/// A question for something that does not exist is a mistake, not an empty answer.
pub(super) fn exists(setup: &Setup, query: &Query) -> Result<(), String> {
    let axes: Vec<&str> = Axis::ALL.iter().map(|a| a.as_str()).collect();
    let stages: Vec<&str> = StageCode::ALL.iter().map(|s| s.as_str()).collect();
    let kinds: Vec<&str> = Kind::ALL.iter().map(|k| k.as_str()).collect();
    let known = [
        (QueryField::Axis, "axis", axes),
        (QueryField::Stage, "stage", stages),
        (QueryField::Kind, "kind", kinds),
        (QueryField::Relevance, "relevance", vec!["relevant", "ai-only", "security-only", "neither"]),
        (QueryField::Access, "access", Access::ALL.iter().map(|a| a.as_str()).collect()),
    ];
    for (field, what, known) in known {
        query.values(field).try_for_each(|v| one(what, v, &known))?;
    }
    if query.values(QueryField::Topic).next().is_some() {
        let taxonomy = setup.taxonomy().map_err(|e| e.to_string())?;
        let topics: Vec<&str> = taxonomy.topics().iter().map(|t| t.id.as_str()).collect();
        query.values(QueryField::Topic).try_for_each(|v| one("topic", v, &topics))?;
    }
    Ok(())
}

/// One value against those that there are.
pub(super) fn one(what: &str, given: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&given) {
        return Ok(());
    }
    Err(match nearest(given, known.iter().copied()) {
        Some(n) => format!("no {what} “{given}”; did you mean “{n}”?"),
        // a few words are said here, many are not
        None if known.len() <= 12 => format!("no {what} “{given}”; use one of {}", known.join(", ")),
        None => format!("no {what} “{given}”"),
    })
}
