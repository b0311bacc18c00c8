//! What may be typed. One struct per command; the commands themselves are in `commands/`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use monitor_model::{Timestamp, When};

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
    #[arg(long, global = true, value_name = "TIMESTAMP")]
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

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented starter set (sources.toml, data/, templates/)
    #[command(after_help = "Example:\n  monitor init radar")]
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
        after_help = "Examples:\n  monitor fetch --source etsi\n  monitor fetch --source 'itu-*' --record today.warc.gz\n  monitor fetch --wait=30m --deadline 2h\n  monitor fetch --replay today.warc.gz --store /tmp/try"
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
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder (default: here)
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Overwrite files that exist
    #[arg(long)]
    pub(crate) force: bool,
}

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// sources.toml and the files of sources.d/
    Sources,
    /// views.toml
    Views,
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    #[default]
    Human,
    Json,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lines {
    Human,
    Jsonl,
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
    pub(crate) score: Option<std::path::PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Also list every note on the terms of topics.toml: dead terms, conflicts, terms inside others
    #[arg(long)]
    pub(crate) terms: bool,
}

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
    #[arg(long)]
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
pub(crate) struct Ignore {
    /// A document key, or a number as printed
    pub(crate) key: String,
    /// Why, for those who come later
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The document that is a second name
    pub(crate) a: String,
    /// The document that stays
    pub(crate) b: String,
    /// Why
    #[arg(long, default_value = "")]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Correct {
    /// A document key, or a number as printed
    pub(crate) key: String,
    /// +topic to add, -topic to take away
    #[arg(required = true, allow_hyphen_values = true)]
    pub(crate) changes: Vec<String>,
    /// Why; required, before or after the changes
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Retag {
    /// Print the difference, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How the difference is printed
    #[arg(long, value_enum, default_value_t = Lines::Human)]
    pub(crate) format: Lines,
}

#[derive(Debug, Args)]
pub(crate) struct TrendsArgs {
    /// The date for which it speaks (default: today)
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<When>,
    /// Length of the window that ends there
    #[arg(long, default_value = "90d", value_parser = span)]
    pub(crate) window: std::time::Duration,
    /// Length of the baseline before it
    #[arg(long, default_value = "2y", value_parser = span)]
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

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Exit 5 when a source is broken, blocked or stale
    #[arg(long)]
    pub(crate) strict: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub(crate) format: Report,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Hold every record, index and journal line against each other
    Verify {
        /// How it is printed
        #[arg(long, value_enum, default_value_t = Report::Human)]
        format: Report,
    },
    /// Build the database anew from the journal
    Rebuild,
    /// Write everything as sorted JSON Lines (- for stdout)
    Export {
        /// The file
        file: String,
    },
    /// Read an export into an empty store (- for stdin)
    Import {
        /// The file
        file: String,
    },
    /// Give back unused space
    Compact,
    /// Remove quarantined copies and leftovers
    Gc,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder for the digest and the map
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    pub(crate) out: PathBuf,
}

fn span(text: &str) -> Result<std::time::Duration, String> {
    monitor_model::parse_duration(text)
}
