use std::collections::BTreeMap;

use monitor_model::{Document, DocumentKey, Kind, Relevance, SourceId, Stage, StageCode, Timestamp, When};

use crate::Work;

/// When each source was first read, as far as the documents tell: its earliest sighting.
///
/// A source that was read and showed nothing is not in it; the store's own record of first runs is better where there is one.
pub fn watched_since(documents: &[Document]) -> BTreeMap<SourceId, Timestamp> {
    let mut since: BTreeMap<SourceId, Timestamp> = BTreeMap::new();
    for s in documents.iter().flat_map(|d| &d.sightings) {
        match since.get_mut(&s.source) {
            Some(at) => *at = s.first_seen.min(*at),
            None => {
                since.insert(s.source.clone(), s.first_seen);
            }
        }
    }
    since
}

/// Folds documents into works: one per `work` key, whatever numbers, versions and mirrors it has.
///
/// Ignored documents and kinds that are no works (news, events, liaisons) are left out. Of several sources the one that
/// has been watched longest is taken as the work's, so that a second source for a body does not look like a slump of the first.
pub fn works(documents: &[Document], watched_since: &BTreeMap<SourceId, Timestamp>) -> Vec<Work> {
    let mut lives: BTreeMap<&DocumentKey, Vec<&Document>> = BTreeMap::new();
    for d in documents.iter().filter(|d| d.ignored.is_none() && !matches!(d.kind, Kind::News | Kind::Event | Kind::Liaison)) {
        lives.entry(&d.work).or_default().push(d);
    }
    lives.into_iter().filter_map(|(key, documents)| work(key, &documents, watched_since)).collect()
}

fn work(key: &DocumentKey, documents: &[&Document], watched_since: &BTreeMap<SourceId, Timestamp>) -> Option<Work> {
    let first = documents.iter().find(|d| d.document == *key).or(documents.first())?;
    let newest = documents.iter().max_by_key(|d| (d.published, d.first_seen))?;
    let sightings = || documents.iter().flat_map(|d| &d.sightings);
    let source = sightings()
        .min_by_key(|s| (watched_since.get(&s.source).copied().unwrap_or(Timestamp::MAX), s.first_seen, &s.source))
        .map(|s| s.source.clone())
        .unwrap_or_default();
    let since = watched_since.get(&source);
    let first_seen = documents.iter().map(|d| d.first_seen).min()?;
    let mut topics: Vec<_> = documents.iter().flat_map(|d| &d.topics).map(|t| t.id.clone()).collect();
    let mut axes: Vec<_> = documents.iter().flat_map(|d| &d.axes).copied().collect();
    topics.sort();
    topics.dedup();
    axes.sort();
    axes.dedup();
    Some(Work {
        document: key.clone(),
        body: first.body.clone(),
        backfill: sightings().filter(|s| s.source == source).any(|s| since.is_none_or(|at| s.first_seen <= *at)),
        source,
        topics,
        axes,
        stage: newest.stage_code(),
        title: first.title.clone(),
        summary: first.summary.clone().unwrap_or_default(),
        when: first_date(documents),
        finished: finished(documents),
        withdrawn: withdrawn(documents),
        item: documents.iter().any(|d| d.kind == Kind::WorkItem),
        first_seen,
        relevant: documents.iter().any(|d| d.relevance == Relevance::Relevant),
    })
}

/// The first date in the work's life, or none if only a later revision of a draft was ever seen: its date is not the beginning.
fn first_date(documents: &[&Document]) -> Option<When> {
    let mut dates: Vec<When> = Vec::new();
    for d in documents {
        let versions = d.versions.iter().flat_map(|v| [v.published, v.stage.as_ref().and_then(|s| s.date)]);
        dates.extend(versions.chain([d.published, d.stage.as_ref().and_then(|s| s.date)]).flatten());
    }
    let first = dates.iter().min()?;
    if documents.iter().all(|d| begins_late(d)) {
        return None;
    }
    // 2026 and 2026-03-04 of one work: the finer one, if it says the same.
    let finer = dates.iter().filter(|d| d.precision() > first.precision() && d.touches(first.first_day(), first.last_day())).min();
    Some(*finer.unwrap_or(first))
}

/// The first date at which any version was published in the body's own sense. What was superseded was published before.
fn finished(documents: &[&Document]) -> Option<When> {
    let done = |stage: &Option<Stage>| stage.as_ref().is_some_and(|s| matches!(s.code, StageCode::Published | StageCode::Superseded));
    let date = |stage: &Option<Stage>, published: Option<When>| {
        let of_stage = stage.as_ref().filter(|s| s.code == StageCode::Published).and_then(|s| s.date);
        done(stage).then(|| published.or(of_stage)).flatten()
    };
    let versions = documents.iter().flat_map(|d| d.versions.iter().map(|v| date(&v.stage, v.published)));
    versions.chain(documents.iter().map(|d| date(&d.stage, d.published))).flatten().min()
}

/// The last date at which the body says that it withdrew the work, if nothing of it is alive.
fn withdrawn(documents: &[&Document]) -> Option<When> {
    if documents.iter().any(|d| !d.stage_code().is_over()) {
        return None;
    }
    let gone = documents.iter().filter_map(|d| d.stage.as_ref()).filter(|s| s.code == StageCode::Withdrawn);
    gone.filter_map(|s| s.date).max()
}

/// Whether the oldest version seen of an Internet-Draft is not its first (`-00`).
fn begins_late(d: &Document) -> bool {
    let number = d.versions.first().map(|v| v.number.as_str()).or(d.number.as_deref()).unwrap_or_default();
    let revision = number.strip_prefix("draft-").and_then(|n| n.rsplit_once('-')).map(|(_, r)| r);
    revision.is_some_and(|r| r.len() == 2 && r != "00" && r.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use monitor_model::{EvidenceLevel, Sighting, TopicTag, Version};

    use super::*;

    fn at(day: &str) -> Timestamp {
        format!("{day}T00:00:00Z").parse().expect("a day")
    }

    fn doc(key: &str, number: &str, published: &str, seen: &[(&str, &str)]) -> Document {
        let sightings: Vec<Sighting> = seen
            .iter()
            .map(|(source, day)| Sighting {
                source: (*source).into(),
                url: String::new(),
                first_seen: at(day),
                last_seen: at(day),
                hash: String::new(),
                present: true,
                source_key: None,
                evidence: EvidenceLevel::Primary,
            })
            .collect();
        let published = published.parse().ok();
        let first_seen = sightings[0].first_seen;
        Document {
            document: key.into(),
            body: "IETF".into(),
            group: None,
            kind: Kind::Document,
            number: Some(number.into()),
            title: key.into(),
            summary: None,
            url: String::new(),
            stage: None,
            published,
            date_raw: None,
            deadline: None,
            first_seen,
            last_checked: first_seen,
            work: key.into(),
            version: None,
            versions: vec![Version {
                version: String::new(),
                number: number.into(),
                stage: None,
                published,
                url: String::new(),
                first_seen,
            }],
            access: monitor_model::Access::Free,
            evidence: EvidenceLevel::Primary,
            lang: None,
            keywords: Vec::new(),
            sightings,
            relations: Vec::new(),
            relevance: Relevance::Relevant,
            score: 1.0,
            axes: Vec::new(),
            topics: vec![TopicTag { id: key.into(), score: 1.0, evidence: Vec::new() }],
            why: Vec::new(),
            ignored: None,
            extra: Vec::new(),
        }
    }

    #[test]
    fn versions_mirrors_and_later_numbers_are_one_work_that_begins_once() {
        let mut draft = doc("ietf/draft-a-b", "draft-a-b-00", "2025-01-10", &[("ids", "2025-01-11"), ("mirror", "2024-12-31")]);
        let mut second = draft.versions[0].clone();
        (second.number, second.published) = ("draft-a-b-01".into(), "2025-06-01".parse().ok());
        draft.versions.push(second);
        draft.published = "2025-06-01".parse().ok();
        let mut rfc = doc("ietf/rfc-1", "RFC 1", "2026-02", &[("rfcs", "2026-02-20")]);
        rfc.work = draft.document.clone();
        rfc.stage = Some(Stage { raw: "RFC".into(), code: StageCode::Published, date: None });
        rfc.kind = Kind::WorkItem;
        let since = watched_since(&[draft.clone(), rfc.clone(), doc("x", "X", "2020", &[("ids", "2023-01-01")])]);
        let made = works(&[rfc, draft], &since);
        assert_eq!(made.len(), 1);
        let w = &made[0];
        assert_eq!((w.document.as_str(), w.when, w.finished), ("ietf/draft-a-b", "2025-01-10".parse().ok(), "2026-02".parse().ok()));
        assert_eq!((w.source.as_str(), w.backfill), ("ids", false), "the source that was watched longest");
        assert_eq!(w.topics.len(), 2);
        assert_eq!(w.stage, StageCode::Published);
        assert!(w.item && w.withdrawn.is_none());
    }

    #[test]
    fn a_work_is_withdrawn_when_nothing_of_it_is_alive() {
        let stage = |code| Some(Stage { raw: String::new(), code, date: "2026-05-06".parse().ok() });
        let (mut a, mut b) = (doc("a", "A 1", "2024", &[("s", "2025-03-05")]), doc("b", "B 1", "2025", &[("s", "2025-03-05")]));
        b.work = a.document.clone();
        (a.stage, b.stage) = (stage(StageCode::Withdrawn), stage(StageCode::Published));
        assert_eq!(works(&[a.clone(), b.clone()], &BTreeMap::new())[0].withdrawn, None);
        b.stage = stage(StageCode::Superseded);
        assert_eq!(works(&[a, b], &BTreeMap::new())[0].withdrawn, "2026-05-06".parse().ok());
    }

    #[test]
    fn a_draft_first_met_as_a_later_revision_has_no_beginning() {
        let late = doc("ietf/draft-a-b", "draft-a-b-07", "2026-08-01", &[("ids", "2026-08-01")]);
        let made = works(std::slice::from_ref(&late), &watched_since(std::slice::from_ref(&late)));
        assert_eq!((made[0].when, made[0].backfill), (None, true));
        let other = doc("ietf/draft-a-2025", "draft-a-2025", "2026-08-01", &[("ids", "2026-08-01")]);
        assert!(works(&[other], &BTreeMap::new())[0].when.is_some(), "a year is no revision");
    }

    #[test]
    fn the_finer_of_two_dates_that_agree_is_taken() {
        let mut d = doc("a", "A 1", "2026-03-04", &[("s", "2026-03-05")]);
        d.published = Some(When::Year(2026));
        assert_eq!(works(&[d.clone()], &BTreeMap::new())[0].when, "2026-03-04".parse().ok());
        d.published = Some(When::Year(2025));
        assert_eq!(works(&[d], &BTreeMap::new())[0].when, Some(When::Year(2025)));
    }

    #[test]
    fn news_and_ignored_documents_are_no_works() {
        let mut news = doc("n", "N", "2026", &[("s", "2026-03-05")]);
        news.kind = Kind::News;
        let mut no = doc("o", "O", "2026", &[("s", "2026-03-05")]);
        no.ignored = Some("no".into());
        assert!(works(&[news, no], &BTreeMap::new()).is_empty());
    }
}
