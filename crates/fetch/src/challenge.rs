use crate::headers::Headers;

/// A mark of a page that wants to know whether we are a browser.
struct Mark {
    who: &'static str,
    /// All of these stand in the page (lower case).
    signs: &'static [&'static str],
    /// Sure enough to disbelieve a 200.
    sure: bool,
}

/// Cloudflare puts a `challenge-platform` script into good pages as well, so that alone is no mark.
const MARKS: [Mark; 11] = [
    Mark { who: "Cloudflare", signs: &["<title>just a moment...</title>", "_cf_chl_opt"], sure: true },
    Mark { who: "Cloudflare", signs: &["just a moment...", "cf-chl"], sure: true },
    Mark { who: "Cloudflare", signs: &["attention required! | cloudflare"], sure: true },
    Mark { who: "Cloudflare", signs: &["cf-error-details"], sure: false },
    Mark { who: "F5", signs: &["the requested url was rejected", "support id"], sure: true },
    Mark { who: "F5", signs: &["bobcmn", "tspd"], sure: true },
    Mark { who: "Imperva", signs: &["_incapsula_resource", "incident id"], sure: true },
    Mark { who: "Imperva", signs: &["_incapsula_resource"], sure: false },
    Mark { who: "Akamai", signs: &["access denied", "errors.edgesuite.net"], sure: true },
    Mark { who: "Anubis", signs: &["making sure you're not a bot"], sure: true },
    Mark { who: "Radware", signs: &["radware", "captcha"], sure: false },
];

/// Challenge pages are small.
pub(crate) const LOOK_AT: u64 = 64 << 10;

/// Who stands between us and the page, if anybody does. `start` is the beginning of the body.
pub(crate) fn challenger(status: u16, headers: &Headers, len: u64, start: &[u8]) -> Option<&'static str> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.trim().eq_ignore_ascii_case(value));
    if is("cf-mitigated", "challenge") {
        return Some("Cloudflare");
    }
    if is("x-amzn-waf-action", "challenge") || is("x-amzn-waf-action", "captcha") {
        return Some("AWS WAF");
    }
    let good = (200..300).contains(&status);
    let html = headers.get("content-type").is_none_or(|t| t.to_ascii_lowercase().contains("html"));
    if len > LOOK_AT || !html || (good && !looks_like_html(start)) {
        return None;
    }
    let page = String::from_utf8_lossy(start).to_lowercase();
    MARKS.iter().find(|m| (m.sure || !good) && m.signs.iter().all(|s| page.contains(s))).map(|m| m.who)
}

fn looks_like_html(start: &[u8]) -> bool {
    start.iter().find(|b| !b.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(b)) == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(status: u16, headers: &[(&str, &str)], page: &str) -> Option<&'static str> {
        let headers = Headers(headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
        challenger(status, &headers, page.len() as u64, page.as_bytes())
    }

    #[test]
    fn challenges_are_told_from_pages() {
        let html = [("Content-Type", "text/html; charset=UTF-8")];
        for (status, headers, page, want) in [
            (403, &[("CF-Mitigated", "challenge")][..], "", Some("Cloudflare")),
            (202, &[("x-amzn-waf-action", "challenge")], "", Some("AWS WAF")),
            (200, &html, "<!DOCTYPE html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>", Some("Cloudflare")),
            (200, &html, "<html><body>The requested URL was rejected. Your support ID is: 1</body></html>", Some("F5")),
            (503, &html, "<div id=\"cf-error-details\">", Some("Cloudflare")),
            (200, &html, "<div id=\"cf-error-details\">a page about error pages", None),
            (200, &html, "<html><script src=\"/cdn-cgi/challenge-platform/scripts/jsd/main.js\"></script><ul><li>X.1234</ul>", None),
            (200, &[("Content-Type", "application/json")], "{\"title\": \"Just a moment... cf-chl\"}", None),
            (200, &[("Content-Type", "application/rss+xml")], "<rss><title>Just a moment...</title>cf-chl</rss>", None),
            (403, &html, "<h1>Forbidden</h1>", None),
            (403, &[], "", None),
        ] {
            assert_eq!(who(status, headers, page), want, "{status} {page}");
        }
        let long = format!("<html>{}the requested url was rejected, support id", "x".repeat(100_000));
        assert_eq!(who(200, &html, &long), None, "a long page that quotes one is a page");
    }
}
