use std::{
    sync::OnceLock,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use monitor_model::{Agent, ComplaintStage, Payload};
use reqwest::{
    Client,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect, retry,
};
use url::Url;

use crate::{
    FetchError,
    body::{Body, Full, Sink},
    fault::Fault,
    guard::PublicOnly,
    headers::Headers,
};

/// To connect, within the total time.
const CONNECT: Duration = Duration::from_secs(15);
/// What is read of an answer that is no 200: enough to see what it is.
const ERROR_PAGE: u64 = 64 << 10;

/// One whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Body,
}

/// An answer on its way: what has come so far, also when no more does.
#[derive(Default)]
pub(crate) struct Landing(Mutex<Option<(u16, Headers, Sink)>>);

impl Landing {
    fn begin(&self, status: u16, headers: &Headers, sink: Sink) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((status, headers.clone(), sink));
    }

    fn take(&self, piece: &[u8]) -> Result<bool, Full> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((_, _, sink)) => sink.take(piece),
            None => Ok(false),
        }
    }

    /// What there is.
    pub(crate) fn end(&self) -> Option<Answer> {
        let (status, headers, sink) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let media_type = headers.get("content-type").map(|t| t.trim().to_owned());
        Some(Answer { status, body: sink.finish(media_type), headers })
    }
}

/// What goes over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a Url,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) max_bytes: u64,
    /// Take the beginning of a longer body instead of failing.
    pub(crate) trim: bool,
    pub(crate) allow_private: bool,
    /// Sent along: a POST.
    pub(crate) payload: Option<&'a Payload>,
}

/// The network: a client that reaches public addresses only and one that reaches all, each made when first needed.
#[derive(Debug)]
pub(crate) struct Wire {
    agent: HeaderValue,
    public: OnceLock<Result<Client, String>>,
    any: OnceLock<Result<Client, String>>,
}

impl Wire {
    pub(crate) fn new(agent: &Agent) -> Result<Self, FetchError> {
        let header = agent.header();
        let agent = HeaderValue::from_str(&header).ok().filter(|v| v.to_str().is_ok());
        let agent = agent.ok_or(FetchError::Agent { agent: header })?;
        Ok(Wire { agent, public: OnceLock::new(), any: OnceLock::new() })
    }

    pub(crate) fn client(&self, allow_private: bool) -> Result<&Client, Fault> {
        let cell = if allow_private { &self.any } else { &self.public };
        let made = cell.get_or_init(|| {
            let build = |with_roots: bool| {
                let mut builder = Client::builder()
                    .user_agent(self.agent.clone())
                    .redirect(redirect::Policy::none())
                    .retry(retry::never())
                    .referer(false)
                    // A proxy would resolve names itself, behind the guard's back.
                    .no_proxy()
                    .connect_timeout(CONNECT)
                    .pool_max_idle_per_host(1);
                if !allow_private {
                    builder = builder.dns_resolver(PublicOnly);
                }
                if !with_roots {
                    builder = builder.tls_certs_only([]);
                }
                builder.build()
            };
            // A machine without certificates can still ask over http; over https it then trusts nobody and says so.
            build(true).or_else(|_| build(false)).map_err(|e| Fault::of(&e).what)
        });
        made.as_ref().map_err(|what| Fault::new(ComplaintStage::Tls, format!("the HTTP client cannot be set up: {what}")))
    }

    /// Sends one request and reads the whole answer. What came before a fault stays in `landing`.
    pub(crate) async fn send(&self, ask: &Ask<'_>, landing: &Landing) -> Result<Answer, Fault> {
        let client = self.client(ask.allow_private)?;
        let request = match ask.payload {
            None => client.get(ask.url.clone()),
            Some(p) => client.post(ask.url.clone()).header(CONTENT_TYPE, p.media_type.as_str()).body(p.body.clone()),
        };
        let request = request.headers(header_map(&ask.headers)?);
        let mut response = request.send().await.map_err(|e| Fault::of(&e))?;
        let status = response.status().as_u16();
        let headers = Headers(response.headers().iter().map(|(k, v)| (k.as_str().to_owned(), latin1(v.as_bytes()))).collect());
        let sink = sink(status, ask.max_bytes, ask.trim);
        // Known only when the body is not compressed.
        let refused = sink.refuses(response.content_length().unwrap_or_default());
        landing.begin(status, &headers, sink);
        if refused {
            return Err(Fault::too_large(ask.max_bytes));
        }
        while let Some(piece) = response.chunk().await.map_err(|e| Fault::of(&e))? {
            if !landing.take(&piece).map_err(|full| Fault::full(full, ask.max_bytes))? {
                break;
            }
        }
        // The client takes this field away when it has decoded the body.
        if let Some(coding) = headers.get("content-encoding").filter(|c| is_good(status) && is_compression(c)) {
            let what = format!("the body is in the coding “{coding}”, which cannot be decoded and was not asked for");
            return Err(Fault::new(ComplaintStage::Decode, what));
        }
        landing.end().ok_or_else(|| Fault::new(ComplaintStage::Http, "the answer was lost on its way"))
    }
}

/// Takes in the body of an answer: whole or not at all when it is the page, the beginning when it is an error page.
pub(crate) fn sink(status: u16, max_bytes: u64, trim: bool) -> Sink {
    match (is_good(status), trim) {
        (true, false) => Sink::capped(max_bytes),
        (true, true) => Sink::trimmed(max_bytes),
        (false, _) => Sink::trimmed(max_bytes.min(ERROR_PAGE)),
    }
}

/// Statuses whose body is the page that was asked for.
pub(crate) fn is_good(status: u16) -> bool {
    status == 200 || status == 203
}

fn header_map(list: &[(String, String)]) -> Result<HeaderMap, Fault> {
    let mut map = HeaderMap::new();
    for (name, value) in list {
        let bad = || Fault::new(ComplaintStage::Http, format!("header “{name}” cannot be sent: check `headers` of the source"));
        let name: HeaderName = name.parse().map_err(|_| bad())?;
        let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let value = HeaderValue::from_bytes(&bytes.unwrap_or_else(|| value.clone().into_bytes())).map_err(|_| bad())?;
        map.insert(name, value);
    }
    Ok(map)
}

/// Some hosts put a charset or `none` into Content-Encoding, which changes nothing.
fn is_compression(coding: &str) -> bool {
    let coding = coding.to_ascii_lowercase();
    coding.split(',').any(|c| matches!(c.trim(), "gzip" | "x-gzip" | "deflate" | "br" | "zstd" | "compress" | "x-compress"))
}

/// One character a byte, so that validators go back as they came.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_validators_go_back_byte_for_byte() {
        let etag: Vec<u8> = (0x80..=0xff).chain(*b"W/\"a b\"").collect();
        let map = header_map(&[("If-None-Match".to_owned(), latin1(&etag))]).expect("sendable");
        assert_eq!(map["if-none-match"].as_bytes(), etag);
    }

    #[test]
    fn a_header_that_smuggles_is_refused() {
        assert!(header_map(&[("X-A".to_owned(), "1\r\nHost: evil".to_owned())]).is_err());
        assert!(header_map(&[("X A".to_owned(), "1".to_owned())]).is_err());
    }

    #[test]
    fn an_agent_must_be_sendable() {
        let agent = |name: &str| Wire::new(&Agent { name: name.to_owned(), contact: "mailto:a@example.org".to_owned() });
        assert!(agent("aisec-monitor").is_ok());
        assert!(matches!(agent("mönitor"), Err(FetchError::Agent { .. })));
        assert!(matches!(agent("a\nb"), Err(FetchError::Agent { .. })));
    }
}
