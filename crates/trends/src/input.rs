use std::collections::BTreeMap;

use jiff::civil::Date;
use monitor_model::{Axis, DocumentKey, Event, SourceId, StageCode, Timestamp, TopicId, When};

/// What to answer, and from what.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The last day of the window.
    pub as_of: Date,
    /// Length of the window in days.
    pub window_days: i64,
    /// Length of the baseline before it in days.
    pub baseline_days: i64,
    /// Everything known, see [`works()`](crate::works).
    pub works: &'a [Work],
    /// All topics of the taxonomy: also those without a work get a row.
    pub topics: &'a [TopicId],
    /// When each source was first read; without the store's own record, [`watched_since()`](crate::watched_since) reads it from the sightings.
    pub watched_since: BTreeMap<SourceId, Timestamp>,
    /// When each source that is fetched was last read; of a source that is not in it nothing is known, and it is taken as read to the end.
    pub watched_until: BTreeMap<SourceId, Timestamp>,
    /// Terms of the taxonomy: what is already named does not "emerge".
    pub known_terms: &'a [String],
    /// The topics that name terms: where one of these terms outruns its topic, it is reported with the topic.
    pub terms_of: BTreeMap<TopicId, Vec<String>>,
    /// Changes of stage as they were seen, for what bodies do not date.
    pub events: &'a [Event],
}

impl<'a> Input<'a> {
    /// A question with the usual window (90 days) and baseline (730 days).
    pub fn new(as_of: Date, works: &'a [Work], topics: &'a [TopicId], watched_since: BTreeMap<SourceId, Timestamp>) -> Self {
        Input {
            as_of,
            window_days: 90,
            baseline_days: 730,
            works,
            topics,
            watched_since,
            watched_until: BTreeMap::new(),
            known_terms: &[],
            terms_of: BTreeMap::new(),
            events: &[],
        }
    }
}

/// What is counted: one life, however many numbers, versions and mirrors it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The key of the work.
    pub document: DocumentKey,
    /// The body of its first document.
    pub body: String,
    /// The source that showed it first.
    pub source: SourceId,
    /// Topics of any of its documents, sorted.
    pub topics: Vec<TopicId>,
    /// Axes of any of its documents, sorted.
    pub axes: Vec<Axis>,
    /// The stage of its newest document.
    pub stage: StageCode,
    /// The title.
    pub title: String,
    /// Abstract or scope, for terms.
    pub summary: String,
    /// The first date in its life: the earliest publication or stage date of any version. None when unknown.
    pub when: Option<When>,
    /// When its body first published it (stage published): the end of the work, where `when` is its beginning.
    pub finished: Option<When>,
    /// When its body withdrew it.
    pub withdrawn: Option<When>,
    /// It is, or was, an item of a work programme.
    pub item: bool,
    /// When any source first showed it.
    pub first_seen: Timestamp,
    /// It was there when its source was read for the first time.
    pub backfill: bool,
    /// Only relevant works are counted; the others tell how far back a source reaches.
    pub relevant: bool,
}
