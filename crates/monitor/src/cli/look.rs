//! What is asked of the store.

use clap::{Args, ValueEnum};
use monitor_model::When;

use super::{Report, days};

/// Filters of all look-ups.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Look {
    /// From this date on (events: when seen; documents: their date, else when first seen)
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<When>,
    /// Up to and with this date
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<When>,
    /// Body, in any case; repeatable
    #[arg(long)]
    pub(crate) body: Vec<String>,
    /// Part of the group's name
    #[arg(long)]
    pub(crate) group: Option<String>,
    /// Topic id; repeatable
    #[arg(long)]
    pub(crate) topic: Vec<String>,
    /// Axis id
    #[arg(long)]
    pub(crate) axis: Option<String>,
    /// Normalized stage
    #[arg(long)]
    pub(crate) stage: Option<String>,
    /// Source id
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Kind of document (document, work-item, news …) or of event (added, revised, stage …); repeatable
    #[arg(long)]
    pub(crate) kind: Vec<String>,
    /// relevant, ai-only, security-only, neither
    #[arg(long)]
    pub(crate) relevance: Option<String>,
    /// At most so many (json, jsonl and csv have no limit unless asked for; the table stops at 50 and says so)
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) limit: Option<usize>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Rows::Table)]
    pub(crate) format: Rows,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    #[default]
    Table,
    Json,
    Jsonl,
    Csv,
}

/// A question over documents, with filters.
#[derive(Debug, Args)]
pub(crate) struct Find {
    /// The question: words, "phrases", field:value, -what must not be; quote it for the shell
    pub(crate) query: Vec<String>,
    /// A question of views.toml; what is typed beside it must hold, too
    #[arg(long, value_name = "NAME")]
    pub(crate) view: Option<String>,
    /// Print no documents but how many there are by body, topic, stage, kind and year
    #[arg(long)]
    pub(crate) facets: bool,
    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    /// A document key, or a number as printed
    pub(crate) key: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
}

#[derive(Debug, Args)]
pub(crate) struct TrendsArgs {
    /// The date for which it speaks (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<When>,
    /// Length of the window that ends there
    #[arg(long, default_value = "90d", value_parser = days)]
    pub(crate) window: std::time::Duration,
    /// Length of the baseline before it
    #[arg(long, default_value = "2y", value_parser = days)]
    pub(crate) baseline: std::time::Duration,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = TrendsFormat::Table)]
    pub(crate) format: TrendsFormat,
    /// For `--format svg`: draw the slope from this earlier date instead of the time series
    #[arg(long, value_name = "DATE")]
    pub(crate) against: Option<When>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrendsFormat {
    Table,
    Json,
    /// One row per topic, axis, body, stage, event and term
    Csv,
    /// A picture: counts over time with what chance allows
    Svg,
}

#[derive(Debug, Args)]
pub(crate) struct LandscapeArgs {
    /// The date for which it speaks (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<When>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = LandscapeFormat::Table)]
    pub(crate) format: LandscapeFormat,
    /// For `--format svg`: what is drawn
    #[arg(long, value_enum, default_value_t = MapPicture::Heat)]
    pub(crate) picture: MapPicture,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MapPicture {
    /// Works by topic and body
    Heat,
    /// Stages of the home group's items between its meetings
    Timeline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LandscapeFormat {
    Table,
    Json,
    Csv,
    Html,
    /// A picture, see --picture
    Svg,
}
