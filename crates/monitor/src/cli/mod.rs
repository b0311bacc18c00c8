//! What may be typed: a struct for each command, by family; the commands themselves are in `commands/`.

mod collect;
mod decide;
mod editions;
mod look;
mod start;
mod upkeep;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use monitor_model::Timestamp;

pub(crate) use self::{
    collect::{Fetch, Import, ImportOpml, Probe, RunArgs, Stateless, TagArgs, Test},
    decide::{Correct, Ignore, Merge, Retag},
    editions::{Approve, CorrectionsArgs, Digest, Publish, Review, ReviewFormat, Send},
    look::{Find, Key, LandscapeArgs, LandscapeFormat, Look, MapPicture, Rows, TrendsArgs, TrendsFormat},
    start::{CheckArgs, Demo, Init, Man, SchemaOf},
    upkeep::{Doctor, StoreCommand},
};

/// A standards radar for AI security: watches standards bodies, keeps each document's life, makes digests for ITU-T SG17.
#[derive(Debug, Parser)]
#[command(
    name = "monitor",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  monitor demo                         the whole pipeline on bundled archives, offline
  monitor init radar && cd radar       a commented starter set
  monitor fetch --source etsi          collect one body now
  monitor run                          what cron calls: fetch what is due, make the digests that are due
  monitor digest --form mail           make a digest from what is stored

Exit codes: 0 done, 1 internal, 2 usage or configuration, 3 partial, 4 all sources failed, 5 contract broken or stale,
6 delivery failed, 7 locked by another run, 10 something new (--exit-new)."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that stand before or after the command.
#[derive(Debug, Default, Args)]
pub(crate) struct Global {
    /// Sources (default: sources.toml; where there is none, the embedded ones)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder with bodies.toml, topics.toml, calendar.toml, editions.toml (default: data; missing files are embedded)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where everything that is written lies (default: DATA/store)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// The time that counts as now, RFC 3339 (default: the clock)
    #[arg(long, global = true, value_name = "TIMESTAMP", value_parser = instant)]
    pub(crate) now: Option<Timestamp>,
    /// Wait until another run has ended instead of leaving with exit 7; for so long at most (`--wait=10m`; alone: a day)
    #[arg(long, global = true, value_name = "SPAN", value_parser = span, num_args = 0..=1, require_equals = true, default_missing_value = "24h")]
    pub(crate) wait: Option<std::time::Duration>,
    /// Print nothing but data and trouble
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more (-vv: everything)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Progress on stderr: redrawn on a terminal (auto), whole lines that a screen reader or a log can follow, or none
    #[arg(long, global = true, value_enum, default_value_t = ProgressAs::Auto)]
    pub(crate) progress: ProgressAs,
    /// Form of log lines on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human)]
    pub(crate) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    #[default]
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressAs {
    #[default]
    Auto,
    Lines,
    None,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented starter set (sources.toml, data/, templates/)
    #[command(after_help = "Examples:\n  monitor init radar\n  monitor init sai --home 'ETSI TC SAI' --contact radar@example.org")]
    Init(Init),
    /// Check all configuration: unknown keys, selectors, stage maps, templates; with file, line and column
    #[command(after_help = "Example:\n  monitor check --config sources.toml")]
    Check(CheckArgs),
    /// One request: guess the kind, find feeds, print a ready [source.…] block
    #[command(
        after_help = "Examples:\n  monitor probe https://www.etsi.org/newsroom/feed/\n  monitor probe --body ETSI https://www.etsi.org/newsroom/feed/ >> sources.d/etsi-news.toml"
    )]
    Probe(Probe),
    /// Print sources for the feeds of an OPML list, ready to be saved in sources.d/
    #[command(after_help = "Example:\n  monitor import-opml feeds.opml > sources.d/from-opml.toml")]
    ImportOpml(ImportOpml),
    /// Print the feeds among the sources as OPML
    #[command(after_help = "Example:\n  monitor export-opml > feeds.opml")]
    ExportOpml,
    /// Print the JSON Schema of a configuration file, for editors
    #[command(
        after_help = "Example:\n  monitor schema sources > sources.schema.json\nFirst line of the file then: #:schema ./sources.schema.json"
    )]
    Schema {
        /// Of which file
        #[arg(value_enum, default_value_t = SchemaOf::Sources)]
        of: SchemaOf,
    },
    /// Collect the sources that are due
    #[command(
        after_help = "Examples:\n  monitor fetch --source etsi\n  monitor fetch --source 'itu-*' --record today.warc.gz\n  monitor fetch --wait=30m --deadline 2h\n  monitor fetch --replay today.warc.gz --store trial"
    )]
    Fetch(Fetch),
    /// What cron calls: fetch all that is due, then make and deliver each edition that is due
    #[command(after_help = "Example, in a crontab:\n  17 5 * * *  monitor -q --config /srv/radar/sources.toml --data /srv/radar/data run")]
    Run(RunArgs),
    /// Show what a source yields; stores nothing
    #[command(
        after_help = "Examples:\n  monitor test --source ietf-liaison --replay today.warc.gz\n  monitor test --fixtures tests/fixtures\n  monitor test --fixtures tests/fixtures --source ietf-liaison --accept"
    )]
    Test(Test),
    /// Take entries (JSON Lines) through identify, tag and store
    #[command(after_help = "Example:\n  monitor import entries.jsonl --source backfill")]
    Import(Import),
    /// Entries in, tags out; stores nothing
    #[command(
        after_help = "Examples:\n  echo '{\"title\":\"Prompt injection in AI agents\"}' | monitor tag\n  monitor tag entries.jsonl --score labels.jsonl"
    )]
    Tag(TagArgs),
    /// Numbers or entries in, document keys out; stores nothing
    #[command(after_help = "Example:\n  echo 'ETSI TS 104 223 V1.1.1 (2025-04)' | monitor identify")]
    Identify(Stateless),
    /// Documents
    #[command(
        after_help = "Examples:\n  monitor list --body ETSI --topic agent-identity\n  monitor list --since 2026-10-01 --format csv\n  monitor list --view agents\n  monitor list --relevance relevant --facets"
    )]
    List(Find),
    /// What changed, in order
    #[command(after_help = "Example:\n  monitor events --since 2026-11-01 --kind stage --format jsonl")]
    Events(Look),
    /// Documents in whose number, title, summary or keywords the words stand, with the place
    #[command(
        after_help = "A question is made of words (all must stand at the start of a word), \"phrases\", fields and what must not be:\n  body: group: topic: axis: stage: kind: source: relevance: number: title: lang: access:   since: until:\nvalues parted by commas are alternatives, a minus takes away what follows.\n\nExamples:\n  monitor search agent identity --body IETF\n  monitor search 'title:agent body:ietf,etsi -kind:news since:2026-01'\n  monitor search '\"supply chain\" topic:ai-supply-chain' --format jsonl\n  monitor search agent --facets"
    )]
    Search(Find),
    /// One document with its whole life
    #[command(after_help = "Example:\n  monitor show 'ETSI TS 104 223'")]
    Show(Key),
    /// Why a document has its tags
    #[command(after_help = "Example:\n  monitor explain itu-t/x.sggenai")]
    Explain(Key),
    /// Decide that a document does not belong
    #[command(after_help = "Example:\n  monitor ignore arxiv/2602.22562 --reason 'no standards link'")]
    Ignore(Ignore),
    /// Decide that two documents are one
    #[command(after_help = "Example:\n  monitor merge etsi/gr-sai-002 etsi/tr-104-048 --reason 'the same text'")]
    Merge(Merge),
    /// Take a merge back
    #[command(after_help = "Example:\n  monitor split etsi/gr-sai-002")]
    Split(Key),
    /// Correct tags by hand; survives retag
    #[command(
        after_help = "Example:\n  monitor correct itu-t/x.sggenai +prompt-injection -deepfakes-synthetic-media --reason 'scope text'"
    )]
    Correct(Correct),
    /// Tag everything anew after a change of topics; prints the difference
    #[command(after_help = "Example:\n  monitor retag --dry-run")]
    Retag(Retag),
    /// What rises and falls, with uncertainty
    #[command(after_help = "Example:\n  monitor trends --as-of 2026-11-16 --window 90d --baseline 2y")]
    Trends(TrendsArgs),
    /// Body × topic × stage, counterparts, gaps, options
    #[command(
        after_help = "Example:\n  monitor landscape --format csv > landscape.csv\n  monitor landscape --format svg --picture timeline > timeline.svg"
    )]
    Landscape(LandscapeArgs),
    /// Render and freeze an edition; or a note on demand: liaison skeleton, flash note, call
    #[command(
        after_help = "Examples:\n  monitor digest --form mail\n  monitor digest --form td --format docx,md --out out\n  monitor digest --window week --as-of 2026-04-20\n  monitor digest --form ls --option 2 --format docx --out out"
    )]
    Digest(Digest),
    /// Deliver a frozen edition, once per channel and recipient; show and settle what is open
    #[command(
        after_help = "Examples:\n  monitor send monthly --dry-run\n  monitor send monthly\n  monitor send --status\n  monitor send monthly --again delegate@example.org\n  monitor send --confirm delegate@example.org\n\nWhat a server refused for now is tried again by `run` and `send --due` after a while, what it refused for good by `send EDITION`\nor --again. What was handed over without an answer is held until --confirm (it arrived) or --again."
    )]
    Send(Send),
    /// Write the static site: archive of editions, pages and feeds per topic, body, group, Question and document, search
    #[command(
        after_help = "Examples:\n  monitor publish --out /srv/www/radar --url https://radar.example.org/\n  monitor publish && xdg-open data/site/index.html"
    )]
    Publish(Publish),
    /// List the rows of an edition that nobody approved yet, each with its evidence
    #[command(after_help = "Examples:\n  monitor review --edition plenary\n  monitor review --format jsonl | jq -r .document")]
    Review(Review),
    /// Approve rows after reading them: what happened to the document until now may stand in an edition that asks for approval
    #[command(
        after_help = "Examples:\n  monitor approve etsi/ts-104-223 --reason \"read the work item page\"\n  monitor approve --all --edition plenary --reason \"reviewed at the e-meeting\"\n  monitor approve etsi/ts-104-223 --withdraw --reason \"wrong date\""
    )]
    Approve(Approve),
    /// List what frozen editions said and is not so any more
    #[command(after_help = "Example:\n  monitor corrections --edition monthly")]
    Corrections(CorrectionsArgs),
    /// Health per source: last success, last new, contract, next due
    #[command(after_help = "Example:\n  monitor doctor --strict")]
    Doctor(Doctor),
    /// The store itself
    #[command(subcommand)]
    Store(StoreCommand),
    /// The whole pipeline on the bundled archives, offline, in a temporary store
    #[command(after_help = "Example:\n  monitor demo --out demo")]
    Demo(Demo),
    /// Print shell completions
    #[command(after_help = "Examples:\n  monitor completions bash > monitor.bash\n  monitor completions zsh > _monitor")]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command
    #[command(after_help = "Examples:\n  monitor man > monitor.1\n  monitor man --out man1")]
    Man(Man),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    #[default]
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lines {
    Human,
    Jsonl,
}

fn span(text: &str) -> Result<std::time::Duration, String> {
    monitor_model::parse_duration(text)
}

/// A span that is counted in days.
fn days(text: &str) -> Result<std::time::Duration, String> {
    const DAY: u64 = 86_400;
    let span = span(text)?;
    if (DAY..=DAY * 365 * 100).contains(&span.as_secs()) {
        Ok(span)
    } else {
        Err(format!("“{text}” is shorter than a day or longer than a hundred years"))
    }
}

/// An instant, as RFC 3339 writes it.
fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("“{text}” is no instant: write e.g. 2026-11-29T06:00:00Z"))
}
