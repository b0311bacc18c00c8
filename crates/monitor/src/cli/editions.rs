//! Editions: made, approved, delivered, published.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use monitor_model::When;

use super::Report;

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Digest {
    /// Edition of editions.toml (default: the first of the form)
    #[arg(long, value_name = "NAME")]
    pub(crate) edition: Option<String>,
    /// Window start (default: as the edition says)
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<When>,
    /// Window end, inclusive
    #[arg(long, value_name = "DATE", conflicts_with = "as_of")]
    pub(crate) until: Option<When>,
    /// The date for which it speaks (default: now)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<When>,
    /// Window: since-last, since-plenary, month, week, or e.g. 30d (default: as the edition says)
    #[arg(long, value_name = "WINDOW", conflicts_with = "since")]
    pub(crate) window: Option<String>,
    /// mail, td or map; on demand ls (liaison statement), flash (deadlines near), call (for expertise)
    #[arg(long)]
    pub(crate) form: Option<String>,
    /// With --form ls or call: the number of the option that it is about
    #[arg(long, value_name = "N")]
    pub(crate) option: Option<usize>,
    /// md, txt, html, mail.html, docx, json, csv, atom, ics; several with commas (default: as the edition says)
    #[arg(long, value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Folder for the files; without it one format goes to stdout
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReviewFormat {
    Table,
    Json,
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    /// Edition of editions.toml whose window and filters count (default: the first that asks for approval, else the first)
    #[arg(long, value_name = "NAME")]
    pub(crate) edition: Option<String>,
    /// Window: since-last, since-plenary, month, week, or e.g. 30d (default: as the edition says)
    #[arg(long, value_name = "WINDOW", conflicts_with = "since")]
    pub(crate) window: Option<String>,
    /// Window start
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<When>,
    /// The date for which the edition would speak (default: now)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<When>,
    /// Approved rows too
    #[arg(long)]
    pub(crate) all: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = ReviewFormat::Table)]
    pub(crate) format: ReviewFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// Documents: keys or numbers
    #[arg(value_name = "KEY", required_unless_present = "all")]
    pub(crate) keys: Vec<String>,
    /// Every row that `monitor review` lists
    #[arg(long, conflicts_with_all = ["keys", "withdraw"])]
    pub(crate) all: bool,
    /// With --all: the edition of editions.toml
    #[arg(long, value_name = "NAME")]
    pub(crate) edition: Option<String>,
    /// With --all: the date for which the edition would speak (default: now)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<When>,
    /// Take the approval back
    #[arg(long)]
    pub(crate) withdraw: bool,
    /// What you looked at, for those who come after you
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct CorrectionsArgs {
    /// Only editions of this name (default: all)
    #[arg(long, value_name = "NAME")]
    pub(crate) edition: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = ReviewFormat::Table)]
    pub(crate) format: ReviewFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// Folder of the site; what did not change there keeps its time, what is not ours is left alone (default: DATA/site)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Where the site will stand; feeds and sitemap.xml then have full addresses
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// At most so many documents get a page, work of standards bodies first, then the newest (default: 20000)
    #[arg(long, value_name = "N")]
    pub(crate) most: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// Name of an edition (its newest issue; made now when there is none), or the id of a frozen one
    pub(crate) edition: Option<String>,
    /// Make the editions that are due and hand on what is open, as `run` does after fetching
    #[arg(long, conflicts_with_all = ["edition", "to", "again", "confirm", "resend", "status"])]
    pub(crate) due: bool,
    /// Only to this recipient: an address, a folder, or a channel (folder, eml, smtp); one that is not configured is added; repeatable
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) to: Vec<String>,
    /// Say what would be sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Send again even what was delivered
    #[arg(long, requires = "edition")]
    pub(crate) resend: bool,
    /// Send again to this recipient, whatever the ledger says; without EDITION all that is open for them; repeatable
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "to")]
    pub(crate) again: Vec<String>,
    /// Take as delivered what is open for this recipient; repeatable
    #[arg(long, value_name = "RECIPIENT", conflicts_with_all = ["to", "again", "resend", "dry_run"])]
    pub(crate) confirm: Vec<String>,
    /// Print the ledger: the last line for each edition, channel and recipient
    #[arg(long, conflicts_with_all = ["to", "again", "confirm", "resend", "dry_run"])]
    pub(crate) status: bool,
    /// How --status is printed (json: JSON Lines)
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
    /// Where channels with relative folders lie (default: DATA/editions)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
