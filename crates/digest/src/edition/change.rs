use monitor_model::{Access, Axis, DocumentKey, EventKind, EvidenceLevel, Relevance, SourceId, StageCode, Timestamp, TopicId, When};
use serde::{Deserialize, Serialize};

/// A document as a line refers to it: name first, then reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ref {
    /// Its key.
    pub document: DocumentKey,
    /// The body.
    pub body: String,
    /// Committee or group.
    pub group: Option<String>,
    /// Body and group as printed, each said once.
    pub issuer: String,
    /// The number.
    pub number: Option<String>,
    /// The title.
    pub title: String,
    /// The title in the other language: the source's own beside an English one.
    #[serde(default)]
    pub title_also: Option<String>,
    /// The primary address; empty when it is no web address.
    pub url: String,
    /// Its stage.
    pub status: Status,
    /// Whether a reader can get it.
    pub access: Access,
    /// Language of the title.
    pub lang: Option<String>,
    /// How near to the body the evidence stands.
    #[serde(default)]
    pub evidence: EvidenceLevel,
    /// Who says so, where it is not the body and nobody confirmed it; else empty.
    #[serde(default)]
    pub reported_by: String,
    /// It changed in the window and waits for approval, where the edition asks for that.
    #[serde(default)]
    pub waiting: bool,
}

/// A stage: the body's word, ours, and what a reader must not take it for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The body's own word, as far as a line has room; empty when the source does not state a stage.
    pub raw: String,
    /// What the source states, whole, a collector's notes among it.
    #[serde(default)]
    pub stated: String,
    /// The normalized code.
    pub code: StageCode,
    /// Both as printed: `“FDIS” (approval)`, or `stage not stated`.
    pub words: String,
    /// E.g. `individual Internet-Draft, not an IETF standard, past its 185 days (2026-09-03) unless renewed`.
    pub note: Option<String>,
    /// Whether it is a draft that one person may post without anybody's consent.
    #[serde(default)]
    pub individual: bool,
    /// Whether it is an Internet-Draft that went past its 185 days, and nobody who was read later says that it lives.
    #[serde(default)]
    pub lapsed: bool,
}

/// What is said of a text on which nobody can comment any more.
pub(crate) const COMMENTS_CLOSED: &str = "comment period closed";

/// What happened, in the order in which a section prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Published.
    Published,
    /// In approval or ballot.
    Approval,
    /// Open for comment.
    Consultation,
    /// A public draft on which nobody can be seen to take comments: closed, or no day stated.
    PublicDraft,
    /// A liaison statement was sent.
    Letter,
    /// New work.
    NewWork,
    /// A draft that was not known.
    NewDraft,
    /// New, without a stage that we can map.
    New,
    /// A draft went on.
    Revised,
    /// Another stage.
    Stage,
    /// Another title.
    Title,
    /// Another date.
    Date,
    /// Listed again.
    Back,
    /// Replaced by a newer text.
    Superseded,
    /// Withdrawn by its body.
    Withdrawn,
    /// Lapsed.
    Expired,
    /// No longer listed; the body has not said why.
    Gone,
}

impl What {
    /// As a reader sees it.
    pub fn words(self) -> &'static str {
        match self {
            What::Published => "published",
            What::Approval => "in approval",
            What::Consultation => "open for comment",
            What::PublicDraft => "public draft",
            What::Letter => "liaison statement",
            What::NewWork => "new work item",
            What::NewDraft => "new draft",
            What::New => "new",
            What::Revised => "revised",
            What::Stage => "stage changed",
            What::Title => "title changed",
            What::Date => "date changed",
            What::Back => "listed again",
            What::Superseded => "superseded",
            What::Withdrawn => "withdrawn",
            What::Expired => "expired",
            What::Gone => "no longer listed",
        }
    }

    /// Whether it ends a life: these stand in a group of their own.
    pub fn is_end(self) -> bool {
        matches!(self, What::Superseded | What::Withdrawn | What::Expired | What::Gone)
    }
}

/// A part of the changes: one framing, or what ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The framing's id, `unframed`, or `ended`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What stands in it.
    pub definition: String,
    /// How many changes.
    pub count: usize,
    /// Lists all of them.
    pub command: String,
}

/// A term of the document that led to a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The taxonomy's term.
    pub term: String,
    /// `title`, `summary` or `keywords`.
    pub field: String,
    /// The topic; none when it only says that the item is relevant.
    pub topic: Option<TopicId>,
}

/// Another place or number of the same work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    /// What it is called.
    pub label: String,
    /// Where.
    pub url: String,
}

/// One work that changed: the contract's event with what a reader needs to judge it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When we saw it.
    pub at: Timestamp,
    /// Whose life.
    pub document: DocumentKey,
    /// The work.
    pub work: DocumentKey,
    /// The body.
    pub body: String,
    /// Committee or group.
    pub group: Option<String>,
    /// Body and group as printed, each said once.
    pub issuer: String,
    /// What changed.
    pub kind: EventKind,
    /// The former value.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
    /// The normalized code now.
    pub stage: StageCode,
    /// Which source showed it.
    pub source: SourceId,
    /// When it happened in the body's own words.
    pub event_date: Option<When>,
    /// When the document was first seen.
    pub first_seen: Timestamp,
    /// The name.
    pub title: String,
    /// The title in the other language: the source's own beside an English one.
    #[serde(default)]
    pub title_also: Option<String>,
    /// The reference.
    pub number: Option<String>,
    /// The primary address; empty when it is no web address.
    pub url: String,
    /// Topics.
    pub topics: Vec<TopicId>,
    /// Framings.
    pub axes: Vec<Axis>,
    /// Always `relevant`.
    pub relevance: Relevance,
    /// The section in which it stands.
    pub section: String,
    /// What happened.
    pub what: What,
    /// The same in words.
    pub what_words: String,
    /// The stage now.
    pub status: Status,
    /// The stage before, in the body's word, for a change of stage.
    pub status_from: Option<String>,
    /// From what to what, in the body's own words: `“Stable draft” → “Deliverable published”`.
    #[serde(default)]
    pub moved: String,
    /// What happened, in the body's word, and when, in one phrase.
    #[serde(default)]
    pub said: String,
    /// Which date this is, e.g. `published 2026-10-12`.
    pub date: String,
    /// Its own date lies more than a month before the window: it was only seen in it.
    pub late: bool,
    /// Questions that it may concern.
    pub questions: Vec<String>,
    /// Whether the body's own page names the Question; otherwise it is routed by our table.
    pub question_named: bool,
    /// Why you see it.
    pub why: String,
    /// The terms behind `why`.
    pub matched: Vec<Matched>,
    /// How near to the body the evidence stands.
    pub evidence: EvidenceLevel,
    /// `reported by …, not confirmed by …`.
    pub unconfirmed: Option<String>,
    /// Who says so, where nobody confirmed it; else empty.
    #[serde(default)]
    pub reported_by: String,
    /// Whether a reader can get the text.
    pub access: Access,
    /// Language of the title.
    pub lang: Option<String>,
    /// Other places and numbers of the same work.
    pub also_at: Vec<Also>,
    /// News and posts that tell of the work.
    #[serde(default)]
    pub in_the_news: Vec<Also>,
    /// What else happened to it in the window.
    pub also_changed: Vec<String>,
    /// blake3 (hex) of the body from which the row was read.
    pub hash: String,
    /// When the row was last compared with its source.
    pub last_checked: Timestamp,
    /// Last compared more than 60 days before `as_of`.
    pub aged: bool,
    /// Until when somebody may comment, if still ahead.
    pub deadline: Option<When>,
}

/// News and papers without a standards link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlsoReported {
    /// The newest.
    pub items: Vec<Ref>,
    /// Date words of the items, in the same order.
    pub dates: Vec<String>,
    /// How many more.
    pub rest: usize,
    /// Lists all of them.
    pub command: String,
}
