use std::{collections::BTreeSet, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use monitor_model::{Complaint, ComplaintStage, Payload, Robots, Validators};
use url::Url;

use crate::{
    Fetched, Outcome, Request,
    clock::until,
    fault::Fault,
    fetcher::{Fetcher, Transport},
    guard,
    host::{Host, Late},
    live::{Answer, Ask, Landing, Wire},
    obey::Standing,
    verdict::judge,
};

/// So many redirects are followed.
const MAX_REDIRECTS: usize = 10;
/// So often is one address asked, at most.
const MAX_TRIES: usize = 3;
/// A host that has refused so often in a row is not asked a second time for the same page.
const PATIENT_REFUSALS: u32 = 3;

/// Why there is no answer.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    Fault(Fault),
    Late(Late),
}

/// What a request may still spend, and what it has spent.
#[derive(Debug)]
pub(crate) struct Effort {
    pub(crate) left: Duration,
    pub(crate) requests: u64,
    pub(crate) robots: bool,
    pub(crate) notes: Vec<Complaint>,
}

impl Fetcher {
    /// From the address that is asked, over redirects, to an outcome.
    pub(crate) async fn journey(&self, request: &Request) -> Fetched {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut fetched = Fetched::begin(&request.url, self.options().now);
        let mut effort = Effort { left: request.timeout, requests: 0, robots: false, notes: Vec::new() };
        let mut seen = BTreeSet::new();
        let mut payload = request.payload.as_ref();
        let outcome = loop {
            fetched.final_url = url.clone();
            if !seen.insert((url.clone(), payload.is_some())) {
                break failed(&url, ComplaintStage::Http, "the redirects go in a circle");
            }
            if seen.len() > MAX_REDIRECTS + 1 {
                break failed(&url, ComplaintStage::Http, format!("more than {MAX_REDIRECTS} redirects"));
            }
            match self.hop(request, &url, payload, &mut fetched, &mut effort).await {
                Hop::End(outcome) => break outcome,
                Hop::On(next) => {
                    if url.scheme() == "https" && next.scheme() == "http" {
                        fetched.note(ComplaintStage::Tls, format!("redirected from https to http: {next}"));
                    }
                    // As a browser does: only 307 and 308 send the same again, and never to somebody else.
                    let again = matches!(fetched.status, Some(307 | 308)) && next.origin() == url.origin();
                    payload = payload.filter(|_| again);
                    url = next;
                }
            }
        };
        fetched.outcome = outcome;
        fetched.requests = effort.requests;
        fetched.spent = request.timeout.saturating_sub(effort.left);
        fetched.notes.append(&mut effort.notes);
        fetched
    }

    async fn hop(&self, request: &Request, url: &Url, payload: Option<&Payload>, fetched: &mut Fetched, effort: &mut Effort) -> Hop {
        let known = if *url == request.url { request.validators.as_ref() } else { None };
        let known = known.or_else(|| request.others.get(url.as_str())).filter(|_| payload.is_none());
        let before = effort.requests;
        let (answer, asked) = match self.transport() {
            Transport::Archive(archive) => {
                let answer = archive.answer(url, payload, self.options().until, request.max_bytes, known).await;
                effort.requests += u64::from(answer.is_ok());
                (answer.map_err(Stop::Fault), known.is_some_and(|v| *v != Validators::default()))
            }
            Transport::Wire(wire) => {
                let host = self.host(url);
                if let Some(outcome) = self.forbidden(wire, &host, url, request, fetched).await {
                    return Hop::End(outcome);
                }
                let headers = headers(request, url, known);
                let ask = Ask { url, headers, max_bytes: request.max_bytes, trim: false, allow_private: request.allow_private, payload };
                let answer = self.ask(wire, &host, &ask, request.rate.spacing(), effort).await;
                (answer, known.is_some_and(|v| v.etag.is_some() || v.last_modified.is_some()))
            }
        };
        fetched.conditional |= asked && effort.requests > before;
        let answer = match answer {
            Ok(answer) => answer,
            Err(Stop::Fault(fault)) => return Hop::End(failed(url, fault.stage, fault.what)),
            Err(Stop::Late(late)) => return Hop::End(self.late(late, url, fetched)),
        };
        fetched.status = Some(answer.status);
        fetched.link = answer.headers.get("link").map(str::to_owned);
        fetched.bytes += answer.body.len;
        if let Some(hop) = redirected(url, &answer, request.allow_private || self.is_replay()) {
            return hop;
        }
        let now = self.now();
        fetched.fresh_for = answer.headers.fresh_for(now);
        fetched.retry_after = answer.headers.retry_after(now);
        let outcome = judge(url, &answer, asked);
        fetched.validators = match &outcome {
            Outcome::Fresh(body) => Validators {
                etag: answer.headers.get("etag").map(str::to_owned),
                last_modified: answer.headers.get("last-modified").map(str::to_owned),
                hash: Some(body.hash.clone()),
            },
            Outcome::Unchanged => known.cloned().unwrap_or_default(),
            _ => Validators::default(),
        };
        Hop::End(outcome)
    }

    /// Whether the guard or robots.txt forbids to ask.
    async fn forbidden(&self, wire: &Wire, host: &Host, url: &Url, request: &Request, fetched: &mut Fetched) -> Option<Outcome> {
        if let Some(why) = guard::refuse(url, request.allow_private) {
            return Some(failed(url, ComplaintStage::Dns, why));
        }
        if !matches!(request.robots, Robots::Obey) {
            return None;
        }
        match self.standing(wire, host, url, request).await {
            Ok(Standing::Rules(rules)) => {
                let path = url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()));
                let rule = rules.forbids(&path)?;
                let what = format!(
                    "robots.txt forbids it (Disallow: {rule}); look for a feed or an API, or give the source robots = {{ ignore = true, why = \"…\" }} if the body permits it"
                );
                Some(Outcome::Blocked(Complaint::new(ComplaintStage::Http, url.as_str(), what)))
            }
            Ok(Standing::Unknown(why, true)) => Some(Outcome::Blocked(why)),
            Ok(Standing::Unknown(why, false)) => Some(Outcome::Failed(why)),
            Err(Stop::Late(late)) => Some(self.late(late, url, fetched)),
            Err(Stop::Fault(fault)) => Some(failed(url, fault.stage, fault.what)),
        }
    }

    /// Asks one address, with retries within what `effort` has left. Each try waits for the host's turn.
    pub(crate) async fn ask(
        &self,
        wire: &Wire,
        host: &Host,
        ask: &Ask<'_>,
        spacing: Duration,
        effort: &mut Effort,
    ) -> Result<Answer, Stop> {
        let air = self.air();
        // Made before the host's pace is measured, or its first request would come late and the second too soon after it.
        wire.client(ask.allow_private).map_err(Stop::Fault)?;
        let mut delays = ExponentialBuilder::new().with_max_times(MAX_TRIES - 1).build();
        loop {
            let turn = host.turn(air, spacing, effort.left, effort.robots).await.map_err(Stop::Late)?;
            effort.left = effort.left.saturating_sub(turn.held);
            effort.requests += 1;
            let began = air.clock.now();
            let limit = air.end.map_or(effort.left, |end| effort.left.min(until(began, end)));
            let landing = Landing::default();
            let result = tokio::select! {
                biased;
                result = wire.send(ask, &landing) => result,
                () = air.clock.limit(limit) => Err(Fault::timeout(limit)),
            };
            let now = air.clock.now();
            effort.left = effort.left.saturating_sub(until(began, now));
            match &result {
                Ok(a) => {
                    tracing::debug!(url = %ask.url, status = a.status, bytes = a.body.len, ms = until(began, now).as_millis(), "asked")
                }
                Err(fault) => tracing::debug!(url = %ask.url, stage = ?fault.stage, why = fault.what, "asked in vain"),
            }
            let again = learn(host, &result, now);
            // Nobody knows what a second POST would do.
            let again = if ask.payload.is_some() { Again::No } else { again };
            drop(turn);
            // An exchange that fails midway is recorded as far as it came.
            let recorded = match &result {
                Ok(answer) => self.record(ask, answer, None).await,
                Err(fault) if self.is_recording() => match landing.end() {
                    Some(begun) => self.record(ask, &begun, Some(fault.truncated)).await,
                    None => Ok(()),
                },
                Err(_) => Ok(()),
            };
            if let Err(e) = recorded {
                let what = format!("the exchange could not be recorded: {e}");
                Complaint::new(ComplaintStage::Http, ask.url.as_str(), what).add_to(&mut effort.notes);
            }
            let delay = match again {
                Again::No => None,
                // The host's own back-off makes the next turn wait.
                Again::AfterHost(wait) => delays.next().filter(|_| wait <= effort.left).map(|_| Duration::ZERO),
                Again::After(at_least) => delays.next().map(|d| d.max(at_least)).filter(|d| *d < effort.left),
            };
            match delay {
                Some(delay) => {
                    if !delay.is_zero() {
                        effort.left -= delay;
                        air.clock.sleep(delay).await;
                    }
                }
                None => {
                    if result.as_ref().is_err_and(|fault| fault.passing) {
                        host.silent();
                    }
                    return result.map_err(Stop::Fault);
                }
            }
        }
    }

    fn late(&self, late: Late, url: &Url, fetched: &mut Fetched) -> Outcome {
        let host = Host::key(url);
        match late {
            Late::Held(until_then) => {
                fetched.retry_after = Some(until(self.now(), until_then));
                let what = format!("not asked: {host} refused us and is left alone until {until_then:.0}");
                Outcome::Blocked(Complaint::new(ComplaintStage::Http, url.as_str(), what))
            }
            Late::CrawlDelay(delay) => {
                fetched.retry_after = Some(delay);
                let what =
                    format!("not asked: robots.txt of {host} wants {} s between two requests, longer than `timeout`", delay.as_secs());
                Outcome::Blocked(Complaint::new(ComplaintStage::Http, url.as_str(), what))
            }
            Late::Silent(times) => {
                let what =
                    format!("not asked: {host} left {times} pages in a row without an answer in this run; it is asked again next time");
                failed(url, ComplaintStage::Http, what)
            }
            Late::Deadline => {
                Outcome::NotAsked(Complaint::new(ComplaintStage::Http, url.as_str(), "not asked: the time of this run is up"))
            }
        }
    }
}

enum Hop {
    End(Outcome),
    On(Url),
}

/// Whether to try once more.
enum Again {
    No,
    /// When the host's back-off of this length is over.
    AfterHost(Duration),
    /// After a delay of at least this.
    After(Duration),
}

/// Tells the host what came of a request.
fn learn(host: &Host, result: &Result<Answer, Fault>, now: Timestamp) -> Again {
    match result {
        Ok(answer) => {
            let retry_after = answer.headers.retry_after(now);
            match answer.status {
                status @ (403 | 429 | 503) => match host.refused(now, status, retry_after) {
                    Some(wait) if status != 403 && host.refusals() <= PATIENT_REFUSALS => Again::AfterHost(wait),
                    _ => Again::No,
                },
                408 | 425 | 502 | 504 => {
                    host.reached();
                    Again::After(retry_after.unwrap_or_default())
                }
                401 | 451 | 500.. => {
                    host.reached();
                    Again::No
                }
                _ => {
                    host.fine();
                    Again::No
                }
            }
        }
        // A host that is down is not tried three times for every page.
        Err(fault) if fault.unreachable => match host.unreachable() < u32::try_from(MAX_TRIES).unwrap_or(u32::MAX) && fault.passing {
            true => Again::After(Duration::ZERO),
            false => Again::No,
        },
        Err(fault) if fault.passing => Again::After(Duration::ZERO),
        Err(_) => Again::No,
    }
}

/// The header fields of a request. After a redirect to another host only what every browser would send.
fn headers(request: &Request, url: &Url, known: Option<&Validators>) -> Vec<(String, String)> {
    let same = url.origin() == request.url.origin();
    let mut out: Vec<(String, String)> = request
        .headers
        .iter()
        .filter(|(name, _)| same || name.to_ascii_lowercase().starts_with("accept"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if let Some(known) = known {
        out.extend(known.etag.iter().map(|v| ("If-None-Match".to_owned(), v.clone())));
        out.extend(known.last_modified.iter().map(|v| ("If-Modified-Since".to_owned(), v.clone())));
    }
    out
}

/// What to do about a redirect; none when there is none. The guard looks at every hop.
fn redirected(url: &Url, answer: &Answer, allow_private: bool) -> Option<Hop> {
    let to = redirect_target(url, answer)?;
    Some(match guard::refuse(&to, allow_private) {
        Some(why) => Hop::End(failed(&to, ComplaintStage::Dns, format!("redirected by {url} to {why}"))),
        None => Hop::On(to),
    })
}

/// Where a redirect leads.
pub(crate) fn redirect_target(url: &Url, answer: &Answer) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let bytes: Vec<u8> = answer.headers.get("location")?.trim().chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let mut to = url.join(&String::from_utf8_lossy(&bytes)).ok()?;
    to.set_fragment(None);
    // What a redirect hands us is no password of ours.
    let _ = to.set_username("");
    let _ = to.set_password(None);
    Some(to)
}

fn failed(url: &Url, stage: ComplaintStage, what: impl Into<String>) -> Outcome {
    Outcome::Failed(Complaint::new(stage, url.as_str(), what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, headers::Headers};

    #[test]
    fn no_redirect_leads_to_a_private_place_or_another_scheme() {
        let hop = |status: u16, to: &str, allow_private: bool| {
            let url = Url::parse("https://public.example.org/list").expect("an address");
            let headers = Headers(vec![("Location".to_owned(), crate::live::latin1(to.as_bytes()))]);
            match redirected(&url, &Answer { status, headers, body: Body::from_bytes("", None) }, allow_private) {
                None => "no redirect".to_owned(),
                Some(Hop::On(to)) => to.to_string(),
                Some(Hop::End(Outcome::Failed(c))) if c.stage == ComplaintStage::Dns => "refused".to_owned(),
                Some(Hop::End(other)) => format!("{other:?}"),
            }
        };
        for to in [
            "http://127.0.0.1/",
            "https://127.0.0.1:8443/x",
            "http://[::1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.1.2.3/",
            "http://192.168.0.1/",
            "http://172.20.0.1/",
            "http://100.64.0.1/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://2130706433/",
            "http://127.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[fe80::1]/",
            "http://localhost/",
            "http://a.localhost./",
            "http://0.0.0.0/",
            "//127.0.0.1/x",
            "http://①②⑦.0.0.1/",
            "http://user:word@127.0.0.1/",
        ] {
            for status in [301, 302, 303, 307, 308] {
                assert_eq!(hop(status, to, false), "refused", "{status} {to}");
            }
            assert!(hop(302, to, true).starts_with("http"), "{to} is permitted by allow_private");
        }
        for to in ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "data:text/xml,<rss/>", "gopher://example.org/"] {
            for allow_private in [false, true] {
                assert_eq!(hop(302, to, allow_private), "refused", "{to}");
            }
        }
        assert_eq!(hop(302, "/next", false), "https://public.example.org/next");
        assert_eq!(hop(302, "http://user:word@example.org/#part", false), "http://example.org/");
        assert_eq!(hop(200, "http://127.0.0.1/", false), "no redirect");
    }
}
