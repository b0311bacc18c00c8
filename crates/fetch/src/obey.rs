use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use monitor_model::{Complaint, ComplaintStage};
use url::Url;

use crate::{
    Request,
    clock::until,
    fetcher::Fetcher,
    guard,
    host::Host,
    journey::{Effort, Stop, redirect_target},
    live::{Ask, Wire, is_good},
    robots::{MAX_BYTES, Rules},
};

/// A robots.txt is believed for so long (RFC 9309, section 2.4).
const DAY: Duration = Duration::from_secs(24 * 3600);
/// So many redirects of a robots.txt are followed (section 2.3.1.2).
const MAX_REDIRECTS: usize = 5;
/// Total time for reading one.
const PATIENCE: Duration = Duration::from_secs(30);

/// How we stand with a host.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// Its rules; empty when it has none.
    Rules(Arc<Rules>),
    /// They cannot be read, so nothing may be asked now. True: the host answered and refused; false: it could not be reached.
    Unknown(Complaint, bool),
}

impl Fetcher {
    /// The rules of a host: from this run, from an earlier one if not older than a day, else asked for, once.
    pub(crate) async fn standing(&self, wire: &Wire, host: &Host, url: &Url, request: &Request) -> Result<Standing, Stop> {
        let mut known = host.robots.lock().await;
        if let Some(standing) = &*known {
            return Ok(standing.clone());
        }
        let now = self.options().now;
        let stored = host.stored_robots();
        let rules = |text: Option<&str>| Rules::parse(text.unwrap_or_default().as_bytes(), &self.options().agent.name);
        let standing = match &stored {
            Some((at, text)) if age(*at, now) < DAY => Standing::Rules(Arc::new(rules(text.as_deref()))),
            _ => match self.read_robots(wire, url, request).await? {
                Ok(text) => {
                    let standing = Standing::Rules(Arc::new(rules(text.as_deref())));
                    host.store_robots(now, text);
                    standing
                }
                // An old copy is better than none (section 2.4).
                Err(unknown) => stored.map_or(unknown, |(_, text)| Standing::Rules(Arc::new(rules(text.as_deref())))),
            },
        };
        if let Standing::Rules(rules) = &standing {
            host.slow_to(rules.delay());
        }
        *known = Some(standing.clone());
        Ok(standing)
    }

    /// The text of the robots.txt of the host of `url`; `None` when it has none.
    async fn read_robots(&self, wire: &Wire, url: &Url, request: &Request) -> Result<Result<Option<String>, Standing>, Stop> {
        let mut url = url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        url.set_fragment(None);
        let mut effort = Effort { left: PATIENCE.min(request.timeout), requests: 0, robots: true, notes: Vec::new() };
        for _ in 0..=MAX_REDIRECTS {
            let ask = Ask {
                url: &url,
                headers: Vec::new(),
                max_bytes: MAX_BYTES as u64 + 1,
                trim: true,
                allow_private: request.allow_private,
                payload: None,
            };
            let unknown = |what: String, answered| {
                let what = format!("robots.txt cannot be read, so nothing may be asked for now (RFC 9309): {what}");
                Ok(Err(Standing::Unknown(Complaint::new(ComplaintStage::Http, url.as_str(), what), answered)))
            };
            let answer = match self.ask(wire, &self.host(&url), &ask, request.rate.spacing(), &mut effort).await {
                Ok(answer) => answer,
                Err(Stop::Late(late)) => return Err(Stop::Late(late)),
                Err(Stop::Fault(fault)) => {
                    return Ok(Err(Standing::Unknown(
                        Complaint::new(
                            fault.stage,
                            url.as_str(),
                            format!("robots.txt cannot be read, so nothing may be asked for now: {}", fault.what),
                        ),
                        false,
                    )));
                }
            };
            match answer.status {
                s if is_good(s) => {
                    let text = String::from_utf8_lossy(&answer.body.prefix(MAX_BYTES as u64 + 1).unwrap_or_default()).into_owned();
                    // A page in its place says that there is none.
                    return Ok(Ok((!text.trim_start_matches('\u{feff}').trim_start().starts_with('<')).then_some(text)));
                }
                300..=399 => match redirect_target(&url, &answer) {
                    Some(to) if guard::refuse(&to, request.allow_private).is_none() => url = to,
                    _ => return Ok(Ok(None)),
                },
                429 => return unknown("the host answers 429".to_owned(), true),
                s @ 500.. => return unknown(format!("the host answers {s}"), true),
                _ => return Ok(Ok(None)),
            }
        }
        Ok(Ok(None))
    }
}

/// Either way: the time of a run may be set back.
fn age(at: Timestamp, now: Timestamp) -> Duration {
    until(at, now).max(until(now, at))
}
