//! Made-up documents for tests.
use monitor_model::{Access, Document, EvidenceLevel, Kind, Relevance, Stage, StageCode, Timestamp, TopicTag};

use crate::{Home, Input, TopicInfo};

pub(crate) fn at(day: &str) -> Timestamp {
    format!("{day}T00:00:00Z").parse().expect("a day")
}

pub(crate) fn home() -> Home {
    Home { body: "ITU-T".into(), group: "SG17".into(), default_question: "Q16/17".into(), ..Home::default() }
}

/// Under study at home or a draft elsewhere, with these topics, first seen at the start of 2026.
pub(crate) fn doc(key: &str, body: &str, group: &str, title: &str, topics: &[&str]) -> Document {
    Document {
        document: key.into(),
        body: body.into(),
        group: Some(group.into()),
        kind: Kind::Document,
        number: None,
        title: title.into(),
        summary: None,
        url: format!("https://example.org/{key}"),
        stage: Some(Stage { raw: "under study".into(), code: StageCode::Draft, date: None }),
        published: None,
        date_raw: None,
        deadline: None,
        first_seen: at("2026-01-01"),
        last_checked: at("2026-11-01"),
        work: key.into(),
        version: None,
        versions: Vec::new(),
        access: Access::Free,
        evidence: EvidenceLevel::Primary,
        lang: None,
        keywords: Vec::new(),
        sightings: Vec::new(),
        relations: Vec::new(),
        relevance: Relevance::Relevant,
        score: 1.0,
        axes: Vec::new(),
        topics: topics.iter().map(|t| TopicTag { id: (*t).into(), score: 1.0, evidence: Vec::new() }).collect(),
        why: Vec::new(),
        ignored: None,
        extra: Vec::new(),
    }
}

pub(crate) fn staged(mut d: Document, code: StageCode, published: &str) -> Document {
    d.stage = Some(Stage { raw: code.as_str().into(), code, date: None });
    d.published = published.parse().ok();
    d
}

pub(crate) fn topics(ids: &[&str]) -> Vec<TopicInfo> {
    ids.iter().map(|t| TopicInfo { id: (*t).into(), label: (*t).into() }).collect()
}

pub(crate) fn input<'a>(documents: &'a [Document], topics: &'a [TopicInfo], home: &'a Home) -> Input<'a> {
    Input {
        as_of: "2026-11-01".parse().expect("a date"),
        documents,
        topics,
        home,
        bodies_watched: &[],
        not_read: &[],
        not_sdos: &[],
        dates: crate::Dates::default(),
    }
}
