//! `decode = "zip:members"`: what is in an archive, one member after the other, and never more than a list of documents weighs.

use std::io::{Cursor, Read};

use monitor_model::ComplaintStage;
use zip::ZipArchive;

use crate::{Container, Extraction, Page, glob::Glob, notes::shorten, recipe::Shown};

/// Bytes of one member.
const MEMBER: u64 = 512 << 20;
/// Bytes of everything that is unpacked.
const TOTAL: u64 = 1 << 30;
/// Members that are read.
const MEMBERS: usize = 500;
/// Members of an archive that are looked at.
const NAMES: usize = 100_000;

/// Reads the members whose names fit, in the order of their names, as if they were pages.
pub(crate) fn members(
    wanted: &Shown<Glob>,
    page: &Page<'_>,
    body: &mut dyn Read,
    read: &mut dyn FnMut(&mut dyn Read) -> Extraction,
) -> Extraction {
    let fail = |stage, what: String| Extraction::failed(stage, page, what);
    let mut bytes = Vec::new();
    if let Err(e) = body.read_to_end(&mut bytes) {
        return fail(ComplaintStage::Decode, format!("the body ends after {} bytes: {e}", bytes.len()));
    }
    let size = bytes.len();
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(a) if a.len() <= NAMES => a,
        Ok(a) => return fail(ComplaintStage::Decode, format!("the archive has {} members, which no list of documents has", a.len())),
        Err(e) => return fail(ComplaintStage::Decode, format!("this is no zip archive ({size} bytes): {e}")),
    };
    let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let mut names: Vec<String> = archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    names.sort();
    let all = names.clone();
    names.retain(|n| !n.ends_with('/') && (wanted.it.fits(n) || wanted.it.fits(&base(n))));
    if names.is_empty() {
        let what = format!("no member “{}” is in the archive, which holds {}", wanted.text, shorten(&all.join(", ")));
        return Extraction { container: Container::Missing, ..fail(ComplaintStage::Select, what) };
    }
    let mut out: Option<Extraction> = None;
    let mut left = TOTAL;
    for name in names.iter().take(MEMBERS) {
        let member = match archive.by_name(name) {
            Ok(m) => m,
            Err(e) => return fail(ComplaintStage::Decode, format!("the member {} cannot be unpacked: {e}", shorten(name))),
        };
        let most = MEMBER.min(left);
        let mut bounded = Bounded { inner: member, left: most, over: false };
        let x = read(&mut bounded);
        if bounded.over {
            let what = format!("the member {} unpacks to more than {most} bytes: nothing of it was used", shorten(name));
            return fail(ComplaintStage::Decode, what);
        }
        left -= most - bounded.left;
        if let Some(mut why) = x.failed.clone() {
            why.what = format!("{}: {}", shorten(name), why.what);
            return Extraction { failed: Some(why), ..x };
        }
        out = Some(match out {
            None => x,
            Some(before) => add(before, x),
        });
    }
    let mut out = out.unwrap_or_default();
    out.dropped += names.len().saturating_sub(MEMBERS) as u64;
    out
}

/// The names of the members of an archive.
pub(crate) fn names(bytes: &[u8]) -> Vec<String> {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut names: Vec<String> = archive.file_names().take(NAMES).filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    names.sort();
    names
}

/// One member, if it is no larger than a list of documents.
pub(crate) fn member(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut out = Vec::new();
    Bounded { inner: archive.by_name(name).ok()?, left: MEMBER, over: false }.read_to_end(&mut out).ok()?;
    Some(out)
}

/// Two pages as one.
fn add(mut a: Extraction, b: Extraction) -> Extraction {
    a.entries.extend(b.entries);
    a.rejected += b.rejected;
    a.dropped += b.dropped;
    a.filtered += b.filtered;
    for complaint in b.complaints {
        complaint.add_to(&mut a.complaints);
    }
    a.next.extend(b.next);
    a
}

/// What a member says of its own size is not believed.
struct Bounded<R> {
    inner: R,
    left: u64,
    over: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        if n as u64 > self.left {
            self.over = true;
            return Err(std::io::Error::other("it unpacks to more than is taken"));
        }
        self.left -= n as u64;
        Ok(n)
    }
}

/// Whether everything in an archive stays within `most` bytes when it is unpacked, by unpacking it.
pub(crate) fn stays_within(bytes: &[u8], most: u64) -> Result<(), String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("this is no workbook ({} bytes): {e}", bytes.len()))?;
    if archive.len() > 10_000 {
        return Err(format!("the workbook has {} parts, which no list of documents has", archive.len()));
    }
    let mut left = most;
    for i in 0..archive.len() {
        let member = archive.by_index(i).map_err(|e| format!("the workbook cannot be unpacked: {e}"))?;
        let mut bounded = Bounded { inner: member, left, over: false };
        let copied = std::io::copy(&mut bounded, &mut std::io::sink());
        if bounded.over {
            return Err(format!("the workbook unpacks to more than {most} bytes"));
        }
        copied.map_err(|e| format!("the workbook cannot be unpacked: {e}"))?;
        left = bounded.left;
    }
    Ok(())
}
