use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use monitor_model::{Complaint, ComplaintStage, Payload, Validators};
use url::Url;

use crate::{
    Body, FetchError,
    fault::Fault,
    headers::{Headers, http_date},
    live::{Answer, sink},
    warc::{
        decode,
        read::{Counted, http_head, invalid, member, record_head, skip, status_of},
    },
};

/// Recorded answers, found by address. The files are read through once; bodies are read when they are wanted.
#[derive(Debug, Default)]
pub struct Archive {
    files: Vec<PathBuf>,
    /// By address with its query in order; each list in the order of the files.
    records: BTreeMap<String, Vec<Place>>,
    complaints: Vec<Complaint>,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: usize,
    /// Where its gzip member begins, or the record itself when the file is not compressed.
    member: u64,
    /// Where it begins within the member.
    inner: u64,
    compressed: bool,
    at: Timestamp,
    /// A 304 says that the record before it still holds.
    not_modified: bool,
}

impl Archive {
    /// Reads through archives, compressed record by record, as a whole, or not.
    ///
    /// What is damaged is passed over and complained of.
    ///
    /// # Errors
    /// When a file cannot be opened, or holds no record at all.
    pub fn open(paths: &[PathBuf]) -> Result<Archive, FetchError> {
        let mut archive = Archive::default();
        for path in paths {
            let before = archive.len();
            archive.files.push(path.clone());
            archive.index(path).map_err(|source| FetchError::Archive { path: path.clone(), source })?;
            if archive.len() == before {
                return Err(FetchError::EmptyArchive { path: path.clone() });
            }
        }
        Ok(archive)
    }

    /// How many answers there are.
    pub fn len(&self) -> usize {
        self.records.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether an answer of this address was recorded, at any time.
    pub fn holds(&self, address: &str) -> bool {
        let key = key(address);
        self.records.keys().any(|k| *k == key || k.strip_prefix("POST").is_some_and(|k| k.ends_with(&format!(" {key}"))))
    }

    /// What is damaged.
    pub fn complaints(&self) -> &[Complaint] {
        &self.complaints
    }

    fn index(&mut self, path: &Path) -> io::Result<()> {
        let mut file = Counted::new(BufReader::with_capacity(256 << 10, File::open(path)?), 0);
        loop {
            let start = file.fill_buf()?;
            if start.is_empty() {
                return Ok(());
            }
            let compressed = start.starts_with(&[0x1f, 0x8b]);
            let begin = file.position;
            let mut found = Vec::new();
            let result = self.index_member(&mut file, begin, compressed, &mut found);
            // A cut leaves whole records before it; a wrong checksum leaves nothing to be trusted.
            if !matches!(&result, Err(e) if compressed && e.kind() == io::ErrorKind::InvalidInput) {
                for (key, place) in found {
                    self.records.entry(key).or_default().push(place);
                }
            }
            if let Err(e) = result {
                let what = format!("damaged at byte {begin}: {e}; the records around it are used");
                Complaint::new(ComplaintStage::Decode, path.display().to_string(), what).add_to(&mut self.complaints);
                match next_member(path, begin + 1)? {
                    Some(next) => {
                        let mut at = File::open(path)?;
                        at.seek(SeekFrom::Start(next))?;
                        file = Counted::new(BufReader::with_capacity(256 << 10, at), next);
                    }
                    None => return Ok(()),
                }
            }
        }
    }

    /// Takes the records of one gzip member, or of the rest of an uncompressed file.
    fn index_member(&self, file: &mut dyn BufRead, begin: u64, compressed: bool, found: &mut Vec<(String, Place)>) -> io::Result<()> {
        let mut member = member(file, compressed);
        loop {
            // The empty lines before a record count to it.
            let inner = member.position;
            let Some(head) = record_head(&mut member)? else { return Ok(()) };
            let mut block = (&mut member).take(head.len);
            let mut line = Vec::new();
            let status = match (head.kind.as_str(), head.content_type.starts_with("application/http")) {
                ("response", true) => {
                    (&mut block).take(64).read_until(b'\n', &mut line)?;
                    status_of(&line)
                }
                ("resource", false) => Some(200),
                // A revisit says that what an earlier record holds still held, so the earlier record answers for it.
                _ => None,
            };
            let left = block.limit();
            skip(&mut member, left)?;
            if let (Some(status), Some(target)) = (status, &head.target) {
                let (member, inner) = if compressed { (begin, inner) } else { (begin + inner, 0) };
                let place = Place {
                    file: self.files.len() - 1,
                    member,
                    inner,
                    compressed,
                    at: head.date.unwrap_or(Timestamp::MIN),
                    not_modified: status == 304,
                };
                let asked = head.asked.as_ref().map(|a| format!("{a} "));
                found.push((asked.unwrap_or_default() + &key(target), place));
            }
        }
    }

    /// The records of an address: of this very POST, else of any POST to it, else of the address however it was asked.
    fn of(&self, url: &Url, payload: Option<&Payload>) -> &[Place] {
        let key = key(url.as_str());
        let asked = payload.map(|p| format!("{} {key}", asked(p)));
        let keys = asked.into_iter().chain(payload.map(|_| format!("POST {key}"))).chain([key]);
        keys.filter_map(|k| self.records.get(&k)).map(Vec::as_slice).next().unwrap_or_default()
    }

    /// The place of the last record of an address that is not later than `until`.
    fn find(&self, url: &Url, payload: Option<&Payload>, until: Option<Timestamp>) -> Result<Place, Fault> {
        let none = |what: String| Fault::new(ComplaintStage::Http, what);
        let all = self.of(url, payload);
        if all.is_empty() {
            return Err(none("not in the archive: no answer of this address was recorded".to_owned()));
        }
        let in_time = || all.iter().filter(|p| until.is_none_or(|u| p.at <= u));
        // Of several at one time the last written; a 304 only if there is nothing else.
        let last = in_time().filter(|p| !p.not_modified).max_by_key(|p| p.at).or_else(|| in_time().max_by_key(|p| p.at));
        last.copied().ok_or_else(|| {
            let first = all.iter().map(|p| p.at).min().unwrap_or_default();
            none(format!("not in the archive at that time: this address was first recorded at {first}, later than --now"))
        })
    }

    /// Answers a request as the host would have: a 304 when what is recorded is what is known.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        url: &Url,
        payload: Option<&Payload>,
        until: Option<Timestamp>,
        max_bytes: u64,
        known: Option<&Validators>,
    ) -> Result<Answer, Fault> {
        let place = self.find(url, payload, until)?;
        let archive = Arc::clone(self);
        // Reading and inflating is work for the processor, not for the runtime.
        let read = tokio::task::spawn_blocking(move || archive.read(place, max_bytes)).await;
        let answer = read.unwrap_or_else(|e| Err(Fault::new(ComplaintStage::Decode, format!("the record could not be read: {e}"))))?;
        if answer.status == 200 && known.is_some_and(|known| holds(known, &answer)) {
            return Ok(Answer { status: 304, body: Body::from_bytes([], answer.body.media_type.clone()), headers: answer.headers });
        }
        Ok(answer)
    }

    fn read(&self, place: Place, max_bytes: u64) -> Result<Answer, Fault> {
        let bad = |e: io::Error| {
            Fault::new(ComplaintStage::Decode, format!("the record in {} cannot be read: {e}", self.files[place.file].display()))
        };
        let mut file = File::open(&self.files[place.file]).map_err(bad)?;
        file.seek(SeekFrom::Start(place.member)).map_err(bad)?;
        let mut member = member(BufReader::new(file), place.compressed);
        skip(&mut member, place.inner).map_err(bad)?;
        let head =
            record_head(&mut member).and_then(|h| h.ok_or_else(|| invalid("the archive was changed while it was read"))).map_err(bad)?;
        if let Some(why) = &head.truncated {
            let what = format!("the archive holds only the beginning of this answer (WARC-Truncated: {why}); nothing of it was used");
            return Err(Fault::new(ComplaintStage::Http, what));
        }
        let mut block = member.take(head.len);
        let (status, headers) = if head.kind == "resource" {
            (200, Headers(vec![("Content-Type".to_owned(), head.content_type)]))
        } else {
            http_head(&mut block).map_err(bad)?
        };
        let mut sink = sink(status, max_bytes, false);
        let mut body = decode::body(&headers, Box::new(block)).map_err(bad)?;
        sink.take_all(&mut body).map_err(|full| Fault::full(full, max_bytes))?;
        let media_type = headers.get("content-type").map(str::to_owned);
        Ok(Answer { status, headers, body: sink.finish(media_type) })
    }
}

/// Whether what is known still holds, by the host's own validators or else by the bytes.
fn holds(known: &Validators, answer: &Answer) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let same_bytes = known.hash.as_deref() == Some(answer.body.hash.as_str());
    let by_host = match (&known.etag, &known.last_modified) {
        (Some(tag), _) => answer.headers.get("etag").is_some_and(|t| strong(t) == strong(tag)),
        (None, Some(date)) => answer.headers.get("last-modified").is_some_and(|d| match (http_date(d), http_date(date)) {
            (Some(recorded), Some(known)) => recorded <= known,
            _ => d == date,
        }),
        (None, None) => false,
    };
    by_host || same_bytes
}

/// How a POST is told from others to its address.
pub(crate) fn asked(payload: &Payload) -> String {
    let text = format!("{}\n{}", payload.media_type, payload.body);
    format!("POST blake3:{}", blake3::hash(text.as_bytes()).to_hex())
}

/// One key for an address whatever the order of its query; blanks and the like as they would be sent.
fn key(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return address.trim().to_owned() };
    url.set_fragment(None);
    if let Some(query) = url.query() {
        let mut parts: Vec<&str> = query.split('&').collect();
        parts.sort_unstable();
        let sorted = parts.join("&");
        url.set_query(Some(&sorted));
    }
    url.into()
}

/// Where, from `from` on, the next gzip member begins that holds a WARC record.
fn next_member(path: &Path, from: u64) -> io::Result<Option<u64>> {
    let mut file = File::open(path)?;
    let mut at = from;
    let mut window = Vec::new();
    loop {
        file.seek(SeekFrom::Start(at))?;
        window.clear();
        (&mut file).take(1 << 20).read_to_end(&mut window)?;
        if window.len() < 3 {
            return Ok(None);
        }
        for (i, _) in window.windows(3).enumerate().filter(|(_, w)| *w == [0x1f, 0x8b, 8]) {
            let begin = at + i as u64;
            file.seek(SeekFrom::Start(begin))?;
            let mut start = Vec::new();
            let plain = member(BufReader::with_capacity(4 << 10, &mut file), true).take(5).read_to_end(&mut start);
            if plain.is_ok() && start == b"WARC/" {
                return Ok(Some(begin));
            }
        }
        // The last two bytes may begin a member.
        at += window.len() as u64 - 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_order_of_the_query_is_forgiven() {
        for (a, b, same) in [
            ("https://example.org/a?x=1&y=2", "https://example.org/a?y=2&x=1", true),
            ("https://example.org/a b?c d", "https://example.org/a%20b?c%20d", true),
            ("https://EXAMPLE.org:443/", "https://example.org", true),
            ("https://example.org/a#b", "https://example.org/a", true),
            ("http://example.org/", "https://example.org/", false),
            ("https://example.org/a", "https://example.org/a/", false),
            ("https://example.org/A", "https://example.org/a", false),
            ("https://example.org/a?x=1", "https://example.org/a?x=1&x=1", false),
            ("https://example.org/a?x=1", "https://example.org/a?x=%31", false),
            ("https://www.example.org/", "https://example.org/", false),
            ("not an address", " not an address ", true),
        ] {
            assert_eq!(key(a) == key(b), same, "{a} {b}");
        }
    }
}
