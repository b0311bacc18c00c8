//! An edition's data to an [`Edition`], and an edition to Markdown, text, web page, mail, DOCX, CSV, JSON, Atom and iCalendar.
//!
//! Goes in: documents, events of a window, coverage, trends, landscape, calendar, the group's names ([`Input`]).
//! Comes out: [`compose`] selects and ranks by printed rules and gives one [`Edition`]; [`render`] turns exactly this object
//! into one file per [`Format`] through minijinja templates that a user may override ([`Templates`]).
//! One output format is one file under `format/`. A form's template makes a web page in a small HTML; the other texts are written
//! from its blocks (`page/`), so that all formats say the same.
//!
//! Never: reads a file or the clock, invents a sentence, prints a line without the document behind it, drops a row without a count,
//! lets a crawled title forge a line, a link or a heading.

pub mod calendar;
mod channels;
mod clean;
mod columns;
mod compose;
mod corrections;
mod edition;
pub mod editions;
mod error;
mod format;
mod input;
mod page;
pub mod pictures;
pub mod site;
mod templates;
mod toml_place;

pub use compose::compose;
pub use corrections::{corrections, documents_in};
pub use edition::{
    ActiveLine, Alone, Also, AlsoReported, Answer, BesideView, Change, ComingLine, Contact, CornerBody, CornerView, Counterpart,
    CoverageClass, CoverageLine, DateLine, Edition, GapLine, GlanceLine, GroupLine, HeaderBlock, Headline, ItemLine, LeftOut, Life,
    LifeStep, MapCell, MapLink, MapRow, MapTopic, MapView, Matched, MeetingSpan, MergeCandidate, Method, NearItem, Note, NoteOption,
    OptionLine, Piece, Ref, Section, SilentLine, Status, TrendLine, Trends, UrgentLine, What,
};
pub use editions::{Beside, ChannelSpec, Clause, Corner, EditionSpec, Editions, GroupInfo, Question, SmtpSpec, TlsMode, Window};
pub use error::DigestError;
pub use format::{Format, render};
pub use input::{Correction, Form, Input, SourceCoverage, TopicLabel};
pub use templates::Templates;
