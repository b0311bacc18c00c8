//! What the report to a plenary holds beside the digest: its head, drafts that are coming, every item of ours, subjects apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use monitor_landscape::has_lapsed;
use monitor_model::{Document, DocumentKey, EvidenceLevel, Kind, StageCode};

use super::{desk::Desk, name, sorts, stage, stage::Comment, words};
use crate::{
    Change, ComingLine, CornerBody, CornerView, Counterpart, CoverageClass, CoverageLine, Form, HeaderBlock, ItemLine, Life, NearItem,
    clean::clip,
};

const COMING: usize = 12;
const EXAMPLES: usize = 2;
const PER_ITEM: usize = 2;

/// `1-10 June 2026`, `30 March - 2 April 2026`.
pub(super) fn span_words(start: Date, end: Date) -> String {
    let month = |d: Date| d.strftime("%B").to_string();
    match (start == end, start.month() == end.month() && start.year() == end.year(), start.year() == end.year()) {
        (true, ..) => format!("{} {} {}", start.day(), month(start), start.year()),
        (_, true, _) => format!("{}-{} {} {}", start.day(), end.day(), month(end), end.year()),
        (_, _, true) => format!("{} {} - {} {} {}", start.day(), month(start), end.day(), month(end), end.year()),
        _ => format!("{} {} {} - {} {} {}", start.day(), month(start), start.year(), end.day(), month(end), end.year()),
    }
}

pub(super) fn header(
    desk: &Desk,
    changes: &[Change],
    coverage: &[CoverageLine],
    (paired, items): (usize, usize),
    period: &str,
) -> Option<HeaderBlock> {
    let group = desk.input.group;
    // Where the whole body is at home, it speaks for itself.
    let own = if group.group.is_empty() { &group.body } else { &group.group };
    let (kind, title, purpose) = match desk.input.form {
        Form::Td => ("TD", format!("{}: activity report of {}, {period}", group.title, group.name), "Information"),
        Form::Map => ("TD", format!("{}: landscape on {}", group.title, desk.today), "Information"),
        Form::Ls => ("LIAISON STATEMENT", String::new(), "Action"),
        Form::Call => ("TD", format!("{}: call for expertise", group.title), "Discussion"),
        Form::Mail | Form::Flash => return None,
    };
    let meeting = match desk.input.calendar.next_plenary(desk.today) {
        Some(m) if m.place.is_empty() => span_words(m.start, m.end),
        Some(m) => format!("{}, {}", m.place, span_words(m.start, m.end)),
        None => "place and dates not known yet".to_owned(),
    };
    let read = coverage.iter().filter(|c| c.is_read()).count();
    let imported = coverage.iter().filter(|c| c.is_imported()).count();
    let declared = coverage.len() - imported;
    let files = words::count(imported, "source known from imported files", "sources known from imported files");
    let basis = match (read, imported) {
        (_, 0) => format!("{} (of {declared} declared)", words::count(read, "source read", "sources read")),
        (0, _) => format!("{files}; none of the {declared} declared sources was read"),
        _ => format!("{} (of {declared} declared) and {files}", words::count(read, "source read", "sources read")),
    };
    let bodies = changes.iter().map(|c| &c.body).collect::<BTreeSet<_>>().len();
    let drafts = match changes.iter().filter(|c| c.status.individual).count() {
        0 => String::new(),
        n => format!(", {n} of them individual Internet-Drafts, which anyone may post"),
    };
    let summary = match desk.input.form {
        Form::Td => format!(
            "This TD holds the activity report of {} for {period}: {} of {} changed in AI security standardization{drafts}. \
             It gives counterparts of {paired} of {} of {}, gaps, options for consideration and the deadlines that are known. \
             It rests on {basis}; Annex C names what was not read.",
            group.name,
            words::count(changes.len(), "item", "items"),
            words::count(bodies, "body", "bodies"),
            words::count(items, "item", "items"),
            desk.home_name(),
        ),
        Form::Map => format!(
            "This TD holds a map of standards documents on AI security by body, topic and stage. It rests on {basis}; “?” marks what was not read."
        ),
        Form::Call => {
            "This TD asks for expertise on the items and topics below. Each line rests on the documents that it names.".to_owned()
        }
        _ => String::new(),
    };
    let named = |n: &str| n.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
    Some(HeaderBlock {
        study_period: clip(&group.study_period, 20),
        number: if kind == "TD" { format!("{own}-TDxxx") } else { String::new() },
        group: match own.strip_prefix("SG") {
            Some(n) => format!("STUDY GROUP {n}"),
            None => own.to_uppercase(),
        },
        questions: match group.question_line.as_str() {
            "" => named(&group.default_question),
            q => clip(q, 30),
        },
        meeting,
        kind: kind.to_owned(),
        source: clip(&group.source_line, 120),
        title,
        purpose: purpose.to_owned(),
        contact: clip(if group.contact.is_empty() { &group.source_line } else { &group.contact }, 120),
        keywords: group.keywords.iter().map(|k| clip(k, 40)).collect::<Vec<_>>().join("; "),
        summary,
        action: match desk.input.form {
            Form::Call => format!("{} experts are invited to answer to the contact above.", desk.home_name()),
            Form::Map => format!("{own} is invited to note this landscape."),
            Form::Ls => String::new(),
            _ => format!("{own} is invited to note this report and to consider the options in clause 6."),
        },
    })
}

/// Works of standards documents, each by the document of it that got furthest. News, letters and what vendors publish are none.
fn faces<'a>(desk: &Desk<'a>) -> impl Iterator<Item = &'a Document> {
    let list: Vec<&Document> = desk
        .works
        .values()
        .filter_map(|w| {
            w.iter()
                .copied()
                .filter(|d| sorts::is_shown(d))
                .filter(|d| desk.counts(d))
                .max_by_key(|d| (d.stage_code() as u8 != StageCode::Unknown as u8, d.stage_code(), std::cmp::Reverse(&d.document)))
        })
        .collect();
    list.into_iter()
}

/// Drafts in approval, and those whose body states a date before the next plenary.
pub(super) fn coming(desk: &Desk) -> Vec<ComingLine> {
    let plenary = desk.input.calendar.next_plenary(desk.today).map(|m| m.end);
    let mut lines: Vec<(u8, ComingLine)> = faces(desk)
        .filter(|d| !matches!(d.stage_code(), StageCode::Published) && !d.stage_code().is_over() && !desk.waits(d))
        // A body's page of one edition that was published before says no date of its draft: that draft is not to come.
        .filter(|d| !d.versions.iter().any(|v| v.url == d.url && v.stage.as_ref().is_some_and(|s| s.code == StageCode::Published)))
        .filter_map(|d| {
            let stated = d.extra("timing").and_then(month_in).filter(|m| *m >= desk.today.first_of_month());
            let item = desk.reference_to(d);
            let basis = match (d.stage_code(), stated, plenary) {
                (_, Some(m), Some(p)) if m <= p => {
                    format!("timing stated by {}: {}", item.body, clip(d.extra("timing").unwrap_or_default(), 40))
                }
                (StageCode::Approval, ..) => {
                    // Words of a stage may hold its day.
                    let dated = d.stage.as_ref().is_some_and(|s| s.date.is_some() || s.raw.contains("20"));
                    let since = if dated { "" } else { " on a day that is not stated" };
                    format!("{}{since}, no date of publication stated", item.status.words)
                }
                _ => return None,
            };
            let (questions, _) = desk.questions(d);
            Some((u8::from(!desk.is_home(d)), ComingLine { item, basis, questions }))
        })
        .collect();
    lines.sort_by(|a, b| (a.0, &a.1.item.body, &a.1.item.number).cmp(&(b.0, &b.1.item.body, &b.1.item.number)));
    lines.into_iter().map(|(_, l)| l).take(COMING).collect()
}

/// The first day of `2026-06` in `2026-06 (Medium priority)`.
fn month_in(text: &str) -> Option<Date> {
    let (year, rest) = text.trim().split_at_checked(4)?;
    let month = rest.strip_prefix('-')?.get(..2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

/// Every open item of the home group with the nearest elsewhere.
pub(super) fn items(desk: &Desk, near: &[NearItem]) -> Vec<ItemLine> {
    let by_work: BTreeMap<&DocumentKey, &NearItem> =
        near.iter().filter_map(|n| Some((desk.work(desk.documents.get(&n.home.document)?), n))).collect();
    let is_item = |d: &Document| d.stage_code() != StageCode::Unknown || d.kind == Kind::WorkItem;
    // Numbered work that goes on, then Recommendations in force, then groups, texts of Questions and what nobody confirmed.
    let rank = |d: &Document| match (name::number(d).is_some_and(|n| words::question(&n).is_none()), desk.evidence(d)) {
        (true, EvidenceLevel::Primary | EvidenceLevel::Mirror) if is_item(d) => u8::from(d.stage_code() == StageCode::Published),
        _ => 2,
    };
    let mut lines: Vec<(u8, ItemLine)> = faces(desk)
        .filter(|d| desk.is_home(d) && !d.stage_code().is_over())
        // Without a title nothing can be compared, and "none found" would say that it was.
        .filter(|d| !name::is_untitled(d) || by_work.contains_key(desk.work(d)))
        .map(|d| {
            let n = by_work.get(desk.work(d));
            let others: Vec<_> = n.map(|n| n.others.iter().take(PER_ITEM).cloned().collect()).unwrap_or_default();
            let rest = n.map_or(0, |n| n.rest + n.others.len() - others.len());
            let (questions, _) = desk.questions(d);
            (rank(d), ItemLine { home: desk.reference_to(d), questions, others, rest })
        })
        .collect();
    lines.sort_by(|a, b| {
        let key = |l: &(u8, ItemLine)| (l.0, l.1.others.is_empty());
        key(a).cmp(&key(b)).then_with(|| (&a.1.home.number, &a.1.home.document).cmp(&(&b.1.home.number, &b.1.home.document)))
    });
    lines.into_iter().map(|(_, l)| l).collect()
}

/// How many items have something near, whether a form shows it or not.
pub(super) fn paired(desk: &Desk, items: &[ItemLine], pairs: &[Counterpart]) -> usize {
    let with: BTreeSet<&DocumentKey> = pairs.iter().filter_map(|p| desk.documents.get(&p.document)).map(|d| desk.work(d)).collect();
    items.iter().filter_map(|i| desk.documents.get(&i.home.document)).filter(|d| with.contains(desk.work(d))).count()
}

/// What became of the home group's items.
pub(super) fn lives(desk: &Desk) -> Vec<Life> {
    let ours = |d: &&&Document| desk.is_home(d) && matches!(d.kind, Kind::Document | Kind::WorkItem);
    let documents: Vec<&Document> = desk.documents.values().filter(ours).copied().collect();
    crate::pictures::lives(&documents, desk.today)
}

/// The subjects of `editions.toml` by body.
pub(super) fn corners(desk: &Desk, changes: &[Change], coverage: &[CoverageLine]) -> Vec<CornerView> {
    let changed: BTreeSet<&DocumentKey> = changes.iter().filter(|c| !c.what.is_end()).map(|c| &c.work).collect();
    desk.input
        .group
        .corners
        .iter()
        .map(|corner| {
            let mut by_body: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
            for d in faces(desk).filter(|d| {
                !d.stage_code().is_over()
                    && !has_lapsed(d, desk.today)
                    && (corner.bodies.contains(&d.body) || d.topics.iter().any(|t| corner.topics.contains(&t.id)))
            }) {
                by_body.entry(&d.body).or_default().push(d);
            }
            let mut bodies: Vec<CornerBody> = by_body
                .into_iter()
                .map(|(body, mut list)| {
                    let mut stages: BTreeMap<StageCode, usize> = BTreeMap::new();
                    // What nobody can comment on any more says so; where no day is stated, it is a draft unless it only asks.
                    let is_closed = |d: &&Document| matches!(stage::comment(d, desk.today), Some(Comment::Closed));
                    let code = |d: &Document| match stage::comment(d, desk.today) {
                        Some(Comment::Unstated) if sorts::is_announcement(d) => StageCode::Unknown,
                        Some(Comment::Unstated) => StageCode::Draft,
                        _ => stage::code(d, desk.today),
                    };
                    // Of what anyone may post the stage says nothing.
                    let firm = || list.iter().filter(|d| !words::is_individual(d));
                    firm().filter(|d| !is_closed(d)).for_each(|d| *stages.entry(code(d)).or_default() += 1);
                    let closed = firm().filter(|d| is_closed(d)).count();
                    let date = |d: &Document| d.stage.as_ref().and_then(|s| s.date).or(d.published);
                    let is_news = |d: &Document| changed.contains(desk.work_key(d));
                    let drafts = |d: &Document| words::is_individual(d);
                    list.sort_by(|a, b| {
                        (drafts(a), desk.is_hearsay(a), !is_news(a), std::cmp::Reverse(date(a)), &a.document).cmp(&(
                            drafts(b),
                            desk.is_hearsay(b),
                            !is_news(b),
                            std::cmp::Reverse(date(b)),
                            &b.document,
                        ))
                    });
                    CornerBody {
                        body: clip(body, 60),
                        works: list.len(),
                        stages: {
                            let mut said: Vec<String> = stages.iter().rev().map(|(s, n)| stage_count(*s, *n)).collect();
                            said.extend((closed > 0).then(|| format!("{closed} whose comment period is closed")));
                            let n = list.iter().filter(|d| words::is_individual(d)).count();
                            said.extend((n > 0).then(|| words::count(n, "individual draft", "individual drafts")));
                            said.join(", ")
                        },
                        changed: list.iter().filter(|d| is_news(d)).count(),
                        examples: list.iter().take(EXAMPLES).map(|d| desk.reference_to(d)).collect(),
                    }
                })
                .collect();
            bodies.sort_by(|a, b| (std::cmp::Reverse(a.works), &a.body).cmp(&(std::cmp::Reverse(b.works), &b.body)));
            let read = |b: &String| coverage.iter().any(|c| c.body == **b && c.class == CoverageClass::Read);
            let shown = |b: &String| bodies.iter().any(|x| x.body == **b);
            CornerView {
                id: clip(&corner.id, 40),
                label: clip(&corner.label, 80),
                works: bodies.iter().map(|b| b.works).sum(),
                changed: bodies.iter().map(|b| b.changed).sum(),
                not_read: corner.bodies.iter().filter(|b| !shown(b) && !read(b)).cloned().collect(),
                none_found: corner.bodies.iter().filter(|b| !shown(b) && read(b)).cloned().collect(),
                bodies,
            }
        })
        .collect()
}

/// A stage as a count says it.
fn stage_count(s: StageCode, n: usize) -> String {
    match s {
        StageCode::Unknown => format!("{n} whose stage is not stated"),
        StageCode::Idea => words::count(n, "idea", "ideas"),
        StageCode::NewWork => words::count(n, "new work item", "new work items"),
        StageCode::Draft => words::count(n, "draft", "drafts"),
        StageCode::Approval => format!("{n} in approval"),
        StageCode::Consultation => format!("{n} open for comment"),
        s => format!("{n} {s}"),
    }
}
