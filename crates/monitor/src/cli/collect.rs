//! What brings rows in, or shows what they would be.

use std::path::PathBuf;

use clap::Args;

use super::{Lines, Report, span};

#[derive(Debug, Args)]
pub(crate) struct Probe {
    /// The address
    pub(crate) url: String,
    /// The id of the source (default: out of the address)
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// The body as its own people write it (default: the name of the host)
    #[arg(long)]
    pub(crate) body: Option<String>,
    /// Answer from archives instead of the network
    #[arg(long, value_name = "FILE.warc.gz")]
    pub(crate) replay: Vec<PathBuf>,
    /// Let it reach loopback and private addresses
    #[arg(long)]
    pub(crate) allow_private: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ImportOpml {
    /// The list, or - for standard input
    pub(crate) file: PathBuf,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Fetch {
    /// A source id, a glob over ids, or a body in any case; repeatable (default: all)
    #[arg(long, short, value_name = "S")]
    pub(crate) source: Vec<String>,
    /// Answer from archives at the real addresses, with no network; repeatable
    #[arg(long, value_name = "FILE.warc.gz")]
    pub(crate) replay: Vec<PathBuf>,
    /// Write every exchange into an archive
    #[arg(long, value_name = "FILE.warc.gz")]
    pub(crate) record: Option<PathBuf>,
    /// Ignore `every` (never rates, robots or validators)
    #[arg(long)]
    pub(crate) force: bool,
    /// Say what would be fetched; ask nobody
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Exit 5 when a contract is broken, a source is stale or wants a login
    #[arg(long)]
    pub(crate) strict: bool,
    /// Exit 10 when something new was found
    #[arg(long)]
    pub(crate) exit_new: bool,
    /// Stop asking after this time; what was not asked then is named and stays due
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub(crate) deadline: Option<std::time::Duration>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Where editions are written (default: DATA/editions)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fetch: Fetch,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// A source id, a glob over ids, or a body in any case; repeatable (default: all)
    #[arg(long, short, value_name = "S")]
    pub(crate) source: Vec<String>,
    /// Answer from pages written by hand, DIR/ID.EXT: every row, every declared field, no complaint
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    pub(crate) fixtures: Option<PathBuf>,
    /// Add the number of rows of fixtures that are not in DIR/index.toml yet
    #[arg(long, requires = "fixtures")]
    pub(crate) accept: bool,
    /// Answer from archives instead of the network; repeatable
    #[arg(long, value_name = "FILE.warc.gz")]
    pub(crate) replay: Vec<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Lines::Human)]
    pub(crate) format: Lines,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// JSON Lines, or - for standard input
    pub(crate) file: String,
    /// Source id for entries that name none
    #[arg(long, value_name = "S", default_value = "import")]
    pub(crate) source: String,
    /// How the counts are printed
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
}

#[derive(Debug, Args)]
pub(crate) struct Stateless {
    /// JSON Lines (for `identify` also plain numbers), or - for standard input
    #[arg(default_value = "-")]
    pub(crate) file: String,
}

#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    /// JSON Lines, or - for standard input
    #[arg(default_value = "-")]
    pub(crate) file: String,
    /// Labels made by hand (JSON Lines of key, relevance, axes, topics): print precision and recall instead of tags
    #[arg(long, value_name = "LABELS")]
    pub(crate) score: Option<PathBuf>,
}
