use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use monitor_digest::{
    Edition, Format, TopicLabel,
    site::{MOST_DOCUMENTS, Site, SiteEdition, SiteInput, site},
};
use monitor_model::{Axis, Document, Relevance};
use monitor_store::{EventRange, Store};

use super::Setup;
use crate::{
    answers::{self, Answers, day_of},
    cli::Publish,
    code::Code,
    exit::{Exit, Failure, Outcome},
    output,
};

/// The list of files that are ours. What is not in it is never overwritten and never removed.
const MANIFEST: &str = ".monitor-site";

/// Writes the static site: what did not change keeps its bytes and its time, what is gone is removed.
pub(super) fn run(setup: &Setup, args: &Publish) -> Outcome {
    let templates = setup.site_templates()?;
    setup.templates()?;
    let address = args.url.as_deref().map(address).transpose().map_err(|e| Failure::coded(Code::Value, e))?;
    let store = super::open_existing(setup, "publish")?;
    let made = make(setup, &store, args, address.as_deref(), &templates)?;
    let out = args.out.clone().unwrap_or_else(|| setup.data.join("site"));
    let done = write(&out, &made).map_err(|e| match e {
        Trouble::Foreign(path) => Failure::usage(format!(
            "{} is not ours: `publish` overwrites only what it wrote itself; choose an empty folder with --out, or take the file away",
            path.display()
        )),
        Trouble::Io(path, e) => Failure::unwritable(path, &e),
    })?;
    if !setup.quiet {
        tell!("{} pages and feeds: {} written, {} as they were, {} removed", made.files.len(), done.written, done.same, done.removed);
        if made.left_out > 0 {
            tell!(
                "{} relevant documents have no page: more than {} are not published (--most N raises it)",
                made.left_out,
                args.most.unwrap_or(MOST_DOCUMENTS)
            );
        }
        if address.is_none() {
            tell!(
                "sitemap.xml has addresses relative to the site's root: say where it will stand with --url https://…/ before search engines read it"
            );
        }
    }
    println!("{}", out.join("index.html").display());
    Ok(Exit::Done)
}

/// An address to which paths can be added.
fn address(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text)
        .map_err(|e| format!("--url {text}: {e}; write the address of the site's folder, https://example.org/radar/"))?;
    if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("--url {text}: write the address of the site's folder, https://example.org/radar/"));
    }
    let text = url.to_string();
    Ok(if text.ends_with('/') { text } else { format!("{text}/") })
}

fn make(
    setup: &Setup,
    store: &Store,
    args: &Publish,
    address: Option<&str>,
    templates: &monitor_digest::site::SiteTemplates,
) -> Result<Site, Failure> {
    let answers = Answers::new(setup, store)?;
    let taxonomy = setup.taxonomy()?;
    let documents: Vec<Document> = answers.documents().iter().filter(|d| d.relevance == Relevance::Relevant).cloned().collect();
    let keys: BTreeSet<_> = documents.iter().map(|d| &d.document).collect();
    let mut events = Vec::new();
    for e in store.events(EventRange::default())? {
        let e = e?;
        if keys.contains(&e.document) {
            events.push(e);
        }
    }
    let topics: Vec<TopicLabel> = taxonomy
        .topics()
        .iter()
        .map(|t| TopicLabel { id: t.id.clone(), label: t.label.clone(), definition: t.definition.clone() })
        .collect();
    let axes: Vec<_> =
        taxonomy.axes().iter().filter_map(|a| Some((Axis::from_word(&a.id)?, a.label.clone(), a.definition.clone()))).collect();
    let landscape = answers.landscape(day_of(setup.now))?;
    let heat = monitor_digest::pictures::heat_map_undated(setup.templates()?, &landscape, &answers.labels()?).map_err(Failure::usage)?;
    let input = SiteInput {
        group: &answers::group(setup, day_of(setup.now))?,
        as_of: day_of(setup.now),
        address,
        editions: editions(setup, store)?,
        documents: &documents,
        events: &events,
        coverage: &answers.coverage()?,
        landscape: &landscape,
        heat: (!landscape.cells.is_empty()).then_some(heat.as_str()),
        topics: &topics,
        axes: &axes,
        stored: store.count(),
        most: args.most.unwrap_or(MOST_DOCUMENTS),
    };
    site(&input, templates).map_err(Failure::usage)
}

/// The frozen editions of editions.toml with their files. One that cannot be rendered any more is told and left out.
fn editions(setup: &Setup, store: &Store) -> Result<Vec<SiteEdition>, Failure> {
    let mut out = Vec::new();
    for frozen in store.editions()? {
        let Some(spec) = setup.editions()?.get(&frozen.name) else { continue };
        let files = serde_json::from_str::<Edition>(&frozen.json).map_err(|e| e.to_string()).and_then(|e| {
            // The letter is for the mail; on the site stands the page.
            let shown = spec.formats.iter().filter(|f| **f != Format::Mail);
            shown
                .map(|f| monitor_digest::render(&e, *f, setup.templates().map_err(|e| e.to_string())?).map_err(|e| e.to_string()))
                .collect()
        });
        match files {
            Ok(files) => out.push(SiteEdition { frozen, files }),
            Err(why) => tell!("note: edition {} is left out: {}", frozen.edition, output::plain(&why)),
        }
    }
    Ok(out)
}

#[derive(Default)]
struct Done {
    written: usize,
    same: usize,
    removed: usize,
}

enum Trouble {
    Foreign(PathBuf),
    Io(PathBuf, io::Error),
}

/// The files that an earlier run wrote.
fn manifest(dir: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(dir.join(MANIFEST)).unwrap_or_default();
    let plain = |l: &&str| !l.is_empty() && !l.starts_with('/') && !l.split('/').any(|p| p == ".." || p == "." || p.is_empty());
    text.lines().filter(plain).map(str::to_owned).collect()
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let beside = path.with_extension("part~");
    fs::File::create(&beside)?.write_all(bytes)?;
    fs::rename(&beside, path)
}

fn write(dir: &Path, made: &Site) -> Result<Done, Trouble> {
    let ours = manifest(dir);
    let io = |path: &Path| {
        let path = path.to_owned();
        move |e| Trouble::Io(path, e)
    };
    let mut todo = Vec::new();
    let mut done = Done::default();
    for (path, bytes) in &made.files {
        let place = dir.join(path);
        match fs::read(&place) {
            Ok(there) if there == *bytes => done.same += 1,
            Ok(_) if !ours.contains(path) => return Err(Trouble::Foreign(place)),
            Ok(_) => todo.push((place, bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => todo.push((place, bytes)),
            Err(e) => return Err(Trouble::Io(place, e)),
        }
    }
    let gone: Vec<&String> = ours.iter().filter(|p| !made.files.contains_key(*p)).collect();
    let list = |paths: &mut dyn Iterator<Item = &String>| paths.map(|p| format!("{p}\n")).collect::<String>();
    let before = fs::read(dir.join(MANIFEST)).unwrap_or_default();
    // Before anything is written, the list holds the old and the new: whatever interrupts this, the next run knows its own.
    let all: BTreeSet<&String> = ours.iter().chain(made.files.keys()).collect();
    let both = list(&mut all.into_iter());
    if both.as_bytes() != before {
        replace(&dir.join(MANIFEST), both.as_bytes()).map_err(io(&dir.join(MANIFEST)))?;
    }
    for (place, bytes) in todo {
        replace(&place, bytes).map_err(io(&place))?;
        done.written += 1;
    }
    for path in &gone {
        let place = dir.join(path.as_str());
        match fs::remove_file(&place) {
            Ok(()) => done.removed += 1,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(Trouble::Io(place, e)),
        }
    }
    if !gone.is_empty() {
        let now = list(&mut made.files.keys());
        replace(&dir.join(MANIFEST), now.as_bytes()).map_err(io(&dir.join(MANIFEST)))?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(files: &[(&str, &str)]) -> Site {
        Site { files: files.iter().map(|(p, t)| ((*p).to_owned(), t.as_bytes().to_vec())).collect(), ..Site::default() }
    }

    #[test]
    fn what_did_not_change_is_not_touched_and_what_is_gone_is_removed() {
        let room = tempfile::tempdir().expect("a folder");
        let dir = room.path().join("site");
        let go = |m: &Site| write(&dir, m).ok().map(|d| (d.written, d.same, d.removed));
        assert_eq!(go(&made(&[("a.html", "1"), ("d/b.html", "1")])), Some((2, 0, 0)));
        let time = fs::metadata(dir.join("a.html")).and_then(|m| m.modified()).expect("a time");
        assert_eq!(go(&made(&[("a.html", "1"), ("d/b.html", "2")])), Some((1, 1, 0)));
        assert_eq!(go(&made(&[("a.html", "1")])), Some((0, 1, 1)));
        assert!(!dir.join("d/b.html").exists(), "no stale page");
        assert_eq!(fs::metadata(dir.join("a.html")).and_then(|m| m.modified()).expect("a time"), time);
        assert_eq!(go(&made(&[("a.html", "1")])), Some((0, 1, 0)));
    }

    #[test]
    fn what_is_not_ours_stays() {
        let room = tempfile::tempdir().expect("a folder");
        fs::write(room.path().join("index.html"), "somebody else's").expect("written");
        fs::write(room.path().join("CNAME"), "example.org").expect("written");
        assert!(matches!(write(room.path(), &made(&[("index.html", "ours")])), Err(Trouble::Foreign(_))));
        assert_eq!(fs::read_to_string(room.path().join("index.html")).expect("there"), "somebody else's");
        assert!(write(room.path(), &made(&[("home.html", "ours")])).is_ok());
        assert!(write(room.path(), &made(&[])).is_ok());
        assert!(room.path().join("CNAME").exists() && !room.path().join("home.html").exists());
    }

    #[test]
    fn a_list_that_leads_elsewhere_is_not_followed() {
        let room = tempfile::tempdir().expect("a folder");
        let dir = room.path().join("site");
        fs::create_dir(&dir).expect("made");
        fs::write(room.path().join("keep"), "x").expect("written");
        fs::write(dir.join(MANIFEST), "../keep\n/etc/hostname\na/../../keep\n").expect("written");
        assert!(write(&dir, &made(&[])).is_ok());
        assert!(room.path().join("keep").exists());
    }
}
