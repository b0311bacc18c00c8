//! Configuration: `sources.toml` and the files of `data/`, from disk or embedded.

pub(crate) mod embedded;
mod include;
pub(crate) mod place;
pub(crate) mod placed;
mod problem;
mod sources;
pub(crate) mod views;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use monitor_digest::{DigestError, Editions, Templates, site::SiteTemplates};
use monitor_extract::Recipe;
use monitor_identify::Bodies;
use monitor_model::{Calendar, SourceId, Timestamp};
use monitor_tag::{Tagger, Taxonomy};

pub(crate) use problem::{ConfigError, Problem, advice, problem_of_toml};
pub(crate) use sources::Sources;
pub(crate) use views::View;

use include::Beside;
use placed::Placed;

use crate::{cli::Global, code::Code};

/// All configuration, each part read when it is first asked for.
pub(crate) struct Setup {
    pub(crate) config: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) store: PathBuf,
    pub(crate) now: Timestamp,
    /// Whether the time was given and not read from the clock.
    pub(crate) now_given: bool,
    pub(crate) quiet: bool,
    /// How long another run is waited for.
    pub(crate) wait: Duration,
    config_given: bool,
    data_given: bool,
    store_given: bool,
    /// Nothing is read from disk: the demo shows what the program carries.
    embedded_only: bool,
    sources: OnceLock<Sources>,
    recipes: OnceLock<BTreeMap<SourceId, Recipe>>,
    bodies: OnceLock<Bodies>,
    taxonomy: OnceLock<Taxonomy>,
    tagger: OnceLock<Tagger>,
    calendar: OnceLock<Calendar>,
    editions: OnceLock<Editions>,
    templates: OnceLock<Templates>,
    views: OnceLock<Vec<View>>,
}

macro_rules! part {
    ($(#[$doc:meta])* $name:ident, $ty:ty, $make:expr) => {
        $(#[$doc])*
        pub(crate) fn $name(&self) -> Result<&$ty, ConfigError> {
            if self.$name.get().is_none() {
                let make: fn(&Setup) -> Result<$ty, ConfigError> = $make;
                let _ = self.$name.set(make(self)?);
            }
            Ok(self.$name.get().expect("it was just set"))
        }
    };
}

impl Setup {
    pub(crate) fn new(global: &Global) -> Setup {
        let data = global.data.clone().unwrap_or_else(|| PathBuf::from("data"));
        Setup {
            config: global.config.clone().unwrap_or_else(|| PathBuf::from("sources.toml")),
            config_given: global.config.is_some(),
            data_given: global.data.is_some(),
            store_given: global.store.is_some(),
            store: global.store.clone().unwrap_or_else(|| data.join("store")),
            data,
            now: global.now.unwrap_or_else(Timestamp::now),
            now_given: global.now.is_some(),
            quiet: global.quiet,
            wait: global.wait.unwrap_or(Duration::from_secs(2)),
            embedded_only: false,
            sources: OnceLock::new(),
            recipes: OnceLock::new(),
            bodies: OnceLock::new(),
            taxonomy: OnceLock::new(),
            tagger: OnceLock::new(),
            calendar: OnceLock::new(),
            editions: OnceLock::new(),
            templates: OnceLock::new(),
            views: OnceLock::new(),
        }
    }

    /// The options that say where everything lies, as they were typed: for the command that is recommended next.
    pub(crate) fn as_typed(&self) -> String {
        let places =
            [("config", self.config_given, &self.config), ("data", self.data_given, &self.data), ("store", self.store_given, &self.store)];
        places.into_iter().filter(|(_, given, _)| *given).map(|(name, _, path)| format!("--{name} {} ", path.display())).collect()
    }

    /// The embedded configuration alone, for the demo.
    pub(crate) fn embedded(store: PathBuf, now: Timestamp, quiet: bool) -> Setup {
        let global = Global { store: Some(store), now: Some(now), quiet, ..Global::default() };
        Setup { embedded_only: true, ..Setup::new(&global) }
    }

    part!(
        /// `sources.toml`, or the embedded one where there is none and none was named.
        sources,
        Sources,
        |s| {
            if s.embedded_only || (!s.config_given && !there(&s.config)?) {
                return Sources::parse("sources.toml (embedded)", embedded::SOURCES, Beside::Embedded);
            }
            let name = s.config.display().to_string();
            let text = read(&s.config)?;
            Sources::parse(&name, &text, Beside::Folder(s.config.parent().unwrap_or(Path::new(""))))
        }
    );
    part!(
        /// Every source, compiled.
        recipes,
        BTreeMap<SourceId, Recipe>,
        |s| s.sources()?.compile(s.bodies()?.maps())
    );
    part!(
        /// `bodies.toml`.
        bodies,
        Bodies,
        |s| s.parse("bodies.toml", Bodies::parse)
    );
    part!(
        /// `topics.toml`.
        taxonomy,
        Taxonomy,
        |s| s.parse("topics.toml", Taxonomy::parse)
    );
    part!(
        /// The compiled taxonomy.
        tagger,
        Tagger,
        |s| {
            let taxonomy = s.taxonomy()?;
            let (name, text) = s.data_text("weights.toml")?;
            if text.trim().is_empty() {
                let mut p = Problem::file(Code::Weights, &name, "the file is empty, so nothing that was learnt would count".to_owned());
                p.help = Some("delete it to use the weights that are built in".to_owned());
                return Err(ConfigError::one(p));
            }
            s.parse("weights.toml", |text| Tagger::new(taxonomy, Some(text)))
        }
    );
    part!(
        /// `calendar.toml`.
        calendar,
        Calendar,
        |s| s.parse("calendar.toml", monitor_digest::calendar::parse)
    );
    part!(
        /// `editions.toml`.
        editions,
        Editions,
        |s| s.parse("editions.toml", monitor_digest::editions::parse)
    );
    part!(
        /// `views.toml`.
        views,
        Vec<View>,
        |s| {
            let (name, text) = s.data_text("views.toml")?;
            views::parse(&name, &text)
        }
    );
    part!(
        /// The templates: embedded ones, overridden by files of the same name in `templates/` beside the configuration.
        templates,
        Templates,
        |s| {
            let dir = s.config.parent().unwrap_or(Path::new("")).join("templates");
            let mut own = s.own_templates(&dir)?;
            for (name, text) in s.own_templates(&dir.join("pictures"))? {
                own.insert(format!("pictures/{name}"), text);
            }
            Templates::new(own).map_err(|e| s.fault_of_templates(&e))
        }
    );

    /// The templates of the site: embedded ones, overridden by files of the same name in `templates/site/` beside the configuration.
    pub(crate) fn site_templates(&self) -> Result<SiteTemplates, ConfigError> {
        let dir = self.config.parent().unwrap_or(Path::new("")).join("templates").join("site");
        let own = self.own_templates(&dir)?;
        SiteTemplates::new(own).map_err(|e| self.fault_of_templates(&e))
    }

    /// The files of a folder of templates by name; none when there is no such folder or only what is embedded counts.
    fn own_templates(&self, dir: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
        let mut own = BTreeMap::new();
        if self.embedded_only || !there(dir)? {
            return Ok(own);
        }
        let bad = |e| ConfigError::one(Problem::file(Code::Unreadable, &dir.display().to_string(), format!("cannot be read: {e}")));
        for path in std::fs::read_dir(dir).map_err(bad)?.filter_map(|e| e.ok().map(|e| e.path())) {
            // folders of our own stand among them
            let folder = path.is_dir() && path.extension().is_none();
            if let Some(name) = path.file_name().and_then(|n| n.to_str()).filter(|n| !folder && !n.starts_with('.')) {
                let text = read(&path)?;
                if text.trim().is_empty() {
                    let mut p = Problem::file(
                        Code::Template,
                        &path.display().to_string(),
                        "the template is empty, and so would be what it makes".to_owned(),
                    );
                    p.help = Some("write it, or delete the file to use the one that is built in".to_owned());
                    return Err(ConfigError::one(p));
                }
                own.insert(name.to_owned(), text);
            }
        }
        Ok(own)
    }

    /// The text of a file of `data/`, or of the embedded one where there is none, and its name for readers.
    pub(crate) fn data_text(&self, name: &str) -> Result<(String, String), ConfigError> {
        let path = self.data.join(name);
        Ok(if !self.embedded_only && there(&path)? {
            (path.display().to_string(), read(&path)?)
        } else {
            (format!("{name} (embedded)"), embedded::data(name).unwrap_or_default().to_owned())
        })
    }

    /// Parses a file of `data/`, or the embedded one where there is none.
    fn parse<T, E: Placed>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, ConfigError> {
        let (label, text) = self.data_text(name)?;
        parse(&text).map_err(|e| ConfigError::one(e.problem(&label, &text)))
    }

    /// What is wrong with the templates, at its place: theirs of `templates/`, or ours.
    pub(crate) fn fault_of_templates(&self, error: &DigestError) -> ConfigError {
        let dir = self.config.parent().unwrap_or(Path::new("")).join("templates");
        let name = match error {
            DigestError::Template { file, .. } => file.as_str(),
            DigestError::UnknownTemplate { name, .. } => name.as_str(),
            _ => "",
        };
        let path = [dir.join(name), dir.join("site").join(name)].into_iter().find(|p| !self.embedded_only && p.is_file());
        let problem = match path {
            Some(path) => match read(&path) {
                Ok(text) => error.problem(&path.display().to_string(), &text),
                Err(unreadable) => return unreadable,
            },
            None => error.problem(&dir.join(name).display().to_string(), ""),
        };
        ConfigError::one(problem)
    }
}

/// Whether something stands there. What may not be looked at, or lies under a file, is no reason to take what is embedded instead.
fn there(path: &Path) -> Result<bool, ConfigError> {
    path.try_exists()
        .map_err(|e| ConfigError::one(Problem::file(Code::Unreadable, &path.display().to_string(), format!("cannot be read: {e}"))))
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map(String::from_utf8);
    if let Ok(Err(e)) = &text {
        let good = String::from_utf8_lossy(&e.as_bytes()[..e.utf8_error().valid_up_to()]).into_owned();
        let span = Some(good.len()..good.len());
        let said = "a byte is no UTF-8: save the file as UTF-8 (it may be UTF-16 or Latin-1)";
        return Err(ConfigError::one(Problem::at(Code::Unreadable, &name, &good, span, said)));
    }
    text.map(Result::unwrap_or_default).map_err(|e| {
        let mut p = Problem::file(Code::Unreadable, &path.display().to_string(), format!("cannot be read: {e}"));
        if e.kind() == std::io::ErrorKind::NotFound {
            p.help = Some("`monitor init` writes a starter set; without --config the embedded one is used".to_owned());
        }
        ConfigError::one(p)
    })
}
