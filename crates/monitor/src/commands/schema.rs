use std::io::Write;

use monitor_model::SourcesFile;

use crate::{
    cli::SchemaOf,
    config::views::ViewsFile,
    exit::{Exit, Outcome},
    output,
};

/// The JSON Schema of a configuration file: keys, kinds, and what each of them says.
pub(super) fn run(of: SchemaOf) -> Outcome {
    let schema = match of {
        SchemaOf::Sources => schemars::schema_for!(SourcesFile),
        SchemaOf::Views => schemars::schema_for!(ViewsFile),
    };
    let mut out = output::stdout();
    output::json_pretty(&mut out, &schema)?;
    out.flush()?;
    Ok(Exit::Done)
}
