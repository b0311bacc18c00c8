use std::io::Write;

use monitor_digest::Editions;
use monitor_identify::Bodies;
use monitor_model::{Calendar, SourcesFile};
use monitor_tag::Taxonomy;
use schemars::{Schema, schema_for};

use crate::{
    cli::SchemaOf,
    config::views::ViewsFile,
    exit::{Exit, Outcome},
    output,
};

/// The JSON Schema of a configuration file: keys, kinds, and what each of them says.
pub(super) fn run(of: SchemaOf) -> Outcome {
    let mut out = output::stdout();
    output::json_pretty(&mut out, &schema(of))?;
    out.flush()?;
    Ok(Exit::Done)
}

/// All schemas, by the name under which the files name them.
pub(super) fn all() -> impl Iterator<Item = (String, Schema)> {
    use clap::ValueEnum;
    let named = |of: &SchemaOf| Some((of.to_possible_value()?.get_name().to_owned(), schema(*of)));
    SchemaOf::value_variants().iter().filter_map(named)
}

fn schema(of: SchemaOf) -> Schema {
    match of {
        SchemaOf::Sources => schema_for!(SourcesFile),
        SchemaOf::Bodies => Bodies::schema(),
        SchemaOf::Topics => schema_for!(Taxonomy),
        SchemaOf::Calendar => schema_for!(Calendar),
        SchemaOf::Editions => schema_for!(Editions),
        SchemaOf::Views => schema_for!(ViewsFile),
    }
}
