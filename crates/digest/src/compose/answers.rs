//! The ten questions that a report answers, each by rule from what stands elsewhere in it, with links to the documents behind it.

use jiff::civil::Date;

use monitor_model::EvidenceLevel;

use super::words::count;
use crate::{Answer, CornerView, CoverageClass, Edition, Piece, What};

/// Documents that an answer names; the rest is counted, and stands in the clause.
const NAMED: usize = 3;
/// What was published is asked for by name: more of it is named.
const PUBLISHED: usize = 6;
const NONE: &str = "None found in the sources read.";

/// An answer in pieces, some of which lead to a document.
#[derive(Default)]
struct Say(Vec<Piece>);

impl Say {
    fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece { text: text.into(), url: String::new() });
        self
    }

    fn link(mut self, text: impl Into<String>, url: &str) -> Self {
        self.0.push(Piece { text: text.into(), url: url.to_owned() });
        self
    }

    /// Items with semicolons between them, the rest counted; `none` when there is none.
    fn items(mut self, items: Vec<Say>, most: usize, none: &str) -> Self {
        if items.is_empty() {
            return self.text(none);
        }
        let rest = items.len().saturating_sub(most);
        for (i, item) in items.into_iter().take(most).enumerate() {
            if i > 0 {
                self = self.text("; ");
            }
            self.0.extend(item.0);
        }
        self.text(if rest > 0 { format!("; {rest} more.") } else { ".".to_owned() })
    }
}

fn name(number: &Option<String>, title: &str) -> String {
    number.clone().unwrap_or_else(|| title.to_owned())
}

fn by(day: Option<Date>) -> String {
    day.map(|d| format!(" by {d}")).unwrap_or_default()
}

/// A subject of `editions.toml` body by body.
fn corner(e: &Edition, id: &str) -> Say {
    let Some(c) = e.corners.iter().find(|c: &&CornerView| c.id == id) else {
        return Say::default().text("Not asked for in editions.toml.");
    };
    let bodies = c
        .bodies
        .iter()
        .map(|b| {
            let said = Say::default().text(format!("{}: {}", b.body, b.stages));
            match b.examples.first() {
                Some(r) => said.text(", e.g. ").link(name(&r.number, &r.title), &r.url),
                None => said,
            }
        })
        .collect();
    Say::default().items(bodies, NAMED + 2, NONE)
}

/// One line each; what has no document behind it says where was looked.
pub(super) fn answers(e: &Edition) -> Vec<Answer> {
    let row = |number: usize, question: &str, said: Say, section: &str, rule: &str| Answer {
        number,
        question: question.to_owned(),
        answer: said.0.iter().map(|p| p.text.as_str()).collect(),
        pieces: said.0,
        section: section.to_owned(),
        rule: rule.to_owned(),
    };
    let headlines =
        e.headlines.iter().map(|h| Say::default().link(name(&h.number, &h.title), &h.url).text(format!(" ({}), {}", h.body, h.said)));
    let published = e.changes.iter().filter(|c| c.what == What::Published);
    let doubt = |c: &crate::Change| if c.unconfirmed.is_some() { ", not confirmed" } else { "" };
    let mut published: Vec<_> = published.collect();
    published.sort_by_key(|c| c.unconfirmed.is_some());
    let published =
        published.into_iter().map(|c| Say::default().link(name(&c.number, &c.title), &c.url).text(format!(" ({}{})", c.body, doubt(c))));
    let coming = e.coming.iter().map(|c| {
        Say::default().link(name(&c.item.number, &c.item.title), &c.item.url).text(format!(" ({}), {}", c.item.body, c.item.status.words))
    });
    let open = e.deadlines.iter().filter(|d| matches!(d.kind.as_str(), "comment" | "reply"));
    let open = open.map(|d| Say::default().text(format!("{}: ", d.words)).link(d.what.clone(), &d.url));
    let with: Vec<_> = e.items.iter().filter(|i| !i.others.is_empty()).collect();
    let pairs = with.iter().filter_map(|i| {
        let o = i.others.first()?;
        let said = Say::default().link(name(&i.home.number, &i.home.title), &i.home.url);
        Some(said.text(format!(" {} ", near_words(&o.relation))).link(name(&o.there.number, &o.there.title), &o.there.url))
    });
    let gaps = e.gaps.iter().filter(|g| g.nearest.is_empty()).map(|g| {
        let said = Say::default().text(format!("{} ({})", g.label, g.count));
        match g.active_elsewhere.first().and_then(|a| a.documents.first()) {
            Some(r) => said.text(", e.g. ").link(name(&r.number, &r.title), &r.url),
            None => said,
        }
    });
    let alone = e.alone.iter().map(|a| {
        let said = Say::default().text(a.label.clone());
        match a.documents.first() {
            Some(r) => said.text(", e.g. ").link(name(&r.number, &r.title), &r.url),
            None => said,
        }
    });
    let liaisons = e.options.iter().filter(|o| o.verb == "liaison").map(|o| {
        let mut said = Say::default().text(format!("{} from {}{}, on ", o.to, o.question, by(o.by)));
        for (i, r) in o.evidence.iter().take(2).enumerate() {
            said = if i > 0 { said.text(" and ") } else { said };
            said = said.link(name(&r.number, &r.title), &r.url);
        }
        said
    });
    let of = |class| e.coverage.iter().filter(move |c| c.class == class);
    let oldest = of(CoverageClass::Read).filter_map(|c| c.last_success).min();
    let unchecked = format!(
        "{} failed or stale, {} not read; {} and {} of Annex B unconfirmed; {} to earlier issues; the oldest reading among those that succeeded is of {}.",
        count(of(CoverageClass::Failed).count(), "source", "sources"),
        of(CoverageClass::NotRead).count(),
        count(e.changes.iter().filter(|c| c.unconfirmed.is_some()).count(), "line", "lines"),
        count(
            e.map.iter().flat_map(|m| &m.rows).filter(|r| !r.apart && r.item.evidence == EvidenceLevel::Secondary).count(),
            "row",
            "rows"
        ),
        count(e.corrections.len(), "correction", "corrections"),
        oldest.map_or_else(|| "no date".to_owned(), |t| super::desk::day(t).to_string()),
    );
    let having = format!("{} of {} a counterpart: ", e.paired, count(e.items.len(), "item has", "items have"));
    let pairs = if with.is_empty() { Say::default().text(NONE) } else { Say::default().text(having).items(pairs.collect(), NAMED, NONE) };
    let both = Say::default().text("Elsewhere only: ").items(gaps.collect(), NAMED, NONE);
    let both = both.text(format!(" At {} only: ", e.group.home)).items(alone.collect(), NAMED, NONE);
    vec![
        row(1, "What are the three things to know?", Say::default().items(headlines.collect(), NAMED, NONE), "1", "ranking, Annex C"),
        row(
            2,
            "What was published or approved, and where is it?",
            Say::default().items(published.collect(), PUBLISHED, NONE),
            "2",
            "stage of the body, in the period",
        ),
        row(
            3,
            "Which drafts may be published before the next plenary?",
            Say::default().items(coming.collect(), NAMED, NONE),
            "2",
            "in approval, or timing stated",
        ),
        row(
            4,
            &format!("Where can {} still comment or must reply, until when?", e.group.home),
            Say::default().items(open.collect(), NAMED, "No open consultation or reply is known in the sources read."),
            "3",
            "date stated by the body",
        ),
        row(5, &format!("Who else works on the items of {}?", e.group.home), pairs, "4", "shared topics and words, Annex E"),
        row(6, "Who works on AI agents, at which stage?", corner(e, "agents"), "7", "topics, Annex C"),
        row(7, "Where is work elsewhere and none at home, and the reverse?", both, "5", "topics, Annex A"),
        row(
            8,
            "To whom should a liaison go, from which Question?",
            Say::default().items(liaisons.collect(), NAMED, "None follows from the documents found."),
            "6",
            "counterparts and gaps; routing, Annex C",
        ),
        row(9, "What concerns operators?", corner(e, "telecom"), "7", "topics and bodies, Annex C"),
        row(
            10,
            "What was not checked, is unconfirmed or was wrong, and how fresh is it?",
            Say::default().text(unchecked),
            "8, Annexes B and C",
            "counts of Annex C",
        ),
    ]
}

/// A relation as a verb.
pub(super) fn near_words(relation: &str) -> &str {
    match relation {
        "same-scope" => "has the same scope as",
        "overlaps" => "overlaps",
        "complements" => "complements",
        "cites" => "cites or is cited by",
        other => other,
    }
}
