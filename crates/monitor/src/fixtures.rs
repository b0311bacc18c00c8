//! Fixtures: pages written by hand, one or more for each source, answered at the source's real addresses without a network.
//!
//! `<id>.<ext>` is the answer of the source's first address, `<id>.2.<ext>` that of its second (of `each`, else the next page by
//! `page.param`). `index.toml` says for each source how many rows its fixture holds, and the address of every other file:
//!
//! ```toml
//! [some-publications]
//! rows = 4
//! files = { "some-publications.3.html" = "https://www.example.org/item?id=7" }
//! ```

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use monitor_fetch::warc::Writer;
use monitor_model::{Method, Source, SourceId, Timestamp};
use serde::Deserialize;

use crate::pipeline::ask::Post;

/// What `index.toml` says of one source.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Said {
    /// How many rows the fixture holds.
    pub(crate) rows: Option<u64>,
    /// How many complaints are on purpose.
    pub(crate) complaints: u64,
    /// The address of each file that does not follow the rule.
    files: BTreeMap<String, String>,
}

/// A folder of fixtures.
#[derive(Debug)]
pub(crate) struct Fixtures {
    folder: PathBuf,
    said: BTreeMap<SourceId, Said>,
    /// By source: file names in order.
    files: BTreeMap<String, Vec<String>>,
}

impl Fixtures {
    /// Looks through a folder.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Fixtures> {
        let index = folder.join("index.toml");
        let said = match fs::read_to_string(&index) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("{} cannot be read", index.display()))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(e) => return Err(e).with_context(|| format!("{} cannot be read", index.display())),
        };
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in fs::read_dir(folder).with_context(|| format!("the fixtures in {} cannot be listed", folder.display()))? {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            if let Some((id, _)) = name.split_once('.').filter(|(id, _)| !id.is_empty() && name != "index.toml") {
                files.entry(id.to_owned()).or_default().push(name);
            }
        }
        for list in files.values_mut() {
            list.sort_by_key(|n| (place(n), n.clone()));
        }
        Ok(Fixtures { folder: folder.to_owned(), said, files })
    }

    /// What is said of a source.
    pub(crate) fn of(&self, id: &SourceId) -> Said {
        self.said.get(id).cloned().unwrap_or_default()
    }

    /// Writes an archive that answers for one source. Without a fixture, or with a file of unknown address, it is an error.
    pub(crate) fn archive(&self, id: &SourceId, source: &Source, path: &Path, at: Timestamp) -> anyhow::Result<()> {
        let files = self.files.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        anyhow::ensure!(
            !files.is_empty(),
            "no fixture: write {} with the markup of {}",
            self.folder.join(format!("{id}.<ext>")).display(),
            source.url.as_deref().unwrap_or("the page")
        );
        let said = self.of(id);
        if let Some(stray) = said.files.keys().find(|f| !files.contains(f)) {
            anyhow::bail!("index.toml names {stray}, which is not there");
        }
        let mut writer = Writer::create(path, at)?;
        // A source that posts: with `form_from` the first file is the page with the form, and the others answer what is sent.
        let mut post = (source.method == Method::Post && source.form_from.is_none())
            .then(|| (source.addresses().into_iter().next().unwrap_or_default(), Post::first(None)));
        for name in files {
            let file = self.folder.join(name);
            let body = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let headers = [("Content-Type".to_owned(), media_type(name).to_owned())];
            if let (Some((url, now)), None) = (&mut post, said.files.get(name)) {
                writer.answer_to_post(url, at, now.payload(source).as_ref(), &headers, &body)?;
                *now = now.next(source).unwrap_or_else(|| now.clone());
                continue;
            }
            let url = match said.files.get(name) {
                Some(url) => url.clone(),
                None => address(source, place(name)).with_context(|| {
                    format!("of what address is {name}? say it in index.toml: files = {{ \"{name}\" = \"https://…\" }}")
                })?,
            };
            writer.exchange(&url, at, 200, &headers, &body)?;
            if let Some(css) = source.form_from.as_deref().filter(|_| post.is_none()) {
                let form = monitor_extract::fill_form(css, &url, &body, Some(media_type(name))).map_err(anyhow::Error::msg)?;
                post = Some((form.action.clone(), Post::first(Some(form))));
            }
        }
        writer.finish()?;
        Ok(())
    }

    /// Adds the number of rows of a source to `index.toml`; what stands there already is left as it is.
    pub(crate) fn accept(&self, id: &SourceId, rows: u64) -> anyhow::Result<()> {
        let index = self.folder.join("index.toml");
        let mut text = fs::read_to_string(&index).unwrap_or_default();
        if self.said.contains_key(id) {
            return Ok(());
        }
        if !text.is_empty() && !text.ends_with("\n\n") {
            text.push('\n');
        }
        text.push_str(&format!("[{id}]\nrows = {rows}\n"));
        fs::write(&index, text).with_context(|| format!("{} cannot be written", index.display()))
    }
}

/// `x.html` is the first, `x.2.html` the second.
fn place(name: &str) -> usize {
    name.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// The n-th address of a source: of `each`, else the n-th page.
fn address(source: &Source, n: usize) -> Option<String> {
    let addresses = source.addresses();
    if let Some(url) = addresses.get(n.checked_sub(1)?) {
        return Some(url.clone());
    }
    let pages = source.page.as_ref().filter(|_| addresses.len() == 1)?;
    (1..n).try_fold(addresses[0].clone(), |url, _| monitor_extract::next_address(pages, &url))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "json" | "jsonl" => "application/json",
        "xml" | "rss" | "atom" => "application/xml",
        "csv" => "text/csv",
        "yaml" | "yml" => "application/yaml",
        "zip" => "application/zip",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "txt" => "text/plain",
        _ => "text/html; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_answer_addresses_by_their_place() {
        let each = Source { url: Some("https://e.org/{id}".into()), each: vec!["a".into(), "b".into()], ..Source::default() };
        assert_eq!(address(&each, place("x.2.html")).as_deref(), Some("https://e.org/b"));
        assert_eq!(address(&each, 3), None);
        let pages = monitor_model::Pages { param: Some("page".into()), start: 1, ..Default::default() };
        let paged = Source { url: Some("https://e.org/l?page=1&q=x".into()), page: Some(pages), ..Source::default() };
        assert_eq!(address(&paged, place("x.html")).as_deref(), Some("https://e.org/l?page=1&q=x"));
        assert_eq!(address(&paged, place("x.3.json")).as_deref(), Some("https://e.org/l?page=3&q=x"));
    }
}
