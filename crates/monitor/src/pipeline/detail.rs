//! Details: a second request for each row that is new or changed, as many as one run may ask, and no more than the host wants.

use std::time::Duration;

use monitor_extract::{Extraction, Page, Recipe, Tally, Verdict, contract, detail, detail_address, detail_fields};
use monitor_fetch::{Body, Outcome, Request};
use monitor_model::{Complaint, ComplaintStage, DetailWhen, Entry, Expect, Source, SourceStatus, Validators};
use url::Url;

use super::collect::{Collected, Job, Tools};

/// Under this name a source's memory keeps what was read of a detail: its validators, and of which form of the row it was read.
pub(crate) const PREFIX: &str = "detail:";

/// Asks the details that are due and fills the rows with them.
///
/// A row whose detail was read before and that the list shows as it did then is left alone: what a row leaves out is not forgotten by
/// its document. What does not fit into this run, by `max` or by the time that the source has (`spent` of it is gone), and what
/// failed, is due in the next.
pub(crate) async fn follow<'a>(tools: &Tools<'a>, job: &'a Job<'a>, mut spent: Duration, c: &mut Collected) {
    let Job { id, source, recipe, memory, .. } = job;
    let Some(declared) = &source.detail else { return };
    if !matches!(c.status, SourceStatus::Ok | SourceStatus::Partial) {
        return;
    }
    let mut due = Vec::new();
    for (page, rows) in c.rows.iter().enumerate() {
        for (row, entry) in rows.entries.iter().enumerate() {
            let Some(url) = detail_address(recipe, entry) else { continue };
            let print = print(source, entry);
            let key = format!("{PREFIX}{url}");
            let before = memory.validators.get(&key);
            c.details.insert(key);
            let order = match (before, declared.when) {
                (None, _) => 0,
                (Some(v), DetailWhen::Changed | DetailWhen::Always) if v.hash.as_deref() != Some(&print) => 1,
                (Some(_), DetailWhen::Always) => 2,
                (Some(_), _) => continue,
            };
            due.push((order, page, row, url, print));
        }
    }
    // New rows first; rows of one kind in the order of the list.
    due.sort_by_key(|d| d.0);
    let mut left = due.len().saturating_sub(declared.max as usize);
    due.truncate(declared.max as usize);
    let (mut read, mut failed) = (0_u64, 0_u64);
    let mut tally = Tally::default();
    let all = due.len();
    for (n, (_, page, row, address, print)) in due.into_iter().enumerate() {
        if spent >= source.budget() {
            left += all - n;
            let what = format!(
                "detail: not asked, nor {} more: the source has used up its time ({:?}, `budget`); they are due in the next run",
                all - n - 1,
                source.budget()
            );
            Complaint::new(ComplaintStage::Http, &address, what).add_to(&mut c.complaints);
            break;
        }
        let Ok(url) = Url::parse(&address) else {
            Complaint::new(ComplaintStage::Select, &address, "detail: not an address").add_to(&mut c.complaints);
            failed += 1;
            continue;
        };
        let key = format!("{PREFIX}{address}");
        // The hash is of the row, not of the page.
        let known = memory.validators.get(&key).map(|v| Validators { hash: None, ..v.clone() });
        let mut request = Request::of(id, source, url, known);
        request.headers.extend(declared.headers.clone());
        let fetched = tools.fetcher.get(request).await;
        spent += fetched.spent;
        c.counts.requests += fetched.requests;
        c.counts.conditional += u64::from(fetched.conditional);
        c.counts.bytes += fetched.bytes;
        for note in fetched.notes {
            note.add_to(&mut c.complaints);
        }
        let mut validators = Validators { hash: Some(print), ..fetched.validators };
        match fetched.outcome {
            Outcome::Unchanged => c.counts.not_modified += 1,
            Outcome::Blocked(why) | Outcome::Failed(why) => {
                failed += 1;
                Complaint { what: format!("detail: {}", why.what), ..why }.add_to(&mut c.complaints);
                // A host that refuses one page of many refuses the next as well.
                if c.complaints.iter().filter(|w| w.what.starts_with("detail: ")).map(|w| w.count).sum::<u64>() >= 5 && read == 0 {
                    break;
                }
                continue;
            }
            Outcome::NotAsked(_) => {
                failed += 1;
                c.cut = true;
                break;
            }
            Outcome::Fresh(body) => {
                let entry = c.rows[page].entries[row].clone();
                let (url, final_url) = (address.clone(), fetched.final_url.to_string());
                let filled = tools.desk.work(move || fill(recipe, &url, &final_url, &body, entry)).await;
                let (x, entry) =
                    match filled.unwrap_or_else(|| Err("the parser broke off; this is a fault of monitor, please report it".to_owned())) {
                        Ok(read) => read,
                        Err(what) => {
                            Complaint::new(ComplaintStage::Decode, &address, format!("detail: {what}")).add_to(&mut c.complaints);
                            failed += 1;
                            continue;
                        }
                    };
                for complaint in x.complaints {
                    Complaint { what: format!("detail: {}", complaint.what), ..complaint }.add_to(&mut c.complaints);
                }
                if let Some(why) = x.failed {
                    failed += 1;
                    Complaint { what: format!("detail: {}", why.what), ..why }.add_to(&mut c.complaints);
                    continue;
                }
                tally.add_entry(&entry);
                c.rows[page].entries[row] = entry;
                // Validators belong to the address that answered.
                if fetched.url != fetched.final_url {
                    validators = Validators { hash: validators.hash, ..Validators::default() };
                }
            }
        }
        read += 1;
        c.validators.insert(key, validators);
    }
    if left > 0 || failed > 0 {
        // A list that says “not modified” next time would hide the rows that still wait.
        c.validators.iter_mut().filter(|(k, _)| !k.starts_with(PREFIX)).for_each(|(_, v)| *v = Validators::default());
    }
    if left > 0 {
        tracing::info!(source = %id, left, "details wait for the next run (detail.max)");
    }
    if failed > 0 && read == 0 {
        // The rows themselves are good; that none of their details can be read is no small matter.
        c.status = SourceStatus::Partial;
    }
    judge(c, source, recipe, &tally);
}

/// Reads a detail into its row.
fn fill(recipe: &Recipe, url: &str, final_url: &str, body: &Body, mut row: Entry) -> Result<(Extraction, Entry), String> {
    let at = Page { url, final_url, media_type: body.media_type.as_deref(), depth: 0 };
    let mut reader = body.reader().map_err(|e| format!("the body kept aside cannot be read again: {e}; is the temporary folder full?"))?;
    let x = detail(recipe, &at, &mut *reader, &mut row);
    Ok((x, row))
}

/// What the list shows of a row, as one word: without what the source calls volatile.
fn print(source: &Source, entry: &Entry) -> String {
    let mut row = entry.clone();
    row.key = None;
    row.source = None;
    for name in &source.volatile {
        match name.as_str() {
            "title" => row.title.clear(),
            "summary" => row.summary = None,
            "stage" => row.stage = None,
            "version" => row.version = None,
            "date" | "published" => row.published = None,
            "stage_date" => row.stage_date = None,
            "deadline" => row.deadline = None,
            "keywords" => row.keywords.clear(),
            other => {
                row.extra.remove(other);
            }
        }
    }
    blake3::hash(serde_json::to_string(&row).unwrap_or_default().as_bytes()).to_hex()[..32].to_owned()
}

/// `expect` without what only details fill: a row whose detail was not asked lacks it rightly.
pub(crate) fn of_rows(expect: &Expect, recipe: &Recipe) -> Expect {
    let of_details = detail_fields(recipe);
    let mut expect = expect.clone();
    expect.fill.retain(|field, _| !(of_details.contains(&field.as_str()) || field == "date" && of_details.contains(&"published")));
    expect
}

/// Holds the rows whose details were read against what `expect.fill` says of the fields that only details fill.
fn judge(c: &mut Collected, source: &Source, recipe: &Recipe, tally: &Tally) {
    let Some(expect) = source.expect.as_ref().filter(|_| tally.rows > 0) else { return };
    let mut fill = expect.fill.clone();
    let rows_own = of_rows(expect, recipe).fill;
    fill.retain(|field, _| !rows_own.contains_key(field));
    for (key, verdict, explanation) in contract(&Expect { fill, ..Expect::default() }, tally) {
        let held = verdict == Verdict::Ok;
        if !held {
            let url = source.url.clone().unwrap_or_default();
            Complaint::new(ComplaintStage::Validate, url, format!("contract broken: {key} of the details: {explanation}"))
                .add_to(&mut c.complaints);
            c.status = SourceStatus::Broken;
        }
        c.contract.push((key, held, explanation));
    }
}
