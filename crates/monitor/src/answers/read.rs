//! What all answers stand on, read without reading everything whole.

use std::collections::{BTreeMap, BTreeSet};

use monitor_model::{Document, Kind, Relevance, SourceId, Timestamp};
use monitor_store::{Brief, Store};
use monitor_trends::{Work, works};

use crate::exit::Failure;

/// All works, and the documents about AI in key order. Only what the answers show is read whole: of works that are not relevant
/// only the dates count, and the directory has them.
pub(crate) fn read(store: &Store, since: &BTreeMap<SourceId, Timestamp>) -> Result<(Vec<Work>, Vec<Document>), Failure> {
    let is_work = |b: &Brief| !b.ignored && !matches!(b.kind, Kind::News | Kind::Event | Kind::Liaison);
    let is_about_ai = |b: &Brief| !b.ignored && matches!(b.relevance, Relevance::Relevant | Relevance::AiOnly);
    // Which works hold a relevant document, and which are made of several.
    let (mut relevant, mut joined) = (BTreeSet::new(), BTreeSet::new());
    store.each_sketch(|key, brief, sketch| {
        let work = sketch.work(key);
        if is_work(brief) && brief.relevance == Relevance::Relevant {
            relevant.insert(work.to_owned());
        }
        if is_work(brief) && work != key {
            joined.insert(work.to_owned());
        }
    })?;
    let mut all: Vec<Work> = Vec::new();
    let mut bare: Vec<Document> = Vec::new();
    let mut whole: BTreeSet<String> = BTreeSet::new();
    store.each_sketch(|key, brief, sketch| {
        let (work, counts) = (sketch.work(key), is_work(brief));
        if counts && relevant.contains(work) {
            whole.insert(key.to_owned());
        } else if counts && joined.contains(work) {
            bare.push(sketch.into_document(key, brief));
        } else if counts {
            all.extend(works(&[sketch.into_document(key, brief)], since));
        }
    })?;
    all.extend(works(&in_order(bare), since));
    let (mut about_ai, mut members) = (Vec::new(), Vec::new());
    for d in store.documents_where(|key, brief| is_about_ai(brief) || whole.contains(key))? {
        let d = d?;
        if whole.contains(d.document.as_str()) { members.push(d) } else { about_ai.push(d) }
    }
    all.extend(works(&members, since));
    all.sort_by(|a, b| a.document.cmp(&b.document));
    about_ai.extend(members.into_iter().filter(|d| d.ignored.is_none() && matches!(d.relevance, Relevance::Relevant | Relevance::AiOnly)));
    Ok((all, in_order(about_ai)))
}

pub(crate) fn in_order(mut documents: Vec<Document>) -> Vec<Document> {
    documents.sort_by(|a, b| a.document.cmp(&b.document));
    documents
}

#[cfg(test)]
mod tests {
    use monitor_model::{Sighting, TopicId, TopicTag, When};
    use monitor_store::{Batch, OpenOptions};

    use super::*;

    /// Documents of all sorts: relevant, not relevant, ignored, news, works of several members of which one is relevant.
    fn documents() -> Vec<Document> {
        let at = |n: usize| Timestamp::from_second(1_780_000_000 + 86_400 * n as i64).expect("a time");
        let date = |n: usize| format!("2025-{:02}-{:02}", 1 + n % 12, 1 + n % 28).parse::<When>().ok();
        let sighting = |n: usize, source: &str| Sighting {
            source: source.into(),
            url: format!("https://example.org/{n}"),
            first_seen: at(n % 90),
            last_seen: at(n % 90),
            hash: String::new(),
            present: true,
            source_key: None,
            evidence: Default::default(),
        };
        let mut out = Vec::new();
        for n in 0..400 {
            let key = format!("ex/{n:04}");
            let topic = TopicTag { id: TopicId("data-poisoning".into()), score: 1.0, evidence: Vec::new() };
            let stage = monitor_model::Stage { raw: "Published".into(), code: monitor_model::StageCode::Published, date: date(n + 3) };
            let mut d = monitor_model::Document {
                document: key.as_str().into(),
                body: ["ETSI", "ISO", "IETF"][n % 3].into(),
                group: None,
                kind: if n % 11 == 0 { Kind::News } else { Kind::Document },
                number: Some(format!("draft-x-{n}-0{}", n % 3)),
                title: format!("Words of {n}"),
                summary: Some("Words that nobody counts.".into()),
                url: format!("https://example.org/{n}"),
                stage: (n % 4 > 0).then_some(stage.clone()),
                published: date(n),
                date_raw: None,
                deadline: None,
                first_seen: at(n % 90),
                last_checked: at(n % 90),
                work: if n % 9 == 8 { format!("ex/{:04}", n - 1) } else { key.clone() }.as_str().into(),
                version: None,
                versions: Vec::new(),
                access: Default::default(),
                evidence: Default::default(),
                lang: None,
                keywords: Vec::new(),
                sightings: vec![sighting(n, ["a", "b"][n % 2]), sighting(n, "mirror")],
                relations: Vec::new(),
                relevance: [Relevance::Relevant, Relevance::AiOnly, Relevance::Neither, Relevance::SecurityOnly][n / 3 % 4],
                score: 0.5,
                axes: Vec::new(),
                topics: vec![topic],
                why: Vec::new(),
                ignored: (n % 17 == 0).then(|| "no".to_owned()),
                extra: Vec::new(),
            };
            let version = |n: usize, number: String| monitor_model::Version {
                version: String::new(),
                number,
                stage: Some(stage.clone()),
                published: date(n + 5),
                url: d.url.clone(),
                first_seen: d.first_seen,
            };
            d.versions = vec![version(n, format!("draft-x-{n}-0{}", n % 2)), version(n + 1, d.number.clone().unwrap_or_default())];
            out.push(d);
        }
        out
    }

    #[test]
    fn what_is_read_for_an_answer_is_what_reading_everything_gives() {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::open(dir.path(), &OpenOptions::new("test", Timestamp::UNIX_EPOCH)).expect("a store");
        for piece in documents().chunks(70) {
            store.commit(&Batch { documents: piece.to_vec(), ..Batch::default() }).expect("stored");
        }
        let since: BTreeMap<SourceId, Timestamp> =
            [("a", 1_780_000_000), ("mirror", 1_783_000_000)].map(|(s, t)| (s.into(), Timestamp::from_second(t).expect("a time"))).into();
        let full: Vec<Document> =
            store.documents().expect("documents").map(|d| d.expect("a document")).filter(|d| d.ignored.is_none()).collect();
        let (have, about_ai) = read(&store, &since).expect("an answer");
        let want = works(&full, &since);
        assert!(want.iter().any(|w| w.relevant) && want.iter().any(|w| !w.relevant) && want.len() < full.len());
        assert_eq!(have.len(), want.len());
        for (have, want) in have.iter().zip(&want) {
            // Of what is not relevant nobody asks for words and tags.
            let mut bare = want.clone();
            if !want.relevant {
                (bare.title, bare.summary, bare.topics, bare.axes) = (String::new(), String::new(), Vec::new(), Vec::new());
            }
            assert_eq!(*have, bare);
        }
        let about: Vec<&Document> = full.iter().filter(|d| matches!(d.relevance, Relevance::Relevant | Relevance::AiOnly)).collect();
        assert!(about.len() > 50 && about_ai.iter().eq(about));
        let topics = [TopicId("data-poisoning".into())];
        let as_of = "2026-06-30".parse().expect("a day");
        let answer = |works: &[Work]| monitor_trends::trends(&monitor_trends::Input::new(as_of, works, &topics, since.clone()));
        assert_eq!(serde_json::to_string(&answer(&have)).expect("JSON"), serde_json::to_string(&answer(&want)).expect("JSON"));
    }
}
