use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use monitor_digest::{Form, Format, pictures};
use monitor_landscape::{Mark, landscape_csv};

use super::Setup;
use crate::{
    answers::{Answers, Wanted, day_of, end_of},
    cli::{LandscapeArgs, LandscapeFormat, MapPicture},
    exit::{Exit, Outcome},
    output,
};

/// The map.
pub(super) fn run(setup: &Setup, args: &LandscapeArgs) -> Outcome {
    let store = super::open_existing(setup, "landscape")?;
    let at = args.as_of.map_or(setup.now, end_of);
    let answers = Answers::of_day(setup, &store, at)?;
    let mut out = output::stdout();
    if args.format == LandscapeFormat::Html {
        let name = format!("{}-map", day_of(at));
        let edition = answers.edition(&Wanted {
            name: &name,
            edition: "map",
            approval: false,
            option: None,
            form: Form::Map,
            as_of: at,
            since: at,
            until: at,
            keep: &|_| true,
        })?;
        out.write_all(&monitor_digest::render(&edition, Format::Html, setup.templates()?)?.bytes)?;
        out.flush()?;
        return Ok(Exit::Done);
    }
    let map = answers.landscape(day_of(at))?;
    match args.format {
        LandscapeFormat::Json => {
            let mut value = serde_json::to_value(&map)?;
            let mut cases: BTreeMap<String, Vec<String>> = setup.taxonomy()?.use_cases.iter().map(|c| (c.id.clone(), Vec::new())).collect();
            let placed: BTreeSet<_> = map.cells.iter().flat_map(|c| &c.documents).collect();
            for d in answers.documents().iter().filter(|d| placed.contains(&d.document)) {
                for case in super::use_cases(setup, d)? {
                    cases.entry(case.id).or_default().push(d.document.0.clone());
                }
            }
            if let Some(object) = value.as_object_mut() {
                object.insert("use_cases".to_owned(), serde_json::to_value(cases)?);
            }
            output::json_line(&mut out, &value)?;
        }
        LandscapeFormat::Csv => out.write_all(landscape_csv(&map, answers.documents()).as_bytes())?,
        LandscapeFormat::Svg => {
            let templates = setup.templates()?;
            let svg = match args.picture {
                MapPicture::Heat => pictures::heat_map(templates, &map, &answers.labels()?)?,
                MapPicture::Timeline => pictures::timeline(templates, &answers.home_documents()?, setup.calendar()?, day_of(at))?,
            };
            out.write_all(svg.as_bytes())?;
        }
        LandscapeFormat::Table | LandscapeFormat::Html => {
            let mut head = vec!["topic"];
            head.extend(map.bodies.iter().map(String::as_str));
            let rows = map.topics.iter().map(|t| {
                let mut row = vec![t.0.clone()];
                row.extend(map.bodies.iter().map(|b| match map.mark(t, b) {
                    Mark::Works(n) => n.to_string(),
                    Mark::None => String::new(),
                    Mark::NotRead => "?".to_owned(),
                }));
                row
            });
            output::table(&mut out, &head, rows.collect())?;
            writeln!(out, "counts are works; blank: none found; ?: not read ({})", map.not_read.join(", "))?;
            for c in map.counterparts.iter().take(20) {
                writeln!(out, "{} ~ {}  {} ({:.2})", c.document, c.other, c.relation.as_str(), c.score)?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}
