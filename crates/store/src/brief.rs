use monitor_model::{Axis, Document, Kind, Relevance, StageCode, Timestamp, When};
use serde::{Deserialize, Serialize};

/// What the directory knows of a document without reading it: enough to leave most documents unread in a query.
///
/// Names (body, group, topics, sources) are kept as 16-bit prints: the `may_…` answers never say no wrongly, but may say
/// yes wrongly once in 65,536. Ask the document itself afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// What sort of thing it is.
    pub kind: Kind,
    /// Relevant or not.
    pub relevance: Relevance,
    /// The normalized stage.
    pub stage: StageCode,
    /// Whether a person said that it does not belong.
    pub ignored: bool,
    axes: u8,
    first_seen: i64,
    published: Option<When>,
    body: u16,
    group: u16,
    topics: Vec<u16>,
    sources: Vec<u16>,
}

impl Brief {
    pub(crate) fn of(d: &Document) -> Brief {
        let mut sources: Vec<u16> = d.sightings.iter().map(|s| print(s.source.as_str())).collect();
        sources.sort_unstable();
        sources.dedup();
        Brief {
            kind: d.kind,
            relevance: d.relevance,
            stage: d.stage_code(),
            ignored: d.ignored.is_some(),
            axes: d.axes.iter().fold(0, |bits, a| bits | axis_bit(*a)),
            first_seen: d.first_seen.as_second(),
            published: d.published,
            body: print(&d.body),
            group: d.group.as_deref().map_or(0, print),
            topics: d.topics.iter().map(|t| print(t.id.as_str())).collect(),
            sources,
        }
    }

    /// Whether it is framed so.
    pub fn has_axis(&self, axis: Axis) -> bool {
        self.axes & axis_bit(axis) != 0
    }

    /// Whether it may be of this body (any case).
    pub fn may_be_of(&self, body: &str) -> bool {
        self.body == print(body)
    }

    /// Whether it may be of this group (any case).
    pub fn may_be_of_group(&self, group: &str) -> bool {
        self.group == print(group)
    }

    /// Whether it may have this topic.
    pub fn may_have_topic(&self, topic: &str) -> bool {
        self.topics.contains(&print(topic))
    }

    /// Whether this source may have shown it.
    pub fn may_be_from(&self, source: &str) -> bool {
        self.sources.binary_search(&print(source)).is_ok()
    }

    /// The date that the source declares for the current version.
    pub fn published(&self) -> Option<When> {
        self.published
    }

    /// When any source first showed it, to the second.
    pub fn first_seen(&self) -> Timestamp {
        Timestamp::from_second(self.first_seen).unwrap_or_default()
    }
}

fn axis_bit(axis: Axis) -> u8 {
    1 << Axis::ALL.iter().position(|a| *a == axis).unwrap_or(7)
}

/// 16 bits of a name, the same for any case.
fn print(name: &str) -> u16 {
    (crc32fast::hash(name.to_lowercase().as_bytes()) & 0xffff) as u16
}
