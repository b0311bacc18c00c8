use std::time::Duration;

use monitor_model::{Complaint, ComplaintStage, Entry};

/// The page that is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The address that was asked.
    pub url: &'a str,
    /// Where the answer came from, after redirects.
    pub final_url: &'a str,
    /// `Content-Type` as sent.
    pub media_type: Option<&'a str>,
    /// `dir`: how many segments of `enter` led here.
    pub depth: usize,
}

/// A further page to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its address.
    pub url: String,
    /// `dir`: how many segments of `enter` lead there.
    pub depth: usize,
}

/// Whether the node in which the rows stand was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Container {
    /// It was found; it may be empty.
    Found,
    /// It was not: the page has changed or is another one.
    Missing,
    /// The recipe names none.
    #[default]
    NotAsked,
}

/// What a page gave. `collected` is [`Extraction::collected`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// The rows, in the order of the page.
    pub entries: Vec<Entry>,
    /// Rows that could not be taken; complaints say why.
    pub rejected: u64,
    /// Rows beyond a declared limit.
    pub dropped: u64,
    /// Rows that `where` did not want; not part of `collected`.
    pub filtered: u64,
    /// What a person should know.
    pub complaints: Vec<Complaint>,
    /// Further pages, and folders to enter.
    pub next: Vec<Next>,
    /// Older rows of a list that shows the newest only, for when these share nothing with what is known (RFC 5005).
    pub older: Option<Next>,
    /// Whether the rows' node was there.
    pub container: Container,
    /// How many rows the source says it has in all.
    pub total: Option<u64>,
    /// Why the page as a whole could not be read; then there are no entries.
    pub failed: Option<Complaint>,
    /// It failed because the page asks for a login first.
    pub login: bool,
    /// How long the feed asks to be left alone.
    pub ttl: Option<Duration>,
    /// `csv`: the header, for the contract.
    pub columns: Vec<String>,
}

impl Extraction {
    /// Rows taken and rows rejected.
    pub fn collected(&self) -> u64 {
        self.entries.len() as u64 + self.rejected
    }

    pub(crate) fn failed(stage: ComplaintStage, page: &Page<'_>, what: impl Into<String>) -> Self {
        Extraction { failed: Some(Complaint::new(stage, page.url, what)), ..Extraction::default() }
    }
}
