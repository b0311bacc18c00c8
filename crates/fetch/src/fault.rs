use std::{error::Error, io, time::Duration};

use monitor_model::ComplaintStage;

use crate::{body::Full, guard::Forbidden};

/// Why no whole answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) stage: ComplaintStage,
    pub(crate) what: String,
    /// Whether the same request may work in a moment.
    pub(crate) passing: bool,
    /// Whether the host could not even be reached.
    pub(crate) unreachable: bool,
    /// What ended an answer that had begun, in the words of WARC (`WARC-Truncated`).
    pub(crate) truncated: &'static str,
}

impl Fault {
    pub(crate) fn new(stage: ComplaintStage, what: impl Into<String>) -> Self {
        Fault { stage, what: what.into(), passing: false, unreachable: false, truncated: "unspecified" }
    }

    pub(crate) fn too_large(max: u64) -> Self {
        let what = format!(
            "the decoded body is larger than max_bytes = {max}; nothing of it was used: raise max_bytes on the source if that is right"
        );
        Fault { truncated: "length", ..Fault::new(ComplaintStage::Decode, what) }
    }

    pub(crate) fn timeout(limit: Duration) -> Self {
        let what = format!("no whole answer within {limit:?} (timeout is the total time, not that to connect)");
        Fault { passing: true, truncated: "time", ..Fault::new(ComplaintStage::Http, what) }
    }

    pub(crate) fn full(full: Full, max: u64) -> Self {
        match full {
            Full::TooLarge => Fault::too_large(max),
            Full::Io(e) => Fault::new(ComplaintStage::Decode, format!("the body could not be kept in a temporary file: {e}")),
        }
    }

    /// Sorts an error of the HTTP client by what really went wrong, which is often deep in its chain of sources.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let mut chain: Vec<&(dyn Error + 'static)> = Vec::new();
        let mut next = error.source();
        while let Some(e) = next {
            chain.push(e);
            next = e.source();
        }
        if let Some(forbidden) = chain.iter().find_map(|e| e.downcast_ref::<Forbidden>()) {
            return Fault::new(ComplaintStage::Dns, forbidden.to_string());
        }
        let deepest = chain.last().map_or_else(|| error.to_string(), ToString::to_string);
        let texts: Vec<String> = chain.iter().map(|e| e.to_string().to_ascii_lowercase()).collect();
        let says = |marks: &[&str]| texts.iter().any(|t| marks.iter().any(|m| t.contains(m)));
        let fault = |stage, what: String, passing, unreachable| Fault { passing, unreachable, ..Fault::new(stage, what) };
        if error.is_dns() || says(&["dns error", "failed to lookup address"]) {
            let passing = says(&["temporary failure", "try again"]);
            return fault(ComplaintStage::Dns, format!("the name cannot be resolved: {deepest}"), passing, true);
        }
        if says(&["certificate", "tls", "handshake", "fatal alert", "peer is incompatible", "corrupt message"]) {
            return fault(ComplaintStage::Tls, format!("no encrypted connection: {deepest}"), false, false);
        }
        if error.is_connect() {
            let what = if error.is_timeout() { "time-out".to_owned() } else { deepest };
            return fault(ComplaintStage::Http, format!("cannot connect: {what}"), true, true);
        }
        if error.is_timeout() {
            return fault(ComplaintStage::Http, "time-out".to_owned(), true, false);
        }
        let cut = chain
            .iter()
            .filter_map(|e| e.downcast_ref::<io::Error>())
            .any(|e| matches!(e.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe));
        if cut
            || says(&[
                "before message",
                "error reading a body from connection",
                "connection closed",
                "connection reset",
                "unexpected eof during chunk",
            ])
        {
            let what = format!("the connection closed before the answer was whole: {deepest}");
            return Fault { truncated: "disconnect", ..fault(ComplaintStage::Http, what, true, false) };
        }
        if error.is_decode() || error.is_body() {
            let what = format!("the body cannot be decompressed: {deepest}");
            return fault(ComplaintStage::Decode, what, false, false);
        }
        fault(ComplaintStage::Http, format!("the exchange failed: {deepest}"), false, false)
    }
}
