use std::{collections::BTreeSet, io::Write};

use monitor_model::{Document, DocumentKey, Evidence, Known, When};
use monitor_store::{Decision, DecisionKind, Store};
use serde_json::{Value, json};

use super::Setup;
use crate::{
    cli::{Key, Report},
    exit::{Exit, Failure, Outcome},
    output::{self, plain},
};

/// The whole story of a document: by what it is known, where it was seen, to what it belongs, why it has its tags, what people
/// decided and which editions named it.
pub(super) fn run(setup: &Setup, args: &Key) -> Outcome {
    let store = super::open_existing(setup, "explain")?;
    let key = super::key_of(setup, &store, &args.key)?;
    let Some(document) = store.document(&key)? else { return Ok(Exit::Usage) };
    let story = Story::new(setup, &store, document)?;
    let mut out = output::stdout();
    match args.format {
        Report::Json => output::json_pretty(&mut out, &story.contract(setup)?)?,
        Report::Human => story.print(setup, &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// Everything that is told of one document.
struct Story {
    document: Document,
    rule: monitor_identify::Rule,
    /// Rows for these keys come here by a person's merge.
    merged_from: Vec<DocumentKey>,
    /// Relations of others to this document.
    pointing: Vec<(DocumentKey, monitor_model::RelationKind)>,
    /// The other documents of its work: key, number or title.
    work: Vec<(DocumentKey, String)>,
    decisions: Vec<Decision>,
    editions: Vec<Mentioned>,
}

/// An edition that named the document, and in which of its parts.
struct Mentioned {
    edition: String,
    as_of: When,
    parts: Vec<String>,
    delivered: Vec<String>,
}

impl Story {
    fn new(setup: &Setup, store: &Store, document: Document) -> Result<Story, Failure> {
        let key = &document.document;
        let rule = monitor_identify::rule(setup.bodies()?, &document);
        let all = store.decisions()?;
        let sent: BTreeSet<&DocumentKey> =
            all.iter().filter(|d| matches!(&d.what, DecisionKind::Merge { into } if into == key)).map(|d| &d.document).collect();
        let merged_from = sent.into_iter().filter(|k| Known::merged(store, k) == *key).cloned().collect();
        let mut pointing = Vec::new();
        for other in store.holders(key)? {
            if let Some(o) = store.document(&other)? {
                pointing.extend(o.relations.iter().filter(|r| r.document == *key).map(|r| (other.clone(), r.kind)));
            }
        }
        let mut editions = Vec::new();
        let deliveries = store.deliveries()?;
        for e in store.editions()? {
            let parts = parts(&e.json, key.as_str());
            if parts.is_empty() {
                continue;
            }
            let sent: BTreeSet<String> = deliveries
                .iter()
                .filter(|d| d.edition == e.edition && d.state == monitor_model::DeliveryState::Delivered)
                .map(|d| format!("{} {}", d.channel, d.recipient))
                .collect();
            editions.push(Mentioned { edition: e.edition, as_of: When::Instant(e.as_of), parts, delivered: sent.into_iter().collect() });
        }
        let decisions = all.iter().filter(|d| concerns(d, key)).cloned().collect();
        let work = work(store, &document)?;
        Ok(Story { rule, merged_from, pointing, work, decisions, editions, document })
    }

    fn contract(&self, setup: &Setup) -> Result<Value, Failure> {
        let d = &self.document;
        let contract = d.contract();
        Ok(json!({
            "document": d.document,
            "identity": {"rule": self.rule.as_str(), "number": d.number, "merged_from": self.merged_from},
            "sightings": contract["sightings"],
            "relations": d.relations,
            "pointing_here": self.pointing.iter().map(|(k, r)| json!({"kind": r, "document": k})).collect::<Vec<_>>(),
            "work": {"name": d.work, "others": self.work.iter().map(|(k, _)| k).collect::<Vec<_>>()},
            "relevance": d.relevance, "score": contract["score"], "axes": d.axes, "why": d.why, "topics": contract["tags"],
            "use_cases": super::use_cases(setup, d)?,
            "ignored": d.ignored,
            "decisions": self.decisions,
            "editions": self.editions.iter().map(|e| json!({
                "edition": e.edition, "as_of": e.as_of, "parts": e.parts, "delivered": e.delivered,
            })).collect::<Vec<_>>(),
        }))
    }

    fn print(&self, setup: &Setup, out: &mut impl Write) -> Result<(), Failure> {
        let d = &self.document;
        writeln!(out, "{}", plain(&d.title))?;
        writeln!(out, "\nIdentity\n  {}: {}", self.rule.words(), plain(d.number.as_deref().unwrap_or(&d.url)))?;
        writeln!(out, "  key {}", d.document)?;
        for k in &self.merged_from {
            writeln!(out, "  rows for {k} come here by a person's merge (`monitor split {k}` takes it back)")?;
        }
        writeln!(out, "\nSeen at")?;
        for s in &d.sightings {
            let until = if s.present { format!("still there on {}", day(s.last_seen)) } else { format!("last on {}", day(s.last_seen)) };
            let own = s.source_key.as_deref().map_or(String::new(), |k| format!(", its key there {}", plain(k)));
            let hash = s.hash.get(..12).map_or(String::new(), |h| format!(", page {h}…"));
            let level = serde_json::to_value(s.evidence)?;
            let level = level.as_str().unwrap_or_default();
            writeln!(out, "  {} since {}, {until} ({level}{own}{hash})  {}", s.source, day(s.first_seen), plain(&s.url))?;
        }
        if !d.relations.is_empty() || !self.pointing.is_empty() || d.work != d.document || !self.work.is_empty() {
            writeln!(out, "\nRelations")?;
        }
        for r in &d.relations {
            writeln!(out, "  this {} {}", r.kind.as_str(), r.document)?;
        }
        for (k, kind) in &self.pointing {
            writeln!(out, "  {k} {} this", kind.as_str())?;
        }
        if d.work != d.document || !self.work.is_empty() {
            writeln!(out, "  one work, named {}, with:", d.work)?;
            for (k, name) in &self.work {
                writeln!(out, "    {k}  {}", plain(name))?;
            }
        }
        self.print_tags(setup, out)?;
        if !self.decisions.is_empty() {
            writeln!(out, "\nDecisions")?;
        }
        for x in &self.decisions {
            writeln!(out, "  {} {} by {}", day(x.at), said(x), plain(&x.by))?;
        }
        if self.editions.is_empty() {
            writeln!(out, "\nIn no edition yet")?;
        } else {
            writeln!(out, "\nEditions")?;
        }
        for e in &self.editions {
            let sent = if e.delivered.is_empty() { String::new() } else { format!("; delivered to {}", plain(&e.delivered.join(", "))) };
            writeln!(out, "  {} (as of {}), in {}{sent}", plain(&e.edition), e.as_of.first_day(), e.parts.join(", "))?;
        }
        Ok(())
    }

    fn print_tags(&self, setup: &Setup, out: &mut impl Write) -> Result<(), Failure> {
        let d = &self.document;
        writeln!(out, "\nTags\n  {}, {} ({:.2} of 1)", d.relevance.as_str(), sure(d.score), d.score)?;
        for e in &d.why {
            writeln!(out, "    {}", shown(d, e))?;
        }
        let labels = setup.taxonomy()?;
        for t in &d.topics {
            let label = labels.topics().iter().find(|x| x.id == t.id).map_or("", |x| x.label.as_str());
            writeln!(out, "  {} — {label}, {} ({:.2} of 1)", t.id, sure(t.score), t.score)?;
            for e in &t.evidence {
                writeln!(out, "    {}", shown(d, e))?;
            }
        }
        for case in super::use_cases(setup, d)? {
            let label = labels.use_cases.iter().find(|c| c.id == case.id).map_or("", |c| c.label.as_str());
            writeln!(out, "  use case {} — {label}", case.id)?;
            for e in &case.evidence {
                writeln!(out, "    {}", shown(d, e))?;
            }
        }
        if d.topics.is_empty() {
            writeln!(out, "  no topic: no term of data/topics.toml stands in its title, summary or keywords")?;
        }
        Ok(())
    }
}

/// What a score means in words.
fn sure(score: f32) -> &'static str {
    match score {
        s if s >= 0.9 => "quite certain",
        s if s >= 0.7 => "likely",
        s if s >= 0.5 => "just above the threshold",
        _ => "below the threshold, the best that was found",
    }
}

fn day(t: monitor_model::Timestamp) -> jiff::civil::Date {
    When::Instant(t).first_day()
}

/// The other documents of a work, found along the relations that make it.
fn work(store: &Store, document: &Document) -> Result<Vec<(DocumentKey, String)>, Failure> {
    let mut found: Vec<(DocumentKey, String)> = Vec::new();
    let mut seen = BTreeSet::from([document.document.clone()]);
    let mut queue = vec![document.clone()];
    while let Some(d) = queue.pop() {
        let mut next: Vec<DocumentKey> = d.relations.iter().map(|r| r.document.clone()).collect();
        next.extend(Known::pointing_at(store, &d.document));
        for key in next {
            if !seen.insert(key.clone()) {
                continue;
            }
            if let Some(other) = store.document(&key)?.filter(|o| o.work == document.work) {
                found.push((key, other.number.clone().unwrap_or_else(|| other.title.clone())));
                queue.push(other);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The parts of an edition in which the key stands.
fn parts(edition: &str, key: &str) -> Vec<String> {
    fn holds(v: &Value, key: &str) -> bool {
        match v {
            Value::String(s) => s == key,
            Value::Array(list) => list.iter().any(|v| holds(v, key)),
            Value::Object(o) => o.iter().any(|(k, v)| k == key || holds(v, key)),
            _ => false,
        }
    }
    match serde_json::from_str(edition) {
        Ok(Value::Object(o)) => o.iter().filter(|(_, v)| holds(v, key)).map(|(k, _)| k.clone()).collect(),
        _ => Vec::new(),
    }
}

fn concerns(d: &Decision, key: &DocumentKey) -> bool {
    d.document == *key || matches!(&d.what, DecisionKind::Merge { into } if into == key)
}

/// A decision in words.
fn said(d: &Decision) -> String {
    let list = |ids: &[monitor_model::TopicId]| ids.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(", ");
    match &d.what {
        DecisionKind::Ignore { reason } => format!("ignored: {}", plain(reason)),
        DecisionKind::Merge { into } => format!("{} merged into {into}", d.document),
        DecisionKind::Split => "split off again".to_owned(),
        DecisionKind::Approve { until, note } => format!("approved, what happened until {until}: {}", plain(note)),
        DecisionKind::Disapprove { reason } => format!("approval taken back: {}", plain(reason)),
        DecisionKind::Correct { add, remove, reason } => {
            let mut words = Vec::new();
            if !add.is_empty() {
                words.push(format!("given {}", list(add)));
            }
            if !remove.is_empty() {
                words.push(format!("taken from {}", list(remove)));
            }
            format!("{}: {}", words.join(", "), plain(reason))
        }
    }
}

/// `“poisoned training data” in the summary: … with [poisoned training data] as …`
fn shown(d: &Document, e: &Evidence) -> String {
    let joined;
    let field = match e.field.as_str() {
        "title" => d.title.as_str(),
        "summary" => d.summary.as_deref().unwrap_or_default(),
        "number" => d.number.as_deref().unwrap_or_default(),
        "group" => d.group.as_deref().unwrap_or_default(),
        _ => {
            joined = d.keywords.join(" ");
            joined.as_str()
        }
    };
    let (start, end) = (e.start as usize, e.end as usize);
    let Some(hit) = field.get(start..end).filter(|h| !h.is_empty()) else { return format!("“{}” in the {}", plain(&e.term), e.field) };
    let before: String = field[..start].chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = field[end..].chars().take(30).collect();
    format!("“{}” in the {}: …{}[{}]{}…", plain(&e.term), e.field, plain(&before), plain(hit), plain(&after))
}
