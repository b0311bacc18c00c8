use monitor_model::{Complaint, ComplaintStage};
use reqwest::StatusCode;
use url::Url;

use crate::{
    Outcome,
    challenge::{LOOK_AT, challenger},
    live::{Answer, is_good},
};

/// What an answer that is no redirect means. `asked_conditionally`: whether a 304 is an answer to what was asked.
pub(crate) fn judge(url: &Url, answer: &Answer, asked_conditionally: bool) -> Outcome {
    let Answer { status, headers, body } = answer;
    let failed = |stage, what: String| Outcome::Failed(Complaint::new(stage, url.as_str(), what));
    let blocked = |what: String| Outcome::Blocked(Complaint::new(ComplaintStage::Http, url.as_str(), what));
    let name = name(*status);
    if *status == 304 {
        return match asked_conditionally {
            true => Outcome::Unchanged,
            false => failed(
                ComplaintStage::Http,
                format!("{name}, though no validator was sent: the host's cache is at fault; it is asked again next time"),
            ),
        };
    }
    let start = body.prefix(LOOK_AT).unwrap_or_default();
    if let Some(who) = challenger(*status, headers, body.len, &start) {
        return blocked(format!(
            "{name}: a challenge page of {who} instead of the page ({} bytes); it is not worked around: look for a feed or an API of this body, or ask its webmaster to let the agent in",
            body.len
        ));
    }
    match status {
        401 | 407 => blocked(format!("{name}: a login is wanted; declare the source as kind = \"none\", access = \"login\" if that stays")),
        403 => blocked(format!(
            "{name}: the host refuses us; look for a feed or an API of this body, or ask its webmaster to let the agent in"
        )),
        429 => blocked(format!("{name}: too many requests; the host is left alone for a while: lower `rate` if it comes again")),
        451 => blocked(format!("{name}: refused for legal reasons; look for the same data elsewhere")),
        s if is_good(*s) && body.len == 0 => failed(ComplaintStage::Decode, format!("{name} with an empty body: nothing was read")),
        s if is_good(*s) => Outcome::Fresh(body.clone()),
        _ => {
            let kind = body.media_type.as_deref().unwrap_or("no type");
            let hint = match status {
                404 | 410 => ": the page has moved or gone, check `url`",
                400 => ": the address is not understood, check its parameters",
                406 | 415 => ": check the Accept header of the source",
                300..=399 => ": a redirect that leads nowhere",
                500..=599 => ": the host is in trouble, it is asked again next time",
                200..=299 => ": an answer, but not the page",
                _ => "",
            };
            failed(ComplaintStage::Http, format!("{name}, {} bytes of {kind}{hint}", body.len))
        }
    }
}

fn name(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or_default();
    format!("HTTP {status} {reason}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, headers::Headers};

    fn word(status: u16, body: &str, conditional: bool) -> String {
        let body = Body::from_bytes(body, Some("text/html".to_owned()));
        let answer = Answer { status, headers: Headers::default(), body };
        match judge(&Url::parse("https://example.org/").expect("an address"), &answer, conditional) {
            Outcome::Fresh(_) => "fresh".to_owned(),
            Outcome::Unchanged => "unchanged".to_owned(),
            Outcome::Blocked(c) => format!("blocked {:?}", c.stage),
            Outcome::Failed(c) | Outcome::NotAsked(c) => format!("failed {:?}", c.stage),
        }
    }

    #[test]
    fn what_each_status_means() {
        for (status, body, conditional, want) in [
            (200, "page", false, "fresh"),
            (203, "page", false, "fresh"),
            (200, "", false, "failed Decode"),
            (204, "", false, "failed Http"),
            (206, "page", false, "failed Http"),
            (304, "", true, "unchanged"),
            (304, "", false, "failed Http"),
            (302, "", false, "failed Http"),
            (400, "<feed/>", false, "failed Http"),
            (401, "", false, "blocked Http"),
            (403, "", false, "blocked Http"),
            (404, "", false, "failed Http"),
            (429, "", false, "blocked Http"),
            (451, "", false, "blocked Http"),
            (500, "", false, "failed Http"),
            (503, "", false, "failed Http"),
            (503, "<p>The requested URL was rejected. Support ID", false, "blocked Http"),
            (999, "", false, "failed Http"),
        ] {
            assert_eq!(word(status, body, conditional), want, "{status}");
        }
    }
}
